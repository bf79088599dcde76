# SPDX-License-Identifier: Apache-2.0
"""How registers, answers and counts are shown, and how they get to other processes."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys

import polars as pl
import pyarrow as pa
import pytest
import xacthuc
from conftest import person
from dask.base import tokenize

people = pa.table({"id": [person(i)["id"] for i in range(50)] + ["x"], "name": [person(i)["name"] for i in range(50)] + ["An"]})


@pytest.fixture(scope="module")
def answers(register):
    return register.verify(people)


@pytest.fixture(scope="module")
def counts(register):
    return register.count_by("province", "sex")


def test_everything_has_a_line_and_none_shows_a_person(register, snapshot, answers, counts, tmp_path):
    assert repr(register).startswith(f"<xacthuc.Register '{snapshot}': 5,000 citizens at change 1, 20")
    assert register.path == str(snapshot)
    assert repr(answers) == "<xacthuc.Answers: 51 rows, 48 verified, 1 malformed; name; at change 1>"
    assert repr(register.prepare(people)) == "<xacthuc.Requests: 51 rows, 1 malformed>"
    report = xacthuc.build(people, tmp_path / "npd.xts", strict=False)
    assert repr(report) == "<xacthuc.BuildReport: 51 rows, 50 citizens, 0 replaced, 1 rejected>"
    lines = repr(counts).splitlines()
    assert lines[0] == "<xacthuc.Counts: 54 cells>" and lines[1].split() == ["province", "sex", "count"]
    assert len(lines) == 23 and lines[-1] == "and 34 more"
    shown = [repr(one) for one in (register, answers, counts, report)] + [one._repr_html_() for one in (register, answers, counts)]
    for who in (person(i) for i in range(50)):
        assert not any(who["id"] in text or who["name"] in text for text in shown)


def test_notebooks_get_tables(register, answers, counts, tmp_path):
    for one in (register, answers, counts):
        drawn = one._repr_html_()
        assert drawn.count("<table>") == drawn.count("</table>") >= 1 and "xacthuc." in drawn
    assert "<td>verified</td><td>48</td>" in answers._repr_html_()
    assert "<td>province</td>" not in counts._repr_html_() and "<th>province</th>" in counts._repr_html_()
    (tmp_path / "<b>&").mkdir()
    xacthuc.build(people, tmp_path / "<b>&" / "npd.xts", strict=False)
    assert "&lt;b&gt;&amp;" in xacthuc.open(tmp_path / "<b>&" / "npd.xts")._repr_html_()
    assert xacthuc.Answers and register.verify(people.slice(0, 0))._repr_html_()


def test_counts_of_a_few_are_not_shown_even_when_they_were_asked_for(register):
    few = register.count_by("ward", "life", count_min=1, round_to=1)
    assert min(count for *_, count in few.rows() if count) < 10
    for text in (repr(few), few._repr_html_()):
        told = [int(cell) for cell in text.replace("<td>", " ").replace("</td>", " ").split() if cell.isdigit() and len(cell) < 4]
        assert "few" in text and all(one >= 10 for one in told)


def test_docstrings_have_the_values_that_are_accepted():
    for text, words in ((xacthuc.Register.verify.__doc__, ("level_2", "nữ", "deceased", "1 to 1024", "ignore")),
                        (xacthuc.Register.count_by.__doc__, ("age_band", "count_min")),
                        (xacthuc.build.__doc__, ("lifelong", "suspended", "ignore")),
                        (xacthuc.open.__doc__, ("directory", "damage"))):  # fmt: skip
        assert all(word in text for word in words)
    for kind in (xacthuc.Answers, xacthuc.Register, xacthuc.Counts, xacthuc.Requests, xacthuc.BuildReport):
        assert kind.__doc__


def test_a_register_goes_to_another_process_by_its_path(register, snapshot, answers):
    program = """
import pickle, sys
register = pickle.load(sys.stdin.buffer)
answers = register.verify(pickle.load(sys.stdin.buffer))
sys.stdout.buffer.write(pickle.dumps((len(register), register.path, answers)))
"""
    ran = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(register) + pickle.dumps(people),
                         capture_output=True, check=True)  # fmt: skip
    size, path, again = pickle.loads(ran.stdout)
    assert (size, path) == (5000, str(snapshot))
    assert (again.verdicts == answers.verdicts).all()
    assert len(pickle.dumps(register)) < 1000


def test_a_relative_path_is_the_same_in_another_folder(snapshot, tmp_path, monkeypatch):
    monkeypatch.chdir(snapshot.parent)
    pickled = pickle.dumps(xacthuc.open("npd.xts", map=True, check="damage"))
    monkeypatch.chdir(tmp_path)
    again = pickle.loads(pickled)
    assert again.path == str(snapshot) and again.opened_from()[3:] == (True, "damage", b"", 0, None, "", 0)
    os.rename(snapshot, tmp_path / "gone.xts")
    try:
        with pytest.raises(xacthuc.errors.NotFoundError):
            pickle.loads(pickled)
    finally:
        os.rename(tmp_path / "gone.xts", snapshot)


def test_answers_and_counts_are_the_same_after_a_pickle(answers, counts):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(answers, protocol))
        assert (again.verdicts == answers.verdicts).all() and again.claims == answers.claims
        assert again.problems() == answers.problems() and again.summary() == answers.summary()
        assert (again.sequence, again.as_of_unix_ms) == (answers.sequence, answers.as_of_unix_ms)
        assert pl.DataFrame(again).equals(pl.DataFrame(answers))
        same = pickle.loads(pickle.dumps(counts, protocol))
        assert same.rows() == counts.rows() and same.dimensions == counts.dimensions == ("province", "sex")
        assert pa.table(same) == pa.table(counts)


def test_a_pickle_of_nonsense_is_refused(answers, counts):
    make_answers, (good,) = answers.__reduce__()
    make_counts, (cells,) = counts.__reduce__()
    bad = [(), good[:4], (b"1234567", *good[1:]), (5, *good[1:]), (good[0], 5, *good[2:]), (good[0], ((1, 2),), *good[2:]),
           (*good[:2], 2**40, *good[3:]), (*good[:3], "x", good[4]), (*good[:4], -1)]  # fmt: skip
    for values in bad:
        with pytest.raises(xacthuc.errors.ArgumentError):
            make_answers(values)
    for values in ((), (cells[0],), ((99,), ()), (cells[0], ((1,),)), (cells[0], 5), (cells[0], ((1, 2, "x"),))):
        with pytest.raises(xacthuc.errors.ArgumentError):
            make_counts(values)


def test_requests_and_reports_have_people_in_them_and_are_not_pickled(register, tmp_path):
    with pytest.raises(TypeError, match="cannot pickle"):
        pickle.dumps(register.prepare(people))


def test_dask_names_the_same_thing_the_same(register, snapshot, answers, counts):
    other = xacthuc.open(snapshot)
    assert tokenize(register) == tokenize(other)
    assert tokenize(register) != tokenize(xacthuc.open(snapshot, map=True))
    assert tokenize(answers) == tokenize(other.verify(people)) == tokenize(pickle.loads(pickle.dumps(answers)))
    assert tokenize(answers) != tokenize(register.verify(people.slice(1)))
    assert tokenize(counts) == tokenize(other.count_by("province", "sex")) != tokenize(other.count_by("sex"))


def test_a_copy_is_the_thing_itself(register, answers, counts):
    for one in (register, answers, counts):
        assert copy.copy(one) is one and copy.deepcopy([one])[0] is one
