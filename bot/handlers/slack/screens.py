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
