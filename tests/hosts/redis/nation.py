# SPDX-License-Identifier: Apache-2.0
"""The register that made_nation wrote: blobs, requests, and what the library answers to them."""
from __future__ import annotations

import binascii
import itertools
import struct
from dataclasses import dataclass
from pathlib import Path

VERIFIED, WARD_MISMATCH, NOT_FOUND, MALFORMED, ELSEWHERE = 0, 110, 200, 600, 903
SLOTS = 16384


def outcomes(verdicts: bytes) -> list[int]:
    return [head & 1023 for head in struct.unpack(f"<{len(verdicts) // 2}H", verdicts)[::4]]


@dataclass
class Nation:
    folder: Path
    citizens: int
    rounds: int

    def __post_init__(self) -> None:
        raw = (self.folder / "partitions.bin").read_bytes()
        self.blobs: list[bytes] = []
        at = 0
        while at < len(raw):
            (size,) = struct.unpack_from("<I", raw, at)
            self.blobs.append(raw[at + 4 : at + 4 + size])
            at += 4 + size
        assert len(self.blobs) == SLOTS
        self.requests = (self.folder / "requests.bin").read_bytes()
        self.verdicts = (self.folder / "verdicts.bin").read_bytes()
        places = (self.folder / "places.bin").read_bytes()
        self.places = struct.unpack(f"<{len(places) // 2}H", places)
        self._rounds = (self.folder / "rounds.bin").read_bytes()
        lines = (self.folder / "citizens.tsv").read_text().splitlines()
        self.people = [line.split("\t") for line in lines]
        self.digest_key = self.folder / "digest.key"

    def request_in_round(self, citizen: int, in_round: int) -> bytes:
        at = ((in_round - 1) * self.citizens + citizen) * 104
        return self._rounds[at : at + 32]

    def change_to_round(self, citizen: int, to_round: int) -> bytes:
        at = ((to_round - 1) * self.citizens + citizen) * 104 + 32
        return self._rounds[at : at + 72]

    def changes(self, sequence: int, *changes: bytes) -> bytes:
        return struct.pack("<Qq", sequence, 1_795_000_000_000 + sequence) + b"".join(changes)


ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def shortest_tags() -> list[str]:
    """Slow and obvious: tags in order of length, then of ASCII; the first of each slot."""
    tags: list[str | None] = [None] * SLOTS
    left = SLOTS
    for length in itertools.count(1):
        for letters in itertools.product(ALPHABET, repeat=length):
            tag = "".join(letters)
            slot = binascii.crc_hqx(tag.encode(), 0) % SLOTS
            if tags[slot] is None:
                tags[slot] = tag
                left -= 1
                if left == 0:
                    return tags  # type: ignore[return-value]
