# SPDX-License-Identifier: Apache-2.0
"""The same policy in Cedar, evaluated by another program: every decision is the same. XACTHUC_CEDAR_REQUESTS sets how
many random requests are asked."""

from __future__ import annotations

import os
import random
import re
import struct
import time

import pytest
import xacthuc
from test_policy import example, in_2027

cedarpy = pytest.importorskip("cedarpy")

request_count = int(os.environ.get("XACTHUC_CEDAR_REQUESTS", "20000"))
batch = 500
claims = [
    "name", "name_exact", "birth_date", "sex", "life", "registration", "account_level", "account", "document", "province",
    "ward", "document_valid_on", "born_on_or_before", "account_level_at_least",
]  # fmt: skip
proofs = ["agency", "holder"]
some_day = (in_2027.toordinal() - 730_120) % 65_536
statement = re.compile(r'permit\(principal == Agency::"(\d+)", action == Action::"(\d+)".*?\n};\n', re.DOTALL)


def subset(rng: random.Random, of: list[str]) -> list[str]:
    return [one for one in of if rng.random() < 0.5]


class Pair:
    """What a statement says of an agency and a procedure: for requests that are nearly permitted."""

    def __init__(self, found: re.Match[str]) -> None:
        self.agency, self.procedure = int(found[1]), int(found[2])
        lists = [re.findall(r'"(\w+)"', one) for one in re.findall(r"\[([^\]]*)\]", found[0])]
        self.may, self.must, self.proofs = lists[0], [c for one in lists[1:-1] for c in one], lists[-1]

    def request(self, rng: random.Random) -> tuple[int, int, set[str], set[str], int, int]:
        asked = {*self.must, *subset(rng, self.may)}
        if "name" in asked and "name_exact" in asked:
            asked.discard(rng.choice(["name", "name_exact"]))
        came, level, day = set(self.proofs), 3, some_day
        what = rng.randrange(8)
        if what == 0:
            asked ^= {rng.choice(claims)}
        elif what == 1:
            came ^= {rng.choice(proofs)}
        elif what == 2:
            level = rng.randrange(4)
        elif what == 3:
            day += rng.randrange(-500, 500)
        return self.agency, self.procedure, asked, came, level, day


def any_request(rng: random.Random, policy: xacthuc.Policy) -> tuple[int, int, set[str], set[str], int, int]:
    agency = rng.choice([*policy.agencies, 65_000])
    procedure = rng.choice([*policy.procedures, 65_000])
    day = rng.choice([some_day, rng.randrange(65_536)])
    return agency, procedure, set(subset(rng, claims)), set(subset(rng, proofs)), rng.randrange(4), day


def bits(words: set[str], names: list[str]) -> int:
    return sum(1 << i for i, name in enumerate(names) if name in words)


def cedar_request(one: tuple[int, int, set[str], set[str], int, int]) -> dict:
    agency, procedure, asked, came, level, day = one
    return {
        "principal": f'Agency::"{agency}"',
        "action": f'Action::"{procedure}"',
        "resource": 'Register::"vn"',
        "context": {"claims": sorted(asked), "proofs": sorted(came), "day": day, "level": level},
    }


def test_cedar_decides_alike(capsys):
    policy = xacthuc.Policy.load(example, unsigned=True, today=in_2027)
    text = policy.cedar()
    found = list(statement.finditer(text))
    assert len(found) == text.count("permit(")
    # Statements of other agencies cannot apply; without them Cedar has less to look at, and is the quicker.
    of_agency: dict[int, str] = {}
    for one in found:
        of_agency[int(one[1])] = of_agency.get(int(one[1]), "") + one[0]
    parsed = {agency: cedarpy.PolicySet.from_str(text) for agency, text in of_agency.items()}
    empty = cedarpy.PolicySet.from_str("")
    rng = random.Random(7)
    pairs = [Pair(one) for one in found]
    requests = [
        rng.choice(pairs).request(rng) if i % 2 == 0 else any_request(rng, policy) for i in range(request_count)
    ]
    packed = b"".join(
        struct.pack("<HHHBBH", a, p, bits(asked, claims), bits(came, proofs), level, day)
        for a, p, asked, came, level, day in requests
    )
    repeats = max(1, 2_000_000 // request_count)
    start = time.process_time()
    for _ in range(repeats):
        outcomes = policy.decide_packed(packed)
    ours = repeats * request_count / (time.process_time() - start)
    decided = struct.unpack(f"<{request_count}H", outcomes)

    by_agency: dict[int, list[int]] = {}
    for i, one in enumerate(requests):
        by_agency.setdefault(one[0], []).append(i)
    spent, permitted = 0.0, 0
    for agency, places in by_agency.items():
        for first in range(0, len(places), batch):
            some = places[first : first + batch]
            asked = [cedar_request(requests[i]) for i in some]
            start = time.process_time()
            results = cedarpy.is_authorized_batch(asked, parsed.get(agency, empty), "[]")
            spent += time.process_time() - start
            for i, result in zip(some, results):
                assert not result.diagnostics.errors
                assert result.allowed == (decided[i] == 0), (requests[i], decided[i])
                permitted += result.allowed
    assert request_count * 0.1 < permitted < request_count * 0.5

    # And with the whole policy at once, as it stands.
    whole = cedarpy.PolicySet.from_str(text)
    few = [cedar_request(one) for one in requests[:200]]
    start = time.process_time()
    results = cedarpy.is_authorized_batch(few, whole, "[]")
    of_whole = len(few) / (time.process_time() - start)
    assert [one.allowed for one in results] == [one == 0 for one in decided[:200]]
    theirs = request_count / spent
    with capsys.disabled():
        print(
            f"\n{request_count:,} requests, {permitted:,} permitted, {len(found):,} statements; decisions a second: ours "
            f"{ours:,.0f}; Cedar with the agency's statements {theirs:,.0f} ({ours / theirs:,.0f} x), "
            f"with all {of_whole:,.0f} ({ours / of_whole:,.0f} x)"
        )
