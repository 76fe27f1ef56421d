"""A repeat of a lead is told from a real difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.generic import fingerprint, parse

LEAD = {
    "lead_id": "77120",
    "first_name": "Dana",
    "phone": "(512) 555-0100",
    "email": "Dana@Example.com",
    "loan_amount": "$310k",
    "current_rate": "6.50",
    "tcpa_text": "I agree.",
    "ip": "203.0.113.7",
    "shoe": "42",
}


@pytest.mark.parametrize(
    "repeat",
    [
        {"created_at": "2026-03-02T10:30:00Z"},
        {"ip": "203.0.113.99", "user_agent": "Retry/2.0"},
        {"phone": "+1 512-555-0100", "email": "dana@example.com", "loan_amount": 310000, "current_rate": 6.5},
        {"nothing": "", "else": None},
        {"api_key": "k-123"},
    ],
)
def test_a_repeat_in_other_clothes_is_the_same_lead(repeat: dict[str, object]) -> None:
    assert fingerprint(parse(LEAD | repeat)) == fingerprint(parse(LEAD))


@pytest.mark.parametrize(
    "change",
    [
        {"phone": "5125550199"},
        {"loan_amount": "$320k"},
        {"loan_amount": "$310k or more"},
        {"current_rate": "6.75"},
        {"last_name": "Rowe"},
        {"tcpa_text": "I agree to more."},
        {"shoe": "43"},
        {"lead_id": "77121"},
    ],
)
def test_a_real_difference_is_another_lead(change: dict[str, str]) -> None:
    assert fingerprint(parse(LEAD | change)) != fingerprint(parse(LEAD))


@given(st.permutations(sorted(LEAD)))
def test_the_order_of_fields_is_no_difference(names: list[str]) -> None:
    assert fingerprint(parse({name: LEAD[name] for name in names})) == fingerprint(parse(LEAD))


def test_the_fingerprint_of_a_lead_never_changes_between_versions() -> None:
    assert fingerprint(parse(LEAD)) == "37dba9f92b4247c633a082bb1f4c993b3fb075d03d00ae34c28c971708732a38"
