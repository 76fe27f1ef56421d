"""Leadbell is killed after the mail server took an email and before the store knows: the same one goes again, and is one line."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.conversation.emailing import Emailed, queue_email
from bot.store.database import Store
from bot.store.events import Event
from bot.store.messages import text_row
from bot.store.outbound import ContactAttempt
from tests.doubles.branch import Branch
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


def written(store: Store) -> int:
    """Maya wrote an email to Dana a moment ago."""
    branch = Branch(store, datetime.now(UTC))
    lead = branch.new_lead(email="dana.rowe@example.com")
    branch.claim("maya", lead)
    outcome = store.transact_now(
        queue_email, branch.press("maya", lead), "Only one email", "Hi Dana", branch.services.in_force.config, on=True
    )
    assert isinstance(outcome, Emailed)
    return outcome.text_id


async def arrived(slack: SlackChannel) -> list[dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.get(f"{slack.sandbox.url}/_control/emails") as answer:
        seen: list[dict[str, Any]] = (await answer.json())["emails"]
    return seen


async def test_killed_between_the_servers_yes_and_our_commit_the_same_email_goes_again(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with running_bot(store.url.render_as_string(hide_password=False), tmp_path, slack.sandbox, at="after_email") as bot:
        email_id = await asyncio.to_thread(written, store)
        await bot.died()
    row = store.transact_now(text_row, email_id)
    assert row is not None and row.status == "sending" and len(await arrived(slack)) == 1

    async with running_bot(store.url.render_as_string(hide_password=False), tmp_path, slack.sandbox):
        await until(lambda: has_left(store, email_id), "an email that is known to have left")

    first, second = await arrived(slack)
    assert first["message_id"] == second["message_id"] == row.provider_id
    # Each process has a port of its own, and so another link to unsubscribe.
    assert first["words"].partition("Unsubscribe")[0] == second["words"].partition("Unsubscribe")[0]
    assert len([event for event in rows(store, Event) if event.kind == "emailed"]) == len(rows(store, ContactAttempt)) == 1


async def has_left(store: Store, email_id: int) -> bool:
    row = store.transact_now(text_row, email_id)
    return row is not None and row.status == "sent"
