"""A phone network inside the process, for stories whose door is chat: what we send ends as the story says, and borrowers write."""

import itertools
from collections.abc import Iterable
from datetime import datetime

from bot.conversation.relay import Sms, sms_received
from bot.conversation.sending import status_told
from bot.outreach.network import Fate, Heard, Known, Nobody, NoPicture, Outgoing, Picture, SendAnswer
from bot.services import Services

DANAS_NUMBER = "+15125550100"


class Phone:
    """The network and every phone on it: what we sent, and with how many files. `ends` is what becomes of the next texts, None where the
    answer is lost."""

    name = "twilio"
    sender = "+15125550199"

    def __init__(self, services: Services) -> None:
        self._services = services
        self._ids = (f"SM{number:032}" for number in itertools.count(1))
        self._known: dict[int, str] = {}
        self.sent: list[str] = []
        self.files: list[int] = []
        self.ends: Fate | None = "sent"
        self.error_code: int | None = None

    async def send(self, text: Outgoing, deadline: float) -> SendAnswer:  # noqa: ARG002
        self.sent.append(text.words)
        self.files.append(len(text.files))
        if self.ends is None:
            return Nobody()
        self._known[text.text_id] = next(self._ids)
        return Known(self._known[text.text_id], self.ends, self.error_code, text.words, len(text.files))

    async def sent_to(self, number: str, since: datetime) -> list[Known] | None:  # noqa: ARG002
        return []

    async def received_since(self, since: datetime, numbers: Iterable[str]) -> list[Heard] | None:  # noqa: ARG002
        return []

    async def picture(self, provider_id: str, place: int, most: int) -> Picture | NoPicture:  # noqa: ARG002
        return "gone"

    async def close(self) -> None:
        """Nothing is open."""

    async def delivers(self) -> None:
        """Everything that left arrives."""
        for text_id, known_as in self._known.items():
            await status_told(self._services, text_id, Known(known_as, "delivered", None, ""), self.name)

    async def borrower_texts(self, words: str, number: str = DANAS_NUMBER) -> None:
        await sms_received(self._services, Sms(self.name, f"in-{next(self._ids)}", number, words))
