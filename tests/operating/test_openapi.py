"""The service does what its own OpenAPI says: whatever is sent, each answer is one that stands there, and no door breaks."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from bot.capture.pinging import look
from bot.handlers.web.app import web_app
from bot.handlers.web.description import document
from bot.oversight.auditor import Auditor
from bot.rules.pinging import Bid, Terms
from bot.sources.formats import say_plainly
from tests.conftest import COMPANY, NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store

load_all_checks()
TOLD_OTHERWISE = {
    "positive_data_acceptance": "a lead needs a phone or an email that can be understood, which no schema can say",
    "negative_data_rejection": "a lead is read tolerantly: what is of no kind that we know is kept and noted",
}
CHECKED: list[Any] = [check for check in CHECKS.get_all() if check.__name__ not in TOLD_OTHERWISE]
DOORS = ["POST /leads/{source}", "POST /leads/{source}/ping", "GET /healthz", "GET /readyz"]
EXAMPLES = 25
SOURCES = ["website", "exchange"]
A_LEAD = {"email": "dana@example.com", "property_state": "TX"}
KEY = {"Authorization": "Bearer a-key-for-tests"}


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[dict[str, APIOperation[Any, Any, Any, Any]]]:
    """What the service says of itself, by address."""
    store = fresh_store("sqlite", tmp_path, COMPANY)
    services = Branch(store, NOON).services
    sources = services.in_force.sources
    exchange = replace(sources["website"], ping=Terms((Bid(60),)))
    services.in_force = replace(services.in_force, sources={**sources, "exchange": exchange})
    asyncio.run(look(services))
    schema = schemathesis.openapi.from_asgi("/openapi.json", web_app(services, Auditor(services), None, None))
    found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    yield {each.label: each for each in found}
    store.close()


def test_each_door_of_it_is_tried(doors: dict[str, Any]) -> None:
    assert sorted(doors) == sorted(DOORS)


@pytest.mark.parametrize(
    ("door", "source", "key", "body", "status"),
    [
        (DOORS[0], "website", KEY, {**A_LEAD, "external_id": "1"}, 200),
        (DOORS[0], "website", KEY, {"first_name": "Dana"}, 422),
        (DOORS[0], "website", {"Authorization": "Bearer other"}, A_LEAD, 401),
        (DOORS[0], "nobody", KEY, A_LEAD, 404),
        (DOORS[0], "exchange", KEY, A_LEAD, 200),
        (DOORS[1], "exchange", KEY, {"property_state": "TX"}, 200),
        (DOORS[1], "website", KEY, {"property_state": "TX"}, 404),
    ],
)
def test_what_programs_hear_most_is_as_it_stands_there(
    doors: dict[str, Any], door: str, source: str, key: dict[str, str], body: dict[str, str], status: int
) -> None:
    asked = doors[door].Case(path_parameters={"source": source}, headers=key, body=body, media_type="application/json")

    assert asked.call_and_validate(checks=CHECKED).status_code == status


def test_the_same_id_with_other_words_is_refused_as_it_stands_there(doors: dict[str, Any]) -> None:
    bodies = ({**A_LEAD, "external_id": "1", "last_name": name} for name in ("Rowe", "Roe"))
    cases = [
        doors[DOORS[0]].Case(path_parameters={"source": "website"}, headers=KEY, body=body, media_type="application/json")
        for body in bodies
    ]

    assert [case.call_and_validate(checks=CHECKED).status_code for case in cases] == [200, 409]


@pytest.mark.parametrize(
    ("door", "mode"),
    [(door, mode) for door in DOORS for mode in GenerationMode if mode is GenerationMode.POSITIVE or door.startswith("POST")],
)
def test_whatever_is_sent_the_answer_is_one_that_stands_there(doors: dict[str, Any], door: str, mode: GenerationMode) -> None:
    operation = doors[door]
    checks = [check for check in CHECKED if not (door == "GET /readyz" and check is not_a_server_error)]  # a 503 is how it says no
    known = [{"path_parameters": {"source": source}} for source in SOURCES if "{source}" in door]
    proven = [{**each, "headers": KEY} for each in known]

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def try_it(data: st.DataObject) -> None:
        by_whom = data.draw(st.sampled_from([*proven, *known, *proven, {}]))
        case: Case[Any] = data.draw(operation.as_strategy(mode, **by_whom))
        if isinstance(case.body, dict) and data.draw(st.booleans()):
            case.body = {**case.body, **A_LEAD}
        case.call_and_validate(checks=checks)

    try_it()


def test_what_a_test_hears_is_described() -> None:
    kept = orjson.loads(document())["components"]["schemas"]["Kept"]["properties"]

    assert orjson.loads(say_plainly(()).body) == {"lead": None, "duplicate": False}
    assert "null" in kept["lead"]["type"]
