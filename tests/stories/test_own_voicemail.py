"""An officer records the message that machines hear: her phone rings, she speaks after the tone, hears it, and presses 1 to keep it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.events import Event
from bot.store.own_voicemail import OwnVoicemail
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.shown import JSON
from tests.doubles.workplace import DANAS_NUMBER, MAYAS_NUMBER
from tests.stories.test_pictures import opened
from tests.stories.test_texts_out import claimed_by_maya
from tests.stories.test_voicemail import CHANGES, IN_WRITING


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def any_office_with_voicemail(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """The example company with words for machines, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, changes=CHANGES, texting=True) as at_work:
        yield at_work


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=CHANGES, texting=True) as at_work:
        yield at_work


async def speaks(office: Office, line: str = "/lead voicemail record", *, language: str = "English") -> None:
    """Maya has her phone ring, speaks for a while, and hears herself."""
    await office.types("maya", line)
    await office.phone_rings(MAYAS_NUMBER)
    await office.handles_phone(MAYAS_NUMBER, "picks_up")
    await heard(office, f"Record your message in {language} after the tone", "[a tone]")
    await office.skip(seconds=20)
    await office.handles_phone(MAYAS_NUMBER, "presses", "#")
    await heard(office, "Press 1 to keep it. Press 2 to record it again.")


async def heard(office: Office, *said: str) -> JSON:
    """The newest call on Maya's phone, once all of this was said on it."""

    async def call() -> JSON | None:
        newest = (await office.on_the_phone(MAYAS_NUMBER))[-1]
        return newest if all(any(part in words for words in newest["heard"]) for part in said) else None

    return await office.until(call, f"words on Maya's phone that say {said}")


async def kept(office: Office, **how: str) -> None:
    await speaks(office, **how)
    await office.handles_phone(MAYAS_NUMBER, "presses", "1")
    await office.call_ends(MAYAS_NUMBER)
    await heard(office, "It is kept.")


async def machine_answers(office: Office, lead: int) -> list[str]:
    """Maya presses 2, and a machine answers: what it hears after its greeting."""
    await office.do("line", number=DANAS_NUMBER, line="machine")
    await office.types("maya", f"/lead call {lead}")
    await office.phone_rings(MAYAS_NUMBER)
    await office.handles_phone(MAYAS_NUMBER, "picks_up")
    await heard(office, "Press 2 to connect")
    await office.handles_phone(MAYAS_NUMBER, "presses", "2")
    await office.thread_says(lead, "a machine answered, our message was left.")
    await office.call_ends(DANAS_NUMBER)
    words: list[str] = (await office.on_the_phone(DANAS_NUMBER))[-1]["heard"]
    return words[1:]


async def deletes(office: Office, many: int) -> None:
    """Return once the network deleted so many recordings at our word."""

    async def deleted() -> bool:
        done = [each for each in await office.log() if each["method"] == "Recordings.delete" and not each.get("error")]
        return len(done) == many

    await office.until(deleted, f"{many} deleted recordings")


def own(office: Office) -> list[tuple[str, int]]:
    return [(each.language, each.seconds) for each in office.all(OwnVoicemail)]


async def test_press_2_plays_what_she_recorded_between_what_the_law_wants_said(any_office_with_voicemail: Office) -> None:
    office = any_office_with_voicemail
    lead = await claimed_by_maya(office, consent_text=IN_WRITING)
    await kept(office)
    assert own(office) == [("en", 20)]

    before, played, after = await machine_answers(office, lead)

    assert before.startswith("Hello. This is a recorded message from Acme Mortgage LLC")
    assert "5 1 2, 5 5 5, 0 1 9 9" in after and "8 0 0, 5 5 5, 0 1 8 8" in after
    status, content, headers = await opened(played.strip("[]"))
    assert (status, headers["Content-Type"]) == (200, "audio/mpeg") and b"20 s" in content
    [event] = [event for event in office.all(Event) if event.kind == "voicemail_recorded"]
    assert (event.actor, event.meta["language"], event.meta["seconds"]) == ("officer:maya", "en", 20)


async def test_a_borrower_of_another_language_hears_the_spoken_words(office: Office) -> None:
    lead = await claimed_by_maya(office, consent_text=IN_WRITING)
    await kept(office, line="/lead voicemail record es", language="Spanish")
    assert own(office) == [("es", 20)]

    [spoken] = await machine_answers(office, lead)

    assert "Maya Torres just called you" in spoken


async def test_she_sees_what_is_in_force_and_goes_back_to_the_spoken_words(office: Office) -> None:
    await office.types("maya", "/lead voicemail")
    await office.hears("maya", "A machine that answers hears our spoken message")
    await kept(office)

    await office.types("maya", "/lead voicemail")
    await office.hears("maya", "A machine that answers hears your own message in English (0:20); in another language")
    await office.types("maya", "/lead voicemail spoken")

    await deletes(office, 1)
    assert own(office) == []


async def test_what_is_recorded_again_or_not_kept_is_deleted(office: Office) -> None:
    await kept(office)
    await speaks(office)
    await office.handles_phone(MAYAS_NUMBER, "presses", "2")

    async def twice() -> bool:
        words: list[str] = (await office.on_the_phone(MAYAS_NUMBER))[-1]["heard"]
        return words.count("[a tone]") == 2

    await office.until(twice, "a second tone")
    await office.handles_phone(MAYAS_NUMBER, "presses", "#")

    await deletes(office, 1)
    await office.handles_phone(MAYAS_NUMBER, "hangs_up")

    await deletes(office, 2)
    assert own(office) == [("en", 20)]


async def test_without_the_block_voicemail_it_is_said_whom_to_ask(office_of_texts: Office) -> None:
    await office_of_texts.types("maya", "/lead voicemail record")

    await office_of_texts.hears("maya", "Recorded messages are off for your company.")
