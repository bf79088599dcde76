# SPDX-License-Identifier: Apache-2.0
"""scikit-build-core, whose source distributions get the sources of the library beside those of the package: in the
repository they are two folders above, in a source distribution in the folder `library`, where CMakeLists.txt finds them."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

from scikit_build_core.build import *  # noqa: F403  (the hooks that are the same)
from scikit_build_core.build import build_sdist as build_package_sdist

_repository = Path(__file__).resolve().parents[3]
_wanted = ["CMakeLists.txt", "LICENSE", "cmake", "data", "include", "src"]
_left_out = {Path("src/cli")}


def _library_files() -> list[Path]:
    """Paths of what a build of the library reads, from the repository's folder, in an order that is always the same."""
    files = []
    for wanted in _wanted:
        below = _repository / wanted
        for path in [below] if below.is_file() else sorted(below.rglob("*")):
            name = path.relative_to(_repository)
            if path.is_file() and not any(out in name.parents for out in _left_out):
                files.append(name)
    return files


def build_sdist(sdist_directory: str, config_settings: dict[str, Any] | None = None) -> str:
    """A source distribution that can be built by itself."""
    name = build_package_sdist(sdist_directory, config_settings)
    if (Path.cwd() / "library").exists():  # made of a source distribution, and has it already
        return name
    path = Path(sdist_directory) / name
    with tarfile.open(path) as package:
        members = [(member, package.extractfile(member)) for member in package.getmembers()]
        content = [(member, file.read() if file else b"") for member, file in members]
    like = next(member for member, _ in content if member.isfile())
    top = like.name.split("/")[0]
    for file in _library_files():
        member = tarfile.TarInfo(f"{top}/library/{file.as_posix()}")
        data = (_repository / file).read_bytes()
        member.size, member.mtime, member.mode = len(data), like.mtime, 0o644
        content.append((member, data))
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as whole:
        for member, data in content:
            whole.addfile(member, io.BytesIO(data) if member.isfile() else None)
    return name
