"""/pipeline, in Slack: private, unless the one who asks shares it; then numbers alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from bot.handlers.slack.cards import SECTION_LIMIT, Block, section
from bot.handlers.slack.commands import Answer, Asked, Command, run_button
from bot.handlers.slack.words import marked
from bot.leads import reports
from bot.leads.reports import MayNotSee, NotYourTeam, Pipeline
from bot.rendering import labels
from bot.rules.reports import NotUnderstood
from bot.rules.text import one_line
from bot.wording.reports import say_pipeline, say_pipeline_refused

MOST_BUTTONS = 4
ROOM = 4 * SECTION_LIMIT
"""Letters of sources that one answer holds."""


async def _pipeline(asked: Asked) -> Answer:
    """ "/pipeline", "/pipeline mine", "/pipeline team austin 7 days share"."""
    outcome = await reports.pipeline(asked.services, asked.officer.id, asked.words)
    return pipeline_answer(outcome, asked.officer.language, asked.services.clock.now())


COMMANDS = (Command("pipeline", _pipeline, ("report",), needs="see_pipeline", about_a_lead=False, short=True),)


def pipeline_answer(outcome: reports.PipelineOutcome, language: str, now: datetime) -> Answer:
    match outcome:
        case Pipeline():
            heading, paragraphs = say_pipeline(marked, outcome, language, now, ROOM)
            buttons = _buttons(outcome, language) if paragraphs and not outcome.question.share else ()
            return Answer(heading, buttons, [section(each) for each in paragraphs], shared=outcome.question.share)
        case NotUnderstood(word, meant):
            lines = [f"pipeline {line}" for line in meant]
            buttons = [run_button(line, line, place) for place, line in enumerate(lines)]
            return Answer(marked.say("pipeline_unclear", language, word=one_line(word, 40), meant=bool(meant)), buttons)
        case NotYourTeam() | MayNotSee():
            return Answer(say_pipeline_refused(marked, outcome, language))
    assert_never(outcome)


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
