# SPDX-License-Identifier: Apache-2.0
"""The package as it is handed on: its source distribution builds, and where a library is missing it says which."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
import xacthuc
from xacthuc.missing_library import advice

pytestmark = pytest.mark.installed

folder = Path(__file__).parents[1]
package = Path(xacthuc.__file__).parent


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source distribution, made as pip makes one."""
    made = tmp_path_factory.mktemp("sdist")
    program = "import sys; sys.path.insert(0, 'build_backend'); import with_library; with_library.build_sdist(sys.argv[1])"
    subprocess.run([sys.executable, "-c", program, str(made)], cwd=folder, check=True, capture_output=True)
    (file,) = made.glob("xacthuc-*.tar.gz")
    return file


def test_a_source_distribution_has_all_that_it_is_built_of(archive, tmp_path):
    shutil.unpack_archive(archive, tmp_path)
    (source,) = tmp_path.iterdir()
    assert (source / "library" / "src" / "domain").is_dir() and not (source / "library" / "src" / "cli").exists()
    for inside, outside in (("native", folder / "native"), ("library/include", folder.parents[1] / "include")):
        for path in outside.rglob("*pp"):
            assert (source / inside / path.relative_to(outside)).read_bytes() == path.read_bytes()
    subprocess.run(["cmake", "-S", str(source), "-B", str(tmp_path / "build"), f"-DPython_EXECUTABLE={sys.executable}"],
                   check=True, env={**os.environ, "CMAKE_GENERATOR": "Ninja"}, capture_output=True)  # fmt: skip


def test_the_package_under_test_was_built_of_a_source_distribution():
    # So scripts/test installs it: all other tests then are tests of the wheel that others would build.
    origin = distribution("xacthuc").read_text("direct_url.json") if xacthuc_is_installed() else None
    if origin is None or "archive_info" not in json.loads(origin):
        pytest.skip("this package was not installed from an archive")
    assert json.loads(origin)["url"].endswith(".tar.gz")
    assert (package / "py.typed").is_file() and (package / "_native.pyi").is_file()


def xacthuc_is_installed() -> bool:
    try:
        return Path(str(distribution("xacthuc").locate_file("xacthuc"))) == package
    except PackageNotFoundError:
        return False


def test_a_library_that_is_missing_is_named_with_its_package(tmp_path):
    shutil.copytree(package, tmp_path / "xacthuc")
    (native,) = (tmp_path / "xacthuc").glob("_native*.so")
    code = native.read_bytes()
    assert b"libutf8proc.so.2\0" in code
    native.write_bytes(code.replace(b"libutf8proc.so.2\0", b"libutf8proc.so.9\0"))
    ran = subprocess.run([sys.executable, "-c", "import xacthuc"], env={**os.environ, "PYTHONPATH": str(tmp_path)},
                         capture_output=True, text=True)  # fmt: skip
    assert ran.returncode == 1
    assert "ImportError: libutf8proc.so.9: cannot open shared object file" in ran.stderr
    assert "apt-get install libutf8proc2 (Debian, Ubuntu)" in ran.stderr


def test_the_native_module_wants_no_library_but_those_that_the_documents_name():
    (native,) = package.glob("_native*.so")
    told = subprocess.run(["readelf", "-d", str(native)], check=True, capture_output=True, text=True).stdout
    wanted = {line.split("[")[1].rstrip("]") for line in told.splitlines() if "(NEEDED)" in line}
    document = (folder.parents[1] / "docs" / "python.md").read_text()
    known = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"}
    assert "libsodium.so.23" in wanted
    for library in wanted - known:
        assert library.startswith(("libasan", "libubsan")) or library in document, library


def test_other_errors_of_the_loader_are_left_as_they_are():
    assert advice("libsodium.so.23: cannot open shared object file: No such file or directory").endswith("(Fedora)")
    for text in ("undefined symbol: xt_open", "libother.so.1: cannot open shared object file: No such file", ""):
        assert advice(text) is None
