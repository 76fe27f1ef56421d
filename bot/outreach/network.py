"""The phone network as the rest of Leadbell knows it: what may be asked of it, and what it may answer."""

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

Fate = Literal["sent", "delivered", "failed"]


def seconds() -> float:
    """Seconds that also pass while this process is stopped, and where the system can say so while the machine sleeps."""
    return time.clock_gettime(_CLOCK)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A text that is to leave, from this number of ours; from the one that all teams share where none is named."""

    text_id: int
    to: str
    words: str
    our_number: str | None = None
    files: tuple[str, ...] = ()
    """Public addresses of what leaves with it; the network fetches them at once."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A text that is marked as being sent: the right to one call."""

    text: Outgoing
    fence: int
    files: int = 0
    lead_id: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A text that the network has, and where it stands there."""

    provider_id: str
    fate: Fate
    error_code: int | None
    words: str
    files: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """A text that somebody sent to us, as the network keeps it."""

    provider_id: str
    sender: str
    our_number: str
    words: str
    pictures: int
    at: datetime


@dataclass(frozen=True, slots=True)
class NeverSent:
    """The network refused the text, for good."""

    error_code: int | None


@dataclass(frozen=True, slots=True)
class NotNow:
    """The text did not leave: the network has too much to do or was not reached, or our time was up before we called it."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """The answer was lost: nobody here knows whether the text left."""


SendAnswer = Known | NeverSent | NotNow | Nobody


@dataclass(frozen=True, slots=True)
class Picture:
    """What a borrower sent with a text, whole. Whatever the network says of its type is not believed."""

    content: bytes


NoPicture = Literal["gone", "too_large", "unreachable"]


class PhoneNetwork(Protocol):
    name: str
    sender: str
    """The number that texts come from, or what the network calls our numbers together."""

    async def send(self, text: Outgoing, deadline: float) -> SendAnswer:
        """Send a text with one single call. Nothing leaves once `seconds()` has passed the deadline."""

    async def sent_to(self, number: str, since: datetime) -> list[Known] | None:
        """What the network has of ours to this number, the newest first; None when it cannot be asked."""

    async def received_since(self, since: datetime, numbers: Iterable[str]) -> list[Heard] | None:
        """What was texted since then to the number that all teams share and to these, the oldest first; None when it cannot be asked."""

    async def picture(self, provider_id: str, place: int, most: int) -> Picture | NoPicture:
        """The picture at this place, from 1, of what came with a text; no more than so many bytes are read."""

    async def close(self) -> None: ...


CallOutcome = Literal["connected", "no_answer", "busy", "failed"]


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call that the network has, or one leg of it. `outcome` is there once it is over, `seconds` where both ends were connected."""

    provider_id: str
    outcome: CallOutcome | None
    seconds: int | None = None


CallAnswer = KnownCall | NeverSent | NotNow | Nobody


Door = Literal["answered", "paged", "records"]
"""Who is asked what to say once one of us picks up: an officer who had themselves called, somebody who is told of a lead, or an officer who
records a message of their own."""


@dataclass(frozen=True, slots=True)
class KnownRecording:
    """A recording that the network has whole."""

    recording_id: str
    seconds: int


class NoRecording(Exception):
    """The network does not hand this recording out: `gone` where it has it no more."""

    def __init__(self, *, gone: bool) -> None:
        super().__init__()
        self.gone = gone


class VoiceNetwork(Protocol):
    name: str
    number: str
    """The number that calls come from, and that borrowers call."""

    async def ring(self, to: str, call_id: int, door: Door, deadline: float) -> CallAnswer:
        """Ring one of us with one single request: this door of ours is asked what they hear once they pick up. Nothing happens past the
        deadline."""

    async def rung(self, to: str, since: datetime) -> list[KnownCall] | None:
        """The calls that we made to this number since then, the newest first; None when the network cannot be asked."""

    async def leave_words(self, leg_id: str, call_id: int) -> bool:
        """Part a leg of this call from the officer, and have it hear what our door "voicemail" says; False where that may not be."""

    async def stop_recording(self, provider_id: str) -> bool:
        """Record no more of a call that is under way; False where that may not be."""

    async def recorded(self, provider_id: str) -> list[KnownRecording] | None:
        """What was recorded of a call that is over; None when the network cannot be asked."""

    def recording(self, recording_id: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """A recording, part by part, as MP3. Raises NoRecording where it cannot be had."""

    async def delete_recording(self, recording_id: str) -> bool:
        """Delete a recording for good; False where the network cannot be asked. One that is gone already counts as deleted."""

    async def how_it_stands(self, provider_id: str) -> tuple[KnownCall, list[KnownCall]] | Literal["gone"] | None:
        """A call and the legs that it dialed, or that the network has it no more; None when the network cannot be asked."""

    async def close(self) -> None: ...
