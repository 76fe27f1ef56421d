"""Leadbell is kept out of a channel in Discord: whoever runs it reads so by email, and again once the channel is open."""

import math
import time
from datetime import UTC, datetime, timedelta

from sqlmodel import update

from bot.speed_to_lead.chat_down import look_at_chat
from bot.store.postings import Place, Posting
from tests.doubles.mailing_office import MailingOffice
from tests.doubles.rows import rows


async def look_two_minutes_later(mailing: MailingOffice) -> None:
    """What waits to be shown is two minutes old, and Leadbell runs for longer; it looks whether chat works."""
    services = mailing.office.services
    then = datetime.now(UTC) - timedelta(minutes=2)
    await services.store.transact(lambda session: session.exec(update(Posting).values(created_at=then)))
    services.opened_at, services.looked_at = -math.inf, time.monotonic()
    await look_at_chat(services)


async def email_says(mailing: MailingOffice, subject: str) -> str:
    async def arrived() -> str | None:
        return next((f"{email['words']}" for email in await mailing.arrived() if email["subject"].endswith(subject)), None)

    return await mailing.office.until(arrived, f"an email about {subject!r}")


async def test_whoever_runs_leadbell_reads_of_a_channel_that_is_closed_by_email_and_when_it_is_open_again(mailing: MailingOffice) -> None:
    office = mailing.office
    office.services.network = None  # nobody can be texted
    office.env.inject_error("POST", f"/channels/{office.channel.id}/messages", status=403, times=None)
    lead = await office.lead_arrives()

    async def is_closed() -> bool:
        return any((place.broken_because or "").startswith("status 403") for place in rows(office.services.store, Place))

    await office.until(is_closed, "a channel that is closed")
    await look_two_minutes_later(mailing)

    assert "Nobody sees its leads there meanwhile." in await email_says(mailing, "in Discord is closed to Leadbell")
    await office.is_told("sam", "is closed to me, so nobody sees its leads there.")

    office.env.backend.faults.clear()
    await office.services.store.transact(lambda session: session.exec(update(Place).values(next_at=None)))
    await office.services.store.transact(lambda session: session.exec(update(Posting).values(lease_until=None)))
    office.services.owed.set()
    await office.card_of(lead)
    await office.nothing_is_owed()
    await look_at_chat(office.services)
    await email_says(mailing, "in Discord is open again")
    assert sum(email["subject"].endswith("is closed to Leadbell") for email in await mailing.arrived()) == 1
