"""A delivery that comes again gets the answer that it got before."""

from datetime import timedelta
from functools import partial

import pytest
from pydantic import TypeAdapter
from sqlmodel import Session

from bot.leads.working import Calling, note_calling
from bot.store.database import Store
from bot.store.seen import Seen, forget_before, once
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel

WORDS = TypeAdapter(str)


def test_of_twenty_deliveries_at_once_one_decides_and_all_get_its_answer(store: Store) -> None:
    decided: list[int] = []

    def decide(number: int) -> str:
        decided.append(number)
        return f"decided by {number}"

    def deliver(session: Session, number: int) -> str:
        return once(session, "one press", NOON, WORDS, partial(decide, number))

    answers = in_parallel([partial(store.transact_now, deliver, number) for number in range(20)])
    (who,) = decided
    assert answers == [f"decided by {who}"] * 20


def test_different_deliveries_are_decided_each_for_itself(store: Store) -> None:
    def deliver(session: Session, key: str) -> str:
        return once(session, key, NOON, WORDS, lambda: key)

    keys = [f"press {number}" for number in range(20)]
    assert in_parallel([partial(store.transact_now, deliver, key) for key in keys]) == keys


def test_a_decision_that_broke_is_made_again(store: Store) -> None:
    def broken() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.transact_now(once, "one press", NOON, WORDS, broken)
    assert store.transact_now(once, "one press", NOON, WORDS, lambda: "yes") == "yes"


def test_answers_too_old_to_be_asked_for_are_forgotten(store: Store) -> None:
    for days in range(5):
        at = NOON - timedelta(days=days)
        store.transact_now(once, f"{at}", at, WORDS, lambda: "yes")
    assert store.transact_now(forget_before, NOON - timedelta(days=2)) is False
    assert store.transact_now(lambda session: session.get(Seen, f"{NOON - timedelta(days=3)}")) is None
    assert store.transact_now(lambda session: session.get(Seen, f"{NOON}")) is not None


def test_a_press_that_was_answered_by_the_last_release_is_answered_again(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    press = branch.press("maya", lead)
    kept = Seen(key=press.delivery, outcome=f'{{"lead":{lead},"kind":"calling"}}', at=NOON)
    branch.store.transact_now(lambda session: session.add(kept))

    assert branch.store.transact_now(note_calling, press)[0] == Calling(lead, 30)
