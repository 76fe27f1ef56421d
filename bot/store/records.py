"""A lead in full, for scripts and for people with questions: everything that is known of it, with its timeline."""

from datetime import datetime
from typing import Any

import orjson
from sqlmodel import Session, select

from bot.rules.escalation_policy import ladder_of, next_step
from bot.rules.scoring import reason_from
from bot.store.clocks import clocks_of
from bot.store.contacts import BorrowerContact, Consent, ContactPoint
from bot.store.events import Event
from bot.store.leads import Arrival, Borrower, Lead, LeadBorrower
from bot.store.people import Officer, Source, Team
from bot.store.rates import waits_of
from bot.store.returns import returns_of
from bot.store.source_requests import SourceRequest


def lead_record(session: Session, number: int) -> dict[str, Any] | None:
    """The lead with its borrowers, arrivals and timeline as JSON values, personal data included; None when there is none."""
    lead = session.get(Lead, number)
    if lead is None:
        return None
    team, source = session.get_one(Team, lead.team_id), session.get_one(Source, lead.source_id)
    owner = session.get(Officer, lead.owner_id) if lead.owner_id is not None else None
    return {
        "lead": number,
        "team": team.key,
        "source": source.key,
        "stage": lead.stage,
        "owner": owner.key if owner else None,
        "claimed_at": _time(lead.claimed_at),
        "arrived_at": _time(lead.arrived_at),
        "score": lead.score,
        "grade": lead.grade,
        "score_reasons": [reason_from(kept).as_json() for kept in lead.score_reasons or ()],
        "score_inputs": lead.score_inputs or [],
        "score_version": lead.score_version,
        "segments": lead.segments or {},
        "route": lead.route,
        "linked_to": lead.linked_lead_id,
        "details": _canonical(lead.details or {}),
        "rates": _rates(session, number),
        "clocks": _clocks(session, number),
        "borrowers": _borrowers(session, number),
        "arrivals": _arrivals(session, number),
        "returns": _returns(session, number),
        "timeline": _timeline(session, number),
    }


def _borrowers(session: Session, number: int) -> list[dict[str, Any]]:
    rows = session.exec(
        select(Borrower).join(LeadBorrower).where(LeadBorrower.lead_id == number).order_by(LeadBorrower.position)  # type: ignore[arg-type]
    )
    return [
        {"first_name": row.first_name, "last_name": row.last_name, "language": row.language, "contacts": _contacts(session, row)}
        for row in rows
    ]


def _rates(session: Session, number: int) -> dict[str, Any] | None:
    """What the borrower pays and waits for, in thousandths of a percent."""
    waits = waits_of(session, number)
    if waits is None:
        return None
    known = {name: getattr(waits, name) for name in ("product", "target", "note", "balance")}
    return {**known, "worth_at": waits.watch.worth_at, "told_at": _time(waits.told_at)}


def _clocks(session: Session, number: int) -> list[dict[str, Any]]:
    """The clocks that run, with the policy that each follows and the step that is next."""
    return [
        {
            "clock": kind,
            "policy": clock.policy_key,
            "due_at": _time(clock.due_at),
            "step": next_step(ladder_of(clock.policy, kind), clock.step),
        }
        for kind, clock in clocks_of(session, number).items()
        if clock.runs
    ]


def _contacts(session: Session, borrower: Borrower) -> list[dict[str, Any]]:
    points = session.exec(
        select(ContactPoint).join(BorrowerContact).where(BorrowerContact.borrower_id == borrower.id).order_by(BorrowerContact.position)  # type: ignore[arg-type]
    ).all()
    consents = session.exec(select(Consent).where(Consent.contact_point_id.in_([point.id for point in points]))).all()  # type: ignore[attr-defined]
    return [
        {
            "kind": point.kind,
            "value": point.value,
            "phone_kind": point.phone_kind,
            "consents": [
                consent.model_dump(mode="json", exclude={"id", "contact_point_id"})
                for consent in consents
                if consent.contact_point_id == point.id
            ],
        }
        for point in points
    ]


def _arrivals(session: Session, number: int) -> list[dict[str, Any]]:
    rows = session.exec(select(Arrival, Source).join(Source).where(Arrival.lead_id == number).order_by(Arrival.id)).all()  # type: ignore[arg-type]
    return [
        {
            "source": source.key,
            "external_id": arrival.external_id,
            "received_at": _time(arrival.received_at),
            "submitted_at": _time(arrival.submitted_at),
            "duplicate": arrival.duplicate,
            "price": arrival.price,
            "price_assumed": arrival.price_assumed,
            "record": _canonical(orjson.loads(arrival.record)),
            "raw": _as_it_came(session, arrival.id),
        }
        for arrival, source in rows
    ]


def _canonical(record: dict[str, Any]) -> dict[str, Any]:
    """What was understood, by the names that scripts know."""
    named = {"loan_purpose" if name == "purpose" else name: value for name, value in record.items()}
    if "phones" in named:
        named["phones"] = [{"number": phone["number"], "type": phone.get("kind")} for phone in named["phones"]]
    return named


def _as_it_came(session: Session, arrival_id: int | None) -> dict[str, Any] | None:
    """The request of the arrival, while it is kept."""
    row = session.exec(select(SourceRequest).where(SourceRequest.arrival_id == arrival_id)).first()
    return None if row is None else {"content_type": row.content_type, "body": row.body.decode("utf-8", "replace")}


def _returns(session: Session, number: int) -> list[dict[str, Any]]:
    return [
        {"source": one.source, "price": one.price, "reason": one.reason, "due_on": one.due_on.isoformat(), "status": one.status}
        for one in returns_of(session, number)
    ]


def _timeline(session: Session, number: int) -> list[dict[str, Any]]:
    rows = session.exec(select(Event).where(Event.stream == number).order_by(Event.seq))  # type: ignore[arg-type]
    return [
        {"seq": row.seq, "kind": row.kind, "actor": row.actor, "at": _time(row.at), "meta": row.meta, "digest": row.digest} for row in rows
    ]


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
