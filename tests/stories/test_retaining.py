"""A certificate of consent is retained as it arrives: only the vendor is asked, and what became of it is shown."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.certificates import Certificate
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import TRUSTEDFORM_KEY, Office, office_at_work
from tests.doubles.trustedform_server import TrustedFormServer, running_trusted_form
from tests.doubles.workplace import DANAS_EMAIL

TOKEN = "eb9fc4dd9bed9ad451a5648946cf4bf09b5bb947"
ADDRESS = f"https://cert.trustedform.com/{TOKEN}"
CONSENT = {"consent": "yes", "consent_text": "I agree that Acme Mortgage may text me.", "trustedform_url": ADDRESS}


@pytest_asyncio.fixture
async def vendor() -> AsyncIterator[TrustedFormServer]:
    async with running_trusted_form(TRUSTEDFORM_KEY) as running:
        yield running


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def any_office(request: pytest.FixtureRequest, tmp_path: Path, vendor: TrustedFormServer) -> AsyncIterator[Office]:
    """The example company with an account there, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, trustedform_url=vendor.url) as opened:
        yield opened


@pytest_asyncio.fixture
async def office(tmp_path: Path, vendor: TrustedFormServer) -> AsyncIterator[Office]:
    """The same on SQLite."""
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), trustedform_url=vendor.url) as opened:
        yield opened


async def settled(office: Office) -> Certificate:
    """The certificate, once nothing more is asked about it."""

    async def over() -> Certificate | None:
        found = [each for each in office.all(Certificate) if each.due_at is None]
        return found[0] if found else None

    return await office.until(over, "a certificate that is settled")


async def claimed(office: Office, **fields: str) -> int:
    lead = await office.lead_arrives(**{**CONSENT, **fields})
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", f"Yours: #{lead}")
    return lead


async def test_a_certificate_that_came_with_a_lead_is_retained_and_shown_so(any_office: Office, vendor: TrustedFormServer) -> None:
    office = any_office
    vendor.about[TOKEN] = (DANAS_EMAIL,)
    lead = await claimed(office)

    await settled(office)

    asked, wish = vendor.asked[-1]
    assert asked == TOKEN
    assert wish["match_lead"] == {"email": DANAS_EMAIL, "phone": "5125550100"}
    assert wish["retain"] == {"reference": str(lead), "vendor": "Website"}
    await office.types("maya", f"/lead consent {lead}")
    await office.hears("maya", "TrustedForm: retained until 4/17/2045.")
    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", "the certificate of their consent was retained")


async def test_a_day_that_no_calendar_has_is_kept_as_none(office: Office, vendor: TrustedFormServer) -> None:
    vendor.about[TOKEN], vendor.kept_until = (DANAS_EMAIL,), "9999-12-31T23:59:59-12:00"
    await claimed(office)

    kept = await settled(office)

    assert kept.retained_at is not None and kept.kept_until is None


async def test_one_about_somebody_else_is_told_with_the_reason(office: Office, vendor: TrustedFormServer) -> None:
    vendor.about[TOKEN] = ("somebody@else.example",)
    lead = await claimed(office)

    assert (await settled(office)).gave_up_because == "no_match"
    await office.types("maya", f"/lead consent {lead}")
    await office.hears("maya", "TrustedForm: could not be retained because it is about another email or phone.")


async def test_one_that_is_gone_is_told_and_given_up(any_office: Office) -> None:
    office = any_office
    lead = await claimed(office)

    assert (await settled(office)).gave_up_because == "expired"
    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", "could not be retained because there is none by this id any more")


@pytest.mark.parametrize("status", [401, 429, 503])
async def test_while_nobody_keeps_it_it_is_tried_again_after_a_pause(office: Office, vendor: TrustedFormServer, status: int) -> None:
    vendor.about[TOKEN], vendor.status = (DANAS_EMAIL,), status
    lead = await claimed(office)

    async def tried() -> bool:
        return any(each.attempts and each.lease_until is None for each in office.all(Certificate))

    await office.until(tried, "a try that failed")
    await office.types("maya", f"/lead consent {lead}")
    await office.hears("maya", "TrustedForm: link only.")
    vendor.status = None
    await office.skip(hours=1)

    assert (await settled(office)).retained_at is not None


async def test_an_address_of_anybody_else_is_never_asked(office: Office, vendor: TrustedFormServer) -> None:
    lead = await claimed(office, trustedform_url=f"{vendor.url.replace('http:', 'https:')}/{TOKEN}")

    await office.types("maya", f"/lead consent {lead}")
    await office.hears("maya", "TrustedForm: link only.")
    assert office.all(Certificate) == [] and vendor.asked == []
