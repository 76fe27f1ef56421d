"""One request at the door for leads, and the answer to it, as they stand on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeadRequest:
    """What a source sent. Names of headers are in lower case."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = b""

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")


@dataclass(frozen=True, slots=True)
class Kept:
    """A lead that is stored by now, as its source may hear of it; `application_url` is of the officer whom the source names."""

    lead: int
    duplicate: bool
    application_url: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a source hears: an HTTP status and a body."""

    status: int
    body: bytes
    content_type: str = "application/json"
