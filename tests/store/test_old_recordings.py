"""Recordings whose days are over are deleted at the network, each by itself."""

from datetime import timedelta

from sqlmodel import Session

from bot.calls.recording import forget_erased, forget_old, hear
from bot.oversight.erasing import Asked, erase_subject, find_subject
from bot.store.calls import Call, change_call, keep_call
from bot.store.events import Event
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.calls import Voice

STAYS, GOES = "RE" + "1" * 32, "RE" + "2" * 32


class Refuses(Voice):
    """A network that does not delete one recording."""

    async def delete_recording(self, recording_id: str) -> bool:
        return recording_id != STAYS


def was_recorded(session: Session, lead: int, officer_id: int, recording_id: str) -> None:
    """A call that was over a hundred days ago."""
    call_id = keep_call(session, "to_borrower", {"lead_id": lead, "officer_id": officer_id, "created_at": NOON})
    ended = {"status": "over", "ended_at": NOON - timedelta(days=100)}
    change_call(session, call_id, recording="kept", recording_id=recording_id, **ended)


async def test_a_recording_that_the_network_does_not_delete_keeps_no_other(branch: Branch) -> None:
    lead, maya = branch.new_lead(), branch.officer_id("maya")
    for recording_id in (STAYS, GOES):
        branch.store.transact_now(was_recorded, lead, maya, recording_id)
    branch.services.voice = Refuses(branch.services)

    await forget_old(branch.services)

    assert {call.recording_id: call.recording for call in branch.all(Call)} == {STAYS: "kept", GOES: "gone"}


def erased(branch: Branch, lead: int) -> None:
    key, asked = branch.services.hash_key, Asked(lead=lead)
    meant = branch.store.transact_now(find_subject, key, asked)
    branch.store.transact_now(erase_subject, key, asked, meant, NOON, "00")


def stands(branch: Branch) -> dict[str | None, str | None]:
    return {call.recording_id: call.recording for call in branch.all(Call)}


async def test_what_was_recorded_of_somebody_who_is_erased_is_deleted_as_soon_as_the_network_lets_us(branch: Branch) -> None:
    lead, other, maya = branch.new_lead(), branch.new_lead(phone="(737) 555-0111", first_name="Otto", email="o@e.example"), "maya"
    for number, recording_id in ((lead, STAYS), (lead, GOES), (other, "RE" + "3" * 32)):
        branch.store.transact_now(was_recorded, number, branch.officer_id(maya), recording_id)
    branch.services.voice = Refuses(branch.services)

    erased(branch, lead)
    await forget_erased(branch.services)
    assert stands(branch) == {STAYS: "erased", GOES: "gone", "RE" + "3" * 32: "kept"}

    branch.services.voice = Voice(branch.services)
    await forget_erased(branch.services)
    assert stands(branch) == {STAYS: "gone", GOES: "gone", "RE" + "3" * 32: "kept"}


async def test_a_recording_that_the_network_tells_of_after_its_borrower_was_erased_is_deleted_too(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.store.transact_now(was_recorded, lead, branch.officer_id("maya"), GOES)
    [call] = branch.all(Call)
    branch.set(Call, call.id, recording="on", recording_id=None)

    erased(branch, lead)
    assert call.id is not None
    branch.store.transact_now(hear, call.id, GOES, "completed", 60, NOON, "00")
    assert stands(branch) == {GOES: "erased"}
    assert [event for event in branch.all(Event) if event.kind == "call_recorded"] == []

    branch.services.voice = Voice(branch.services)
    await forget_erased(branch.services)
    assert stands(branch) == {GOES: "gone"}
