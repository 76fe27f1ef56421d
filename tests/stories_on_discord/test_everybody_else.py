"""Who is no officer, or sits in another server, changes nothing and learns nothing by any command or button there is."""

from collections.abc import Iterator
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands, ui
from sqlmodel import col, func, select

from bot.handlers.discord.app import DOES, OPENS
from bot.store.events import Event
from bot.store.outbound import Message
from bot.store.postings import Posting
from tests.doubles.discord_office import DiscordOffice, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya

BUTTONS_A_MESSAGE = 25


async def kept(office: DiscordOffice) -> list[int]:
    """How much the store holds that somebody could have brought about."""
    counted = [select(func.count(col(table.id))) for table in (Event, Message, Posting)]
    return await office.services.store.read(lambda session: [session.exec(each).one() for each in counted])


def leaves(commands: Any) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """What can be typed, those in groups too."""
    for each in commands:
        if isinstance(each, app_commands.Group):
            yield from leaves(each.commands)
        elif isinstance(each, app_commands.Command):
            yield each


def needed(command: app_commands.Command[Any, ..., Any], lead: int) -> dict[str, Any]:
    """Something in each field that must be filled in, and the lead where one can be said."""
    said: dict[str, Any] = {}
    for field in command.parameters:
        if field.name == "lead":
            said[field.name] = str(lead)
        elif field.required:
            whole = field.type is discord.AppCommandOptionType.integer
            said[field.name] = field.choices[0].value if field.choices else 1 if whole else "connected"
    return said


async def with_every_button(channel: Any, lead: int) -> list[tuple[Any, str]]:
    """A message of Leadbell's for each button there is, and the id of that button."""
    found = []
    every = sorted({*DOES, *OPENS})
    for first in range(0, len(every), BUTTONS_A_MESSAGE):
        actions = every[first : first + BUTTONS_A_MESSAGE]
        view = ui.View(timeout=None)
        for action in actions:
            view.add_item(ui.Button(label=action, custom_id=f"lb:{action}:{lead}"))
        message = await channel.send(view=view)
        found += [(message, f"lb:{action}:{lead}") for action in actions]
    return found


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    ("where", "says"),
    [("here", "add you to Leadbell with your Discord id"), ("elsewhere", "your company's own server, and this is another one")],
)
async def test_everybody_else_changes_nothing_by_any_command_or_button(office: DiscordOffice, where: str, says: str) -> None:
    lead = await claimed_by_maya(office)
    client = office.leadbell.client
    if where == "here":
        person, channel = office.guild.add_member(office.env.create_user("pat")), office.channel
    else:
        other = office.env.create_guild(name="Another")
        person, channel = other.add_member(office.people["maya"].user), other.create_text_channel("general")
    await office.nothing_is_owed()
    before = await kept(office)

    async def refused(result: simcord.InteractionResult, what: str) -> None:
        said = office.answer_of(result)
        assert said.ephemeral and says in read(said), what

    commands = list(leaves(client.tree.get_commands()))
    for command in commands:
        await refused(await person.slash(channel, command.qualified_name, **needed(command, lead)), command.qualified_name)
    buttons = await with_every_button(client.get_channel(channel.id), lead)
    for message, button in buttons:
        await refused(await person.click(message, custom_id=button), button)

    assert len(commands) > 30 and len(buttons) > 50
    assert await kept(office) == before
    assert "Maya Torres has it" in read(await office.card_of(lead))
