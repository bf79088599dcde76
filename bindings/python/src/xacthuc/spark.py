# SPDX-License-Identifier: Apache-2.0
"""Asks about the rows of a Spark DataFrame, where they are.

    answers = xacthuc.spark.verify(df, register="/srv/npd/snapshot-7.xts", id="cccd", name="ho_ten", keep=["case"])
    answers.write.parquet("answers")
    xacthuc.spark.summary(spark.read.parquet("answers"))

Needs Spark 4 with its Arrow parts: pip install "xacthuc[spark]", also where the executors run.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple, Union

from pyspark import AccumulatorParam
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  (as everybody calls it)
from pyspark.sql.types import LongType, StructField, StructType

from . import _native, errors
from .asking import Asking, plan
from .host_register import HostRegister
from .summary import Summary

if TYPE_CHECKING:
    import pyarrow as pa

    from ._native import Register

__all__ = ["HostRegister", "RunningSummary", "summary", "verify"]

_claim_words = ("matched", "mismatched", "unavailable", "not_claimed")
_grades = ("none", "folded", "exact", "marks_differ")
_packed = "__xacthuc_verdict"


def verify(
    df: DataFrame,
    *,
    register: Union[str, os.PathLike[str], Register, HostRegister],
    keep: Union[str, Iterable[str]] = (),
    ignore: Union[bool, str, Iterable[str]] = (),
    require: Union[str, Iterable[str], None] = None,
    running: Optional[RunningSummary] = None,
    threads: Optional[int] = 1,
    **fields: Any,
) -> DataFrame:
    """Answers every row: a DataFrame with the columns of `keep` and those of the answers, and with no other.

    register: the path of a snapshot, which each host has; or a HostRegister, which says where the keys are and which
        policy holds; or a Register that is open here, for its paths. Each worker process reads it in place.
    id, name, birth_date, …, ignore, require: as of Register.verify(). A column of `keep` need not be used otherwise.
    running: counts answers while they are made.
    threads: of one task, which Spark counts as one (spark.task.cpus).

    Columns are found, and refused, at once; nothing is read before an action. Answers have the columns of a table's, in
    Spark's types: int for the numbers, string for the words.
    """
    import pyarrow as pa

    empty = pa.table([pa.array([], _arrow_type(one.dataType)) for one in df.schema], names=df.columns)
    asking = plan(empty, register, keep, ignore, require, threads, fields)
    taken = sorted({place for _, place in asking.columns} | set(asking.keep))
    wanted = df.select([F.col(_quoted(df.columns[place])) for place in taken])
    kept = [df.schema[place] for place in asking.keep]
    packed = _packed
    while packed in df.columns:
        packed += "_"
    schema = StructType([*kept, StructField(packed, LongType(), False)])
    counted = None if running is None else running.accumulator
    made = wanted.mapInArrow(_asker(asking, taken, packed, counted), schema)
    verdict = F.col(packed)
    return made.select(
        *[F.col(_quoted(one.name)) for one in kept],
        *[of(verdict).alias(name) for name, of in _columns_of(asking.claims)],
    )


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _arrow_type(of: Any) -> Any:
    """What Spark hands a column of this type out as."""
    import pyarrow as pa
    from pyspark.sql.pandas.types import to_arrow_type

    try:
        return to_arrow_type(of)
    except Exception:  # a type that Arrow has not: it can be left out, and nothing else
        return pa.binary(1)


def _asker(
    asking: Asking, taken: List[int], packed: str, counted: Any
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker does with the batches of a task, which have the columns `taken` of the whole table."""
    at = {place: i for i, place in enumerate(taken)}

    def answer(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        counts: Dict[Tuple[Any, ...], int] = Counter()
        register = None  # one state of it for the whole task
        for batch in batches:
            if register is None:
                register = asking.register.open()
            answers = asking.answers([batch.column(at[place]) for _, place in asking.columns], register)
            if counted is not None:
                _count(answers, counts)
            kept = [batch.column(at[place]) for place in asking.keep]
            names = [batch.schema.names[at[place]] for place in asking.keep]
            yield pa.RecordBatch.from_arrays([*kept, pa.array(answers.verdicts.view("int64"))], [*names, packed])
        if counted is not None:
            counted.add(dict(counts))

    return answer


def _bits(of: Column, first: int, mask: int) -> Column:
    return F.shiftrightunsigned(of, first).bitwiseAND(F.lit(mask)).cast("int")


def _columns_of(claims: Tuple[Tuple[str, int], ...]) -> List[Tuple[str, Callable[[Column], Column]]]:
    """Each column of the answers, made of a verdict by Spark itself: one that nobody reads costs nothing.
    Answers.verdicts says where its bits are."""
    known = [(code, _native.outcome_name(code)) for code in _outcome_codes()]
    words = F.create_map(*[F.lit(part) for one in known for part in one])
    grades = F.array(*[F.lit(word) for word in _grades])

    def fared(bit: int) -> Callable[[Column], Column]:
        def of(verdict: Column) -> Column:
            silent = F.shiftrightunsigned(verdict, 16) == 0
            told = F.when(silent, F.lit(None).cast("string"))
            for word, first in zip(_claim_words, (16, 32, 48)):
                told = told.when(_bits(verdict, first + bit, 1) == 1, word)
            return told.otherwise(_claim_words[3])

        return of

    return [
        ("outcome", lambda v: _bits(v, 0, 1023)),
        ("meaning", lambda v: F.element_at(words, _bits(v, 0, 1023))),
        *[(name, lambda v, first=first: _bits(v, first, 65535))
          for name, first in (("matched", 16), ("mismatched", 32), ("unavailable", 48))],
        ("name_grade", lambda v: F.element_at(grades, _bits(v, 10, 3) + 1)),
        ("coarse", lambda v: _bits(v, 12, 1) == 1),
        ("claim_coarse", lambda v: _bits(v, 13, 1) == 1),
        *[(name, fared(bit)) for name, bit in claims],
    ]  # fmt: skip


def _outcome_codes() -> List[int]:
    unknown = _native.outcome_name(1023)
    return [code for code in range(1024) if _native.outcome_name(code) != unknown]


def _count(answers: Any, into: Dict[Tuple[Any, ...], int]) -> None:
    into["rows", None] += len(answers)
    into["sequence", answers.sequence] += len(answers)
    for code, rows in answers.outcome_counts().items():
        into["outcome", code] += rows
    for claim, counted in answers.claim_counts().items():
        for word, rows in zip(_claim_words, counted):
            into["claim", claim, word] += rows
    for what, rows in answers.quality_counts().items():
        into["quality", what] += rows


class _Counts(AccumulatorParam[Dict[Tuple[Any, ...], int]]):
    def zero(self, value: Dict[Tuple[Any, ...], int]) -> Dict[Tuple[Any, ...], int]:
        return {}

    def addInPlace(  # noqa: N802  (Spark's name)
        self, value1: Dict[Tuple[Any, ...], int], value2: Dict[Tuple[Any, ...], int]
    ) -> Dict[Tuple[Any, ...], int]:
        for key, rows in value2.items():
            value1[key] = value1.get(key, 0) + rows
        return value1


class RunningSummary:
    """Counts answers while they are made, by Spark's accumulators: for a look at a job that runs, and for one whose
    answers are read once.

    Counted is what tasks did. So an action that runs again counts again. Within one action Spark counts each task once
    where the answers go straight to the end, to a file or to the driver; where they go into a shuffle, a part that is
    lost with its executor and made again is counted twice. What is exact in every case is summary(answers).
    """

    def __init__(self, spark: SparkSession) -> None:
        try:
            context = spark.sparkContext
        except Exception as error:
            raise errors.ArgumentError("running: Spark Connect has no accumulators; use summary(answers)") from error
        self.accumulator = context.accumulator({}, _Counts())

    def summary(self) -> Summary:
        """The counts of the tasks that have ended."""
        return _summary_of(self.accumulator.value)

    @property
    def sequences(self) -> Dict[int, int]:
        """How many rows were answered from which state of the register: two, where hosts have two snapshots."""
        return {key[1]: rows for key, rows in sorted(self.accumulator.value.items(), key=str) if key[0] == "sequence"}


def _summary_of(counts: Dict[Tuple[Any, ...], int]) -> Summary:
    outcomes = {key[1]: rows for key, rows in counts.items() if key[0] == "outcome"}
    quality = {what: counts.get(("quality", what), 0) for what in ("exact", "folded", "marks_differ", "coarse", "claim_coarse")}
    claims = {key[1]: [counts.get(("claim", key[1], word), 0) for word in _claim_words] for key in counts if key[0] == "claim"}
    return Summary.of_counts(counts.get(("rows", None), 0), outcomes, claims, quality)


def summary(answers: DataFrame) -> Summary:
    """The summary of answers, exact: an aggregation over what verify() gave, or over what was written of it."""
    asked = [name for name, _ in _native.claim_bits() if name in answers.columns]
    by = ["outcome", "matched", "mismatched", "unavailable", "name_grade", "coarse", "claim_coarse"]
    missing = [name for name in by if name not in answers.columns]
    if missing:
        raise errors.ColumnError(f"summary: wanted the columns of answers, and there is no {missing[0]}")
    counts: Dict[Tuple[Any, ...], int] = Counter()
    bits = dict(_native.claim_bits())
    for row in answers.groupBy(*by).agg(F.count(F.lit(1)).alias("rows")).collect():
        counts["rows", None] += row["rows"]
        counts["outcome", row["outcome"]] += row["rows"]
        silent = not (row["matched"] or row["mismatched"] or row["unavailable"])
        for claim in asked:
            masks = [row[word] >> bits[claim] & 1 for word in _claim_words[:3]]
            for word, is_so in zip(_claim_words, [*masks, not silent and not any(masks)]):
                counts["claim", claim, word] += row["rows"] if is_so else 0
        counts["quality", row["name_grade"]] += row["rows"]
        for what in ("coarse", "claim_coarse"):
            counts["quality", what] += row["rows"] if row[what] else 0
    return _summary_of(counts)
