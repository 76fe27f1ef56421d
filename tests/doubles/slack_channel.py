"""The team's channel as its people see it, and what the bot asked of Slack."""

from typing import Any

import aiohttp

from bot.sandbox.server import Sandbox
from bot.store.database import Store
from bot.store.postings import Posting
from tests.doubles.rows import rows

JSON = dict[str, Any]


class SlackChannel:
    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self._session = session

    async def cards(self) -> list[JSON]:
        """The messages that stand in the channel itself, oldest first."""
        messages: list[JSON] = (await self._see("messages/C0LEADS"))["messages"]
        return [message for message in messages if message.get("thread_ts", message["ts"]) == message["ts"]]

    async def calls(self, method: str) -> list[JSON]:
        """What the bot called, oldest first."""
        log: list[JSON] = (await self._see("log"))["log"]
        return [entry for entry in log if entry["direction"] == "from_bot" and entry["method"] == method]

    async def press(self, card: JSON, user: str, action: str, lead: int) -> JSON:
        """Somebody presses a button of a card."""
        pressed = {"type": "button", "action_id": action, "value": str(lead)}
        body = {"channel": "C0LEADS", "messageTs": card["ts"], "user": user, "action": pressed}
        async with self._session.post(f"{self.sandbox.url}/_control/interact", json=body) as response:
            answer: JSON = await response.json()
            return answer

    async def _see(self, what: str) -> JSON:
        async with self._session.get(f"{self.sandbox.url}/_control/{what}") as response:
            answer: JSON = await response.json()
            return answer


async def one_card_is_shown(slack: SlackChannel, store: Store) -> bool:
    """Whether the channel holds one card, the store's, and nothing is owed."""
    cards, (posting,) = await slack.cards(), rows(store, Posting)
    return [card["ts"] for card in cards] == [posting.message_id] and posting.due_at is None
