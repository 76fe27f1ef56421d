"""The due loop: looks for what is owed whenever something new is, when the next thing falls due, and every two seconds anyway."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlmodel import Session

from bot.conversation.mailing import email_is_on
from bot.distribution.scoring import judge_due
from bot.in_force import newest, warn_of_bad_keys
from bot.leads.reminders import ring_reminders
from bot.nurture.drip_beginnings import begin_by_themselves, look_over_again
from bot.nurture.drip_steps import Sender, touch_next
from bot.nurture.drips import sender_of
from bot.nurture.groups import go_on_with_groups
from bot.nurture.rate_alerts import decide_rates
from bot.officers.covering import tell_who_is_back
from bot.officers.leaving import ask_about_leavers
from bot.officers.morning import tell_mornings
from bot.officers.practice import PRACTICE, end_practice, next_practice_end
from bot.officers.rota import hand_over_turns
from bot.officers.shift_end import ask_at_shift_end
from bot.outreach.network import Sending, seconds
from bot.oversight.auditor import tell_operators
from bot.rules.numbers import OurNumbers
from bot.runner import places
from bot.services import Leaving, Services
from bot.speed_to_lead.escalation import Step, escalate
from bot.speed_to_lead.neglect import look_for_neglect
from bot.store.calls import owed_calls
from bot.store.clocks import AT_ONCE, CLOCKS, clocks_in_order, next_clock_due
from bot.store.covering import next_return
from bot.store.drip_beginnings import LOOKS, next_look
from bot.store.drips import STEPS, next_drip_due
from bot.store.groups import GROUPS, next_group_due
from bot.store.leavers import LEAVERS, next_leaver_due
from bot.store.line import Broke
from bot.store.messages import SENDING_ENDS_AFTER, owed_texts
from bot.store.morning import MORNINGS, next_morning_due
from bot.store.owed import DueBy
from bot.store.people import newest_version
from bot.store.postings import Lease, next_stale, redraw_stale, seconds_until_due, something_is_due, take_due
from bot.store.rates import next_rate_due
from bot.store.reminders import REMINDERS, next_reminder_due
from bot.store.rota import TURNS, next_hand_over
from bot.store.scoring import SCORES, next_score_due
from bot.store.shifts import WORKING_DAYS, next_edge_of_day
from bot.store.work import CALLING, SHOWING, WRITING, Kind, paused

log = structlog.get_logger()

TICK = 2.0
SHORTEST_WAIT = 0.03
BROKEN = "decisions_broken"
"""What those who run Leadbell are told of, as one more finding of the audit."""
SHARE = 0.5
"""Seconds that one look spends on a kind of which much is due. The rest waits for the next look, so that no backlog keeps another kind, or
what is handed out, waiting for longer than that."""

NextDue = Callable[[Session], datetime | None]
Decide = Callable[..., tuple[int, list[Lease]]]


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of what is decided by itself: what tells when the next of it is due, and what decides some of that, `(session, now, salt)`.
    With the `rows` that fall due it also decides chosen ones of them alone, `(session, now, salt, chosen=ids)`."""

    kind: Kind
    next_due: NextDue
    decide: Decide
    rows: DueBy | None = None


def at_edges_of_day(session: Session, now: datetime, salt: str, chosen: Sequence[int] | None = None) -> tuple[int, list[Lease]]:
    """What happens as teams' working days begin and end; both are found by one question."""
    asked, leases = ask_at_shift_end(session, now, salt, chosen)
    looked, more = look_for_neglect(session, now, salt, chosen)
    return asked + looked, leases + more


IN_BUSINESS_TIME: tuple[Work, ...] = (
    Work("reminders", next_reminder_due, ring_reminders, REMINDERS),
    Work("leavers", next_leaver_due, ask_about_leavers, LEAVERS),
    Work("working days", next_edge_of_day, at_edges_of_day, WORKING_DAYS),
    Work("practice", next_practice_end, end_practice, PRACTICE),
    Work("scores", next_score_due, judge_due, SCORES),
    Work("turns", next_hand_over, hand_over_turns, TURNS),
    Work("covers", next_return, tell_who_is_back),
    Work("mornings", next_morning_due, tell_mornings, MORNINGS),
    Work("rates", next_rate_due, decide_rates),
)


async def look_and_wait(services: Services) -> None:
    """One step of the loop: hand what is due to the workers, then wait until there may be more."""
    wait = await look(services)
    with suppress(TimeoutError):
        async with asyncio.timeout(wait):
            await services.owed.wait()
            # What is owed meanwhile shares one look. It comes after the change, not with it: a lead's card goes before whom it rings.
            await asyncio.sleep(SHORTEST_WAIT)


async def look(services: Services) -> float:
    """One look: take the newest config, decide and lease what is due, and say how long nothing more can be due."""
    services.owed.clear()
    sender = sender_of(services)
    looked_for = (*IN_BUSINESS_TIME, Work("groups", next_group_due, partial(go_on_with_groups, sender=sender), GROUPS))
    if sender.begins:
        looked_for = (*looked_for, Work("beginnings", next_look, partial(begin_by_themselves, sender=sender), LOOKS))
    version, clock_due_at, drip_due_at, *due_at, hours_end_at = await services.store.read(_next_in_business_time, looked_for)
    if version != services.in_force.version:
        newer = await services.store.read(newest, os.environ)
        if newer is not None:
            services.in_force = newer
            warn_of_bad_keys(newer)
    deciding = (
        _look_over(services, sender),
        _escalate(services, clock_due_at),
        _touch(services, drip_due_at, sender),
        *(_decide(services, at, work) for at, work in zip(due_at, looked_for, strict=True)),
    )
    decided = await asyncio.gather(*deciding, return_exceptions=True)
    hours_end_in = await follow_hours(services, hours_end_at)
    posting_due_in = await _hand_out(services)
    broken = [each for each in decided if isinstance(each, BaseException)]
    if broken:
        raise broken[0]  # only now: what breaks keeps nothing else waiting
    waits = (TICK, posting_due_in, hours_end_in, *(each for each in decided if not isinstance(each, BaseException)))
    return max(SHORTEST_WAIT, min(wait for wait in waits if wait is not None))


def _next_in_business_time(session: Session, works: Sequence[Work]) -> tuple[Any, ...]:
    """The newest config, when the next of each kind is due, and when the next calling hours that are shown are over: in one question,
    since most looks find nothing."""
    kinds_due = (work.next_due(session) for work in works)
    return newest_version(session), next_clock_due(session), next_drip_due(session), *kinds_due, next_stale(session)


async def _look_over(services: Services, sender: Sender) -> float | None:
    """Where it was changed what begins by itself, have leads looked at for it, a page at a time; the seconds until there may be more to do,
    None when nothing waits."""
    ends = seconds() + SHARE
    while services.drips_begin != sender.begins:
        if seconds() >= ends:
            return 0.0
        begins, after = services.looked_over
        after = after if begins == sender.begins else 0
        reached = await services.store.transact(look_over_again, services.clock.now(), sender, after)
        services.looked_over = (sender.begins, reached or 0)
        if reached is None:
            services.drips_begin = sender.begins
            return 0.0  # those are due now
    return None


async def _escalate(services: Services, due_at: datetime | None) -> float | None:
    """Decide the clocks that are due, the best leads first, a batch at a time; the seconds until the next, None when nothing waits."""
    ends = seconds() + SHARE
    while due_at is not None and due_at <= services.clock.now() and seconds() < ends:
        clocks, some_decided = await services.store.read(clocks_in_order, services.clock.now()), 0
        for first in range(0, len(clocks), AT_ONCE):
            if some_decided and seconds() >= ends:
                break
            steps: list[Step] = []
            work = Work("escalation", next_clock_due, partial(escalate, email_on=email_is_on(services), steps=steps), CLOCKS)
            decided, due_at = await _decide_batch(services, work, clocks[first : first + AT_ONCE])
            some_decided += decided
            for step in steps:
                log.info("a step was decided", lead=step.lead, step=step.kind, late=round(step.late, 1))
        if not some_decided:
            return None  # another process has them
    return None if due_at is None else (due_at - services.clock.now()).total_seconds()


async def _touch(services: Services, due_at: datetime | None, sender: Sender) -> float | None:
    """Decide the steps of sequences that are due, a batch at a time; the seconds until the next, None when nothing waits. While there is a
    place for it, a batch is marked as being sent as it is decided, and handed over while the next is decided."""
    ends = seconds() + SHARE
    while due_at is not None and due_at <= services.clock.now() and seconds() < ends:
        began = seconds()  # before the database counts, so ours is the earlier deadline
        ours = None if services.network is None or services.places.locked() else services.our_numbers
        if ours is not None:
            await services.places.acquire()
        sendings: list[Sending] = []
        try:
            outcome = await services.store.attempt(_touch_some, services.clock.now(), services.salt(), sender, ours)
            if not isinstance(outcome, Broke):
                decided, sendings, due_at = outcome
        finally:
            if ours is not None:  # without any, too: that gives the place back
                services.leaving.put_nowait(Leaving(sendings, began + SENDING_ENDS_AFTER))
        if isinstance(outcome, Broke):
            alone = Work("sequences", next_drip_due, partial(_touch_chosen, sender=sender), STEPS)
            decided, due_at = await _decide_alone(services, alone, None, outcome)
        if not decided:
            return None  # another process has them
    return None if due_at is None else (due_at - services.clock.now()).total_seconds()


def _touch_chosen(session: Session, now: datetime, salt: str, chosen: Sequence[int], sender: Sender) -> tuple[int, list[Lease]]:
    """Decide these steps; what they write waits until it is sent."""
    return touch_next(session, now, salt, sender, chosen=chosen)[0], []


def _touch_some(
    session: Session, now: datetime, salt: str, sender: Sender, ours: OurNumbers | None
) -> tuple[int, list[Sending], datetime | None]:
    leaves = paused(session)
    if "sequences" in leaves:
        return 0, [], None
    return *touch_next(session, now, salt, sender, None if WRITING in leaves else ours), next_drip_due(session)


async def _decide(services: Services, due_at: datetime | None, work: Work) -> float | None:
    """Decide what is due of one kind, a batch at a time; the seconds until the next, None when nothing waits."""
    ends = seconds() + SHARE
    while due_at is not None and due_at <= services.clock.now() and seconds() < ends:
        decided, due_at = await _decide_batch(services, work)
        if not decided:
            return None  # another process has them, or does them otherwise
    return None if due_at is None else (due_at - services.clock.now()).total_seconds()


async def _decide_batch(services: Services, work: Work, chosen: Sequence[int] | None = None) -> tuple[int, datetime | None]:
    """Decide some of what is due, or of the chosen rows; how many, and when the next is due."""
    now = services.clock.now()
    outcome = await services.store.attempt(_decide_some, work, chosen, now, services.salt())
    if isinstance(outcome, Broke):
        return await _decide_alone(services, work, chosen, outcome)
    decided, leases, due_at = outcome
    for lease in leases:
        services.leased.put_nowait(lease)
    return decided, due_at


async def _decide_alone(services: Services, work: Work, chosen: Sequence[int] | None, broke: Broke) -> tuple[int, datetime | None]:
    """A batch broke: decide each of its rows by itself, so that one keeps back no other. What breaks alone is put off, and those who run
    Leadbell are told; how many were tried, and when the next is due."""
    now = services.clock.now()
    if work.rows is None:
        raise broke.error
    tried = await services.store.read(work.rows.due, now) if chosen is None else chosen
    if not tried:
        raise broke.error  # it is no row's fault
    outcomes, troubles = await services.store.transact_each(_decide_each, tried, work, now, services.salt())
    leases = [lease for each in outcomes for lease in each]
    for row_id, trouble in troubles:
        log.error("a decision broke", kind=work.kind, row=row_id, error=type(trouble).__name__, where=places(trouble))
        await services.store.transact(work.rows.put_off, row_id, now)
    if troubles:
        leases += await services.store.transact(tell_operators, {BROKEN: len(troubles)}, now, services.salt())
    for lease in leases:
        services.leased.put_nowait(lease)
    return len(tried), await services.store.read(work.next_due)


def _decide_each(session: Session, chosen: Sequence[int], work: Work, now: datetime, salt: str) -> list[Lease]:
    return [lease for row_id in chosen for lease in _decide_some(session, work, [row_id], now, salt)[1]]


def _decide_some(
    session: Session, work: Work, chosen: Sequence[int] | None, now: datetime, salt: str
) -> tuple[int, list[Lease], datetime | None]:
    """Decide one batch; how many, what is held of what is to be told, and when the next is due. None where a newer Leadbell does so."""
    if work.kind in paused(session):
        return 0, [], None
    decided, leases = work.decide(session, now, salt) if chosen is None else work.decide(session, now, salt, chosen=chosen)
    return decided, leases, work.next_due(session)


async def follow_hours(services: Services, over_at: datetime | None) -> float | None:
    """Owe again what shows calling hours that are over; the seconds until the next ones are, None when none are shown."""
    while over_at is not None and over_at <= (now := services.clock.now()):
        await services.store.transact(redraw_stale, now)
        over_at = await services.store.read(next_stale)
    return None if over_at is None else (over_at - services.clock.now()).total_seconds()


async def _hand_out(services: Services) -> float | None:
    """Hand texts, calls and postings that are due to the workers; the seconds until the next posting is, None when none waits."""
    texts, calls, due, due_in, services.paused = await services.store.read(_what_to_tell, services.clock.now(), [*services.platforms])
    services.tend(texts)
    services.ring(calls)
    if not services.may_lease:
        return SHORTEST_WAIT
    if due:
        for lease in await services.store.transact(take_due, [*services.platforms]):
            services.leased.put_nowait(lease)
    return due_in


def _what_to_tell(
    session: Session, now: datetime, platforms: list[str]
) -> tuple[list[int], list[int], bool, float | None, frozenset[Kind]]:
    leaves = paused(session)
    texts = [] if WRITING in leaves else owed_texts(session, now)
    calls = [] if CALLING in leaves else owed_calls(session, now)
    if SHOWING in leaves:
        return texts, calls, False, None, leaves
    return texts, calls, something_is_due(session, platforms), seconds_until_due(session, platforms), leaves
