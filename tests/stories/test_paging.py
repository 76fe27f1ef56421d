"""A manager who does not look at the chat is texted when a lead has waited for half an hour."""

from tests.doubles.office import Office

SAM = "+15125550106"


async def test_after_half_an_hour_the_manager_is_texted_without_a_word_about_the_borrower(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.told("maya", "callable till")

    await office.skip(minutes=30)

    async def paged() -> bool:
        return len(await office.texts_to(SAM)) == 1

    await office.until(paged, "the manager texted")
    [words] = await office.texts_to(SAM)
    assert words.startswith(f"Leadbell: nobody has taken lead #{lead} (A, purchase, TX) in 30 minutes.")
    await office.told("sam", "in 30 minutes.")
    assert await office.texts_to() == []


async def test_while_nobody_takes_it_the_manager_is_texted_again_and_then_no_more(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.told("maya", "callable till")
    for texts in (1, 2):
        await office.skip(minutes=30)

        async def paged(texts: int = texts) -> bool:
            return len(await office.texts_to(SAM)) == texts

        await office.until(paged, "the manager texted")

    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.skip(minutes=30)
    await office.until(office.nothing_is_owed, "everything shown")
    assert len(await office.texts_to(SAM)) == 2
