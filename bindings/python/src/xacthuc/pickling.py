# SPDX-License-Identifier: Apache-2.0
"""What goes to another process: of a register its path and how it was opened, of answers and counts what is in them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _native

if TYPE_CHECKING:
    from ._native import Answers, Counts, Register


def open_again(
    path: bytes, digest_key: bytes, authority: bytes, map: bool, check: str, mark: bytes = b"", at_least: int = 0,  # noqa: A002
    policy: bytes | None = None, policy_root: str = "", agency: int = 0,
) -> Register:  # fmt: skip
    """Opens the register that another process has open, as it did. It is as new as its files are now, and so is its
    policy."""
    judge = None
    if policy is not None:
        compiled = policy.endswith(b".xtp")
        judge = _native.Policy.load(
            Path(os.fsdecode(policy)), root=policy_root or None, unsigned=not policy_root and not compiled
        )
    files = [Path(os.fsdecode(file)) for file in (path, digest_key, authority)]
    return _native.open(*files, map, check, os.fsdecode(mark), at_least, judge, agency or None, None, None)


def register_reduced(register: Register) -> tuple[object, ...]:
    """For pickle."""
    return open_again, register.opened_from()


def register_token(register: Register) -> tuple[object, ...]:
    """The same for the same state of the same file."""
    return ("xacthuc.Register", *register.opened_from(), register.sequence, register.as_of_unix_ms)


def answers_again(values: tuple[Any, ...]) -> Answers:
    """The answers that had these values."""
    return _native.answers_of_values(values)


def answers_reduced(answers: Answers) -> tuple[object, ...]:
    """For pickle."""
    return answers_again, (answers.values(),)


def answers_token(answers: Answers) -> tuple[object, ...]:
    """The same for the same answers."""
    return ("xacthuc.Answers", _digest(answers.values()))


def counts_again(values: tuple[Any, ...]) -> Counts:
    """The counts that had these values."""
    return _native.counts_of_values(values)


def counts_reduced(counts: Counts) -> tuple[object, ...]:
    """For pickle."""
    return counts_again, (counts.values(),)


def counts_token(counts: Counts) -> tuple[object, ...]:
    """The same for the same counts."""
    return ("xacthuc.Counts", _digest(counts.values()))


def _digest(values: tuple[Any, ...]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for value in values:
        digest.update(value if isinstance(value, bytes) else repr(value).encode())
    return digest.hexdigest()
