"""A lead turns out to be in a state where its owner has no license: the owner and who leads are told, and decide who has it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.rules.eligibility import CompanyFacts, LeadFacts, OfficerFacts, Reason, refusal
from bot.store.columns import table_of
from bot.store.events import Fact, append_event
from bot.store.installation import Installation
from bot.store.leads import ENDED_STAGES, lead
from bot.store.people import Team, leaders_of, managers_of, officer
from bot.store.postings import Lease, post_notice
from bot.store.standing import dates

_UNLICENSED = (Reason.COMPANY_NOT_LICENSED, Reason.NOT_LICENSED, Reason.LICENSE_EXPIRED)
_team, _installation = table_of(Team), table_of(Installation)
# No row is locked: the lead is, and an officer may not be after it.
_owner = (
    select(
        officer.c.id, officer.c.name, officer.c.role, officer.c.active, officer.c.licenses, lead.c.team_id, lead.c.state, lead.c.score,
        _team.c.time_zone, _installation.c.company_licenses,
    )
    .join_from(lead, officer, officer.c.id == lead.c.owner_id)
    .join(_team, _team.c.id == lead.c.team_id)
    .join(_installation, _installation.c.id == 1)
    .where(lead.c.id == bindparam("of_lead"), lead.c.stage.not_in(ENDED_STAGES), lead.c.state.is_not(None))
)  # fmt: skip


def tell_unlicensed(session: Session, lead_id: int, at: datetime, salt: str, *, at_once: bool) -> list[Lease]:
    """Tell them where the owner may not work in the lead's state; the lead stays where it is. The lead is locked by the caller."""
    row = session.connection().execute(_owner, {"of_lead": lead_id}).one_or_none()
    if row is None:
        return []
    owner = OfficerFacts(row.role, row.active, dates(row.licenses))
    today = at.astimezone(ZoneInfo(row.time_zone)).date()
    why = refusal(owner, LeadFacts(row.state), CompanyFacts(dates(row.company_licenses)), at, today)
    if why is None or why.reason not in _UNLICENSED:
        return []
    meta = {"officer": row.name, "state": row.state, "company": why.reason == Reason.COMPANY_NOT_LICENSED}
    seq = append_event(session, lead_id, Fact("owner_unlicensed", "leadbell", at, meta), salt)
    told = dict.fromkeys([row.id, *(managers_of(session, row.team_id) or leaders_of(session, row.team_id))])
    return [lease for each in told for lease in post_notice(session, lead_id, each, "owner_unlicensed", seq, row.score, at_once=at_once)]
