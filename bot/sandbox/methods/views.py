"""views.*: opening, stacking, redrawing modals, and publishing a Home."""

from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import SlackError
from bot.sandbox.slack import Slack
from bot.sandbox.workspace import PEOPLE

JSON = dict[str, Any]


def open_view(slack: Slack, call: Call) -> JSON:
    view = _view(slack, call)
    return {"view": slack.views.open(slack.tickets.exchange(_trigger_id(call)), view)}


def push(slack: Slack, call: Call) -> JSON:
    view = _view(slack, call)
    return {"view": slack.views.push(slack.tickets.exchange(_trigger_id(call)), view)}


def update(slack: Slack, call: Call) -> JSON:
    view = _view(slack, call)
    return {"view": slack.views.update(call.text("view_id"), call.text("external_id"), view, call.text("hash"))}


def publish(slack: Slack, call: Call) -> JSON:
    user = call.needed("user_id")
    if user not in PEOPLE:
        raise SlackError("user_not_found")
    return {"view": slack.views.publish(user, _view(slack, call), call.text("hash"))}


def _trigger_id(call: Call) -> str:
    return call.text("trigger_id") or call.needed("interactivity_pointer")


def _view(slack: Slack, call: Call) -> Any:
    view = call.structure("view")
    if slack.faults.take("invalid_blocks", call.method):
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] unsupported type [json-pointer:/view/blocks/0]"]})
    return view
