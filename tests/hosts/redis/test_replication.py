# SPDX-License-Identifier: Apache-2.0
"""Replicas hold what their primary holds, and say nothing until they are primaries themselves."""
from __future__ import annotations

from nation import ELSEWHERE, VERIFIED, outcomes
from questions import info, load, verify
from servers import wait_until


def in_step(primary, replica) -> bool:
    facts = replica.client.info("replication")
    return (facts["master_link_status"] == "up" and facts["slave_repl_offset"] ==
            primary.client.info("replication")["master_repl_offset"])


def test_a_replica_says_nothing_until_it_is_the_primary(start, full, nation, keys):
    """From a whole copy, then from the stream; then it takes over, and the demoted one is silent in turn."""
    replica = start("--replicaof", "127.0.0.1", str(full.port))
    wait_until(lambda: in_step(full, replica))
    citizen = 5
    key = keys[nation.places[citizen]]
    assert full.client.execute_command("XT.UPSERT", key, nation.changes(4, nation.change_to_round(citizen, 2))) == 1
    wait_until(lambda: in_step(full, replica))
    assert info(replica.client)["partitions_held"] == 16384
    assert set(outcomes(verify(replica.client, nation.requests)[0])) == {ELSEWHERE}

    before = verify(full.client, nation.requests)
    replica.client.replicaof("NO", "ONE")
    assert verify(replica.client, nation.requests) == before
    assert outcomes(verify(replica.client, nation.request_in_round(citizen, 2))[0]) == [VERIFIED]
    full.client.replicaof("127.0.0.1", str(replica.port))
    assert set(outcomes(verify(full.client, nation.requests)[0])) == {ELSEWHERE}
    wait_until(lambda: in_step(replica, full))
    assert replica.client.execute_command("XT.UPSERT", key, nation.changes(5, nation.change_to_round(citizen, 3))) == 1
    wait_until(lambda: in_step(replica, full))
    full.client.replicaof("NO", "ONE")
    assert outcomes(verify(full.client, nation.request_in_round(citizen, 3))[0]) == [VERIFIED]


def test_another_register_takes_the_place_of_the_first(start, full, nation, keys):
    """A primary with nothing empties its replica."""
    empty = start()
    full.client.replicaof("127.0.0.1", str(empty.port))
    wait_until(lambda: in_step(empty, full))
    full.client.replicaof("NO", "ONE")
    assert info(full.client)["partitions_held"] == 0
    load(full.client, nation, keys)
    assert verify(full.client, nation.requests)[0] == nation.verdicts
