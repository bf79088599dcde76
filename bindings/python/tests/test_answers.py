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
from conftest import expected_outcome, person

names = {"id": "cccd", "name": "ho_ten", "birth_date": "ngay_sinh", "sex": "gioi_tinh"}
expected = [expected_outcome(i) for i in range(1000)]


@pytest.fixture(scope="module")
def answers(register, text_people):
    return register.verify(pa.table(text_people), **names)


def test_arrow_sees_every_column(answers):
    table = pa.table(answers)
    table.validate(full=True)
    assert table.column_names == ["outcome", "meaning", "matched", "mismatched", "unavailable", "name_grade", "coarse",
                                  "claim_coarse", "name", "birth_date", "sex"]  # fmt: skip
    assert table["outcome"].to_pylist() == expected
    assert table["meaning"].to_pylist()[:5] == ["verified", "name_mismatch", "birth_date_mismatch", "sex_mismatch", "not_found"]
    assert table["name_grade"].to_pylist()[:2] == ["exact", "none"]
    assert table["name"].to_pylist()[:5] == ["matched", "mismatched", "matched", "matched", "unavailable"]
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
        told = np.select([(part & mask) != 0 for part in (answers.matched, answers.mismatched, answers.unavailable)],
                         ["matched", "mismatched", "unavailable"], "not_claimed").tolist()  # fmt: skip
        assert table[claim].cast(pl.String).to_list() == told


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
                               "mismatched": (), "unavailable": (), "name_grade": "exact", "coarse": False, "claim_coarse": False,
                               "ledger_entry": None, "ledger_row": None}  # fmt: skip
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


def test_what_was_not_claimed_is_told_apart_from_what_the_register_cannot_say(register):
    who = person(1)
    assert who["name"] == "Trần Văn Thủy" and who["sex"] == "female"
    rows = [(who["name"], who["birth_date"].isoformat()), (None, who["birth_date"].isoformat()), ("", None),
            ("Tran Van Thuy", who["birth_date"].strftime("%Y")), ("Trần Vân Thúy", "00/00/" + who["birth_date"].strftime("%Y")),
            ("Trần Văn Thủy", "tomorrow")]  # fmt: skip
    table = pa.table({"id": [who["id"]] * len(rows), "name": [name for name, _ in rows],
                      "birth_date": [day for _, day in rows], "sex": ["nữ"] * len(rows)})  # fmt: skip
    answers = register.verify(table, name="name", birth_date="birth_date", sex="sex")
    out = pa.table(answers).to_pydict()
    assert out["outcome"] == [0, 0, 0, 0, 100, 600]
    assert out["name"] == ["matched", "not_claimed", "not_claimed", "matched", "mismatched", None]
    assert out["birth_date"] == ["matched", "matched", "not_claimed", "matched", "matched", None]
    assert out["name_grade"] == ["exact", "none", "none", "folded", "marks_differ", "none"]
    assert out["claim_coarse"] == answers.claim_coarse.tolist() == [False, False, False, True, True, False]
    assert not any(out["coarse"])
    summary = answers.summary()
    assert (summary.exact, summary.folded, summary.marks_differ) == (1, 1, 1)
    assert (summary.coarse, summary.claim_coarse) == (0, 2)
    by_claim = {one.claim: one for one in summary.claims}
    assert by_claim["name"][1:] == (2, 1, 0, 2)
    assert by_claim["birth_date"][1:] == (4, 0, 0, 1)
    assert "not claimed" in str(summary) and "marks_differ" in str(summary)


@pytest.mark.parametrize("call", ["verify", "prepare"])
def test_a_row_without_a_required_claim_is_malformed(register, call):
    who = person(1)
    table = pa.table({"id": [who["id"]] * 3, "name": [None, who["name"], who["name"]],
                      "birth_date": [who["birth_date"], who["birth_date"], None]})  # fmt: skip

    def ask(**how):
        if call == "verify":
            return register.verify(table, name="name", birth_date="birth_date", **how)
        return register.verify(register.prepare(table, name="name", birth_date="birth_date", **how))

    assert ask().outcome.tolist() == [0, 0, 0]
    strict = ask(require=["name", "birth_date"])
    assert strict.outcome.tolist() == [600, 0, 600]
    assert [(p.row, p.column, p.code) for p in strict.problems()] == [(0, "name", 21), (2, "birth_date", 21)]
    assert ask(require="name").outcome.tolist() == [600, 0, 0]
    exact = register.verify(table, name_exact="name", require=["name"])
    assert exact.outcome.tolist() == [600, 0, 0]
    for wrong, why in ((["names"], "no claim 'names'"), (["sex"], "no column is named for sex"), (5, "names of claims")):
        with pytest.raises(xacthuc.errors.ColumnError, match=why):
            ask(require=wrong)
    with pytest.raises(TypeError, match="prepared"):
        register.verify(register.prepare(table, name="name"), require=["name"])


def test_an_all_null_column_is_no_claim_that_was_verified(register):
    who = person(1)
    table = pa.table({"id": [who["id"]], "name": pa.nulls(1), "birth_date": [who["birth_date"]]})
    answers = register.verify(table, name="name", birth_date="birth_date")
    assert {one.claim: one.not_claimed for one in answers.summary().claims} == {"name": 1, "birth_date": 0}
    assert register.verify(table, name="name", birth_date="birth_date", require=["name"]).outcome.tolist() == [600]


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
