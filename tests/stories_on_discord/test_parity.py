"""What Slack has and Discord lacks, by name: whatever is added to one is added here or there."""

from bot.handlers.discord.commands import COMMANDS
from bot.handlers.slack.app import COMMANDS as ON_SLACK

LACKS = {"text", "assign", "why", "off", "on", "mine", "later", "remind", "pipeline"}


def test_discord_has_slacks_commands_but_for_these() -> None:
    assert {command.name for command in ON_SLACK} - set(COMMANDS) == LACKS
