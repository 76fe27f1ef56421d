"""The REST door: who calls, whether a fault lies in wait, then the resource, then the log."""

import asyncio
import base64
import functools
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web
from multidict import MultiDict

from bot.sandbox.errors import TwilioError
from bot.sandbox.phone import calls, messages
from bot.sandbox.phone.account import ACCOUNT_SID, API_VERSION, AUTH_TOKEN, SERVICE_SID
from bot.sandbox.phone.network import Network

JSON = dict[str, Any]
Method = Callable[[Network, web.Request], Awaitable[web.Response]]
Handler = Callable[[Network, web.Request], Awaitable[web.StreamResponse]]
EARLY_S = 5.0
"""How long an answer waits for callbacks that are to come before it."""
KEY = b"Basic " + base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode())


async def _account(_network: Network, _request: web.Request) -> web.Response:
    return _json({"sid": ACCOUNT_SID, "friendly_name": "Acme Mortgage", "status": "active", "type": "Full"})


async def _numbers(network: Network, request: web.Request) -> web.Response:
    """The account's numbers, or the one that is asked for; all of them send what they get to one address."""
    wanted = request.query.get("PhoneNumber")
    found = [number for number in network.wiring.numbers if wanted in (None, number)]
    shown = [
        {
            "phone_number": number,
            "capabilities": {"sms": True, "voice": True},
            "sms_url": network.wiring.inbound_url,
            "voice_url": network.wiring.voice_url,
        }
        for number in found
    ]
    return _json({"incoming_phone_numbers": shown})


async def _service(network: Network, request: web.Request) -> web.Response:
    if request.match_info["service"] != SERVICE_SID:
        raise TwilioError(20404, f"The requested resource {request.path} was not found", status=404)
    return _json({"sid": SERVICE_SID, "inbound_request_url": network.wiring.inbound_url, "use_inbound_webhook_on_number": False})


async def _numbers_of_service(network: Network, _request: web.Request) -> web.Response:
    return _json({"phone_numbers": [{"phone_number": number} for number in network.wiring.numbers]})


async def _campaigns(_network: Network, _request: web.Request) -> web.Response:
    return _json({"compliance": [{"campaign_status": "VERIFIED"}]})


async def _create(network: Network, request: web.Request) -> web.Response:
    form = MultiDict((name, value) for name, value in (await request.post()).items() if isinstance(value, str))
    text = messages.create(network, form)
    answer = _json(messages.resource(text), 201)
    life = network.begin(text)
    if text.callback_fault == "webhook_early":
        await asyncio.wait({life}, timeout=EARLY_S)
    return answer


async def _list(network: Network, request: web.Request) -> web.Response:
    return _json(messages.list_page(network, request.query))


async def _fetch(network: Network, request: web.Request) -> web.Response:
    return _json(messages.resource(messages.fetch(network, request.match_info["sid"])))


async def _list_media(network: Network, request: web.Request) -> web.Response:
    return _json(messages.media_page(network, request.match_info["sid"]))


async def _fetch_media(network: Network, request: web.Request) -> web.Response:
    return _json(messages.media_resource(*messages.fetch_media(network, request.match_info["sid"], request.match_info["media"])))


async def _media_content(network: Network, request: web.Request) -> web.Response:
    """Where the bytes are: an address that needs no key, as nobody can guess it."""
    _, picture = messages.fetch_media(network, request.match_info["sid"], request.match_info["media"])
    address = f"{network.address}/pictures/{picture.sid}/{messages.picture_key(picture.sid)}"
    return web.Response(status=307, headers={"Location": address})


async def _create_call(network: Network, request: web.Request) -> web.Response:
    form = MultiDict((name, value) for name, value in (await request.post()).items() if isinstance(value, str))
    return _json(calls.resource(calls.create(network.exchange, form).call), 201)


async def _change_call(network: Network, request: web.Request) -> web.Response:
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return _json(calls.resource(calls.change(network.exchange, request.match_info["sid"], form)))


async def _list_calls(network: Network, request: web.Request) -> web.Response:
    return _json(calls.list_page(network.exchange, request.query))


async def _fetch_call(network: Network, request: web.Request) -> web.Response:
    return _json(calls.resource(calls.fetch(network.exchange, request.match_info["sid"])))


async def _stop_recording(network: Network, request: web.Request) -> web.Response:
    found = calls.running_recording(network.exchange, request.match_info["sid"], request.match_info["recording"])
    if (await request.post()).get("Status") != "stopped":
        raise TwilioError(21220, "Invalid status")
    await network.exchange.end_recording(found)
    return _json(calls.recording_resource(found))


async def _list_recordings(network: Network, request: web.Request) -> web.Response:
    return _json(calls.recordings_page(network.exchange, request.match_info["sid"]))


async def _play_recording(network: Network, request: web.Request) -> web.Response:
    found = calls.kept_recording(network.exchange, request.match_info["recording"])
    return web.Response(body=found.content, content_type="audio/mpeg")


async def _delete_recording(network: Network, request: web.Request) -> web.Response:
    calls.kept_recording(network.exchange, request.match_info["recording"]).deleted = True
    return web.Response(status=204)


async def _nothing(_network: Network, request: web.Request) -> web.Response:
    raise TwilioError(20404, f"The requested resource {request.path} was not found", status=404)


async def send_picture(network: Network, request: web.Request) -> web.StreamResponse:
    """GET /pictures/{sid}/{key}, as a download: other people's bytes are nothing for a browser to open here."""
    sid, key = request.match_info["sid"], request.match_info["key"]
    content = network.texts.picture(sid)
    if content is None or not hmac.compare_digest(key.encode(), messages.picture_key(sid).encode()):
        return web.Response(status=404, text="no such picture")
    found = next(one for text in network.texts.newest_first() for one in text.pictures if one.sid == sid)
    return web.Response(body=content, headers={"Content-Type": found.content_type, "Content-Disposition": "attachment"})


async def _handle(name: str, method: Method, network: Network, request: web.Request) -> web.StreamResponse:
    """Give the answer, or what the armed faults make of it; either way it is written in the log."""
    faults = network.faults
    await request.read()  # all of it before any wait: who gives up in the meantime has sent it all the same
    if slow := faults.take("slow", name):
        await asyncio.sleep(slow.seconds)
    error = ""
    try:
        _check_key(request)
        if faults.take("too_many_requests", name):
            raise TwilioError(20429, "Too Many Requests", status=429)
        if faults.take("error_5xx", name):
            error = "http_503"
            answer = web.Response(status=503, text="<html><body>Service unavailable</body></html>", content_type="text/html")
        else:
            answer = await method(network, request)
            if faults.take("error_5xx_after", name):
                raise TwilioError(20500, "An internal server error has occurred", status=500)
    except TwilioError as refusal:
        error = str(refusal.code)
        answer = _json(refusal.body(), refusal.status)
    lost = faults.take("lost_response", name)
    network.journal.write("from_bot", "twilio", name, error, **({"lost_response": True} if lost else {}))
    if lost and request.transport is not None:
        request.transport.abort()
    return answer


def _check_key(request: web.Request) -> None:
    given = request.headers.get("Authorization", "").encode(errors="replace")
    if not hmac.compare_digest(given, KEY):
        raise TwilioError(20003, "Authenticate", status=401)
    if request.match_info.get("account", ACCOUNT_SID) != ACCOUNT_SID:
        raise TwilioError(20404, f"The requested resource {request.path} was not found", status=404)


def _json(body: JSON, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


_AT = f"/{API_VERSION}/Accounts/{{account}}/Messages"
_CALLS = f"/{API_VERSION}/Accounts/{{account}}/Calls"
_RECORDINGS = f"/{API_VERSION}/Accounts/{{account}}/Recordings"
ROUTES: list[tuple[str, str, Handler]] = [
    (verb, path, functools.partial(_handle, name, method))
    for verb, path, name, method in (
        ("GET", f"/{API_VERSION}/Accounts/{{account}}.json", "Accounts.fetch", _account),
        ("GET", f"/{API_VERSION}/Accounts/{{account}}/IncomingPhoneNumbers.json", "IncomingPhoneNumbers.list", _numbers),
        ("GET", "/v1/Services/{service}", "Services.fetch", _service),
        ("GET", "/v1/Services/{service}/PhoneNumbers", "ServicePhoneNumbers.list", _numbers_of_service),
        ("GET", "/v1/Services/{service}/Compliance/Usa2p", "Usa2p.list", _campaigns),
        ("POST", f"{_AT}.json", "Messages.create", _create),
        ("GET", f"{_AT}.json", "Messages.list", _list),
        ("GET", f"{_AT}/{{sid}}.json", "Messages.fetch", _fetch),
        ("GET", f"{_AT}/{{sid}}/Media.json", "Media.list", _list_media),
        ("GET", f"{_AT}/{{sid}}/Media/{{media}}.json", "Media.fetch", _fetch_media),
        ("GET", f"{_AT}/{{sid}}/Media/{{media}}", "Media.content", _media_content),
        ("POST", f"{_CALLS}.json", "Calls.create", _create_call),
        ("GET", f"{_CALLS}.json", "Calls.list", _list_calls),
        ("GET", f"{_CALLS}/{{sid}}.json", "Calls.fetch", _fetch_call),
        ("POST", f"{_CALLS}/{{sid}}.json", "Calls.update", _change_call),
        ("GET", f"{_CALLS}/{{sid}}/Recordings.json", "CallRecordings.list", _list_recordings),
        ("POST", f"{_CALLS}/{{sid}}/Recordings/{{recording}}.json", "CallRecordings.update", _stop_recording),
        ("GET", f"{_RECORDINGS}/{{recording}}.mp3", "Recordings.content", _play_recording),
        ("DELETE", f"{_RECORDINGS}/{{recording}}.json", "Recordings.delete", _delete_recording),
        ("*", f"/{API_VERSION}/{{rest:.*}}", "unknown", _nothing),
    )
]
