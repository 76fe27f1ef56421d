"""Partners whom a config names become contacts: each a lead that ended before it began, owned by the officer who looks after them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.config.models import Config, Partner
from bot.rules.stages import PARTNER
from bot.store import counters
from bot.store.contacts import Reachable, keep_contacts
from bot.store.events import Fact, append_event, events_since
from bot.store.installation import contact_key
from bot.store.leads import add_borrower, add_lead, lock_lead, set_detail
from bot.store.partners import KnownPartner, change_partner, drop_other_contacts, keep_agreement, known_partners
from bot.store.people import PARTNERS, own_source
from bot.store.stages import move_to_stage

LABEL = "Referral partners"
GONE = "withdrawn"
"""The stage of a partner whom the config names no more."""


def contacts_of(partner: Partner, hash_key: bytes) -> list[Reachable]:
    """How they are reached."""
    found = (("phone", partner.phone), ("email", partner.email))
    return [Reachable(kind, value, contact_key(hash_key, kind, value)) for kind, value in found if value]


def keep_partners(
    session: Session, config: Config, officers: Mapping[str, int], teams: Mapping[str, int], hash_key: bytes, at: datetime, salt: str
) -> list[str]:
    """Have the store hold the partners who can be reached; what changed, for an operator. Their contact keys are locked."""
    known, wanted = known_partners(session), {each.key: each for each in config.partners if contacts_of(each, hash_key)}
    homes = {each.key: teams[config.home_of(each).key] for each in config.officers}
    company = config.company.display_name
    made = []
    for key, partner in wanted.items():
        found = known.get(key)
        if found is None:
            source_id = own_source(session, LABEL, teams[config.default_team], key=PARTNERS).id
            found = _begin(session, partner, officers[partner.officer], homes[partner.officer], source_id, company, at, salt)
            made.append(f"partner {key}: kept as #{found.number}")
        else:
            lock_lead(session, found.number)
            if _left_the_config(session, found):
                found = _move(session, found, PARTNER, company, at, salt)
                made.append(f"partner {key}: #{found.number} is a contact again")
        _change(session, found, partner, officers[partner.officer], homes[partner.officer])
        _reach(session, found, partner, contacts_of(partner, hash_key), at)
    for key, gone in known.items():
        if key not in wanted and gone.stage == PARTNER:
            lock_lead(session, gone.number)
            _move(session, gone, GONE, company, at, salt)
            made.append(f"partner {key}: #{gone.number} is no contact any more")
    return made


def _left_the_config(session: Session, partner: KnownPartner) -> bool:
    """Whether they ended since the config did not name them; who was ended by an officer stays so."""
    if partner.stage != GONE:
        return False
    moved = [event.actor for event in events_since(session, partner.number, 1) if event.kind == "staged"]
    return moved[-1] == "leadbell"


def _move(session: Session, partner: KnownPartner, stage: str, company: str, at: datetime, salt: str) -> KnownPartner:
    move_to_stage(session, partner.number, stage, at)
    meta = {"officer": company, "from": partner.stage, "stage": stage}
    append_event(session, partner.number, Fact("staged", "leadbell", at, meta), salt)
    return replace(partner, stage=stage)


def _begin(
    session: Session, partner: Partner, owner_id: int, team_id: int, source_id: int, company: str, at: datetime, salt: str
) -> KnownPartner:
    row = {
        "team_id": team_id, "source_id": source_id, "owner_id": owner_id, "claimed_at": at, "stage": PARTNER, "staged_at": at, "score": 0,
        "grade": "D", "score_reasons": [], "segments": {}, "arrived_at": at, "practice": False, "details": {"partner": partner.key},
        "head_seq": 0, "head_digest": "",
    }  # fmt: skip
    number = add_lead(session, row)
    borrower_id = add_borrower(session, number, None, None, None)
    meta = {"source": PARTNERS, "grade": "D", "linked_to": None}
    append_event(session, number, Fact("arrived", "leadbell", at, meta, subject_id=borrower_id), salt, first=True)
    append_event(session, number, Fact("staged", "leadbell", at, {"officer": company, "from": "new", "stage": PARTNER}), salt)
    counters.count(session, team_id=team_id, source_id=source_id, owner_id=owner_id, stage=PARTNER, delta=1)
    return KnownPartner(number, borrower_id, owner_id, team_id, source_id, PARTNER)


def _change(session: Session, found: KnownPartner, partner: Partner, owner_id: int, team_id: int) -> None:
    first, _, last = (partner.contact or "").partition(" ")
    change_partner(session, found, (first or None, last or partner.name), owner_id, team_id)
    set_detail(session, found.number, "language", partner.language)
    if (owner_id, team_id) != (found.owner_id, found.team_id):
        for team, owner, delta in ((found.team_id, found.owner_id, -1), (team_id, owner_id, 1)):
            counters.count(session, team_id=team, source_id=found.source_id, owner_id=owner, stage=found.stage, delta=delta)


def _reach(session: Session, found: KnownPartner, partner: Partner, contacts: list[Reachable], at: datetime) -> None:
    ids = keep_contacts(session, found.borrower_id, contacts)
    drop_other_contacts(session, found.borrower_id, ids.values())
    if partner.consent is not None:
        for contact_id in ids.values():
            keep_agreement(session, contact_id, partner.consent.text, partner.consent.given_on, at)
