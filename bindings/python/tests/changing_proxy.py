# SPDX-License-Identifier: Apache-2.0
"""Who stands between a client and the service, and changes what passes."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Callable, List

from local_server import LocalServer

Change = Callable[[bytes], bytes]


def same(message: bytes) -> bytes:
    return message


def read_message(taken: socket.socket) -> bytes:
    """One message of HTTP, whole; nothing where the other side ended."""
    message = b""
    while b"\r\n\r\n" not in message:
        piece = taken.recv(65536)
        if not piece:
            return b""
        message += piece
    head, _, body = message.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    wanted = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < wanted:
        piece = taken.recv(65536)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


class ChangingProxy(LocalServer):
    """Hands on each request, changed, and its answer, changed; keeps both as they came."""

    def __init__(self, to: Path) -> None:
        self.to = to
        self.change_request: Change = same
        self.change_answer: Change = same
        self.requests: List[bytes] = []
        self.answers: List[bytes] = []
        super().__init__()

    def serve_one(self, taken: socket.socket) -> None:
        with taken:
            while request := read_message(taken):
                self.hand_on(taken, request)

    def hand_on(self, taken: socket.socket, request: bytes) -> None:
        self.requests.append(request)
        with socket.socket(socket.AF_UNIX) as service:
            service.connect(str(self.to))
            service.sendall(self.change_request(request))
            answer = read_message(service)
        self.answers.append(answer)
        taken.sendall(self.change_answer(answer))
