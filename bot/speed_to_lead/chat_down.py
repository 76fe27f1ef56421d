"""Chat is down while leads ring: officers on duty are texted, then called, and claim so; those who run Leadbell hear of it."""

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlmodel import Session

from bot.config import what_is_missing
from bot.conversation.mailing import email_is_on
from bot.distribution.claiming import AlreadyYours, Claimed, ClaimOutcome, Ended, NotEligible, OnlyInTurn, TooLate, claim_lead
from bot.leads.batch import Batch
from bot.leads.lead_facts import own_facts, refusal_facts
from bot.leads.press import NoSuchLead, Press
from bot.leads.scene import scene_of
from bot.rendering import PLAIN, Words
from bot.rules.callable_time import is_open
from bot.rules.claim_by_text import lead_claimed
from bot.rules.text import one_line
from bot.services import Services
from bot.speed_to_lead.paging import (
    ALARM,
    STAFF_ANSWER,
    call_officer,
    email_officer,
    keep_staff_text,
    lead_facts,
    spoken_lead,
    staff,
    text_officer,
    texts_since,
    voice,
)
from bot.store.clocks import lock_ringing
from bot.store.events import COMPANY, Fact, append_event
from bot.store.outages import (
    HEARD,
    OpenOutage,
    Trouble,
    alarmed_at,
    begin_outage,
    end_outage,
    is_alarmed,
    keep_signs,
    note_alarm,
    note_called,
    note_claimed_from_alarm,
    open_outages,
    outage_still_open,
    stale_signs,
    troubles,
    unanswered_alarms,
    unseen_leads,
)
from bot.store.people import operators
from bot.store.postings import Lease, post_in_place, post_notice
from bot.store.views import lead_view

log = structlog.get_logger()

LOOK_EVERY = 2.0
TRIED_AGAIN_AFTER = 60.0
"""Seconds until a lead that nobody could be texted about comes up again: meanwhile the others have their turn."""
QUIET_AT_FIRST = 15.0
"""Seconds after a start in which nobody is texted: what waited for us is shown first."""
AWAY_AFTER = 20.0
"""Seconds without a look, because the store was away or we were stopped, after which it is as after a start."""
OFFICERS = 3
"""How many officers are texted about one lead."""
ALARMS_AN_HOUR = 10
"""Texts of this kind that one officer gets in an hour, about the best leads."""
CALLED_AFTER = timedelta(minutes=1)
"""How long after the texts those who got them are called, while nobody has the lead."""
MAY_ANSWER_FOR = timedelta(hours=12)
"""How long after a text its answer is taken for a claim."""
HELPS_A_DAY = 3
"""Hints that one phone gets in a day: two machines would answer each other for ever."""
WORTH = 100
"""Of what those who run Leadbell are told: as the best lead."""

Letters = Literal["chat_closed_email", "chat_open_email"]

chat = Words("chat", PLAIN)


@dataclass(frozen=True, slots=True)
class Ways:
    """By what our people can be reached while chat is down."""

    text: bool
    email: bool


async def watch_chat(services: Services) -> None:
    """One step: look, then wait a moment."""
    await look_at_chat(services)
    await asyncio.sleep(LOOK_EVERY)


async def look_at_chat(services: Services) -> None:
    """Write down the signs of life that chat gave, and text about the leads that nobody sees or can take there."""
    if time.monotonic() - services.looked_at > AWAY_AFTER:
        services.opened_at = time.monotonic()
    await _look(services)
    services.looked_at = time.monotonic()


async def _look(services: Services) -> None:
    heard = [(name, HEARD) for name, platform in services.platforms.items() if await platform.listening()]
    shown, services.shown_in = services.shown_in, set()
    fresh = await services.store.read(stale_signs, [*heard, *shown])
    if fresh:
        await services.store.note(keep_signs, fresh)
    is_young = time.monotonic() - services.opened_at < QUIET_AT_FIRST
    ways = Ways(
        text=services.network is not None and not what_is_missing(services.in_force.config),
        email=email_is_on(services),
    )
    if is_young or not (ways.text or ways.email):
        return
    lately = time.monotonic() - TRIED_AGAIN_AFTER
    services.untexted = {lead: at for lead, at in services.untexted.items() if at > lately}
    found, on_record, unseen, unanswered = await services.store.read(_state, services.untexted.keys(), services.clock.now())
    await _follow(services, ways, found, on_record, unseen)
    await _call(services, unanswered if services.voice is not None else [])


def _state(
    session: Session, without: Collection[int], now: datetime
) -> tuple[dict[int, Trouble], list[OpenOutage], list[tuple[int, int]], list[tuple[int, int]]]:
    """The channels in trouble, the outages on record, the leads to text about, and those to call about."""
    on_record = open_outages(session)
    if not on_record:
        return troubles(session), [], [], []
    return troubles(session), on_record, unseen_leads(session, without), unanswered_alarms(session, now - CALLED_AFTER)


async def _follow(
    services: Services, ways: Ways, found: dict[int, Trouble], on_record: list[OpenOutage], unseen: list[tuple[int, int]]
) -> None:
    if found.keys() != {outage.place_id for outage in on_record}:
        services.owe(await services.store.transact(follow_outages, services.clock.now(), services.salt(), ways))
        services.owed.set()
        unseen = await services.store.read(unseen_leads, services.untexted.keys())
    texted = 0
    for lead_id, outage_id in unseen if ways.text else ():
        told = await services.store.transact(alarm_officers, lead_id, outage_id, services.clock.now(), services.salt())
        if not told:
            services.untexted[lead_id] = time.monotonic()
        texted += told
    if texted:
        log.warning("chat is down: officers are texted", texts=texted)
        services.owed.set()


async def _call(services: Services, unanswered: list[tuple[int, int]]) -> None:
    called = 0
    for lead_id, outage_id in unanswered:
        called += await services.store.transact(call_alarmed, lead_id, outage_id, services.clock.now(), services.salt())
    if called:
        log.warning("chat is down: officers are called", calls=called)
        services.owed.set()


def follow_outages(session: Session, now: datetime, salt: str, ways: Ways) -> list[Lease]:
    """Begin an outage of each channel that is in trouble, and end those that are over. Safe to repeat."""
    found = troubles(session)
    on_record = {outage.place_id: outage for outage in open_outages(session)}
    leases: list[Lease] = []
    known = {found[place_id].platform for place_id in on_record if place_id in found and on_record[place_id].because != "closed"}
    for trouble in found.values():
        if trouble.place_id in on_record or not begin_outage(session, trouble):
            continue
        log.error("chat is down", platform=trouble.platform, channel=trouble.named, because=trouble.because)
        if trouble.because == "closed" or trouble.platform not in known:  # the platform's fault is told once, not for each channel
            leases += _tell_operators(session, trouble, now, salt, ways)
        if trouble.because != "closed":
            known.add(trouble.platform)
    for outage in on_record.values():
        if outage.place_id not in found:
            leases += _tell_that_it_is_over(session, outage, now, salt, ways)
    return leases


def _tell_operators(session: Session, trouble: Trouble, now: datetime, salt: str, ways: Ways) -> list[Lease]:
    """Those who run Leadbell hear of it by text, in chat where that works, and by email of a channel that somebody has to open again."""
    facts = {"platform": trouble.platform, "channel": trouble.named, "because": trouble.because, "by_text": ways.text}
    seq = append_event(session, COMPANY, Fact("chat_down", "leadbell", now, facts), salt)
    leases: list[Lease] = []
    for officer_id in operators(session):
        if trouble.because != "down":
            leases += post_notice(session, None, officer_id, "chat_down", seq, WORTH, at_once=True)

        def words(language: str) -> str:
            return staff.say("chat_down_operator", language, **_spoken(trouble.platform, trouble.named, trouble.because))

        if ways.text:
            text_officer(session, officer_id, ALARM, words, ALARMS_AN_HOUR, now)
    if trouble.because == "closed":
        _email_operators(session, "chat_closed_email", trouble.platform, trouble.named, now, ways)
    return leases


def _email_operators(session: Session, about: Letters, platform: str, channel: str, now: datetime, ways: Ways) -> None:
    def letter(language: str) -> str:
        facts = {"platform": platform.capitalize(), "channel": one_line(channel, 60), "by_text": ways.text}
        return staff.say("chat_closed_email" if about == "chat_closed_email" else "chat_open_email", language, **facts)

    for officer_id in operators(session) if ways.email else ():
        email_officer(session, officer_id, ALARM, letter, ALARMS_AN_HOUR, now)


def _spoken(platform: str, channel: str, because: str) -> dict[str, str]:
    return {"platform": platform.capitalize(), "channel": one_line(channel, 60), "because": because}


def _tell_that_it_is_over(session: Session, outage: OpenOutage, now: datetime, salt: str, ways: Ways) -> list[Lease]:
    """One line in the channel, where anybody was texted; and an email to whom one said that it was closed."""
    ended = end_outage(session, outage.id)
    if ended is None:
        return []
    log.info("chat is back", platform=ended.platform, minutes=ended.minutes)
    if ended.because == "closed":
        _email_operators(session, "chat_open_email", ended.platform, ended.channel, now, ways)
    if not ended.texted:
        return []
    facts = {
        "platform": ended.platform, "because": ended.because, "minutes": ended.minutes, "texted": ended.texted,
        "called": ended.called, "claimed": ended.claimed, "language": ended.language,
    }  # fmt: skip
    seq = append_event(session, COMPANY, Fact("chat_back", "leadbell", now, facts), salt)
    return post_in_place(session, ended.place_id, "chat_back", seq, WORTH)


def alarm_officers(session: Session, lead_id: int, outage_id: int, now: datetime, salt: str) -> int:
    """The transaction of one lead: text the best officers who may take it, and return how many. Safe to repeat: a lead is told of once."""
    due = lock_ringing(session, lead_id)
    down = outage_still_open(session, outage_id)
    if due is None or down is None or is_alarmed(session, lead_id):
        return 0
    scene = scene_of(Batch(session, now), due, salt, [])
    if scene.lead.owner_id is not None or not is_open(now, scene.calendars):
        return 0

    def words(language: str) -> str:
        return staff.say("chat_down", language, **_spoken(*down), **lead_facts(scene))

    texted: dict[int, int] = {}
    keys = {member.id: member.key for member in scene.members}
    for officer_id in scene.ranked(spare_the_rung=False):
        text_id = text_officer(session, officer_id, ALARM, words, ALARMS_AN_HOUR, now, lead_id=lead_id)
        if text_id is not None:
            texted[officer_id] = text_id
        if len(texted) == OFFICERS:
            break
    for officer_id, text_id in texted.items():
        note_alarm(session, lead_id, officer_id, outage_id, text_id, now)
    if texted:
        told = [keys[officer_id] for officer_id in texted]
        append_event(session, lead_id, Fact("alarmed", "leadbell", now, {"told": told, "platform": down[0], "because": down[2]}), salt)
    return len(texted)


def call_alarmed(session: Session, lead_id: int, outage_id: int, now: datetime, salt: str) -> int:
    """The transaction of one lead that nobody took a minute after the texts: call those who got them and may take it still, and return how
    many. Safe to repeat: they are called about a lead once."""
    due = lock_ringing(session, lead_id)
    down = outage_still_open(session, outage_id)
    if due is None or down is None:
        return 0
    scene = scene_of(Batch(session, now), due, salt, [])
    if scene.lead.owner_id is not None or not is_open(now, scene.calendars):
        return 0

    def words(language: str) -> str:
        return voice.say("chat_is_down", language, **_spoken(*down), about=spoken_lead(scene, language))

    free, called = scene.ranked(spare_the_rung=False), 0
    for officer_id in note_called(session, lead_id, now):
        if officer_id in free and call_officer(session, officer_id, "alarm", words, now, lead_id=lead_id) is not None:
            called += 1
    return called


def text_claimed(session: Session, lead_id: int, officer_id: int, now: datetime) -> None:
    """Text an officer who claimed a lead by phone what chat cannot show them now."""
    view = lead_view(session, lead_id)
    assert view is not None, "it was just claimed"

    def words(language: str) -> str:
        return staff.say("claimed_by_text", language, **own_facts(view, now))

    text_officer(session, officer_id, STAFF_ANSWER, words, ALARMS_AN_HOUR, now, lead_id=lead_id)


@dataclass(frozen=True, slots=True)
class Reply:
    """What one of us texted after we texted them. `lead` is the one they claim; None where the words say anything else."""

    officer_id: int
    language: str
    lead: int | None


def reply_to_alarm(session: Session, number: str, words: str, now: datetime) -> Reply | None:
    """What comes from this phone is an answer to our own text: it claims a lead that they were texted about, or none; None where nobody
    there was texted lately."""
    alarmed = alarmed_at(session, number, now - MAY_ANSWER_FOR)
    claimed = lead_claimed(words)
    for officer in alarmed:
        if claimed in officer.leads:
            return Reply(officer.officer_id, officer.language, claimed)
    return Reply(alarmed[0].officer_id, alarmed[0].language, None) if alarmed else None


def answer_reply(session: Session, reply: Reply, contact_id: int, delivery: str, company: str, now: datetime, salt: str) -> Sequence[Lease]:
    """Claim the lead as the button would, and text back what came of it; what claims none gets a hint. The phone's key is locked, and
    neither an officer nor a lead."""
    if reply.lead is None:
        if texts_since(session, contact_id, STAFF_ANSWER, now - timedelta(days=1)) < HELPS_A_DAY:
            keep_staff_text(session, contact_id, STAFF_ANSWER, staff.say("claim_by_text_how", reply.language), now)
        return ()
    outcome, leases = claim_lead(session, Press(delivery, reply.lead, reply.officer_id, now, salt), chosen=False)
    if isinstance(outcome, Claimed):
        note_claimed_from_alarm(session, reply.lead, reply.officer_id)
    words = _say(session, outcome, reply.language, company, now)
    keep_staff_text(session, contact_id, STAFF_ANSWER, words, now, lead_id=reply.lead)
    return leases


def _say(session: Session, outcome: ClaimOutcome, language: str, company: str, now: datetime) -> str:
    match outcome:
        case Claimed(lead) | AlreadyYours(lead):
            view = lead_view(session, lead)
            assert view is not None, "it was just claimed"
            return staff.say("claimed_by_text", language, **own_facts(view, now))
        case TooLate(lead, winner, seconds):
            return chat.say("too_late", language, number=lead, winner=one_line(winner, 60), seconds=seconds)
        case Ended(lead, stage):
            return chat.say("ended", language, number=lead, stage=stage)
        case NotEligible(lead, because):
            return chat.say("not_eligible", language, number=lead, company=one_line(company, 80), **refusal_facts(because))
        case OnlyInTurn(lead):
            return chat.say("only_in_turn", language, number=lead)
        case NoSuchLead(lead):
            return chat.say("no_such_lead", language, number=lead)
