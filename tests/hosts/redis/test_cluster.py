# SPDX-License-Identifier: Apache-2.0
"""Clusters of real nodes whose slots move and whose primaries die while clients verify and change. A version oracle
knows what every answer may be: a request that is true in one round only, of a citizen whose last acknowledged change is
known. Nothing wrong, nothing older than what was acknowledged, and never not found."""
from __future__ import annotations

import random
import signal
import threading
import time

import pytest
from cluster import Cluster, FanOut, redis_cli
from nation import ELSEWHERE, SLOTS, VERIFIED, WARD_MISMATCH, outcomes
from questions import info, verify
from servers import wait_until


class Oracle:
    """Changes citizens in one thread and asks about them in another until it is stopped."""

    def __init__(self, cluster: Cluster, nation, keys, citizens: int = 300, replicas: int = 0) -> None:
        self.cluster, self.nation, self.keys = cluster, nation, keys
        self.replicas = replicas  # a change counts as acknowledged when so many have it
        random_source = random.Random(7)
        self.citizens = random_source.sample(range(nation.citizens), citizens)
        self.acknowledged = {c: 1 for c in self.citizens}  # the round that is certainly there
        self.begun = {c: 1 for c in self.citizens}  # the last one that may be there
        self.wrong: list[tuple] = []
        self.asked = self.changed = 0
        self.longest_wait = 0.0
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.keep, args=(one,)) for one in (self.ask, self.change)]

    def keep(self, what) -> None:
        client = FanOut(self.cluster)
        try:
            while not self.stop.is_set():
                what(client)
        except Exception as error:  # noqa: BLE001 - a test must not lose it
            self.wrong.append(("failed", what.__name__, repr(error)))
        finally:
            client.close()

    def change(self, client: FanOut) -> None:
        citizen = self.citizens[self.changed % len(self.citizens)]
        to_round = self.begun[citizen] % self.nation.rounds + 1
        if to_round == 1:
            self.stop.wait(0.01)
            self.changed += 1
            return
        self.begun[citizen] = to_round
        place = self.nation.places[citizen]
        changes = self.nation.changes(1_000 + self.changed, self.nation.change_to_round(citizen, to_round))
        client.keyed(self.keys[place], place, "XT.UPSERT", changes, replicas=self.replicas)
        self.acknowledged[citizen] = to_round
        self.changed += 1

    def ask(self, client: FanOut) -> None:
        """Asks of each whether she is in each round that was certain before the question, or may have begun since."""
        some = random.sample(self.citizens, 40)
        before = {c: self.acknowledged[c] for c in some}
        began = time.monotonic()
        told = client.verify([self.nation.request_in_round(c, before[c]) for c in some],
                             [self.nation.places[c] for c in some])
        self.longest_wait = max(self.longest_wait, time.monotonic() - began)
        for c, outcome in zip(some, told):
            moved_on = self.begun[c] != before[c]
            if outcome != VERIFIED and not (outcome == WARD_MISMATCH and moved_on):
                self.wrong.append((c, before[c], self.begun[c], outcome))
        self.asked += len(some)

    def __enter__(self) -> "Oracle":
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_) -> None:
        self.stop.set()
        for one in self.threads:
            one.join()

    def tell(self) -> None:
        print(f"asked {self.asked}, changed {self.changed}, the longest wait was {self.longest_wait:.3f} s")

    def assert_all_there(self) -> None:
        """Everything that was acknowledged is what the cluster says now."""
        client = FanOut(self.cluster)
        told = client.verify([self.nation.request_in_round(c, self.acknowledged[c]) for c in self.citizens],
                             [self.nation.places[c] for c in self.citizens])
        client.close()
        assert set(told) == {VERIFIED}
        assert self.wrong == []


def assert_whole(cluster: Cluster, nation) -> None:
    client = FanOut(cluster)
    requests = [nation.requests[i : i + 32] for i in range(0, len(nation.requests), 32)]
    told = []
    for at in range(0, len(requests), 2048):
        told += client.verify(requests[at : at + 2048], nation.places[at : at + 2048])
    client.close()
    assert told == outcomes(nation.verdicts)


@pytest.fixture
def three(start, nation, keys) -> Cluster:
    cluster = Cluster(start, 3, 0)
    client = FanOut(cluster)
    client.load(nation, keys)
    client.close()
    return cluster


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
