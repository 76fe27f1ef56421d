"""Leadbell asks Discord for the words in threads only where its portal lets it: who asks without leave is not connected at all."""

from pathlib import Path

import discord
import pytest

from tests.doubles.discord_server import running_discord, spoken_to
from tests.stories_on_discord.test_discord_in_trouble import opened_office

WORDS = discord.Intents(message_content=True).value
LEAVE = {
    "off": 0,
    "on": discord.ApplicationFlags(gateway_message_content_limited=True).value,
    "approved": discord.ApplicationFlags(gateway_message_content=True).value,
}


@pytest.mark.parametrize("leave", LEAVE)
async def test_the_switch_in_the_portal_decides(leave: str, tmp_path: Path) -> None:
    async with running_discord() as server:
        server.flags = LEAVE[leave]
        with spoken_to(server.url):
            async with opened_office(tmp_path, server) as office:
                await office.listens()
                [session] = server.listening

    assert bool(session.intents & WORDS) is (leave != "off")
