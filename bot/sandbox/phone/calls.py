"""Twilio's Calls resource: create, list, fetch, and change a call that is under way."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from multidict import MultiMapping

from bot.sandbox.errors import TwilioError
from bot.sandbox.phone.account import ACCOUNT_SID, API_VERSION, NUMBER, ROOT
from bot.sandbox.phone.exchange import Call, Exchange, Leg, Recording

JSON = dict[str, Any]
LONGEST_TWIML = 4_000
LONGEST_TIMEOUT_S = 600
EVENTS = ("initiated", "ringing", "answered", "completed")


def create(exchange: Exchange, form: MultiMapping[str]) -> Leg:
    """POST Calls.json, up to where the call exists."""
    to, sender = re.sub(r"[\s().-]", "", form.get("To", "")), form.get("From", "")
    if not to:
        raise TwilioError(21201, "No 'To' number is specified")
    if not NUMBER.fullmatch(to):
        raise TwilioError(21211, f"Invalid 'To' Phone Number: {form['To']}")
    if not sender:
        raise TwilioError(21213, "No 'From' number specified")
    if sender not in exchange.numbers:
        raise TwilioError(21210, f"'From' phone number not verified: {sender}")
    url, twiml = form.get("Url", ""), form.get("Twiml", "")
    if not url and not twiml:
        raise TwilioError(21205, "Url parameter is required")
    if url and not re.match(r"https?://[^/_]+(/|$)", url):
        raise TwilioError(21205, f"Url is not a valid URL: {url}")
    if len(twiml) > LONGEST_TWIML:
        raise TwilioError(21222, "Twiml is longer than 4000 characters")
    events = form.getall("StatusCallbackEvent", ["completed"])
    if unknown := [event for event in events if event not in EVENTS]:
        raise TwilioError(21626, f"Invalid StatusCallbackEvent: {unknown[0]}")
    timeout = form.get("Timeout", "60")
    if not (timeout.isascii() and timeout.isdigit() and len(timeout) < 6 and 1 <= int(timeout) <= LONGEST_TIMEOUT_S):
        raise TwilioError(21216, "Timeout must be between 1 and 600 seconds")
    return exchange.place(sender, to, url or twiml, int(timeout), form.get("StatusCallback", ""), tuple(events))


def change(exchange: Exchange, sid: str, form: Mapping[str, str]) -> Call:
    """POST Calls/{sid}.json: end a call, or let its end hear something else."""
    leg = exchange.leg(sid)
    if leg is None:
        raise _not_found(sid)
    if leg.is_over:
        raise TwilioError(21220, "Call is not in-progress. Cannot redirect.")
    if form.get("Status") in ("completed", "canceled"):
        leg.hang_up()
    elif form.get("Url") or form.get("Twiml"):
        leg.redirect(form.get("Url") or form["Twiml"])
    return leg.call


def fetch(exchange: Exchange, sid: str) -> Call:
    leg = exchange.leg(sid)
    if leg is None:
        raise _not_found(sid)
    return leg.call


def _not_found(sid: str) -> TwilioError:
    return TwilioError(20404, f"The requested resource {ROOT}/Calls/{sid}.json was not found", status=404)


def running_recording(exchange: Exchange, sid: str, named: str) -> Recording:
    """The recording of a call that is under way, by its own sid or as the current one."""
    found = [each for each in exchange.recordings.values() if each.call_sid == sid and each.seconds is None]
    wanted = [each for each in found if named in (each.sid, "Twilio.CURRENT")]
    if not wanted:
        raise TwilioError(20404, f"The requested resource {ROOT}/Calls/{sid}/Recordings/{named}.json was not found", status=404)
    return wanted[0]


def kept_recording(exchange: Exchange, sid: str) -> Recording:
    """A recording that is complete and was not deleted."""
    recording = exchange.recordings.get(sid)
    if recording is None or recording.deleted or recording.seconds is None:
        raise TwilioError(20404, f"The requested resource {ROOT}/Recordings/{sid} was not found", status=404)
    return recording


def recordings_page(exchange: Exchange, sid: str) -> JSON:
    """GET Calls/{sid}/Recordings.json."""
    call = fetch(exchange, sid)
    found = [each for each in exchange.recordings.values() if each.call_sid == call.sid and not each.deleted]
    here = f"{ROOT}/Calls/{sid}/Recordings.json"
    return {"recordings": [recording_resource(each) for each in found], **_page(len(found), here)}


def recording_resource(recording: Recording) -> JSON:
    """A recording as the API tells it."""
    return {
        "sid": recording.sid, "account_sid": ACCOUNT_SID, "call_sid": recording.call_sid, "channels": 2,
        "status": "stopped" if recording.seconds is not None else "in-progress",
        "duration": None if recording.seconds is None else str(recording.seconds),
        "uri": f"{ROOT}/Recordings/{recording.sid}.json",
    }  # fmt: skip


def list_page(exchange: Exchange, query: Mapping[str, str]) -> JSON:
    """GET Calls.json: the newest first, filtered. All fit on one page, as the sandbox has few."""
    since = query.get("StartTime>") or query.get("StartTime>=") or ""
    found = [
        resource(call)
        for call in exchange.newest_first()
        if query.get("To", call.to) == call.to
        and query.get("From", call.sender) == call.sender
        and query.get("ParentCallSid", call.parent) == call.parent
        and (not since or call.created >= _moment(since))
    ]
    return {"calls": found, **_page(len(found), f"{ROOT}/Calls.json")}


def _page(many: int, here: str) -> JSON:
    """All on one."""
    return {
        "page": 0, "page_size": many, "start": 0, "end": max(0, many - 1), "uri": here, "first_page_uri": here, "next_page_uri": None,
        "previous_page_uri": None,
    }  # fmt: skip


def _moment(told: str) -> str:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        raise TwilioError(20001, f"Invalid date: {told}") from None
    return at.isoformat()


def resource(call: Call) -> JSON:
    """A call as the API tells it."""
    return {
        "sid": call.sid,
        "account_sid": ACCOUNT_SID,
        "api_version": API_VERSION,
        "date_created": _rfc(call.created),
        "date_updated": _rfc(call.ended or call.answered or call.created),
        "start_time": _rfc(call.answered or call.created),
        "end_time": _rfc(call.ended),
        "direction": call.direction,
        "duration": str(call.seconds) if call.ended else None,
        "from": call.sender,
        "from_formatted": call.sender,
        "to": call.to,
        "to_formatted": call.to,
        "parent_call_sid": call.parent or None,
        "status": call.status,
        "answered_by": None,
        "uri": f"{ROOT}/Calls/{call.sid}.json",
        "subresource_uris": {},
    }


def _rfc(at: str) -> str | None:
    return format_datetime(datetime.fromisoformat(at)) if at else None
