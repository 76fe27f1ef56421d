"""A lead is claimed and nobody calls: its owner is reminded, warned, and at last relieved."""

import pytest

from tests.doubles.office import Office
from tests.doubles.shown import buttons
from tests.stories.test_texts_out import AGREED

NUMBER = "555-0100"


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", "Yours: #1001", NUMBER)
    return lead


async def test_the_owner_is_reminded_warned_and_relieved(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)

    await office.skip(minutes=5)
    assert buttons(await office.told("maya", "#1001 Dana R. waits for your call.")) == ["I'm calling", "Text", "Log"]
    await office.skip(minutes=8)
    assert buttons(await office.told("maya", "#1001 Dana R. goes back to the pool in 2 minutes.")) == ["Keep, I'm on it"]
    await office.skip(minutes=2)

    await office.told("maya", "#1001 went back to the pool: there was no call in time.")
    await office.thread_says(lead, "Maya Torres did not get to it in time. It is free to claim.")
    assert buttons(await office.card_of(lead, says="callable till")) == ["Claim", "Pass"]
    await office.told("maya", "no longer yours, so the number is hidden here")
    await office.until(office.nothing_is_owed, "everything shown")
    assert NUMBER not in f"{await office.direct_messages('maya')}"


async def test_no_automatic_text_stops_the_owners_clock(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.do("phone", confirms=False)
    await office.borrower_texts("HELP")

    async def answered_by_itself() -> bool:
        return bool(await office.texts_to())

    await office.until(answered_by_itself, "our automatic answer")
    await office.skip(minutes=5)
    await office.told("maya", f"#{lead} Dana R. waits for your call")

    await office.skip(minutes=10)

    await office.thread_says(lead, "Maya Torres did not get to it in time")


async def test_it_rings_for_the_others_and_their_old_rings_give_way(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.told("luis", "callable till")
    await office.presses("maya", "Claim", lead)
    await office.told("luis", "Maya Torres took #1001")

    await office.skip(minutes=15)

    await office.told("tess", "callable till")
    old = await office.told("luis", "#1001 rang again since")
    new = await office.told("luis", "callable till")
    assert (buttons(old), buttons(new)) == ([], ["Claim", "Pass"])
    await office.until(office.nothing_is_owed, "everything shown")
    assert not any("Claim" in buttons(message) for message in await office.messages("D0MAYA"))
    await office.presses_in_direct("luis", "Claim", lead)
    await office.card_of(lead, says="Luis Ortega has it")


async def test_keep_holds_it_and_the_warning_is_over(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.skip(minutes=13)
    await office.told("maya", "goes back to the pool in 2 minutes")

    await office.presses_in_direct("maya", "Keep, I'm on it", lead)

    await office.hears("maya", "#1001 is safe for 30 minutes")
    await office.told("maya", "#1001: done, thank you.")
    await office.presses_in_direct("maya", "I'm calling", lead)
    await office.hears("maya", "#1001 is safe for 30 minutes, then I ask")
    await office.skip(minutes=10)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "goes back" not in f"{await office.direct_messages('maya')}"
    await office.card_of(lead, says="Maya Torres has it")
    await office.skip(minutes=20)
    asked = await office.told("maya", "How did it go with #1001")
    assert buttons(asked) == ["Connected", "Left a voicemail", "No answer", "Still on"]
    await office.presses_in_direct("maya", "I'm calling", lead)
    await office.hears("maya", "You held #1001 once already, so its clock runs on. Any try stops it")
    await office.presses_in_direct("maya", "Still on", lead)

    async def answered() -> bool:
        return "How did it go" not in f"{await office.direct_messages('maya')}"

    await office.until(answered, "the question answered")
    await office.skip(minutes=30)
    asked = await office.told("maya", "How did it go with #1001")
    assert buttons(asked) == ["Connected", "Left a voicemail", "No answer"]


async def test_a_lead_given_back_and_claimed_anew_has_a_clock_of_its_own(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.skip(minutes=4)
    await office.presses("maya", "Give back", lead)
    await office.card_of(lead, says="callable till")
    await office.presses("luis", "Claim", lead)
    await office.card_of(lead, says="Luis Ortega has it")

    await office.skip(minutes=4)
    await office.until(office.nothing_is_owed, "everything shown")

    assert "waits for your call" not in f"{await office.direct_messages('luis')}"
    await office.skip(minutes=1)
    await office.told("luis", "waits for your call")


async def test_an_owner_who_is_there_hears_that_the_borrower_asked_again(office: Office) -> None:
    lead = await office.lead_arrives("zillow")
    await office.presses("maya", "Claim", lead)
    await office.told("maya", "Yours")
    await office.skip(minutes=12)

    await office.lead_arrives("lendingtree")

    told = await office.told("maya", "Dana R. asked again: LendingTree, 12 min after Zillow.")
    assert buttons(told) == ["I'm calling", "Text", "Log"]
    await office.skip(minutes=12)  # a fresh clock
    await office.until(office.nothing_is_owed, "everything shown")
    await office.card_of(lead, says="Maya Torres has it")


@pytest.mark.parametrize("result", ["Not interested", "Already has a lender"])
async def test_a_lead_that_had_ended_begins_again_when_the_borrower_asks_again(office: Office, result: str) -> None:
    lead = await office.lead_arrives("zillow")
    await office.presses("maya", "Claim", lead)
    await office.logs("maya", lead, result)
    await office.thread_says(lead, f"Maya Torres: {result}.")

    await office.lead_arrives("lendingtree")

    assert buttons(await office.card_of(lead, says="callable till")) == ["Claim", "Pass"]
    await office.told("luis", "callable till")
    await office.presses_in_direct("luis", "Claim", lead)
    await office.card_of(lead, says="Luis Ortega has it")
