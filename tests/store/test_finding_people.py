"""Officers whom the config names by email are looked for in Slack, however many of them Slack does not know."""

from types import SimpleNamespace
from typing import Any, cast

from slack_sdk.errors import SlackApiError

from bot.handlers.slack.people import find_places
from bot.store.places import officer_at
from tests.doubles.branch import Branch

CHANNELS: dict[str, Any] = {"channels": []}
LAST_TO_BE_ASKED_FOR = "cora@acme.example"


class Workspace:
    """Tells so many people a minute, and knows one."""

    def __init__(self) -> None:
        self.left = 0
        self.asked: list[str] = []

    async def conversations_list(self, **_: Any) -> dict[str, Any]:
        return CHANNELS

    async def users_lookupByEmail(self, *, email: str) -> dict[str, Any]:  # noqa: N802  # Slack's own name
        if not self.left:
            raise SlackApiError("", SimpleNamespace(data={"error": "ratelimited"}))
        self.left -= 1
        self.asked.append(email)
        if email != LAST_TO_BE_ASKED_FOR:
            raise SlackApiError("", SimpleNamespace(data={"error": "users_not_found"}))
        return {"user": {"id": "U77"}}


async def test_whoever_slack_knows_is_found_though_it_is_asked_for_more_whom_it_does_not_know_than_it_tells(branch: Branch) -> None:
    workspace, after = Workspace(), 0
    for _ in range(3):
        workspace.left = 2
        after = await find_places(branch.services, cast(Any, workspace), after)

    assert workspace.asked[-1] == LAST_TO_BE_ASKED_FOR
    found = branch.store.read_now(officer_at, "slack", "U77")
    assert found is not None and found.key == "cora"
