"""A row of an officer's own list."""

from datetime import datetime

from bot.leads.lead_facts import full_name, shared_facts
from bot.leads.mine import Row
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.wording.plain import plain


def say_row(row: Row, language: str, now: datetime, *, unmasked: bool) -> str:
    """The lead and what it waits for."""
    lead, own = row.lead, row.own
    facts = {
        **shared_facts(lead, now),
        "section": row.stands,
        "owner": row.owner and one_line(row.owner, 60),
        "stage": lead.stage,
        "note": row.note and one_line(row.note, 120),
        "waits_since": own.waits_since,
        "planned": row.planned,
        "rang": own.rang_at and said_in_full(own.rang_at, own.time_zone, now, language),
        "claimed_minutes": int((now - own.claimed_at).total_seconds() // 60),
    }
    if unmasked:
        facts["name"] = full_name(lead)
    return plain.say("mine_row", language, **facts)
