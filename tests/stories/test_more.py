"""Behind three dots on the owner's message: Stage, Note, Give back, Why me?"""

from tests.doubles.office import Office
from tests.doubles.shown import buttons


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    assert buttons(await office.told("maya", f"Yours: #{lead}"))[-1] == "More"
    return lead


async def test_the_stage_is_set_on_a_screen(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)

    await office.presses_in_direct("maya", "Stage", lead)
    await office.chooses_on_screen("maya", "stage", "qualified")

    await office.screen_of("maya", says=f"#{lead} is now qualified.")
    await office.thread_says(lead, "Maya Torres: now qualified.")


async def test_a_note_is_written_on_a_screen(office: Office) -> None:
    lead = await claimed_by_maya(office)

    await office.presses_in_direct("maya", "Note", lead)
    await office.writes_on_screen("maya", "note", "call her after 5")

    await office.thread_says(lead, "Maya Torres wrote a note.")


async def test_the_lead_is_given_back(office: Office) -> None:
    lead = await claimed_by_maya(office)

    await office.presses_in_direct("maya", "Give back", lead)

    await office.hears("maya", f"#{lead} is back in the pool")
    await office.card_of(lead, says="callable till")


async def test_why_me_is_answered(office: Office) -> None:
    lead = await claimed_by_maya(office)

    await office.presses_in_direct("maya", "Why me?", lead)

    await office.hears("maya", f"#{lead} rang for ", "How leads ring: ")
