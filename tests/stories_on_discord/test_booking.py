"""Nobody is free: who leads books a time with the borrower, in Discord."""

from tests.doubles.discord_office import DiscordOffice, labels_of, read


async def test_a_booked_lead_is_quiet_until_its_time_and_then_rings_again(office: DiscordOffice) -> None:
    lead = await office.lead_arrives(property_state="NY", property_city="Albany", property_zip="12207")
    nobody = await office.is_told("tess", f"Nobody on Austin may take #{lead}")
    assert labels_of(nobody) == ["Assign", "Book a time"]

    opened = await office.presses("tess", nobody, "book")
    await office.fills_in("tess", opened, book_when="4:30pm")

    await office.card_of(lead, says="Booked for 4:30 pm CT by Tess Lindqvist")
    await office.is_told("tess", f"#{lead} is booked for", "It rings again then.")
    office.skip(hours=4, minutes=31)
    again = await office.is_told("tess", f"Nobody on Austin may take #{lead}", "Booked for 4:30 pm CT by Tess Lindqvist")
    assert labels_of(again) == ["Assign", "Book a time"]


async def test_a_time_that_cannot_be_read_is_told(office: DiscordOffice) -> None:
    lead = await office.lead_arrives(property_state="NY", property_city="Albany", property_zip="12207")
    opened = await office.presses("tess", await office.is_told("tess", f"Nobody on Austin may take #{lead}"), "book")

    told = await office.fills_in("tess", opened, book_when="when she likes")

    assert "I did not" in told or "time" in told
    assert "Booked" not in read(await office.card_of(lead))
