"""GET /openapi.json: what the doors for leads, for pings and for machines take and answer, for who writes a program against them."""

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
    422: "Neither a phone nor an email was understood, a trigger lead says no basis, or the body is broken. Who runs Leadbell sees it.",
    429: "Too many requests in a minute. Retry-After says how many seconds to wait.",
    503: "Nothing was kept. Send it again after the seconds of Retry-After.",
}
_OF_PINGS = ("400", "401", "404", "408", "413")
"""Of the refusals those that a ping may meet too: all else is told as a reason."""
_VALUE = {"type": ["string", "number", "boolean", "null"]}


async def described(_request: Request) -> Response:
    return Response(document(), media_type="application/json")


@cache
def document() -> bytes:
    """OpenAPI 3.1, as JSON."""
    kinds = ("application/json", "application/x-www-form-urlencoded")
    bodies = {kind: {"schema": {"$ref": "#/components/schemas/Lead"}} for kind in kinds}
    refusals = {str(status): _answer(why, "Errors") for status, why in REFUSALS.items()}
    source = {"name": "source", "in": "path", "required": True, "schema": {"type": "string"}}
    asking = {"parameters": [source], "security": [{"bearer": []}, {"key": []}], "requestBody": {"required": True, "content": bodies}}
    post = {
        "summary": "Take a lead in. The same request again gets the same answer; 200 comes once the lead is stored.",
        **asking,
        "responses": {"200": _answer("The lead is stored; or, after a ping, whether it is bought.", "Kept", "Bought"), **refusals},
    }
    ping = {
        "summary": "Say what a lead would be bid, or why nothing, before it is known whose it is. The post shows `ping_id` again.",
        **asking,
        "responses": {"200": _bid(), **{status: refusals[status] for status in _OF_PINGS}},
    }
    health = {"summary": "Whether the process lives.", "responses": {"200": _answer("It does.", "Alive")}}
    ready = {
        "summary": "Whether leads may be sent to this process; and all that is wrong, with it or for all processes alike.",
        "responses": {"200": _answer("They may.", "Ready"), "503": _answer("Send them to another one.", "Ready")},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Leadbell", "version": "1", "description": "The generic format; sources with another `format` speak as they do."},
        "paths": {
            "/leads/{source}": {"post": post},
            "/leads/{source}/ping": {"post": ping},
            "/healthz": {"get": health},
            "/readyz": {"get": ready},
        },
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, "key": {"type": "apiKey", "in": "query", "name": "key"}},
            "schemas": {"Lead": _lead(), **_ANSWERS},
        },
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def _bid() -> dict[str, Any]:
    """As JSON, or as XML for a seller who asks for that."""
    said = _answer("A bid in dollars, or the reason why there is none.", "Bid")
    return {**said, "content": {**said["content"], "application/xml": {"schema": {"type": "string"}}}}


def _answer(why: str, *schemas: str) -> dict[str, Any]:
    named = [{"$ref": f"#/components/schemas/{schema}"} for schema in schemas]
    return {"description": why, "content": {"application/json": {"schema": named[0] if len(named) == 1 else {"anyOf": named}}}}


def _lead() -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for field in sorted(OUR_FIELDS):
        group, _, name = field.rpartition(".")
        if group:
            properties.setdefault(group, {"type": "object", "properties": {}})["properties"][name] = _VALUE
        else:
            properties[field] = _VALUE
    description = "A phone or an email is needed. Names and words are read tolerantly, and what nobody knows is kept."
    return {
        "type": "object", "description": description, "properties": properties, "additionalProperties": True, "examples": [_EXAMPLE],
    }  # fmt: skip


_EXAMPLE = {
    "external_id": "77120",
    "first_name": "Dana",
    "last_name": "Rowe",
    "phone": "(512) 555-0100",
    "email": "dana@example.com",
    "purpose": "purchase",
    "property_state": "TX",
    "loan_amount": 310000,
}
_KEPT = {
    "type": "object",
    "required": ["lead", "duplicate"],
    "properties": {"lead": {"type": ["integer", "null"], "description": "null after a test"}, "duplicate": {"type": "boolean"}},
}
_BID = {
    "type": "object",
    "required": ["accepted"],
    "properties": {
        "accepted": {"type": "boolean"},
        "ping_id": {"type": "string"},
        "bid": {"type": "integer"},
        "reason": {"type": "string"},
    },
}
_BOUGHT = {
    "type": "object",
    "required": ["accepted"],
    "properties": {
        "accepted": {"type": "boolean"},
        "lead_id": {"type": "string"},
        "price": {"type": "integer"},
        "reason": {"type": "string"},
    },
}
_ALIVE = {"type": "object", "required": ["alive"], "properties": {"alive": {"type": "boolean"}}}
_READY = {
    "type": "object",
    "required": ["ready"],
    "properties": {"ready": {"type": "boolean"}, "reasons": {"type": "array", "items": {"type": "string"}}},
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
_ANSWERS = {"Kept": _KEPT, "Bid": _BID, "Bought": _BOUGHT, "Errors": _ERRORS, "Alive": _ALIVE, "Ready": _READY}
