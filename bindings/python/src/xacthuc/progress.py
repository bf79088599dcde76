# SPDX-License-Identifier: Apache-2.0
"""A bar for long calls: tqdm's where it is installed, a plain line on standard error where it is not."""

from __future__ import annotations

import sys
from typing import Any, Callable

from .errors import ArgumentError


class Bar:
    """Called with the rows done so far; close() ends the line."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what, self._total, self._done = what, total, 0
        self._tqdm: Any = None
        try:
            from tqdm.auto import tqdm
        except ImportError:
            return
        self._tqdm = tqdm(desc=what, total=total, unit=" rows", unit_scale=True)

    def __call__(self, done: int) -> None:
        if self._tqdm is not None:
            self._tqdm.update(done - self._done)
        else:
            of = f" of {self._total:,}" if self._total else ""
            print(f"\r{self._what}: {done:,}{of} rows", end="", file=sys.stderr, flush=True)
        self._done = done

    def close(self) -> None:
        """Leaves the bar as it is."""
        if self._tqdm is not None:
            self._tqdm.close()
        else:
            print(file=sys.stderr)


def rows_of(table: object) -> int | None:
    """How many rows a table has, where it can say without working for it."""
    rows = getattr(table, "num_rows", None)
    if isinstance(rows, int):
        return rows
    if type(table).__module__.split(".")[0] in {"pandas", "polars", "xacthuc"}:
        return len(table)  # type: ignore[arg-type]
    return None


def start(progress: bool | Callable[[int], object] | None, what: str, total: int | None) -> Any:
    """What the native side calls with the rows done: None, the caller's own, or a Bar."""
    if progress is None or progress is False:
        return None
    if progress is True:
        return Bar(what, total)
    if not callable(progress):
        raise ArgumentError(f"progress: wanted True, False, None or something to call, not {type(progress).__name__}")
    return progress
