"""A number that a vendor puts before the borrower's own finds no other lead, and tells no time zone and no state."""

from dataclasses import replace

from bot.capture import intake
from bot.capture.intake import Received
from bot.outreach.calls import whereabouts_of
from bot.rules.phones import MASKED
from bot.sources.new_lead import Phone
from bot.store.standing import phones_of
from tests.doubles.branch import Branch, a_lead

IN_HAWAII = "+18085550147"


def _arrives(branch: Branch, first_name: str, external_id: str, kind: str | None = MASKED, email: str | None = None) -> Received:
    source = branch.services.in_force.sources["lendingtree"]
    lead = a_lead(first_name=first_name, external_id=external_id, phone=IN_HAWAII, email=email)
    lead = replace(lead, phones=(Phone(IN_HAWAII, kind),))
    kept = branch.store.transact_now(intake.record_arrival, intake.prepare(branch.services, source, lead))
    assert isinstance(kept, Received)
    return kept


def test_the_same_number_again_is_another_lead(branch: Branch) -> None:
    first = _arrives(branch, "Dana", "LT-1")
    second = _arrives(branch, "Dana", "LT-2")

    assert second.lead != first.lead
    assert not second.duplicate


def test_the_same_email_behind_it_is_the_same_lead(branch: Branch) -> None:
    first = _arrives(branch, "Dana", "LT-1", email="dana@example.com")
    second = _arrives(branch, "Dana", "LT-2", email="dana@example.com")

    assert second.lead == first.lead


def test_it_can_be_called_and_says_nothing_of_where_they_are(branch: Branch) -> None:
    lead = branch.view(_arrives(branch, "Dana", "LT-1").lead)

    assert lead.phones == (IN_HAWAII,)
    assert [each.number for each in lead.numbers] == [IN_HAWAII]
    assert whereabouts_of(lead).phones == ()
    assert branch.store.transact_now(phones_of, lead.number) == ()


def test_a_number_of_their_own_says_where_they_are(branch: Branch) -> None:
    lead = branch.view(_arrives(branch, "Dana", "LT-1", kind=None).lead)

    assert whereabouts_of(lead).phones == (IN_HAWAII,)
    assert branch.store.transact_now(phones_of, lead.number) == (IN_HAWAII,)
