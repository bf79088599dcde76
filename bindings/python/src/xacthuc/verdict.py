# SPDX-License-Identifier: Apache-2.0
"""One answer by itself, and why a row got none."""

from __future__ import annotations

from typing import NamedTuple


class Verdict(NamedTuple):
    """The answer to one row. `bool(verdict)` is whether everything claimed is true."""

    outcome: int
    meaning: str
    matched: tuple[str, ...]
    mismatched: tuple[str, ...]
    unavailable: tuple[str, ...]
    name_grade: str
    coarse: bool
    claim_coarse: bool
    ledger_entry: int | None = None
    """Where the ledger has its row, if it leaves one: what `Ledger.receipt()` takes."""
    ledger_row: int | None = None

    def __bool__(self) -> bool:
        return self.outcome == 0


class Problem(NamedTuple):
    """Why no request, or no citizen, could be made of a row."""

    row: int
    column: str
    code: int
    reason: str
