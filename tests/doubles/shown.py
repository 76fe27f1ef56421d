"""What people see of a Slack message: its words, and what can be pressed in it."""

from collections.abc import Iterator
from typing import Any

JSON = dict[str, Any]


def words(message: JSON) -> str:
    """Everything written in the blocks of a message or modal, a line each; the bare text where there are no blocks."""
    return "\n".join(_texts(message.get("blocks") or [])) or str(message.get("text", ""))


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") in ("plain_text", "mrkdwn"):
            yield part["text"]
        for inner in part.values():
            yield from _texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner)


def elements(message: JSON) -> list[tuple[str, JSON]]:
    """Each thing that can be pressed, with its block's id."""
    blocks = [block for block in message.get("blocks") or [] if block["type"] == "actions"]
    return [(block["block_id"], element) for block in blocks for element in block["elements"]]


def label(element: JSON) -> str:
    if element["type"] == "overflow":
        return "More"
    return str(element["text" if "text" in element else "placeholder"]["text"])


def buttons(message: JSON) -> list[str]:
    """The labels of what can be pressed, in order."""
    return [label(element) for _, element in elements(message)]


def action(message: JSON, wanted: str, choose: str | None = None) -> JSON | None:
    """The control API's action for pressing what bears this label, choosing an option in it if it is a list; None when it is not there."""
    for block_id, element in elements(message):
        pressed: JSON = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
        if element["type"] == "overflow":
            for option in element["options"]:
                if option["text"]["text"] == wanted:
                    return {**pressed, "selected_option": option}
        if label(element) != wanted:
            continue
        if choose is None:
            return {**pressed, "value": element["value"]}
        return {**pressed, "selected_option": next(option for option in element["options"] if option["text"]["text"] == choose)}
    return None


def is_card_of(message: JSON, lead: int) -> bool:
    return any(block_id == f"lead:{lead}" for block_id, _ in elements(message))
