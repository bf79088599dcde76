# SPDX-License-Identifier: Apache-2.0
"""Whatever happens to keys, what is not at its key is elsewhere, and nobody is called not found for it."""
from __future__ import annotations

import threading

import pytest
import redis
from nation import ELSEWHERE, SLOTS, VERIFIED, WARD_MISMATCH, outcomes
from questions import info, load, verify
from redis.exceptions import NoPermissionError, OutOfMemoryError
from servers import PRELOAD, wait_until


def assert_served(client, nation, served) -> None:
    """The library's verdict where `served(partition)`, and elsewhere for all others."""
    told, right = outcomes(verify(client, nation.requests)[0]), outcomes(nation.verdicts)
    for i, partition in enumerate(nation.places):
        assert told[i] == (right[i] if served(partition) else ELSEWHERE), partition


def test_deleted_expired_overwritten_renamed_and_moved(full, nation, keys):
    client = full.client
    client.delete(keys[1])
    client.unlink(keys[2])
    client.pexpire(keys[3], 1)
    client.set(keys[4], "text")
    client.rename(keys[5], "kept")
    client.rename(keys[6], keys[7])
    client.move(keys[8], 1)
    wait_until(lambda: not client.exists(keys[3]))
    gone = {1, 2, 3, 4, 5, 6, 7, 8}
    assert_served(client, nation, lambda p: p not in gone)
    assert info(client)["partitions_held"] == SLOTS - len(gone)
    # What was renamed and moved still has its records.
    client.rename("kept", keys[5])
    client.rename(keys[7], keys[6])
    one = redis.Redis(port=full.port, db=1)
    one.move(keys[8], 0)
    one.close()
    client.delete(keys[4])
    for p in (1, 2, 3, 4, 7):
        client.execute_command("XT.LOAD", keys[p], nation.blobs[p])
    assert_served(client, nation, lambda p: True)


def test_a_value_elsewhere_can_be_dumped(full, nation, keys):
    client = full.client
    client.rename(keys[5], "kept")
    payload = client.dump("kept")
    client.delete("kept")
    client.restore(keys[5], 0, payload)
    client.restore(keys[5], 0, client.dump(keys[5]), replace=True)
    assert_served(client, nation, lambda p: True)
    assert client.execute_command("OBJECT", "ENCODING", keys[5])
    with pytest.raises(redis.ResponseError):
        client.copy(keys[5], "copied")


def test_flushed_and_swapped(full, nation, keys):
    client = full.client
    client.swapdb(0, 1)
    assert_served(client, nation, lambda p: False)
    client.swapdb(0, 1)
    assert_served(client, nation, lambda p: True)
    for asynchronous in (False, True):
        client.flushall(asynchronous=asynchronous)
        assert_served(client, nation, lambda p: False)
        load(client, nation, keys)
        assert_served(client, nation, lambda p: True)
    other = redis.Redis(port=full.port, db=1)
    other.flushdb()
    other.close()
    assert_served(client, nation, lambda p: True)
    before = client.info("memory")["used_memory"]
    client.flushall()
    if not PRELOAD:
        wait_until(lambda: client.info("memory")["used_memory"] < before - 5_000_000)


def test_transactions_and_scripts(full, nation, keys):
    client, citizen = full.client, 9
    key = keys[nation.places[citizen]]
    pipe = client.pipeline(transaction=True)
    pipe.execute_command("XT.VERIFY", nation.request_in_round(citizen, 2))
    pipe.execute_command("XT.UPSERT", key, nation.changes(2, nation.change_to_round(citizen, 2)))
    pipe.execute_command("XT.VERIFY", nation.request_in_round(citizen, 2))
    pipe.execute_command("RENAME", key, "kept")
    pipe.execute_command("XT.VERIFY", nation.request_in_round(citizen, 2))
    pipe.execute_command("RENAME", "kept", key)
    pipe.execute_command("FLUSHALL")
    pipe.execute_command("XT.VERIFY", nation.request_in_round(citizen, 2))
    pipe.execute_command("XT.LOAD", key, nation.blobs[nation.places[citizen]])
    pipe.execute_command("XT.VERIFY", nation.request_in_round(citizen, 1))
    told = [outcomes(answer[0])[0] for answer in pipe.execute() if isinstance(answer, list)]
    assert told == [WARD_MISMATCH, VERIFIED, ELSEWHERE, ELSEWHERE, VERIFIED]
    script = """redis.call('XT.UPSERT', KEYS[1], ARGV[1])
                return redis.call('XT.VERIFY', ARGV[2])[1]"""
    changes = nation.changes(7, nation.change_to_round(citizen, 3))
    assert outcomes(client.eval(script, 1, key, changes, nation.request_in_round(citizen, 3))) == [VERIFIED]
    # A watched partition that changes breaks the transaction.
    with client.pipeline() as watching:
        watching.watch(key)
        client.execute_command("XT.UPSERT", key, nation.changes(8, nation.change_to_round(citizen, 4)))
        watching.multi()
        watching.ping()
        with pytest.raises(redis.WatchError):
            watching.execute()


def test_who_may_do_what(full, nation, keys):
    client, citizen = full.client, 0
    key = keys[nation.places[citizen]]
    client.execute_command("ACL", "SETUSER", "clerk", "on", ">secret", "resetkeys", "-@all", "+xt.verify", "+xt.info")
    client.execute_command("ACL", "SETUSER", "feeder", "on", ">secret", "-@all", "+xt.upsert", f"~{key}")
    clerk = redis.Redis(port=full.port, username="clerk", password="secret")
    feeder = redis.Redis(port=full.port, username="feeder", password="secret")
    changes = nation.changes(2, nation.change_to_round(citizen, 2))
    with pytest.raises(NoPermissionError):
        clerk.execute_command("XT.UPSERT", key, changes)
    with pytest.raises(NoPermissionError):
        feeder.execute_command("XT.VERIFY", nation.request_in_round(citizen, 2))
    with pytest.raises(NoPermissionError):
        feeder.execute_command("XT.UPSERT", keys[nation.places[citizen] - 1], changes)
    assert feeder.execute_command("XT.UPSERT", key, changes) == 1
    assert outcomes(verify(clerk, nation.request_in_round(citizen, 2))[0]) == [VERIFIED]
    clerk.close()
    feeder.close()


@pytest.mark.skipif(PRELOAD != "", reason="a sanitizer allocates by itself")
def test_memory_counts(start, nation, keys):
    """The server counts partitions as its own, refuses more of them when it is full, and evicts them where it may."""
    client = start().client
    before = client.info("memory")["used_memory"]
    load(client, nation, keys)
    taken = client.info("memory")["used_memory"] - before
    assert taken > sum(map(len, nation.blobs)) * 0.9
    assert client.memory_usage(keys[0]) >= len(nation.blobs[0]) * 0.5
    client.config_set("maxmemory", client.info("memory")["used_memory"])
    citizen = 0
    with pytest.raises(OutOfMemoryError):
        client.execute_command("XT.LOAD", keys[0], nation.blobs[0])
    with pytest.raises(OutOfMemoryError):
        changes = nation.changes(2, nation.change_to_round(citizen, 2))
        client.execute_command("XT.UPSERT", keys[nation.places[citizen]], changes)
    assert verify(client, nation.requests)[0] == nation.verdicts
    client.config_set("maxmemory-policy", "allkeys-random")
    client.config_set("maxmemory", client.info("memory")["used_memory"] - 1_000_000)
    client.set("one more", "x")
    client.config_set("maxmemory", 0)
    held = info(client)["partitions_held"]
    assert 0 < held < SLOTS
    pipe = client.pipeline(transaction=False)
    for key in keys:
        pipe.exists(key)
    has = pipe.execute()
    assert_served(client, nation, lambda p: has[p])


def test_verifying_goes_on_under_all_of_it(full, nation, keys):
    """One client asks without pause while others delete, load, rename and change: it is never told what is not so."""
    stop, wrong = threading.Event(), []
    right = outcomes(nation.verdicts)

    def ask() -> None:
        client = redis.Redis(port=full.port)
        at = 0
        while not stop.is_set():
            answered, _ = client.execute_command("XT.VERIFY", nation.requests[at * 32 : (at + 500) * 32])
            wrong.extend((at + i, told) for i, told in enumerate(outcomes(answered))
                         if told not in (right[at + i], ELSEWHERE))
            at = (at + 500) % (2 * nation.citizens)
        client.close()

    asking = threading.Thread(target=ask)
    asking.start()
    client = full.client
    try:
        for step in range(400):
            p = step * 37 % SLOTS
            what = step % 5
            if what == 0:
                client.delete(keys[p])
                client.execute_command("XT.LOAD", keys[p], nation.blobs[p])
            elif what == 1:
                client.rename(keys[p], "kept")
                client.rename("kept", keys[p])
            elif what == 2:
                client.restore(keys[p], 0, client.dump(keys[p]), replace=True)
            elif what == 3:
                client.unlink(keys[p])
                client.execute_command("XT.LOAD", keys[p], nation.blobs[p])
            elif step % 100 == 4:
                client.swapdb(0, 1)
                client.swapdb(0, 1)
    finally:
        stop.set()
        asking.join()
    assert wrong == []
    assert_served(client, nation, lambda p: True)
