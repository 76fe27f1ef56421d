"""leadbell check --live for a company in Discord: token, channels with what may be done there, officers; not a word about Slack."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.config import load_config
from bot.findings import Finding
from bot.handlers.discord.live_check import IN_A_FORUM, NEEDED
from bot.live_check import check_live
from bot.settings import Settings
from tests.doubles.discord_office import CHANNEL, INVITED, ON_DISCORD
from tests.doubles.discord_server import TOKEN, DiscordServer, running_discord, spoken_to
from tests.doubles.office import config_of
from tests.doubles.ports import free_port
from tests.house.readme import table

OTHERS = ["100000000000000002", "100000000000000003"]


@pytest_asyncio.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Discord, with the company's channels in one server."""
    async with running_discord() as opened:
        with spoken_to(opened.url):
            opened.in_server = [CHANNEL, *OTHERS]
            yield opened


async def check(folder: Path, changes: dict[str, str] | None = None, **settings: Any) -> list[Finding]:
    config = load_config(config_of(folder, ON_DISCORD | (changes or {})), {})
    environ: dict[str, Any] = {"DISCORD_TOKEN": SecretStr(TOKEN), "LEADBELL_PORT": free_port()} | settings
    return [finding async for finding in check_live(Settings(**environ), config)]


def missing(findings: list[Finding]) -> list[str]:
    return [finding.said for finding in findings if finding.mark == "missing"]


@pytest.mark.usefixtures("server")
async def test_a_company_in_discord_alone_hears_nothing_of_slack(tmp_path: Path) -> None:
    findings = await check(tmp_path)

    assert missing(findings) == []
    assert not any("slack" in finding.said.casefold() for finding in findings)
    assert [finding.said for finding in findings if finding.mark == "ok"] == [
        "Signed in to Discord as user01.",
        *["#leads: Leadbell may do there what it needs."] * 3,
        "Every officer was found in Discord.",
    ]
    assert "install Discord on the phone" in findings[-1].said


async def test_without_any_token_slack_s_is_asked_for(tmp_path: Path) -> None:
    assert "SLACK_BOT_TOKEN is not set" in missing(await check(tmp_path, DISCORD_TOKEN=None))[0]


@pytest.mark.usefixtures("server")
async def test_a_token_that_discord_refuses_is_named(tmp_path: Path) -> None:
    [said] = missing(await check(tmp_path, DISCORD_TOKEN=SecretStr("another")))
    assert said.startswith("DISCORD_TOKEN: Discord refuses it.")


async def test_a_channel_in_no_server_of_ours_is_named(server: DiscordServer, tmp_path: Path) -> None:
    server.in_server.remove(CHANNEL)
    assert missing(await check(tmp_path)) == [f"Channel {CHANNEL} is in no server that Leadbell is in. Invite it there, or mend the id."]


async def test_each_permission_that_is_missing_is_named(server: DiscordServer, tmp_path: Path) -> None:
    server.in_server = [CHANNEL]
    server.allowed = (INVITED & ~discord.Permissions(manage_threads=True, read_message_history=True)).value
    said = missing(await check(tmp_path))
    assert said[0] == "#leads: Leadbell lacks Read Message History, Manage Threads. Give it that there, or invite it anew."


async def test_an_officer_who_is_not_in_the_server_or_has_no_id_is_named(server: DiscordServer, tmp_path: Path) -> None:
    server.strangers.add("200000000000000000")
    luis = next(named for named in ON_DISCORD if named.startswith("email: luis"))
    said = missing(await check(tmp_path, {luis: luis}))
    assert said == [
        "Nobody in Acme has the discord: id of officer maya. Mend it, or let them join.",
        "Officer luis has no discord: id, so nothing rings for them.",
    ]


async def test_where_discord_cannot_be_reached_it_says_so(tmp_path: Path) -> None:
    with spoken_to(f"http://127.0.0.1:{free_port()}"):
        [said] = missing(await check(tmp_path))
    assert said.startswith("Discord cannot be reached (")


def test_what_is_tried_is_what_the_page_asks_for() -> None:
    asked = {name for name, _ in table("What the bot may do in Discord") if not name.startswith("intent")}
    assert asked == {*NEEDED.values(), *(f"{each}, in a forum alone" for each in IN_A_FORUM.values())}
    assert discord.Permissions(**dict.fromkeys(NEEDED, True)) == INVITED
