"""What goes on during the storm: senders send, officers claim and answer, borrowers write, some say STOP, some try what they may not."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.sandbox.workspace import PEOPLE
from tests.chaos.installation import Installation
from tests.doubles.branch import DANA
from tests.doubles.processes import KEY
from tests.doubles.shown import JSON, action, elements, words
from tests.doubles.workplace import LEADS, Workplace

OFFICERS = ("maya", "luis", "priya")
OTHERS = ("gus", "nina", "cora")
"""A guest, somebody who is no officer, and one whose role takes no leads."""
ALONG = ("qualified", "preapproved", "application")
EVERYTHING = frozenset({"claimed", "given back", "logged", "staged", "texted", "stopped", "trespassed"})
"""What has to have happened before a storm may be over."""
PATIENT_FOR = aiohttp.ClientTimeout(total=10)
AREAS = ("512", "737", "713", "281", "832", "214", "469", "972", "210", "817")
"""Of Texas; each has a hundred numbers that nobody is given."""


@dataclass
class Told:
    """What came back from Leadbell to those outside, while the storm lasted."""

    leads: dict[str, int] = field(default_factory=dict)
    """External id to the lead's number, of each answer with a 200."""
    contradictions: list[str] = field(default_factory=list)
    """The same id, answered with another number."""
    stopped: dict[str, float] = field(default_factory=dict)
    """Phone to the moment at which its STOP was answered."""
    asked: list[str] = field(default_factory=list)
    """Words that an officer asked us to text: each of them once."""
    written: dict[str, list[str]] = field(default_factory=dict)
    """Phone to what its borrower wrote, in order."""
    trespasses: int = 0
    """How often somebody did what only others may."""
    seen: set[str] = field(default_factory=set)
    """Of EVERYTHING, what people saw come of it."""


def phone_of(number: int) -> str:
    return f"+1{AREAS[number // 100 % len(AREAS)]}55501{number % 100:02}"


def _lead_on(card: JSON) -> str:
    return elements(card)[0][0].removeprefix("lead:")


def _owner_on(card: JSON) -> str | None:
    """Who has the lead, as its card says."""
    return next((each for each in OFFICERS if f"{PEOPLE[f'U0{each.upper()}'].real_name} has it" in words(card)), None)


class People:
    def __init__(self, place: Installation, session: aiohttp.ClientSession, luck: random.Random) -> None:
        self.told = Told()
        self._place = place
        self._session = session
        self._slack = Workplace(place.sandbox, session)
        self._luck = luck
        self._numbers = itertools.count(1)

    @property
    def did_all(self) -> bool:
        return self.told.seen >= EVERYTHING

    async def work(self, is_over: Callable[[], bool]) -> None:
        """Return when all have gone home."""
        acts = (
            self._send,
            self._send,
            self._claim,
            self._write,
            self._answer,
            self._log_or_give_back,
            self._stage,
            self._trespass,
            self._look,
        )
        await asyncio.gather(*(self._go_on(act, is_over) for act in acts))

    async def _go_on(self, does: Any, is_over: Callable[[], bool]) -> None:
        while not is_over():
            await does()
            await asyncio.sleep(self._luck.uniform(0.2, 1.0))

    async def _look(self) -> None:
        """What has come of it so far."""
        said = "".join(words(each) for each in await self._slack.messages(LEADS))
        texted = any(each["direction"] == "outbound-api" for each in (await self._slack.see("texts"))["texts"])
        whispered = [each for who in OFFICERS for each in await self._slack.whispers_to(who)]
        signs = {
            "claimed": " has it" in said,
            "given back": " gave it back" in said,
            "logged": ": Connected." in said,
            "staged": any(" is now " in each for each in whispered),
            "texted": texted,
            "stopped": bool(self.told.stopped),
            "trespassed": self.told.trespasses > 0,
        }
        self.told.seen |= {what for what, there in signs.items() if there}

    async def _send(self) -> None:
        """One lead, again until it is answered, as vendors do; sometimes once more after that."""
        number = next(self._numbers)
        external_id = f"storm-{number}"
        lead = DANA | {
            "external_id": external_id,
            "first_name": f"Name{number}",
            "phone": phone_of(number),
            "email": f"p{number}@example.com",
        }
        answers = 0
        for _ in range(100):
            if (answer := await self._deliver(lead)) is not None:
                answers += 1
                if self.told.leads.setdefault(external_id, answer) != answer:
                    self.told.contradictions.append(external_id)
                if answers == 2 or self._luck.random() < 0.8:
                    return
            await asyncio.sleep(0.5)

    async def _deliver(self, lead: dict[str, Any]) -> int | None:
        headers = {"Authorization": f"Bearer {KEY}"}
        try:
            async with self._session.post(f"{self._place.url}/leads/website", json=lead, headers=headers, timeout=PATIENT_FOR) as answer:
                return int((await answer.json())["lead"]) if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError):
            return None

    async def _claim(self) -> None:
        """One or two officers press Claim on one card."""
        free = [(each, pressed) for each in await self._slack.messages(LEADS) if (pressed := action(each, "Claim"))]
        if not free:
            return
        card, pressed = self._luck.choice(free)
        press = {"channel": LEADS, "messageTs": card["ts"], "action": pressed}
        hands = self._luck.sample(OFFICERS, self._luck.randint(1, 2))
        await asyncio.gather(*(self._do("interact", user=f"U0{who.upper()}", **press) for who in hands))

    async def _write(self) -> None:
        """A borrower texts; one in ten wants no more of it, and the first."""
        if not self.told.leads:
            return
        number = int(self._luck.choice(list(self.told.leads)).removeprefix("storm-"))
        stops = not self.told.stopped or self._luck.random() < 0.1
        body = "STOP" if stops else f"Are you there? {time.monotonic_ns()}"
        if not stops:
            self.told.written.setdefault(phone_of(number), []).append(body)
        said = await self._do("sms", **{"from": phone_of(number), "body": body})
        if stops and 200 <= (said.get("answered") or 0) < 300:  # else it was not kept, and is asked for later
            self.told.stopped.setdefault(phone_of(number), self._place.now().timestamp())

    async def _answer(self) -> None:
        """An officer answers a lead, in words that nobody used before."""
        claimed = [each for each in await self._slack.messages(LEADS) if action(each, "Claim") is None and elements(each)]
        if not claimed:
            return
        card = self._luck.choice(claimed)
        answer = f"Answer {len(self.told.asked)} of mine."
        self.told.asked.append(answer)
        owner = _owner_on(card)
        who = owner if owner and self._luck.random() < 0.8 else self._luck.choice(OFFICERS)
        await self._do("command", user=f"U0{who.upper()}", channel=LEADS, command="/lead", text=f"text {_lead_on(card)} {answer}")

    async def _log_or_give_back(self) -> None:
        """An officer logs a call to the borrower of a lead of theirs, or gives it back."""
        owned = [(owner, each) for each in await self._slack.messages(LEADS) if (owner := _owner_on(each))]
        if not owned:
            return
        who, card = self._luck.choice(owned)
        line = self._luck.choice(("log {} connected", "log {} no answer", "release {}"))
        await self._do("command", user=f"U0{who.upper()}", channel=LEADS, command="/lead", text=line.format(_lead_on(card)))

    async def _stage(self) -> None:
        """An officer moves a lead of theirs along, or back."""
        owned = [(owner, each) for each in await self._slack.messages(LEADS) if (owner := _owner_on(each))]
        if not owned:
            return
        who, card = self._luck.choice(owned)
        line = f"stage {_lead_on(card)} {self._luck.choice(ALONG)}"
        await self._do("command", user=f"U0{who.upper()}", channel=LEADS, command="/lead", text=line)

    async def _trespass(self) -> None:
        """A guest, a stranger or compliance presses Claim or gives a lead to somebody; an officer does so who leads nobody."""
        cards = [each for each in await self._slack.messages(LEADS) if elements(each)]
        if not cards:
            return
        card = self._luck.choice(cards)
        pressed = action(card, "Claim")
        self.told.trespasses += 1
        if pressed and self._luck.random() < 0.5:
            who = self._luck.choice(OTHERS)
            await self._do("interact", user=f"U0{who.upper()}", channel=LEADS, messageTs=card["ts"], action=pressed)
        else:
            who = self._luck.choice((*OTHERS, *OFFICERS))
            given = f"assign {_lead_on(card)} {self._luck.choice(OFFICERS)}"
            await self._do("command", user=f"U0{who.upper()}", channel=LEADS, command="/lead", text=given)

    async def _do(self, act: str, **body: Any) -> JSON:
        """One act; nobody is surprised when it fails in a storm."""
        async with self._session.post(f"{self._place.sandbox.url}/_control/{act}", json=body) as answer:
            told: JSON = await answer.json()
        return told
