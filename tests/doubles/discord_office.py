"""An office at work in Discord: a simulated server with the example company in it, and Leadbell's own store, workers and due loop."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import discord
import simcord
from simcord import actors
from simcord.backend import serializers
from simcord.enums import AppCommandType, InteractionType
from sqlmodel import col, select, update

from bot.app import services_of
from bot.calls.calling import place_next
from bot.capture.intake import Received, receive
from bot.conversation.sending import hand_over_next
from bot.conversation.tending import deliver_next, tend_next
from bot.handlers.discord.app import Discord
from bot.runner import forever
from bot.scheduling.due_loop import look_and_wait
from bot.services import Services
from bot.settings import Settings
from bot.showing import show_next
from bot.sources.generic import parse
from bot.sources.reading import read_body
from bot.store.columns import database_time
from bot.store.outbound import Message
from bot.store.people import Officer
from bot.store.places import set_addresses
from bot.store.postings import Place, Posting
from tests.doubles.configs import read_once
from tests.doubles.office import DANA, config_of, tuesday, welcome_everybody
from tests.doubles.owing import nothing_is_owed
from tests.doubles.phone import Phone
from tests.doubles.waiting import PATIENCE, until

T = TypeVar("T")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CHANNEL = "100000000000000001"
PEOPLE = ("maya", "luis", "priya", "omar", "tess", "sam", "cora")
ON_DISCORD = {
    'slack: "#leads"               #': f'discord: "{CHANNEL}"               #',
    'slack: "#all-officers"': 'discord: "100000000000000002"',
    'slack: "#leads-south"': 'discord: "100000000000000003"',
    **{
        f"email: {key}@acme.example": f'email: {key}@acme.example\n    discord: "2000000000000000{place:02}"'
        for place, key in enumerate(PEOPLE)
    },
}
"""What makes a Discord company of the example's."""
ON_BOTH = {
    old: new if old.startswith("email") else f"{new.replace('               #', '')}\n      {old}" for old, new in ON_DISCORD.items()
}
"""What puts the example's company on Discord too."""
INVITED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
    manage_threads=True,
)
"""What the invitation in docs/discord.md lets Leadbell do."""


class SetClock:
    """Shows the time that a story gave it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class DiscordOffice:
    """Made by `discord_office`. People are simulated members, `channel` is where the Austin team's cards come."""

    def __init__(
        self, services: Services, clock: SetClock, env: simcord.Env, leadbell: Discord, *, welcomed: bool, reads: bool, forum: bool
    ) -> None:
        self.is_forum = forum
        _number_posts_as_discord_does(env)
        self.welcomed, self.reads = welcomed, reads
        self.services, self.clock, self.env, self.leadbell = services, clock, env, leadbell
        self.guild = env.create_guild(name="Acme Mortgage")
        self.lets_leadbell(manage_channels=forum)
        self.channel = self.guild.create_forum_channel("leads") if forum else self.guild.create_text_channel("leads")
        self.others = [self.guild.create_text_channel(name) for name in ("all-officers", "leads-south")]
        self.phone = Phone(services)
        services.network = self.phone
        self.people = {key: self.guild.add_member(env.create_user(key)) for key in PEOPLE}

    def lets_leadbell(self, *, manage_channels: bool) -> None:
        """Leadbell may do what its invitation asks for, and this."""
        [ours] = [role for role in self.env.backend.get_guild(self.guild.id).roles.values() if role.managed]
        ours.permissions = INVITED.value | (discord.Permissions.manage_channels.flag if manage_channels else 0)

    async def moves_in(self) -> None:
        """Tell the store the ids that the simulated server gave to channels and people."""
        await self.services.store.transact(self._set_ids)

    def _set_ids(self, session: Any) -> None:
        keys = dict(session.exec(select(Officer.id, Officer.key)).all())
        places = session.exec(select(Place).where(Place.platform == "discord").order_by(col(Place.named))).all()
        channels = [place.id for place in places if place.kind != "person"]
        ids = dict(zip(channels, (str(each.id) for each in (self.channel, *self.others)), strict=True))
        ids |= {place.id: str(self.people[keys[place.officer_id]].id) for place in places if place.kind == "person"}
        set_addresses(session, ids)
        if self.welcomed:
            session.exec(update(Officer).values(welcomed_at=self.clock.now()))

    async def lead_arrives(self, source: str = "website", **changes: Any) -> int:
        """Dana's lead, except for these fields; its number."""
        fields = {name: value for name, value in {**DANA, **changes}.items() if value is not None}
        lead = parse(read_body("application/json", json.dumps(fields).encode()))
        outcome = await receive(self.services, self.services.in_force.sources[source], lead)
        assert isinstance(outcome, Received)
        return outcome.lead

    async def until(self, question: Callable[[], Awaitable[T | None]], what: str) -> T:
        """The answer, once there is one."""
        return await until(question, what, self._said)

    async def _said(self) -> str:
        """What people see last of all: a failing test shows it."""
        rooms = [self.channel, *self.channel.threads] if not self.is_forum else self.channel.threads
        seen = {f"#{each.name}": each.history() for each in rooms}
        seen |= {who: person.user.dm_channel.history() for who, person in self.people.items() if person.user.dm_channel}
        return "\n".join(f"{where}: {[read(each) for each in list(said)[-4:]]}" for where, said in seen.items())

    # What people see.

    def messages(self, where: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """What stands in a channel; in a forum, the first message of each post."""
        if where is None and self.is_forum:
            return [first for post in self.channel.threads for first in post.history() if first.id == post.id]
        return list((where or self.channel).history())

    async def card_of(self, lead: int, *, says: str = "") -> discord.Message:
        """The lead's card in the channel, once it stands there and says this."""

        async def shown() -> discord.Message | None:
            return next((each for each in self.messages() if f"{lead}" in ids_in(each) and says in read(each)), None)

        return await self.until(shown, f"a card of {lead} that says {says!r}")

    async def is_told(self, who: str, *parts: str) -> discord.Message:
        """A direct message to this person, once it is there and says all of this."""

        async def told() -> discord.Message | None:
            said = self.people[who].user.dm_channel.history()
            return next((each for each in said if all(part in read(each) for part in parts)), None)

        return await self.until(told, f"a message to {who} that says {parts}")

    async def thread_of(self, lead: int, *, says: str = "") -> simcord.ChannelHandle:
        """The thread of the lead's card, once a line in it says this."""

        async def opened() -> simcord.ChannelHandle | None:
            threads = [each for each in self.channel.threads if (each.name or "").startswith(f"#{lead} ")]
            return next((each for each in threads if not says or any(says in read(line) for line in each.history())), None)

        return await self.until(opened, f"a thread of {lead} that says {says!r}")

    async def nothing_is_owed(self) -> None:
        """Wait until all that is due by now is decided and done, and all that should be shown is shown, or was given up."""
        await self.until(partial(nothing_is_owed, self.services), "nothing owed")

    # What they do.

    async def presses(self, who: str, message: Any, action: str, what: str = "") -> simcord.InteractionResult:
        """Press the button of this action, or choose it from the list of more that can be done; `what` is how its value ends."""
        hands = self._hands(who, message)
        found = next((each for each in ids_of(message) if each.startswith(f"lb:{action}:") and each.endswith(what)), None)
        if found is None:
            wanted = [(menu, value) for menu, value in options_of(message) if value.startswith(f"{action}:") and value.endswith(what)]
            chosen: simcord.InteractionResult = await hands.select(message, [wanted[0][1]], custom_id=wanted[0][0])
            return chosen
        pressed: simcord.InteractionResult = await hands.click(message, custom_id=found)
        return pressed

    async def fills_in(self, who: str, opened: simcord.InteractionResult, **fields: Any) -> str:
        """Send off the screen that a press opened; the private answer, as people read it."""
        person = self.people[who]
        in_guild = opened._interaction.guild_id is not None  # simcord says it nowhere else
        return read(self.answer_of(await (person if in_guild else person.user).submit_modal(opened, fields)))

    async def types(self, who: str, command: str, where: simcord.ChannelHandle | None = None, **fields: Any) -> simcord.ResponseMessage:
        """Type a command into these fields, and return the private answer to it."""
        return self.answer_of(await self.people[who].slash(where or self.channel, command, **fields))

    async def offered(self, who: str, command: str, field: str, typed: str, **others: Any) -> dict[str, str]:
        """What is offered while somebody types: names by what they stand for."""
        choices = await self.people[who].autocomplete(self.channel, command, field, typed, **others)
        return {each["value"]: each["name"] for each in choices}

    async def chooses(self, who: str, message: Any, action: str, value: str) -> simcord.InteractionResult:
        found = next(each for each, offered in options_of(message) if each.startswith(f"ls:{action}:") and offered == value)
        chosen: simcord.InteractionResult = await self._hands(who, message).select(message, [value], custom_id=found)
        return chosen

    async def chooses_in_the_menu(self, who: str, message: discord.Message, name: str) -> simcord.InteractionResult:
        """Choose this in the menu of a direct message to this person. simcord offers that to members in a channel alone."""
        user, backend = self.people[who].user, self.env.backend
        root = actors._resolve_visible_command(user, message.channel.id, name, AppCommandType.MESSAGE)
        stored = serializers.message_payload(backend, backend.get_message(message.channel.id, message.id))
        data = {
            "id": root["id"], "name": root["name"], "type": AppCommandType.MESSAGE, "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): dict(stored)}},
        }  # fmt: skip
        return await actors._dispatch_actor_interaction(user, InteractionType.APPLICATION_COMMAND, user.dm_channel, data)

    @staticmethod
    def answer_of(result: simcord.InteractionResult) -> simcord.ResponseMessage:
        """The one private answer."""
        [said] = [*result.followups] or [each for each in (result.response,) if each]
        return said

    async def says_not(self, lead: int, words: str) -> bool:
        return words not in read(await self.card_of(lead))

    async def forget_that_it_was_shown(self, lead: int) -> None:
        """The answer to posting the card was lost: the store knows of a try and of no message."""
        lost = update(Posting).where(col(Posting.lead_id) == lead, col(Posting.kind) == "card")
        owed = lost.values(message_id=None, attempts=1, shown_version=0, due_at=database_time(), created_at=self.env.now())
        await self.services.store.transact(lambda session: session.exec(owed))
        self.services.owed.set()

    async def id_of(self, who: str) -> int:
        """What the store calls this officer."""
        found = await self.services.store.read(lambda session: session.exec(select(Officer.id).where(Officer.key == who)).one())
        assert found is not None
        return found

    # Time passes, and borrowers write.

    def skip(self, **span: float) -> None:
        """Let so much time pass: hours=1, minutes=5."""
        self.clock.at += timedelta(**span)
        self.services.owed.set()

    def clock_says(self, at: time) -> None:
        """That time in Austin, on the Tuesday of the story."""
        self.clock.at = tuesday(at)
        self.services.owed.set()

    async def network_is_asked_in_vain(self) -> None:
        """A minute passes for the store, in which the phone network was asked about a lost text and knew of none."""
        waiting = update(Message).where(col(Message.due_at).is_not(None)).values(lease_until=LONG_AGO)
        in_doubt = select(Message.id).where(Message.status == "uncertain", col(Message.due_at).is_(None))

        async def given_up() -> bool:
            await self.services.store.transact(lambda session: session.exec(waiting))
            self.services.owed.set()
            return await self.services.store.read(lambda session: session.exec(in_doubt).first() is not None)

        await self.until(given_up, "a text of which nobody knows")

    def _hands(self, who: str, message: Any) -> Any:
        """Whoever presses on a message to them alone does so as a user, elsewhere as a member of the server."""
        person = self.people[who]
        channel_id = message.channel.id if isinstance(message, discord.Message) else message.channel_id
        in_server = {each.id for each in (*self.guild.channels.values(), *self.channel.threads)}
        return person if channel_id in in_server else person.user

    async def restarts(self) -> None:
        """Another process of Leadbell begins where this one ended: nothing that stood in memory is left."""
        self.leadbell = _leadbell(self.services, reads=self.reads)
        await self.env.restart_bot(self.leadbell.client)
        await self.leadbell.settle_in()


def ids_of(message: Any) -> list[str]:
    """The custom ids of all that can be pressed on a message or an answer."""
    return [each["custom_id"] for each in parts_of(message) if "custom_id" in each]


def labels_of(message: Any) -> list[str]:
    """The words on all that can be pressed."""
    return [each.get("label") or each["placeholder"] for each in parts_of(message) if "custom_id" in each]


def options_of(message: Any) -> list[tuple[str, str]]:
    """What can be chosen: the custom id of each list, with the value of each of its options."""
    return [(each["custom_id"], option["value"]) for each in parts_of(message) for option in each.get("options", ())]


def ids_in(message: Any) -> set[str]:
    return {part for each in ids_of(message) for part in each.split(":")}


def parts_of(message: Any) -> list[Any]:
    """All components of a message, those inside others too, as Discord holds them."""

    def walk(components: Any) -> list[Any]:
        return [
            part
            for each in components
            for part in (each, *walk(each.get("components", ())), *walk([each["accessory"]] if "accessory" in each else []))
        ]

    return walk(each if isinstance(each, dict) else each.to_dict() for each in message.components)


def read(message: Any) -> str:
    """What a message says, as people read it: without the backslashes that keep words from being markup."""
    words = "\n".join(each["content"] for each in parts_of(message) if "content" in each)
    return re.sub(r"\\(.)", r"\1", words).replace("**", "").replace("\u2060", "")


def _number_posts_as_discord_does(env: simcord.Env) -> None:
    """The first message of a forum's post has the id of the post. simcord gives it another."""
    keep = env.backend.commit_message

    def commit(message: Any, *, broadcast: bool = True) -> Any:
        post = env.backend.get_channel(message.channel_id)
        parent = env.backend.get_channel(post.parent_id) if post.is_thread and post.parent_id else None
        if parent is not None and parent.type == discord.ChannelType.forum.value and not post.message_count:
            message.id = post.id
        return keep(message, broadcast=broadcast)

    env.backend.commit_message = commit  # type: ignore[method-assign]


def _leadbell(services: Services, *, reads: bool) -> Discord:
    leadbell = Discord(services, "token")
    if reads:
        leadbell.read_threads()
    return leadbell


@asynccontextmanager
async def discord_office(
    folder: Path,
    database_url: str,
    *,
    changes: Mapping[str, str] | None = None,
    welcomed: bool = True,
    reads: bool = False,
    forum: bool = False,
) -> AsyncIterator[DiscordOffice]:
    """The example company in Discord, on a Tuesday at noon. Its people were welcomed long ago, unless `welcomed` says no.

    With `reads` we may read what they write in threads; with `forum` the Austin team's channel is one.
    """
    config = config_of(folder, {**ON_DISCORD, **(changes or {})})
    settings = Settings.model_validate({"LEADBELL_DATABASE_URL": database_url, "LEADBELL_CONFIG": config, "DISCORD_TOKEN": "token"})
    clock = SetClock(tuesday(time(12)))
    if welcomed:
        welcome_everybody(database_url, config, clock.now())
    async with AsyncExitStack() as opened:
        with patch("bot.app.load_config", read_once):
            services = await opened.enter_async_context(services_of(settings, clock))
        leadbell = _leadbell(services, reads=reads)
        env = simcord.Env(leadbell.client, settle_timeout=PATIENCE)
        await env.start()
        office = DiscordOffice(services, clock, env, leadbell, welcomed=welcomed, reads=reads, forum=forum)
        await office.moves_in()
        await leadbell.settle_in()
        steps = [
            partial(step, services) for step in (show_next, show_next, tend_next, deliver_next, hand_over_next, place_next, look_and_wait)
        ]
        working = [asyncio.create_task(forever(step)) for step in steps]
        try:
            yield office
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
            await env.shutdown()
        env.raise_errors()


@asynccontextmanager
async def discord_beside(services: Services) -> AsyncIterator[DiscordOffice]:
    """Discord for a Leadbell that is at work already, on another platform."""
    leadbell = _leadbell(services, reads=False)
    env = simcord.Env(leadbell.client, settle_timeout=PATIENCE)
    await env.start()
    office = DiscordOffice(services, SetClock(services.clock.now()), env, leadbell, welcomed=True, reads=False, forum=False)
    await office.moves_in()
    await leadbell.settle_in()
    sending = asyncio.create_task(forever(partial(tend_next, services)))
    try:
        yield office
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await env.shutdown()
    env.raise_errors()
