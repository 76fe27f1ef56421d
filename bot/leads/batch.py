"""What the decisions of one transaction share: what is read once for all of them, kept up as they ring, and what is told at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.rules.callable_time import Calendar
from bot.rules.eligibility import CompanyFacts
from bot.rules.rota import Rota
from bot.store.clocks import DueClock
from bot.store.rings import Pass, TeamMember, as_rung, before_lead, note_rings, passes_of, rung_in_rounds, team_standing
from bot.store.views import LeadView, lead_view, lead_views


@dataclass(frozen=True, slots=True)
class TeamAtWork:
    """What does not change from one lead of a team to the next: who manages it, the company's licenses, when it works, when somebody
    answers leads, and who takes turns outside those hours."""

    manager_id: int | None
    company: CompanyFacts
    works: Calendar
    answers: Calendar
    rota: Rota | None


@dataclass(slots=True)
class Batch:
    """Clocks that are decided at one moment in one transaction, which has locked them and their leads."""

    session: Session
    now: datetime
    teams: dict[int, TeamAtWork] = field(default_factory=dict)
    digests: dict[int, int] = field(default_factory=dict)
    """The digest of this hour, by officer."""
    changed_digests: set[int] = field(default_factory=set)
    _leads: dict[int, LeadView] = field(default_factory=dict)
    _passes: dict[int, list[Pass]] = field(default_factory=dict)
    _rung: dict[tuple[int, int], set[int]] = field(default_factory=dict)
    _officers: dict[int, list[TeamMember]] = field(default_factory=dict)
    """By team, as they stand whichever lead comes."""

    def read(self, due: Sequence[DueClock]) -> None:
        """Read what is decided about, a few questions for all of it."""
        numbers = sorted({one.lead_id for one in due})
        self._leads = lead_views(self.session, numbers)
        self._passes = passes_of(self.session, numbers)
        self._rung = rung_in_rounds(self.session, sorted({(one.lead_id, one.round) for one in due}))

    def lead_of(self, due: DueClock) -> LeadView:
        """The lead as it stands. A decision changes it, and it may have two clocks that are due: the second reads it again."""
        lead = self._leads.pop(due.lead_id, None) or lead_view(self.session, due.lead_id)
        assert lead is not None
        return lead

    def members(self, lead: LeadView) -> list[TeamMember]:
        """The officers of its team as they stand before the lead."""
        if lead.team_id not in self._officers:
            self._officers[lead.team_id] = team_standing(self.session, lead.team_id, lead.time_zone, self.now)
        if lead.number not in self._passes:
            self._passes |= passes_of(self.session, [lead.number])
        return before_lead(self._officers[lead.team_id], self._passes[lead.number], self.now)

    def rung(self, due: DueClock) -> set[int]:
        """Who heard of the lead in this round, by a ring or in a digest."""
        key = (due.lead_id, due.round)
        if key not in self._rung:
            self._rung |= rung_in_rounds(self.session, [key])
        return self._rung[key]

    def ring(self, due: DueClock, officer_ids: Sequence[int], *, listed: Mapping[int, int] | None = None, handed_out: bool = False) -> None:
        """Write down who is rung now, the best first, and who finds the lead in which digest instead."""
        rung, listed = self.rung(due), listed or {}
        rings = note_rings(self.session, due.lead_id, due.round, self.now, officer_ids, listed=listed, handed_out=handed_out)
        rung.update(officer_ids, listed)
        self._officers = {team_id: as_rung(members, rings) for team_id, members in self._officers.items()}

    def look_again(self) -> None:
        """A lead changed hands: how the officers stand is read again."""
        self._officers.clear()
