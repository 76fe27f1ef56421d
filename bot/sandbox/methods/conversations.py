"""conversations.*: the channels the bot sees, who is in them, and what was said."""

import base64
import itertools
from collections.abc import Iterator
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import SlackError
from bot.sandbox.messages import without_private_parts
from bot.sandbox.slack import Slack
from bot.sandbox.store import from_ts, to_ts
from bot.sandbox.workspace import BOT_USER_ID, PEOPLE, TEAM_ID, channel_type, slack_channel

JSON = dict[str, Any]
TYPES = {"channel": "public_channel", "group": "private_channel", "im": "im"}
END_OF_TIME = 10**18
NO_MORE = {"next_cursor": ""}


def list_channels(slack: Slack, call: Call) -> JSON:
    wanted = call.text("types", "public_channel").replace(" ", "").split(",")
    rows = [row for row in slack.store.channels() if BOT_USER_ID in row["members"] or not row["is_private"]]
    rows = [row for row in rows if TYPES[channel_type(row)] in wanted]
    if call.flag("exclude_archived"):
        rows = [row for row in rows if row["id"] not in slack.faults.archived]
    return {"channels": [_shown(slack, row) for row in rows], "response_metadata": NO_MORE}


def info(slack: Slack, call: Call) -> JSON:
    return {"channel": _shown(slack, _visible(slack, call))}


def members(slack: Slack, call: Call) -> JSON:
    return {"members": _visible(slack, call)["members"], "response_metadata": NO_MORE}


def open_dm(slack: Slack, call: Call) -> JSON:
    """conversations.open with one person; groups are not built."""
    users = call.text("users")
    if not users and call.text("channel"):
        return {"channel": _shown(slack, _visible(slack, call))}
    if "," in users:
        raise SlackError("invalid_user_combination")
    if users not in PEOPLE:
        raise SlackError("user_not_found" if users else "users_list_not_supplied")
    place = slack.place(users)
    return {"channel": _shown(slack, place) if call.flag("return_im") else {"id": place["id"]}, "no_op": True, "already_open": True}


def join(slack: Slack, call: Call) -> JSON:
    place = _visible(slack, call)
    if place.get("is_im"):
        raise SlackError("method_not_supported_for_channel_type")
    if place["id"] in slack.faults.archived:
        raise SlackError("is_archived")
    if BOT_USER_ID not in place["members"]:
        place["members"].append(BOT_USER_ID)
        slack.store.save_channel(place)
        joined = {"type": "member_joined_channel", "user": BOT_USER_ID, "channel": place["id"], "channel_type": "C", "team": TEAM_ID}
        slack.delivery.announce({**joined, "event_ts": to_ts(slack.clock.stamp())})
    return {"channel": _shown(slack, place)}


def history(slack: Slack, call: Call) -> JSON:
    """Newest first, oldest and latest excluded unless inclusive, metadata only when asked for."""
    place = slack.place_of_bot(call.text("channel"))
    after, before = _span(call)
    cursor = _cursor(call)
    found = slack.store.history(place["id"], after, before if cursor is None else cursor)
    return _page(call, found, call.number("limit", 100, 999))


def replies(slack: Slack, call: Call) -> JSON:
    """The parent, then its replies, oldest first."""
    place = slack.place_of_bot(call.text("channel"))
    message = slack.store.message(place["id"], call.text("ts"))
    if message is None or "ephemeral_to" in message:
        raise SlackError("thread_not_found")
    parent = slack.store.message(place["id"], message.get("thread_ts", message["ts"])) or message
    after, before = _span(call)
    cursor = _cursor(call)
    thread = from_ts(parent["ts"]) or 0
    found = slack.store.replies(place["id"], thread, after if cursor is None else cursor, before)
    return _page(call, found if cursor is not None else itertools.chain([parent], found), call.number("limit", 1000, 1000))


def _visible(slack: Slack, call: Call) -> JSON:
    place = slack.place(call.text("channel"))
    if place["is_private"] and BOT_USER_ID not in place["members"]:
        raise SlackError("channel_not_found")
    return place


def _shown(slack: Slack, row: JSON) -> JSON:
    shared = row["id"] in slack.faults.shared
    return {**slack_channel(row, archived=row["id"] in slack.faults.archived), "is_shared": shared, "is_ext_shared": shared}


def _span(call: Call) -> tuple[int, int]:
    widen = 1 if call.flag("inclusive") else 0
    oldest, latest = call.text("oldest", "0"), call.text("latest")
    after, before = from_ts(oldest), from_ts(latest) if latest else END_OF_TIME
    if after is None or before is None:
        raise SlackError("invalid_ts_oldest" if after is None else "invalid_ts_latest")
    return (after - widen if after else -1), before + widen


def _cursor(call: Call) -> int | None:
    text = call.text("cursor")
    if not text:
        return None
    try:
        kind, _, micros = base64.b64decode(text, validate=True).decode().partition(":")
        return int(micros) if kind == "next_ts" else _bad_cursor()
    except ValueError:
        return _bad_cursor()


def _bad_cursor() -> int:
    raise SlackError("invalid_cursor")


def _page(call: Call, found: Iterator[JSON], limit: int) -> JSON:
    listed = list(itertools.islice(found, limit + 1))
    more = len(listed) > limit
    shown = [without_private_parts(message, call.flag("include_all_metadata")) for message in listed[:limit]]
    answer: JSON = {"messages": shown, "has_more": more}
    if more:
        cursor = base64.b64encode(f"next_ts:{from_ts(shown[-1]['ts'])}".encode()).decode()
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer
