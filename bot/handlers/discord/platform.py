"""Shows leads in Discord: posts, redraws and finds messages, and translates Discord's refusals."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import orjson
import structlog
from discord import ui

from bot.chat import CardGone, MessageGone, PlaceBroken, Refused, Shown, SlowDown, Unclear, digest_of, in_time
from bot.handlers.discord.cards import card, thread_name
from bot.handlers.discord.forums import Forums
from bot.handlers.discord.layouts import Choice, drawn, posting_of
from bot.handlers.discord.messages import line, notice
from bot.handlers.discord.remembered import remember
from bot.services import Services
from bot.store.people import leaders_of
from bot.store.places import addresses_of, set_conversation
from bot.store.views import Drawing, LeadView
from bot.updates import Notice, Update, Wrote

log = structlog.get_logger()

FOUND_WITHIN = timedelta(seconds=60)
"""How far Discord's clock may be behind the database's when a lost message is looked for."""
LOOKED_THROUGH = 200
"""Messages, the oldest first, among which a lost one is looked for."""
UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, THREAD_ARCHIVED, HAS_A_THREAD = 10003, 10008, 50083, 160004


class UnknownChannel(PlaceBroken):
    """The channel, thread or post was deleted."""


def _lets_choose(view: ui.LayoutView) -> bool:
    """Until such a message is sent again, Discord goes on showing what somebody chose, and lets nobody choose the same again."""
    return any(isinstance(each, Choice) for each in view.walk_children())


class DiscordPlatform:
    """The ChatPlatform of one server. `hears` says whether some process of ours holds the gateway."""

    def __init__(self, services: Services, client: discord.Client, hears: Callable[[], Awaitable[bool]]) -> None:
        self._services = services
        self._client = client
        self._hears = hears
        self._forums = Forums(client)
        self._threads: OrderedDict[str, None] = OrderedDict()
        self._invited: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._nameless: OrderedDict[str, None] = OrderedDict()

    async def find(self, drawing: Drawing) -> str | None:
        after = drawing.created_at - FOUND_WITHIN
        where = drawing.card_message_id if drawing.kind == "update" else await self._channel(drawing)
        if where is None:
            return None
        if drawing.kind == "notice":
            where = await self._of_post(drawing, where)
        try:
            async with _troubles():
                if drawing.kind == "card" and (forum := await self._forums.at(where)):
                    return await self._forums.find(forum, drawing.lead, drawing.posting_id)
                async for message in self._place(where).history(limit=LOOKED_THROUGH, after=after, oldest_first=True):
                    if posting_of(message) == drawing.posting_id:
                        return str(message.id)
        except PlaceBroken:
            if drawing.kind != "update":
                raise
        return None  # a thread that is not there yet holds nothing

    async def show_lead(self, drawing: Drawing) -> Shown:
        now = self._services.clock.now()
        view = drawn(card(drawing.lead, drawing.rings_at(now), now, handed_out=drawing.handed_out), drawing.posting_id)
        channel = await self._channel(drawing)
        async with _troubles():
            forum = await self._forums.at(channel)
        if forum is not None:
            return await self._show_post(forum, drawing, view)
        shown = await self._show(channel, drawing, view)
        if drawing.lead.owner_id is not None:
            await self._open_thread(drawing, channel, shown.message_id)
        if drawing.lead.is_erased and drawing.message_id is not None:
            await self._take_name_away(drawing.lead, shown.message_id)
        return shown

    async def _show_post(self, forum: discord.ForumChannel, drawing: Drawing, view: ui.LayoutView) -> Shown:
        """In a forum the card is the first message of a post, which is its thread too."""
        lead, post = drawing.lead, drawing.message_id
        if post is not None:
            try:
                await self._show(post, drawing, view)
            except UnknownChannel as gone:
                raise MessageGone(str(gone)) from gone
        async with _troubles():
            if post is None:
                post = await self._forums.post(forum, lead, thread_name(lead, self._services.clock.now()), view)
            else:
                await self._forums.follow(forum, lead, post)
        if lead.owner_id is not None:
            await self._open_thread(drawing, str(forum.id), post)
        if lead.is_erased and drawing.message_id is not None:
            await self._take_name_away(lead, post)
        return Shown(post, self._digest(post, view))

    async def _take_name_away(self, lead: LeadView, thread: str) -> None:
        """The title of a thread keeps the name that it was opened with. Discord changes few titles an hour: so only of who is erased."""
        if thread in self._nameless:
            return
        name = thread_name(lead, self._services.clock.now())
        async with _troubles():
            try:
                await self._client.http.edit_channel(int(thread), name=name, archived=False)
            except discord.Forbidden:
                log.warning("a title keeps the name of somebody who is erased: let Leadbell manage threads", lead=lead.number)
            except discord.NotFound:
                log.info("a lead that is erased has no thread", lead=lead.number)
        remember(self._nameless, thread, None)

    async def tell(self, drawing: Drawing, update: Update) -> Shown:
        assert drawing.card_message_id is not None, "a line waits for its card"
        view = drawn(line(drawing, update, self._services.clock.now()), drawing.posting_id)
        calls = drawing.owner_address if isinstance(update, Wrote) else None
        thread = drawing.card_message_id
        channel = await self._channel(drawing)
        await self._thread_of(drawing, channel, thread)
        try:
            return await self._show(thread, drawing, view, calls)
        except UnknownChannel:
            self._threads.pop(thread, None)
        await self._thread_of(drawing, channel, thread)
        try:
            return await self._show(thread, drawing, view, calls)
        except UnknownChannel as gone:  # somebody deleted the thread, and Discord makes no second one of a card
            await self._forget_card(channel, thread)
            raise CardGone(str(gone)) from gone

    async def _thread_of(self, drawing: Drawing, channel: str, card: str) -> None:
        try:
            await self._open_thread(drawing, channel, card)
        except MessageGone as gone:
            raise CardGone(str(gone)) from gone

    async def _forget_card(self, channel: str, card: str) -> None:
        """Take away a card whose thread is gone, before it is posted anew. Raises PlaceBroken where the whole channel is gone."""
        self._threads.pop(card, None)
        async with _troubles():
            await self._client.fetch_channel(int(channel))
            with suppress(discord.HTTPException):
                await self._place(channel).get_partial_message(int(card)).delete()

    async def notify(self, drawing: Drawing, told: Notice) -> Shown:
        config, now, calls = self._services.in_force.config, self._services.clock.now(), self._services.voice is not None
        parts = notice(drawing, told, config.company.display_name, now, calls=calls, anyway=config.lets_call_anyway)
        where = await self._of_post(drawing, await self._channel(drawing))
        return await self._show(where, drawing, drawn(parts, drawing.posting_id))

    async def _of_post(self, drawing: Drawing, channel: str) -> str:
        """Where a message about a lead goes: in a forum to the lead's post, which comes to the top by it."""
        async with _troubles():
            forum = None if drawing.spot.kind == "person" else await self._forums.at(channel)
        if forum is None:
            return channel
        if drawing.about is None:
            raise Refused("every post of a forum is a lead")
        if drawing.card_message_id is None:
            raise Unclear("its post is not there yet")
        return drawing.card_message_id

    async def remove(self, drawing: Drawing, message_id: str) -> None:
        where = drawing.card_message_id if drawing.kind == "update" else await self._channel(drawing)
        if drawing.kind == "notice":
            where = await self._of_post(drawing, str(where))
        async with _troubles():
            if drawing.kind == "card" and await self._forums.at(str(where)):
                await self._client.http.delete_channel(int(message_id))
            else:
                await self._place(str(where)).get_partial_message(int(message_id)).delete()

    async def listening(self) -> bool:
        return await self._hears()

    async def _show(self, where: str, drawing: Drawing, view: ui.LayoutView, calls: str | None = None) -> Shown:
        """Post or redraw. `calls` is the one person whom the words may call by name aloud."""
        digest = self._digest(where, view)
        if drawing.message_id is not None and drawing.shows(digest) and not _lets_choose(view):
            return Shown(drawing.message_id, digest)
        place = self._place(where)
        # The same at each try, and another one once it was shown and somebody deleted it: else Discord would answer with what is gone.
        nonce = f"{drawing.posting_id}.{drawing.shown_version}"
        called = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(int(calls))] if calls else False)

        async def put() -> Shown:
            await in_time()
            if drawing.message_id is None:
                return Shown(str((await place.send(view=view, nonce=nonce, allowed_mentions=called)).id), digest)
            await place.get_partial_message(int(drawing.message_id)).edit(view=view, allowed_mentions=called)
            return Shown(drawing.message_id, digest)

        async with _troubles():
            try:
                return await put()
            except discord.HTTPException as error:
                if error.code != THREAD_ARCHIVED:
                    raise
                await self._client.http.edit_channel(int(where), archived=False, locked=False)
                return await put()

    def _digest(self, where: str, view: ui.LayoutView) -> str:
        components: Any = view.to_components()  # type: ignore[no-untyped-call]
        return digest_of(self._services.hash_key, where, orjson.dumps(components))

    async def _open_thread(self, drawing: Drawing, channel: str, message_id: str) -> None:
        """See that the card has its thread, whose id is the message's own, and that who works the lead is in it."""
        lead = drawing.lead
        async with _troubles():
            if message_id not in self._threads and await self._forums.at(channel) is None:
                name = thread_name(lead, self._services.clock.now())
                try:
                    await self._client.http.start_thread_with_message(int(channel), int(message_id), name=name, auto_archive_duration=10080)
                except discord.HTTPException as error:
                    if error.code != HAS_A_THREAD:
                        raise
                remember(self._threads, message_id, None)
        if lead.owner_id is not None and (message_id, lead.owner_id) not in self._invited:
            await self._invite(drawing, message_id, lead.owner_id)

    async def _invite(self, drawing: Drawing, thread: str, owner_id: int) -> None:
        leaders = await self._services.store.read(leaders_of, drawing.lead.team_id)
        for user in await self._services.store.read(addresses_of, "discord", [owner_id, *leaders]):
            async with _troubles():
                try:
                    await self._client.http.add_user_to_thread(int(thread), int(user))
                except (discord.Forbidden, discord.NotFound) as error:  # who cannot see the channel reads it elsewhere
                    log.warning("somebody could not be invited to a thread", lead=drawing.number, error=error.code)
        remember(self._invited, (thread, owner_id), None)

    def _place(self, channel: str) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(int(channel))

    async def _channel(self, drawing: Drawing) -> str:
        """The id of the channel, or of the private conversation with a person, which is opened once."""
        spot = drawing.spot
        if spot.address is None:
            raise PlaceBroken(f"no {spot.kind} of that name was found in Discord")
        if spot.kind != "person":
            return spot.address
        if spot.conversation is None:
            async with _troubles():
                opened: Any = await self._client.http.start_private_message(int(spot.address))
            conversation = str(opened["id"])
            await self._services.store.transact(set_conversation, spot.place_id, conversation)
            return conversation
        return spot.conversation


@asynccontextmanager
async def _troubles() -> AsyncIterator[None]:
    """Turn what can go wrong in Discord into a trouble of ours."""
    try:
        yield
    except discord.RateLimited as error:
        raise SlowDown(error.retry_after) from error
    except discord.HTTPException as error:
        raise trouble_of(error) from error
    except (aiohttp.ClientError, ConnectionError) as error:
        raise Unclear(type(error).__name__) from error


def trouble_of(error: discord.HTTPException) -> Exception:
    """What a refusal of Discord's means for what is to be shown. Its text may quote a borrower, so its number alone goes on."""
    said = f"status {error.status}, code {error.code}"
    if error.status == 429:
        return SlowDown(error.response.headers.get("Retry-After"))
    if error.code == UNKNOWN_MESSAGE:
        return MessageGone(said)
    if error.code == UNKNOWN_CHANNEL:
        return UnknownChannel(said)
    if error.status in (401, 403, 404):
        return PlaceBroken(said)
    if error.status >= 500:
        return Unclear(said)
    return Refused(said)
