# SPDX-License-Identifier: Apache-2.0
"""Counts of a register: those of the table that it was made of, rounded, and small ones not told."""

from __future__ import annotations

import collections
import datetime

import polars as pl
import pyarrow as pa
import pytest
import xacthuc
from conftest import people_count, person


def band_of(row: dict) -> str:
    age = datetime.datetime.now(datetime.timezone.utc).year - row["birth_date"].year
    return "100+" if age >= 100 else f"{age // 10 * 10}-{age // 10 * 10 + 9}"


def test_counts_are_the_tables_own(register):
    rows = [person(i) for i in range(people_count)]
    expected = collections.Counter((f"{row['province']:02}", row["sex"], band_of(row)) for row in rows)
    counts = register.count_by("province", "sex", "age_band")
    table = pl.DataFrame(counts)
    assert table.columns == ["province", "sex", "age_band", "count"]
    told = {row[:3]: row[3] for row in table.rows()}
    assert len(told) == table.height == len(counts)
    small = 0
    for cell, count in told.items():
        truth = expected[cell]
        assert count == (None if truth < 10 else (truth + 2) // 5 * 5)
        small += count is None
    assert 0 < small < len(told)
    assert set(expected) <= set(told)
    assert counts.rows() == table.rows()


def test_how_small_is_small_can_be_said(register):
    exact = dict(register.count_by("life", count_min=1, round_to=1).rows())
    assert exact == {"alive": people_count * 98 // 100, "deceased": people_count // 50}
    assert dict(register.count_by("life", count_min=1000).rows()) == {"alive": 4900, "deceased": None}


def test_threads_and_tables_agree(register):
    one = pa.table(register.count_by("ward", "account", threads=1))
    one.validate(full=True)
    assert one == pa.table(register.count_by("ward", "account", threads=4))


def test_counts_that_make_no_sense_are_refused(register):
    with pytest.raises(ValueError, match="no dimension 'name'; there are province, ward, sex"):
        register.count_by("name")
    for dimensions in ((), ("sex", "sex")):
        with pytest.raises(xacthuc.errors.InputError):
            register.count_by(*dimensions)
    with pytest.raises(xacthuc.errors.InputError):
        register.count_by("sex", count_min=0)
    for count in (-1, "ten", 1.5, None, True):
        with pytest.raises(xacthuc.errors.ArgumentError, match="count_min: wanted a whole number"):
            register.count_by("sex", count_min=count)
    with pytest.raises(xacthuc.errors.ArgumentError, match="no argument 'min_count'; it has"):
        register.count_by("sex", min_count=5)
    with pytest.raises(xacthuc.errors.ArgumentError, match="names of dimensions"):
        register.count_by(5)
