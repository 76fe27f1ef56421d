"""A referral partner is checked in with from Discord."""

from pathlib import Path

from tests.doubles.discord_office import read
from tests.doubles.mailing_office import mailing_office
from tests.stories.test_partners import PARTNERS
from tests.stories_on_discord.test_drips import typed


async def test_the_officer_begins_the_check_in(tmp_path: Path) -> None:
    async with mailing_office(tmp_path, {"# Routing. Rules": PARTNERS}) as mailing:
        office = mailing.office
        found = office.answer_of(await office.people["maya"].slash(office.channel, "lead find", name="keller"))
        assert "#1001 Jo Keller, with Maya Torres" in read(found) and "moved it to referral partner" in read(found)

        said = await typed(office, "maya", "drip enroll", lead="1001", sequence="referral_partner")
        assert "Referral partner check-in messages to #1001 begin." in said
        office.skip(days=6)

        [email] = await mailing.arrived()
        assert email["subject"] == "Who to call about financing"
        assert "You get this email because you work with us" in email["words"] and "asked about a mortgage" not in email["words"]
