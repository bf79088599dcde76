# SPDX-License-Identifier: Apache-2.0
"""How objects look where they are printed, and in notebooks. Nothing of a single person is shown."""

from __future__ import annotations

import datetime
import html
from typing import TYPE_CHECKING, Iterable

if TYPE_CHECKING:
    from ._native import Answers, BuildReport, Counts, Register, Requests

_rows_max = 20
_few = 10


def _when(unix_ms: int) -> str:
    try:
        moment = datetime.datetime.fromtimestamp(unix_ms / 1000, datetime.timezone.utc)
    except (OverflowError, ValueError, OSError):
        return f"{unix_ms} ms"
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def line(tag: str, cells: Iterable[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<table><thead>{line('th', head)}</thead><tbody>{body}</tbody></table>"


def register_text(register: Register) -> str:
    """One line."""
    return (
        f"<xacthuc.Register {register.path!r}: {register.citizens:,} citizens at change {register.sequence:,}, "
        f"{_when(register.as_of_unix_ms)}>"
    )


def register_html(register: Register) -> str:
    """A table of the same, and what it takes."""
    rows = [
        ("register", register.path),
        ("citizens", f"{register.citizens:,}"),
        ("change", f"{register.sequence:,}"),
        ("as of", _when(register.as_of_unix_ms)),
        ("memory", f"{register.memory_bytes / 2**20:,.1f} MiB"),
    ]
    return _table(("xacthuc.Register", ""), rows)


def answers_text(answers: Answers) -> str:
    """One line."""
    verified = answers.outcome_counts().get(0, 0)
    return (
        f"<xacthuc.Answers: {len(answers):,} rows, {verified:,} verified, {answers.malformed:,} malformed; "
        f"{', '.join(answers.claims)}; at change {answers.sequence:,}>"
    )


def answers_html(answers: Answers) -> str:
    """The summary, as tables."""
    summary = answers.summary()
    outcomes = [(str(one.outcome), one.meaning, f"{one.rows:,}", f"{one.rate:.3%}") for one in summary.outcomes]
    claims = [(str(one[0]), *(f"{count:,}" for count in one[1:])) for one in summary.claims]
    heads = summary.claims[0]._fields if summary.claims else ()
    return (
        f"<p>{html.escape(answers_text(answers)[1:-1])}</p>"
        + _table(("outcome", "meaning", "rows", "rate"), outcomes)
        + (_table([head.replace("_", " ") for head in heads], claims) if claims else "")
    )


def _cells(counts: Counts) -> list[list[str]]:
    """Counts of a few are not shown, whatever was asked for: what is on a screen is seen by others."""
    shown = []
    for *values, count in counts.rows()[:_rows_max]:
        few = not isinstance(count, int) or count < _few
        shown.append([*("not known" if value is None else str(value) for value in values), "few" if few else f"{count:,}"])
    return shown


def counts_text(counts: Counts) -> str:
    """The first rows."""
    rows = [[*counts.dimensions, "count"], *_cells(counts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [f"<xacthuc.Counts: {len(counts):,} cells>"]
    for row in rows:
        lines.append("  ".join([*(cell.ljust(width) for cell, width in zip(row[:-1], widths)), row[-1].rjust(widths[-1])]))
    if len(counts) > _rows_max:
        lines.append(f"and {len(counts) - _rows_max:,} more")
    return "\n".join(lines)


def counts_html(counts: Counts) -> str:
    """The first rows."""
    more = f"<p>and {len(counts) - _rows_max:,} more</p>" if len(counts) > _rows_max else ""
    return f"<p>xacthuc.Counts: {len(counts):,} cells</p>" + _table([*counts.dimensions, "count"], _cells(counts)) + more


def requests_text(requests: Requests) -> str:
    """One line."""
    return f"<xacthuc.Requests: {len(requests):,} rows, {requests.malformed:,} malformed>"


def report_text(report: BuildReport) -> str:
    """One line."""
    return (
        f"<xacthuc.BuildReport: {report.rows:,} rows, {report.citizens:,} citizens, {report.replaced:,} replaced, "
        f"{report.rejected:,} rejected>"
    )
