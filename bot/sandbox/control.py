"""The control API: people's hands in the sandbox. Tests and the page write, press, submit and look through it."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox import interactions, mailbox, messages
from bot.sandbox.control_world import change_clock, send_lead, set_door, set_fault
from bot.sandbox.errors import ControlError, SlackError
from bot.sandbox.methods.files import keep_for
from bot.sandbox.phone import control as phone
from bot.sandbox.phone.network import Network
from bot.sandbox.slack import Slack
from bot.sandbox.socket_mode import Ack
from bot.sandbox.store import to_ts
from bot.sandbox.workspace import APP_ID, BOT_USER_ID, HUMANS, PEOPLE, TEAM_DOMAIN, TEAM_ID, TEAM_NAME, dm_id, slack_user

JSON = dict[str, Any]
PhoneAct = Callable[[Network, JSON], Awaitable[JSON]]
Act = Callable[[Slack, JSON], Awaitable[JSON]]
SHOWN_MESSAGES = 1_000


async def post_message(slack: Slack, body: JSON) -> JSON:
    user, place = _person(body), _place(slack, _needed(body, "channel"))
    if user not in place["members"]:
        raise ControlError("this person is not in that channel", status=403)
    given = body.get("files") or []
    if not isinstance(given, list):
        raise ControlError("files must be a list")
    files = [keep_for(slack, user, *_upload(one)) for one in given]
    message = messages.post_as_user(slack, place, user, str(body.get("text", "")), str(body.get("thread_ts") or ""), files)
    return {"message": message}


def _upload(given: object) -> tuple[str, bytes]:
    """{name, data in base64}"""
    if not isinstance(given, dict) or not isinstance(given.get("name"), str) or not given["name"]:
        raise ControlError("a file needs a name")
    try:
        return given["name"], base64.b64decode(str(given.get("data", "")), validate=True)
    except binascii.Error:
        raise ControlError("the data of a file must be base64") from None


async def run_command(slack: Slack, body: JSON) -> JSON:
    user, place, command = _person(body), _place(slack, _needed(body, "channel")), _needed(body, "command")
    if user not in place["members"]:
        raise ControlError("this person is not in that channel", status=403)
    return _acked(await interactions.run_command(slack, place, user, command, str(body.get("text", ""))))


async def interact(slack: Slack, body: JSON) -> JSON:
    user, action = _person(body), _object(body, "action")
    if body.get("view_id"):
        return _acked(await interactions.press_in_view(slack, str(body["view_id"]), user, action, _values(body)))
    place = _place(slack, _needed(body, "channel"))
    return _acked(await interactions.press_in_message(slack, place, _needed(body, "messageTs"), user, action))


async def submit_view(slack: Slack, body: JSON) -> JSON:
    return _acked(await interactions.submit_view(slack, _person(body), _needed(body, "view_id"), _values(body)))


async def close_view(slack: Slack, body: JSON) -> JSON:
    ack = await interactions.close_view(slack, _person(body), _needed(body, "view_id"))
    return _acked(ack) if ack else {"acked": False, "ack_ms": 0}


async def suggest(slack: Slack, body: JSON) -> JSON:
    """What an external select offers for the text typed so far."""
    user, action = _person(body), _object(body, "action")
    if body.get("view_id"):
        holder = interactions.view_holder(slack, str(body["view_id"]), user)
    else:
        holder = interactions.message_holder(slack, _place(slack, _needed(body, "channel")), _needed(body, "messageTs"), user)
    ack, offered = await interactions.suggest(slack, holder, user, action, str(body.get("value", "")))
    return {**_acked(ack), "options": offered.get("options", []), "option_groups": offered.get("option_groups", [])}


async def open_home(slack: Slack, body: JSON) -> JSON:
    user = _person(body)
    place = slack.store.open_dm(user)
    home = slack.views.home(user)
    event = {"type": "app_home_opened", "user": user, "channel": place["id"], "tab": "home", "event_ts": to_ts(slack.clock.stamp())}
    slack.delivery.announce({**event, **({"view": home} if home else {})})
    return {}


async def reset(slack: Slack, _body: JSON) -> JSON:
    """The workspace as it was on the first day: no messages, no texts, no emails, no faults, real time."""
    slack.phone.reset()
    slack.door.reset()
    await slack.mailbox.reset()
    slack.store.reset()
    slack.faults.clear()
    slack.sockets.heal()
    slack.journal.entries.clear()
    slack.clock.skip_to(0)
    slack.views.reset()
    return {}


def _on_phone(act: PhoneAct) -> Act:
    return lambda slack, body: act(slack.phone, body)


ACTS: dict[str, Act] = {
    "message": post_message,
    "command": run_command,
    "interact": interact,
    "suggest": suggest,
    "view-submit": submit_view,
    "view-close": close_view,
    "open-home": open_home,
    "reset": reset,
    "clock": change_clock,
    "faults": set_fault,
    "door": set_door,
    "lead": send_lead,
    "mailbox": lambda slack, body: mailbox.set_behavior(slack.mailbox, body),
    "answer-email": lambda slack, body: mailbox.answer_email(slack.mailbox, body),
    "return-email": lambda slack, body: mailbox.return_email(slack.mailbox, body),
    "incoming-email": lambda slack, body: mailbox.take_in(slack.mailbox, body),
    "renumber-inbox": lambda slack, body: mailbox.renumber(slack.mailbox, body),
    "sms": _on_phone(phone.write),
    "phone": _on_phone(phone.set_up),
    "number": _on_phone(phone.set_behavior),
    "callback": _on_phone(phone.call_back),
    "call": _on_phone(phone.call_us),
    "line": _on_phone(phone.set_line),
    "handset": _on_phone(phone.handle_phone),
}


async def handle(slack: Slack, request: web.Request) -> web.Response:
    """POST /_control/{act}"""
    act = ACTS.get(request.match_info["act"])
    if act is None:
        return reply({"ok": False, "error": "there is no such control"}, 404)
    try:
        body = orjson.loads(await request.read() or b"{}")
        if not isinstance(body, dict):
            raise ControlError("send a JSON object")
        return reply({"ok": True, **await act(slack, body)})
    except orjson.JSONDecodeError:
        return reply({"ok": False, "error": "send JSON"}, 400)
    except ControlError as error:
        return reply({"ok": False, "error": str(error)}, error.status)
    except SlackError as error:
        return reply({"ok": False, "error": error.code}, 404)


async def show_state(slack: Slack, _request: web.Request) -> web.Response:
    """GET /_control/state"""
    now = slack.clock.now()
    users = [{**slack_user(person, now), "email": person.email, "title": person.title} for person in PEOPLE.values()]
    channels = [{**row, "is_archived": row["id"] in slack.faults.archived} for row in slack.store.channels()]
    workspace = {"id": TEAM_ID, "teamId": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN}
    mode = "socket" if slack.sockets.live() else "events"
    app = {"appId": APP_ID, "botUserId": BOT_USER_ID, "mode": mode, "connections": len(slack.sockets.live())}
    world = {"users": users, "channels": channels, "switched": slack.faults.switched(), "borrowers": slack.door.borrowers}
    return reply({"ok": True, "workspace": workspace, "app": app, **world})


async def show_messages(slack: Slack, request: web.Request) -> web.Response:
    """GET /_control/messages/{channel}: its newest thousand, or ?limit=, oldest first."""
    return _timeline(slack, request, request.match_info["channel"])


async def show_dms(slack: Slack, request: web.Request) -> web.Response:
    """GET /_control/dms/{user}: what the bot and the person said to each other, shaped as messages/{channel}."""
    return _timeline(slack, request, dm_id(request.match_info["user"]))


async def show_views(slack: Slack, request: web.Request) -> web.Response:
    """GET /_control/views/{user}: the modal on top, its errors, and the Home."""
    user = request.match_info["user"]
    shown = {"modal": slack.views.top(user), "home": slack.views.home(user)}
    return reply({"ok": True, **shown, "errors": slack.views.errors.get(user, {}), "trouble": slack.views.trouble.get(user, "")})


async def show_log(slack: Slack, _request: web.Request) -> web.Response:
    """GET /_control/log"""
    return reply({"ok": True, "log": list(slack.journal.entries)})


def reply(body: JSON, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def _timeline(slack: Slack, request: web.Request, channel: str) -> web.Response:
    limit = request.query.get("limit", "")
    newest = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 10 else SHOWN_MESSAGES
    try:
        place = _place(slack, channel)
    except SlackError as error:
        return reply({"ok": False, "error": error.code}, 404)
    return reply({"ok": True, "channel": place["id"], "messages": slack.store.timeline(place["id"], newest)})


def _acked(ack: Ack) -> JSON:
    return {"acked": ack.acked, "ack_ms": ack.ms, **({"ack_error": ack.error} if ack.error else {})}


def _place(slack: Slack, channel: str) -> JSON:
    """As the bot finds it, and direct messages also before their first one."""
    owner = "U" + channel[1:]
    return slack.store.open_dm(owner) if channel.startswith("D") and owner in HUMANS else slack.place(channel)


def _needed(body: JSON, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ControlError(f"{name} is needed")
    return value


def _person(body: JSON) -> str:
    user = _needed(body, "user")
    if user not in HUMANS:
        raise ControlError("nobody here has this user id", status=404)
    return user


def _object(body: JSON, name: str) -> JSON:
    value = body.get(name)
    if not isinstance(value, dict):
        raise ControlError(f"{name} is needed, as an object")
    return value


def _values(body: JSON) -> JSON:
    values = body.get("values") or {}
    if not isinstance(values, dict) or not all(isinstance(fields, dict) for fields in values.values()):
        raise ControlError("values must be {block_id: {action_id: {...}}}")
    return values
