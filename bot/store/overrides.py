"""Where a person decided against what the rules or the machine would have done: for compliance to look through."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.events import Event
from bot.store.newest_first import READ_AT_ONCE, NewestFirst, Page, in_page
from bot.store.people import officer

KINDS = ("called_anyway", "text_settled", "opt_out_decided", "replies_in")


@dataclass(frozen=True, slots=True)
class Override:
    """Who decided what about which lead, when and why; `lead` 0 is none that was known. A reason is None where none is asked, or erased."""

    at: datetime
    lead: int
    officer: str
    name: str
    kind: str
    meta: dict[str, Any]
    reason: str | None


_event = table_of(Event)
_decided = (
    select(_event.c.at, _event.c.stream, officer.c.key, officer.c.name, _event.c.kind, _event.c.meta, _event.c.body)
    .join_from(_event, officer, officer.c.id == _event.c.officer_id)
    .where(in_page(_event.c.id), _event.c.kind.in_(KINDS))
    .order_by(_event.c.id)
)
_events = NewestFirst(_event.c.at)


def overrides(session: Session) -> list[Override]:
    """All of them, the oldest first. Wants one snapshot, as `Store.read_now` gives."""
    pages = range(1, _events.newest(session) + 1, READ_AT_ONCE)
    found = [each for first in pages for each in _among(session, first, first + READ_AT_ONCE - 1)]
    return sorted(found, key=lambda each: each.at)


def overrides_since(session: Session, since: datetime, before: Page | None) -> tuple[list[Override], Page]:
    """Those after that moment among the newest page of all events, or among the one that comes before that one; and the page."""
    page = _events.page(session, since, before)
    return [each for each in _among(session, page.first, page.last) if each.at > since], page


def _among(session: Session, first: int, last: int) -> list[Override]:
    found = [
        Override(row.at, row.stream, row.key, row.name, row.kind, row.meta, orjson.loads(row.body).get("reason") if row.body else None)
        for row in session.connection().execute(_decided, {"first": first, "last": last})
    ]
    return [each for each in found if _goes_against(each)]


def _goes_against(decided: Override) -> bool:
    """Of the decisions that may be one: to send again what may have arrived, and that words were no opt-out."""
    match decided.kind:
        case "text_settled":
            return bool(decided.meta["decision"] == "sent_again")
        case "opt_out_decided":
            return not decided.meta["opted_out"]
    return True
