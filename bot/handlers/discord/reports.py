"""/pipeline, in Discord: private, unless the one who asks shares it; then numbers alone."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import cast, get_args

from discord import app_commands

from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.layouts import LETTERS, Button
from bot.handlers.discord.words import marked
from bot.leads import reports
from bot.leads.reports import MayNotSee, NotYourTeam, Pipeline
from bot.rendering import labels
from bot.rules.reports import MOST_DAYS, USUAL_DAYS, Question, View
from bot.store.events import COMPANY
from bot.wording.reports import say_pipeline, say_pipeline_refused

MOST_BUTTONS = 4
ROOM = LETTERS - 1200
"""Letters of sources that one answer holds, beside its heading, how quick all were and how many more there are."""
ALL = ""


def register(desk: Desk) -> None:
    @desk.command("pipeline", needs="see_pipeline", short=True)
    @app_commands.autocomplete(team=desk.offering(teams_like))
    async def pipeline(
        interaction: Interaction,
        view: View = "team",
        team: str | None = None,
        days: app_commands.Range[int, 1, MOST_DAYS] = USUAL_DAYS,
        share: bool = False,
    ) -> None:
        await desk.answer(interaction, partial(_look, Question(view, team, days, share)), about_a_lead=False)


async def teams_like(typing: Typing) -> Sequence[tuple[str, str]]:
    seen = await reports.teams_seen(typing.services, typing.officer.id)
    return fitting([(team.name, team.key) for team in seen], typing.typed)


async def _look(question: Question, asked: Asked) -> Answer:
    outcome = await reports.pipeline(asked.services, asked.officer.id, question)
    return pipeline_answer(outcome, asked.officer.language, asked.services.clock.now())


async def _look_on(asked: Asked) -> Answer:
    """What a button below the report asks for: team:austin:30, or source::30 for all teams."""
    view, team, days = asked.words.split(":")
    assert view in get_args(View)
    told = await _look(Question(cast(View, view), team or None, int(days)), asked)
    return Answer(told.words, told.buttons, told.more, replaces=True)


DOES: dict[str, Does] = {"pipeline": _look_on}


def pipeline_answer(outcome: Pipeline | NotYourTeam | MayNotSee, language: str, now: datetime) -> Answer:
    if not isinstance(outcome, Pipeline):
        return Answer(say_pipeline_refused(marked, outcome, language))
    heading, paragraphs = say_pipeline(marked, outcome, language, now, ROOM)
    if outcome.question.share:
        return Answer(marked.say("pipeline_shared", language), to_all=Answer(heading, more=paragraphs))
    return Answer(heading, _buttons(outcome, language) if paragraphs else (), paragraphs)


def _buttons(seen: Pipeline, language: str) -> Sequence[Button]:
    """What one may want to see next: each team alone, or the sources."""
    asked = seen.question
    if asked.view == "mine":
        return ()
    teams = seen.teams[:MOST_BUTTONS] if len(seen.teams) > 1 else ()
    lines = [(team.name, f"{asked.view}:{team.key}:{asked.days}") for team in teams]
    if asked.view != "source":
        lines.append((labels(language)("button", "by_source"), f"source:{asked.team or ALL}:{asked.days}"))
    return [Button(label, "pipeline", f"{COMPANY}:{line}") for label, line in lines]
