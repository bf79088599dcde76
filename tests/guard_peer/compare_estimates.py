# SPDX-License-Identifier: Apache-2.0
# Reads rows of guard_peer sets and compares our estimates, and those of DataSketches' HyperLogLog of as many
# registers, with how many different ids there were.
import math
import sys

from datasketches import hll_sketch, tgt_hll_type

ours, theirs = [], []
for row in sys.stdin:
    first, apart, count, estimate = row.split()
    count = int(count)
    sketch = hll_sketch(12, tgt_hll_type.HLL_8)
    for i in range(count):
        sketch.update(int(first) + i * int(apart))
    ours.append(float(estimate) / count - 1)
    theirs.append(sketch.get_estimate() / count - 1)
    if abs(ours[-1]) > 5 * 0.01625:
        sys.exit(f"of {count} ids ours are {estimate}")


def deviation(errors):
    return math.sqrt(sum(e * e for e in errors) / len(errors))


print(f"standard error over {len(ours)} sets: ours {deviation(ours):.2%}, theirs {deviation(theirs):.2%}")
if not ours or deviation(ours) > 1.3 * 0.01625:
    sys.exit("ours are worse than 4,096 registers should be")
