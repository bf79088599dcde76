# SPDX-License-Identifier: Apache-2.0
"""What tests ask of a node."""
from __future__ import annotations

import struct

from nation import SLOTS, Nation


def load(client, nation: Nation, keys: list[str], partitions=range(SLOTS)) -> None:
    pipe = client.pipeline(transaction=False)
    for p in partitions:
        pipe.execute_command("XT.LOAD", keys[p], nation.blobs[p])
        if len(pipe) >= 512:
            assert set(pipe.execute()) <= {b"OK"}
    assert set(pipe.execute()) <= {b"OK"}


def verify(client, requests: bytes) -> tuple[bytes, dict[int, tuple[int, int]]]:
    verdicts, fresh = b"", {}
    for at in range(0, len(requests), 512 * 32):
        answered, freshness = client.execute_command("XT.VERIFY", requests[at : at + 512 * 32])
        verdicts += answered
        for partition, sequence, as_of in struct.iter_unpack("<QQq", freshness):
            fresh[partition] = (sequence, as_of)
    return verdicts, fresh


def info(client) -> dict[str, int]:
    raw = client.execute_command("XT.INFO")
    return {raw[i].decode(): raw[i + 1] for i in range(0, len(raw), 2)}
