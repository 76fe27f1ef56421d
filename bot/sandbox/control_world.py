"""The control API's hold on the world around Slack: the clock that can be skipped, and what goes wrong."""

import math
import re
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from aiohttp import web

from bot.sandbox.errors import ControlError
from bot.sandbox.faults import CALL_FAULTS, PHONE_FAULTS, SOCKET_FAULTS, SWITCHES, checked_kind
from bot.sandbox.offset_clock import OffsetClock
from bot.sandbox.slack import Slack

JSON = dict[str, Any]
LONGEST_WAIT_S = 25.0
LARGEST_OFFSET_S = 50 * 365 * 86_400


async def change_clock(slack: Slack, body: JSON) -> JSON:
    """{advance_s}, {next: "08:00", zone} for when it is that time there next, or {set: ISO time, UTC when it names no zone}."""
    if "next" in body:
        offset_s = (_next(slack.clock.now(), body["next"], body.get("zone")) - datetime.now(UTC)).total_seconds()
    elif "set" in body:
        offset_s = (_time(body["set"]) - datetime.now(UTC)).total_seconds()
    else:
        offset_s = slack.clock.offset_s + _number(body, "advance_s")
    if abs(offset_s) > LARGEST_OFFSET_S:
        raise ControlError("the clock moves at most 50 years from today")
    slack.clock.skip_to(offset_s)
    slack.changes.bump()
    return clock_state(slack.clock)


async def show_clock(slack: Slack, _request: web.Request) -> web.Response:
    """GET /_control/clock"""
    return _reply(clock_state(slack.clock))


async def wait_for_clock(slack: Slack, request: web.Request) -> web.Response:
    """GET /_control/clock/wait?version=N: answers once the version is another, or after 25 s."""
    version = request.query.get("version", "")
    known = int(version) if version.isascii() and version.isdigit() and len(version) < 19 else -1
    await slack.clock.version.differs(known, LONGEST_WAIT_S)
    return _reply(clock_state(slack.clock))


def clock_state(clock: OffsetClock) -> JSON:
    return {"offset_s": clock.offset_s, "now": clock.now().isoformat(), "version": clock.version.number}


async def set_fault(slack: Slack, body: JSON) -> JSON:
    """
    {kind, method?, times?, seconds?}, for channel_archived and channel_shared {channel}, scope_withheld {scope},
    user_deactivated {user, on?}, rate_limit {on?}; none clears.
    Or {switch, on}, for what a person turns on and off.
    """
    if "switch" in body:
        return _switch(slack, body)
    kind = checked_kind(body.get("kind"))
    times = int(_number(body, "times")) if body.get("times") is not None else None
    seconds = _number(body, "seconds") if body.get("seconds") is not None else None
    met: JSON = {}
    if kind == "none":
        slack.faults.clear()
        slack.sockets.heal()
    elif kind == "rate_limit":
        slack.faults.limit_posts(bool(body.get("on", True)))
    elif kind == "channel_archived":
        slack.faults.archived.add(slack.place(str(body.get("channel")))["id"])
    elif kind == "channel_shared":
        slack.faults.shared.add(slack.place(str(body.get("channel")))["id"])
    elif kind == "scope_withheld":
        slack.faults.withheld.add(str(body.get("scope")))
    elif kind == "user_deactivated":
        (slack.faults.deactivated.add if body.get("on", True) else slack.faults.deactivated.discard)(str(body.get("user")))
    elif kind in SOCKET_FAULTS:
        met = {"connections": await slack.sockets.disturb(kind, times, seconds)}
    elif kind in CALL_FAULTS or kind in PHONE_FAULTS:
        slack.faults.arm(kind, str(body["method"]) if body.get("method") else None, times, seconds)
    slack.journal.write("internal", "fault", kind)
    return met


def _switch(slack: Slack, body: JSON) -> JSON:
    name = body["switch"]
    if name not in SWITCHES:
        raise ControlError(f"switch must be one of {', '.join(SWITCHES)}")
    slack.faults.switch(name, bool(body.get("on")))
    slack.journal.write("internal", "fault", f"{name} {'on' if body.get('on') else 'off'}")
    slack.changes.bump()
    return {"switched": slack.faults.switched()}


async def set_door(slack: Slack, body: JSON) -> JSON:
    """{url, key}: where Leadbell takes leads, without the source at its end, and the key it asks for."""
    url, key = body.get("url"), body.get("key")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")) or not isinstance(key, str):
        raise ControlError("send url, an http address, and key")
    slack.door.is_at(url, key)
    return {}


async def send_lead(slack: Slack, body: JSON) -> JSON:
    """{lead, source?}: what a borrower filled in, sent to Leadbell's door as it is."""
    lead, source = body.get("lead"), body.get("source", "website")
    if not isinstance(lead, dict):
        raise ControlError("lead is needed, as an object")
    if not isinstance(source, str) or not re.fullmatch(r"[a-z0-9_-]{1,40}", source):
        raise ControlError("source must be a key such as website")
    met = await slack.door.send(source, lead)
    slack.changes.bump()
    return met


def _next(now: datetime, clock: object, zone: object) -> datetime:
    try:
        there, wanted = now.astimezone(ZoneInfo(str(zone))), time.fromisoformat(str(clock))
    except (ZoneInfoNotFoundError, ValueError):
        raise ControlError("next must be a time such as 08:00, and zone a time zone such as America/Chicago") from None
    today = datetime.combine(there.date(), wanted.replace(tzinfo=there.tzinfo))
    return today if today > there else today + timedelta(days=1)


def _number(body: JSON, name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ControlError(f"{name} must be a number")
    return float(value)


def _time(text: object) -> datetime:
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:
        raise ControlError("set must be a time such as 2026-03-02T09:00:00+00:00") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _reply(body: JSON) -> web.Response:
    return web.Response(body=orjson.dumps({"ok": True, **body}), content_type="application/json")
