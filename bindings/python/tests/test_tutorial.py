# SPDX-License-Identifier: Apache-2.0
"""The tutorial runs, finds what it planted, and leaves a picture."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

tutorial = Path(__file__).parents[3] / "examples" / "verify_a_table.py"


def test_the_tutorial_finds_what_it_planted_and_draws_it(tmp_path):
    ran = subprocess.run(
        [sys.executable, str(tutorial), "--rows", "20000", "--folder", str(tmp_path)],
        capture_output=True, text=True, env={**os.environ, "MPLBACKEND": "Agg"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "register: 20,000 citizens" in ran.stdout and "birth_date_mismatch" in ran.stdout
    picture = (tmp_path / "outcomes-by-province.png").read_bytes()
    width, height = struct.unpack(">4x4xII", picture[8:24])
    assert picture.startswith(b"\x89PNG") and (width, height) == (1105, 1235)
    assert len(picture) > 40_000
