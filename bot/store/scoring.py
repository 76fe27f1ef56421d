"""What a lead's score is made of, the score that it has, and which are to be made anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, exists, func, null, select, update
from sqlmodel import Session

from bot.rules.opt_out import Wish
from bot.rules.scoring import CallWish, Happening, Reason, Score, reason_from
from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, ContactPoint
from bot.store.events import events_since
from bot.store.leads import ENDED_STAGES, LeadBorrower, lead
from bot.store.outbound import ContactAttempt
from bot.store.owed import DueBy, among
from bot.store.people import Source
from bot.store.prepared import Prepared

AT_ONCE = 200
"""How many scores one transaction makes anew."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The borrower did this then; with what they said of a call, where they did."""

    did: Happening
    at: datetime
    call: CallWish | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What a lead's score is made of, and the score that it has. `heard` begins with the oldest; `results` are those of calls."""

    source: str
    stage: str
    arrived_at: datetime
    details: Mapping[str, Any]
    score: int
    grade: str
    reasons: tuple[Reason, ...]
    has_phone: bool
    has_email: bool
    heard: tuple[Heard, ...]
    results: frozenset[str]

    @property
    def ended(self) -> bool:
        return self.stage in ENDED_STAGES

    @property
    def heard_at(self) -> datetime:
        """When the borrower was last heard of."""
        return max((each.at for each in self.heard), default=self.arrived_at)


SCORES = DueBy(lead.c.score_due_at)
_source, _attempt = table_of(Source), table_of(ContactAttempt)
_contact, _borrower_contact, _lead_borrower = table_of(ContactPoint), table_of(BorrowerContact), table_of(LeadBorrower)


def _has(kind: str) -> Any:
    return exists(
        select(_contact.c.id)
        .join_from(_lead_borrower, _borrower_contact, _borrower_contact.c.borrower_id == _lead_borrower.c.borrower_id)
        .join(_contact, _contact.c.id == _borrower_contact.c.contact_point_id)
        .where(_lead_borrower.c.lead_id == lead.c.id, _contact.c.kind == kind)
    )


_counted = Prepared(
    select(
        _source.c.key, lead.c.stage, lead.c.arrived_at, lead.c.details, lead.c.score, lead.c.grade, lead.c.score_reasons,
        _has("phone").label("has_phone"), _has("email").label("has_email"),
    )
    .join_from(lead, _source, lead.c.source_id == _source.c.id)
    .where(lead.c.id == bindparam("of_lead"))
)  # fmt: skip
_results = Prepared(select(_attempt.c.disposition).where(_attempt.c.lead_id == bindparam("of_lead")))
_answers = Prepared(select(lead.c.link_answer).where(lead.c.id == bindparam("of_lead")))
_set = (
    update(lead)
    .where(lead.c.id == bindparam("of_lead"))
    .values(
        score=bindparam("points"), grade=bindparam("to_grade"), score_reasons=bindparam("reasons"), score_inputs=bindparam("inputs"),
        score_version=bindparam("version"), segments=bindparam("within"), score_due_at=bindparam("next_due"),
    )
)  # fmt: skip
_owe = Prepared(
    update(lead)
    .where(lead.c.id == bindparam("of_lead"))
    .values(score_due_at=case((lead.c.practice, null()), else_=bindparam("at", type_=lead.c.score_due_at.type)))
)
_next_due = Prepared(select(func.min(lead.c.score_due_at).label("at")).where(lead.c.score_due_at.is_not(None)))
_due = (
    select(lead.c.id)
    .where(lead.c.score_due_at.is_not(None), lead.c.score_due_at <= bindparam("now"))
    .order_by(lead.c.score_due_at, lead.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True)  # a lead that somebody changes right now is left for the next look
)


def counted(session: Session, lead_id: int) -> Counted:
    """What there is to judge the lead by, as it stands."""
    [row] = _counted.run(session, {"of_lead": lead_id})
    results = frozenset(each.disposition for each in _results.run(session, {"of_lead": lead_id}) if each.disposition)
    key, stage, arrived_at, details, points, grade, reasons, has_phone, has_email = row
    return Counted(
        key, stage, arrived_at, details or {}, points, grade, tuple(map(reason_from, reasons or ())), bool(has_phone), bool(has_email),
        _heard(session, lead_id), results,
    )  # fmt: skip


def _heard(session: Session, lead_id: int) -> tuple[Heard, ...]:
    """What the borrower did since they asked, by the timeline. Whoever wants no texts, or is somebody else, answered nobody."""
    found = []
    for event in events_since(session, lead_id, 1):
        match event.kind:
            case "wrote" if event.meta.get("wish") == Wish.NONE:
                found.append(Heard("replied", event.at, event.meta.get("call")))
            case "clicked" | "visited":
                found.append(Heard(event.kind, event.at))
            case "missed_call":
                found.append(Heard("missed_call", event.at, "asked"))
            case "asked_again" if not _taken_back(session, event.meta.get("joined")):
                found.append(Heard("form_again", event.at, event.meta.get("call")))
    return tuple(found)


def _taken_back(session: Session, joined: int | None) -> bool:
    """Whether it was another lead's request, which somebody said was this one's and says no more."""
    return joined is not None and _answers.run(session, {"of_lead": joined})[0].link_answer != "same_request"


def keep_score(session: Session, lead_id: int, made: Score, within: Mapping[str, str | None], next_due: datetime | None) -> None:
    """The lead has this score and belongs to these segments until it is judged again: at that time, or when something happens."""
    row = {
        "of_lead": lead_id, "points": made.points, "to_grade": made.grade, "reasons": [reason.as_json() for reason in made.reasons],
        "inputs": list(made.inputs), "version": made.version, "within": dict(within), "next_due": next_due,
    }  # fmt: skip
    session.connection().execute(_set, row)


def owe_score(session: Session, lead_id: int, at: datetime) -> None:
    """Something happened that may be worth something: the lead, which is locked, is judged anew at the next look."""
    _owe.run(session, {"of_lead": lead_id, "at": at})


def next_score_due(session: Session) -> datetime | None:
    """When the next score is to be made anew, in business time."""
    at: datetime | None = _next_due.run(session, {})[0].at
    return at


def due_scores(session: Session, now: datetime, chosen: Sequence[int] | None = None) -> list[int]:
    """The leads whose scores are to be made anew, locked; of the chosen ones alone, where some are."""
    return list(session.connection().execute(among(_due, lead.c.id, chosen), {"now": now}).scalars())
