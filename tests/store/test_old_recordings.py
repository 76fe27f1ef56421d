"""Recordings whose days are over are deleted at the network, each by itself."""

from datetime import timedelta

from sqlmodel import Session

from bot.recording import forget_old
from bot.store.calls import Call, change_call, keep_call
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
