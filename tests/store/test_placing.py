"""Who says whose words a text is, is heard once, and may take it back: then nothing of it stays in the lead that it was put into."""

import pytest

from bot.conversation.relay import NOT_OURS, Placed, PlacedBefore, PlaceOutcome, leads_of_key, place_text
from bot.leads.undoing import NotUndone, Undone, UndoOutcome, undo_event
from bot.store.clocks import clocks_of
from bot.store.contacts import ContactPoint
from bot.store.events import COMPANY, broken_links
from bot.store.leads import Lead
from bot.store.outbound import Message
from tests.doubles.branch import Branch
from tests.doubles.texts import Texts

STRANGER = "+15125550177"


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


def written(texts: Texts) -> int:
    texts.came("It is about my own car", number=STRANGER)
    [text_id] = [row.id for row in texts.branch.all(Message) if row.direction == "in"]
    assert text_id is not None
    return text_id


def places(texts: Texts, lead: int, text_id: int, officer: str = "tess") -> PlaceOutcome:
    return texts.store.transact_now(place_text, texts.branch.press(officer, lead), text_id)[0]


def undoes(texts: Texts, placed: PlaceOutcome, officer: str = "tess") -> UndoOutcome:
    assert isinstance(placed, Placed) and placed.seq is not None
    return texts.store.transact_now(undo_event, texts.branch.press(officer, COMPANY), placed.seq)[0]


def leads_with(texts: Texts, number: str) -> list[int]:
    [key] = [each.key for each in texts.branch.all(ContactPoint) if each.value == number]
    return [each.lead_id for each in texts.store.transact_now(leads_of_key, key)]


def test_who_said_it_themselves_is_told_so(texts: Texts) -> None:
    text_id = written(texts)
    places(texts, NOT_OURS, text_id)

    assert places(texts, NOT_OURS, text_id) == PlacedBefore(by_you=True)
    assert places(texts, NOT_OURS, text_id, "sam") == PlacedBefore()


def test_taken_back_the_number_is_no_co_borrowers_and_the_lead_waits_for_nothing(texts: Texts) -> None:
    lead, text_id = texts.lead(), written(texts)
    placed = places(texts, lead, text_id)
    assert leads_with(texts, STRANGER) == [lead] and texts.store.transact_now(clocks_of, lead)["unanswered"].runs

    assert undoes(texts, placed) == Undone(COMPANY, "text_placed")

    assert leads_with(texts, STRANGER) == []
    assert not texts.store.transact_now(clocks_of, lead)["unanswered"].runs
    assert (texts.row(text_id).status, texts.row(text_id).lead_id) == ("unplaced", None)
    assert list(texts.store.transact_now(lambda session: list(broken_links(session)))) == []


def test_it_may_be_put_where_it_belongs_then_and_the_first_answer_is_over(texts: Texts) -> None:
    wrong, right, text_id = texts.lead(), texts.lead(), written(texts)
    placed = places(texts, wrong, text_id)
    undoes(texts, placed)

    assert places(texts, right, text_id) == Placed(right)

    assert leads_with(texts, STRANGER) == [right] and texts.row(text_id).lead_id == right
    assert undoes(texts, placed) == NotUndone(COMPANY, "already")


def test_a_sleeping_lead_that_it_woke_sleeps_again(texts: Texts) -> None:
    lead, text_id = texts.branch.new_lead(), written(texts)
    texts.branch.set(Lead, lead, stage="nurture")

    undoes(texts, places(texts, lead, text_id))

    [row] = [each for each in texts.branch.all(Lead) if each.id == lead]
    assert row.stage == "nurture" and not texts.store.transact_now(clocks_of, lead)["unclaimed"].runs


def test_who_wrote_themselves_since_waits_on(texts: Texts) -> None:
    lead, text_id = texts.lead(), written(texts)
    placed = places(texts, lead, text_id)
    texts.branch.clock.skip(minutes=1)
    texts.came("Hello?")

    undoes(texts, placed)

    assert texts.store.transact_now(clocks_of, lead)["unanswered"].runs


def test_nobody_else_takes_it_back(texts: Texts) -> None:
    lead, text_id = texts.lead(), written(texts)

    assert undoes(texts, places(texts, lead, text_id), "sam") == NotUndone(COMPANY, "not_yours")
    assert texts.row(text_id).lead_id == lead
