"""Messages as Slack keeps them: posting, changing and deleting, with the events that follow."""

import copy
from collections.abc import Sequence
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.form import with_ids
from bot.sandbox.slack import Slack
from bot.sandbox.store import to_ts
from bot.sandbox.workspace import APP_ID, BOT_ID, BOT_USER_ID, SLACKBOT_ID, TEAM_ID, channel_type

JSON = dict[str, Any]


def post_as_bot(slack: Slack, place: JSON, content: JSON, thread_ts: str = "", ephemeral_to: str = "", broadcast: bool = False) -> JSON:
    """Content holds any of text, blocks, attachments, metadata, files, as checked by the caller."""
    author = {"user": BOT_USER_ID, "bot_id": BOT_ID, "app_id": APP_ID}
    if content.get("blocks"):
        content = {**content, "blocks": with_ids(content["blocks"])}
    return _post(slack, place, {**author, **content}, thread_ts, ephemeral_to, broadcast)


def post_as_user(slack: Slack, place: JSON, user: str, text: str, thread_ts: str = "", files: Sequence[JSON] = ()) -> JSON:
    """A mention of the app is told of as well, without the files that came with it: so Slack does at times."""
    shared = {"subtype": "file_share", "files": list(files)} if files else {}
    message = _post(slack, place, {"user": user, "text": text, **shared}, thread_ts, "", False)
    if f"<@{BOT_USER_ID}>" in text and not place.get("is_im") and BOT_USER_ID in place["members"]:
        mention: JSON = {name: message[name] for name in ("user", "text", "ts", "team", "thread_ts") if name in message}
        slack.delivery.announce({"type": "app_mention", **mention, "channel": place["id"], "event_ts": message["ts"]})
    return message


def tell_privately(slack: Slack, place: JSON, user: str, text: str) -> None:
    """Slack itself says something that only this person sees."""
    _post(slack, place, {"user": SLACKBOT_ID, "text": text}, "", user, False)


def _post(slack: Slack, place: JSON, content: JSON, thread_ts: str, ephemeral_to: str, broadcast: bool) -> JSON:
    message = {"type": "message", "team": TEAM_ID, "channel": place["id"], "text": "", **content, "ts": to_ts(slack.clock.stamp())}
    if thread_ts:
        parent = slack.store.message(place["id"], thread_ts)
        if parent is None or "ephemeral_to" in parent:
            raise SlackError("thread_not_found")
        message["thread_ts"] = parent.get("thread_ts", parent["ts"])
    if ephemeral_to:
        message |= {"subtype": "ephemeral", "is_ephemeral": True, "ephemeral_to": ephemeral_to}
    elif broadcast and thread_ts:
        message["subtype"] = "thread_broadcast"
    slack.store.save_message({**message, "push": message["text"]})
    slack.changes.bump()
    if not ephemeral_to:
        if thread_ts:
            _count_reply(slack, message, 1)
        _announce(slack, place, {**without_private_parts(message), "event_ts": message["ts"]})
    return message


def change(slack: Slack, message: JSON, content: JSON) -> JSON:
    """Redraw a message of the bot; whatever content does not name stays."""
    before = copy.deepcopy(message)
    if content.get("blocks"):
        content = {**content, "blocks": with_ids(content["blocks"])}
        slack.store.keep_blocks(before)
    message = {**message, **content}
    if "ephemeral_to" not in message:
        message["edited"] = {"user": BOT_USER_ID, "ts": to_ts(slack.clock.stamp())}
    slack.store.save_message(message)
    slack.changes.bump()
    if "ephemeral_to" not in message:
        place = slack.place(message["channel"])
        _announce_hidden(
            slack, place, "message_changed", message=without_private_parts(message), previous_message=without_private_parts(before)
        )
    return message


def delete(slack: Slack, message: JSON) -> None:
    """A parent with replies leaves a tombstone, as in Slack."""
    if message.get("reply_count"):
        kept = {
            name: message[name] for name in ("type", "team", "channel", "ts", "thread_ts", "reply_count", "latest_reply", "reply_users")
        }
        gone = {"subtype": "tombstone", "user": SLACKBOT_ID, "text": "This message was deleted.", "hidden": True}
        slack.store.save_message({**kept, **gone})
    else:
        slack.store.delete_message(message)
        if "thread_ts" in message and "ephemeral_to" not in message:
            _count_reply(slack, message, -1)
    slack.changes.bump()
    if "ephemeral_to" not in message:
        place = slack.place(message["channel"])
        _announce_hidden(slack, place, "message_deleted", deleted_ts=message["ts"], previous_message=without_private_parts(message))


def without_private_parts(message: JSON, with_metadata: bool = False) -> JSON:
    """A message as history and events show it: no channel, metadata only when asked for, not what a locked phone was once shown."""
    hidden = {"channel", "ephemeral_to", "push"} | (set() if with_metadata else {"metadata"})
    return {name: value for name, value in message.items() if name not in hidden}


def _count_reply(slack: Slack, reply: JSON, change_by: int) -> None:
    parent = slack.store.message(reply["channel"], reply["thread_ts"])
    if parent is None or parent["ts"] == reply["ts"]:
        return
    parent["thread_ts"] = parent["ts"]
    parent["reply_count"] = parent.get("reply_count", 0) + change_by
    if change_by > 0:
        parent["latest_reply"] = reply["ts"]
        parent["reply_users"] = sorted({*parent.get("reply_users", []), reply["user"]})
        parent["reply_users_count"] = len(parent["reply_users"])
    slack.store.save_message(parent)


def _announce_hidden(slack: Slack, place: JSON, subtype: str, **parts: Any) -> None:
    ts = to_ts(slack.clock.stamp())
    _announce(slack, place, {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts, **parts})


def _announce(slack: Slack, place: JSON, event: JSON) -> None:
    """A `message` event, for the bot where it is a member: its own messages come back to it too, as in Slack."""
    if BOT_USER_ID in place["members"]:
        slack.delivery.announce({**event, "channel": place["id"], "channel_type": channel_type(place)})
