"""A vendor sends other content under an id that it used before: the lead learns what is new, and keeps what was said better here."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from bot.capture import intake
from bot.capture.intake import Received
from bot.capture.two_people import tell_apart
from bot.sources.formats import VENDOR
from bot.store.contacts import BorrowerContact, Consent, ContactPoint
from bot.store.events import Event
from bot.store.leads import Arrival, Borrower, Lead, set_detail
from bot.store.postings import Posting
from tests.doubles.branch import Branch, a_lead


def send(branch: Branch, **fields: Any) -> Received:
    source = replace(branch.services.in_force.sources["zillow"], format=VENDOR)
    kept = branch.store.transact_now(intake.record_arrival, intake.prepare(branch.services, source, a_lead(external_id="LC-1", **fields)))
    assert isinstance(kept, Received)
    return kept


def told(branch: Branch) -> list[list[str]]:
    return [event.meta["about"] for event in branch.all(Event) if event.kind == "source_changed"]


def test_what_it_says_otherwise_now_is_taken_over_and_told_in_the_thread(branch: Branch) -> None:
    lead = send(branch, loan_amount="310000", property_state=None).lead

    again = send(branch, loan_amount="400000", property_state="TX", phone=["(512) 555-0100", "(512) 555-0142"])

    (row,) = branch.all(Lead)
    assert again.lead == lead and row.details["loan_amount_low"] == 400_000 and row.state == "TX"
    assert told(branch) == [["contact", "loan", "property"]]
    assert [posting.topic for posting in branch.all(Posting) if posting.topic == "source_changed"] == ["source_changed"]
    assert branch.count(ContactPoint) == 2 and branch.count(Arrival) == 1


def test_what_an_officer_knows_better_stays(branch: Branch) -> None:
    lead = send(branch, property_city="Austin").lead
    branch.store.transact_now(set_detail, lead, "property_city", "Round Rock")

    send(branch, property_city="Pflugerville")

    (row,) = branch.all(Lead)
    assert row.details["property_city"] == "Round Rock"


def test_a_late_delivery_of_what_it_said_before_changes_nothing_back(branch: Branch) -> None:
    send(branch, loan_amount="310000")
    send(branch, loan_amount="400000")

    send(branch, loan_amount="310000")

    (row,) = branch.all(Lead)
    assert row.details["loan_amount_low"] == 400_000 and len(told(branch)) == 1


def test_a_source_that_sends_another_time_of_day_with_each_repeat_fills_no_row(branch: Branch) -> None:
    for minute in range(60):
        send(branch, sent=f"10:{minute:02}")

    (arrival,) = branch.all(Arrival)
    assert len(arrival.earlier or ()) == 50


def test_the_same_again_is_told_once(branch: Branch) -> None:
    for amount in ("310000", "400000", "400000"):
        send(branch, loan_amount=amount)

    assert len(told(branch)) == 1


def test_a_consent_that_comes_later_counts(branch: Branch) -> None:
    send(branch)
    before = branch.count(Consent)

    send(branch, consent_text="I agree that Acme Mortgage may call and text me.", consent="yes")

    assert branch.count(Consent) > before and told(branch) == [["consent"]]


def test_one_id_for_two_borrowers_is_two_leads(branch: Branch) -> None:
    first = send(branch)

    second = send(branch, first_name="Tom", phone="(512) 555-0177", email="tom@example.com")

    assert second.lead != first.lead and not second.duplicate
    assert [arrival.external_id for arrival in branch.all(Arrival)] == ["LC-1", None]


@pytest.mark.parametrize("amount", ["310000", "400000"])
def test_what_the_source_said_last_is_what_the_record_holds(branch: Branch, amount: str) -> None:
    send(branch, loan_amount="250000")
    send(branch, loan_amount=amount)

    (arrival,) = branch.all(Arrival)
    assert orjson.loads(arrival.record)["loan_amount_low"] == int(amount)


def test_the_second_borrower_of_one_id_comes_again_and_is_no_third_arrival(branch: Branch) -> None:
    send(branch)
    second = send(branch, first_name="Tom", phone="(512) 555-0177", email="tom@example.com")
    branch.clock.skip(days=1)

    again = send(branch, first_name="Tom", phone="(512) 555-0177", email="tom@example.com")

    assert (again.lead, again.duplicate) == (second.lead, second.duplicate)
    assert branch.count(Arrival) == 2 and all(event.kind != "asked_again" for event in branch.all(Event))


def test_a_name_that_was_not_known_is_learned_and_another_is_not_taken_over(branch: Branch) -> None:
    send(branch, first_name=None, last_name="Rowe")

    send(branch, first_name="Dana", last_name="Reed")

    (borrower,) = branch.all(Borrower)
    assert (borrower.first_name, borrower.last_name) == ("Dana", "Rowe") and told(branch) == [["contact"]]


def test_what_is_said_of_a_request_that_was_taken_for_an_older_one_is_said_of_that(branch: Branch) -> None:
    older = branch.new_lead()
    branch.claim("maya", older)
    newer = send(branch, first_name="Alex", loan_amount="310000").lead
    branch.store.transact_now(tell_apart, branch.press("maya", newer), "same_request")

    again = send(branch, first_name="Alex", loan_amount="400000")

    assert again.lead == newer and branch.count(Arrival) == 2
    assert {row.id: row.details.get("loan_amount_low") for row in branch.all(Lead)} == {older: 400_000, newer: 310_000}


def test_a_number_that_is_learned_is_of_whoever_the_request_was_about(branch: Branch) -> None:
    older = branch.new_lead()
    branch.claim("maya", older)
    newer = send(branch, first_name="Alex", email="alex@example.com").lead
    branch.store.transact_now(tell_apart, branch.press("maya", newer), "same_request")

    send(branch, first_name="Alex", email="alex@example.com", phone=["(512) 555-0100", "(512) 555-0177"])

    named = {borrower.id: borrower.first_name for borrower in branch.all(Borrower)}
    numbers = {contact.id: contact.value for contact in branch.all(ContactPoint)}
    assert [named[each.borrower_id] for each in branch.all(BorrowerContact) if numbers[each.contact_point_id] == "+15125550177"] == ["Alex"]
