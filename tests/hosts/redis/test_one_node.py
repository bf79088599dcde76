# SPDX-License-Identifier: Apache-2.0
"""One server: its answers are the library's, byte for byte, and what is wrong is refused and changes nothing."""
from __future__ import annotations

import os
import subprocess

import pytest
import redis
from nation import ELSEWHERE, MALFORMED, NOT_FOUND, SLOTS, VERIFIED, outcomes
from questions import info, load, verify
from servers import MODULE


def test_tags_are_the_shortest_of_their_slots(start, tags, keys):
    client = start("--cluster-enabled", "yes").client
    pipe = client.pipeline(transaction=False)
    for key in keys:
        pipe.execute_command("CLUSTER", "KEYSLOT", key)
    assert pipe.execute() == list(range(SLOTS))
    assert max(map(len, tags)) == 4


def test_answers_are_the_librarys(full, nation, keys):
    verdicts, fresh = verify(full.client, nation.requests)
    assert verdicts == nation.verdicts
    told = outcomes(verdicts)
    assert {VERIFIED, NOT_FOUND} < set(told)
    assert fresh == {p: (1, 1_795_000_000_000) for p in set(nation.places)}
    assert info(full.client)["citizens"] == nation.citizens
    assert info(full.client)["partitions_held"] == SLOTS


def test_what_is_not_here_is_elsewhere(start, nation, keys):
    client = start().client
    assert set(outcomes(verify(client, nation.requests[: 64 * 32])[0])) == {ELSEWHERE}
    load(client, nation, keys, range(0, SLOTS, 2))
    verdicts, fresh = verify(client, nation.requests)
    for i, (told, right) in enumerate(zip(outcomes(verdicts), outcomes(nation.verdicts))):
        assert told == (right if nation.places[i] % 2 == 0 else ELSEWHERE)
    assert all(p % 2 == 0 for p in fresh)
    # Whoever answers from another selected database sees the same register.
    other = redis.Redis(port=client.connection_pool.connection_kwargs["port"], db=3)
    assert verify(other, nation.requests[: 512 * 32])[0] == verdicts[: 512 * 8]
    other.close()


def test_malformed_requests_are_told_so_anywhere(full):
    assert outcomes(verify(full.client, bytes(32))[0]) == [MALFORMED]
    for wrong in (b"x", bytes(33), bytes(32 * 65_537)):
        with pytest.raises(redis.ResponseError, match="32 bytes"):
            full.client.execute_command("XT.VERIFY", wrong)


def test_changes_are_made_once_and_in_order(full, nation, keys):
    client, citizen = full.client, 7
    place = nation.places[citizen]

    def true_in(in_round: int) -> bool:
        return outcomes(verify(client, nation.request_in_round(citizen, in_round))[0]) == [VERIFIED]

    def upsert(sequence: int, *changes: bytes) -> int:
        return client.execute_command("XT.UPSERT", keys[place], nation.changes(sequence, *changes))

    assert true_in(1)
    assert upsert(2, nation.change_to_round(citizen, 2)) == 1
    assert true_in(2) and not true_in(1)
    assert upsert(2, nation.change_to_round(citizen, 3)) == 0
    assert true_in(2)
    assert upsert(9, nation.change_to_round(citizen, 3), nation.change_to_round(citizen, 4)) == 2
    assert true_in(4)
    assert verify(client, nation.request_in_round(citizen, 4))[1] == {place: (9, 1_795_000_000_009)}
    erase = b"\x02" + bytes(7) + nation.change_to_round(citizen, 1)[8:13] + bytes(27 + 32)
    assert upsert(10, erase) == 1
    assert outcomes(verify(client, nation.request_in_round(citizen, 4))[0]) == [NOT_FOUND]
    assert upsert(11, nation.change_to_round(citizen, 5)) == 1
    assert true_in(5)


def test_wrong_changes_change_nothing(full, nation, keys):
    client, citizen = full.client, 11
    place = nation.places[citizen]
    good = nation.change_to_round(citizen, 2)
    other = next(i for i in range(nation.citizens) if nation.places[i] != place)
    flipped = bytearray(good)
    flipped[20] ^= 1
    for wrong in (
        b"",
        bytes(16),
        nation.changes(5, good)[:-1],
        nation.changes(5, good, bytes(flipped)),
        nation.changes(5, good, nation.change_to_round(other, 2)),
        nation.changes(5, good, b"\x04" + good[1:]),
        nation.changes(5, good, good[:1] + b"\x01" + good[2:]),
        nation.changes(5, good, good[:-1] + b"\x01"),
        nation.changes(5, good, b"\x01" + good[1:]),  # no keys here
        nation.changes(5, good, bytes(72)),
    ):
        with pytest.raises(redis.ResponseError):
            client.execute_command("XT.UPSERT", keys[place], wrong)
    with pytest.raises(redis.ResponseError, match="no partition"):
        client.execute_command("XT.UPSERT", "another", nation.changes(5, good))
    assert outcomes(verify(client, nation.request_in_round(citizen, 1))[0]) == [VERIFIED]
    assert info(client)["sequence_max"] == 1


def test_wrong_blobs_are_refused(full, nation, keys):
    client = full.client
    blob = nation.blobs[5]
    step = max(1, len(blob) // 97)
    for at in range(0, len(blob), step):
        flipped = bytearray(blob)
        flipped[at] ^= 1 << at % 8
        with pytest.raises(redis.ResponseError):
            client.execute_command("XT.LOAD", keys[5], bytes(flipped))
    for wrong in (b"", blob[:-1], blob + b"\0", nation.blobs[6]):
        with pytest.raises(redis.ResponseError):
            client.execute_command("XT.LOAD", keys[5], wrong)
    with pytest.raises(redis.ResponseError, match="no partition"):
        client.execute_command("XT.LOAD", "xt:{nothing}", blob)
    client.execute_command("SET", "xt:{taken}", "text")
    assert verify(client, nation.requests)[0] == nation.verdicts


def test_requests_in_words(start, nation, keys):
    server = start(module=f"{MODULE}|digest-key|{nation.digest_key}")
    load(server.client, nation, keys)
    for citizen in (0, 1, 19_999):
        number, name, birth = nation.people[citizen]
        key = keys[nation.places[citizen]]
        assert server.client.execute_command("XT.KEY", number).decode() == key
        raw = server.client.execute_command("XT.ASK", key, "id", number, "name", name, "birth_date", birth)
        told = {raw[i].decode(): raw[i + 1] for i in range(0, len(raw), 2)}
        assert told["outcome"] == b"verified" and told["matched"] == b"name birth_date"
        assert told["name_grade"] == b"exact" and told["sequence"] == 1
        raw = server.client.execute_command("XT.ASK", key, "id", number, "birth_date", "1900-01-01")
        assert raw[1] == b"birth_date_mismatch"
        wrong = keys[(nation.places[citizen] + 1) % SLOTS]
        with pytest.raises(redis.ResponseError, match="partition is"):
            server.client.execute_command("XT.ASK", wrong, "id", number, "name", name)
    for words in (["id"], ["id", "1", "name", "x"], ["nothing", "x"], ["id", number], ["name", name]):
        with pytest.raises(redis.ResponseError):
            server.client.execute_command("XT.ASK", keys[0], *words)


def test_a_module_without_the_key_says_so(full, keys):
    with pytest.raises(redis.ResponseError, match="digest-key"):
        full.client.execute_command("XT.ASK", keys[0], "id", "001199000001", "name", "A")


def test_the_example(start, tmp_path):
    """As the README has it."""
    key = tmp_path / "digest.key"
    commands = subprocess.run([os.environ["XACTHUC_REDIS_EXAMPLE"], key], check=True, capture_output=True).stdout
    server = start(module=f"{MODULE}|digest-key|{key}")
    told = subprocess.run(["redis-cli", "-p", str(server.port), "--pipe"], input=commands, check=True, capture_output=True)
    assert b"errors: 0, replies: 16384" in told.stdout
    ask = """redis-cli -p $0 XT.ASK "$(redis-cli -p $0 XT.KEY 001199000001)" id 001199000001 name "NGUYEN THI HOA" birth_date 08/03/1999"""
    told = subprocess.run(["sh", "-c", ask, str(server.port)], check=True, capture_output=True, text=True).stdout.split("\n")
    assert told[:4] == ["outcome", "verified", "matched", "name birth_date"]
