"""What the requests of each day cost, what was asked back and how many leads are funded: counted with each change, folded each minute."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import BigInteger, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.rules.tallies import blocks_of, cover
from bot.store.columns import reference, row_id, table_of
from bot.store.folding import FOLDED_AT_ONCE, take_oldest
from bot.store.leads import arrival, lead
from bot.store.prepared import Prepared

COUNTED = ("requests", "dollars", "assumed", "asked_back", "funded")


class CostCount(SQLModel, table=True):
    """By how much the figures of a team, a source and a day changed, until it is folded. A row may take back what others added."""

    __tablename__ = "cost_count"
    id: int | None = row_id()
    team_id: int = reference("team.id")
    source_id: int = reference("source.id")  # of the request, not of its lead
    day: date = Field(index=True)
    requests: int = 0
    dollars: int = Field(default=0, sa_type=BigInteger)
    assumed: int = 0
    asked_back: int = Field(default=0, sa_type=BigInteger)
    funded: int = 0


class CostSum(SQLModel, table=True):
    """The figures of a team and a source for the requests of a block of days, as `rules.tallies` lays them."""

    __tablename__ = "cost_sum"

    days: int = Field(primary_key=True)
    first_day: date = Field(primary_key=True)
    team_id: int = reference("team.id", primary_key=True)
    source_id: int = reference("source.id", primary_key=True)
    requests: int = 0
    dollars: int = Field(default=0, sa_type=BigInteger)
    assumed: int = 0
    asked_back: int = Field(default=0, sa_type=BigInteger)
    funded: int = 0


@dataclass(frozen=True, slots=True)
class Costs:
    """Requests, whole dollars for them, for how many the price is ours and not the source's word, dollars that were asked back, and leads
    of the source's own that are funded by now: such a lead is among those of the day on which the source last sent it."""

    requests: int
    dollars: int
    assumed: int
    asked_back: int
    funded: int


_count, _sum = table_of(CostCount), table_of(CostSum)
_BLOCK = ("days", "first_day", "team_id", "source_id")
_add = Prepared(insert(_count))
_funded = Prepared(
    select(lead.c.team_id, lead.c.source_id, func.max(arrival.c.day).label("day"))
    .join_from(lead, arrival, (arrival.c.lead_id == lead.c.id) & (arrival.c.source_id == lead.c.source_id))
    .where(lead.c.id == bindparam("of_lead"), arrival.c.day.is_not(None))
    .group_by(lead.c.team_id, lead.c.source_id)
)
_priced = (
    select(arrival.c.price, arrival.c.price_assumed, arrival.c.day, arrival.c.source_id, lead.c.team_id)
    .join_from(arrival, lead, lead.c.id == arrival.c.lead_id)
    .where(arrival.c.id == bindparam("of_arrival"))
)
_name_price = update(arrival).where(arrival.c.id == bindparam("of_arrival")).values(price=bindparam("new_price"), price_assumed=False)
_take = take_oldest(_count, "team_id", "source_id", "day", *COUNTED)
_new = upsert(_sum)
_keep = _new.on_conflict_do_update(
    index_elements=[_sum.c[name] for name in _BLOCK], set_={name: _sum.c[name] + _new.excluded[name] for name in COUNTED}
)
# Both in one statement, and so of one instant: what is folded meanwhile is neither missing nor there twice.
_of_block = Prepared(
    select(_sum.c.team_id, _sum.c.source_id, *(_sum.c[name] for name in COUNTED))
    .where(_sum.c.days == bindparam("of_days"), _sum.c.first_day == bindparam("since"))
    .union_all(
        select(_count.c.team_id, _count.c.source_id, *(func.sum(_count.c[name]) for name in COUNTED))
        .where(_count.c.day >= bindparam("since"), _count.c.day < bindparam("until"))
        .group_by(_count.c.team_id, _count.c.source_id)
    )
)


def of_request(price: int | None, *, assumed: bool) -> Counter[str]:
    """The figures of one request that is not funded, nor asked back."""
    return Counter(requests=1, dollars=price or 0, assumed=int(assumed and bool(price)))


def count(session: Session, team_id: int, source_id: int, day: date, more: Counter[str]) -> None:
    """Add to the figures of that day. The lead that they are about must be locked, or new: else it may be with another team meanwhile."""
    _add.run(session, {"team_id": team_id, "source_id": source_id, "day": day, **{name: more[name] for name in COUNTED}})


def count_funded(session: Session, lead_id: int, delta: int) -> None:
    """The lead, which must be locked, is funded, or no more; where its own source sent nothing that counts, it is in no figure."""
    for row in _funded.run(session, {"of_lead": lead_id}):
        count(session, row.team_id, row.source_id, row.day, Counter(funded=delta))


def name_price(session: Session, arrival_id: int, price: int) -> None:
    """The source says what it takes for a request, whose lead must be locked."""
    connection = session.connection()
    before = connection.execute(_priced, {"of_arrival": arrival_id}).one()
    connection.execute(_name_price, {"of_arrival": arrival_id, "new_price": price})
    if before.day is not None and (before.price, before.price_assumed) != (price, False):
        changed = of_request(price, assumed=False)
        changed.subtract(of_request(before.price, assumed=before.price_assumed))
        count(session, before.team_id, before.source_id, before.day, changed)


def fold(session: Session, at_once: int = FOLDED_AT_ONCE) -> int:
    """Add so many rows of counts to the sums of the blocks that hold their days; return how many rows that were."""
    rows = session.connection().execute(_take, {"at_once": at_once}).all()
    more: dict[tuple[int, date, int, int], Counter[str]] = {}
    for team_id, source_id, day, *figures in rows:
        for days, first_day in blocks_of(day):
            more.setdefault((days, first_day, team_id, source_id), Counter()).update(dict(zip(COUNTED, figures, strict=True)))
    if more:  # in one order, so that two who fold wait for each other at most
        session.connection().execute(_keep, [{**dict(zip(_BLOCK, block, strict=True)), **more[block]} for block in sorted(more)])
    return len(rows)


def costs_of_teams(session: Session, teams: Mapping[int, date], days: int) -> dict[tuple[int, int], Costs]:
    """By team and source, of the requests that came to each of these teams on its day or since, in so many days."""
    found: dict[tuple[int, int], list[int]] = {}
    for since in set(teams.values()):
        blocks = [
            {"of_days": length, "since": first, "until": first + timedelta(days=length)}
            for length, first in cover(since, since + timedelta(days=days - 1))
        ]
        for rows in _of_block.run_each(session, blocks):
            for team_id, source_id, *figures in rows:
                if teams.get(team_id) == since:
                    so_far = found.setdefault((team_id, source_id), [0] * len(COUNTED))
                    found[team_id, source_id] = [had + int(more) for had, more in zip(so_far, figures, strict=True)]
    every = {place: Costs(*figures) for place, figures in found.items()}
    return {place: costs for place, costs in every.items() if costs.requests}
