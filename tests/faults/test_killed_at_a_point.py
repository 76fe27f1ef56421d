"""Leadbell is killed, as by the power, at the worst moments of a lead's arrival. After a restart every promise holds."""

from pathlib import Path

import aiohttp
import pytest

from bot.store.database import Store
from bot.store.leads import Arrival, Lead
from bot.store.postings import Posting
from tests.doubles.databases import fresh_sqlite
from tests.doubles.processes import Bot, Point, running_bot
from tests.doubles.rows import rows
from tests.doubles.slack_channel import SlackChannel, one_card_is_shown
from tests.doubles.waiting import until


@pytest.fixture
def database(tmp_path: Path) -> str:
    return fresh_sqlite(tmp_path)


async def killed_while_a_lead_arrives(database: str, folder: Path, slack: SlackChannel, at: Point) -> None:
    """The bot dies at this point, before the sender is answered unless it is Slack's turn already."""
    async with running_bot(database, folder, slack.sandbox, at=at) as bot:
        if at == "after_post":
            await answered(bot)
        else:
            with pytest.raises(aiohttp.ClientError):
                await bot.deliver(external_id="a-1")
        await bot.died()


async def answered(bot: Bot) -> None:
    """The sender sends, for the first time or again, and is told of the one lead."""
    assert await bot.deliver(external_id="a-1") == (200, {"lead": 1001, "duplicate": False})


@pytest.mark.fault(3)
async def test_killed_before_the_commit_nothing_was_kept_and_the_retry_makes_the_lead(
    database: str, tmp_path: Path, slack: SlackChannel
) -> None:
    await killed_while_a_lead_arrives(database, tmp_path, slack, "before_commit")
    store = Store(database)
    assert rows(store, Lead) == []
    async with running_bot(database, tmp_path, slack.sandbox) as bot:
        await answered(bot)
        await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
    store.close()
    assert len(await slack.calls("chat.postMessage")) == 1


@pytest.mark.fault(4, 5)
async def test_killed_after_the_commit_the_card_is_shown_without_a_retry_and_the_retry_gets_the_answer(
    database: str, tmp_path: Path, slack: SlackChannel
) -> None:
    await killed_while_a_lead_arrives(database, tmp_path, slack, "after_commit")
    store = Store(database)
    assert len(rows(store, Arrival)) == 1 and await slack.cards() == []
    async with running_bot(database, tmp_path, slack.sandbox) as bot:
        await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
        await answered(bot)
        assert len(rows(store, Arrival)) == 1
    store.close()
    assert len(await slack.calls("chat.postMessage")) == 1


@pytest.mark.fault(19)
async def test_killed_after_slack_took_the_card_it_is_found_again_and_can_be_claimed(
    database: str, tmp_path: Path, slack: SlackChannel
) -> None:
    await killed_while_a_lead_arrives(database, tmp_path, slack, "after_post")
    store = Store(database)
    (posted,) = await slack.cards()
    assert rows(store, Posting)[0].message_id is None
    async with running_bot(database, tmp_path, slack.sandbox) as bot:
        await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
        await answered(bot)
        (card,) = await slack.cards()
        assert card["ts"] == posted["ts"]
        assert (await slack.press(card, "U0MAYA", "claim", 1001))["acked"]
        await until(lambda: claimed(slack), "a claimed card", slack.cards)
    store.close()
    assert len([call for call in await slack.calls("chat.postMessage") if call["arguments"]["channel"] == "C0LEADS"]) == 1


async def claimed(slack: SlackChannel) -> bool:
    (card,) = await slack.cards()
    return "Maya Torres" in card["text"]
