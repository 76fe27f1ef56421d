"""The table of names understands the spellings in use and takes nobody else's field for the borrower's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.field_names import known_header


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("first_name", "first_name"),
        ("firstName", "first_name"),
        ("FirstName", "first_name"),
        ("first-name", "first_name"),
        ("First Name", "first_name"),
        ("borrower[first_name]", "first_name"),
        ("Borrower First Name", "first_name"),
        ("data.lead.firstName", "first_name"),
        ("your-name", "full_name"),
        ("FIrstTimeBuyer", "first_time_buyer"),
        ("desired_laon_amount", "loan_amount"),
        ("Street_Address", "street"),
        ("E-Mail", "email"),
        ("Cell Phone #", "mobile_phone"),
        ("phones[0]", "phone"),
        ("phones.0.number", "phone"),
        ("lead[id]", "external_id"),
        ("data.id", "external_id"),
        ("property.address.city", "property_city"),
        ("subjectPropertyState", "property_state"),
        ("mailing_zip", "mailing_zip"),
        ("contact.address.zip", "zip"),
        ("campaign.id", "attribution.campaign_id"),
        ("consent[text]", "consent.text"),
    ],
)
def test_a_known_name_is_found_in_every_spelling(name: str, field: str) -> None:
    assert known_header(name) == field


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1.3",
        "Straße",
        "coborrower.first_name",
        "borrower.coborrower.email",
        "agent.phone",
        "recipient.phoneNumber",
        "form_name",
        "form.id",
        "contact.id",
        "customer_id",
        "user_id",
        "loan_officer_name",
        "x" * 20_000,
        "email" + "x" * 200,
    ],
)
def test_names_of_others_and_of_nobody_are_not_known(name: str) -> None:
    assert known_header(name) is None


@given(st.text())
def test_any_name_is_known_or_not_and_nothing_else(name: str) -> None:
    assert known_header(name) is None or known_header(name) == known_header(name.lower())
