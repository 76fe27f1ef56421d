"""Zillow's notices of a borrower who contacted one lender: sold to an officer by name, and answered with our own number."""

from collections.abc import Sequence

import orjson

from bot.sources.generic import parse
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import NewLead
from bot.sources.reading import Fields, read_body
from bot.sources.request import Kept, LeadRequest, Reply

# New kinds of contact come without notice; one that is not here says nothing about what is wanted.
_INTENTS = {"quote": "rate_quote", "longform": "full_application", "propertypreapproval": "pre_approval"}


def read_zillow(request: LeadRequest, field_map: FieldMap) -> Sequence[NewLead]:
    """The lead of one notice. Its recipient stays in `extra`, where rules find the officer to whom it was sold."""
    fields = read_body(request.content_type, request.body)
    kind = fields.get("type")
    intent = _INTENTS.get(kind.strip().lower()) if isinstance(kind, str) else None
    return [parse(fields if intent is None else Fields({**fields, "intent": intent}, list(fields.notes)), field_map)]


def say_reference(kept: Sequence[Kept], application_url: str | None = None) -> Reply:
    """Our number, and where the borrower can begin an application: at their officer's address, or at the source's."""
    said, begins_at = {"externalContactReference": str(kept[0].lead)}, kept[0].application_url or application_url
    return Reply(200, orjson.dumps(said if begins_at is None else {**said, "applicationURL": begins_at}))
