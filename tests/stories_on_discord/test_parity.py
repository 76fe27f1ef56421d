"""Discord has Slack's commands, buttons, fields, words and outcomes, read from the code of both; what it lacks has its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from discord import app_commands

from bot.handlers.discord.commands import DESCRIPTION
from bot.handlers.slack.app import COMMANDS as ON_SLACK
from bot.rendering import LANGUAGES, labels
from bot.rules.commands import HELP
from bot.updates import Notice, Update
from tests.doubles.discord_office import DiscordOffice

HANDLERS = Path(__file__).parent.parent.parent / "bot" / "handlers"
NO_FREE_LINE = "in Discord a command is chosen and its fields are filled in, so there is no free line to misread"
DISCORDS_OWN = "Discord's own screens bring this button themselves"
LACKS = {
    "button close": DISCORDS_OWN,
    "button save": DISCORDS_OWN,
    "button make_lead": DISCORDS_OWN,
    "button send": DISCORDS_OWN,
    "button show_number": DISCORDS_OWN,
    "button place_there": DISCORDS_OWN,
    "words find_what": NO_FREE_LINE,
    "words left_unused": NO_FREE_LINE,
    "words note_what": NO_FREE_LINE,
    "words no_such_command": NO_FREE_LINE,
    "words pipeline_unclear": NO_FREE_LINE,
    "words yours_push": "Discord makes the text on a locked phone from the message itself",
    "outcome SlowDown": "Discord's client knows its limits of each method, and waits by itself",
    "outcome Typed": NO_FREE_LINE,
    "outcome UnknownCommand": NO_FREE_LINE,
}
"""Everything of Slack's that Discord does without, and why."""
RATES = {f"lead rate{name}" for name in ("", " set", " target", " note", " forget", " list")}
ALONE = {"lead optout", "lead consent", "lead voicemail", *RATES}
"""What has a slash of its own, since Discord lets /lead have 25 commands at most."""


def commands_of(office: DiscordOffice) -> dict[str, app_commands.Command[Any, ..., Any]]:
    """Each command that one can type, by its whole name."""
    tree = office.leadbell.client.tree
    return {each.qualified_name: each for each in tree.walk_commands() if isinstance(each, app_commands.Command)}


def names_on_slack() -> set[str]:
    under_lead = {f"lead {command.name}" for command in ON_SLACK} | {f"lead {HELP}"}
    named = under_lead | {command.name for command in ON_SLACK if command.short}
    named = {name.removeprefix("lead ") if name in ALONE else name for name in named}
    return {f"{name} show" if name.endswith(("drip", "rate")) else name for name in named}  # Discord lets nobody type a group alone


async def test_discord_has_each_of_slacks_commands(office: DiscordOffice) -> None:
    assert names_on_slack() - set(commands_of(office)) == set()


def test_what_slack_shows_and_asks_discord_does_too_but_for_these() -> None:
    on_discord = {thing for room in ("discord", "../wording") for thing in things_in(room)}

    assert set(things_in("slack")) - on_discord == set(LACKS)


@pytest.mark.parametrize("room", ["slack", "discord"])
def test_each_kind_of_update_and_notice_is_drawn_on_both(room: str) -> None:
    drawn = {thing.removeprefix("outcome ") for thing in things_in(room) if thing.startswith("outcome ")}

    assert {kind.__name__ for union in (Update, Notice) for kind in get_args(union)} - drawn == set()


async def test_everything_that_one_types_into_is_described_in_every_language_within_discords_limit(office: DiscordOffice) -> None:
    fields = {field.name for command in commands_of(office).values() for field in command.parameters}

    for language in LANGUAGES:
        described = [labels(language)("option", field) for field in fields]
        assert not fields & set(described)
        assert all(len(each) <= DESCRIPTION for each in described)


def things_in(room: str) -> Iterator[str]:
    """What the handlers of a platform name: buttons and fields by their labels, messages, and the outcomes that they tell apart."""
    for path in sorted((HANDLERS / room).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name) and node.cls.id[0].isupper():
                yield f"outcome {node.cls.id}"
            elif isinstance(node, ast.Call):
                yield from _called(node)


def _called(call: ast.Call) -> Iterator[str]:
    named = [argument.value for argument in call.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
    called = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if called == "say" and call.args:
        said = [part.value for part in ast.walk(call.args[0]) if isinstance(part, ast.Constant)]
        yield from (f"words {each}" for each in said if isinstance(each, str))
    elif called in ("field", "select_field", "words_field", "note_field"):
        yield from (f"field {name}" for name in named[:1])
        yield from ["field note"] if called == "note_field" else []
    elif isinstance(call.func, ast.Call) or called == "label":
        yield from [f"{named[0]} {named[1]}"] if len(named) == 2 and named[0] in ("button", "field") else []
    elif called == "isinstance":
        yield from (f"outcome {part.id}" for part in ast.walk(call.args[1]) if isinstance(part, ast.Name) and part.id[0].isupper())
