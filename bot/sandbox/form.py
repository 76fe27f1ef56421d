"""What people can press and fill in within blocks: finding it, choosing in it, and what it holds right now."""

import copy
import secrets
from collections.abc import Iterator
from typing import Any

from bot.sandbox.block_elements import options_of
from bot.sandbox.errors import ControlError

JSON = dict[str, Any]

# Where an element's answer stands in a payload, and where it starts from.
ANSWERS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
STATELESS = ("button", "overflow", "image", "workflow_button", "icon_button", "feedback_buttons")
Values = dict[str, dict[str, JSON]]


def elements_in(blocks: list[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """Each block with each element inside that people can press or fill in."""
    for block in blocks:
        kind = block.get("type")
        if kind == "input":
            yield block, block["element"]
        elif kind == "section" and "accessory" in block:
            yield block, block["accessory"]
        elif kind in ("actions", "context_actions"):
            for element in block["elements"]:
                yield block, element
        elif kind == "card":
            for element in block.get("actions", []):
                yield block, element
        else:
            yield from elements_in(_inner_blocks(block))


def _inner_blocks(block: JSON) -> list[JSON]:
    """The cards of a carousel, the blocks of a container."""
    found: list[JSON] = block.get({"carousel": "elements", "container": "child_blocks"}.get(block["type"], ""), [])
    return found


def with_ids(blocks: list[JSON]) -> list[JSON]:
    """A copy in which every block and every element has its id, as Slack gives them out."""
    named: list[JSON] = copy.deepcopy(blocks)
    for block in [*named, *(inner for outer in named for inner in _inner_blocks(outer))]:
        if not block.get("block_id"):
            block["block_id"] = secrets.token_urlsafe(4)
    for _, element in elements_in(named):
        if element["type"] != "image" and not element.get("action_id"):
            element["action_id"] = secrets.token_urlsafe(4)
    return named


def pressed(blocks: list[JSON], action: JSON) -> JSON:
    """
    The entry of a payload's `actions` for what somebody did, without action_ts.
    Raises ControlError when nothing in the blocks could have done it.
    """
    block, element = _find(blocks, action)
    kind = element["type"]
    done: JSON = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
    if kind in STATELESS and kind != "overflow":
        if "value" in action and action["value"] != element.get("value"):
            raise ControlError("the button in the message has another value")
        done |= {name: element[name] for name in ("text", "value", "style", "url") if name in element}
        return done
    field = ANSWERS[kind][0]
    if field not in action:
        raise ControlError(f"a {kind} needs {field}")
    return {**done, field: _checked(element, field, action[field])}


def bears(blocks: list[JSON], action: JSON) -> bool:
    """Whether something in the blocks could have done this."""
    return any(True for _ in _matching(blocks, action))


def _find(blocks: list[JSON], action: JSON) -> tuple[JSON, JSON]:
    for found in _matching(blocks, action):
        return found
    raise ControlError("there is no such action in the message", status=404)


def _matching(blocks: list[JSON], action: JSON) -> Iterator[tuple[JSON, JSON]]:
    for block, element in elements_in(blocks):
        same_block = action.get("block_id") in (None, block["block_id"])
        same_type = action.get("type") in (None, element["type"])
        if same_block and same_type and "action_id" in element and element["action_id"] == action.get("action_id"):
            yield block, element


def _checked(element: JSON, field: str, given: Any) -> Any:
    """The answer as Slack would send it: whole options, known ones only."""
    if field == "selected_option" and given is not None:
        return _option(element, given)
    if field == "selected_options":
        return [_option(element, one) for one in given or []]
    return given


def _option(element: JSON, given: object) -> JSON:
    value = given.get("value") if isinstance(given, dict) else given
    if "external" in element["type"]:
        return given if isinstance(given, dict) else {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}
    for option in options_of(element):
        if option["value"] == value:
            return option
    raise ControlError("that option is not among the choices")


def state_of(blocks: list[JSON], values: Values) -> JSON:
    """`state.values`: every field of the blocks, as filled in by values ({block_id: {action_id: {...}}}), else as it starts."""
    state: Values = {}
    for block, element in elements_in(blocks):
        kind = element["type"]
        if kind in STATELESS:
            continue
        field, initial = ANSWERS[kind]
        given = values.get(block["block_id"], {}).get(element["action_id"])
        answer = _checked(element, field, given.get(field)) if isinstance(given, dict) else element.get(initial)
        if answer is None and field.endswith("s"):
            answer = []
        state.setdefault(block["block_id"], {})[element["action_id"]] = {"type": kind, field: answer}
    return {"values": state}


def unanswered(blocks: list[JSON], state: JSON) -> list[str]:
    """The labels of required inputs that hold nothing."""
    missing = []
    for block in blocks:
        if block.get("type") == "input" and not block.get("optional"):
            element = block["element"]
            held = state["values"][block["block_id"]][element["action_id"]]
            if held[ANSWERS[element["type"]][0]] in (None, "", []):
                missing.append(str(block["label"]["text"]))
    return missing
