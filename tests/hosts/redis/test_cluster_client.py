# SPDX-License-Identifier: Apache-2.0
"""The C++ client and the command against clusters of real nodes: what is answered is the library's answer to the byte,
and what nobody answers is told as elsewhere, never as not found."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest
from cluster import Cluster, FanOut, redis_cli
from library import Library
from nation import ELSEWHERE, MALFORMED, SLOTS, Nation, outcomes
from oracle import Oracle
from questions import info, load
from servers import wait_until


def nodes_of(cluster: Cluster) -> str:
    return ",".join(f"127.0.0.1:{node.port}" for node in cluster.nodes)


def open_library(cluster: Cluster, timeout_ms: int = 30_000) -> Library:
    return Library(nodes_of(cluster), timeout_ms)


def xacthuc(*words, environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    done = subprocess.run([os.environ["XACTHUC"], *map(str, words)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, **(environment or {})})
    return done.returncode, done.stdout, done.stderr


def test_answers_are_the_librarys(three, nation):
    client = Library(f"127.0.0.1:{three.nodes[1].port}")
    assert client.ask(nation.requests) == nation.verdicts
    assert (client.unanswered, client.failed_nodes) == (0, 0)
    assert outcomes(client.ask(bytes(64))) == [MALFORMED] * 2
    assert client.ask(b"") == b""
    client.close()


def test_a_node_that_is_gone(start, nation, keys):
    """Its citizens are elsewhere when the time is over, the others answered, and all is well when it is back."""
    cluster = Cluster(start, 3, 0, "--cluster-require-full-coverage", "no", "--appendonly", "yes")
    fan = FanOut(cluster)
    fan.load(nation, keys)
    client = open_library(cluster, 800)
    victim = cluster.nodes[2]
    lost = {i for i, place in enumerate(nation.places) if fan.owner[place] == victim.port}
    right = outcomes(nation.verdicts)
    victim.kill()
    for _ in range(2):  # refused at first, and then known to have failed
        told = outcomes(client.ask(nation.requests))
        assert {i for i, one in enumerate(told) if one == ELSEWHERE} == lost
        assert all(told[i] == right[i] for i in range(len(told)) if i not in lost)
        assert client.unanswered == len(lost) and client.failed_nodes >= 1
    victim.start()
    wait_until(lambda: client.ask(nation.requests) == nation.verdicts)
    # One that neither answers nor goes away is waited for no longer than one second at a time.
    victim.process.send_signal(signal.SIGSTOP)
    try:
        told = outcomes(client.ask(nation.requests))
        assert {i for i, one in enumerate(told) if one == ELSEWHERE} == lost
    finally:
        victim.process.send_signal(signal.SIGCONT)
    wait_until(lambda: client.ask(nation.requests) == nation.verdicts)
    client.close()
    fan.close()


def test_resharding_under_load(three, nation, keys):
    with Oracle(three, nation, keys, asker=open_library) as oracle:
        time.sleep(0.3)
        redis_cli("--cluster", "reshard", nodes_of(three).split(",")[0], "--cluster-from", three.id_of(three.nodes[0]),
                  "--cluster-to", three.id_of(three.nodes[1]), "--cluster-slots", "600", "--cluster-yes")
        time.sleep(0.3)
    oracle.assert_all_there()
    oracle.tell()
    assert oracle.asked > 1000 and oracle.changed > 100
    assert info(three.nodes[1].client)["partitions_held"] > 6000


def test_atomic_migration_under_load(three, nation, keys, kind):
    """CLUSTER MIGRATESLOTS: slots change their node at once and without a word to who asks."""
    if kind != "valkey":
        pytest.skip("only Valkey has it")
    source, target = three.nodes[0], three.nodes[1]
    with Oracle(three, nation, keys, asker=open_library) as oracle:
        time.sleep(0.3)
        source.client.execute_command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", 0, 2999, "NODE", three.id_of(target))
        wait_until(lambda: FanOut(three).owner[2999] == target.port)
        time.sleep(0.3)
    oracle.assert_all_there()
    oracle.tell()
    assert info(target.client)["partitions_held"] > 8000


def test_failover_under_load(start, nation, keys):
    """A primary dies: its replica's answers are the next ones, as soon as the cluster's own keys are back."""
    cluster = Cluster(start, 3, 1)
    fan = FanOut(cluster)
    fan.load(nation, keys)
    for port in set(fan.owner):
        assert fan.at(port).execute_command("WAIT", 1, 20_000) == 1
    victim = cluster.node_at(fan.owner[nation.places[0]])
    with Oracle(cluster, nation, keys, replicas=1, asker=open_library) as oracle:
        time.sleep(0.3)
        began = time.monotonic()
        victim.kill(signal.SIGKILL)
        client = Library(",".join(f"127.0.0.1:{node.port}" for node in cluster.nodes if node is not victim))
        assert client.ask(nation.requests[:32]) == nation.verdicts[:8]
        outage = time.monotonic() - began
        fan.keyed(keys[nation.places[0]], nation.places[0], "EXISTS")
        of_keys = time.monotonic() - began
        victim.start()  # or no change would be acknowledged by a replica
        wait_until(lambda: victim.client.info("replication")["role"] == "slave")
        time.sleep(0.3)
    oracle.assert_all_there()
    oracle.tell()
    print(f"outage {outage:.2f} s, of the cluster's own keys {of_keys:.2f} s at most")
    assert outage < of_keys + 0.5
    assert ELSEWHERE not in outcomes(client.ask(nation.requests))
    client.close()
    fan.close()


def test_nodes_of_different_registers(start, nation, keys, tmp_path):
    subprocess.run([os.environ["XACTHUC_MADE_NATION"], str(tmp_path), "100", "1"], check=True, timeout=60)
    other = Nation(tmp_path, 100, 1)
    cluster = Cluster(start, 3, 0)
    fan = FanOut(cluster)
    owner = [cluster.node_at(port) for port in fan.owner]
    fan.close()
    before = open_library(cluster, 300)
    assert set(outcomes(before.ask(nation.requests[:320]))) == {ELSEWHERE}  # nothing is anywhere yet
    for which, node in zip((nation, nation, other), cluster.nodes):
        load(node.client, which, keys, [p for p in range(SLOTS) if owner[p] is node])
    with pytest.raises(RuntimeError, match="another register"):
        open_library(cluster)
    # Whoever was there before learns it too, whoever it asks.
    with pytest.raises(RuntimeError, match="another"):
        before.ask(nation.requests)


def test_who_may_ask(start, nation, keys, tmp_path):
    node = start()
    for user, rights in (("asker", "+@connection +cluster|slots +xt.verify +xt.info"),
                         ("feeder", "~xt:* +@connection +cluster|slots +xt.load +xt.info"), ("other", "~* +@connection")):
        node.client.execute_command("ACL", "SETUSER", user, "on", ">good", *rights.split())
    node.client.execute_command("ACL", "SETUSER", "default", "off")
    register = tmp_path / "snapshot.xts"
    xacthuc("generate", "-n", "2000", "--out", register, "--requests", tmp_path / "requests.csv", "--request-count", "3000")
    (tmp_path / "password").write_text("good\n")
    (tmp_path / "wrong").write_text("bad\n")
    place, login = f"127.0.0.1:{node.port}", ("--cluster-password-file", tmp_path / "password")
    assert xacthuc("load-cluster", register, place)[0] == 1
    assert xacthuc("load-cluster", register, place, "--cluster-user", "feeder", "--cluster-password-file",
                   tmp_path / "wrong")[0] == 1
    status, _, said = xacthuc("load-cluster", register, place, "--cluster-user", "asker", *login)
    assert status == 1 and "NOPERM" in said
    assert xacthuc("load-cluster", register, place, "--cluster-user", "feeder", *login)[0] == 0
    ask = ("verify", tmp_path / "requests.csv", "--cluster", place, "--digest-key", tmp_path / "digest.key", "--out",
           tmp_path / "verdicts.csv", "--cluster-user")
    status, _, said = xacthuc(*ask, "asker", environment={"XACTHUC_CLUSTER_PASSWORD": "good"})
    assert status == 0 and "wrong answers: 0 of 3,000" in said
    status, _, said = xacthuc(*ask, "other", *login)
    assert status == 1 and "NOPERM" in said


def test_load_and_verify_by_the_command(start, tmp_path):
    cluster = Cluster(start, 3, 0)
    folder = tmp_path / "nation"
    folder.mkdir()
    register, requests = folder / "snapshot.xts", folder / "requests.csv"
    xacthuc("generate", "-n", "50k", "--out", register, "--requests", requests, "--request-count", "60k")
    one = nodes_of(cluster).split(",")[0]
    ask = ("verify", requests, "--cluster", one, "--digest-key", folder / "digest.key", "--out", folder / "cluster.csv")
    status, _, said = xacthuc(*ask)
    assert status == 1 and "no node of the cluster has a partition" in said
    # One slot is on its way to another node: its partition is taken where it will be.
    fan = FanOut(cluster)
    source, target = cluster.node_at(fan.owner[0]), cluster.node_at(fan.owner[SLOTS - 1])
    target.client.execute_command("CLUSTER", "SETSLOT", 0, "IMPORTING", cluster.id_of(source))
    source.client.execute_command("CLUSTER", "SETSLOT", 0, "MIGRATING", cluster.id_of(target))
    status, told, _ = xacthuc("load-cluster", register, one, "--json")
    assert status == 0 and json.loads(told)["partitions_loaded"] == SLOTS and json.loads(told)["citizens"] == 50_000
    for node in (target, source):
        node.client.execute_command("CLUSTER", "SETSLOT", 0, "NODE", cluster.id_of(target))
    wait_until(lambda: sum(info(node.client)["partitions_answered"] for node in cluster.nodes) == SLOTS)
    status, _, said = xacthuc(*ask)
    assert status == 0 and "wrong answers: 0 of 60,000" in said
    assert xacthuc("verify", requests, "--register", register, "--out", folder / "here.csv")[0] == 0
    assert (folder / "cluster.csv").read_bytes() == (folder / "here.csv").read_bytes()
    # Again it is all there already; what is lost meanwhile, and only that, is loaded anew.
    target.client.flushall()
    lost = SLOTS - sum(info(node.client)["partitions_answered"] for node in cluster.nodes)
    assert lost > 5000
    facts = json.loads(xacthuc("load-cluster", register, one, "--json")[1])
    assert (facts["partitions_loaded"], facts["partitions_held"]) == (lost, SLOTS - lost)
    # Another key and another register are refused.
    other = tmp_path / "other"
    other.mkdir()
    xacthuc("generate", "-n", "1k", "--out", other / "snapshot.xts")
    assert xacthuc("load-cluster", other / "snapshot.xts", one)[0] == 5
    assert xacthuc(*ask[:4], "--digest-key", other / "digest.key")[0] == 5
    fan.close()


def test_the_example_of_the_documents(start, tmp_path):
    """A register of one citizen, and a program that asks for her with another birth date."""
    if "XACTHUC_ASK_A_CLUSTER" not in os.environ:
        pytest.skip("examples are not built")
    key = tmp_path / "digest.key"
    commands = subprocess.run([os.environ["XACTHUC_REDIS_EXAMPLE"], key], check=True, capture_output=True).stdout
    server = start()
    subprocess.run(["redis-cli", "-p", str(server.port), "--pipe"], input=commands, check=True, capture_output=True)
    told = subprocess.run([os.environ["XACTHUC_ASK_A_CLUSTER"], f"127.0.0.1:{server.port}", key], check=True,
                          capture_output=True, text=True).stdout
    assert told == "birth_date_mismatch, name folded\n"


def test_a_load_never_turns_back(full, nation, keys):
    """With NEWER a partition that has changed since stays."""
    client, place = full.client, nation.places[3]
    client.execute_command("XT.UPSERT", keys[place], nation.changes(9, nation.change_to_round(3, 2)))
    assert client.execute_command("XT.LOAD", keys[place], nation.blobs[place], "NEWER") == b"HELD"
    asker = Library(f"127.0.0.1:{full.port}")
    assert outcomes(asker.ask(nation.request_in_round(3, 2))) == [0]
    assert client.execute_command("XT.LOAD", keys[place], nation.blobs[place]) == b"OK"
    assert outcomes(asker.ask(nation.request_in_round(3, 2))) != [0]
    client.delete(keys[place])
    assert client.execute_command("XT.LOAD", keys[place], nation.blobs[place], "NEWER") == b"OK"
    assert client.execute_command("XT.INFO", "PARTITIONS")[:24] == (0).to_bytes(8, "little") + \
        (1).to_bytes(8, "little") + (1_795_000_000_000).to_bytes(8, "little")
    asker.close()
