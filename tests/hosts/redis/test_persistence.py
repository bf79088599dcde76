# SPDX-License-Identifier: Apache-2.0
"""What a server writes to disk comes back whole, and what is not whole is refused without harm."""
from __future__ import annotations

import signal
import struct

import pytest
import redis
from nation import ELSEWHERE, SLOTS, VERIFIED, outcomes
from questions import info, load, verify
from servers import wait_until


def change_some(client, nation, keys, sequence: int, to_round: int) -> None:
    pipe = client.pipeline(transaction=False)
    for citizen in range(0, 2000):
        changes = nation.changes(sequence + citizen, nation.change_to_round(citizen, to_round))
        pipe.execute_command("XT.UPSERT", keys[nation.places[citizen]], changes)
    assert set(pipe.execute()) == {1}


def assert_changed(client, nation, in_round: int) -> None:
    asked = b"".join(nation.request_in_round(c, in_round if c < 2000 else 1) for c in range(nation.citizens))
    verdicts, fresh = verify(client, asked)
    assert set(outcomes(verdicts)) == {VERIFIED}
    assert fresh[nation.places[1999]][0] == 2000 + 1999


def test_an_rdb_file_keeps_all(full, nation, keys):
    change_some(full.client, nation, keys, 2000, 2)
    before = verify(full.client, nation.requests)
    full.client.execute_command("SAVE")
    full.client.execute_command("CONFIG", "SET", "save", "")
    full.restart(signal.SIGKILL)
    assert verify(full.client, nation.requests) == before
    assert_changed(full.client, nation, 2)
    assert full.client.execute_command("DEBUG", "RELOAD") in (b"OK", True)
    assert verify(full.client, nation.requests) == before
    assert info(full.client)["partitions_held"] == SLOTS


@pytest.mark.parametrize("preamble", ["yes", "no"])
def test_an_aof_keeps_all(start, nation, keys, preamble):
    server = start("--appendonly", "yes", "--aof-use-rdb-preamble", preamble, "--appendfsync", "always")
    load(server.client, nation, keys)
    change_some(server.client, nation, keys, 2000, 2)
    server.client.bgrewriteaof()
    wait_until(lambda: server.client.info("persistence")["aof_rewrite_in_progress"] == 0)
    assert server.client.info("persistence")["aof_last_bgrewrite_status"] == "ok"
    # Changes after the rewrite are in the part that is appended.
    citizen = 3
    changes = nation.changes(9000, nation.change_to_round(citizen, 3))
    assert server.client.execute_command("XT.UPSERT", keys[nation.places[citizen]], changes) == 1
    before = verify(server.client, nation.requests)
    server.restart(signal.SIGKILL)
    assert verify(server.client, nation.requests) == before
    assert outcomes(verify(server.client, nation.request_in_round(citizen, 3))[0]) == [VERIFIED]


def restored(client, key: str, payload: bytes) -> str:
    try:
        return client.execute_command("RESTORE", key, 0, payload, "REPLACE").decode()
    except redis.ResponseError as error:
        return str(error)


def crc64(data: bytes) -> int:
    """As a DUMP ends: the polynomial of Jones, reflected."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x95AC9329AC4BC9B5 if crc & 1 else 0)
    return crc


def test_a_hostile_payload_is_refused(full, nation, keys):
    """Every payload has the right checksum of the server's, so that the module's own checks have to find what is wrong."""
    client = full.client
    for p in (5, 6):
        client.execute_command("XT.LOAD", keys[p], nation.blobs[p])
    good = client.execute_command("DUMP", keys[5])
    body, version = good[:-10], good[-10:-8]
    assert struct.unpack("<Q", good[-8:])[0] == crc64(good[:-8])

    def sealed(changed: bytes) -> bytes:
        return changed + version + struct.pack("<Q", crc64(changed + version))

    assert restored(client, keys[5], good) == "OK"
    refused = 0
    step = max(1, len(body) // 150)
    for at in range(0, len(body), step):
        for changed in (body[:at] + bytes([body[at] ^ 0x41]) + body[at + 1 :], body[:at], body[:at] + b"\xff" * 9 + body[at:]):
            answer = restored(client, keys[5], sealed(changed))
            assert full.is_running()
            refused += answer != "OK"
            if answer == "OK":
                # What was taken for a partition is one of the library's, whole.
                assert restored(client, keys[5], good) == "OK"
    assert refused > 300
    # What was refused left the partition as it was.
    verdicts, _ = verify(client, nation.requests)
    assert verdicts == nation.verdicts
    # Under another's key it is kept, but serves nothing.
    assert restored(client, keys[6], good) == "OK"
    told = outcomes(verify(client, nation.requests)[0])
    assert all((outcome == ELSEWHERE) == (nation.places[i] == 6) for i, outcome in enumerate(told))


def test_a_cut_file_is_refused(full, nation):
    full.client.execute_command("SAVE")
    full.client.execute_command("CONFIG", "SET", "save", "")
    full.kill()
    path = full.folder / "dump.rdb"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert full.refuses_to_start()
    path.write_bytes(whole)
    full.start()
    assert verify(full.client, nation.requests)[0] == nation.verdicts
