# SPDX-License-Identifier: Apache-2.0
"""What the client signs is taken once by the real service, and no answer is believed that was changed on its way."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import xacthuc
from xacthuc import ed25519

httpx = pytest.importorskip("httpx")
from changing_proxy import ChangingProxy  # noqa: E402
from xacthuc import client as client_module  # noqa: E402
from xacthuc.client import (  # noqa: E402
    Client, ProblemError, RequestSigning, SigningKey, Unanswered, WrongSignature, load_public_key,
)  # fmt: skip

she = "001199000001"
example = Path(__file__).parents[3] / "examples" / "ask_signed.py"


class Service:
    """A service on a Unix socket where every question has to be signed."""

    def __init__(self, folder: Path, command: str) -> None:
        self.folder, self.command, self.socket = folder, command, folder / "socket"
        (folder / "people.csv").write_text(f"id,name,birth_date,sex\n{she},Nguyễn Thị Hòa,1999-03-08,female\n")
        self.run("import", "people.csv", "-o", "people.xts")
        self.run("init", "--from", "people.xts", "register")
        (folder / "agencies").mkdir()
        self.run("keygen", "agency.key", "--public", "agencies/12.pub")
        self.run("keygen", "service.key")
        (folder / "xacthucd.toml").write_text(
            '[register]\npath = "register"\n[signatures]\nagencies = "agencies"\nkey = "service.key"\nrequired = true\n'
            'max_ahead_ms = 0\n[[listen]]\naddress = "unix:socket"\n[limits]\ndrain_notice_ms = 1\n'
        )
        daemon = Path(command).resolve().parents[1] / "service" / "xacthucd"
        daemon = daemon if daemon.exists() else Path(command).with_name("xacthucd")
        self.process = subprocess.Popen([daemon, "--config", folder / "xacthucd.toml"], stderr=subprocess.DEVNULL)
        for _ in range(400):
            with socket.socket(socket.AF_UNIX) as client:
                if client.connect_ex(str(self.socket)) == 0:
                    break
            time.sleep(0.02)
        # What was signed up to the start could have been used before it.
        with self.asked_by(self.signing()) as client:
            for _ in range(200):
                try:
                    client.register()
                    return
                except ProblemError:
                    time.sleep(0.05)
        raise AssertionError("the service did not start")

    def run(self, *arguments: str) -> None:
        subprocess.run([self.command, *arguments], cwd=self.folder, check=True, capture_output=True)

    def signing(self, agency: int = 12, key: SigningKey | None = None) -> RequestSigning:
        key = key or SigningKey.load(self.folder / "agency.key")
        return RequestSigning.by(agency, key, service=load_public_key(self.folder / "service.pub"))

    def asked_by(self, signing: RequestSigning | None, **how) -> Client:
        return Client(f"unix:{self.socket}", signing=signing, **how)

    def answered(self) -> int:
        """How many questions got a verdict, as the service counts."""
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(self.socket))) as http:
            text = http.get("http://localhost/metrics").text
        return sum(int(each) for each in re.findall(r"^xacthuc_verdicts_total\{.*\} (\d+)$", text, re.MULTILINE))

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(20) == 0


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, command: str):
    made = Service(tmp_path_factory.mktemp("service"), command)
    yield made
    made.stop()


@pytest.fixture
def proxy(service):
    made = ChangingProxy(service.socket)
    yield made
    made.close()


def code_of(client: Client, **claims) -> tuple:
    """That a question is refused: code and text."""
    with pytest.raises(ProblemError) as refused:
        client.verify(she, **(claims or {"sex": "female"}))
    return refused.value.code, str(refused.value)


def test_keys_are_those_of_the_command(tmp_path):
    key = SigningKey.generate()
    key.save(tmp_path / "a.key")
    key.save_public(tmp_path / "a.pub")
    again = SigningKey.load(tmp_path / "a.key")
    signature = again.sign(b"message")
    assert load_public_key(tmp_path / "a.pub") == key.public_key == again.public_key
    assert ed25519.verify(key.public_key, b"message", signature)
    assert not ed25519.verify(key.public_key, b"messagf", signature)
    assert not ed25519.verify(key.public_key, b"message", signature[:-1])
    assert not ed25519.verify(b"", b"message", signature)
    with pytest.raises(xacthuc.errors.FileError):
        key.save(tmp_path / "a.key")
    with pytest.raises(xacthuc.errors.NotFoundError):
        SigningKey.load(tmp_path / "none.key")
    with pytest.raises(xacthuc.errors.DamageError):
        load_public_key(tmp_path / "a.key")
    (tmp_path / "a.key").chmod(0o640)
    with pytest.raises(xacthuc.errors.TrustError):
        SigningKey.load(tmp_path / "a.key")


@pytest.mark.parametrize("wrong", [{"agency": 0}, {"agency": 65536}, {"agency": True}, {"sign": None}, {"service": b"x" * 31}])
def test_who_nobody_could_be_signs_nothing(wrong):
    with pytest.raises(xacthuc.errors.ArgumentError, match=next(iter(wrong))):
        RequestSigning(**{"agency": 12, "sign": lambda text: b"", **wrong})


def test_what_is_signed_is_answered_and_the_answer_is_believed(service):
    with service.asked_by(service.signing()) as client:
        answer = client.verify(she, name="nguyen thi hoa", birth_date="1999-03-08", officer=3, correlator="c-1")
        assert answer and client.register().citizens == 1
        rows = list(client.verify_many(({"id": she, "sex": "female" if k % 2 else "male"} for k in range(1200)), officer=4))
        assert [bool(each) for each in rows] == [bool(k % 2) for k in range(1200)]
    with service.asked_by(None) as unsigned:
        assert code_of(unsigned)[0] == 1500


def test_what_is_changed_old_repeated_or_anothers_is_refused_and_never_asked(service, proxy, monkeypatch):
    before = service.answered()
    with Client(proxy.url, signing=service.signing()) as client:
        proxy.change_request = lambda request: request.replace(b'"female"', b'"malefe"')
        assert code_of(client) == (1506, "Content-Digest is not the digest of the body by sha-256 or sha-512")
        proxy.change_request = lambda request: request.replace(b"/v1/verify ", b"/v1/verify?x ")
        assert code_of(client)[0] in (1513, 1100)
        proxy.change_request = lambda request: request.replace(b"keyid=\"agency:12", b"keyid=\"agency:13")
        assert code_of(client)[0] == 1507
        proxy.change_request = lambda request: request
        for seconds, code, said in ((-3600, 1510, r"too old.*created 36\d\d seconds ago"),
                                    (3600, 1511, r"from the future.*in 3[56]\d\d seconds")):  # fmt: skip
            wrong_clock = SimpleNamespace(time=lambda off=seconds: time.time() + off, sleep=time.sleep)
            monkeypatch.setattr(client_module, "time", wrong_clock)
            refused = code_of(client)
            monkeypatch.undo()
            assert refused[0] == code and re.search(said, refused[1])
    with service.asked_by(service.signing(key=SigningKey.generate())) as stranger:
        assert code_of(stranger) == (1513, "the signature is not the agency's over this request")
    with service.asked_by(service.signing(agency=13)) as nobody:
        assert code_of(nobody)[0] == 1507
    assert service.answered() == before


def test_a_request_is_taken_once(service, proxy):
    with Client(proxy.url, signing=service.signing()) as client:
        assert client.verify(she, sex="female")
        before = service.answered()
        first = proxy.requests[-1]
        proxy.change_request = lambda request: first
        assert code_of(client) == (1514, "the agency has used this nonce before")
    assert service.answered() == before


def test_an_answer_that_was_changed_is_none_and_is_not_asked_again(service, proxy):
    with Client(proxy.url, signing=service.signing()) as client:
        before = service.answered()
        proxy.change_answer = lambda answer: answer.replace(b'"outcome":103', b'"outcome":0  ')
        with pytest.raises(WrongSignature):
            client.verify(she, sex="male")
        proxy.change_answer = lambda answer: answer.replace(b'"sex":"false"', b'"sex":"true" ')
        with pytest.raises(WrongSignature, match="not signed by the service's key for this question"):
            client.verify(she, sex="male")
        # An answer that was right, to another question.
        proxy.change_answer = lambda answer: answer
        assert client.verify(she, sex="female")
        old = proxy.answers[-1]
        proxy.change_answer = lambda answer: old
        with pytest.raises(WrongSignature):
            client.verify(she, sex="male")
        with pytest.raises(WrongSignature):
            client.register()
        proxy.change_answer = lambda answer: re.sub(rb"Signature: [^\r]*\r\n", b"", answer)
        with pytest.raises(WrongSignature):
            client.verify(she, sex="male")
        assert service.answered() == before + 5
    with Client(proxy.url, signing=RequestSigning.by(12, SigningKey.load(service.folder / "agency.key"))) as trusting:
        assert trusting.verify(she, sex="female").outcome == 0


def test_each_byte_of_an_answer_that_is_changed_changes_nothing_or_is_noticed(service, proxy):
    # A body that is said to be longer is waited for.
    with Client(proxy.url, signing=service.signing(), timeout=0.5) as client:
        right = client.verify(she, name="nguyen thi hoa")
        size, noticed = len(proxy.answers[-1]), 0
        for place in range(0, size, 3):
            proxy.change_answer = lambda answer, at=place: answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]
            try:
                answer = client.verify(she, name="nguyen thi hoa")
                assert answer == right
            except (Unanswered, ProblemError):
                noticed += 1
        assert noticed > size // 6


@pytest.mark.parametrize(("code", "asked"), [(1300, 3), (1304, 3), (1302, 1), (1515, 1), (1516, 1)])
def test_each_attempt_is_signed_anew_and_none_is_made_that_could_count_twice(service, proxy, code, asked):
    body = json.dumps({"type": "x", "status": 503, "title": "t", "code": code}).encode()
    proxy.change_answer = lambda answer: (
        b"HTTP/1.1 503 x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    )
    with Client(proxy.url, attempts=3, signing=service.signing()) as client:
        assert code_of(client)[0] == code
    nonces = {re.search(rb'nonce="([^"]+)"', each)[1] for each in proxy.requests}
    assert len(proxy.requests) == len(nonces) == asked


def test_the_example_of_the_documents_runs(service, tmp_path):
    ran = subprocess.run([sys.executable, example, f"unix:{service.socket}", service.folder], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", "birth_date_mismatch: the birth date does not match\n")
