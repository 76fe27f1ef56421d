"""The owner gives a lead back: it is free again, and its number is hidden wherever it was shown."""

import asyncio

from bot.distribution import claiming
from bot.leads.press import press
from bot.store.places import officer_at
from tests.doubles.office import Office
from tests.doubles.shown import buttons

NUMBER = "555-0100"


async def test_the_card_is_fresh_again_and_the_next_officer_can_claim(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)

    await office.presses("maya", "Give back", lead)

    card = await office.card_of(lead, says="callable till")
    assert buttons(card) == ["Claim", "Pass"]
    await office.presses("luis", "Claim", lead)
    await office.card_of(lead, says="Luis Ortega has it")


async def test_the_number_is_hidden_again_in_the_direct_message(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", NUMBER)

    await office.presses("maya", "Give back", lead)

    message = await office.told("maya", "#1001 is no longer yours, so the number is hidden here.")
    assert buttons(message) == []
    assert NUMBER not in f"{await office.direct_messages('maya')}"


async def test_the_thread_says_who_gave_it_back(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)

    await office.presses("maya", "Give back", lead)

    await office.thread_says(lead, "Maya Torres gave it back. It is free to claim.")


async def test_the_officer_is_thanked_privately(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)

    await office.presses("maya", "Give back", lead)

    await office.hears("maya", "#1001 is back in the pool and its number is hidden again.")


async def test_pressing_twice_gives_back_once(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    mine = await office.told("maya", NUMBER)

    await asyncio.gather(*(office.presses_on(mine, "maya", "Give back") for _ in range(2)))

    await office.hears("maya", "#1001 is back in the pool")
    await office.hears("maya", "#1001 is not yours, so nothing changed.")
    await office.thread_says(lead, "gave it back")
    assert len(await office.thread_of(lead)) == 1


async def test_a_direct_message_still_owed_is_dropped_and_never_shows_the_number(office: Office) -> None:
    assert office.services is not None
    lead = await office.lead_arrives()
    await office.slack_fault("error_5xx", method="conversations.open", times=1000)
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")
    maya = await office.services.store.read(officer_at, "slack", "U0MAYA")
    assert maya is not None

    await claiming.give_back(office.services, press(office.services, "told by phone", lead, maya.id))  # she has no button to press

    await office.slack_heals()
    await office.until(office.nothing_is_owed, "everything shown")
    assert "Yours" not in f"{await office.direct_messages('maya')}"
    assert NUMBER not in f"{await office.direct_messages('maya')}"


async def test_a_direct_message_whose_answer_was_lost_is_found_and_its_number_hidden(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.until(office.nothing_is_owed, "everything shown, the rings too")
    await office.slack_fault("lost_response", method="chat.postMessage", times=1)
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", NUMBER)

    await office.presses("maya", "Give back", lead)

    await office.is_told("maya", "is no longer yours")
    await office.until(office.nothing_is_owed, "everything shown")
    told = await office.direct_messages("maya")
    assert len([message for message in told if "yours" in message.casefold()]) == 1
    assert NUMBER not in f"{told}"
