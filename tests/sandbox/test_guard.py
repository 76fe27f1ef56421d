"""Other web pages in the same browser cannot reach the sandbox, and no garbage brings it down."""

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.hands import People


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", ["/_control/reset", "/api/chat.postMessage", "/response/x"])
async def test_what_another_site_causes_is_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, headers: dict[str, str], path: str
) -> None:
    async with session.post(sandbox.url + path, json={}, headers=headers) as response:
        assert response.status == 403


async def test_another_site_cannot_open_a_socket(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await session.ws_connect(f"{sandbox.url}/link", headers={"Origin": "https://evil.example"})


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_its_own_page_may_do_everything(sandbox: Sandbox, session: aiohttp.ClientSession, name: str) -> None:
    port = sandbox.url.rpartition(":")[2]
    headers = {"Host": f"{name}:{port}", "Origin": f"http://{name}:{port}", "Sec-Fetch-Site": "same-origin"}
    async with session.post(f"{sandbox.url}/_control/reset", json={}, headers=headers) as response:
        assert response.status == 200


async def test_the_page_may_load_nothing_from_elsewhere(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    async with session.get(sandbox.url) as response:
        assert response.status == 200 and "default-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"text=%FF%ED%A0%80", "application/x-www-form-urlencoded"),
        (b"a=b", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"text": "\\ud800"}', "application/json"),
        (b'{"text": {"a": 1}, "blocks": 7, "metadata": [], "channel": ["C0LEADS"]}', "application/json"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
    ],
)
@pytest.mark.parametrize("path", ["/api/chat.postMessage?token=xoxb-sandbox&channel=C0LEADS", "/_control/message", "/_control/interact"])
async def test_garbage_is_answered_in_json_and_never_with_a_server_error(
    sandbox: Sandbox, session: aiohttp.ClientSession, body: bytes, content_type: str, path: str
) -> None:
    async with session.post(sandbox.url + path, data=body, headers={"Content-Type": content_type}) as response:
        assert response.status < 500
        assert (await response.json())["ok"] in (True, False)


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("message", {"channel": "C0LEADS"}),
        ("message", {"channel": "C0LEADS", "user": "U0NOBODY"}),
        ("message", {"channel": "C0NOWHERE", "user": "U0MAYA"}),
        ("command", {"channel": "C0LEADS", "user": "U0MAYA"}),
        ("interact", {"channel": "C0LEADS", "user": "U0MAYA", "messageTs": "1.000000", "action": "press"}),
        ("view-submit", {"user": "U0MAYA", "view_id": "V0GONE", "values": {"a": 1}}),
        ("dance", {}),
    ],
)
async def test_what_nobody_could_do_is_refused_with_a_reason(people: People, act: str, body: dict[str, object]) -> None:
    answer = await people.do(act, **body)
    assert answer["ok"] is False and answer["error"]
