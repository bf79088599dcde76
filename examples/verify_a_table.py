# SPDX-License-Identifier: Apache-2.0
"""A table of people, verified against a register: from a million rows of text to a picture of where the errors are.

    python examples/verify_a_table.py [--rows 1000000] [--folder DIRECTORY]

Everything here is made up by the script itself, so that it can be run anywhere and knows the right answers: a register,
and a table as an office might send it, with errors planted in it. Each part can be run by itself in an editor that knows
cells (# %%).
"""

# %% Which packages: xacthuc itself needs none of them.
from __future__ import annotations

import argparse
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
import xacthuc

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--rows", type=int, default=1_000_000, help="of the table, and citizens in the register (at most a million)")
options.add_argument("--folder", type=Path, default=Path("verify-a-table"), help="where register and picture go")
chosen = options.parse_args()
rows, folder = min(chosen.rows, 1_000_000), chosen.folder
folder.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(2025)


def pick(words: list[str], count: int) -> pl.Series:
    """That many of the words, the first ones more often."""
    return pl.Series(words).gather((len(words) * random.random(count) ** 1.5).astype(np.uint32))


# %% A nation of made-up citizens. A real register comes from wherever it is kept; what matters is only its columns.
families = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô"]
middles = ["Thị", "Văn", "Minh", "Đức", "Ngọc", "Thanh", "Hữu", "Quốc", "Xuân", "Như", "Bảo", "Kim"]
givens = ["Hòa", "Thủy", "Dũng", "Hương", "Trang", "Linh", "Nghĩa", "Tuấn", "Đạt", "Yến", "Phượng", "Quỳnh", "Khánh", "Mỹ"]

province_names = xacthuc.provinces()
weights = 1 / np.arange(2, len(province_names) + 2)
province = random.choice(list(province_names), rows, p=weights / weights.sum())
female = random.random(rows) < 0.505
born = np.datetime64("1940-01-01") + random.integers(0, 30_000, rows).astype("timedelta64[D]")
year = born.astype("datetime64[Y]").astype(int) + 1970
digits = province * 10**9 + (2 * (year // 100 - 19) + female) * 10**8 + year % 100 * 10**6 + np.arange(rows)

citizens = pl.DataFrame(
    {
        "id": pl.Series(digits).cast(pl.String).str.zfill(12),
        "name": pick(families, rows) + " " + pick(middles, rows) + " " + pick(givens, rows),
        "birth_date": born,
        "sex": pl.Series(np.where(female, "female", "male")),
        "life": pl.Series(np.where(random.random(rows) < 0.01, "deceased", "alive")),
        "province": province,
    }
)

# %% The register: a signed snapshot. The keys that it needs are made beside it. It holds digests of names, no names.
report = xacthuc.build(citizens, folder / "register.xts")
print(f"register: {report.citizens:,} citizens in {report.file_bytes / 2**20:,.1f} MiB")
register = xacthuc.open(folder / "register.xts")

# %% The table that an office sends: other column names, dates as people write them, and errors. How many depends on the
# province, for the sake of the picture. `planted` is what the right answer is.
care = 0.5 + 2 * random.random(100)[province]  # of a province's offices: 0.5 is careful, 2.5 is not
planted = np.full(rows, 0)
for outcome, rate in ((103, 0.002), (102, 0.009), (100, 0.006), (200, 0.004)):
    planted[random.random(rows) < rate * care] = outcome
is_dead = (citizens["life"] == "deceased").to_numpy()
people = citizens.with_columns(planted=planted, in_capitals=random.random(rows) < 0.05).select(
    cccd=pl.when(pl.col("planted") == 200).then("099" + pl.col("id").str.slice(3)).otherwise("id"),
    ho_ten=pl.when(pl.col("planted") == 100).then(pl.lit("Tôn Nữ Diệu Ái"))
    .when("in_capitals").then(
        pl.col("name").str.to_uppercase().str.normalize("NFD").str.replace_all(r"\p{M}", "").str.replace_all("Đ", "D")
    )
    .otherwise("name"),
    ngay_sinh=pl.when(pl.col("planted") == 102).then(pl.col("birth_date").dt.offset_by("1y")).otherwise("birth_date")
    .dt.strftime("%d/%m/%Y"),
    gioi_tinh=pl.when((pl.col("sex") == "female") != (pl.col("planted") == 103)).then(pl.lit("Nữ")).otherwise(pl.lit("Nam")),
    tinh=pl.col("province"),
)  # fmt: skip
print(people.head(3))

# %% The question. The table goes in as it is and nothing is copied; so it would from pandas, pyarrow or DuckDB. Which
# column is which is known by these headings; others would be named, as name="khach_hang". One is not asked about.
start = time.perf_counter()
answers = register.verify(people, ignore="tinh")
seconds = time.perf_counter() - start
print(f"{rows:,} rows in {seconds:.2f} s: {rows / seconds / 1e6:.1f} million a second")
print(answers.summary())

# %% Every planted error is found, and nothing else. A dead citizen's state is told where all that is claimed is right.
right = np.where((planted == 0) & is_dead, 210, planted)
assert (answers.outcome == right).all()

# %% Answers are a table too, beside the one that was asked about. A name that lacks all its diacritics still matches,
# at the lesser grade.
everything = pl.concat([people, pl.DataFrame(answers)], how="horizontal")
print(everything.group_by("name_grade").agg(pl.len(), (pl.col("name") == "matched").mean()).sort("len", descending=True))

# %% Where the errors are.
kinds = {
    "number not found": [200],
    "name": [100],
    "birth date": [102],
    "sex": [103],
    "deceased": [210],
}
by_province = (
    everything.group_by("tinh")
    .agg(pl.len().alias("rows"), *[pl.col("outcome").is_in(codes).mean().alias(kind) for kind, codes in kinds.items()])
    .with_columns(pl.sum_horizontal(*kinds).alias("all"), pl.col("tinh").replace_strict(province_names).alias("place"))
    .sort("all")
)

# %% What the register itself tells: counts, with small ones left out and the others rounded. Never a row of a person.
counts = pl.DataFrame(register.count_by("province", "sex", "age_band"))
print(counts.sort("count", descending=True, nulls_last=True).head(3), f"{counts['count'].null_count()} counts not told")

# %% The picture.
colours = ["#3b4a6b", "#d1495b", "#edae49", "#66a182", "#b8b8b8"]
plt.rcParams.update({"font.family": "DejaVu Sans", "font.size": 9})
figure, axes = plt.subplots(figsize=(8.5, 9.5), layout="constrained")
places = np.arange(by_province.height)
left = np.zeros(by_province.height)
for (kind, _), colour in zip(kinds.items(), colours):
    share = by_province[kind].to_numpy() * 100
    axes.barh(places, share, left=left, color=colour, label=kind, height=0.76)
    left += share
for place, (share, count) in enumerate(zip(by_province["all"] * 100, by_province["rows"])):
    axes.text(share + 0.05, place, f"{share:.1f} %  of {count:,}", va="center", fontsize=7.5, color="#555555",
              bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
nation = float((answers.outcome != 0).mean() * 100)
axes.axvline(nation, color="#222222", linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
axes.text(nation + 0.04, -0.95, f"nation {nation:.1f} %", fontsize=8, color="#222222", va="center")
axes.set_yticks(places, by_province["place"])
axes.set_ylim(-1.5, by_province.height - 0.4)
axes.set_xlim(0, left.max() * 1.22)
axes.set_xlabel("rows that are not verified, %")
axes.xaxis.grid(True, color="#e6e6e6")
axes.set_axisbelow(True)
for side in ("top", "right", "left"):
    axes.spines[side].set_visible(False)
axes.tick_params(length=0)
axes.legend(title="first reason", loc="lower right", frameon=False)
figure.suptitle(f"What {rows:,} rows claim, and the register does not confirm", x=0.01, ha="left", fontsize=13, fontweight="bold")
figure.savefig(folder / "outcomes-by-province.png", dpi=130)
print(f"picture: {folder / 'outcomes-by-province.png'}")
