# SPDX-License-Identifier: Apache-2.0
"""The package's types, as a checker sees them from outside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import xacthuc

pytestmark = pytest.mark.installed

right = """
import datetime
import polars as pl
import xacthuc
from xacthuc import ed25519

register: xacthuc.Register = xacthuc.open("npd.xts", map=True)
people = pl.DataFrame({"id": ["1"], "ten": ["a"]})
answers = register.verify(people, name="ten", born_on_or_before=datetime.date(2007, 1, 1), agency=5, progress=True)
rate: float = answers.summary().verified_rate
requests: xacthuc.Requests = register.prepare(people, sex=xacthuc.literal("nam"))
first: xacthuc.Verdict = register.verify(requests, threads=2)[0]
alone: xacthuc.Verdict = register.verify_one(id=1199000001, name="An", birth_date=datetime.date(1999, 3, 8))
words: tuple[str, ...] = first.mismatched
policy: xacthuc.Policy = xacthuc.Policy.load("policy", root="vn+1a2b3c4d+AT", today=datetime.date(2027, 1, 1))
judged: xacthuc.Register = xacthuc.open("npd.xts", policy="policy", unsigned=True, agency=5)
judged.set_policy(policy)
why: str = policy.explain(5, "birth-registration", lang="en")
decided: str = policy.decide(5, 101, ["name"], proofs=("agency",), day=datetime.date(2027, 1, 1), level="level_2")
names: dict[int, str] = policy.agencies
report: xacthuc.BuildReport = xacthuc.build(people, out="npd.xts", name="ten")
counts: xacthuc.Counts = register.count_by("province", "sex", count_min=20)
ledger: xacthuc.Ledger = xacthuc.Ledger.open("ledger", origin="example.vn/ledger")
recorded = register.verify(people, ledger=ledger, officer=42)
receipt: str = ledger.receipt(0, 7)
shown: xacthuc.ledger.Receipt = xacthuc.ledger.verify_receipt(receipt, ledger.key)
seen: xacthuc.ledger.LedgerTable = ledger.history("001199000001", rules="shown.toml")
owed: int = ledger.bill(["2027.toml"], from_checkpoint=ledger.checkpoint).lines[0].amount
pruned: int = ledger.prune(datetime.date(2026, 1, 1))
pair: ed25519.SigningKey = ed25519.SigningKey.load("agency.key")
right: bool = ed25519.verify(pair.public_key, b"", pair.sign(b""))
valid = int(ed25519.verify_batch([b""], [b""], b"").sum())
verdicts = answers.verdicts.sum()
"""
wrong = """
import xacthuc
xacthuc.open(5)
register = xacthuc.open("npd.xts")
register.verify("people", name="ten")
register.count_by(5)
register.verfy
xacthuc.open("npd.xts", policy=5)
"""


def errors_in(program: str, folder: Path) -> list[str]:
    file = folder / "program.py"
    file.write_text(program)
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder), str(file)], capture_output=True, text=True
    )
    return [line for line in ran.stdout.splitlines() if "error:" in line]


def test_a_checker_accepts_what_is_right_and_finds_what_is_wrong(tmp_path):
    if not (Path(xacthuc.__file__).parent / "_native.pyi").exists():
        pytest.skip("stubs come with the installed package only")
    pytest.importorskip("mypy")
    assert errors_in(right, tmp_path) == []
    lines = [int(line.split(":")[1]) for line in errors_in(wrong, tmp_path)]
    assert sorted(set(lines)) == [3, 5, 6, 7, 8]
