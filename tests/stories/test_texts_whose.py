"""Whose words are these? A number that fits two leads, or none, is asked about; the words of one borrower never reach another's thread."""

from tests.doubles.office import Office
from tests.doubles.shown import buttons


async def test_a_number_on_two_leads_is_asked_about_and_stands_where_it_belongs(texting_office: Office) -> None:
    office = texting_office
    danas = await office.lead_arrives()
    robs = await office.lead_arrives(first_name="Rob", email="rob@example.com")
    await office.presses("maya", "Claim", danas)
    await office.presses("luis", "Claim", robs)
    await office.told("luis", f"Yours: #{robs}")

    await office.borrower_texts("It is about the house")

    asked = await office.told("tess", "whose number is on 2 leads", "It is about the house")
    assert buttons(asked) == [f"#{robs} Rob R.", f"#{danas} Dana R.", "Another lead", "Not ours"]
    assert "the house" not in f"{await office.thread_of(danas)} {await office.thread_of(robs)}"
    await office.presses_on(asked, "tess", f"#{robs} Rob R.")

    await office.thread_says(robs, "It is about the house")
    await office.told("tess", "Whose words these are is settled")
    await office.told("luis", f"#{robs} Rob R. texted:")
    assert "the house" not in f"{await office.thread_of(danas)}"


async def test_an_unknown_number_waits_for_who_leads_and_becomes_a_co_borrowers(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)

    await office.borrower_texts("Dana's husband here", number="+15125550177")

    asked = await office.told("tess", "from a number I do not know", "Dana's husband here")
    assert buttons(asked) == ["Another lead", "Not ours"]
    await office.presses_on(asked, "tess", "Another lead")
    await office.writes_on_screen("tess", "lead", f"#{lead}")

    await office.screen_of("tess", says=f"Done: the words stand in the thread of #{lead}.")
    await office.thread_says(lead, "Dana's husband here")


async def test_what_is_not_ours_stays_out_of_every_thread(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.borrower_texts("Your parcel waits", number="+15125550178")
    asked = await office.told("tess", "Your parcel waits")

    await office.presses_on(asked, "tess", "Not ours")

    await office.hears("tess", "Done: the words stay out of every thread.")
    await office.told("tess", "Whose words these are is settled")
    assert await office.thread_of(lead) == []
