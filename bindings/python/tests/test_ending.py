# SPDX-License-Identifier: Apache-2.0
"""Python ends while daemon threads are inside calls: it ends as if they were not there. XACTHUC_ENDINGS says how often;
before a release, a thousand times."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

rounds = int(os.environ.get("XACTHUC_ENDINGS", "105"))


@pytest.mark.slow
def test_python_ends_well_with_threads_inside_calls(snapshot):
    ran = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("ending.py")), str(snapshot), str(rounds), "1"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (ran.stdout, ran.stderr, ran.returncode) == (f"{rounds} rounds\n", "", 0)
