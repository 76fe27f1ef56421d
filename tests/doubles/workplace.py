"""People at work in the stand-in Slack: what they see there, what they press, and what goes wrong between Slack and us."""

import base64
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import BOT_TOKEN, BOT_USER_ID
from tests.doubles.shown import JSON, action, is_card_of, words
from tests.doubles.waiting import until

T = TypeVar("T")

DANAS_NUMBER = "+15125550100"
MAYAS_NUMBER, LUIS_NUMBER = "+15125550101", "+15125550102"
DANAS_EMAIL = "dana.rowe@example.com"
LEADS, SOUTH = "C0LEADS", "C0SOUTH"


class Workplace:
    """The stand-in Slack through the eyes and hands of its people."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self._session = session

    # What people see.

    async def messages(self, channel: str = LEADS) -> list[JSON]:
        found: list[JSON] = (await self.see(f"messages/{channel}"))["messages"]
        return found

    async def cards_of(self, lead: int, channel: str = LEADS) -> list[JSON]:
        return [message for message in await self.messages(channel) if is_card_of(message, lead) and "ephemeral_to" not in message]

    async def card_of(self, lead: int, channel: str = LEADS, *, says: str = "") -> JSON:
        """The lead's card, once it stands there and says this."""

        async def shown() -> JSON | None:
            return next((card for card in await self.cards_of(lead, channel) if says in words(card)), None)

        return await self.until(shown, f"a card of {lead} that says {says!r}")

    async def thread_of(self, lead: int, channel: str = LEADS) -> list[str]:
        """What the lead's thread says, in order."""
        card = await self.card_of(lead, channel)
        return [words(each) for each in await self.messages(channel) if each.get("thread_ts") == card["ts"] != each["ts"]]

    async def whispers_to(self, who: str, channel: str = LEADS) -> list[str]:
        """What only this person sees in the channel."""
        return [words(message) for message in await self.messages(channel) if message.get("ephemeral_to") == _id(who)]

    async def direct_messages(self, who: str) -> list[str]:
        """What Leadbell says to this person alone, and keeps standing."""
        return [words(message) for message in await self.messages(f"D0{who.upper()}") if "ephemeral_to" not in message]

    async def hears(self, who: str, *parts: str) -> str:
        """What only this person sees, once it is there and says all of this."""

        async def told() -> str | None:
            said = [*await self.whispers_to(who), *await self.whispers_to(who, f"D0{who.upper()}")]
            return next((each for each in said if all(part in each for part in parts)), None)

        return await self.until(told, f"a whisper to {who} that says {parts}")

    async def is_told(self, who: str, *parts: str) -> str:
        """A direct message to this person, once it is there and says all of this."""

        async def told() -> str | None:
            return next((each for each in await self.direct_messages(who) if all(part in each for part in parts)), None)

        return await self.until(told, f"a direct message to {who} that says {parts}")

    async def told(self, who: str, *parts: str) -> JSON:
        """The direct message to this person that says all of this, whole, once it is there."""

        async def found() -> JSON | None:
            return next((each for each in await self.messages(f"D0{who.upper()}") if all(part in words(each) for part in parts)), None)

        return await self.until(found, f"a direct message to {who} that says {parts}")

    async def thread_says(self, lead: int, part: str, channel: str = LEADS) -> str:
        """The line of the lead's thread that says this, once it is there."""

        async def said() -> str | None:
            return next((line for line in await self.thread_of(lead, channel) if part in line), None)

        return await self.until(said, f"a line in the thread of {lead} that says {part!r}")

    async def screen_of(self, who: str, *, says: str = "") -> str:
        """What stands on the screen that this person opened, once there is one that says this."""

        async def opened() -> str | None:
            modal = (await self.see(f"views/{_id(who)}"))["modal"]
            return words(modal) if modal and says in words(modal) else None

        return await self.until(opened, f"a screen before {who} that says {says!r}")

    # What people do.

    async def presses(self, who: str, label: str, lead: int, *, choose: str | None = None, channel: str = LEADS) -> JSON:
        """Press what bears this label on the lead's newest message before this person, once it is there; the control API's answer."""

        async def pressable() -> JSON | None:
            seen = [(place, each) for place in (channel, f"D0{who.upper()}") for each in reversed(await self.messages(place))]
            for place, message in seen:
                pressed = action(message, label, choose) if message.get("ephemeral_to", _id(who)) == _id(who) else None
                if pressed and str(lead) in str(pressed.get("value") or pressed["selected_option"]["value"]):
                    return {"channel": place, "messageTs": message["ts"], "user": _id(who), "action": pressed}
            return None

        return await self.do("interact", **await self.until(pressable, f"{label} on {lead} before {who}"))

    async def presses_in_direct(self, who: str, label: str, lead: int, *, choose: str | None = None) -> JSON:
        """The same, in the direct messages."""
        return await self.presses(who, label, lead, choose=choose, channel=f"D0{who.upper()}")

    async def types(self, who: str, line: str, *, channel: str = LEADS) -> JSON:
        """Type a slash command in a channel, such as "/lead show 1042"; the control API's answer."""
        command, _, words = line.partition(" ")
        return await self.do("command", user=_id(who), channel=channel, command=command, text=words)

    async def writes(
        self, who: str, words: str, *, under: int | None = None, channel: str = LEADS, files: Mapping[str, bytes] | None = None
    ) -> None:
        """Write in a channel, or in the thread under a lead's card, with these files. "@Leadbell" is a mention."""
        attached = [{"name": name, "data": base64.b64encode(content).decode()} for name, content in (files or {}).items()]
        thread = {} if under is None else {"thread_ts": (await self.card_of(under, channel))["ts"]}
        await self.do(
            "message", user=_id(who), channel=channel, text=words.replace("@Leadbell", f"<@{BOT_USER_ID}>"), files=attached, **thread
        )

    async def borrower_texts(self, body: str, *, number: str = DANAS_NUMBER, **more: Any) -> JSON:
        """A borrower writes to the number they know; the phone network's answer."""
        return await self.do("sms", **{"from": number, "body": body, **more})

    async def texts_to(self, number: str = DANAS_NUMBER) -> list[str]:
        """What this phone received from us so far."""
        seen: list[JSON] = (await self.see(f"texts?number={number.replace('+', '%2B')}"))["texts"]
        return [text["body"] for text in seen if text["direction"] == "outbound-api"]

    async def on_the_phone(self, number: str) -> list[JSON]:
        """The calls with this phone so far, the oldest first, as the network keeps them."""
        seen: list[JSON] = (await self.see(f"calls?number={number.replace('+', '%2B')}"))["calls"]
        return seen

    async def phone_rings(self, number: str) -> None:
        """Return once this phone rings."""

        async def rings() -> bool:
            return any(call["status"] == "ringing" for call in await self.on_the_phone(number))

        await self.until(rings, f"a ringing phone at {number}")

    async def phone_says(self, number: str, *parts: str) -> str:
        """What somebody at this phone hears, once all of this is said there."""

        async def said() -> str | None:
            heard = [words for call in await self.on_the_phone(number) for words in call["heard"]]
            return next((words for words in heard if all(part in words for part in parts)), None)

        return await self.until(said, f"words on the phone at {number} that say {parts}")

    async def handles_phone(self, number: str, does: str, digits: str = "") -> None:
        """A hand at this phone picks_up, declines, lets_it_ring, hangs_up, or presses digits."""
        await self.do("handset", number=number, does=does, digits=digits)

    async def answers_and_presses(self, number: str, digits: str = "1") -> None:
        """Pick up this phone once it rings, hear what is said, and press."""
        await self.phone_rings(number)
        await self.handles_phone(number, "picks_up")
        await self.phone_says(number, "1")
        await self.handles_phone(number, "presses", digits)

    async def call_ends(self, number: str) -> None:
        """Return once this phone is on no call."""

        async def over() -> bool:
            return all(call["over"] for call in await self.on_the_phone(number))

        await self.until(over, f"the end of all calls at {number}")

    async def emails_to(self, address: str = DANAS_EMAIL) -> list[JSON]:
        """What arrived at this address so far, as the mailbox keeps it."""
        seen: list[JSON] = (await self.see(f"emails?to={quote(address)}"))["emails"]
        return seen

    async def email_arrives(self, address: str = DANAS_EMAIL) -> JSON:
        """The newest email at this address, once there is one."""

        async def arrived() -> JSON | None:
            return next(reversed(await self.emails_to(address)), None)

        return await self.until(arrived, f"an email at {address}")

    async def borrower_answers(self, words: str, *, sender: str | None = None, automatic: bool = False) -> None:
        """The borrower answers the first email that arrived, from their mail program or another one of theirs."""
        email = await self.email_arrives()
        said = {"message_id": email["message_id"], "words": words, "automatic": automatic}
        await self.do("answer-email", **said, **({"from": sender} if sender else {}))

    async def emails_on_screen(self, who: str, subject: str, words: str) -> None:
        """Write on the screen for an email, and send."""
        modal = await self._modal(who)
        blocks = {block["block_id"].partition(":")[0]: block["block_id"] for block in modal["blocks"] if block["type"] == "input"}
        said = {"subject": subject, "words": words}
        values = {blocks[name]: {name: {"type": "plain_text_input", "value": value}} for name, value in said.items()}
        await self.do("view-submit", user=_id(who), view_id=modal["id"], values=values)

    async def logs(self, who: str, lead: int, result: str, *, note: str | None = None) -> None:
        """Press Log, choose how it went, and save."""
        await self.presses(who, "Log", lead)
        await self.screen_of(who, says="How did it go?")
        await self.logs_on_screen(who, result, note=note)

    async def logs_on_screen(
        self, who: str, result: str, *, note: str | None = None, when: str | None = None, typed: str | None = None
    ) -> None:
        """Choose on the screen that Log opened, and when to come back where that is said, and save."""
        await self.fills_in(who, disposition=result, note=note, when=when, typed=typed)

    async def fills_in(self, who: str, **answers: str | None) -> None:
        """Answer these fields of the screen, by the ids of their blocks, and save. What is chosen is named by its label."""
        wanted = {name: said for name, said in answers.items() if said is not None}

        async def asks() -> JSON | None:
            modal: JSON | None = (await self.see(f"views/{_id(who)}"))["modal"]
            return modal if modal and wanted.keys() <= _fields(modal).keys() else None

        modal = await self.until(asks, f"a screen before {who} that asks for {sorted(wanted)}")
        values = {}
        for name, said in wanted.items():
            element = _fields(modal)[name]
            answer = {"value": said}
            if "options" in element:
                answer = {"selected_option": next(option for option in element["options"] if option["text"]["text"] == said)}
            values[name] = {element["action_id"]: {"type": element["type"], **answer}}
        await self.do("view-submit", user=_id(who), view_id=modal["id"], values=values)

    async def chooses_on_screen(self, who: str, field: str, option: str) -> None:
        """Choose this in the field of the screen before this person, and send it off."""
        modal = await self._modal(who)
        [element] = [block["element"] for block in modal["blocks"] if block.get("block_id") == field]
        chosen = next(each for each in element["options"] if each["text"]["text"] == option)
        await self._submit(who, modal, field, {"type": element["type"], "selected_option": chosen})

    async def writes_on_screen(self, who: str, field: str, words: str) -> None:
        """Write this into the field of the screen before this person, and send it off."""
        await self._submit(who, await self._modal(who), field, {"type": "plain_text_input", "value": words})

    async def presses_on_screen(self, who: str, label: str, *, choose: str | None = None) -> None:
        """Press what bears this label on the screen before this person, or choose in it."""
        modal = await self._modal(who)
        await self.do("interact", view_id=modal["id"], user=_id(who), action=action(modal, label, choose))

    async def errors_before(self, who: str) -> JSON:
        """What the screen says at its fields, by the ids of their blocks."""
        errors: JSON = (await self.see(f"views/{_id(who)}"))["errors"]
        return errors

    async def _modal(self, who: str) -> JSON:
        await self.screen_of(who)
        modal: JSON = (await self.see(f"views/{_id(who)}"))["modal"]
        return modal

    async def _submit(self, who: str, modal: JSON, field: str, value: JSON) -> None:
        await self.do("view-submit", user=_id(who), view_id=modal["id"], values={field: {field: value}})

    async def texts_on_screen(self, who: str, words: str) -> None:
        """Write on the screen that Text opened, and send."""
        modal = await self._modal(who)
        [block_id] = [block["block_id"] for block in modal["blocks"] if block.get("block_id", "").startswith("words:")]
        values = {block_id: {"words": {"type": "plain_text_input", "value": words}}}
        await self.do("view-submit", user=_id(who), view_id=modal["id"], values=values)

    async def has_no_screen(self, who: str) -> bool:
        return (await self.see(f"views/{_id(who)}"))["modal"] is None

    async def presses_on(self, card: JSON, who: str, label: str) -> JSON:
        """Press what bears this label on this card; the control API's answer."""
        return await self.do("interact", channel=card["channel"], messageTs=card["ts"], user=_id(who), action=action(card, label))

    async def do(self, act: str, **body: Any) -> JSON:
        """One act of the control API."""
        async with self._session.post(f"{self.sandbox.url}/_control/{act}", json=body) as answer:
            told: JSON = await answer.json()
        assert told["ok"], told
        return told

    # What goes wrong, and what passed.

    async def slack_fault(self, kind: str, **how: Any) -> None:
        await self.do("faults", kind=kind, **how)

    async def slack_heals(self) -> None:
        await self.do("faults", kind="none")

    async def slack_deletes(self, channel: str, ts: str) -> None:
        """A message of Leadbell's vanishes: an admin deleted it."""
        async with self._session.post(
            f"{self.sandbox.api_url}chat.delete", data={"token": BOT_TOKEN, "channel": channel, "ts": ts}
        ) as answer:
            assert (await answer.json())["ok"]

    async def stands_from_before(self, elements: list[JSON], channel: str = LEADS) -> None:
        """A message of ours with these buttons, posted by an earlier version."""
        blocks = [{"type": "actions", "block_id": "before", "elements": elements}]
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        message = {"channel": channel, "text": "from before", "blocks": blocks}
        async with self._session.post(f"{self.sandbox.api_url}chat.postMessage", json=message, headers=headers) as answer:
            assert (await answer.json())["ok"]

    async def calls(self, *methods: str) -> list[JSON]:
        """What Leadbell called in Slack so far."""
        return [each for each in await self.log() if each["direction"] == "from_bot" and each["method"] in methods]

    async def connections(self) -> int:
        """How many sockets Slack may send to."""
        return int((await self.see("state"))["app"]["connections"])

    async def log(self) -> list[JSON]:
        entries: list[JSON] = (await self.see("log"))["log"]
        return entries

    async def see(self, what: str) -> JSON:
        async with self._session.get(f"{self.sandbox.url}/_control/{what}") as answer:
            seen: JSON = await answer.json()
            return seen

    async def until(self, holds: Callable[[], Awaitable[T | None]], what: str) -> T:
        """What `holds` finds, as soon as it finds something."""
        return await until(holds, what, self._said)

    async def _said(self) -> str:
        """What people see last of all: a failing test shows it."""
        channels = {entry["arguments"]["channel"] for entry in await self.calls("chat.postMessage")}
        said = {channel: await self.messages(channel) for channel in sorted(channels)}
        return "\n".join(f"{channel}: {[words(each) for each in messages[-4:]]}" for channel, messages in said.items())


def _fields(modal: JSON) -> dict[str, JSON]:
    """What a screen asks for, by the ids of its blocks."""
    return {block["block_id"]: block["element"] for block in modal["blocks"] if block["type"] == "input"}


def _id(who: str) -> str:
    return f"U0{who.upper()}"
