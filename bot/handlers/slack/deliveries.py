"""What a Slack payload says: which delivery it is, about which lead, and on which message it was pressed."""

from typing import Any

from bot.press import Press, SeenCard, press
from bot.services import Services
from bot.store.places import KnownOfficer


def pressed(services: Services, body: dict[str, Any], officer: KnownOfficer) -> Press:
    """The press of a button or a choice. Slack gives the same action_ts to every delivery of one press."""
    action, container = body["actions"][0], body["container"]
    delivery = (
        f"slack:{container.get('message_ts') or container.get('view_id')}:{action['action_id']}:{body['user']['id']}:{action['action_ts']}"
    )
    card = SeenCard("slack", container["channel_id"], container["message_ts"]) if container["type"] == "message" else None
    return press(services, delivery, lead_number(action), officer.id, card)


def submitted(services: Services, body: dict[str, Any], officer: KnownOfficer) -> Press:
    """A screen that was sent off. Its lead stands in its private metadata."""
    view = body["view"]
    return press(services, f"slack:{view['id']}:{view['hash']}:{body['user']['id']}", int(view["private_metadata"]), officer.id)


def lead_number(action: dict[str, Any]) -> int:
    """The lead that a button's value, or a choice's, begins with: "1042" or "1042:busy"."""
    return int(value_of(action).partition(":")[0])


def value_of(action: dict[str, Any]) -> str:
    return str(action["selected_option"]["value"] if "selected_option" in action else action["value"])
