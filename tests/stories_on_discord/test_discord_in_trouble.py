"""Discord refuses, is slow, loses answers and drops the line: through the real client, nothing is lost and nothing stands there twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update
from structlog.testing import capture_logs

from bot import showing
from bot.app import services_of
from bot.capture.intake import Received, receive
from bot.handlers.discord import app
from bot.handlers.discord.app import Discord
from bot.runner import forever
from bot.scheduling.due_loop import look_and_wait
from bot.services import Services
from bot.settings import Settings
from bot.showing import show_next
from bot.sources.generic import parse
from bot.sources.reading import read_body
from bot.store.columns import database_time
from bot.store.postings import Place
from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import CHANNEL, ON_DISCORD, SetClock
from tests.doubles.discord_server import TOKEN, DiscordServer, running_discord, spoken_to
from tests.doubles.office import DANA, config_of, tuesday
from tests.doubles.owing import nothing_is_owed
from tests.doubles.waiting import until

SOUTH = "100000000000000003"
MAYA, LUIS = "200000000000000000", "200000000000000001"
POSTS = rf"/channels/{CHANNEL}/messages$"


class Office:
    """The example company, with Leadbell's own client in front of the stand-in. `connected` is what ends once it has settled in."""

    def __init__(self, services: Services, server: DiscordServer, leadbell: Discord, connected: asyncio.Task[None]) -> None:
        self.services, self.server, self.leadbell, self.connected = services, server, leadbell, connected

    async def lead_arrives(self, source: str = "website", **changes: Any) -> int:
        lead = parse(read_body("application/json", json.dumps({**DANA, **changes}).encode()))
        outcome = await receive(self.services, self.services.in_force.sources[source], lead)
        assert isinstance(outcome, Received)
        return outcome.lead

    async def card_of(self, lead: int, part: str = "") -> dict[str, Any]:
        def shown() -> dict[str, Any] | None:
            cards = [(each, json.dumps(each["components"])) for each in self.server.messages(CHANNEL)]
            return next((card for card, words in cards if f":{lead}" in words and part in words), None)

        return await self.server.until(shown, f"a card of {lead} that says {part!r}")

    async def listens(self, many: int = 1) -> None:
        await self.server.until(lambda: len(self.server.listening) == many or None, "a listener")

    async def nothing_is_owed(self) -> None:
        """Wait until all that is due by now is decided and done, and all that should be shown is shown."""
        await until(partial(nothing_is_owed, self.services), "nothing owed")

    async def forgives(self) -> None:
        """What had to wait because of a limit need wait no longer."""
        await self.services.store.transact(lambda session: session.exec(update(Place).values(next_at=database_time())))
        self.services.owed.set()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with running_discord() as opened:
        with spoken_to(opened.url):
            yield opened


@asynccontextmanager
async def opened_office(folder: Path, server: DiscordServer) -> AsyncIterator[Office]:
    """At work, as `leadbell run` has it: it signs in, shows, and hears once the gateway is its own."""
    config = config_of(folder, ON_DISCORD)
    settings = Settings.model_validate({"LEADBELL_DATABASE_URL": fresh_sqlite(folder), "LEADBELL_CONFIG": config, "DISCORD_TOKEN": TOKEN})
    async with services_of(settings, SetClock(tuesday(time(12)))) as services:
        leadbell = Discord(services, TOKEN)
        steps: list[Callable[[], Awaitable[None]]] = [partial(show_next, services), partial(look_and_wait, services), leadbell.hear]
        connecting = asyncio.create_task(leadbell.connect())
        working = [connecting, *(asyncio.create_task(forever(step)) for step in steps)]
        try:
            yield Office(services, server, leadbell, connecting)
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
            await leadbell.close()


@pytest_asyncio.fixture
async def office(server: DiscordServer, tmp_path: Path) -> AsyncIterator[Office]:
    async with opened_office(tmp_path, server) as opened:
        await opened.listens()
        yield opened


@pytest.mark.parametrize("status", [429, 502, 0], ids=["too many calls", "bad gateway", "the line is cut"])
async def test_a_card_whose_posting_was_done_but_not_answered_well_is_not_posted_twice(office: Office, status: int) -> None:
    office.server.fails("POST", POSTS, status, done=True, retry_after=0.2)

    lead = await office.lead_arrives()

    await office.server.until(lambda: len(office.server.asked("POST", POSTS)) > 1 or status == 0 or None, "another try")
    await office.card_of(lead)
    await office.forgives()
    await office.nothing_is_owed()
    assert len(office.server.messages(CHANNEL)) == 1


async def test_each_try_of_a_posting_carries_the_same_number_and_asks_that_it_count_once(office: Office) -> None:
    office.server.fails("POST", POSTS, 429, times=2, retry_after=0.1)

    await office.card_of(await office.lead_arrives())

    tries = office.server.asked("POST", POSTS)
    assert len(tries) == 3 and len({each["nonce"] for each in tries}) == 1 and all(each["enforce_nonce"] for each in tries)


@pytest.mark.fault(31)
async def test_a_long_limit_holds_up_its_own_channel_alone(office: Office) -> None:
    office.server.fails("POST", POSTS, 429, retry_after=60.0)
    lead = await office.lead_arrives()
    await office.server.until(lambda: office.server.asked("POST", POSTS) or None, "a refused posting")

    south = await office.lead_arrives("partner", first_name="Cy", phone="(505) 555-0140", email="cy@example.com", property_state="NM")

    await office.server.shown(SOUTH, f"lb:claim:{south}")
    assert office.server.messages(CHANNEL) == []
    await office.forgives()
    await office.card_of(lead)


@pytest.mark.filterwarnings("error::ResourceWarning")
async def test_a_token_that_is_refused_is_said_in_one_sentence_leaves_nothing_open_and_is_tried_again(
    server: DiscordServer, tmp_path: Path
) -> None:
    server.token = "another"
    with capture_logs() as said:
        async with opened_office(tmp_path, server) as office:
            await server.until(lambda: len(server.asked("GET", "/users/@me")) > 1 or None, "a second try")
            refused = [each["event"] for each in said if "DISCORD_TOKEN" in each["event"]]
            assert refused and set(refused) == {"Discord refuses us: check DISCORD_TOKEN"}
            server.token = TOKEN
            await office.listens()


async def test_a_server_that_leadbell_is_not_in_is_said_in_one_sentence_and_looked_for_again(server: DiscordServer, tmp_path: Path) -> None:
    server.hidden = {CHANNEL, "100000000000000002", SOUTH}
    with capture_logs() as said:
        async with opened_office(tmp_path, server) as office:
            await server.until(lambda: len(server.asked("GET", f"/channels/{CHANNEL}$")) > 1 or None, "a second look")
            assert any("Invite it to the server" in each["event"] for each in said)
            server.hidden.clear()
            await office.listens()


async def test_one_channel_that_leadbell_may_not_see_leaves_the_others_at_work(server: DiscordServer, tmp_path: Path) -> None:
    server.hidden = {SOUTH}
    with capture_logs() as said:
        async with opened_office(tmp_path, server) as office:
            await office.card_of(await office.lead_arrives())
    assert [each["channels"] for each in said if "channels" in each] == [[SOUTH]]


async def test_a_token_that_is_changed_while_leadbell_listens_is_signed_in_with_anew(office: Office) -> None:
    office.server.token = "another"
    with capture_logs() as said:
        await office.server.ends_for_good()
        await office.server.until(lambda: any("for good" in each["event"] for each in said) or None, "a word about it")
    office.server.token = TOKEN
    await office.listens()

    lead = await office.lead_arrives()
    await office.server.press(MAYA, CHANNEL, await office.card_of(lead), f"lb:claim:{lead}")
    await office.card_of(lead, "Maya Torres")


async def test_what_waits_while_the_token_is_none_any_more_is_shown_however_long_that_lasts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "MOST_BREAKS", 1)
    office.server.token = "another"
    await office.server.ends_for_good()
    refused = len(office.server.asked("GET", "/users/@me$"))
    await office.server.until(lambda: len(office.server.asked("GET", "/users/@me$")) > refused or None, "a refusal")
    with capture_logs() as said:
        lead = await office.lead_arrives()
        await office.server.until(lambda: len(office.server.asked("GET", "/users/@me$")) > refused + 2 or None, "more refusals")
    assert [each["event"] for each in said if "posting" in each["event"]] == []
    office.server.token = TOKEN

    await office.card_of(lead)


async def test_a_press_is_answered_and_redraws_the_card(office: Office) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)

    await office.server.press(MAYA, CHANNEL, card, f"lb:claim:{lead}")

    await office.card_of(lead, "Maya Torres")


async def test_a_press_while_discord_changes_gateways_is_heard_when_the_session_goes_on_and_counts_once(office: Office) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    [session] = office.server.listening
    await office.server.asks_to_reconnect()

    await office.server.press(LUIS, CHANNEL, card, f"lb:claim:{lead}")

    await office.card_of(lead, "Luis Ortega")
    await office.listens()
    assert (office.server.identified, office.server.resumed) == (1, 1)
    assert [each.id for each in office.server.listening] == [session.id]


async def test_a_line_that_is_cut_without_a_word_is_taken_up_where_it_ended(office: Office) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    await office.server.cuts_the_line()

    await office.server.press(LUIS, CHANNEL, card, f"lb:claim:{lead}")

    await office.card_of(lead, "Luis Ortega")
    assert (office.server.identified, office.server.resumed) == (1, 1)


async def test_a_session_that_discord_forgot_is_begun_anew(office: Office) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    await office.server.asks_to_reconnect()
    office.server.forgets_sessions()
    await office.server.until(lambda: office.server.identified == 2 or None, "a new session")

    await office.server.press(MAYA, CHANNEL, card, f"lb:claim:{lead}")

    await office.card_of(lead, "Maya Torres")


@pytest.mark.fault(31)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/users/@me$"), ("GET", f"/channels/{CHANNEL}$"), ("PUT", "/commands$"), ("GET", rf"/members/{MAYA}$")],
    ids=["signing in", "looking for its channels", "declaring its commands", "looking who is here"],
)
async def test_a_long_limit_while_leadbell_starts_is_waited_out(
    server: DiscordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    monkeypatch.setattr(app, "WAIT_OUT", 0.1)
    server.fails(method, path, 429, retry_after=0.3)

    async with opened_office(tmp_path, server) as office:
        await office.connected
        assert len(server.asked(method, path)) == 2
        await office.listens()
        await office.card_of(await office.lead_arrives())


@pytest.mark.fault(31)
async def test_no_card_and_no_press_waits_until_commands_may_be_declared(server: DiscordServer, tmp_path: Path) -> None:
    server.fails("PUT", "/commands$", 429, retry_after=3600.0)

    async with opened_office(tmp_path, server) as office:
        await office.listens()
        lead = await office.lead_arrives()
        await server.press(MAYA, CHANNEL, await office.card_of(lead), f"lb:claim:{lead}")
        await office.card_of(lead, "Maya Torres")


@pytest.mark.fault(31)
async def test_a_long_limit_on_inviting_somebody_to_a_thread_is_a_limit_of_the_place_and_breaks_nothing(office: Office) -> None:
    office.server.fails("PUT", "/thread-members/", 429, retry_after=60.0)
    lead = await office.lead_arrives()
    with capture_logs() as said:
        await office.server.press(MAYA, CHANNEL, await office.card_of(lead), f"lb:claim:{lead}")
        await office.server.until(lambda: any(each.get("because") == "SlowDown" for each in said) or None, "a limit")

    async def settled() -> bool:
        await office.forgives()
        return await nothing_is_owed(office.services)

    await until(settled, "nothing owed")
    assert [each["event"] for each in said if each["log_level"] == "error"] == []


async def test_a_token_that_is_changed_while_commands_wait_to_be_declared_ends_nothing(
    server: DiscordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "WAIT_OUT", 0.1)
    server.fails("PUT", "/commands$", 429, times=10_000, retry_after=0.2)
    async with opened_office(tmp_path, server) as office:
        await office.listens()
        server.token = "another"
        await server.ends_for_good()
        refused = len(server.asked("GET", "/users/@me$"))
        await server.until(lambda: len(server.asked("GET", "/users/@me$")) > refused + 1 or None, "two refusals")
        server.token = TOKEN

        await office.listens()
        assert not office.connected.done()
