"""Recorded calls in Discord: the line of a call in the thread lets one stop the recording, and later hear it."""

from pathlib import Path

from bot.calls.bridging import leg_told, picked_up, pressed
from bot.calls.on_the_line import Connects, Says
from bot.calls.recording import told
from bot.outreach.network import KnownCall
from tests.doubles.calls import Voice
from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import discord_office, ids_of, parts_of, read
from tests.stories.test_recording import CHANGES
from tests.stories_on_discord.test_texts_out import claimed_by_maya, yours

RECORDING = f"RE{0:032}"


async def test_a_recording_is_stopped_and_heard_from_the_line_of_its_call(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=CHANGES) as office:
        services, voice = office.services, Voice(office.services)
        services.voice, services.public_url = voice, "https://acme.example"
        lead = await claimed_by_maya(office)
        await office.presses("maya", await yours(office, lead), "call_me")

        async def rang() -> bool:
            return bool(voice.rang)

        await office.until(rang, "a phone that was rung")
        [(_, call_id)] = voice.rang
        await picked_up(services, call_id, f"CA{call_id}")
        connects = await pressed(services, call_id, f"CA{call_id}", "1")
        assert connects == Connects("+15125550100", announces=Says("This call is recorded.", "en"))
        await leg_told(services, call_id, KnownCall("CA-leg", None))
        thread = await office.thread_of(lead, says="talks with Dana R.")
        line = next(each for each in thread.history() if "talks with" in read(each))

        stopped = office.answer_of(await office.presses("maya", line, "stop_recording"))
        await told(services, call_id, RECORDING, "completed", 7)
        await leg_told(services, call_id, KnownCall("CA-leg", "connected", 9))

        assert f"#{lead}: nothing more of this call is recorded." in read(stopped) and voice.stopped == [f"CA{call_id}"]
        await office.thread_of(lead, says="Recorded.")
        line = next(each for each in thread.history() if "Recorded." in read(each))
        assert not any(each.startswith("lb:stop_recording:") for each in ids_of(line))
        hers = office.answer_of(await office.presses("maya", line, "hear_recording"))
        [link] = [each["url"] for each in parts_of(hers) if "url" in each]
        assert link.startswith("https://acme.example/r/")
