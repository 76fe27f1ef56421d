"""Partners whom a config names: each stands as a lead that ended before it began, so that whatever is for leads is for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, Consent, add_consents
from bot.store.leads import Borrower, LeadBorrower, lead
from bot.store.people import PARTNERS, Source


@dataclass(frozen=True, slots=True)
class KnownPartner:
    """A partner who is kept, as the lead with this number."""

    number: int
    borrower_id: int
    owner_id: int | None
    team_id: int
    source_id: int
    stage: str


_borrower, _lead_borrower, _source = table_of(Borrower), table_of(LeadBorrower), table_of(Source)
_theirs, _consent = table_of(BorrowerContact), table_of(Consent)
_known = (
    select(lead.c.details, lead.c.id, _lead_borrower.c.borrower_id, lead.c.owner_id, lead.c.team_id, lead.c.source_id, lead.c.stage)
    .join_from(lead, _source, _source.c.id == lead.c.source_id)
    .join(_lead_borrower, _lead_borrower.c.lead_id == lead.c.id)
    .where(_source.c.key == PARTNERS, _lead_borrower.c.position == 0)
    .order_by(lead.c.id)
)
_change_lead = update(lead).where(lead.c.id == bindparam("number")).values(owner_id=bindparam("of_officer"), team_id=bindparam("of_team"))
_rename = update(_borrower).where(_borrower.c.id == bindparam("who")).values(first_name=bindparam("first"), last_name=bindparam("last"))
_drop_others = delete(_theirs).where(
    _theirs.c.borrower_id == bindparam("who"), _theirs.c.contact_point_id.not_in(bindparam("kept", expanding=True))
)
_agreed_before = select(_consent.c.id).where(
    _consent.c.contact_point_id == bindparam("contact"), _consent.c.text == bindparam("said"), _consent.c.given_at == bindparam("at")
)


def known_partners(session: Session) -> dict[str, KnownPartner]:
    """Who is kept, by key, those included whom the config names no more."""
    rows = session.connection().execute(_known)
    return {row.details["partner"]: KnownPartner(*tuple(row)[1:]) for row in rows if "partner" in row.details}


def change_partner(session: Session, partner: KnownPartner, names: tuple[str | None, str | None], owner_id: int, team_id: int) -> None:
    """What the config says of them now. The lead is locked."""
    connection = session.connection()
    connection.execute(_change_lead, {"number": partner.number, "of_officer": owner_id, "of_team": team_id})
    connection.execute(_rename, {"who": partner.borrower_id, "first": names[0], "last": names[1]})


def drop_other_contacts(session: Session, borrower_id: int, kept: Collection[int]) -> None:
    """They are reached by these alone."""
    session.connection().execute(_drop_others, {"who": borrower_id, "kept": list(kept)})


def keep_agreement(session: Session, contact_id: int, text: str, on: date, now: datetime) -> None:
    """Keep what a partner agreed to, once. Of what is written in a config only the day is known."""
    given_at = datetime.combine(on, time(), UTC)
    if session.connection().execute(_agreed_before, {"contact": contact_id, "said": text, "at": given_at}).first() is None:
        add_consents(session, [{
            "contact_point_id": contact_id, "recorded_at": now, "given": True, "text": text, "given_at": given_at, "sellers": [],
            "names_us": True,
        }])  # fmt: skip
