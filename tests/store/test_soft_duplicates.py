"""Who asks again is the same lead or another one: by phone or email, first name and purpose."""

import pytest

from bot.capture.intake import Conflict, Received
from bot.store.contacts import BorrowerContact, Consent
from bot.store.events import Event
from bot.store.leads import Arrival, Borrower, Lead
from bot.store.postings import Posting
from tests.doubles.branch import Branch


def joined(answer: Received | Conflict, lead: int) -> bool:
    """Whether this request became one more arrival of that lead."""
    return isinstance(answer, Received) and answer.duplicate and answer.lead == lead


@pytest.mark.parametrize("purpose", ["purchase", None])
def test_the_same_phone_and_first_name_with_the_same_or_no_purpose_join(branch: Branch, purpose: str | None) -> None:
    lead = branch.new_lead()
    assert joined(branch.arrive("zillow", loan_purpose=purpose, last_name="Rowe-Hill"), lead)
    assert (branch.count(Lead), branch.count(Arrival), branch.count(Borrower)) == (1, 2, 1)


def test_a_purpose_joins_a_lead_that_had_none(branch: Branch) -> None:
    lead = branch.new_lead(loan_purpose=None)
    assert joined(branch.arrive("zillow"), lead)


def test_the_same_email_is_enough(branch: Branch) -> None:
    lead = branch.new_lead(email="dana@example.com")
    assert joined(branch.arrive("zillow", phone="(737) 555-0199", email="DANA@example.com"), lead)
    assert branch.view(lead).phones == ("+15125550100", "+17375550199")


def test_the_case_of_a_first_name_does_not_matter(branch: Branch) -> None:
    lead = branch.new_lead()
    assert joined(branch.arrive("zillow", first_name="DANA"), lead)


def test_another_first_name_at_the_same_phone_is_a_new_lead_linked_to_the_first(branch: Branch) -> None:
    lead = branch.new_lead()
    spouse = branch.new_lead(first_name="Robert")
    assert [row.linked_lead_id for row in branch.all(Lead)] == [None, lead]
    assert branch.view(spouse).phones == branch.view(lead).phones
    assert branch.count(Borrower) == 2


def test_another_purpose_is_a_new_linked_lead(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.new_lead(loan_purpose="refinance")
    assert [row.linked_lead_id for row in branch.all(Lead)] == [None, lead]


def test_an_open_lead_is_joined_however_old_it_is(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.clock.skip(days=400)
    assert joined(branch.arrive(), lead)


def test_a_closed_lead_is_joined_for_thirty_days(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.set(Lead, lead, stage="lost")
    branch.clock.skip(days=29, hours=23)
    assert joined(branch.arrive(), lead)


def test_a_closed_lead_of_thirty_days_ago_is_a_new_lead(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.set(Lead, lead, stage="funded")
    branch.clock.skip(days=30)
    assert branch.new_lead() == lead + 1
    assert branch.all(Lead)[1].linked_lead_id is None


def test_what_the_second_request_adds_is_kept_and_what_stood_stays(branch: Branch) -> None:
    lead = branch.new_lead(credit="740+")
    branch.arrive("zillow", credit="580", timeline="this month")
    assert branch.view(lead).details["credit_low"] == 740
    assert branch.view(lead).details["time_frame"] == "this month"


def test_each_arrival_keeps_its_own_price_and_consent(branch: Branch) -> None:
    branch.new_lead(consent_text="You may call me")
    branch.arrive("zillow", consent_text="Call or text me")
    assert [arrival.price for arrival in branch.all(Arrival)] == [0, 62]
    assert [(consent.arrival_id, consent.text) for consent in branch.all(Consent)] == [(1, "You may call me"), (2, "Call or text me")]
    assert branch.count(BorrowerContact) == 1


def test_the_thread_is_told_and_the_card_drawn_again(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.arrive("zillow")
    assert [(row.topic, row.event_seq) for row in branch.postings("update", lead)] == [("asked_again", 2), ("return", 3)]
    assert branch.card(lead).wanted_version == 2
    [told] = [event for event in branch.all(Event) if event.kind == "asked_again"]
    assert (told.kind, told.meta) == ("asked_again", {"source": "Zillow", "after_minutes": 0, "first_source": "Website"})


def test_twenty_more_requests_leave_one_card(branch: Branch) -> None:
    lead = branch.new_lead()
    for number in range(20):
        assert joined(branch.arrive("zillow", external_id=f"z-{number}"), lead)
    assert branch.count(Posting) == 1 + 20 + 1, "a card, twenty lines, and that the first of them may go back"
    assert (branch.count(Lead), branch.count(Arrival)) == (1, 21)
