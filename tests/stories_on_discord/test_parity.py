"""Whatever one can type in Slack, one can type in Discord."""

from typing import Any

from discord import app_commands

from bot.handlers.discord.commands import DESCRIPTION
from bot.handlers.slack.app import COMMANDS as ON_SLACK
from bot.rendering import LANGUAGES, labels
from bot.rules.commands import HELP
from tests.doubles.discord_office import DiscordOffice


def commands_of(office: DiscordOffice) -> dict[str, app_commands.Command[Any, ..., Any]]:
    """Each command that one can type, by its whole name."""
    tree = office.leadbell.client.tree
    return {each.qualified_name: each for each in tree.walk_commands() if isinstance(each, app_commands.Command)}


def names_on_slack() -> set[str]:
    under_lead = {f"lead {command.name}" for command in ON_SLACK} | {f"lead {HELP}"}
    named = under_lead | {command.name for command in ON_SLACK if command.short}
    return {f"{name} show" if name.endswith("drip") else name for name in named}  # Discord lets nobody type a group alone


async def test_discord_has_every_command_of_slack(office: DiscordOffice) -> None:
    assert names_on_slack() - set(commands_of(office)) == set()


async def test_everything_that_one_types_into_is_described_in_every_language_within_discords_limit(office: DiscordOffice) -> None:
    fields = {field.name for command in commands_of(office).values() for field in command.parameters}

    for language in LANGUAGES:
        described = [labels(language)("option", field) for field in fields]
        assert not fields & set(described)
        assert all(len(each) <= DESCRIPTION for each in described)
