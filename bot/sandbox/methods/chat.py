"""chat.*: posting, redrawing and deleting messages, refused for what Slack refuses."""

import math
from typing import Any

from bot.sandbox import messages
from bot.sandbox.block_kit import problems_of, too_long
from bot.sandbox.call import Call
from bot.sandbox.errors import SlackError
from bot.sandbox.slack import Slack
from bot.sandbox.workspace import BOT_ID, BOT_USER_ID

JSON = dict[str, Any]
LONGEST_TEXT = 40_000
LONGEST_UPDATE_TEXT = 4_000


def post_message(slack: Slack, call: Call) -> JSON:
    place = _open_place(slack, call)
    content = content_of(slack, call)
    truncated = len(content.get("text", "")) > LONGEST_TEXT
    if truncated:
        content["text"] = content["text"][:LONGEST_TEXT]
    wait = slack.faults.seconds_until_post(place["id"])
    if wait > 0:
        raise SlackError("ratelimited", status=429, headers={"Retry-After": str(math.ceil(wait))})
    message = messages.post_as_bot(slack, place, content, call.text("thread_ts"), broadcast=call.flag("reply_broadcast"))
    answer = {"channel": place["id"], "ts": message["ts"], "message": messages.without_private_parts(message, with_metadata=True)}
    if truncated:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


def post_ephemeral(slack: Slack, call: Call) -> JSON:
    place = _open_place(slack, call)
    user = call.needed("user")
    if user not in place["members"]:
        raise SlackError("user_not_in_channel")
    content = content_of(slack, call)
    if len(content.get("text", "")) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    message = messages.post_as_bot(slack, place, content, call.text("thread_ts"), ephemeral_to=user)
    return {"message_ts": message["ts"]}


def update(slack: Slack, call: Call) -> JSON:
    place = _open_place(slack, call)
    message = _own_message(slack, place, call, "cant_update_message")
    content = content_of(slack, call)
    if len(content.get("text", "")) > LONGEST_UPDATE_TEXT:
        raise SlackError("msg_too_long")
    message = messages.change(slack, message, content)
    shown = messages.without_private_parts(message, with_metadata=True)
    return {"channel": place["id"], "ts": message["ts"], "text": message["text"], "message": shown}


def delete(slack: Slack, call: Call) -> JSON:
    place = _open_place(slack, call)
    message = _own_message(slack, place, call, "cant_delete_message")
    messages.delete(slack, message)
    return {"channel": place["id"], "ts": message["ts"]}


def add_reaction(slack: Slack, call: Call) -> JSON:
    """reactions.add"""
    place = _open_place(slack, call)
    message = slack.store.message(place["id"], call.needed("timestamp"))
    if message is None or "ephemeral_to" in message:
        raise SlackError("message_not_found")
    name = call.needed("name")
    reactions = message.setdefault("reactions", [])
    if any(reaction["name"] == name for reaction in reactions):
        raise SlackError("already_reacted")
    reactions.append({"name": name, "users": [BOT_USER_ID], "count": 1})
    slack.store.save_message(message)
    slack.changes.bump()
    return {}


def _open_place(slack: Slack, call: Call) -> JSON:
    place = slack.place_of_bot(call.text("channel"))
    if place["id"] in slack.faults.archived:
        raise SlackError("is_archived")
    return place


def _own_message(slack: Slack, place: JSON, call: Call, refusal: str) -> JSON:
    message = slack.store.message(place["id"], call.text("ts"))
    if message is None or "ephemeral_to" in message or message.get("subtype") == "tombstone":
        raise SlackError("message_not_found")
    if message.get("bot_id") != BOT_ID:
        raise SlackError(refusal)
    return message


def content_of(slack: Slack, call: Call) -> JSON:
    """Text, blocks, attachments and metadata of a call, checked; only those that it names."""
    content: JSON = {}
    if call.arguments.get("text") is not None:
        content["text"] = call.text("text")
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is not None:
        content["blocks"] = checked_blocks(slack, call.method, blocks)
    attachments = call.structure("attachments", "invalid_attachments")
    if attachments is not None:
        content["attachments"] = attachments
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata is not None:
        content["metadata"] = _checked_metadata(metadata)
    if not any(content.get(name) for name in ("text", "blocks", "attachments")):
        raise SlackError("no_text")
    return content


def checked_blocks(slack: Slack, method: str, blocks: object) -> list[JSON]:
    """Raises invalid_blocks with Slack's list of problems, or msg_blocks_too_long."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = problems_of(blocks, "message")
    if blocks and slack.faults.take("invalid_blocks", method):
        problems = [f"[ERROR] unsupported type: {str(blocks[0].get('type'))[:40]} [json-pointer:/blocks/0/type]"]
    if problems:
        raise SlackError("invalid_blocks", errors=problems, response_metadata={"messages": problems})
    if too_long(blocks):
        raise SlackError("msg_blocks_too_long")
    return blocks


def _checked_metadata(metadata: object) -> JSON:
    if metadata == {}:
        return {}
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict) or not metadata.get("event_type"):
        raise SlackError("invalid_metadata_schema")
    return {"event_type": str(metadata["event_type"]), "event_payload": metadata["event_payload"]}
