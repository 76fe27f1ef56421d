"""A Slack for processes to talk to."""

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio

from bot.sandbox.server import running_sandbox
from tests.doubles.slack_channel import SlackChannel


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[SlackChannel]:
    """The sandbox's Slack, looked at from the channel where leads ring."""
    async with running_sandbox() as sandbox, aiohttp.ClientSession() as session:
        yield SlackChannel(sandbox, session)
