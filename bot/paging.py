"""A manager who does not look at the chat is texted about a lead that waits too long."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from bot.rendering import PLAIN, Words
from bot.rules.phones import read_phone
from bot.scene import Scene
from bot.store.columns import table_of
from bot.store.contacts import Reachable, keep_contact
from bot.store.installation import Installation, contact_key
from bot.store.leads import lead, not_ended
from bot.store.messages import keep_text, message
from bot.store.people import officer

WORTH_SENDING_FOR = timedelta(minutes=25)
"""A page that could not leave for so long is not sent: the next one, 30 minutes after it, says how things stand."""

PAGES_AN_HOUR = 6
"""Texts that one manager gets in an hour, those about the best leads first: whom six texts did not move reads no more of them."""

staff = Words("staff", PLAIN)
_installation = table_of(Installation)
_person = (
    select(officer.c.phone, officer.c.language, _installation.c.hash_key)
    .join_from(officer, _installation, _installation.c.id == 1)
    .where(officer.c.id == bindparam("of_officer"), officer.c.active, officer.c.phone.is_not(None))
)
_pages = select(func.count()).where(
    message.c.contact_point_id == bindparam("to_contact"), message.c.purpose == "paging", message.c.created_at > bindparam("since")
)


def text_managers(scene: Scene, minutes: int, event_seq: int) -> None:
    """Owe the managers a text that the lead is still free; it leaves only while that is so. Their number is the config's."""
    for manager_id in scene.managers:
        for phone, language, hash_key in scene.session.connection().execute(_person, {"of_officer": manager_id}):
            number = read_phone(phone)
            if number is None:
                continue
            facts = {"number": scene.lead.number, "grade": scene.lead.grade, "purpose": scene.lead.purpose, "state": scene.lead.state}
            words = staff.say("unclaimed_text", language, **facts, minutes=minutes)
            contact_id = keep_contact(scene.session, Reachable("phone", number, contact_key(bytes.fromhex(hash_key), "phone", number)))
            lately = {"to_contact": contact_id, "since": scene.now - timedelta(hours=1)}
            if scene.session.connection().execute(_pages, lately).scalar_one() >= PAGES_AN_HOUR:
                continue
            row = {
                "lead_id": scene.lead.number, "contact_point_id": contact_id, "direction": "out", "status": "queued", "purpose": "paging",
                "body": words, "created_at": scene.now, "due_at": scene.now, "event_seq": event_seq,
            }  # fmt: skip
            keep_text(scene.session, row)


_free = select(lead.c.id).where(lead.c.id == bindparam("of_lead"), lead.c.owner_id.is_(None), not_ended)


def still_waits(session: Session, lead_id: int, paged_at: datetime, now: datetime) -> bool:
    """Whether it is worth a manager's while to read this now."""
    return now - paged_at < WORTH_SENDING_FOR and session.connection().execute(_free, {"of_lead": lead_id}).first() is not None
