"""A vendor's email is a lead: once however often it comes, and what nobody understands waits for a person."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.leads import Arrival, Lead
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.stories.test_emails_in import mail

VENDOR = "leads@portal.example"
LINES = "New lead!\n\nName: Dana Rowe\nPhone: (512) 555-0100\nE-mail: dana@example.com\nLoan amount: $310,000\nState: TX\n"
ADF = """<?xml version="1.0"?><?adf version="1.0"?><adf><prospect><id>77120</id><customer><contact>
<name part="first">Dana</name><phone>512 555 0100</phone></contact></customer></prospect></adf>"""
HEARS = {"    label: Zillow\n": f"    label: Zillow\n    mail_from: [{VENDOR}]\n"}


@pytest_asyncio.fixture
async def hearing_vendor(tmp_path: Path) -> AsyncIterator[Office]:
    """An office whose mailbox is read, and that knows from where a vendor writes."""
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), emailing=True, hearing=True, changes=HEARS) as opened:
        yield opened


@pytest.mark.parametrize(
    ("body", "details"),
    [
        (LINES, {"loan_amount_low": 310_000, "property_state": "TX"}),
        (ADF, {}),
        ('{"phone": "(512) 555-0100", "loan_purpose": "refinance"}', {"purpose": "refinance"}),
    ],
    ids=["lines", "adf", "json"],
)
async def test_it_rings_like_any_other(hearing_vendor: Office, body: str, details: dict[str, object]) -> None:
    office = hearing_vendor

    assert await office.a_mail_comes_in(mail(body, sender=VENDOR)) == 204

    await office.told("maya", "Zillow", "Claim")
    [lead] = office.all(Lead)
    assert lead.details.items() >= details.items()


async def test_the_same_mail_again_is_the_same_lead(hearing_vendor: Office) -> None:
    for _ in range(2):
        await hearing_vendor.a_mail_comes_in(mail(LINES, sender=VENDOR))

    assert len(hearing_vendor.all(Lead)) == len(hearing_vendor.all(Arrival)) == 1


async def test_what_nobody_understands_waits_with_who_runs_leadbell(hearing_vendor: Office) -> None:
    await hearing_vendor.a_mail_comes_in(mail("See the attached file.", sender=VENDOR))

    await hearing_vendor.told("sam", "Zillow sent 1 request that I can't read", "Look at it")


async def test_from_another_address_it_is_nobodys(hearing_vendor: Office) -> None:
    assert await hearing_vendor.a_mail_comes_in(mail(LINES, sender="leads@elsewhere.example")) == 204

    assert hearing_vendor.all(Lead) == []
