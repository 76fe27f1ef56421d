"""/pipeline, in Slack: private, unless the one who asks shares it; then numbers alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, assert_never

from bot import reports
from bot.handlers.slack.cards import Block, section
from bot.handlers.slack.commands import Answer, Asked, Command, run_button
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.reports import IN_TIME, MayNotSee, NotYourTeam, Pipeline, Speed
from bot.rules.reports import NotUnderstood
from bot.rules.text import one_line
from bot.store.leads import ENDED_STAGES

MOST_LINES = 30
"""How many people or sources one answer names; Slack shows 3,000 characters in one place."""
MOST_BUTTONS = 4


async def _pipeline(asked: Asked) -> Answer:
    """ "/pipeline", "/pipeline mine", "/pipeline team austin 7 days share"."""
    outcome = await reports.pipeline(asked.services, asked.officer.id, asked.words)
    return pipeline_answer(outcome, asked.officer.language, asked.services.clock.now())


COMMANDS = (Command("pipeline", _pipeline, ("report",), needs="see_pipeline", about_a_lead=False, short=True),)


def pipeline_answer(outcome: reports.PipelineOutcome, language: str, now: datetime) -> Answer:
    match outcome:
        case Pipeline():
            return _shown(outcome, language, now)
        case NotYourTeam(team, yours):
            return Answer(marked.say("pipeline_not_yours", language, team=one_line(team, 60), yours=[one_line(each, 60) for each in yours]))
        case NotUnderstood(word, meant):
            lines = [f"pipeline {line}" for line in meant]
            buttons = [run_button(line, line, place) for place, line in enumerate(lines)]
            return Answer(marked.say("pipeline_unclear", language, word=one_line(word, 40), meant=bool(meant)), buttons)
        case MayNotSee(role):
            return Answer(marked.say("may_not", language, role=role))
    assert_never(outcome)


def _shown(seen: Pipeline, language: str, now: datetime) -> Answer:
    asked = seen.question
    mine = asked.view == "mine"
    title = one_line(seen.asked_by if mine else ", ".join(team.name for team in seen.teams), 200)
    open_leads = sum(line.leads for line in seen.stages if line.stage not in ENDED_STAGES)
    facts: dict[str, Any] = {"title": title, "days": asked.days, "shared_by": one_line(seen.asked_by, 60) if asked.share else None}
    if not seen.stages and not seen.speed.arrived:
        return Answer(marked.say("pipeline_empty", language, **facts), shared=asked.share)
    longest = _minutes(now - seen.waiting[0]) if seen.waiting else None
    waiting = {"waiting": len(seen.waiting), "many_wait": seen.many_wait, "longest": longest}
    words = marked.say("pipeline", language, **facts, **waiting, open_leads=open_leads, mine=mine)
    speed = marked.say("pipeline_speed", language, **_facts(seen.speed), mine=mine)
    if asked.view == "source":
        lines = [marked.say("pipeline_source", language, source=one_line(each.label, 60), **_facts(each.speed)) for each in seen.sources]
        blocks = [section(speed), *_lines(lines)]
    else:
        blocks = [*_stages(seen, language, now), section(speed), *_holders(seen, language)]
    return Answer(words, () if asked.share else _buttons(seen, language), blocks, shared=asked.share)


def _stages(seen: Pipeline, language: str, now: datetime) -> list[Block]:
    """A line for each stage on the road; those that ended in one."""
    on_road = [
        marked.say("pipeline_stage", language, stage=line.stage, leads=line.leads, oldest=line.oldest and _minutes(now - line.oldest))
        for line in seen.stages
        if line.stage not in ENDED_STAGES
    ]
    label = labels(language)
    ended = [f"{label('stage', line.stage)} {line.leads}" for line in seen.stages if line.stage in ENDED_STAGES]
    return _lines([*on_road, *([marked.say("pipeline_ended", language, ended=ended)] if ended else [])])


def _holders(seen: Pipeline, language: str) -> list[Block]:
    if not seen.holders:
        return []
    named, others = seen.holders[:MOST_LINES], seen.holders[MOST_LINES:]
    lines = [
        marked.say("pipeline_holder", language, name=one_line(each.name, 60), leads=each.leads, untried=each.untried, active=each.active)
        for each in named
    ]
    heading = marked.say("pipeline_holders", language, others=len(others), held_by_others=sum(each.leads for each in others))
    return _lines([heading, *lines])


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


def _buttons(seen: Pipeline, language: str) -> Sequence[Block]:
    """What one may want to see next: each team alone, or the sources."""
    asked = seen.question
    if asked.view == "mine":
        return ()
    teams = seen.teams if len(seen.teams) > 1 else ()
    view = "source" if asked.view == "source" else "team"
    lines = [(team.name, f"pipeline {view} {team.key} {asked.days} days") for team in teams[:MOST_BUTTONS]]
    if asked.view != "source":
        lines.append(
            (
                labels(language)("button", "by_source"),
                f"pipeline source {asked.team or 'all'} {asked.days} days",
            )
        )
    return [run_button(one_line(label, 60), line, place) for place, (label, line) in enumerate(lines)]


def _lines(lines: Sequence[str]) -> list[Block]:
    return [section("\n".join(lines[: MOST_LINES + 1]))] if lines else []


def _minutes(span: timedelta) -> float:
    return max(0.0, span / timedelta(minutes=1))
