# SPDX-License-Identifier: Apache-2.0
"""Long calls: other Python threads go on meanwhile, Ctrl-C stops them, and several may run at once."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import textwrap
import threading
import time

import polars as pl
import pytest
from conftest import person
from hostile import Made, Table

names = {"name": "name", "birth_date": "birth_date", "sex": "sex"}


@pytest.fixture(scope="module")
def many():
    frame = pl.DataFrame([person(i) for i in range(5000)]).select("id", *names)
    return pl.concat([frame] * 200)


def runs_meanwhile(call, tries):
    """Whether another Python thread ran while the call did. The interpreter takes the lock from nobody here, so that it is
    seen only where the call itself lets go of it; a thread that is not scheduled in time sees the next try, or a later."""
    running, seen, tried = threading.Event(), threading.Event(), threading.Event()

    def look():
        while not tried.is_set():
            if running.is_set():
                seen.set()
                return
            time.sleep(0)

    switch_interval = sys.getswitchinterval()
    sys.setswitchinterval(1e6)
    try:
        other = threading.Thread(target=look)
        other.start()
        for _ in range(tries):
            running.set()
            call()
            running.clear()
            if seen.is_set():
                break
            time.sleep(0.001)
        tried.set()
        other.join()
    finally:
        sys.setswitchinterval(switch_interval)
    return seen.is_set()


def test_the_interpreter_lock_is_released(register, many):
    # A table made by hand: those of other libraries may let go of the lock themselves.
    made, rows = Made(), 100_000
    headings = [made.schema(b"u", b"id"), made.schema(b"u", b"name")]
    id_texts = made.array(rows, [None, struct.pack(f"<{rows + 1}i", *range(0, 12 * rows + 1, 12)), b"001099000001" * rows])
    name_texts = made.array(rows, [None, struct.pack(f"<{rows + 1}i", *range(0, 2 * rows + 1, 2)), b"An" * rows])

    def table():
        whole = made.array(rows, [None], children=[id_texts, name_texts])
        return Table(made, made.schema(b"+s", children=headings), whole)

    requests = register.prepare(many, **names)
    numbers = list(range(1_000_000))
    assert not runs_meanwhile(lambda: sorted(numbers), 20)
    assert runs_meanwhile(lambda: register.verify(requests, threads=1), 2000)
    assert runs_meanwhile(lambda: register.count_by("sex", "province", threads=1), 2000)
    assert runs_meanwhile(lambda: register.prepare(table(), name="name", threads=1), 2000)


def test_many_threads_may_ask_one_register_and_the_same_requests(register, many):
    requests = register.prepare(many, **names)
    expected = register.verify(requests).verdicts
    same = []

    def ask():
        for _ in range(5):
            same.append((register.verify(requests, threads=2).verdicts == expected).all())

    workers = [threading.Thread(target=ask) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert same == [True] * 30


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("call", ["verify(endless(), name='name')", "prepare(endless(), name='name')"])
def test_ctrl_c_stops_a_long_run(snapshot, call, threads):
    program = f"""
        import sys
        import pyarrow as pa
        import xacthuc
        register = xacthuc.open(sys.argv[1])
        batch = pa.RecordBatch.from_pydict({{"id": ["001099000001"] * 500_000, "name": ["Nguyễn Thị Hòa"] * 500_000}})
        endless = lambda: pa.Table.from_batches([batch] * 20_000)  # for hours
        try:
            print("running", flush=True)
            register.{call[:-1]}, threads={threads})
            print("not stopped")
        except KeyboardInterrupt:
            print("stopped", flush=True)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), str(snapshot)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "running\n"
    time.sleep(0.3)  # so that it is in the middle of it
    os.kill(process.pid, signal.SIGINT)
    try:
        rest, _ = process.communicate(timeout=240)
    finally:
        process.kill()
    assert rest == "stopped\n" and process.returncode == 0


def test_a_long_build_is_stopped_and_leaves_nothing(tmp_path, many):
    import xacthuc

    def stop(done):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        xacthuc.build(pl.concat([many] * 2), tmp_path / "npd.xts", **names, threads=1, progress=stop)
    assert not list(tmp_path.glob("npd*"))
