"""What happens by itself while a lead is unclaimed, not called or not answered: each step once, decided against the present state."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session

from bot.distribution.giving_out import give_out, gives_out, named, tell_not_theirs
from bot.distribution.overnight import hand_out, waits_since_night
from bot.distribution.releasing import release
from bot.leads.batch import Batch
from bot.leads.scene import Scene, scene_of
from bot.rules.callable_time import after, is_open, opens_at
from bot.rules.escalation_policy import CAPS_ARE_SOFT_AFTER, RINGS, Ladder, StepKind, ToDo, after_of, kind_of, to_do
from bot.speed_to_lead.digest import digest_of
from bot.speed_to_lead.escalation_rules import start_clock
from bot.speed_to_lead.paging import call_each, email_each, text_each
from bot.store.clocks import NOT_BEGUN, UNANSWERED, UNCLAIMED, UNCONTACTED, advance_clock, due_clocks, nobody_told
from bot.store.lateness import note_lateness
from bot.store.leads import ENDED_STAGES
from bot.store.postings import Lease, post_cards, post_notice, redraw, redraw_digests

BEST = 3
"""How many officers are rung at once, where no rule says whom or none of those may ring now."""
GRACE_AFTER_CALL = timedelta(minutes=5)
"""How long an owner has to say how the call went before the clock goes on."""


class Step(NamedTuple):
    """A step of this lead was decided, or put off until it may happen, so many seconds after its time."""

    lead: int
    kind: str
    late: float


def escalate(
    session: Session, now: datetime, salt: str, chosen: Sequence[int], *, email_on: bool = False, steps: list[Step] | None = None
) -> tuple[int, list[Lease]]:
    """Decide those of the chosen clocks that are due still; return how many, and the leases of what is to be told. Safe to repeat. With
    `email_on` managers are told by email too. What was decided stands in `steps` afterwards, for the log."""
    due = due_clocks(session, now, chosen)
    leases: list[Lease] = []
    late: list[tuple[str, float]] = []
    batch = Batch(session, now)
    batch.read(due)
    for one in due:
        scene = scene_of(batch, one, salt, leases, email_on=email_on)
        late.append((kind_of(scene.ladder, max(0, one.step + 1)), (now - one.due_at).total_seconds()))
        _decide(scene)
    redraw_digests(session, sorted(batch.changed_digests))
    note_lateness(session, late, now)
    if steps is not None:
        steps[:] = [Step(one.lead_id, kind, seconds) for one, (kind, seconds) in zip(due, late, strict=True)]
    return len(due), leases


def _decide(scene: Scene) -> None:
    due, lead = scene.due, scene.lead
    if lead.stage in ENDED_STAGES or (lead.owner_id is None) != (due.kind == UNCLAIMED):
        advance_clock(scene.session, due, due.step, None)
        return
    if due.held_until is not None and due.kind == UNCONTACTED:
        _ask_how_it_went(scene)
        return
    if not is_open(scene.now, scene.calendars):
        _wait_until_open(scene)
        return
    if due.nobody_may and scene.why_nobody is None:
        start_clock(scene.session, lead.number, UNCLAIMED, started_at=scene.now, due_at=scene.now)  # now somebody may: it rings as if new
        return
    begins = hand_out(scene) if waits_since_night(scene) else scene
    if begins is not None and due.kind == UNCLAIMED and due.step <= NOT_BEGUN and gives_out(begins):
        if _give(begins):
            return
        tell_not_theirs(begins)
    if begins is not None:
        _take_step(begins)
    _tell_who_promised(scene)


def _give(scene: Scene) -> bool:
    return give_out(scene, named(scene, scene.ranked(spare_the_rung=False)), soft_caps=scene.caps_are_soft)


def _tell_who_promised(scene: Scene) -> None:
    """The time of a call that the borrower was promised has come, and nobody has the lead: it rings, and whoever promised it hears so."""
    lead = scene.lead
    if scene.due.kind != UNCLAIMED or scene.due.step != NOT_BEGUN or lead.booked_for is None or lead.booked_by is None:
        return
    if lead.booked_for <= scene.now and lead.booked_by not in scene.reached:
        scene.tell(0, "booked_now", [lead.booked_by])


def _wait_until_open(scene: Scene) -> None:
    advance_clock(scene.session, scene.due, scene.due.step, scene.not_before(opens_at(scene.now, scene.calendars)))
    if scene.due.kind == UNCLAIMED and scene.due.step <= NOT_BEGUN:
        scene.leases.extend(redraw(scene.session, scene.lead.number, at_once=True))  # its card says when it rings


def _take_step(scene: Scene) -> None:
    due, ladder = scene.due, scene.ladder
    task = to_do(ladder, None if due.step == NOT_BEGUN else due.step, scene.waited)
    done = due.step if task is None else task.number
    minutes: float | None = after_of(ladder, done + 1)
    rest = _others_ring_after(scene, done)
    if rest is not None and scene.waited < rest:
        minutes = rest if minutes is None else min(rest, minutes)
    next_due = None
    if minutes is not None:
        next_due = scene.not_before(after(due.started_at, minutes, scene.calendars))
    elif due.kind in (UNANSWERED, UNCONTACTED):
        next_due = scene.not_before(None)  # after its last step the borrower still waits
    advance_clock(scene.session, due, done, next_due, started_at=due.started_at)
    if task is not None:
        _do(scene, task)
        if due.kind == UNCLAIMED:
            _open_to_all(scene, task.number)
    elif rest is not None and scene.waited >= rest:
        _ring(scene, done, None)
    elif due.kind == UNCLAIMED and due.step > NOT_BEGUN and not scene.ranked(spare_the_rung=False):
        _tell_nobody_free(scene, done)  # somebody let it go by, or went off: that was the last one


def _others_ring_after(scene: Scene, done: int) -> float | None:
    """The callable minutes after which a staggered lead rings for those whom its first ring left out; None where nobody was."""
    route = scene.lead.route
    if scene.due.kind != UNCLAIMED or done != 0 or route is None or route.mode != "staggered":
        return None
    first = scene.ladder.steps[0]
    return first.after + route.rest_after / 60 if first.kind in (StepKind.RING_BEST, StepKind.RING_ALL) else None


def _open_to_all(scene: Scene, number: int) -> None:
    """A lead that /lead next hands out and nobody asked for is for whoever takes it from now on, and its card says so."""
    before = 0 if scene.due.step <= NOT_BEGUN else after_of(scene.ladder, scene.due.step) or 0
    if scene.rings_nobody and before < CAPS_ARE_SOFT_AFTER <= (after_of(scene.ladder, number) or 0):
        scene.leases.extend(redraw(scene.session, scene.lead.number, at_once=True))


def _do(scene: Scene, task: ToDo) -> None:
    minutes = after_of(scene.ladder, task.number) or 0
    if task.missed & RINGS and task.kind not in (StepKind.RING_ALL, StepKind.RING_AGAIN):
        rang = _ring(scene, task.number, None)  # a downtime swallowed the ringing itself
        if rang and task.kind is StepKind.OFFER_NEXT:
            return  # who would be next was rung a moment ago
    if task.missed & {StepKind.WIDEN_AND_MANAGER, StepKind.WIDER_CHANNEL}:
        _widen(scene)
    match task.kind:
        case StepKind.RING_BEST:
            _ring(scene, task.number, BEST)
        case StepKind.RING_ALL:
            _ring(scene, task.number, None)
        case StepKind.TELL_TEAM_LEAD if scene.due.kind == UNANSWERED:
            scene.tell(task.number, "waits", scene.leaders)
        case StepKind.TELL_TEAM_LEAD:
            scene.tell(task.number, "unclaimed", scene.leaders, minutes=minutes)
        case StepKind.OFFER_NEXT:
            _offer_next(scene, task.number)
        case StepKind.WIDEN_AND_MANAGER:
            _widen(scene)
            scene.tell(task.number, "unclaimed", scene.managers, minutes=minutes)
        case StepKind.TELL_MANAGER:
            seq = scene.tell(task.number, "unclaimed", scene.managers, minutes=minutes)
            text_each(scene, scene.managers, minutes, seq)
            email_each(scene, scene.managers, minutes, seq)
        case StepKind.NUDGE:
            scene.tell(task.number, "nudge", scene.owner)
        case StepKind.WARN:
            scene.tell(task.number, "goes_back_soon", scene.owner, minutes=_minutes_to_next(scene.ladder, task.number))
        case StepKind.TAKE_BACK:
            _take_back(scene)
        case StepKind.TELL_COVER:
            scene.tell(task.number, "waits", _cover(scene))
        case StepKind.RING_AGAIN:
            _ring_again(scene, task.number)
        case StepKind.WIDER_CHANNEL:
            _widen(scene)
            scene.tell(task.number, "widened", [])
        case StepKind.GIVE:
            _give_to_next(scene, task.number)
        case StepKind.NOBODY_AVAILABLE:
            if not scene.ranked(spare_the_rung=False):
                _say_nobody_free(scene, task.number)
        case StepKind.MESSAGE | StepKind.TEXT | StepKind.CALL | StepKind.EMAIL:
            _tell_somebody(scene, task, minutes)
        case StepKind.TELL_OWNER:
            scene.tell(task.number, "waits", scene.owner)


def _tell_somebody(scene: Scene, task: ToDo, minutes: int) -> None:
    """A message to whom the step names, and a text, a call or an email where it says so."""
    assert task.whom is not None, "the config says to whom"
    officers = scene.people(task.whom)
    match scene.due.kind:
        case "unclaimed":
            topic = "unclaimed"
        case "uncontacted":
            topic = "nudge" if task.whom == "owner" else "not_called"
        case _:
            topic = "waits"
    seq = scene.tell(task.number, topic, officers, minutes=minutes)
    if task.kind is StepKind.TEXT:
        text_each(scene, officers, minutes, seq)
    elif task.kind is StepKind.CALL:
        call_each(scene, officers, minutes, seq)
    elif task.kind is StepKind.EMAIL:
        email_each(scene, officers, minutes, seq)


def _ring_again(scene: Scene, number: int) -> None:
    """Ring all who are free, whether they were rung in this round or not; who had many rings this hour is spared."""
    if scene.rings_nobody:
        return
    rested = scene.ranked()
    if not scene.ranked(spare_the_rung=False):
        _tell_nobody_free(scene, number)
    elif rested:
        rung = scene.batch.rung(scene.due)
        scene.batch.ring(scene.due, [each for each in rested if each not in rung])
        scene.tell(number, "ring", rested)


def _give_to_next(scene: Scene, number: int) -> None:
    """To whose turn it is by the rule that the lead came under; where it names nobody who may take it, to the best."""
    ranked = scene.ranked(spare_the_rung=False)
    if not give_out(scene, named(scene, ranked) or ranked, soft_caps=scene.caps_are_soft):
        _tell_nobody_free(scene, number)


def _minutes_to_next(ladder: Ladder, number: int) -> int:
    following = after_of(ladder, number + 1)
    return 0 if following is None else following - (after_of(ladder, number) or 0)


def _cover(scene: Scene) -> list[int]:
    """Who could answer in the owner's place: whom the owner named; who leads only where nobody else can, since they hear next."""
    if scene.cover is not None:
        return [scene.cover]
    spared = {*scene.owner, *scene.leaders}
    return [each for each in scene.ranked(spare_the_rung=False) if each not in spared][:1] or scene.leaders


def _widen(scene: Scene) -> None:
    """A card in the team's wider channel, where it has one."""
    lead = scene.lead
    cards = post_cards(scene.session, lead.number, lead.team_id, lead.score, at_once=True, channel_kind="wider_channel")
    scene.leases.extend(card for card in cards if card.held)


def _ring(scene: Scene, number: int, at_most: int | None) -> bool:
    """Ring the best who were not rung in this round, and return whether there were any; tell who leads when there is nobody at all."""
    free = scene.ranked(spare_the_rung=False)
    if not free:
        _tell_nobody_free(scene, number)
        return False
    if scene.rings_nobody:
        return False
    rung = scene.batch.rung(scene.due)
    rested = scene.ranked()
    to_ring = [officer_id for officer_id in rested if officer_id not in rung]
    route = scene.lead.route
    if route is not None and _others_ring_after(scene, number) is not None and not rung:
        at_most = route.first
    elif at_most is not None:
        at_most = len(scene.meant(to_ring)) or at_most
    to_ring = to_ring[:at_most]
    without_rest = [officer_id for officer_id in free if officer_id not in rung and officer_id not in rested]
    without_rest = without_rest if at_most is None else without_rest[: at_most - len(to_ring)]
    listed = {officer_id: digest_of(scene, officer_id) for officer_id in without_rest}
    scene.batch.ring(scene.due, to_ring, listed=listed)
    if to_ring:
        scene.tell(number, "ring", to_ring)
    return bool(to_ring)


def _offer_next(scene: Scene, number: int) -> None:
    if scene.nobody_may_call:
        return
    ranked = scene.ranked(spare_the_rung=False)
    if ranked:
        scene.tell(number, "offer", ranked[:1])
    else:
        _tell_nobody_free(scene, number)


def _tell_nobody_free(scene: Scene, number: int) -> None:
    """Who leads has to take it, or find somebody. Once a round."""
    if scene.due.nobody_told:
        return
    nobody_told(scene.session, scene.due, at_any_hour=scene.why_nobody is not None)
    _say_nobody_free(scene, number)


def _say_nobody_free(scene: Scene, number: int) -> None:
    against = scene.why_nobody
    facts = {} if against is None else {"because": against.reason.value, "state": against.state, "purpose": against.purpose}
    scene.tell(number, "nobody_free", scene.leaders, **facts)


def _take_back(scene: Scene) -> None:
    """The owner did not call in time: the lead rings again, without them unless hardly anybody else could take it."""
    owner_id = scene.lead.owner_id
    assert owner_id is not None
    released = release(scene.session, scene.lead.number, owner_id, "lapsed", scene.now, scene.salt)
    assert released is not None, "the lead is locked since it was looked at"
    scene.batch.look_again()
    scene.leases.extend(released.leases)
    scene.leases.extend(post_notice(scene.session, scene.lead.number, owner_id, "taken_back", released.seq, released.score, at_once=True))


def _ask_how_it_went(scene: Scene) -> None:
    """The call should be over. Ask once; then there are a few minutes to answer before the lead goes back."""
    steps = scene.ladder.steps
    before_last = len(steps) - 2
    scene.tell(before_last, "how_did_it_go", scene.owner)
    resumed = scene.now - timedelta(minutes=steps[-1].after) + GRACE_AFTER_CALL
    advance_clock(scene.session, scene.due, before_last, scene.now + GRACE_AFTER_CALL, started_at=resumed)
