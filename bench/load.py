"""Open loop: everything is sent at its scheduled instant, however slow the answers are, and counted from that instant."""

import asyncio
import itertools
import math
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from bench.company import KEY, SOURCE, borrower
from bench.stand_in import StandIn
from bench.subjects import Subject

DRAINS_WITHIN = 10.0


@dataclass(frozen=True, slots=True)
class Load:
    """What became of one load: milliseconds from the scheduled instant, how many were lost, processor milliseconds for each."""

    milliseconds: tuple[float, ...]
    lost: int
    processor: float

    def percentile(self, part: float) -> float:
        """The nearest-rank percentile in milliseconds; infinite when nothing came through."""
        ordered = sorted(self.milliseconds)
        return ordered[math.ceil(part * len(ordered)) - 1] if ordered else math.inf

    @property
    def sustained(self) -> bool:
        """Everything came, and 99 of 100 within a second."""
        return not self.lost and self.percentile(0.99) < 1000


class Leads:
    """Sends leads, none like another, to one server and finds their cards at its Slack."""

    def __init__(self, session: aiohttp.ClientSession, subject: Subject, slack: StandIn, first: int) -> None:
        self._session = session
        self._subject = subject
        self._slack = slack
        self._urls = itertools.cycle(subject.urls)
        self._sent = first

    async def ring(self, rate: float, count: int, source: str = SOURCE) -> Load:
        """Send so many leads of a source at so many a second: from the scheduled instant to the card's arrival in Slack."""
        numbers: dict[int, int] = {}
        first = self.take(count)

        async def send(position: int) -> None:
            number = await self.send(first + position, source)
            if number is not None:
                numbers[position] = number

        before = self._subject.processor_seconds()
        scheduled = await open_loop(rate, count, send)
        carded = self._slack.carded
        await until(lambda: all(numbers.get(position) in carded for position in range(count)))
        spent = self._subject.processor_seconds() - before
        milliseconds = [
            (carded[numbers[position]] - scheduled[position]) * 1000
            for position in range(count)
            if position in numbers and numbers[position] in carded
        ]
        return Load(tuple(milliseconds), count - len(milliseconds), spent / count * 1000)

    def take(self, count: int) -> int:
        """The first of so many leads that nobody sent yet."""
        self._sent += count
        return self._sent - count

    async def send(self, lead: int, source: str = SOURCE) -> int | None:
        """Send one lead; the number that it got, or None when it was not taken."""
        try:
            async with self._session.post(f"{next(self._urls)}/leads/{source}", data=orjson.dumps(borrower(lead))) as answer:
                return int((await answer.json())["lead"]) if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError):
            return None


@asynccontextmanager
async def leads_for(subject: Subject, slack: StandIn, first: int = 0) -> AsyncIterator[Leads]:
    """Somebody who sends leads of these numbers on."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=4)  # shorter than the server's, so that none is used while it closes
    async with aiohttp.ClientSession(headers=headers, connector=connector, timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield Leads(session, subject, slack, first)


async def press_claims(subject: Subject, slack: StandIn, rate: float, count: int) -> Load:
    """Press Claim on so many cards that hang, each once: from the scheduled instant to the ack."""
    hanging = sorted(slack.message_of)[-count:]
    officers = ("U0MAYA", "U0LUIS")
    envelopes: dict[int, str] = {}

    async def press(position: int) -> None:
        envelopes[position] = await slack.press_claim(hanging[position], officers[position % 2])

    before = subject.processor_seconds()
    scheduled = await open_loop(rate, len(hanging), press)
    await until(lambda: all(envelope in slack.acked for envelope in envelopes.values()))
    spent = subject.processor_seconds() - before
    acked = [(slack.acked[id] - scheduled[position]) * 1000 for position, id in envelopes.items() if id in slack.acked]
    return Load(tuple(acked), len(hanging) - len(acked), spent / len(hanging) * 1000)


async def open_loop(rate: float, count: int, send: Callable[[int], Coroutine[Any, Any, None]]) -> list[float]:
    """Start each sending at its instant and wait for all; the instants, by `time.perf_counter`."""
    began = time.perf_counter() + 0.05
    scheduled = [began + position / rate for position in range(count)]
    async with asyncio.TaskGroup() as sending:
        for position, instant in enumerate(scheduled):
            wait = instant - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            sending.create_task(send(position))
    return scheduled


async def until(done: Callable[[], bool], within: float = DRAINS_WITHIN) -> None:
    """Wait until it is done, or give up on what has not come."""
    deadline = time.perf_counter() + within
    while not done() and time.perf_counter() < deadline:
        await asyncio.sleep(0.05)
