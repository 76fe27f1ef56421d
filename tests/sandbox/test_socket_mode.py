"""Socket Mode as a real Bolt app meets it."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import socket_mode
from bot.sandbox.server import Sandbox
from tests.doubles.waiting import PATIENCE
from tests.sandbox.hands import People, bolt_app, button, card, connected, post_card

JSON = dict[str, Any]


async def open_socket(session: aiohttp.ClientSession, sandbox: Sandbox, **options: Any) -> aiohttp.ClientWebSocketResponse:
    headers = {"Authorization": "Bearer xapp-sandbox"}
    async with session.post(f"{sandbox.api_url}apps.connections.open", headers=headers) as response:
        url = str((await response.json())["url"])
    socket: aiohttp.ClientWebSocketResponse = await session.ws_connect(url, **options)
    return socket


async def delivered(people: People, times: int) -> None:
    """Wait until so many deliveries of events have ended, well or not."""

    async def have_ended() -> bool:
        return len(await people.deliveries("events_api")) >= times

    await people.until(have_ended)


async def test_a_press_reaches_the_app_with_all_that_slack_sends(client: AsyncWebClient, people: People) -> None:
    app = bolt_app(client)
    presses: list[JSON] = []

    @app.action("claim")
    async def claim(ack: Any, body: JSON) -> None:
        presses.append(body)
        await ack()

    async with connected(app):
        posted = await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card())
        answer = await people.press(posted["ts"])

    assert answer["acked"] and answer["ack_ms"] > 0
    (press,) = presses
    assert press["user"]["id"] == "U0MAYA" and press["user"]["team_id"] == "T0ACME"
    assert press["container"] == {"type": "message", "message_ts": posted["ts"], "channel_id": "C0LEADS", "is_ephemeral": False}
    assert press["message"]["blocks"][1]["elements"][0]["value"] == "1042"
    assert press["actions"][0]["value"] == "1042" and float(press["actions"][0]["action_ts"]) > float(posted["ts"])
    assert press["response_url"] and press["trigger_id"]


async def test_every_press_goes_to_exactly_one_of_two_sockets(client: AsyncWebClient, people: People) -> None:
    heard: list[str] = []

    def listener(name: str) -> Any:
        async def claim(ack: Any) -> None:
            heard.append(name)
            await ack()

        return claim

    first, second = bolt_app(client), bolt_app(client)
    first.action("claim")(listener("first"))
    second.action("claim")(listener("second"))

    async with connected(first), connected(second):
        posted = await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card())
        await delivered(people, 1)
        for user in ("U0MAYA", "U0LUIS", "U0PRIYA", "U0OMAR"):
            assert (await people.press(posted["ts"], user))["acked"]

    assert sorted(heard) == ["first", "first", "second", "second"]


async def test_a_press_that_nobody_acknowledges_is_told_to_the_person(
    client: AsyncWebClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "ACK_SECONDS", 0.2)
    app = bolt_app(client)

    @app.action("claim")
    async def claim() -> None:
        """Never acknowledges."""

    async with connected(app):
        posted = await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card())
        answer = await people.press(posted["ts"])

    assert not answer["acked"] and answer["ack_error"] == "timeout"
    told = (await people.messages())[-1]
    assert told["ephemeral_to"] == "U0MAYA" and "didn't respond in time" in told["text"]


async def test_an_unacknowledged_event_comes_at_once_then_after_one_and_five_minutes(
    sandbox: Sandbox, session: aiohttp.ClientSession, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "ACK_SECONDS", 0.05)
    socket = await open_socket(session, sandbox)
    assert (await socket.receive_json())["type"] == "hello"
    await people.do("message", channel="C0LEADS", user="U0MAYA", text="anyone?")

    envelopes = [await socket.receive_json(), await socket.receive_json()]
    for minutes, attempts in ((1, 2), (5, 3)):
        await delivered(people, attempts)
        await people.do("clock", advance_s=minutes * 60 - 30)
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.1)
        socket = await _again(session, sandbox, socket)
        await people.do("clock", advance_s=30)
        envelopes.append(await socket.receive_json())

    assert [envelope["retry_attempt"] for envelope in envelopes] == [0, 1, 2, 3]
    assert [envelope["retry_reason"] for envelope in envelopes] == ["", "timeout", "timeout", "timeout"]
    assert len({envelope["payload"]["event_id"] for envelope in envelopes}) == 1
    await socket.close()


async def _again(session: aiohttp.ClientSession, sandbox: Sandbox, old: aiohttp.ClientWebSocketResponse) -> aiohttp.ClientWebSocketResponse:
    """A receive that timed out leaves a client's socket unusable; the bot would reconnect too."""
    await old.close()
    socket = await open_socket(session, sandbox)
    await socket.receive_json()
    return socket


async def test_an_event_missed_while_the_bot_was_away_comes_to_its_next_life(client: AsyncWebClient, people: People) -> None:
    await people.do("message", channel="C0LEADS", user="U0MAYA", text="anyone?")
    await delivered(people, 2)
    async with connected(bolt_app(client)):
        await people.do("clock", advance_s=60)
        await delivered(people, 3)
    assert [entry["ok"] for entry in await people.deliveries("events_api")] == [False, False, True]


async def test_the_eleventh_socket_is_turned_away(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    sockets = [await open_socket(session, sandbox) for _ in range(11)]
    greetings = [await socket.receive_json() for socket in sockets]
    assert [greeting["type"] for greeting in greetings] == ["hello"] * 10 + ["disconnect"]
    assert greetings[9]["num_connections"] == 10 and greetings[10]["reason"] == "too_many_websockets"
    for socket in sockets:
        await socket.close()


async def test_a_silent_socket_answers_pings_but_carries_nothing(sandbox: Sandbox, session: aiohttp.ClientSession, people: People) -> None:
    socket = await open_socket(session, sandbox, autoping=False)
    await socket.receive_json()
    await people.do("faults", kind="silent_socket")
    await people.do("message", channel="C0LEADS", user="U0MAYA", text="anyone?")
    await socket.ping(b"are you there")
    answer = await socket.receive(timeout=PATIENCE)
    assert answer.type == aiohttp.WSMsgType.PONG and answer.data == b"are you there"
    await socket.close()


async def test_a_deaf_socket_answers_nothing_and_a_new_one_is_sound(
    sandbox: Sandbox, session: aiohttp.ClientSession, people: People
) -> None:
    deaf = await open_socket(session, sandbox, autoping=False)
    await deaf.receive_json()
    assert (await people.do("faults", kind="deaf_socket"))["connections"] == 1
    await deaf.ping(b"are you there")
    with pytest.raises(TimeoutError):
        await deaf.receive(timeout=0.2)
    sound = await open_socket(session, sandbox, autoping=False)
    assert (await sound.receive_json())["type"] == "hello"
    await sound.ping()
    assert (await sound.receive(timeout=PATIENCE)).type == aiohttp.WSMsgType.PONG
    for socket in (deaf, sound):
        await socket.close()


async def test_a_bot_that_is_asked_to_refresh_connects_anew(client: AsyncWebClient, people: People) -> None:
    app = bolt_app(client)

    @app.action("claim")
    async def claim(ack: Any) -> None:
        await ack()

    async with connected(app) as handler:
        old = handler.client.current_session
        await people.do("faults", kind="refresh_requested")

        async def is_renewed() -> bool:
            return handler.client.current_session is not old and (await people.see("state"))["app"]["connections"] == 1

        await people.until(is_renewed)
        posted = await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card(button("claim", "Claim")))
        assert (await people.press(posted["ts"]))["acked"]


async def test_a_bot_whose_socket_goes_deaf_finds_its_way_back(client: AsyncWebClient, people: People) -> None:
    app = bolt_app(client)

    @app.action("claim")
    async def claim(ack: Any) -> None:
        await ack()

    async with connected(app, ping_s=0.5) as handler:
        old = handler.client.current_session
        await people.do("faults", kind="deaf_socket")

        async def is_renewed() -> bool:
            return handler.client.current_session is not old and bool((await people.see("state"))["app"]["connections"] == 1)

        await people.until(is_renewed)
        ts = await post_card(client)

        async def is_heard() -> bool:  # on a busy machine it may take the new one for deaf, too
            return bool((await people.press(ts))["acked"])

        await people.until(is_heard)


async def test_what_the_bot_posts_comes_back_to_it_as_events(client: AsyncWebClient, people: People) -> None:
    async with connected(bolt_app(client)):
        posted = await client.chat_postMessage(channel="C0LEADS", text="A lead")
        await client.chat_update(channel="C0LEADS", ts=posted["ts"], text="A claimed lead")
        await delivered(people, 2)
    assert all(entry["ok"] for entry in await people.deliveries("events_api"))
