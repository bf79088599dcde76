# SPDX-License-Identifier: Apache-2.0
"""The client of the service, against the real one: the program beside the command that XACTHUC_COMMAND names."""

from __future__ import annotations

import datetime
import gc
import json
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
import xacthuc
import xacthuc.ledger
from local_server import LocalServer

httpx = pytest.importorskip("httpx")
from xacthuc.client import Access, Answer, Client, HolderProof, ProblemError, Unanswered  # noqa: E402
from xacthuc.verdict import Problem  # noqa: E402

# httpcore leaves a Unix socket that could not be connected to the garbage collector, which complains of it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def nothing_is_left_to_collect():
    yield
    gc.collect()


she = "001199000001"
another = "001099123450"


class Service:
    def __init__(self, folder: Path, command: str) -> None:
        self.folder, self.command = folder, command
        self.socket = folder / "socket"
        self.run("generate", "--citizens", "1000", "--keys", "4", "--out", folder / "people.xts")
        self.run("init", folder / "register", "--from", folder / "people.xts")
        self.run("keygen", folder / "an.key")
        public = (folder / "an.pub").read_text().split()[-1]
        changes = [
            {"change": "upsert", "id": she, "name": "Nguyễn Thị Hòa", "birth_date": "1999-03-08", "sex": "female",
             "life": "alive", "key": public},
            {"change": "upsert", "id": another, "name": "Trần Văn Dũng", "birth_date": "1999-01-01", "sex": "male"},
        ]  # fmt: skip
        (folder / "changes.jsonl").write_text("".join(json.dumps(each) + "\n" for each in changes))
        self.run("apply", folder / "register", folder / "changes.jsonl")
        (folder / "xacthucd.toml").write_text(
            '[register]\npath = "register"\n[ledger]\nfolder = "ledger"\norigin = "example.vn/ledger"\n'
            '[[listen]]\naddress = "unix:socket"\nagency = 12\n[[listen]]\naddress = "unix:other"\nagency = 13\n'
            "[limits]\ndrain_notice_ms = 1\n[signatures]\nmax_ahead_ms = 50\n"
        )
        self.process = None
        self.start()

    def run(self, *arguments) -> str:
        done = subprocess.run([self.command, *map(str, arguments)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        daemon = Path(self.command).resolve().parents[1] / "service" / "xacthucd"
        daemon = daemon if daemon.exists() else Path(self.command).with_name("xacthucd")
        self.process = subprocess.Popen([daemon, "--config", self.folder / "xacthucd.toml"], stderr=subprocess.DEVNULL)
        with Client(f"unix:{self.socket}", attempts=7) as client:
            client.register()

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(20) == 0

    def sign(self, message: bytes) -> bytes:
        return bytes.fromhex(self.run("sign", "--key", self.folder / "an.key", "--hex", message.hex()).strip())


@pytest.fixture(scope="module")
def service(tmp_path_factory, command):
    made = Service(tmp_path_factory.mktemp("service"), command)
    yield made
    made.stop()


@pytest.fixture
def client(service):
    with Client(f"unix:{service.socket}") as made:
        yield made


@pytest.mark.parametrize("url", ["localhost:8080", "127.0.0.1:8080", "", "unix:", "ftp://x", "https://", "http://10.0.0.1:80",
                                 "http://verify.example.vn", "http://127.0.0.1.example.vn"])  # fmt: skip
def test_an_address_that_is_none_or_open_to_all_is_refused_before_anything_is_sent(url):
    with pytest.raises(xacthuc.errors.ArgumentError, match="url: "):
        Client(url)


def test_what_nobody_could_send_is_refused_by_its_name():
    with pytest.raises(xacthuc.errors.ArgumentError, match="certificate: only an https"):
        Client("http://[::1]:8080", certificate=("client.pem", "client.key"))
    zone = datetime.timezone(datetime.timedelta(hours=7))
    with Client("http://localhost:1") as client:
        for wrong in (True, 1.5, float("nan"), b"x", ["An"], datetime.datetime(1999, 3, 8, tzinfo=zone)):
            with pytest.raises(xacthuc.errors.ArgumentError, match="birth_date: "):
                client.verify(she, birth_date=wrong)
            with pytest.raises(xacthuc.errors.ArgumentError, match="birth_date: "):
                next(client.verify_many([{"id": she, "birth_date": wrong}]))


def test_a_question_is_answered(client):
    answer = client.verify(she, name="Nguyễn Thị Hòa", birth_date=datetime.date(1999, 3, 8), province="01", procedure=7)
    assert answer.claims == {"name": True, "birth_date": True, "province": None}
    # A time is its day, and None is not claimed.
    timed = client.verify(she, name=None, birth_date=datetime.datetime(1999, 3, 8, 5), procedure=7)
    assert timed and timed.claims == {"birth_date": True}
    assert not answer and answer.outcome == 240 and answer.name_grade == "exact"
    right = client.verify(she, name="nguyen thi hoa", officer=3, max_age_ms=60_000, correlator="c-1")
    assert right and right.meaning == "verified" and right.as_of.tzinfo is not None and right.sequence >= 1
    assert not client.verify(she, sex="male")


def test_what_is_wrong_is_named(client):
    with pytest.raises(ProblemError) as wrong:
        client.verify(she, birth_date="1999-02-30")
    assert (wrong.value.code, wrong.value.status, wrong.value.field) == (4, 400, "birth_date")
    with pytest.raises(ProblemError) as unknown:
        client.verify(she, nmae="x")
    assert unknown.value.code == 1201


def test_many_questions_are_answered_in_order_and_taken_as_answers_are(client):
    taken = 0

    def questions():
        nonlocal taken
        for k in range(3000):
            taken += 1
            yield {"id": she, "sex": "female" if k % 3 else "male"} if k % 10 else {"id": "1"}

    answers = client.verify_many(questions(), officer=5)
    first = [next(answers) for _ in range(10)]
    assert taken < 1100
    rest = first + list(answers)
    assert len(rest) == 3000
    for k, answer in enumerate(rest):
        if k % 10 == 0:
            assert isinstance(answer, Problem) and (answer.row, answer.column) == (k, "id")
        else:
            assert isinstance(answer, Answer) and bool(answer) == bool(k % 3)
    assert list(client.verify_many([])) == []


def test_the_register_says_what_it_is(client):
    state = client.register()
    assert state.citizens == 1002 and len(state.digest_key) == 16 and state.age < datetime.timedelta(seconds=10)


def test_a_citizen_sees_who_asked(service, client):
    digest_key = client.register().digest_key
    before = client.my_accesses(she, HolderProof.make(she, digest_key, service.sign))
    client.verify(she, sex="female", procedure=7)
    after = client.my_accesses(she, HolderProof.make(she, digest_key, service.sign), limit=1)
    assert after.total == before.total + 1
    (newest,) = after.accesses
    assert newest == Access(newest.at, 12, 7, ("sex",), 0, "verified")
    today = datetime.datetime.now(newest.at.tzinfo).date()
    proof = HolderProof.make(she, digest_key, service.sign)
    assert client.my_accesses(she, proof, to_day=today - datetime.timedelta(days=2)).total == 0
    with pytest.raises(ProblemError) as repeated:
        client.my_accesses(she, proof)
    assert repeated.value.code == 1612
    with pytest.raises(ProblemError) as wrong:
        client.my_accesses(another, HolderProof.make(another, digest_key, service.sign))
    assert wrong.value.code == 1613


def test_a_receipt_shows_by_itself_and_is_its_askers(service, client):
    number = client.verify(she, sex="female", procedure=7).receipt
    key = (service.folder / "ledger" / "ledger.vkey").read_text().strip()
    shown = xacthuc.ledger.verify_receipt(client.receipt(number), key)
    assert shown.agency == 12
    with Client(f"unix:{service.folder / 'other'}") as other, pytest.raises(ProblemError) as strange:
        other.receipt(number)
    assert strange.value.code == 1601
    with pytest.raises(ProblemError):
        client.receipt("../../etc/passwd")


def test_a_service_that_starts_is_waited_for(service):
    service.stop()
    threading.Thread(target=lambda: (time.sleep(0.3), service.start()), daemon=True).start()
    with Client(f"unix:{service.socket}", attempts=7) as client:
        assert client.verify(she, sex="female")


class Counting(LocalServer):
    """Answers each connection's first request by these bytes, and counts requests."""

    def __init__(self, answer: bytes) -> None:
        self.asked = 0
        self.answer = answer
        super().__init__()

    def serve_one(self, taken: socket.socket) -> None:
        with taken:
            if taken.recv(65536):
                self.asked += 1
                taken.sendall(self.answer)


def problem(code: int, status: int) -> bytes:
    body = json.dumps({"type": "x", "status": status, "title": "t", "code": code}).encode()
    return b"HTTP/1.1 %d x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body


@pytest.mark.parametrize(
    ("answer", "asked", "error"),
    [
        (problem(1300, 503), 3, ProblemError),
        (problem(1303, 503), 3, ProblemError),
        (problem(1302, 503), 1, ProblemError),  # may be counted: its row is not public, no more is known
        (problem(1200, 400), 1, ProblemError),
        (b"", 1, Unanswered),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", 1, Unanswered),
        (b"HTTP/1.1 502 x\r\nConnection: close\r\nContent-Length: 4\r\n\r\noops", 1, ProblemError),
    ],
)
def test_a_question_that_may_have_counted_is_never_repeated(answer, asked, error):
    server = Counting(answer)
    with Client(server.url, attempts=3) as client, pytest.raises(error):
        client.verify(she, sex="female")
    server.close()
    assert server.asked == asked


@pytest.mark.parametrize(("code", "asked"), [(1300, 2), (1304, 2), (1303, 1), (1602, 1)])
def test_what_has_a_citizens_proof_is_repeated_only_while_the_proof_is_good(code, asked):
    server = Counting(problem(code, 503))
    with Client(server.url, attempts=2) as client, pytest.raises(ProblemError) as refused:
        client.my_accesses(she, HolderProof(1, "00" * 16, "00" * 64))
    server.close()
    assert (server.asked, refused.value.code) == (asked, code)


@pytest.mark.parametrize(("code", "asked"), [(1300, 2), (1303, 1)])
def test_lines_with_a_citizens_proof_are_repeated_only_while_it_is_good(code, asked):
    server = Counting(problem(code, 503))
    lines = [{"id": she, "sex": "female"}, {"id": she, "holder_proof": HolderProof(1, "00" * 16, "00" * 64)}]
    with Client(server.url, attempts=2) as client, pytest.raises(ProblemError) as refused:
        list(client.verify_many(lines))
    server.close()
    assert (server.asked, refused.value.code) == (asked, code)


def test_a_citizens_proof_goes_with_a_question_and_with_a_line(client):
    proof = HolderProof(1, "00" * 16, "00" * 64)
    (line,) = client.verify_many([{"id": she, "sex": "female", "holder_proof": proof}])
    assert isinstance(line, Problem) and (line.code, line.column) == (1615, "holder_proof")  # here are no guards
    with pytest.raises(ProblemError) as alone:
        client.verify(she, sex="female", holder_proof=proof)
    assert (alone.value.code, alone.value.field) == (1615, "holder_proof")


def test_where_nobody_listens_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Client(f"http://127.0.0.1:{port}", attempts=2) as client, pytest.raises(httpx.ConnectError):
        client.verify(she, sex="female")
