# SPDX-License-Identifier: Apache-2.0
"""Ask a population register, held in memory, whether what a table says about people is true.

    register = xacthuc.open("npd.xts")
    answers = register.verify(people, id="cccd", name="ho_ten", birth_date="ngay_sinh", sex="gioi_tinh")
    answers.summary()

Tables come in and go out by the Arrow PyCapsule interface: pyarrow, Polars, DuckDB and pandas 2.2 or later speak it.
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any, Callable, Protocol, Union, runtime_checkable

from . import _native, ed25519, errors
from ._native import Answers, BuildReport, Counts, Register, Requests
from .errors import Error
from .summary import Summary
from .verdict import Problem, Verdict

__version__ = "0.1.0"
__all__ = [
    "Answers", "ArrowTable", "BuildReport", "Column", "Counts", "Error", "Problem", "Progress", "Register", "Requests",
    "Summary", "Verdict", "build", "ed25519", "errors", "literal", "open", "provinces",
]  # fmt: skip


@runtime_checkable
class ArrowTable(Protocol):
    """Anything that hands out its rows as an Arrow stream; __arrow_c_array__ will do as well."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class literal:  # noqa: N801  (reads as a function, as pl.lit does)
    """A value that is the same for every row, where a text by itself would be the name of a column."""

    def __init__(self, value: str | int | datetime.date) -> None:
        self.__xacthuc_literal__ = value

    def __repr__(self) -> str:
        return f"xacthuc.literal({self.__xacthuc_literal__!r})"


Column = Union[str, int, datetime.date, literal]
"""The name of a column; or a number, a date or a literal, which every row then claims."""

Progress = Union[bool, Callable[[int], Any], None]
"""True for a bar (tqdm's where it is installed), or what is called with the number of rows done."""


def open(  # noqa: A001  (xacthuc.open, as gzip.open)
    path: str | os.PathLike[str],
    *,
    digest_key: str | os.PathLike[str] | None = None,
    authority: str | os.PathLike[str] | None = None,
    map: bool = False,  # noqa: A002
    check: str = "everything",
    threads: int | None = None,
    progress: Progress = None,
) -> Register:
    """Opens a register: a snapshot, or a registry's directory.

    The key of its names and its authority's public key lie beside it as `digest.key` and `authority.pub`, unless they
    are named. The snapshot is loaded into memory, every part checked against the authority's signature; with `map` it
    is read in place instead, which starts sooner and answers slower, and `check` says how much of it is checked before:
    "everything", "damage" (no accident changed it, a forger might have) or "directory".

    Of a directory, the newest snapshot in it that verifies is loaded and the changes after it are made; others may go on
    writing to it, and `Register.refresh()` catches up with them.
    """
    folder = Path(path) if Path(path).is_dir() else Path(path).parent
    return _native.open(
        Path(path),
        Path(digest_key) if digest_key is not None else folder / "digest.key",
        Path(authority) if authority is not None else folder / "authority.pub",
        map,
        check,
        threads,
        progress,
    )


def build(
    table: ArrowTable,
    out: str | os.PathLike[str],
    *,
    id: Column = "id",  # noqa: A002
    name: Column | None = None,
    birth_date: Column | None = None,
    sex: Column | None = None,
    life: Column | None = None,
    registration: Column | None = None,
    account_level: Column | None = None,
    account: Column | None = None,
    document: Column | None = None,
    document_expiry: Column | None = None,
    province: Column | None = None,
    ward: Column | None = None,
    superseded: Column | None = None,
    digest_key: str | os.PathLike[str] | None = None,
    authority_key: str | os.PathLike[str] | None = None,
    authority: str | os.PathLike[str] | None = None,
    sequence: int = 1,
    strict: bool = True,
    threads: int | None = None,
    progress: Progress = None,
) -> BuildReport:
    """Makes a snapshot at `out` of a table with a row for each citizen. Names are stored as digests only. Where `out` is
    a directory, a registry is made in it.

    A null or an empty text says that the register does not know. Keys that lie beside it (digest.key, authority.key and
    authority.pub, unless they are named) are used, and made where there are none. When an id comes again, the last row
    stays. A row that is no citizen is an error, and nothing is written; with `strict=False` it is left out and the
    report says why.
    """
    named = {"digest_key": digest_key, "authority_key": authority_key, "authority": authority}
    keys = {which: Path(path) for which, path in named.items() if path is not None}
    return _native.build(
        table, Path(out), keys, id, name, birth_date, sex, life, registration, account_level, account, document,
        document_expiry, province, ward, superseded, sequence, strict, threads, progress,
    )  # fmt: skip


def provinces() -> dict[int, str]:
    """The provinces of residence since 2025-07-01, by their codes."""
    return _native.province_names()
