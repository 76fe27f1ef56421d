"""The oracle of the storm sees what it is there to see: nothing in a whole store, and by name whatever is broken in it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot.store.clocks import Clock
from bot.store.columns import table_of
from bot.store.events import Fact, append_event
from bot.store.lateness import note_lateness
from bot.store.leads import Arrival, Lead
from bot.store.messages import keep_text
from bot.store.outbound import Message
from bot.store.postings import Posting
from bot.store.seals import seal_next
from tests.chaos.invariants import (
    borrowers_in_order,
    by_who_may,
    cards_as_kept,
    counted_in_full,
    each_step_once,
    leads_kept,
    no_step_after_a_claim,
    nothing_after_stop,
    nothing_owed,
    one_owner,
    stages_as_told,
    steps_in_time,
    texts_taken_once,
    timelines_whole,
)
from tests.chaos.oracle import broken, personal_words
from tests.conftest import NOON
from tests.doubles.branch import BEST, Branch
from tests.doubles.texts import Texts

WORDS, NUMBER = "Only once, Dana", "+15125550100"
CLAIMED, FREE = 1001, 1002
STEP = {"clock": "unclaimed", "round": 1, "step": 0, "told": ["maya"]}


@pytest.fixture
def day(company: Any) -> Branch:
    """A lead that Maya has and texted about, and one that rang in vain for a while."""
    branch = Branch(company, NOON)
    texts = Texts(branch)
    claimed = texts.lead()
    texts.came("Are you there?")
    text_id = texts.queued(claimed, WORDS)
    branch.set(Message, text_id, status="sent", left_at=NOON)
    branch.new_lead(phone="(512) 555-0111", external_id="a-2", **BEST)
    branch.escalate()
    branch.passes(minutes=2)
    branch.store.transact_now(seal_next, NOON)
    return branch


def text_of(branch: Branch) -> Message:
    return next(each for each in branch.all(Message) if each.direction == "out")


def tells(branch: Branch, lead: int, kind: str, actor: str, meta: dict[str, Any] | None = None, who: str | None = None) -> None:
    """Something in the timeline that never happened."""
    officer_id = branch.officer_id(who) if who else None
    branch.store.transact_now(append_event, lead, Fact(kind, actor, NOON, meta or {}, officer_id=officer_id), "salt")


def test_a_whole_store_is_found_whole(day: Branch) -> None:
    [arrival] = [each for each in day.all(Arrival) if each.external_id == "a-2"]
    assert arrival.lead_id == FREE
    checks = (
        leads_kept({"a-2": FREE}),
        one_owner,
        texts_taken_once([WORDS], [(NUMBER, text_of(day).body)]),
        each_step_once,
        steps_in_time(1.0),
        no_step_after_a_claim,
        nothing_after_stop({NUMBER: NOON.timestamp() + 60}),
        borrowers_in_order({NUMBER: ["Are you there?", "Hello?"]}, [["Dana texted:\nAre you there?", "Dana texted:\nHello?"]]),
        timelines_whole,
        by_who_may,
        stages_as_told,
        counted_in_full,
    )
    assert [said for check in checks for said in broken(day.store, check)] == []
    assert day.view(CLAIMED).owner_id == day.officer_id("maya") and day.view(FREE).owner_id is None


@pytest.mark.parametrize(
    ("breaks", "found"),
    [
        (lambda day: tells(day, FREE, "ring", "leadbell", STEP), ["#1002 took the step ('unclaimed', 1, 0, 'ring', 0) 2 times"]),
        (
            lambda day: day.store.transact_now(note_lateness, [("ring_all", 61.0)], NOON),
            ["a step (ring_all) was decided 61.0 s after its time, and 50.0 s are promised"],
        ),
    ],
    ids=["twice", "late"],
)
def test_i4_a_step_that_comes_twice_or_late_is_named(day: Branch, breaks: Callable[[Branch], None], found: list[str]) -> None:
    breaks(day)
    assert broken(day.store, each_step_once) + broken(day.store, steps_in_time(50.0)) == found


def test_i2_a_stage_that_is_not_the_one_told_is_named(day: Branch) -> None:
    tells(day, CLAIMED, "staged", "officer:maya", {"stage": "application"})
    [said] = broken(day.store, stages_as_told)
    assert said == f"#1001 stands in {day.view(CLAIMED).stage}, and was last put into application"


def test_i1_a_count_that_is_not_what_there_is_is_named(day: Branch) -> None:
    day.set(Lead, FREE, stage="lost")
    assert broken(day.store, counted_in_full) == ["what is counted of team 1 is not what it has"]


@pytest.mark.parametrize(
    ("lead", "meta", "found"),
    [
        (CLAIMED, STEP | {"step": 3}, "#1001 took a step (unclaimed, offer) after its claim"),
        (FREE, STEP | {"clock": "uncontacted"}, "#1002 took a step (uncontacted, offer) without an owner"),
    ],
)
def test_i5_a_step_that_comes_after_the_claim_is_named(day: Branch, lead: int, meta: dict[str, Any], found: str) -> None:
    tells(day, lead, "offer", "leadbell", meta)
    assert broken(day.store, no_step_after_a_claim) == [found]


def test_i5_a_step_before_the_claim_and_one_after_the_lead_came_back_are_right(day: Branch) -> None:
    day.give_back("maya", CLAIMED)
    day.escalate()
    assert day.told(CLAIMED)[-1][0] == "ring"
    assert broken(day.store, no_step_after_a_claim) == broken(day.store, each_step_once) == []


@pytest.mark.parametrize(
    ("breaks", "found"),
    [
        (
            lambda day: tells(day, FREE, "claimed", "officer:cora", who="cora"),
            "cora (compliance) did something to #1002 that this role may not (claimed)",
        ),
        (
            lambda day: tells(day, FREE, "assigned", "officer:luis", who="luis"),
            "luis (officer) did something to #1002 that this role may not (assigned)",
        ),
        (lambda day: tells(day, FREE, "noted", "officer:gus"), "gus, who is none of ours, did something to #1002 (noted)"),
        (
            lambda day: day.set(Message, text_of(day).id, officer_id=day.officer_id("luis")),
            "luis texted the borrower of #1001, which was not theirs",
        ),
    ],
    ids=["claims", "assigns", "is a stranger", "texts"],
)
def test_i11_what_somebody_did_who_may_not_is_named(day: Branch, breaks: Callable[[Branch], None], found: str) -> None:
    breaks(day)
    assert broken(day.store, by_who_may) == [found]


def test_i1_a_lead_that_was_answered_and_is_not_there_is_named(day: Branch) -> None:
    assert broken(day.store, leads_kept({"a-2": FREE, "a-3": 1003})) == ["a-3 was answered with 1003 and is not there"]


@pytest.mark.parametrize(
    ("breaks", "found"),
    [
        (
            lambda day: tells(day, CLAIMED, "claimed", "officer:luis", who="luis"),
            {"was claimed while", "belongs to another", "was told 0 times"},
        ),
        (lambda day: day.set(Lead, CLAIMED, owner_id=day.officer_id("luis")), {"belongs to another"}),
        (lambda day: day.set(Lead, FREE, owner_id=day.officer_id("luis")), {"belongs to another"}),
        (lambda day: [day.set(Posting, each.id, topic="x") for each in day.all(Posting) if each.topic == "yours"], {"was told 0 times"}),
    ],
    ids=["twice", "another owner", "no claim", "untold"],
)
def test_i2_two_owners_are_named(day: Branch, breaks: Callable[[Branch], None], found: set[str]) -> None:
    breaks(day)
    said = broken(day.store, one_owner)
    assert len(said) == len(found) and all(any(each in one for one in said) for each in found), said


def test_i3_a_text_that_left_twice_or_not_at_all_is_named(day: Branch) -> None:
    body = text_of(day).body
    left = (NUMBER, body)
    assert broken(day.store, texts_taken_once([WORDS], [left])) == []
    assert broken(day.store, texts_taken_once([], [left, left])) == [f"the network took {body!r} 2 times, and 1 were to leave"]
    assert broken(day.store, texts_taken_once([], [left, (NUMBER, "HELP?")])) == ["the network took 'HELP?' 1 times, and 0 were to leave"]
    assert broken(day.store, texts_taken_once([WORDS], [])) == ["1 texts are sent, and the network has 0"]


def test_i3_an_officers_words_that_left_in_two_texts_are_named(day: Branch) -> None:
    names = ("contact_point_id", "direction", "status", "purpose", "body", "created_at", "left_at")
    again = {name: getattr(text_of(day), name) for name in names} | {"body": f"{WORDS}, said anew"}
    day.store.transact_now(keep_text, again)
    taken = [(NUMBER, text_of(day).body), (NUMBER, again["body"])]
    assert broken(day.store, texts_taken_once([WORDS], taken)) == [f"{WORDS!r} was asked for once and left 2 times"]


def test_i6_a_text_that_left_after_a_stop_is_named(day: Branch) -> None:
    stopped = {NUMBER: NOON.timestamp() - 1}
    assert broken(day.store, nothing_after_stop(stopped)) == ["a text (words) left after a STOP"]
    day.set(Message, text_of(day).id, purpose="confirmation")
    assert broken(day.store, nothing_after_stop(stopped)) == []  # it says that they are heard


def test_i6_a_second_confirmation_of_a_stop_is_named(day: Branch) -> None:
    stopped = {NUMBER: NOON.timestamp() - 1}
    day.set(Message, text_of(day).id, purpose="confirmation")
    names = ("contact_point_id", "direction", "status", "purpose", "body", "created_at", "left_at")
    day.store.transact_now(keep_text, {name: getattr(text_of(day), name) for name in names})
    assert broken(day.store, nothing_after_stop(stopped)) == ["a text (confirmation) left after a STOP"]


def test_i7_a_card_that_is_missing_double_or_behind_is_named(day: Branch) -> None:
    def card(lead: int, says: str = "") -> dict[str, Any]:
        button = {"type": "button", "action_id": "open", "value": "1", "text": {"type": "plain_text", "text": "Open"}}
        said = {"type": "section", "text": {"type": "mrkdwn", "text": says}}
        return {"ts": f"{lead}.1", "blocks": [said, {"type": "actions", "block_id": f"lead:{lead}", "elements": [button]}]}

    for lead in (CLAIMED, FREE):
        day.set(Posting, day.card(lead).id, message_id=f"{lead}.1")
    whole = [card(CLAIMED, "Maya Torres has it"), card(FREE)]
    assert broken(day.store, cards_as_kept(whole)) == []
    assert broken(day.store, cards_as_kept([*whole, card(FREE)])) == ["#1002 has 2 cards, and the store knows of 1002.1"]
    assert broken(day.store, cards_as_kept(whole[:1])) == ["#1002 has 0 cards, and the store knows of 1002.1"]
    for stale, names in (("", 0), ("Luis Ortega has it", 1), ("Maya Torres has it. Luis Ortega has it", 2)):
        said = broken(day.store, cards_as_kept([card(CLAIMED, stale), card(FREE)]))
        assert said == [f"the card of #1001 names {names} owners, and not who has it now"]
    said = broken(day.store, cards_as_kept([whole[0], card(FREE, "Maya Torres has it")]))
    assert said == ["the card of #1002 names 1 owners, and not who has it now"]  # it was given back


def test_i8_words_out_of_their_order_are_named_unless_they_say_so(day: Branch) -> None:
    said = {NUMBER: ["Are you there?", "Hello?"]}
    turned = ["Dana texted:\nHello?", "Dana texted:\nAre you there?"]
    late = ["Dana texted:\nHello?", "Dana texted at 9:00; it reached us late:\nAre you there?"]
    assert broken(day.store, borrowers_in_order(said, [turned])) == [
        "a borrower's words, number 1 of theirs, stand after number 2 and do not say so"
    ]
    assert broken(day.store, borrowers_in_order(said, [late])) == []


def test_i9_a_broken_chain_and_what_no_timeline_tells_are_named(day: Branch) -> None:
    day.set(Lead, FREE, owner_id=day.officer_id("luis"), head_digest="0" * 64)
    day.set(Message, text_of(day).id, event_seq=99)
    assert broken(day.store, timelines_whole) == [
        f"event {day.events(FREE)[-1].seq} of 1002: the end of the timeline is missing or was changed",
        "a text of #1001 is in no timeline",
        "#1002 got its owner in no timeline",
    ]


def test_i10_words_of_somebodys_in_a_log_are_named() -> None:
    told = {
        "bot.log": "a lead came, SM0a5550120ff, 0.5550120 s",
        "other.log": "Name12 said: Are you there?",
        "third.log": "to +15125550112",
        "fourth.log": "to (512) 555-0112",
        "fifth.log": "to 5550112",
    }
    assert list(personal_words(told)) == [
        "other.log says ['Name12 said: Are you there?', 'Name12 said: Are you there?']",
        "third.log says ['to +15125550112']",
        "fourth.log says ['to (512) 555-0112']",
        "fifth.log says ['to 5550112']",
    ]


def owe_nothing(session: Session) -> None:
    for table in (Posting, Message, Clock):
        session.connection().execute(update(table_of(table)).values(due_at=None))


def test_i12_what_is_owed_for_too_long_is_named(day: Branch) -> None:
    owed = nothing_owed(timedelta(seconds=5), NOON + timedelta(minutes=1))
    day.store.transact_now(owe_nothing)
    assert broken(day.store, owed) == []
    day.set(Clock, day.all(Clock)[0].id, due_at=NOON)
    day.set(Posting, day.card(FREE).id, due_at=datetime.now(UTC) - timedelta(minutes=1))
    assert broken(day.store, owed) == ["1 of posting are owed for too long", "1 of clock are owed for too long"]
