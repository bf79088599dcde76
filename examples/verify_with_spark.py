# SPDX-License-Identifier: Apache-2.0
"""A file of people, verified by Spark: every host reads the same snapshot in place, and the answers go to a file.

    python examples/verify_with_spark.py [--people 10000] [--folder DIRECTORY] [--master local-cluster[2,1,1024]]

The people are made up here, and so is the register; every hundredth birth date is wrong.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pyarrow as pa
import xacthuc.spark
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--people", type=int, default=10_000, help="at most a million")
options.add_argument("--folder", type=Path, default=Path("verify-with-spark"), help="where everything goes")
options.add_argument("--master", default="local-cluster[2,1,1024]", help="two executors here; or your cluster's address")
chosen = options.parse_args()
count, folder = min(chosen.people, 1_000_000), chosen.folder.absolute()
folder.mkdir(parents=True, exist_ok=True)

# The register. On a cluster it is copied to the same path on each host, with digest.key and authority.pub beside it.
names = [f"{family} Thị {given}" for family in ("Nguyễn", "Trần", "Lê", "Phạm") for given in ("Hòa", "Yến", "Mỹ")]
citizens = pa.table(
    {
        "id": [f"001190{i:06}" for i in range(count)],
        "name": [names[i % len(names)] for i in range(count)],
        "birth_date": ["1990-03-08"] * count,
    }
)
xacthuc.build(citizens, folder / "snapshot.xts")

spark = (
    SparkSession.builder.master(chosen.master)
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.ui.enabled", "false")
    .getOrCreate()
)

# What an office sends: a file of any size, of any format that Spark reads.
number = F.col("id").cast("int")
spark.range(count).select(
    F.format_string("001190%06d", "id").alias("cccd"),
    F.element_at(F.array(*map(F.lit, names)), number % len(names) + 1).alias("ho_ten"),
    F.when(number % 100 == 0, "08/03/1991").otherwise("08/03/1990").alias("ngay_sinh"),
    F.concat(F.lit("case "), "id").alias("case"),
).write.mode("overwrite").parquet(str(folder / "people"))

# The question. `case` is kept, to know the rows by; nothing else of the people comes out.
people = spark.read.parquet(str(folder / "people"))
answers = xacthuc.spark.verify(people, register=folder / "snapshot.xts", keep="case")
answers.write.mode("overwrite").parquet(str(folder / "answers"))

answers = spark.read.parquet(str(folder / "answers"))
print(xacthuc.spark.summary(answers))
answers.where("outcome != 0").select("case", "meaning").show(3)
