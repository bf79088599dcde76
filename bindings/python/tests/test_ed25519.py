# SPDX-License-Identifier: Apache-2.0
"""Signatures of whole columns: those of RFC 8032 and variations of them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
import xacthuc
from xacthuc import ed25519

# RFC 8032, section 7.1, tests 1 to 3: key, message, signature.
published = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip
keys = [bytes.fromhex(one[0]) for one in published] * 700
messages = [bytes.fromhex(one[1]) for one in published] * 700
signatures = [bytes.fromhex(one[2]) for one in published] * 700
wrong = [i for i in range(2100) if i % 7 == 5]
for i in wrong:
    flipped = bytearray(signatures[i])
    flipped[i % 64] ^= 1 << i % 8
    signatures[i] = bytes(flipped)
expected = [i not in set(wrong) for i in range(2100)]


def as_rows(column):
    return np.frombuffer(b"".join(column), np.uint8).reshape(len(column), -1)


kinds = {
    "lists": (messages, signatures, keys),
    "arrays": (messages, as_rows(signatures), as_rows(keys)),
    "arrow": (pa.array(messages), pa.array(signatures, pa.binary(64)), pa.array(keys, pa.binary(32))),
    "large": (pa.array(messages, pa.large_binary()), pa.array(signatures, pa.large_binary()), pa.array(keys, pa.binary())),
    "views": (pa.array(messages, pa.binary_view()), pa.array(signatures, pa.binary_view()), tuple(keys)),
    "chunks": (pa.chunked_array([messages[:5], messages[5:]]), pa.chunked_array([signatures]), pl.Series(keys)),
    "slices": (pa.array([b"x", *messages]).slice(1), pl.Series(signatures), pa.array(keys).dictionary_encode()),
}


@pytest.mark.parametrize("columns", kinds.values(), ids=kinds)
@pytest.mark.parametrize("threads", [1, 3])
def test_every_kind_of_column_gets_the_same_verdicts(columns, threads):
    verdicts = ed25519.verify_batch(*columns, threads=threads)
    assert verdicts.dtype == np.bool_
    assert verdicts.tolist() == expected


def test_one_key_may_have_signed_all():
    assert ed25519.verify_batch(messages[1::3], signatures[1::3], keys[1]).tolist() == expected[1::3]


def test_text_is_a_message_too():
    assert ed25519.verify_batch(pa.array(["r"]), signatures[1:2], keys[1:2]).all()


def test_what_has_the_wrong_length_or_is_missing_is_not_valid():
    good = (messages[1], signatures[1], keys[1])
    rows = [good, (None, *good[1:]), (good[0], good[1][:63], good[2]), (good[0], good[1], good[2] + b"x"),
            (good[0], None, good[2]), (good[0], good[1], None), (good[0], b"", b"")]  # fmt: skip
    columns = [pa.array(column, pa.binary()) for column in zip(*rows)]
    assert ed25519.verify_batch(*columns).tolist() == [True] + [False] * 6


def test_nothing_is_verified_in_nothing():
    assert ed25519.verify_batch([], [], []).shape == (0,)
    assert ed25519.verify_batch(pa.array([], pa.binary()), np.empty((0, 64), np.uint8), []).shape == (0,)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ((messages, signatures[:-1], keys), "equally many"),
        ((b"all", signatures, keys), "only keys"),
        ((messages, signatures, np.zeros((2100, 32), np.int32)), "keys: wanted"),
        ((messages, as_rows(signatures)[:, ::2], keys), "signatures: wanted"),
        ((messages, pa.array([1] * 2100), keys), "signatures: is int64"),
        ((messages, signatures, [5] * 2100), "keys: row 0"),
        ((pa.table({"a": messages}), signatures, keys), "this is a table"),
        ((object(), signatures, keys), "messages: wanted"),
    ],
)
def test_columns_that_are_none_are_named(columns, message):
    with pytest.raises((ValueError, xacthuc.errors.ColumnError), match=message):
        ed25519.verify_batch(*columns)


def test_no_kernel_is_rejected_on_a_sound_machine():
    assert ed25519.rejected_kernels() == []


def test_the_kernel_has_a_name():
    assert ed25519.kernel() in {"portable", "avx2", "avx512ifma"}
