"""Texts, calls and emails to our own people, where the config says: about a lead that waits too long, or while chat is down."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from bot.leads.lead_facts import spoken_facts
from bot.leads.scene import Scene
from bot.rendering import PLAIN, Words
from bot.rules.phones import read_phone
from bot.store.calls import Kind, calls_since, keep_call
from bot.store.clocks import UNCLAIMED, UNCONTACTED, clocks_of
from bot.store.columns import table_of
from bot.store.contacts import Reachable, keep_contact
from bot.store.events import Event
from bot.store.installation import Installation, contact_key
from bot.store.leads import lead, not_ended
from bot.store.messages import keep_text, message
from bot.store.people import officer
from bot.store.suppressions import closed_channels

WORTH_SENDING_FOR = timedelta(minutes=25)
"""A page that could not leave for so long is not sent: the next one, 30 minutes after it, says how things stand."""

PAGES_AN_HOUR = 6
"""Texts that one person gets in an hour, those about the best leads first: whom six texts did not move reads no more of them."""

CALLS_AN_HOUR = 6
"""Calls of one kind that one person gets in an hour."""

PAGING, ALARM, STAFF_ANSWER, TRIAL = "paging", "alarm", "staff_answer", "trial"
"""The purposes of texts to our own people: a lead that waits for its manager's word; chat is down; what we answer them; a step of a
sequence that they build."""
TO_STAFF = (PAGING, ALARM, STAFF_ANSWER, TRIAL)

staff, voice = Words("staff", PLAIN), Words("voice", PLAIN)
_installation = table_of(Installation)
_person = (
    select(officer.c.phone, officer.c.email, officer.c.language, _installation.c.hash_key)
    .join_from(officer, _installation, _installation.c.id == 1)
    .where(officer.c.id == bindparam("of_officer"), officer.c.active)
)
_hash_key = select(_installation.c.hash_key)
_lately = select(func.count()).where(
    message.c.contact_point_id == bindparam("to_contact"),
    message.c.purpose == bindparam("so_far"),
    message.c.created_at > bindparam("since"),
)


def text_each(scene: Scene, officers: Sequence[int], minutes: int, event_seq: int) -> None:
    """Owe these officers a text that the lead still waits; it leaves only while that is so."""

    facts, kind = {**lead_facts(scene), "minutes": minutes}, scene.due.kind

    def words(language: str) -> str:
        return staff.say(
            "unclaimed_text" if kind == UNCLAIMED else "not_called_text" if kind == UNCONTACTED else "waits_text", language, **facts
        )

    about = {"lead_id": scene.lead.number, "event_seq": event_seq}
    for officer_id in officers:
        text_officer(scene.session, officer_id, PAGING, words, PAGES_AN_HOUR, scene.now, **about)


def call_each(scene: Scene, officers: Sequence[int], minutes: int, event_seq: int) -> None:
    """Owe these officers a call that says so; their phone rings only while the lead still waits."""
    facts = {"owner": scene.lead.owner_name, "minutes": minutes, "clock": scene.due.kind}
    for officer_id in officers:
        mine = officer_id in scene.owner

        def words(language: str, *, mine: bool = mine) -> str:
            return voice.say("lead_waits", language, about=spoken_lead(scene, language), **facts, mine=mine)

        call_officer(scene.session, officer_id, "paging", words, scene.now, lead_id=scene.lead.number, event_seq=event_seq)


def spoken_lead(scene: Scene, language: str) -> str:
    """The lead as a voice names it: 1 0 4 2, purchase in Texas, grade A."""
    return voice.say("a_lead", language, **spoken_facts(scene.lead))


def call_officer(
    session: Session, officer_id: int, kind: Kind, words: Callable[[str], str], now: datetime, *, lead_id: int, event_seq: int = 0
) -> int | None:
    """Owe one of us a call about a lead, worded in their language; its id. None where they have no phone here, or had their share."""
    found = session.connection().execute(_person, {"of_officer": officer_id}).one_or_none()
    if found is None or read_phone(found.phone or "") is None:
        return None
    if calls_since(session, officer_id, kind, now - timedelta(hours=1)) >= CALLS_AN_HOUR:
        return None
    row = {"lead_id": lead_id, "officer_id": officer_id, "words": words(found.language), "created_at": now, "due_at": now}
    return keep_call(session, kind, {**row, "event_seq": event_seq})


def email_each(scene: Scene, officers: Sequence[int], minutes: int, event_seq: int) -> None:
    """The same by email, where email is on."""

    facts, kind = {**lead_facts(scene), "minutes": minutes}, scene.due.kind

    def letter(language: str) -> str:
        return staff.say(
            "unclaimed_email" if kind == UNCLAIMED else "not_called_email" if kind == UNCONTACTED else "waits_email", language, **facts
        )

    about = {"lead_id": scene.lead.number, "event_seq": event_seq}
    for officer_id in officers if scene.email_on else ():
        email_officer(scene.session, officer_id, PAGING, letter, PAGES_AN_HOUR, scene.now, **about)


def email_officer(
    session: Session,
    officer_id: int,
    purpose: str,
    letter: Callable[[str], str],
    most_an_hour: int,
    now: datetime,
    *,
    lead_id: int | None = None,
    event_seq: int = 0,
) -> int | None:
    """Owe one of us an email, worded in their language, its subject above an empty line; its id. None where nobody is at their address, or
    they had their share."""
    found = session.connection().execute(_person, {"of_officer": officer_id}).one_or_none()
    if found is None:
        return None
    contact_id = _mailbox(session, found.hash_key, found.email)
    if contact_id is None or texts_since(session, contact_id, purpose, now - timedelta(hours=1)) >= most_an_hour:
        return None
    about = {"purpose": purpose, "lead_id": lead_id, "event_seq": event_seq}
    return _owe_email(session, contact_id, letter(found.language), now, **about)


def email_address(session: Session, address: str, letter: str, now: datetime) -> int | None:
    """Owe an address that the config names an email, its subject above an empty line; its id. None where nobody is there."""
    hash_key = session.connection().execute(_hash_key).scalar_one()
    contact_id = _mailbox(session, hash_key, address)
    return None if contact_id is None else _owe_email(session, contact_id, letter, now, purpose=ALARM)


def _mailbox(session: Session, hash_key: str, address: str) -> int | None:
    """The contact of an address; None where nobody is, or wants our emails."""
    key = contact_key(bytes.fromhex(hash_key), "email", address)
    return None if "email" in closed_channels(session, key) else keep_contact(session, Reachable("email", address, key))


def _owe_email(session: Session, contact_id: int, letter: str, now: datetime, **about: Any) -> int:
    subject, _, words = letter.partition("\n\n")
    row = {
        "lead_id": None, "contact_point_id": contact_id, "channel": "email", "direction": "out", "status": "queued",
        "subject": subject, "body": words, "created_at": now, "due_at": now, "event_seq": 0,
    }  # fmt: skip
    return keep_text(session, {**row, **about})


def lead_facts(scene: Scene) -> dict[str, object]:
    """What a text to one of us says of a lead: nothing of its borrower."""
    about = scene.lead
    return {"number": about.number, "grade": about.grade, "purpose": about.purpose, "state": about.state, "owner": about.owner_name}


def text_officer(
    session: Session,
    officer_id: int,
    purpose: str,
    words: Callable[[str], str],
    most_an_hour: int,
    now: datetime,
    *,
    lead_id: int | None = None,
    event_seq: int = 0,
) -> int | None:
    """Owe one of us a text, worded in their language; its id. None where they have no phone here, wrote STOP, or had their share."""
    found = session.connection().execute(_person, {"of_officer": officer_id}).one_or_none()
    number = read_phone(found.phone) if found and found.phone else None
    if found is None or number is None:
        return None
    key = contact_key(bytes.fromhex(found.hash_key), "phone", number)
    if "sms" in closed_channels(session, key):
        return None
    contact_id = keep_contact(session, Reachable("phone", number, key))
    if texts_since(session, contact_id, purpose, now - timedelta(hours=1)) >= most_an_hour:
        return None
    return keep_staff_text(session, contact_id, purpose, words(found.language), now, lead_id=lead_id, event_seq=event_seq)


def texts_since(session: Session, contact_id: int, purpose: str, since: datetime) -> int:
    """How many texts for this purpose went to a phone since then."""
    row = {"to_contact": contact_id, "so_far": purpose, "since": since}
    return int(session.connection().execute(_lately, row).scalar_one())


def keep_staff_text(
    session: Session, contact_id: int, purpose: str, words: str, now: datetime, *, lead_id: int | None = None, event_seq: int = 0
) -> int:
    """Owe a text to this phone of one of us; its id."""
    row = {
        "lead_id": lead_id, "contact_point_id": contact_id, "direction": "out", "status": "queued", "purpose": purpose,
        "body": words, "created_at": now, "due_at": now, "event_seq": event_seq,
    }  # fmt: skip
    return keep_text(session, row)


_event = table_of(Event)
_told = select(_event.c.meta).where(_event.c.stream == bindparam("of_lead"), _event.c.seq == bindparam("of_seq"))
_free = select(lead.c.id).where(lead.c.id == bindparam("of_lead"), lead.c.owner_id.is_(None), not_ended)


def still_waits(session: Session, lead_id: int, event_seq: int, paged_at: datetime, now: datetime) -> bool:
    """Whether it is worth the while of one of us to read now what this event told them; a lead that no event told of waits while free."""
    if now - paged_at >= WORTH_SENDING_FOR:
        return False
    meta = session.connection().execute(_told, {"of_lead": lead_id, "of_seq": event_seq}).scalar_one_or_none() or {}
    kind = meta.get("clock", UNCLAIMED)
    if kind == UNCLAIMED:
        return session.connection().execute(_free, {"of_lead": lead_id}).first() is not None
    clock = clocks_of(session, lead_id).get(kind)
    return clock is not None and clock.runs and clock.round == meta["round"]
