"""What an officer may not do at this moment, by law or for what the company lacks, stands in the timeline as it was said, with its rule."""

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from bot.press import Press
from bot.store.events import Fact, append_event

Channel = Literal["sms", "email", "call", "voicemail"]


def note_refused(
    session: Session,
    by: Press,
    actor: str,
    channel: Channel,
    because: str,
    rule: str,
    until: datetime | None = None,
) -> None:
    """Keep that an officer read why they may not reach the lead's borrower, or not `until` then. The lead is locked. `because` is what they
    read, `rule` the id of the rule behind it, which is the same where there are no other words for it."""
    meta = {"channel": channel, "rule": rule, "because": because, "until": until.isoformat() if until else None}
    append_event(session, by.lead, Fact("not_allowed", f"officer:{actor}", by.at, meta, officer_id=by.officer_id), by.salt)
