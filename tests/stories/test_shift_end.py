"""The end of the day: leads that are still open are kept, handed over, or given to the pool."""

from datetime import time

from tests.doubles.office import Office
from tests.doubles.shown import buttons, elements
from tests.stories.conftest import OpenOffice

LATE = time(19, 40)


async def ask(office: Office, who: str = "maya", leads: int = 2) -> list[int]:
    """Leads of an officer at 7:45 pm, and the question about them."""
    await office.clock_says(LATE)
    numbers = [await office.lead_arrives(first_name=f"Lead{n}", phone=f"(512) 555-011{n}", email=None) for n in range(leads)]
    for lead in numbers:
        await office.presses(who, "Claim", lead)
        await office.told(who, f"Yours: #{lead}")
    await office.skip(minutes=5)
    await office.told(who, f"{leads} leads are still open, and your day ends in 15 minutes.")
    return numbers


async def chooses(office: Office, who: str, label: str) -> None:
    """Press it on the question."""
    question = await office.told(who, "your day ends in 15 minutes.")
    assert any(element["text"]["text"] == label for _, element in elements(question))
    await office.presses_on(question, who, label)


async def test_the_question_names_the_leads_and_who_could_take_them(office: Office) -> None:
    await ask(office)

    question = await office.told("maya", "#1001 ", "#1002 ", "purchase $310k, Austin TX")

    assert buttons(question) == ["Keep", "Hand to Priya", "Pool"]
    assert "Lead1" not in f"{question}"


async def test_keep_is_noted_on_the_question_itself(office: Office) -> None:
    await ask(office)

    await chooses(office, "maya", "Keep")

    await office.hears("maya", "You keep 2 leads. Good evening!")
    answered = await office.told("maya", "You keep 2 leads. Good evening!")
    assert buttons(answered) == []
    await office.card_of(1001, says="Maya Torres has it")


async def test_handed_over_the_cover_has_them_with_their_numbers(any_office: Office) -> None:
    office = any_office
    leads = await ask(office)

    await chooses(office, "maya", "Hand to Priya")

    await office.hears("maya", "Priya Nair has 2 leads of yours now.")
    for lead in leads:
        await office.card_of(lead, says="Priya Nair has it")
        await office.told("priya", f"Yours: #{lead}", "(512) 555-011")
    await office.told("maya", "#1001 is no longer yours")


async def test_the_pool_rings_again(office: Office) -> None:
    leads = await ask(office)

    await chooses(office, "maya", "Pool")

    await office.hears("maya", "2 leads are back in the pool. Good evening!")
    for lead in leads:
        await office.card_of(lead, says="callable till")


async def test_without_a_cover_it_is_keep_or_pool(changed_office: OpenOffice) -> None:
    south = "    manager: sam\n    team_leads: [tess]\n    time_zone: America/Denver"
    alone = {"teams: [austin, south]": "teams: austin", south: south.replace("[tess]", "[]")}  # Priya and Tess work for Austin alone
    async with changed_office(alone) as office:
        await ask(office)

        assert buttons(await office.told("maya", "your day ends in 15 minutes.")) == ["Keep", "Pool"]
