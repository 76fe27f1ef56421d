"""Lead Ads of Meta: which leads an event tells of, and a lead as the Graph API gives it."""

from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.mapping import NOTHING_MAPPED, FieldMap
from bot.sources.meta import is_test_lead, leads_told, read_graph_lead
from bot.sources.new_lead import NewLead
from bot.sources.request import LeadRequest
from bot.sources.unreadable import Unreadable
from tests.doubles.graph_server import event_of

TOLD: dict[str, Any] = {
    "id": "445566778899001122",
    "created_time": "2026-03-02T08:49:14+0000",
    "ad_id": "22334455",
    "campaign_name": "Spring",
    "form_id": "880011223344556",
    "is_organic": False,
    "platform": "ig",
    "field_data": [
        {"name": "full_name", "values": ["Dana Rowe"]},
        {"name": "phone_number", "values": ["+15125550100"]},
        {"name": "email", "values": ["dana@example.com"]},
        {"name": "what_is_the_loan_for?", "values": ["buy_a_home"]},
    ],
}


def read(field_map: FieldMap = NOTHING_MAPPED, **changes: Any) -> NewLead:
    [lead] = read_graph_lead(LeadRequest({"content-type": "application/json"}, {}, orjson.dumps({**TOLD, **changes})), field_map)
    return lead


def boxes(**ticked: bool) -> list[dict[str, str]]:
    return [{"checkbox_key": key, "is_checked": "1" if yes else ""} for key, yes in ticked.items()]


def test_an_event_tells_of_many_leads_each_once_and_what_else_changed_is_passed_over() -> None:
    assert leads_told(event_of(["9007199254740993", "12", "12"])) == ["9007199254740993", "12"]


@pytest.mark.parametrize("number", ["../me", "", "1" * 41, None, {"a": 1}, True])
def test_what_is_no_number_is_no_lead(number: object) -> None:
    told = {"entry": [{"changes": [{"field": "leadgen", "value": {"leadgen_id": number}}]}, 3, {"changes": 4}]}

    assert leads_told(orjson.dumps(told)) == []


SHAPES = st.recursive(st.none() | st.text() | st.integers(0, 9), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(SHAPES)
def test_an_event_of_any_shape_is_read_or_refused(shape: object) -> None:
    with suppress(Unreadable):
        assert leads_told(orjson.dumps({"entry": [{"changes": shape}, {"changes": [{"field": "leadgen", "value": shape}]}]})) == []
    with suppress(Unreadable):
        assert leads_told(orjson.dumps(shape)) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{", b'{"entry": 1}'])
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        leads_told(body)


def test_a_lead_is_understood_with_where_it_came_from() -> None:
    lead = read(FieldMap({"what_is_the_loan_for?": "purpose"}))

    assert (lead.external_id, lead.first_name, lead.last_name) == ("445566778899001122", "Dana", "Rowe")
    assert (lead.phones[0].number, lead.emails, lead.purpose) == ("+15125550100", ("dana@example.com",), "purchase")
    assert lead.attribution == {"ad_id": "22334455", "campaign": "Spring"}
    assert lead.extra == {"form_id": "880011223344556", "is_organic": "false", "platform": "ig"}
    assert lead.submitted_at is not None and lead.submitted_at.isoformat() == "2026-03-02T08:49:14+00:00"
    assert lead.consent is None


@pytest.mark.parametrize(
    ("ticked", "agreed"), [({"calls": True}, True), ({"calls": True, "news": False}, False), ({"calls": False}, False)]
)
def test_consent_is_given_where_every_box_is_ticked(ticked: dict[str, bool], agreed: bool) -> None:
    lead = read(FieldMap(always={"consent.text": "Acme may call."}), custom_disclaimer_responses=boxes(**ticked))

    assert lead.consent is not None
    assert (lead.consent.given, lead.consent.text, lead.consent.given_at) == (agreed, "Acme may call.", lead.submitted_at)


def test_one_box_may_be_the_one_that_counts() -> None:
    lead = read(FieldMap({"calls": "consent.given"}), custom_disclaimer_responses=boxes(calls=True, news=False))

    assert lead.consent is not None and lead.consent.given is True


def test_a_question_named_like_a_number_of_metas_does_not_pass_for_it() -> None:
    lead = read(field_data=[*TOLD["field_data"], {"name": "id", "values": ["1"]}])

    assert lead.external_id == "445566778899001122"


def test_a_lead_without_a_phone_or_an_email_is_not_understood() -> None:
    with pytest.raises(Unreadable):
        read(field_data=[{"name": "full_name", "values": ["Dana Rowe"]}])


def test_a_lead_of_the_testing_tool_is_known_as_one() -> None:
    assert is_test_lead(b'{"values": ["<test lead: dummy data for email>"]}')
    assert not is_test_lead(orjson.dumps(TOLD))
