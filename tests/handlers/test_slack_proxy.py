"""Where a company's requests leave through a proxy, Slack is reached through it."""

import asyncio

import aiohttp
import pytest
from pydantic import SecretStr

from bot.handlers.slack.roster import slack_client
from bot.settings import Settings


async def test_slack_is_asked_through_the_proxy_of_the_environment_though_it_lies_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode().strip())
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}")

        async with slack_client(Settings(slack_bot_token=SecretStr("xoxb-1"))) as client:
            with pytest.raises(aiohttp.ClientError):
                await client.auth_test()

    assert asked == ["CONNECT slack.com:443 HTTP/1.1"]
