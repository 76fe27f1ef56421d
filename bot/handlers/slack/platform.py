"""Shows leads in Slack: posts, redraws and finds messages, and translates Slack's refusals."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import orjson
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import MessageGone, PlaceBroken, Refused, Shown, SlowDown, Unclear, digest_of, in_time
from bot.handlers.slack.cards import Block, card
from bot.handlers.slack.limits import Limits
from bot.handlers.slack.messages import line, notice
from bot.handlers.slack.sockets import Sockets
from bot.services import Services
from bot.store.places import set_conversation
from bot.store.views import Drawing
from bot.updates import Notice, Update

EVENT_TYPE = "leadbell_posting"
FOUND_WITHIN = 60
"""Seconds that Slack's clock may be behind the database's when a lost message is looked for."""
OF_ITS_CHANNEL = "chat.postMessage"
"""What Slack limits by channel, for all we can tell; everything else by workspace."""
PLAIN_BLOCKS = frozenset({"section", "actions"})

_TOO_FAST = frozenset({"ratelimited", "rate_limited"})
_GONE = frozenset({"message_not_found", "cant_update_message"})
_BROKEN = frozenset(
    {
        "channel_not_found", "is_archived", "not_in_channel", "user_not_found", "cannot_dm_bot", "user_disabled", "restricted_action",
        "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope", "no_permission",
        "team_access_not_granted", "ekm_access_denied", "access_denied", "accesslimited", "enterprise_is_restricted",
        "messages_tab_disabled", "not_allowed_token_type", "org_login_required", "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel", "team_not_found", "two_factor_setup_required", "user_is_restricted",
    }
)  # fmt: skip
_UNCLEAR = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})


def _lets_choose(blocks: list[Block]) -> bool:
    """Until such a message is sent again, Slack goes on showing what somebody chose, and lets nobody choose the same again."""
    return any(each["type"] == "static_select" for block in blocks for each in (*block.get("elements", ()), block.get("accessory", block)))


class SlackPlatform:
    """The ChatPlatform of one workspace. Without sockets, Slack comes to us over HTTP."""

    def __init__(self, services: Services, client: AsyncWebClient, session: aiohttp.ClientSession, sockets: Sockets | None) -> None:
        self._services = services
        self._client = client
        self._session = session
        self._headers = {**client.headers, "Authorization": f"Bearer {client.token}", "Content-Type": "application/json;charset=utf-8"}
        self._sockets = sockets
        self._limits = Limits()

    async def find(self, drawing: Drawing) -> str | None:
        channel = await self._channel(drawing)
        oldest = str(drawing.created_at.timestamp() - FOUND_WITHIN)
        read: dict[str, Any] = {"channel": channel, "oldest": oldest, "include_all_metadata": True, "limit": 200}
        if drawing.kind == "update":
            ask, read = self._client.conversations_replies, {**read, "ts": drawing.card_message_id}
        else:
            ask = self._client.conversations_history
        cursor: str | None = None
        while True:
            page = await self._call(ask, **read, cursor=cursor)
            for message in page["messages"]:
                if message.get("metadata", {}).get("event_payload", {}).get("posting") == drawing.posting_id:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None

    async def show_lead(self, drawing: Drawing) -> Shown:
        now = self._services.clock.now()
        words, blocks = card(drawing.lead, drawing.rings_at(now), now, handed_out=drawing.handed_out)
        began = time.monotonic()
        shown = await self._show(drawing, words, blocks)
        if self._sockets is not None and drawing.message_id is None:  # of a redraw that changes nothing Slack may not tell us
            self._sockets.posted(began)
        return shown

    async def tell(self, drawing: Drawing, update: Update) -> Shown:
        words, blocks = line(drawing, update, self._services.clock.now())
        return await self._show(drawing, words, blocks, thread_ts=drawing.card_message_id)

    async def notify(self, drawing: Drawing, told: Notice) -> Shown:
        config, now, calls = self._services.in_force.config, self._services.clock.now(), self._services.voice is not None
        words, blocks = notice(drawing, told, config.company.display_name, now, calls=calls, anyway=config.lets_call_anyway)
        return await self._show(drawing, words, blocks)

    async def remove(self, drawing: Drawing, message_id: str) -> None:
        await self._call(self._client.chat_delete, channel=await self._channel(drawing), ts=message_id)

    async def listening(self) -> bool:
        return self._sockets is None or await self._sockets.hear()

    async def _show(self, drawing: Drawing, words: str, blocks: list[Block], thread_ts: str | None = None) -> Shown:
        channel = await self._channel(drawing)
        digest = digest_of(self._services.hash_key, channel, orjson.dumps([words, blocks]))
        if drawing.message_id is not None and drawing.shows(digest) and not _lets_choose(blocks):
            return Shown(drawing.message_id, digest)
        message: dict[str, Any] = {
            "channel": channel,
            "text": words,
            "blocks": blocks,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"posting": drawing.posting_id}},
        }
        if drawing.message_id is not None:
            method = "chat.update"
            message["ts"] = drawing.message_id
        else:
            method = OF_ITS_CHANNEL
            message |= {"unfurl_links": False, "unfurl_media": False}
            if thread_ts is not None:
                message["thread_ts"] = thread_ts
        try:
            return Shown(await self._say(method, message), digest)
        except Refused as refused:
            if "invalid_blocks" not in str(refused):
                raise
            message["blocks"] = [block for block in blocks if block["type"] in PLAIN_BLOCKS]
            return Shown(await self._say(method, message), digest)

    async def _say(self, method: str, message: dict[str, Any]) -> str:
        """Send a message and return its id. Not through the SDK: its layers cost as much as everything else on the way."""
        url = f"{self._client.base_url}{method}"
        await in_time()
        began = self._limits.ask(method)
        try:
            async with self._session.post(
                url, data=orjson.dumps(message), headers=self._headers, proxy=self._client.proxy, allow_redirects=False
            ) as answer:
                said = _said(await answer.read())
        except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
            raise Unclear(type(error).__name__) from error
        if answer.status != 200 or not said.get("ok") or "ts" not in said:
            trouble = _trouble(str(said.get("error") or ""), answer.status, answer.headers)
            raise self._of_workspace(method, trouble)
        self._limits.passed(method, began)
        return str(said["ts"])

    def _of_workspace(self, method: str, trouble: Exception) -> Exception:
        if isinstance(trouble, SlowDown) and method != OF_ITS_CHANNEL:
            return self._limits.met(method, trouble.seconds)
        return trouble

    async def _channel(self, drawing: Drawing) -> str:
        """The id of the channel, or of the direct messages with a person, which are opened once."""
        spot = drawing.spot
        if spot.address is None:
            raise PlaceBroken(f"no {spot.kind} of that name was found in Slack")
        if spot.kind != "person":
            return spot.address
        if spot.conversation is None:
            answer = await self._call(self._client.conversations_open, users=spot.address)
            conversation = str(answer["channel"]["id"])
            await self._services.store.transact(set_conversation, spot.place_id, conversation)
            return conversation
        return spot.conversation

    async def _call(self, method: Callable[..., Any], **arguments: Any) -> Any:
        """Call Slack once, and turn what can go wrong into a trouble of ours."""
        name = method.__name__
        began = self._limits.ask(name)
        try:
            answered = await method(**arguments)
        except SlackApiError as error:
            answer = error.response
            trouble = _trouble(code_of(error), getattr(answer, "status_code", 0), getattr(answer, "headers", {}))
            raise self._of_workspace(name, trouble) from error
        except (SlackClientError, aiohttp.ClientError, ConnectionError, TimeoutError) as error:
            raise Unclear(type(error).__name__) from error
        self._limits.passed(name, began)
        return answered


def code_of(error: SlackApiError) -> str:
    """Slack's word for what went wrong; empty where the answer was none of Slack's, such as a page of a proxy."""
    said = getattr(error.response, "data", None)
    return str(said.get("error", "")) if isinstance(said, dict) else ""


def _said(body: bytes) -> dict[str, Any]:
    """What Slack answered; nothing where it was a page of somebody else's."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _trouble(code: str, status: int, headers: Mapping[str, str]) -> Exception:
    if status == 429 or code in _TOO_FAST:
        return SlowDown(headers.get("Retry-After"))
    if code in _GONE:
        return MessageGone(code)
    if code in _BROKEN:
        return PlaceBroken(code)
    if code in _UNCLEAR or status >= 500 or not code:
        return Unclear(code or f"status {status}")
    return Refused(code)
