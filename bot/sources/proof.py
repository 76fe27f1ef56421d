"""How a request proves that it comes from its source: by a key, or by a signature over its very bytes."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from bot.sources.reading import read_body
from bot.sources.request import LeadRequest
from bot.sources.unreadable import Unreadable

_PARSED_FOR_ANYBODY = 64 * 1024
_MOST_KEYS = 10
Proves = Callable[[LeadRequest, str], bool]
"""Whether a request proves to know this secret."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`in_body` says that the whole body must be there before `proves` can tell; `how` is told to who was refused."""

    proves: Proves
    how: str
    in_body: bool = False


def same(presented: str, secret: str) -> bool:
    """Whether this is the secret. Takes the same time for any wrong one."""
    return hmac.compare_digest(presented.encode("utf-8", "surrogatepass"), secret.encode())


def by_key() -> Proof:
    """The key in Authorization, or in the address for who cannot send headers."""
    return Proof(lambda request, secret: same(_presented(request), secret), "Send it as Authorization: Bearer KEY, or as ?key=KEY.")


def by_header(name: str) -> Proof:
    return Proof(lambda request, secret: same(request.headers.get(name.lower(), ""), secret), f"Send it as {name}: KEY.")


def by_query(name: str) -> Proof:
    return Proof(lambda request, secret: same(request.query.get(name, ""), secret), f"Send it as ?{name}=KEY.")


def by_field(*names: str) -> Proof:
    """The key is a field of the body, under one of these names; the key of the address counts too.

    A body longer than any lead is not parsed for somebody who has not proved anything: the key must stand in it as it is.
    """
    written = re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in names) + rb")\b[\s\":=>]{1,12}([^\s\"&<]{1,300})")

    def proves(request: LeadRequest, secret: str) -> bool:
        plain = [found[1].decode("latin-1") for found in islice(written.finditer(request.body), _MOST_KEYS)]
        matches = [same(each, secret) for each in (*plain, _presented(request))]
        return any(matches) or (len(request.body) <= _PARSED_FOR_ANYBODY and _in_a_field(request, names, secret))

    return Proof(proves, f"Send it as the field {names[0]}.", in_body=True)


def _in_a_field(request: LeadRequest, names: Sequence[str], secret: str) -> bool:
    try:
        fields = read_body(request.content_type, request.body)
    except Unreadable:
        return False
    matches = [same(str(fields[name]), secret) for name in names if fields.get(name) is not None]
    return any(matches)


def by_signature(header: str, *, encoding: Literal["hex", "base64"], prefix: str = "sha256=") -> Proof:
    """An HMAC-SHA256 over the raw bytes of the body, with the secret as its key."""

    def proves(request: LeadRequest, secret: str) -> bool:
        digest = hmac.new(secret.encode(), request.body, hashlib.sha256)
        wanted = digest.hexdigest() if encoding == "hex" else base64.b64encode(digest.digest()).decode()
        return same(request.headers.get(header.lower(), ""), prefix + wanted)

    return Proof(proves, f"Send the signature of the body as {header}: {prefix}SIGNATURE.", in_body=True)


def _presented(request: LeadRequest) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.query.get("key", "")
