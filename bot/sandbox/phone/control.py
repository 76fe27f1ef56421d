"""The control API's hold on the phone network: borrowers who write, how their numbers behave, what was said."""

import base64
import binascii
import re
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.errors import ControlError
from bot.sandbox.phone.account import NUMBER
from bot.sandbox.phone.network import REFUSED, ROUTES, Attachment, Network
from bot.sandbox.phone.texts import Text

JSON = dict[str, Any]
CODES = range(10_000, 100_000)
ENDS = (*ROUTES, REFUSED)
CODED = ("undelivered", "failed", REFUSED)
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
    """{inbound_url?, numbers?, confirms?}: where webhooks go, which numbers are ours, whether the network answers STOP on its own."""
    if "inbound_url" in body:
        url = body["inbound_url"]
        if not isinstance(url, str) or not re.match(r"(https?://.+)?$", url):
            raise ControlError("inbound_url must be an http address, or empty")
        network.wiring.inbound_url = url
    if "numbers" in body:
        numbers = body["numbers"]
        if not isinstance(numbers, list) or not numbers or not all(isinstance(one, str) and NUMBER.fullmatch(one) for one in numbers):
            raise ControlError("numbers must be a list of numbers such as +15125550199")
        network.wiring.numbers = numbers
    if "confirms" in body:
        network.wiring.confirms = bool(body["confirms"])
    return {"inbound_url": network.wiring.inbound_url, "numbers": network.wiring.numbers, "confirms": network.wiring.confirms}


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
        "media": [{"sid": one.sid, "content_type": one.content_type, "url": one.url, "size": one.size} for one in text.pictures],
    }


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
