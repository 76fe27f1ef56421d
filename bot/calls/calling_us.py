"""A borrower calls our number: it rings who answers for their lead, else they hear that we call back, and the lead rings at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.calls.missed_calls import end_theirs, take_theirs
from bot.calls.on_the_line import NOTHING, Asks, Rings, Says, Spoken, announced, name_of, ours, own_phone, spoken
from bot.capture import intake
from bot.capture.intake import NewArrival, Received, record_arrival
from bot.config.models import Recording
from bot.conversation.relay import leads_of_key
from bot.in_force import SourceInForce, TeamInForce
from bot.leads.lead_facts import spoken_facts
from bot.outreach.calls import call_sheet
from bot.rules.callable_time import is_open
from bot.rules.phones import read_phone
from bot.services import Services
from bot.sources.new_lead import Consent, NewLead, Phone
from bot.store.calls import ASKED_AFTER, CallRow, call_known_as, call_row, change_call, keep_call, wait_with_call
from bot.store.columns import table_of
from bot.store.contacts import Reachable, keep_contact, lock_keys
from bot.store.covering import who_answers
from bot.store.events import Fact, append_event
from bot.store.installation import contact_key
from bot.store.leads import ENDED_STAGES, LeadOfContact, lead_of, lock_lead
from bot.store.messages import last_lead_written_to
from bot.store.people import ANSWERS, BY_PHONE, Team, answers, leaders_of, officer_with_phone, own_source, team_of
from bot.store.postings import Lease, post_cards, post_update, redraw
from bot.store.views import LeadView, lead_view

LABEL = "Phone"
"""What officers read as the source, until a config names it otherwise."""
INQUIRY = "Inbound inquiry only: this person called us first, and agreed to nothing else."
MOST_RUNG = 3
"""How many phones ring one after the other, before whoever calls hears that we call back."""

_team = table_of(Team)
_hours = select(*ANSWERS).where(_team.c.id == bindparam("of_team"))


@dataclass(frozen=True, slots=True)
class Came:
    """A call that comes in. What is said to the caller is in the language of the lead, else in the company's first one."""

    provider: str
    provider_id: str
    caller: Reachable
    our_number: str
    team_id: int | None  # whose number it is; None of one that all teams share
    at: datetime
    salt: str
    recording: Recording | None


async def called(services: Services, provider_id: str, caller: str, our_number: str) -> tuple[int, Spoken]:
    """Somebody calls this number of ours. When this returns, the call is durable, and so is the lead that it is about; with the call, 0
    where none is kept."""
    number = read_phone(caller)
    if number is None:
        return 0, Says(spoken.say("number_withheld", "en"), "en")
    contact = Reachable("phone", number, contact_key(services.hash_key, "phone", number))
    in_force = services.in_force
    key = in_force.config.team_with(our_number)
    team = in_force.teams[key] if key else None
    came = Came(
        name_of(services), provider_id, contact, our_number, team.id if team else None, services.clock.now(), services.salt(),
        in_force.config.recording,
    )  # fmt: skip
    known, leases = await services.store.transact(receive_call, came)
    if known is not None:
        answer = known
    else:
        source = await services.store.transact(_source, in_force.config.default_team)
        lead = NewLead(
            external_id=provider_id, submitted_at=came.at, phones=(Phone(number),), best_time="now",
            consent=Consent(text=INQUIRY, given_at=came.at),
        )  # fmt: skip
        new = replace(
            intake.prepare(services, replace(source, team=team or source.team), lead), greets_as=None
        )  # a voice greets them already
        answer, leases = await services.store.transact(begin_lead, came, new)
    services.owe(leases)
    return answer


def _source(session: Session, default_team: str) -> SourceInForce:
    row = own_source(session, LABEL, team_of(session, default_team), key=BY_PHONE)
    team = TeamInForce(row.team_id, row.team_name, answers(row))
    return SourceInForce(id=row.id, key=BY_PHONE, label=row.label, team=team, price=row.price, max_per_minute=0)


def receive_call(session: Session, came: Came) -> tuple[tuple[int, Spoken] | None, Sequence[Lease]]:
    """The transaction of a call from a number that we know; None where nobody does. The same call again gets the same answer."""
    lock_keys(session, [came.caller.key])
    again = call_known_as(session, came.provider, came.provider_id)
    if again is not None:
        return (again.id, _said_again(session, again, came.recording, came.at)), ()
    leads = leads_of_key(session, came.caller.key)
    if not leads:
        staff = officer_with_phone(session, came.caller.value)
        return (None if staff is None else (0, Says(spoken.say("you_called", "en"), "en"))), ()
    known = _about(session, came, leads)
    lock_lead(session, known.lead_id)
    return _begin(session, came, lead_of(session, known.lead_id))


def _about(session: Session, came: Came, leads: list[LeadOfContact]) -> LeadOfContact:
    """The lead that somebody calls about who has several: an open one that this number of ours wrote to them about, else one of the team
    whose number it is, else the newest."""
    written_about = last_lead_written_to(session, keep_contact(session, came.caller), came.our_number)
    of_ours = [lead for lead in leads if came.team_id is not None and lead.team_id == came.team_id]
    in_order = [*(lead for lead in of_ours if lead.lead_id == written_about), *of_ours, *leads]
    return next((lead for lead in in_order if lead.stage not in ENDED_STAGES), in_order[0])


def begin_lead(session: Session, came: Came, new: NewArrival) -> tuple[tuple[int, Spoken], Sequence[Lease]]:
    """The transaction of a call from a number that nobody knows: a lead like any other, which rings at once."""
    lock_keys(session, [came.caller.key])
    again = call_known_as(session, came.provider, came.provider_id)
    if again is not None:
        return (again.id, _said_again(session, again, came.recording, came.at)), ()
    received = record_arrival(session, new)
    assert isinstance(received, Received), "the network's id of a call is never another call's"
    answer, leases = _begin(session, came, lead_of(session, received.lead))
    return answer, (*received.leases, *leases)


def _begin(session: Session, came: Came, known: LeadOfContact) -> tuple[tuple[int, Spoken], Sequence[Lease]]:
    row = {
        "lead_id": known.lead_id, "contact_point_id": keep_contact(session, came.caller), "our_number": came.our_number or None,
        "status": "ringing", "provider": came.provider, "provider_id": came.provider_id, "created_at": came.at, "due_at": came.at,
    }  # fmt: skip
    call_id = keep_call(session, "from_borrower", row)
    wait_with_call(session, call_id, "ringing", ASKED_AFTER)
    fact = Fact("called_us", "borrower", came.at, {"call": call_id}, subject_id=known.borrower_id)
    seq = append_event(session, known.lead_id, fact, came.salt)
    change_call(session, call_id, event_seq=seq)
    cards = post_cards(session, known.lead_id, known.team_id, known.score, at_once=True)  # an imported lead had none until now
    post_update(session, known.lead_id, "called_us", seq, known.score)
    said, leases = _ring_next(session, call_id, came.at, came.salt, came.recording)
    return (call_id, said), (*(card for card in cards if card.held), *leases, *redraw(session, known.lead_id, at_once=True))


def _ring_next(session: Session, call_id: int, now: datetime, salt: str, recording: Recording | None) -> tuple[Spoken, Sequence[Lease]]:
    """Ring the next who may answer; where all did not, it is a missed call. The lead is locked."""
    call = call_row(session, call_id)
    assert call is not None and call.lead_id is not None, "it was just kept"
    waiting = _who_may_answer(session, lead_of(session, call.lead_id), now)
    ids = [officer_id for officer_id, _ in waiting]
    rest = waiting[ids.index(call.officer_id) + 1 :] if call.officer_id in ids else waiting if call.officer_id is None else []
    if rest:
        announces = announced(session, _lead_of(session, call), recording, _language_of(session, call))
        change_call(session, call_id, officer_id=rest[0][0], recording="on" if announces else None)
        return Rings(rest[0][1], announces if call.recording is None else None, announces is not None), ()
    leases = end_theirs(session, call, now, salt)
    return _we_call_back(session, call, now), leases


def _who_may_answer(session: Session, known: LeadOfContact, now: datetime) -> list[tuple[int, str]]:
    """Who has the lead, or covers for them, then who leads the team, with their phones; nobody while the team rests, or of a free lead,
    which rings whoever may claim it."""
    first = who_answers(session, known, now)
    if first is None or not _works(session, known.team_id, now):
        return []
    found = ((officer_id, own_phone(session, officer_id)) for officer_id in dict.fromkeys([first, *leaders_of(session, known.team_id)]))
    return [(officer_id, phone) for officer_id, phone in found if phone is not None][:MOST_RUNG]


def _works(session: Session, team_id: int, now: datetime) -> bool:
    return is_open(now, (answers(session.connection().execute(_hours, {"of_team": team_id}).one()),))


def _said_again(session: Session, call: CallRow, recording: Recording | None, now: datetime) -> Spoken:
    phone = own_phone(session, call.officer_id)
    if call.status != "ringing" or not phone:
        return _we_call_back(session, call, now)
    language = _language_of(session, call)
    announces = None if call.recording is None else announced(session, _lead_of(session, call), recording, language)
    return Rings(phone, announces, announces is not None)


def _we_call_back(session: Session, call: CallRow, now: datetime) -> Says:
    language, lead = _language_of(session, call), _lead_of(session, call)
    later = not _works(session, lead.team_id, now) or call_sheet(lead, now).opens_at is not None
    return Says(spoken.say("we_call_back", language, later=later), language)


def _lead_of(session: Session, call: CallRow) -> LeadView:
    assert call.lead_id is not None, "it was found or made as the call came"
    lead = lead_view(session, call.lead_id)
    assert lead is not None, "a call refers to its lead"
    return lead


def _language_of(session: Session, call: CallRow) -> str:
    """What who calls is spoken to in."""
    lead = _lead_of(session, call)
    language = str(lead.details.get("language") or lead.language)
    return language if language in ("en", "es") else "en"


async def offered(services: Services, call_id: int) -> Spoken:
    """The phone of one of us was picked up: what they hear before they press anything."""
    return await services.store.read(_offer, call_id, services.in_force.config.recording)


def _offer(session: Session, call_id: int, recording: Recording | None) -> Spoken:
    call = call_row(session, call_id)
    if call is None or call.lead_id is None or call.status != "ringing" or call.language is None:
        return NOTHING
    lead = _lead_of(session, call)
    announces = announced(session, lead, recording, call.language)
    if call.recording is not None and announces is None:
        return NOTHING  # it is recorded, and nobody knows the words any more that both have to hear first
    heard = [spoken.say("borrower_calls", call.language, **spoken_facts(lead))]
    heard += [announces.words] if announces is not None and call.recording is not None else []
    return Asks(" ".join(heard), call.language)


async def taken(services: Services, call_id: int) -> bool:
    """Whoever picked up pressed 1; False where there is nobody to talk with any more."""
    took, leases = await services.store.transact(take, call_id, services.clock.now())
    services.owe(leases)
    return took


def take(session: Session, call_id: int, now: datetime) -> tuple[bool, list[Lease]]:
    """The transaction of that."""
    call = _locked(session, call_id)
    if call is None or call.status == "over":
        return False, []
    if call.status == "talking":
        return True, []
    change_call(session, call_id, answered_at=now)
    wait_with_call(session, call_id, "talking", ASKED_AFTER)
    return True, take_theirs(session, call)


def _locked(session: Session, call_id: int) -> CallRow | None:
    seen = call_row(session, call_id)
    if seen is None or seen.kind != "from_borrower" or seen.provider is None or seen.provider_id is None:
        return None
    return ours(session, call_id, seen.provider_id, seen.provider)


async def officer_left(services: Services, call_id: int) -> Spoken:
    """The phone of one of us is done with, and the caller is still there: the talk is over, or the next phone rings."""
    recording = services.in_force.config.recording
    said, leases = await services.store.transact(go_on, call_id, services.clock.now(), services.salt(), recording)
    services.owe(leases)
    return said


def go_on(session: Session, call_id: int, now: datetime, salt: str, recording: Recording | None) -> tuple[Spoken, Sequence[Lease]]:
    """The transaction of that."""
    call = _locked(session, call_id)
    if call is None:
        return NOTHING, ()
    if call.status == "talking":
        return NOTHING, end_theirs(session, call, now, salt)
    return _ring_next(session, call_id, now, salt, recording)


async def officer_over(services: Services, call_id: int, *, caller_left: bool) -> None:
    """The network tells that the phone of one of us is done with, also where the caller hung up and asks no more."""
    services.owe(await services.store.transact(hear_over, call_id, services.clock.now(), services.salt(), caller_left=caller_left))


def hear_over(session: Session, call_id: int, now: datetime, salt: str, *, caller_left: bool) -> Sequence[Lease]:
    """The transaction of that. Who is still waiting is rung on by what they ask next."""
    call = _locked(session, call_id)
    if call is None or not (caller_left or call.status == "talking"):
        return ()
    return end_theirs(session, call, now, salt)
