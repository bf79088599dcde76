# SPDX-License-Identifier: Apache-2.0
"""Bodies that Schemathesis cannot write by itself: lines of JSON, and prepared requests."""

import json

import schemathesis
from hypothesis import strategies


@schemathesis.serializer("application/x-ndjson")
def write_lines(_context, value):
    # One question after the other, and one that is none.
    line = value if isinstance(value, bytes) else json.dumps(value).encode()
    return line + b"\n" + line + b"\n{}\n"


schemathesis.openapi.media_type(
    "application/vnd.xacthuc.requests", strategies.integers(0, 70).flatmap(lambda n: strategies.binary(min_size=n, max_size=n))
)
