"""What a Slack payload says: which delivery it is, about which lead, and on which message it was pressed."""

from typing import Any

from bot.leads.press import Press, SeenCard, press
from bot.services import Services
from bot.store.places import KnownOfficer


def pressed(services: Services, body: dict[str, Any], officer: KnownOfficer) -> Press:
    """The press of a button or a choice."""
    action, container = body["actions"][0], body["container"]
    card = SeenCard("slack", container["channel_id"], container["message_ts"]) if container["type"] == "message" else None
    return press(services, delivery_of(body), lead_number(action), officer.id, card)


def submitted(services: Services, body: dict[str, Any], officer: KnownOfficer) -> Press:
    """A screen that was sent off. Its lead stands in its private metadata."""
    return press(services, delivery_of(body), int(body["view"]["private_metadata"].partition(":")[0]), officer.id)


def knows_owner(body: dict[str, Any]) -> int | None:
    """Whose lead a screen asked about before it was sent off again: the id stands behind the lead's number."""
    return int(owner_id) if (owner_id := body["view"]["private_metadata"].partition(":")[2]) else None


def delivery_of(body: dict[str, Any]) -> str:
    """What is the same whenever Slack delivers the same thing again, and never else."""
    match body:
        case {"actions": [action, *_], "container": container}:  # every delivery of one press has the same action_ts
            place = container.get("message_ts") or container.get("view_id")
            return f"slack:{place}:{action['action_id']}:{user_of(body)}:{action['action_ts']}"
        case {"view": view}:
            return f"slack:{view['id']}:{view['hash']}:{user_of(body)}"
        case {"event": event}:
            return f"slack:{event['channel']}:{event['ts']}"
    return f"slack:command:{body['trigger_id']}"


def user_of(body: dict[str, Any]) -> str:
    """The id of who pressed, typed or wrote."""
    if "event" in body:
        return str(body["event"]["user"])
    return str(body["user_id"] if "command" in body else body["user"]["id"])


def lead_number(action: dict[str, Any]) -> int:
    """The lead that a button's value, or a choice's, begins with: "1042" or "1042:busy"."""
    return int(value_of(action).partition(":")[0])


def behind_lead(action: dict[str, Any]) -> str:
    """What such a value has behind the lead: "busy", or nothing."""
    return value_of(action).partition(":")[2]


def value_of(action: dict[str, Any]) -> str:
    return str(action["selected_option"]["value"] if "selected_option" in action else action["value"])
