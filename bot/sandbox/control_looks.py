"""What the page looks at besides single conversations: where something is new for a person, and what the app offers."""

from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.manifest import read_manifest
from bot.sandbox.slack import Slack
from bot.sandbox.workspace import dm_id

JSON = dict[str, Any]
NEWEST = 30
TOLD = ("ts", "user", "text", "push", "thread_ts", "ephemeral_to", "subtype")


async def show_inbox(slack: Slack, request: web.Request) -> web.Response:
    """GET /_control/inbox/{user}: each place where the person is, with the words of its newest messages, oldest first."""
    user = request.match_info["user"]
    places = [row for row in slack.store.channels() if user in row["members"] and (not row.get("is_im") or row["id"] == dm_id(user))]
    return _reply({"places": [{"id": row["id"], "messages": _newest(slack, row["id"], user)} for row in places]})


async def show_app(_slack: Slack, _request: web.Request) -> web.Response:
    """GET /_control/app: the commands to complete, and whether there is a Home."""
    return _reply(read_manifest())


def _newest(slack: Slack, channel: str, user: str) -> list[JSON]:
    found = slack.store.timeline(channel, NEWEST)
    return [{name: one[name] for name in TOLD if name in one} for one in found if one.get("ephemeral_to", user) == user]


def _reply(body: JSON) -> web.Response:
    return web.Response(body=orjson.dumps({"ok": True, **body}), content_type="application/json")
