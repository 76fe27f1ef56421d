"""Rates that the company offers, since when, and who waits for a lower one: who is to be told, and what an officer calls about first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, and_, bindparam, exists, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.rules.rates import Watch, balance_of, begun, begun_knowing, product_of, read_rate, worth_at
from bot.store.columns import maybe_reference, reference, row_id, table_of, whole_dollars
from bot.store.leads import ENDED_STAGES, lead
from bot.store.outbound import ContactAttempt
from bot.store.people import Team, TeamOfficer, officer
from bot.store.prepared import Prepared

AT_ONCE = 50
"""How many leads one transaction tells of a rate: meanwhile SQLite lets nobody else write."""
MOST_TO_CALL = 100
"""Nobody calls more in a month."""
FUNDED = "funded"
OVER = tuple(stage for stage in ENDED_STAGES if stage != FUNDED)
"""Stages of leads that nobody is told of: their borrowers want no loan of ours."""


class Rate(SQLModel, table=True):
    """A rate that somebody set. Rows are never changed."""

    __table_args__ = (Index("ix_rate_product", "product", "id"),)

    id: int | None = row_id()
    product: str
    rate: int  # thousandths of a percent
    set_at: datetime
    officer_id: int | None = maybe_reference("officer.id")  # none: it came from a file


class RateInForce(SQLModel, table=True):
    """The last rate of each product. It moves nothing before `settles_at`."""

    __tablename__ = "rate_in_force"

    product: str = Field(primary_key=True)
    rate_id: int = reference("rate.id")
    rate: int
    settles_at: datetime


class RateWatch(SQLModel, table=True):
    """A lead whose borrower waits for a rate, or pays one that we know. Rates are thousandths of a percent.

    What is owed needs no row of its own: whoever has a `fires_at` at or above the rate in force is to be told, which changes `fires_at`.
    """

    __tablename__ = "rate_watch"
    __table_args__ = (
        Index(
            "ix_rate_watch_fires", "product", "fires_at",
            postgresql_where=text("fires_at IS NOT NULL"), sqlite_where=text("fires_at IS NOT NULL"),
        ),
        Index(
            "ix_rate_watch_rearms", "product", "rearms_at",
            postgresql_where=text("rearms_at IS NOT NULL"), sqlite_where=text("rearms_at IS NOT NULL"),
        ),
        Index(
            "ix_rate_watch_rest_due", "rest_due_at",
            postgresql_where=text("rest_due_at IS NOT NULL"), sqlite_where=text("rest_due_at IS NOT NULL"),
        ),
        Index(
            "ix_rate_watch_team", "team_id", "told_at",
            postgresql_where=text("team_id IS NOT NULL"), sqlite_where=text("team_id IS NOT NULL"),
        ),
    )  # fmt: skip

    lead_id: int = reference("lead.id", primary_key=True)
    product: str
    target: int | None = None
    note: int | None = None  # the rate that the borrower pays
    balance: int | None = whole_dollars()
    before: int | None = None  # the rate in force as they began to wait: what a saving is counted from where the note is not known
    kept_at: datetime
    worth_at: int
    fires_at: int | None = None
    then_at: int | None = None
    rearms_at: int | None = None
    rest_due_at: datetime | None = None
    told_at: datetime | None = None
    saving: int | None = None  # cents a month, as they were told
    team_id: int | None = maybe_reference("team.id")  # whose leaders were told, where nobody who works here owned the lead


class RateList(SQLModel, table=True):
    """When an officer is next told whom to call about rates, and was last."""

    __tablename__ = "rate_list"
    __table_args__ = (
        Index("ix_rate_list_due", "due_at", postgresql_where=text("due_at IS NOT NULL"), sqlite_where=text("due_at IS NOT NULL")),
    )

    officer_id: int = reference("officer.id", primary_key=True)
    due_at: datetime | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """A rate, since when, who set it (None: a file), and the one before it."""

    product: str
    rate: int
    since: datetime
    officer: str | None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """A lead that waits for a rate, as it was kept."""

    lead_id: int
    product: str
    target: int | None
    note: int | None
    balance: int | None
    before: int | None
    kept_at: datetime
    watch: Watch
    told_at: datetime | None
    saving: int | None

    @property
    def counted_from(self) -> int | None:
        """The rate that a saving is counted from."""
        return self.note if self.note is not None else self.before


_rate, _in_force, _list = table_of(Rate), table_of(RateInForce), table_of(RateList)
watch = table_of(RateWatch)
_team, _member, _attempt = table_of(Team), table_of(TeamOfficer), table_of(ContactAttempt)
_add_rate = insert(_rate).returning(_rate.c.id)
_new_in_force = upsert(_in_force)
_put_in_force = _new_in_force.on_conflict_do_update(
    index_elements=[_in_force.c.product],
    set_={name: getattr(_new_in_force.excluded, name) for name in ("rate_id", "rate", "settles_at")},
)
_earlier = _rate.alias("earlier")
_rate_before = (
    select(_earlier.c.rate)
    .where(_earlier.c.product == _rate.c.product, _earlier.c.id < _rate.c.id)
    .order_by(_earlier.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_rates_now = (
    select(_in_force.c.product, _rate.c.rate, _rate.c.set_at, officer.c.name, _rate_before.label("before"))
    .join_from(_in_force, _rate, _rate.c.id == _in_force.c.rate_id)
    .outerjoin(officer, officer.c.id == _rate.c.officer_id)
)
_rate_now = select(_in_force.c.rate).where(_in_force.c.product == bindparam("of_product"))


def set_rate(session: Session, product: str, rate: int, at: datetime, settles_at: datetime, officer_id: int | None) -> None:
    """A rate of a product from now on."""
    connection = session.connection()
    row = {"product": product, "rate": rate, "set_at": at, "officer_id": officer_id}
    rate_id = int(connection.execute(_add_rate, row).scalar_one())
    connection.execute(_put_in_force, {"product": product, "rate_id": rate_id, "rate": rate, "settles_at": settles_at})


def rates_in_force(session: Session) -> dict[str, InForce]:
    """The last rate of each product that has one."""
    return {row.product: InForce(*row) for row in session.connection().execute(_rates_now)}


def rate_in_force(session: Session, product: str) -> int | None:
    found: int | None = session.connection().execute(_rate_now, {"of_product": product}).scalar_one_or_none()
    return found


_COLUMNS = (
    watch.c.lead_id, watch.c.product, watch.c.target, watch.c.note, watch.c.balance, watch.c.before, watch.c.kept_at, watch.c.worth_at,
    watch.c.fires_at, watch.c.then_at, watch.c.rearms_at, watch.c.rest_due_at, watch.c.told_at, watch.c.saving,
)  # fmt: skip
_of_lead = select(*_COLUMNS).where(watch.c.lead_id == bindparam("of_lead"))
_new_watch = upsert(watch)
_KEPT = (
    "product", "target", "note", "balance", "before", "kept_at", "worth_at", "fires_at", "then_at", "rearms_at", "rest_due_at", "told_at",
    "saving", "team_id",
)  # fmt: skip
_keep = Prepared(
    _new_watch.on_conflict_do_update(index_elements=[watch.c.lead_id], set_={name: getattr(_new_watch.excluded, name) for name in _KEPT})
)
_move = (
    update(watch)
    .where(watch.c.lead_id == bindparam("of_lead"))
    .values(
        fires_at=bindparam("to_fires_at"), then_at=bindparam("to_then_at"),
        rearms_at=bindparam("to_rearms_at"), rest_due_at=bindparam("to_rest_due_at"),
    )
)  # fmt: skip
_tell = (
    update(watch)
    .where(watch.c.lead_id == bindparam("of_lead"))
    .values(told_at=bindparam("now"), saving=bindparam("cents"), team_id=bindparam("to_team"))
)
_drop = watch.delete().where(watch.c.lead_id == bindparam("of_lead"))


def waits_of(session: Session, lead_id: int) -> Waits | None:
    """What is kept of a lead's rates."""
    row = session.connection().execute(_of_lead, {"of_lead": lead_id}).one_or_none()
    return None if row is None else _viewed(row)


def keep_waits(session: Session, waits: Waits) -> None:
    """Keep what a lead, which is locked, waits for, in place of what was known."""
    row = {
        "lead_id": waits.lead_id, "product": waits.product, "target": waits.target, "note": waits.note, "balance": waits.balance,
        "before": waits.before, "kept_at": waits.kept_at, "worth_at": waits.watch.worth_at, "fires_at": waits.watch.fires_at,
        "then_at": waits.watch.then_at, "rearms_at": waits.watch.rearms_at, "rest_due_at": waits.watch.rests_until,
        "told_at": waits.told_at, "saving": waits.saving, "team_id": None,
    }  # fmt: skip
    _keep.run(session, row)


def keep_stated(session: Session, lead_id: int, details: Mapping[str, Any], at: datetime) -> None:
    """Keep what a new lead says that its borrower pays. Who was our client before hears of a rate that is low already; to who asks for a
    loan as things are, only what falls further is news."""
    note = read_rate(str(details.get("current_rate", "")))
    worth = worth_at(None, note)
    if note is None or worth is None:
        return
    product = product_of(details)
    before = rate_in_force(session, product)
    watch = begun(worth) if details.get("past_client") else begun_knowing(worth, before)
    keep_waits(session, Waits(lead_id, product, None, note, balance_of(details), before, at, watch, None, None))


def drop_waits(session: Session, lead_id: int) -> bool:
    """A lead, which is locked, waits for nothing any more; False where it did not."""
    return session.connection().execute(_drop, {"of_lead": lead_id}).rowcount > 0


def move_watch(session: Session, lead_id: int, to: Watch) -> None:
    """It stands so with a lead's watch now, whose row is locked."""
    row = {
        "of_lead": lead_id, "to_fires_at": to.fires_at, "to_then_at": to.then_at, "to_rearms_at": to.rearms_at,
        "to_rest_due_at": to.rests_until,
    }  # fmt: skip
    session.connection().execute(_move, row)


def keep_told(session: Session, lead_id: int, now: datetime, saving: int | None, team_id: int | None) -> None:
    """An officer is told of this lead, or who leads this team is."""
    session.connection().execute(_tell, {"of_lead": lead_id, "now": now, "cents": saving, "to_team": team_id})


# Each of the handful of products asks an index for one row.
_fires = exists().where(watch.c.product == _in_force.c.product, watch.c.fires_at >= _in_force.c.rate)
_rearms = exists().where(watch.c.product == _in_force.c.product, watch.c.rearms_at <= _in_force.c.rate)
_owed_since = select(func.min(_in_force.c.settles_at).label("at")).where(or_(_fires, _rearms))
_next_owed = Prepared(_owed_since)
_rests_until = select(func.min(watch.c.rest_due_at)).where(watch.c.rest_due_at.is_not(None))
_list_due_at = select(func.min(_list.c.due_at)).where(_list.c.due_at.is_not(None))
_next_due = Prepared(select(*(each.scalar_subquery() for each in (_owed_since, _rests_until, _list_due_at))))
_products_owed = Prepared(
    select(_in_force.c.product, _in_force.c.rate)
    .where(_in_force.c.settles_at <= bindparam("now"), or_(_fires, _rearms))
    .order_by(_in_force.c.product)
)
_rested = (
    select(*_COLUMNS)
    .where(watch.c.rest_due_at.is_not(None), watch.c.rest_due_at <= bindparam("now"))
    .order_by(watch.c.rest_due_at, watch.c.lead_id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True)
)
_rearming = (
    select(*_COLUMNS)
    .where(watch.c.product == bindparam("of_product"), watch.c.rearms_at <= bindparam("rate"))
    .order_by(watch.c.rearms_at, watch.c.lead_id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True)
)
_firing = (
    select(watch.c.lead_id)
    .where(watch.c.product == bindparam("of_product"), watch.c.fires_at >= bindparam("rate"))
    .order_by(watch.c.fires_at, watch.c.lead_id)
    .limit(AT_ONCE)
)
# A lead that somebody changes right now is told of with the next ones.
_hold = (
    select(lead.c.id, lead.c.team_id, lead.c.stage, lead.c.staged_at, lead.c.practice, officer.c.id.label("owner_id"))
    .outerjoin_from(lead, officer, and_(officer.c.id == lead.c.owner_id, officer.c.active))
    .where(lead.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(lead.c.id)
    .with_for_update(skip_locked=True, key_share=True, of=lead)
)
_among = (
    select(*_COLUMNS)
    .where(
        watch.c.lead_id.in_(bindparam("ids", expanding=True)),
        watch.c.product == bindparam("of_product"),
        watch.c.fires_at >= bindparam("rate"),
    )
    .order_by(watch.c.lead_id)
    .with_for_update(skip_locked=True, key_share=True)
)


@dataclass(frozen=True, slots=True)
class Held:
    """A lead to be told of, locked, with its owner where one works here."""

    waits: Waits
    team_id: int
    owner_id: int | None
    stage: str
    staged_at: datetime | None
    practice: bool

    @property
    def wants_it(self) -> bool:
        """Not who wants no loan of ours; nor whose loan closed after the rate was told, which they do not pay any more."""
        over = self.stage in OVER or (self.stage == FUNDED and self.staged_at is not None and self.waits.kept_at < self.staged_at)
        return not over and not self.practice


def next_owed(session: Session) -> datetime | None:
    """Since when leads are to be told of a rate, or may be told of one anew."""
    at: datetime | None = _next_owed.run(session, {})[0].at
    return at


def next_rate_due(session: Session) -> datetime | None:
    """When something is next to be decided about rates, in business time."""
    return min((at for at in _next_due.run(session, {})[0] if at is not None), default=None)


def rested_now(session: Session, now: datetime) -> list[Waits]:
    """Leads that rested for long enough, locked, some at once."""
    return [_viewed(row) for row in session.connection().execute(_rested, {"now": now})]


def products_owed(session: Session, now: datetime) -> list[tuple[str, int]]:
    """The products, with their rates, for which something is owed."""
    return [(row.product, row.rate) for row in _products_owed.run(session, {"now": now})]


def rearming(session: Session, product: str, rate: int) -> list[Waits]:
    """Leads that may be told of a product's rate anew, locked, some at once."""
    return [_viewed(row) for row in session.connection().execute(_rearming, {"of_product": product, "rate": rate})]


def hold_firing(session: Session, product: str, rate: int) -> list[Held]:
    """Leads that are to be told of a product's rate, locked, some at once."""
    connection, at = session.connection(), {"of_product": product, "rate": rate}
    ids = list(connection.execute(_firing, at).scalars())
    held = {row.id: row for row in connection.execute(_hold, {"ids": ids})}
    found = map(_viewed, connection.execute(_among, {**at, "ids": sorted(held)}))
    return [_held(waits, held[waits.lead_id]) for waits in found]


def _held(waits: Waits, row: Any) -> Held:
    return Held(waits, row.team_id, row.owner_id, row.stage, row.staged_at, row.practice)


_owe_list = upsert(_list)
_set_list = _owe_list.on_conflict_do_update(
    index_elements=[_list.c.officer_id], set_={"due_at": func.coalesce(_list.c.due_at, _owe_list.excluded.due_at)}
)
_due_lists = (
    select(_list.c.officer_id, _list.c.told_at)
    .where(_list.c.due_at.is_not(None), _list.c.due_at <= bindparam("now"))
    .order_by(_list.c.officer_id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True)
)
_move_list = update(_list).where(_list.c.officer_id == bindparam("of_officer")).values(due_at=bindparam("next_due"))
_told_list = update(_list).where(_list.c.officer_id == bindparam("of_officer")).values(due_at=None, told_at=bindparam("now"))


def owe_lists(session: Session, officer_ids: Iterable[int], due_at: datetime) -> None:
    """These officers are told whom to call, by then at the earliest."""
    for officer_id in sorted(set(officer_ids)):
        session.connection().execute(_set_list, {"officer_id": officer_id, "due_at": due_at})


def due_lists(session: Session, now: datetime) -> list[tuple[int, datetime | None]]:
    """The officers who are to be told whom to call, locked, and when each was told last."""
    return [(row.officer_id, row.told_at) for row in session.connection().execute(_due_lists, {"now": now})]


def put_list_off(session: Session, officer_id: int, until: datetime | None) -> None:
    session.connection().execute(_move_list, {"of_officer": officer_id, "next_due": until})


def list_told(session: Session, officer_id: int, now: datetime) -> None:
    session.connection().execute(_told_list, {"of_officer": officer_id, "now": now})


_tried_since = exists().where(_attempt.c.lead_id == watch.c.lead_id, _attempt.c.at >= watch.c.told_at)
_closed_since = and_(lead.c.stage == FUNDED, lead.c.staged_at > watch.c.kept_at)
_to_call = (
    select(*_COLUMNS, _in_force.c.rate.label("rate_now"))
    .join_from(watch, lead, lead.c.id == watch.c.lead_id)
    .join(_in_force, _in_force.c.product == watch.c.product)
    .where(
        watch.c.told_at >= bindparam("since"),
        lead.c.stage.not_in(OVER),
        ~_closed_since,
        ~_tried_since,
        watch.c.worth_at >= _in_force.c.rate,
    )
    .order_by(watch.c.saving.is_(None), watch.c.saving.desc(), watch.c.lead_id)
    .limit(MOST_TO_CALL)
)
_own_to_call = _to_call.where(lead.c.owner_id == bindparam("by"))
_led = (
    select(_team.c.id).where(_team.c.manager_id == bindparam("by")).union(
        select(_member.c.team_id).where(_member.c.officer_id == bindparam("by"), _member.c.leads_team)
    )
)  # fmt: skip
_owner_here = exists().where(officer.c.id == lead.c.owner_id, officer.c.active)
_team_s_to_call = _to_call.where(watch.c.team_id.in_(_led), ~_owner_here)


@dataclass(frozen=True, slots=True)
class ToCall:
    """A lead to call about a rate, with the rate of its product now."""

    waits: Waits
    rate: int


def to_call(session: Session, officer_id: int, since: datetime, among: Collection[int] | None = None) -> list[ToCall]:
    """Whom an officer was told to call since then, and nobody tried yet, at most MOST_TO_CALL: of their own leads, and of the teams that
    they lead those without an owner; or those of them that are `among` these. Who would save the most comes first."""
    row, found = {"by": officer_id, "since": since}, list[ToCall]()
    for question in (_own_to_call, _team_s_to_call):
        asked = question if among is None else question.where(watch.c.lead_id.in_(list(among)))
        found += [ToCall(_viewed(columns), rate) for *columns, rate in session.connection().execute(asked, row)]
    found.sort(key=lambda each: (each.waits.saving is None, -(each.waits.saving or 0), each.waits.lead_id))
    return found[:MOST_TO_CALL]


def _viewed(row: Sequence[Any]) -> Waits:
    lead_id, product, target, note, balance, before, kept_at, worth, fires_at, then_at, rearms_at, rests, told_at, saving = row
    standing = Watch(worth, fires_at, then_at, rearms_at, rests)
    return Waits(lead_id, product, target, note, balance, before, kept_at, standing, told_at, saving)
