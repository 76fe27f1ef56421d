"""Our token goes to Slack's own file host alone."""

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.files import contents_of, is_slacks

SLACK = "https://slack.com/api/"
STAND_IN = "http://127.0.0.1:8700/api/"


@pytest.mark.parametrize(
    ("url", "base_url", "may"),
    [
        ("https://files.slack.com/files-pri/T1-F1/me.jpg", SLACK, True),
        ("http://files.slack.com/files-pri/T1-F1/me.jpg", SLACK, False),
        ("https://files.slack.com.evil.example/me.jpg", SLACK, False),
        ("https://files.slack.com@evil.example/me.jpg", SLACK, False),
        ("https://files.slack.com:8443/me.jpg", SLACK, False),
        ("https://169.254.169.254/latest/meta-data", SLACK, False),
        ("", SLACK, False),
        ("http://127.0.0.1:8700/files-pri/F1", STAND_IN, True),
        ("http://127.0.0.1:8701/files-pri/F1", STAND_IN, False),
        ("https://files.slack.com/files-pri/T1-F1/me.jpg", STAND_IN, False),
    ],
)
def test_a_file_is_read_from_where_slack_keeps_files_and_from_nowhere_else(url: str, base_url: str, *, may: bool) -> None:
    assert is_slacks(url, base_url) is may


async def test_of_files_that_are_larger_than_they_are_said_to_be_no_more_is_read_than_may_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.slack.files.LARGEST_SENT", 10)
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=b"6 byte")

    app = web.Application()
    app.router.add_get("/{file}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    files = [{"size": 1, "url_private": f"{address}/{each}"} for each in range(5)]
    try:
        async with aiohttp.ClientSession() as session:
            read = await contents_of(AsyncWebClient("xoxb-1", base_url=f"{address}/api/", session=session), files)
    finally:
        await runner.cleanup()

    assert (read, asked) == ("files_too_large", ["/0", "/1"])
