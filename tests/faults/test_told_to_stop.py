"""Told to stop while everybody outside is slow, Leadbell is gone within ten seconds, and the next one does what it left."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot import app
from bot.conversation.emailing import Emailed, queue_email
from bot.handlers.slack import sockets
from bot.outreach import email
from bot.outreach.email import MailServerPost
from bot.outreach.network import seconds
from bot.outreach.post import Letter, Taken
from bot.sandbox.server import running_sandbox
from bot.settings import read_smtp_url
from bot.store import database
from bot.store.database import Store
from bot.store.messages import text_row
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.processes import running_bot
from tests.doubles.texts import Texts
from tests.doubles.unhurried import slack_is_patient
from tests.doubles.waiting import PATIENCE, stopwatch, until
from tests.doubles.workplace import Workplace

GONE_WITHIN = 10.0
SLOW = 600
WORDS = "Only once, Dana"
LETTER = Letter(
    "<1@acme.example>", datetime(2026, 11, 24, tzinfo=UTC), "Maya", "leads@acme.example", "leads@acme.example", None, "dana@example.com",
    "en", "Here", "Hi Dana", (), "", None,
)  # fmt: skip


@asynccontextmanager
async def silent_mail_server() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A server that takes a connection and never says a word; its address, and whether somebody is connected."""
    called, over = asyncio.Event(), asyncio.Event()

    async def listen(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        await over.wait()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", called
    finally:
        over.set()
        server.close()


def written(store: Store) -> tuple[Texts, int, int]:
    """A borrower wrote, and Maya answers by text and by email: both may leave at any hour."""
    branch = Branch(store, datetime.now(UTC))
    texts = Texts(branch)
    lead = texts.lead(email="dana.rowe@example.com")
    texts.came("Are you there?")
    emailed = store.transact_now(queue_email, branch.press("maya", lead), "Here", "Hi Dana", branch.services.in_force.config, on=True)
    assert isinstance(emailed, Emailed)
    return texts, texts.queued(lead, WORDS), emailed.text_id


def test_all_that_stopping_waits_for_one_after_another_is_over_in_time() -> None:
    in_app = {name: value for name, value in vars(app).items() if name.endswith("_WITHIN")}
    assert {
        "REQUESTS_END_WITHIN",
        "LOOK_ENDS_WITHIN",
        "DRAIN_WITHIN",
        "HANDED_BACK_WITHIN",
        "GOODBYES_WITHIN",
    } <= in_app.keys()
    assert sum(in_app.values()) + sockets.GOODBYE_WITHIN + database.CLOSED_WITHIN < GONE_WITHIN
    assert email.GOODBYE_WITHIN <= app.GOODBYES_WITHIN


async def test_mail_servers_that_hang_are_left_all_at_once() -> None:
    over = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while (line := await reader.readline()) and not line.startswith(b"QUIT"):
            writer.write(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 yes\r\n")
            if line.startswith(b"DATA"):
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 yes\r\n")
        await over.wait()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    address = read_smtp_url(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert address is not None
    post = MailServerPost(address)
    taken = await asyncio.gather(*(post.deliver(LETTER, seconds() + PATIENCE) for _ in range(email.CONNECTIONS)))
    assert [type(each) for each in taken] == [Taken] * email.CONNECTIONS

    async with stopwatch() as watch:
        await post.close()
    assert watch.seconds < 2 * email.GOODBYE_WITHIN

    over.set()
    server.close()


@pytest.mark.parametrize("fresh", [fresh_sqlite, lambda _: fresh_postgresql()], ids=["sqlite", "postgresql"])
async def test_told_to_stop_while_all_are_slow_it_is_gone_in_time_and_nothing_is_lost_or_doubled(
    fresh: Callable[[Path], str], tmp_path: Path
) -> None:
    url = fresh(tmp_path)
    with slack_is_patient():
        async with (
            running_sandbox() as sandbox,
            aiohttp.ClientSession() as session,
            silent_mail_server() as (smtp_url, somebody_mails),
        ):
            place = Workplace(sandbox, session)
            async with running_bot(url, tmp_path, sandbox, more={"SMTP_URL": smtp_url}) as bot:
                store = Store(url)
                await place.slack_fault("slow", method="chat.postMessage", seconds=SLOW)
                await place.slack_fault("slow", method="Messages.create", seconds=SLOW)
                texts, text_id, email_id = await asyncio.to_thread(written, store)
                status, answered = await bot.deliver(first_name="Otto", phone="(737) 555-0111", email="otto@example.com")
                assert status == 200

                async def all_are_waited_for() -> bool:
                    email = await store.read(text_row, email_id)
                    assert email is not None
                    return texts.status(text_id) == email.status == "sending"

                await until(all_are_waited_for, "a text and an email on their way", bot.said)
                await somebody_mails.wait()

                assert await bot.gone_after() < GONE_WITHIN

            await place.slack_heals()
            async with running_bot(url, tmp_path, sandbox) as bot:
                await place.card_of(int(answered["lead"]))
                await place.email_arrives("dana.rowe@example.com")

                async def text_is_settled() -> bool:
                    return texts.status(text_id) not in ("queued", "held")

                await until(text_is_settled, "a text that was sent, or is doubted", bot.said)
            seen = [text["body"] for text in (await place.see("texts"))["texts"] if text["direction"] == "outbound-api"]
            assert seen.count(WORDS) <= 1
            store.close()
