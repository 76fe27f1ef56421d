"""The Slack app asks for what the code uses and nothing else, and docs/slack.md says why."""

import re
from typing import Any

import pytest
from pydantic import SecretStr
from ruamel.yaml import YAML
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.app import COMMANDS
from bot.handlers.slack.live_check import _way_in
from bot.rendering import labels
from bot.rules.commands import HELP
from bot.settings import Settings
from tests.house.readme import ROOT, table

EVERY_KIND = {"channels", "groups", "im"}
SCOPES: dict[str, set[str]] = {
    "apps_connections_open": set(),  # the app-level token's connections:write, which no manifest asks for
    "auth_test": set(),
    "chat_delete": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {f"{kind}:history" for kind in EVERY_KIND},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {f"{kind}:history" for kind in EVERY_KIND},
    "users_info": {"users:read", "users:read.email"},
    "users_list": {"users:read"},
    "users_lookupByEmail": {"users:read.email"},
    "views_open": set(),
    "views_update": set(),
}
"""Of each Web API method that the code calls, the scopes it needs as the code calls it."""
EVENT_SCOPES = {"app_mention": "app_mentions:read", "message.channels": "channels:history", "message.groups": "groups:history"}


def manifest() -> Any:
    return YAML(typ="safe").load((ROOT / "slack-manifest.yaml").read_text())


def methods_in_code() -> set[str]:
    sources = [path.read_text() for path in (ROOT / "bot/handlers/slack").glob("*.py")]
    called = {name for source in sources for name in re.findall(r"client\.(\w+)", source)}
    return {name for name in called if hasattr(AsyncWebClient, name)}


def test_of_every_method_in_the_code_the_scopes_are_known() -> None:
    assert methods_in_code() == set(SCOPES)


def test_the_app_asks_for_the_scopes_in_use_and_no_more() -> None:
    wanted = manifest()["oauth_config"]["scopes"]
    used = {"commands", "files:read", EVENT_SCOPES["app_mention"]}.union(*SCOPES.values())
    assert list(wanted) == ["bot"]
    assert wanted["bot"] == sorted(used)


async def test_over_http_each_command_wants_the_address_too_and_the_page_and_the_check_say_how_many_there_are() -> None:
    six = {1: "one", 5: "five", 6: "six", 7: "seven", 8: "eight"}[len(manifest()["features"]["slash_commands"])]
    settings = Settings.model_construct(slack_signing_secret=SecretStr("a secret"), public_url="https://leads.example.com")
    told = (await _way_in(AsyncWebClient(), settings)).said
    page = " ".join((ROOT / "docs" / "slack.md").read_text().replace("*", "").split())
    for said, where in ((told, "https://leads.example.com/slack/events"), (page, "https://YOUR-HOST/slack/events")):
        given = said.replace("`", "")
        assert (
            f"give {where} as the request URL of Event Subscriptions, of Interactivity, and at each of the {six} Slash Commands." in given
        )


@pytest.mark.fault(28)
def test_the_app_may_hear_the_events_it_subscribes_to() -> None:
    asked = manifest()
    events = asked["settings"]["event_subscriptions"]["bot_events"]
    assert sorted(events) == sorted(EVENT_SCOPES)
    assert set(EVENT_SCOPES.values()) <= set(asked["oauth_config"]["scopes"]["bot"])


def test_every_slash_command_of_the_code_is_in_the_manifest() -> None:
    declared = manifest()["features"]["slash_commands"]
    assert [each["command"] for each in declared] == ["/lead", *(f"/{command.name}" for command in COMMANDS if command.short)]
    assert all(len(each["description"]) <= 2000 and len(each["usage_hint"]) <= 1000 for each in declared)


def test_every_command_to_type_is_in_the_docs_as_help_says_it() -> None:
    label = labels("en")
    known = [*(command.name for command in COMMANDS), HELP]
    assert [(name, said.replace("`", "")) for name, said in table("What you type in Slack")] == [
        (name, label("command", name)) for name in known
    ]


def test_no_two_commands_answer_to_one_word() -> None:
    words = [word for command in COMMANDS for word in (command.name, *command.aliases)]
    assert sorted({*words, HELP}) == sorted([*words, HELP])


def test_every_scope_is_explained_in_the_docs() -> None:
    rows = table("What the app may do in Slack")
    assert sorted(row[0] for row in rows) == manifest()["oauth_config"]["scopes"]["bot"]
    assert all(why and without for _, why, without in rows)


def test_socket_mode_and_buttons_are_on() -> None:
    settings = manifest()["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}


def test_the_manifest_keeps_to_slacks_lengths() -> None:
    shown = manifest()["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(manifest()["features"]["bot_user"]["display_name"]) <= 80
