"""What may not happen at this moment, by law or for what the company lacks, stands in the timeline as it was said, with its rule."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session

from bot.leads.press import Press
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


def held(channel: Channel, rule: str, until: datetime, now: datetime, about: Mapping[str, Any]) -> Fact:
    """What waits until then by this rule, which it did not wait for before. `about` names the text, or the step of a sequence."""
    return Fact("held", "leadbell", now, {"channel": channel, "rule": rule, "until": until.isoformat(), **about})


def not_allowed(channel: Channel, rule: str, now: datetime) -> Fact:
    """What would have left by itself does not."""
    return Fact("not_allowed", "leadbell", now, {"channel": channel, "rule": rule, "because": rule, "until": None})
