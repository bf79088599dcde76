# SPDX-License-Identifier: Apache-2.0
"""A small register that the tests ask, and the table of citizens that it was made of."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pyarrow as pa
import pytest
import xacthuc

families = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi"]
middles = ["Thị", "Văn", "Minh", "Đức", "Ngọc", "Thanh", "Hữu"]
givens = ["Hòa", "Thủy", "Dũng", "Hương", "Trang", "Linh", "Nghĩa", "Tuấn", "Đạt", "Yến", "Quỳnh"]
provinces = [1, 4, 8, 11, 19, 22, 24, 25, 31, 33, 37, 38, 40, 42, 44, 46, 48, 51, 52, 56, 66, 68, 75, 79, 80, 82, 86]


def person(i: int) -> dict:
    """Citizen number i, made of nothing but i."""
    female = i % 2 == 1
    born = datetime.date(1940, 1, 1) + datetime.timedelta(days=(i * 7919) % 28_000)
    century = born.year // 100 - 19
    return {
        "id": f"{1 + i % 96:03}{2 * century + female}{born.year % 100:02}{i:06}",
        "name": f"{families[i % 10]} {middles[i % 7]} {givens[i % 11]}",
        "birth_date": born,
        "sex": "female" if female else "male",
        "life": "deceased" if i % 50 == 7 else "alive",
        "registration": "active",
        "account_level": ["none", "level_1", "level_2"][i % 3],
        "account": "locked" if i % 100 == 13 else "active",
        "document": "valid",
        "document_expiry": datetime.date(2035, 1, 1) + datetime.timedelta(days=i % 1000),
        "province": provinces[i % len(provinces)],
        "ward": 500 * provinces[i % len(provinces)] + i % 10,
    }


people_count = 5000


def columns(rows: list[dict]) -> dict[str, list]:
    return {key: [row[key] for row in rows] for key in rows[0]}


@pytest.fixture(scope="session")
def citizens() -> pa.Table:
    return pa.table(columns([person(i) for i in range(people_count)]))


citizen_columns = {key: key for key in person(0) if key != "id"}


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory, citizens: pa.Table) -> Path:
    path = tmp_path_factory.mktemp("register") / "npd.xts"
    report = xacthuc.build(citizens, path, **citizen_columns)
    assert (report.rows, report.citizens, report.rejected, report.replaced) == (people_count, people_count, 0, 0)
    return path


@pytest.fixture(scope="session")
def register(snapshot: Path) -> xacthuc.Register:
    return xacthuc.open(snapshot)


@pytest.fixture(scope="session")
def text_people() -> dict[str, list]:
    """People as texts, a tenth of them with an error in one place."""
    rows = []
    for i in range(1000):
        row = person(i * 5)
        one = {
            "cccd": row["id"],
            "ho_ten": row["name"],
            "ngay_sinh": row["birth_date"].strftime("%d/%m/%Y"),
            "gioi_tinh": "Nữ" if row["sex"] == "female" else "Nam",
        }
        if i % 40 == 1:
            one["ho_ten"] = "Đỗ Kim Mỹ"
        if i % 40 == 2:
            one["ngay_sinh"] = "01/01/2020"
        if i % 40 == 3:
            one["gioi_tinh"] = "Nam" if row["sex"] == "female" else "Nữ"
        if i % 40 == 4:
            one["cccd"] = "001099999999"
        rows.append(one)
    return columns(rows)


def expected_outcome(i: int) -> int:
    """Of row i of text_people when id, name, birth date and sex are claimed."""
    planted = {1: 100, 2: 102, 3: 103, 4: 200}.get(i % 40)
    if planted is not None:
        return planted
    if (i * 5) % 50 == 7:
        return 210
    return 230 if (i * 5) % 100 == 13 else 0


@pytest.fixture(scope="session")
def command() -> str:
    """The path of the xacthuc command."""
    found = os.environ.get("XACTHUC_COMMAND")
    if not found:
        pytest.skip("XACTHUC_COMMAND does not name the xacthuc command")
    return found


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory, command: str):
    """A synthetic nation of the xacthuc command, and requests about it with the verdicts that they should get."""
    import subprocess

    import polars as pl

    folder = tmp_path_factory.mktemp("nation")
    subprocess.run(
        [command, "generate", "--citizens", "50000", "--out", folder / "snapshot.xts", "--requests",
         folder / "requests.csv", "--request-count", "20000"],
        check=True, capture_output=True,
    )  # fmt: skip
    return xacthuc.open(folder / "snapshot.xts"), pl.read_csv(folder / "requests.csv", infer_schema=False)
