"""Ping-post: a ping is answered from memory, a post is bought at the bid of its ping, and what was asked is written down a moment later."""

import asyncio
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from datetime import time as time_of_day
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.capture import intake
from bot.capture.intake import SAME_LEAD_FOR, NewArrival, Received, record_arrival
from bot.capture.source_requests import as_it_came, keep_unread
from bot.in_force import SourceInForce
from bot.rules.pinging import GOOD_FOR, Day, PingWord, decide, read_word, write_word
from bot.services import Services
from bot.sources.new_lead import NewLead
from bot.sources.pinging import as_bought, digests_of, read_ping, say_bid, say_bought, say_no, wants_xml, word_in
from bot.sources.request import LeadRequest, Reply
from bot.sources.unreadable import FieldError, Unreadable
from bot.store.contacts import lock_keys
from bot.store.installation import contact_key
from bot.store.leads import known_arrival
from bot.store.pinging import AT_ONCE, LATE_NUMBERS, bought_since, buy, keep_pings, known_after, leads_of_ping
from bot.store.postings import Lease

LOOK_AGAIN_AFTER = 2.0
TRUSTED_FOR = 60.0
"""Seconds after which nothing is bid on what memory says: the store is away, and what we would buy could not be kept."""
MOST_WAITING = 50_000
"""Pings that wait to be written down; what is more is left out of the books, never out of the answer."""


async def look_and_wait(services: Services) -> None:
    """One step: write down what was asked, learn what is new, wait."""
    if any(source.ping is not None for source in services.in_force.sources.values()):
        await look(services)
    await asyncio.sleep(LOOK_AGAIN_AFTER)


async def look(services: Services) -> None:
    """Write down what was asked, and learn what was bought today and who is known."""
    book, store, now = services.ping_book, services.store, services.clock.now()
    for _ in range(0, len(book.waiting), AT_ONCE):  # what waited for the store to come back holds no lead up
        await store.note(keep_pings, waiting := book.waiting[:AT_ONCE])
        written = {row["key"] for row in waiting}
        book.waiting = [row for row in book.waiting if row["key"] not in written]
    for source in services.in_force.sources.values():
        if source.ping is not None:
            zone = ZoneInfo(source.team.hours.zone)
            begins = datetime.combine(now.astimezone(zone).date(), time_of_day(), zone)
            book.days[source.id] = Day(*await store.read(bought_since, source.id, begins))
    after = book.last_arrival - LATE_NUMBERS
    while True:
        found = await store.read(known_after, after, now - SAME_LEAD_FOR)
        for each in found:
            for digest in digests_of(each.value):
                book.known.pop(digest, None)  # so that whoever asked longest ago stands first
                book.known[digest] = each.at
        if found:
            book.last_arrival = max(book.last_arrival, found[-1].arrival)
        if len(found) < AT_ONCE:
            break
        after = max(after + 1, found[-1].arrival - 1)  # one arrival alone may have as many
    for digest in [digest for digest, _ in takewhile(lambda known: known[1] < now - SAME_LEAD_FOR, book.known.items())]:
        del book.known[digest]
    book.fresh_until = time.monotonic() + TRUSTED_FOR


def answer(services: Services, source: SourceInForce, asked: LeadRequest, *, over_quota: bool) -> Reply:
    """The bid for a ping, or why there is none, in the vendor's words. Asks nobody."""
    assert source.ping is not None
    now, xml = services.clock.now(), wants_xml(asked)
    decided: int | str = "quota" if over_quota else _decide(services, source, asked, now)
    number = secrets.randbits(64)
    row = _row(services, source, asked, f"{number:016x}", now)
    if isinstance(decided, str):
        _note(services, {**row, "because": decided})
        return say_no(source.format_name, decided, xml=xml)
    word, key = write_word(services.hash_key, source.id, decided, now, number)
    _note(services, {**row, "key": key, "bid": decided})
    return say_bid(source.format_name, word, decided, xml=xml)


def _decide(services: Services, source: SourceInForce, asked: LeadRequest, now: datetime) -> int | str:
    assert source.ping is not None
    if time.monotonic() > services.ping_book.fresh_until:
        return "away"
    try:
        ping = read_ping(asked, source.map)
    except Unreadable:
        return "unreadable"
    today = now.astimezone(ZoneInfo(source.team.hours.zone)).date()
    licensed = services.in_force.licensed(today)
    known = any((at := services.ping_book.known.get(digest)) is not None and at >= now - SAME_LEAD_FOR for digest in ping.digests)
    return decide(source.ping, licensed, ping.state, ping.purpose, known=known, today=services.ping_book.days.get(source.id, Day()))


def _row(services: Services, source: SourceInForce, asked: LeadRequest, key: str, now: datetime) -> dict[str, Any]:
    digest = hmac.new(services.hash_key, asked.body, "sha256").hexdigest()
    return {"source_id": source.id, "key": key, "digest": digest, "at": now, "bid": None, "because": None}


def _note(services: Services, row: dict[str, Any]) -> None:
    if len(services.ping_book.waiting) < MOST_WAITING:
        services.ping_book.waiting.append(row)


async def take_post(services: Services, source: SourceInForce, asked: LeadRequest, lead: NewLead) -> Reply:
    """The whole lead after a ping: bought at its bid, and kept durably; or refused, and then it waits with who runs Leadbell.

    Raises Unreadable and StoreUnavailable.
    """
    now, xml = services.clock.now(), wants_xml(asked)
    word = _word_of(services, source, asked)
    if isinstance(word, PingWord):
        bought = as_bought(lead, word.dollars, lead.external_id or f"ping {word.key}")
        # Its bid says that the lead is another one, or this one again: a repeat with other words is no conflict, it would be lost.
        buyer = replace(source, format=replace(source.format, takes_changes=True))
        new = replace(intake.prepare(services, buyer, bought), raw=as_it_came(services, source, asked, lead))
        row = {**_row(services, source, asked, word.key, word.at), "bid": word.dollars, "bought_at": now}
        outcome = await services.store.transact(buy_lead, new, row, holds=now - word.at <= GOOD_FOR)
        if isinstance(outcome, Bought):
            services.owe(outcome.leases)
            day = services.ping_book.days.get(source.id, Day())
            if outcome.first:
                services.ping_book.days[source.id] = Day(day.leads + 1, day.dollars + word.dollars)
            return say_bought(source.format_name, outcome.lead, word.dollars, xml=xml)
        word = outcome
    await keep_unread(services, source, asked, [FieldError(word, "ping_id", "No bid of ours stands behind this post.")])
    _note(services, {**_row(services, source, asked, f"post {secrets.token_hex(8)}", now), "because": word})
    return say_no(source.format_name, word, xml=xml)


@dataclass(frozen=True, slots=True)
class Bought:
    """The lead of a post is kept, durably; `first` says that the same post did not come before."""

    lead: int
    first: bool
    leases: tuple[Lease, ...]


def buy_lead(session: Session, new: NewArrival, row: Mapping[str, Any], *, holds: bool) -> Bought | str:
    """The transaction of a post: of two at once for one bid, one is bought. `holds` says that the bid has not expired; else why not."""
    lock_keys(session, [contact_key(b"", "ping", row["key"])])
    tied = leads_of_ping(session, row["key"])
    if tied and new.lead.external_id not in [each for _, each in tied]:
        repeated = known_arrival(session, new.source.id, None, new.fingerprint, new.at - SAME_LEAD_FOR)
        if repeated is None or repeated.lead_id not in [each for each, _ in tied]:
            return "used_ping"
    if not tied and not holds:
        return "expired_ping"
    outcome = record_arrival(session, new)
    assert isinstance(outcome, Received), "its source takes changes"
    buy(session, {**row, "lead_id": outcome.lead})
    return Bought(outcome.lead, not tied, outcome.leases)


def _word_of(services: Services, source: SourceInForce, asked: LeadRequest) -> PingWord | str:
    written = word_in(asked)
    if written is None:
        return "no_ping"
    word = read_word(services.hash_key, written)
    if word is None or word.source_id != source.id:
        return "unknown_ping"
    return word
