"""What a borrower tells one of us to stop is closed at once: that channel for good, and marketing on all of them."""

import csv
import io

import pytest
from sqlmodel import Session

from bot.conversation.asked_to_stop import NotedStop, StopOutcome, Unwanted, close_channels, read_unwanted
from bot.conversation.opting_out import Answers, decide_text
from bot.conversation.texting import CannotText, Texted
from bot.conversation.unsubscribing import Reader, Subscription, end_subscription, subscription_of
from bot.leads.undoing import NotUndone, Undone, UndoOutcome, undo_event
from bot.leads.working import MayNotWork, NotYourLead
from bot.outreach.calls import call_sheet
from bot.outreach.emails import judge as judge_email
from bot.outreach.reach import find_reach
from bot.outreach.texts import judge_automatic
from bot.oversight.overrides import table_of_overrides
from bot.rules.compliance import Refused
from bot.rules.emailing import Footer, MayLeave, MayNotLeave
from bot.store.contacts import ContactPoint
from bot.store.outbound import Message
from bot.store.suppressions import closed_channels
from bot.store.views import lead_view
from tests.doubles.branch import Branch
from tests.doubles.texts import Texts

FOOTER = Footer("Acme Mortgage LLC", "1 Main St, Austin TX", "123456", "200101")


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


def stop(texts: Texts, lead: int, what: Unwanted, officer: str = "maya", said: str = "She asked on the phone") -> StopOutcome:
    return texts.store.transact_now(close_channels, texts.branch.press(officer, lead), what, said)[0]


def closed(texts: Texts, kind: str) -> set[str]:
    [key] = [each.key for each in texts.branch.all(ContactPoint) if each.kind == kind]
    return set(texts.store.transact_now(closed_channels, key))


def by_email(texts: Texts, lead: int, kind: str) -> MayLeave | MayNotLeave:
    def ask(session: Session) -> MayLeave | MayNotLeave:
        view, reach = lead_view(session, lead), find_reach(session, lead, "email")
        assert view is not None and reach is not None
        return judge_email(session, view, reach, "marketing" if kind == "marketing" else "conversation", FOOTER, texts.branch.clock.now())

    return texts.store.transact_now(ask)


def automatic_text_is_refused(texts: Texts, lead: int) -> bool:
    def ask(session: Session) -> bool:
        view, reach = lead_view(session, lead), find_reach(session, lead, "sms")
        assert view is not None and reach is not None
        return isinstance(judge_automatic(session, view, reach, texts.branch.clock.now()), Refused)

    return texts.store.transact_now(ask)


@pytest.mark.parametrize(
    ("what", "texting", "calling", "emailing"),
    [("texts", False, True, True), ("calls", True, False, True), ("email", True, True, False), ("all", False, False, False)],
)
def test_what_they_named_is_closed_and_marketing_on_every_channel(
    texts: Texts, what: Unwanted, texting: bool, calling: bool, emailing: bool
) -> None:
    lead = texts.lead(email="dana@example.com")

    assert stop(texts, lead, what) == NotedStop(lead, what)

    assert isinstance(texts.sends(lead), Texted) is texting
    assert (call_sheet(texts.branch.view(lead), texts.branch.clock.now()).number is not None) is calling
    assert isinstance(by_email(texts, lead, "conversation"), MayLeave) is emailing
    assert automatic_text_is_refused(texts, lead) and isinstance(by_email(texts, lead, "marketing"), MayNotLeave)


def test_what_waits_for_the_morning_does_not_leave_and_nothing_is_confirmed(texts: Texts) -> None:
    lead = texts.lead()
    texts.branch.clock.skip(hours=11)
    waiting = texts.queued(lead)

    stop(texts, lead, "texts")

    assert texts.row(waiting).because == "opted_out"
    assert texts.sends(lead) == CannotText(lead, "opted_out")
    assert "confirmation" not in {each.purpose for each in texts.branch.all(Message)}


def test_it_is_kept_with_who_noted_it_and_how_they_said_it(texts: Texts) -> None:
    lead = texts.lead()

    stop(texts, lead, "all", said="Left a voicemail: take me off")

    event = texts.branch.events(lead)[-1]
    assert (event.kind, event.actor, event.meta["what"]) == ("asked_to_stop", "officer:maya", "all")
    assert "Left a voicemail" in (event.body or "") and "voicemail" not in str(event.meta)


def test_said_twice_it_holds_and_the_second_is_closed_too(texts: Texts) -> None:
    lead = texts.lead(email="dana@example.com")
    stop(texts, lead, "calls")

    assert stop(texts, lead, "all") == NotedStop(lead, "all")

    assert closed(texts, "phone") == {"voice", "sales_calls", "sms", "marketing"} and closed(texts, "email") == {"marketing"}
    assert isinstance(by_email(texts, lead, "conversation"), MayNotLeave)


def test_compliance_may_note_it_and_another_officer_may_not(texts: Texts) -> None:
    lead = texts.lead()

    assert isinstance(stop(texts, lead, "texts", "luis"), NotYourLead | MayNotWork)
    assert closed(texts, "phone") == set()
    assert stop(texts, lead, "texts", "cora") == NotedStop(lead, "texts")


def test_do_not_call_said_on_a_call_ends_marketing_everywhere_and_undo_opens_it_again(texts: Texts) -> None:
    lead = texts.lead(email="dana@example.com")

    texts.branch.logs("maya", lead, "do_not_call")

    assert closed(texts, "phone") == {"voice", "sms", "marketing"} and closed(texts, "email") == {"marketing"}
    texts.branch.undoes("maya", lead, texts.branch.events(lead)[-1].seq)
    assert closed(texts, "phone") == closed(texts, "email") == set()


def test_who_says_that_it_was_no_opt_out_is_listed_with_the_reason(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("not interested")
    [text_id] = [row.id for row in texts.branch.all(Message) if row.direction == "in" and row.id is not None]

    press = texts.branch.press("cora", lead)
    texts.store.transact_now(decide_text, press, text_id, Answers(None, None), "They meant the house on Elm")

    table, many = texts.store.transact_now(table_of_overrides)
    [row] = csv.DictReader(io.StringIO(table, newline=""))
    assert (many, row["who"], row["reason"]) == (1, "cora", "They meant the house on Elm")


@pytest.mark.parametrize(
    ("typed", "what", "said"),
    [
        ("texts she asked on the phone", "texts", "she asked on the phone"),
        ("Call: by letter", "calls", "by letter"),
        ("all", "all", ""),
        ("everything, in person", "all", "in person"),
        ("she wants no texts", None, "wants no texts"),
        ("", None, ""),
    ],
)
def test_a_typed_line_is_read(typed: str, what: Unwanted | None, said: str) -> None:
    assert read_unwanted(typed) == (what, said)


def undoes(texts: Texts, lead: int, noted: StopOutcome, officer: str = "maya") -> UndoOutcome:
    assert isinstance(noted, NotedStop) and noted.seq is not None
    return texts.store.transact_now(undo_event, texts.branch.press(officer, lead), noted.seq)[0]


@pytest.mark.parametrize("what", ["texts", "calls", "email", "all"])
def test_undo_opens_what_this_closed(texts: Texts, what: Unwanted) -> None:
    lead = texts.lead(email="dana@example.com")
    noted = stop(texts, lead, what)

    assert undoes(texts, lead, noted) == Undone(lead, "asked_to_stop")

    assert closed(texts, "phone") == closed(texts, "email") == set()
    assert isinstance(texts.sends(lead), Texted)


def test_undo_leaves_closed_what_something_else_had_closed(texts: Texts) -> None:
    lead = texts.lead(email="dana@example.com")
    texts.came("STOP")
    before = closed(texts, "phone"), closed(texts, "email")
    texts.branch.clock.skip(minutes=1)

    undoes(texts, lead, stop(texts, lead, "all"))

    assert (closed(texts, "phone"), closed(texts, "email")) == before


@pytest.mark.parametrize(("what", "phone"), [("calls", {"voice", "marketing"}), ("all", {"voice", "sms", "marketing", "sales_calls"})])
def test_undo_of_a_logged_call_leaves_closed_what_was_noted_after_it(texts: Texts, what: Unwanted, phone: set[str]) -> None:
    lead = texts.lead(email="dana@example.com")
    texts.branch.logs("maya", lead, "do_not_call")
    logged = texts.branch.events(lead)[-1].seq
    texts.branch.clock.skip(minutes=2)
    stop(texts, lead, what)

    assert texts.branch.undoes("maya", lead, logged) == Undone(lead, "logged")

    assert closed(texts, "phone") == phone and closed(texts, "email") == {"marketing"}


@pytest.mark.parametrize(
    ("what", "phone", "email"), [("calls", "voice marketing sms", "marketing"), ("email", "voice marketing sms", "marketing")]
)
def test_undo_of_a_note_leaves_closed_what_a_call_before_it_had_closed(texts: Texts, what: Unwanted, phone: str, email: str) -> None:
    lead = texts.lead(email="dana@example.com")
    texts.branch.logs("maya", lead, "do_not_call")
    texts.branch.clock.skip(minutes=2)

    undoes(texts, lead, stop(texts, lead, what))

    assert closed(texts, "phone") == {*phone.split()} and closed(texts, "email") == {*email.split()}
    assert isinstance(by_email(texts, lead, "conversation"), MayLeave)


def reader(texts: Texts, lead: int) -> Reader:
    [email] = [each.id for each in texts.branch.all(ContactPoint) if each.kind == "email"]
    assert email is not None
    return Reader(email, lead)


def looks(texts: Texts, lead: int) -> Subscription | None:
    return texts.store.transact_now(subscription_of, reader(texts, lead))


def unsubscribes(texts: Texts, lead: int) -> Subscription | None:
    return texts.store.transact_now(end_subscription, reader(texts, lead), texts.branch.clock.now(), "salt")[0]


@pytest.mark.parametrize("what", ["email", "all"])
def test_a_note_neither_hides_the_button_nor_swallows_the_borrowers_own_press(texts: Texts, what: Unwanted) -> None:
    lead = texts.lead(email="dana@example.com")
    noted = stop(texts, lead, what)
    texts.branch.clock.skip(minutes=1)

    assert looks(texts, lead) == Subscription("en", ended=False)
    assert unsubscribes(texts, lead) == looks(texts, lead) == Subscription("en", ended=True)

    assert undoes(texts, lead, noted) == NotUndone(lead, "newer", "unsubscribed")
    assert texts.branch.events(lead)[-1].kind == "unsubscribed"


def test_undo_of_a_note_leaves_their_own_unsubscribing_from_before_and_after_it(texts: Texts) -> None:
    lead = texts.lead(email="dana@example.com")
    unsubscribes(texts, lead)
    texts.branch.clock.skip(minutes=1)
    noted = stop(texts, lead, "email")
    texts.branch.clock.skip(minutes=1)

    unsubscribes(texts, lead)

    assert [event.kind for event in texts.branch.events(lead)].count("unsubscribed") == 1
    assert undoes(texts, lead, noted) == Undone(lead, "asked_to_stop")
    assert isinstance(by_email(texts, lead, "conversation"), MayNotLeave) and automatic_text_is_refused(texts, lead)
    assert looks(texts, lead) == Subscription("en", ended=True)


def test_nothing_opens_once_the_borrower_has_said_something_themselves(texts: Texts) -> None:
    lead = texts.lead(email="dana@example.com")
    noted = stop(texts, lead, "all")
    texts.branch.clock.skip(minutes=1)
    texts.came("STOP")

    assert undoes(texts, lead, noted) == NotUndone(lead, "newer", "wrote")
    assert "sms" in closed(texts, "phone")


def test_nothing_opens_once_it_was_noted_of_another_lead_of_theirs(texts: Texts) -> None:
    lead, other = texts.lead(), texts.lead()
    noted = stop(texts, lead, "calls")
    texts.branch.clock.skip(minutes=1)
    stop(texts, other, "all")

    assert undoes(texts, lead, noted) == NotUndone(lead, "newer", "asked_to_stop")
    assert "voice" in closed(texts, "phone")
