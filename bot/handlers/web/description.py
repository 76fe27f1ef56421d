"""GET /openapi.json: what the door for leads takes and answers, for who writes a program against it."""

from functools import cache
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from bot.sources.field_names import OUR_FIELDS

REFUSALS = {
    400: "The request ended early.",
    401: "The key is missing or wrong.",
    404: "No source has this name.",
    408: "The request did not end in time.",
    409: "This id was sent before with other content; the first one stands, and `lead` is its number.",
    413: "The request is too large.",
    415: "This form of a body is not known here.",
    422: "Neither a phone nor an email was understood, or the body is broken. It waits with who runs Leadbell.",
    429: "Too many requests in a minute. Retry-After says how many seconds to wait.",
    503: "Nothing was kept. Send it again after the seconds of Retry-After.",
}
_VALUE = {"type": ["string", "number", "boolean", "null"]}


async def described(_request: Request) -> Response:
    return Response(document(), media_type="application/json")


@cache
def document() -> bytes:
    """OpenAPI 3.1, as JSON."""
    kinds = ("application/json", "application/x-www-form-urlencoded")
    bodies = {kind: {"schema": {"$ref": "#/components/schemas/Lead"}} for kind in kinds}
    refusals = {str(status): _answer(why, "Errors") for status, why in REFUSALS.items()}
    post = {
        "summary": "Take a lead in. The same request again gets the same answer; 200 comes once the lead is stored.",
        "parameters": [{"name": "source", "in": "path", "required": True, "schema": {"type": "string"}}],
        "security": [{"bearer": []}, {"key": []}],
        "requestBody": {"required": True, "content": bodies},
        "responses": {"200": _answer("The lead is stored.", "Kept"), **refusals},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Leadbell", "version": "1", "description": "The generic format; sources with another `format` speak as they do."},
        "paths": {"/leads/{source}": {"post": post}},
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, "key": {"type": "apiKey", "in": "query", "name": "key"}},
            "schemas": {"Lead": _lead(), "Kept": _KEPT, "Errors": _ERRORS},
        },
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def _answer(why: str, schema: str) -> dict[str, Any]:
    return {"description": why, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _lead() -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for field in sorted(OUR_FIELDS):
        group, _, name = field.rpartition(".")
        if group:
            properties.setdefault(group, {"type": "object", "properties": {}})["properties"][name] = _VALUE
        else:
            properties[field] = _VALUE
    description = "A phone or an email is needed. Names and words are read tolerantly, and what nobody knows is kept."
    return {"type": "object", "description": description, "properties": properties, "additionalProperties": True}


_KEPT = {
    "type": "object",
    "required": ["lead", "duplicate"],
    "properties": {"lead": {"type": "integer"}, "duplicate": {"type": "boolean"}},
}
_ERRORS = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["type", "field", "message"],
                "properties": {name: {"type": "string"} for name in ("type", "field", "message")},
            },
        },
        "lead": {"type": "integer"},
    },
}
