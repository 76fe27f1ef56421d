"""What people do to the app (press, command, submit, close), and what its acknowledgement does in return."""

from typing import Any

from bot.sandbox import messages, payloads
from bot.sandbox.block_kit import problems_of
from bot.sandbox.errors import ControlError, SlackError
from bot.sandbox.form import Values, bears, elements_in, pressed, state_of, unanswered
from bot.sandbox.slack import Slack
from bot.sandbox.socket_mode import Ack
from bot.sandbox.workspace import APP_NAME

JSON = dict[str, Any]


async def press_in_message(slack: Slack, place: JSON, message_ts: str, user: str, action: JSON) -> Ack:
    """
    A screen lags behind: what the message bore until a moment ago is pressed too, and the app hears of it, as from Slack.
    Raises ControlError when this person has no such action in front of them.
    """
    message = _message_before(slack, place, message_ts, user)
    shown = message.get("blocks") or []
    done = pressed(next((seen for seen in (shown, *slack.store.earlier_blocks(message)) if bears(seen, action)), shown), action)
    ack = await slack.delivery.ask("interactive", payloads.block_actions_in_message(slack, place, message, user, done))
    if not ack.acked:
        messages.tell_privately(slack, place, user, f"{APP_NAME} didn't respond in time. Try again.")
    return ack


async def press_in_view(slack: Slack, view_id: str, user: str, action: JSON, values: Values) -> Ack:
    view = _open_view(slack, user, view_id)
    done = pressed(view["blocks"], action)
    view["state"] = state_of(view["blocks"], _merged(values, done))
    ack = await slack.delivery.ask("interactive", payloads.block_actions_in_view(slack, view, user, done))
    if not ack.acked:
        slack.views.show_trouble(user)
    return ack


async def run_command(slack: Slack, place: JSON, user: str, command: str, text: str) -> Ack:
    ack = await slack.delivery.ask("slash_commands", payloads.slash_command(slack, place, user, command, text))
    answer = ack.payload or {}
    if not ack.acked:
        messages.tell_privately(slack, place, user, f"{command} failed: {APP_NAME} didn't respond in time.")
    elif answer.get("text") or answer.get("blocks"):
        _show_answer(slack, place, user, command, answer)
    return ack


async def submit_view(slack: Slack, user: str, view_id: str, values: Values) -> Ack:
    """Raises ControlError, naming the labels, when a required input is empty: Slack's own client would not send it."""
    view = _open_view(slack, user, view_id)
    state = state_of(view["blocks"], values)
    missing = unanswered(view["blocks"], state)
    if missing:
        raise ControlError(f"Please fill in: {', '.join(missing)}")
    view["state"] = state
    ack = await slack.delivery.ask("interactive", payloads.view_submission(slack, view, user))
    if not ack.acked:
        slack.views.show_trouble(user)
        return ack
    try:
        _apply_submission(slack, user, view, ack.payload or {})
    except SlackError as error:
        slack.journal.write("internal", "interactive", "view_submission", f"the answer was refused: {error.code}", **error.extra)
        slack.views.show_trouble(user)
    return ack


async def close_view(slack: Slack, user: str, view_id: str) -> Ack | None:
    """None when the app did not ask to hear of it."""
    view = _open_view(slack, user, view_id)
    if view["clear_on_close"]:
        slack.views.clear(user)
    else:
        slack.views.pop(user, view_id)
    if not view["notify_on_close"]:
        return None
    return await slack.delivery.ask("interactive", payloads.view_closed(slack, view, user))


async def suggest(slack: Slack, holder: JSON, user: str, action: JSON, typed: str) -> tuple[Ack, JSON]:
    """The options (or option_groups) that the app offers for what was typed; holder is {"view": ...} or {"message": ..., ...}."""
    blocks = holder["view"]["blocks"] if "view" in holder else holder["message"]["blocks"]
    for block, element in elements_in(blocks):
        if element.get("action_id") == action.get("action_id") and "external_select" in element["type"]:
            payload = payloads.block_suggestion(slack, holder, user, element["action_id"], block["block_id"], typed)
            ack = await slack.delivery.ask("interactive", payload)
            return ack, ack.payload or {}
    raise ControlError("there is no such select", status=404)


def message_holder(slack: Slack, place: JSON, message_ts: str, user: str) -> JSON:
    """The part of a block_suggestion that says which message it is about."""
    message = _message_before(slack, place, message_ts, user)
    container = {"type": "message", "message_ts": message["ts"], "channel_id": place["id"], "is_ephemeral": "ephemeral_to" in message}
    return {"container": container, "channel": {"id": place["id"]}, "message": message}


def view_holder(slack: Slack, view_id: str, user: str) -> JSON:
    view = _open_view(slack, user, view_id)
    return {"container": {"type": "view", "view_id": view_id}, "view": view}


def _message_before(slack: Slack, place: JSON, message_ts: str, user: str) -> JSON:
    if user not in place["members"]:
        raise ControlError("this person is not in that channel", status=403)
    message = slack.store.message(place["id"], message_ts)
    if message is None or message.get("ephemeral_to", user) != user:
        raise ControlError("there is no such message for this person", status=404)
    return message


def _open_view(slack: Slack, user: str, view_id: str) -> JSON:
    view = slack.views.find(user, view_id)
    if view is None:
        raise ControlError("this view is not open for this person", status=404)
    return view


def _merged(values: Values, done: JSON) -> Values:
    """The values of a view with those of the field just used."""
    block_id, action_id = done["block_id"], done["action_id"]
    return {**values, block_id: {**values.get(block_id, {}), action_id: done}}


def _show_answer(slack: Slack, place: JSON, user: str, command: str, answer: JSON) -> None:
    problems = problems_of(answer.get("blocks", []), "message")
    if problems:
        slack.journal.write("internal", "slash_commands", command, "the answer was refused: invalid_blocks", messages=problems)
        messages.tell_privately(slack, place, user, f"{command} failed: {APP_NAME} answered with something Slack can't show.")
        return
    content: JSON = {name: answer[name] for name in ("text", "blocks") if name in answer}
    shown_to = "" if answer.get("response_type") == "in_channel" else user
    messages.post_as_bot(slack, place, content, ephemeral_to=shown_to)


def _apply_submission(slack: Slack, user: str, view: JSON, answer: JSON) -> None:
    action = answer.get("response_action")
    if action == "clear":
        slack.views.clear(user)
    elif action == "update":
        slack.views.update(view["id"], None, answer.get("view"), "")
    elif action == "push":
        slack.views.push(user, answer.get("view"))
    elif action == "errors":
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        errors = answer.get("errors")
        if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
            raise SlackError("errors must name input blocks of the view")
        slack.views.show_errors(user, {str(block_id): str(error) for block_id, error in errors.items()})
    elif action is None:
        slack.views.pop(user, view["id"])
    else:
        raise SlackError("unknown response_action")
