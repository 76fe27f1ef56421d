"""The example company at work over one store, without doors: leads arrive, officers press, rows are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import func, update
from sqlmodel import SQLModel, select

from bot.capture import intake
from bot.capture.intake import Conflict, Received
from bot.configuring import apply_config
from bot.distribution.claiming import ClaimOutcome, GiveBackOutcome, claim_lead, give_back_lead
from bot.distribution.passing import PassOutcome, Why, pass_lead
from bot.in_force import newest
from bot.leads.press import Press, SeenCard
from bot.leads.undoing import UndoOutcome, undo_event
from bot.leads.working import WorkOutcome, note_call, note_calling
from bot.rules.dispositions import Disposition
from bot.services import Services
from bot.sources.generic import parse
from bot.sources.new_lead import NewLead
from bot.speed_to_lead.escalation import escalate
from bot.store.clocks import AT_ONCE, clocks_in_order
from bot.store.columns import table_of
from bot.store.database import Store
from bot.store.events import Event
from bot.store.people import Officer
from bot.store.postings import Place, Posting
from bot.store.views import LeadView, lead_view
from tests.doubles.rows import rows

Row = TypeVar("Row", bound=SQLModel)

DANA = {"first_name": "Dana", "last_name": "Rowe", "phone": "(512) 555-0100", "property_state": "TX", "loan_purpose": "purchase"}

BEST: dict[str, Any] = {
    "credit": "740+",
    "timeline": "right away",
    "purchase_price": "390000",
    "loan_amount": "310000",
    "email": "dana@example.com",
}
"""What makes a lead of grade A."""


KEYS = {f"LEADBELL_KEY_{source}": "a-key-for-tests" for source in ("WEBSITE", "ZILLOW", "LENDINGTREE", "PARTNER")}


def a_lead(**fields: Any) -> NewLead:
    """Dana's wish to buy in Texas, as the generic source reads it, with these fields changed; None leaves one out."""
    return parse({name: value for name, value in {**DANA, **fields}.items() if value is not None})


@dataclass
class HandClock:
    """A clock that moves when it is told to."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def skip(self, **by: float) -> None:
        self.at += timedelta(**by)


class Branch:
    """Everything goes through the production functions; each call is one transaction."""

    def __init__(self, store: Store, at: datetime) -> None:
        self.store = store
        self.clock = HandClock(at)
        in_force = store.transact_now(newest, KEYS)
        assert in_force is not None
        self.services = Services(store, self.clock, bytes(32), in_force)
        self._presses = 0

    def lets(self, *overrides: str) -> None:
        """A config that lets officers do so comes into force."""
        config = self.services.in_force.config.model_copy(update={"overrides": overrides})
        self.store.transact_now(apply_config, config, by="test", at=self.clock.now(), salt="salt")

    def gives_numbers(self, **numbers: tuple[str, ...]) -> None:
        """A config comes into force in which each of these teams has numbers of its own, and no other has."""
        config = self.services.in_force.config
        teams = tuple(team.model_copy(update={"numbers": numbers.get(team.key, ())}) for team in config.teams)
        changed = config.model_copy(update={"teams": teams})
        self.store.transact_now(apply_config, changed, by="test", at=self.clock.now(), salt="salt")
        in_force = self.store.transact_now(newest, KEYS)
        assert in_force is not None
        self.services.in_force = in_force

    def arrive(self, source: str = "website", *, at_once: bool = True, **fields: Any) -> Received | Conflict:
        """One request of a source, kept."""
        new = intake.prepare(self.services, self.services.in_force.sources[source], a_lead(**fields), at_once=at_once)
        return self.store.transact_now(intake.record_arrival, new)

    def new_lead(self, *, at_once: bool = True, **fields: Any) -> int:
        """The number of a lead that just arrived."""
        received = self.arrive(at_once=at_once, **fields)
        assert isinstance(received, Received) and not received.duplicate
        return received.lead

    def press(self, officer: str, lead: int, delivery: str | None = None, card: SeenCard | None = None) -> Press:
        """An officer presses; without a delivery of its own it is a new press."""
        self._presses += 1
        return Press(delivery or f"press {self._presses}", lead, self.officer_id(officer), self.clock.now(), "salt", card)

    def claim(self, officer: str, lead: int, delivery: str | None = None) -> ClaimOutcome:
        return self.store.transact_now(claim_lead, self.press(officer, lead, delivery))[0]

    def give_back(self, officer: str, lead: int, delivery: str | None = None) -> GiveBackOutcome:
        return self.store.transact_now(give_back_lead, self.press(officer, lead, delivery))[0]

    def escalate(self) -> int:
        """Decide all steps that are due now; how many clocks were looked at."""
        decided = 0
        while batch := sum(self.store.transact_now(escalate, self.clock.now(), "salt", clocks)[0] for clocks in self._due_clocks()):
            decided += batch
        return decided

    def _due_clocks(self) -> list[list[int]]:
        clocks = self.store.transact_now(clocks_in_order, self.clock.now())
        return [clocks[first : first + AT_ONCE] for first in range(0, len(clocks), AT_ONCE)]

    def passes(self, **by: float) -> None:
        """So much time goes by, and what is due then is decided."""
        self.clock.skip(**by)
        self.escalate()

    def told(self, lead: int) -> list[tuple[str, list[str]]]:
        """Which step told whom, in order."""
        return [(event.kind, event.meta["told"]) for event in self.events(lead) if "told" in event.meta]

    def events(self, lead: int) -> list[Event]:
        """The lead's timeline."""
        return [event for event in self.all(Event) if event.stream == lead]

    def calls(self, officer: str, lead: int, *, still_on: bool = False) -> WorkOutcome:
        """The officer presses I'm calling, or Still on."""
        return self.store.transact_now(note_calling, self.press(officer, lead), still_on)[0]

    def logs(self, officer: str, lead: int, result: str, note: str | None = None) -> WorkOutcome:
        return self.store.transact_now(note_call, self.press(officer, lead), Disposition(result), note)[0]

    def undoes(self, officer: str, lead: int, seq: int) -> UndoOutcome:
        """The officer takes back what the event with this seq tells of."""
        return self.store.transact_now(undo_event, self.press(officer, lead), seq)[0]

    def lets_go_by(self, officer: str, lead: int, why: Why) -> PassOutcome:
        return self.store.transact_now(pass_lead, self.press(officer, lead), why)[0]

    def officer_id(self, key: str) -> int:
        found = [officer.id for officer in self.all(Officer) if officer.key == key]
        assert found[0] is not None
        return found[0]

    def place(self, named: str = "#leads") -> Place:
        return next(place for place in self.all(Place) if place.named == named)

    def view(self, lead: int) -> LeadView:
        view = self.store.transact_now(lead_view, lead)
        assert view is not None
        return view

    def postings(self, kind: str, lead: int | None = None) -> Sequence[Posting]:
        """In the order of their making."""
        return [posting for posting in self.all(Posting) if posting.kind == kind and lead in (None, posting.lead_id)]

    def card(self, lead: int) -> Posting:
        """The lead's one card."""
        (card,) = self.postings("card", lead)
        return card

    def all(self, model: type[Row]) -> Sequence[Row]:
        """Every row, oldest first."""
        return rows(self.store, model)

    def count(self, model: type[SQLModel]) -> int:
        return self.store.transact_now(lambda session: session.exec(select(func.count()).select_from(model)).one())

    def set(self, model: type[SQLModel], row_id: int | None, **values: Any) -> None:
        """Change a row behind everybody's back."""
        table = table_of(model)
        self.store.transact_now(lambda session: session.connection().execute(update(table).where(table.c.id == row_id).values(values)))

    def let_lease_run_out(self, posting_id: int) -> None:
        """Ten seconds of real time, without waiting for them."""
        self.set(Posting, posting_id, lease_until=datetime(2020, 1, 1, tzinfo=self.clock.at.tzinfo))
