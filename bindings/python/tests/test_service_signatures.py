# SPDX-License-Identifier: Apache-2.0
"""A client library of others signs requests that the service takes, and verifies the answers that it signs."""

from __future__ import annotations

import hashlib
import secrets
import socket
import subprocess
import time
from base64 import b64encode
from pathlib import Path

import pytest

signatures = pytest.importorskip("http_message_signatures")
requests = pytest.importorskip("requests")
ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")

question = {"id": "001099123457", "name": "Nguyễn Thị Hòa", "agency": 12, "procedure": 1}
covered = ("@method", "@target-uri", "content-type", "content-digest")
framework = """
framework = "vn"
version = 1
[procedure.p]
number = 1
title = { vi = "a", en = "b" }
purpose = "x"
law = "y"
must_ask = ["name"]
may_ask = ["name"]
answer = "per_claim"
proof = ["agency"]
[agency.a]
number = 12
title = { vi = "a", en = "b" }
may = ["p"]
"""


class Keys(signatures.HTTPSignatureKeyResolver):
    """The agency's secret key, and the public key of the service."""

    def __init__(self, folder: Path):
        seed = (folder / "agency.key").read_text().split()[1]
        self.agency = ed25519.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
        public = (folder / "service.pub").read_text().split()[1]
        self.service = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))

    def resolve_private_key(self, key_id: str):
        assert key_id == "agency:12"
        return self.agency

    def resolve_public_key(self, key_id: str):
        assert key_id == "service"
        return self.service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, command: str):
    """The folder of a service that runs, and where it listens."""
    program = Path(command).parents[1] / "service" / "xacthucd"
    if not program.exists():
        pytest.skip("xacthucd is not beside the xacthuc command")
    folder = tmp_path_factory.mktemp("service")

    def run(*arguments: str) -> None:
        subprocess.run([command, *arguments], cwd=folder, check=True, capture_output=True)

    (folder / "people.csv").write_text("id,name,birth_date\n001099123457,Nguyễn Thị Hòa,1999-01-01\n")
    run("import", "people.csv", "-o", "people.xts")
    run("init", "--from", "people.xts", "register")
    (folder / "agencies").mkdir()
    run("keygen", "agency.key", "--public", "agencies/12.pub")
    run("keygen", "service.key")
    (folder / "vn.toml").write_text(framework)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "xacthucd.toml").write_text(
        f'[register]\npath = "register"\n[policy]\npath = "vn.toml"\n[signatures]\nagencies = "agencies"\n'
        f'key = "service.key"\nmax_ahead_ms = 0\n[[listen]]\naddress = "127.0.0.1:{port}"\n[limits]\ndrain_notice_ms = 1\n'
    )
    running = subprocess.Popen([program, "--config", "xacthucd.toml"], cwd=folder, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(500):
            try:
                if requests.get(f"{address}/readyz", timeout=5).ok:
                    break
            except requests.ConnectionError:
                pass
            time.sleep(0.02)
        # What was signed up to the start could have been used before it.
        time.sleep(1.1)
        yield folder, address
    finally:
        running.terminate()
        running.wait(20)


def ask(service):
    folder, address = service
    prepared = requests.Request("POST", f"{address}/v1/verify", json=question).prepare()
    signer = signatures.HTTPMessageSigner(
        signature_algorithm=signatures.algorithms.ED25519, key_resolver=Keys(folder)
    )
    signer.sign(
        prepared, key_id="agency:12", nonce=secrets.token_urlsafe(16), covered_component_ids=covered, body=prepared.body
    )
    return prepared


def send(prepared):
    with requests.Session() as session:
        return session.send(prepared, timeout=10)


def test_what_it_signs_is_taken_once_and_what_the_service_signs_is_verified_by_it(service):
    prepared = ask(service)
    answer = send(prepared)
    assert answer.status_code == 200, answer.text
    assert answer.json()["outcome"] == 0
    digest = b64encode(hashlib.sha256(answer.content).digest()).decode()
    assert answer.headers["Content-Digest"] == f"sha-256=:{digest}:"
    verifier = signatures.HTTPMessageVerifier(
        signature_algorithm=signatures.algorithms.ED25519, key_resolver=Keys(service[0])
    )
    (found,) = verifier.verify(answer)
    assert found.parameters["keyid"] == "service"
    bound = '"signature";req;key="pyhms"'
    assert {'"@status"', '"content-digest"', bound} <= set(found.covered_components)
    again = send(prepared)
    assert (again.status_code, again.json()["code"]) == (401, 1514)
    # An answer to another request is none to this one.
    other = send(ask(service))
    other.request = prepared
    with pytest.raises(signatures.InvalidSignature):
        verifier.verify(other)


def test_who_does_not_sign_or_changes_what_was_signed_gets_no_verdict(service):
    unsigned = requests.post(f"{service[1]}/v1/verify", json=question, timeout=10)
    assert unsigned.json()["outcome"] == 305
    changed = ask(service)
    changed.body = changed.body.replace(b"001099123457", b"001099123458")
    assert send(changed).json()["code"] == 1506
