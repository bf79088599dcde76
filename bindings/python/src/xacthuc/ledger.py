# SPDX-License-Identifier: Apache-2.0
"""The ledger: a row for each answer, which its owner cannot rewrite or drop unnoticed, and receipts for askers.

    with xacthuc.Ledger.open("ledger", origin="example.vn/ledger") as ledger:
        answers = register.verify(people, ledger=ledger, officer=42)
        receipt = ledger.receipt(entry=0, row=3)
    xacthuc.ledger.verify_receipt(receipt, key)
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Iterable, NamedTuple, Union

from . import _native, errors
from ._native import LedgerTable
from .verdict import Verdict

__all__ = ["Bill", "BillLine", "Ledger", "LedgerTable", "Receipt", "history", "verify_receipt"]

vietnam = datetime.timezone(datetime.timedelta(hours=7))

Day = Union[str, datetime.date]
_Path = Union[str, "os.PathLike[str]"]


class Receipt(NamedTuple):
    """What a receipt shows, once it is believed."""

    id: str
    """The citizen who was asked about."""
    time: datetime.datetime
    """When, in Vietnam's time."""
    agency: int
    """Who asked."""
    procedure: int
    officer: int | None
    claims: tuple[str, ...]
    verdict: Verdict
    """As the asker was shown it."""
    entry: int
    row: int
    register_sequence: int
    """The change that the register was at, or a later one."""
    origin: str
    """The ledger's name."""
    entries: int
    """How many entries the log had at the checkpoint that the receipt names."""


class BillLine(NamedTuple):
    """The answers of one kind, and what they cost."""

    tariff_from: datetime.date | None
    """From which day on the tariff holds; None for answers from before the first one."""
    agency: int
    procedure: int
    outcome_class: str
    """verified, mismatched, stated, refused or faulty."""
    answers: int
    claims: int
    per_claim: int
    exemption: str
    amount: int


class Bill(NamedTuple):
    """What the answers between two checkpoints cost, in whole units of the currency."""

    from_size: int
    from_checkpoint: str
    to_size: int
    to_checkpoint: str
    currency: str
    answers: int
    claims: int
    amount: int
    lines: tuple[BillLine, ...]


def _day_text(day: Day) -> str:
    return day.strftime("%Y-%m-%d") if isinstance(day, datetime.date) else day


def _bill_line(line: dict[str, Any]) -> BillLine:
    since = line["tariff_from_unix_s"]
    return BillLine(
        datetime.datetime.fromtimestamp(since, vietnam).date() if since else None, line["agency"], line["procedure"],
        line["class"], line["answers"], line["claims"], line["per_claim"], line["exemption"], line["amount"],
    )  # fmt: skip


class Ledger:
    """A ledger in a folder, which is of one process at a time."""

    def __init__(self, native: _native.LedgerHandle, folder: Path) -> None:
        self._native = native
        self._folder = folder

    @classmethod
    def open(
        cls,
        folder: _Path,
        *,
        origin: str | None = None,
        key: _Path | None = None,
        witnesses: _Path | None = None,
    ) -> Ledger:
        """Opens the ledger in a folder, or begins one there, whose name is `origin` ("example.vn/ledger").

        key: the file of the key that signs; else `ledger.key` in the folder, which is made for a new ledger. witnesses:
        a file of TOML that says whose cosignatures are needed; else `witnesses.toml` in the folder, where there is one.
        """
        whole = Path(folder).absolute()
        return cls(_native.open_ledger(whole, origin, key, witnesses), whole)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"xacthuc.Ledger({self.key.partition('+')[0]!r}, {self.entries} entries)"

    @property
    def key(self) -> str:
        """The key to give away: what receipts and the public log are verified with."""
        return self._native.key

    @property
    def entries(self) -> int:
        """How many entries the public log has. One stands for all answers of a moment."""
        return self._native.entries

    @property
    def checkpoint(self) -> str:
        """The published checkpoint, with its signatures. Bills are made between two of them."""
        return self._native.checkpoint

    @property
    def is_stopped(self) -> bool:
        """Whether it has failed, and takes no rows until it is opened again."""
        return self._native.is_stopped

    @property
    def is_witnessed(self) -> bool:
        """Whether as many witnesses as are needed have cosigned lately. Where they have not, it takes no rows."""
        return self._native.is_witnessed

    def publish(self) -> None:
        """Makes all that came durable and public. verify() does it by itself."""
        self._native.publish()

    def close(self) -> None:
        """Publishes, and ends it: registers that leave rows in it answer no more. The folder is free for another process
        when they are gone as well."""
        self._native.close()

    def ask_witnesses(self) -> list[str]:
        """Asks the witnesses to cosign what is published; returns what was wrong with those that have not."""
        return self._native.ask_witnesses()

    def receipt(self, entry: int, row: int) -> str:
        """The receipt for a row, by the columns ledger_entry and ledger_row of the answers: text that shows by itself, to
        whoever has the ledger's key, that the row stands in the log."""
        return self._native.receipt(entry, row)

    def history(self, id: str, *, inspector: bool = False, rules: _Path | None = None) -> LedgerTable:  # noqa: A002
        """Who asked about a citizen, as `xacthuc.ledger.history()`."""
        return history(self._folder, id, inspector=inspector, rules=rules)

    def rows(self, from_size: int = 0, to_size: int | None = None) -> LedgerTable:
        """The rows of entries [from_size, to_size), without the citizens: what a bill is made of."""
        return _native.ledger_rows(self._folder, from_size, self.entries if to_size is None else to_size)

    def bill(
        self,
        tariffs: _Path | Iterable[_Path],
        *,
        from_checkpoint: str | None = None,
        to_checkpoint: str | None = None,
    ) -> Bill:
        """What the answers between two checkpoints cost: from the log's beginning, and to its newest, unless they are
        given. A tariff is a file of TOML; several hold each from its day on."""
        files = [tariffs] if isinstance(tariffs, (str, os.PathLike)) else list(tariffs)
        made = self._native.bill(files, from_checkpoint, to_checkpoint)
        return Bill(**{**made, "lines": tuple(_bill_line(line) for line in made["lines"])})

    def update_histories(self) -> None:
        """Packs the hours that are over and sorts the days that are, so that histories are found quickly: once a day,
        after midnight in Vietnam."""
        self._native.update_histories()

    def forget(self, day: Day) -> None:
        """Destroys the key of a day in Vietnam: nobody can open its rows again. Receipts that were given and the public
        log stay good."""
        self._native._forget(_day_text(day))

    def prune(self, before: Day) -> int:
        """Does so with all days before this one, and removes their rows and histories; the day of the newest row stays.
        Returns how many files of an hour there were."""
        return self._native._prune(_day_text(before))


def history(
    folder: _Path,
    id: str,  # noqa: A002
    *,
    inspector: bool = False,
    rules: _Path | None = None,
) -> LedgerTable:
    """Who asked about a citizen, in the order of time, from the ledger in a folder, also while another process writes it.

    The table has time (of Vietnam), agency, procedure, officer, claims, withheld, and the columns that answers have. It
    shows what the citizen may see herself: `rules`, a file of TOML, says when and of which procedures, and officers are
    never named. With `inspector` it shows all, at once. That whoever asks is the one or the other is for you to know.
    """
    if not isinstance(inspector, bool):
        raise errors.ArgumentError("inspector: wanted True or False")
    return _native.ledger_history(Path(folder).absolute(), id, inspector, rules)


def verify_receipt(text: str, key: str) -> Receipt:
    """Believes a receipt by the ledger's key alone, or raises Error. Whether witnesses have cosigned the checkpoint in it
    is another matter."""
    shown = _native.verify_receipt(text, key)
    verdict = shown["verdict"]
    return Receipt(
        shown["id"], datetime.datetime.fromtimestamp(shown["time_unix_ms"] / 1000, vietnam), shown["agency"],
        shown["procedure"], shown["officer"] or None, shown["claims"], verdict, shown["entry"], shown["row"],
        shown["register_sequence"], shown["origin"], shown["entries"],
    )  # fmt: skip
