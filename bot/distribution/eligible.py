"""Who of a lead's team may take it now, and why the others may not."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session

from bot.rules.eligibility import CompanyFacts, LeadFacts, OfficerFacts, Refusal, judged
from bot.store.columns import table_of
from bot.store.installation import Installation
from bot.store.rings import TeamMember, team_members
from bot.store.standing import dates
from bot.store.views import LeadView, lead_view


@dataclass(frozen=True, slots=True)
class Before:
    """An officer of the team before the lead; `because` is None for who may take it."""

    member: TeamMember
    because: Refusal | None


_licenses = select(table_of(Installation).c.company_licenses)


def others_for(session: Session, number: int, officer_id: int, now: datetime) -> list[int]:
    """Who besides this officer may take the lead now, and neither passed nor had it."""
    lead = lead_view(session, number)
    assert lead is not None, "whoever asks has seen the lead"
    free = [each.member for each in team_before(session, lead, now) if each.because is None]
    return [member.id for member in free if member.id != officer_id and not (member.passed or member.let_go)]


def team_before(session: Session, lead: LeadView, now: datetime, *, soft_caps: bool = False, by_hours: bool = True) -> list[Before]:
    """Each active officer of the lead's team. With `soft_caps` a full day is no reason, without `by_hours` their own hours are none."""
    company = CompanyFacts(dates(session.connection().execute(_licenses).scalar_one()))
    today = now.astimezone(ZoneInfo(lead.time_zone)).date()
    facts = LeadFacts(lead.state, lead.details.get("property_zip"), lead.placed_phones, lead.purpose)

    def standing_of(member: TeamMember) -> OfficerFacts:
        standing = member.facts if by_hours else member.facts.out_of_hours()
        return standing.without_caps() if soft_caps else standing

    refusal_of = judged(facts, company, now, today)
    members = team_members(session, lead.team_id, lead.time_zone, lead.number, now)
    return [Before(member, refusal_of(standing_of(member))) for member in members]
