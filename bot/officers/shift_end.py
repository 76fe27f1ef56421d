"""Fifteen minutes before a working day ends, officers say what becomes of leads that are still open: keep, hand over, or pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.distribution.handing_over import Hand, hand_over, hold, why_not
from bot.distribution.releasing import release
from bot.leads.press import Press
from bot.rules.roles import Role, may
from bot.rules.shifts import ASKED_BEFORE, next_question, works_on
from bot.services import Services
from bot.store.columns import table_of
from bot.store.events import COMPANY, Event, Fact, append_event, hold_company
from bot.store.people import doer
from bot.store.postings import Lease, post_notice, retell_notice
from bot.store.seen import once
from bot.store.shifts import Worker, ending_day, holders_in, set_next_end, still_open, workers
from bot.store.standing import judging

Choice = Literal["keep", "hand", "pool"]
_LOOK_AGAIN = timedelta(days=1)
"""A team that never works is looked at again then."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of so many leads; `to` is who has them now, where they were handed over."""

    choice: Choice
    leads: int
    to: str | None
    kind: Literal["answered"] = "answered"


@dataclass(frozen=True, slots=True)
class NothingOpen:
    """Nothing is left to decide: it was answered, or everybody was called."""

    kind: Literal["nothing_open"] = "nothing_open"


@dataclass(frozen=True, slots=True)
class MayNotAnswer:
    role: Role
    kind: Literal["may_not_answer"] = "may_not_answer"


ShiftOutcome = Answered | NothingOpen | MayNotAnswer
_answers: TypeAdapter[ShiftOutcome] = TypeAdapter(ShiftOutcome)
_asked: TypeAdapter[int] = TypeAdapter(int)

_event = table_of(Event)
_question = select(_event.c.meta).where(
    _event.c.stream == COMPANY, _event.c.seq == bindparam("seq"), _event.c.kind == "shift_end", _event.c.officer_id == bindparam("by")
)


@dataclass(frozen=True, slots=True)
class _Question:
    """What an officer is asked: what becomes of these leads, which the cover may have."""

    officer_id: int
    leads: list[int]
    cover: Worker | None


def ask_at_shift_end(session: Session, now: datetime, salt: str, chosen: Sequence[int] | None = None) -> tuple[int, list[Lease]]:
    """Ask the officers of one team whose day is about to end; return how many teams were due, and the leases of the questions."""
    day, leases = ending_day(session, now, chosen), list[Lease]()
    if day is None:
        return 0, leases
    set_next_end(session, day.id, next_question(day.hours, now) or now + _LOOK_AGAIN)
    if day.due_at is None or now >= day.due_at + ASKED_BEFORE:
        return 1, leases  # its hours are new, or nobody was there to ask in time
    end = day.due_at + ASKED_BEFORE
    today = end.astimezone(ZoneInfo(day.hours.zone)).date()
    questions = _questions(session, day.id, end, now)
    if questions:
        hold_company(session)  # as late as that, and before any key: who works for two teams may be asked for both at once
    for question in questions:
        once(session, f"shift_end:{question.officer_id}:{today}", now, _asked, partial(_ask, session, question, now, salt, leases))
    return 1, leases


def _questions(session: Session, team_id: int, end: datetime, now: datetime) -> list[_Question]:
    people = workers(session)
    work_on = [each for each in people.values() if any(works_on(hours, end) for hours in each.hours)]
    work_on.sort(key=lambda each: (each.load, each.id))
    go_home = people.keys() - {each.id for each in work_on}
    open_leads = {each: still_open(session, each) for each in holders_in(session, team_id) if each in go_home}
    return [_Question(officer_id, numbers, _cover(session, work_on, numbers, now)) for officer_id, numbers in open_leads.items()]


def _cover(session: Session, work_on: list[Worker], numbers: list[int], now: datetime) -> Worker | None:
    """Who of those still at work may have all of the leads, the least loaded first. That is judged again when they are handed over: nobody
    is locked for it, so that all can go on claiming."""
    against = [judging(session, number, now) for number in numbers]
    return next((each for each in work_on if not any(refusal_of(each.facts) for refusal_of in against)), None)


def _ask(session: Session, question: _Question, now: datetime, salt: str, leases: list[Lease]) -> int:
    cover = question.cover
    meta = {"leads": question.leads, "cover_id": cover and cover.id, "cover": cover and cover.name}
    fact = Fact("shift_end", "leadbell", now, meta, officer_id=question.officer_id)
    seq = append_event(session, COMPANY, fact, salt)
    leases += post_notice(session, None, question.officer_id, "shift_end", seq, 0, at_once=True)
    return seq


async def answer(services: Services, pressed: Press, question: int, choice: Choice) -> ShiftOutcome:
    """The officer says what becomes of the leads that are still open."""
    outcome, leases = await services.store.transact(note_answer, pressed, question, choice)
    services.owe(leases)
    return outcome


def note_answer(session: Session, by: Press, question: int, choice: Choice) -> tuple[ShiftOutcome, list[Lease]]:
    """The transaction of an answer. Only what is still open and still theirs moves."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, question, choice, leases)), leases


def _decide(session: Session, by: Press, question: int, choice: Choice, leases: list[Lease]) -> ShiftOutcome:
    person = doer(session, by.officer_id)
    if not (person.active and may(person.role, "give_back")):
        return MayNotAnswer(person.role)
    meta = session.connection().execute(_question, {"seq": question, "by": by.officer_id}).scalar_one_or_none()
    if meta is None:
        return NothingOpen()
    hold(session, {meta["cover_id"]} - {None} if choice == "hand" else (), meta["leads"])  # nobody else moves them until this is done
    numbers = [number for number in still_open(session, by.officer_id) if number in meta["leads"]]
    if not numbers:
        return NothingOpen()
    match choice:
        case "keep":
            moved = numbers
        case "hand":
            moved = _hand(session, by, person, numbers, meta["cover_id"], leases)
        case "pool":
            moved = _pool(session, by, numbers, leases)
    answered = Answered(choice, len(moved), meta["cover"] if choice == "hand" else None)
    fact = Fact(
        "shift_answered",
        f"officer:{person.key}",
        by.at,
        {"choice": choice, "leads": moved, "to": answered.to},
        officer_id=by.officer_id,
    )
    seq = append_event(session, COMPANY, fact, by.salt)
    retell_notice(session, question, "shift_answered", seq)
    return answered


def _hand(session: Session, by: Press, person: Any, numbers: list[int], to_id: int | None, leases: list[Lease]) -> list[int]:
    """Those of the leads that the cover may have at this moment."""
    hand = Hand(f"officer:{person.key}", person.name, by.at, by.salt)
    fitting = [] if to_id is None else [number for number in numbers if why_not(session, to_id, number, by.at) is None]
    moved = []
    for number in sorted(fitting):
        assert to_id is not None
        told = hand_over(session, number, to_id, hand)
        if told is not None:
            leases += told.leases
            moved.append(number)
    return moved


def _pool(session: Session, by: Press, numbers: list[int], leases: list[Lease]) -> list[int]:
    moved = []
    for number in sorted(numbers):
        released = release(session, number, by.officer_id, "given_back", by.at, by.salt)
        if released is not None:
            leases += released.leases
            moved.append(number)
    return moved
