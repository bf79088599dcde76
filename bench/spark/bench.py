# SPDX-License-Identifier: Apache-2.0
"""xacthuc.spark.verify beside a mapInArrow that does nothing and beside joins that answer the same question. See run."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyspark
import xacthuc
import xacthuc.spark
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

fields = ["id", "name", "birth_date", "sex"]
families = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô"]
middles = ["Thị", "Văn", "Minh", "Đức", "Ngọc", "Thanh", "Hữu", "Quốc", "Xuân", "Như", "Bảo", "Kim"]
givens = ["Hòa", "Thủy", "Dũng", "Hương", "Trang", "Linh", "Nghĩa", "Tuấn", "Đạt", "Yến", "Phượng", "Quỳnh", "Mỹ"]
files = 8


def make(folder: Path, citizens: int, rows: int) -> None:
    """A register as a snapshot and as Parquet, and people: a tenth of the birth dates is wrong, 2 % are not known."""
    random = np.random.default_rng(7)
    numbers = np.arange(citizens)
    female = numbers % 2
    born = np.datetime64("1940-01-01") + random.integers(0, 21_900, citizens).astype("timedelta64[D]")
    year = born.astype("datetime64[Y]").astype(int) + 1970
    digits = (1 + numbers // 1_000_000) * 10**9 + female * 10**8 + year % 100 * 10**6 + numbers % 1_000_000
    names = pc.binary_join_element_wise(
        *(pa.array(words).take(pa.array(random.integers(0, len(words), citizens))) for words in (families, middles, givens)), " "
    )
    register = pa.table(
        {
            "id": pc.utf8_lpad(pa.array(digits).cast(pa.string()), 12, "0"),
            "name": names,
            "birth_date": pa.array(born).cast(pa.date32()),
            "sex": pa.array(np.where(female == 1, "female", "male")),
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    xacthuc.build(register, folder / "snapshot.xts")
    pq.write_table(register, folder / "register.parquet")
    (folder / "people").mkdir(exist_ok=True)
    for number in range(files):
        part = register.take(pa.array(random.integers(0, citizens, rows // files)))
        count = part.num_rows
        unknown = pa.array(random.random(count) < 0.02)
        wrong = pa.array(random.random(count) < 0.1)
        part = part.set_column(0, "id", pc.if_else(unknown, pc.utf8_replace_slice(part["id"], 0, 3, "096"), part["id"]))
        later = pc.add(part["birth_date"].cast(pa.int32()), pa.scalar(1, pa.int32())).cast(pa.date32())
        part = part.set_column(2, "birth_date", pc.if_else(wrong, later, part["birth_date"]))
        pq.write_table(part, folder / "people" / f"{number}.parquet")


def joined(people: DataFrame, register: DataFrame) -> DataFrame:
    """The same question as a join: which outcome each row has. Names have to be the same to the byte, for less than ours."""
    known = register.select("id", *[F.col(name).alias(f"known_{name}") for name in fields[1:]])
    outcome = F.when(F.col("known_name").isNull(), 200)
    for name, code in zip(fields[1:], (100, 102, 103)):
        outcome = outcome.when(F.col(name) != F.col(f"known_{name}"), code)
    return people.join(known, "id", "left").select(outcome.otherwise(0).alias("outcome"))


def processor_seconds() -> float:
    """Of all processes that this one started, which are Spark's: neighbours on the machine count for less in it."""
    ticks, parents = {}, {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(process.name)] = int(words[1])
        ticks[int(process.name)] = sum(map(int, words[11:15]))
    ours = {os.getpid()}
    while more := {one for one, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(ticks.get(one, 0) for one in ours) / os.sysconf("SC_CLK_TCK")


def run(spark: SparkSession, folder: Path, rounds: int) -> dict[str, object]:
    people = spark.read.parquet(str(folder / "people"))
    register = spark.read.parquet(str(folder / "register.parquet"))
    rows = people.count()
    answers = xacthuc.spark.verify(people, register=folder / "snapshot.xts", **{name: name for name in fields})
    sides = {
        "identity mapInArrow": people.mapInArrow(lambda batches: batches, people.schema),
        "verify, all columns": answers,
        "verify, outcome": answers.select("outcome"),
        "join, sorted": joined(people, register.hint("merge")),
        "join, broadcast": joined(people, F.broadcast(register)),
    }
    expected = None
    for name, side in sides.items():  # also warms both sides
        if "outcome" in side.columns:
            found = {row["outcome"]: row["count"] for row in side.groupBy("outcome").count().collect()}
            expected = expected or found
            assert found == expected, (name, found, expected)
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    processors: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            start, used = time.perf_counter(), processor_seconds()
            side.write.format("noop").mode("overwrite").save()
            if number > 0:
                seconds[name].append(time.perf_counter() - start)
                processors[name].append(processor_seconds() - used)
    median = {name: statistics.median(taken) for name, taken in seconds.items()}
    busy = {name: statistics.median(taken) for name, taken in processors.items()}

    def ratios(of: dict[str, float]) -> dict[str, float]:
        ours = of["verify, all columns"]
        return {
            "of_identity": round(of["identity mapInArrow"] / ours, 2),
            "times_sorted_join": round(of["join, sorted"] / ours, 2),
            "times_broadcast_join": round(of["join, broadcast"] / ours, 2),
        }

    return {
        "spark": pyspark.__version__,
        "processors": len(os.sched_getaffinity(0)),
        "executors": 2,
        "rows": rows,
        "citizens": register.count(),
        "rounds": rounds,
        "outcomes": {str(code): count for code, count in sorted((expected or {}).items())},
        "median_s": {name: round(taken, 3) for name, taken in median.items()},
        "rows_a_second": {name: round(rows / taken) for name, taken in median.items()},
        "by_time": ratios(median),
        "processor_s": {name: round(used, 2) for name, used in busy.items()},
        "by_processor_time": ratios(busy),
    }


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--citizens", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    where = chosen.folder.absolute() / f"{chosen.citizens}-{chosen.rows}"
    if not (where / "people" / f"{files - 1}.parquet").exists():
        make(where, chosen.citizens, chosen.rows)
    # Workers write beside what they were started from, so that is a folder of ours.
    home = chosen.folder.absolute() / "home"
    home.mkdir(exist_ok=True)
    for part in Path(pyspark.__file__).parent.iterdir():
        if part.name != "work" and not (home / part.name).is_symlink():
            (home / part.name).symlink_to(part)
    os.environ.update(SPARK_HOME=str(home))
    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", SPARK_LOCAL_HOSTNAME="127.0.0.1", PYSPARK_PYTHON=sys.executable)
    session = (
        SparkSession.builder.master("local-cluster[2,1,2048]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.executor.memory", "2g")
        .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        .config("spark.sql.shuffle.partitions", "8")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    try:
        print(json.dumps(run(session, where, chosen.rounds), indent=1))
    finally:
        session.stop()
