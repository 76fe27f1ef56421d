"""A vendor's email is a lead: once however often it comes, and what nobody understands waits for a person."""

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
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


async def test_news_under_an_id_that_was_used_reach_the_lead_and_another_borrower_under_it_is_another_lead(hearing_vendor: Office) -> None:
    first, news, other = (
        ADF,
        ADF.replace("</phone>", "</phone><email>dana@example.com</email>"),
        ADF.replace("Dana", "Tom").replace("0100", "0177"),
    )

    for body in (first, news, other):
        assert await hearing_vendor.a_mail_comes_in(mail(body, sender=VENDOR)) == 204

    assert [kept.external_id for kept in hearing_vendor.all(Arrival)] == ["77120", None]
    assert "dana@example.com" in hearing_vendor.all(Arrival)[0].record


async def test_what_nobody_understands_waits_with_who_runs_leadbell(hearing_vendor: Office) -> None:
    await hearing_vendor.a_mail_comes_in(mail("See the attached file.", sender=VENDOR))

    await hearing_vendor.told("sam", "Zillow sent 1 request that I can't read", "Look at it")


async def test_from_another_address_it_is_nobodys(hearing_vendor: Office) -> None:
    assert await hearing_vendor.a_mail_comes_in(mail(LINES, sender="leads@elsewhere.example")) == 204

    assert hearing_vendor.all(Lead) == []


PAGE = """<html><head><meta content="1.0" name="lead_information_version"><META NAME="lead_name" CONTENT="Dana Rowe">
<meta name='lead_phone' content='(512) 555-0100'><meta name="lead_message" content="Call me &amp; soon"></head>
<body><p>Phone: (800) 555-0199, our support</p></body></html>"""
ROWS = """<table><tr><td>Name</td><td>Dana Rowe</td></tr><tr><td>Phone</td><td>(512) 555-0100</td></tr>
<tr><th>Loan amount:</th><td>$310,000</td></tr></table>"""


def page(html: str) -> bytes:
    return mail("", sender=VENDOR).replace(b"text/plain", b"text/html") + html.encode()


async def test_what_a_page_says_for_programs_comes_before_its_words(hearing_vendor: Office) -> None:
    assert await hearing_vendor.a_mail_comes_in(page(PAGE)) == 204

    await hearing_vendor.told("maya", "Zillow", "Claim")
    [arrival] = hearing_vendor.all(Arrival)
    record = orjson.loads(arrival.record)
    assert (record["first_name"], record["comments"], [phone["number"] for phone in record["phones"]]) == (
        "Dana",
        "Call me & soon",
        ["+15125550100"],
    )


async def test_the_rows_of_a_table_are_lines(hearing_vendor: Office) -> None:
    await hearing_vendor.a_mail_comes_in(page(ROWS))

    await hearing_vendor.told("maya", "Zillow", "Claim")
    [lead] = hearing_vendor.all(Lead)
    assert lead.details["loan_amount_low"] == 310_000
