"""`python -m bench.drips`: steps of sequences that are due at one instant among a million that are not, decided and handed over."""

import argparse
import asyncio
import statistics
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import uvloop
from sqlalchemy import text
from sqlmodel import Session

from bench.company import CONFIG, borrower
from bench.deciding import NOON, company
from bot.drip_steps import Sender, touch_next
from bot.drips import keep_library
from bot.intake import prepare, record_arrival
from bot.outreach.network import Known, Outgoing, SendAnswer
from bot.runner import forever
from bot.services import TEXTED_TOGETHER, Services
from bot.sources.generic import parse
from bot.store.drips import add_drip, due_drips, newest_version_of, next_drip_due, set_beginning
from bot.store.messages import keep_text, owed_texts, reach_of
from bot.tending import tend_next
from tests.doubles.texts import AGREED

DUE, ENROLLMENTS, AT_A_TIME, LOOKS = 10_000, 1_000_000, 20_000, 200
SENDER = Sender("Acme Mortgage", "123456", None)
LATER = datetime(2027, 6, 1, tzinfo=UTC)
MAY_TEXT = """
texting:
  stop_text: "You are opted out of texts from Acme Mortgage. Reply START to come back."
  help_text: "Acme Mortgage, NMLS 123456. Call (512) 555-0199. Reply STOP to opt out."
  sender_registered_on: 2026-11-02
  signed_off_by: Ruth Lee
  signed_off_on: 2026-11-02
"""


@dataclass(slots=True)
class StandIn:
    """A phone network that takes every text at once."""

    name: str = "bench"
    sender: str = "+15125550199"
    taken: "count[int]" = field(default_factory=count)

    async def send(self, text: Outgoing, _deadline: float) -> SendAnswer:
        return Known(f"SM{next(self.taken)}", "sent", None, text.words)


def enroll(services: Services, due: int) -> None:
    """So many leads that were greeted a week ago, each at the first step of the new lead's sequence, which is due."""
    services.store.transact_now(keep_library)
    for number in range(due):
        lead = {**borrower(number), **AGREED}
        arrival = prepare(services, services.in_force.sources["website"], parse(lead))
        services.store.transact_now(_enroll, services.store.transact_now(record_arrival, arrival).lead)


def _enroll(session: Session, lead: int) -> None:
    version = newest_version_of(session, "new_lead")
    assert version is not None, "the library is kept"
    drip_id = add_drip(session, lead, version, 0, NOON, NOON - timedelta(minutes=10))
    assert drip_id is not None, "it is the lead's first"
    set_beginning(session, drip_id, 1)
    number = reach_of(session, lead)
    assert number is not None, "it has a phone"
    greeted = {"lead_id": lead, "contact_point_id": number[0], "direction": "out", "purpose": "greeting", "status": "delivered"}
    keep_text(session, {**greeted, "body": "Hi", "created_at": NOON - timedelta(days=8), "left_at": NOON - timedelta(days=8)})


_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT CAST(:first AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < :last) "
_COPIES = (
    "INSERT INTO enrollment (lead_id, sequence_id, sequence_key, step, touches, state, started_at, at, due_at, set_seq, attempts, fence) "
    "SELECT lead_id, sequence_id, 'later ' || n, 1, 1, state, started_at, :later, :later, 0, 0, 0 FROM enrollment, numbers WHERE id = 1"
)


def _copy(session: Session, row: dict[str, object]) -> None:
    session.connection().execute(text(_NUMBERS + _COPIES), row)


def fill(services: Services, enrollments: int) -> None:
    """So many more that are due in half a year."""
    for first in range(0, enrollments, AT_A_TIME):
        row: dict[str, object] = {"first": first, "last": min(first + AT_A_TIME, enrollments) - 1, "later": LATER}
        services.store.transact_now(_copy, row)
    services.store.transact_now(lambda session: session.connection().execute(text("ANALYZE")))


def look(services: Services) -> float:
    """Milliseconds of the question what is due, as each look of the due loop asks it, where nothing is."""
    taken = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        services.store.transact_now(next_drip_due)
        services.store.transact_now(due_drips, NOON - timedelta(days=1), 1)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def decide(services: Services) -> float:
    """Seconds until every step that is due is decided: judged by the gate, its words filled, the text owed."""
    began = time.perf_counter()
    while services.store.transact_now(touch_next, NOON, "bench", SENDER)[0]:
        pass
    return time.perf_counter() - began


async def hand_over(services: Services) -> tuple[int, float]:
    """How many texts were judged again, marked and handed to the stand-in, its answers written down; and the seconds of that."""
    network = StandIn()
    services.network = network  # type: ignore[assignment]  # nothing else is asked of it
    began = time.perf_counter()
    workers = [asyncio.create_task(forever(partial(tend_next, services))) for _ in range(TEXTED_TOGETHER)]
    while texts := await services.store.read(owed_texts, NOON):
        services.tend(texts)
        await services.texts.join()
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return next(network.taken), time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.drips", description="What steps of sequences cost.")
    options.add_argument("--due", type=int, default=DUE, help="steps due at one instant")
    options.add_argument("--enrollments", type=int, default=ENROLLMENTS, help="enrollments that are not due")
    options.add_argument("--sqlite", action="store_true", help="only SQLite")
    chosen = options.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for kind in ("sqlite",) if chosen.sqlite else ("sqlite", "postgresql"):
            with company(kind, CONFIG + MAY_TEXT) as services:
                enroll(services, chosen.due)
                before = look(services)
                fill(services, chosen.enrollments)
                print(f"{kind}: a look that finds nothing due: {before:.2f} ms, over {chosen.enrollments} more {look(services):.2f} ms")
                spent = time.process_time()
                decided = decide(services)
                handed, sent = runner.run(hand_over(services))
                spent = (time.process_time() - spent) / handed * 1000
                print(
                    f"{kind}: {handed} steps: decided {handed / decided:.0f}/s, handed over {handed / sent:.0f}/s, "
                    f"both {handed / (decided + sent):.0f}/s (aim 500), {spent:.2f} ms of this process's processor each",
                    flush=True,
                )


if __name__ == "__main__":
    main()
