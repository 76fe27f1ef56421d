"""What happened to a lead is read in one line each, the newest first, as each message stands now."""

import pytest

from bot.leads.working import LoggedCall
from bot.outreach.network import Known
from bot.store.history import History, history_of
from bot.wording.history import say_past
from tests.doubles.branch import Branch
from tests.doubles.calls import Calls
from tests.doubles.texts import Texts

ALL = 1_000_000_000


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


def history(branch: Branch, lead: int, most: int = 50, before: int = ALL) -> History:
    return branch.store.transact_now(history_of, lead, most, before)


def lines(branch: Branch, lead: int, language: str = "en") -> list[str]:
    return [say_past(each, "America/Chicago", language).partition(": ")[2] for each in history(branch, lead).past]


def test_texts_both_ways_a_call_and_stages_stand_in_order(texts: Texts) -> None:
    branch, lead = texts.branch, texts.lead()
    text_id = texts.queued(lead, "See you at noon")
    texts.answers(texts.begun(text_id), Known("SM1", "sent", None, ""))
    texts.calls_back(text_id, "delivered")
    texts.came("Noon is fine")
    branch.logs("maya", lead, "connected", "wants a 15-year")

    logged, wrote, texted, *_ = told = lines(branch, lead)

    assert logged == "Maya Torres logged a call: Connected, “wants a 15-year”"
    assert wrote == "they texted: “Noon is fine”"
    assert texted.startswith("Maya Torres texted: “See you at noon") and texted.endswith("” Delivered")
    assert told[-2:] == ["Maya Torres claimed it", "it came in"]


def test_it_is_said_in_spanish_too(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("STOP it please")

    assert lines(texts.branch, lead, "es")[-2:] == ["Maya Torres lo tomó", "llegó"]


def test_a_call_through_the_network_is_told_with_its_length(branch: Branch) -> None:
    calls = Calls(branch)
    lead = calls.lead()
    call_id = calls.dialed(lead)
    branch.passes(seconds=160)
    calls.leg(call_id, "connected", 130)
    calls.over(call_id)

    assert "Maya Torres called, connected, 2:10" in lines(branch, lead)


def test_what_was_taken_back_says_so_and_no_more(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    logged = branch.logs("maya", lead, "no_answer", "will try her work")
    assert isinstance(logged, LoggedCall)
    branch.undoes("maya", lead, logged.seq)

    assert "Maya Torres logged a call: No answer (taken back)" in lines(branch, lead)


def test_pages_meet_without_a_gap(texts: Texts) -> None:
    lead = texts.lead()
    for number in range(5):
        texts.came(f"number {number}")
    whole = [each.seq for each in history(texts.branch, lead).past]

    first = history(texts.branch, lead, 3)
    second = history(texts.branch, lead, 50, first.more_before or 0)

    assert [each.seq for each in (*first.past, *second.past)] == whole
    assert first.more_before == first.past[-1].seq and second.more_before is None


def test_a_borrowers_number_that_no_chat_may_read_is_left_out_and_long_words_are_cut(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("My social is 078-05-1120 " + "and so on " * 80)

    [wrote] = [line for line in lines(texts.branch, lead) if line.startswith("they texted")]

    assert "078-05-1120" not in wrote and len(wrote) < 200 and wrote.endswith("…”")


def test_what_is_held_again_says_until_when_and_why(texts: Texts) -> None:
    clock = texts.branch.clock
    clock.skip(hours=-14)  # 10 pm of the day before
    lead = texts.lead()
    text_id = texts.queued(lead, "Good morning")
    clock.skip(hours=13)
    for result in ("no_answer", "busy", "left_voicemail"):
        texts.branch.logs("maya", lead, result)
    texts.begin(text_id)

    assert lines(texts.branch, lead)[0] == "the text waits until Nov 25, 11:00 am CT: 3 calls and texts in 24 hours"
    assert lines(texts.branch, lead, "es")[0].startswith("el texto espera hasta el ")
