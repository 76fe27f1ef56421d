"""How we answer over HTTP: JSON, and errors that say what to do."""

from collections.abc import Mapping, Sequence

import orjson
from starlette.responses import Response

from bot.sources.unreadable import FieldError


def answer(status: int, content: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), status, headers, "application/json")


def refuse(status: int, errors: Sequence[FieldError], headers: Mapping[str, str] | None = None, **more: object) -> Response:
    return answer(status, {"errors": errors, **more}, headers)
