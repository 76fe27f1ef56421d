"""Leadbell is killed or stopped while a text leaves: it never leaves twice, and a worker that wakes too late sends nothing."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.store.database import Store
from bot.store.messages import deadline_is_over
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_postgresql
from tests.doubles.processes import running_bot
from tests.doubles.slack_channel import SlackChannel
from tests.doubles.texts import Texts
from tests.doubles.waiting import until

WORDS = "Only once, Dana"


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store(fresh_postgresql())
    yield opened
    opened.close()


def url_of(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def answered(store: Store) -> tuple[Texts, int]:
    """A borrower wrote, and Maya answered a moment ago: this may leave at any hour."""
    texts = Texts(Branch(store, datetime.now(UTC)))
    lead = texts.lead()
    texts.came("Are you there?")
    return texts, texts.queued(lead, WORDS)


async def sent(slack: SlackChannel) -> list[str]:
    async with aiohttp.ClientSession() as session, session.get(f"{slack.sandbox.url}/_control/texts") as answer:
        seen: list[dict[str, Any]] = (await answer.json())["texts"]
    return [text["body"] for text in seen if text["direction"] == "outbound-api"]


async def test_killed_before_the_call_the_text_is_doubted_asked_about_and_never_sent_by_itself(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with running_bot(url_of(store), tmp_path, slack.sandbox, at="before_text") as bot:
        texts, text_id = await asyncio.to_thread(answered, store)
        await bot.died()
    assert texts.status(text_id) == "sending"

    async with running_bot(url_of(store), tmp_path, slack.sandbox):
        await until(lambda: asked(texts, text_id), "a question to the network")
    assert await sent(slack) == []


@pytest.mark.fault(46)
async def test_killed_after_the_network_took_the_text_it_is_found_there_and_not_sent_again(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with running_bot(url_of(store), tmp_path, slack.sandbox, at="after_text") as bot:
        texts, text_id = await asyncio.to_thread(answered, store)
        await bot.died()
    assert texts.status(text_id) in ("sending", "sent")  # a callback may have been quicker than the end

    async with running_bot(url_of(store), tmp_path, slack.sandbox):
        await until(lambda: has_left(texts, text_id), "a text that is known to have left")
    assert await sent(slack) == [WORDS]


@pytest.mark.fault(42)
async def test_a_sender_stopped_past_its_deadline_sends_nothing_in_that_try_when_it_wakes(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with running_bot(url_of(store), tmp_path, slack.sandbox, at="before_text", sends_itself="SIGSTOP") as bot:
        texts, text_id = await asyncio.to_thread(answered, store)
        await bot.stopped()
        await until(lambda: deadline_passed(store, text_id), "the end of its deadline")

        bot.goes_on()

        await until(lambda: settled(texts, text_id), "an end of it")
    # Where it is certain that nothing left, the text is judged anew and leaves in a try of its own; else a person decides.
    left = await has_left(texts, text_id)
    assert await sent(slack) == ([WORDS] if left else [])
    assert not left or texts.row(text_id).attempts == 2


async def settled(texts: Texts, text_id: int) -> bool:
    return await asked(texts, text_id) or await has_left(texts, text_id)


async def asked(texts: Texts, text_id: int) -> bool:
    """The network was asked, and had nothing."""
    text = texts.row(text_id)
    return text.status == "uncertain" and text.attempts > 0


async def has_left(texts: Texts, text_id: int) -> bool:
    return texts.status(text_id) in ("sent", "delivered")


async def deadline_passed(store: Store, text_id: int) -> bool:
    return store.transact_now(deadline_is_over, text_id)
