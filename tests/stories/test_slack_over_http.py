"""Slack over signed HTTP requests instead of a socket."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import orjson
import pytest
import pytest_asyncio

from bot.sandbox.delivery import signature
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.ports import free_port
from tests.doubles.workplace import LEADS

URL_CHECK = orjson.dumps({"type": "url_verification", "challenge": "say-this-back", "token": "x"})


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), http_port=free_port()) as opened:
        yield opened


async def _sends(office: Office, body: bytes, kind: str, headers: dict[str, str]) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{office.url}/slack/events", data=body, headers={"Content-Type": kind, **headers}) as answer,
    ):
        return answer.status, await answer.text()


async def test_a_claim_over_http_is_a_claim(office: Office) -> None:
    lead = await office.lead_arrives()

    answer = await office.presses("maya", "Claim", lead)

    assert answer["acked"]
    await office.card_of(lead, says="Maya Torres has it")


async def test_slack_s_check_of_the_address_is_answered(office: Office) -> None:
    status, text = await _sends(office, URL_CHECK, "application/json", signature(URL_CHECK, int(time.time())))

    assert status == 200
    assert "say-this-back" in text


@pytest.mark.parametrize("wrong", ["unsigned", "forged", "just too old", "of the future", "other body"])
@pytest.mark.fault(62)
async def test_what_slack_did_not_sign_is_refused(office: Office, wrong: str) -> None:
    now = int(time.time())
    headers = {
        "unsigned": {},
        "forged": {**signature(URL_CHECK, now), "x-slack-signature": "v0=" + "0" * 64},
        "just too old": signature(URL_CHECK, now - 301),
        "of the future": signature(URL_CHECK, now + 900),
        "other body": signature(b"{}", now),
    }[wrong]

    status, text = await _sends(office, URL_CHECK, "application/json", headers)

    assert status == 401
    assert "say-this-back" not in text


@pytest.mark.fault(62)
async def test_what_slack_signed_within_the_last_five_minutes_is_let_in(office: Office) -> None:
    status, text = await _sends(office, URL_CHECK, "application/json", signature(URL_CHECK, int(time.time()) - 200))

    assert status == 200
    assert "say-this-back" in text


async def test_an_action_that_nobody_handles_is_taken_so_that_slack_sends_it_once(office: Office) -> None:
    payload = {
        "type": "block_actions",
        "user": {"id": "U0MAYA", "team_id": "T0ACME"},
        "team": {"id": "T0ACME"},
        "actions": [{"action_id": "unheard_of", "block_id": "b", "type": "button", "value": "1001"}],
    }
    body = urlencode({"payload": orjson.dumps(payload).decode()}).encode()

    status, _ = await _sends(office, body, "application/x-www-form-urlencoded", signature(body, int(time.time())))

    assert status == 200


@pytest.mark.fault(16, 62)
async def test_a_press_that_slack_delivers_twice_counts_once(office: Office) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    payload = {
        "type": "block_actions",
        "user": {"id": "U0MAYA", "team_id": "T0ACME"},
        "team": {"id": "T0ACME"},
        "container": {"type": "message", "message_ts": card["ts"], "channel_id": LEADS},
        "actions": [{"action_id": "claim", "block_id": f"lead:{lead}", "type": "button", "value": str(lead), "action_ts": "1.000001"}],
        "response_url": f"{office.sandbox.url}/response/nobody-has-this",
    }
    body = urlencode({"payload": orjson.dumps(payload).decode()}).encode()

    for _ in range(2):
        await _sends(office, body, "application/x-www-form-urlencoded", signature(body, int(time.time())))

    await office.is_told("maya", "Yours")
    await office.presses("nina", "Open", lead)
    await office.hears("nina", "I do not know you yet")
    assert len(await office.calls("response_url")) == 1  # nina's: maya was not told that it is already hers


@pytest.mark.fault(33, 65)
async def test_somebody_of_another_company_in_a_shared_channel_is_a_guest(office: Office) -> None:
    typed = {
        "command": "/lead",
        "text": "next",
        "user_id": "U0ELSEWHERE",
        "channel_id": LEADS,
        "trigger_id": "1.2.abc",
        "response_url": f"{office.sandbox.url}/response/nobody-has-this",
    }
    body = urlencode(typed).encode()

    await _sends(office, body, "application/x-www-form-urlencoded", signature(body, int(time.time())))

    async def told() -> str | None:
        return next((call["arguments"]["text"] for call in await office.calls("response_url")), None)

    assert (await office.until(told, "an answer")).startswith("Guests cannot work leads here.")


async def test_readyz_needs_no_socket(office: Office) -> None:
    async def content() -> bool:
        return await office.get("/readyz") == (200, {"ready": True, "reasons": []})

    await office.until(content, "a Leadbell that is ready")
