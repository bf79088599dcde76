# SPDX-License-Identifier: Apache-2.0
"""Policy: loaded, explained and asked, and registers that are judged by it."""

from __future__ import annotations

import datetime
import os
import pickle
from pathlib import Path

import polars as pl
import pytest
import xacthuc
from conftest import person
from xacthuc import errors

example = Path(__file__).resolve().parents[3] / "data" / "policy"
in_2027 = datetime.date(2027, 1, 15)
justice, birth_registration, marital_status, status_extract = 5, 101, 104, 108


@pytest.fixture(scope="session")
def policy() -> xacthuc.Policy:
    return xacthuc.Policy.load(example, unsigned=True, today=in_2027)


@pytest.fixture(scope="session")
def judged(snapshot, policy) -> xacthuc.Register:
    return xacthuc.open(snapshot, policy=policy, agency=justice)


def asked(rows: list[tuple[int, int | None, bool]]) -> pl.DataFrame:
    """A row for each procedure and agency; its birth date is true or not."""
    who = person(0)
    return pl.DataFrame(
        {
            "id": [who["id"] for _ in rows],
            "name": [who["name"] for _ in rows],
            "birth_date": [who["birth_date"] if true else datetime.date(1901, 2, 3) for _, _, true in rows],
            "procedure": [procedure for procedure, _, _ in rows],
            "agency": pl.Series([agency for _, agency, _ in rows], dtype=pl.UInt16),
        }
    )


def test_guards_watch(snapshot, policy, tmp_path):
    with pytest.raises(errors.Error, match="guards"):
        xacthuc.Guards.open(snapshot / "guards")
    guards = xacthuc.Guards.open(tmp_path / "guards")
    with pytest.raises(errors.Error, match="guards"):
        xacthuc.Guards.open(tmp_path / "guards")
    register = xacthuc.open(snapshot, policy=policy, agency=justice, guards=guards)
    register.set_guards(guards)
    question = asked([(birth_registration, None, True)])
    assert list(register.verify(question).outcome) == [0]
    guards.suspend(justice)
    assert list(register.verify(question).outcome) == [412]
    guards.reinstate(justice)
    wrong = asked([(birth_registration, None, False)] * 40)
    assert 0 not in list(register.verify(wrong).outcome)
    assert guards.take_alarms() == []
    # Without a policy there are no quotas, and everybody may be asked about as often as anybody likes.
    unjudged = xacthuc.open(snapshot, agency=justice, guards=guards)
    assert set(unjudged.verify(asked([(birth_registration, None, True)] * 800)).outcome) == {0}
    (alarm,) = guards.take_alarms()
    assert alarm["reason"] == "heavy_subject" and alarm["agency"] == justice and not alarm["suspended"]
    assert alarm["number"] > alarm["limit"] == 500 and alarm["subject"] == int(person(0)["id"])
    assert guards.take_alarms() == []
    with pytest.raises(errors.ArgumentError, match="guards"):
        pickle.dumps(register)
    with pytest.raises(errors.ArgumentError, match="others"):
        register.set_guards(xacthuc.Guards.open(tmp_path / "others"))
    guards.save()
    guards.close()
    with pytest.raises(errors.ArgumentError, match="agency"):
        guards.suspend(0)


def test_it_says_what_it_is(policy):
    assert policy.agencies[justice] == "justice" and policy.procedures[birth_registration] == "birth-registration"
    assert len(policy.procedures) >= 60 and len(policy.sha256) == 64
    policy.check()
    policy.check(today=in_2027)


def test_it_explains(policy):
    vi, en = policy.explain(justice, birth_registration), policy.explain("justice", "birth-registration", lang="en")
    assert "Đăng ký khai sinh" in vi and "Birth registration" in en and "vn.toml:" in en
    with pytest.raises(errors.InputError, match="nobody") as missing:
        policy.explain("nobody", 101)
    assert missing.value.code == 26
    with pytest.raises(errors.ArgumentError, match="lang"):
        policy.explain(5, 101, lang="fr")


def test_it_decides(policy):
    identity, day = ["name", "birth_date"], in_2027
    assert policy.decide(justice, 101, identity, ["agency"], day) == "verified"
    assert policy.decide("justice", "birth-registration", identity, ["agency"], day) == "verified"
    assert policy.decide(justice, 101, identity, [], day) == "proof_missing"
    assert policy.decide(justice, 101, ["name"], ["agency"], day) == "required_claim_missing"
    assert policy.decide(justice, 101, [*identity, "sex"], ["agency"], day) == "claim_not_permitted"
    assert policy.decide(justice, 101, identity, ["agency"], datetime.date(2001, 1, 1)) == "policy_not_valid"
    assert policy.decide(65000, 101, identity) == "unknown_agency"
    for wrong in ({"claims": ["nothing"]}, {"claims": "name"}, {"proofs": [5]}, {"level": "level_3"}, {"day": "today"}):
        with pytest.raises(errors.ArgumentError):
            policy.decide(**{"agency": justice, "procedure": 101, "claims": identity, **wrong})


def test_every_fault_is_in_the_error(tmp_path):
    (tmp_path / "vn.toml").write_text('framework = "vn"\nversion = 1\nnonsense = 1\nmore = 2\n')
    with pytest.raises(xacthuc.Error) as faulty:
        xacthuc.Policy.load(tmp_path, unsigned=True)
    assert faulty.value.code == 25 and "vn.toml:3: " in str(faulty.value) and "vn.toml:4: " in str(faulty.value)
    with pytest.raises(errors.ArgumentError, match="root"):
        xacthuc.Policy.load(example)
    with pytest.raises(errors.InputError, match="root"):
        xacthuc.Policy.load(example, root="nobody's")
    with pytest.raises(errors.NotFoundError):
        xacthuc.Policy.load(tmp_path / "none.xtp")


def test_check_sees_what_became_of_the_files(tmp_path):
    file = tmp_path / "vn.toml"
    file.write_bytes((example / "vn.toml").read_bytes())
    loaded = xacthuc.Policy.load(file, unsigned=True, today=in_2027)
    loaded.check()
    file.write_text("framework = 5\n")
    with pytest.raises(xacthuc.Error, match="vn.toml:1: "):
        loaded.check()


def test_verification_answers_under_it(judged):
    rows = [(101, None, True), (101, 5, True), (101, 7, True), (101, None, False), (104, None, True), (108, None, False)]
    answers = judged.verify(asked(rows))
    assert list(answers.outcome) == [0, 0, 302, 102, 305, 299]
    assert answers.summary().to_dict() == {
        "verified": 2, "birth_date_mismatch": 1, "not_verified": 1, "not_permitted": 1, "proof_missing": 1,
    }  # fmt: skip
    assert "proof_missing" in str(answers.summary())
    prepared = judged.prepare(asked(rows))
    assert list(judged.verify(prepared).outcome) == list(answers.outcome)
    # Without an agency's column it is that of the register; without a procedure's there is none.
    table = asked([(101, None, True)])
    assert list(judged.verify(table.drop("agency")).outcome) == [0]
    assert list(judged.verify(table.drop("agency", "procedure")).outcome) == [301]


def test_one_request_is_judged_as_well(judged):
    who = person(0)
    one = {"id": who["id"], "name": who["name"], "birth_date": who["birth_date"]}
    assert judged.verify_one(**one, procedure=101).outcome == 0
    assert judged.verify_one(**one, procedure=101, agency=7).outcome == 302
    assert judged.verify_one(**one).outcome == 301


def test_a_path_will_do_and_another_may_be_put_in_force(snapshot, policy):
    opened = xacthuc.open(snapshot, policy=example, unsigned=True, agency=justice)
    assert opened.agency == justice and list(opened.verify(asked([(9999, None, True)])).outcome) == [301]
    bare = xacthuc.open(snapshot, agency=justice)
    assert list(bare.verify(asked([(9999, None, True), (9999, 7, True)])).outcome) == [0, 302]
    bare.set_policy(policy)
    assert list(bare.verify(asked([(9999, None, True)])).outcome) == [301]
    for wrong in ({"policy": example}, {"unsigned": True}, {"policy": policy, "policy_root": "x"}, {"agency": 65536}):
        with pytest.raises(errors.ArgumentError):
            xacthuc.open(snapshot, **wrong)


def test_another_process_is_judged_by_it_too(judged):
    again = pickle.loads(pickle.dumps(judged))
    assert again.agency == justice
    assert list(again.verify(asked([(101, None, True), (9999, None, True)])).outcome) == [0, 301]
    assert os.fsdecode(again.opened_from()[7]) == str(example)
