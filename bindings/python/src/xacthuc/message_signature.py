# SPDX-License-Identifier: Apache-2.0
"""An agency's signature of what it asks, and the service's of its answer: what the client signs, and what it believes.

Source: RFC 9421, sections 2 and 3; RFC 9530. What has to be covered is the service's rule (docs/service.md).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Callable, Dict, List, Mapping, Optional, Tuple

from .ed25519 import SigningKey, verify
from .errors import ArgumentError

_label = "sig"
_component = re.compile(r'"([^"\\]*)"((?:;[a-z*][a-z0-9_.*-]*(?:="[^"\\]*")?)*)')
_signature = re.compile(rf"{_label}=:([A-Za-z0-9+/]{{86}}==):")


@dataclass(frozen=True)
class RequestSigning:
    """Who signs what is asked, and by what.

    sign      makes Ed25519 signatures, 64 bytes; called by whichever thread asks
    service   the service's public key: with it, what is not signed by it for this very question is no answer. Rows,
              accesses and receipts come unsigned from any service, and are taken so
    """

    agency: int
    sign: Callable[[bytes], bytes]
    service: Optional[bytes] = None

    def __post_init__(self) -> None:
        if isinstance(self.agency, bool) or not isinstance(self.agency, int) or not 0 < self.agency < 1 << 16:
            raise ArgumentError("agency: wanted a number from 1 to 65535")
        if not callable(self.sign):
            raise ArgumentError("sign: wanted what makes signatures")
        if self.service is not None and (not isinstance(self.service, bytes) or len(self.service) != 32):
            raise ArgumentError("service: wanted the 32 bytes of its public key")

    @classmethod
    def by(cls, agency: int, key: SigningKey, *, service: Optional[bytes] = None) -> RequestSigning:
        """By a key in this process."""
        return cls(agency, key.sign, service)


def _content_digest(body: bytes) -> str:
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def signed_fields(
    by: RequestSigning, method: str, authority: str, target: str, fields: Mapping[str, str], body: bytes, now_s: int
) -> Dict[str, str]:
    """The fields that sign a request, under a nonce of its own. `fields`, in lower case, are covered as well; where a
    content-type is among them, so is the body's digest."""
    # Not the scheme, which a proxy that ends TLS changes.
    covered = {"@method": method, "@authority": authority.lower(), "@request-target": target, **fields}
    made = {}
    if "content-type" in fields:
        made["content-digest"] = covered["content-digest"] = _content_digest(body)
    parameters = "({}){}".format(
        " ".join(f'"{name}"' for name in covered),
        f';created={now_s};nonce="{secrets.token_urlsafe(16)}";keyid="agency:{by.agency}";alg="ed25519"',
    )
    base = "".join(f'"{name}": {value}\n' for name, value in covered.items()) + f'"@signature-params": {parameters}'
    signature = by.sign(base.encode("ascii"))
    return {
        **made,
        "signature-input": f"{_label}={parameters}",
        "signature": f"{_label}=:{b64encode(signature).decode()}:",
    }


def is_answer_right(
    key: bytes, method: str, target: str, request_signature: str, status: int, fields: Mapping[str, List[str]], body: bytes
) -> bool:
    """Whether the key signed this answer to this request: status, type and digest of the body, method, path and the
    request's signature are covered, and right. `fields`, by names in lower case, has each value of a field; one that is
    there twice can be read in two ways, and is not believed."""
    only = {name: values[0] for name, values in fields.items() if len(values) == 1}
    needed: Dict[Tuple[str, str], Optional[str]] = {
        ("@status", ""): str(status),
        ("content-type", ""): only.get("content-type"),
        ("content-digest", ""): only.get("content-digest"),
        ("@method", ";req"): method,
        ("@path", ";req"): target.partition("?")[0],
        ("signature", f';req;key="{_label}"'): request_signature.partition("=")[2],
    }
    text = _signed_text(only.get("signature-input", ""), needed)
    signature = _signature.fullmatch(only.get("signature", ""))
    if text is None or signature is None or needed["content-digest", ""] != _content_digest(body):
        return False
    try:
        return verify(key, text.encode("ascii"), b64decode(signature[1], validate=True))
    except ValueError:
        return False


def _signed_text(signature_input: str, needed: Mapping[Tuple[str, str], Optional[str]]) -> Optional[str]:
    """The text that is signed; None where it cannot be read, or does not cover each that is needed, once."""
    label, _, parameters = signature_input.partition("=")
    if label != _label or not parameters.startswith("("):
        return None
    text, at, seen = "", 1, set()
    while not parameters.startswith(")", at):
        found = _component.match(parameters, at)
        name = (found[1], found[2]) if found else None
        value = needed.get(name) if name else None
        if found is None or name in seen or value is None:
            return None
        seen.add(name)
        text += f"{found[0]}: {value}\n"
        at = found.end()
        if parameters.startswith(" ", at):
            at += 1
    # Parameters are signed as they stand.
    return f'{text}"@signature-params": {parameters}' if seen == set(needed) else None
