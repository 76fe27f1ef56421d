"""Commands in Slack: /lead and its short forms, and the same words to Leadbell in a lead's thread. An answer is private unless shared."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import Block, button, section
from bot.handlers.slack.deliveries import delivery_of, value_of
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.words import heard, marked
from bot.leads.press import Press, press
from bot.rendering import labels
from bot.rules.commands import HELP, NoNumber, Typed, UnknownCommand, about, read
from bot.rules.roles import Action, may
from bot.rules.text import one_line
from bot.services import Services
from bot.store.events import COMPANY
from bot.store.last_opened import last_opened
from bot.store.places import KnownOfficer
from bot.store.postings import lead_of_card

_MENTIONS = re.compile(r"(?:<@\w+(?:\|[^>]*)?>\s*)+")
LONGEST_VALUE = 2000
"""What Slack lets a button carry."""
SAID_ANEW = (None, "thread_broadcast", "file_share")
"""Kinds of a message that somebody wrote just now; an edit or a deletion is of another kind."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it came: from whom, about which lead (COMPANY when about none), with which words after it.

    `trigger` opens a screen; there is none where the bot was mentioned.
    """

    services: Services
    officer: KnownOfficer
    lead: int
    words: str
    delivery: str
    client: AsyncWebClient
    trigger: str | None
    knows_owner: int | None = None  # whose lead they were asked about, and said to go ahead
    files: Sequence[dict[str, Any]] = ()  # what is attached to the message that mentioned us, as Slack describes it

    @property
    def press(self) -> Press:
        return press(self.services, self.delivery, self.lead, self.officer.id)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the one who asked is told, in mrkdwn, with what can be pressed below and what stands between."""

    words: str
    buttons: Sequence[Block] = ()
    blocks: Sequence[Block] = ()
    shared: bool = False  # the one who asked lets the channel see it


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand, as its feature's file declares it. `run` answers None when a screen answers already.

    `needs` is what a role must be allowed for the help to name it; the use-case judges itself. `short` gives it a slash of its own.
    Where nothing but a number can follow, other words never stand for the lead that was opened last; and nothing does where it must not
    be guessed which lead is meant.
    """

    name: str
    run: Callable[[Asked], Awaitable[Answer | None]]
    aliases: tuple[str, ...] = ()
    needs: Action | None = None
    about_a_lead: bool = True
    takes_words: bool = True
    guesses: bool = True
    short: bool = False


def register(app: AsyncApp, services: Services, people: People, commands: Sequence[Command]) -> None:
    desk = _Desk(services, commands)

    async def typed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            name, words = body["command"].removeprefix("/").rpartition("-")[2], heard(body.get("text") or "")
            line = words if name == "lead" else f"{name} {words}"
            await tell(respond, await desk.answer(line, officer, body, client), replace=False)

    for name in ("lead", *(command.name for command in commands if command.short)):
        app.command(re.compile(rf"^/([a-z0-9]+-)?{name}$"))(typed)  # a manifest may put a word before, as in /acme-lead

    @app.action(re.compile(r"command:\d+(:\d+)?"))
    async def chosen(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            action = body["actions"][0]
            knows_owner = int(action["action_id"].split(":")[2]) if action["action_id"].count(":") == 2 else None
            answer = await desk.answer(value_of(action), officer, body, client, knows_owner=knows_owner)
            await tell(respond, answer, replace=True)

    async def calls_us(event: dict[str, Any], context: AsyncBoltContext) -> bool:
        """Whether we are mentioned in a thread. The message itself says so for sure; of a mention with files Slack does not always tell,
        nor what they are."""
        anew = event.get("subtype") in SAID_ANEW and "thread_ts" in event
        return anew and f"<@{context.bot_user_id}" in (event.get("text") or "")

    @app.event("message", matchers=[calls_us])
    async def in_a_thread(body: dict[str, Any], client: AsyncWebClient) -> None:
        await mentioned(body, client)

    @app.event("app_mention")
    async def elsewhere(body: dict[str, Any], client: AsyncWebClient) -> None:
        if "thread_ts" not in body["event"]:
            await mentioned(body, client)

    async def mentioned(body: dict[str, Any], client: AsyncWebClient) -> None:
        event = body["event"]
        if "user" not in event or "bot_id" in event:
            return
        match await people.who(body):
            case Stranger(guest):
                answer: Answer | None = Answer(stranger_words(guest=guest))
            case KnownOfficer() as officer:
                lead = await services.store.read(lead_of_card, "slack", event["channel"], event.get("thread_ts", ""))
                line = heard(_said_to_us(event["text"])) if lead is not None else HELP
                answer = await desk.answer(line, officer, body, client, lead)
        if answer is not None:
            where = {"thread_ts": event["thread_ts"]} if "thread_ts" in event else {}
            said_here = {"channel": event["channel"], "text": answer.words, "blocks": drawn(answer), **where}
            if answer.shared:
                await client.chat_postMessage(**said_here)
            else:
                await client.chat_postEphemeral(user=event["user"], **said_here)


class _Desk:
    """Reads a line and has the right command answer it."""

    def __init__(self, services: Services, commands: Sequence[Command]) -> None:
        self._services = services
        self._commands = {command.name: command for command in (*commands, Command(HELP, self._help, about_a_lead=False))}
        self._names = {called: command.name for command in self._commands.values() for called in (command.name, *command.aliases)}
        self._about_no_lead = {command.name for command in self._commands.values() if not command.about_a_lead}

    async def answer(
        self,
        line: str,
        officer: KnownOfficer,
        body: dict[str, Any],
        client: AsyncWebClient,
        implied: int | None = None,
        *,
        knows_owner: int | None = None,
    ) -> Answer | None:
        """What comes of this line. `implied` is the lead of the thread that it was written in."""
        match read(line, self._names, self._about_no_lead):
            case UnknownCommand(word, meant, rest):
                return _did_you_mean(word, meant, about(implied, rest), officer.language)
            case NoNumber(name, said):
                return _no_number(said, name, officer.language)
            case Typed(name, number, words):
                pass
            case other:
                assert_never(other)
        command, lead = self._commands[name], COMPANY
        if command.about_a_lead:
            if words and not (number or implied or command.takes_words):
                return _no_number(words, name, officer.language)
            found = number or implied or (await self._services.store.read(last_opened, officer.id) if command.guesses else None)
            if found is None:
                return Answer(marked.say("which_lead", officer.language, command=f"lead {name}", guesses=command.guesses))
            lead = found
        trigger, files = body.get("trigger_id"), body.get("event", {}).get("files") or ()
        return await command.run(Asked(self._services, officer, lead, words, delivery_of(body), client, trigger, knows_owner, files))

    async def _help(self, asked: Asked) -> Answer:
        """What this person can type, a line each."""
        label = labels(asked.officer.language)
        lines = [
            label("command", command.name)
            for command in self._commands.values()
            if command.needs is None or may(asked.officer.role, command.needs)
        ]
        return Answer(marked.say("help", asked.officer.language, implied=False), blocks=[section("\n".join(lines))])


def run_button(label: str, line: str, place: int = 0) -> Block:
    """A button that does what this line would; `place` tells it from others beside it."""
    return button(label, f"command:{place}", line)


def go_ahead_button(language: str, line: str, owner_id: int) -> list[Block]:
    """Does what this line would, by somebody who was told that it is this owner's lead; none where a button cannot carry the line."""
    return [button(labels(language)("button", "go_ahead"), f"command:0:{owner_id}", line)] if len(line) <= LONGEST_VALUE else []


def drawn(answer: Answer) -> list[Block]:
    actions = [{"type": "actions", "elements": list(answer.buttons)}] if answer.buttons else []
    return [section(answer.words), *answer.blocks, *actions]


async def tell(respond: AsyncRespond, answer: Answer | None, *, replace: bool) -> None:
    """Answer privately, or in the channel where the one who asked shares it."""
    if answer is not None:
        told_to = "in_channel" if answer.shared else "ephemeral"
        await respond(answer.words, blocks=drawn(answer), response_type=told_to, replace_original=replace and not answer.shared)


def _said_to_us(text: str) -> str:
    """What stands after the mention, as in "hey @Leadbell log connected", or before it where nothing does."""
    before, *after = _MENTIONS.split(text, maxsplit=1)
    return "".join(after).strip() or before


def _no_number(said: str, name: str, language: str) -> Answer:
    return Answer(marked.say("no_number", language, said=one_line(said, 40), command=f"lead {name}"))


def _did_you_mean(word: str, meant: tuple[str, ...], rest: str, language: str) -> Answer:
    lines = [f"{name} {rest}".strip() for name in meant]
    buttons = [run_button(line, line, place) for place, line in enumerate(lines) if len(line) <= LONGEST_VALUE]
    return Answer(marked.say("no_such_command", language, word=one_line(word, 40), meant=list(meant)), buttons)
