# SPDX-License-Identifier: Apache-2.0
"""A register in a cluster: the same answers as from the register itself. One real server here, asked as a cluster of one; clusters
of several are in tests/hosts/redis."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
import xacthuc
from conftest import people_count, person

cluster = pytest.importorskip("xacthuc.cluster", exc_type=ImportError)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def node(snapshot: Path, tmp_path_factory: pytest.TempPathFactory, command: str):
    """The address of a server that has the register of the tests in it."""
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server here")
    module = Path(command).resolve().parents[2] / "bindings" / "redis" / "xacthuc_redis.so"
    if not module.exists():
        pytest.skip("the module for Redis is not built beside the xacthuc command")
    port, folder = free_port(), tmp_path_factory.mktemp("node")
    server = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--logfile",
                               "log", "--loadmodule", module])  # fmt: skip
    try:
        for _ in range(200):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        address = f"127.0.0.1:{port}"
        subprocess.run([command, "load-cluster", snapshot, address], check=True, stderr=subprocess.DEVNULL)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="module")
def people() -> pa.Table:
    rows = [person(i) for i in range(2 * people_count)]  # half of them nobody
    return pa.table({"id": [row["id"] for row in rows], "name": [row["name"] if i % 3 else "Ai Đó" for i, row in enumerate(rows)],
                     "birth_date": [row["birth_date"] for row in rows]})  # fmt: skip


def test_answers_are_those_of_the_register(node: str, snapshot: Path, people: pa.Table) -> None:
    nodes = cluster.open(node, digest_key=snapshot.parent / "digest.key")
    register = xacthuc.open(snapshot)
    here = register.verify(people)
    for threads in (1, 3):
        there = nodes.verify(people, threads=threads)
        assert pl.DataFrame(there).equals(pl.DataFrame(here))
        assert (there.sequence, there.as_of_unix_ms, there.claims) == (here.sequence, here.as_of_unix_ms, here.claims)
    assert pl.DataFrame(nodes.verify(register.prepare(people))).equals(pl.DataFrame(here))
    assert nodes.failures == ()
    wrong = nodes.verify(pa.table({"id": ["1", people["id"][0].as_py()], "name": ["a", ""]}), require=["name"])
    assert wrong.malformed == 2
    with ThreadPoolExecutor(4) as pool:
        for one in pool.map(lambda _: nodes.verify(people), range(8)):
            assert one.outcome_counts() == here.outcome_counts()


def test_what_nobody_answers_is_elsewhere(node: str, snapshot: Path, people: pa.Table) -> None:
    nodes = cluster.open(node, digest_key=snapshot.parent / "digest.key", timeout=0.3)
    port = int(node.split(":")[1])
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(b"REPLICAOF 127.0.0.1 1\r\n")  # a replica answers for nobody
        assert one.recv(100) == b"+OK\r\n"
        told = nodes.verify(people.slice(0, 10))
        one.sendall(b"REPLICAOF NO ONE\r\n")
        assert one.recv(100) == b"+OK\r\n"
    assert told.outcome_counts() == {903: 10}
    assert nodes.verify(people.slice(0, 10)).outcome_counts().get(903) is None


def test_errors_say_what_is_wrong(node: str, snapshot: Path, tmp_path: Path, people: pa.Table) -> None:
    key = snapshot.parent / "digest.key"
    with pytest.raises(xacthuc.Error, match="refused"):
        cluster.open("127.0.0.1:1", digest_key=key)
    with pytest.raises(xacthuc.Error, match="HOST:PORT"):
        cluster.open("127.0.0.1", digest_key=key)
    with pytest.raises(xacthuc.errors.FileError):
        cluster.open(node, digest_key=tmp_path / "none")
    with pytest.raises(xacthuc.Error, match="AUTH"):
        cluster.open(node, digest_key=key, password="wrong")
    with pytest.raises(xacthuc.errors.ArgumentError):
        cluster.open(5, digest_key=key)
    xacthuc.build(pa.table({"id": ["001199000001"], "name": ["An"]}), tmp_path / "other.xts", name="name")
    with pytest.raises(xacthuc.errors.TrustError):
        cluster.open(node, digest_key=tmp_path / "digest.key")
    nodes = cluster.open(node, digest_key=key)
    with pytest.raises(xacthuc.errors.ArgumentError):
        nodes.verify(people, officer=5)
    with pytest.raises(xacthuc.errors.ColumnError):
        nodes.verify(people, sex="none")


@pytest.mark.installed
def test_its_types(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text('import xacthuc.cluster\n'
                       'nodes: xacthuc.cluster.Cluster = xacthuc.cluster.open("h:1", digest_key="k", timeout=2.5)\n'
                       'answers: xacthuc.Answers = nodes.verify(xacthuc.open("r").prepare, threads=2)\n')  # fmt: skip
    ran = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path, program], capture_output=True, text=True)
    assert ran.stdout.count("error:") == 1 and ":3: error: Argument 1" in ran.stdout, ran.stdout
