# SPDX-License-Identifier: Apache-2.0
"""Clusters of real nodes whose slots move and whose primaries die while clients verify and change. A version oracle
knows what every answer may be: a request that is true in one round only, of a citizen whose last acknowledged change is
known. Nothing wrong, nothing older than what was acknowledged, and never not found."""
from __future__ import annotations

import signal
import threading
import time

import pytest
from cluster import Cluster, FanOut, redis_cli
from nation import ELSEWHERE, SLOTS, VERIFIED, outcomes
from oracle import Oracle
from questions import info, verify
from servers import wait_until


def assert_whole(cluster: Cluster, nation) -> None:
    client = FanOut(cluster)
    requests = [nation.requests[i : i + 32] for i in range(0, len(nation.requests), 32)]
    told = []
    for at in range(0, len(requests), 2048):
        told += client.verify(requests[at : at + 2048], nation.places[at : at + 2048])
    client.close()
    assert told == outcomes(nation.verdicts)


def test_each_node_answers_for_its_own(three, nation):
    assert_whole(three, nation)
    held = 0
    for node in three.nodes:
        facts = info(node.client)
        assert facts["partitions_held"] == facts["partitions_owned"] == facts["partitions_answered"]
        held += facts["partitions_held"]
        told = outcomes(verify(node.client, nation.requests)[0])
        right = outcomes(nation.verdicts)
        assert all(one in (right[i], ELSEWHERE) for i, one in enumerate(told))
    assert held == SLOTS


def test_a_cluster_that_is_not_whole_says_nothing(three, nation):
    """Where the cluster is down, a node may be the one that was left behind."""
    three.nodes[2].kill()
    wait_until(lambda: "cluster_state:fail" in three.info(three.nodes[0]))
    assert set(outcomes(verify(three.nodes[0].client, nation.requests[: 512 * 32])[0])) == {ELSEWHERE}


def test_slots_move_by_hand(three, nation, keys):
    """Step by step: importing, moved but not yet owned, owned, and given up."""
    source, target = three.nodes[0], three.nodes[1]
    place = nation.places[0]
    if FanOut(three).owner[place] != source.port:
        source = three.node_at(FanOut(three).owner[place])
        target = next(node for node in three.nodes if node is not source)
    request = nation.request_in_round(0, 1)

    def told(node) -> int:
        return outcomes(verify(node.client, request)[0])[0]

    target.client.execute_command("CLUSTER", "SETSLOT", place, "IMPORTING", three.id_of(source))
    source.client.execute_command("CLUSTER", "SETSLOT", place, "MIGRATING", three.id_of(target))
    assert (told(source), told(target)) == (VERIFIED, ELSEWHERE)
    source.client.execute_command("MIGRATE", "127.0.0.1", target.port, keys[place], 0, 5000)
    assert (told(source), told(target)) == (ELSEWHERE, ELSEWHERE)
    for node in (target, source):
        node.client.execute_command("CLUSTER", "SETSLOT", place, "NODE", three.id_of(target))
    time.sleep(0.05)
    assert (told(source), told(target)) == (ELSEWHERE, VERIFIED)
    target.client.execute_command("CLUSTER", "DELSLOTS", place)
    time.sleep(0.05)
    assert told(target) == ELSEWHERE


def test_resharding_under_load(three, nation, keys):
    with Oracle(three, nation, keys) as oracle:
        time.sleep(0.5)
        redis_cli("--cluster", "reshard", f"127.0.0.1:{three.nodes[0].port}", "--cluster-from",
                  three.id_of(three.nodes[0]), "--cluster-to", three.id_of(three.nodes[1]), "--cluster-slots", "1200",
                  "--cluster-yes")
        time.sleep(0.5)
    oracle.assert_all_there()
    oracle.tell()
    assert oracle.asked > 1000 and oracle.changed > 300
    assert info(three.nodes[1].client)["partitions_held"] > 6600


def test_atomic_migration_under_load(three, nation, keys, kind):
    """CLUSTER MIGRATESLOTS, which copies by the commands of an AOF rewrite."""
    if kind != "valkey":
        pytest.skip("only Valkey has it")
    source, target = three.nodes[0], three.nodes[1]
    with Oracle(three, nation, keys) as oracle:
        time.sleep(0.5)
        source.client.execute_command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", 0, 2999, "NODE", three.id_of(target))
        wait_until(lambda: FanOut(three).owner[2999] == target.port)
        time.sleep(0.5)
    oracle.assert_all_there()
    oracle.tell()
    assert info(target.client)["partitions_held"] > 8000
    wait_until(lambda: info(source.client)["partitions_held"] < 3000)


def test_failover_under_load(start, nation, keys):
    """A replica takes over by agreement, and then because its primary dies. What a replica had is not lost, and answers are
    back as soon as the cluster's own keys are."""
    cluster = Cluster(start, 3, 1)
    client = FanOut(cluster)
    client.load(nation, keys)
    replicas = [node for node in cluster.nodes if node.port not in set(client.owner)]
    for port in set(client.owner):
        assert client.at(port).execute_command("WAIT", 1, 20_000) == 1
    with Oracle(cluster, nation, keys, replicas=1) as oracle:
        time.sleep(0.5)
        replicas[0].client.execute_command("CLUSTER", "FAILOVER")
        wait_until(lambda: replicas[0].client.info("replication")["role"] == "master")
        time.sleep(1)
        client.refresh()
        place = next(p for p in nation.places if client.owner[p] != replicas[0].port)
        victim = cluster.node_at(client.owner[place])
        citizens = [i for i in range(nation.citizens) if client.owner[nation.places[i]] == victim.port][:100]
        began = time.monotonic()
        victim.kill(signal.SIGKILL)
        back = {}

        def wait_for_keys() -> None:
            other = FanOut(cluster)
            other.keyed(keys[place], place, "EXISTS")
            back["keys"] = time.monotonic() - began
            other.close()

        waiting = threading.Thread(target=wait_for_keys)
        waiting.start()
        told = client.verify([nation.requests[i * 32 : i * 32 + 32] for i in citizens],
                             [nation.places[i] for i in citizens])
        back["answers"] = time.monotonic() - began
        waiting.join()
        right = outcomes(nation.verdicts)
        assert told == [right[i] for i in citizens]
        victim.start()
        wait_until(lambda: victim.client.info("replication")["role"] == "slave")
        assert set(outcomes(verify(victim.client, nation.requests[: 512 * 32])[0])) == {ELSEWHERE}
        time.sleep(1)
    oracle.assert_all_there()
    oracle.tell()
    print("outage", back)
    assert back["answers"] < back["keys"] + 0.5
    client.close()
    assert_whole(cluster, nation)
