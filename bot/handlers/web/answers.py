"""How we answer over HTTP: JSON, and errors that say what to do."""

from collections.abc import Mapping, Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response

from bot.sources.unreadable import FieldError

FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
"""What a proxy adds: whoever comes through one is from outside."""

FOR_ONE_READER = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""Headers behind a link that one person was sent: nobody keeps, guesses, passes on or lists what is there."""


def is_from_outside(request: Request) -> bool:
    return any(header in request.headers for header in FORWARDED)


def answer(status: int, content: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), status, headers, "application/json")


def refuse(status: int, errors: Sequence[FieldError], headers: Mapping[str, str] | None = None, **more: object) -> Response:
    return answer(status, {"errors": errors, **more}, headers)
