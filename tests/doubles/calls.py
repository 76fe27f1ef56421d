"""Calls of the example company over one store, without doors: officers ask for them, the network asks and tells."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from bot.calls.bridging import dial_borrower, hear_leg, hear_over, whisper
from bot.calls.calling import CallMeOutcome, Placing, ask_for_call, begin_asking, begin_placing, record_answer, record_rung, record_standing
from bot.calls.on_the_line import Spoken
from bot.leads.press import Press
from bot.outreach.network import CallAnswer, CallOutcome, Door, KnownCall, KnownRecording, NoRecording
from bot.services import Services
from bot.store.calls import Call, CallRow, call_row
from bot.store.outbound import ContactAttempt
from tests.doubles.branch import Branch

LONG_AGO = datetime(2020, 1, 1)
SID, LEG = "CA1", "CA2"


class Calls:
    """Each step is one transaction of the production functions."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.store = branch.store

    def lead(self, **fields: Any) -> int:
        """Dana's lead, claimed by Maya."""
        lead = self.branch.new_lead(**fields)
        self.branch.claim("maya", lead)
        return lead

    def asks(self, lead: int, officer: str = "maya", by: Press | None = None, *, on: bool = True) -> tuple[CallMeOutcome, int | None]:
        return self.store.transact_now(ask_for_call, by or self.branch.press(officer, lead), on=on)

    def asked(self, lead: int, officer: str = "maya") -> int:
        """The number of a call that was just asked for."""
        _, call_id = self.asks(lead, officer)
        assert call_id is not None
        return call_id

    def begin(self, call_id: int) -> Placing | None:
        return self.store.transact_now(begin_placing, call_id, self.now, "salt", on=True)[0]

    def placing(self, call_id: int) -> Placing:
        """The call is marked as being placed."""
        placing = self.begin(call_id)
        assert placing is not None
        return placing

    def answers(self, placing: Placing, answer: CallAnswer) -> None:
        self.store.transact_now(record_answer, placing, answer, "twilio", self.now, "salt")

    def ringing(self, lead: int, sid: str = SID) -> int:
        """A call that rings Maya."""
        call_id = self.asked(lead)
        self.answers(self.placing(call_id), KnownCall(sid, None))
        return call_id

    def whispers(self, call_id: int, sid: str = SID) -> Spoken:
        return self.store.transact_now(whisper, call_id, sid, "twilio")

    def presses_one(self, call_id: int, sid: str = SID) -> Spoken:
        return self.store.transact_now(dial_borrower, call_id, sid, "twilio", self.branch.services.our_numbers, self.now, "salt")[0]

    def presses_two(self, call_id: int, sid: str = SID) -> Spoken:
        """Connected, and a machine that answers is to hear our words."""
        numbers = self.branch.services.our_numbers
        return self.store.transact_now(dial_borrower, call_id, sid, "twilio", numbers, self.now, "salt", leaves_voicemail=True)[0]

    def dialed(self, lead: int, sid: str = SID) -> int:
        """A call on which the borrower's phone rings."""
        call_id = self.ringing(lead, sid)
        self.presses_one(call_id, sid)
        return call_id

    def leg(self, call_id: int, outcome: CallOutcome | None = None, seconds: int | None = None, leg: str = LEG) -> None:
        self.store.transact_now(hear_leg, call_id, KnownCall(leg, outcome, seconds), self.now, "salt")

    def over(self, call_id: int, sid: str = SID) -> None:
        self.store.transact_now(hear_over, call_id, sid, "twilio", self.now, "salt")

    def asks_network(self, call_id: int) -> CallRow | None:
        return self.store.transact_now(begin_asking, call_id)[0]

    def rung(self, call_id: int, found: list[KnownCall] | None) -> None:
        self.store.transact_now(record_rung, call_id, found, "twilio", self.now, "salt")

    def stands(self, call_id: int, call: KnownCall, legs: list[KnownCall]) -> None:
        self.store.transact_now(record_standing, call_id, (call, legs), self.now, "salt")

    def is_gone(self, call_id: int) -> None:
        self.store.transact_now(record_standing, call_id, "gone", self.now, "salt")

    def time_is_over(self, call_id: int) -> None:
        """The deadline of a request, or the time until the next question, without waiting for it."""
        self.branch.set(Call, call_id, lease_until=LONG_AGO.replace(tzinfo=self.branch.clock.at.tzinfo))

    def row(self, call_id: int) -> CallRow:
        found = self.store.transact_now(call_row, call_id)
        assert found is not None
        return found

    def stand(self, call_id: int) -> tuple[str, str | None]:
        row = self.row(call_id)
        return row.status, row.outcome

    def tries(self, lead: int) -> list[tuple[str | None, bool]]:
        return [(each.disposition, each.verified) for each in self.branch.all(ContactAttempt) if each.lead_id == lead]

    @property
    def now(self) -> datetime:
        return self.branch.clock.now()


class Voice:
    """A voice network inside the process, for stories whose door is chat."""

    name = "twilio"
    number = "+15125550199"

    def __init__(self, services: Services) -> None:
        self._services = services
        self.rang: list[tuple[str, int]] = []
        self.stopped: list[str] = []

    async def ring(self, to: str, call_id: int, door: Door, deadline: float) -> CallAnswer:  # noqa: ARG002
        self.rang.append((to, call_id))
        return KnownCall(f"CA{call_id}", None)

    async def leave_words(self, leg_id: str, call_id: int) -> bool:  # noqa: ARG002
        return True

    async def rung(self, to: str, since: datetime) -> list[KnownCall] | None:  # noqa: ARG002
        return []

    async def how_it_stands(self, provider_id: str) -> tuple[KnownCall, list[KnownCall]] | None:  # noqa: ARG002
        return None

    async def stop_recording(self, provider_id: str) -> bool:
        self.stopped.append(provider_id)
        return True

    async def recorded(self, provider_id: str) -> list[KnownRecording] | None:  # noqa: ARG002
        return []

    @asynccontextmanager
    async def recording(self, recording_id: str) -> AsyncIterator[AsyncIterator[bytes]]:  # noqa: ARG002
        raise NoRecording(gone=True)
        yield

    async def delete_recording(self, recording_id: str) -> bool:  # noqa: ARG002
        return True

    async def close(self) -> None:
        """Nothing is open."""
