"""Lead Ads of Meta: what a signed event tells, which is only the numbers of leads, and a lead as the Graph API gives it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from bot.sources.field_names import known_header
from bot.sources.generic import parse
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import NewLead
from bot.sources.reading import Fields, read_body
from bot.sources.request import LeadRequest
from bot.sources.unreadable import unreadable

GRAPH_FIELDS = (
    "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,is_organic,platform,"
    "field_data,custom_disclaimer_responses"
)
"""What is asked of a lead. The boxes that a form may show stand nowhere else than under the last of them."""
_OF_THE_LEAD = GRAPH_FIELDS.removesuffix(",field_data,custom_disclaimer_responses").split(",")
_DUMMY = b"<test lead: dummy data"  # what Meta's testing tool fills its leads with
_LONGEST_NUMBER = 40


def is_number(written: object) -> bool:
    """Whether this is a number of Meta's for something of its own."""
    text = str(written)
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER


def leads_told(body: bytes) -> list[str]:
    """The numbers of the leads that an event tells of, in their order, each once; other things that it tells are passed over.

    Raises Unreadable(422) for what is no event.
    """
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise unreadable(422, "invalid_json", "body", "The body is not valid JSON.") from None
    if not isinstance(told, Mapping) or not isinstance(told.get("entry"), list):
        raise unreadable(422, "invalid", "entry", "The body is no event of Meta's: it has no list of entries.")
    return list(dict.fromkeys(_numbers(told["entry"])))


def _numbers(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        for change in _listed(entry, "changes"):
            value = change.get("value")
            if change.get("field") == "leadgen" and isinstance(value, Mapping) and is_number(number := value.get("leadgen_id")):
                yield str(number)


def is_test_lead(body: bytes) -> bool:
    """Whether a lead is one of Meta's testing tool."""
    return _DUMMY in body


def read_graph_lead(request: LeadRequest, field_map: FieldMap) -> Sequence[NewLead]:
    """The lead that the Graph API tells; raises Unreadable as `parse` does.

    A box of the form is a field by its own key, and consent is given where every box is ticked, unless one of them is mapped to it.
    """
    told = read_body(request.content_type, request.body)
    answers = {str(answer.get("name")): answer.get("values") for answer in _listed(told, "field_data")}
    boxes = {str(box.get("checkbox_key")): "yes" if box.get("is_checked") else "no" for box in _listed(told, "custom_disclaimer_responses")}
    fields: dict[str, Any] = {**answers, **boxes}
    if boxes and not any(_is_the_answer(key, field_map) for key in boxes):
        fields["consent.given"] = "yes" if "no" not in boxes.values() else "no"
    if boxes or "consent.text" in field_map.always:
        fields["consent.given_at"] = told.get("created_time")
    fields |= {name: told[name] for name in _OF_THE_LEAD if name in told}
    return [parse(Fields(fields, list(told.notes)), field_map)]


def _is_the_answer(key: str, field_map: FieldMap) -> bool:
    return (field_map.field_of(key) or known_header(key)) == "consent.given"


def _listed(told: object, name: str) -> list[Mapping[str, Any]]:
    found = told.get(name) if isinstance(told, Mapping) else None
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
