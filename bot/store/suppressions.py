"""Phones and emails that must not be called or written to. They outlive the borrower, so they hold the hash alone."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select, update
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import row_id, table_of
from bot.store.contacts import BorrowerContact, ContactPoint, Reachable, lock_keys
from bot.store.leads import LeadBorrower
from bot.store.prepared import Prepared

SALES_CALLS = "sales_calls"
"""Closed by a STOP and by an unsubscription: calls to somebody who has not asked us since and has no loan under way. "voice" is our own
do-not-call list."""


class Suppression(SQLModel, table=True):
    """One contact key, the channel that is closed to it (sms, email, voice, sales_calls, or marketing on any of them), and why."""

    id: int | None = row_id()
    contact_key: str = Field(index=True)
    channel: str
    reason: str
    at: datetime
    lifted_at: datetime | None = None


_suppression, _contact = table_of(Suppression), table_of(ContactPoint)
_borrower_contact, _lead_borrower = table_of(BorrowerContact), table_of(LeadBorrower)
_its_contact, _theirs = _contact.alias("its_contact"), _borrower_contact.alias("theirs")
_insert = insert(_suppression)
_phones = (
    select(_contact.c.key)
    .join_from(_lead_borrower, _borrower_contact, _lead_borrower.c.borrower_id == _borrower_contact.c.borrower_id)
    .join(_contact)
    .where(_lead_borrower.c.lead_id == bindparam("of_lead"), _contact.c.kind == "phone")
)


_everything = (
    select(_contact.c.key)
    .join_from(_lead_borrower, _borrower_contact, _lead_borrower.c.borrower_id == _borrower_contact.c.borrower_id)
    .join(_contact)
    .where(_lead_borrower.c.lead_id == bindparam("of_lead"))
)
_elsewhere = (
    select(_contact.c.key, _contact.c.kind)
    .join(_borrower_contact, _borrower_contact.c.contact_point_id == _contact.c.id)
    .where(
        _contact.c.key != bindparam("of_key"),
        _borrower_contact.c.borrower_id.in_(
            select(_theirs.c.borrower_id).join(_its_contact, _its_contact.c.id == _theirs.c.contact_point_id)
            .where(_its_contact.c.key == bindparam("of_key"))
        ),
    )
    .distinct()
)  # fmt: skip
_lift_all = (
    update(_suppression)
    .where(
        _suppression.c.contact_key.in_(bindparam("keys", expanding=True)),
        _suppression.c.reason.in_(bindparam("reasons", expanding=True)),
        _suppression.c.at == bindparam("written_at"),
        _suppression.c.lifted_at.is_(None),
    )
    .values(lifted_at=bindparam("now"))
)


def lift_written_at(session: Session, lead_id: int, reasons: Sequence[str], written_at: datetime, now: datetime) -> None:
    """The borrowers' phones and emails are open again to what was closed at that moment for one of these reasons, and so is whatever else
    reaches whoever has one of them; what else closed it stays."""
    connection = session.connection()
    own = connection.execute(_everything, {"of_lead": lead_id}).scalars().all()
    elsewhere = [each.key for key in own for each in connection.execute(_elsewhere, {"of_key": key})]
    row = {"keys": [*{*own, *elsewhere}], "reasons": list(reasons), "written_at": written_at, "now": now}
    connection.execute(_lift_all, row)


def lock_contacts(session: Session, lead_id: int) -> None:
    """Whatever leaves for the lead's borrowers is decided before this transaction or after it, also what leaves about another lead of
    theirs. To be called before anything else is locked."""
    lock_keys(session, session.connection().execute(_everything, {"of_lead": lead_id}).scalars())


def suppress_phones(session: Session, lead_id: int, reason: str, at: datetime) -> None:
    """No more calls and texts to the numbers of the lead's borrowers; email stays open."""
    keys = session.connection().execute(_phones, {"of_lead": lead_id}).scalars().all()
    rows = [{"contact_key": key, "channel": channel, "reason": reason, "at": at} for key in keys for channel in ("voice", "sms")]
    if rows:
        session.connection().execute(_insert, rows)


def suppress_marketing(session: Session, lead_id: int, reason: str, at: datetime) -> None:
    """No more marketing to any phone or email of the lead's borrowers."""
    keys = session.connection().execute(_everything, {"of_lead": lead_id}).scalars().all()
    rows = [{"contact_key": key, "channel": "marketing", "reason": reason, "at": at} for key in dict.fromkeys(keys)]
    if rows:
        session.connection().execute(_insert, rows)


_of_key = Prepared(
    select(_suppression.c.channel, _suppression.c.reason, _suppression.c.at).where(
        _suppression.c.contact_key == bindparam("of_key"), _suppression.c.lifted_at.is_(None)
    )
)


def suppress(session: Session, key: str, channels: tuple[str, ...], reason: str, at: datetime) -> None:
    """Close these channels to one phone or email, whoever's it is."""
    session.connection().execute(_insert, [{"contact_key": key, "channel": channel, "reason": reason, "at": at} for channel in channels])


def suppress_marketing_elsewhere(session: Session, key: str, reason: str, at: datetime, *, calls_too: bool = True) -> None:
    """Close marketing to everything else that reaches whoever has this phone or address: both, where two share it, since nobody knows who
    wrote. Calls to their phones that would sell something end with it, unless they said that they mean something else."""
    found = session.connection().execute(_elsewhere, {"of_key": key}).all()
    closed = [(each.key, "marketing") for each in found] + [(each.key, SALES_CALLS) for each in found if calls_too and each.kind == "phone"]
    rows = [{"contact_key": each, "channel": channel, "reason": reason, "at": at} for each, channel in closed]
    if rows:
        session.connection().execute(_insert, rows)


_theirs_closed = Prepared(
    select(_contact.c.key, _suppression.c.channel, _suppression.c.reason, _suppression.c.at)
    .join_from(_borrower_contact, _contact)
    .outerjoin(_suppression, and_(_suppression.c.contact_key == _contact.c.key, _suppression.c.lifted_at.is_(None)))
    .where(_borrower_contact.c.borrower_id == bindparam("of_borrower"))
)


def close_what_is_learned(session: Session, borrower_ids: Collection[int], contacts: Sequence[Reachable]) -> None:
    """What a person ended, which these borrowers are, holds as well at phones and emails of theirs that somebody else tells us later: with
    the time when they ended it, so that whatever takes it back opens these too. To be called before they are kept as theirs.

    Whatever they say themselves is heard with one of their leads locked: so must these leads be.
    """
    closed = [row for each in borrower_ids for row in _theirs_closed.run(session, {"of_borrower": each})]
    known = {row.key for row in closed}
    ended = {(row.channel, row.reason, row.at) for row in closed if _is_the_persons(row.channel, row.reason)}
    learned = [each for each in contacts if each.key not in known] if ended else []
    rows = []
    for each, own in zip(learned, _of_key.run_each(session, [{"of_key": each.key} for each in learned]), strict=True):
        stand = {(row.channel, row.reason, row.at) for row in own}
        rows += [
            {"contact_key": each.key, "channel": channel, "reason": reason, "at": at}
            for channel, reason, at in sorted(ended - stand, key=lambda row: (row[2], row[0]))
            if each.kind == "phone" or channel == "marketing"
        ]
    if rows:
        session.connection().execute(_insert, rows)


def _is_the_persons(channel: str | None, reason: str) -> bool:
    """Whether it was meant by whoever said it, not of that number or address alone."""
    return reason == "do_not_call" or (channel in ("marketing", SALES_CALLS) and reason in ("opted_out", "unsubscribed"))


def closed_channels(session: Session, key: str) -> dict[str, str]:
    """The channels that are closed to this phone or email, each with the first reason."""
    return closed_channels_of(session, [key])[0]


def closed_channels_of(session: Session, keys: Sequence[str]) -> list[dict[str, str]]:
    """The same of each of several."""
    return [closed for closed, _ in closures_of(session, keys)]


def closures_of(session: Session, keys: Sequence[str]) -> list[tuple[dict[str, str], dict[str, datetime]]]:
    """Of each of several phones or emails the closed channels with their first reasons, and each reason with when it was given last."""
    found: list[tuple[dict[str, str], dict[str, datetime]]] = []
    for rows in _of_key.run_each(session, [{"of_key": key} for key in keys]):
        closed, since = dict[str, str](), dict[str, datetime]()
        for channel, reason, at in rows:
            closed.setdefault(channel, reason)
            since[reason] = max(at, since.get(reason, at))
        found.append((closed, since))
    return found


def closed_since(session: Session, key: str, reason: str) -> datetime | None:
    """Since when this phone or email is closed to something for this reason."""
    return closures_of(session, [key])[0][1].get(reason)


_open_again = (
    update(_suppression)
    .where(
        _suppression.c.contact_key == bindparam("of_key"),
        _suppression.c.channel == bindparam("on_channel"),
        _suppression.c.lifted_at.is_(None),
    )
    .values(lifted_at=bindparam("since"))
)


def lift(session: Session, key: str, channel: str, at: datetime) -> None:
    """Open a channel again."""
    session.connection().execute(_open_again, {"of_key": key, "on_channel": channel, "since": at})
