"""Screens that tell what came of them, in place of their fields."""

from typing import Any

from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import Block, text
from bot.handlers.slack.commands import Answer, drawn
from bot.rendering import labels


def told_screen(body: dict[str, Any], blocks: list[Block], language: str) -> dict[str, Any]:
    """The screen with what there is to say in place of its fields."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": body["view"]["title"]["text"]},
        "close": text(labels(language)("button", "close"), 24),
        "blocks": blocks,
    }


def asking_screen(body: dict[str, Any], words: str, owner_id: int, language: str) -> dict[str, Any]:
    """The same screen with its answers, below the question whether to go ahead with this owner's lead."""
    number = body["view"]["private_metadata"].partition(":")[0]
    return {
        **kept_screen(body, Answer(words), language),
        "private_metadata": f"{number}:{owner_id}",
        "submit": text(labels(language)("button", "go_ahead"), 24),
    }


def kept_screen(body: dict[str, Any], answer: Answer, language: str) -> dict[str, Any]:
    """The same screen with its answers, below what there is to say: nothing that was typed is lost, and it can be sent off again."""
    view = body["view"]
    values = view["state"]["values"]
    fields = [_answered(block, values.get(block["block_id"], {})) for block in view["blocks"] if block["type"] == "input"]
    return {
        "type": "modal",
        "callback_id": view["callback_id"],
        "private_metadata": view["private_metadata"].partition(":")[0],
        "title": {"type": "plain_text", "text": view["title"]["text"]},
        "submit": text(labels(language)("button", "save"), 24),
        "close": text(labels(language)("button", "close"), 24),
        "blocks": [*drawn(answer), *fields],
    }


def _answered(block: Block, answers: dict[str, Any]) -> Block:
    element = block["element"]
    answer = answers.get(element["action_id"], {})
    if answer.get("selected_option"):
        element = {**element, "initial_option": answer["selected_option"]}
    elif answer.get("value"):
        element = {**element, "initial_value": answer["value"]}
    return {**block, "element": element}


async def answer_where_pressed(body: dict[str, Any], answer: Answer, language: str, respond: AsyncRespond, client: AsyncWebClient) -> None:
    """Put the answer in the place of what was pressed: a private message, or a screen."""
    if body["container"]["type"] == "view":
        await client.views_update(view_id=body["view"]["id"], view=told_screen(body, drawn(answer), language))
    else:
        await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=True)


async def whisper(client: AsyncWebClient, user: str, answer: Answer) -> None:
    """Say it privately in the direct messages, where a screen closed and left no place for it."""
    opened = await client.conversations_open(users=user)
    await client.chat_postEphemeral(channel=opened["channel"]["id"], user=user, text=answer.words, blocks=drawn(answer))
