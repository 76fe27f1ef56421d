"""A team that names both platforms shows its leads on both at once: one claim for both, and both cards say so within 5 seconds."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.discord_office import ON_BOTH, DiscordOffice, discord_beside, read
from tests.doubles.office import Office, office_at_work
from tests.doubles.shown import words
from tests.doubles.texts import AGREED
from tests.doubles.waiting import MACHINE, stopwatch

CONVERGED = 5.0
Both = tuple[Office, DiscordOffice]


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Both]:
    """One installation in one Slack workspace and one Discord server, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, changes=ON_BOTH) as slack:
        assert slack.services is not None
        async with discord_beside(slack.services) as discord:
            yield slack, discord


async def same_owner(slack: Office, discord: DiscordOffice, lead: int) -> str:
    """Who has the lead, as both cards say."""
    on_slack, on_discord = await slack.card_of(lead, says=" has it"), await discord.card_of(lead, says=" has it")
    [owner] = {name for name in ("Maya Torres", "Luis Ortega") if f"{name} has it" in words(on_slack)}
    assert f"{owner} has it" in read(on_discord)
    return owner


async def test_a_claim_on_one_platform_is_a_claim_on_both(both: Both) -> None:
    slack, discord = both
    lead = await slack.lead_arrives()
    await slack.card_of(lead, says="callable till")
    card = await discord.card_of(lead, says="callable till")

    async with stopwatch() as watch:
        await discord.presses("maya", card, "claim")
        assert await same_owner(slack, discord, lead) == "Maya Torres"

    assert watch.seconds < CONVERGED + MACHINE
    await slack.is_told("maya", f"Yours: #{lead}")
    await discord.is_told("maya", f"Yours: #{lead}")


async def test_two_who_claim_at_once_on_two_platforms_agree_who_has_it(both: Both) -> None:
    slack, discord = both
    lead = await slack.lead_arrives()
    await slack.card_of(lead, says="callable till")
    card = await discord.card_of(lead, says="callable till")

    async with stopwatch() as watch:
        await asyncio.gather(slack.presses("luis", "Claim", lead), discord.presses("maya", card, "claim"))
        await same_owner(slack, discord, lead)

    assert watch.seconds < CONVERGED + MACHINE


async def test_the_borrower_is_heard_in_both_threads_and_answered_from_either(both: Both) -> None:
    slack, discord = both
    lead = await slack.lead_arrives(**AGREED)
    await slack.presses("maya", "Claim", lead)
    await discord.card_of(lead, says="Maya Torres has it")

    await discord.phone.borrower_texts("Are you there?")
    await slack.thread_says(lead, "Are you there?")
    thread = await discord.thread_of(lead, says="Are you there?")
    await discord.people["maya"].slash(thread, "lead text", words="I am, Dana.")

    await slack.thread_says(lead, "I am, Dana.")
    await discord.thread_of(lead, says="I am, Dana.")
    await discord.thread_of(lead, says="Sent")
    assert discord.phone.sent == ["I am, Dana."]
