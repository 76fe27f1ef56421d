"""One row whose decision breaks keeps no other waiting: it is put off, those who run Leadbell are told, and in the end it is given up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlmodel import Session

from bot.conversation import sending
from bot.distribution import scoring
from bot.leads import reminders
from bot.leads.reminders import keep_reminder
from bot.nurture import drip_steps
from bot.outreach.network import NeverSent, Outgoing, PhoneNetwork
from bot.scheduling.due_loop import look
from bot.speed_to_lead import escalation
from bot.store.clocks import CLOCKS, UNCLAIMED, Clock
from bot.store.events import Event
from bot.store.leads import Lead
from bot.store.messages import owed_texts
from bot.store.outbound import Enrollment, Message, Reminder
from bot.store.owed import BROKE, FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES
from bot.store.scoring import owe_score
from tests.doubles.branch import BEST, Branch
from tests.doubles.drips import DripTexts
from tests.doubles.texts import Texts
from tests.doubles.waiting import until

Break = Callable[[Any, str, Callable[..., bool]], None]
"""Has a function break at each call that fits."""


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Break:
    def have_it_break(module: Any, name: str, fits: Callable[..., bool]) -> None:
        real = getattr(module, name)

        def broken(*args: Any, **kwargs: Any) -> Any:
            if fits(*args):
                raise KeyError(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, broken)

    return have_it_break


def another(branch: Branch, number: int = 1) -> int:
    return branch.new_lead(first_name=f"Otto{'abcd'[number]}", phone=f"(512) 555-011{number}")


def clock_of(branch: Branch, lead: int) -> Clock:
    return next(each for each in branch.all(Clock) if each.lead_id == lead and each.kind == UNCLAIMED)


def told_operators(branch: Branch) -> list[dict[str, int]]:
    return [event.meta["found"] for event in branch.all(Event) if event.kind == "audited"]


async def looks_until(branch: Branch, holds: Callable[[], bool]) -> None:
    """Look until it is so: on PostgreSQL one kind of work passes over a lead that another has in hand, and finds it at the next look."""

    async def looked() -> bool:
        await look(branch.services)
        return holds()

    await until(looked, "what the looks were for")


async def test_a_lead_whose_decision_breaks_keeps_no_other_from_ringing(branch: Branch, breaks: Break) -> None:
    bad = branch.new_lead(**BEST)
    good = another(branch)
    breaks(escalation, "_decide", lambda scene: scene.lead.number == bad)
    branch.clock.skip(minutes=5)
    now = branch.clock.now()

    await looks_until(branch, lambda: branch.told(good) != [] and clock_of(branch, bad).attempts > 0)

    assert branch.told(bad) == []
    put_off = clock_of(branch, bad)
    assert (put_off.attempts, put_off.due_at) == (1, now + FIRST_PAUSE)
    assert told_operators(branch) == [{"decisions_broken": 1}]


async def test_what_was_put_off_is_decided_once_it_does_not_break_any_more(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = branch.new_lead(**BEST)
    branch.clock.skip(minutes=5)
    with monkeypatch.context() as for_now:
        for_now.setattr(escalation, "_decide", lambda _scene: 1 // 0)
        await looks_until(branch, lambda: clock_of(branch, bad).attempts == 1)
    assert branch.told(bad) == []

    branch.clock.skip(minutes=1)
    await looks_until(branch, lambda: branch.told(bad) != [])

    assert clock_of(branch, bad).attempts == 0


def test_it_waits_longer_each_time_and_is_given_up_in_the_end(branch: Branch) -> None:
    clock = clock_of(branch, branch.new_lead(**BEST))
    pauses: list[timedelta] = []
    for _ in range(MOST_TRIES - 1):
        branch.store.transact_now(CLOCKS.put_off, clock.id or 0, branch.clock.now())
        due_at = clock_of(branch, clock.lead_id).due_at
        assert due_at is not None
        pauses.append(due_at - branch.clock.now())
        branch.clock.at = due_at
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE] and pauses[-1] == LONGEST_PAUSE
    branch.store.transact_now(CLOCKS.put_off, clock.id or 0, branch.clock.now())
    given_up = clock_of(branch, clock.lead_id)
    assert (given_up.due_at, given_up.gave_up_because) == (None, BROKE)


def test_a_new_round_begins_what_was_given_up_anew(branch: Branch) -> None:
    lead = branch.new_lead(**BEST)
    branch.set(Clock, clock_of(branch, lead).id, attempts=MOST_TRIES, due_at=None, gave_up_because=BROKE)
    branch.claim("maya", lead)
    branch.give_back("maya", lead)
    again = clock_of(branch, lead)
    assert again.due_at is not None and (again.attempts, again.gave_up_because) == (0, None)


def test_what_somebody_decided_meanwhile_is_not_put_off(branch: Branch) -> None:
    lead = branch.new_lead(**BEST)
    branch.claim("maya", lead)
    clock = clock_of(branch, lead)
    branch.store.transact_now(CLOCKS.put_off, clock.id or 0, branch.clock.now())
    assert clock_of(branch, lead) == clock


async def test_a_reminder_that_breaks_keeps_no_other_from_ringing(branch: Branch, breaks: Break) -> None:
    leads = [branch.new_lead(**BEST), another(branch)]
    for lead in leads:
        branch.claim("maya", lead)
        press, at = branch.press("maya", lead), branch.clock.now() + timedelta(minutes=1)
        branch.store.transact_now(keep_reminder, press, "remind", at, None)
    breaks(reminders, "_ring", lambda _session, due, *_: due.lead_id == leads[0])
    branch.clock.skip(minutes=2)

    def rang() -> list[bool]:
        return [each.rang_at is not None for each in branch.all(Reminder) if each.kind == "remind"]

    await looks_until(branch, lambda: rang() == [False, True])


async def test_a_score_that_breaks_keeps_no_other_from_being_made(branch: Branch, breaks: Break) -> None:
    leads = [branch.new_lead(**BEST), another(branch)]

    def owe(session: Session) -> None:
        for lead in leads:
            owe_score(session, lead, branch.clock.now())

    branch.store.transact_now(owe)
    breaks(scoring, "judge_again", lambda _session, lead, *_: lead == leads[0])

    now = branch.clock.now()

    def due_at(place: int) -> datetime | None:
        return next(each.score_due_at for each in branch.all(Lead) if each.id == leads[place])

    await looks_until(branch, lambda: due_at(0) == now + LONGEST_PAUSE and due_at(1) not in (now, now + LONGEST_PAUSE))


async def test_a_step_of_a_sequence_that_breaks_keeps_no_other_back(branch: Branch, breaks: Break) -> None:
    texts = DripTexts(branch)
    leads = [texts.running(), texts.running(first_name="Ottob", phone="(512) 555-0112")]
    breaks(drip_steps, "_decide", lambda due: due.lead.number == leads[0])
    bad, good = ({each.lead_id: each for each in branch.all(Enrollment)}[lead] for lead in leads)
    assert good.due_at is not None
    branch.clock.at = good.due_at

    def now(way: Enrollment) -> Enrollment:
        return next(each for each in branch.all(Enrollment) if each.id == way.id)

    await looks_until(branch, lambda: now(bad).attempts == 1 and (now(good).step, now(good).due_at) != (good.step, good.due_at))

    assert now(bad).due_at == branch.clock.now() + FIRST_PAUSE
    assert now(good).attempts == 0


async def refuses(_text: Outgoing, _deadline: float) -> NeverSent:
    return NeverSent(30007)


async def test_a_text_that_breaks_before_it_leaves_is_tried_later_and_keeps_no_other_back(branch: Branch, breaks: Break) -> None:
    branch.services.network = cast(PhoneNetwork, SimpleNamespace(sender="+15125550199", name="twilio", send=refuses))
    texts = Texts(branch)
    lead = texts.lead()
    bad, good = texts.queued(lead, "Hi Dana"), texts.queued(lead, "Are you there?")
    breaks(sending, "_begin", lambda _session, text, *_: text.id == bad)

    with pytest.raises(KeyError):
        await sending.send(branch.services, [bad, good])

    assert texts.status(good) == "failed", "the network was asked, and refused it"
    assert (texts.status(bad), texts.row(bad).due_at) == ("queued", branch.clock.now() + FIRST_PAUSE)
    assert branch.store.transact_now(owed_texts, branch.clock.now()) == []

    branch.set(Message, bad, attempts=MOST_TRIES - 1)
    branch.clock.skip(minutes=1)
    with pytest.raises(KeyError):
        await sending.send(branch.services, [bad])
    assert [(each.status, each.gave_up_because) for each in branch.all(Message) if each.id == bad] == [("failed", BROKE)]
    assert branch.store.transact_now(owed_texts, branch.clock.now()) == []
