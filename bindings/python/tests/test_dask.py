# SPDX-License-Identifier: Apache-2.0
"""The package in Dask, in processes of its own, and over Arrow tables as Ray hands them out."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import dask.dataframe as dd
import pandas as pd
import pyarrow as pa
import pytest
import xacthuc
import xacthuc.dask
from conftest import expected_outcome
from xacthuc import asking, errors

example_policy = Path(__file__).resolve().parents[3] / "data" / "policy"
fields = {"id": "cccd", "name": "ho_ten", "birth_date": "ngay_sinh", "sex": "gioi_tinh"}


@pytest.fixture(scope="module")
def people(text_people) -> pd.DataFrame:
    frame = pd.DataFrame({"case": [f"case {i}" for i in range(1000)], **text_people})
    frame.loc[:250, "sex_before"] = None  # of whole partitions, nothing
    frame.index = range(5000, 6000)
    return frame


def test_many_processes_answer_as_one_does(snapshot, register, people):
    ddf = dd.from_pandas(people, npartitions=4)
    answers = xacthuc.dask.verify(ddf, register=snapshot, **fields, keep=["case"], ignore="sex_before")
    pids = ddf.map_partitions(lambda _: pd.Series([os.getpid()]), meta=pd.Series([0]))
    found, processes = dd.dask.compute(answers, pids, scheduler="processes", num_workers=2)
    assert os.getpid() not in set(processes)
    assert found["case"].tolist() == people["case"].tolist() and found.index.tolist() == people.index.tolist()
    assert found["outcome"].tolist() == [expected_outcome(i) for i in range(1000)]
    expected = pa.table(register.verify(people, **fields, ignore=["case", "sex_before"])).to_pandas()
    assert found.drop(columns="case").reset_index(drop=True).astype(str).equals(expected.astype(str))
    assert answers.dtypes.to_dict() == found.dtypes.to_dict()
    counts = answers["outcome"].value_counts().compute(scheduler="processes", num_workers=2).to_dict()
    assert counts == register.verify(people, **fields, ignore=["case", "sex_before"]).outcome_counts()


def test_a_partition_without_a_value_of_a_column_claims_nothing_there(snapshot, people):
    some = people.assign(note=["An"] * 500 + [None] * 500).astype({"note": object})
    ddf = dd.from_pandas(some, npartitions=2)
    answers = xacthuc.dask.verify(ddf, register=snapshot, id="cccd", name="note", ignore=True).compute(scheduler="sync")
    assert answers["name"].iloc[500:].isna().sum() + (answers["name"].iloc[500:] == "not_claimed").sum() == 500
    assert (answers["name"].iloc[:500] == "mismatched").sum() > 400


def test_what_does_not_fit_is_refused_at_once(snapshot, people):
    ddf = dd.from_pandas(people, npartitions=2)
    with pytest.raises(errors.ColumnError, match="neither used nor in ignore="):
        xacthuc.dask.verify(ddf, register=snapshot, **fields)
    with pytest.raises(errors.ArgumentError, match="guards: guards and ledgers are of one process"):
        xacthuc.dask.verify(ddf, register=snapshot, **fields, ignore=True, guards="folder")


def test_arrow_tables_are_answered_by_what_other_processes_get(snapshot, register, text_people):
    table = pa.table({**text_people, "case": list(range(1000))})
    asked = asking.plan(table.schema.empty_table(), snapshot, "case", (), ["name"], 1, fields)
    made = pickle.loads(pickle.dumps(asked)).table(table)
    expected = pa.table(register.verify(table, **fields, ignore="case"))
    assert made.column("case").to_pylist() == list(range(1000))
    assert made.drop_columns("case").to_pylist() == expected.to_pylist()
    assert pa.table(asked.some_answer()).schema == expected.schema


def test_a_kept_column_is_asked_about_only_where_nothing_else_says_so():
    table = pa.table({"cccd": ["1"], "ho_ten": ["An"], "ten_cu": ["Bình"], "sex": ["nam"]})

    def asked(keep, ignore=(), **named):
        made = asking.plan(table, "/npd.xts", keep, ignore, None, 1, named)
        return [field for field, _ in made.columns], [table.column_names[place] for place in made.keep]

    assert asked(["ten_cu", "cccd"]) == (["id", "name", "sex"], ["ten_cu", "cccd"])
    assert asked(["ho_ten"], name="ten_cu") == (["id", "name", "sex"], ["ho_ten"])
    assert asked("sex", ["sex", "ten_cu"]) == (["id", "name"], ["sex"])
    assert asked(["ten_cu", "ten_cu"], True, name="ho_ten") == (["id", "name"], ["ten_cu"])
    for keep in ("SEX", "nothing", [5]):
        with pytest.raises(errors.Error, match="keep: "):
            asked(keep)


def test_a_policy_holds_in_every_process(snapshot, text_people):
    table = pa.table(text_people)
    how = {"policy": example_policy, "unsigned": True, "agency": 5}
    judged = xacthuc.open(snapshot, **how)
    allowed = {"id": "cccd", "name": "ho_ten", "birth_date": "ngay_sinh", "procedure": 101}
    for register in (asking.HostRegister(snapshot, **how), judged):
        for agency, outcomes in ((None, {0, 100, 102}), (7, {302})):
            asked = asking.plan(table, register, (), True, None, 1, {**allowed, "agency": agency})
            made = pickle.loads(pickle.dumps(asked)).table(table).column("outcome").to_pylist()
            assert made == judged.verify(table, **allowed, agency=agency, ignore=True).outcome.tolist()
            assert set(made) >= outcomes
    with pytest.raises(errors.ArgumentError, match="stays in its process"):
        judged.set_guards(xacthuc.Guards.open(snapshot.parent / "guards"))
        asking.plan(table, judged, (), True, None, 1, allowed)
