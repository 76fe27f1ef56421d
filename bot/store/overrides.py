"""Where a person decided against what the rules or the machine would have done: for compliance to look through."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.events import Event
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
    .where(_event.c.kind.in_(KINDS))
    .order_by(_event.c.at, _event.c.id)
)


def overrides(session: Session, since: datetime | None = None) -> list[Override]:
    """All of them, or those after that moment, the oldest first."""
    asked = _decided if since is None else _decided.where(_event.c.at > since)
    found = [
        Override(row.at, row.stream, row.key, row.name, row.kind, row.meta, orjson.loads(row.body).get("reason") if row.body else None)
        for row in session.connection().execute(asked)
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
