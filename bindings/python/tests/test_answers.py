# SPDX-License-Identifier: Apache-2.0
"""What answers look like from outside: as tables of other libraries, as arrays, one by one, and summed up."""

from __future__ import annotations

import gc

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import xacthuc
from conftest import expected_outcome

names = {"id": "cccd", "name": "ho_ten", "birth_date": "ngay_sinh", "sex": "gioi_tinh"}
expected = [expected_outcome(i) for i in range(1000)]


@pytest.fixture(scope="module")
def answers(register, text_people):
    return register.verify(pa.table(text_people), **names)


def test_arrow_sees_every_column(answers):
    table = pa.table(answers)
    table.validate(full=True)
    assert table.column_names == ["outcome", "meaning", "matched", "mismatched", "unavailable", "name_grade", "coarse",
                                  "name", "birth_date", "sex"]  # fmt: skip
    assert table["outcome"].to_pylist() == expected
    assert table["meaning"].to_pylist()[:5] == ["verified", "name_mismatch", "birth_date_mismatch", "sex_mismatch", "not_found"]
    assert table["name_grade"].to_pylist()[:2] == ["exact", "none"]
    assert table["name"].to_pylist()[:5] == [True, False, True, True, None]
    assert pa.schema(answers) == table.schema


def test_polars_pandas_and_duckdb_see_the_same(answers):
    frame = pl.DataFrame(answers)
    assert frame["outcome"].to_list() == expected
    assert frame["name"].to_list() == pa.table(answers)["name"].to_pylist()
    counted = duckdb.sql("select meaning, count(*) from answers group by all").fetchall()
    assert dict(counted) == answers.summary().to_dict()
    assert pd.DataFrame.from_arrow(answers)["outcome"].tolist() == expected


def test_claims_agree_with_the_masks(answers):
    table = pl.DataFrame(answers)
    for bit, claim in ((0, "name"), (2, "birth_date"), (3, "sex")):
        mask = 1 << bit
        told = np.where(answers.matched & mask, 1, np.where(answers.mismatched & mask, 0, -1)).tolist()
        assert table[claim].cast(pl.Int8).fill_null(-1).to_list() == told


def test_a_table_goes_out_in_batches_that_outlive_everything(register):
    many = pl.DataFrame({"id": ["001099000001"] * 1_100_000, "sex": ["nam"] * 1_100_000})
    answers = register.verify(many, sex="sex")
    table = pa.table(answers)
    del answers
    gc.collect()
    assert table["outcome"].num_chunks == 2
    table.validate(full=True)
    assert table["outcome"].value_counts().to_pylist() == [{"values": 200, "counts": 1_100_000}]


def test_streams_that_nobody_reads_or_reads_half_cost_nothing_but_time(answers):
    for _ in range(100):
        answers.__arrow_c_stream__()
        answers.__arrow_c_schema__()
    reader = pa.RecordBatchReader.from_stream(answers)
    assert reader.read_next_batch().num_rows == 1000
    del reader
    gc.collect()


def test_views_are_not_copies(answers):
    assert answers.verdicts.base is not None
    assert answers.matched.strides == (8,)
    assert np.shares_memory(answers.matched, answers.verdicts)
    assert not answers.mismatched.flags.writeable
    assert ((answers.verdicts >> np.uint64(48)) == answers.unavailable).all()


def test_one_answer(answers):
    assert len(answers) == 1000
    first = answers[0]
    assert first and first == answers[-1000]
    assert first._asdict() == {"outcome": 0, "meaning": "verified", "matched": ("name", "birth_date", "sex"),
                               "mismatched": (), "unavailable": (), "name_grade": "exact", "coarse": False}  # fmt: skip
    assert answers[1].mismatched == ("name",)
    for beyond in (1000, -1001):
        with pytest.raises(IndexError):
            answers[beyond]


def test_the_summary_counts_outcomes_and_claims(answers):
    summary = answers.summary()
    assert (summary.rows, summary.verified) == (1000, expected.count(0))
    assert sum(one.rows for one in summary.outcomes) == 1000
    assert sum(one.rate for one in summary.outcomes) == pytest.approx(1)
    assert summary.verified_rate == expected.count(0) / 1000
    by_claim = {one.claim: one for one in summary.claims}
    assert by_claim["sex"].mismatched == expected.count(103)
    text = str(summary)
    assert "verified" in text and "name_mismatch" in text and repr(summary) == text


def test_answers_say_what_they_are_from(answers, register):
    assert (answers.sequence, answers.as_of_unix_ms) == (register.sequence, register.as_of_unix_ms)
    assert answers.as_of_unix_ms > 1_700_000_000_000


def test_progress_is_told_and_drawn(register, capsys):
    many = pl.DataFrame({"id": ["001099000001"] * 400_000, "name": ["Nguyễn Thị Hòa"] * 400_000})
    told = []
    register.verify(many, name="name", threads=1, progress=told.append)
    assert told == sorted(told) and told[-1] == 400_000
    register.verify(many, name="name", progress=True)
    drawn = capsys.readouterr().err
    assert "verify" in drawn and "400k" in drawn


def test_progress_is_a_plain_line_without_tqdm(register, capsys, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    register.verify(pa.table({"id": ["001099000001"], "sex": ["nam"]}), sex="sex", progress=True)
    assert capsys.readouterr().err == "\rverify: 1 of 1 rows\n"


def test_what_progress_raises_stops_the_call(register):
    many = pl.DataFrame({"id": ["001099000001"] * 2_000_000, "name": ["Nguyễn Thị Hòa"] * 2_000_000})

    def stop(done):
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        register.verify(many, name="name", progress=stop)
