"""A call is recorded once both ends heard so; it is stopped at a word, heard through a private link, and deleted in time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.calls.recording import forget_old
from bot.services import Services
from bot.store.calls import Call
from bot.store.events import Event
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.shown import elements
from tests.doubles.workplace import DANAS_NUMBER, MAYAS_NUMBER
from tests.stories.test_pictures import opened
from tests.stories.test_texts_out import claimed_by_maya

BLOCK = (
    "recording:\n  announcement:\n    en: This call is recorded.\n    es: Esta llamada se graba.\n"
    "  keep_days: 30\n  signed_off_by: Cora Bell\n  signed_off_on: 2026-11-02\n"
)
CHANGES = {"\ndefault_team:": f"\n{BLOCK}\ndefault_team:"}
ELSEWHERE = {"\ndefault_team:": f"\n{BLOCK}  teams: [south]\n\ndefault_team:"}


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def any_recording_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """The example company where calls are recorded, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, changes=CHANGES, texting=True) as opened_office:
        yield opened_office


@pytest_asyncio.fixture
async def recording_office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=CHANGES, texting=True) as opened_office:
        yield opened_office


async def talks(office: Office, lead: int) -> None:
    """Maya and Dana are connected."""
    await office.types("maya", f"/lead call {lead}")
    await office.answers_and_presses(MAYAS_NUMBER)
    await office.phone_rings(DANAS_NUMBER)
    await office.handles_phone(DANAS_NUMBER, "picks_up")
    await office.thread_says(lead, "Maya Torres talks with Dana R.")


async def recorded(office: Office, lead: int) -> None:
    """A call of four minutes is over, and its recording is there."""
    await talks(office, lead)
    await begun(office)
    await office.skip(minutes=4)
    await office.handles_phone(DANAS_NUMBER, "hangs_up")
    await office.thread_says(lead, "Recorded.")


async def begun(office: Office) -> None:
    """Return once the network told that it records."""

    async def told() -> bool:
        return any(call.recording_id for call in office.all(Call))

    await office.until(told, "a recording that began")


async def link_for(office: Office, who: str, lead: int) -> str:
    await office.presses(who, "Listen", lead)
    await office.hears(who, "for you alone")
    whispers = [message for message in await office.messages() if message.get("ephemeral_to") == f"U0{who.upper()}"]
    [link] = [element["url"] for whisper in whispers for _, element in elements(whisper) if "url" in element]
    return str(link)


def kinds(office: Office) -> list[str]:
    return [event.kind for event in office.all(Event) if event.kind.startswith("recording_")]


async def test_both_ends_hear_that_the_call_is_recorded_and_the_owner_hears_the_recording(any_recording_office: Office) -> None:
    office = any_recording_office
    lead = await claimed_by_maya(office)

    await recorded(office, lead)

    await office.phone_says(MAYAS_NUMBER, "This call is recorded.")
    assert [call["heard"] for call in await office.on_the_phone(DANAS_NUMBER)] == [["This call is recorded."]]
    status, content, headers = await opened(await link_for(office, "maya", lead))
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "audio/mpeg", "no-store")
    assert b"the recording of" in content
    [kept] = [event for event in office.all(Event) if event.kind == "call_recorded"]
    assert kept.meta["seconds"] == 240 and kept.meta["recording"].startswith("RE")
    assert kinds(office) == ["recording_asked", "recording_heard"]


async def test_a_colleague_hears_nothing_and_who_leads_the_team_does(recording_office: Office) -> None:
    office = recording_office
    lead = await claimed_by_maya(office)
    await recorded(office, lead)

    await office.presses("luis", "Listen", lead)

    await office.hears("luis", "Maya Torres")
    assert (await opened(await link_for(office, "tess", lead)))[0] == 200


async def test_a_borrower_who_objects_is_not_recorded_any_more(recording_office: Office) -> None:
    office = recording_office
    lead = await claimed_by_maya(office)
    await talks(office, lead)
    await begun(office)

    await office.presses("maya", "Stop recording", lead)

    await office.hears("maya", f"#{lead}: nothing more of this call is recorded. Tell them so.")
    await office.skip(minutes=4)
    await office.handles_phone(DANAS_NUMBER, "hangs_up")
    await office.thread_says(lead, "connected, 4:00")
    [kept] = [event for event in office.all(Event) if event.kind == "call_recorded"]
    assert kept.meta["seconds"] == 0
    assert kinds(office) == ["recording_objected", "recording_stopped"]


async def test_a_network_that_does_not_stop_it_is_told_to_who_asked(recording_office: Office) -> None:
    office = recording_office
    lead = await claimed_by_maya(office)
    await talks(office, lead)
    await begun(office)
    await office.do("faults", kind="error_5xx", method="CallRecordings.update", times=1)

    await office.presses("maya", "Stop recording", lead)
    await office.hears("maya", "did not stop the recording for sure")
    await office.presses("maya", "Stop recording", lead)

    await office.hears("maya", f"#{lead}: nothing more of this call is recorded.")
    assert kinds(office) == ["recording_objected", "recording_goes_on", "recording_objected", "recording_stopped"]


async def test_the_link_is_over_after_a_quarter_of_an_hour_and_a_changed_one_plays_nothing(recording_office: Office) -> None:
    office = recording_office
    lead = await claimed_by_maya(office)
    await recorded(office, lead)
    link = await link_for(office, "maya", lead)
    address, _, token = link.rpartition("/")
    call, officer, until, signature = token.split(".")

    for changed in (f"{call}.{int(officer) + 1}.{until}.{signature}", f"{call}.{officer}.{int(until) + 60}.{signature}", "%00"):
        status, said, _ = await opened(f"{address}/{changed}")
        assert (status, said.decode()) == (410, "This link is over. Press Listen again where you found it.")
    await office.skip(minutes=16)
    assert (await opened(link))[0] == 410


async def test_a_recording_is_deleted_once_its_days_are_over(recording_office: Office) -> None:
    office = recording_office
    lead = await claimed_by_maya(office)
    await recorded(office, lead)
    assert office.services is not None
    await forget_old(office.services)
    assert [call.recording for call in office.all(Call)] == ["kept"]

    await office.skip(days=31)
    await forget_old(office.services)

    assert [call.recording for call in office.all(Call)] == ["gone"]
    assert "recording_deleted" in kinds(office)


async def test_a_recording_of_which_nobody_heard_is_asked_for_and_kept_and_deleted_like_any(
    any_recording_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, unheard = any_recording_office, list[str]()

    async def away(_services: Services, _call_id: int, _recording_id: str, status: str, _seconds: int) -> None:
        unheard.append(status)

    async def complete() -> bool:
        return "completed" in unheard

    monkeypatch.setattr("bot.calls.recording.told", away)
    lead = await claimed_by_maya(office)
    await talks(office, lead)
    await office.skip(minutes=4)
    await office.handles_phone(DANAS_NUMBER, "hangs_up")
    await office.thread_says(lead, "connected, 4:00")
    await office.until(complete, "a recording that nobody heard of")
    assert office.services is not None
    await office.skip(hours=2)

    await forget_old(office.services)

    await office.thread_says(lead, "Recorded.")
    assert (await opened(await link_for(office, "maya", lead)))[0] == 200
    await office.skip(days=31)
    await forget_old(office.services)
    assert [call.recording for call in office.all(Call)] == ["gone"]


async def test_calls_of_another_team_are_not_recorded(tmp_path: Path) -> None:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=ELSEWHERE, texting=True) as office:
        lead = await claimed_by_maya(office)

        await talks(office, lead)

        assert [call.recording for call in office.all(Call)] == [None]
        assert [call["heard"] for call in await office.on_the_phone(DANAS_NUMBER)] == [[]]


async def test_a_borrowers_own_call_is_recorded_once_both_ends_heard_so(recording_office: Office) -> None:
    office = recording_office
    lead = await claimed_by_maya(office)

    await office.do("call", **{"from": DANAS_NUMBER})
    await office.phone_says(DANAS_NUMBER, "This call is recorded.")
    await office.answers_and_presses(MAYAS_NUMBER)
    await office.phone_says(MAYAS_NUMBER, "This call is recorded.")
    await office.thread_says(lead, "talks with Maya Torres")
    await begun(office)
    await office.skip(minutes=3)
    await office.handles_phone(DANAS_NUMBER, "hangs_up")

    await office.thread_says(lead, "Recorded.")
    status, content, _ = await opened(await link_for(office, "maya", lead))
    assert status == 200 and content.startswith(b"ID3 the recording of")


async def test_where_a_team_is_not_recorded_a_borrowers_call_is_not_either(tmp_path: Path) -> None:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=ELSEWHERE, texting=True) as office:
        lead = await claimed_by_maya(office)

        await office.do("call", **{"from": DANAS_NUMBER})
        await office.answers_and_presses(MAYAS_NUMBER)
        await office.thread_says(lead, "talks with Maya Torres")

        assert [call.recording for call in office.all(Call)] == [None]
        assert [call["heard"] for call in await office.on_the_phone(DANAS_NUMBER)] == [[]]
