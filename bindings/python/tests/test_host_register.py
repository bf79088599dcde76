# SPDX-License-Identifier: Apache-2.0
"""Many processes of a host read one snapshot in place: the first checks it whole, the others trust what it noted, and only
where nobody else could have written the note."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xacthuc
from conftest import people_count
from xacthuc import errors, host_register
from xacthuc.host_register import HostRegister

# Opens a register that has to be there, and tells which checks it made.
opening = """
import os
import sys
from xacthuc import host_register
made, open_ = [], host_register._open
def noted(which, check):
    made.append(check)
    return open_(which, check)
host_register._open = noted
host_register._settled_ns = int(os.environ.get("LATELY_NS", host_register._settled_ns))
register = host_register.HostRegister(sys.argv[1]).open()
assert host_register.HostRegister(sys.argv[1]).open() is register and register.opened_from()[3]
print(*made)
"""


@pytest.fixture(scope="module")
def copies(snapshot, tmp_path_factory):
    """Folders with a register each, changed long enough ago."""
    above = tmp_path_factory.mktemp("copies")
    for number in range(16):
        folder = above / str(number) / "register"
        folder.mkdir(parents=True)
        for name in ("npd.xts", "digest.key", "authority.pub", "authority.key"):
            (folder / name).write_bytes((snapshot.parent / name).read_bytes())
            (folder / name).chmod(0o600)
    time.sleep(1.05)
    return iter(above.iterdir())


@pytest.fixture
def copy(copies, monkeypatch):
    """A register of its own, and a runtime folder."""
    folder = next(copies)
    (folder / "runtime").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "runtime"))
    monkeypatch.setattr(host_register, "_opened", {})
    return folder / "register" / "npd.xts"


def checks(path: Path, processes: int = 1) -> list[str]:
    run = [
        subprocess.Popen([sys.executable, "-c", opening, str(path)], stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    told = [one.communicate()[0].strip() for one in run]
    assert all(one.returncode == 0 for one in run)
    return sorted(told)


def test_one_of_many_processes_checks_the_whole_file(copy):
    assert checks(copy, 4) == ["directory"] * 3 + ["everything"]
    assert checks(copy) == ["directory"]
    # Another file under that name, with the same bytes and times, is another.
    times = copy.stat()
    other = copy.with_suffix(".other")
    other.write_bytes(copy.read_bytes())
    other.replace(copy)
    os.utime(copy, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert checks(copy) == ["everything"]


def test_what_was_changed_lately_is_checked_by_each(copy, monkeypatch):
    monkeypatch.setenv("LATELY_NS", str(600 * 10**9))  # longer than two processes take to start
    os.utime(copy)
    assert checks(copy) == checks(copy) == ["everything"]


def test_a_file_that_was_written_to_is_checked_again(copy):
    assert checks(copy) == ["everything"]
    times = copy.stat()
    with open(copy, "r+b") as file:
        file.seek(times.st_size - 100)
        byte = file.read(1)
        file.seek(times.st_size - 100)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(copy, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(errors.DamageError):
        HostRegister(copy).open()


def link_to_another(folder: Path) -> None:
    other = folder.parent / "other"
    other.mkdir(mode=0o700)
    (folder / "xacthuc").symlink_to(other)


def open_to_others(folder: Path) -> None:
    (folder / "xacthuc").mkdir()
    (folder / "xacthuc").chmod(0o777)


def file_in_place(folder: Path) -> None:
    (folder / "xacthuc").write_text("")


@pytest.mark.parametrize("trick", [link_to_another, open_to_others, file_in_place])
def test_a_folder_that_others_may_have_made_is_not_believed(copy, monkeypatch, trick):
    trick(copy.parents[1] / "runtime")
    monkeypatch.setattr(host_register.tempfile, "tempdir", str(copy.parents[1] / "nothing"))
    if Path(f"/run/user/{os.geteuid()}").exists():
        pytest.skip("this user has a runtime folder besides")
    checked = []
    opens = host_register._open
    monkeypatch.setattr(host_register, "_open", lambda which, check: checked.append(check) or opens(which, check))
    for _ in range(2):
        host_register._opened.clear()
        assert len(HostRegister(copy).open()) == people_count
    assert checked == ["everything"] * 2
    other = copy.parents[1] / "other"
    assert not other.exists() or not list(other.iterdir())


@pytest.mark.parametrize("planted", ["link", "open", "hole"])
def test_a_note_that_others_may_have_written_is_not_believed(copy, planted):
    assert checks(copy) == ["everything"]
    (note,) = (copy.parents[1] / "runtime" / "xacthuc").iterdir()
    if planted == "link":
        text = copy.parents[1] / "planted"
        text.write_text(note.read_text())
        note.unlink()
        note.symlink_to(text)
    elif planted == "open":
        note.chmod(0o666)
    else:
        note.write_text("")  # of a process that was killed before it had written
    assert checks(copy) == ["everything"]
    assert checks(copy) == ["directory" if planted == "hole" else "everything"]


def test_a_newer_snapshot_is_seen_by_a_process_that_has_an_older(copy, citizens):
    which = HostRegister(copy)
    first = which.open()
    xacthuc.build(citizens, copy, name="name", ignore=True, sequence=9)
    assert which.open().sequence == 9 and which.open() is not first and first.sequence == 1
    with pytest.raises(errors.FileError):
        HostRegister(copy, at_least=10).open()


def test_only_paths_go_to_others(copy, register):
    which = HostRegister(copy, digest_key=copy.parent / "digest.key", agency=5)
    assert pickle.loads(pickle.dumps(which)) == which and isinstance(which.digest_key, str)
    assert (copy.parent / "digest.key").read_bytes() not in pickle.dumps(which)
    of = HostRegister.of(register)
    assert of.path == register.path and of.agency is None
    for wrong in ({"path": "npd.xts"}, {"path": copy, "digest_key": "digest.key"}, {"path": copy, "unsigned": True}):
        with pytest.raises(errors.ArgumentError):
            HostRegister(**wrong)
    with pytest.raises(errors.ArgumentError, match="wanted a path, a Register or a HostRegister"):
        HostRegister.of(5)
    with pytest.raises(errors.ArgumentError, match="is a directory"):
        HostRegister.of(copy.parent).open()
    with pytest.raises(errors.NotFoundError, match="on this host"):
        HostRegister.of(copy.with_suffix(".other")).open()
