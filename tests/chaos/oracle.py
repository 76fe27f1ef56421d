"""What must hold after a storm: read from the store, from what stands in Slack, from the phone network's own book and from the logs."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.sandbox.workspace import BOT_TOKEN
from bot.store.contacts import ContactPoint
from bot.store.database import Store
from bot.store.events import Event, broken_links
from bot.store.leads import Arrival, Lead
from bot.store.outbound import Message
from bot.store.people import Officer
from bot.store.postings import Posting
from tests.chaos.installation import Installation
from tests.chaos.people import Told
from tests.doubles.shown import JSON, is_card_of, words
from tests.doubles.waiting import until
from tests.doubles.workplace import LEADS

SETTLES_WITHIN = timedelta(seconds=5)
"""What was owed longer than this, once the storm is over, has been forgotten, or is still being caught up with."""
PERSONAL = re.compile(r"Name\d|55501\d\d|555-01\d\d|p\d+@example|Answer \d+ of mine")
"""What borrowers and officers said of themselves in the storm."""
FREES = ("given_back", "lapsed", "neglected", "owner_away", "left")
_CARDS = select(Posting.lead_id, Posting.message_id).where(col(Posting.kind) == "card")
Check = Callable[[Session], Iterator[str]]


async def settled(store: Store) -> None:
    """Return once everything that was owed is done (I12)."""

    async def caught_up() -> bool:
        return not store.transact_now(_owed_too_long, datetime.now(UTC) - SETTLES_WITHIN)

    async def said() -> str:
        return str(store.transact_now(_owed_too_long, datetime.now(UTC) - SETTLES_WITHIN))

    await until(caught_up, "an installation that has caught up", said)


def _owed_too_long(session: Session, since: datetime) -> list[str]:
    postings = session.exec(select(Posting).where(col(Posting.due_at) <= since)).all()
    texts = session.exec(select(Message).where(col(Message.due_at) <= since)).all()
    return [f"posting {each.kind} {each.topic} of {each.lead_id}" for each in postings] + [f"text {each.status}" for each in texts]


@dataclass(frozen=True)
class Done:
    """What came of it all, as the store says."""

    leads: int
    claims: int
    texts: int


def done(session: Session) -> Done:
    claims = select(func.count()).select_from(Event).where(col(Event.kind) == "claimed")
    texts = select(func.count()).select_from(Message).where(col(Message.status).in_(("sent", "delivered")))
    return Done(session.exec(select(func.count()).select_from(Lead)).one(), session.exec(claims).one(), session.exec(texts).one())


async def broken_promises(place: Installation, store: Store, told: Told) -> list[str]:
    """Everything that does not hold, in words; nothing where all does."""
    slack = AsyncWebClient(token=BOT_TOKEN, base_url=place.sandbox.api_url)
    channel = [each async for page in await slack.conversations_history(channel=LEADS, limit=100) for each in page["messages"]]
    async with aiohttp.ClientSession() as session, session.get(f"{place.sandbox.url}/_control/texts") as answer:
        texts = [each["body"] for each in (await answer.json())["texts"] if each["direction"] == "outbound-api"]
    checks = (_leads(told.leads), _owners, _cards(channel), _texts(told.asked, texts), _stops(told.stopped), broken_timelines)
    found = [f"{each} was answered with two numbers" for each in told.contradictions]
    for check in checks:
        found += store.transact_now(_all_of, check)
    logs = {replica.log.name: PERSONAL.findall(replica.log.read_text()) for replica in place.replicas}
    return found + [f"{name} says {said}" for name, said in logs.items() if said]


def _all_of(session: Session, check: Check) -> list[str]:
    return list(check(session))


def _leads(answered: dict[str, int]) -> Check:
    """I1: what was answered is there, once, and nothing is there twice."""

    def check(session: Session) -> Iterator[str]:
        kept = Counter(session.exec(select(Arrival.external_id, Arrival.lead_id)).all())
        yield from (f"arrival {each} is there {times} times" for each, times in kept.items() if times > 1)
        yield from (f"{each} was answered with {lead} and is not there" for each, lead in answered.items() if (each, lead) not in kept)

    return check


def _owners(session: Session) -> Iterator[str]:
    """I2: nobody claims what somebody has, and who claimed last has it."""
    owner: dict[int, int | None] = {}
    for event in session.exec(select(Event).where(col(Event.kind).in_(("claimed", *FREES))).order_by(col(Event.stream), col(Event.seq))):
        if event.kind == "claimed" and owner.get(event.stream) is not None:
            yield f"#{event.stream} was claimed while somebody had it"
        owner[event.stream] = event.officer_id if event.kind == "claimed" else None
    for lead in session.exec(select(Lead)):
        if lead.owner_id != owner.get(lead.id or 0):
            yield f"#{lead.id} belongs to another one than its timeline says"


def _cards(channel: list[JSON]) -> Check:
    """I1 and I7: one card for each lead, and it names its owner."""

    def check(session: Session) -> Iterator[str]:
        names = dict(session.exec(select(Officer.id, Officer.name)).all())
        cards = dict(session.exec(_CARDS).all())
        for lead in session.exec(select(Lead)):
            assert lead.id is not None
            standing = [each for each in channel if is_card_of(each, lead.id)]
            if [each["ts"] for each in standing] != [cards.get(lead.id)]:
                yield f"#{lead.id} has {len(standing)} cards, and the store knows of {cards.get(lead.id)}"
            elif lead.owner_id is not None and f"{names[lead.owner_id]} has it" not in words(standing[0]):
                yield f"the card of #{lead.id} does not name its owner"

    return check


def _texts(asked: list[str], taken: list[str]) -> Check:
    """I3: the network took each of these words once at most, and all that the store calls sent."""

    def check(session: Session) -> Iterator[str]:
        times = Counter(each for each in taken if each in asked)
        yield from (f"the network took {each!r} {count} times" for each, count in times.items() if count > 1)
        for body, status in session.exec(select(Message.body, Message.status).where(col(Message.direction) == "out")):
            if status in ("sent", "delivered") and body not in taken:
                yield f"a text is {status}, and the network has none"

    return check


def _stops(stopped: dict[str, float]) -> Check:
    """I6: nothing was marked to be sent after a STOP was answered, but for the one confirmation."""

    def check(session: Session) -> Iterator[str]:
        sent = select(ContactPoint.value, Message.left_at, Message.purpose).join(Message).where(col(Message.left_at).is_not(None))
        for phone, left_at, purpose in session.exec(sent):
            at = stopped.get(phone)
            if at is not None and left_at is not None and left_at.timestamp() > at and purpose != "opt_out":
                yield f"a text ({purpose}) left after a STOP"

    return check


def broken_timelines(session: Session) -> Iterator[str]:
    """I9: every chain is whole, and the company's seals too."""
    yield from (f"event {seq} of {stream}: {what}" for stream, seq, what in broken_links(session))
