# SPDX-License-Identifier: Apache-2.0
"""Which column holds what: found by its heading, named, ignored, or an error. And no error has a person in it."""

from __future__ import annotations

import datetime
import unicodedata

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import xacthuc
from conftest import person
from hostile import Made, Table, text
from xacthuc import errors

who = person(3)
# Parts of a person who is in no test's register and in no message.
secret = ["079299004711", "Tôn Nữ Diệu Ái", "1999-03-08", "Nữ", "Tình"]


def row(headings: list[str]) -> pa.Table:
    return pa.table([[who["id"]], [who["name"]], [who["birth_date"].isoformat()], [who["sex"]]], names=headings)


spellings = {
    "plain": ["id", "name", "birth_date", "sex"],
    "capitals": ["ID", "NAME", "Birth Date", "SEX"],
    "Vietnamese": ["Số CCCD", "Họ và tên", "Ngày sinh", "Giới tính"],
    "decomposed": [unicodedata.normalize("NFD", one) for one in ("Số CCCD", "Họ và tên", "Ngày sinh", "Giới tính")],
    "without marks": ["so_cccd", "ho_ten", "NGAY SINH", "gioi-tinh"],
    "after a byte order mark": ["\ufeffcccd", "ho_va_ten", " dob ", "gender"],
}


@pytest.mark.parametrize("headings", spellings.values(), ids=spellings)
def test_headings_are_known_as_the_command_knows_them(register, tmp_path, headings):
    answers = register.verify(row(headings))
    assert answers.claims == ("name", "birth_date", "sex")
    assert answers[0] and answers[0].name_grade == "exact"
    xacthuc.build(row(headings), tmp_path / "npd.xts")
    made = xacthuc.open(tmp_path / "npd.xts").verify(row(headings))
    assert made[0].matched == ("name", "birth_date", "sex")


def test_a_register_of_ids_and_names_has_names(tmp_path):
    table = pa.table({"id": [who["id"]], "name": [who["name"]]})
    xacthuc.build(table, out=tmp_path / "npd.xts")
    register = xacthuc.open(tmp_path / "npd.xts")
    assert register.verify(table)[0].matched == ("name",)
    assert register.verify(pa.table({"id": [who["id"]], "name": ["Ai Đó"]})).outcome.tolist() == [100]


def test_a_keyword_may_name_a_heading_in_another_form(register):
    table = row([unicodedata.normalize("NFD", one) for one in ("Mã số", "Tên gọi", "Ngày", "Phái")])
    answers = register.verify(table, id="Mã số", name="TÊN GỌI", birth_date="ngay", sex="phái")
    assert answers[0].matched == ("name", "birth_date", "sex")
    # One that is written the same comes before those that only read the same.
    table = pa.table([[who["id"]], ["Ai Đó"], [who["name"]]], names=["id", "TÊN", "tên"])
    assert register.verify(table, name="tên", ignore="TÊN")[0]
    with pytest.raises(errors.ColumnError, match="more than one column 'ten'"):
        register.verify(table, name="ten")


@pytest.mark.parametrize("call", ["verify", "prepare", "build"])
def test_a_column_is_used_or_ignored_or_an_error(register, tmp_path, call):
    def ask(table, **how):
        if call == "build":
            return xacthuc.build(table, tmp_path / "npd.xts", **how)
        return getattr(register, call)(table, **how)

    table = row(["id", "name", "birth_date", "sex"]).append_column("note", [["x"]]).append_column("Số nhà", [["1"]])
    with pytest.raises(errors.ColumnError, match=r"columns\[4\] \('note'\), columns\[5\] are neither used nor in ignore="):
        ask(table)
    with pytest.raises(errors.ColumnError, match=r"columns\[5\] is neither used nor in ignore="):
        ask(table, ignore="note")
    for ignore in (["note", "Số nhà"], ("NOTE", "so_nha"), {"note", "số nhà"}, iter(["note", "Số nhà"])):
        ask(table, ignore=ignore)
    ask(table, name="name", ignore=True)
    with pytest.raises(errors.ColumnError, match="ignore: the table has no column 'remark'"):
        ask(table, ignore=["note", "remark"])
    with pytest.raises(errors.ColumnError, match="ignore: the column 'name' is named for name"):
        ask(table, name="name", ignore=["name", "note", "Số nhà"])
    with pytest.raises(errors.ColumnError, match=r"columns\[4\] is another one for name"):
        ask(table.select([0, 1, 2, 3]).append_column("ho_ten", [["An"]]))
    with pytest.raises(errors.ColumnError, match="another one for sex"):
        ask(table, sex=xacthuc.literal("nam"), ignore=["note", "Số nhà"])
    with pytest.raises(errors.ColumnError, match="id: no column of the table is called id, cccd"):
        ask(row(["a", "name", "birth_date", "sex"]), ignore=True)


def test_what_is_ignored_is_not_claimed(register):
    table = row(["id", "name", "birth_date", "sex"])
    assert register.verify(table, ignore="sex").claims == ("name", "birth_date")
    assert register.verify(table, name="name", ignore=True).claims == ("name",)
    assert register.verify(table, sex="sex", ignore=True, id="id").claims == ("sex",)


def test_the_row_labels_of_pandas_are_no_column(register):
    frame = pd.DataFrame({"id": ["x", who["id"]], "name": ["y", who["name"]]})
    assert register.verify(frame[frame["id"] != "x"])[0].matched == ("name",)
    assert register.verify(frame.set_index("id").iloc[1:])[0].matched == ("name",)


def messages(call) -> str:
    """All that is told of the exception that this raises."""
    with pytest.raises(xacthuc.Error) as caught:
        call()
    told, error = "", caught.value
    while error is not None:
        told += f"{error!r} {error} {error.args}"
        error = error.__cause__ or error.__context__
    return told


def headerless() -> list[pa.Table]:
    rest = [[None]] * 5
    return [
        pa.table(rest, names=secret),
        pa.table(rest[:2], names=["id", secret[1]]),
        pa.table(rest[:3], names=[secret[0], "name", secret[4]]),
        pa.table(rest[:2], names=[secret[4], secret[0]]),
    ]


@pytest.mark.parametrize("number", range(4))
def test_no_error_about_columns_shows_a_person(register, tmp_path, number):
    table = headerless()[number]
    calls = [
        lambda: register.verify(table),
        lambda: register.verify(table, name="ho_ten"),
        lambda: register.verify(table, id="cccd", ignore=True),
        lambda: register.verify(table, ignore=["ghi_chu"]),
        lambda: register.prepare(pl.DataFrame(table)),
        lambda: xacthuc.build(table, tmp_path / "npd.xts"),
        lambda: xacthuc.build(table, tmp_path / "npd.xts", birth_date="ngay"),
    ]
    for call in calls:
        told = messages(call)
        assert not any(part in told for part in secret), told


def test_no_error_about_rows_shows_a_person(register, tmp_path):
    table = pa.table({"id": ["07929900471x"], "name": [secret[1] + "\x01"], "birth_date": ["8/3/99"], "sex": ["Nử"]})
    for field in ("name", "birth_date", "sex"):
        answers = register.verify(table.set_column(0, "id", [[secret[0]]]), **{field: field}, ignore=True)
        assert answers.outcome.tolist() == [600]
        told = repr(answers.problems()) + repr(answers) + answers._repr_html_()
        assert not any(part in told for part in (secret[0], secret[1], "8/3/99", "Nử")), told
    assert "07929900471x" not in messages(lambda: xacthuc.build(table, tmp_path / "npd.xts"))
    assert secret[1] not in repr(xacthuc.literal(secret[1]))


def test_what_pyarrow_says_of_a_column_is_told_without_its_cells(register):
    mixed = pd.DataFrame({"id": [who["id"], 7], "name": [secret[1], pd.NaT]}, dtype=object)
    told = messages(lambda: register.verify(mixed))
    assert "pyarrow says" in told and secret[1] not in told and who["id"] not in told

    def rows():
        yield pa.RecordBatch.from_pydict({"id": [who["id"]], "name": ["An"]})
        raise ValueError(f"bad cell '{secret[1]}' of {secret[0]}, in O'Brien's file")

    schema = pa.schema({"id": pa.string(), "name": pa.string()})
    told = messages(lambda: register.verify(pa.RecordBatchReader.from_batches(schema, rows())))
    assert "bad cell" in told and secret[0] not in told and "Diệu" not in told and "Brien" not in told


def test_missing_values_of_every_library_are_not_claimed(register):
    day = pd.Timestamp(who["birth_date"])
    frame = pd.DataFrame({"id": [who["id"]] * 3, "birth_date": [day, pd.NaT, None]})
    answers = register.verify(frame)
    assert [one.matched for one in (answers[0], answers[1], answers[2])] == [("birth_date",), (), ()]
    text_frame = pd.DataFrame({"id": [who["id"]] * 2, "name": pd.array([who["name"], pd.NA], dtype="string")})
    assert [register.verify(text_frame)[i].matched for i in range(2)] == [("name",), ()]


@pytest.mark.parametrize("value", [pd.NaT, pd.NA, float("nan"), 1.5, True, [], {}, object(), b"x"], ids=repr)
def test_a_value_that_is_none_is_refused_by_its_name(register, value):
    table = pa.table({"id": [who["id"]], "name": [who["name"]]})
    with pytest.raises(errors.ColumnError, match="birth_date: wanted the heading of a column"):
        register.verify(table, birth_date=value)
    with pytest.raises(errors.ArgumentError, match="literal: wanted"):
        xacthuc.literal(value)


def test_what_is_no_table_is_refused_with_what_makes_one(register, tmp_path):
    row_of = {"id": who["id"], "name": who["name"]}
    for given, text in (
        ("people.csv", r"not str; read the file first, as polars\.read_csv"),
        (tmp_path / "people.csv", r"not .*PosixPath; read the file first"),
        ({key: [value] for key, value in row_of.items()}, r"not dict; pyarrow\.table\("),
        ([row_of], r"not list; pyarrow\.Table\.from_pylist\("),
        (5, "not int$"),
    ):
        with pytest.raises(errors.ColumnError, match=text):
            register.verify(given)
    assert register.verify(pa.table({key: [value] for key, value in row_of.items()}))[0]
    assert register.verify(pa.Table.from_pylist([row_of]))[0]
    # Numbers that pandas made of a column with a gap.
    with pytest.raises(errors.ColumnError, match="column 'id' is double; .*read the column as text"):
        register.verify(pd.DataFrame({"id": [int(who["id"]), None], "name": [who["name"]] * 2}))


def test_halves_of_characters_are_no_heading_and_no_value(register):
    table = pa.table({"id": [who["id"]], "name": [who["name"]]})
    with pytest.raises(errors.ColumnError, match="no column"):
        register.verify(table, name="\ud800")
    with pytest.raises(xacthuc.Error):
        register.verify(table, sex=xacthuc.literal("\udcff"))


@pytest.mark.parametrize("heading", [b"\xff\xfe", b"n\xc3", b"\x00", b"a\nb", b"\xed\xa0\x80", b"x" * 5000])
def test_headings_that_are_no_text_are_an_error_of_ours(register, heading):
    made = Made()
    schema = made.schema(b"+s", children=[made.schema(b"u", b"id"), made.schema(b"u", b"name"), made.schema(b"u", heading)])
    columns = [text(made, [who["id"]]), text(made, [who["name"]]), text(made, ["x"])]
    table = Table(made, schema, made.array(1, [None], children=columns))
    with pytest.raises(errors.ColumnError, match=r"columns\[2\] is neither used nor"):
        register.verify(table)
    # Of the wrong type, it is in a message.
    made = Made()
    schema = made.schema(b"+s", children=[made.schema(b"u", b"id"), made.schema(b"tiM\xff", b"birth_date")])
    table = Table(made, schema, made.array(1, [None], children=[text(made, [who["id"]]), text(made, ["x"])]))
    with pytest.raises(errors.ColumnError, match="Arrow format 'tiM"):
        register.verify(table)


def test_a_reader_that_is_used_up_is_an_error_and_not_no_rows(register, tmp_path):
    table = pa.table({"id": [who["id"]], "name": [who["name"]]})

    def reader():
        return pa.RecordBatchReader.from_batches(table.schema, iter(table.to_batches()))

    once = reader()
    assert len(register.verify(once)) == 1
    for call in (register.verify, register.prepare, lambda rows: xacthuc.build(rows, tmp_path / "npd.xts")):
        with pytest.raises(errors.TableError, match="reader"):
            call(once)
        read = reader()
        read.read_all()
        with pytest.raises(errors.TableError, match="read once"):
            call(read)
    assert not (tmp_path / "npd.xts").exists()
    assert len(register.verify(table.slice(0, 0))) == 0  # a table that is empty is one
    relation = duckdb.sql(f"select '{who['id']}' as id, '{who['name']}' as name")
    assert len(register.verify(relation)) == len(register.verify(relation)) == 1


def test_dates_of_all_kinds_stand_for_all_rows(register):
    table = pa.table({"id": [who["id"]]})
    for day in (who["birth_date"], datetime.datetime.combine(who["birth_date"], datetime.time(5)), pd.Timestamp(who["birth_date"])):
        assert register.verify(table, birth_date=day)[0]
