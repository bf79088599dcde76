# SPDX-License-Identifier: Apache-2.0
"""What every answer may be while citizens change: a request that is true in one round only, of a citizen whose last
acknowledged change is known."""
from __future__ import annotations

import random
import threading
import time

from cluster import Cluster, FanOut
from nation import VERIFIED, WARD_MISMATCH


class Oracle:
    """Changes citizens in one thread and asks about them in another until it is stopped."""

    def __init__(self, cluster: Cluster, nation, keys, citizens: int = 300, replicas: int = 0, asker=FanOut) -> None:
        self.cluster, self.nation, self.keys = cluster, nation, keys
        self.replicas = replicas  # a change counts as acknowledged when so many have it
        random_source = random.Random(7)
        self.citizens = random_source.sample(range(nation.citizens), citizens)
        self.acknowledged = {c: 1 for c in self.citizens}  # the round that is certainly there
        self.begun = {c: 1 for c in self.citizens}  # the last one that may be there
        self.wrong: list[tuple] = []
        self.asked = self.changed = 0
        self.longest_wait = 0.0
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.keep, args=one) for one in ((self.ask, asker), (self.change, FanOut))]

    def keep(self, what, asker) -> None:
        client = asker(self.cluster)
        try:
            while not self.stop.is_set():
                what(client)
        except Exception as error:  # noqa: BLE001 - a test must not lose it
            self.wrong.append(("failed", what.__name__, repr(error)))
        finally:
            client.close()

    def change(self, client: FanOut) -> None:
        citizen = self.citizens[self.changed % len(self.citizens)]
        to_round = self.begun[citizen] % self.nation.rounds + 1
        if to_round == 1:
            self.stop.wait(0.01)
            self.changed += 1
            return
        self.begun[citizen] = to_round
        place = self.nation.places[citizen]
        changes = self.nation.changes(1_000 + self.changed, self.nation.change_to_round(citizen, to_round))
        client.keyed(self.keys[place], place, "XT.UPSERT", changes, replicas=self.replicas)
        self.acknowledged[citizen] = to_round
        self.changed += 1

    def ask(self, client) -> None:
        """Asks of each whether she is in each round that was certain before the question, or may have begun since."""
        some = random.sample(self.citizens, 40)
        before = {c: self.acknowledged[c] for c in some}
        began = time.monotonic()
        told = client.verify([self.nation.request_in_round(c, before[c]) for c in some],
                             [self.nation.places[c] for c in some])
        self.longest_wait = max(self.longest_wait, time.monotonic() - began)
        for c, outcome in zip(some, told):
            moved_on = self.begun[c] != before[c]
            if outcome != VERIFIED and not (outcome == WARD_MISMATCH and moved_on):
                self.wrong.append((c, before[c], self.begun[c], outcome))
        self.asked += len(some)

    def __enter__(self) -> "Oracle":
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_) -> None:
        self.stop.set()
        for one in self.threads:
            one.join()

    def tell(self) -> None:
        print(f"asked {self.asked}, changed {self.changed}, the longest wait was {self.longest_wait:.3f} s")

    def assert_all_there(self) -> None:
        """Everything that was acknowledged is what the cluster says now."""
        client = FanOut(self.cluster)
        told = client.verify([self.nation.request_in_round(c, self.acknowledged[c]) for c in self.citizens],
                             [self.nation.places[c] for c in self.citizens])
        client.close()
        assert set(told) == {VERIFIED}
        assert self.wrong == []
