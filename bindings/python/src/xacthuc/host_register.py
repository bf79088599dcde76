# SPDX-License-Identifier: Apache-2.0
"""One register for many processes on many hosts: each reads the same snapshot in place, so that a host has it in memory
once, and the first process of a host checks it for all."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
import threading
import time
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Dict, Optional, Tuple, Union

from . import _native, errors

if TYPE_CHECKING:
    from ._native import Register

_Path = Union[str, "os.PathLike[str]"]
_settled_ns = 1_000_000_000
"""A file that was changed later than so long ago may be changed again without another time of change."""


@dataclass(frozen=True)
class HostRegister:
    """Where each host has its copy of a snapshot and of the keys, and how it is asked.

    path                the snapshot's, the same on every host: on a disk of its own, or on one that all see
    digest_key          path of the key of its names, also on every host; by default digest.key beside the snapshot
    authority           path of its authority's public key; by default authority.pub beside the snapshot
    at_least            number of a change that it is known to have: a host with an older one fails
    policy, policy_root, unsigned, agency   as xacthuc.open() has them

    Only these go to other processes: no key and nothing of the register does.
    """

    path: str
    digest_key: Optional[str] = None
    authority: Optional[str] = None
    at_least: int = 0
    policy: Optional[str] = None
    policy_root: Optional[str] = None
    unsigned: bool = False
    agency: Optional[int] = None

    def __post_init__(self) -> None:
        for each in fields(self):
            given = getattr(self, each.name)
            if isinstance(given, os.PathLike):
                object.__setattr__(self, each.name, os.fspath(given))
        for name in ("path", "digest_key", "authority", "policy"):
            path = getattr(self, name)
            if path is not None and (not isinstance(path, str) or not os.path.isabs(path)):
                raise errors.ArgumentError(f"{name}: other hosts have it too, so it has to be an absolute path")
        if self.policy is None and (self.policy_root is not None or self.unsigned):
            raise errors.ArgumentError("policy_root, unsigned: say how a policy's path is to be trusted, and there is none")

    @classmethod
    def of(cls, register: Union[_Path, Register, HostRegister]) -> HostRegister:
        """What other processes open of a path, or of a register that is open here. Raises ArgumentError where it has
        guards or a ledger: those are of one process."""
        if isinstance(register, HostRegister):
            return register
        if isinstance(register, _native.Register):
            path, key, authority, _, _, mark, at_least, policy, root, agency = register.opened_from()
            where = None if policy is None else os.fsdecode(policy)
            return cls(
                os.fsdecode(path), os.fsdecode(key), os.fsdecode(authority), at_least, where, root or None,
                where is not None and not root and not where.endswith(".xtp"), agency or None,
            )  # fmt: skip
        if not isinstance(register, (str, os.PathLike)):
            raise errors.ArgumentError(
                f"register: wanted a path, a Register or a HostRegister, not {type(register).__name__}"
            )
        return cls(os.path.abspath(register))

    def open(self) -> Register:
        """The register, which this process opens once for each state of the file."""
        with _opening:
            state = _state_of(self.path)
            known = _opened.get(self)
            if known is None or known[0] != state:
                _opened.pop(self, None)
                known = state, _open_checked(self, state)
                _opened[self] = known
            return known[1]


_opened: Dict[HostRegister, Tuple[str, Register]] = {}
_opening = threading.RLock()


def _begin_in_child() -> None:
    """Another thread of the parent may have been opening one."""
    global _opening
    _opening = threading.RLock()


os.register_at_fork(after_in_child=_begin_in_child)


def _state_of(path: str) -> str:
    """Another text for another file, and for the same when it was written to. A time of change is the kernel's, and
    nobody but it can set it back."""
    try:
        of = os.stat(path)
    except FileNotFoundError:
        raise errors.NotFoundError(f"{path}: no such file on this host", 112) from None
    if stat.S_ISDIR(of.st_mode):
        raise errors.ArgumentError(
            f"register: {path} is a directory, and only a snapshot can be read in place: name one of its snapshot-….xts"
        )
    return f"{_boot()} {of.st_dev} {of.st_ino} {of.st_size} {of.st_mtime_ns} {of.st_ctime_ns}\n"


@lru_cache(maxsize=None)
def _boot() -> str:
    """Numbers of devices and files are good for one start of the machine."""
    told = Path("/proc/sys/kernel/random/boot_id")
    return told.read_text().strip() if told.exists() else ""


def _open_checked(which: HostRegister, state: str) -> Register:
    """Checks the whole file where no process of this user on this host did before; others wait for the first."""
    note = _note(which.path)
    if note is None:
        return _open(which, "everything")
    try:
        fcntl.flock(note, fcntl.LOCK_EX)
        if os.pread(note, 4096, 0).decode("ascii", "replace") == state:
            register = _open(which, "directory")
            if _state_of(which.path) == state:
                return register
            return _open(which, "everything")
        register = _open(which, "everything")
        settled = time.time_ns() - os.stat(which.path).st_ctime_ns > _settled_ns
        if settled and _state_of(which.path) == state:
            os.ftruncate(note, 0)
            os.pwrite(note, state.encode("ascii"), 0)
        return register
    finally:
        os.close(note)


def _note(path: str) -> Optional[int]:
    """The open file that says which state of a snapshot was checked. None where there is no folder that surely nobody
    else could have written into."""
    folder = _folder()
    if folder is None:
        return None
    name = hashlib.blake2b(os.fsencode(path), digest_size=16).hexdigest()
    try:
        note = os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    except OSError:
        return None
    finally:
        os.close(folder)
    if _is_ours(note, stat.S_ISREG):
        return note
    os.close(note)
    return None


def _folder() -> Optional[int]:
    for above, name in (
        (os.environ.get("XDG_RUNTIME_DIR", ""), "xacthuc"),
        (f"/run/user/{os.geteuid()}", "xacthuc"),
        (tempfile.gettempdir(), f"xacthuc-{os.geteuid()}"),
    ):
        if not os.path.isabs(above):
            continue
        path = os.path.join(above, name)
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            pass
        except OSError:
            continue
        try:
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            continue
        if _is_ours(folder, stat.S_ISDIR):
            return folder
        os.close(folder)
    return None


def _is_ours(descriptor: int, is_kind: object) -> bool:
    of = os.fstat(descriptor)
    return is_kind(of.st_mode) and of.st_uid == os.geteuid() and of.st_mode & 0o077 == 0  # type: ignore[operator]


def _open(which: HostRegister, check: str) -> Register:
    from . import open as open_register

    return open_register(
        which.path, digest_key=which.digest_key, authority=which.authority, map=True, check=check,
        at_least=which.at_least, policy=which.policy, policy_root=which.policy_root, unsigned=which.unsigned,
        agency=which.agency,
    )  # fmt: skip
