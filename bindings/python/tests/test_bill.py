# SPDX-License-Identifier: Apache-2.0
"""Bills: DuckDB comes to the same by a query over the rows, to the đồng."""

from __future__ import annotations

import datetime
import random

import duckdb
import pyarrow as pa
import pytest
import xacthuc
from conftest import columns, person
from xacthuc import errors

# As an agency's accountant would write it: claims that matched or did not, one for an answer of one bit.
query = """
    with counted as (
        select agency, procedure, outcome,
               greatest(bit_count(matched | mismatched), case when outcome in (0, 299) then 1 else 0 end) as claims,
               ((time at time zone 'UTC') + interval 7 hour)::date as day
        from billed
    ), priced as (
        select claims,
               (select from_day from rates where from_day <= day order by from_day desc limit 1) as since,
               agency, procedure
        from counted
    )
    select coalesce(sum(claims * case
        when since is null or procedure = 8 or agency = 3 then 0
        when procedure = 7 then 20
        else (select per_claim from rates where from_day = since)
    end), 0)::bigint as amount, coalesce(sum(claims), 0)::bigint as claims, count(*) as answers
    from priced
"""


def tariff(path, since: datetime.date, per_claim: int):
    path.write_text(
        f'from = {since}\ncurrency = "VND"\nper_claim = {per_claim}\n'
        "[[procedure]]\nnumber = 7\nper_claim = 20\n"
        '[[procedure]]\nnumber = 8\nexempt = "a statute"\n[[agency]]\nnumber = 3\nexempt = "another"\n'
    )
    return path


def questions(count: int, seed: int) -> pa.Table:
    chance = random.Random(seed)
    rows = []
    for _ in range(count):
        who = person(chance.randrange(7000))  # some of whom nobody knows
        rows.append(
            {
                "id": who["id"],
                "name": who["name"] if chance.random() < 0.7 else "Đỗ Kim Mỹ",
                "birth_date": who["birth_date"] if chance.random() < 0.6 else None,
                "sex": chance.choice(["male", "female", None]),
                "agency": chance.choice([3, 5, 12]),
                "procedure": chance.choice([6, 7, 8]),
            }
        )
    return pa.table(columns(rows))


def recomputed(rows: xacthuc.ledger.LedgerTable, rates: list[tuple[datetime.date, int]]) -> tuple[int, int, int]:
    database = duckdb.connect()
    database.register("billed", pa.table(rows))
    database.execute("create table rates (from_day date, per_claim integer)")
    database.executemany("insert into rates values (?, ?)", rates)
    return database.execute(query).fetchone()


def test_duckdb_comes_to_the_same_bill(register, tmp_path):
    today = datetime.datetime.now(xacthuc.ledger.vietnam).date()
    rates = [(datetime.date(2020, 1, 1), 30), (today, 50), (today + datetime.timedelta(days=40), 9_999)]
    files = [tariff(tmp_path / f"{since}.toml", since, price) for since, price in rates]
    with xacthuc.Ledger.open(tmp_path / "ledger", origin="example.vn/billed") as ledger:
        kept = []
        for seed in range(4):
            register.verify(questions(3000, seed), ledger=ledger)
            kept.append((ledger.entries, ledger.checkpoint))
        whole = ledger.bill(files)
        assert (whole.from_size, whole.to_size, whole.currency) == (0, 4, "VND")
        assert (whole.amount, whole.claims, whole.answers) == recomputed(ledger.rows(), rates)
        assert whole.answers == 12_000 and whole.amount > 100_000
        assert whole.amount == sum(line.amount for line in whole.lines)
        assert {line.tariff_from for line in whole.lines} == {today}
        assert {line.exemption for line in whole.lines if line.procedure == 8} == {"a statute"}

        (first, note), (last, later) = kept[0], kept[2]
        part = ledger.bill(files, from_checkpoint=note, to_checkpoint=later)
        assert (part.amount, part.claims, part.answers) == recomputed(ledger.rows(first, last), rates)
        assert part.answers == 6_000 and note.startswith(part.from_checkpoint)

        # Before the first tariff nothing is due.
        late = [(today + datetime.timedelta(days=1), 50)]
        free = ledger.bill(tariff(tmp_path / "late.toml", *late[0]))
        assert (free.amount, free.claims, free.answers) == recomputed(ledger.rows(), late)
        assert free.amount == 0 and {line.tariff_from for line in free.lines} == {None}

        with pytest.raises(errors.Error):
            ledger.bill(files, to_checkpoint=later.replace("\n3\n", "\n4\n"))
        with pytest.raises(errors.ArgumentError):
            ledger.bill(files, from_checkpoint=later, to_checkpoint=note)
        with pytest.raises(errors.InputError, match="two tariffs"):
            ledger.bill([files[0], files[0]])
        with pytest.raises(errors.InputError):
            ledger.bill(tmp_path / "none.toml")
        with pytest.raises(errors.NotFoundError):
            ledger.rows(0, 9)
