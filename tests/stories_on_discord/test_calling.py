"""Call me, in Discord: the officer's phone rings, and what became of the call stands in the thread and in their own messages."""

from datetime import time

from bot.calls.bridging import leg_told, picked_up, pressed
from bot.calls.on_the_line import Connects
from bot.outreach.network import KnownCall
from tests.doubles.calls import Voice
from tests.doubles.discord_office import DiscordOffice, ids_in, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya, yours


def wired(office: DiscordOffice) -> Voice:
    voice = office.services.voice = Voice(office.services)
    return voice


async def test_a_press_rings_the_officer_and_the_thread_tells_how_it_went(office: DiscordOffice) -> None:
    voice = wired(office)
    lead = await claimed_by_maya(office)

    result = await office.presses("maya", await yours(office, lead), "call_me")

    assert "ends in 01" in read(office.answer_of(result))
    await office.until(lambda: rang(voice), "a phone that was rung")
    [(number, call_id)] = voice.rang
    assert number == "+15125550101"
    await picked_up(office.services, call_id, f"CA{call_id}")
    assert await pressed(office.services, call_id, f"CA{call_id}", "1") == Connects("+15125550100")
    await leg_told(office.services, call_id, KnownCall("CA-leg", None))
    await office.thread_of(lead, says="talks with Dana R.")
    await leg_told(office.services, call_id, KnownCall("CA-leg", "connected", 0))
    await office.thread_of(lead, says="connected")
    asked = await office.is_told("maya", "How did it go?")
    assert "went" in ids_in(asked)


async def rang(voice: Voice) -> bool:
    return bool(voice.rang)


async def test_outside_the_hours_the_times_are_told_with_a_reminder(office: DiscordOffice) -> None:
    voice = wired(office)
    lead = await claimed_by_maya(office)
    office.clock_says(time(20, 30))

    said = read(await office.types("maya", "lead call", lead=str(lead)))

    assert f"#{lead}" in said and "9:00 am CT" in said
    assert voice.rang == []
