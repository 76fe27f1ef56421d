"""The mail server as the rest of Leadbell knows it: what is handed over, and what it may answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """An email whole: equal letters are equal to the byte, so that a second try is the same email. `returns_to` is whom servers tell that
    it did not arrive; `unsubscribe_url` is None for staff."""

    message_id: str
    written_at: datetime
    from_name: str
    from_address: str
    returns_to: str
    reply_to: str | None
    to: str
    language: str
    subject: str
    words: str
    below: tuple[str, ...]
    unsubscribe: str
    unsubscribe_url: str | None
    links: tuple[str, ...] = ()  # what stands for each address in the words, in their order; empty where none is counted
    picture: str | None = None  # the address of a clear pixel of ours, where it is noted that it was loaded


@dataclass(frozen=True, slots=True)
class Taken:
    """The server has it and answers for it from now on."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The server refused it for good; `no_mailbox` where nobody is at this address."""

    code: int
    no_mailbox: bool


@dataclass(frozen=True, slots=True)
class NotTaken:
    """It did not leave: the server was not reached, or wants it later."""

    because: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """All of it was handed over and the answer was lost: the server may have it."""


PostAnswer = Taken | Declined | NotTaken | Unanswered


class PostOffice(Protocol):
    async def deliver(self, letter: Letter, deadline: float) -> PostAnswer:
        """Hand a letter over once. Nothing is begun once `network.seconds()` has passed the deadline."""

    async def close(self) -> None: ...
