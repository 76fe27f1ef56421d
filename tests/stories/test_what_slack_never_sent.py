"""Strangers who reach our port cannot speak for Slack, nor break the door that Slack comes through."""

import time
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import orjson
import pytest

from bot.sandbox.delivery import signature
from bot.settings import Settings
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.ports import free_port
from tests.doubles.workplace import LEADS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def _claim_by_maya(lead: int) -> bytes:
    payload = {
        "type": "block_actions",
        "user": {"id": "U0MAYA", "team_id": "T0ACME"},
        "team": {"id": "T0ACME"},
        "container": {"type": "message", "message_ts": "1.000001", "channel_id": LEADS},
        "actions": [{"action_id": "claim", "block_id": f"lead:{lead}", "type": "button", "value": str(lead), "action_ts": "1.000001"}],
    }
    return urlencode({"payload": orjson.dumps(payload).decode()}).encode()


async def _sends(office: Office, body: bytes | BytesIO, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession() as session, session.post(f"{office.url}/slack/events", data=body, headers=headers) as answer:
        return answer.status


async def test_a_press_over_http_counts_for_nothing_where_slack_comes_by_socket(office: Office) -> None:
    lead = await office.lead_arrives()

    status = await _sends(office, _claim_by_maya(lead), FORM)

    assert status == 404
    await office.presses("luis", "Claim", lead)
    await office.card_of(lead, says="Luis Ortega has it")


@pytest.mark.fault(61)
async def test_what_slack_did_not_sign_is_refused_before_it_is_read(tmp_path: Path) -> None:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), http_port=free_port()) as office:
        signed = signature(b"{", int(time.time()))
        for body, headers in (
            (b"{", JSON),
            (b"[" * 100_000, JSON),
            (b'payload=["list"]', FORM),
            (b"\xff\xfe", FORM),
            (b"{}", {**JSON, **signed, "x-slack-request-timestamp": "soon"}),
            (b"{}", {**JSON, **signed, "x-slack-signature": "v0=é"}),
        ):
            assert await _sends(office, body, headers) == 401, (body[:20], headers)

        assert await _sends(office, BytesIO(b"x" * (1024 * 1024 + 1)), FORM) == 413


def test_an_empty_signing_secret_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "")

    assert Settings().slack_signing_secret is None
