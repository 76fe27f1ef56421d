"""What came of a sequence, step by step: what left and arrived, what borrowers did, and how those fared who were left out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, literal_column, select
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.drip_beginnings import HELD_OUT
from bot.store.drips import Version, enrollment
from bot.store.events import Event
from bot.store.leads import lead
from bot.store.messages import MOST_IDS, message

LEFT = frozenset({"sending", "uncertain", "sent", "delivered", "failed"})
OPTED_OUT = frozenset({"opted_out", "unsubscribed"})
MOVED = frozenset({"goal", "stage"})


@dataclass(frozen=True, slots=True)
class StepFigures:
    """Of one step. Replies, opt-outs and moves are counted where the last message before them was this step's."""

    sent: int = 0
    delivered: int = 0
    clicked: int = 0
    replied: int = 0
    opted_out: int = 0
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a version of a sequence. `reached` of those who began, and of those left out, stand in a stage that is its goal."""

    began: int
    running: int
    reached: int
    left_out: int
    left_out_reached: int
    steps: tuple[StepFigures, ...]


_event = table_of(Event)
_ways = (
    select(enrollment.c.ended_because, lead.c.stage, func.count().label("ways"))
    .join_from(enrollment, lead, enrollment.c.lead_id == lead.c.id)
    .where(enrollment.c.sequence_id == bindparam("of_version"))
    .group_by(enrollment.c.ended_because, lead.c.stage)
)
_messages = (
    select(message.c.drip_step, message.c.status, func.count().label("messages"))
    .join_from(message, enrollment, message.c.enrollment_id == enrollment.c.id)
    .where(enrollment.c.sequence_id == bindparam("of_version"))
    .group_by(message.c.drip_step, message.c.status)
)
_last = (
    select(func.max(message.c.drip_step).label("step"), enrollment.c.ended_because)
    .join_from(enrollment, message, and_(message.c.enrollment_id == enrollment.c.id, message.c.status.in_(sorted(LEFT))))
    .where(enrollment.c.sequence_id == bindparam("of_version"), enrollment.c.ended_because.is_not(None))
    .group_by(enrollment.c.id, enrollment.c.ended_because)
    .subquery()
)
_endings = select(_last.c.step, _last.c.ended_because, func.count().label("ways")).group_by(_last.c.step, _last.c.ended_because)
_clicks = (
    select(_event.c.meta)
    .join_from(enrollment, _event, and_(_event.c.stream == enrollment.c.lead_id, _event.c.seq > enrollment.c.set_seq))
    .where(enrollment.c.sequence_id == bindparam("of_version"), _event.c.kind == literal_column("'clicked'"))  # as the index says it
)
_steps_of = (
    select(message.c.drip_step)
    .join_from(message, enrollment, message.c.enrollment_id == enrollment.c.id)
    .where(enrollment.c.sequence_id == bindparam("of_version"), message.c.id.in_(bindparam("among", expanding=True)))
)


def figures_of(session: Session, version: Version) -> Figures:
    """What came of this version so far."""
    connection, of_version = session.connection(), {"of_version": version.id}
    ways = connection.execute(_ways, of_version).all()
    sent, delivered, ended = Counter[int](), Counter[int](), Counter[tuple[int, str]]()
    for step, status, messages in connection.execute(_messages, of_version):
        sent[step] += messages if status in LEFT else 0
        delivered[step] += messages if status == "delivered" else 0
    for step, because, ways_ended in connection.execute(_endings, of_version):
        ended[step, because] += ways_ended
    clicks = {row.meta.get("text") for row in connection.execute(_clicks, of_version)} - {None}
    clicked = Counter(_steps(session, version.id, clicks))

    def count(left_out: bool, stages: frozenset[str] | None = None) -> int:
        return sum(row.ways for row in ways if (row.ended_because == HELD_OUT) == left_out and (stages is None or row.stage in stages))

    def for_reasons(step: int, reasons: frozenset[str]) -> int:
        return sum(ended[step, because] for because in reasons)

    return Figures(
        began=count(left_out=False),
        running=sum(row.ways for row in ways if row.ended_because is None),
        reached=count(left_out=False, stages=version.plan.goal),
        left_out=count(left_out=True),
        left_out_reached=count(left_out=True, stages=version.plan.goal),
        steps=tuple(
            StepFigures(
                sent[step], delivered[step], clicked[step],
                for_reasons(step, frozenset({"replied"})), for_reasons(step, OPTED_OUT), for_reasons(step, MOVED),
            )
            for step in range(len(version.plan.steps))
        ),
    )  # fmt: skip


def _steps(session: Session, version_id: int, text_ids: Iterable[int]) -> list[int]:
    numbers, found = sorted(text_ids), list[int]()
    for first in range(0, len(numbers), MOST_IDS):
        row = {"of_version": version_id, "among": numbers[first : first + MOST_IDS]}
        found += session.connection().execute(_steps_of, row).scalars()
    return found
