"""/lead team with its screens, in Discord: a team's people and hours, for who manages them."""

from functools import partial

from discord import ui

from bot import team
from bot.handlers.discord.answers import Answer, Asked, Opens
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import OPTIONS, Button, Choice
from bot.handlers.discord.screens import Screen, chosen, select_field, words_field, written
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.rules.text import one_line
from bot.store.events import COMPANY
from bot.team import Field, Form, HoursForm, NeedsRole, TeamOutcome
from bot.wording.team import say_change, say_team

LONGEST = 1500
"""Letters of a field: the licenses of every state fit."""
MOST_LISTS, MOST_BUTTONS = 4, 5


def register(desk: Desk) -> None:
    @desk.command("team", needs="see_roster")
    async def shown(interaction: Interaction) -> None:
        await desk.answer(interaction, _team, about_a_lead=False)


async def _team(asked: Asked) -> Answer:
    language, now = asked.officer.language, asked.services.clock.now()
    roster = await team.look(asked.services, asked.officer)
    if isinstance(roster, NeedsRole):
        return _told(roster, asked)
    label = labels(language)
    first, *others = say_team(marked, roster, language, now)
    people = [(one_line(each.name, 60), f"{COMPANY}:{each.id}") for each in roster.people if each.id in roster.changes_people]
    pages = [people[begin : begin + OPTIONS] for begin in range(0, len(people), OPTIONS)][:MOST_LISTS]
    choices = [Choice(label("button", "change_whom"), "team_person", f"{COMPANY}:{place}", page) for place, page in enumerate(pages)]
    hours = [
        Button(f"{label('button', 'hours')} {one_line(each.name, 40)}", "team_hours", f"{COMPANY}:{each.id}")
        for each in roster.teams
        if each.id in roster.changes_teams
    ]
    return Answer(first, hours[:MOST_BUTTONS], ["\n".join(others)], choices)


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
        words_field("off_until", language, most=LONGEST, required=False, begun=form.off_until or None),
        words_field("daily_cap", language, most=LONGEST, required=False, begun=form.daily_cap or None),
        words_field("licenses", language, most=LONGEST, required=False, begun=form.licenses or None),
        words_field("languages", language, most=LONGEST, required=False, begun=form.languages or None),
        select_field("active", yes_no, language, required=False),
    )


async def hours_screen(asked: Asked) -> ui.Modal | Answer:
    team_id = int(asked.words)
    form = await team.hours_form_of(asked.services, asked.officer, team_id)
    if not isinstance(form, HoursForm):
        return _told(form, asked)
    return Screen(asked, partial(_change_hours, form), words_field("hours", asked.officer.language, most=LONGEST, begun=form.hours))


async def _change(form: Form, asked: Asked, screen: Screen) -> Answer:
    begun: dict[Field, str] = {
        "off_until": form.off_until, "daily_cap": form.daily_cap, "licenses": form.licenses, "languages": form.languages,
    }  # fmt: skip
    fields = team.typed_over(begun, {name: written(screen, name) or "" for name in begun})
    works = chosen(screen, "active")
    if works is not None:  # left alone, it stays as it is
        fields["active"] = works
    return _told(await team.change(asked.services, asked.press, form.id, fields), asked)


async def _change_hours(form: HoursForm, asked: Asked, screen: Screen) -> Answer:
    said = written(screen, "hours") or ""
    lines = None if said.strip() == form.hours.strip() else said
    return _told(await team.change_hours(asked.services, asked.press, form.id, lines), asked)


def _told(outcome: TeamOutcome, asked: Asked) -> Answer:
    return Answer(say_change(marked, outcome, asked.officer.language, asked.services.clock.now()))


OPENS: dict[str, Opens] = {"team_person": person_screen, "team_hours": hours_screen}
