"""Leads that came while the team or the borrower slept are handed out in the morning: best first, one for each free officer."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.distribution.giving_out import give_out, gives_out, named, tell_not_theirs
from bot.leads.scene import Scene
from bot.rules.callable_time import after, between, is_open
from bot.rules.escalation_policy import RINGS
from bot.rules.overnight import PAUSE, pace, rung_for_each
from bot.store.clocks import IN_LINE, NOT_BEGUN, UNCLAIMED, advance_clock, waiting_for_team
from bot.store.events import COMPANY, Fact, append_event
from bot.store.postings import post_notice, redraw
from bot.store.rings import hand_outs_since, last_hand_out, note_hand_out
from bot.store.seen import once

WORTH_TELLING = 2
LONGEST_SHIFT = timedelta(hours=16)
"""An officer who was handed nothing for so long is handed the first of the day."""
_told: TypeAdapter[int] = TypeAdapter(int)


def waits_since_night(scene: Scene) -> bool:
    """Whether this lead, which has not rung yet, came at a moment when nobody could call."""
    due = scene.due
    if due.kind != UNCLAIMED or due.step > NOT_BEGUN:
        return False
    return due.step == IN_LINE or not is_open(due.started_at, scene.calendars)


def hand_out(scene: Scene) -> Scene | None:
    """Ring the best free officer with this lead and begin its count, or let it wait. Where officers outnumber leads it rings up to three.

    Free is who may take it, has no lead that they have not called yet, and was handed none in the last three minutes. Leads are looked at
    best first. Where nobody is free the best one begins its usual steps all the same once the team's last hand-out is three minutes old,
    or less in proportion when many wait: so the first in line waits three minutes, and nobody more than about an hour of callable time.
    A lead that a rule gives out is not rung but given, to one of those whom the rule names; where it only names who is rung first, those
    who are free are.
    Returns the scene of a lead whose usual steps begin now; None when everything is said.
    """
    team_id, now = scene.lead.team_id, scene.now
    ranked = scene.ranked(spare_the_rung=False)  # three minutes between two are rest enough
    if not ranked:
        return _begun(scene)
    given = gives_out(scene) and bool(named(scene, ranked))
    if given:
        ranked = named(scene, ranked)
    last = last_hand_out(scene.session, team_id)
    if last is None or _days_since(scene, last):
        _tell_who_leads(scene)
    handed = hand_outs_since(scene.session, team_id, now - LONGEST_SHIFT)
    without_call = {member.id for member in scene.members if member.load == 0}
    candidates = [each for each in ranked if each in without_call]
    free = [each for each in candidates if each not in handed or handed[each] + PAUSE <= now]
    waiting = waiting_for_team(scene.session, team_id, now + PAUSE)
    if scene.rings_nobody:
        free, candidates = [], []  # it only waits for its count to begin, one after another
    if free and given and give_out(_begun(scene), free, soft_caps=scene.caps_are_soft):
        return None
    if free:
        if gives_out(scene):
            tell_not_theirs(scene)
        best = scene.meant(free) or free
        to_ring = best[: rung_for_each(len(best), waiting)]
        _ring(scene, to_ring, 0 if handed.keys() & set(to_ring) else waiting)
        return None
    in_line_since = scene.due.started_at if scene.due.step == IN_LINE else now
    in_line = between(in_line_since, now, scene.calendars)
    goes_anyway = last + pace(waiting, in_line) if last is not None else now
    if goes_anyway <= now:
        return _begun(scene)
    next_look = scene.not_before(min([goes_anyway, *(handed[each] + PAUSE for each in candidates)]))
    advance_clock(scene.session, scene.due, IN_LINE, next_look, started_at=in_line_since)
    return None


def _tell_who_leads(scene: Scene) -> None:
    """How many waited, before the first of them is handed out."""
    waited = waiting_for_team(scene.session, scene.lead.team_id, scene.now)
    if waited < WORTH_TELLING or not _days_since(scene, scene.lead.arrived_at):
        return
    today = scene.now.astimezone(ZoneInfo(scene.lead.time_zone)).date()
    once(scene.session, f"overnight:{scene.lead.team_id}:{today}", scene.now, _told, lambda: _tell(scene, waited))


def _tell(scene: Scene, waited: int) -> int:
    fact = Fact("overnight", "leadbell", scene.now, {"team": scene.lead.team_name, "waited": waited})
    seq = append_event(scene.session, COMPANY, fact, scene.salt)
    for officer_id in scene.leaders:
        scene.leases.extend(post_notice(scene.session, None, officer_id, "overnight", seq, scene.lead.score, at_once=True))
    return seq


def _begun(scene: Scene) -> Scene:
    """The lead's time counts from now, and its card no longer says when it rings."""
    note_hand_out(scene.session, scene.lead.number, scene.now)
    scene.leases.extend(redraw(scene.session, scene.lead.number, at_once=True))
    return replace(scene, due=replace(scene.due, step=NOT_BEGUN, started_at=scene.now))


def _ring(scene: Scene, officer_ids: list[int], first_of: int) -> None:
    """Ring them; `first_of` so many where it is their first of the morning."""
    began = _begun(scene)
    steps = began.ladder.steps
    done = 0 if steps[0].after == 0 and steps[0].kind in RINGS else NOT_BEGUN
    following = steps[done + 1].after if done + 1 < len(steps) else None
    next_due = None if following is None else began.not_before(after(began.now, following, began.calendars))
    advance_clock(began.session, began.due, done, next_due, started_at=began.now)
    began.batch.ring(began.due, officer_ids, handed_out=True)
    facts = {"waited": first_of, "overnight": _days_since(scene, scene.lead.arrived_at) > 0} if first_of > 1 else {}
    began.tell(done, "ring", officer_ids, **facts)


def _days_since(scene: Scene, then: datetime) -> int:
    """How many midnights have passed on the team's clocks."""
    zone = ZoneInfo(scene.lead.time_zone)
    return (scene.now.astimezone(zone).date() - then.astimezone(zone).date()).days
