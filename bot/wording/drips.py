"""What is told of texts that leave by themselves: how far they are, when the next one leaves, why they ended."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import assert_never

from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.nurture.drips import (
    Begun,
    Called,
    CannotBegin,
    DayGoneBy,
    DayKept,
    DripOutcome,
    Meant,
    NoSuchDay,
    NothingRuns,
    Report,
    RunsAlready,
    Stopped,
    called,
)
from bot.rendering import Words, labels
from bot.rules.drips import EACH_YEAR
from bot.rules.spoken import dated, long_day
from bot.rules.stages import may_be_written_to
from bot.rules.text import initial_name
from bot.rules.when import said_in_full
from bot.store.drips import DripView, Listed
from bot.store.views import LeadView
from bot.updates import StepKeptBack
from bot.wording.leads import segment_in_words
from bot.wording.plain import plain
from bot.wording.working import say_not_worked

START, STOP = "start_texts", "stop_texts"


def say_drip(words: Words, outcome: DripOutcome, language: str, now: datetime) -> str:
    """What the one who begins or stops them is told privately."""
    match outcome:
        case Begun(lead, sequence, _, at, zone, written_in, waits_for):
            leaves_at = at and said_in_full(at, zone, now, language)
            facts = {"number": lead, **named(sequence, language), "written_in": written_in, "held": waits_for is not None}
            return words.say("drip_begun", language, **facts, next=leaves_at)
        case RunsAlready(lead, sequence):
            return words.say("drip_runs", language, number=lead, **named(sequence, language))
        case CannotBegin(lead, sequence, because, stage, stages, segments):
            known = "stage", "segment", "waits_for_you", "may_be_opt_out"
            asks = "email_why" if because.startswith("email") or because == "unsubscribed" else "text_why"
            why = None if because in known else plain.say(asks, language, because=because, error_code=None)
            fitting = ", ".join(labels(language)("stage", each) for each in stages)
            facts = {"number": lead, **named(sequence, language), "because": because, "stage": stage, "stages": fitting, "why": why}
            facts["segments"] = ", ".join(segment_in_words(each, None, language) for each in segments)
            return words.say("drip_cannot", language, **facts)
        case Stopped(lead, sequence, _, touches, others):
            names = [named(each, language)["sequence"] for each in (sequence, *others)]
            texts_only = all(each.texts_only for each in (sequence, *others))
            return words.say("drip_stopped", language, number=lead, sequences=names, texts_only=texts_only, sent=touches)
        case DayKept(lead, what, day):
            return words.say("drip_dated", language, number=lead, what=what, day=partial(_day_in_words, what, day))
        case DayGoneBy(lead, what, day, likely):
            facts = {"day": partial(_day_in_words, what, day), "likely": partial(_day_in_words, what, likely)}
            return words.say("drip_gone_by", language, number=lead, what=what, **facts)
        case NoSuchDay(lead):
            return words.say("drip_no_such_day", language, number=lead)
        case NothingRuns(lead):
            return words.say("drip_nothing", language, number=lead)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)


def say_state(drip: DripView, zone: str, language: str, now: datetime) -> str:
    """The sequence, how many left, and when the next one leaves or why none does."""
    ended = drip.ended_because and labels(language)("drip_ended", drip.ended_because)
    steps = len(drip.plan.steps)
    following = drip.at if drip.runs and drip.step < steps else None
    return plain.say(
        "drip_state", language,
        **named(called(drip.plan), language), step=drip.step, of=steps, ended=ended, waits=drip.at is None and drip.step < steps,
        next=following and partial(said_in_full, following, zone, now), held=bool(drip.state.get("waits_for")),
        paused=bool(drip.state.get("paused")),
    )  # fmt: skip


def say_listed(one: Listed, language: str, now: datetime) -> str:
    """A lead in the list of what runs."""
    name = initial_name(one.first_name, one.last_name, labels(language)("borrower", "unknown"))
    return f"#{one.drip.lead_id} {name}: {say_state(one.drip, one.time_zone, language, now)}"


def say_report(report: Report, language: str) -> str:
    """What came of a sequence, a line a step that sends something."""
    figures = report.figures
    steps = [
        plain.say(
            "drip_report_step",
            language,
            number=place + 1,
            what=labels(language)("drip_channel", step.channel),
            **asdict(figures.steps[place]),
        )
        for place, step in enumerate(report.plan.steps)
        if step.channel in ("sms", "email")
    ]
    return plain.say(
        "drip_report", language,
        sequence=report.plan.named(language), version=report.version, began=figures.began, running=figures.running,
        goal=", ".join(labels(language)("stage", each) for each in sorted(report.plan.goal)), reached=figures.reached,
        left_out=figures.left_out, left_out_reached=figures.left_out_reached, steps="\n".join(steps),
    )  # fmt: skip


def say_kept_back(words: Words, told: StepKeptBack, number: int, language: str) -> str:
    """That a step did not leave, and why."""
    sequence = told.names.get(language) or told.names["en"]
    return words.say("step_kept_back", language, sequence=sequence, step=told.step, number=number, because=told.because)


@dataclass(frozen=True, slots=True)
class Offered:
    """A row of a menu: what it does, and what it says."""

    action: str
    label: str


def what_is_offered(lead: LeadView, language: str) -> Offered | None:
    """To stop what runs, or to begin what is for such leads, which is looked up once that is chosen; None where nothing may run."""
    if lead.drip is None and not may_be_written_to(lead.stage):
        return None
    action = START if lead.drip is None else STOP
    return Offered(action, labels(language)("more", action))


def say_which(words: Words, number: int, wanted: Meant, said: str, shown: int, language: str) -> str:
    """Which sequence is meant, where the words that were said name none, or where without words several or none are for the lead. So many
    of the nearest can be pressed."""
    every = ", ".join(each.named(language) for each in wanted.known)
    facts = {"named": bool(said), "meant": bool(wanted.nearest), "known": every, "more": len(wanted.nearest) - shown}
    return words.say("drip_which", language, number=number, **facts)


def named(sequence: Called, language: str) -> dict[str, str]:
    what = "texts" if sequence.texts_only else "messages"
    return {"sequence": sequence.names.get(language) or sequence.names["en"], "what": labels(language)("drip_what", what)}


def _day_in_words(what: str, day: date, language: str) -> str:
    """Of what comes every year without the year."""
    return long_day(day, language) if what in EACH_YEAR else dated(day, language)
