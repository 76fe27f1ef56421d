"""A lead arrives: kept once, joined to the lead it belongs to or made a new one, and put up as a card."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import structlog
from sqlmodel import Session

from bot.capture.asking_again import ring_again, show_again
from bot.capture.asking_back import ask_back_by_itself, ask_back_what_we_had
from bot.capture.two_people import ask
from bot.conversation.greeting import Greeter, greet, greets_as
from bot.distribution.placing import Bound, place
from bot.distribution.routing import facts_of, partner_named
from bot.distribution.scoring import first_score, judge_again, within
from bot.distribution.unlicensed import tell_unlicensed
from bot.in_force import SourceInForce, TeamInForce
from bot.leads.six_items import note_six_items
from bot.rules.callable_time import calendars, opens_at
from bot.rules.certificates import certificate_in
from bot.rules.consent import names_company
from bot.rules.phones import MASKED
from bot.rules.routing import may_decide
from bot.rules.scoring import CallWish, Score, call_wish, loses_next, wants_call_now
from bot.rules.stages import PARTNER
from bot.rules.zones import Whereabouts
from bot.services import Services
from bot.sources.generic import fingerprint
from bot.sources.naming import recipients_in
from bot.sources.new_lead import NewLead
from bot.sources.record import details_of, record_of, subject_of
from bot.speed_to_lead.escalation_rules import start_clock
from bot.store import costs, counters, speeds
from bot.store.certificates import owe_certificate
from bot.store.clocks import UNCLAIMED
from bot.store.contacts import Reachable, add_consents, keep_contacts, lock_keys
from bot.store.drips import let_come
from bot.store.events import Fact, append_event
from bot.store.installation import contact_key
from bot.store.leads import (
    KnownArrival,
    LeadOfContact,
    add_arrival,
    add_borrower,
    add_lead,
    arrival_by_id,
    borrower_of,
    change_details,
    fill_details,
    known_arrival,
    leads_of_contacts,
    lock_leads,
    mend_name,
    say_now,
    taken_for,
)
from bot.store.postings import Lease, post_cards, post_update, redraw
from bot.store.rates import keep_stated, waits_of
from bot.store.scoring import Heard
from bot.store.source_requests import keep_instead, keep_request
from bot.store.suppressions import close_what_is_learned

log = structlog.get_logger()

SAME_WORDS_FOR = timedelta(minutes=10)
"""A request without an id of its own is a repeat when the same source said the same words this long ago or less."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)
SAME_LEAD_FOR = timedelta(days=30)
"""A borrower who asks again within this time, or while the lead is open, asks about the same lead."""


@dataclass(frozen=True, slots=True)
class Received:
    """The request is kept, durably. `duplicate` says that it joined a lead that stood already."""

    lead: int
    duplicate: bool
    leases: tuple[Lease, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """This source sent another request under the same id before; the first one stands untouched."""

    lead: int


@dataclass(frozen=True, slots=True)
class NewArrival:
    """Everything that the transaction needs, worked out beforehand."""

    source: SourceInForce
    bound: Bound
    lead: NewLead
    fingerprint: str
    record: dict[str, Any]
    contacts: tuple[Reachable, ...]
    score: Score
    segments: Mapping[str, str | None]
    loses_at: datetime | None  # when it loses points, if the borrower is not heard of
    at: datetime
    salt: str
    quiet: bool = False
    at_once: bool = True
    greets_as: Greeter | None = None  # where who asks is greeted
    raw: Mapping[str, Any] | None = None  # the request as it came, to be kept beside what was understood
    consent_names_us: bool = True
    not_our_state: bool = False  # the company has no license where the property is

    @property
    def keys(self) -> list[str]:
        """What is locked while it is decided about."""
        own_id = [contact_key(b"", self.source.key, self.lead.external_id)] if self.lead.external_id else []
        return [*(contact.key for contact in self.contacts), *own_id, *self.bound.keys]

    @property
    def known_by(self) -> list[str]:
        """The keys by which the borrower is found again: a number that forwards may be somebody else's tomorrow."""
        return [contact.key for contact in self.contacts if contact.phone_kind != MASKED]

    def row(self, lead_id: int, day: date | None, *, duplicate: bool) -> dict[str, Any]:
        return {
            "lead_id": lead_id,
            "source_id": self.source.id,
            "external_id": self.lead.external_id,
            "fingerprint": self.fingerprint,
            "duplicate": duplicate,
            "received_at": self.at,
            "day": day,
            "submitted_at": self.lead.submitted_at,
            "price": self.lead.price if self.lead.price is not None else self.source.price,
            "price_assumed": self.lead.price is None and self.source.price is not None,
            "attribution": self.lead.attribution,
            "record": orjson.dumps(self.record).decode(),
        }


def prepare(services: Services, source: SourceInForce, lead: NewLead, *, quiet: bool = False, at_once: bool = True) -> NewArrival:
    """Work out what can be worked out before the transaction. `quiet` arrivals get no card."""
    contacts = [
        *(Reachable("phone", phone.number, contact_key(services.hash_key, "phone", phone.number), phone.kind) for phone in lead.phones),
        *(Reachable("email", email, contact_key(services.hash_key, "email", email)) for email in lead.emails),
    ]
    now = services.clock.now()
    record, in_force = record_of(lead), services.in_force
    judged, segments = first_score(record, source.key, in_force.scoring), within(record, source.key, in_force.segments)
    zone, grade, points = source.team.hours.zone, judged.grade, judged.points
    partner = partner_named(in_force.config.partners, lead.extra)
    sent_by = None if partner is None else partner.key
    facts = facts_of(record, source=source.key, segments=segments, grade=grade, points=points, at=now, zone=zone, partner=sent_by)
    return NewArrival(
        source=source,
        bound=Bound(
            rules=may_decide(in_force.rules, facts),
            home=source.team,
            teams=in_force.teams,
            recipients=recipients_in(lead.extra),
            partners_officer=None if partner is None else partner.officer,
            contact_keys=tuple(contact.key for contact in contacts if contact.phone_kind != MASKED),
            first_name=lead.first_name,
        ),
        lead=lead,
        fingerprint=fingerprint(lead),
        record=record,
        contacts=tuple(contacts),
        score=judged,
        segments=segments,
        loses_at=loses_next(now, now, judged.points, in_force.scoring),
        at=now,
        salt=services.salt(),
        quiet=quiet,
        at_once=at_once,
        greets_as=greets_as(services),
        consent_names_us=_names_us(source, lead, services),
        not_our_state=lead.property_state is not None
        and lead.property_state not in in_force.licensed(now.astimezone(ZoneInfo(zone)).date()),
    )


def _names_us(source: SourceInForce, lead: NewLead, services: Services) -> bool:
    """What a borrower agreed to at a vendor's form permits us nothing unless it names us; at our own form it is ours anyway."""
    if lead.consent is None or not source.bought:
        return True
    company = services.in_force.config.company
    return names_company(lead.consent.text, lead.consent.sellers, (company.legal_name, company.dba or ""))


def _rings_at(team: TeamInForce, lead: NewLead, now: datetime) -> datetime:
    """When the team works and the borrower may be called next, so that a night costs no decision; looked at again when that time comes."""
    whereabouts = Whereabouts(
        phones=tuple(phone.number for phone in lead.phones if phone.kind != MASKED),
        property_state=lead.property_state,
        property_zip=lead.property_zip,
        mailing_state=lead.mailing_state,
        mailing_zip=lead.mailing_zip,
    )
    return opens_at(now, calendars(team.hours, whereabouts)) or now


async def receive(services: Services, source: SourceInForce, lead: NewLead, raw: Mapping[str, Any] | None = None) -> Received | Conflict:
    """Keep one request, `raw` beside it as it came. When this returns, it is durable and its card is owed."""
    outcome = await services.store.transact(record_arrival, replace(prepare(services, source, lead), raw=raw))
    if isinstance(outcome, Received):
        services.owe(outcome.leases)
        log.info("a lead came in", source=source.key, lead=outcome.lead, duplicate=outcome.duplicate)
    else:
        log.warning("an id came again with other content", source=source.key, lead=outcome.lead)
    return outcome


def record_arrival(session: Session, new: NewArrival) -> Received | Conflict:
    """The transaction of an arrival. Repeating it gives the first answer."""
    lock_keys(session, new.keys)
    known = known_arrival(session, new.source.id, new.lead.external_id, new.fingerprint, new.at - SAME_WORDS_FOR)
    if known is not None:
        return _repeated(session, known, new)
    return _place(session, new)


def understand_again(session: Session, new: NewArrival, arrival_id: int) -> Received:
    """The transaction for a request that is read once more, by a reader that was mended since. Repeating it changes nothing."""
    lock_keys(session, new.keys)
    known = arrival_by_id(session, arrival_id)
    if known.fingerprint == new.fingerprint:
        return Received(known.lead_id, known.duplicate)
    return _change(session, new, known, _whose(session, known, new), read_again=True)


def _place(session: Session, new: NewArrival) -> Received:
    # A partner who asks for a loan of their own is a borrower like any other.
    related = [lead for lead in leads_of_contacts(session, new.known_by, new.at - SAME_LEAD_FOR) if lead.stage != PARTNER]
    same = next((lead for lead in related if _same_wish(lead, new.lead)), None)
    if same is not None:
        return _join(session, new, same)
    return _begin(session, new, linked_to=related[0] if related else None)


def _repeated(session: Session, known: KnownArrival, new: NewArrival) -> Received | Conflict:
    if known.fingerprint == new.fingerprint:
        return Received(known.lead_id, known.duplicate)
    if not new.source.format.takes_changes:
        return Conflict(known.lead_id)
    whose = _whose(session, known, new)
    if whose is not None:
        return _change(session, new, known, whose)
    # Nobody whom it names is known to be of that lead: the source gave one id to two borrowers, and the second is known by its words alone.
    repeated = known_arrival(session, new.source.id, None, new.fingerprint, new.at - SAME_LEAD_FOR)
    if repeated is not None:
        return Received(repeated.lead_id, repeated.duplicate)
    return _place(session, replace(new, lead=replace(new.lead, external_id=None)))


def _whose(session: Session, known: KnownArrival, new: NewArrival) -> LeadOfContact | None:
    """Of whom in the lead of that arrival, or in the lead that this one was taken for, the request speaks."""
    its_leads = (known.lead_id, taken_for(session, known.lead_id))
    related = leads_of_contacts(session, [contact.key for contact in new.contacts], new.at - SAME_LEAD_FOR)
    found = [lead for lead in related if lead.lead_id in its_leads]
    return min(found, key=lambda lead: (not _same_name(lead, new.lead), lead.position), default=None)


def _change(session: Session, new: NewArrival, known: KnownArrival, whose: LeadOfContact | None, *, read_again: bool = False) -> Received:
    """The source says other things of a request than before: what nobody here has said better since is taken over."""
    before = say_now(session, known.arrival_id, orjson.dumps(new.record).decode(), new.fingerprint, new.lead.attribution)
    if new.fingerprint in before.fingerprints:
        return Received(known.lead_id, known.duplicate)  # an older delivery comes late
    if not read_again:
        keep_instead(session, known.arrival_id, new.raw)
    lead_id = known.lead_id if whose is None else whose.lead_id
    if new.lead.price is not None:
        lock_leads(session, {known.lead_id, lead_id})
        costs.name_price(session, known.arrival_id, new.lead.price)
    changed = change_details(session, lead_id, details_of(before.record), details_of(new.record))
    borrower_id = borrower_of(session, lead_id) if whose is None else whose.borrower_id
    assert borrower_id is not None
    close_what_is_learned(session, [borrower_id], new.contacts)
    contact_ids = keep_contacts(session, borrower_id, new.contacts)
    more = [name for name in ("phones", "emails", "consent") if new.record.get(name) not in (None, before.record.get(name))]
    if mend_name(session, borrower_id, before.record if read_again else {}, new.record):
        more.append("first_name")
    if "consent" in more:
        _agree(session, new, lead_id, known.arrival_id, contact_ids)
    judged = judge_again(session, lead_id, new.at)
    meta = {"source": new.source.label, "about": sorted({subject_of(name) for name in (*changed, *more)})}
    seq = _tell(session, new, lead_id, borrower_id, "source_changed", meta)
    warned = _warn(session, new, lead_id, new.record)
    if meta["about"] and not new.quiet:
        post_update(session, lead_id, "source_changed", seq, judged.score.points)
    if "property_state" in changed and not new.quiet:
        _ask_back(session, new, lead_id, known.arrival_id, judged.score.points)
        warned += tell_unlicensed(session, lead_id, new.at, new.salt, at_once=new.at_once)
    return Received(known.lead_id, known.duplicate, (*warned, *redraw(session, lead_id, at_once=new.at_once)))


def _same_wish(known: LeadOfContact, lead: NewLead) -> bool:
    """The same first name and no other purpose. Spouses share phones: another name is another person until somebody says otherwise."""
    return _same_name(known, lead) and (known.purpose is None or lead.purpose is None or known.purpose == lead.purpose)


def _same_name(known: LeadOfContact, lead: NewLead) -> bool:
    return (known.first_name or "").casefold() == (lead.first_name or "").casefold()


def _begin(session: Session, new: NewArrival, linked_to: LeadOfContact | None) -> Received:
    source, lead = new.source, new.lead
    team, route = place(session, new.bound)
    asked_about = linked_to if linked_to is not None and not _same_name(linked_to, lead) else None
    lead_id = add_lead(
        session,
        {
            "team_id": team.id,
            "source_id": source.id,
            "stage": "new",
            "staged_at": new.at,
            "purpose": lead.purpose,
            "state": lead.property_state,
            "score": new.score.points,
            "grade": new.score.grade,
            "score_reasons": [reason.as_json() for reason in new.score.reasons],
            "score_inputs": list(new.score.inputs),
            "score_version": new.score.version,
            "score_due_at": new.loses_at,
            "segments": dict(new.segments),
            "route": route and route.as_json(),
            "arrived_at": new.at,
            "linked_lead_id": linked_to and linked_to.lead_id,
            "link_answer": "asked" if asked_about else None,
            "practice": False,
            "details": details_of(new.record),
            "head_seq": 0,
            "head_digest": "",
        },
    )
    borrower_id = add_borrower(session, lead_id, lead.first_name, lead.last_name, lead.language)
    day = _day(new, team)
    if new.quiet and len(new.contacts) > 1:
        _heed_what_they_ended(session, new)
    arrival_id = _keep(session, new, lead_id, borrower_id, team.id, day, duplicate=False)
    if lead.current_rate is not None:
        keep_stated(session, lead_id, details_of(new.record), new.at)
    meta = {"source": source.key, "grade": new.score.grade, "linked_to": linked_to and linked_to.lead_id}
    meta |= {"rule": route.rule, **route.chosen} if route else {}
    _tell(session, new, lead_id, borrower_id, "arrived", meta, first=True)
    counters.count(session, team_id=team.id, source_id=source.id, owner_id=None, stage="new", delta=1)
    warned = _warn(session, new, lead_id, new.record)
    if new.quiet:
        return Received(lead_id, False, tuple(warned))
    speeds.begin(session, lead_id, team.id, source.id, day)
    start_clock(session, lead_id, UNCLAIMED, started_at=new.at, due_at=_rings_at(team, lead, new.at))
    cards = post_cards(session, lead_id, team.id, new.score.points, at_once=new.at_once)
    _ask_back(session, new, lead_id, arrival_id, new.score.points)
    if new.greets_as is not None and linked_to is None:
        greet(session, lead_id, new.greets_as, new.at, new.salt)
    asked = ask(session, lead_id, asked_about, new.at, new.salt, new.score.points, at_once=new.at_once) if asked_about else []
    return Received(lead_id, False, (*(card for card in cards if card.held), *warned, *asked))


def _heed_what_they_ended(session: Session, new: NewArrival) -> None:
    """A file tells of somebody whom we know from other leads, by a phone or email and the first name."""
    known = leads_of_contacts(session, new.known_by, EVER)
    theirs = [lead for lead in known if lead.stage != PARTNER and _same_name(lead, new.lead)]
    lock_leads(session, {lead.lead_id for lead in theirs})
    close_what_is_learned(session, {lead.borrower_id for lead in theirs}, new.contacts)


def _warn(session: Session, new: NewArrival, lead_id: int, known: Mapping[str, Any]) -> list[Lease]:
    """Say that this may be an application, where it may be one."""
    if not known.get("has_ssn"):
        return []
    return note_six_items(session, lead_id, new.at, new.salt, at_once=new.at_once, quiet=new.quiet)


def _join(session: Session, new: NewArrival, same: LeadOfContact) -> Received:
    _, known = fill_details(session, same.lead_id, details_of(new.record))
    # The lead is locked since: whoever claimed or released it meanwhile is seen now.
    again = leads_of_contacts(session, new.known_by, new.at - SAME_LEAD_FOR)
    found = next((lead for lead in again if (lead.lead_id, lead.borrower_id) == (same.lead_id, same.borrower_id)), None)
    if found is None:
        return _place(session, new)  # somebody said meanwhile that it is the same request as an older one
    same = found
    team = next((each for each in new.bound.teams.values() if each.id == same.team_id), new.source.team)
    if same.stage == "funded":  # it is among those of the day on which its source last sent it: maybe this one
        costs.count_funded(session, same.lead_id, -1)
    if new.quiet:
        close_what_is_learned(session, [same.borrower_id], new.contacts)
    arrival_id = _keep(session, new, same.lead_id, same.borrower_id, same.team_id, _day(new, team), duplicate=True)
    if same.stage == "funded":
        costs.count_funded(session, same.lead_id, 1)
    if new.lead.current_rate is not None and waits_of(session, same.lead_id) is None:
        keep_stated(session, same.lead_id, known, new.at)
    heard = Heard("form_again", new.at, _call_wish(new.lead))
    judged = judge_again(session, same.lead_id, new.at, heard)
    same = replace(same, score=judged.score.points)
    minutes = max(0, int((new.at - same.arrived_at).total_seconds() // 60))
    meta = {"source": new.source.label, "after_minutes": minutes, "first_source": same.source_label}
    meta |= (news := judged.news(heard))
    seq = _tell(session, new, same.lead_id, same.borrower_id, "asked_again", meta)
    let_come(session, same.lead_id, "asked_again", new.at)
    warned = _warn(session, new, same.lead_id, known)
    if new.quiet:
        return Received(same.lead_id, True, (*warned, *redraw(session, same.lead_id, at_once=new.at_once)))
    cards = post_cards(session, same.lead_id, same.team_id, same.score, at_once=new.at_once)  # an imported lead had none until now
    post_update(session, same.lead_id, "asked_again", seq, same.score)
    _ask_back(session, new, same.lead_id, arrival_id, same.score)
    ask_back_what_we_had(session, same.lead_id, arrival_id, new.at, new.salt, same.score)
    held = [
        *warned,
        *(card for card in cards if card.held),
        *ring_again(session, same, seq, new.at, _rings_at(team, new.lead, new.at), new.salt, at_once=new.at_once),
    ]
    show_again(session, same.lead_id, news, seq, same.score)
    return Received(same.lead_id, True, (*held, *redraw(session, same.lead_id, at_once=new.at_once)))


def _call_wish(lead: NewLead) -> CallWish | None:
    return "asked" if wants_call_now(lead.best_time, lead.comments) else call_wish(lead.comments or "")


def _ask_back(session: Session, new: NewArrival, lead_id: int, arrival_id: int, worth: int) -> None:
    if new.not_our_state:
        ask_back_by_itself(session, lead_id, arrival_id, "not_our_state", new.at, new.salt, worth)


def _day(new: NewArrival, team: TeamInForce) -> date:
    """On which it comes, by the team's clocks."""
    return new.at.astimezone(ZoneInfo(team.hours.zone)).date()


def _keep(session: Session, new: NewArrival, lead_id: int, borrower_id: int, team_id: int, day: date, *, duplicate: bool) -> int:
    """The arrival itself and what it cost, how to reach the borrower, and what was consented to. What is imported quietly costs nothing."""
    row = new.row(lead_id, None if new.quiet else day, duplicate=duplicate)
    arrival_id = add_arrival(session, row)
    if not new.quiet:
        costs.count(session, team_id, new.source.id, day, costs.of_request(row["price"], assumed=row["price_assumed"]))
    if new.raw is not None:
        keep_request(session, {**new.raw, "arrival_id": arrival_id})
    _agree(session, new, lead_id, arrival_id, keep_contacts(session, borrower_id, new.contacts))
    return arrival_id


def _agree(session: Session, new: NewArrival, lead_id: int, arrival_id: int, contact_ids: Mapping[str, int]) -> None:
    consent = new.lead.consent
    if consent is not None:
        evidence = {
            "arrival_id": arrival_id,
            "recorded_at": new.at,
            "given": consent.given,
            "text": consent.text,
            "version": consent.version,
            "url": consent.url,
            "given_at": consent.given_at,
            "ip": consent.ip,
            "user_agent": consent.user_agent,
            "trustedform_url": consent.trustedform_url,
            "jornaya_id": consent.jornaya_id,
            "sellers": list(consent.sellers),
            "names_us": new.consent_names_us,
        }
        add_consents(session, [{**evidence, "contact_point_id": contact_id} for contact_id in contact_ids.values()])
        certificate = certificate_in(consent.trustedform_url)
        if certificate is not None:
            owe_certificate(session, certificate, lead_id, new.at)


def _tell(
    session: Session, new: NewArrival, lead_id: int, borrower_id: int, kind: str, meta: dict[str, Any], *, first: bool = False
) -> int:
    body = {"record": new.fingerprint}
    fact = Fact(kind, f"source:{new.source.key}", new.at, meta, subject_id=borrower_id, body=body)
    return append_event(session, lead_id, fact, new.salt, first=first)
