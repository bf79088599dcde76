# SPDX-License-Identifier: Apache-2.0
"""One request by itself: the answer that a table of one row gets, and what is wrong with which field."""

from __future__ import annotations

import datetime
import pickle

import polars as pl
import pytest
import xacthuc
from conftest import person


@pytest.mark.parametrize("i", range(120))
def test_it_is_the_answer_of_a_table_of_one_row(register, i):
    row = {name: person(i)[name] for name in ("id", "name", "birth_date", "sex", "life", "province")}
    row["name"] = [row["name"], row["name"].upper(), "An", None][i % 4]
    row["birth_date"] = row["birth_date"] if i % 5 else datetime.date(1901, 2, 3)
    table = pl.DataFrame({name: [value] for name, value in row.items()})
    assert register.verify_one(**row) == register.verify(table, **{name: name for name in row})[0]


def test_values_may_be_texts_numbers_dates_and_literals(register):
    who = person(0)
    texts = register.verify_one(id=who["id"], birth_date=str(who["birth_date"]), province=f"{who['province']:02}")
    others = register.verify_one(
        id=int(who["id"]), birth_date=who["birth_date"], province=xacthuc.literal(who["province"]), agency=5, procedure="6"
    )
    assert texts == others and texts.outcome == 0 and texts.matched == ("birth_date", "province") and bool(texts)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("id", "12", 1), ("id", "00119900000x", 2), ("id", 999, 1), ("id", -5, 1), ("id", 2**70, 1), ("id", None, 1),
     ("id", "", 1), ("name", "\udc80", 7), ("name", "  ", 5), ("name_exact", "A\x01", 8), ("birth_date", "soon", 3),
     ("birth_date", datetime.date(1700, 1, 1), 4), ("sex", "x y", 9), ("life", "gone", 10), ("province", 98, 11),
     ("ward", "1234567", 12), ("agency", 65536, 17), ("document_valid_on", "1999", 4)],
)  # fmt: skip
def test_the_field_that_failed_is_told(register, field, value, code):
    values = {"id": person(0)["id"], "account": "active", field: value}
    with pytest.raises(xacthuc.errors.InputError) as told:
        register.verify_one(**values)
    assert (told.value.field, told.value.code) == (field, code)
    assert field in str(told.value)
    again = pickle.loads(pickle.dumps(told.value))
    assert (again.field, again.code, str(again)) == (field, code, str(told.value))


def test_a_request_that_is_wrong_as_a_whole_has_no_field(register):
    with pytest.raises(xacthuc.errors.InputError, match="claims nothing") as told:
        register.verify_one(id=person(0)["id"])
    assert told.value.field is None
    with pytest.raises(xacthuc.errors.InputError, match="required") as told:
        register.verify_one(id=person(0)["id"], sex="f", require=["sex", "name"])
    assert told.value.field == "name"


@pytest.mark.parametrize(
    ("values", "error"),
    [({"name": b"An"}, xacthuc.errors.ColumnError), ({"sex": True}, xacthuc.errors.ColumnError),
     ({"name": datetime.date(1999, 1, 1)}, xacthuc.errors.ColumnError), ({"nom": "An"}, xacthuc.errors.ArgumentError),
     ({"name": "An", "require": "nom"}, xacthuc.errors.ColumnError)],
)  # fmt: skip
def test_what_is_no_value_is_refused_without_repeating_it(register, values, error):
    with pytest.raises(error) as told:
        register.verify_one(id=person(0)["id"], **values)
    assert "An" not in str(told.value) and person(0)["id"] not in str(told.value)


def test_references_are_given_back(register):
    import sys

    name = "".join(["Nguyễn ", "An"])
    before = sys.getrefcount(name)
    for _ in range(1000):
        register.verify_one(id=person(0)["id"], name=name)
    assert sys.getrefcount(name) == before
