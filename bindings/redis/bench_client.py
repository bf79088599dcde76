# SPDX-License-Identifier: Apache-2.0
"""bench_client.py <xacthuc_redis.so> <made_nation> <bench_client> [<citizens>]: what docs/scale.md counts with. The cluster client beside
the same questions as ready-made commands by plain sockets, in turns, for one node and for three; and the memory of a
node with partitions of full size, by its used_memory."""
from __future__ import annotations

import os
import statistics
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests/hosts/redis"))
BATCH, BATCHES, NATION, PARTITIONS = 512, 300, 107_000_000, 64


def server_seconds(pid: int) -> float:
    """What the main thread has run, which does all the work."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def ask(program: str, folder: Path, kind: str, servers, owner: list[int], batch: int) -> None:
    ports = [server.port for server in servers]
    (folder / "owners.bin").write_bytes(struct.pack(f"<{len(owner)}H", *(ports.index(port) for port in owner)))
    before = sum(server_seconds(server.process.pid) for server in servers)
    said = subprocess.run([program, "ask", folder / "requests.bin", folder / "owners.bin", str(batch), str(BATCHES),
                           ",".join(f"127.0.0.1:{port}" for port in ports)], check=True, capture_output=True, text=True).stdout
    used = sum(server_seconds(server.process.pid) for server in servers) - before
    rows = [[float(word) for word in line.split()] for line in said.splitlines()]
    wall, own, plain_wall, plain_own = (statistics.median(column) for column in zip(*rows))
    ratio = statistics.median(row[0] / row[2] for row in rows)
    print(f"{kind}, {len(servers)} node(s), batches of {batch}: client {wall:.0f} ns a question, {own:.0f} of them its own; plain "
          f"commands {plain_wall:.0f} ns, {plain_own:.0f} own; {ratio:.2f} times; servers {used / (2 * len(rows) * batch * BATCHES) * 1e9:.0f} ns "
          "a question")


def memory(program: str, kind: str, server) -> None:
    def used() -> int:
        return server.client.info("memory")["used_memory"]

    before = used()
    citizens = int(subprocess.run([program, "fill", str(NATION), str(PARTITIONS), f"127.0.0.1:{server.port}"], check=True,
                                  capture_output=True, text=True).stdout)
    print(f"{kind}: {PARTITIONS} partitions of a nation of {NATION:,}, {citizens:,} citizens: {(used() - before) / citizens:.2f} bytes a "
          f"citizen; a server without any {before / 1e6:.1f} MB")


def main(module: str, made_nation: str, program: str, citizens: int) -> None:
    os.environ["XACTHUC_REDIS_MODULE"] = module
    from cluster import Cluster, FanOut
    from nation import SLOTS, Nation, shortest_tags
    from questions import load
    from servers import PROGRAMS, Server

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([made_nation, folder, str(citizens), "0"], check=True)
        nation = Nation(folder, citizens, 0)
        keys = [f"xt:{{{tag}}}" for tag in shortest_tags()]
        for kind in PROGRAMS:
            started: list[Server] = []

            def start(*settings: str) -> Server:
                started.append(Server(kind, folder / f"{kind}-{len(started)}", *settings, module=module))
                return started[-1]

            memory(program, kind, start())
            started[-1].kill()
            one = start()
            load(one.client, nation, keys)
            ask(program, folder, kind, [one], [one.port] * SLOTS, 1)
            ask(program, folder, kind, [one], [one.port] * SLOTS, BATCH)
            ask(program, folder, kind, [one], [one.port] * SLOTS, 8 * BATCH)
            one.kill()
            cluster = Cluster(start, 3, 0)
            client = FanOut(cluster)
            client.load(nation, keys)
            ask(program, folder, kind, cluster.nodes, client.owner, 3 * BATCH)
            ask(program, folder, kind, cluster.nodes, client.owner, 24 * BATCH)
            client.close()
            for server in started:
                server.kill()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else 300_000)
