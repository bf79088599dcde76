# SPDX-License-Identifier: Apache-2.0
"""Asks about the rows of a Dask DataFrame, partition by partition, where they are.

    answers = xacthuc.dask.verify(ddf, register="/srv/npd/snapshot-7.xts", id="cccd", name="ho_ten", keep=["case"])
    answers.to_parquet("answers")

Each worker process reads the register in place; the rest is as of xacthuc.spark.verify().
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Optional, Union

import pandas as pd
import pyarrow as pa

from .asking import Asking, plan
from .host_register import HostRegister

if TYPE_CHECKING:
    import os

    import dask.dataframe as dd

    from ._native import Register

__all__ = ["HostRegister", "verify"]


def verify(
    ddf: dd.DataFrame,
    *,
    register: Union[str, os.PathLike[str], Register, HostRegister],
    keep: Union[str, Iterable[str]] = (),
    ignore: Union[bool, str, Iterable[str]] = (),
    require: Union[str, Iterable[str], None] = None,
    threads: Optional[int] = 1,
    **fields: Any,
) -> dd.DataFrame:
    """Answers every row: a DataFrame with the columns of `keep` and those of the answers, with the row labels of `ddf`."""
    like = ddf._meta_nonempty
    asking = plan(pa.Table.from_pandas(like, preserve_index=False), register, keep, ignore, require, threads, fields)
    meta = _beside(ddf._meta, asking, pa.table(asking.some_answer()).to_pandas().iloc[:0])
    return ddf.map_partitions(_answered, asking, meta=meta)


def _answered(rows: pd.DataFrame, asking: Asking) -> pd.DataFrame:
    answers = asking.answers([_column(rows.iloc[:, place]) for _, place in asking.columns])
    return _beside(rows, asking, pa.table(answers).to_pandas())


def _column(values: pd.Series) -> Any:
    column = pa.array(values, from_pandas=True)
    # Of a partition that has no value: of no type by itself.
    return column.cast(pa.string()) if pa.types.is_null(column.type) else column


def _beside(rows: pd.DataFrame, asking: Asking, answers: pd.DataFrame) -> pd.DataFrame:
    answers.index = rows.index
    return pd.concat([rows.iloc[:, list(asking.keep)], answers], axis=1)
