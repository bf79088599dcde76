# SPDX-License-Identifier: Apache-2.0
"""Ed25519: keys that sign, and signatures verified singly or many at a time.

    key = xacthuc.ed25519.SigningKey.load("agency.key")     # as xacthuc keygen writes it
    signature = key.sign(message)
    xacthuc.ed25519.verify(key.public_key, message, signature)
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Callable, Sequence, Union

from . import _native
from ._native import SigningKey

__all__ = ["SigningKey", "kernel", "load_public_key", "rejected_kernels", "verify", "verify_batch"]

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Column = Union[Sequence[bytes], npt.NDArray[np.uint8], bytes, Any]


def load_public_key(path: str | os.PathLike[str]) -> bytes:
    """The 32 bytes of a file <name>.pub, as xacthuc keygen writes it. Raises NotFoundError, DamageError."""
    return _native.load_signing_public_key(path)


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is the key's over the message: libsodium's verdict, on every input. False where the key is
    not of 32 bytes or the signature not of 64."""
    return _native.ed25519_verify(key, message, signature)


def verify_batch(
    messages: Column,
    signatures: Column,
    keys: Column,
    *,
    threads: int | None = None,
    progress: bool | Callable[[int], Any] | None = None,
) -> npt.NDArray[np.bool_]:
    """Which of the signatures are their keys' over their messages: an array of bool, a verdict a row.

    Each column is an Arrow column of bytes (pyarrow, Polars), an array of uint8 with a row each, such as (n, 64) for
    signatures, or a list of bytes; `keys` may also be the 32 bytes of one key that signed all. A signature that is not
    of 64 bytes or a key that is not of 32 is not valid, nor is anything that is null. The verdicts are those of
    libsodium's crypto_sign_verify_detached, on every input.
    """
    return _native.ed25519_verify_batch(messages, signatures, keys, threads, progress)


def kernel() -> str:
    """Which kernel this machine uses: "portable", "avx2" or "avx512ifma"; "none" where all are rejected."""
    return _native.ed25519_kernel()


def rejected_kernels() -> list[str]:
    """Kernels that gave wrong answers to known signatures on this machine and so are not used; none where all is well."""
    return _native.ed25519_rejected_kernels().split()
