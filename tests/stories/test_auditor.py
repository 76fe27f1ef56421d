"""What is not as promised stands in /readyz, is told once to who runs Leadbell, and stops the heartbeat."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.oversight.auditor import Auditor
from bot.oversight.seals import seal_timelines, tell_head
from bot.scheduling.heartbeat import Heartbeat
from bot.store.clocks import clock
from bot.store.seals import newest_head
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, office_at_work


async def nothing_rings_for_it_any_more(office: Office) -> None:
    """A lead loses its clock, as no code of ours would have it."""
    assert office.services is not None
    await office.services.store.transact(lambda session: session.connection().execute(update(clock).values(due_at=None)))


async def test_a_lead_that_nothing_rings_for_is_found_and_told_once(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.audits()
    assert await office.get("/readyz") == (200, {"ready": True, "reasons": []})
    await nothing_rings_for_it_any_more(office)

    with capture_logs() as logged:
        await office.audits()
        await office.audits()

    reason = "1 open leads have neither an owner nor anything that rings for them"
    assert await office.get("/readyz") == (200, {"ready": True, "reasons": [reason]})
    await office.is_told("sam", "open leads that nothing rings for: 1")
    assert len([each for each in await office.direct_messages("sam") if "nothing rings for" in each]) == 1
    assert "Dana" not in f"{logged}"
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")
    await office.audits()
    assert (await office.get("/readyz"))[1]["reasons"] == []


@pytest.mark.fault(44)
async def test_an_auditor_that_looks_no_more_is_a_reason_too(office: Office) -> None:
    assert office.services is not None
    auditor = Auditor(office.services)
    assert auditor.reasons() == []

    auditor.at -= timedelta(minutes=4).total_seconds()

    assert auditor.reasons() == ["the auditor does not look any more"]


async def test_the_newest_seal_of_the_timelines_is_told_to_who_runs_leadbell(office: Office) -> None:
    assert office.services is not None
    await office.lead_arrives()
    await seal_timelines(office.services)
    head = await office.services.store.read(newest_head)
    await tell_head(office.services)

    await office.is_told("sam", f"Today's seal of the audit trail: {head}.")


async def test_a_channel_and_an_address_that_the_config_names_read_the_seal_instead(tmp_path: Path) -> None:
    audit = 'audit:\n  channel: {slack: "#leads"}\n  email: audit@acme.example\n\n'
    changes = {"default_team:": f"{audit}default_team:"}
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=changes, emailing=True) as office:
        assert office.services is not None
        await office.lead_arrives()
        await seal_timelines(office.services)
        head = await office.services.store.read(newest_head)
        await tell_head(office.services)

        async def in_the_channel() -> bool:
            return any(f"Today's seal of the audit trail: {head}." in message["text"] for message in await office.messages())

        await office.until(in_the_channel, "the seal in the channel")
        email = await office.email_arrives("audit@acme.example")
        assert f"leadbell audit verify --head {head}" in email["words"]


@asynccontextmanager
async def watcher(answer: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """Somebody outside who listens; the address."""
    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.fault(44)
async def test_the_heart_beats_while_all_is_well_and_stops_when_something_is_wrong(office: Office) -> None:
    assert office.services is not None
    heard: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append(request.path)
        return web.Response()

    async with watcher(hear) as address:
        auditor = Auditor(office.services)
        heart = Heartbeat(office.services, auditor, f"{address}/ping/secret")
        await heart.beat()
        assert heard == ["/ping/secret"]
        await office.lead_arrives()
        await nothing_rings_for_it_any_more(office)
        await auditor.audit()

        await heart.beat()

    assert heard == ["/ping/secret"]


async def test_a_heartbeat_goes_nowhere_else_and_its_address_is_in_no_log(office: Office) -> None:
    assert office.services is not None
    heard: list[str] = []

    async def send_on(request: web.Request) -> web.Response:
        heard.append(request.path)
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    async with watcher(send_on) as address:
        with capture_logs() as logged:
            await Heartbeat(office.services, Auditor(office.services), f"{address}/secret").beat()
    with capture_logs() as unheard:
        await Heartbeat(office.services, Auditor(office.services), f"{address}/secret").beat()

    assert heard == ["/secret"]
    assert logged[0]["status"] == 302
    assert unheard[0]["event"] == "the heartbeat did not arrive"
    assert "secret" not in f"{logged}{unheard}"
