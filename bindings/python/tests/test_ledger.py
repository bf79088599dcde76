# SPDX-License-Identifier: Apache-2.0
"""The ledger: rows that answers leave, receipts, histories, and ends of days."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import xacthuc
from conftest import columns, person
from xacthuc import errors

origin = "example.vn/of-python"


@pytest.fixture
def ledger(tmp_path):
    with xacthuc.Ledger.open(tmp_path / "ledger", origin=origin) as opened:
        yield opened


def asked(count: int, procedure: int = 7) -> pa.Table:
    rows = [person(i) for i in range(count)]
    table = columns([{"id": row["id"], "name": row["name"], "birth_date": row["birth_date"]} for row in rows])
    return pa.table({**table, "agency": [12] * count, "procedure": [procedure] * count})


def test_answers_are_those_without_a_ledger_and_say_where_their_rows_are(register, ledger, text_people):
    table = pa.table(text_people)
    without = register.verify(table)
    answers = register.verify(table, ledger=ledger, officer=42)
    assert (answers.verdicts == without.verdicts).all()
    frame = pl.DataFrame(answers)
    assert frame.columns[-2:] == ["ledger_entry", "ledger_row"]
    assert frame.drop("ledger_entry", "ledger_row").equals(pl.DataFrame(without))
    assert frame["ledger_entry"].null_count() == 0 and ledger.entries == 1
    assert sorted(frame["ledger_row"]) == list(range(len(answers)))
    assert answers[5].ledger_entry == 0 and answers[5].ledger_row == frame["ledger_row"][5]
    assert without[5].ledger_entry is None and "ledger_entry" not in pl.DataFrame(without).columns
    assert pa.table(answers)["ledger_row"].to_pylist() == frame["ledger_row"].to_list()


def test_many_rows_on_many_threads_each_have_their_receipt(register, ledger):
    table = asked(5000)
    answers = register.verify(table, ledger=ledger, threads=3)
    frame = pl.DataFrame(answers)
    for i in (0, 1, 1023, 1024, 4999):
        receipt = ledger.receipt(frame["ledger_entry"][i], frame["ledger_row"][i])
        assert xacthuc.ledger.verify_receipt(receipt, ledger.key).id == table["id"][i].as_py()
    again = register.verify(register.prepare(table), ledger=ledger, threads=2)
    assert again[4999].ledger_entry is not None and ledger.entries == 2
    with pytest.raises(errors.ArgumentError, match="verify"):
        register.prepare(table, ledger=ledger)


def test_a_receipt_shows_what_was_answered(register, ledger):
    who = person(1)
    before = datetime.datetime.now(xacthuc.ledger.vietnam)
    answer = register.verify_one(
        id=who["id"], name=who["name"], birth_date="1901", agency=12, procedure=7, ledger=ledger, officer=42
    )
    assert (answer.meaning, answer.ledger_entry, answer.ledger_row) == ("birth_date_mismatch", 0, 0)
    text = ledger.receipt(answer.ledger_entry, answer.ledger_row)
    shown = xacthuc.ledger.verify_receipt(text, ledger.key)
    assert (shown.id, shown.agency, shown.procedure, shown.officer) == (who["id"], 12, 7, 42)
    assert shown.claims == ("name", "birth_date") and shown.verdict == answer and shown.origin == origin
    assert datetime.timedelta(seconds=-1) <= shown.time - before < datetime.timedelta(minutes=1)
    assert shown.time.utcoffset() == datetime.timedelta(hours=7)
    for wrong in (text.replace("A", "B", 1), text[:-2], "", "nothing"):
        with pytest.raises(errors.Error):
            xacthuc.ledger.verify_receipt(wrong, ledger.key)
    with pytest.raises(errors.InputError, match="verifier key"):
        xacthuc.ledger.verify_receipt(text, "x")
    with pytest.raises(errors.NotFoundError, match="entry 9"):
        ledger.receipt(9, 0)
    with pytest.raises(errors.ArgumentError, match="receipt"):
        xacthuc.ledger.verify_receipt(None, ledger.key)


def test_a_citizen_sees_who_asked(register, ledger, tmp_path):
    table = asked(30)
    register.verify(table, ledger=ledger, officer=42)
    register.verify_one(id=person(3)["id"], sex="male", agency=13, procedure=9, ledger=ledger, officer=43)
    hers = ledger.history(person(3)["id"])
    assert len(hers) == 2 and "2 rows" in repr(hers)
    frame = pl.DataFrame(hers)
    assert frame["time"].dtype == pl.Datetime("ms", "Asia/Ho_Chi_Minh") or frame["time"].dtype.time_zone == "Asia/Ho_Chi_Minh"
    assert frame["agency"].to_list() == [12, 13] and frame["procedure"].to_list() == [7, 9]
    assert frame["claims"].to_list() == ["name birth_date", "sex"] and frame["officer"].null_count() == 2
    assert frame["meaning"].cast(pl.String).to_list() == ["verified", "sex_mismatch"]
    assert frame["name"].cast(pl.String).to_list() == ["matched", "not_claimed"]
    assert frame["sex"].cast(pl.String).to_list() == ["not_claimed", "mismatched"]
    inspected = pd.DataFrame(pa.table(ledger.history(person(3)["id"], inspector=True)).to_pandas())
    assert inspected["officer"].to_list() == [42, 43]
    assert str(inspected["time"].dt.tz) == "Asia/Ho_Chi_Minh"
    age = datetime.datetime.now(datetime.timezone.utc) - inspected["time"][1]
    assert datetime.timedelta(seconds=-1) < age < datetime.timedelta(minutes=2)

    rules = tmp_path / "shown.toml"
    rules.write_text('from = 2020-01-01\nvisible_after_days = 0\n[[procedure]]\nnumber = 9\nshows = "agency"\n')
    withheld = pl.DataFrame(ledger.history(person(3)["id"], rules=rules))
    assert withheld["withheld"].to_list() == [True, True] or withheld["withheld"].to_list()[1]
    assert withheld["procedure"].to_list() == [7, None] and withheld["meaning"].null_count() == 1
    rules.write_text("from = 2020-01-01\nvisible_after_days = 90\n")
    nothing = ledger.history(person(3)["id"], rules=rules)
    assert len(nothing) == 0 and pl.DataFrame(nothing).height == 0
    rules.write_text("nonsense = 1\n")
    with pytest.raises(errors.InputError, match="shown.toml:1"):
        ledger.history(person(3)["id"], rules=rules)
    with pytest.raises(errors.InputError) as refused:
        ledger.history("12")
    assert refused.value.field == "id"
    with pytest.raises(errors.ArgumentError):
        ledger.history(12)


def test_it_is_read_while_it_is_open_and_goes_on(register, tmp_path):
    folder = tmp_path / "ledger"
    with pytest.raises(errors.InputError, match="example.vn/ledger"):
        xacthuc.Ledger.open(folder)
    with xacthuc.Ledger.open(folder, origin=origin) as first:
        register.verify(asked(3), ledger=first)
        assert len(xacthuc.ledger.history(folder, person(0)["id"])) == 1
        with pytest.raises(errors.FileError, match="log"):
            xacthuc.Ledger.open(folder)
        assert first.checkpoint.startswith(origin + "\n1\n") and origin in repr(first)
        assert not first.is_stopped and first.is_witnessed and first.ask_witnesses() == []
    with pytest.raises(errors.LedgerError, match="closed"):
        register.verify(asked(3), ledger=first)
    with pytest.raises(errors.LedgerError, match="closed"):
        first.publish()
    del first
    with xacthuc.Ledger.open(folder) as second:
        assert second.entries == 1
        register.verify(asked(3), ledger=second)
    with pytest.raises(errors.LedgerError, match=origin):
        xacthuc.Ledger.open(folder, origin="other.example")
    with pytest.raises(errors.NotFoundError):
        xacthuc.ledger.history(tmp_path / "none", person(0)["id"])


def test_a_register_may_have_a_ledger(snapshot, ledger, tmp_path):
    register = xacthuc.open(snapshot, ledger=ledger)
    register.set_ledger(ledger)
    assert register.verify(asked(3))[2].ledger_row == 2
    with pytest.raises(errors.ArgumentError, match="ledger"):
        pickle.dumps(register)
    with xacthuc.Ledger.open(tmp_path / "other", origin="other.example") as other:
        with pytest.raises(errors.ArgumentError, match="another"):
            register.set_ledger(other)
        register.verify(asked(2), ledger=other)
        assert (ledger.entries, other.entries) == (1, 1)
    with pytest.raises(errors.ArgumentError, match="Ledger"):
        register.verify(asked(2), ledger="ledger")


def test_days_end(register, ledger):
    register.verify(asked(3), ledger=ledger)
    ledger.update_histories()
    assert ledger.prune("2020-01-01") == 0 and ledger.prune(datetime.date(2020, 1, 1)) == 0
    today = datetime.datetime.now(xacthuc.ledger.vietnam).date()
    ledger.forget(today)
    assert len(ledger.history(person(0)["id"])) == 0
    with pytest.raises(errors.NotFoundError):
        ledger.forget("2020-01-01")
    with pytest.raises(errors.InputError):
        ledger.prune("yesterday")
    with pytest.raises(errors.ArgumentError):
        ledger.prune(7)


def test_a_ledger_whose_witnesses_do_not_cosign_answers_nothing(register, tmp_path):
    witnesses = tmp_path / "witnesses.toml"
    witnesses.write_text(
        "quorum = 1\ntimeout_ms = 300\n[[witness]]\n"
        'key = "w.example+4a98ebc3+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"\nurl = "http://127.0.0.1:9/"\n'
    )
    with xacthuc.Ledger.open(tmp_path / "ledger", origin=origin, witnesses=witnesses) as watched:
        assert not watched.is_witnessed
        (said,) = watched.ask_witnesses()
        assert "w.example" in said
        with pytest.raises(errors.LedgerError, match="witnesses"):
            register.verify(asked(3), ledger=watched)
        assert watched.entries == 0
    witnesses.write_text("quorum = 1\n")
    with pytest.raises(errors.InputError, match="witnesses.toml:1"):
        xacthuc.Ledger.open(tmp_path / "ledger", witnesses=Path(witnesses))
