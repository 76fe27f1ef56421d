"""A borrower follows a link in an email, or looks around where it led: the score counts it, the thread shows it, a silence ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.capture.asking_again import show_again
from bot.distribution.scoring import judge_again
from bot.rules.clicking import SCANNED_WITHIN, links_in, read_token
from bot.services import Services
from bot.store.covering import who_answers
from bot.store.drips import let_come
from bot.store.events import Fact, append_event
from bot.store.leads import lead_of
from bot.store.messages import lock_text, message, text_row
from bot.store.postings import Lease, post_notice, post_update, redraw
from bot.store.scoring import Heard
from bot.store.seen import once

SILENCE = timedelta(days=7)
"""Who was not heard of for so long and follows a link is worth a call."""
Did = Literal["clicked", "visited", "calculated"]
_counted: TypeAdapter[Literal["counted"]] = TypeAdapter(Literal["counted"])
_left_at = select(message.c.left_at).where(message.c.id == bindparam("text_id"))


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link of ours leads: what stood in an email that left, never what somebody asks for."""

    email_id: int
    target: str


async def find(services: Services, token: str) -> Link | None:
    """The link of this token; None where it is none of ours."""
    named = read_token(services.hash_key, token)
    return await services.store.read(_link, *named) if named else None


def _link(session: Session, email_id: int, number: int) -> Link | None:
    text = text_row(session, email_id)
    links = links_in(text.words) if text is not None and text.channel == "email" and text.direction == "out" else []
    return Link(email_id, links[number]) if number < len(links) else None


async def count(services: Services, link: Link, did: Did = "clicked") -> None:
    """A person followed it, or is where it led: looks at the site, or works something out there."""
    services.owe(await services.store.transact(note_click, link.email_id, services.clock.now(), services.salt(), did))


def note_click(session: Session, email_id: int, now: datetime, salt: str, did: Did = "clicked") -> list[Lease]:
    """The transaction of a click or a visit. Those of one email on one day are one; one within seconds of its leaving is a program's."""
    text = lock_text(session, email_id)
    if text is None or text.lead_id is None:
        return []
    left_at = session.connection().execute(_left_at, {"text_id": email_id}).scalar_one()
    if left_at is None or now - left_at < SCANNED_WITHIN:
        return []
    lead_id, leases = text.lead_id, list[Lease]()
    kind: Literal["clicked", "visited"] = "clicked" if did == "clicked" else "visited"

    def counted() -> Literal["counted"]:
        heard = Heard(kind, now)
        judged = judge_again(session, lead_id, now, heard)
        known, news = lead_of(session, lead_id), judged.news(heard)
        meta = {"text": email_id, **({"what": "calculator"} if did == "calculated" else {}), **news}
        seq = append_event(session, lead_id, Fact(kind, "borrower", now, meta, subject_id=known.borrower_id), salt)
        if did == "clicked":
            let_come(session, lead_id, "clicked", now)
        if did != "visited" or news:  # the click that led there stands in the thread already
            post_update(session, lead_id, kind, seq, judged.score.points)
        show_again(session, lead_id, news, seq, judged.score.points)
        answers = who_answers(session, known, now) if did == "clicked" and judged.quiet >= SILENCE else None
        if answers is not None:
            leases.extend(post_notice(session, lead_id, answers, "clicked", seq, judged.score.points, at_once=True))
        leases.extend(redraw(session, lead_id, at_once=True))
        return "counted"

    name = "click" if did == "clicked" else did
    once(session, f"{name}:{email_id}:{now.date().isoformat()}", now, _counted, counted)
    return leases
