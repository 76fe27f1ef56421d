"""A team that shows whole names in its channel still keeps them, and every number, off the lock screen."""

from tests.doubles.shown import words
from tests.doubles.workplace import LEADS
from tests.stories.conftest import OpenOffice

UNMASKED = {"masked: true ": "masked: false"}


async def test_the_channel_reads_the_whole_name_but_no_number(changed_office: OpenOffice) -> None:
    async with changed_office(UNMASKED) as office:
        lead = await office.lead_arrives()

        card = words(await office.card_of(lead))

        assert "Dana Rowe" in card
        assert not any(personal in card for personal in ("555", "example"))


async def test_no_push_text_holds_the_whole_name(changed_office: OpenOffice) -> None:
    async with changed_office(UNMASKED) as office:
        lead = await office.lead_arrives("zillow")
        await office.card_of(lead)
        await office.told("maya", "callable till")
        await office.lead_arrives("lendingtree")
        await office.thread_says(lead, "Dana Rowe asked again")
        fresh = [message["text"] for message in await office.messages(LEADS)]
        await office.presses("maya", "Claim", lead)
        await office.card_of(lead, says="Maya Torres has it")
        await office.is_told("maya", "Yours")

        pushed = fresh + [message["text"] for place in (LEADS, "D0MAYA") for message in await office.messages(place)]

        assert len(pushed) == 6
        assert all("Dana R." in push or "is yours" in push for push in pushed)
        assert all("Rowe" not in push for push in pushed)
