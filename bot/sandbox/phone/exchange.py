"""The exchange: what rings where, who talks with whom, and what a bot says on a call. Calls are not kept over a restart."""

import asyncio
import secrets
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.offset_clock import OffsetClock
from bot.sandbox.phone.account import ACCOUNT_SID, API_VERSION
from bot.sandbox.phone.forms import PLACES
from bot.sandbox.phone.twiml import BadTwiml, Dial, Gather, Hangup, Record, Redirect, Say, Verb, read_twiml
from bot.sandbox.phone.webhooks import Webhooks
from bot.sandbox.phone.wiring import Wiring
from bot.sandbox.version import Version

OVER = ("completed", "busy", "no-answer", "failed", "canceled")
Line = Literal["by_hand", "busy", "no_answer", "failed", "machine"]
LINES: tuple[Line, ...] = ("by_hand", "busy", "no_answer", "failed", "machine")
"""What a phone does that rings: it waits for a hand, or ends the same way each time; a machine picks up and says so."""
TOLD_AS: dict[Line, str] = {"busy": "busy", "no_answer": "no-answer", "failed": "failed"}
MOST_VERBS = 50
"""A bot that sends a call around in circles is cut off."""
GREETING = "[an answering machine]"


@dataclass(frozen=True)
class Call:
    """One leg of a call as the API tells it; times are ISO, or empty when it has not happened yet."""

    sid: str
    direction: str
    sender: str
    to: str
    status: str
    created: str
    parent: str = ""
    answered: str = ""
    ended: str = ""
    seconds: int = 0
    heard: tuple[str, ...] = ()
    """What was said at this end."""

    @property
    def phone(self) -> str:
        """The number at the end that is none of ours."""
        return self.sender if self.direction == "inbound" else self.to


@dataclass(eq=False)
class Recording:
    """What a call sounded like. It runs until its call ends, or somebody has it stopped."""

    sid: str
    call_sid: str
    url: str
    began: str
    seconds: int | None = None
    deleted: bool = False

    @property
    def content(self) -> bytes:
        return f"ID3 the recording of {self.call_sid}, {self.seconds} s".encode()


@dataclass(eq=False)
class Leg:
    """A call under way, and the hands at its end."""

    call: Call
    exchange: "Exchange"
    program: str = ""
    """Where its first TwiML comes from, or the TwiML itself."""
    status_url: str = ""
    status_events: tuple[str, ...] = ()
    picked_up: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    sent_elsewhere: asyncio.Event = field(default_factory=asyncio.Event)
    pressed: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    elsewhere: str = ""
    ends_as: str = ""
    by_machine: bool = False

    @property
    def is_over(self) -> bool:
        return self.over.is_set()

    def pick_up(self) -> None:
        self.picked_up.set()

    def hang_up(self, ends_as: str = "") -> None:
        """End this end; what it ends as where nobody had picked up."""
        self.ends_as = self.ends_as or ends_as
        self.over.set()

    def press(self, digits: str) -> None:
        for digit in digits:
            self.pressed.put_nowait(digit)

    def redirect(self, program: str) -> None:
        """Whatever happens on it now, it goes on with this."""
        self.elsewhere = program
        self.sent_elsewhere.set()

    def hear(self, words: str) -> None:
        self.exchange.change(self, heard=(*self.call.heard, words))


class Exchange:
    """Every call of the sandbox's account."""

    def __init__(self, clock: OffsetClock, changes: Version, webhooks: Webhooks, wiring: Wiring) -> None:
        self._clock = clock
        self._changes = changes
        self._webhooks = webhooks
        self._wiring = wiring
        self._legs: dict[str, Leg] = {}
        self._lines: dict[str, Line] = {}
        self.recordings: dict[str, Recording] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def numbers(self) -> list[str]:
        return self._wiring.numbers

    async def close(self) -> None:
        self.reset()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def reset(self) -> None:
        """Every call is cut, and every phone waits for a hand again."""
        for task in self._under_way:
            task.cancel()
        self._legs.clear()
        self.recordings.clear()
        self._lines.clear()

    def behave(self, number: str, line: Line) -> None:
        self._lines[number] = line

    def leg(self, sid: str) -> Leg | None:
        return self._legs.get(sid)

    def newest_first(self) -> Iterator[Call]:
        for leg in reversed(self._legs.values()):
            yield leg.call

    def leg_at(self, number: str) -> Leg | None:
        """The newest call that rings at this phone, or that it is on."""
        return next((leg for leg in reversed(self._legs.values()) if leg.call.phone == number and not leg.is_over), None)

    def place(self, sender: str, to: str, program: str, timeout_s: float, status_url: str, events: tuple[str, ...]) -> Leg:
        """A call that the bot asked for; `begin` sends it on its way."""
        leg = self._new("outbound-api", sender, to, "queued")
        leg.program, leg.status_url, leg.status_events = program, status_url, events
        self._spawn(self._live(leg, timeout_s))
        return leg

    async def call_us(self, caller: str, to: str) -> Leg:
        """Somebody calls one of our numbers; the bot is asked what happens."""
        leg = self._new("inbound", caller, to, "ringing")
        leg.pick_up()
        self._spawn(self._be_answered(leg))
        return leg

    async def _be_answered(self, leg: Leg) -> None:
        verbs = await self._ask(leg, self._wiring.voice_url, {})
        self.change(leg, status="in-progress", answered=self._now())
        await self._do(leg, verbs)
        await self._end(leg, "completed")

    def change(self, leg: Leg, **what: Any) -> None:
        leg.call = replace(leg.call, **what)
        self._changes.bump()

    def _new(self, direction: str, sender: str, to: str, status: str, parent: str = "") -> Leg:
        call = Call(f"CA{secrets.token_hex(16)}", direction, sender, to, status, self._now(), parent)
        leg = Leg(call, self)
        self._legs[call.sid] = leg
        self._changes.bump()
        return leg

    async def _live(self, leg: Leg, timeout_s: float) -> None:
        """From the first ring to the end of a call that the bot asked for."""
        if await self._ring(leg, timeout_s):
            await self._talk(leg)

    async def _ring(self, leg: Leg, timeout_s: float) -> bool:
        """Whether somebody picked up, or something did."""
        line = self._lines.get(leg.call.to, "by_hand")
        if line in TOLD_AS:
            leg.hang_up(TOLD_AS[line])
        else:
            self.change(leg, status="ringing")
            await self._tell(leg, "ringing")
        if line == "machine":
            leg.by_machine = True
            leg.hear(GREETING)
            leg.pick_up()
        await _first(leg.picked_up, leg.over, timeout_s=timeout_s)
        if leg.is_over or not leg.picked_up.is_set():
            await self._end(leg, leg.ends_as or "no-answer")
            return False
        self.change(leg, status="in-progress", answered=self._now())
        await self._tell(leg, "answered")
        return True

    async def _talk(self, leg: Leg) -> None:
        await self._follow(leg, leg.program)
        await self._end(leg, "completed")

    async def _end(self, leg: Leg, status: str) -> None:
        leg.over.set()
        now = self._now()
        answered = leg.call.answered
        seconds = int((datetime.fromisoformat(now) - datetime.fromisoformat(answered)).total_seconds()) if answered else 0
        self.change(leg, status=status, ended=now, seconds=seconds)
        await self._tell(leg, "completed")

    async def _follow(self, leg: Leg, program: str) -> None:
        await self._do(leg, await self._ask(leg, program, {}))

    async def _do(self, leg: Leg, verbs: list[Verb]) -> None:
        """Do what the bot says at this end, until it says no more or the end hangs up."""
        for _ in range(MOST_VERBS):
            if leg.sent_elsewhere.is_set() and not leg.is_over:
                leg.sent_elsewhere.clear()
                verbs = await self._ask(leg, leg.elsewhere, {})
            if leg.is_over or not verbs:
                return
            verb, *verbs = verbs
            match verb:
                case Say(words):
                    leg.hear(words)
                case Hangup():
                    leg.hang_up()
                case Redirect(url):
                    verbs = await self._ask(leg, url, {})
                case Gather():
                    then = await self._gather(leg, verb)
                    verbs = verbs if then is None else then
                case Record():
                    then = await self._record(leg, verb)
                    verbs = verbs if then is None else then
                case Dial():
                    verbs = await self._dial(leg, verb, verbs)

    async def _gather(self, leg: Leg, gather: Gather) -> list[Verb] | None:
        """What the bot says to the digits, which may be nothing; None where none were pressed."""
        for say in gather.says:
            leg.hear(say.words)
        digits = ""
        with suppress(TimeoutError):
            async with asyncio.timeout(gather.timeout_s):
                while len(digits) < gather.digits:
                    next_digit = asyncio.ensure_future(leg.pressed.get())
                    await _any(next_digit, leg.over, leg.sent_elsewhere)
                    if not next_digit.done():
                        next_digit.cancel()
                        return None
                    digits += next_digit.result()
        return await self._ask(leg, gather.action, {"Digits": digits}) if digits else None

    async def _record(self, leg: Leg, record: Record) -> list[Verb] | None:
        """What the bot says to what was recorded, until a key was pressed or time was up; None where they hung up before."""
        leg.hear("[a tone]")
        recording = Recording(f"RE{secrets.token_hex(16)}", leg.call.sid, "", self._now())
        key = ""
        with suppress(TimeoutError):
            async with asyncio.timeout(record.longest_s):
                while key not in record.finish_on_key or not key:
                    pressed = asyncio.ensure_future(leg.pressed.get())
                    await _any(pressed, leg.over, leg.sent_elsewhere)
                    if not pressed.done():
                        pressed.cancel()
                        return None
                    key = pressed.result()
        self.recordings[recording.sid] = recording
        recording.seconds = int((datetime.fromisoformat(self._now()) - datetime.fromisoformat(recording.began)).total_seconds())
        told = {"RecordingSid": recording.sid, "RecordingDuration": str(recording.seconds), "Digits": key}
        return await self._ask(leg, record.action, told)

    async def _dial(self, caller: Leg, dial: Dial, then: list[Verb]) -> list[Verb]:
        """Ring the number; connect both ends; what the bot says to the end of that, where it wanted to know."""
        callee = self._new("outbound-dial", dial.caller_id, dial.number, "queued", caller.call.sid)
        callee.status_url, callee.status_events = dial.status_url, dial.status_events
        ringing = asyncio.create_task(self._be_dialed(caller, callee, dial))
        self._under_way.add(ringing)
        ringing.add_done_callback(self._under_way.discard)
        await _any(ringing, caller.over, caller.sent_elsewhere)
        if caller.is_over or caller.sent_elsewhere.is_set():
            callee.hang_up("canceled")
        await ringing
        if caller.is_over or caller.sent_elsewhere.is_set():
            return []  # who hung up is asked nothing more; the number's own callback told of its end
        if not dial.action:
            return then
        call = callee.call
        told = {"DialCallSid": call.sid, "DialCallStatus": call.status}
        return await self._ask(caller, dial.action, told | ({"DialCallDuration": str(call.seconds)} if call.answered else {}))

    async def _be_dialed(self, caller: Leg, callee: Leg, dial: Dial) -> None:
        if not await self._ring(callee, dial.timeout_s):
            return
        if dial.record.startswith("record-from-answer"):
            self._spawn(self._begin_recording(caller, dial.recording_url))
        if dial.machine_detection and dial.machine_url:
            answered_by = "machine_end_beep" if callee.by_machine else "human"
            told = {**_form(callee.call), "AnsweredBy": answered_by, "MachineDetectionDuration": "2000"}
            self._spawn(self._hear_out(dial.machine_url, told))
        if dial.url:
            await self._follow(callee, dial.url)
        if not callee.is_over and not caller.is_over:
            await _any(callee.over, caller.over, callee.sent_elsewhere)
        if callee.sent_elsewhere.is_set() and not callee.is_over:
            self._spawn(self._talk_on(callee))  # the two are no longer connected: each goes on alone
            return
        await self._end(callee, "completed")

    async def _begin_recording(self, caller: Leg, url: str) -> None:
        """A recording belongs to the call that dialed, and ends with it at the latest."""
        recording = Recording(f"RE{secrets.token_hex(16)}", caller.call.sid, url, self._now())
        self.recordings[recording.sid] = recording
        await self._tell_recording(caller, recording, "in-progress")
        await caller.over.wait()
        await self.end_recording(recording)

    async def end_recording(self, recording: Recording) -> None:
        """Nothing more is recorded; the bot is told of what there is."""
        if recording.seconds is not None:
            return
        recording.seconds = int((datetime.fromisoformat(self._now()) - datetime.fromisoformat(recording.began)).total_seconds())
        await self._tell_recording(self._legs[recording.call_sid], recording, "completed")

    async def _tell_recording(self, leg: Leg, recording: Recording, status: str) -> None:
        if recording.url:
            lasted = {} if recording.seconds is None else {"RecordingDuration": str(recording.seconds)}
            told = {"RecordingSid": recording.sid, "RecordingStatus": status, "RecordingChannels": "2", **lasted}
            await self._webhooks.ask("recording", recording.url, {**_form(leg.call), **told})

    async def _talk_on(self, leg: Leg) -> None:
        leg.sent_elsewhere.clear()
        leg.program = leg.elsewhere
        await self._talk(leg)

    async def _hear_out(self, url: str, fields: dict[str, str]) -> None:
        await self._webhooks.ask("machine", url, fields)

    async def _ask(self, leg: Leg, program: str, extra: dict[str, str]) -> list[Verb]:
        """The verbs that the bot answers with; the network says so where it does not."""
        if program.lstrip().startswith("<"):
            body = program
        elif not program:
            return []
        else:
            status, body = await self._webhooks.ask("call", program, {**_form(leg.call), **extra})
            if status >= 300 or not status:
                leg.hear("[An application error has occurred. Goodbye.]")
                return []
            if not body.strip():
                return []
        try:
            return read_twiml(body)
        except BadTwiml as bad:
            leg.hear(f"[An application error has occurred: {bad}. Goodbye.]")
            return []

    async def _tell(self, leg: Leg, event: str) -> None:
        """The status callback of this leg, where its events name it."""
        if not leg.status_url or event not in leg.status_events:
            return
        call = leg.call
        more = {"CallbackSource": "call-progress-events", "SequenceNumber": "0", "Timestamp": call.ended or call.answered or call.created}
        duration = {"CallDuration": str(call.seconds), "Duration": str(-(-call.seconds // 60))} if event == "completed" else {}
        await self._webhooks.ask("call_status", leg.status_url, {**_form(call), **more, **duration})

    def _spawn(self, life: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(life)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _now(self) -> str:
        return self._clock.now().isoformat()


def _form(call: Call) -> dict[str, str]:
    """What every webhook of a call tells."""
    return {
        "ToCountry": "US",
        "FromCountry": "US",
        **PLACES,
        "CallSid": call.sid,
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": API_VERSION,
        "Direction": "inbound" if call.direction == "inbound" else call.direction,
        "CallStatus": call.status,
        "From": call.sender,
        "Caller": call.sender,
        "To": call.to,
        "Called": call.to,
        **({"ParentCallSid": call.parent} if call.parent else {}),
    }


async def _first(*events: asyncio.Event, timeout_s: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await _any(*events)


async def _any(*things: asyncio.Event | asyncio.Future[Any]) -> None:
    """Return once one of them has happened."""
    waits = [each if isinstance(each, asyncio.Future) else asyncio.ensure_future(each.wait()) for each in things]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each, thing in zip(waits, things, strict=True):
            if each is not thing:
                each.cancel()
