"""A machine is on the borrower's end: our recorded words are left where the officer asked for it and the law allows them."""

from datetime import datetime

import structlog
from sqlmodel import Session

from bot.calls.on_the_line import NOTHING, Leaves, Says, Spoken, spoken
from bot.config import Config
from bot.conversation.refusals import note_refused
from bot.leads.lead_facts import letters_in
from bot.leads.press import Press
from bot.rules.calling import recording_forbidden_by
from bot.rules.compliance import Rule
from bot.rules.phones import digit_by_digit
from bot.services import Services
from bot.store.calls import (
    PhoneOfLead,
    call_row,
    change_call,
    lock_call,
    phones_of_lead,
)
from bot.store.contacts import lock_keys
from bot.store.own_voicemail import own_voicemail
from bot.store.suppressions import closed_channels
from bot.store.views import LeadView, lead_view

log = structlog.get_logger()

CLOSED_TO_RECORDINGS = frozenset({"marketing", "automation"})


def recording_forbidden(session: Session, lead: LeadView, phone: PhoneOfLead) -> Rule | None:
    """Why no recorded words may be left at this number of the lead's; None where they may. Whoever wrote STOP, or may have, took back what
    they had agreed to: an officer may call where they asked again or their loan is under way, no recording may."""
    called = next((each for each in lead.numbers if each.number == phone.value), None)
    if called is None:
        return "call_own_do_not_call"
    if not CLOSED_TO_RECORDINGS.isdisjoint(closed_channels(session, phone.key)):
        return "call_recorded_no_written_consent"
    return recording_forbidden_by(called)


async def machine_told(services: Services, call_id: int, leg_id: str) -> None:
    """The network tells that a machine is on the borrower's end, and that its greeting is over: it hears our words where the officer asked
    for that, and the officer is free."""
    assert services.voice is not None, "its doors are closed while calls are off"
    leaves = await services.store.transact(begin_voicemail, call_id, services.clock.now(), services.salt())
    if leaves and not await services.voice.leave_words(leg_id, call_id):
        log.warning("a machine did not hear our words for sure", call=call_id)
        await services.store.transact(go_on_talking, call_id)


def begin_voicemail(session: Session, call_id: int, now: datetime, salt: str) -> bool:
    """Right before the words are left: asked for, and still legal. Whoever takes a consent back before it is heard, since both hold the
    number's key."""
    seen = call_row(session, call_id)
    if seen is None or seen.lead_id is None or seen.officer_id is None or seen.voicemail is None:
        return False
    phones = phones_of_lead(session, seen.lead_id)
    lock_keys(session, [phone.key for phone in phones])
    call = lock_call(session, call_id)
    if call is None or call.status not in ("dialed", "talking") or call.voicemail != "asked":
        return False
    lead = lead_view(session, seen.lead_id)
    assert lead is not None, "a call refers to its lead"
    rung = next((phone for phone in phones if phone.contact_point_id == call.contact_point_id), None)
    rule: Rule | None = "call_own_do_not_call" if rung is None else recording_forbidden(session, lead, rung)
    if rule is not None:
        by = Press("", lead.number, seen.officer_id, now, salt)
        note_refused(session, by, call.officer_key or "", "voicemail", rule, rule)
    change_call(session, call_id, voicemail="left" if rule is None else None)
    return rule is None


def go_on_talking(session: Session, call_id: int) -> None:
    """The words were not left for sure: the officer is still on the line, unless our door is asked for them all the same."""
    call = lock_call(session, call_id)
    if call is not None and call.status in ("dialed", "talking"):
        change_call(session, call_id, voicemail="asked")


async def machine_listens(services: Services, call_id: int) -> Spoken:
    """What a machine hears on the borrower's end."""
    assert services.voice is not None, "its doors are closed while calls are off"
    return await services.store.transact(leave_voicemail, call_id, services.in_force.config, services.voice.number)


def leave_voicemail(session: Session, call_id: int, config: Config, shared_number: str) -> Spoken:
    """The transaction of that: from here on the words are left. Where our answer to the network was lost meanwhile, it is judged anew."""
    seen = call_row(session, call_id)
    phones = phones_of_lead(session, seen.lead_id) if seen is not None and seen.lead_id is not None else []
    lock_keys(session, [phone.key for phone in phones])
    call = lock_call(session, call_id)
    if call is None or call.lead_id is None or call.voicemail is None or config.voicemail is None:
        return NOTHING
    lead = lead_view(session, call.lead_id)
    assert lead is not None, "a call refers to its lead"
    if call.voicemail == "asked":
        rung = next((phone for phone in phones if phone.contact_point_id == call.contact_point_id), None)
        if call.status not in ("dialed", "talking") or rung is None or recording_forbidden(session, lead, rung) is not None:
            return NOTHING
    change_call(session, call.id, voicemail="left")
    language, company = letters_in(lead), config.company
    facts = {
        "company": company.legal_name, "nmls": " ".join(company.nmls_id), "officer": call.officer_name,
        "number": digit_by_digit(call.our_number or shared_number), "opt_out": digit_by_digit(config.voicemail.opt_out_phone),
    }  # fmt: skip
    own = own_voicemail(session, call.officer_id, language) if call.officer_id is not None else None
    if own is None:
        return Says(spoken.say("voicemail", language, **facts), language)
    before, after = spoken.say("before_own_voicemail", language, **facts), spoken.say("after_own_voicemail", language, **facts)
    return Leaves(before, own.recording_id, after, language)
