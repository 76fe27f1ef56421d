"""`python -m bench.emailing`: how many emails a second are made and handed over, and how many with the gate, the ledger and the line."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import text

from bench.subjects import processor_seconds
from bot.conversation.tending import deliver_next, tend_next
from bot.logs import set_up_logs
from bot.outreach.email import MailServerPost
from bot.outreach.network import seconds
from bot.outreach.post import Letter, Taken
from bot.runner import forever
from bot.services import EMAILED_TOGETHER, TEXTED_TOGETHER
from bot.settings import MailServer
from bot.store.database import Store
from bot.store.outbound import Message
from tests.conftest import COMPANY
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store, postgres_server
from tests.doubles.drips import DripTexts

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
FIRST = 300
"""Emails before those that count: with them statements are planned and templates compiled."""
CALLERS = 8
"""As many workers as one process has for what leaves."""
LETTER = Letter(
    message_id="<1@acme.example>",
    written_at=NOW,
    from_name="Maya Torres, Acme Mortgage",
    from_address="loans@acme.example",
    returns_to="loans@acme.example",
    reply_to="maya@acme.example",
    to="dana@example.com",
    language="en",
    subject="Your question about buying",
    words="Hi Dana,\n\nthis is Maya at Acme Mortgage. When is a good time to talk?\n\nMaya",
    below=(
        "Maya Torres, loan officer, NMLS 200101",
        "Acme Mortgage LLC, NMLS 123456",
        "100 Congress Ave, Austin, TX",
        "Licensed in TX, OK",
    ),
    unsubscribe="Unsubscribe",
    unsubscribe_url="https://leads.acme.example/u/1.1042.abc",
)
EMAIL: Mapping[str, Any] = {
    "after": "1 hour",
    "email": {
        "subject": {"en": "Your question about buying", "es": "Su pregunta"},
        "words": {"en": "Hi {{ first_name }},\n\nwhen is a good time to talk?", "es": "Hola {{ first_name }},\n\n¿cuándo le conviene?"},
    },
}


async def sink(port_told: str) -> None:
    """A mail server that takes everything and keeps nothing, in a process of its own."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            match line[:4].upper():
                case b"DATA":
                    writer.write(b"354 go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    writer.write(b"250 OK\r\n")
                case b"QUIT":
                    break
                case _:
                    writer.write(b"250 OK\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    Path(port_told).write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


@asynccontextmanager
async def post_office(folder: Path) -> AsyncIterator[MailServerPost]:
    told = folder / "port"
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.emailing", "--sink", str(told))
    while not told.exists() or not told.read_text():
        await asyncio.sleep(0.05)
    post = MailServerPost(MailServer("127.0.0.1", int(told.read_text()), None, None, False))
    try:
        yield post
    finally:
        await post.close()
        process.kill()
        await process.wait()


async def handed_over(post: MailServerPost, many: int) -> float:
    """Emails a second, each to somebody else, without store."""
    waiting = iter(range(many))

    async def caller() -> None:
        for number in waiting:
            letter = replace(
                LETTER, message_id=f"<{number}@acme.example>", to=f"dana{number}@example.com", words=f"{LETTER.words} {number}"
            )
            assert isinstance(await post.deliver(letter, seconds() + 10), Taken)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return many / (time.perf_counter() - began)


async def with_the_gate(post: MailServerPost, store: Store, many: int) -> tuple[float, float, float]:
    """Emails a second of a sequence, in the name of who has the lead: judged, marked, handed over, written down, their lines owed; and
    milliseconds of this process's processor and of the server's for each."""
    texts = DripTexts(Branch(store, NOW))
    services = texts.branch.services
    services.post_office, services.public_url = post, "https://leads.acme.example"
    for number in range(FIRST + many):
        lead = texts.lead(email=f"dana{number}@example.com", phone=f"(512) 555-{number % 10_000:04}", first_name=f"Dana{number}")
        texts.runs(lead, EMAIL)
    texts.passes(hours=1)
    if not store.is_sqlite:  # a server does so by itself within a minute; the one of the tests never does
        store.transact_now(lambda session: session.connection().execute(text("ANALYZE")))
    ids = [email.id for email in texts.branch.all(Message) if email.channel == "email" and email.id is not None]
    workers = [asyncio.create_task(forever(partial(tend_next, services))) for _ in range(TEXTED_TOGETHER)]
    workers += [asyncio.create_task(forever(partial(deliver_next, services))) for _ in range(EMAILED_TOGETHER)]
    services.tend(ids[:FIRST])
    await services.texts.join()
    await services.emails.join()
    began, spent = time.perf_counter(), processor(store)
    services.tend(ids[FIRST:])
    await services.texts.join()
    await services.emails.join()
    taken = time.perf_counter() - began
    ours, servers = ((after - before) / many * 1000 for after, before in zip(processor(store), spent, strict=True))
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    assert {email.status for email in texts.branch.all(Message) if email.channel == "email"} == {"sent"}
    return many / taken, ours, servers


def processor(store: Store) -> tuple[float, float]:
    """Seconds of the processor that this process took so far, and that the database's server did."""
    server = None if store.is_sqlite else postgres_server().get_pid()
    return time.process_time(), processor_seconds(server) if server else 0.0


async def measure(many: int, gated: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with post_office(Path(folder)) as post:
            await handed_over(post, many // 10)
            rates = sorted([await handed_over(post, many) for _ in range(3)])
            print(f"made and handed over, {CALLERS} callers: {rates[1]:,.0f}/s (of three: {rates[0]:,.0f} to {rates[2]:,.0f})")
            for name in ("SQLite", "PostgreSQL"):
                store = fresh_store(name.lower(), Path(folder), COMPANY)
                rate, ours, servers = await with_the_gate(post, store, gated)
                print(
                    f"with gate and ledger, {name}: {rate:,.0f}/s (aim 800), of the processor {ours:.2f} ms of this process each, "
                    f"{servers:.2f} ms of the server",
                    flush=True,
                )
                store.close()


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(prog="python -m bench.emailing", description="How fast email leaves.")
    options.add_argument("--many", type=int, default=5000, help="emails without store")
    options.add_argument("--gated", type=int, default=500, help="emails with it")
    options.add_argument("--sink", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    set_up_logs()  # a line for each email, as in the server
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(sink(chosen.sink) if chosen.sink else measure(chosen.many, chosen.gated))


if __name__ == "__main__":
    main()
