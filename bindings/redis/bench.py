# SPDX-License-Identifier: Apache-2.0
"""bench.py <xacthuc_redis.so> <made_nation> [<citizens>]: XT.VERIFY in batches of 512 beside GET in pipelines of 16, for as many ids,
in one server, in turns. What counts is the time that the server's process takes: the client is the same and no part of it."""
from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests/hosts/redis"))
BATCH, PIPELINE, BATCHES, ROUNDS = 512, 16, 400, 5


def encoded(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, message: bytes, answer_bytes: int) -> None:
        self.socket.sendall(message)
        left = answer_bytes
        while left > 0:
            got = len(self.socket.recv(1 << 18))
            if got == 0:
                raise RuntimeError("the server closed the connection")
            left -= got


def server_seconds(pid: int) -> float:
    """What the main thread has run, which does all the work."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def measured(server, asks, ids: int) -> tuple[float, float]:
    """Server's and wall nanoseconds an id."""
    connection = Connection(server.port)
    began, used = time.monotonic(), server_seconds(server.process.pid)
    for message, answer_bytes in asks:
        connection.ask(message, answer_bytes)
    return (server_seconds(server.process.pid) - used) / ids * 1e9, (time.monotonic() - began) / ids * 1e9


def questions(nation, citizens: list[int]) -> tuple[bytes, int]:
    batch = b"".join(nation.requests[i * 32 : i * 32 + 32] for i in citizens)
    places = {nation.places[i] for i in citizens}
    heads = f"*2\r\n${len(citizens) * 8}\r\n${len(places) * 24}\r\n"
    return encoded(b"XT.VERIFY", batch), len(heads) + len(citizens) * 8 + len(places) * 24 + 4


def gets(nation, citizens: list[int]) -> list[tuple[bytes, int]]:
    asked = [encoded(b"GET", nation.people[i][0].encode()) for i in citizens]
    answer_bytes = PIPELINE * len(b"$32\r\n" + b"x" * 32 + b"\r\n")
    return [(b"".join(asked[at : at + PIPELINE]), answer_bytes) for at in range(0, len(asked), PIPELINE)]


def beside_get(server, nation) -> None:
    pipe = server.client.pipeline(transaction=False)
    for number, _, _ in nation.people:
        pipe.set(number, b"x" * 32)
        if len(pipe) == 10_000:
            pipe.execute()
    pipe.execute()
    batches = [random.sample(range(nation.citizens), BATCH) for _ in range(BATCHES)]
    ours = [questions(nation, batch) for batch in batches]
    theirs = [one for batch in batches for one in gets(nation, batch)]
    rounds = [(measured(server, ours, BATCHES * BATCH), measured(server, theirs, BATCHES * BATCH)) for _ in range(ROUNDS)]
    for what, at in (("server", 0), ("wall", 1)):
        verify, get = (statistics.median(one[side][at] for one in rounds) for side in (0, 1))
        ratio = statistics.median(one[1][at] / one[0][at] for one in rounds)
        print(f"{server.kind} {what}: XT.VERIFY {verify:.0f} ns an id, GET -P 16 {get:.0f} ns an id, {ratio:.1f} times")


def three_beside_one(one, cluster, owner, nation) -> None:
    """Batches of 512 that one node owns, to three in turn, beside the same to one that has all."""
    by_node = {node.port: [i for i in range(nation.citizens) if owner[nation.places[i]] == node.port]
               for node in cluster.nodes}
    asked = {port: [questions(nation, random.sample(own, BATCH)) for _ in range(BATCHES)] * 5
             for port, own in by_node.items()}
    ratios = []
    for _ in range(ROUNDS):
        of_three = sum(measured(node, asked[node.port], 1)[0] for node in cluster.nodes)
        of_one = sum(measured(one, batches, 1)[0] for batches in asked.values())
        ratios.append(of_three / of_one)
    print(f"{one.kind}: three nodes take {statistics.median(ratios):.2f} times the processor time of one for an id")


def main(module: str, made_nation: str, citizens: int) -> None:
    os.environ["XACTHUC_REDIS_MODULE"] = module
    from cluster import Cluster, FanOut
    from nation import Nation, shortest_tags
    from questions import load
    from servers import PROGRAMS, Server

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([made_nation, folder, str(citizens), "0"], check=True)
        nation = Nation(Path(folder), citizens, 0)
        keys = [f"xt:{{{tag}}}" for tag in shortest_tags()]
        for kind in PROGRAMS:
            started: list[Server] = []

            def start(*settings: str) -> Server:
                started.append(Server(kind, Path(folder) / f"{kind}-{len(started)}", *settings, module=module))
                return started[-1]

            one = start()
            load(one.client, nation, keys)
            beside_get(one, nation)
            cluster = Cluster(start, 3, 0)
            client = FanOut(cluster)
            client.load(nation, keys)
            three_beside_one(one, cluster, client.owner, nation)
            client.close()
            for server in started:
                server.kill()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 300_000)
