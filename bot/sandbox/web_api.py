"""The Web API's door: who calls, with what, and whether a fault lies in wait; then the method, then the log."""

import asyncio
import hmac
import math
from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.call import Call
from bot.sandbox.errors import SlackError
from bot.sandbox.journal import shortened
from bot.sandbox.methods import chat, conversations, files, users, views
from bot.sandbox.slack import Slack
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, SCOPES

JSON = dict[str, Any]
Method = Callable[[Slack, Call], JSON]


def open_connection(slack: Slack, _call: Call) -> JSON:
    """apps.connections.open"""
    return {"url": slack.address.replace("http://", "ws://") + "/link"}


METHODS: dict[str, Method] = {
    "apps.connections.open": open_connection,
    "auth.test": users.who_am_i,
    "chat.delete": chat.delete,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.join": conversations.join,
    "conversations.list": conversations.list_channels,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_dm,
    "conversations.replies": conversations.replies,
    "files.completeUploadExternal": files.complete_upload,
    "files.getUploadURLExternal": files.get_upload_url,
    "reactions.add": chat.add_reaction,
    "users.info": users.info,
    "users.list": users.list_users,
    "users.lookupByEmail": users.look_up_by_email,
    "views.open": views.open_view,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}


async def handle(slack: Slack, request: web.Request) -> web.Response:
    """POST or GET /api/{method}"""
    method = request.match_info["method"]
    arguments = await read_arguments(request)

    def answer() -> JSON:
        found = METHODS.get(method)
        if found is None:
            raise SlackError("unknown_method", req_method=method)
        _check_token(slack, request, method, arguments)
        return found(slack, Call(method, arguments))

    return await through_faults(slack, request, "web_api", method, arguments, answer)


async def through_faults(
    slack: Slack, request: web.Request, kind: str, method: str, arguments: JSON, answer: Callable[[], JSON]
) -> web.Response:
    """Give the answer, or what the armed faults make of it; either way it is written in the log."""
    slow = slack.faults.take("slow", method)
    if slow:
        await asyncio.sleep(slow.seconds)
    if slack.faults.take("error_5xx", method):
        slack.journal.write("from_bot", kind, method, "http_503", arguments=shortened(arguments))
        return web.Response(status=503, text="<html><body>Service unavailable</body></html>", content_type="text/html")
    try:
        scopes = ",".join(scope for scope in SCOPES if scope not in slack.faults.withheld)
        response = _json({"ok": True, **answer()}, headers={"X-OAuth-Scopes": scopes})
        error = ""
    except SlackError as refusal:
        error = refusal.code
        response = _json({"ok": False, "error": error, **refusal.extra}, refusal.status, refusal.headers)
    lost = slack.faults.take("lost_response", method)
    slack.journal.write("from_bot", kind, method, error, arguments=shortened(arguments), **({"lost_response": True} if lost else {}))
    if lost and request.transport is not None:
        request.transport.abort()
    return response


async def read_arguments(request: web.Request) -> JSON:
    """Query, then form or JSON over it. A body that can't be read counts as no arguments."""
    arguments: JSON = dict(request.query)
    try:
        if request.content_type == "application/json":
            body = orjson.loads(await request.read())
        else:
            body = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    except (ValueError, LookupError):  # not JSON, not in its encoding, an encoding that does not exist
        return arguments
    return arguments | body if isinstance(body, dict) else arguments


def _check_token(slack: Slack, request: web.Request, method: str, arguments: JSON) -> None:
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ").strip() or str(arguments.get("token") or "")
    wanted, other = (APP_TOKEN, BOT_TOKEN) if method == "apps.connections.open" else (BOT_TOKEN, APP_TOKEN)
    if not token:
        raise SlackError("not_authed")
    if not _same(token, wanted):
        raise SlackError("not_allowed_token_type" if _same(token, other) else "invalid_auth")
    if slack.faults.take("token_revoked", method):
        raise SlackError("token_revoked")
    if limited := slack.faults.take("method_limited", method):
        raise SlackError("ratelimited", status=429, headers={"Retry-After": str(math.ceil(limited.seconds))})


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), secret.encode())


def _json(body: JSON, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, headers=headers, content_type="application/json")
