"""Words in a lead's thread that look meant for the borrower, in Discord: where we may read them, the owner is asked in private."""

import re
from functools import partial

import aiohttp
import discord
import structlog
from discord import ui

from bot.conversation import accidents
from bot.handlers.discord.answers import Answer, Asked, Does, Opens
from bot.handlers.discord.errors import reported
from bot.handlers.discord.layouts import Button, Parts, drawn, quoted
from bot.handlers.discord.noting import keep_note
from bot.handlers.discord.texting import open_text
from bot.handlers.discord.words import escape, marked, typed
from bot.leads.lead_facts import own_facts
from bot.leads.press import press
from bot.rendering import labels
from bot.rules.sms_segments import characters_over, tidy
from bot.runner import do_or_report
from bot.services import Services
from bot.store.places import KnownOfficer, officer_at
from bot.store.postings import lead_of_card

log = structlog.get_logger()

MOST_QUOTED = 3500
"""Characters, escaped, that fit beside what we say. Longer words are no text."""
SAID_ANEW = (discord.MessageType.default, discord.MessageType.reply)
_CALLS_SOMEBODY = re.compile(r"<@[!&]?\d+>|@everyone|@here")


class Overhearing:
    """Hears what people write in the threads of leads. An edit or a deletion is no new message, and never heard of."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.guild = 0

    async def heard(self, message: discord.Message) -> None:
        await do_or_report(partial(self._hear, message), _note)

    async def _hear(self, message: discord.Message) -> None:
        theirs = message.guild is not None and message.guild.id == self.guild and not message.author.bot and message.webhook_id is None
        thread = message.channel
        if not (theirs and (message.content or message.attachments) and message.type in SAID_ANEW and isinstance(thread, discord.Thread)):
            return
        if _CALLS_SOMEBODY.search(message.content):  # who names a colleague, a group or Leadbell speaks to them
            return
        read = self._services.store.read
        lead = await read(lead_of_card, "discord", str(thread.parent_id), str(thread.id))
        officer = await read(officer_at, "discord", str(message.author.id)) if lead is not None else None
        if lead is None or officer is None:
            return
        seen = await accidents.overhear(self._services, press(self._services, f"discord:{message.id}", lead, officer.id))
        if seen is not None:
            facts = {**own_facts(seen, self._services.clock.now()), "attached": "screen" if message.attachments else None}
            said = marked.say("only_your_team", officer.language, **facts)
            await _tell(message, _asks(said, lead, message.content, officer))


def _asks(said: str, lead: int, words: str, officer: KnownOfficer) -> Parts:
    """What the words can become. The message itself carries them: what is edited or deleted since changes nothing."""
    label, quote, value = labels(officer.language), escape(words), str(lead)
    if not words.strip() or len(quote) > MOST_QUOTED:
        return Parts([said])
    note = Button(label("button", "keep_as_note"), "keep_as_note", value)
    send = Button(label("button", "send_as_text"), "send_as_text", value, primary=True)
    return Parts([said, quote], [note] if characters_over(tidy(words)) else [send, note])


async def _tell(message: discord.Message, asks: Parts) -> None:
    """In a message to them alone; below their words where they take none from us."""
    try:
        await message.author.send(view=drawn(asks))
    except discord.Forbidden:
        await message.reply(view=drawn(asks), mention_author=True)


async def _note(error: Exception) -> None:
    if isinstance(error, (discord.DiscordException, aiohttp.ClientError)):
        log.warning("somebody could not be told that the borrower did not read their words", error=type(error).__name__)
    else:
        reported(error)


async def send_as_text(asked: Asked) -> ui.Modal | Answer:
    return await open_text(asked, typed(quoted(asked.message)))


async def keep_as_note(asked: Asked) -> Answer:
    return await keep_note(typed(quoted(asked.message)), asked)


DOES: dict[str, Does] = {"keep_as_note": keep_as_note}
OPENS: dict[str, Opens] = {"send_as_text": send_as_text}
