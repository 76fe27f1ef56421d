"""A referral partner is checked in with by the officer who knows them, who hears what they answer."""

from pathlib import Path

from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import office_at_work

PARTNERS = """partners:
  - {key: keller, name: Keller Realty, contact: Jo Keller, email: jo@keller.example, officer: maya}

# Routing. Rules"""


async def test_the_officer_begins_the_check_in_and_is_told_the_partners_answer(tmp_path: Path) -> None:
    changes = {"# Routing. Rules": PARTNERS}
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), emailing=True, hearing=True, changes=changes) as office:
        await office.types("maya", "/lead find keller")
        await office.hears("maya", "#1001", "Jo Keller", "referral partner")
        await office.types("maya", "/drip enroll 1001")
        await office.hears("maya", "Referral partner check-in messages to #1001 begin.")
        await office.skip(days=6)

        email = await office.email_arrives("jo@keller.example")
        assert email["subject"] == "Who to call about financing" and "Unsubscribe" in email["words"]
        await office.do("answer-email", message_id=email["message_id"], words="Let us have lunch.")
        await office.told("maya", "#1001 Jo K. emailed:", "Let us have lunch.")
