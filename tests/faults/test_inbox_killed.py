"""Leadbell is killed after a borrower's answer is kept and before it knows that it read so far: the answer is read again, and is one."""

import base64
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import aiohttp
import pytest

from bot.store.database import Store
from bot.store.events import Event
from bot.store.inbox import Inbox
from bot.store.outbound import Message
from tests.doubles.databases import fresh_postgresql
from tests.doubles.processes import running_bot
from tests.doubles.rows import rows
from tests.doubles.slack_channel import SlackChannel
from tests.doubles.waiting import until


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store(fresh_postgresql())
    yield opened
    opened.close()


async def writes(slack: SlackChannel, words: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "dana.rowe@example.com", "loans@acme.example", "Hello"
    message["Message-ID"] = f"<{words}@example.com>"
    message.set_content(words)
    body = {"raw": base64.b64encode(message.as_bytes()).decode()}
    async with aiohttp.ClientSession() as session, session.post(f"{slack.sandbox.url}/_control/incoming-email", json=body) as answer:
        answer.raise_for_status()


async def test_killed_between_an_answer_and_the_note_of_it_the_answer_is_one(store: Store, tmp_path: Path, slack: SlackChannel) -> None:
    async with running_bot(store.url.render_as_string(hide_password=False), tmp_path, slack.sandbox, at="after_mail") as bot:
        await bot.deliver(email="dana.rowe@example.com")
        await writes(slack, "first")
        await bot.died()
    assert [each.body for each in rows(store, Message) if each.direction == "in"] == ["first"]
    assert [each.last_uid for each in rows(store, Inbox)] in ([], [0])

    await writes(slack, "second")
    async with running_bot(store.url.render_as_string(hide_password=False), tmp_path, slack.sandbox):
        await until(lambda: read_so_far(store), "a mailbox that is read")

    assert [each.body for each in rows(store, Message) if each.direction == "in"] == ["first", "second"]
    assert len([event for event in rows(store, Event) if event.kind == "wrote"]) == 2


async def read_so_far(store: Store) -> bool:
    return [each.last_uid for each in rows(store, Inbox)] == [2]
