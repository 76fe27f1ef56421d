"""Typeform: the questions come with the answers, and a signature over the very bytes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sources.field_names import known_header
from bot.sources.flat import gather
from bot.sources.generic import parse
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import NewLead
from bot.sources.questions import name_of_question
from bot.sources.reading import Fields, Limits, read_body
from bot.sources.request import LeadRequest

# A form of thirty questions with their choices, some of them in groups with pictures.
_WITH_ITS_QUESTIONS = Limits(values=5000, depth=16)
_OF_ITS_TYPE = {"email": "email", "phone_number": "phone"}


def read_typeform(request: LeadRequest, field_map: FieldMap) -> Sequence[NewLead]:
    """The lead of one response; none while the borrower still answers. An answer goes by its question's reference, or its words."""
    event = read_body(request.content_type, request.body, _WITH_ITS_QUESTIONS)
    response = event.get("form_response")
    if event.get("event_type") == "form_response_partial" or not isinstance(response, dict):
        return []
    return [parse(Fields(gather(_named(response, field_map)), list(event.notes)), field_map)]


def _named(response: Mapping[str, Any], field_map: FieldMap) -> Iterator[tuple[str, object]]:
    yield "external_id", response.get("token")
    yield "submitted_at", response.get("submitted_at")
    yield "form_id", response.get("form_id")
    definition = response.get("definition")
    titles = _titles(definition.get("fields")) if isinstance(definition, dict) else {}
    for answer in _objects(response.get("answers")):
        question = answer.get("field")
        question = question if isinstance(question, dict) else {}
        name = name_of_question(field_map, question.get("ref"), titles.get(str(question.get("id"))))
        kind = str(answer.get("type"))
        if kind in _OF_ITS_TYPE and not (field_map.field_of(name) or known_header(name)):
            name = _OF_ITS_TYPE[kind]
        yield name, _said(answer.get(kind))
    hidden = response.get("hidden")
    yield from hidden.items() if isinstance(hidden, dict) else ()
    for variable in _objects(response.get("variables")):
        yield str(variable.get("key")), variable.get(str(variable.get("type")))


def _said(value: object) -> object:
    """What was chosen, by its label or in the borrower's own words; everything else is said as it is."""
    if not isinstance(value, dict):
        return value
    labels = value.get("labels", value.get("label"))
    said = [*(labels if isinstance(labels, list) else [labels]), value.get("other")]
    chosen = [each for each in said if isinstance(each, str)]
    return ", ".join(chosen) if chosen else value


def _titles(questions: object) -> dict[str, object]:
    """The words of each question by its id, those in groups too."""
    titles: dict[str, object] = {}
    for question in _objects(questions):
        titles[str(question.get("id"))] = question.get("title")
        properties = question.get("properties")
        if isinstance(properties, dict):
            titles |= _titles(properties.get("fields"))
    return titles


def _objects(values: object) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
