"""One of us is called about a lead that waits, or because chat is down: they hear of it, and a press of 1 claims it as the button does."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.calls.on_the_line import CONNECT, NOTHING, Asks, Says, Spoken, is_ours, name_of, note_id, ours, spoken
from bot.distribution.claiming import AlreadyYours, Claimed, ClaimOutcome, TooLate, claim_lead, may_claim
from bot.leads.lead_facts import spoken_facts
from bot.leads.press import Press
from bot.rules.text import one_line
from bot.services import Services
from bot.speed_to_lead.chat_down import text_claimed
from bot.speed_to_lead.paging import still_waits
from bot.store.calls import ASKED_AFTER, TO_US, CallRow, call_row, change_call, lock_call, wait_with_call
from bot.store.outages import note_claimed_from_alarm
from bot.store.postings import Lease
from bot.store.views import lead_view


async def picked_up(services: Services, call_id: int, provider_id: str) -> Spoken:
    """Our call was picked up: what is said, and whether a press of 1 is waited for."""
    return await services.store.transact(tell_of_lead, call_id, provider_id, name_of(services), services.clock.now(), services.salt())


def tell_of_lead(session: Session, call_id: int, provider_id: str, provider: str, now: datetime, salt: str) -> Spoken:
    """What one of us hears of the lead. Their voicemail hears it too, so it names no borrower."""
    by = _who(session, call_id, provider_id, provider, now, salt)
    if by is None:
        return NOTHING
    takes_it = may_claim(session, by)
    call = ours(session, call_id, provider_id, provider)
    if call is None:
        return NOTHING
    note_id(session, call, provider_id, provider)
    lead, language = lead_view(session, by.lead), call.language or "en"
    assert lead is not None, "a call refers to its lead"
    if not still_waits(session, lead.number, call.event_seq, now, now):
        return Says(spoken.say("waits_no_more", language, **spoken_facts(lead)), language)
    if lead.owner_id is not None:
        return Says(call.words, language)
    words = f"{call.words} {spoken.say('who_takes_it', language, you=takes_it)}"
    return Asks(words, language) if takes_it else Says(words, language)


def _who(session: Session, call_id: int, provider_id: str, provider: str, now: datetime, salt: str) -> Press | None:
    """Whom this call tells of which lead, as if they pressed Claim; None where it is over, or another. Nothing is locked: an officer's row
    comes before their lead's."""
    call = call_row(session, call_id)
    if (
        call is None
        or call.kind not in TO_US
        or call.lead_id is None
        or call.officer_id is None
        or not is_ours(call, provider_id, provider)
    ):
        return None
    return Press(f"{provider}:{provider_id}", call.lead_id, call.officer_id, now, salt)


async def pressed(services: Services, call_id: int, provider_id: str, digits: str) -> Spoken:
    """Whoever picked up pressed these digits."""
    if digits != CONNECT:
        return NOTHING
    found, leases = await services.store.transact(take_lead, call_id, provider_id, name_of(services), services.clock.now(), services.salt())
    services.owe(leases)
    return found


def take_lead(session: Session, call_id: int, provider_id: str, provider: str, now: datetime, salt: str) -> tuple[Spoken, Sequence[Lease]]:
    """Claim the lead, and say what came of it. The network asks again where our answer was lost, and hears the same."""
    by = _who(session, call_id, provider_id, provider, now, salt)
    if by is None:
        return NOTHING, ()
    outcome, leases = claim_lead(session, by, chosen=False)
    call = lock_call(session, call_id)
    assert call is not None, "calls are never deleted"
    if call.answered_at is None:
        change_call(session, call.id, answered_at=now)
        if isinstance(outcome, Claimed) and call.kind == "alarm":
            note_claimed_from_alarm(session, by.lead, by.officer_id)
            text_claimed(session, by.lead, by.officer_id, now)
    if is_ours(call, provider_id, provider):
        note_id(session, call, provider_id, provider)
        wait_with_call(session, call.id, "talking", ASKED_AFTER)
    return _say(session, call, outcome), leases


def _say(session: Session, call: CallRow, outcome: ClaimOutcome) -> Says:
    lead, language = lead_view(session, outcome.lead), call.language or "en"
    assert lead is not None, "a call refers to its lead"
    match outcome:
        case Claimed() | AlreadyYours():
            came, winner = "yours", None
        case TooLate(winner=name):
            came, winner = "theirs", one_line(name, 60)
        case _:
            came, winner = "not_yours", None
    facts = {"came": came, "winner": winner, "chat_is_down": call.kind == "alarm"}
    return Says(spoken.say("taken", language, number=spoken_facts(lead)["number"], **facts), language)
