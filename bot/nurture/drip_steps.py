"""A step of a sequence is due: a text, an email, a task or a branch, judged at that moment, and when the next one comes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product
from typing import Any, Literal

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.config import Missing, MissingForEmail
from bot.conversation.refusals import held
from bot.leads.lead_facts import letters_in, shared_text
from bot.outreach import emails
from bot.outreach.calls import whereabouts_of
from bot.outreach.emails import AddressFile, address_files
from bot.outreach.network import Outgoing, Sending
from bot.outreach.numbers import our_number
from bot.outreach.reach import Channel, Reach, Reaches, lock_reaches
from bot.outreach.texts import NumberFile, judge_automatic_by_file, number_files
from bot.rendering import PLAIN, Words
from bot.rules.compliance import Refused, Rule, WaitUntil
from bot.rules.drips import Plan, Step, go_on, is_for, next_step, step_due
from bot.rules.emailing import EmailRule, Footer, MayNotLeave, tidy_subject, tidy_words
from bot.rules.numbers import OurNumbers
from bot.rules.sms_segments import count_segments, tidy
from bot.rules.text import one_line
from bot.rules.wording_lint import Code, findings
from bot.rules.zones import candidate_zones
from bot.store.drips import (
    FINISHED,
    DripView,
    Moved,
    about_step,
    chosen_drips,
    clicked_since,
    due_drips,
    end_drip,
    lock_drips,
    move_drips,
    spoke_with,
    texted_before,
    touched_since,
    touches_on_their_way,
    waiting,
    wrote_since,
)
from bot.store.events import Fact, append_event, append_events
from bot.store.leads import borrower_of, borrowers_of, lock_leads
from bot.store.messages import DRIP, being_sent, keep_texts, numbers_of_same_people
from bot.store.people import officer
from bot.store.postings import post_notice, redraw_lines
from bot.store.prepared import Prepared
from bot.store.reminders import add_reminder
from bot.store.views import LeadView, lead_views

AT_ONCE = 20
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
OF_ITS_STEP = ("waits_for", "until", "paused")
"""What the state of a way says of the step that it stands before, and of no other."""

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
class Files:
    """What is kept of the number and of the address of a lead, where it has them."""

    number: NumberFile | None
    address: AddressFile | None


@dataclass(frozen=True, slots=True)
class Touch:
    """A text or an email that is owed from now on: its row, where it goes, and what the timeline says of it."""

    lead_id: int
    to: str
    row: Mapping[str, Any]
    meta: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of several steps, to be written down together. With `ours`, texts are marked as being sent; `marked`: to which of
    their numbers."""

    ours: OurNumbers | None = None
    marked: set[int] = field(default_factory=set)
    touches: list[Touch] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)
    told: list[tuple[int, int]] = field(default_factory=list)
    holds: list[tuple[int, Fact]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is due, with everything that it is decided by. Its keys, its lead and its way are locked. `lately`: when sequences
    wrote to the borrower within a week. `on_its_way`: nobody knows yet what became of the last text or email. `same_people`: all numbers
    of whoever has theirs."""

    session: Session
    drip: DripView
    lead: LeadView
    reaches: Reaches
    files: Files
    lately: Sequence[datetime]
    on_its_way: bool
    same_people: set[int]
    sender: Sender
    now: datetime
    salt: str
    zone: str
    decided: Decided

    @property
    def step(self) -> Step:
        return self.drip.plan.steps[self.drip.step]


def touch_next(
    session: Session, now: datetime, salt: str, sender: Sender, ours: OurNumbers | None = None, chosen: Sequence[int] | None = None
) -> tuple[int, list[Sending]]:
    """Decide the steps that are due the longest, some at once; how many were looked at. Each locks its number's and its address's key
    first, so that a borrower's STOP or answer comes before it or after it, never between.

    With `ours`, the texts are marked as being sent, for whoever asks to hand them over at once; else they wait until they are.
    """
    due: dict[int, int] = {}
    for drip_id, lead_id in due_drips(session, now, AT_ONCE) if chosen is None else chosen_drips(session, chosen):
        due.setdefault(lead_id, drip_id)  # another one of the same lead has its turn next, and sees what this one wrote
    if not due:
        return 0, []
    reaches = lock_reaches(session, due)
    lock_leads(session, due)
    # Another process may have been quicker, or somebody ended it.
    drips = [drip for drip in lock_drips(session, list(due.values())) if drip and drip.due_at is not None and drip.due_at <= now]
    decided = Decided(ours)
    for each in _looked_up(session, drips, reaches, sender, now, salt, decided):
        if _decide(each):
            decided.told.append((each.lead.number, each.drip.set_seq))
    return len(due), _write_down(session, decided, now, salt)


def _looked_up(
    session: Session, drips: Sequence[DripView], reaches: Mapping[int, Reaches], sender: Sender, now: datetime, salt: str, decided: Decided
) -> Iterator[Due]:
    """All that the steps are decided by, looked up for all of them together: that is most of the work."""
    leads = [drip.lead_id for drip in drips]
    views, files = lead_views(session, leads), files_of(session, {lead: reaches[lead] for lead in leads}, now)
    together = zip(
        drips,
        touched_since(session, leads, now - WEEK),
        touches_on_their_way(session, drips),
        _same_people(session, [reaches[lead].get("sms") for lead in leads], decided),
        strict=True,
    )
    for drip, lately, on_its_way, same_people in together:
        lead = views[drip.lead_id]
        yield Due(
            session, drip, lead, reaches[lead.number], files[lead.number], lately, on_its_way, same_people, sender, now, salt,
            zone_of(lead), decided,
        )  # fmt: skip


def _same_people(session: Session, numbers: Sequence[Reach | None], decided: Decided) -> list[set[int]]:
    """See `Due`; asked for only where it matters."""
    if decided.ours is None:
        return [set() for _ in numbers]
    found = iter(numbers_of_same_people(session, [number.contact_point_id for number in numbers if number is not None]))
    return [set() if number is None else next(found) for number in numbers]


def files_of(session: Session, reaches: Mapping[int, Reaches], now: datetime) -> dict[int, Files]:
    """What is kept of where the borrowers of several leads are reached."""
    numbers = {lead: each["sms"] for lead, each in reaches.items() if "sms" in each}
    addresses = {lead: each["email"] for lead, each in reaches.items() if "email" in each}
    of_number = dict(zip(numbers, number_files(session, list(numbers.values()), now), strict=True))
    of_address = dict(zip(addresses, address_files(session, list(addresses.items())), strict=True))
    return {lead: Files(of_number.get(lead), of_address.get(lead)) for lead in reaches}


def _write_down(session: Session, decided: Decided, now: datetime, salt: str) -> list[Sending]:
    """Write it down; the texts that are marked."""
    ids = keep_texts(session, [touch.row for touch in decided.touches])
    borrowers = borrowers_of(session, [touch.lead_id for touch in decided.touches])
    facts, sendings = [], []
    for touch, text_id, borrower_id in zip(decided.touches, ids, borrowers, strict=True):
        subject, words = touch.row["subject"], touch.row["body"]
        body = {"words": words} | ({"subject": subject} if subject else {})
        meta = {"text": text_id, **touch.meta}
        facts.append((touch.lead_id, Fact("drip_touched", "leadbell", now, meta, subject_id=borrower_id, body=body)))
        if touch.row["status"] == "sending":
            sendings.append(
                Sending(
                    Outgoing(text_id, touch.to, touch.row["body"], touch.row["our_number"]),
                    touch.row["fence"],
                    lead_id=touch.row["lead_id"],
                )
            )
    append_events(session, facts + decided.holds, salt)
    move_drips(session, decided.moves)
    redraw_lines(session, decided.told)
    return sendings


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
    if sender.is_off(channel) or due.on_its_way:
        _move(due, drip.step, due.now + LOOK_AGAIN_AFTER, drip.state)
        return False  # untold: the thread would say so each hour
    reach = due.reaches.get(channel)
    why, wait = may_leave(due.lead, reach, due.files, channel, sender, due.now)
    if why is not None:
        if why in FOR_GOOD or not _others_come(due, channel):
            end_drip(due.session, drip, why, due.now)
        else:
            _pass_over(due, why)
        return True
    if wait is None:
        wait = _too_many(due)
    if wait is not None:
        _wait(due, channel, *wait)
        return True
    assert reach is not None, "what has no reach is refused"
    step, language = due.step, letters_in(due.lead)
    subject = step.titled(language) if channel == "email" else ""
    objection = objection_to(subject, step.in_language(language), language, channel, due.sender.company, due.sender.nmls)
    if objection is not None:
        _keep_back(due, objection)
        return True
    try:
        _write(due, channel, reach)
    except FieldMissing as missing:
        _pass_over(due, f"no_{missing.name}")
    return True


def may_leave(
    lead: LeadView, reach: Reach | None, files: Files, channel: Channel, sender: Sender, now: datetime
) -> tuple[Why | None, tuple[datetime, str] | None]:
    """Why nothing may leave by this channel for good, or until when it has to wait and for what; neither where it may leave."""
    if channel == "email":
        if reach is None or files.address is None:
            return "email_no_address", None
        verdict = emails.judge_by_file(files.address, lead.stage, reach, "marketing", sender.footer(None), now)
        if isinstance(verdict, MayNotLeave):
            return ("unsubscribed" if verdict.rule == "email_unsubscribed" else verdict.rule), None
        return None, None
    if reach is None or files.number is None:
        return "no_phone", None
    match judge_automatic_by_file(files.number, lead, reach, now):
        case Refused(rule):
            return _closed_because(files.number.closed, rule), None
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
    files = files_of(session, {lead.number: reaches}, at)[lead.number]
    for channel in plan.channels:
        off = sender.missing if channel == "sms" else sender.lacks_email
        because, _ = (off, None) if off else may_leave(lead, reaches.get(channel), files, channel, sender, at)
        if because is None:
            return None
        closed.append(because)
    return closed[0] if closed else None


def _closed_because(closed: Mapping[str, str], rule: Rule) -> Why:
    """Why a number is closed, where it is: the rule alone does not say it."""
    if rule != "sms_suppressed":
        return rule
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
    return (due.lately[-most] + WEEK, "sequences_this_week") if len(due.lately) >= most else None


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
        subject = tidy_subject(filled(due.step.titled(language), language, facts))
        if introduces:
            subject, words = letters.say("taking_over_subject", language, **facts), letters.say("taking_over", language, **facts)
        else:
            words = filled(due.step.in_language(language), language, facts)
        words = tidy_words(words)
    else:
        words = borrower.say("taking_over", language, **facts) if introduces else filled(due.step.in_language(language), language, facts)
        if "STOP" not in words and not texted_before(due.session, drip):
            words = f"{words} {borrower.say('how_to_stop', language, **facts)}"
        words = tidy(words)
    row = {
        "lead_id": drip.lead_id, "contact_point_id": reach.contact_point_id, "channel": channel, "direction": "out", "purpose": DRIP,
        "subject": subject, "body": words, "status": "queued", "created_at": due.now, "due_at": due.now, "event_seq": drip.set_seq,
        "enrollment_id": drip.id, "drip_step": drip.step, "our_number": None, "left_at": None, "held_for": None, "attempts": 0, "fence": 0,
        **_marked(due, channel, reach),
    }  # fmt: skip
    meta: dict[str, Any] = {
        "enrollment": drip.id, "sequence": drip.key, "version": drip.version, "step": drip.step + 1, "language": language,
    }  # fmt: skip
    meta |= {"segments": count_segments(words).count} if channel == "sms" else {}
    meta |= {"introduces": True} if introduces else {}
    due.decided.touches.append(Touch(drip.lead_id, reach.address, row, meta))
    state: dict[str, object] = {"owner": lead.owner_id, **({"kept_back": True} if drip.state.get("kept_back") else {})}
    if introduces:
        again = step_due(GOES_ON_AFTER, due.step.at, due.now, due.zone)
        _move(due, drip.step, again, state, touches=drip.touches + 1)
    else:
        _go_on(due, drip.step + 1, state=state, touches=drip.touches + 1)


def _marked(due: Due, channel: Channel, reach: Reach) -> Mapping[str, Any]:
    """What makes this a text that is being sent, where it may be: it was judged at this moment under the lock of its number, and lacks only
    what was marked a moment ago to the same people, with which it is judged again."""
    ours, marked = due.decided.ours, due.decided.marked
    if channel != "sms" or ours is None or due.same_people & marked:
        return {}
    marked.add(reach.contact_point_id)
    return {**being_sent(due.now), "our_number": our_number(due.session, ours, due.lead, reach.contact_point_id, reach.address)}


def filled(words: str, language: str, facts: Mapping[str, object]) -> str:
    """The words of a step with these facts. Raises FieldMissing where they need one that is not known."""
    return borrower.fill(words, language, **facts)


def _give_task(due: Due) -> None:
    """The owner is reminded; nobody is where there is no owner."""
    lead, drip = due.lead, due.drip
    if lead.owner_id is None:
        _pass_over(due, "no_owner")
        return
    language = due.session.connection().execute(_language, {"of_officer": lead.owner_id}).scalar_one()
    try:
        note = one_line(filled(due.step.in_language(language), language, _facts(due)), 300)
    except FieldMissing as missing:
        _pass_over(due, f"no_{missing.name}")
        return
    meta = about_step(drip, drip.step)
    fact = Fact("drip_task", "leadbell", due.now, meta, subject_id=borrower_of(due.session, drip.lead_id), body={"note": note})
    seq = append_event(due.session, drip.lead_id, fact, due.salt)
    add_reminder(due.session, drip.lead_id, lead.owner_id, seq, "remind", due.now, note)
    _go_on(due, drip.step + 1)


def _pass_over(due: Due, because: str) -> None:
    """This step is not taken, and the timeline says why."""
    drip = due.drip
    meta = {**about_step(drip, drip.step), "because": because}
    append_event(due.session, drip.lead_id, Fact("drip_passed_over", "leadbell", due.now, meta), due.salt)
    _go_on(due, drip.step + 1)


@lru_cache(maxsize=2048)
def objection_to(subject: str, words: str, language: str, channel: Channel, company: str, nmls: str) -> Code | None:
    """What keeps the words of a step from leaving, whoever the borrower is: an older version obeyed older rules, and a file may have been
    put in force unread. Looked at once for each step, since it would be most of the work on each message."""
    dana = {
        "first_name": "Dana", "purpose": "purchase", "city": "Austin", "officer": "Maya Torres", "officer_nmls": "200101", "years": 2,
        "company": company, "nmls": nmls,
    }  # fmt: skip
    for facts in known_in_every_way(subject + words, dana):
        try:
            said = "\n".join(filled(each, language, facts) for each in (subject, words) if each)
        except FieldMissing:
            continue  # it is passed over for such a borrower
        if found := findings(said, "advertising", by_text=channel == "sms"):
            return found[0].code
    return None


def known_in_every_way(words: str, dana: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """What words are filled with for her, and for borrowers of whom any of it is not known: what few of them get is looked at, too."""
    named = [name for name in dana if name in words and name not in ("company", "nmls")]
    for values in product(*((dana[name], None) for name in named)):
        yield known_or_not({**dana, **dict(zip(named, values, strict=True))})


def _keep_back(due: Due, because: Code) -> None:
    """These words do not leave. The timeline says why, and the owner hears of it once."""
    drip, owner = due.drip, due.lead.owner_id
    meta = {
        "enrollment": drip.id, "sequence": drip.key, "names": dict(drip.plan.names), "version": drip.version, "step": drip.step + 1,
        "because": because,
    }  # fmt: skip
    seq = append_event(due.session, drip.lead_id, Fact("drip_kept_back", "leadbell", due.now, meta), due.salt)
    if owner is not None and not drip.state.get("kept_back"):
        post_notice(due.session, drip.lead_id, owner, "drip_kept_back", seq, due.lead.score, at_once=False)
    _go_on(due, drip.step + 1, state={**drip.state, "kept_back": True})


def _go_on(due: Due, step: int, *, state: Mapping[str, object] | None = None, touches: int | None = None) -> None:
    """See which step comes and when it may: a text already with the hours that hold it back."""
    drip = due.drip
    state = {name: value for name, value in (drip.state if state is None else state).items() if name not in OF_ITS_STEP}
    following = next_step(drip.plan, step, due.now, drip.start(due.zone), due.zone)
    at = due.now + CLOSES_AFTER if following.step == len(drip.plan.steps) else following.at
    if following.step < len(drip.plan.steps) and at is not None:
        at, waits_for = as_it_may(due.lead, due.reaches, due.files, drip.plan.steps[following.step], at)
        if waits_for is not None:
            state |= waiting(waits_for, at)
            due.decided.holds.append((drip.lead_id, held("sms", waits_for, at, due.now, about_step(drip, following.step))))
    _move(due, following.step, at, state, touches=touches)


def _wait(due: Due, channel: Channel, at: datetime, rule: str) -> None:
    """The step waits; the timeline says so unless it said the same before: what a borrower does may have a step looked at early."""
    drip, answer = due.drip, waiting(rule, at)
    if not answer.items() <= drip.state.items():
        due.decided.holds.append((drip.lead_id, held(channel, rule, at, due.now, about_step(drip, drip.step))))
    _move(due, drip.step, at, {**drip.state, **answer})


def _move(due: Due, step: int, at: datetime | None, state: Mapping[str, object], *, touches: int | None = None) -> None:
    due.decided.moves.append(Moved(due.drip.id, step, at, state, due.drip.touches if touches is None else touches))


def first_step(
    session: Session, lead: LeadView, plan: Plan, reaches: Reaches, start: datetime, now: datetime
) -> tuple[int, datetime | None, Rule | None]:
    """With which step a sequence begins that is counted from `start`, when that is due, and the rule that holds it back so long, if any."""
    first = next_step(plan, 0, now, start, zone_of(lead))
    if first.step == len(plan.steps):
        return first.step, now + CLOSES_AFTER, None
    if first.at is None:
        return first.step, None, None
    files = files_of(session, {lead.number: reaches}, now)[lead.number]
    return first.step, *as_it_may(lead, reaches, files, plan.steps[first.step], first.at)


def as_it_may(lead: LeadView, reaches: Reaches, files: Files, step: Step, at: datetime) -> tuple[datetime, Rule | None]:
    """When a step leaves that is due then, and the rule that holds it back so long, as far as that is known now."""
    if step.channel == "sms" and files.number is not None:
        match judge_automatic_by_file(files.number, lead, reaches["sms"], at):
            case WaitUntil(opens_at, rule=rule):
                return opens_at, rule
    return at, None


_sender = Prepared(select(officer.c.name, officer.c.nmls_id).where(officer.c.id == bindparam("of_officer")))
_language = select(officer.c.language).where(officer.c.id == bindparam("of_officer"))


def _name_of(session: Session, officer_id: int) -> str:
    return one_line(_sender.run(session, {"of_officer": officer_id})[0].name, 60)


def _facts(due: Due) -> dict[str, object]:
    anchor = due.drip.anchor
    return facts_of(due.session, due.lead, due.sender, due.now.year - anchor.year if anchor is not None else None)


def facts_of(session: Session, lead: LeadView, sender: Sender, years: int | None) -> dict[str, object]:
    """What words are filled with: the owner of this moment, or the company alone where nobody has the lead."""
    nmls = _sender.run(session, {"of_officer": lead.owner_id})[0].nmls_id if lead.owner_id else None
    return known_or_not({
        "first_name": one_line(lead.first_name or "", 30), "purpose": lead.purpose,
        "city": shared_text(lead.details.get("property_city"), 40), "officer": lead.owner_name and one_line(lead.owner_name, 60),
        "officer_nmls": nmls, "company": sender.company, "nmls": sender.nmls, "years": years,
    })  # fmt: skip


def known_or_not(named: Mapping[str, object]) -> dict[str, object]:
    """The same, with what is not known such that words can ask for it and go without."""
    return {name: value or Unknown(name) for name, value in named.items()}


def zone_of(lead: LeadView) -> str:
    """By whose clocks the times of day are: the borrower's where we know them."""
    zones = candidate_zones(whereabouts_of(lead))
    return zones[0] if zones else lead.time_zone
