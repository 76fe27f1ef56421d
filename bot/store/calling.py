"""What decides whether a number may be called: what was agreed to on it, when whoever has it asked us, and what the registries say."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, case, exists, func, null, or_, select
from sqlmodel import Session

from bot.rules.asking_us import asks_us_again
from bot.rules.calling import CalledNumber
from bot.store.calls import call
from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, Consent
from bot.store.do_not_call import DoNotCallArea, listed
from bot.store.leads import UNDATED, Arrival, Lead, LeadBorrower
from bot.store.outbound import Message
from bot.store.people import Source
from bot.store.prepared import Prepared
from bot.store.suppressions import SALES_CALLS, Suppression

_consent, _arrival, _lead, _source = table_of(Consent), table_of(Arrival), table_of(Lead), table_of(Source)
_theirs, _of_lead = table_of(BorrowerContact).alias(), table_of(LeadBorrower).alias()
_area, _message, _suppression = table_of(DoNotCallArea), table_of(Message), table_of(Suppression)
_undated = _arrival.c.attribution[UNDATED].as_string()  # a row of a file that rings, and so has a day
_in_writing = (
    _consent.c.given, _consent.c.text.is_not(None), _consent.c.given_at <= _consent.c.recorded_at, _consent.c.names_us.is_not(False),
)  # fmt: skip
_words = Prepared(select(_consent.c.text).where(_consent.c.contact_point_id == bindparam("of_contact"), *_in_writing))
_received = (_message.c.direction == "in", _message.c.status == "received")
_said_since = Prepared(
    select(_message.c.body, _message.c.created_at)
    .where(_message.c.contact_point_id == bindparam("of_contact"), *_received, _message.c.created_at > bindparam("since"))
    .order_by(_message.c.created_at.desc())
)


def called_columns(contact: Table) -> tuple[Any, ...]:
    """Columns for a question about phones: `agreed`, `asked_at`, `wrote_at`, `called_at`, `funded_at`, `opted_out_at`, and whether there
    is any registry to ask."""
    agreed = exists().where(_consent.c.contact_point_id == contact.c.id, *_in_writing)
    # Old leads from a file asked when their row says, however late it came. Nobody knows when one asked whose row says nothing.
    came = case(
        (_arrival.c.submitted_at < _arrival.c.received_at, _arrival.c.submitted_at),
        (and_(_arrival.c.submitted_at.is_(None), or_(_arrival.c.day.is_(None), _undated.is_not(None))), null()),
        else_=_arrival.c.received_at,
    )
    asked_at = (
        select(func.max(came))
        .join_from(_theirs, _of_lead, _of_lead.c.borrower_id == _theirs.c.borrower_id)
        .join(_arrival, _arrival.c.lead_id == _of_lead.c.lead_id)
        .join(_source, _source.c.id == _arrival.c.source_id)
        .where(_theirs.c.contact_point_id == contact.c.id, ~_source.c.bought)
    )
    wrote_at = select(func.max(_message.c.created_at)).where(_message.c.contact_point_id == contact.c.id, *_received)
    called_at = select(func.max(call.c.created_at)).where(call.c.contact_point_id == contact.c.id, call.c.kind == "from_borrower")
    opted_out_at = select(func.max(_suppression.c.at)).where(
        _suppression.c.contact_key == contact.c.key, _suppression.c.channel == SALES_CALLS, _suppression.c.lifted_at.is_(None)
    )
    funded_at = (
        select(func.max(_lead.c.staged_at))
        .join_from(_theirs, _of_lead, _of_lead.c.borrower_id == _theirs.c.borrower_id)
        .join(_lead, _lead.c.id == _of_lead.c.lead_id)
        .where(_theirs.c.contact_point_id == contact.c.id, _lead.c.stage == "funded")
    )
    registered = exists(select(_area.c.area_code))
    return (
        agreed.label("agreed"),
        asked_at.scalar_subquery().label("asked_at"),
        wrote_at.scalar_subquery().label("wrote_at"),
        called_at.scalar_subquery().label("called_at"),
        funded_at.scalar_subquery().label("funded_at"),
        opted_out_at.scalar_subquery().label("opted_out_at"),
        registered.label("registered"),
    )


def called_numbers(session: Session, rows: Iterable[Any]) -> dict[int, CalledNumber]:
    """Phones with what decides, by their `contact_id`, from rows with that, their value and those columns."""
    phones = {row.contact_id: row for row in rows}
    agreed = [contact_id for contact_id, row in phones.items() if row.agreed]
    registered = [contact_id for contact_id, row in phones.items() if row.registered]
    listings = dict(zip(registered, listed(session, [phones[each].value for each in registered]), strict=True))
    words = dict(zip(agreed, _words.run_each(session, [{"of_contact": each} for each in agreed]), strict=True))
    opted_out = [contact_id for contact_id, row in phones.items() if row.opted_out_at is not None]
    since = [{"of_contact": each, "since": phones[each].opted_out_at} for each in opted_out]
    said_since = dict(zip(opted_out, _said_since.run_each(session, since), strict=True))
    called = {}
    for contact_id, row in phones.items():
        consented = "\n\n".join(found.text for found in words[contact_id]) if row.agreed else None
        said = tuple(listings.get(contact_id, ()))
        asked_in_words = next((text.created_at for text in said_since.get(contact_id, ()) if asks_us_again(text.body)), None)
        called[contact_id] = CalledNumber(
            row.value,
            consented,
            _latest(row.asked_at, row.wrote_at, row.called_at),
            row.funded_at,
            said,
            row.opted_out_at,
            _latest(row.asked_at, asked_in_words, row.called_at) if row.opted_out_at is not None else None,
        )
    return called


def _latest(*moments: datetime | None) -> datetime | None:
    return max((at for at in moments if at is not None), default=None)
