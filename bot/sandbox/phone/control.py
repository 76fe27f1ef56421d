"""The control API's hold on the phone network: borrowers who write, how their numbers behave, what was said."""

import base64
import binascii
import re
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.errors import ControlError
from bot.sandbox.phone.account import NUMBER
from bot.sandbox.phone.exchange import LINES, OVER, Call
from bot.sandbox.phone.messages import picture_key
from bot.sandbox.phone.network import REFUSED, ROUTES, Attachment, Network
from bot.sandbox.phone.texts import Picture, Text

JSON = dict[str, Any]
CODES = range(10_000, 100_000)
ENDS = (*ROUTES, REFUSED)
CODED = ("undelivered", "failed", REFUSED)
NOT_TAKEN = {"declines": "busy", "lets_it_ring": "no-answer"}
CONTENT_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")


async def write(network: Network, body: JSON) -> JSON:
    """{from, to?, body?, media?: [{content_type, data in base64}]}: a borrower writes, to the number they know when no other is named."""
    sender = _number(body, "from")
    to = _number(body, "to") if body.get("to") else network.number_for(sender)
    if to not in network.wiring.numbers:
        raise ControlError("nobody here has the number in to", status=404)
    words = body.get("body", "")
    if not isinstance(words, str):
        raise ControlError("body must be a text")
    media = body.get("media") or []
    if not isinstance(media, list) or len(media) > 10:
        raise ControlError("media must be a list of at most ten")
    text, answered = await network.receive(sender, to, words, [_attachment(one) for one in media])
    return {"text": shown(text), "answered": answered}


async def set_up(network: Network, body: JSON) -> JSON:
    """{inbound_url?, voice_url?, numbers?, confirms?}: where webhooks go, which numbers are ours, whether the network answers STOP on its
    own."""
    if "inbound_url" in body:
        network.wiring.inbound_url = _address(body, "inbound_url")
    if "voice_url" in body:
        network.wiring.voice_url = _address(body, "voice_url")
    if "numbers" in body:
        numbers = body["numbers"]
        if not isinstance(numbers, list) or not numbers or not all(isinstance(one, str) and NUMBER.fullmatch(one) for one in numbers):
            raise ControlError("numbers must be a list of numbers such as +15125550199")
        network.wiring.numbers = numbers
    if "confirms" in body:
        network.wiring.confirms = bool(body["confirms"])
    wiring = network.wiring
    return {"inbound_url": wiring.inbound_url, "voice_url": wiring.voice_url, "numbers": wiring.numbers, "confirms": wiring.confirms}


def _address(body: JSON, name: str) -> str:
    url = body[name]
    if not isinstance(url, str) or not re.match(r"(https?://.+)?$", url):
        raise ControlError(f"{name} must be an http address, or empty")
    return url


async def set_behavior(network: Network, body: JSON) -> JSON:
    """{number, ends, error_code?}: how texts to this number end from now on."""
    number, ends, code = _number(body, "number"), body.get("ends"), body.get("error_code")
    if ends not in ENDS:
        raise ControlError(f"ends must be one of {', '.join(ENDS)}")
    if (code in CODES) != (ends in CODED):
        raise ControlError(f"error_code is a five-digit number that goes with {', '.join(CODED)}, and with nothing else")
    network.texts.behave(number, str(ends), code)
    return {}


async def call_back(network: Network, body: JSON) -> JSON:
    """{sid, status, error_code?}: one more signed status callback, whatever the text's own status is."""
    text = network.texts.get(str(body.get("sid")))
    if text is None or not text.callback_url:
        raise ControlError("no text with this sid asked for callbacks", status=404)
    code = body.get("error_code")
    if code is not None and code not in CODES:
        raise ControlError("error_code is a five-digit number")
    return {"answered": await network.call_back(text, str(body.get("status")), code)}


async def call_us(network: Network, body: JSON) -> JSON:
    """{from, to?}: somebody calls us, at the number they know when no other is named. A withheld number is "anonymous"."""
    caller = "anonymous" if body.get("from") == "anonymous" else _number(body, "from")
    to = _number(body, "to") if body.get("to") else network.number_for(caller)
    if to not in network.wiring.numbers:
        raise ControlError("nobody here has the number in to", status=404)
    if network.exchange.leg_at(caller) is not None:
        raise ControlError("this phone is on a call already", status=409)
    return {"call": shown_call((await network.exchange.call_us(caller, to)).call)}


async def set_line(network: Network, body: JSON) -> JSON:
    """{number, line}: what this phone does from now on when it rings."""
    line = body.get("line")
    if line not in LINES:
        raise ControlError(f"line must be one of {', '.join(LINES)}")
    network.exchange.behave(_number(body, "number"), line)
    return {}


async def handle_phone(network: Network, body: JSON) -> JSON:
    """{number, does: picks_up, declines, lets_it_ring, hangs_up or presses, digits?}: a hand at a phone that rings, or is on a call."""
    number = "anonymous" if body.get("number") == "anonymous" else _number(body, "number")
    leg, does = network.exchange.leg_at(number), body.get("does")
    if leg is None:
        raise ControlError("this phone neither rings nor is on a call", status=404)
    ringing = not leg.picked_up.is_set()
    if does == "presses" and not ringing and re.fullmatch(r"[0-9*#]{1,20}", str(body.get("digits", ""))):
        leg.press(str(body["digits"]))
    elif does == "hangs_up" and not ringing:
        leg.hang_up()
    elif does == "picks_up" and ringing:
        leg.pick_up()
    elif does in NOT_TAKEN and ringing:
        leg.hang_up(NOT_TAKEN[does])
    else:
        raise ControlError("a phone that rings picks_up, declines or lets_it_ring; one on a call presses digits or hangs_up")
    return {"call": shown_call(leg.call)}


async def show_calls(network: Network, request: web.Request) -> web.Response:
    """GET /_control/calls: all of them in order, or those with ?number=."""
    number = request.query.get("number", "")
    calls = [shown_call(call) for call in network.exchange.newest_first() if number in ("", call.phone)]
    return web.Response(body=orjson.dumps({"ok": True, "calls": calls[::-1]}), content_type="application/json")


def shown_call(call: Call) -> JSON:
    return {
        "sid": call.sid, "direction": call.direction, "from": call.sender, "to": call.to, "phone": call.phone, "status": call.status,
        "parent": call.parent, "at": call.created, "heard": list(call.heard), "seconds": call.seconds, "over": call.status in OVER,
    }  # fmt: skip


async def show_texts(network: Network, request: web.Request) -> web.Response:
    """GET /_control/texts: all of them in order, or those with ?number=; and our own numbers."""
    number = request.query.get("number", "")
    texts = [shown(text) for text in network.texts.newest_first() if number in ("", text.borrower())]
    answer = {"ok": True, "texts": texts[::-1], "numbers": network.wiring.numbers}
    return web.Response(body=orjson.dumps(answer), content_type="application/json")


def shown(text: Text) -> JSON:
    """direction is inbound, outbound-api or network: what the network says on its own."""
    return {
        "sid": text.sid,
        "direction": text.direction,
        "from": text.sender,
        "to": text.to,
        "borrower": text.borrower(),
        "body": text.body,
        "status": text.status,
        "error_code": text.error_code,
        "segments": text.segments,
        "at": text.created,
        "media": [
            {"sid": one.sid, "content_type": one.content_type, "url": one.url, "size": one.size, "kept_at": _kept_at(one)}
            for one in text.pictures
        ],
    }


def _kept_at(picture: Picture) -> str:
    """Where the page shows it from; empty while it is not fetched."""
    return f"/pictures/{picture.sid}/{picture_key(picture.sid)}" if picture.sid else ""


def _number(body: JSON, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not NUMBER.fullmatch(value):
        raise ControlError(f"{name} must be a number such as +15125550123")
    return value


def _attachment(given: object) -> Attachment:
    if not isinstance(given, dict) or not CONTENT_TYPE.fullmatch(str(given.get("content_type"))):
        raise ControlError("a picture needs a content_type such as image/jpeg")
    try:
        content = base64.b64decode(str(given.get("data", "")), validate=True)
    except binascii.Error:
        raise ControlError("the data of a picture must be base64") from None
    return Attachment(str(given["content_type"]), content)
