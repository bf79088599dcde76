# SPDX-License-Identifier: Apache-2.0
"""One question about the rows of many tables, in many processes: what xacthuc.spark, xacthuc.dask and xacthuc.ray send out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Optional, Sequence, Tuple, Union

from . import _native, errors
from .host_register import HostRegister

if TYPE_CHECKING:
    import os

    from . import Value
    from ._native import Answers, Register

__all__ = ["Asking", "HostRegister", "plan"]

_of_one_process = {"ledger", "officer", "guards"}
_answer_columns = (
    "outcome", "meaning", "matched", "mismatched", "unavailable", "name_grade", "coarse", "claim_coarse"
)  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """What is asked of each table: the columns to take, by their places in the table that was planned for, what every
    row claims, and the columns to keep. Goes to other processes; no cell and no key is in it."""

    register: HostRegister
    columns: Tuple[Tuple[str, int], ...]
    """Each field, and where its column is."""
    values: Tuple[Tuple[str, Value], ...]
    keep: Tuple[int, ...]
    require: Optional[Tuple[str, ...]]
    claims: Tuple[Tuple[str, int], ...]
    """What is asked about, and the bit that it has in masks."""
    threads: Optional[int]

    def answers(self, columns: Sequence[Any], register: Optional[Register] = None) -> Answers:
        """Asks about these rows: one Arrow array for each of `self.columns`, in their order. `register` is one that this
        was opened as before."""
        import pyarrow as pa

        fields = [field for field, _ in self.columns]
        rows = pa.table(list(columns), names=fields)
        named: Dict[str, Any] = {**dict(zip(fields, fields)), **dict(self.values)}
        require = None if self.require is None else list(self.require)
        asked = self.register.open() if register is None else register
        return asked.verify(rows, **named, require=require, threads=self.threads)

    def some_answer(self) -> Answers:
        """One that nobody gave, to see the columns of."""
        return _native.answers_of_values((bytes(8), (), sum(1 << bit for _, bit in self.claims), 0, 0))

    def table(self, rows: Any) -> Any:
        """Asks about an Arrow table: its kept columns and, beside them, the answers'."""
        import pyarrow as pa

        answers = pa.table(self.answers([rows.column(place) for _, place in self.columns]))
        kept = [rows.column(place) for place in self.keep]
        names = [rows.schema.names[place] for place in self.keep]
        return pa.table(kept + answers.columns, names=names + answers.column_names)


def plan(
    empty: Any,
    register: Union[str, os.PathLike[str], Register, HostRegister],
    keep: Union[str, Iterable[str]],
    ignore: Union[bool, str, Iterable[str]],
    require: Union[str, Iterable[str], None],
    threads: Optional[int],
    fields: Dict[str, Any],
) -> Asking:
    """The question about tables with the columns of this one, an Arrow table of no rows or some. Raises what
    Register.verify() would."""
    for name in fields:
        if name in _of_one_process:
            raise errors.ArgumentError(
                f"{name}: guards and ledgers are of one process, and this asks in many: no answer would be counted or "
                "recorded as it has to be. Ask by a register that has them, or by the service"
            )
        if name not in _request_fields:
            raise errors.ArgumentError(f"verify() has no keyword {name}; it has those of Register.verify() and keep")
    headings = list(empty.schema.names)
    kept = _places(headings, [keep] if isinstance(keep, str) else list(keep))
    given = {name: value for name, value in fields.items() if value is not None}
    ignored = ignore if isinstance(ignore, (bool, str)) else list(ignore)
    wanted = None if require is None else (require,) if isinstance(require, str) else tuple(require)
    columns, claims = _native.request_plan(empty, given, ignored, None if wanted is None else list(wanted), kept)
    taken = {*_answer_columns, *(name for name, _ in claims)}
    for place in kept:
        if headings[place].lower() in taken:
            raise errors.ColumnError(
                f"keep: {headings[place]} is also what a column of the answers is called: give the table's another name first"
            )
    return Asking(
        HostRegister.of(register), columns, tuple((n, v) for n, v in given.items() if not isinstance(v, str)),
        tuple(kept), wanted, claims, threads,
    )  # fmt: skip


_request_fields = {
    "id", "name", "name_exact", "birth_date", "sex", "life", "registration", "account_level", "account", "document",
    "province", "ward", "document_valid_on", "born_on_or_before", "account_level_at_least", "agency", "procedure",
}  # fmt: skip


def _places(headings: List[str], keep: List[str]) -> List[int]:
    places = []
    for heading in keep:
        if not isinstance(heading, str):
            raise errors.ArgumentError("keep: wanted the headings of columns")
        if headings.count(heading) != 1:
            there = "more than one" if heading in headings else "no"
            raise errors.ColumnError(f"keep: the table has {there} column '{heading}'")
        if headings.index(heading) not in places:
            places.append(headings.index(heading))
    return places
