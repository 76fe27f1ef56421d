"""Who watches over the law reads on Mondays what was decided against the rules, and in time that the do-not-call registry runs out."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.rules.do_not_call import NATIONAL, good_until
from bot.services import Services
from bot.store.do_not_call import held_registries
from bot.store.events import COMPANY, Fact, append_event
from bot.store.messages import gated_since
from bot.store.overrides import overrides
from bot.store.people import compliance_officers, operators
from bot.store.postings import Lease, post_notice
from bot.store.seen import once

MONDAY = 0
WEEK = timedelta(days=7)
WARNED_WITH = (0, 1, 7)
"""Days that the registry is still good for when it is told that it runs out, besides the day on which it has."""
WORTH = 100
_told: TypeAdapter[bool] = TypeAdapter(bool)


async def tell_compliance(services: Services) -> None:
    """Look once a day whether there is something to tell."""
    services.owe(await services.store.transact(tell_who_watches, services.clock.now(), services.salt()))


def tell_who_watches(session: Session, now: datetime, salt: str) -> list[Lease]:
    """The transaction of that look. On Mondays they read the week, where anything was decided or kept back; on other days only that the
    registry runs out. Each is told once, whoever of our processes looks."""
    registry, leases = _registry(session, now), list[Lease]()
    today = now.astimezone(UTC).date()

    def tell(facts: dict[str, Any]) -> bool:
        seq = append_event(session, COMPANY, Fact("compliance_week", "leadbell", now, {**registry, **facts}), salt)
        for officer_id in compliance_officers(session) or operators(session):
            leases.extend(post_notice(session, None, officer_id, "compliance_week", seq, WORTH, at_once=True))
        return True

    if today.weekday() == MONDAY:
        facts = _week(session, now)
        if any(facts.values()) or registry["registry"] in ("runs_out", "too_old"):
            once(session, f"compliance:{today}", now, _told, lambda: tell(facts))
    elif registry["registry"] in ("runs_out", "too_old"):
        days = min((each for each in WARNED_WITH if registry["days"] <= each), default=0) if registry["days"] >= 0 else -1
        once(session, f"registry:{registry['dated']}:{days}", now, _told, lambda: tell({"decided": [], "refused": 0, "held": 0}))
    return leases


def _registry(session: Session, now: datetime) -> dict[str, Any]:
    """How the national registry stands: the day of its oldest area code, and for how many days more that is good."""
    held = next((each for each in held_registries(session) if each.registry == NATIONAL), None)
    if held is None:
        return {"registry": "missing", "dated": None, "days": 0}
    days = (good_until(held.oldest) - now.astimezone(UTC).date()).days
    state: Literal["good", "runs_out", "too_old"] = "too_old" if days < 0 else "runs_out" if days <= max(WARNED_WITH) else "good"
    return {"registry": state, "dated": held.oldest.isoformat(), "days": days}


def _week(session: Session, now: datetime) -> dict[str, Any]:
    """Who decided what how often in the last seven days, and how many messages the gate refused then, and holds now."""
    decided = Counter((each.name, each.kind) for each in overrides(session, now - WEEK))
    refused, held = gated_since(session, now - WEEK)
    return {"decided": [[name, kind, many] for (name, kind), many in sorted(decided.items())], "refused": refused, "held": held}
