"""What Slack answers when something is to be shown, and what that means for us."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import ChatTrouble, MessageGone, PlaceBroken, Refused, SlowDown, Unclear
from bot.config import Config
from bot.configuring import apply_config
from bot.handlers.slack.platform import SlackPlatform
from bot.store.installation import prepare
from bot.store.places import set_addresses
from bot.store.views import Drawing, drawing
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store

Said = tuple[int, str, dict[str, str]]
"""The status, the body and the headers of an answer."""


@pytest.fixture
def branch(tmp_path: Path, example: Config) -> Iterator[Branch]:
    store = fresh_store("sqlite", tmp_path)
    store.transact_now(prepare, "00" * 32, NOON)
    store.transact_now(apply_config, example, by="test", at=NOON, salt="test")
    yield Branch(store, NOON)
    store.close()


@asynccontextmanager
async def slack_that_says(branch: Branch, said: Said | None) -> AsyncIterator[SlackPlatform]:
    """One that says this to each post, or hangs up."""

    async def says(request: web.Request) -> web.Response:
        if said is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        status, body, headers = said
        return web.Response(status=status, text=body, headers=headers)

    slack = web.Application()
    slack.router.add_post("/api/chat.postMessage", says)
    async with TestServer(slack) as server, aiohttp.ClientSession() as session:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=str(server.make_url("/api/")), session=session)
        yield SlackPlatform(branch.services, client, session, None)


def card(branch: Branch) -> Drawing:
    """A card that is to be posted."""
    place_id = branch.place().id
    assert place_id is not None
    branch.store.transact_now(set_addresses, {place_id: "C0LEADS"})
    posting_id = branch.card(branch.new_lead()).id
    assert posting_id is not None
    return branch.store.transact_now(drawing, posting_id)


async def test_an_answer_names_the_message(branch: Branch) -> None:
    async with slack_that_says(branch, (200, '{"ok": true, "ts": "17.000100"}', {})) as platform:
        assert (await platform.show_lead(card(branch))).message_id == "17.000100"


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        ((200, '{"ok": false, "error": "message_not_found"}', {}), MessageGone),
        ((200, '{"ok": false, "error": "is_archived"}', {}), PlaceBroken),
        ((200, '{"ok": false, "error": "msg_too_long"}', {}), Refused),
        ((200, '{"ok": false, "error": "internal_error"}', {}), Unclear),
        ((503, '{"ok": false, "error": "no_such_word"}', {}), Unclear),
        ((502, "<html>Bad gateway</html>", {}), Unclear),
        ((200, "<html>Welcome to the hotel</html>", {}), Unclear),
        ((200, '["ok"]', {}), Unclear),
        ((200, "", {}), Unclear),
        ((200, '{"ok": true}', {}), Unclear),
        ((200, '{"ok": false, "error": null}', {}), Unclear),
        ((200, '{"ok": false, "error": "channel_not_found"}', {}), PlaceBroken),
        ((200, '{"ok": false, "error": "token_revoked"}', {}), PlaceBroken),
        ((200, '{"ok": false, "error": "restricted_action_read_only_channel"}', {}), PlaceBroken),
        ((200, '{"ok": false, "error": "org_login_required"}', {}), PlaceBroken),
    ],
)
async def test_a_refusal_is_told_apart_from_an_answer_that_says_nothing(branch: Branch, said: Said, trouble: type[ChatTrouble]) -> None:
    async with slack_that_says(branch, said) as platform:
        with pytest.raises(trouble):
            await platform.show_lead(card(branch))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ((429, '{"ok": false, "error": "ratelimited"}', {"Retry-After": "30"}), 30.0),
        ((429, "<html>Too many</html>", {"Retry-After": "7"}), 7.0),
        ((429, "<html>Too many</html>", {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), 1.0),
        ((200, '{"ok": false, "error": "ratelimited"}', {}), 1.0),
        ((200, '{"ok": false, "error": "rate_limited"}', {}), 1.0),
        ((429, "", {"Retry-After": "-5"}), 1.0),
        ((429, "", {"Retry-After": "nan"}), 1.0),
        ((429, "", {"Retry-After": "9" * 400}), 600.0),
    ],
)
async def test_who_is_asked_to_slow_down_is_told_for_how_long(branch: Branch, said: Said, seconds: float) -> None:
    async with slack_that_says(branch, said) as platform:
        with pytest.raises(SlowDown) as slow:
            await platform.show_lead(card(branch))
    assert slow.value.seconds == seconds


async def test_a_slack_that_hangs_up_leaves_it_unclear(branch: Branch) -> None:
    async with slack_that_says(branch, None) as platform:
        with pytest.raises(Unclear):
            await platform.show_lead(card(branch))
