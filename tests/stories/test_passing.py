"""An officer lets a lead go by, says why in one tap, and may take it back."""

import pytest

from tests.doubles.office import Office
from tests.doubles.shown import words


@pytest.mark.parametrize(
    ("reason", "whisper", "on_the_card"),
    [
        ("Busy for 15 minutes", "Passed on #1001: busy for 15 minutes.", "Passed: Luis Ortega (busy)"),
        ("Not my product", "Passed on #1001: not your product.", "Passed: Luis Ortega (not their product)"),
        ("I know them", "Passed on #1001: you know them.", "Passed: Luis Ortega (knows them)"),
    ],
)
async def test_a_pass_is_confirmed_privately_and_stands_on_the_card(office: Office, reason: str, whisper: str, on_the_card: str) -> None:
    lead = await office.lead_arrives()

    await office.presses("luis", "Pass", lead, choose=reason)

    await office.hears("luis", whisper)
    card = await office.card_of(lead, says="Passed: Luis Ortega")
    assert on_the_card.casefold() in words(card).casefold()


async def test_a_pass_can_be_undone(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("luis", "Pass", lead, choose="Not my product")
    await office.card_of(lead, says="Passed: Luis Ortega")

    await office.presses("luis", "Undo", lead)

    await office.hears("luis", "Undone. #1001 is open to you again.")
    await office.until(office.nothing_is_owed, "everything shown")
    assert "Passed" not in words(await office.card_of(lead))
    assert len(await office.whispers_to("luis")) == 1  # what stood there was replaced


async def test_who_passed_may_still_claim(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("luis", "Pass", lead, choose="Busy for 15 minutes")

    await office.presses("luis", "Claim", lead)

    await office.card_of(lead, says="Luis Ortega has it")


async def test_passing_a_lead_that_somebody_has_changes_nothing(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.slack_fault("error_5xx", method="chat.update", times=1000)  # so that Luis still sees the choice
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", f"Yours: #{lead}")

    await office.presses("luis", "Pass", lead, choose="I know them")

    await office.hears("luis", "Somebody has #1001 already, so there is nothing to pass.")


@pytest.mark.parametrize(("who", "hears"), [("cora", "As compliance you cannot do this."), ("nina", "I do not know you yet")])
async def test_who_works_no_leads_cannot_pass_one(office: Office, who: str, hears: str) -> None:
    lead = await office.lead_arrives()

    await office.presses(who, "Pass", lead, choose="I know them")

    await office.hears(who, hears)
