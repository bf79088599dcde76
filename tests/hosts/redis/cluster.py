# SPDX-License-Identifier: Apache-2.0
"""A cluster of real nodes, and a client that fans requests out over it: slow and obvious."""
from __future__ import annotations

import struct
import subprocess
import time

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from nation import ELSEWHERE, SLOTS, Nation
from servers import Server, wait_until


def redis_cli(*words: str, check: bool = True) -> str:
    done = subprocess.run(["redis-cli", *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done.stdout


class Cluster:
    def __init__(self, start, primaries: int, replicas: int, *settings: str) -> None:
        settings = ("--cluster-enabled", "yes", "--cluster-node-timeout", "2000", *settings)
        self.nodes: list[Server] = [start(*settings) for _ in range(primaries * (1 + replicas))]
        addresses = [f"127.0.0.1:{node.port}" for node in self.nodes]
        redis_cli("--cluster", "create", *addresses, "--cluster-replicas", str(replicas), "--cluster-yes")
        wait_until(lambda: all("cluster_state:ok" in self.info(node) for node in self.nodes))

    def info(self, node: Server) -> str:
        raw = node.client.execute_command("CLUSTER", "INFO")
        return raw if isinstance(raw, str) else raw.decode() if isinstance(raw, bytes) else "\n".join(
            f"{k}:{v}" for k, v in raw.items())

    def node_at(self, port: int) -> Server:
        return next(node for node in self.nodes if node.port == port)

    def id_of(self, node: Server) -> str:
        return node.client.execute_command("CLUSTER", "MYID").decode()


class FanOut:
    """One user's connections. Not for two threads at once."""

    def __init__(self, cluster: Cluster) -> None:
        self.ports = [node.port for node in cluster.nodes]
        self.connections: dict[int, redis.Redis] = {}
        self.owner: list[int] = []
        self.refresh()

    def at(self, port: int) -> redis.Redis:
        if port not in self.connections:
            self.connections[port] = redis.Redis(port=port, socket_timeout=5, retry=Retry(NoBackoff(), 0))
        return self.connections[port]

    def refresh(self) -> None:
        for port in self.ports:
            try:
                slots = self.at(port).execute_command("CLUSTER SLOTS")
            except redis.RedisError:
                continue
            owner = [0] * SLOTS
            ranges = slots.items() if isinstance(slots, dict) else None
            if ranges is not None:
                for (first, last), facts in ranges:
                    owner[first : last + 1] = [facts["primary"][1]] * (last + 1 - first)
            else:
                for one in slots:
                    owner[one[0] : one[1] + 1] = [one[2][1]] * (one[1] + 1 - one[0])
            self.owner = owner
            return

    def verify(self, requests: list[bytes], places: list[int], seconds: float = 30.0) -> list[int]:
        """The outcomes; asks those that are elsewhere again, of who the slot map says has them then."""
        told = [ELSEWHERE] * len(requests)
        left = list(range(len(requests)))
        end = time.monotonic() + seconds
        while left and time.monotonic() < end:
            by_port: dict[int, list[int]] = {}
            for i in left:
                by_port.setdefault(self.owner[places[i]], []).append(i)
            for port, these in by_port.items():
                try:
                    raw = self.at(port).execute_command("XT.VERIFY", b"".join(requests[i] for i in these))[0]
                except redis.RedisError:
                    continue
                for i, head in zip(these, struct.unpack(f"<{len(raw) // 2}H", raw)[::4]):
                    told[i] = head & 1023
            left = [i for i in left if told[i] == ELSEWHERE]
            if left:
                time.sleep(0.005)
                self.refresh()
        return told

    def keyed(self, key: str, place: int, *words, seconds: float = 30.0, replicas: int = 0):
        """A command of one key, sent where its slot is now, and again until so many replicas have it."""
        end = time.monotonic() + seconds
        port, asking = self.owner[place], False
        while True:
            try:
                if asking:
                    pipe = self.at(port).pipeline(transaction=False)
                    pipe.execute_command("ASKING")
                    pipe.execute_command(words[0], key, *words[1:])
                    return pipe.execute()[1]
                answer = self.at(port).execute_command(words[0], key, *words[1:])
                if replicas and self.at(port).execute_command("WAIT", replicas, 500) < replicas:
                    raise redis.TimeoutError("replicas do not have it")
                return answer
            except redis.exceptions.AskError as error:
                port, asking = error.port, True
                continue
            except redis.RedisError as error:
                if time.monotonic() > end:
                    raise
                if isinstance(error, redis.ResponseError) and "not been loaded" in str(error):
                    raise
                time.sleep(0.005)
                self.refresh()
                port, asking = self.owner[place], False

    def load(self, nation: Nation, keys: list[str]) -> None:
        for port in set(self.owner):
            pipe = self.at(port).pipeline(transaction=False)
            for p in range(SLOTS):
                if self.owner[p] == port:
                    pipe.execute_command("XT.LOAD", keys[p], nation.blobs[p])
            assert set(pipe.execute()) <= {b"OK"}

    def close(self) -> None:
        for one in self.connections.values():
            one.close()
