"""Everything shown in chat: where it stands, what it should show and what it shows, and who is drawing it now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Float,
    Index,
    Integer,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import database_time, maybe_reference, reference, row_id, table_of
from bot.store.owed import Owed, due_index
from bot.store.prepared import Prepared
from bot.store.rings import Ring
from bot.store.work import SHOWING, paused

CALL_LIMIT = 8.0
"""Seconds that one call to a chat platform may take."""
LEASE = CALL_LIMIT + 2.0
LIMITED_FOR = 60.0
"""Seconds that a place keeps its platform's published pace after the platform asked us to slow down."""
DIGEST_WAITS = 1.0
"""Seconds until a digest follows what changed: all that changes meanwhile shares one redraw."""
PLATFORMS = ("slack", "discord")
AUDIT_CHANNEL = "audit_channel"
"""The kind of a place where the seals of the timelines are told."""
BackInPool = Literal["given_back", "lapsed", "neglected", "owner_away", "left", "parted"]
BACK_IN_POOL: tuple[BackInPool, ...] = get_args(BackInPool)
"""Why a lead is free again."""
AT_ONCE = 40
"""How many postings one look hands out at most, and how many of one unlimited place."""


class Place(SQLModel, table=True):
    """A channel or a person on one platform. `named` is the config's word for it, `address` the platform's id, found when we connect."""

    __table_args__ = (UniqueConstraint("platform", "kind", "named", "team_id", name="uq_place_named"),)

    id: int | None = row_id()
    platform: str
    kind: str  # channel, wider_channel, audit_channel or person
    named: str
    address: str | None = Field(default=None, index=True)
    conversation: str | None = None  # a person's direct messages with us
    team_id: int | None = maybe_reference("team.id", index=True)
    officer_id: int | None = maybe_reference("officer.id", index=True)
    active: bool = True
    pace: float = 1.0  # seconds between posts that the platform publishes as its limit
    next_at: datetime | None = None
    limited_until: datetime | None = None
    broken_because: str | None = None


class Posting(Owed, table=True):
    """A card, a line in its thread (update), or a message to a person (notice). What it shows is drawn from the lead's present state."""

    __table_args__ = (
        UniqueConstraint("lead_id", "place_id", "kind", "topic", "event_seq", name="uq_posting_once"),
        due_index("posting"),
        # For words written in a card's thread: whose lead is it?
        Index("ix_posting_card", "message_id", postgresql_where=text("kind = 'card'"), sqlite_where=text("kind = 'card'")),
        Index("ix_posting_digest", "event_seq", postgresql_where=text("topic = 'digest'"), sqlite_where=text("topic = 'digest'")),
        Index("ix_posting_stale", "stale_at", postgresql_where=text("stale_at IS NOT NULL"), sqlite_where=text("stale_at IS NOT NULL")),
    )

    id: int | None = row_id()
    lead_id: int | None = maybe_reference("lead.id")
    place_id: int = reference("place.id")
    kind: str  # card, update or notice
    topic: str = ""  # which update or notice
    event_seq: int = 0
    worth: int = 0  # the lead's score: the best lead is shown first
    message_id: str | None = None
    wanted_version: int = 1
    shown_version: int = 0
    created_at: datetime
    stale_at: datetime | None = None  # in business time: when what it shows of calling hours is over
    # A digest of what its message shows. Processes of the release before, which may run beside us, keep here a word that closes a notice.
    shown_closing: str | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to draw one posting, until the lease runs out. A late holder is known by its fence; 0 is nobody's."""

    posting_id: int
    fence: int

    @property
    def held(self) -> bool:
        return self.fence > 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What the store holds after a drawing: the message that stands, and whether something changed meanwhile."""

    message_id: str | None
    owed: bool
    after: float = field(default=0.0, compare=False)  # seconds since it was first owed


posting = table_of(Posting)
place = table_of(Place)

_now = database_time()
_lease_end = database_time(literal(LEASE, Float))
_its_place = place.alias("its_place")
# Asked of each that is owed: as a condition on the place beside it, PostgreSQL would begin with the places, and read all they ever showed.
_connected = (
    select(case(*((_its_place.c.platform == platform, bindparam(f"on_{platform}", type_=Integer)) for platform in PLATFORMS), else_=0))
    .where(_its_place.c.id == posting.c.place_id)
    .correlate(posting)
    .scalar_subquery()
) == 1
_unleased = or_(posting.c.lease_until.is_(None), posting.c.lease_until <= _now)
_unlimited = or_(place.c.limited_until.is_(None), place.c.limited_until <= _now)
_free = and_(place.c.broken_because.is_(None), _unlimited, or_(place.c.next_at.is_(None), place.c.next_at <= _now))


_goes_now = and_(bindparam("at_once", type_=Boolean), _free)


def _given(column: str) -> BindParameter[object]:
    return bindparam(column, type_=posting.c[column].type)  # PostgreSQL cannot guess the type of a bare value in a SELECT


_NEW = {
    "lead_id": _given("lead_id"),
    "place_id": place.c.id,
    "kind": _given("kind"),
    "topic": _given("topic"),
    "event_seq": _given("event_seq"),
    "worth": _given("worth"),
    "created_at": _now,
    "due_at": _now,
    "wanted_version": literal(1),
    "shown_version": literal(0),
    "attempts": case((_goes_now, 1), else_=0),
    "fence": case((_goes_now, 1), else_=0),
    "lease_until": case((_goes_now, _lease_end), else_=null()),
}
_placed = select(*_NEW.values()).where(place.c.active)
_in_channel_of_team = and_(place.c.kind == bindparam("channel_kind"), place.c.team_id == bindparam("team_id"))
_where_card_stands = place.c.id.in_(select(posting.c.place_id).where(posting.c.lead_id == bindparam("of_lead"), posting.c.kind == "card"))
_with_officer = and_(place.c.kind == "person", place.c.officer_id == bindparam("officer_id"))


def _insert_where(condition: ColumnElement[bool]) -> Prepared:
    new = insert(posting).from_select(list(_NEW), _placed.where(condition)).on_conflict_do_nothing()
    return Prepared(new.returning(posting.c.id, posting.c.fence))


_post_cards, _post_updates, _post_notices = map(_insert_where, (_in_channel_of_team, _where_card_stands, _with_officer))
_post_in_place = _insert_where(place.c.id == bindparam("in_place"))


def post_cards(
    session: Session,
    lead_id: int,
    team_id: int,
    worth: int,
    *,
    at_once: bool,
    channel_kind: Literal["channel", "wider_channel"] = "channel",
) -> list[Lease]:
    """Owe a card to each channel of the team that has none of the lead yet.

    `at_once` takes the lease along where the channel is free; the others are not held.
    """
    row = {
        "lead_id": lead_id, "team_id": team_id, "channel_kind": channel_kind, "kind": "card", "topic": "",
        "event_seq": 0, "worth": worth, "at_once": at_once,
    }  # fmt: skip
    return [Lease(card.id, card.fence) for card in _post_cards.run(session, row)]


_again = {"wanted_version": posting.c.wanted_version + 1, "due_at": _now, "gave_up_because": null()}
_later = posting.alias("later")
_rewrite_last = Prepared(
    update(posting)
    .where(
        posting.c.lead_id == bindparam("of_lead"),
        posting.c.kind == "update",
        or_(*(posting.c.topic == topic for topic in BACK_IN_POOL)),
        ~exists().where(
            _later.c.lead_id == posting.c.lead_id,
            _later.c.place_id == posting.c.place_id,
            _later.c.kind == "update",
            _later.c.id > posting.c.id,
        ),
    )
    .values({**_again, "topic": bindparam("to_topic"), "event_seq": bindparam("to_event")})
)


def post_back(session: Session, lead_id: int, team_id: int, event_seq: int, worth: int) -> None:
    """Owe the team's channels word that a lead, whose card stands far above, is free and its borrower back."""
    row = {
        "lead_id": lead_id, "team_id": team_id, "channel_kind": "channel", "kind": "notice", "topic": "back",
        "event_seq": event_seq, "worth": worth, "at_once": False,
    }  # fmt: skip
    _post_cards.run(session, row)


def post_back_in_pool(session: Session, lead_id: int, topic: BackInPool, event_seq: int, worth: int) -> None:
    """Owe a line that says why the lead is free again. Where the last line says so of an earlier time, it is rewritten instead."""
    _rewrite_last.run(session, {"of_lead": lead_id, "to_topic": topic, "to_event": event_seq})
    post_update(session, lead_id, topic, event_seq, worth)  # finds the rewritten one, and adds none beside it


def post_update(session: Session, lead_id: int, topic: str, event_seq: int, worth: int) -> None:
    """Owe a line to the thread of each card of the lead."""
    row = {
        "lead_id": lead_id,
        "of_lead": lead_id,
        "kind": "update",
        "topic": topic,
        "event_seq": event_seq,
        "worth": worth,
        "at_once": False,
    }
    _post_updates.run(session, row)


def post_notice(
    session: Session, lead_id: int | None, officer_id: int, topic: str, event_seq: int, worth: int, *, at_once: bool
) -> list[Lease]:
    """Owe an officer a message about a lead, or about none: then `event_seq` is of the company's stream."""
    row = {
        "lead_id": lead_id, "officer_id": officer_id, "kind": "notice", "topic": topic,
        "event_seq": event_seq, "worth": worth, "at_once": at_once,
    }  # fmt: skip
    return _leases(session, _post_notices, row)


def post_in_channel(session: Session, team_id: int, topic: str, event_seq: int) -> None:
    """Owe a line about no lead to each channel of a team; it calls nobody."""
    row = {
        "lead_id": None, "team_id": team_id, "channel_kind": "channel", "kind": "notice", "topic": topic,
        "event_seq": event_seq, "worth": 0, "at_once": False,
    }  # fmt: skip
    _post_cards.run(session, row)


def post_in_place(session: Session, place_id: int, topic: str, event_seq: int, worth: int) -> list[Lease]:
    """Owe one channel a message about no single lead; its event is of the company's stream."""
    row = {
        "lead_id": None, "in_place": place_id, "kind": "notice", "topic": topic, "event_seq": event_seq, "worth": worth, "at_once": True,
    }  # fmt: skip
    return _leases(session, _post_in_place, row)


_drawn_again = (
    update(posting)
    .where(posting.c.lead_id == bindparam("of_lead"))
    .values(
        wanted_version=posting.c.wanted_version + 1,
        due_at=_now,
        # Attempts without a message may have reached the platform: the next one must still look before it posts.
        attempts=case((and_(_unleased, posting.c.message_id.is_not(None)), 0), else_=posting.c.attempts),
        # Whoever tried and does not try any more may have shown something else. Who tries now is counted until they know.
        shown_closing=case((and_(_unleased, posting.c.attempts > 0), null()), else_=posting.c.shown_closing),
        gave_up_because=null(),
    )
)
_redraw = Prepared(_drawn_again.where(or_(posting.c.kind == "card", posting.c.kind == "notice")))
_redraw_everything = Prepared(_drawn_again.values(shown_closing=null()))
_redraw_line = Prepared(
    update(posting)
    .where(posting.c.lead_id == bindparam("of_lead"), posting.c.kind == "update", posting.c.event_seq == bindparam("of_seq"))
    .values(wanted_version=posting.c.wanted_version + 1, due_at=_now, gave_up_because=null())
)
_hold = {"lease_until": _lease_end, "fence": posting.c.fence + 1, "attempts": posting.c.attempts + 1}
_take_free_of_lead = Prepared(
    update(posting)
    .where(
        posting.c.lead_id == bindparam("of_lead"),
        posting.c.kind == "card",
        posting.c.due_at.is_not(None),
        _unleased,
        exists().where(place.c.id == posting.c.place_id, _free),
    )
    .values(_hold)
    .returning(posting.c.id, posting.c.fence)
)


_redraw_of_person = (
    update(posting)
    .where(
        posting.c.kind == "notice",
        posting.c.message_id.is_not(None),
        posting.c.place_id.in_(select(place.c.id).where(place.c.officer_id == bindparam("of_officer"), place.c.kind == "person")),
    )
    .values(wanted_version=posting.c.wanted_version + 1, due_at=_now, gave_up_because=null())
)


def redraw_of_person(session: Session, officer_id: int) -> None:
    """Say that everything this officer was ever sent is to be drawn anew."""
    session.connection().execute(_redraw_of_person, {"of_officer": officer_id})


_of_company = and_(posting.c.lead_id.is_(None), posting.c.kind == "notice")
_ring = table_of(Ring)
_digest = posting.alias("digest")
_digests_with_lead = (
    select(_digest.c.id)
    # Written out, not as a parameter: SQLite must see that the index of digests serves.
    .join_from(_ring, _digest, and_(_digest.c.topic == literal_column("'digest'"), _digest.c.event_seq == _ring.c.digest_seq))
    .where(_ring.c.lead_id == bindparam("of_lead"), _ring.c.digest_seq.is_not(None))
)
_again_soon = {**_again, "due_at": func.coalesce(posting.c.due_at, database_time(literal(DIGEST_WAITS, Float)))}
_redraw_digests_with = Prepared(update(posting).where(posting.c.id.in_(_digests_with_lead)).values(_again_soon))
_is_digest = posting.c.topic == literal_column("'digest'")  # by the index again: a company has many other notices
_redraw_digest = Prepared(update(posting).where(_of_company, _is_digest, posting.c.event_seq == bindparam("of_event")).values(_again_soon))
_redraw_notice = Prepared(update(posting).where(_of_company, posting.c.event_seq == bindparam("of_event")).values(_again))


def redraw_notice(session: Session, event_seq: int) -> None:
    """Say that what a notice about no lead tells of changed. Its event is of the company's stream."""
    _redraw_notice.run(session, {"of_event": event_seq})


def redraw_digests(session: Session, event_seqs: Sequence[int]) -> None:
    """The same of digests, a moment later."""
    _redraw_digest.run_each(session, [{"of_event": each} for each in event_seqs])


_retell_notice = (
    update(posting)
    .where(_of_company, posting.c.event_seq == bindparam("of_event"))
    .values({**_again, "topic": bindparam("to_topic"), "event_seq": bindparam("to_event")})
)


def retell_notice(session: Session, event_seq: int, topic: str, new_seq: int) -> None:
    """A message about no lead tells from now on of another event: it was answered."""
    session.connection().execute(_retell_notice, {"of_event": event_seq, "to_topic": topic, "to_event": new_seq})


def redraw(session: Session, lead_id: int, *, at_once: bool) -> list[Lease]:
    """Say that the lead changed: its cards and notices are owed again, and the digests that list it.

    Whoever draws one now keeps its lease and will draw again.
    """
    _redraw.run(session, {"of_lead": lead_id})
    _redraw_digests_with.run(session, {"of_lead": lead_id})
    return _leases(session, _take_free_of_lead, {"of_lead": lead_id}) if at_once else []


def redraw_everything(session: Session, lead_id: int) -> None:
    """Say that nothing shown of the lead may stay as it is: its cards, notices and lines are owed again, and the digests that list it."""
    _redraw_everything.run(session, {"of_lead": lead_id})
    _redraw_digests_with.run(session, {"of_lead": lead_id})


def redraw_line(session: Session, lead_id: int, event_seq: int) -> None:
    """Say that what a line in the lead's thread tells of changed: it is edited where it stands."""
    redraw_lines(session, [(lead_id, event_seq)])


def redraw_lines(session: Session, told: Sequence[tuple[int, int]]) -> None:
    """The same of several, each by its lead and event."""
    _redraw_line.run_each(session, [{"of_lead": lead_id, "of_seq": event_seq} for lead_id, event_seq in told])


def _leases(session: Session, statement: Prepared, row: Mapping[str, object]) -> list[Lease]:
    return [Lease(held.id, held.fence) for held in statement.run(session, row) if held.fence]


_stale = posting.c.stale_at.is_not(None)
_next_stale = Prepared(select(func.min(posting.c.stale_at).label("at")).where(_stale))
_redraw_stale = (
    update(posting)
    .where(_stale, posting.c.stale_at <= bindparam("now"))
    .values(wanted_version=posting.c.wanted_version + 1, due_at=_now, stale_at=null(), gave_up_because=null())
)


def next_stale(session: Session) -> datetime | None:
    """When the next calling hours that are shown somewhere are over, in business time."""
    [row] = _next_stale.run(session, {})
    at: datetime | None = row.at
    return at


def redraw_stale(session: Session, now: datetime) -> None:
    """What shows calling hours that are over is owed again."""
    session.connection().execute(_redraw_stale, {"now": now})


_card = posting.alias("card")
_earlier = posting.alias("earlier")
_line_may_go = or_(
    posting.c.kind != "update",
    and_(
        exists().where(
            _card.c.lead_id == posting.c.lead_id,
            _card.c.place_id == posting.c.place_id,
            _card.c.kind == "card",
            _card.c.message_id.is_not(None),
        ),
        ~exists().where(
            _earlier.c.lead_id == posting.c.lead_id,
            _earlier.c.place_id == posting.c.place_id,
            _earlier.c.kind == "update",
            _earlier.c.id < posting.c.id,
            _earlier.c.due_at.is_not(None),
        ),
    ),
)
_rank = case(
    (and_(posting.c.kind == "card", posting.c.message_id.is_(None)), 0),
    (posting.c.kind == "notice", 0),
    (posting.c.kind == "card", 1),
    else_=2,
)
_turn = (
    select(
        posting.c.id,
        posting.c.place_id,
        case((_unlimited, 0.0), else_=place.c.pace).label("pace"),
        func.row_number().over(partition_by=posting.c.place_id, order_by=[_rank, posting.c.worth.desc(), posting.c.id]).label("turn"),
    )
    .join_from(posting, place)
    .where(
        posting.c.due_at <= _now,
        _unleased,
        _connected,
        or_(place.c.next_at.is_(None), place.c.next_at <= _now),
        _line_may_go,
    )
    .subquery()
)
_candidates = (
    select(_turn.c.id, _turn.c.place_id, _turn.c.pace)
    .where(or_(_turn.c.turn == 1, _turn.c.pace == 0.0))
    .order_by(_turn.c.turn, _turn.c.place_id)  # every process locks places in one order
    .limit(AT_ONCE)
)
_take_turn = (
    update(place)
    .where(place.c.id == bindparam("place_id"), or_(place.c.next_at.is_(None), place.c.next_at <= _now))
    .values(next_at=database_time(place.c.pace))
    .returning(place.c.id)
)
_take = (
    update(posting)
    .where(
        posting.c.id.in_(
            select(posting.c.id)
            .where(posting.c.id.in_(bindparam("ids", expanding=True)), posting.c.due_at.is_not(None), _unleased)
            .with_for_update(skip_locked=True)
        )
    )
    .values(_hold)
    .returning(posting.c.id, posting.c.fence)
)


def _on(platforms: Collection[str]) -> dict[str, int]:
    return {f"on_{platform}": int(platform in platforms) for platform in PLATFORMS}


def take_due(session: Session, platforms: Collection[str] = PLATFORMS) -> list[Lease]:
    """Lease what is due and free on these platforms: first cards before redraws before lines, the best lead first, one at a time where a
    place is limited."""
    if SHOWING in paused(session):
        return []
    connection = session.connection()
    candidates = connection.execute(_candidates, _on(platforms)).all()
    ids = [row.id for row in candidates if not row.pace or connection.execute(_take_turn, {"place_id": row.place_id}).first()]
    return [Lease(id, fence) for id, fence in connection.execute(_take, {"ids": ids})] if ids else []


_waiting_until = case((place.c.next_at > posting.c.due_at, place.c.next_at), else_=posting.c.due_at)
_next_due = Prepared(
    select(_now.label("now"), func.min(_waiting_until).label("due"))
    .join_from(posting, place)
    .where(posting.c.due_at.is_not(None), _unleased, _connected, _waiting_until > _now)
)


_due_now = Prepared(
    select(posting.c.id)
    .join_from(posting, place)
    .where(posting.c.due_at.is_not(None), _unleased, _connected, _waiting_until <= _now)
    .limit(1)
)
_named = place.alias("named")
_give_up_left = (
    update(posting)
    .where(
        posting.c.due_at.is_not(None),
        _unleased,
        posting.c.place_id.in_(select(place.c.id).where(~exists().where(_named.c.platform == place.c.platform, _named.c.active))),
    )
    .values(due_at=null(), gave_up_because="the config names no place on its platform")
)


def something_is_due(session: Session, platforms: Collection[str] = PLATFORMS) -> bool:
    """Whether `take_due` may find something."""
    return bool(_due_now.run(session, _on(platforms)))


def seconds_until_due(session: Session, platforms: Collection[str] = PLATFORMS) -> float | None:
    """How long until something that waits for its time is due on these platforms; None when nothing waits."""
    [(now, due)] = _next_due.run(session, _on(platforms))
    return None if due is None else max(0.0, (due - now).total_seconds())


def give_up_left(session: Session) -> None:
    """A company that left a platform owes its cards there no more. Where it comes back, a change of the lead revives them."""
    session.connection().execute(_give_up_left)


_mine = posting.c.fence == bindparam("held")
_stands = or_(posting.c.message_id.is_(None), posting.c.message_id == bindparam("shown_as"))
_settle = Prepared(
    update(posting)
    .where(posting.c.id == bindparam("posting_id"))
    .values(
        message_id=func.coalesce(posting.c.message_id, bindparam("shown_as")),
        shown_version=case((_mine, bindparam("drawn")), else_=posting.c.shown_version),
        wanted_version=case((_mine, posting.c.wanted_version), else_=posting.c.wanted_version + 1),
        due_at=case((and_(_mine, posting.c.wanted_version == bindparam("drawn")), null()), (_mine, posting.c.due_at), else_=_now),
        lease_until=case((_mine, null()), else_=posting.c.lease_until),
        attempts=case((_mine, 0), else_=posting.c.attempts),
        stale_at=case((_mine, bindparam("stale", type_=posting.c.stale_at.type)), else_=posting.c.stale_at),
        shown_closing=case((and_(_mine, _stands), bindparam("digest", type_=posting.c.shown_closing.type)), else_=null()),
    )
    .returning(posting.c.message_id, posting.c.due_at, posting.c.created_at, _now.label("now"))
)


def settle(
    session: Session, lease: Lease, drawn: int, message_id: str | None, digest: str | None = None, stale_at: datetime | None = None
) -> Settled:
    """Record a drawing: a digest of what it shows, and when the hours that it shows are over.

    A late holder's drawing may have overwritten a newer one, so it is only kept as a reason to draw again.
    """
    row = {
        "posting_id": lease.posting_id,
        "held": lease.fence,
        "drawn": drawn,
        "shown_as": message_id,
        "digest": digest,
        "stale": stale_at,
    }
    [(stands, due_at, created_at, now)] = _settle.run(session, row)
    return Settled(stands, due_at is not None, max(0.0, (now - created_at).total_seconds()))


_let_go = update(posting).where(posting.c.id == bindparam("posting_id"), _mine)
_postpone = _let_go.values(
    due_at=database_time(bindparam("seconds", type_=Float)), lease_until=null(), attempts=posting.c.attempts - bindparam("not_counted")
)
_give_up = _let_go.values(due_at=null(), lease_until=null(), gave_up_because=bindparam("because"))
_forget_message = _let_go.values(message_id=null(), shown_closing=null())


def postpone(session: Session, lease: Lease, seconds: float, *, counts: bool = True) -> None:
    """Try again later. `counts` says that the attempt may have reached the platform, so the next one looks before it posts."""
    session.connection().execute(
        _postpone, {"posting_id": lease.posting_id, "held": lease.fence, "seconds": seconds, "not_counted": int(not counts)}
    )


def give_up(session: Session, lease: Lease, because: str) -> None:
    """Stop trying, with the reason. A change of the lead revives it."""
    session.connection().execute(_give_up, {"posting_id": lease.posting_id, "held": lease.fence, "because": because})


_forget_card = Prepared(
    update(posting)
    .where(posting.c.lead_id == bindparam("of_lead"), posting.c.place_id == bindparam("in_place"), posting.c.kind == "card")
    .values({**_again, "message_id": null(), "shown_closing": null(), "attempts": 0})
)


def forget_card(session: Session, lead_id: int, place_id: int) -> None:
    """The lead's card, or its thread, was deleted by somebody: it is posted anew, and its thread with it."""
    _forget_card.run(session, {"of_lead": lead_id, "in_place": place_id})


def forget_message(session: Session, lease: Lease) -> None:
    """The message was deleted by somebody: the next drawing posts it anew."""
    session.connection().execute(_forget_message, {"posting_id": lease.posting_id, "held": lease.fence})


_set_place = update(place).where(place.c.id == bindparam("place_id"))
_limit = _set_place.values(
    next_at=database_time(bindparam("seconds", type_=Float)),
    limited_until=database_time(bindparam("seconds", type_=Float) + LIMITED_FOR),
    broken_because=bindparam("because", type_=place.c.broken_because.type),
)
_mend = _set_place.values(broken_because=null())


def limit_place(session: Session, place_id: int, seconds: float, broken_because: str | None = None) -> None:
    """Keep still for so long, then keep the platform's published pace for a while; a broken place is so tried once in a while."""
    session.connection().execute(_limit, {"place_id": place_id, "seconds": seconds, "because": broken_because})


def mend_place(session: Session, place_id: int) -> None:
    """The place works again."""
    session.connection().execute(_mend, {"place_id": place_id})


_adopt = Prepared(
    update(posting)
    .where(
        posting.c.lead_id == bindparam("of_lead"),
        posting.c.kind == "card",
        posting.c.message_id.is_(None),
        posting.c.place_id.in_(select(place.c.id).where(place.c.platform == bindparam("on"), place.c.address == bindparam("in_channel"))),
    )
    .values(message_id=bindparam("shown_as"))
)


def adopt_message(session: Session, lead_id: int, platform: str, channel: str, message_id: str) -> None:
    """A card that somebody pressed exists, even if the answer to its posting was lost."""
    row = {"of_lead": lead_id, "on": platform, "in_channel": channel, "shown_as": message_id}
    _adopt.run(session, row)


_lead_of_posting = Prepared(select(posting.c.lead_id).where(posting.c.id == bindparam("posting_id")))


def lead_of_posting(session: Session, posting_id: int) -> int | None:
    """The lead that a posting is about, None when it is about none."""
    found: int | None = next((row.lead_id for row in _lead_of_posting.run(session, {"posting_id": posting_id})), None)
    return found


_lead_of_card = (
    select(posting.c.lead_id)
    .join_from(posting, place)
    .where(
        place.c.platform == bindparam("on"),
        place.c.address == bindparam("in_channel"),
        posting.c.kind == "card",
        posting.c.message_id == bindparam("shown_as"),
    )
)


def lead_of_card(session: Session, platform: str, channel: str, message_id: str) -> int | None:
    """The lead whose card this message is, None when it is none."""
    found: int | None = (
        session.connection().execute(_lead_of_card, {"on": platform, "in_channel": channel, "shown_as": message_id}).scalar_one_or_none()
    )
    return found
