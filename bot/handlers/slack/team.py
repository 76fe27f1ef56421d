"""/lead team with its screens, in Slack: a team's people and hours, for who manages them."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, get_args

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import Block, button, section, text
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.deliveries import behind_lead, submitted
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.words import marked
from bot.officers import team
from bot.officers.team import ChangedMeanwhile, Field, FieldNotUnderstood, Form, HoursForm, NeedsRole, NobodyCalledSo, TeamOutcome
from bot.rendering import labels
from bot.rules.text import one_line
from bot.services import Services
from bot.store.events import COMPANY
from bot.store.places import KnownOfficer
from bot.wording.plain import plain
from bot.wording.team import say_change, say_more, say_nobody, say_team

MOST_OPTIONS, MOST_BUTTONS, MOST_PEOPLE = 100, 5, 40
"""What a list and a row of Slack hold; and people in one answer, which holds 50 blocks."""
LONGEST = 1500
"""Letters of a field: the licenses of every state fit."""
FIELDS: tuple[Field, ...] = get_args(Field)


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("team_person")
    async def open_person(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        form = await team.form_of(services, officer, _id_in(body))
        if isinstance(form, Form):
            await client.views_open(trigger_id=body["trigger_id"], view=_person_screen(form, officer.language))
        else:
            await respond(change_words(form, officer.language, services.clock.now()), response_type="ephemeral", replace_original=False)

    @app.action(re.compile(r"team_hours:\d+"))
    async def open_hours(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        form = await team.hours_form_of(services, officer, _id_in(body))
        if isinstance(form, HoursForm):
            await client.views_open(trigger_id=body["trigger_id"], view=_hours_screen(form, officer.language))
        else:
            await respond(change_words(form, officer.language, services.clock.now()), response_type="ephemeral", replace_original=False)

    @app.view("team_person")
    async def change_person(ack: AsyncAck, body: dict[str, Any]) -> None:
        async def change(officer: KnownOfficer) -> TeamOutcome:
            begun: dict[Field, str] = {field: _begun_in(body, field) for field in FIELDS}
            said: dict[Field, str] = {field: _answer_in(body, field) for field in FIELDS}
            return await team.change(services, submitted(services, body, officer), _target_of(body), begun, said)

        await _tell(ack, body, change)

    @app.view("team_hours")
    async def change_hours(ack: AsyncAck, body: dict[str, Any]) -> None:
        async def change(officer: KnownOfficer) -> TeamOutcome:
            begun, said = _begun_in(body, "hours"), _answer_in(body, "hours")
            return await team.change_hours(services, submitted(services, body, officer), _target_of(body), begun, said)

        await _tell(ack, body, change)

    async def _tell(ack: AsyncAck, body: dict[str, Any], change: Callable[[KnownOfficer], Awaitable[TeamOutcome]]) -> None:
        """On the screen itself, at the field where that was not understood."""
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, [section(stranger_words(guest=guest))], "en"))
            case KnownOfficer() as officer:
                outcome = await change(officer)
                if isinstance(outcome, FieldNotUnderstood | ChangedMeanwhile):
                    told = say_change(plain, outcome, officer.language, services.clock.now())
                    await ack(response_action="errors", errors={outcome.field: told})
                    return
                words = change_words(outcome, officer.language, services.clock.now())
                await ack(response_action="update", view=told_screen(body, [section(words)], officer.language))


async def _team(asked: Asked) -> Answer:
    language, now = asked.officer.language, asked.services.clock.now()
    roster = await team.look(asked.services, asked.officer, asked.words)
    if isinstance(roster, NobodyCalledSo):
        return Answer(say_nobody(marked, roster, language))
    if isinstance(roster, NeedsRole):
        return Answer(change_words(roster, language, now))
    first, *others = say_team(marked, roster, language, now)
    label = labels(language)
    changeable = [each for each in roster.people if each.id in roster.changes_people][:MOST_OPTIONS]
    options = [{"text": text(each.name, 75), "value": f"{COMPANY}:{each.id}"} for each in changeable]
    teams = [each for each in roster.teams if each.id in roster.changes_teams]
    hours: list[Block] = [
        button(f"{label('button', 'hours')} {one_line(each.name, 40)}", f"team_hours:{place}", f"{COMPANY}:{each.id}")
        for place, each in enumerate(teams)
    ]
    if len(teams) > MOST_BUTTONS:
        named = [{"text": text(one_line(each.name, 75), 75), "value": f"{COMPANY}:{each.id}"} for each in teams[:MOST_OPTIONS]]
        hours = [
            {
                "type": "static_select",
                "action_id": "team_hours:0",
                "placeholder": text(label("button", "hours_of_which"), 150),
                "options": named,
            }
        ]
    choose = {
        "type": "static_select",
        "action_id": "team_person",
        "placeholder": text(label("button", "change_whom"), 150),
        "options": options,
    }
    left_out = len(others) - MOST_PEOPLE
    shown = [*others[:MOST_PEOPLE], *([say_more(marked, left_out, language)] if left_out > 0 else [])]
    return Answer(first, [*([choose] if options else []), *hours], [section(each) for each in shown])


def _id_in(body: dict[str, Any]) -> int:
    """Whom or which team a value such as 0:12 means; it begins with the number of no lead."""
    return int(behind_lead(body["actions"][0]))


def _target_of(body: dict[str, Any]) -> int:
    return int(body["view"]["private_metadata"].partition(":")[2])


def _answer_in(body: dict[str, Any], field: str) -> str:
    answer = body["view"]["state"]["values"][field][field]
    chosen = answer.get("selected_option")
    return str(chosen["value"] if chosen else answer.get("value") or "")


def _begun_in(body: dict[str, Any], field: str) -> str:
    """What the field held when the screen was opened."""
    element = next(block["element"] for block in body["view"]["blocks"] if block["block_id"] == field)
    chosen = element.get("initial_option")
    return str(chosen["value"] if chosen else element.get("initial_value") or "")


def _person_screen(form: Form, language: str) -> dict[str, Any]:
    label = labels(language)
    yes_no = [{"text": text(label("yes_no", each), 75), "value": each} for each in ("yes", "no")]
    chosen = next(option for option in yes_no if option["value"] == form.fields["active"])
    works = {"type": "static_select", "action_id": "active", "options": yes_no, "initial_option": chosen}
    begun = form.fields
    written = [
        _input("off_until", label("field", "off_until"), begun["off_until"]),
        _input("daily_cap", label("field", "daily_cap"), begun["daily_cap"]),
        _input("licenses", label("field", "licenses"), begun["licenses"], multiline=True),
        _input("languages", label("field", "languages"), begun["languages"]),
        _input("own_hours", label("field", "own_hours"), begun["own_hours"], multiline=True),
    ]
    choice = {"type": "input", "block_id": "active", "label": text(label("field", "active"), 2000), "element": works}
    return _screen("team_person", form.id, form.name, [*written, choice], language)


def _hours_screen(form: HoursForm, language: str) -> dict[str, Any]:
    return _screen(
        "team_hours", form.id, form.name, [_input("hours", labels(language)("field", "hours"), form.hours, multiline=True)], language
    )


def _screen(callback: str, target: int, title: str, fields: list[Block], language: str) -> dict[str, Any]:
    label = labels(language)
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": f"{COMPANY}:{target}",
        "title": text(one_line(title, 24), 24),
        "submit": text(label("button", "save"), 24),
        "close": text(label("button", "close"), 24),
        "blocks": fields,
    }


def _input(name: str, label: str, begun: str, *, multiline: bool = False) -> Block:
    element = {"type": "plain_text_input", "action_id": name, "multiline": multiline, "max_length": LONGEST}
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": text(label, 2000),
        "element": {**element, "initial_value": begun} if begun else element,
    }


COMMANDS = (Command("team", _team, ("roster", "officers"), needs="see_roster", about_a_lead=False),)
change_words = partial(say_change, marked)
