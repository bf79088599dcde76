# SPDX-License-Identifier: Apache-2.0
"""Ask a service, xacthucd, over HTTP: for programs that have no register of their own.

    from xacthuc.client import Client

    with Client("https://verify.example.vn:8443", certificate=("client.pem", "client.key"), authorities="ca.pem") as client:
        answer = client.verify("001199000001", name="Nguyễn Thị Hòa", birth_date="1999-03-08")
        if answer: ...

Needs httpx: pip install "xacthuc[client]". A client may be used by many threads at once. An agency that signs what it
asks is the agency of its key on any connection:

    signing = RequestSigning.by(12, SigningKey.load("agency.key"), service=load_public_key("service.pub"))
    with Client("https://verify.example.vn:8443", authorities="ca.pem", signing=signing) as client: ...

A question counts: against quotas, towards alarms, in the ledger. So it is asked again by itself only where it surely was
not answered: nothing was sent, because no connection came about, or the service said that it answered nothing and could
soon (1300, 1303, 1304, 1602). Where a connection broke in between nobody knows, and Unanswered is raised.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import re
import secrets
import ssl
import struct
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple, Union
from urllib.parse import quote, urlsplit

import httpx

from .ed25519 import SigningKey, load_public_key
from .errors import ArgumentError, Error
from .message_signature import RequestSigning, is_answer_right, signed_fields
from .verdict import Problem

__all__ = [
    "Access", "Accesses", "Answer", "Client", "HolderProof", "ProblemError", "Question", "RegisterState", "RequestSigning",
    "SigningKey", "Unanswered", "WrongSignature", "load_public_key", "own_message",
]  # fmt: skip

Value = Union[str, int, datetime.date, "HolderProof"]
Question = Mapping[str, Optional[Value]]
"""The members of a question by name: id, and of name, birth_date, sex, … what is claimed. None is not claimed. A citizen's
own proof over the question is its holder_proof."""

_nothing_was_answered = {1300, 1303, 1304, 1602}
# And those that are found before a citizen's proof, which is good once, is used up.
_proof_is_still_good = {1300, 1304}
_lines_a_batch = 500
_bytes_a_batch = 128 << 10
_correlator = re.compile(r"[a-zA-Z0-9\-_:;./<>{}]{1,256}")
_vietnam = datetime.timezone(datetime.timedelta(hours=7))


class ProblemError(Error):
    """The service gave no answer and said why: `code` is its stable number, `status` that of HTTP, `field` which member
    of the question is wrong, `detail` what more there is to tell: by how many seconds a clock is off, for one."""

    def __init__(
        self, title: str, code: Optional[int], status: int, member: Optional[str] = None, detail: Optional[str] = None
    ) -> None:
        super().__init__(": ".join(each for each in (member, title, detail) if each), code)
        self.title = title
        self.status = status
        self.field = member
        self.detail = detail


class Unanswered(Error):
    """The connection broke after something was sent: whether the question was answered, and counted, nobody knows."""


class WrongSignature(Unanswered):
    """What came is not signed by the service's key for this very question: it was changed on its way, or is of somebody
    else. Whether the service answered, and counted, nobody knows."""


@dataclass(frozen=True)
class Answer:
    """The answer to one question. `bool(answer)` is whether everything claimed is true."""

    outcome: int
    meaning: str
    claims: Mapping[str, Optional[bool]]
    """Of each claim: whether it matched, None where the service cannot or may not say."""
    name_grade: str
    coarse: bool = False
    claim_coarse: bool = False
    sequence: Optional[int] = None
    """Number of the last change in the register; of an answer in a batch not told, as the next."""
    as_of: Optional[datetime.datetime] = None
    receipt: Optional[str] = None
    """What Client.receipt() takes, where the service has a ledger."""

    def __bool__(self) -> bool:
        return self.outcome == 0


@dataclass(frozen=True)
class RegisterState:
    sequence: int
    as_of: datetime.datetime
    age: datetime.timedelta
    """Since the register was last seen to have all changes."""
    citizens: int
    digest_key: str
    """The fingerprint of the key that names are digested under, 16 hexadecimal digits: what proofs are bound to."""


@dataclass(frozen=True)
class Access:
    """That somebody asked about a citizen, as she is shown it."""

    at: datetime.datetime
    agency: int
    procedure: Optional[int] = None
    claims: Optional[Tuple[str, ...]] = None
    outcome: Optional[int] = None
    meaning: Optional[str] = None
    withheld: bool = False
    """In which matter is not shown."""


@dataclass(frozen=True)
class Accesses:
    total: int
    page: int
    accesses: Tuple[Access, ...] = field(default_factory=tuple)
    """The newest first."""


def own_message(id: str, digest_key: str, issued_at_unix_ms: int, nonce: bytes) -> bytes:
    """What a citizen signs to ask for her own list: the message of a request that has her number and nothing else."""
    if len(id) != 12 or not id.isdigit() or len(nonce) != 16:
        raise ArgumentError("an id is 12 digits, a nonce 16 bytes")
    request = struct.pack("<Q24x", int(id))
    return b"xt-hold2" + struct.pack("<Q", int(digest_key, 16)) + request + struct.pack("<q", issued_at_unix_ms) + nonce


@dataclass(frozen=True)
class HolderProof:
    """That it is a citizen herself who asks. Good once, and for five minutes."""

    issued_at_unix_ms: int
    nonce: str
    signature: str

    @classmethod
    def make(cls, id: str, digest_key: str, sign: Callable[[bytes], bytes]) -> HolderProof:
        """Makes one for her own list: `sign` makes the Ed25519 signature, 64 bytes, with the key of her account."""
        issued, nonce = time.time_ns() // 1_000_000, secrets.token_bytes(16)
        return cls(issued, nonce.hex(), sign(own_message(id, digest_key, issued, nonce)).hex())

    def members(self) -> Dict[str, Any]:
        return {"issued_at_unix_ms": self.issued_at_unix_ms, "nonce": self.nonce, "signature": self.signature}


def _text(member: str, value: Value) -> Union[str, int, Dict[str, Any]]:
    """What is sent; a value itself is never told, for it may be a person's."""
    if isinstance(value, HolderProof):
        return value.members()
    is_none = isinstance(value, bool) or value != value  # pandas has a time that is none
    if is_none or not isinstance(value, (str, int, datetime.date)):
        raise ArgumentError(f"{member}: wanted a text, a whole number, a date or None, not {type(value).__name__}")
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            raise ArgumentError(f"{member}: which day a time with a zone is depends on the zone: make it a date first")
        value = value.date()
    return value.isoformat() if isinstance(value, datetime.date) else value


def _members(question: Mapping[str, Optional[Value]]) -> Dict[str, Any]:
    """None is not claimed, as in a table."""
    return {**{name: _text(name, value) for name, value in question.items() if value is not None}, "answer": "names"}


def _line(question: Question) -> bytes:
    return json.dumps(_members(question), ensure_ascii=False).encode()


def _check_url(url: str) -> None:
    if url.startswith("unix:") and len(url) > len("unix:"):
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ArgumentError("url: wanted https://HOST:PORT, http://127.0.0.1:PORT or unix:PATH")
    if parts.scheme == "http" and parts.hostname != "localhost" and not _is_loopback(parts.hostname):
        raise ArgumentError("url: people's data would go over the network for all to read: wanted https://")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _moment(unix_ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(unix_ms / 1000, _vietnam)


_tri_state = {"true": True, "false": False, "not_available": None}


def _answer(of: Mapping[str, Any]) -> Answer:
    as_of = of.get("as_of_unix_ms")
    return Answer(
        outcome=of["outcome"], meaning=of["meaning"], claims={k: _tri_state[v] for k, v in of["claims"].items()},
        name_grade=of["grade"], coarse=of.get("coarse", False), claim_coarse=of.get("claim_coarse", False),
        sequence=of.get("sequence"), as_of=None if as_of is None else _moment(as_of), receipt=of.get("receipt"),
    )  # fmt: skip


def _batches(questions: Iterable[Question]) -> Iterator[List[bytes]]:
    lines: List[bytes] = []
    size = 0
    for question in questions:
        line = _line(question)
        if lines and (len(lines) == _lines_a_batch or size + len(line) > _bytes_a_batch):
            yield lines
            lines, size = [], 0
        lines.append(line)
        size += len(line) + 1
    if lines:
        yield lines


class Client:
    """One service.

    url           https://HOST:PORT, http://127.0.0.1:PORT, or unix:PATH of a socket
    certificate   files of the client's certificate and its key, PEM: who asks
    authorities   file of the authorities of the service's certificate, PEM; else those of the system
    attempts      how often at most a question is asked that surely was not answered
    timeout       in seconds, for each step: to connect, to send, to wait
    signing       who asks by signatures (RFC 9421); without it, whoever the certificate or the service's listener says
    """

    def __init__(
        self,
        url: str,
        *,
        certificate: Optional[Tuple[Union[str, os.PathLike[str]], Union[str, os.PathLike[str]]]] = None,
        authorities: Union[str, os.PathLike[str], None] = None,
        attempts: int = 4,
        timeout: float = 15.0,
        signing: Optional[RequestSigning] = None,
    ) -> None:
        _check_url(url)
        if certificate is not None and not url.startswith("https:"):
            raise ArgumentError("certificate: only an https:// url can show one")
        if attempts < 1:
            raise ArgumentError("a question is asked at least once")
        socket = url[len("unix:") :] if url.startswith("unix:") else None
        # Shorter than the service keeps one, so that it seldom ends while we send.
        limits = httpx.Limits(keepalive_expiry=20.0)
        verify: Union[ssl.SSLContext, bool] = True
        if url.startswith("https:"):
            verify = ssl.create_default_context(cafile=None if authorities is None else os.fspath(authorities))
            verify.minimum_version = ssl.TLSVersion.TLSv1_3
            if certificate is not None:
                verify.load_cert_chain(os.fspath(certificate[0]), os.fspath(certificate[1]))
        transport = httpx.HTTPTransport(uds=socket, verify=verify, limits=limits, trust_env=False)
        base = "http://localhost" if socket is not None else url
        self._http = httpx.Client(base_url=base, transport=transport, timeout=timeout, trust_env=False)
        self._attempts = attempts
        self._signing = signing

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def verify(
        self,
        id: str,
        *,
        officer: Optional[int] = None,
        max_age_ms: Optional[int] = None,
        correlator: Optional[str] = None,
        **claims: Optional[Value],
    ) -> Answer:
        """Asks one question: the claims by their names, and agency and procedure where they are not known otherwise.

        Raises ProblemError, Unanswered, WrongSignature, httpx.TransportError (nothing was sent).
        """
        asked = _members({"id": id, **claims})
        if officer is not None:
            asked["officer"] = officer
        if max_age_ms is not None:
            asked["max_age_ms"] = max_age_ms
        answer = self._post("/v1/verify", asked, correlator, "holder_proof" in asked, is_answer_signed=True)
        return _answer(answer.json())

    def verify_many(
        self, questions: Iterable[Question], *, officer: Optional[int] = None
    ) -> Iterator[Union[Answer, Problem]]:
        """Asks any number of questions, and yields the answers in their order, as they come: a Problem for one that is none.

        Questions are taken from the iterable as answers are taken from here, some hundred at a time; a generator of
        millions takes no memory. Where it ends by an exception, what was not yielded may or may not have been answered.
        """
        headers = {"content-type": "application/x-ndjson"}
        if officer is not None:
            headers["xacthuc-officer"] = str(officer)
        row = 0
        for lines in _batches(questions):
            has_proof = any(b'"holder_proof"' in line for line in lines)
            sent = self._send("POST", "/v1/verify/batch", headers, b"\n".join(lines) + b"\n", has_proof)
            told = sent.content.splitlines()
            if len(told) != len(lines):
                raise Unanswered("the service broke a batch off")
            for text in told:
                of = json.loads(text)
                if "outcome" in of:
                    yield _answer(of)
                else:
                    yield Problem(row, of.get("member", ""), of["code"], of["title"])
                row += 1

    def register(self) -> RegisterState:
        """What is asked, and how fresh it is."""
        of = self._send("GET", "/v1/register", is_answer_signed=True).json()
        return RegisterState(
            of["sequence"], _moment(of["as_of_unix_ms"]), datetime.timedelta(milliseconds=of["age_ms"]), of["citizens"],
            of["digest_key"],
        )  # fmt: skip

    def my_accesses(
        self,
        id: str,
        proof: HolderProof,
        *,
        from_day: Optional[datetime.date] = None,
        to_day: Optional[datetime.date] = None,
        limit: int = 100,
        page: int = 0,
    ) -> Accesses:
        """Who asked about a citizen, for herself. Each page takes a proof of its own."""
        asked: Dict[str, Any] = {"id": id, "holder_proof": proof.members(), "limit": limit, "page": page}
        if from_day is not None:
            asked["from"] = from_day.isoformat()
        if to_day is not None:
            asked["to"] = to_day.isoformat()
        of = self._post("/v1/my/accesses", asked, has_proof=True).json()
        return Accesses(
            of["total"],
            of["page"],
            tuple(
                Access(
                    _moment(each["at_unix_ms"]), each["agency"], each.get("procedure"),
                    tuple(each["claims"]) if "claims" in each else None, each.get("outcome"), each.get("meaning"),
                    each.get("withheld", False),
                )  # fmt: skip
                for each in of["accesses"]
            ),
        )

    def receipt(self, number: str) -> str:
        """The receipt of an answer: what xacthuc.ledger.verify_receipt takes."""
        return self._send("GET", "/v1/receipts/" + quote(number, safe="")).text

    def _post(
        self,
        path: str,
        body: Mapping[str, Any],
        correlator: Optional[str] = None,
        has_proof: bool = False,
        is_answer_signed: bool = False,
    ) -> httpx.Response:
        headers = {"content-type": "application/json"}
        if correlator is not None:
            if not _correlator.fullmatch(correlator):
                raise ArgumentError("correlator: wanted up to 256 of the characters a-zA-Z0-9-_:;./<>{}")
            headers["x-correlator"] = correlator
        text = json.dumps(body, ensure_ascii=False).encode()
        return self._send("POST", path, headers, text, has_proof, is_answer_signed)

    def _send(
        self,
        method: str,
        path: str,
        headers: Optional[Mapping[str, str]] = None,
        body: bytes = b"",
        has_proof: bool = False,
        is_answer_signed: bool = False,
    ) -> httpx.Response:
        again = _proof_is_still_good if has_proof else _nothing_was_answered
        for left in reversed(range(self._attempts)):
            asked = self._request(method, path, headers or {}, body)
            try:
                answer = self._http.send(asked)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
                if left == 0:
                    raise
            except (httpx.TransportError, httpx.DecodingError) as error:
                raise Unanswered(f"the connection broke: {error}") from error
            else:
                if answer.status_code == 200:
                    if is_answer_signed:
                        self._check_signature(asked, answer)
                    return answer
                problem = _problem_of(answer)
                if left == 0 or problem.code not in again:
                    raise problem
            time.sleep(0.1 * 3 ** (self._attempts - 1 - left))
        raise AssertionError  # the last attempt returned or raised

    def _request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> httpx.Request:
        """Signed anew at each attempt: a nonce is good once."""
        made = self._http.build_request(method, path, headers=headers, content=body or None)
        if self._signing is not None:
            target = made.url.raw_path.decode("ascii")
            made.headers.update(
                signed_fields(self._signing, method, made.headers["host"], target, headers, body, int(time.time()))
            )
        return made

    def _check_signature(self, asked: httpx.Request, answer: httpx.Response) -> None:
        if self._signing is None or self._signing.service is None:
            return
        fields = {name: answer.headers.get_list(name) for name in answer.headers}
        target = asked.url.raw_path.decode("ascii")
        if not is_answer_right(
            self._signing.service, asked.method, target, asked.headers["signature"], answer.status_code, fields, answer.content
        ):
            raise WrongSignature("the answer is not signed by the service's key for this question")


def _problem_of(answer: httpx.Response) -> ProblemError:
    try:
        of = answer.json()
        return ProblemError(of["title"], of["code"], answer.status_code, of.get("member"), of.get("detail"))
    except (ValueError, KeyError, TypeError):
        return ProblemError(f"HTTP {answer.status_code}", None, answer.status_code)
