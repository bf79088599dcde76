# SPDX-License-Identifier: Apache-2.0
"""Making registers, opening them, and what is said when that cannot be."""

from __future__ import annotations

import datetime
import os
import pickle
import shutil
import stat

import pyarrow as pa
import pytest
import xacthuc
from conftest import citizen_columns, people_count, person
from xacthuc import errors


def test_a_register_says_what_it_is(register):
    assert len(register) == register.citizens == people_count
    assert register.sequence == 1
    assert register.memory_bytes > people_count * 32


@pytest.mark.parametrize("check", ["everything", "damage", "directory"])
def test_a_mapped_register_gives_the_same_answers(snapshot, register, citizens, check):
    mapped = xacthuc.open(snapshot, map=True, check=check)
    fields = {"name": "name", "birth_date": "birth_date", "province": "province", "ignore": True}
    assert (mapped.verify(citizens, **fields).verdicts == register.verify(citizens, **fields).verdicts).all()


def test_keys_may_lie_elsewhere(snapshot, tmp_path, citizens):
    for file in ("npd.xts", "digest.key", "authority.pub"):
        shutil.copy(snapshot.parent / file, tmp_path / f"other-{file}")
    path = tmp_path / "other-npd.xts"
    with pytest.raises(errors.NotFoundError):
        xacthuc.open(path)
    opened = xacthuc.open(
        str(path), digest_key=tmp_path / "other-digest.key", authority=str(tmp_path / "other-authority.pub")
    )
    assert len(opened) == people_count


def test_what_is_missing_or_damaged_or_foreign_is_an_error_of_its_kind(snapshot, tmp_path, citizens):
    with pytest.raises(errors.NotFoundError) as missing:
        xacthuc.open(tmp_path / "nothing.xts")
    assert isinstance(missing.value, (FileNotFoundError, OSError)) and missing.value.code == 112
    assert str(missing.value) == f"no such file or folder: {tmp_path / 'nothing.xts'}"
    shutil.copy(snapshot, tmp_path / "alone.xts")
    with pytest.raises(errors.NotFoundError, match="authority.pub"):
        xacthuc.open(tmp_path / "alone.xts")

    folder = tmp_path / "register"
    shutil.copytree(snapshot.parent, folder)
    bytes_of = bytearray((folder / "npd.xts").read_bytes())
    bytes_of[len(bytes_of) // 2] ^= 1
    (folder / "npd.xts").write_bytes(bytes_of)
    with pytest.raises(errors.DamageError, match="partition") as damaged:
        xacthuc.open(folder / "npd.xts")
    assert damaged.value.code == 105
    (folder / "npd.xts").write_bytes(b"not a snapshot at all" * 100)
    with pytest.raises(errors.DamageError) as no_snapshot:
        xacthuc.open(folder / "npd.xts")
    assert no_snapshot.value.code == 102

    xacthuc.build(citizens, tmp_path / "foreign.xts", name="name")
    shutil.copy(tmp_path / "foreign.xts", folder / "npd.xts")
    with pytest.raises(errors.TrustError, match="another authority"):
        xacthuc.open(folder / "npd.xts")
    os.chmod(folder / "digest.key", 0o644)
    with pytest.raises(errors.TrustError, match="permissions"):
        xacthuc.open(folder / "npd.xts")
    assert isinstance(damaged.value, xacthuc.Error) and isinstance(damaged.value, OSError)


def test_arguments_that_make_no_sense_are_refused(snapshot):
    for how in ({"map": True}, {}):
        for check in ("nothing", 5, None):
            with pytest.raises(errors.ArgumentError, match="check: wanted 'everything'"):
                xacthuc.open(snapshot, check=check, **how)
    with pytest.raises(errors.ArgumentError, match="check: only what is read in place"):
        xacthuc.open(snapshot, check="directory")
    with pytest.raises(errors.ArgumentError, match="map: wanted True or False"):
        xacthuc.open(snapshot, map="no")
    with pytest.raises(TypeError):
        xacthuc.open(5)


@pytest.mark.parametrize("how", [{"strict": "no"}, {"strict": None}, {"sequence": -1}, {"sequence": "first"},
                                 {"sequence": 1.5}, {"threads": True}, {"progress": 5}, {"ignore": 5},
                                 {"ignore": [5]}, {"ignore": b"name"}])  # fmt: skip
def test_build_takes_no_value_that_it_would_have_to_guess_about(tmp_path, citizens, how):
    (argument,) = how
    with pytest.raises(errors.ArgumentError, match=f"{argument}: wanted") as caught:
        xacthuc.build(citizens, tmp_path / "npd.xts", **how)
    assert isinstance(caught.value, (TypeError, ValueError)) and isinstance(caught.value, xacthuc.Error)
    assert not (tmp_path / "npd.xts").exists()


def test_build_makes_keys_that_only_the_owner_can_read(tmp_path, citizens):
    report = xacthuc.build(citizens, tmp_path / "npd.xts", name="name")
    assert report.file_bytes == (tmp_path / "npd.xts").stat().st_size
    for secret in ("digest.key", "authority.key", "npd.xts"):
        assert stat.S_IMODE((tmp_path / secret).stat().st_mode) == 0o600
    first = (tmp_path / "digest.key").read_bytes()
    xacthuc.build(citizens, tmp_path / "npd.xts", name="name")
    assert (tmp_path / "digest.key").read_bytes() == first


def test_build_refuses_rows_that_are_no_citizens_or_leaves_them_out(tmp_path):
    rows = pa.table({"id": ["001090000001", "1", None, "001090000002", "001090000003"],
                     "name": ["An", "Bình", "Chi", "x" * 300, "Em"],
                     "expiry": ["2030-01-01", None, None, None, "1999-01-01"]})  # fmt: skip
    path = tmp_path / "npd.xts"
    with pytest.raises(errors.InputError, match="row 1, id .4 rows are no citizens"):
        xacthuc.build(rows, path, name="name", document_expiry="expiry")
    assert not path.exists()
    report = xacthuc.build(rows, path, name="name", document_expiry="expiry", strict=False)
    assert (report.rows, report.citizens, report.rejected) == (5, 1, 4)
    problems = [(p.row, p.column) for p in report.problems()]
    assert problems == [(1, "id"), (2, "id"), (3, "name"), (4, "document_expiry")]


def test_build_keeps_the_last_of_rows_with_one_id(tmp_path):
    who = person(0)["id"]
    rows = pa.table({"id": [who, "001090000002", who], "sex": ["nam", "nam", "nữ"]})
    report = xacthuc.build(rows, tmp_path / "npd.xts", sex="sex", sequence=42)
    assert (report.citizens, report.replaced) == (2, 1)
    register = xacthuc.open(tmp_path / "npd.xts")
    assert register.sequence == 42
    assert register.verify(rows, sex="sex").outcome.tolist() == [103, 0, 0]


def test_build_takes_what_columns_hold(tmp_path):
    rows = pa.table({"id": pa.array([1090000001, 1090000002], pa.int64()), "died": ["deceased", None],
                     "gone": [False, True], "ends": ["không thời hạn", None]})  # fmt: skip
    xacthuc.build(rows, tmp_path / "npd.xts", life="died", superseded="gone", document_expiry="ends",
                  document=xacthuc.literal("valid"), province=1)  # fmt: skip
    register = xacthuc.open(tmp_path / "npd.xts")
    answers = register.verify(rows, document_valid_on=datetime.date(2080, 1, 1), province=1, ignore=True)
    assert answers.outcome.tolist() == [210, 201]
    with pytest.raises(errors.ColumnError, match="superseded wants"):
        xacthuc.build(pa.table({"id": ["1"], "gone": [5]}), tmp_path / "npd.xts", superseded="gone")


def test_build_writes_nothing_where_there_is_no_folder(tmp_path, citizens):
    with pytest.raises(errors.NotFoundError):
        xacthuc.build(citizens, tmp_path / "nowhere" / "npd.xts", name="name")


def test_whole_citizens_come_back_as_they_went_in(register, citizens):
    fields = {name: name for name in citizen_columns if name != "document_expiry"}
    answers = register.verify(citizens, **fields, ignore="document_expiry")
    died = [person(i)["life"] == "deceased" for i in range(people_count)]
    locked = [person(i)["account"] == "locked" for i in range(people_count)]
    expected = [210 if d else 230 if lock else 0 for d, lock in zip(died, locked)]
    assert answers.outcome.tolist() == expected
    assert (answers.mismatched == 0).all()


def test_a_registry_is_made_in_a_directory_and_opened_from_it(tmp_path, citizens, register):
    fields = {"name": "name", "sex": "sex", "life": "life", "ignore": True}
    report = xacthuc.build(citizens, tmp_path, **citizen_columns, sequence=7)
    assert report.citizens == people_count
    opened = xacthuc.open(tmp_path)
    assert (len(opened), opened.sequence) == (people_count, 7)
    assert (opened.verify(citizens, **fields).verdicts == register.verify(citizens, **fields).verdicts).all()
    assert opened.refresh() == 7
    assert opened.verify(citizens, **fields).sequence == 7
    with pytest.raises(ValueError, match="map"):
        xacthuc.open(tmp_path, map=True)
    with pytest.raises(errors.FileError, match="there is a registry"):
        xacthuc.build(citizens, tmp_path, name="name")
    assert register.refresh() == register.sequence


def test_a_register_that_does_not_come_to_a_known_change_is_refused(tmp_path, snapshot, citizens):
    xacthuc.build(citizens, tmp_path, **citizen_columns, sequence=7)
    for path, how, last in ((tmp_path, {}, 7), (snapshot, {}, 1), (snapshot, {"map": True}, 1)):
        assert xacthuc.open(path, at_least=last, **how).sequence == last
        with pytest.raises(errors.FileError, match=f"ends with change {last}, at_least is {last + 1}|ends with") as old:
            xacthuc.open(path, at_least=last + 1, **how)
        assert old.value.code == 120
    for wrong in (-1, 2**64, "7", None, 1.0, True):
        with pytest.raises(errors.ArgumentError, match="at_least: wanted a whole number"):
            xacthuc.open(tmp_path, at_least=wrong)


def test_the_high_water_mark_may_lie_elsewhere_or_be_lost(tmp_path, snapshot, citizens):
    folder, elsewhere = tmp_path / "registry", tmp_path / "elsewhere.mark"
    folder.mkdir()
    xacthuc.build(citizens, folder, **citizen_columns, sequence=7)
    (folder / "registry.mark").rename(elsewhere)
    with pytest.raises(errors.DamageError):
        xacthuc.open(folder)
    assert xacthuc.open(folder, at_least=7).sequence == 7
    opened = xacthuc.open(folder, mark=elsewhere)
    assert pickle.loads(pickle.dumps(opened)).sequence == xacthuc.open(folder, mark=str(elsewhere)).sequence == 7
    assert opened.opened_from()[5:7] == (os.fsencode(elsewhere), 0)
    with pytest.raises(errors.ArgumentError, match="mark: only a registry's directory has one"):
        xacthuc.open(snapshot, mark=elsewhere)


def test_a_directory_without_a_registry_is_none(snapshot, tmp_path):
    for file in ("digest.key", "authority.pub"):
        shutil.copy(snapshot.parent / file, tmp_path)
    with pytest.raises(errors.FileError):
        xacthuc.open(tmp_path)


def test_provinces_have_their_names():
    assert len(xacthuc.provinces()) == 34
    assert xacthuc.provinces()[1] == "Hà Nội"
