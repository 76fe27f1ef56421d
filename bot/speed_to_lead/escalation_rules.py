"""A clock of a lead begins to run, by the policy that the rules in force then choose; it keeps to that policy's version."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.config.escalation_rules import from_text
from bot.distribution.routing import facts_of
from bot.rules.callable_time import is_open
from bot.rules.escalation_rules import EscalationRule, first_that_fits
from bot.store import clocks
from bot.store.clocks import NOT_BEGUN
from bot.store.people import works


def start_clock(session: Session, lead_id: int, kind: str, started_at: datetime, due_at: datetime, step: int = NOT_BEGUN) -> None:
    """Start a clock, or a new round of it; `step` is the last one that is done already."""
    usual = clocks.usual_policy(session, lead_id)
    rules = from_text(usual.rules)
    rule = _rule(rules, clocks.what_rules_look_at(session, lead_id), started_at) if rules else None
    policy = usual.policy if rule is None else clocks.newest_policy(session, rule.policy)
    clocks.start_clock(session, lead_id, kind, started_at, due_at, step, policy=policy)


def _rule(rules: tuple[EscalationRule, ...], lead: Any, at: datetime) -> EscalationRule | None:
    judged = {"segments": lead.segments or (), "grade": lead.grade, "points": lead.score}
    facts = facts_of(lead.details or {}, source=lead.source, **judged, at=at, zone=lead.time_zone)
    at_work = is_open(at, (works(lead),))
    return first_that_fits(rules, facts, lead.team, at_work=at_work)
