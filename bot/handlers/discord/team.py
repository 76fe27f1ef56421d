"""/lead team with its screens, in Discord: a team's people and hours, for who manages them."""

from collections.abc import Sequence
from functools import partial
from itertools import accumulate

from discord import ui

from bot.handlers.discord.answers import Answer, Asked, Opens
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import LETTERS, OPTIONS, Button, Choice
from bot.handlers.discord.screens import Screen, chosen, select_field, words_field, written
from bot.handlers.discord.words import marked
from bot.officers import team
from bot.officers.team import Changed, Field, Form, HoursForm, NeedsRole, NobodyCalledSo, TeamOutcome
from bot.rendering import labels
from bot.rules.text import one_line
from bot.store.events import COMPANY
from bot.wording.team import say_change, say_more, say_nobody, say_team

LONGEST = 1500
"""Letters of a field: the licenses of every state fit."""
MOST_LISTS, MOST_BUTTONS = 4, 5
ROOM_FOR_MORE = 100
"""Letters kept for the line that says how many are left out."""
WRITTEN: tuple[Field, ...] = ("off_until", "daily_cap", "licenses", "languages")
"""What the screen of a person asks in words: it holds five parts."""


def register(desk: Desk) -> None:
    @desk.command("team", needs="see_roster")
    async def shown(interaction: Interaction, person: str | None = None) -> None:
        await desk.answer(interaction, partial(_team, person or ""), about_a_lead=False)


async def _team(name: str, asked: Asked) -> Answer:
    language, now = asked.officer.language, asked.services.clock.now()
    roster = await team.look(asked.services, asked.officer, name)
    if isinstance(roster, NobodyCalledSo):
        return Answer(say_nobody(marked, roster, language))
    if isinstance(roster, NeedsRole):
        return _told(roster, asked)
    label = labels(language)
    first, *others = say_team(marked, roster, language, now)
    people = [(one_line(each.name, 60), f"{COMPANY}:{each.id}") for each in roster.people if each.id in roster.changes_people]
    pages = [people[begin : begin + OPTIONS] for begin in range(0, len(people), OPTIONS)][:MOST_LISTS]
    choices = [Choice(label("button", "change_whom"), "team_person", f"{COMPANY}:{place}", page) for place, page in enumerate(pages)]
    teams = [(one_line(each.name, 40), f"{COMPANY}:{each.id}") for each in roster.teams if each.id in roster.changes_teams]
    hours = [Button(f"{label('button', 'hours')} {named}", "team_hours", value) for named, value in teams]
    if name:  # a screen of Discord holds five parts, so that a person's hours have one of their own
        hours = [
            Button(f"{label('button', 'hours')} {one_line(each.name, 40)}", "team_own_hours", f"{COMPANY}:{each.id}")
            for each in roster.people
            if each.id in roster.changes_people
        ]
    if not name and len(teams) > MOST_BUTTONS:
        hours, named = [], label("button", "hours_of_which")
        lists = [teams[begin : begin + OPTIONS] for begin in range(0, len(teams), OPTIONS)][:MOST_LISTS]
        choices += [Choice(named, "team_hours", f"{COMPANY}:{place}", page) for place, page in enumerate(lists)]
    shown = _fitting(others, LETTERS - len(first) - ROOM_FOR_MORE)
    left_out = len(others) - len(shown)
    more = [say_more(marked, left_out, language)] if left_out else []
    return Answer(first, hours[:MOST_BUTTONS], ["\n".join([*shown, *more])], choices)


def _fitting(paragraphs: Sequence[str], letters: int) -> Sequence[str]:
    """The first of them that fit into so many letters, a line each."""
    ends = accumulate(len(each) + 1 for each in paragraphs)
    return paragraphs[: sum(end <= letters for end in ends)]


async def person_screen(asked: Asked) -> ui.Modal | Answer:
    officer_id, language = int(asked.words), asked.officer.language
    form = await team.form_of(asked.services, asked.officer, officer_id)
    if not isinstance(form, Form):
        return _told(form, asked)
    label = labels(language)
    yes_no = [(label("yes_no", each), each) for each in ("yes", "no")]
    return Screen(
        asked,
        partial(_change, form),
        words_field("off_until", language, most=LONGEST, required=False, begun=form.fields["off_until"] or None),
        words_field("daily_cap", language, most=LONGEST, required=False, begun=form.fields["daily_cap"] or None),
        words_field("licenses", language, most=LONGEST, required=False, begun=form.fields["licenses"] or None),
        words_field("languages", language, most=LONGEST, required=False, begun=form.fields["languages"] or None),
        select_field("active", yes_no, language, required=False),
    )


async def hours_screen(asked: Asked) -> ui.Modal | Answer:
    team_id = int(asked.words)
    form = await team.hours_form_of(asked.services, asked.officer, team_id)
    if not isinstance(form, HoursForm):
        return _told(form, asked)
    return Screen(asked, partial(_change_hours, form), words_field("hours", asked.officer.language, most=LONGEST, begun=form.hours))


async def _change(form: Form, asked: Asked, screen: Screen) -> Answer:
    said: dict[Field, str] = {field: written(screen, field) or "" for field in WRITTEN}
    works = chosen(screen, "active")
    if works is not None:  # left alone, it stays as it is
        said["active"] = works
    return _changed(await team.change(asked.services, asked.press, form.id, form.fields, said), asked, screen)


async def own_hours_screen(asked: Asked) -> ui.Modal | Answer:
    officer_id, language = int(asked.words), asked.officer.language
    form = await team.form_of(asked.services, asked.officer, officer_id)
    if not isinstance(form, Form):
        return _told(form, asked)
    begun = form.fields["own_hours"] or None
    return Screen(asked, partial(_change_own_hours, form), words_field("own_hours", language, most=LONGEST, required=False, begun=begun))


async def _change_own_hours(form: Form, asked: Asked, screen: Screen) -> Answer:
    said: dict[Field, str] = {"own_hours": written(screen, "own_hours") or ""}
    return _changed(await team.change(asked.services, asked.press, form.id, form.fields, said), asked, screen)


async def _change_hours(form: HoursForm, asked: Asked, screen: Screen) -> Answer:
    said = written(screen, "hours") or ""
    return _changed(await team.change_hours(asked.services, asked.press, form.id, form.hours, said), asked, screen)


def _changed(outcome: TeamOutcome, asked: Asked, screen: Screen) -> Answer:
    return _told(outcome, asked) if isinstance(outcome, Changed) else screen.edited(_told(outcome, asked))


def _told(outcome: TeamOutcome, asked: Asked) -> Answer:
    return Answer(say_change(marked, outcome, asked.officer.language, asked.services.clock.now()))


OPENS: dict[str, Opens] = {"team_person": person_screen, "team_hours": hours_screen, "team_own_hours": own_hours_screen}
