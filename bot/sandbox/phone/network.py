"""The phone network: what becomes of a text after it was taken, and what happens when a borrower writes."""

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.offset_clock import OffsetClock
from bot.sandbox.phone.account import FIRST_AFTER_CREATION, MAGIC, SERVICE_SID
from bot.sandbox.phone.exchange import Exchange
from bot.sandbox.phone.forms import inbound_form, status_form
from bot.sandbox.phone.keywords import CONFIRMED, keyword
from bot.sandbox.phone.segments import segments
from bot.sandbox.phone.texts import Picture, Text, Texts
from bot.sandbox.phone.webhooks import Webhooks
from bot.sandbox.phone.wiring import Wiring
from bot.sandbox.store import Store
from bot.sandbox.version import Version

STEP_S = 0.1
"""How long a text stays in each status, in real time."""
ROUTES = {
    "delivered": ("queued", "sending", "sent", "delivered"),
    "undelivered": ("queued", "sending", "sent", "undelivered"),
    "failed": ("queued", "sending", "failed"),
    "sent": ("queued", "sending", "sent"),
    "queued": ("queued",),
}
REFUSED = "refused"
EXPIRED = 30036
NOT_FETCHED = 11200
LARGEST_MEDIA = 5_000_000


@dataclass(frozen=True)
class Attachment:
    content_type: str
    content: bytes


class Network:
    def __init__(self, address: str, store: Store, clock: OffsetClock, journal: Journal, faults: Faults, changes: Version) -> None:
        self.address = address
        self.texts: Texts = store.texts
        self.faults = faults
        self.journal = journal
        self.wiring = Wiring(store)
        self._clock = clock
        self._changes = changes
        self._webhooks = Webhooks(journal)
        self.exchange = Exchange(clock, changes, self._webhooks, self.wiring)
        self._under_way: set[asyncio.Task[None]] = set()
        for text in list(self.texts.newest_first()):
            if text.direction == "outbound-api":
                self._spawn(self._live(text))

    async def close(self) -> None:
        self._stop_lives()
        await self.exchange.close()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._webhooks.close()

    def reset(self) -> None:
        """The network as it was on the first day, except where its webhooks go."""
        self._stop_lives()
        self.texts.clear()
        self.exchange.reset()
        self.wiring.reset()

    def _stop_lives(self) -> None:
        for task in self._under_way:
            task.cancel()

    def fate(self, number: str) -> tuple[str, int | None]:
        """How a text to this number ends, and with which error: as somebody has said, else by the number itself."""
        if said := self.texts.behavior(number):
            return said
        if magic := MAGIC.fullmatch(number):
            code = int(magic[1])
            return ("undelivered" if code >= FIRST_AFTER_CREATION else REFUSED), code
        return "delivered", None

    def number_for(self, borrower: str) -> str:
        """The one of our numbers that this borrower knows already, else the first."""
        ours = self.wiring.numbers
        for text in self.texts.newest_first():
            known = text.to if text.direction == "inbound" else text.sender
            if text.borrower() == borrower and known in ours:
                return known
        return ours[0]

    def send(self, sender: str, service: str, to: str, body: str, media_urls: list[str], callback_url: str, validity_s: int) -> Text:
        """Take a text and send it on its way; one with a service is accepted before it is queued."""
        ends, error_code = self.fate(to)
        fault = self.faults.take_webhook("webhook.status")
        now = self._now()
        text = Text(
            sid=_sid("MM" if media_urls else "SM"),
            direction="outbound-api",
            sender=sender,
            to=to,
            body=body,
            status="accepted" if service else "queued",
            created=now,
            updated=now,
            service=service,
            segments=segments(body),
            pictures=tuple(Picture(url=url) for url in media_urls),
            validity_s=validity_s,
            ends=ends,
            ends_with=error_code,
            callback_url=callback_url,
            callback_fault=fault.kind if fault else "",
        )
        self._add(text)
        return text

    def begin(self, text: Text) -> asyncio.Task[None]:
        """The rest of the life of a text that was just taken."""
        return self._spawn(self._live(text))

    async def receive(self, sender: str, to: str, body: str, attachments: list[Attachment]) -> tuple[Text, int]:
        """A borrower writes. Returns the text, and how the bot answered the webhook: 0 when it did not, or has none."""
        now = self._now()
        pictures = tuple(Picture(one.content_type, _sid("ME"), "", len(one.content)) for one in attachments)
        for picture, attachment in zip(pictures, attachments, strict=True):
            self.texts.add_picture(picture.sid, attachment.content)
        text = Text(
            sid=_sid("MM" if pictures else "SM"),
            direction="inbound",
            sender=sender,
            to=to,
            body=body,
            status="received",
            created=now,
            updated=now,
            sent=now,
            service=SERVICE_SID,
            segments=segments(body),
            pictures=pictures,
        )
        self._add(text)
        word = self._obey(text)
        return text, await self._tell_bot(text, word)

    def _obey(self, text: Text) -> str:
        """What the network does on its own with STOP, START and HELP; the word, if there is one and it is the network's to answer."""
        word = keyword(text.body)
        blocked = self.texts.is_opted_out(SERVICE_SID, text.sender)
        if word == "STOP":
            self.texts.opt_out(SERVICE_SID, text.sender)
        elif word == "START":
            self.texts.opt_in(SERVICE_SID, text.sender)
        if not word or not self.wiring.confirms or (word == "START" and not blocked):
            return ""
        if word == "START" or not blocked:
            answer = replace(text, sid=_sid("SM"), direction="network", sender=text.to, to=text.sender, body=CONFIRMED[word], pictures=())
            self._add(replace(answer, status="delivered", segments=segments(answer.body)))
        return word

    async def _tell_bot(self, text: Text, word: str) -> int:
        fault = self.faults.take_webhook("webhook.inbound")
        kind = fault.kind if fault else ""
        url = self.wiring.inbound_url
        if not url or kind == "webhook_never":
            return 0
        fields = inbound_form(self.address, text, word)
        answered = await self._webhooks.call("inbound", url, fields)
        if kind == "webhook_twice":
            answered = await self._webhooks.call("inbound", url, fields)
        return answered

    async def call_back(self, text: Text, status: str, error_code: int | None) -> int:
        """Tell the bot, at the address it gave for this text, of a status; what it answered, 0 for nothing."""
        if not text.callback_url:
            return 0
        return await self._webhooks.call("status", text.callback_url, status_form(text, status, error_code))

    async def _live(self, text: Text) -> None:
        """From the status that the text has to the one it ends with; after a restart too."""
        route = ROUTES.get(text.ends, ())
        passed = route.index(text.status) + 1 if text.status in route else 0
        if text.status == "failed":
            return
        if any(not picture.sid for picture in text.pictures) and not await self._fetch_media(text):
            await self._tell_status(*self._move(text, "failed", NOT_FETCHED))
            return
        held: list[tuple[Text, str, int | None]] = []
        for status in route[passed:]:
            await asyncio.sleep(STEP_S)
            held.append(self._move(text, status, text.ends_with if status == route[-1] else None))
            if text.callback_fault != "webhook_reversed":
                await self._tell_status(*held.pop())
        for told in reversed(held):
            await self._tell_status(*told)
        if text.ends == "queued":
            await self._clock.sleep(text.validity_s)
            await self._tell_status(*self._move(text, "failed", EXPIRED))

    async def _fetch_media(self, text: Text) -> bool:
        """Take what leaves with a text from the bot's own addresses, which is then kept here as what comes in is."""
        pictures = []
        for picture in text.pictures:
            found = await self._webhooks.fetch(picture.url, LARGEST_MEDIA)
            if found is None:
                return False
            kept = Picture(found[0], _sid("ME"), picture.url, len(found[1]))
            self.texts.add_picture(kept.sid, found[1])
            pictures.append(kept)
        self.texts.change(text.sid, pictures=tuple(pictures))
        return True

    def _move(self, text: Text, status: str, error_code: int | None) -> tuple[Text, str, int | None]:
        now = self._now()
        sent = {"sent": now} if status == "sent" else {}
        self.texts.change(text.sid, status=status, error_code=error_code, updated=now, **sent)
        self._changes.bump()
        return text, status, error_code

    async def _tell_status(self, text: Text, status: str, error_code: int | None) -> None:
        for _ in range({"webhook_never": 0, "webhook_twice": 2}.get(text.callback_fault, 1)):
            await self.call_back(text, status, error_code)

    def _add(self, text: Text) -> None:
        self.texts.add(text)
        self._changes.bump()

    def _spawn(self, life: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(life)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    def _now(self) -> str:
        return self._clock.now().isoformat()


def _sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)
