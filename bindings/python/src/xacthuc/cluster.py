# SPDX-License-Identifier: Apache-2.0
"""Ask a register that lies in a Redis or Valkey cluster, without a register here.

    nodes = xacthuc.cluster.open("10.0.0.1:6379,10.0.0.2:6379", digest_key="digest.key")
    answers = nodes.verify(people, id="cccd", name="ho_ten", birth_date="ngay_sinh")

The key of the names stays here; the servers see digests.
"""

from __future__ import annotations

import os
from pathlib import Path

from . import _native, errors

try:
    from ._native import Cluster
except ImportError:
    raise ImportError("this build of xacthuc has no client of clusters: install libhiredis-dev, and build it again") from None

__all__ = ["Cluster", "open"]


def open(  # noqa: A001  (xacthuc.cluster.open, as xacthuc.open)
    nodes: str,
    *,
    digest_key: str | os.PathLike[str],
    user: str = "",
    password: str | None = None,
    timeout: float = 10.0,
) -> Cluster:
    """Connects to a cluster: `nodes` is HOST:PORT of one node or more, separated by commas; the others are learnt from
    them. `user` and `password` are those of the servers' ACL; a password of None is what is in the environment's
    XACTHUC_CLUSTER_PASSWORD, if anything. `timeout`: seconds for what is asked at once, however often nodes are asked.

    Connections are in the clear. A Cluster may be asked by several threads; each call's own threads have connections of
    their own.
    """
    for given, name in ((nodes, "nodes"), (user, "user"), (password or "", "password")):
        if not isinstance(given, str):
            raise errors.ArgumentError(f"{name}: wanted a text, not {type(given).__name__}")
    if password is None:
        password = os.environ.get("XACTHUC_CLUSTER_PASSWORD", "")
    return _native.open_cluster(nodes, Path(digest_key).absolute(), user, password, max(1, round(timeout * 1000)))
