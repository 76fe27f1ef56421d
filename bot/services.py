"""What each use-case has at hand, as Protocols: the store, the chat platforms, the clock, and what is owed to chat."""

import asyncio
import secrets
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.chat import Shown
from bot.in_force import InForce
from bot.outreach.network import PhoneNetwork, Sending, VoiceNetwork
from bot.outreach.post import PostOffice
from bot.rules.numbers import OurNumbers
from bot.rules.pinging import Day
from bot.runner import Together
from bot.store.database import Store
from bot.store.postings import Lease
from bot.store.views import Drawing
from bot.store.work import Kind
from bot.updates import Notice, Update


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware, in UTC."""


class ChatPlatform(Protocol):
    """Shows leads in one chat platform, natively. A drawing with a `message_id` is redrawn there, one without is posted.

    Every verb that shows returns the message that stands then; one that shows all of it already is not sent again.
    All raise the troubles of `bot.chat`.
    """

    async def find(self, drawing: Drawing) -> str | None:
        """The message that an earlier, unanswered attempt left behind."""

    async def show_lead(self, drawing: Drawing) -> Shown: ...

    async def tell(self, drawing: Drawing, update: Update) -> Shown: ...

    async def notify(self, drawing: Drawing, notice: Notice) -> Shown: ...

    async def remove(self, drawing: Drawing, message_id: str) -> None: ...

    async def listening(self) -> bool:
        """Whether what people press reaches us."""


SHOWN_TOGETHER = 32
"""How many postings one process draws at a time."""


SHOWN_WITHIN = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 300.0)
"""Seconds by which the first cards are counted."""

TEXTED_TOGETHER = 8
"""How many texts one process looks after at a time."""
EMAILED_TOGETHER = 4
"""How many batches of emails one process hands over at a time."""
LEAVING_TOGETHER = 4
"""How many batches of texts that were marked as they were decided one process hands over at a time."""
CALLED_TOGETHER = 4
"""How many calls one process asks for at a time."""


@dataclass(slots=True)
class CardsShown:
    """How many first cards this process showed within each of SHOWN_WITHIN and after, and the seconds of all together."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(SHOWN_WITHIN) + 1))
    seconds: float = 0.0

    def count(self, seconds: float) -> None:
        self.counts[bisect_left(SHOWN_WITHIN, seconds)] += 1
        self.seconds += seconds


@dataclass(slots=True)
class PingBook:
    """What pings are answered from: what was bought today by source, and beginnings of digests of who is known with when they last asked;
    and the pings that are not written down yet. After `fresh_until` (monotonic) it is not believed any more."""

    days: dict[int, Day] = field(default_factory=dict)
    known: dict[bytes, datetime] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    last_arrival: int = 0
    fresh_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Leaving:
    """Texts that are marked as being sent, to be handed over before the deadline (`seconds()`)."""

    sendings: Sequence[Sending]
    deadline: float


@dataclass(slots=True)
class Services:
    store: Store
    clock: Clock
    hash_key: bytes
    in_force: InForce
    platforms: Mapping[str, ChatPlatform] = field(default_factory=dict)
    leased: asyncio.Queue[Lease] = field(default_factory=asyncio.Queue)
    """Postings whose lease we hold: the showing workers draw them."""
    network: PhoneNetwork | None = None
    """Texts leave through it; None while texts are off."""
    voice: VoiceNetwork | None = None
    """Calls are made through it; None while calls are off."""
    post_office: PostOffice | None = None
    """Email leaves through it; None while email is off."""
    hears_email: bool = False
    """Whether answers to our email reach us: then they come to our mailbox, not to the officer's."""
    mailbox_away_since: float | None = None
    """Since when (monotonic) our mailbox cannot be read; None while it can, or we have none."""
    public_url: str = ""
    """Where the world reaches our doors, without a slash at its end; empty where nobody told us."""
    texts: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    """Texts that something has to be done about: the texting workers take them."""
    emails: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    """Emails that are to leave, as a texting worker found: other workers hand them over, so that no text waits for a slow mail server."""
    leaving: asyncio.Queue[Leaving] = field(default_factory=asyncio.Queue)
    """What was marked as it was decided: workers hand it over at once."""
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LEAVING_TOGETHER))
    """One for each of those workers, taken before anything is marked: nothing that is marked waits."""
    texts_told: Together[Any] = field(default_factory=Together)
    emails_told: Together[Any] = field(default_factory=Together)
    """Where what the phone network and the mail server answered is written down."""
    calls: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    """Calls that something has to be done about: the calling workers take them."""
    called: set[int] = field(default_factory=set)
    """Calls that a worker of this process has, or soon will."""
    tended: set[int] = field(default_factory=set)
    """Texts that a worker of this process has, or soon will."""
    missed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a borrower's text was refused: it is read back from the network."""
    unkept: Counter[str] = field(default_factory=Counter)
    """How often a text that was read back, by the network's id, could not be taken in."""
    undrawn: Counter[int] = field(default_factory=Counter)
    """How often the drawing of a posting broke."""
    cards_shown: CardsShown = field(default_factory=CardsShown)
    switched_on: tuple[str, ...] = ()
    """The chat platforms that we have a token for, connected or not."""
    paused: frozenset[Kind] = frozenset()
    """What a newer Leadbell does otherwise than we: we leave it alone."""
    opened_at: float = field(default_factory=time.monotonic)
    """When we began, or came back from where nothing could be shown; monotonic, as the next."""
    looked_at: float = field(default_factory=time.monotonic)
    """When somebody last looked through whether chat is down."""
    shown_in: set[tuple[str, int]] = field(default_factory=set)
    """The platforms and places where something was shown since somebody last asked."""
    untexted: dict[int, float] = field(default_factory=dict)
    """Leads that nobody could be texted about while chat is down, and when (monotonic) that was tried."""
    drips_begin: frozenset[str] | None = None
    """The sequences that this process had leads looked over for, to begin by themselves."""
    keys_refused: dict[int, float] = field(default_factory=dict)
    """When (monotonic) it was last told that a wrong key came to a source, by its id."""
    looked_over: tuple[frozenset[str], int] = (frozenset(), 0)
    """The sequences that it last had leads looked over for, and up to which lead, where some were left."""
    ping_book: PingBook = field(default_factory=PingBook)
    promised: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when Meta told of leads: they are fetched at once."""
    owed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when something new is owed: the due loop looks at once."""

    @property
    def our_numbers(self) -> OurNumbers:
        """The numbers that borrowers hear from."""
        shared = {self.network.sender if self.network else "", self.voice.number if self.voice else ""}
        return OurNumbers(self.in_force.numbers, frozenset(number for number in shared if number.startswith("+")))

    @property
    def may_lease(self) -> bool:
        """Whether a lease taken now would be used at once."""
        return self.leased.qsize() < SHOWN_TOGETHER

    def owe(self, leases: Iterable[Lease]) -> None:
        """A change was committed: draw what we hold, and look for the rest."""
        for lease in leases:
            self.leased.put_nowait(lease)
        self.owed.set()

    def tend(self, text_ids: Iterable[int]) -> None:
        """Have workers look after these texts; whoever comes twice is looked after once."""
        for text_id in text_ids:
            if text_id not in self.tended:
                self.tended.add(text_id)
                self.texts.put_nowait(text_id)

    def ring(self, call_ids: Iterable[int]) -> None:
        """The same for these calls."""
        for call_id in call_ids:
            if call_id not in self.called:
                self.called.add(call_id)
                self.calls.put_nowait(call_id)

    def begin_nothing(self) -> None:
        """Leave the texts, emails and calls that nobody began to another process, or to the next: they are owed as before."""
        for waiting in (self.texts, self.emails, self.calls):
            while not waiting.empty():
                waiting.get_nowait()
                waiting.task_done()

    def salt(self) -> str:
        """Randomness for a transaction, drawn outside of it so that its repeat writes the same."""
        return secrets.token_hex(16)
