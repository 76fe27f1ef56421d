"""Who goes off names a colleague: meanwhile the colleague works their leads, and whoever is back reads what happened."""

import pytest

from tests.doubles.office import Office


async def spoken_to_by_maya(office: Office) -> int:
    """A lead of Maya's whose borrower she spoke to."""
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.logs("maya", lead, "Connected")
    await office.thread_says(lead, "Maya Torres: Connected.")
    return lead


async def maya_is_off(office: Office, words: str = "until friday, cover luis") -> None:
    await office.types("maya", f"/lead off {words}")
    await office.hears("maya", "You are off until Friday, ", "Luis Ortega covers for you.")


async def test_the_cover_reads_which_leads_these_are(any_office: Office) -> None:
    lead = await spoken_to_by_maya(any_office)

    await maya_is_off(any_office, "until friday, cover <@U0LUIS>")

    await any_office.is_told("luis", "You cover for Maya Torres until Friday, ", f"#{lead} Dana R.", "no next touch")


@pytest.mark.fault(54)
async def test_what_the_borrower_writes_reaches_the_cover_who_works_the_lead_and_the_owner_hears_of_it_when_back(
    texting_office: Office,
) -> None:
    office = texting_office
    lead = await spoken_to_by_maya(office)
    await maya_is_off(office)

    await office.borrower_texts("Can we talk about the rate?")
    await office.is_told("luis", f"#{lead} Dana R. texted:", "Can we talk about the rate?")
    assert (await office.thread_says(lead, "Can we talk about the rate?")).startswith("<@U0LUIS>")
    await office.skip(minutes=10)
    await office.is_told("luis", f"#{lead} Dana R. has been waiting for an answer", "Maya Torres has not answered yet.")
    await office.types("luis", f"/log {lead} connected wants a 15-year")
    await office.hears("luis", f"#{lead}: Connected")

    await office.types("maya", "/lead on")
    await office.is_told(
        "maya", "While you were away, with Luis Ortega covering:", f"#{lead} Dana R.: Luis Ortega called; the borrower wrote"
    )
    await office.is_told("luis", "You no longer cover for Maya Torres.")


async def test_the_cover_s_list_shows_the_leads_under_a_heading_of_their_own(office: Office) -> None:
    lead = await spoken_to_by_maya(office)
    await maya_is_off(office)

    await office.types("luis", "/lead mine")

    await office.hears("luis", "Covering for a colleague", f"#{lead} Dana Rowe", "Maya Torres")


async def test_undo_ends_the_cover_too(any_office: Office) -> None:
    office = any_office
    await spoken_to_by_maya(office)
    await maya_is_off(office)
    await office.is_told("luis", "You cover for Maya Torres until Friday, ")

    await office.presses("maya", "Undo", 0)

    await office.hears("maya", "Undone. Your duty is as it was before.")
    await office.is_told("luis", "You no longer cover for Maya Torres.")


async def test_a_name_that_nobody_has_changes_nothing(office: Office) -> None:
    await office.types("maya", "/lead off until friday, cover luiz")

    await office.hears("maya", "Nothing changed, you are still on duty: ", "is called luiz.", "Did you mean Luis Ortega?")


async def test_who_is_off_too_covers_nobody(office: Office) -> None:
    await office.types("luis", "/lead off until friday")
    await office.hears("luis", "You are off until Friday")

    await office.types("maya", "/lead off until thursday, cover luis")

    await office.hears("maya", "Luis Ortega is off too, so nothing changed and you are still on duty.")
