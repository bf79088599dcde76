# SPDX-License-Identifier: Apache-2.0
"""Long calls: other Python threads go on meanwhile, Ctrl-C stops them, and several may run at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import polars as pl
import pytest
from conftest import person

names = {"name": "name", "birth_date": "birth_date", "sex": "sex"}


@pytest.fixture(scope="module")
def many():
    frame = pl.DataFrame([person(i) for i in range(5000)]).select("id", *names)
    return pl.concat([frame] * 200)


def test_the_interpreter_lock_is_released(register, many):
    answers = []
    worker = threading.Thread(target=lambda: answers.append(register.verify(many, **names, threads=1)))
    longest, last = 0.0, time.perf_counter()
    worker.start()
    while worker.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    assert len(answers[0]) == 1_000_000
    # A call that held the lock would have held it for its whole length, some hundred milliseconds.
    alone = time.perf_counter()
    register.verify(many, **names, threads=1)
    assert longest < (time.perf_counter() - alone) / 2


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
        endless = lambda: pa.Table.from_batches([batch] * 100)
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
    start = time.perf_counter()
    os.kill(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=120)
    assert rest == "stopped\n" and process.returncode == 0
    assert time.perf_counter() - start < 20


def test_a_long_build_is_stopped_and_leaves_nothing(tmp_path, many):
    import xacthuc

    def stop(done):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        xacthuc.build(pl.concat([many] * 2), tmp_path / "npd.xts", **names, threads=1, progress=stop)
    assert not list(tmp_path.glob("npd*"))
