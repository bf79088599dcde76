# SPDX-License-Identifier: Apache-2.0
"""The C++ client of a cluster, asked from Python: what FanOut does slowly and obviously."""
from __future__ import annotations

import os
import struct
import subprocess

from nation import outcomes


class Library:
    """One client, in a process of its own."""

    def __init__(self, nodes: str, timeout_ms: int = 30_000) -> None:
        self.process = subprocess.Popen([os.environ["XACTHUC_CLUSTER_ASKER"], nodes, str(timeout_ms)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.unanswered = self.failed_nodes = 0
        if self.process.stdout.readline() != b"ready\n":
            raise RuntimeError(self.error())

    def error(self) -> str:
        _, said = self.process.communicate()
        return said.decode()

    def ask(self, requests: bytes) -> bytes:
        count = len(requests) // 32
        self.process.stdin.write(struct.pack("<I", count) + requests)
        self.process.stdin.flush()
        head = self.process.stdout.read(8)
        if len(head) < 8:
            raise RuntimeError(self.error())
        self.unanswered, self.failed_nodes = struct.unpack("<II", head)
        return self.process.stdout.read(8 * count)

    def verify(self, requests: list[bytes], places: list[int]) -> list[int]:
        """As FanOut has it."""
        return outcomes(self.ask(b"".join(requests)))

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.communicate()
