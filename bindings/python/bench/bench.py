# SPDX-License-Identifier: Apache-2.0
"""The package beside plain C++ on the same buffers in the same process, and beside a Polars join. See bench/run."""

from __future__ import annotations

import ctypes
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

columns = ["id", "name", "birth_date", "sex"]
fields = {name: name for name in columns}


def interleaved(rounds: int, *works: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """The median seconds of each, taken in turns."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, seconds):
            start = clock()
            work()
            taken.append(clock() - start)
    return [statistics.median(taken) for taken in seconds]


# What one thread does is measured in its processor time, so that neighbours on the machine count for less.
cpu = time.process_time


def people_of(folder: Path):
    """Every known citizen, in an order that has nothing to do with the register's; a tenth of the birth dates is wrong."""
    import polars as pl

    register = pl.read_csv(folder / "people.csv", infer_schema=False, columns=columns)
    people = register.drop_nulls().sample(fraction=1, shuffle=True, seed=1)
    wrong = pl.int_range(pl.len()) % 10 == 3
    return register, people.with_columns(
        pl.when(wrong).then(pl.lit("1901-02-03")).otherwise(pl.col("birth_date")).alias("birth_date")
    )


class Plain:
    """The C++ side."""

    def __init__(self, library: str, folder: Path, table) -> None:
        self.calls = ctypes.CDLL(library)
        self.calls.plain_open.restype = ctypes.c_void_p
        self.calls.plain_verify_text.restype = ctypes.c_uint64
        paths = [str(folder / name).encode() for name in ("snapshot.xts", "digest.key", "authority.pub")]
        self.register = ctypes.c_void_p(self.calls.plain_open(*paths))
        self.table = table
        pointers = []
        for name in columns:
            (chunk,) = table[name].chunks
            pointers += [chunk.buffers()[1].address, chunk.buffers()[2].address]
        self.pointers = (ctypes.c_void_p * 8)(*pointers)
        self.rows = ctypes.c_uint64(table.num_rows)

    def text(self) -> int:
        return self.calls.plain_verify_text(self.register, self.pointers, self.rows)

    def prepare(self) -> None:
        self.calls.plain_prepare(self.register, self.pointers, self.rows)

    def prepared(self) -> None:
        self.calls.plain_verify_prepared(self.register)


def beside_cpp(folder: Path, library: str, rounds: int) -> None:
    import pyarrow as pa
    import xacthuc

    _, people = people_of(folder)
    table = pa.table({name: pa.array(people[name].to_list(), pa.large_string()) for name in columns})
    rows = table.num_rows
    register = xacthuc.open(folder / "snapshot.xts")
    plain = Plain(library, folder, table)
    plain.prepare()
    requests = register.prepare(table, **fields)
    assert plain.text() == int((register.verify(table, **fields).outcome == 0).sum())

    def line(what: str, ours: float, theirs: float) -> None:
        print(f"{what:<42} {rows / ours / 1e6:>9.2f} {rows / theirs / 1e6:>9.2f} {theirs / ours:>8.2f}")

    print(f"{rows:,} rows, register of {len(register):,}, median of {rounds}; million rows a second")
    print(f"{'one thread':<42} {'Python':>9} {'C++':>9} {'ratio':>8}")
    line("prepared requests", *interleaved(4 * rounds, lambda: register.verify(requests, threads=1), plain.prepared, clock=cpu))
    line("Arrow text: id, name, birth date, sex",
         *interleaved(rounds, lambda: register.verify(table, **fields, threads=1), plain.text, clock=cpu))  # fmt: skip
    other = {
        "the same from Polars (string views)": people,
        "the same, sex as a dictionary": table.set_column(3, "sex", table["sex"].dictionary_encode()),
        "the same, dates as date32": table.set_column(2, "birth_date", dates_of(people)),
    }
    for what, one in other.items():
        line(what, *interleaved(rounds, lambda one=one: register.verify(one, **fields, threads=1), plain.text, clock=cpu))
    everywhere = len(os.sched_getaffinity(0))
    both = interleaved(rounds, lambda: register.verify(table, **fields), lambda: register.verify(requests))
    print(f"{everywhere} threads: text {rows / both[0] / 1e6:.2f}, prepared {rows / both[1] / 1e6:.2f}")

    one_row = table.slice(0, 1).to_batches()[0]
    one = register.prepare(one_row, **fields)
    calls = {
        "one prepared request": lambda: register.verify(one),
        "one row of a record batch": lambda: register.verify(one_row, **fields),
        "of that, pyarrow's own hand-out": lambda: one_row.__arrow_c_array__(),
    }
    many = 2000

    def repeat(call: Callable[[], object]) -> Callable[[], object]:
        return lambda: [call() for _ in range(many)]

    taken = interleaved(5 * rounds, *map(repeat, calls.values()), clock=cpu)
    for what, seconds in zip(calls, taken):
        print(f"{what:<42} {seconds / many * 1e6:>9.2f} µs")
    print(f"{'so a call with one row costs beside that':<42} {(taken[1] - taken[2]) / many * 1e6:>9.2f} µs")


def dates_of(people):
    import polars as pl
    import pyarrow as pa

    return pa.array(people["birth_date"].str.to_date("%Y-%m-%d", strict=False).fill_null(pl.date(1901, 2, 3)).to_list(), pa.date32())


def peak_mb() -> float:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def now_mb() -> float:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def one_side(folder: Path, side: str, rounds: int) -> None:
    """In a process of its own: how long the answer takes, and how much memory the register and the answering need."""
    import gc

    import polars as pl

    register_frame, people = people_of(folder)
    if side == "polars":
        before = register_frame.estimated_size() / 2**20

        def answer() -> int:
            joined = people.join(register_frame, on="id", how="left", suffix="_known", maintain_order="left")
            outcome = (
                pl.when(pl.col("name_known").is_null() & pl.col("sex_known").is_null()).then(200)
                .when(pl.col("name") != pl.col("name_known")).then(100)
                .when(pl.col("birth_date") != pl.col("birth_date_known")).then(102)
                .when(pl.col("sex") != pl.col("sex_known")).then(103)
                .otherwise(0)
            )  # fmt: skip
            return int((joined.select(outcome.alias("outcome"))["outcome"] == 102).sum())
    else:
        import xacthuc

        del register_frame
        register = xacthuc.open(folder / "snapshot.xts", threads=1)
        before = register.memory_bytes / 2**20
        threads = int(os.environ["POLARS_MAX_THREADS"])

        def answer() -> int:
            return register.verify(people, **fields, threads=threads).outcome_counts()[102]

    found = answer()
    gc.collect()
    reset_peak()
    resting = now_mb()
    seconds = interleaved(rounds, answer, clock=cpu if os.environ["POLARS_MAX_THREADS"] == "1" else time.perf_counter)[0]
    told = {"seconds": seconds, "register_mb": before, "working_mb": peak_mb() - resting, "found": found,
            "rows": people.height}  # fmt: skip
    print(json.dumps(told))


def beside_polars(folder: Path, rounds: int) -> None:
    for threads in (1, len(os.sched_getaffinity(0))):
        told = {}
        for side in ("xacthuc", "polars"):
            ran = subprocess.run(
                [sys.executable, __file__, str(folder), side, str(rounds)], check=True, capture_output=True, text=True,
                env={**os.environ, "POLARS_MAX_THREADS": str(threads)},
            )  # fmt: skip
            told[side] = json.loads(ran.stdout)
        ours, theirs = told["xacthuc"], told["polars"]
        print(f"beside a Polars join, {threads} threads each: {theirs['seconds'] / ours['seconds']:.1f} times as fast")
        for side, one in told.items():
            print(f"  {side:<8} {one['rows'] / one['seconds'] / 1e6:>7.2f} M rows/s   register {one['register_mb']:>8.1f} MiB"
                  f"   working memory {one['working_mb']:>8.1f} MiB   {one['found']:,} wrong birth dates found")  # fmt: skip


if __name__ == "__main__":
    where, library_or_side, repeat = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if library_or_side in {"xacthuc", "polars"}:
        one_side(where, library_or_side, repeat)
    else:
        beside_cpp(where, library_or_side, repeat)
        beside_polars(where, repeat)
