# SPDX-License-Identifier: Apache-2.0
"""Imports the native module, and says which package of the system to install when a shared library is not there."""

from __future__ import annotations

import re

_packages = {
    "libsodium": ("libsodium23", "libsodium"),
    "libxxhash": ("libxxhash0", "xxhash-libs"),
    "libutf8proc": ("libutf8proc2", "utf8proc"),
    "libhiredis": ("libhiredis0.14", "hiredis"),
    "libsqlite3": ("libsqlite3-0", "sqlite-libs"),
    "libstdc++": ("libstdc++6", "libstdc++"),
}


def advice(text: str) -> str | None:
    """What to do about an error of the dynamic loader, or None where it is about something else."""
    found = re.match(r"(lib[^/: ]+?)\.so[^:]*: cannot open shared object file", text)
    if found is None or found[1] not in _packages:
        return None
    debian, fedora = _packages[found[1]]
    return f"{text}. xacthuc needs it: apt-get install {debian} (Debian, Ubuntu), or dnf install {fedora} (Fedora)"


try:
    from . import _native  # noqa: F401
except ImportError as error:
    said = advice(str(error))
    if said is None:
        raise
    raise ImportError(said, name=error.name, path=error.path) from None
