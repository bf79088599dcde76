# SPDX-License-Identifier: Apache-2.0
"""Ends a Python again and again while daemon threads are inside calls: python ending.py SNAPSHOT ROUNDS SEED.

Each round is a child of this process that starts threads and comes to the end of this file, as any program does. What is
printed is how each ended that did not end well.
"""

from __future__ import annotations

import collections
import os
import random
import sys
import tempfile
import threading
import time

import pyarrow as pa
import xacthuc

snapshot, rounds, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
register = xacthuc.open(snapshot)
count = 20_000
people = pa.table({"id": ["001099000001"] * count, "name": ["Nguyễn Thị Hòa"] * count})
few = people.slice(0, 100)
requests = register.prepare(people, name="name")
folder = tempfile.mkdtemp()


def endless():
    batch = people.to_batches()[0]
    while True:
        yield batch


def tell(done: int) -> None:
    sum(range(1000))


def refused() -> None:
    try:
        register.verify(few, name="nobody")
    except xacthuc.Error:
        pass


def signatures() -> None:
    xacthuc.ed25519.verify_batch([b"message"] * 3000, [bytes(64)] * 3000, bytes(32), threads=2)


calls = {
    "verify": lambda: register.verify(people, name="name", threads=1),
    "verify by two": lambda: register.verify(people, name="name", threads=2, progress=tell),
    "verify few": lambda: register.verify(few, name="name"),
    "verify prepared": lambda: register.verify(requests),
    "prepare": lambda: register.prepare(people, name="name", threads=2),
    "a reader in Python": lambda: register.verify(
        pa.RecordBatchReader.from_batches(people.schema, endless()), name="name", progress=tell
    ),
    "a table that is refused": refused,
    "open": lambda: xacthuc.open(snapshot, threads=2),
    "build": lambda: xacthuc.build(people, os.path.join(folder, f"{threading.get_ident()}.xts"), name="name"),
    "count": lambda: register.count_by("province", "sex"),
    "one answer": lambda: answers[0],
    "summary": lambda: str(answers.summary()),
    "problems": lambda: answers.problems(),
    "refresh": lambda: register.refresh(),
    "signatures": signatures,
}
answers = register.verify(pa.table({"id": ["001099000001", "x"] * 500, "name": ["An"] * 1000}), name="name")
chosen = sys.argv[4:] or list(calls)


def again_and_again(call) -> None:
    while True:
        call()


def start(kind: str, chance: random.Random) -> None:
    for _ in range(3):
        threading.Thread(target=again_and_again, args=[calls[kind]], daemon=True).start()
    time.sleep(chance.random() * 0.03)


bad: collections.Counter[tuple[str, int]] = collections.Counter()
children: list[tuple[int, str]] = []
for number in range(rounds):
    kind = chosen[number % len(chosen)]
    child = os.fork()
    if child == 0:
        start(kind, random.Random(seed + number))
        break
    _, status = os.waitpid(child, 0)
    if status != 0:
        bad[kind, os.waitstatus_to_exitcode(status)] += 1
else:
    for (kind, code), times in bad.items():
        print(f"{kind}: ended with {code}, {times} times")
    print(f"{rounds} rounds")
