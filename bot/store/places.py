"""Where channels and people are on a platform, and which officer a user is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select, update
from sqlmodel import Session

from bot.rules.roles import Role
from bot.store.people import officer
from bot.store.postings import AUDIT_CHANNEL, place
from bot.store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class KnownOfficer:
    id: int
    key: str
    name: str
    language: str
    role: Role
    active: bool


@dataclass(frozen=True, slots=True)
class Unfound:
    """A place whose id on the platform is not known yet, or no longer."""

    id: int
    kind: str
    named: str


_known = Prepared(
    select(officer.c.id, officer.c.key, officer.c.name, officer.c.language, officer.c.role, officer.c.active)
    .join_from(place, officer, place.c.officer_id == officer.c.id)
    .where(place.c.platform == bindparam("on"), place.c.kind == "person", place.c.address == bindparam("user"), place.c.active)
)
_adopt = (
    update(place)
    .where(
        place.c.platform == bindparam("on"),
        place.c.kind == "person",
        place.c.named == bindparam("email"),
        place.c.address.is_(None),
        place.c.active,
    )
    .values(address=bindparam("user"))
)
_lost = or_(
    place.c.address.is_(None),
    # Archived perhaps, and made anew under its name. One that the config names by its id has no other.
    and_(place.c.kind != "person", place.c.named != place.c.address, place.c.broken_because.is_not(None)),
)
_unfound = (
    select(place.c.id, place.c.kind, place.c.named).where(place.c.platform == bindparam("on"), _lost, place.c.active).order_by(place.c.id)
)
_set_address = (
    update(place)
    .where(place.c.id == bindparam("place_id"), or_(place.c.address.is_(None), place.c.address != bindparam("found")))
    .values(address=bindparam("found"), broken_because=None, next_at=None)
)
_address = select(place.c.address).where(place.c.id == bindparam("place_id"))
_active = select(place.c.active).where(place.c.id == bindparam("place_id"))
_channels = (
    select(place.c.address)
    .where(place.c.platform == bindparam("on"), place.c.kind != "person", place.c.address.is_not(None), place.c.active)
    .order_by(place.c.id)
)
_of_officers = (
    select(place.c.address)
    .where(
        place.c.platform == bindparam("on"),
        place.c.kind == "person",
        place.c.officer_id.in_(bindparam("officers", expanding=True)),
        place.c.address.is_not(None),
        place.c.active,
    )
    .order_by(place.c.officer_id)
)
_audited_in = select(place.c.id).where(place.c.kind == AUDIT_CHANNEL, place.c.active).order_by(place.c.id)
_people = (
    select(place.c.address)
    .where(place.c.platform == bindparam("on"), place.c.kind == "person", place.c.address.is_not(None), place.c.active)
    .order_by(place.c.id)
)
_in_trouble = (
    select(place.c.named, officer.c.key, place.c.broken_because)
    .outerjoin_from(place, officer, place.c.officer_id == officer.c.id)
    .where(place.c.broken_because.is_not(None), place.c.active)
)
_set_conversation = update(place).where(place.c.id == bindparam("place_id")).values(conversation=bindparam("found"))


def officer_at(session: Session, platform: str, user: str) -> KnownOfficer | None:
    """The officer who is this user, or None."""
    found = _known.run(session, {"on": platform, "user": user})
    return KnownOfficer(*found[0]) if found else None


def adopt_person(session: Session, platform: str, email: str, user: str) -> KnownOfficer | None:
    """The officer whom the config names by this email, from now on known by the user's id."""
    session.connection().execute(_adopt, {"on": platform, "email": email, "user": user})
    return officer_at(session, platform, user)


def unfound(session: Session, platform: str) -> list[Unfound]:
    return [Unfound(*row) for row in session.connection().execute(_unfound, {"on": platform})]


def set_addresses(session: Session, found: Mapping[int, str]) -> None:
    for place_id, address in found.items():
        session.connection().execute(_set_address, {"place_id": place_id, "found": address})


def address_of(session: Session, place_id: int) -> str | None:
    """The place's id on the platform, None while it was not found there."""
    address: str | None = session.connection().execute(_address, {"place_id": place_id}).scalar_one()
    return address


def is_named(session: Session, place_id: int) -> bool:
    """Whether the config still names the place."""
    return bool(session.connection().execute(_active, {"place_id": place_id}).scalar_one())


def addresses_of(session: Session, platform: str, officers: Sequence[int]) -> list[str]:
    """The platform's ids of these officers, as far as they are known."""
    return list(session.connection().execute(_of_officers, {"on": platform, "officers": list(officers)}).scalars())


def people_on(session: Session, platform: str) -> list[str]:
    """The platform's ids of all officers whom it knows."""
    return list(session.connection().execute(_people, {"on": platform}).scalars())


def channels_on(session: Session, platform: str) -> list[str]:
    """The platform's ids of the teams' channels, as far as they are known."""
    return list(session.connection().execute(_channels, {"on": platform}).scalars())


def audit_channels(session: Session) -> list[int]:
    """The places where the seals of the timelines are told."""
    return list(session.connection().execute(_audited_in).scalars())


def set_conversation(session: Session, place_id: int, conversation: str) -> None:
    """Remember a person's direct messages with us."""
    session.connection().execute(_set_conversation, {"place_id": place_id, "found": conversation})


def broken_places(session: Session) -> list[tuple[str, str]]:
    """The places that cannot be reached now, and why. A person is called by the officer's key, never by the email."""
    return [(key or named, because) for named, key, because in session.connection().execute(_in_trouble)]
