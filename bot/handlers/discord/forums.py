"""Teams whose channel is a forum: each lead is a post of its own there, with the tag of its stage."""

import asyncio
from collections import OrderedDict
from typing import Any

import discord
import structlog
from discord import ui

from bot.handlers.discord.layouts import posting_of
from bot.handlers.discord.remembered import remember
from bot.rendering import labels
from bot.rules.stages import STAGES
from bot.rules.text import truncate
from bot.store.views import LeadView

log = structlog.get_logger()

MOST_TAGS, MOST_APPLIED, TAG = 20, 5, 20
"""What Discord lets a forum have, a post wear, and letters of a tag."""
BAD_REQUEST = 400


class Forums:
    """Knows which channels are forums. A post's id is that of its first message, which is the card."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._known: dict[str, discord.ForumChannel | None] = {}
        self._tagged: OrderedDict[str, str] = OrderedDict()
        self._naming = asyncio.Lock()

    async def at(self, channel: str) -> discord.ForumChannel | None:
        """The forum that this channel is; None where it is a channel like others."""
        if channel not in self._known:
            found = await self._client.fetch_channel(int(channel))
            self._known[channel] = found if isinstance(found, discord.ForumChannel) else None
        return self._known[channel]

    async def post(self, forum: discord.ForumChannel, lead: LeadView, name: str, view: ui.LayoutView) -> str:
        """Make the lead's post, without its tag where somebody took that away meanwhile."""
        tags = await self._tag_of(forum, lead)
        try:
            made = await forum.create_thread(name=name, view=view, applied_tags=tags, auto_archive_duration=10080)
        except discord.HTTPException as error:
            if error.status != BAD_REQUEST or not tags:
                raise
            self._known.pop(str(forum.id), None)
            made = await forum.create_thread(name=name, view=view, auto_archive_duration=10080)
        else:
            remember(self._tagged, str(made.thread.id), lead.stage)
        return str(made.thread.id)

    async def follow(self, forum: discord.ForumChannel, lead: LeadView, post: str) -> None:
        """The post wears the tag of the lead's stage, beside those that people gave it."""
        if self._tagged.get(post) == lead.stage:
            return
        tags = await self._tag_of(forum, lead)
        ours = {each.id for each in forum.available_tags if each.name in _names(lead.language).values()}
        seen: Any = await self._client.http.get_channel(int(post))
        worn = [int(each) for each in seen.get("applied_tags", ())]
        wanted = [*(tag.id for tag in tags), *(each for each in worn if each not in ours)][:MOST_APPLIED]
        if wanted != worn:
            await self._client.http.edit_channel(int(post), applied_tags=wanted)
        remember(self._tagged, post, lead.stage)

    async def find(self, forum: discord.ForumChannel, lead: LeadView, posting_id: int) -> str | None:
        """The post that an unanswered try left behind."""
        listed = await self._client.http.get_active_threads(forum.guild.id)
        for each in listed["threads"]:
            if str(each["parent_id"]) == str(forum.id) and each["name"].startswith(f"#{lead.number} "):
                first = await self._client.get_partial_messageable(int(each["id"])).fetch_message(int(each["id"]))
                if posting_of(first) == posting_id:
                    return str(each["id"])
        return None

    async def _tag_of(self, forum: discord.ForumChannel, lead: LeadView) -> list[discord.ForumTag]:
        """The tag of its stage, if the forum has it; nobody's own tags make way for ours."""
        names = _names(lead.language)
        async with self._naming:
            if missing := [name for name in names.values() if name not in {tag.name for tag in forum.available_tags}]:
                forum = await self._name(forum, missing)
        return [tag for tag in forum.available_tags if tag.name == names[lead.stage]][:1]

    async def _name(self, forum: discord.ForumChannel, missing: list[str]) -> discord.ForumChannel:
        known = self._known.get(str(forum.id)) or forum
        room = MOST_TAGS - len(known.available_tags)
        new = [discord.ForumTag(name=name) for name in missing if name not in {tag.name for tag in known.available_tags}][:room]
        if new:
            try:
                known = await known.edit(available_tags=[*known.available_tags, *new]) or known
            except discord.Forbidden:
                log.warning("the forum has no tags for stages: let Leadbell manage the channel", channel=forum.id)
            self._known[str(forum.id)] = known
        return known


def _names(language: str) -> dict[str, str]:
    return {stage: truncate(labels(language)("stage", stage), TAG) for stage in STAGES}
