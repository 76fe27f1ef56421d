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
from bench.subjects import processor_seconds
from bot.capture.intake import prepare, record_arrival
from bot.conversation.sending import hand_over_next
from bot.conversation.tending import tend_next
from bot.logs import set_up_logs
from bot.nurture.drips import keep_library
from bot.outreach.network import Known, Outgoing, SendAnswer
from bot.runner import forever
from bot.scheduling.due_loop import look
from bot.services import LEAVING_TOGETHER, TEXTED_TOGETHER, Services
from bot.sources.generic import parse
from bot.store.drips import add_drip, due_drips, newest_version_of, next_drip_due, set_beginning
from bot.store.messages import keep_text, owed_texts, reach_of
from tests.doubles.databases import postgres_server
from tests.doubles.texts import AGREED

DUE, ENROLLMENTS, AT_A_TIME, LOOKS = 10_000, 1_000_000, 20_000, 200
FIRST = 500
"""Steps before those that count: with them statements are planned and templates compiled."""
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


def enroll(services: Services, numbers: range) -> None:
    """Leads that were greeted a week ago, each at the first step of the new lead's sequence, which is due; nothing else is."""
    services.store.transact_now(keep_library)
    for number in numbers:
        lead = {**borrower(number), **AGREED}
        arrival = prepare(services, services.in_force.sources["website"], parse(lead))
        services.store.transact_now(_enroll, services.store.transact_now(record_arrival, arrival).lead)
    services.store.transact_now(_settle_the_rest)


def _settle_the_rest(session: Session) -> None:
    for table, columns in (("clock", ("due_at",)), ("posting", ("due_at", "stale_at")), ("lead", ("score_due_at", "drip_look_at"))):
        session.connection().execute(text(f"UPDATE {table} SET {', '.join(f'{name} = NULL' for name in columns)}"))  # noqa: S608


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


def looks(services: Services) -> float:
    """Milliseconds of the question what is due, as each look of the due loop asks it, where nothing is."""
    taken = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        services.store.transact_now(next_drip_due)
        services.store.transact_now(due_drips, NOON - timedelta(days=1), 1)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


async def hand_over(services: Services) -> float:
    """Seconds until every step that is due is decided and handed to the stand-in, and its answer written down, as the server does it: the
    due loop decides, and workers hand over meanwhile."""
    workers = [asyncio.create_task(forever(partial(tend_next, services))) for _ in range(TEXTED_TOGETHER)]
    workers += [asyncio.create_task(forever(partial(hand_over_next, services))) for _ in range(LEAVING_TOGETHER)]
    began = time.perf_counter()
    while await services.store.read(_is_owed):
        await look(services)
        await asyncio.gather(services.texts.join(), services.leaving.join())
    taken = time.perf_counter() - began
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return taken


def _is_owed(session: Session) -> bool:
    return bool(due_drips(session, NOON, 1) or owed_texts(session, NOON))


def processor(kind: str) -> tuple[float, float]:
    """Seconds of the processor that this process took so far, and that the database's server did."""
    server = postgres_server().get_pid() if kind == "postgresql" else None
    return time.process_time(), processor_seconds(server) if server else 0.0


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.drips", description="What steps of sequences cost.")
    options.add_argument("--due", type=int, default=DUE, help="steps due at one instant")
    options.add_argument("--enrollments", type=int, default=ENROLLMENTS, help="enrollments that are not due")
    options.add_argument("--only", choices=("sqlite", "postgresql"), help="one of the stores")
    chosen = options.parse_args()
    set_up_logs()  # a line for each text, as in the server
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for kind in (chosen.only,) if chosen.only else ("sqlite", "postgresql"):
            with company(kind, CONFIG + MAY_TEXT) as services:
                network = StandIn()
                services.network = network  # type: ignore[assignment]  # nothing else is asked of it
                enroll(services, range(FIRST))
                runner.run(hand_over(services))
                enroll(services, range(FIRST, FIRST + chosen.due))
                before = looks(services)
                fill(services, chosen.enrollments)
                print(f"{kind}: a look that finds nothing due: {before:.2f} ms, over {chosen.enrollments} more {looks(services):.2f} ms")
                spent = processor(kind)
                taken = runner.run(hand_over(services))
                ours, servers = ((after - earlier) / chosen.due * 1000 for after, earlier in zip(processor(kind), spent, strict=True))
                assert next(network.taken) == FIRST + chosen.due
                print(
                    f"{kind}: {chosen.due} steps decided, gated and handed over: {chosen.due / taken:.0f}/s (aim 500), of the processor "
                    f"{ours:.2f} ms of this process each, {servers:.2f} ms of the server",
                    flush=True,
                )


if __name__ == "__main__":
    main()
