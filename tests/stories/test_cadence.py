"""A borrower who does not answer is tried again: the next try is planned, shown, nudged about, and stopping early needs a reason."""

from bot.store.events import Event
from tests.doubles.office import Office
from tests.doubles.rows import rows
from tests.doubles.shown import buttons
from tests.stories.conftest import OpenOffice


async def tried_in_vain(office: Office) -> int:
    """A lead of Maya's who did not answer at noon."""
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.types("maya", f"/log {lead} no answer")
    await office.hears("maya", f"Logged for #{lead}: No answer.", "Not reached yet. I remind you of try 2 of 12 Tuesday, ", "2:00 pm CT")
    return lead


async def test_the_next_try_is_on_the_card_and_in_the_list_and_rings_after_a_restart(any_office: Office) -> None:
    office = any_office
    lead = await tried_in_vain(office)
    await office.card_of(lead, says="Next touch: ")
    await office.types("maya", "/lead mine")
    await office.hears("maya", "Today 1", "Try 2 of 12: Tuesday, ")
    await office.closes()
    await office.do("clock", advance_s=2 * 3600 + 60)

    await office.opens()

    rung = await office.told("maya", f"#{lead} Dana R. was not reached yet. Now is a good time for try 2 of 12.")
    assert buttons(rung) == ["I'm calling", "Text", "Log", "Later", "Stop trying"]
    await office.until(office.nothing_is_owed, "everything shown")
    assert sum("try 2 of 12" in message for message in await office.direct_messages("maya")) == 1


async def test_whoever_is_reached_is_not_planned_for_any_more(office: Office) -> None:
    lead = await tried_in_vain(office)
    await office.card_of(lead, says="Next touch: ")

    await office.types("maya", f"/log {lead} connected")

    await office.thread_says(lead, "Maya Torres: Connected.")
    await office.skip(hours=3)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "Next touch" not in f"{await office.cards_of(lead)}"
    assert "good time for try" not in f"{await office.direct_messages('maya')}"


async def test_who_stops_trying_says_why_in_one_tap_and_takes_it_back(any_office: Office) -> None:
    office = any_office
    lead = await tried_in_vain(office)
    await office.skip(hours=2, minutes=1)
    await office.told("maya", "Now is a good time for try 2 of 12.")

    await office.presses_in_direct("maya", "Stop trying", lead)
    await office.hears("maya", "more tries are planned. Why stop here?")
    await office.presses("maya", "Not a loan we make", lead)

    await office.hears("maya", f"#{lead} is now lost: not a loan we make.")
    await office.thread_says(lead, "Maya Torres: now lost (not a loan we make).")
    assert office.services is not None
    [event] = [event for event in rows(office.services.store, Event) if event.kind == "staged"]
    assert event.meta["why"] == "not_our_loan"
    await office.presses_in_direct("maya", "Undo", lead)
    await office.thread_says(lead, "Maya Torres: now lost (not a loan we make). Taken back.")


async def test_a_lead_that_nobody_tried_is_not_just_lost(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")

    await office.types("maya", f"/stage {lead} lost")

    await office.hears("maya", f"#{lead} becomes lost, though nobody reached the borrower and more tries are planned. Why stop here?")


async def test_a_plan_of_the_team_s_own_in_spanish(changed_office: OpenOffice) -> None:
    before = "# A team or source with open leads"
    changes = {
        before: f"escalation_policies:\n  - key: default\n    cadence: [1, 1]\n\n{before}",
        "nmls_id: 200101\n": "nmls_id: 200101\n    language: es\n",
    }
    async with changed_office(changes) as office:
        lead = await office.lead_arrives()
        await office.types("maya", f"/lead claim {lead}")
        await office.told("maya", f"#{lead}")
        await office.types("maya", f"/log {lead} no answer")
        await office.hears("maya", "Todavía sin respuesta. Te recuerdo el intento 2 de 2 el martes")

        await office.types("maya", f"/log {lead} busy")

        await office.hears("maya", "Sin respuesta tras 2 intentos, y no hay más previstos.")
