# SPDX-License-Identifier: Apache-2.0
"""A server of a test's own, on this machine only."""

from __future__ import annotations

import socket
import threading


class LocalServer:
    """Serves each connection by serve_one() in a thread of its own, until it is closed."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                taken, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.serve_one, args=(taken,), daemon=True).start()

    def serve_one(self, taken: socket.socket) -> None:
        raise NotImplementedError

    def close(self) -> None:
        # A thread that waits in accept() is not woken by close() alone.
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(10)
