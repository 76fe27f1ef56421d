"""Sequences that begin by themselves, where the config turns that on: by a stage, a segment, an event, a silence or a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.nurture.drip_steps import Sender, first_step, why_not, zone_of
from bot.outreach.reach import Reaches, lock_reaches
from bot.rules.drips import EACH_YEAR, TOO_LATE_AFTER, Plan, Trigger, begins_at, begins_on, comes_on, is_held_out, next_step, silent_until
from bot.store.drip_beginnings import (
    began_before,
    dates_of,
    heard_at,
    hold_out,
    is_looked_over,
    leads_to_look_at,
    look_over,
    looked_at,
    set_looked_over,
    still_due,
)
from bot.store.drips import Version, add_drip, newest_versions, set_beginning, waiting
from bot.store.events import Fact, PastEvent, append_event, events_since
from bot.store.leads import lock_leads
from bot.store.postings import Lease, redraw
from bot.store.views import LeadView, lead_view

AT_ONCE = 10
"""How many leads one transaction looks at: meanwhile SQLite lets nobody else write."""
A_YEAR = timedelta(days=365)
NEWS_FOR = timedelta(days=1)
"""What happened longer ago begins nothing any more: whoever turns a sequence on after a while surprises nobody."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of a lead that is looked at. `news` are its events since the last look that are no older than a day."""

    lead: LeadView
    news: tuple[PastEvent, ...]
    dates: Mapping[str, date]
    heard_at: datetime
    zone: str
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Fires:
    """Something begins a sequence now; `anchor` is the day that it goes by."""

    anchor: date | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing does yet; at that time it may."""

    at: datetime


def begin_by_themselves(
    session: Session, now: datetime, salt: str, sender: Sender, chosen: Sequence[int] | None = None
) -> tuple[int, list[Lease]]:
    """Look at the leads that are due, some at once, and begin what is turned on and meant for them; how many were looked at."""
    due = leads_to_look_at(session, now, AT_ONCE) if chosen is None else list(chosen)
    if not due:
        return 0, []
    reaches = lock_reaches(session, due)
    lock_leads(session, due)
    versions = [version for key, version in newest_versions(session).items() if key in sender.begins]
    leases: list[Lease] = []
    for lead_id in due:
        seqs = still_due(session, lead_id, now)
        if seqs is not None:
            leases += _look_at(session, lead_id, seqs, versions, reaches[lead_id], sender, now, salt)
    return len(due), leases


def look_over_again(session: Session, now: datetime, sender: Sender, after: int = 0) -> int | None:
    """Have the leads that follow this one looked at that days or silence may begin something for, some at once, where it was changed what
    begins by itself; the last one that was gone through, None once none is left."""
    if is_looked_over(session, sender.begins):
        return None
    plans = [version.plan for key, version in newest_versions(session).items() if key in sender.begins]
    silent_in = {stage for plan in plans for stage in plan.stages if any(trigger.silent_for for trigger in plan.begins)}
    reached = look_over(session, silent_in, now, after)
    if reached is None:
        set_looked_over(session, sender.begins)
    return reached


def _look_at(
    session: Session,
    lead_id: int,
    seqs: tuple[int, int],
    versions: list[Version],
    reaches: Reaches,
    sender: Sender,
    now: datetime,
    salt: str,
) -> list[Lease]:
    lead = lead_view(session, lead_id)
    assert lead is not None, "its row was just locked"
    since, head = seqs
    news = tuple(event for event in events_since(session, lead_id, since + 1) if event.at > now - NEWS_FOR)
    looked = Looked(lead, news, dates_of(session, lead_id), heard_at(session, lead_id) or lead.arrived_at, zone_of(lead), now)
    leases: list[Lease] = []
    again: list[datetime] = []
    for version in versions:
        found = [_judge(session, looked, version.plan, trigger) for trigger in version.plan.begins]
        fires = next((each for each in found if isinstance(each, Fires)), None)
        if fires is not None:
            because = why_not(session, lead, version.plan, sender, reaches, now)
            if because is None:
                leases += _begin(session, looked, version, fires.anchor, reaches, sender, salt)
            elif because == "waits_for_you":
                again.append(now + NEWS_FOR)
        again += [each.at for each in found if isinstance(each, Later)]
        again += [each for trigger in version.plan.begins if (each := _comes_again(looked, trigger)) is not None]
    looked_at(session, lead_id, head, min(again, default=None))
    return leases


def _judge(session: Session, looked: Looked, plan: Plan, trigger: Trigger) -> Fires | Later | None:
    """Whether this begins the sequence now, or when it may."""
    lead, key = looked.lead, plan.key
    if trigger.stage is not None:
        came = any(event.kind == "staged" and event.meta["stage"] == trigger.stage for event in looked.news)
        return _with_its_day(session, looked, plan) if came and lead.stage == trigger.stage else None
    if trigger.event is not None:
        return Fires() if any(event.kind == trigger.event for event in looked.news) else None
    if trigger.segment is not None:
        meant = trigger.segment in lead.segments and any(event.kind in ("arrived", "staged") for event in looked.news)
        return Fires() if meant and not began_before(session, lead.number, key) else None
    if trigger.silent_for is not None:
        at = silent_until(trigger, looked.heard_at)
        if at > looked.now:
            return Later(at)
        return None if began_before(session, lead.number, key, since=looked.heard_at) else Fires()
    assert trigger.date is not None, "a trigger is one of these"
    day = looked.dates.get(trigger.date)
    return None if day is None else _by_day(session, looked, plan, trigger, comes_on(trigger.date, day, looked.today))


def _with_its_day(session: Session, looked: Looked, plan: Plan) -> Fires | None:
    """Begun by a stage, it still goes by its day where that is known, and once for it."""
    days = [looked.dates[trigger.date] for trigger in plan.begins if trigger.date is not None and trigger.date in looked.dates]
    if not days:
        return Fires()
    return None if began_before(session, looked.lead.number, plan.key, day=days[0]) else Fires(days[0])


def _by_day(session: Session, looked: Looked, plan: Plan, trigger: Trigger, day: date) -> Fires | Later | None:
    at = begins_at(trigger, day, looked.zone)
    if at > looked.now:
        return Later(at)
    if not began_before(session, looked.lead.number, plan.key, day=day):
        start = begins_on(day, looked.zone)
        lies_ahead = next_step(plan, 0, looked.now, start, looked.zone).step < len(plan.steps)
        if looked.now < start + TOO_LATE_AFTER or (trigger.date == "closing" and lies_ahead):
            return Fires(day)
    return None


def _comes_again(looked: Looked, trigger: Trigger) -> datetime | None:
    """When something may begin anew that began or was over: the next silence, the next birthday."""
    if trigger.silent_for is not None:
        return silent_until(trigger, looked.now)
    if trigger.date in EACH_YEAR and trigger.date in looked.dates:
        day = comes_on(trigger.date, looked.dates[trigger.date], looked.today + A_YEAR)
        at = begins_at(trigger, day, looked.zone)
        return at if at > looked.now else None
    return None


def _begin(
    session: Session, looked: Looked, version: Version, anchor: date | None, reaches: Reaches, sender: Sender, salt: str
) -> list[Lease]:
    lead, plan, now = looked.lead, version.plan, looked.now
    if is_held_out(plan.key, lead.number, sender.holdout_percent):
        hold_out(session, lead.number, version, now, anchor)
        return []
    start = now if anchor is None else begins_on(anchor, looked.zone)
    step, at, waits_for = first_step(session, lead, plan, reaches, start, now)
    drip_id = add_drip(session, lead.number, version, step, at, now, anchor)
    if drip_id is None:
        return []
    meta = {"enrollment": drip_id, "sequence": plan.key, "version": version.version, **waiting(waits_for, at)}
    set_beginning(session, drip_id, append_event(session, lead.number, Fact("drip_begun", "leadbell", now, meta), salt))
    return redraw(session, lead.number, at_once=False)
