"""response_url: five answers within thirty minutes to where somebody pressed or typed a command."""

from typing import Any

from aiohttp import web

from bot.sandbox import messages
from bot.sandbox.call import Call
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.chat import content_of
from bot.sandbox.slack import Slack
from bot.sandbox.tickets import ResponseUrl
from bot.sandbox.web_api import read_arguments, through_faults

JSON = dict[str, Any]


async def handle(slack: Slack, request: web.Request) -> web.Response:
    """POST /response/{key}"""
    arguments = await read_arguments(request)

    def answer() -> JSON:
        target = slack.tickets.use_response(request.match_info["key"])
        _apply(slack, target, Call("response_url", arguments))
        return {}

    return await through_faults(slack, request, "response_url", "response_url", arguments, answer)


def _apply(slack: Slack, target: ResponseUrl, call: Call) -> None:
    place = slack.place(target.channel)
    original = slack.store.message(target.channel, target.message_ts) if target.message_ts else None
    if call.flag("delete_original"):
        if original is not None:
            messages.delete(slack, original)
        return
    content = content_of(slack, call)
    if call.flag("replace_original") and original is not None:
        messages.change(slack, original, content)
        return
    if call.flag("replace_original") and target.message_ts:
        raise SlackError("message_not_found", status=404)
    shown_to = "" if call.text("response_type") == "in_channel" else target.user
    messages.post_as_bot(slack, place, content, call.text("thread_ts"), ephemeral_to=shown_to)
