"""More, in Slack: behind three dots on the owner's message stand Stage, Note, Start or Stop texts, Give back and Why me?."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.distribution import claiming
from bot.handlers.slack.claiming import give_back_words
from bot.handlers.slack.commands import Answer, Asked, drawn
from bot.handlers.slack.deliveries import pressed, value_of
from bot.handlers.slack.drips import begin, stop
from bot.handlers.slack.explaining import why
from bot.handlers.slack.noting import note_screen
from bot.handlers.slack.people import People
from bot.handlers.slack.staging import stage_screen
from bot.handlers.slack.working import may_not
from bot.services import Services


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("more")
    async def more(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        by, language = pressed(services, body, officer), officer.language
        choice = value_of(body["actions"][0]).split(":")[1]
        match choice:
            case "stage" | "note" as deed:
                refused = await may_not(services, by, deed, officer)
                if refused is None:
                    view = stage_screen(by.lead, language) if deed == "stage" else note_screen(by.lead, language)
                    await client.views_open(trigger_id=body["trigger_id"], view=view)
                    return
                answer = refused
            case "start_texts":
                answer = await begin(Asked(services, officer, by.lead, "", by.delivery, client, body["trigger_id"]))
            case "stop_texts":
                answer = await stop(Asked(services, officer, by.lead, "", by.delivery, client, body["trigger_id"]))
            case "give_back":
                answer = Answer(give_back_words(await claiming.give_back(services, by), language))
            case "why":
                answer = await why(Asked(services, officer, by.lead, "", by.delivery, client, body["trigger_id"]))
            case other:
                raise ValueError(f"More has no {other!r}")
        await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)
