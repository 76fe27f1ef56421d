"""A Slack for processes to talk to."""

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio

from bot.sandbox.server import running_sandbox
from tests.doubles.slack_channel import SlackChannel
from tests.doubles.unhurried import slack_is_patient


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[SlackChannel]:
    """The sandbox's Slack, looked at from the channel where leads ring."""
    with slack_is_patient():
        async with running_sandbox() as sandbox, aiohttp.ClientSession() as session:
            yield SlackChannel(sandbox, session)
