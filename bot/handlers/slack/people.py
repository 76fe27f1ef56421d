"""Who pressed: a Slack user is an officer, a guest, or somebody we do not know; and where channels and officers are found."""

import asyncio
import re
import time
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreUnavailable
from bot.handlers.slack.deliveries import user_of
from bot.handlers.slack.platform import code_of
from bot.handlers.slack.words import marked
from bot.officers.leaving import note_presence
from bot.rendering import LANGUAGES
from bot.services import Services
from bot.store.places import KnownOfficer, adopt_person, officer_at, set_addresses, unfound

log = structlog.get_logger()

REMEMBERED_FOR = 60.0
"""Seconds that what Slack says of a user is taken as still true."""
NOT_OURS = ("user_not_found", "user_not_visible")
"""What Slack says of somebody of another company, in a channel that we share with it."""
_MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")


async def by_key(services: Services, words: str) -> str:
    """The words with the first person whom they mention named by key, as one who types a name would."""
    mention = _MENTION.search(words)
    if mention is None:
        return words
    found = await services.store.read(officer_at, "slack", mention[1])
    return words.replace(mention[0], found.key if found else "")


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who is no officer; `guest` when Slack says that they are from outside the company."""

    guest: bool


def stranger_words(*, guest: bool) -> str:
    """What somebody is told who is no officer."""
    said = (marked.say("guest", each) if guest else marked.say("stranger", each, discord_id=None) for each in LANGUAGES)
    return "\n\n".join(said)  # which they read, nobody knows


class People:
    """Answers who a Slack user is, at the moment of doing."""

    def __init__(self, services: Services, client: AsyncWebClient) -> None:
        self._services = services
        self._client = client
        self.workspace = ""
        self._users: dict[str, tuple[float, asyncio.Task[dict[str, Any]]]] = {}

    async def who(self, body: dict[str, Any]) -> KnownOfficer | Stranger:
        """Who is behind this payload."""
        user_id = user_of(body)
        user = await self._user(user_id)
        if user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("team_id", self.workspace) != self.workspace:
            return Stranger(guest=True)
        if user.get("deleted") or user.get("is_bot"):
            return Stranger(guest=False)
        known = await self._services.store.read(officer_at, "slack", user_id)
        if known is None and (email := (user.get("profile") or {}).get("email")):
            known = await self._services.store.transact(adopt_person, "slack", email.lower(), user_id)
        return known or Stranger(guest=False)

    async def language_of(self, body: dict[str, Any]) -> str:
        """What the one behind this payload reads, where they are one of us and the store can tell."""
        try:
            known = await self._services.store.read(officer_at, "slack", user_of(body))
        except StoreUnavailable:
            return "en"
        return known.language if known else "en"

    async def officer(self, body: dict[str, Any], respond: AsyncRespond) -> KnownOfficer | None:
        """The officer who pressed; anybody else is told, privately, why nothing happened."""
        match await self.who(body):
            case KnownOfficer() as known:
                return known
            case Stranger(guest):
                await respond(stranger_words(guest=guest), response_type="ephemeral", replace_original=False)
        return None

    async def _user(self, user_id: str) -> dict[str, Any]:
        """What Slack knows of a user, asked once however many presses wait for it."""
        asked_at, answer = self._users.get(user_id, (float("-inf"), None))
        if answer is None or time.monotonic() - asked_at > REMEMBERED_FOR or (answer.done() and answer.exception()):
            answer = asyncio.create_task(self._ask(user_id))
            self._users[user_id] = (time.monotonic(), answer)
        return await answer

    async def _ask(self, user_id: str) -> dict[str, Any]:
        try:
            answer = await self._client.users_info(user=user_id)
        except SlackApiError as error:
            if code_of(error) in NOT_OURS:
                return {"is_restricted": True}
            raise
        user: dict[str, Any] = answer["user"]
        return user


async def find_places(services: Services, client: AsyncWebClient, after: int = 0) -> int:
    """Look up the ids of channels and officers that the config names by name or email.

    Returns after whom the next look is to begin: Slack limits how many it tells at a time, and those whom it does not know may be many.
    """
    wanted = await services.store.read(unfound, "slack")
    if not wanted:
        return after
    found: dict[int, str] = {}
    names: dict[str, list[int]] = {}  # several teams may ring in one channel
    for row in wanted:
        if row.kind != "person":
            names.setdefault(row.named.removeprefix("#"), []).append(row.id)
    if names:
        cursor: str | None = None
        while cursor != "":
            page = await client.conversations_list(types="public_channel,private_channel", exclude_archived=True, limit=500, cursor=cursor)
            for channel in page["channels"]:
                found |= dict.fromkeys(names.get(channel["name"], ()), channel["id"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
    people = [row for row in wanted if row.kind == "person"]
    for row in sorted(people, key=lambda person: (person.id <= after, person.id)):
        try:
            answer = await client.users_lookupByEmail(email=row.named)
            found[row.id] = answer["user"]["id"]
        except SlackApiError as error:
            if code_of(error) != "users_not_found":
                log.warning("Slack does not tell who is who at the moment; asked again soon", error=code_of(error))
                break
        after = row.id
    await services.store.transact(set_addresses, found)
    missing = [row.named for row in wanted if row.id not in found and row.kind != "person"]
    if missing:
        log.warning("channels not found in Slack: create them, or invite Leadbell", channels=missing)
    return after


async def note_who_is_here(services: Services, client: AsyncWebClient) -> None:
    """Tell who was deactivated in Slack from who is there: an officer who left is asked about, and so is one who came back."""
    here, gone = set[str](), set[str]()
    cursor: str | None = None
    while cursor != "":
        try:
            page = await client.users_list(limit=500, cursor=cursor)
        except SlackApiError as error:
            log.warning("Slack does not tell who is here at the moment; asked again soon", error=code_of(error))
            return
        for user in page["members"]:
            (gone if user.get("deleted") else here).add(user["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
    now, salt = services.clock.now(), services.salt()
    services.owe(await services.store.transact(note_presence, "slack", here, gone, now, salt))
