# SPDX-License-Identifier: Apache-2.0
"""Asks about the rows of a Ray Dataset, block by block, where they are.

    answers = xacthuc.ray.verify(dataset, register="/srv/npd/snapshot-7.xts", id="cccd", name="ho_ten", keep=["case"])
    answers.write_parquet("answers")

Each worker process reads the register in place; the rest is as of xacthuc.spark.verify().
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Optional, Union

from .asking import plan
from .host_register import HostRegister

if TYPE_CHECKING:
    import os

    import ray.data

    from ._native import Register

__all__ = ["HostRegister", "verify"]


def verify(
    dataset: ray.data.Dataset,
    *,
    register: Union[str, os.PathLike[str], Register, HostRegister],
    keep: Union[str, Iterable[str]] = (),
    ignore: Union[bool, str, Iterable[str]] = (),
    require: Union[str, Iterable[str], None] = None,
    threads: Optional[int] = 1,
    **fields: Any,
) -> ray.data.Dataset:
    """Answers every row: a Dataset with the columns of `keep` and those of the answers."""
    schema = dataset.schema().base_schema
    asking = plan(schema.empty_table(), register, keep, ignore, require, threads, fields)
    return dataset.map_batches(asking.table, batch_format="pyarrow")
