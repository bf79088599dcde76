# SPDX-License-Identifier: Apache-2.0
"""Outcome counts and rates of many answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Mapping, NamedTuple, Sequence

from . import _native

if TYPE_CHECKING:
    from ._native import Answers


class OutcomeCount(NamedTuple):
    """How many rows had one outcome."""

    outcome: int
    meaning: str
    rows: int
    rate: float


class ClaimCount(NamedTuple):
    """How one claim fared; `not_claimed` are rows that say nothing of it."""

    claim: str
    matched: int
    mismatched: int
    unavailable: int
    not_claimed: int


class Summary(NamedTuple):
    """What came out. Printed, it is a table."""

    rows: int
    verified: int
    outcomes: tuple[OutcomeCount, ...]
    claims: tuple[ClaimCount, ...]
    exact: int
    folded: int
    marks_differ: int
    coarse: int
    claim_coarse: int

    @classmethod
    def of(cls, answers: Answers) -> Summary:
        """The summary of these answers."""
        return cls.of_counts(len(answers), answers.outcome_counts(), answers.claim_counts(), answers.quality_counts())

    @classmethod
    def of_counts(
        cls, rows: int, outcomes: Mapping[int, int], claims: Mapping[str, Sequence[int]], quality: Mapping[str, int]
    ) -> Summary:
        """The summary of so many rows: by the codes of outcomes, by claims as Answers.claim_counts() has them, and by
        how names and dates compared."""
        return cls(
            rows,
            outcomes.get(0, 0),
            tuple(OutcomeCount(code, _native.outcome_name(code), n, n / rows) for code, n in sorted(outcomes.items())),
            tuple(ClaimCount(claim, *counted) for claim, counted in claims.items()),
            **quality,
        )

    @property
    def verified_rate(self) -> float:
        """The share of rows of which everything claimed is true; not a number when there are no rows."""
        return self.verified / self.rows if self.rows else float("nan")

    def to_dict(self) -> dict[str, int]:
        """Rows by the outcomes' names."""
        return {one.meaning: one.rows for one in self.outcomes}

    def __str__(self) -> str:
        lines = [f"{self.rows:,} rows"]
        for one in self.outcomes:
            lines.append(f"  {one.outcome:>3} {one.meaning:<26} {one.rows:>14,} {one.rate:>9.3%}")
        if self.claims:
            lines.append(f"  {'claim':<30} {'matched':>14} {'mismatched':>12} {'unavailable':>12} {'not claimed':>12}")
        for each in self.claims:
            counts = f"{each.matched:>14,} {each.mismatched:>12,} {each.unavailable:>12,} {each.not_claimed:>12,}"
            lines.append(f"  {each.claim:<30} {counts}")
        for what in ("exact", "folded", "marks_differ", "coarse", "claim_coarse"):
            if rows := getattr(self, what):
                lines.append(f"  {'birth date' if 'coarse' in what else 'name'} {what:<25} {rows:>14,}")
        return "\n".join(lines)

    __repr__ = __str__
