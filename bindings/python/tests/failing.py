# SPDX-License-Identifier: Apache-2.0
"""Every call of the package, with the k-th allocation of its native module refused, and all from the k-th on. Run by
test_failing_allocator.py with that allocator preloaded: failing.py <the allocator> <snapshot> <registry>."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import pickle
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable

import xacthuc
from conftest import person
from hostile import ArrowArray, ArrowArrayStream, ArrowSchema, Made, Table, text
from xacthuc import ed25519

faulthandler.enable()
allocator = ctypes.CDLL(sys.argv[1])
allocator.relent.restype = ctypes.c_size_t
allocator.fail_allocations.argtypes = [ctypes.c_size_t, ctypes.c_int]
rows = [person(i) for i in range(60)]
total: dict[str, int] = {}
fields = ["id", "name", "birth_date", "sex"]


def table(people: list[dict[str, Any]]) -> Table:
    """Made by hand: of its own library nothing fails."""
    made = Made()
    schema = made.schema(b"+s", children=[made.schema(b"u", field.encode()) for field in fields])
    texts = [text(made, [str(one[field]) for one in people]) for field in fields]
    return Table(made, schema, made.array(len(people), [None], children=texts))


def consumed(answers: object) -> int:
    """How many rows a stream has, which is read as a table's own library reads it."""
    capsule = answers.__arrow_c_stream__()
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    stream = ArrowArrayStream.from_address(pointer(capsule, b"arrow_array_stream"))
    schema, batch, count = ArrowSchema(), ArrowArray(), 0
    if code := stream.get_schema(stream, schema):
        raise MemoryError if code == 12 else OSError(code)
    schema.release(schema)
    while True:
        if code := stream.get_next(stream, batch):
            raise MemoryError if code == 12 else OSError(code)
        if not batch.release:
            return count
        count += batch.length
        batch.release(batch)


def numbers_to_fail() -> Any:
    """All of the first, then ever fewer: what a call does over and over need not be failed each time."""
    k = 0
    while True:
        yield k
        k += 1 if k < 16 else 1 + k // 3


def open_files() -> int:
    """SQLite keeps some of a database's open until no connection has a lock on it."""
    files = [os.readlink(f"/proc/self/fd/{one}") for one in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{one}")]
    return sum(not file.endswith("changes.sqlite") for file in files)


def for_every_k(name: str, call: Callable[[], Any], clean: Callable[[], Any] = lambda: None) -> None:
    expected = call()
    clean()
    before = open_files()
    refused = raised = 0
    for sticky in (0, 1):
        for k in numbers_to_fail():
            print(f"{name}: {k} {'and all from it on' if sticky else 'alone'}", flush=True)
            result = None
            allocator.fail_allocations(k, sticky)
            try:
                result = call()
            except (MemoryError, xacthuc.Error):
                pass
            finally:
                met = allocator.relent() > k
            # A call that came back without an error has done what it should.
            assert result == expected if result is not None else met, (result, expected)
            clean()
            assert call() == expected
            clean()
            refused += met
            raised += result is None
            if not met:
                break
    assert open_files() == before, name
    print(f"{name}: {refused} refused, {raised} errors", flush=True)
    total[name] = refused


def verified(register: xacthuc.Register, threads: int) -> list[int]:
    people = table(rows if threads == 1 else rows * 40)
    try:
        return register.verify(people, name="name", birth_date="birth_date", sex="sex", threads=threads).outcome.tolist()
    finally:
        assert people.made.released == {"schema": 1, "array": 1, "stream": 0}, people.made.released


def main() -> None:
    # What is made at the first use of a thing is made: numpy, SQLite, the kernels.
    snapshot, registry = sys.argv[2:]
    place = Path(tempfile.mkdtemp(dir=Path(snapshot).parent))
    register = xacthuc.open(snapshot)
    verified(register, 2)
    for name in ("/_native.", "libstdc++", "libsqlite3", "libsodium", "libutf8proc"):
        watched = allocator.watch(name.encode())
        assert watched == 1, f"{watched} objects are {name}"
    for_every_k("open", lambda: len(xacthuc.open(snapshot, threads=2)))
    for_every_k("open in place", lambda: len(xacthuc.open(snapshot, map=True)))
    for_every_k("open a registry", lambda: len(xacthuc.open(registry)))
    opened = xacthuc.open(registry)
    for_every_k("refresh", opened.refresh)
    for threads in (1, 2):
        for_every_k(f"verify, {threads} threads", lambda: verified(register, threads))
    for_every_k("wrong columns", lambda: refused_columns(register))
    for_every_k("prepare", lambda: (len(made := register.prepare(table(rows), name="name", ignore=True)), repr(made)))
    requests = register.prepare(table(rows), name="name", ignore=True)
    for_every_k("verify what is prepared", lambda: register.verify(requests).outcome.tolist())

    answers = register.verify(table([*rows, {**rows[0], "id": "12"}]), name="name", ignore=True)
    for_every_k("answers", lambda: (repr(answers), answers._repr_html_(), str(answers[3]), answers.verdicts.tolist()))
    for_every_k("columns of answers", lambda: (answers.matched.tolist(), answers.name_grade.tolist()))
    for_every_k("problems", lambda: str(answers.problems()))
    for_every_k("summary", lambda: str(answers.summary()))
    for_every_k("stream of answers", lambda: consumed(answers))
    for_every_k("answers by pickle", lambda: pickle.loads(pickle.dumps(answers)).outcome.tolist())
    for_every_k("register by pickle", lambda: len(pickle.dumps(register)))
    for_every_k("texts of a register", lambda: (repr(register), register._repr_html_(), register.path))
    for_every_k("count", lambda: (repr(made := register.count_by("sex", "province", threads=2)), consumed(made)))

    out = place / "made.xts"

    def build() -> int:
        people = table(rows)
        try:
            return xacthuc.build(people, out, name="name", birth_date="birth_date", sex="sex", threads=2).citizens
        finally:
            # All of it, or it was not taken.
            assert people.made.released in ({"schema": n, "array": n, "stream": 0} for n in (0, 1)), people.made.released

    def remove() -> None:
        # Whole or not there; and nothing that was begun is left.
        if out.exists():
            assert len(xacthuc.open(out, map=True, check="damage")) == len(rows)
            out.unlink()
        left = {path.name for path in place.iterdir()} - {"digest.key", "authority.key", "authority.pub"}
        assert not left, left

    for_every_k("build", build, remove)
    columns = ([b"message"] * 40, [bytes(64)] * 40, [bytes(32)] * 40)
    for_every_k("signatures", lambda: ed25519.verify_batch(*columns, threads=2).tolist())
    for_every_k("provinces", xacthuc.provinces)
    fail_ledgers(register)


def fail_ledgers(register: xacthuc.Register) -> None:
    folder = Path(tempfile.mkdtemp(dir=Path(sys.argv[2]).parent)) / "ledger"

    def recorded() -> tuple[list[int], int | None, str]:
        # What is refused in the middle of publishing ends a ledger, and it goes on when it is opened again.
        with xacthuc.Ledger.open(folder, origin="example.vn/no-memory") as ledger:
            answers = register.verify(table(rows), name="name", ignore=True, ledger=ledger, threads=1)
            first = answers[0]
            receipt = ledger.receipt(first.ledger_entry, first.ledger_row)
            shown = xacthuc.ledger.verify_receipt(receipt, ledger.key)
            return answers.outcome.tolist(), first.ledger_row, shown.id

    for_every_k("ledger", recorded)
    few = xacthuc.ledger.history(folder, rows[0]["id"])
    for_every_k("history", lambda: len(xacthuc.ledger.history(folder, rows[0]["id"])))
    for_every_k("stream of a history", lambda: consumed(few))


def refused_columns(register: xacthuc.Register) -> str:
    try:
        register.verify(table(rows), name="no such column")
    except xacthuc.errors.ColumnError as error:
        return str(error)
    raise AssertionError


main()
# Those that allocate nothing but Python's own objects are refused nothing.
nothing = {name for name, refused in total.items() if refused == 0}
assert nothing <= {"answers", "columns of answers", "provinces", "register by pickle", "summary", "texts of a register"}, nothing
print(f"{sum(total.values())} allocations refused in {len(total)} calls, none in {sorted(nothing)}")
print("all well")
