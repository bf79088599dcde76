# SPDX-License-Identifier: Apache-2.0
"""Every call with the k-th allocation of the native module refused: no hang, no crash, an error of memory or of the
library each time, and the next call works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import xacthuc
from conftest import citizen_columns

folder = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.skipif("LD_PRELOAD" in os.environ, reason="another allocator is preloaded")
def test_every_call_with_every_allocation_failing(tmp_path, snapshot, citizens):
    allocator = tmp_path / "failing_allocator.so"
    subprocess.run(
        [os.environ.get("CXX", "c++"), "-std=c++17", "-O1", "-g", "-fPIC", "-shared", "-o", str(allocator),
         str(folder / "failing_allocator.cpp")], check=True,
    )  # fmt: skip
    registry = tmp_path / "registry"
    registry.mkdir()
    xacthuc.build(citizens, registry, **citizen_columns)
    ran = subprocess.run(
        [sys.executable, str(folder / "failing.py"), str(allocator), str(snapshot), str(registry)],
        env={**os.environ, "LD_PRELOAD": str(allocator)}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    done = ran.stdout.splitlines()
    assert (ran.returncode, done[-1:]) == (0, ["all well"]), (done[-1:], ran.stderr[-3000:])
