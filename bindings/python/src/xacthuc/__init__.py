# SPDX-License-Identifier: Apache-2.0
"""Ask a population register, held in memory, whether what a table says about people is true.

    register = xacthuc.open("npd.xts")
    answers = register.verify(people, id="cccd", name="ho_ten", birth_date="ngay_sinh", sex="gioi_tinh")
    answers.summary()

Tables come in and go out by the Arrow PyCapsule interface: pyarrow, Polars, DuckDB and pandas 2.2 or later speak it.
"""

from __future__ import annotations

import atexit
import datetime
import os
from pathlib import Path
from typing import Any, Callable, Iterable, Protocol, Union, runtime_checkable

from . import missing_library  # noqa: F401  (before the native module, to say what that lacks)
from . import _native, ed25519, errors, ledger
from ._native import Answers, BuildReport, Counts, Guards, Policy, Register, Requests
from .errors import Error
from .ledger import Ledger
from .summary import Summary
from .verdict import Problem, Verdict

__version__ = "0.1.0"
atexit.register(_native.ending_begins)
__all__ = [
    "Answers", "ArrowTable", "BuildReport", "Column", "Counts", "Error", "Guards", "Ignore", "Ledger", "Policy", "Problem",
    "Progress", "Register", "Requests", "Summary", "Value", "Verdict", "build", "ed25519", "errors", "ledger", "literal", "open",
    "provinces",
]  # fmt: skip


@runtime_checkable
class ArrowTable(Protocol):
    """Anything that hands out its rows as an Arrow stream; __arrow_c_array__ will do as well."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class literal:  # noqa: N801  (reads as a function, as pl.lit does)
    """A value that is the same for every row, where a text by itself would be the name of a column: a text, a whole
    number or a date."""

    def __init__(self, value: str | int | datetime.date) -> None:
        if not isinstance(value, (str, int, datetime.date)) or isinstance(value, bool) or value != value:
            raise errors.ArgumentError(f"literal: wanted a text, a whole number or a date, not {type(value).__name__}")
        self.__xacthuc_literal__ = value

    def __repr__(self) -> str:
        # What it is may be a person's.
        return f"xacthuc.literal(<{type(self.__xacthuc_literal__).__name__}>)"


Column = Union[str, int, datetime.date, literal]
"""The heading of a column; or a number, a date or a literal, which every row then claims."""

Value = Union[str, int, datetime.date, literal]
"""What one request claims: a text, a whole number or a date."""

Ignore = Union[bool, str, Iterable[str]]
"""Headings of columns to leave out; True for all that no keyword names."""

Progress = Union[bool, Callable[[int], Any], None]
"""True for a bar (tqdm's where it is installed), or what is called with the number of rows done."""


def open(  # noqa: A001  (xacthuc.open, as gzip.open)
    path: str | os.PathLike[str],
    *,
    digest_key: str | os.PathLike[str] | None = None,
    authority: str | os.PathLike[str] | None = None,
    map: bool = False,  # noqa: A002
    check: str = "everything",
    mark: str | os.PathLike[str] | None = None,
    at_least: int = 0,
    policy: str | os.PathLike[str] | Policy | None = None,
    policy_root: str | None = None,
    unsigned: bool = False,
    agency: int | None = None,
    guards: str | os.PathLike[str] | Guards | None = None,
    ledger: Ledger | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> Register:
    """Opens a register: a snapshot, or a registry's directory.

    The key of its names and its authority's public key lie beside it as `digest.key` and `authority.pub`, unless they
    are named. The snapshot is loaded into memory, every part checked against the authority's signature; with `map` it
    is read in place instead, which starts sooner and answers slower, and `check` says how much of it is checked before:
    "everything", "damage" (no accident changed it, a forger might have) or "directory". `threads`: 1 to 1024, None for
    as many as there are processors.

    Of a directory, the newest snapshot in it that verifies is loaded and the changes after it are made; others may go on
    writing to it, and `Register.refresh()` catches up with them. `mark` names its high-water mark's file where that was
    made elsewhere than in the directory (`init --mark`).

    `at_least` is the number of a change that the register is known to have: one that does not come to it is refused. With
    it a directory opens whose mark is lost.

    `policy` says who may ask what, and verification answers under it: a path, with `policy_root` or `unsigned` as
    `Policy.load()` has them, or a Policy. `agency` is the number of the agency that asks, on whose behalf this program
    runs: it is that of rows that name none, and rows that name another are not permitted. `guards` watch who asks too
    much: Guards, or the folder of their state, which is then this register's until it is gone; only Guards can be saved
    and closed. In `ledger` each answer leaves a row before it is given.
    """
    if policy is None or isinstance(policy, Policy):
        if policy_root is not None or unsigned:
            raise errors.ArgumentError("policy_root, unsigned: say how a policy's path is to be trusted, and there is none")
    else:
        policy = Policy.load(Path(policy).absolute(), root=policy_root, unsigned=unsigned)
    whole = Path(path).absolute()
    if not whole.exists():
        raise errors.NotFoundError(f"no such file or folder: {whole}", 112)
    folder = whole if whole.is_dir() else whole.parent
    opened = _native.open(
        whole,
        Path(digest_key).absolute() if digest_key is not None else folder / "digest.key",
        Path(authority).absolute() if authority is not None else folder / "authority.pub",
        map,
        check,
        Path(mark).absolute() if mark is not None else "",
        at_least,
        policy,
        agency,
        threads,
        progress,
    )
    if guards is not None:
        opened.set_guards(guards if isinstance(guards, Guards) else Guards.open(Path(guards).absolute()))
    if ledger is not None:
        opened.set_ledger(ledger)
    return opened


def build(
    table: ArrowTable,
    out: str | os.PathLike[str],
    *,
    id: Column | None = None,  # noqa: A002
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
    ignore: Ignore = (),
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

    Columns are known by their headings, in English or Vietnamese, with or without diacritics ("Số CCCD", "ho_ten"), or
    named by the keywords, which also take a number, a date or an `xacthuc.literal` that holds for all. A column that is
    neither used nor named in `ignore` is an error; `ignore=True` leaves out all that no keyword names but the id's.

    life: alive, deceased, missing. registration: active, suspended, cancelled. account_level: none, level_1, level_2.
    account: active, locked, revoked. document: none, valid, lost, damaged, replaced, revoked, held. document_expiry: a
    day, or lifelong. superseded: yes or no, true or false. sequence: a whole number from 0 on.

    A null or an empty text says that the register does not know. Keys that lie beside it (digest.key, authority.key and
    authority.pub, unless they are named) are used, and made where there are none. When an id comes again, the last row
    stays. A row that is no citizen is an error, and nothing is written; with `strict=False` it is left out and the
    report says why.
    """
    named = {"digest_key": digest_key, "authority_key": authority_key, "authority": authority}
    keys = {which: Path(path) for which, path in named.items() if path is not None}
    return _native.build(
        table, Path(out), keys, id, name, birth_date, sex, life, registration, account_level, account, document,
        document_expiry, province, ward, superseded, ignore, sequence, strict, threads, progress,
    )  # fmt: skip


def provinces() -> dict[int, str]:
    """The provinces of residence since 2025-07-01, by their codes."""
    return _native.province_names()
