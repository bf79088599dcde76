# SPDX-License-Identifier: Apache-2.0
"""The service beside servers that others know, on one machine and in one run.

Every server has one thread (PostgreSQL: one core) and the same core, clients have another. What is told is the processor time of the
server's processes for one request, from /proc, system calls included, so that the client's speed does not matter. The
servers take turns, so that what else the machine does meets all of them; the median of the rounds is told.

  xacthucd 1, nginx     POST /v1/verify as JSON, and `return 200` with as many bytes: 64 connections, one at a time
  xacthucd 16, redis    the same with 16 at once on each, and GET of 100 bytes by redis-benchmark -P 16
  postgres              the same claims in SQL by primary key, prepared, all in memory: pgbench -M prepared
  client 1, client 500  the C++ client, asking xacthucd on 64 connections one question at a time, and 500 lines a message: of these two
                        what is told is the processor time of the client for one question
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

server_core, client_core = "0", str(min(1, (os.cpu_count() or 1) - 1))
ticks = os.sysconf("SC_CLK_TCK")
ports = {"service": 18181, "nginx": 18182, "redis": 18183, "postgres": 18184}

wrk_script = """
local bodies, at, count = {}, 0, %(count)d
for line in io.lines("%(questions)s") do bodies[#bodies + 1] = line end
request = function()
    local all = {}
    for k = 1, count do
        at = at %% #bodies + 1
        all[k] = wrk.format("POST", "/v1/verify", { ["Content-Type"] = "application/json" }, bodies[at])
    end
    return table.concat(all)
end
"""
# A question's answer has about as many bytes.
nginx_settings = """
daemon off; worker_processes 1; master_process off; pid %(folder)s/nginx.pid; error_log %(folder)s/nginx.log;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000000; client_body_temp_path %(folder)s; proxy_temp_path %(folder)s;
  fastcgi_temp_path %(folder)s; uwsgi_temp_path %(folder)s; scgi_temp_path %(folder)s;
  server { listen 127.0.0.1:%(port)d; location / { default_type application/json; return 200 '%(body)s'; } } }
"""


def run(*command: object, **how: object) -> str:
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, **how)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.stderr}")
    return done.stdout


def family(process: int) -> list[int]:
    """A process and those that it started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process] + [each for child in children for each in family(int(child))]


def processor_seconds(process: int) -> float:
    """Of a server with its processes, also of those that have ended."""
    total = 0
    for each in family(process):
        fields = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        total += sum(map(int, fields[11:15] if each == process else fields[11:13]))
    return total / ticks


class Servers:
    def __init__(self, folder: Path, build: Path, citizens: int) -> None:
        self.folder, self.citizens = folder, citizens
        self.command = build / "src/cli/xacthuc"
        self.daemon = build / "src/service/xacthucd"
        self.client = build / "bench/service/xacthuc_ask_by_client"
        self.started: dict[str, subprocess.Popen[bytes]] = {}
        run(self.command, "generate", "--citizens", citizens, "--out", folder / "people.xts", "--csv", folder / "people.csv")
        with open(folder / "people.csv", newline="") as file:
            rows = [row for row, _ in zip(csv.DictReader(file), range(20_000))]
        fields = ("id", "name", "birth_date", "sex")
        with open(folder / "questions", "w") as file:
            for row in rows:
                file.write(json.dumps({key: row[key] for key in fields if row[key]}, ensure_ascii=False) + "\n")

    def start(self, name: str, *command: object, **how: object) -> None:
        self.started[name] = subprocess.Popen(
            ["taskset", "-c", server_core, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how
        )
        time.sleep(1)
        if self.started[name].poll() is not None:
            sys.exit(f"{name} does not start")

    def stop(self) -> None:
        for name, process in self.started.items():
            process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)

    def start_service(self) -> None:
        settings = self.folder / "xacthucd.toml"
        settings.write_text(
            f'threads = 1\n[register]\npath = "people.xts"\n[[listen]]\naddress = "127.0.0.1:{ports["service"]}"\n'
            "[limits]\ndrain_notice_ms = 1\n"
        )
        self.start("service", self.daemon, "--config", settings)

    def start_nginx(self) -> None:
        body = '{"outcome":0,"matched":13,"mismatched":0,"unavailable":0,"grade":"exact","sequence":1,"as_of_unix_ms":1795000000000}'
        (self.folder / "nginx.conf").write_text(
            nginx_settings % {"folder": self.folder, "port": ports["nginx"], "body": body}
        )
        self.start("nginx", shutil.which("nginx") or "/usr/sbin/nginx", "-c", self.folder / "nginx.conf")

    def start_redis(self) -> None:
        self.start("redis", "redis-server", "--port", ports["redis"], "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                   "--dir", self.folder)  # fmt: skip
        run("redis-benchmark", "-p", ports["redis"], "-t", "set", "-d", 100, "-n", 400_000, "-r", 100_000, "-P", 16, "-q")

    def start_postgres(self) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        data = self.folder / "postgres"
        data.mkdir()
        as_owner: list[object] = []
        if os.getuid() == 0:
            shutil.chown(data, "postgres")
            self.folder.chmod(0o755)
            as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        run(*as_owner, programs / "initdb", "-D", data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C.UTF-8")
        self.start("postgres", *as_owner, programs / "postgres", "-D", data, "-p", ports["postgres"], "-k", data,
                   "-c", "shared_buffers=1GB", "-c", "fsync=off", "-c", "jit=off", "-c", "autovacuum=off")  # fmt: skip
        time.sleep(2)
        place = ["-h", "127.0.0.1", "-p", ports["postgres"], "-U", "bench"]
        # Numbers in place of ids: pgbench makes those by itself.
        run("psql", *place, "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-c",
            "CREATE TABLE given (id text, name text, birth_date text, sex text, a text, b text, c text, d text, e text, f text, g text, h text, i text)",
            "-c", f"\\copy given FROM '{self.folder / 'people.csv'}' CSV HEADER",
            "-c", "CREATE TABLE citizen AS SELECT row_number() OVER ()::bigint AS id, name, birth_date, sex FROM given",
            "-c", "ALTER TABLE citizen ADD PRIMARY KEY (id)", "-c", "DROP TABLE given", "-c", "VACUUM ANALYZE citizen",
            "-c", "SELECT sum(length(name)) FROM citizen")  # fmt: skip
        (self.folder / "question.sql").write_text(
            f"\\set id random(1, {self.citizens})\n"
            "SELECT name = 'Nguyễn Thị Hòa', birth_date = '1999-03-08', sex = 'female' FROM citizen WHERE id = :id;\n"
        )


def wrk(servers: Servers, port: int, seconds: float, script: Path | None) -> int:
    extra = ["-s", script] if script else []
    told = run("taskset", "-c", client_core, "wrk", "-t1", "-c64", f"-d{seconds:g}s", *extra, f"http://127.0.0.1:{port}/")
    if "Non-2xx" in told or "Socket errors" in told:
        sys.exit(f"wrk: {told}")
    return int(re.search(r"(\d+) requests in", told)[1])


def load_of(name: str, servers: Servers, seconds: float) -> int:
    """Puts a load on, and returns how many requests were answered."""
    if name.startswith("xacthucd"):
        script = servers.folder / f"{name.replace(' ', '-')}.lua"
        count = int(name.split()[1])
        script.write_text(wrk_script % {"count": count, "questions": servers.folder / "questions"})
        return wrk(servers, ports["service"], seconds, script)
    if name == "nginx":
        return wrk(servers, ports["nginx"], seconds, None)
    if name == "redis":
        count = int(600_000 * seconds)
        run("taskset", "-c", client_core, "redis-benchmark", "-p", ports["redis"], "-t", "get", "-c", 64, "-P", 16, "-n", count,
            "-r", 100_000, "-d", 100, "-q")  # fmt: skip
        return count
    told = run("taskset", "-c", client_core, "pgbench", "-h", "127.0.0.1", "-p", ports["postgres"], "-U", "bench", "-n",
               "-M", "prepared", "-c", 16, "-j", 1, "-T", max(1, round(seconds)), "-f", servers.folder / "question.sql", "postgres")  # fmt: skip
    return int(re.search(r"transactions actually processed: (\d+)", told)[1])


def client_cost(name: str, servers: Servers, seconds: float) -> float:
    """Microseconds of the client's own processor time a question."""
    form = "one" if name == "client 1" else "lines"
    told = run("taskset", "-c", client_core, servers.client, f"http://127.0.0.1:{ports['service']}", servers.folder / "questions",
               seconds, form)  # fmt: skip
    answered, spent = told.split()
    return float(spent) / int(answered) * 1e6


def server_of(name: str) -> str:
    return "service" if name.startswith(("xacthucd", "client")) else name


def measure(names: list[str], servers: Servers, rounds: int, seconds: float) -> dict[str, float]:
    """Microseconds of the server's processor a request."""
    costs: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            if name.startswith("client"):
                costs[name].append(client_cost(name, servers, seconds))
                continue
            process = servers.started[server_of(name)].pid
            before = processor_seconds(process)
            answered = load_of(name, servers, seconds)
            costs[name].append((processor_seconds(process) - before) / answered * 1e6)
    return {name: statistics.median(each) for name, each in costs.items()}


meanings = {
    "xacthucd 1": "xacthucd, one at a time",
    "nginx": "nginx, return 200",
    "xacthucd 16": "xacthucd, 16 at once",
    "redis": "Redis, GET, 16 at once",
    "postgres": "PostgreSQL, prepared",
    "client 1": "C++ client's side, one at a time",
    "client 500": "C++ client's side, 500 lines",
}
# The last two: at least.
ratios = [("xacthucd 1", "nginx", 1.3), ("xacthucd 16", "redis", 2.0), ("postgres", "xacthucd 1", 10.0), ("postgres", "xacthucd 16", 10.0)]


def picture(costs: dict[str, float]) -> str:
    """Bars on a logarithmic axis."""
    import math

    width, left, line = 720, 220, 34
    most = math.log10(max(costs.values()) * 3)
    least = math.log10(min(costs.values()) / 1.6)
    scale = (width - left - 90) / (most - least)
    parts = []
    for k, (name, cost) in enumerate(costs.items()):
        y = 46 + k * line
        long = (math.log10(cost) - least) * scale
        colour = "#1f6f8b" if name.startswith("xacthucd") else "#9aa5ad"
        parts.append(
            f'<text x="{left - 10}" y="{y + 15}" text-anchor="end">{meanings[name]}</text>'
            f'<rect x="{left}" y="{y}" width="{long:.0f}" height="22" rx="2" fill="{colour}"/>'
            f'<text x="{left + long + 8:.0f}" y="{y + 15}">{cost:.2f} µs</text>'
        )
    height = 60 + len(costs) * line
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="14" '
        f'fill="#22303a"><rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="20" y="26" font-weight="bold">Processor time of the server for one request (logarithmic)</text>{"".join(parts)}</svg>\n'
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", type=Path, required=True)
    options.add_argument("--citizens", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=3)
    options.add_argument("--only", default="", help="of " + ", ".join(meanings))
    options.add_argument("--json", action="store_true")
    options.add_argument("--svg", type=Path)
    given = options.parse_args()
    needs = {"nginx": ["nginx", "wrk"], "redis": ["redis-server"], "postgres": ["pgbench"], "client 1": [], "client 500": []}
    wanted = [each.strip() for each in given.only.split(",")] if given.only else list(meanings)
    path = os.environ["PATH"] = os.environ["PATH"] + ":/usr/sbin"
    names = [name for name in meanings if name in wanted
             and all(shutil.which(each, path=path) for each in needs.get(name, ["wrk"]))]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="xacthuc-bench-") as folder:
        servers = Servers(Path(folder), given.build, given.citizens)
        try:
            for server in dict.fromkeys(map(server_of, names)):
                getattr(servers, f"start_{server}")()
            costs = measure(names, servers, given.rounds, given.seconds)
        finally:
            servers.stop()
    told = {f"{one} / {other}": costs[one] / costs[other] for one, other, _ in ratios if one in costs and other in costs}
    if given.json:
        print(json.dumps({"citizens": given.citizens, "server_us_a_request": costs, "ratios": told}, indent=1))
    else:
        for name, cost in costs.items():
            print(f"  {meanings[name]:<40}{cost:10.2f} µs")
        for one, other, bound in ratios:
            if one in costs and other in costs:
                print(f"  {meanings[one]} to {meanings[other]}: {costs[one] / costs[other]:.2f} (target {bound:g})")
    if given.svg:
        given.svg.write_text(picture(costs))


if __name__ == "__main__":
    main()
