"""The control API's hold on the world around Slack: the clock that can be skipped, and what goes wrong."""

import math
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.errors import ControlError
from bot.sandbox.faults import CALL_FAULTS, PHONE_FAULTS, SOCKET_FAULTS, checked_kind
from bot.sandbox.offset_clock import OffsetClock
from bot.sandbox.slack import Slack

JSON = dict[str, Any]
LONGEST_WAIT_S = 25.0
LARGEST_OFFSET_S = 50 * 365 * 86_400


async def change_clock(slack: Slack, body: JSON) -> JSON:
    """{advance_s} or {set: ISO time, UTC when it names no zone}."""
    if "set" in body:
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
    """{kind, method?, times?, seconds?}, for channel_archived {channel}, user_deactivated {user, on?}, rate_limit {on?}; none clears."""
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
    elif kind == "user_deactivated":
        (slack.faults.deactivated.add if body.get("on", True) else slack.faults.deactivated.discard)(str(body.get("user")))
    elif kind in SOCKET_FAULTS:
        met = {"connections": await slack.sockets.disturb(kind, times, seconds)}
    elif kind in CALL_FAULTS or kind in PHONE_FAULTS:
        slack.faults.arm(kind, str(body["method"]) if body.get("method") else None, times, seconds)
    slack.journal.write("internal", "fault", kind)
    return met


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
