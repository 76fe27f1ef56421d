"""A mail server reports that an email of ours did not arrive: the line says so, and an address where nobody is gets no second one."""

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from bot.conversation.sending import move_on
from bot.outreach.incoming import Fate
from bot.rules.emailing import NO_MAILBOX, what_came_back
from bot.store.events import Fact, append_event
from bot.store.messages import RANKS, Move, lock_text
from bot.store.postings import Lease, post_update
from bot.store.suppressions import suppress
from bot.store.views import lead_view

Noted = Literal["came_back", "delayed", "known"]


def note_fate(session: Session, email_id: int, fate: Fate, now: datetime, salt: str) -> tuple[Noted, list[Lease]]:
    """The transaction of a report about one email of ours. One that ended stays as it ended, and what is only late still may arrive."""
    text = lock_text(session, email_id)
    assert text is not None, "the report names an email of ours"
    if text.direction != "out" or RANKS[text.status] >= RANKS["failed"]:
        return "known", []
    if fate.action == "delayed":
        if text.lead_id is not None:
            meta = {"text": text.id, "status": "delayed", "why": fate.status}
            append_event(session, text.lead_id, Fact("text_status", "leadbell", now, meta), salt)
        return "delayed", []
    because = what_came_back(fate.status, fate.code)
    if because == NO_MAILBOX:
        suppress(session, text.key, ("email",), NO_MAILBOX, now)
    leases = move_on(session, [Move(text, "failed", fate.code, because)], now, salt)
    lead = lead_view(session, text.lead_id) if text.lead_id is not None else None
    if lead is not None:
        fact = Fact("email_returned", "leadbell", now, {"text": text.id, "because": because})
        post_update(session, lead.number, "email_returned", append_event(session, lead.number, fact, salt), lead.score)
    return "came_back", leases
