"""What is left after a storm: read from the store, from Slack, from the phone network's own book, from logs and figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.sandbox.workspace import BOT_TOKEN
from bot.store.database import Store
from bot.store.events import Event
from bot.store.lateness import lateness_since
from bot.store.leads import Lead
from bot.store.outbound import Message
from bot.store.postings import Posting
from tests.chaos.installation import Installation
from tests.chaos.invariants import (
    Check,
    borrowers_in_order,
    by_who_may,
    cards_as_kept,
    counted_in_full,
    each_step_once,
    leads_kept,
    no_step_after_a_claim,
    nothing_after_stop,
    nothing_owed,
    one_owner,
    stages_as_told,
    steps_in_time,
    texts_taken_once,
    timelines_whole,
)
from tests.chaos.people import Told
from tests.doubles.shown import JSON, words
from tests.doubles.waiting import until
from tests.doubles.workplace import LEADS

SETTLES_WITHIN = timedelta(seconds=5)
"""What was owed longer than this, once the storm is over, has been forgotten, or is still being caught up with."""
_PHONE = r"(?<![\w.])(?:\+?1?\D?\d{3}\D{0,2})?555-?01\d\d(?!\w)"
PERSONAL = re.compile(rf"Name\d+|{_PHONE}|p\d+@example|Answer \d+ of mine|Are you there\?")
"""What borrowers and officers said of themselves in the storm. Within an id of the network's or a long fraction the digits are nobody's."""


async def settled(place: Installation, store: Store) -> None:
    """Return once everything that was owed is done (I12)."""

    async def caught_up() -> bool:
        return not broken(store, nothing_owed(SETTLES_WITHIN, place.now())) and not store.read_now(_cards_behind)

    async def said() -> str:
        return f"{broken(store, nothing_owed(SETTLES_WITHIN, place.now()))}, {store.read_now(_cards_behind)} cards are behind"

    await until(caught_up, "an installation that has caught up", said)


def _cards_behind(session: Session) -> int:
    """How many show less than they should; also those whose next try is a while ahead, after one that failed."""
    return session.exec(select(func.count()).select_from(Posting).where(Posting.kind == "card", col(Posting.due_at).is_not(None))).one()


def broken(store: Store, check: Check) -> list[str]:
    """What one of the checks finds."""
    return store.read_now(lambda session: list(check(session)))


@dataclass(frozen=True)
class Done:
    """What came of it all, as the store says; `latest`: the most seconds that a step was decided after its time."""

    leads: int
    claims: int
    given_back: int
    logged: int
    staged: int
    texts: int
    steps: int
    latest: float


def done(session: Session) -> Done:
    happened = dict(session.exec(select(Event.kind, func.count()).group_by(col(Event.kind))).all())
    texts = select(func.count()).select_from(Message).where(col(Message.status).in_(("sent", "delivered")))
    late = lateness_since(session, date.min)
    return Done(
        leads=session.exec(select(func.count()).select_from(Lead)).one(),
        claims=happened.get("claimed", 0),
        given_back=happened.get("given_back", 0),
        logged=happened.get("logged", 0),
        staged=happened.get("staged", 0),
        texts=session.exec(texts).one(),
        steps=sum(each.steps for each in late),
        latest=max((each.worst for each in late), default=0.0),
    )


async def broken_promises(place: Installation, store: Store, told: Told, *, late_at_most: float) -> list[str]:
    """Everything that does not hold, in words; nothing where all does."""
    slack = AsyncWebClient(token=BOT_TOKEN, base_url=place.sandbox.api_url)
    channel = [each async for page in await slack.conversations_history(channel=LEADS, limit=100) for each in page["messages"]]
    threads = [await _thread(slack, ts) for ts in store.read_now(_written_under)]
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{place.sandbox.url}/_control/texts") as answer:
            taken = [(each["to"], each["body"]) for each in (await answer.json())["texts"] if each["direction"] == "outbound-api"]
        figures = {
            f"the figures of {replica.port}": await _text(session, f"http://127.0.0.1:{replica.port}/metrics") for replica in place.replicas
        }
    checks = (
        leads_kept(told.leads),
        one_owner,
        texts_taken_once(told.asked, taken),
        each_step_once,
        steps_in_time(late_at_most),
        no_step_after_a_claim,
        nothing_after_stop(told.stopped),
        cards_as_kept(channel),
        borrowers_in_order(told.written, threads),
        timelines_whole,
        by_who_may,
        stages_as_told,
        counted_in_full,
    )
    found = [f"{each} was answered with two numbers" for each in told.contradictions]
    for check in checks:
        found += broken(store, check)
    return found + list(personal_words({**figures, **{replica.log.name: replica.log.read_text() for replica in place.replicas}}))


def personal_words(published: dict[str, str]) -> Iterator[str]:
    """I10: what of anybody's stands where nobody's belongs, by its name: logs and figures."""
    for name, text in published.items():
        if said := [text[max(0, each.start() - 40) : each.end() + 40] for each in PERSONAL.finditer(text)]:
            yield f"{name} says {said}"


def _written_under(session: Session) -> list[str]:
    """The cards in whose threads a borrower's words stand."""
    wrote = select(Posting.lead_id).where(col(Posting.kind) == "update", col(Posting.topic) == "wrote")
    cards = select(Posting.message_id).where(col(Posting.kind) == "card", col(Posting.lead_id).in_(wrote))
    return [each for each in session.exec(cards) if each]


async def _thread(slack: AsyncWebClient, ts: str) -> list[str]:
    lines: list[JSON] = [
        each async for page in await slack.conversations_replies(channel=LEADS, ts=ts, limit=200) for each in page["messages"]
    ]
    return [words(each) for each in lines if each["ts"] != ts]


async def _text(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url) as answer:
        return await answer.text()
