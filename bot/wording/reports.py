"""What /pipeline says: a heading, and below it paragraphs of lines."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from bot.leads.reports import IN_TIME, Cost, MayNotSee, NotYourTeam, Pipeline, Speed
from bot.rendering import Words, labels
from bot.rules.text import one_line
from bot.store.leads import ENDED_STAGES
from bot.wording.roles import say_may_not

MOST_LINES = 30
"""How many people one answer names; every platform shows so many in one message."""
PARAGRAPH = 2900
"""Letters that every platform shows in one piece."""


def say_pipeline(words: Words, seen: Pipeline, language: str, now: datetime, room: int) -> tuple[str, list[str]]:
    """The heading and the paragraphs of the report: of sources as many as fit into so much room, and how many more there are."""
    asked = seen.question
    mine = asked.view == "mine"
    title = one_line(seen.asked_by if mine else ", ".join(team.name for team in seen.teams), 200)
    open_leads = sum(line.leads for line in seen.stages if line.stage not in ENDED_STAGES)
    facts: dict[str, Any] = {"title": title, "days": asked.days, "shared_by": one_line(seen.asked_by, 60) if asked.share else None}
    if not seen.stages and not seen.speed.arrived:
        return "\n".join([words.say("pipeline_empty", language, **facts), *_cut(words, seen, language)]), []
    longest = _minutes(now - seen.waiting[0]) if seen.waiting else None
    waiting = {"waiting": len(seen.waiting), "many_wait": seen.many_wait, "longest": longest}
    heading = "\n".join([
        words.say("pipeline", language, **facts, **waiting, open_leads=open_leads, mine=mine), *_cut(words, seen, language)
    ])  # fmt: skip
    speed = words.say("pipeline_speed", language, **_facts(seen.speed), mine=mine)
    if asked.view == "source":
        lines = [
            words.say("pipeline_source", language, source=one_line(each.label, 60), **_facts(each.speed), cost=_cost(each.cost))
            for each in seen.sources
        ]
        fitting = sum(end <= room for end in accumulate(len(line) + 1 for line in lines))
        more = [words.say("pipeline_more", language, more=len(lines) - fitting)] if fitting < len(lines) else []
        return heading, [speed, *_pieces([*lines[:fitting], *more])]
    elif asked.view == "speed":
        paragraphs = [[speed], _late(words, seen, language)]
    else:
        paragraphs = [_stages(words, seen, language, now), [speed], _holders(words, seen, language)]
    return heading, ["\n".join(lines[: MOST_LINES + 1]) for lines in paragraphs if lines]


def _cut(words: Words, seen: Pipeline, language: str) -> list[str]:
    """That fewer days are shown than were asked for."""
    return [words.say("pipeline_most", language, days=seen.question.days)] if seen.question.cut else []


def _pieces(lines: Sequence[str]) -> list[str]:
    """Paragraphs of whole lines, each no longer than one may be."""
    pieces: list[str] = []
    for line in lines:
        if pieces and len(pieces[-1]) + 1 + len(line) <= PARAGRAPH:
            pieces[-1] += f"\n{line}"
        else:
            pieces.append(line)
    return pieces


def say_pipeline_refused(words: Words, outcome: NotYourTeam | MayNotSee, language: str) -> str:
    match outcome:
        case NotYourTeam(team, yours):
            return words.say("pipeline_not_yours", language, team=one_line(team, 60), yours=[one_line(each, 60) for each in yours])
        case MayNotSee(role):
            return say_may_not(words, role, "see_pipeline", language)


def _stages(words: Words, seen: Pipeline, language: str, now: datetime) -> list[str]:
    """A line for each stage on the road; those that ended in one."""
    on_road = [
        words.say("pipeline_stage", language, stage=line.stage, leads=line.leads, oldest=line.oldest and _minutes(now - line.oldest))
        for line in seen.stages
        if line.stage not in ENDED_STAGES
    ]
    label = labels(language)
    ended = [f"{label('stage', line.stage)} {line.leads}" for line in seen.stages if line.stage in ENDED_STAGES]
    return [*on_road, *([words.say("pipeline_ended", language, ended=ended)] if ended else [])]


def _holders(words: Words, seen: Pipeline, language: str) -> list[str]:
    if not seen.holders:
        return []
    named, others = seen.holders[:MOST_LINES], seen.holders[MOST_LINES:]
    lines = [
        words.say("pipeline_holder", language, name=one_line(each.name, 60), leads=each.leads, untried=each.untried, active=each.active)
        for each in named
    ]
    return [words.say("pipeline_holders", language, others=len(others), held_by_others=sum(each.leads for each in others)), *lines]


def _late(words: Words, seen: Pipeline, language: str) -> list[str]:
    """How punctual our own steps were, a line for each kind."""
    label = labels(language)
    lines = [
        words.say(
            "pipeline_late", language, step=label("step", each.kind), steps=each.steps, half=each.half, most=each.most, worst=each.worst
        )
        for each in seen.late
    ]
    return [words.say("pipeline_steps", language, decided=sum(each.steps for each in seen.late)), *lines]


def _facts(speed: Speed) -> dict[str, Any]:
    return {
        "arrived": speed.arrived,
        "claimed": speed.claimed,
        "tried": speed.tried,
        "in_time": speed.tried_in_time,
        "verified": speed.verified_in_time,
        "percent": round(100 * speed.tried_in_time / speed.arrived) if speed.arrived else 0,
        "within": IN_TIME,
    }


def _cost(cost: Cost | None) -> dict[str, Any] | None:
    """Its amounts as they are written; None for those that are nothing."""
    if cost is None:
        return None
    amounts = {name: getattr(cost, name) for name in ("dollars", "each", "asked_back", "for_each_funded")}
    written = {name: f"-${-amount:,}" if (amount or 0) < 0 else amount and f"${amount:,}" for name, amount in amounts.items()}
    return {**written, "for_each_funded": written["for_each_funded"] or "$0", "funded": cost.funded, "estimated": cost.estimated}


def _minutes(span: timedelta) -> float:
    return max(0.0, span / timedelta(minutes=1))
