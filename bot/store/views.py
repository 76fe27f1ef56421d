"""What somebody needs to know to draw or judge: a lead as it stands now, a posting with its place, an officer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, func, select
from sqlmodel import Session

from bot.rules.calling import CalledNumber
from bot.rules.hours import caps
from bot.rules.phones import MASKED
from bot.rules.rates import REST
from bot.rules.routing import Route, route_from
from bot.rules.scoring import Grade, Reason, reason_from
from bot.store.building import DraftView, draft_view
from bot.store.calling import called_columns, called_numbers
from bot.store.calls import CallRow, call_row
from bot.store.clocks import NOT_BEGUN, UNANSWERED, UNCLAIMED, ClockView, clock, clocks_of
from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, ContactPoint
from bot.store.covering import Absence, absence_of
from bot.store.drips import DripView, drip_view, last_touch, running_key
from bot.store.events import COMPANY, Event, events_since, taken_back
from bot.store.leads import Arrival, Borrower, Lead, LeadBorrower, LeadPass
from bot.store.leavers import LeaverView, leaver_view
from bot.store.messages import Status, message, newest_touches, was_touched
from bot.store.people import Officer, Source, Team
from bot.store.postings import place, posting
from bot.store.prepared import Prepared
from bot.store.rates import ToCall, to_call
from bot.store.reminders import ReminderView, next_touch, reminder_view
from bot.store.returns import ReturnView, return_told_by
from bot.store.rings import free_in_digest
from bot.store.rota import SwapView, swap_view
from bot.store.shifts import still_open
from bot.store.source_requests import UnreadView, unread_view
from bot.store.suppressions import Suppression

CALL_TOPICS = ("called", "call_over", "called_us", "missed_call")
"""What is told of a call."""
MOST_LISTED = 12
"""How many leads a message lists."""


@dataclass(frozen=True, slots=True)
class Link:
    """The older lead that shares a phone or an email under another first name, and what was said of it."""

    number: int
    answer: str  # asked, same_request or two_people
    first_name: str | None
    last_name: str | None
    owner_name: str | None


@dataclass(frozen=True, slots=True)
class LeadView:
    """A lead with everything that a card or a message about it may show."""

    number: int
    team_id: int
    team_name: str
    time_zone: str
    language: str
    masked: bool
    source: str
    price: int | None
    stage: str
    purpose: str | None
    state: str | None
    score: int
    grade: Grade
    reasons: tuple[Reason, ...]
    segments: Mapping[str, str | None]  # that it belongs to, by key with the names that the config gives them
    route: Route | None  # the rule that it came under; None where its source's team has it
    arrived_at: datetime
    rang_at: datetime | None  # when it was handed out in the morning
    details: Mapping[str, Any]
    first_name: str | None
    last_name: str | None
    phones: tuple[str, ...]
    numbers: tuple[CalledNumber, ...]  # the same, each with what decides whether it may be called
    touches: tuple[datetime, ...]  # the newest calls and texts to them, as many as any cap counts
    silenced: bool  # a number of theirs may not be called any more, and is not among the phones
    emails: tuple[str, ...]
    owner_id: int | None
    owner_name: str | None
    cover_id: int | None  # whom the owner, who is away, named to work it meanwhile
    claimed_at: datetime | None
    waits_since: datetime | None  # the borrower wrote and nobody answered yet
    passes: tuple[tuple[str, str], ...]  # who let it go by, and why
    arrivals: int
    link: Link | None
    next_touch: datetime | None  # when the owner comes back to it
    drip: str | None  # the sequence of texts that runs
    booked_for: datetime | None  # when its borrower was promised a call, by whom, while nobody had it
    booked_by: int | None
    booker: str | None
    masked_phones: frozenset[str] = frozenset()  # those that only forward

    @property
    def is_erased(self) -> bool:
        """Nobody is known of it any more: none came without a phone or an email."""
        return not (self.first_name or self.last_name or self.phones or self.emails or self.silenced)

    @property
    def placed_phones(self) -> tuple[str, ...]:
        """The phones that may tell where the borrower is."""
        return tuple(each for each in self.phones if each not in self.masked_phones)

    @property
    def claimed_after(self) -> float:
        """Seconds from its arrival, or from the morning when it was handed out, to its claim; 0 while nobody has it."""
        return max(0.0, (self.claimed_at - (self.rang_at or self.arrived_at)).total_seconds()) if self.claimed_at else 0.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a posting stands: a channel or a person of one platform."""

    place_id: int
    platform: str
    kind: str
    named: str
    address: str | None
    conversation: str | None
    officer_id: int | None
    broken: bool


@dataclass(frozen=True, slots=True)
class EventView:
    kind: str
    at: datetime
    meta: Mapping[str, Any]
    undone: bool = False  # asked for lines of a thread alone


@dataclass(frozen=True, slots=True)
class TextView:
    """A text or an email to or from the borrower, as its line tells it: what was written and where it stands."""

    id: int
    words: str
    pictures: int
    status: Status
    created_at: datetime
    due_at: datetime | None
    error_code: int | None
    because: str | None
    channel: str
    subject: str | None
    files: str | None  # names of what was attached to an email, a line each
    lead_id: int | None = None  # whose it is now; not asked for in a list of what happened


@dataclass(frozen=True, slots=True)
class Drawing:
    """A posting, its place, the lead that it is about as it is now (most are about one), and the event that it tells."""

    posting_id: int
    kind: str
    topic: str
    event_seq: int
    message_id: str | None
    card_message_id: str | None
    wanted_version: int
    shown_version: int
    shown_digest: str | None
    attempts: int
    created_at: datetime
    spot: Spot
    about: LeadView | None
    event: EventView | None
    officer: tuple[str, str] | None  # name and language of whom a notice is for
    clocks: Mapping[str, ClockView]  # of a notice about a lead, and of the card of a free one
    reminder: ReminderView | None  # that the event tells of
    text: TextView | None = None  # that the event is about, or the last one of the sequence that it began
    call: CallRow | None = None  # that the event is about
    drip: DripView | None = None  # what the event began
    returned: ReturnView | None = None  # that the event opened
    owner_address: str | None = None  # the platform's id of the owner, or of who covers for them, where an update is told
    officer_active: bool = True
    swap: SwapView | None = None
    draft: DraftView | None = None
    absence: Absence | None = None  # of a colleague whom this person covers for
    leaver: LeaverView | None = None  # whom a question to those who lead is about
    unread: UnreadView | None = None  # requests that wait for a person
    listed: tuple[LeadView, ...] = ()  # the leads that a notice about no single one lists, as they are now
    to_call: tuple[ToCall, ...] = ()  # about a rate, those of them whom this person may still call
    free: int = 0  # how many a digest has to list; it lists the best

    @property
    def number(self) -> int | None:
        return self.about.number if self.about else None

    @property
    def lead(self) -> LeadView:
        """The lead of a card, of an update, or of a notice about one."""
        assert self.about is not None, f"{self.topic!r} is about no lead"
        return self.about

    def shows(self, digest: str) -> bool:
        """Whether its message is known to show this already: it was drawn, and no later try ended unknown."""
        return self.message_id is not None and self.attempts == 1 and not self.spot.broken and self.shown_digest == digest

    @property
    def handed_out(self) -> bool:
        """Whether /lead next alone hands out this free lead."""
        return self.lead.booked_for is None and _is_handed_out(self.lead.route, self.clocks.get(UNCLAIMED))

    def rings_at(self, now: datetime) -> datetime | None:
        """When the lead begins to ring; None where it rang, or does."""
        unclaimed = self.clocks.get(UNCLAIMED)
        if unclaimed is None or unclaimed.step > NOT_BEGUN or unclaimed.due_at is None or unclaimed.due_at <= now:
            return None
        return unclaimed.due_at


_lead, _team, _source, _officer = table_of(Lead), table_of(Team), table_of(Source), table_of(Officer)
_borrower, _lead_borrower = table_of(Borrower), table_of(LeadBorrower)
_contact, _borrower_contact = table_of(ContactPoint), table_of(BorrowerContact)
_pass, _arrival, _event = table_of(LeadPass), table_of(Arrival), table_of(Event)
_suppression = table_of(Suppression)

_booker = _officer.alias("booker")
_of_lead: BindParameter[int] = bindparam("number")
_arrivals = select(func.count(_arrival.c.id)).where(_arrival.c.lead_id == _lead.c.id).scalar_subquery()
_first_price = select(_arrival.c.price).where(_arrival.c.lead_id == _lead.c.id).order_by(_arrival.c.id).limit(1).scalar_subquery()
_passed = exists().where(_pass.c.lead_id == _lead.c.id)
_waits_since = (
    select(clock.c.started_at)
    .where(clock.c.lead_id == _lead.c.id, clock.c.kind == UNANSWERED, clock.c.due_at.is_not(None))
    .scalar_subquery()
)
_MOST_COUNTED = max(cap.most for cap in caps())
_lead_row = Prepared(
    select(
        _lead.c.team_id, _lead.c.stage, _lead.c.purpose, _lead.c.state, _lead.c.score, _lead.c.grade, _lead.c.score_reasons,
        _lead.c.segments, _lead.c.route, _lead.c.arrived_at, _lead.c.rang_at, _lead.c.details, _lead.c.owner_id, _lead.c.claimed_at,
        _lead.c.linked_lead_id, _lead.c.link_answer, _lead.c.booked_for, _lead.c.booked_by, _booker.c.name.label("booker"),
        _team.c.name.label("team_name"), _team.c.time_zone, _team.c.language, _team.c.masked,
        _source.c.label.label("source"), _officer.c.name.label("owner_name"), _officer.c.cover_id,
        _arrivals.label("arrivals"), _first_price.label("price"), _passed.label("passed"),
        next_touch.label("next_touch"), running_key.label("drip"),
        _waits_since.label("waits_since"),
    )
    .join_from(_lead, _team, _lead.c.team_id == _team.c.id)
    .join(_source, _lead.c.source_id == _source.c.id)
    .outerjoin(_officer, _lead.c.owner_id == _officer.c.id)
    .outerjoin(_booker, _lead.c.booked_by == _booker.c.id)
    .where(_lead.c.id == _of_lead)
)  # fmt: skip
_route = select(_lead.c.route, _lead.c.booked_for).where(_lead.c.id == _of_lead)
_silent = exists().where(
    _suppression.c.contact_key == _contact.c.key, _suppression.c.channel == "voice", _suppression.c.lifted_at.is_(None)
)
_contact_rows = Prepared(
    select(
        _borrower.c.first_name,
        _borrower.c.last_name,
        _contact.c.kind,
        _contact.c.value,
        _contact.c.phone_kind,
        _silent.label("silent"),
        _contact.c.id.label("contact_id"),
        was_touched(_contact).label("touched"),
        *called_columns(_contact),
    )
    .join_from(_lead_borrower, _borrower)
    .outerjoin(_borrower_contact, _borrower_contact.c.borrower_id == _borrower.c.id)
    .outerjoin(_contact, _contact.c.id == _borrower_contact.c.contact_point_id)
    .where(_lead_borrower.c.lead_id == _of_lead)
    .order_by(_lead_borrower.c.position, _borrower_contact.c.position)
)
_link_row = Prepared(
    select(_borrower.c.first_name, _borrower.c.last_name, _officer.c.name)
    .join_from(_lead, _lead_borrower)
    .join(_borrower)
    .outerjoin(_officer, _officer.c.id == _lead.c.owner_id)
    .where(_lead.c.id == _of_lead, _lead_borrower.c.position == 0)
)
_pass_rows = Prepared(
    select(_officer.c.name, _pass.c.reason).join_from(_pass, _officer).where(_pass.c.lead_id == _of_lead).order_by(_pass.c.at)
)


def lead_view(session: Session, number: int) -> LeadView | None:
    """The lead with that number as it stands, or None."""
    return lead_views(session, [number]).get(number)


def lead_views(session: Session, numbers: Sequence[int]) -> dict[int, LeadView]:
    """The leads with these numbers as they stand; who has none is left out."""
    asked = [{"number": number} for number in numbers]
    leads, contacts = _lead_row.run_each(session, asked), _contact_rows.run_each(session, asked)
    called = called_numbers(session, (contact for of_lead in contacts for contact in of_lead if _is_open(contact)))
    return {
        number: _viewed(session, number, row[0], of_lead, called)
        for number, row, of_lead in zip(numbers, leads, contacts, strict=True)
        if row
    }


def _is_open(contact: Any) -> bool:
    return contact.kind == "phone" and not contact.silent


def _viewed(session: Session, number: int, row: Any, contacts: Sequence[Any], called: Mapping[int, CalledNumber]) -> LeadView:
    phones = {contact.value: contact for contact in reversed(contacts) if _is_open(contact)}
    numbers = tuple(reversed(phones))
    masked = frozenset(each for each in numbers if phones[each].phone_kind == MASKED)
    passes = _pass_rows.run(session, {"number": number}) if row.passed else []
    linked = _link_row.run(session, {"number": row.linked_lead_id}) if row.link_answer else []
    return LeadView(
        number=number,
        team_id=row.team_id,
        team_name=row.team_name,
        time_zone=row.time_zone,
        language=row.language,
        masked=row.masked,
        source=row.source,
        price=row.price,
        stage=row.stage,
        purpose=row.purpose,
        state=row.state,
        score=row.score,
        grade=row.grade,
        reasons=tuple(map(reason_from, row.score_reasons or ())),
        segments=row.segments or {},
        route=route_from(row.route) if row.route else None,
        arrived_at=row.arrived_at,
        rang_at=row.rang_at,
        details=row.details or {},
        first_name=contacts[0].first_name if contacts else None,
        last_name=contacts[0].last_name if contacts else None,
        phones=numbers,
        masked_phones=masked,
        numbers=tuple(called[phones[each].contact_id] for each in numbers),
        touches=newest_touches(session, phones[numbers[0]].contact_id, _MOST_COUNTED)
        if any(phones[each].touched for each in numbers)
        else (),
        silenced=any(contact.kind == "phone" and contact.silent for contact in contacts),
        emails=tuple(dict.fromkeys(contact.value for contact in contacts if contact.kind == "email")),
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        cover_id=row.cover_id,
        claimed_at=row.claimed_at,
        waits_since=row.waits_since,
        passes=tuple((name, reason) for name, reason in passes),
        arrivals=row.arrivals,
        link=Link(row.linked_lead_id, row.link_answer, *linked[0]) if linked else None,
        next_touch=row.next_touch,
        drip=row.drip,
        booked_for=row.booked_for,
        booked_by=row.booked_by,
        booker=row.booker,
    )


def is_handed_out(session: Session, number: int) -> bool:
    """Whether /lead next alone hands out this lead, which is free."""
    row = session.connection().execute(_route, {"number": number}).one()
    if row.route is None or row.booked_for is not None:
        return False
    return _is_handed_out(route_from(row.route), clocks_of(session, number).get(UNCLAIMED))


def _is_handed_out(route: Route | None, unclaimed: ClockView | None) -> bool:
    """What lies long is for whoever takes it."""
    return route is not None and route.mode == "blind_pull" and unclaimed is not None and not unclaimed.waited_long


_card = posting.alias("card_of_line")
_posting_row = Prepared(
    select(
        posting,
        place.c.platform,
        place.c.kind.label("place_kind"),
        place.c.named,
        place.c.address,
        place.c.conversation,
        place.c.officer_id,
        place.c.broken_because,
    )
    .add_columns(
        _officer.c.name.label("officer_name"),
        _officer.c.language.label("officer_language"),
        _officer.c.active.label("officer_active"),
        _card.c.message_id.label("card_message_id"),
    )
    .join_from(posting, place, posting.c.place_id == place.c.id)
    .outerjoin(_officer, _officer.c.id == place.c.officer_id)
    .outerjoin(_card, (_card.c.lead_id == posting.c.lead_id) & (_card.c.place_id == posting.c.place_id) & (_card.c.kind == "card"))
    .where(posting.c.id == bindparam("posting_id"))
)
_event_row = Prepared(
    select(_event.c.kind, _event.c.at, _event.c.meta).where(_event.c.stream == bindparam("stream"), _event.c.seq == bindparam("seq"))
)


def drawing(session: Session, posting_id: int) -> Drawing:
    """Everything needed to draw a posting."""
    [row] = _posting_row.run(session, {"posting_id": posting_id})
    about = None if row.lead_id is None else lead_view(session, row.lead_id)
    event = _event_view(session, COMPANY if row.lead_id is None else row.lead_id, row.event_seq, line=row.kind == "update")
    absence = None
    if event is not None and row.topic == "covers":
        absence = absence_of(session, event.meta["officer_id"], row.officer_id, row.event_seq)
    free, numbers = _listed(session, row, event) if about is None and event is not None else (0, [])
    if absence is not None:
        numbers = list(absence.numbers[:MOST_LISTED])
    told_of = event.meta.get("reminder") if event else None
    drip = drip_view(session, event.meta["enrollment"]) if event is not None and row.topic == "drip" else None
    text_id = event.meta.get("text") if event else None
    if drip is not None:
        text_id = last_touch(session, drip)
    return Drawing(
        posting_id=posting_id,
        kind=row.kind,
        topic=row.topic,
        event_seq=row.event_seq,
        message_id=row.message_id,
        card_message_id=row.card_message_id,
        wanted_version=row.wanted_version,
        shown_version=row.shown_version,
        shown_digest=row.shown_closing,
        attempts=row.attempts,
        created_at=row.created_at,
        spot=Spot(
            row.place_id,
            row.platform,
            row.place_kind,
            row.named,
            row.address,
            row.conversation,
            row.officer_id,
            row.broken_because is not None,
        ),
        about=about,
        event=event,
        officer=None if row.officer_name is None else (row.officer_name, row.officer_language),
        clocks=clocks_of(session, row.lead_id) if about is not None and _shows_clocks(row.kind, about) else {},
        listed=tuple(view for number in numbers if (view := lead_view(session, number)) is not None),
        free=free,
        to_call=_to_call(session, row.officer_id, event, numbers) if row.topic == "rate_list" and event is not None else (),
        reminder=reminder_view(session, told_of) if told_of else None,
        text=_text_view(session, text_id) if text_id is not None else None,
        call=call_row(session, event.meta["call"]) if event is not None and row.topic in CALL_TOPICS else None,
        drip=drip,
        returned=return_told_by(session, row.lead_id, row.event_seq) if row.topic == "return" else None,
        owner_address=_address_of(session, row.platform, about.cover_id or about.owner_id)
        if row.kind == "update" and about and about.owner_id
        else None,
        officer_active=row.officer_active is not False,
        swap=swap_view(session, event.meta["swap"])
        if event is not None and row.topic in ("swap_asked", "swap_taken", "swap_off")
        else None,
        draft=draft_view(session, event.meta["draft"]) if event is not None and row.topic in ("drip_asked", "drip_judged") else None,
        absence=absence,
        unread=unread_view(session, row.event_seq) if row.topic == "request_unread" else None,
        leaver=leaver_view(session, event.meta["officer_id"]) if event is not None and row.topic in ("leaver", "came_back") else None,
    )


def _listed(session: Session, row: Any, event: EventView) -> tuple[int, list[int]]:
    """How many leads a digest has to list, and the numbers of those that this notice lists."""
    match row.topic:
        case "digest":
            return free_in_digest(session, row.officer_id, row.event_seq, event.at, MOST_LISTED)
        case "shift_end":
            return 0, still_open(session, row.officer_id)
        case "unplaced":
            return 0, event.meta["leads"]
        case "morning":
            return 0, [number for _, number in event.meta["rows"]]
        case "rate_list":
            return 0, event.meta["leads"]
        case "while_away":
            return 0, [each["lead"] for each in event.meta["leads"]][:MOST_LISTED]
    return 0, []


def _to_call(session: Session, officer_id: int, event: EventView, numbers: Sequence[int]) -> tuple[ToCall, ...]:
    return tuple(to_call(session, officer_id, event.at - REST, numbers))


def _shows_clocks(kind: str, lead: LeadView) -> bool:
    return kind == "notice" or (kind == "card" and lead.owner_id is None)


_text_row = Prepared(
    select(
        message.c.id, message.c.body, message.c.pictures, message.c.status, message.c.created_at, message.c.due_at, message.c.error_code,
        message.c.gave_up_because, message.c.channel, message.c.subject, message.c.files, message.c.lead_id,
    ).where(message.c.id == bindparam("text_id"))
)  # fmt: skip
_owner_address = Prepared(
    select(place.c.address).where(
        place.c.platform == bindparam("on"), place.c.kind == "person", place.c.officer_id == bindparam("of_officer"), place.c.active
    )
)


def _text_view(session: Session, text_id: int) -> TextView:
    [row] = _text_row.run(session, {"text_id": text_id})
    return TextView(*tuple(row))


def _address_of(session: Session, platform: str, officer_id: int) -> str | None:
    found = _owner_address.run(session, {"on": platform, "of_officer": officer_id})
    return found[0].address if found else None


def _event_view(session: Session, stream: int, seq: int, *, line: bool) -> EventView | None:
    for row in _event_row.run(session, {"stream": stream, "seq": seq}) if seq else ():
        undone = line and seq in taken_back(events_since(session, stream, seq))
        return EventView(row.kind, row.at, row.meta, undone)
    return None
