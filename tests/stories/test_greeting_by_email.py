"""Who just asked is greeted by email too where that is switched on: in the company's name, in their language, not into a conversation."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.outbound import ContactAttempt
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.shown import buttons
from tests.doubles.workplace import DANAS_EMAIL
from tests.stories.test_emails_in import mail
from tests.stories.test_emails_out import headers_of, try_again_now, waits_for_its_next_try

SWITCHED_ON = {"  # instant_reply: true             # greet by email": "  instant_reply: true  # greet by email"}


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def greeting_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, emailing=True, hearing=True, changes=SWITCHED_ON) as opened:
        yield opened


async def test_who_asks_is_greeted_in_the_companys_name_and_rings_on_all_the_same(greeting_office: Office) -> None:
    office = greeting_office

    lead = await office.lead_arrives()

    email = await office.email_arrives()
    assert email["from"] == "Acme Mortgage <loans@acme.example>" and email["subject"] == "We got your question about buying"
    assert "Thank you for asking about buying in Austin." in email["words"] and "NMLS 123456" in email["words"]
    assert headers_of(email)["Reply-To"].startswith("loans+") and email["unsubscribe"]
    await office.thread_says(lead, "Acme Mortgage to Dana R., by email: We got your question about buying")
    assert office.all(ContactAttempt) == [] and "Claim" in buttons(await office.card_of(lead))


async def test_who_asks_in_spanish_is_greeted_in_spanish(greeting_office: Office) -> None:
    await greeting_office.lead_arrives(preferred_language="Spanish")

    email = await greeting_office.email_arrives()

    assert email["subject"].startswith("Recibimos su consulta sobre") and "Hola, Dana:" in email["words"]


async def test_who_wrote_before_it_could_leave_is_not_greeted_any_more(greeting_office: Office) -> None:
    office = greeting_office
    await office.do("mailbox", address=DANAS_EMAIL, ends="later")
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.until(lambda: waits_for_its_next_try(office), "a greeting that waits for its next try")
    assert await office.a_mail_comes_in(mail("Are you open on Saturday?")) == 204
    await office.thread_says(lead, "Are you open on Saturday?")

    await office.do("mailbox", address=DANAS_EMAIL, ends="taken")
    await try_again_now(office)

    await office.thread_says(lead, "Somebody was in touch with them already, so it did not leave.")
    assert await office.emails_to() == []


async def test_who_unsubscribed_before_is_not_greeted(greeting_office: Office) -> None:
    office = greeting_office
    lead = await office.lead_arrives()
    await office.email_arrives()
    await office.borrower_answers("Unsubscribe")
    await office.thread_says(lead, "wants no more emails:")

    again = await office.lead_arrives(first_name="Rob", phone="(512) 555-0177")
    await office.card_of(again)

    assert len(await office.emails_to()) == 1


async def test_a_greeting_that_may_not_leave_stands_in_the_lead_with_why(greeting_office: Office) -> None:
    office = greeting_office
    lead = await office.lead_arrives(property_city="Guaranteed approval")
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")

    await office.types("maya", f"/lead show {lead}")

    await office.hears("maya", "no email left by itself. Its words may not leave: it promises what nobody may promise")
