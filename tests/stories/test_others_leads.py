"""Somebody else's lead: an officer is refused, who leads the team is asked before, and both are judged again as it is done."""

import pytest
from sqlmodel import select

from bot.store.events import Event
from tests.doubles.office import Office
from tests.stories.test_working import stage_of


async def luiss_lead(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.presses("luis", "Claim", lead)
    await office.card_of(lead, says="Luis Ortega has it")
    return lead


async def happened(office: Office, lead: int, kind: str) -> list[str]:
    """Who did so."""
    assert office.services is not None
    wanted = select(Event.actor).where(Event.stream == lead, Event.kind == kind)
    return list(await office.services.store.read(lambda session: session.exec(wanted).all()))


LINES = {
    "logged": ("/log {} connected wants a 15-year", "Log it anyway?"),
    "staged": ("/stage {} qualified", "Move it anyway?"),
    "noted": ("/lead note {} wants a 15-year", "Keep the note anyway?"),
}
"""What is typed and asked for each event."""


@pytest.mark.parametrize("kind", LINES)
async def test_who_leads_is_asked_before_and_it_is_done_once_they_go_ahead(office: Office, kind: str) -> None:
    line, question = LINES[kind]
    lead = await luiss_lead(office)

    await office.types("tess", line.format(lead))

    await office.hears("tess", f"#{lead} is Luis Ortega's lead. {question}")
    assert await happened(office, lead, kind) == []
    await office.presses("tess", "Yes, go ahead", lead)

    await office.thread_says(lead, "Tess Lindqvist")
    assert await happened(office, lead, kind) == ["officer:tess"]


@pytest.mark.parametrize("kind", LINES)
async def test_an_officer_is_refused(office: Office, kind: str) -> None:
    line, _ = LINES[kind]
    lead = await luiss_lead(office)

    await office.types("maya", line.format(lead))

    await office.hears("maya", f"#{lead} is with Luis Ortega, so I did not change it.")
    assert await happened(office, lead, kind) == []


@pytest.mark.parametrize("kind", LINES)
async def test_a_lead_that_went_to_another_meanwhile_is_asked_about_anew(office: Office, kind: str) -> None:
    line, question = LINES[kind]
    lead = await luiss_lead(office)
    await office.types("tess", line.format(lead))
    await office.hears("tess", "Luis Ortega's lead")
    await office.presses("luis", "Give back", lead)
    await office.card_of(lead, says="callable till")
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")

    await office.presses("tess", "Yes, go ahead", lead)

    await office.hears("tess", f"#{lead} is Maya Torres's lead. {question}")
    assert await happened(office, lead, kind) == []


@pytest.mark.parametrize("kind", LINES)
async def test_who_leads_no_longer_is_refused_at_the_press(office: Office, kind: str) -> None:
    line, _ = LINES[kind]
    lead = await luiss_lead(office)
    await office.types("tess", line.format(lead))
    await office.hears("tess", "Luis Ortega's lead")
    await office.becomes("tess", "officer")

    await office.presses("tess", "Yes, go ahead", lead)

    await office.hears("tess", f"#{lead} is with Luis Ortega, so I did not change it.")
    assert await happened(office, lead, kind) == []


async def test_a_screen_asks_with_its_answers_kept_and_the_owner_is_reminded(any_office: Office) -> None:
    office = any_office
    lead = await luiss_lead(office)
    await office.types("tess", f"/log {lead}")
    await office.screen_of("tess", says="How did it go?")

    await office.fills_in("tess", disposition="Connected", note="Wants a 15-year", typed="tomorrow 9am")
    await office.screen_of("tess", says=f"#{lead} is Luis Ortega's lead. Log it anyway?")
    assert await happened(office, lead, "logged") == []
    await office.fills_in("tess", disposition="Connected", note="Wants a 15-year", typed="tomorrow 9am")

    await office.screen_of("tess", says="I remind Luis Ortega Wednesday")
    await office.thread_says(lead, "Tess Lindqvist: Connected.")
    await office.card_of(lead, says="Next touch: Wednesday")
    await office.skip(hours=21, minutes=1)
    await office.told("luis", f"You wanted to come back to #{lead}")


async def test_a_usual_result_that_is_pressed_is_asked_about_too(office: Office) -> None:
    lead = await luiss_lead(office)
    await office.types("tess", f"/log {lead} hmm")
    await office.hears("tess", "Connected")

    await office.presses("tess", "Connected", lead)
    await office.hears("tess", f"#{lead} is Luis Ortega's lead. Log it anyway?")
    await office.presses("tess", "Yes, go ahead", lead)

    await office.thread_says(lead, "Tess Lindqvist: Connected.")


async def test_a_stage_that_ends_somebody_else_s_lead_is_asked_about_twice(office: Office) -> None:
    lead = await luiss_lead(office)
    await office.types("tess", f"/stage {lead} withdrawn")
    await office.hears("tess", "Luis Ortega's lead. Move it anyway?")

    await office.presses("tess", "Yes, go ahead", lead)
    await office.presses("tess", "Yes, end it", lead)

    await office.thread_says(lead, "Tess Lindqvist: now withdrawn.")
    assert await stage_of(office, lead) == "withdrawn"


async def test_a_free_lead_is_noted_and_staged_by_who_leads_without_a_question(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)

    await office.types("tess", f"/lead note {lead} will call at noon")
    await office.thread_says(lead, "Tess Lindqvist wrote a note.")
    await office.types("tess", f"/log {lead} connected")

    await office.hears("tess", f"#{lead} is free. Claim it first.")
