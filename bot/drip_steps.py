"""A step of a sequence is due: a text, an email, a task or a branch, judged at that moment, and when the next one comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.config import Missing, MissingForEmail
from bot.lead_facts import letters_in, own_facts
from bot.outreach import emails
from bot.outreach.calls import whereabouts_of
from bot.outreach.reach import Channel, Reach, Reaches, lock_reaches
from bot.outreach.texts import judge_automatic
from bot.rendering import PLAIN, Words
from bot.rules.compliance import Refused, Rule, WaitUntil
from bot.rules.drips import Plan, Step, go_on, is_for, next_step, step_due
from bot.rules.emailing import EmailRule, Footer, MayNotLeave, tidy_subject, tidy_words
from bot.rules.sms_segments import count_segments, tidy
from bot.rules.text import one_line
from bot.rules.zones import candidate_zones
from bot.store.drips import (
    FINISHED,
    DripView,
    clicked_since,
    due_drips,
    end_drip,
    lock_drip,
    move_drip,
    spoke_with,
    texted_before,
    touch_is_on_its_way,
    touched_since,
    wrote_since,
)
from bot.store.events import Fact, append_event
from bot.store.leads import borrower_of, lock_leads
from bot.store.messages import DRIP, keep_text
from bot.store.people import officer
from bot.store.postings import Lease, redraw_line
from bot.store.reminders import add_reminder
from bot.store.suppressions import closed_channels
from bot.store.views import LeadView, lead_view

AT_ONCE = 10
"""How many steps one transaction decides: meanwhile SQLite lets nobody else write."""
LOOK_AGAIN_AFTER = timedelta(hours=1)
"""When a step is looked at again while its channel is off, or the one before is still on its way."""
CLOSES_AFTER = timedelta(minutes=1)
"""How long after its last step a sequence is over: until then what the borrower does still takes that back."""
GOES_ON_AFTER = "2 days"
"""How long after a new owner introduced themselves the step comes that was due: meanwhile they may call."""
WEEK = timedelta(days=7)
MOST_PER_WEEK = 5
"""How many texts and emails sequences send a borrower within seven days, where the config says nothing."""
BELOW_SCORE = "score"

borrower = Words("sms", PLAIN)
letters = Words("email", PLAIN)
Why = (
    Rule | EmailRule | Missing | MissingForEmail
    | Literal["opted_out", "wrong_number", "takes_no_texts", "may_be_opt_out", "unsubscribed", "stage", "segment", "waits_for_you"]
)  # fmt: skip
FOR_GOOD: frozenset[Why] = frozenset({"opted_out", "wrong_number", "may_be_opt_out", "unsubscribed"})
"""What the borrower said: it ends a sequence whatever else it would send."""


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name all of it leaves; `missing` says why no text may, `lacks_email` why no email. `begins`: what begins by itself."""

    company: str
    nmls: str
    missing: Missing | None
    lacks_email: MissingForEmail | None = "email_is_off"
    legal_name: str = ""
    postal_address: str = ""
    most_per_week: int = MOST_PER_WEEK
    holdout_percent: int = 0
    begins: frozenset[str] = frozenset()

    def is_off(self, channel: str) -> bool:
        return (self.missing if channel == "sms" else self.lacks_email) is not None

    def footer(self, officer_nmls: str | None) -> Footer:
        return Footer(self.legal_name, self.postal_address, self.nmls, officer_nmls)


class FieldMissing(Exception):
    """What words name is not known of this lead."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Unknown:
    """A field that is not known. Words may ask for it and go without; written out it would leave a hole, so nothing is written."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        raise FieldMissing(self._name)


@dataclass(slots=True)
class Found:
    """How a lead stands that conditions are asked about; what takes a question of its own is asked when a condition needs it."""

    session: Session
    lead: LeadView
    drip: DripView

    @property
    def stage(self) -> str:
        return self.lead.stage

    @property
    def grade(self) -> str:
        return self.lead.grade

    @property
    def score(self) -> int:
        return self.lead.score

    @property
    def segment(self) -> frozenset[str]:
        return frozenset(self.lead.segments)

    @property
    def has(self) -> frozenset[str]:
        may_have = {"email": self.lead.emails, "phone": self.lead.phones, "owner": self.lead.owner_id}
        return frozenset(name for name, value in may_have.items() if value)

    @property
    def contacted(self) -> bool:
        return spoke_with(self.session, self.lead.number)

    @property
    def clicked(self) -> bool:
        return clicked_since(self.session, self.lead.number, self.drip.set_seq)

    @property
    def replied(self) -> bool:
        return wrote_since(self.session, self.lead.number, self.drip.started_at)


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is due, with everything that it is decided by. Its keys, its lead and its way are locked."""

    session: Session
    drip: DripView
    lead: LeadView
    reaches: Reaches
    sender: Sender
    now: datetime
    salt: str
    zone: str

    @property
    def step(self) -> Step:
        return self.drip.plan.steps[self.drip.step]


def touch_next(session: Session, now: datetime, salt: str, sender: Sender) -> tuple[int, list[Lease]]:
    """Decide the steps that are due the longest, some at once; how many were looked at. Each locks its number's and its address's key
    first, so that a borrower's STOP or answer comes before it or after it, never between."""
    due = due_drips(session, now, AT_ONCE)
    if not due:
        return 0, []
    reaches = lock_reaches(session, {lead_id for _, lead_id in due})
    lock_leads(session, {lead_id for _, lead_id in due})
    for drip_id, lead_id in due:
        drip = lock_drip(session, drip_id)
        if drip is None or drip.due_at is None or drip.due_at > now:
            continue  # another process was quicker, or somebody ended it
        lead = lead_view(session, lead_id)
        assert lead is not None, "its row was just locked"
        if _decide(Due(session, drip, lead, reaches[lead_id], sender, now, salt, zone_of(lead))):
            redraw_line(session, lead_id, drip.set_seq)
    return len(due), []


def _decide(due: Due) -> bool:
    """Whether there is anything new to tell."""
    drip, plan = due.drip, due.drip.plan
    if drip.step >= len(plan.steps):
        end_drip(due.session, drip, FINISHED, due.now)
        return True
    found = Found(due.session, due.lead, drip)
    if any(condition.fits(found) for condition in plan.ends_when):
        end_drip(due.session, drip, BELOW_SCORE, due.now)
        return True
    if not is_for(due.step, found):
        _pass_over(due, "not_for_them")
        return True
    match due.step.channel:
        case "branch":
            to = go_on(due.step, found)
            _go_on(due, drip.step + 1 if to is None else to)
        case "task":
            _give_task(due)
        case "sms" | "email":
            return _touch(due, due.step.channel)
    return True


def _touch(due: Due, channel: Channel) -> bool:
    drip, sender = due.drip, due.sender
    if sender.is_off(channel) and _may_go_without(due, channel):
        _pass_over(due, "channel_is_off")
        return True
    if sender.is_off(channel) or touch_is_on_its_way(due.session, drip):
        move_drip(due.session, drip, drip.step, due.now + LOOK_AGAIN_AFTER, drip.state)
        return False  # untold: the thread would say so each hour
    reach = due.reaches.get(channel)
    why, wait = may_leave(due.session, due.lead, reach, channel, sender, due.now)
    if why is not None:
        if why in FOR_GOOD or not _others_come(due, channel):
            end_drip(due.session, drip, why, due.now)
        else:
            _pass_over(due, why)
        return True
    if wait is None:
        wait = _too_many(due)
    if wait is not None:
        move_drip(due.session, drip, drip.step, wait[0], {**drip.state, "waits_for": wait[1]})
        return True
    assert reach is not None, "what has no reach is refused"
    try:
        _write(due, channel, reach)
    except FieldMissing as missing:
        _pass_over(due, f"no_{missing.name}")
    return True


def may_leave(
    session: Session, lead: LeadView, reach: Reach | None, channel: Channel, sender: Sender, now: datetime
) -> tuple[Why | None, tuple[datetime, str] | None]:
    """Why nothing may leave by this channel for good, or until when it has to wait and for what; neither where it may leave."""
    if channel == "email":
        if reach is None:
            return "email_no_address", None
        verdict = emails.judge(session, lead, reach, "marketing", sender.footer(None), now)
        if isinstance(verdict, MayNotLeave):
            return ("unsubscribed" if verdict.rule == "email_unsubscribed" else verdict.rule), None
        return None, None
    if reach is None:
        return "no_phone", None
    match judge_automatic(session, lead, reach, now):
        case Refused(rule):
            return closed_because(session, reach, rule), None
        case WaitUntil(at, rule=rule):
            return None, (at, rule)
    return None, None


def is_meant(lead: LeadView, plan: Plan) -> bool:
    """Whether the lead belongs to one of the segments that the sequence is for."""
    return not plan.segments or not lead.segments.keys().isdisjoint(plan.segments)


def why_not(session: Session, lead: LeadView, plan: Plan, sender: Sender, reaches: Reaches, at: datetime) -> Why | None:
    """Why a sequence does not begin for a lead: it is not meant, or none of its ways to a borrower is open."""
    if lead.stage not in plan.stages:
        return "stage"
    if not is_meant(lead, plan):
        return "segment"
    if lead.waits_since is not None:
        return "waits_for_you"
    closed: list[Why] = []
    for channel in plan.channels:
        off = sender.missing if channel == "sms" else sender.lacks_email
        because, _ = (off, None) if off else may_leave(session, lead, reaches.get(channel), channel, sender, at)
        if because is None:
            return None
        closed.append(because)
    return closed[0] if closed else None


def closed_because(session: Session, reach: Reach, rule: Rule) -> Why:
    """Why this number is closed, where it is: the rule alone does not say it."""
    if rule != "sms_suppressed":
        return rule
    closed = closed_channels(session, reach.key)
    if "sms" not in closed and "marketing" not in closed:
        return "may_be_opt_out"
    reasons: dict[str, Why] = {"opted_out": "opted_out", "wrong_number": "wrong_number", "takes_no_texts": "takes_no_texts"}
    return reasons.get(closed.get("sms") or closed["marketing"], rule)


def _others_come(due: Due, channel: str) -> bool:
    """Whether a later step goes another way."""
    return any(step.channel in ("sms", "email", "task") and step.channel != channel for step in due.drip.plan.steps[due.drip.step + 1 :])


def _may_go_without(due: Due, channel: str) -> bool:
    """Whether the sequence reaches borrowers another way that is on: else it waits until this one is."""
    return any(other != channel and not due.sender.is_off(other) for other in due.drip.plan.channels)


def _too_many(due: Due) -> tuple[datetime, str] | None:
    """When there is room again for one more from all sequences together; None where there is."""
    most = due.sender.most_per_week
    lately = touched_since(due.session, due.lead.number, due.now - WEEK)
    return (lately[-most] + WEEK, "sequences_this_week") if len(lately) >= most else None


def _write(due: Due, channel: Channel, reach: Reach) -> None:
    """Owe the words of this step, and see when the next one may leave: counted from now, so that a late one is not followed by a burst."""
    drip, lead, language = due.drip, due.lead, letters_in(due.lead)
    before = drip.state.get("owner")
    introduces = before is not None and lead.owner_id is not None and before != lead.owner_id
    facts = _facts(due)
    subject = None
    if introduces:
        assert before is not None, "it was compared"
        facts["before"] = _name_of(due.session, before)
    if channel == "email":
        subject = tidy_subject(_filled(due.step.titled(language), language, facts))
        if introduces:
            subject, words = letters.say("taking_over_subject", language, **facts), letters.say("taking_over", language, **facts)
        else:
            words = _filled(due.step.in_language(language), language, facts)
        words = tidy_words(words)
    else:
        words = borrower.say("taking_over", language, **facts) if introduces else _filled(due.step.in_language(language), language, facts)
        if "STOP" not in words and not texted_before(due.session, drip):
            words = f"{words} {borrower.say('how_to_stop', language, **facts)}"
        words = tidy(words)
    row = {
        "lead_id": drip.lead_id, "contact_point_id": reach.contact_point_id, "channel": channel, "direction": "out", "purpose": DRIP,
        "subject": subject, "body": words, "status": "queued", "created_at": due.now, "due_at": due.now, "event_seq": drip.set_seq,
        "enrollment_id": drip.id, "drip_step": drip.step,
    }  # fmt: skip
    text_id = keep_text(due.session, row)
    meta = {
        "text": text_id, "enrollment": drip.id, "sequence": drip.key, "version": drip.version, "step": drip.step + 1, "language": language,
    }  # fmt: skip
    meta |= {"segments": count_segments(words).count} if channel == "sms" else {}
    meta |= {"introduces": True} if introduces else {}
    body = {"words": words} | ({"subject": subject} if subject else {})
    fact = Fact("drip_touched", "leadbell", due.now, meta, subject_id=borrower_of(due.session, drip.lead_id), body=body)
    append_event(due.session, drip.lead_id, fact, due.salt)
    state = {"owner": lead.owner_id}
    if introduces:
        again = step_due(GOES_ON_AFTER, due.step.at, due.now, due.zone)
        move_drip(due.session, drip, drip.step, again, state, touches=drip.touches + 1)
    else:
        _go_on(due, drip.step + 1, state=state, touches=drip.touches + 1)


def _filled(words: str, language: str, facts: Mapping[str, object]) -> str:
    return borrower.fill(words, language, **facts)


def _give_task(due: Due) -> None:
    """The owner is reminded; nobody is where there is no owner."""
    lead, drip = due.lead, due.drip
    if lead.owner_id is None:
        _pass_over(due, "no_owner")
        return
    language = due.session.connection().execute(_language, {"of_officer": lead.owner_id}).scalar_one()
    try:
        note = one_line(_filled(due.step.in_language(language), language, _facts(due)), 300)
    except FieldMissing as missing:
        _pass_over(due, f"no_{missing.name}")
        return
    meta = {"enrollment": drip.id, "sequence": drip.key, "version": drip.version, "step": drip.step + 1}
    fact = Fact("drip_task", "leadbell", due.now, meta, subject_id=borrower_of(due.session, drip.lead_id), body={"note": note})
    seq = append_event(due.session, drip.lead_id, fact, due.salt)
    add_reminder(due.session, drip.lead_id, lead.owner_id, seq, "remind", due.now, note)
    _go_on(due, drip.step + 1)


def _pass_over(due: Due, because: str) -> None:
    """This step is not taken, and the timeline says why."""
    drip = due.drip
    meta = {"enrollment": drip.id, "sequence": drip.key, "version": drip.version, "step": drip.step + 1, "because": because}
    append_event(due.session, drip.lead_id, Fact("drip_passed_over", "leadbell", due.now, meta), due.salt)
    _go_on(due, drip.step + 1)


def _go_on(due: Due, step: int, *, state: Mapping[str, object] | None = None, touches: int | None = None) -> None:
    """See which step comes and when it may: a text already with the hours that hold it back."""
    drip = due.drip
    state = {name: value for name, value in (drip.state if state is None else state).items() if name not in ("waits_for", "paused")}
    following = next_step(drip.plan, step, due.now, drip.start(due.zone), due.zone)
    at = due.now + CLOSES_AFTER if following.step == len(drip.plan.steps) else following.at
    if following.step < len(drip.plan.steps) and at is not None:
        at, waits_for = as_it_may(due.session, due.lead, due.reaches, drip.plan.steps[following.step], at)
        state |= {"waits_for": waits_for} if waits_for else {}
    move_drip(due.session, drip, following.step, at, state, touches=touches)


def first_step(
    session: Session, lead: LeadView, plan: Plan, reaches: Reaches, start: datetime, now: datetime
) -> tuple[int, datetime | None, Rule | None]:
    """With which step a sequence begins that is counted from `start`, when that is due, and the rule that holds it back so long, if any."""
    first = next_step(plan, 0, now, start, zone_of(lead))
    if first.step == len(plan.steps):
        return first.step, now + CLOSES_AFTER, None
    if first.at is None:
        return first.step, None, None
    return first.step, *as_it_may(session, lead, reaches, plan.steps[first.step], first.at)


def as_it_may(session: Session, lead: LeadView, reaches: Reaches, step: Step, at: datetime) -> tuple[datetime, Rule | None]:
    """When a step leaves that is due then, and the rule that holds it back so long, as far as that is known now."""
    if step.channel == "sms" and "sms" in reaches:
        match judge_automatic(session, lead, reaches["sms"], at):
            case WaitUntil(opens_at, rule=rule):
                return opens_at, rule
    return at, None


_sender = select(officer.c.name, officer.c.nmls_id).where(officer.c.id == bindparam("of_officer"))
_language = select(officer.c.language).where(officer.c.id == bindparam("of_officer"))


def _name_of(session: Session, officer_id: int) -> str:
    return one_line(session.connection().execute(_sender, {"of_officer": officer_id}).one().name, 60)


def _facts(due: Due) -> dict[str, object]:
    """What words are filled with: the owner of this moment, or the company alone where nobody has the lead."""
    own, drip = own_facts(due.lead, due.now), due.drip
    owner = due.lead.owner_id
    nmls = due.session.connection().execute(_sender, {"of_officer": owner}).one().nmls_id if owner else None
    years = due.now.year - drip.anchor.year if drip.anchor is not None else None
    named = {
        "first_name": own["first_name"], "purpose": own["purpose"], "city": own["city"], "officer": own["owner"], "officer_nmls": nmls,
        "company": due.sender.company, "nmls": due.sender.nmls, "years": years,
    }  # fmt: skip
    return {name: value or Unknown(name) for name, value in named.items()}


def zone_of(lead: LeadView) -> str:
    """By whose clocks the times of day are: the borrower's where we know them."""
    zones = candidate_zones(whereabouts_of(lead))
    return zones[0] if zones else lead.time_zone
