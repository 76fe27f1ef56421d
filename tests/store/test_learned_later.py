"""What a borrower ended holds as well at phones and emails of theirs that a file or their source tells us later."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from bot.capture import intake
from bot.capture.intake import Received
from bot.conversation.asked_to_stop import NotedStop, Unwanted, close_channels
from bot.conversation.relay import Sms, prepare, receive_sms
from bot.leads.undoing import Undone
from bot.outreach.calls import call_sheet
from bot.outreach.emails import judge
from bot.outreach.reach import find_reach
from bot.rules.compliance import Kind
from bot.rules.emailing import Footer, MayLeave, MayNotLeave
from bot.sources.formats import VENDOR
from bot.store.contacts import ContactPoint
from bot.store.suppressions import Suppression, closed_channels
from bot.store.views import lead_view
from tests.doubles.branch import Branch, a_lead
from tests.doubles.held import held, wait_until_one_waits
from tests.doubles.texts import Texts

FOOTER = Footer("Acme Mortgage LLC", "1 Main St, Austin TX", "123456", "200101")
FIRST, SECOND, EMAIL = "+15125550100", "+15125550142", "dana@example.com"
BOTH = ["(512) 555-0100", "(512) 555-0142"]


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    """Runs what has to wait for the test."""
    with ThreadPoolExecutor(1) as threads:
        yield threads


def keeps(branch: Branch, *, quiet: bool = False, **fields: Any) -> int:
    """What a vendor sends, or what stands in a file that is imported without a ring."""
    source = replace(branch.services.in_force.sources["zillow"], format=VENDOR)
    kept = branch.store.transact_now(intake.record_arrival, intake.prepare(branch.services, source, a_lead(**fields), quiet=quiet))
    assert isinstance(kept, Received)
    return kept.lead


def sent(branch: Branch, **fields: Any) -> int:
    """By the vendor, of Maya's lead."""
    lead = keeps(branch, external_id="LC-1", **fields)
    branch.claim("maya", lead)
    return lead


def closed(branch: Branch, value: str) -> set[str]:
    [key] = [each.key for each in branch.all(ContactPoint) if each.value == value]
    return set(branch.store.transact_now(closed_channels, key))


def by_email(branch: Branch, lead: int, kind: Kind) -> MayLeave | MayNotLeave:
    def ask(session: Session) -> MayLeave | MayNotLeave:
        view, reach = lead_view(session, lead), find_reach(session, lead, "email")
        assert view is not None and reach is not None
        return judge(session, view, reach, kind, FOOTER, branch.clock.now())

    return branch.store.transact_now(ask)


def notes(branch: Branch, lead: int, what: Unwanted) -> int:
    noted = branch.store.transact_now(close_channels, branch.press("maya", lead), what, "She asked on the phone")[0]
    assert isinstance(noted, NotedStop) and noted.seq is not None
    return noted.seq


def test_an_email_that_a_file_tells_after_a_stop_gets_no_offers(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("STOP")
    texts.branch.clock.skip(days=1)

    assert keeps(texts.branch, quiet=True, email=EMAIL) == lead

    assert by_email(texts.branch, lead, "marketing") == MayNotLeave("email_unsubscribed")
    assert by_email(texts.branch, lead, "conversation") == MayLeave("no_offers")


def test_a_phone_that_their_source_tells_after_do_not_call_is_not_shown(texts: Texts) -> None:
    branch = texts.branch
    lead = sent(branch)
    branch.logs("maya", lead, "do_not_call")
    branch.clock.skip(days=1)

    keeps(branch, external_id="LC-1", phone=BOTH, email=EMAIL)

    sheet = call_sheet(branch.view(lead), branch.clock.now())
    assert (sheet.number, sheet.refused) == (None, "call_own_do_not_call")
    assert closed(branch, SECOND) == {"voice", "sms", "marketing"} and closed(branch, EMAIL) == {"marketing"}


@pytest.mark.parametrize(
    ("what", "phone"),
    [("texts", {"marketing"}), ("calls", {"voice", "marketing"}), ("email", {"marketing"}), ("all", {"voice", "marketing", "sales_calls"})],
)
def test_what_an_officer_noted_holds_there_too_and_undo_opens_it(texts: Texts, what: Unwanted, phone: set[str]) -> None:
    branch = texts.branch
    lead = sent(branch)
    seq = notes(branch, lead, what)
    branch.clock.skip(minutes=5)

    keeps(branch, external_id="LC-1", phone=BOTH, email=EMAIL)

    assert closed(branch, SECOND) == phone and closed(branch, EMAIL) == {"marketing"}
    assert branch.undoes("maya", lead, seq) == Undone(lead, "asked_to_stop")
    assert closed(branch, FIRST) == closed(branch, SECOND) == closed(branch, EMAIL) == set()


def test_a_number_that_replaces_a_wrong_one_is_open(texts: Texts) -> None:
    lead = sent(texts.branch)
    texts.branch.logs("maya", lead, "bad_number")

    keeps(texts.branch, external_id="LC-1", phone=BOTH)

    assert closed(texts.branch, FIRST) == {"voice", "sms"} and closed(texts.branch, SECOND) == set()


def test_the_same_person_in_a_new_lead_from_a_file_gets_no_offers_and_undo_reaches_there(texts: Texts) -> None:
    branch = texts.branch
    lead = texts.lead()
    branch.logs("maya", lead, "do_not_call")
    logged = branch.events(lead)[-1].seq
    branch.clock.skip(minutes=5)

    other = keeps(branch, quiet=True, loan_purpose="refinance", phone=BOTH, email=EMAIL)

    assert other != lead and by_email(branch, other, "marketing") == MayNotLeave("email_unsubscribed")
    assert closed(branch, SECOND) == {"voice", "sms", "marketing"}
    assert branch.undoes("maya", lead, logged) == Undone(lead, "logged")
    assert closed(branch, SECOND) == closed(branch, EMAIL) == set()


def test_another_person_with_that_phone_is_asked_for_themselves(texts: Texts) -> None:
    texts.lead()
    texts.branch.logs("maya", 1001, "do_not_call")

    other = keeps(texts.branch, quiet=True, first_name="Tom", email="tom@example.com")

    assert other != 1001 and isinstance(by_email(texts.branch, other, "marketing"), MayLeave)


def test_who_asks_again_by_a_new_form_is_reached_where_they_say_whatever_a_file_says_later(texts: Texts) -> None:
    branch = texts.branch
    lead = texts.lead()
    texts.came("STOP")
    branch.clock.skip(days=1)

    branch.arrive(email=EMAIL)
    keeps(branch, quiet=True, email=EMAIL)

    assert isinstance(by_email(branch, lead, "marketing"), MayLeave) and closed(branch, EMAIL) == set()


def test_the_same_file_again_closes_nothing_twice(texts: Texts) -> None:
    texts.lead()
    texts.came("STOP")
    keeps(texts.branch, quiet=True, email=EMAIL)
    before = texts.branch.count(Suppression)

    keeps(texts.branch, quiet=True, email=EMAIL, comments="again")

    assert texts.branch.count(Suppression) == before


def test_a_stop_that_is_being_written_holds_for_what_their_source_tells_meanwhile(replicated: Branch, aside: ThreadPoolExecutor) -> None:
    sent(replicated, email="first@example.com")
    with held(replicated.store) as stopping:
        receive_sms(stopping, prepare(replicated.services, Sms("twilio", "SM5", FIRST, "STOP")))
        told = aside.submit(keeps, replicated, external_id="LC-1", phone=None, email=["first@example.com", EMAIL])
        wait_until_one_waits(replicated.store)
        stopping.commit()
    told.result()

    assert closed(replicated, EMAIL) == {"marketing"}


def test_what_their_source_tells_while_a_note_waits_is_closed_by_it(replicated: Branch, aside: ThreadPoolExecutor) -> None:
    lead = sent(replicated, email="first@example.com")
    source = replace(replicated.services.in_force.sources["zillow"], format=VENDOR)
    more = a_lead(external_id="LC-1", phone=None, email=["first@example.com", EMAIL])
    with held(replicated.store) as telling:
        intake.record_arrival(telling, intake.prepare(replicated.services, source, more))
        noted = aside.submit(notes, replicated, lead, "calls")
        wait_until_one_waits(replicated.store)
        telling.commit()
    noted.result()

    assert closed(replicated, EMAIL) == {"marketing"}
