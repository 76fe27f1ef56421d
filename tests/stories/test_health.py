"""Health for the outside: /healthz says that the process lives, /readyz whether leads may be sent to it, and what is wrong."""

import time
from datetime import timedelta
from unittest.mock import patch

import aiohttp

from bot.settings import Mailbox
from tests.doubles.office import Office


async def test_healthz_says_that_it_lives(office: Office) -> None:
    assert await office.get("/healthz") == (200, {"alive": True})


async def test_readyz_is_content_when_the_store_and_slack_are_there(office: Office) -> None:
    await office.until(lambda: _content(office), "a Leadbell that is ready")


async def _content(office: Office) -> bool:
    return await office.get("/readyz") == (200, {"ready": True, "reasons": []})


async def test_who_comes_through_a_proxy_reads_whether_and_not_why(office: Office) -> None:
    await office.until(lambda: _content(office), "a Leadbell that is ready")

    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{office.url}/readyz", headers={"X-Forwarded-For": "203.0.113.9"}) as answer,
    ):
        assert await answer.json() == {"ready": True}


async def test_readyz_says_when_slack_does_not_reach_us(office: Office) -> None:
    await office.closes()
    await office.slack_fault("error_5xx", method="apps.connections.open", times=10_000)
    await office.opens(listening=False)
    await office.until(lambda: _signed_in(office), "a Leadbell that has signed in")

    async def unreached() -> bool:
        return await office.get("/readyz") == (200, {"ready": True, "reasons": ["slack does not reach us"]})

    await office.until(unreached, "readyz that says so")


async def _signed_in(office: Office) -> bool:
    return office.services is not None and "slack" in office.services.platforms


async def test_readyz_calls_an_officer_who_cannot_be_reached_by_the_key(office: Office) -> None:
    await office.slack_fault("token_revoked", method="conversations.open")
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)

    async def unreachable() -> list[str]:
        reasons: list[str] = (await office.get("/readyz"))[1]["reasons"]
        return reasons

    reasons = await office.until(unreachable, "a reason")
    assert reasons
    assert set(reasons) <= {f"{key} cannot be reached: token_revoked" for key in ("maya", "luis", "priya", "tess")}


async def test_readyz_names_a_mailbox_that_cannot_be_read_for_minutes_and_forgets_it_once_it_can(hearing_office: Office) -> None:
    office = hearing_office
    await office.until(lambda: _content(office), "a Leadbell that is ready")
    assert office.services is not None

    def nobody_there(_mailbox: Mailbox) -> None:
        raise ConnectionRefusedError

    async def away() -> bool:
        assert office.services is not None
        return office.services.mailbox_away_since is not None

    with patch("bot.conversation.inbox.LOOK_AGAIN_AFTER", 0.01), patch("bot.conversation.inbox.ASK_AGAIN_AFTER", 0.01):
        with patch("bot.outreach.inbox._connect", nobody_there):
            await office.do("renumber-inbox")  # it hangs up
            await office.until(away, "a mailbox that cannot be read")
            assert (await office.get("/readyz"))[1]["reasons"] == []  # a server that restarts

            office.services.mailbox_away_since = time.monotonic() - timedelta(minutes=6).total_seconds()

            told = "the mailbox cannot be read for 6 minutes: check IMAP_URL with leadbell check --live"
            assert await office.get("/readyz") == (200, {"ready": True, "reasons": [told]})
        await office.until(lambda: _content(office), "a mailbox that can be read again")
