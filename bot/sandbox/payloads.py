"""What Slack sends the app when a person does something: the payloads of presses, submissions and commands."""

from typing import Any

from bot.sandbox.form import state_of
from bot.sandbox.messages import without_private_parts
from bot.sandbox.slack import Slack
from bot.sandbox.store import to_ts
from bot.sandbox.workspace import APP_ID, PEOPLE, TEAM_DOMAIN, TEAM_ID, VERIFICATION_TOKEN

JSON = dict[str, Any]


def block_actions_in_message(slack: Slack, place: JSON, message: JSON, user: str, action: JSON) -> JSON:
    """A press in a message. An ephemeral one is not sent along, as in Slack: only its container is."""
    ephemeral = "ephemeral_to" in message
    container = {"type": "message", "message_ts": message["ts"], "channel_id": place["id"], "is_ephemeral": ephemeral}
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    held = {action["block_id"]: {action["action_id"]: action}}
    return {
        **_base(slack, "block_actions", user),
        "container": container,
        "channel": {"id": place["id"], "name": _name_for_app(place)},
        **({} if ephemeral else {"message": without_private_parts(message, with_metadata=True)}),
        "state": state_of(message["blocks"], held),
        "response_url": response_url(slack, place, user, message["ts"]),
        "actions": [{**action, "action_ts": to_ts(slack.clock.stamp())}],
    }


def block_actions_in_view(slack: Slack, view: JSON, user: str, action: JSON) -> JSON:
    return {
        **_base(slack, "block_actions", user),
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [{**action, "action_ts": to_ts(slack.clock.stamp())}],
    }


def view_submission(slack: Slack, view: JSON, user: str) -> JSON:
    return {**_base(slack, "view_submission", user), "view": view, "response_urls": []}


def view_closed(slack: Slack, view: JSON, user: str) -> JSON:
    payload = {**_base(slack, "view_closed", user), "view": view, "is_cleared": False}
    del payload["trigger_id"]
    return payload


def block_suggestion(slack: Slack, holder: JSON, user: str, action_id: str, block_id: str, typed: str) -> JSON:
    """What a person has typed so far into a select whose options the app knows; holder says in which message or view."""
    payload = {**_base(slack, "block_suggestion", user), **holder, "action_id": action_id, "block_id": block_id, "value": typed}
    del payload["trigger_id"]
    return payload


def slash_command(slack: Slack, place: JSON, user: str, command: str, text: str) -> JSON:
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": place["id"],
        "channel_name": _name_for_app(place),
        "user_id": user,
        "user_name": PEOPLE[user].name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url(slack, place, user, None),
        "trigger_id": slack.tickets.new_trigger(user),
    }


def response_url(slack: Slack, place: JSON, user: str, message_ts: str | None) -> str:
    return f"{slack.address}/response/{slack.tickets.new_response(place['id'], user, message_ts)}"


def _base(slack: Slack, kind: str, user: str) -> JSON:
    name = PEOPLE[user].name
    return {
        "type": kind,
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": user, "username": name, "name": name, "team_id": TEAM_ID},
        "trigger_id": slack.tickets.new_trigger(user),
    }


def _name_for_app(place: JSON) -> str:
    """Slack does not tell apps the names of private places here."""
    if place.get("is_im"):
        return "directmessage"
    return "privategroup" if place["is_private"] else str(place["name"])
