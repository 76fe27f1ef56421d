"""Who watches over the law reads on Mondays what was decided against the rules, and in time that the do-not-call registry runs out."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.rules.do_not_call import NATIONAL, good_until
from bot.services import Services
from bot.store.database import Store
from bot.store.do_not_call import held_registries
from bot.store.events import COMPANY, Fact, append_event
from bot.store.messages import held_now, refused_since
from bot.store.newest_first import Page
from bot.store.overrides import overrides_since
from bot.store.people import compliance_officers, operators
from bot.store.postings import Lease, post_notice
from bot.store.seen import is_answered, once

MONDAY = 0
WEEK = timedelta(days=7)
WARNED_WITH = (0, 1, 7)
"""Days that the registry is still good for when it is told that it runs out, besides the day on which it has."""
WORTH = 100
_told: TypeAdapter[bool] = TypeAdapter(bool)


@dataclass(frozen=True, slots=True)
class Week:
    """Who decided what how often, and how many messages were refused and are held."""

    decided: list[list[Any]]
    refused: int
    held: int


_QUIET = Week([], 0, 0)


async def tell_compliance(services: Services) -> None:
    """Look once a day whether there is something to tell. The week is counted outside of what writes, a page at a time."""
    now, week = services.clock.now(), _QUIET
    if _is_monday(now):
        if await services.store.read(is_answered, _week_of(now)):
            return
        week = await _count(services.store, now)
    services.owe(await services.store.transact(tell_who_watches, week, now, services.salt()))


def tell_who_watches(session: Session, week: Week, now: datetime, salt: str) -> list[Lease]:
    """The transaction of that look. On Mondays they read the week, where anything was decided or kept back; on other days only that the
    registry runs out. Each is told once, whoever of our processes looks."""
    registry, leases = _registry(session, now), list[Lease]()

    def tell() -> bool:
        facts = {"decided": week.decided, "refused": week.refused, "held": week.held}
        seq = append_event(session, COMPANY, Fact("compliance_week", "leadbell", now, {**registry, **facts}), salt)
        for officer_id in compliance_officers(session) or operators(session):
            leases.extend(post_notice(session, None, officer_id, "compliance_week", seq, WORTH, at_once=True))
        return True

    if _is_monday(now):
        if week != _QUIET or registry["registry"] in ("runs_out", "too_old"):
            once(session, _week_of(now), now, _told, tell)
    elif registry["registry"] in ("runs_out", "too_old"):
        days = min((each for each in WARNED_WITH if registry["days"] <= each), default=0) if registry["days"] >= 0 else -1
        once(session, f"registry:{registry['dated']}:{days}", now, _told, tell)
    return leases


def _is_monday(now: datetime) -> bool:
    return now.astimezone(UTC).weekday() == MONDAY


def _week_of(now: datetime) -> str:
    return f"compliance:{now.astimezone(UTC).date()}"


def _registry(session: Session, now: datetime) -> dict[str, Any]:
    """How the national registry stands: the day of its oldest area code, and for how many days more that is good."""
    held = next((each for each in held_registries(session) if each.registry == NATIONAL), None)
    if held is None:
        return {"registry": "missing", "dated": None, "days": 0}
    days = (good_until(held.oldest) - now.astimezone(UTC).date()).days
    state: Literal["good", "runs_out", "too_old"] = "too_old" if days < 0 else "runs_out" if days <= max(WARNED_WITH) else "good"
    return {"registry": state, "dated": held.oldest.isoformat(), "days": days}


async def _count(store: Store, now: datetime) -> Week:
    """Who decided what how often in the last seven days, and how many messages the gate refused then, and holds now."""
    since, decided, refused = now - WEEK, Counter[tuple[str, str]](), 0
    page: Page | None = None
    while page is None or page.goes_on:
        found, page = await store.read(overrides_since, since, page)
        decided.update((each.name, each.kind) for each in found)
    page = None
    while page is None or page.goes_on:
        many, page = await store.read(refused_since, since, page)
        refused += many
    return Week([[name, kind, many] for (name, kind), many in sorted(decided.items())], refused, await store.read(held_now))
