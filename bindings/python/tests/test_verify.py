# SPDX-License-Identifier: Apache-2.0
"""Verification from every kind of table and column: the same answers from all of them."""

from __future__ import annotations

import datetime

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


def as_arrow(people):
    return pa.table(people)


def as_batches(people):
    return pa.Table.from_batches(pa.table(people).to_batches(max_chunksize=7))


def as_reader(people):
    table = pa.table(people)
    return pa.RecordBatchReader.from_batches(table.schema, iter(table.to_batches(max_chunksize=100)))


def as_one_batch(people):
    return pa.RecordBatch.from_pydict(people)


def as_sliced(people):
    around = {key: ["x"] * 13 + list(values) + ["y"] * 5 for key, values in people.items()}
    return pa.table(around).slice(13, 1000)


def as_struct_array(people):
    around = {key: ["x"] * 3 + list(values) for key, values in people.items()}
    return pa.StructArray.from_arrays([pa.array(v) for v in around.values()], list(around)).slice(3)


def as_large(people):
    return pa.table({key: pa.array(values, pa.large_string()) for key, values in people.items()})


def as_views(people):
    return pa.table({key: pa.array(values, pa.string_view()) for key, values in people.items()})


def as_dictionaries(people):
    return pa.table({key: pa.array(values).dictionary_encode() for key, values in people.items()})


def as_large_dictionaries(people):
    kind = pa.dictionary(pa.uint16(), pa.large_string())
    return pa.table({key: pa.array(values).cast(kind) for key, values in people.items()})


def as_polars(people):
    return pl.DataFrame(people)


def as_polars_categorical(people):
    return pl.DataFrame(people).with_columns(pl.col("gioi_tinh").cast(pl.Categorical))


def as_polars_chunks(people):
    frame = pl.DataFrame(people)
    return pl.concat([frame[:300], frame[300:301], frame[301:]], rechunk=False)


def as_pandas(people):
    return pd.DataFrame(people)


def as_duckdb(people):
    everybody = pa.table(people)  # noqa: F841
    return duckdb.sql("select * from everybody")


def as_dates(people):
    frame = pl.DataFrame(people)
    return frame.with_columns(pl.col("ngay_sinh").str.to_date("%d/%m/%Y"))


def as_date64(people):
    return pa.table(as_dates(people)).cast(pa.schema({**dict.fromkeys(("cccd", "ho_ten"), pa.string()),
                                                      "ngay_sinh": pa.date64(), "gioi_tinh": pa.string()}))  # fmt: skip


def as_timestamps(people):
    frame = as_dates(people)
    return frame.with_columns(pl.col("ngay_sinh").cast(pl.Datetime("us")) + pl.duration(hours=23))


def as_pandas_dates(people):
    frame = pd.DataFrame(people)
    frame["ngay_sinh"] = pd.to_datetime(frame["ngay_sinh"], format="%d/%m/%Y")
    return frame


def as_numbers(people):
    frame = pl.DataFrame(people)
    return frame.with_columns(pl.col("cccd").cast(pl.Int64))


kinds = [value for name, value in list(globals().items()) if name.startswith("as_")]


@pytest.mark.parametrize("make", kinds, ids=lambda make: make.__name__)
@pytest.mark.parametrize("threads", [1, 3])
def test_every_kind_of_table_gets_the_same_answers(register, text_people, make, threads):
    answers = register.verify(make(text_people), **names, threads=threads)
    assert answers.outcome.tolist() == expected
    assert answers.claims == ("name", "birth_date", "sex")


def test_planted_requests_of_the_command(planted):
    register, requests = planted
    fields = {name: name for name in requests.columns if not name.startswith("expected") and name != "reference"}
    answers = register.verify(requests, **fields, ignore=True)
    table = pl.DataFrame(answers)
    assert answers.outcome.tolist() == requests["expected_outcome"].cast(pl.Int64).to_list()
    for side in ("coarse", "claim_coarse"):
        assert (getattr(answers, side) == (requests[f"expected_{side}"] == "yes").to_numpy()).all()
    grades = requests["expected_name_grade"].fill_null("none").to_list()
    assert table["name_grade"].cast(pl.String).to_list() == grades
    for mask in ("matched", "mismatched", "unavailable"):
        told = [" ".join(getattr(answers[i], mask)) for i in range(2000)]
        assert told == requests[f"expected_{mask}"].fill_null("").to_list()[:2000]


def test_every_field_can_be_claimed_and_a_wrong_value_of_each_is_found(register):
    right = {**person(3), "document_valid_on": datetime.date(2030, 1, 1), "born_on_or_before": person(3)["birth_date"],
             "account_level_at_least": "none", "name_exact": person(3)["name"], "agency": 7, "procedure": 9}  # fmt: skip
    wrong = {"name": "Ai Đó", "name_exact": "nguyen", "birth_date": datetime.date(1999, 9, 9), "sex": "male",
             "life": "missing", "registration": "suspended", "account_level": "level_2", "account": "revoked",
             "document": "lost", "province": 79, "ward": 1, "document_valid_on": datetime.date(2050, 1, 1),
             "born_on_or_before": datetime.date(1930, 1, 1), "account_level_at_least": "level_2"}  # fmt: skip
    for field, value in wrong.items():
        good = pa.table({"id": [right["id"]], field: [right[field]]})
        assert register.verify(good, **{field: field}).outcome[0] == 0, field
        bad = pa.table({"id": [right["id"]], field: [value]})
        answer = register.verify(bad, **{field: field})[0]
        assert (answer.mismatched, bool(answer)) == ((field,), False), field
    for field in ("agency", "procedure"):
        table = pa.table({"id": [right["id"]], "sex": [right["sex"]], field: [right[field]]})
        assert register.verify(table, sex="sex", **{field: field})[0]


def test_a_null_is_not_claimed_and_a_row_without_an_id_is_malformed(register):
    who = person(0)
    table = pa.table({"id": [who["id"], None, who["id"], ""], "name": [None, who["name"], "Sai Tên", who["name"]],
                      "sex": [who["sex"], who["sex"], None, who["sex"]]})  # fmt: skip
    answers = register.verify(table, name="name", sex="sex")
    assert answers.outcome.tolist() == [0, 600, 100, 600]
    assert [(p.row, p.column, p.code) for p in answers.problems()] == [(1, "id", 1), (3, "id", 1)]
    out = pa.table(answers).to_pydict()
    assert out["name"] == ["not_claimed", None, "mismatched", None]
    assert out["sex"] == ["matched", None, "not_claimed", None]


def test_a_null_struct_row_is_malformed(register):
    who = person(0)
    rows = [{"id": who["id"], "sex": who["sex"]}, None, {"id": who["id"], "sex": who["sex"]}]
    assert register.verify(pa.array(rows), sex="sex").outcome.tolist() == [0, 600, 0]


def test_rows_that_cannot_be_taken_say_why_and_leave_the_others_alone(register):
    who = person(0)
    table = pa.table({"id": [who["id"], "12345", who["id"], "00109000000x", who["id"]],
                      "name": [who["name"], who["name"], "x" * 300, who["name"], "a\x01b"],
                      "birth_date": ["1940-01-01"] * 4 + ["31/02/1999"]})  # fmt: skip
    answers = register.verify(table, name="name", birth_date="birth_date")
    assert answers.outcome.tolist() == [0, 600, 600, 600, 600]
    assert answers.malformed == 4
    problems = answers.problems()
    assert [(p.row, p.column) for p in problems] == [(1, "id"), (2, "name"), (3, "id"), (4, "birth_date")]
    assert problems[0].reason == "a personal id has 12 digits"
    assert len(answers.problems(limit=2)) == 2


def test_ids_that_are_numbers_have_their_zeros_back_but_old_numbers_are_none(register):
    who = person(0)
    assert who["id"].startswith("00")
    ids = pa.array([int(who["id"]), 123456789, 0, -int(who["id"]), 10**12, None], pa.int64())
    answers = register.verify(pa.table({"id": ids, "sex": [who["sex"]] * 6}), sex="sex")
    assert answers.outcome.tolist() == [0, 600, 600, 600, 600, 600]
    unsigned = pa.table({"id": pa.array([int(who["id"]), 2**64 - 1], pa.uint64()), "sex": [who["sex"]] * 2})
    assert register.verify(unsigned, sex="sex").outcome.tolist() == [0, 600]


def test_codes_may_be_numbers_of_any_width_or_text(register):
    who = person(0)
    for kind in (pa.int8(), pa.uint8(), pa.int16(), pa.int32(), pa.uint32(), pa.int64(), pa.uint64()):
        table = pa.table({"id": [who["id"]], "province": pa.array([who["province"]], kind)})
        assert register.verify(table, province="province").outcome[0] == 0
    text = pa.table({"id": [who["id"]] * 2, "province": [f"{who['province']:02}", "99"]})
    assert register.verify(text, province="province").outcome.tolist() == [0, 600]
    negative = pa.table({"id": [who["id"]], "province": pa.array([-1], pa.int8())})
    assert register.verify(negative, province="province").outcome[0] == 600


def test_a_value_can_stand_for_all_rows(register):
    rows = [person(i) for i in range(10)]
    table = pa.table({"id": [row["id"] for row in rows]})
    answers = register.verify(table, born_on_or_before=datetime.date(1980, 1, 1), agency=5)
    born = [row["birth_date"] <= datetime.date(1980, 1, 1) for row in rows]
    words = ["matched" if right else "mismatched" for right in born]
    assert pa.table(answers)["born_on_or_before"].to_pylist() == words
    level = register.verify(table, account_level_at_least=xacthuc.literal("level_1"))
    assert [bool(v) for v in level.outcome == 0] == [row["account_level"] != "none" and i != 7 for i, row in enumerate(rows)]  # fmt: skip
    with pytest.raises(xacthuc.Error, match="sex"):
        register.verify(table, sex=xacthuc.literal("nobody"))
    with pytest.raises(xacthuc.errors.ColumnError, match="agency"):
        register.verify(table, agency=datetime.date(1980, 1, 1), born_on_or_before=datetime.date(1980, 1, 1))


def test_an_empty_table_gets_no_answers(register, text_people):
    empty = pa.table(text_people).slice(0, 0)
    answers = register.verify(empty, **names)
    assert len(answers) == 0
    assert answers.verdicts.shape == (0,)
    assert pl.DataFrame(answers).height == 0
    assert answers.summary().rows == 0
    assert answers.sequence == register.sequence


def test_a_column_of_nothing_claims_nothing(register):
    who = person(0)
    table = pa.table({"id": [who["id"]], "sex": [who["sex"]], "name": pa.nulls(1)})
    answer = register.verify(table, sex="sex", name="name")[0]
    assert (answer.outcome, answer.matched) == (0, ("sex",))


wrong_types = {
    "a float id": ({"id": [1.0]}, "column 'id' is double; id wants"),
    "a narrow integer id": ({"id": pa.array([1], pa.int32())}, "column 'id' is int32"),
    "an integer date": ({"birth_date": [19900101]}, "column 'birth_date' is int64"),
    "a zoned timestamp": (
        {"birth_date": pa.array([datetime.datetime(1990, 1, 1)], pa.timestamp("us", "Asia/Ho_Chi_Minh"))},
        r"column 'birth_date' is timestamp\[us, tz=Asia/Ho_Chi_Minh\].*zone",
    ),
    "a date for a name": ({"name": [datetime.date(1990, 1, 1)]}, "column 'name' is date32"),
    "a list": ({"name": [["a"]]}, "column 'name' is"),
    "bytes": ({"name": [b"a"]}, "column 'name' is binary"),
    "a boolean": ({"sex": [True]}, "column 'sex' is bool"),
    "a dictionary of integers": ({"name": pa.array([5]).dictionary_encode()}, "column 'name' is dictionary<int64>"),
}


@pytest.mark.parametrize(("given", "message"), wrong_types.values(), ids=wrong_types)
def test_a_wrong_type_is_named_by_its_column(register, given, message):
    whole = {"id": ["001099000001"], "name": ["An"], "birth_date": ["1990"], "sex": ["nam"], **given}
    with pytest.raises(xacthuc.errors.ColumnError, match=message) as caught:
        register.verify(pa.table(whole), name="name", birth_date="birth_date", sex="sex")
    assert isinstance(caught.value, TypeError)


def test_columns_that_are_missing_or_there_twice_are_named(register):
    table = pa.table([pa.array(["1"]), pa.array(["2"]), pa.array(["3"])], names=["id", "name", "name"])
    with pytest.raises(xacthuc.errors.ColumnError, match=r"no column 'ten'; it has columns\[0\] \('id'\), columns"):
        register.verify(table, name="ten")
    with pytest.raises(xacthuc.errors.ColumnError, match="more than one column 'name'"):
        register.verify(table, name="name")
    with pytest.raises(xacthuc.errors.ColumnError, match="nothing is claimed"):
        register.verify(table, ignore=["name"])
    for call in (register.verify, register.prepare):
        with pytest.raises(xacthuc.errors.ArgumentError, match=r"no argument 'nme'; it has people, id, name, "):
            call(table, nme="name")


@pytest.mark.parametrize("what", [None, 5, "people", [1, 2], {"id": ["1"]}, object()])
def test_what_is_no_table_is_refused(register, what):
    with pytest.raises(xacthuc.errors.ColumnError, match="Arrow PyCapsule"):
        register.verify(what, name="name")


def test_a_column_by_itself_is_no_table(register):
    with pytest.raises(xacthuc.errors.ColumnError, match="a column by itself: string"):
        register.verify(pa.array(["a"]), name="name")


def test_an_error_of_the_producer_comes_through(register):
    def rows():
        yield pa.RecordBatch.from_pydict({"id": ["001099000001"], "name": ["An"]})
        raise ZeroDivisionError("the disk is gone")

    schema = pa.schema({"id": pa.string(), "name": pa.string()})
    with pytest.raises(xacthuc.errors.TableError, match="the disk is gone"):
        register.verify(pa.RecordBatchReader.from_batches(schema, rows()), name="name")


def test_verdicts_are_a_view_that_keeps_the_answers_alive(register, text_people):
    verdicts = register.verify(pa.table(text_people), **names).verdicts
    assert verdicts.dtype == np.uint64
    assert (verdicts & 1023).tolist() == expected
    assert not verdicts.flags.writeable


def test_prepared_requests_can_be_asked_again(register, text_people):
    requests = register.prepare(pl.DataFrame(text_people), **names)
    assert len(requests) == 1000
    for threads in (1, 2):
        answers = register.verify(requests, threads=threads)
        assert answers.outcome.tolist() == expected
        assert answers.claims == ("name", "birth_date", "sex")
    with pytest.raises(TypeError, match="prepared"):
        register.verify(requests, name="name")


def test_requests_of_another_register_are_refused(register, tmp_path, citizens):
    xacthuc.build(citizens, tmp_path / "other.xts", name="name")
    requests = xacthuc.open(tmp_path / "other.xts").prepare(citizens, ignore="document_expiry")
    with pytest.raises(xacthuc.errors.TrustError, match="another register") as caught:
        register.verify(requests)
    assert caught.value.code == 108


@pytest.mark.parametrize("threads", [0, -1, 5000, "two", 1.5, True, 2**70])
def test_senseless_thread_counts_are_refused(register, citizens, threads):
    with pytest.raises(xacthuc.errors.ArgumentError, match="threads: wanted a whole number from 1 to 1024"):
        register.verify(citizens, ignore=True, threads=threads)


def test_progress_that_cannot_be_called_is_refused(register, citizens):
    with pytest.raises(xacthuc.errors.ArgumentError, match="progress: wanted"):
        register.verify(citizens, name="name", ignore=True, progress=5)
