"""What becomes of the leads of somebody who left, and whether somebody who came back works here again, in Slack."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.handlers.slack.deliveries import pressed, value_of
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.officers import leaving
from bot.services import Services
from bot.wording.leaving import say_leaver


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("leaver_to")
    async def to_one(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await move(body, respond, "to")

    @app.action("leaver_split")
    async def split(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await move(body, respond, "split")

    @app.action("leaver_pool")
    async def pool(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await move(body, respond, "pool")

    async def move(body: dict[str, Any], respond: AsyncRespond, how: leaving.How) -> None:
        officer = await people.officer(body, respond)
        if officer is None:
            return
        leaver, to = _people_in(body)
        outcome = await leaving.move_leads(services, pressed(services, body, officer), leaver, how, to)
        await respond(leaver_words(outcome, officer.language), response_type="ephemeral", replace_original=False)

    @app.action("leaver_on")
    async def on(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await switch(body, respond, on=True)

    @app.action("leaver_off")
    async def off(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await switch(body, respond, on=False)

    async def switch(body: dict[str, Any], respond: AsyncRespond, *, on: bool) -> None:
        officer = await people.officer(body, respond)
        if officer is None:
            return
        leaver, _ = _people_in(body)
        outcome = await leaving.switch_on(services, pressed(services, body, officer), leaver, on=on)
        await respond(leaver_words(outcome, officer.language), response_type="ephemeral", replace_original=False)


def _people_in(body: dict[str, Any]) -> tuple[int, int | None]:
    """The leaver, and who takes over, of a value such as 0:7:4; it begins with the number of no lead."""
    _, leaver, *to = value_of(body["actions"][0]).split(":")
    return int(leaver), int(to[0]) if to else None


leaver_words = partial(say_leaver, marked)
