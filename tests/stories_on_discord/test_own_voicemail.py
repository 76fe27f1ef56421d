"""A recording of one's own for machines, from Discord: /voicemail shows what is in force, rings one's phone, and goes back."""

from pathlib import Path

from bot.calls import own_voicemail
from bot.calls.on_the_line import PlaysBack, Records, Says
from tests.doubles.calls import Voice
from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import discord_office, read
from tests.stories.test_voicemail import CHANGES

RECORDING = f"RE{0:032}"


async def test_she_records_keeps_and_takes_back_her_own_message(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=CHANGES) as office:
        services, voice = office.services, Voice(office.services)
        services.voice = voice
        shown = await office.types("maya", "voicemail")
        assert "A machine that answers hears our spoken message" in read(shown)

        rings = office.answer_of(await office.presses("maya", shown, "record_english"))

        assert "Your phone that ends in 01 rings in a moment." in read(rings)

        async def rang() -> bool:
            return bool(voice.rang)

        await office.until(rang, "a phone that was rung")
        [(_, call_id)] = voice.rang
        sid = f"CA{call_id}"
        assert isinstance(await own_voicemail.picked_up(services, call_id, sid), Records)
        assert isinstance(await own_voicemail.spoke(services, call_id, sid, RECORDING, 12), PlaysBack)
        assert isinstance(await own_voicemail.decided(services, call_id, sid, "1"), Says)
        shown = await office.types("maya", "voicemail")
        assert "your own message in English (0:12)" in read(shown)
        office.answer_of(await office.presses("maya", shown, "speak_again"))
        assert "our spoken message" in read(await office.types("maya", "voicemail"))
