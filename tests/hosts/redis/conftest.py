# SPDX-License-Identifier: Apache-2.0
"""What every test starts from: a made-up register, and servers of each kind that is here."""
from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from cluster import Cluster, FanOut
from nation import Nation, shortest_tags
from questions import load
from servers import PROGRAMS, Server

CITIZENS, ROUNDS = 20_000, 40


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    folder = tmp_path_factory.mktemp("nation")
    subprocess.run([os.environ["XACTHUC_MADE_NATION"], str(folder), str(CITIZENS), str(ROUNDS)], check=True, timeout=120)
    return Nation(folder, CITIZENS, ROUNDS)


@pytest.fixture(scope="session")
def tags() -> list[str]:
    return shortest_tags()


@pytest.fixture(scope="session")
def keys(tags: list[str]) -> list[str]:
    return [f"xt:{{{tag}}}" for tag in tags]


@pytest.fixture(params=["redis", "valkey"])
def kind(request: pytest.FixtureRequest) -> str:
    if request.param not in PROGRAMS:
        pytest.skip(f"no {request.param}-server here")
    return request.param


@pytest.fixture
def start(kind: str, tmp_path: Path):
    """Starts servers that end with the test, and tells when one has ended before."""
    started: list[Server] = []

    def one(*settings: str, module: str | None = None) -> Server:
        more = {} if module is None else {"module": module}
        server = Server(kind, tmp_path / f"node-{len(started)}", *settings, **more)
        started.append(server)
        return server

    yield one
    for server in started:
        server.kill()
    for server in started:
        assert "ERROR: AddressSanitizer" not in server.log() and "runtime error:" not in server.log(), server.log()


@pytest.fixture
def full(start, nation: Nation, keys: list[str]) -> Server:
    """One node with the whole register."""
    server = start()
    load(server.client, nation, keys)
    return server


@pytest.fixture
def three(start, nation, keys) -> Cluster:
    cluster = Cluster(start, 3, 0)
    client = FanOut(cluster)
    client.load(nation, keys)
    client.close()
    return cluster
