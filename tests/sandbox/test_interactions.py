"""Presses and commands, and what a real Bolt app answers through their response addresses."""

import asyncio
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.doubles.waiting import PATIENCE
from tests.sandbox.hands import People, button, card, option, post_card
from tests.sandbox.test_web_api import refusal

JSON = dict[str, Any]


async def test_an_action_that_is_not_in_the_message_is_refused(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    ts = await post_card(client)
    for action in ({"action_id": "steal"}, {"value": "9999"}, {"block_id": "head"}, {"type": "static_select"}):
        answer = await people.press(ts, **action)
        assert not answer["ok"]
    assert not (await people.press("1.000000"))["ok"] and not (await people.press(ts, user="U0NOBODY"))["ok"]
    assert bodies == []


async def test_what_a_message_bore_until_it_was_drawn_anew_is_still_pressed_by_who_had_it_before_them(
    client: AsyncWebClient, people: People, bodies: list[JSON]
) -> None:
    ts = await post_card(client)
    await client.chat_update(channel="C0LEADS", ts=ts, text="taken", blocks=card(button("open", "Open")))
    assert (await people.press(ts))["acked"]
    assert [body["actions"][0]["action_id"] for body in bodies] == ["claim"]


async def test_a_choice_in_a_select_carries_the_whole_option(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    ts = await post_card(client, {"type": "static_select", "action_id": "claim", "options": [option("busy"), option("later")]})
    assert (await people.press(ts, type="static_select", selected_option="later"))["acked"]
    assert bodies[0]["actions"][0]["selected_option"] == option("later")
    assert bodies[0]["state"]["values"]["act"]["claim"]["selected_option"] == option("later")
    refused = await people.press(ts, type="static_select", selected_option={"value": "never"})
    assert refused["error"] == "that option is not among the choices"


async def test_a_choice_in_an_overflow_menu_works_too(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    ts = await post_card(client, {"type": "overflow", "action_id": "claim", "options": [option("busy")]})
    await people.press(ts, type="overflow", selected_option={"value": "busy"})
    assert bodies[0]["actions"][0]["type"] == "overflow" and bodies[0]["actions"][0]["selected_option"]["value"] == "busy"


async def test_an_ephemeral_answer_can_be_replaced_and_removed_by_its_response_url(
    client: AsyncWebClient, people: People, app: AsyncApp
) -> None:
    @app.action("claim")
    async def claim(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Quicker: Luis", blocks=card(button("undo", "Undo")))

    @app.action("undo")
    async def undo(ack: Any, respond: Any, body: JSON) -> None:
        await ack()
        assert body["container"]["is_ephemeral"] and "message" not in body
        await respond(text="Undone", blocks=card(button("close", "Close")), replace_original=True)

    @app.action("close")
    async def close(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    ts = await post_card(client)
    await people.press(ts)
    await people.until(lambda: _shows(people, ["A lead", "Quicker: Luis"]))
    private = (await people.messages())[-1]
    assert private["ephemeral_to"] == "U0MAYA"
    assert not (await people.press(private["ts"], user="U0LUIS", action_id="undo"))["ok"]
    await people.press(private["ts"], action_id="undo")
    await people.until(lambda: _shows(people, ["A lead", "Undone"]))
    await people.press(private["ts"], action_id="close")
    await people.until(lambda: _shows(people, ["A lead"]))


async def _shows(people: People, texts: list[str]) -> bool:
    return await people.texts() == texts


async def test_a_response_url_takes_five_posts(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    await people.press(await post_card(client))
    hook = AsyncWebhookClient(bodies[0]["response_url"])
    statuses = [(await hook.send(text=str(number))).status_code for number in range(6)]
    assert statuses == [200] * 5 + [404]


async def test_a_response_url_lives_thirty_minutes(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    await people.press(await post_card(client))
    hook = AsyncWebhookClient(bodies[0]["response_url"])
    await people.do("clock", advance_s=29 * 60)
    assert (await hook.send(text="in time")).status_code == 200
    await people.do("clock", advance_s=2 * 60)
    late = await hook.send(text="too late")
    assert late.status_code == 404 and "expired_url" in late.body


async def test_a_response_url_can_redraw_the_card_and_speak_to_all(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    await people.press(await post_card(client))
    hook = AsyncWebhookClient(bodies[0]["response_url"])
    await hook.send(text="Claimed", replace_original=True)
    await hook.send(text="Well done", response_type="in_channel")
    assert [(message["text"], message.get("ephemeral_to")) for message in await people.messages()] == [
        ("Claimed", None),
        ("Well done", None),
    ]


async def test_an_external_select_offers_what_the_app_knows(
    client: AsyncWebClient, app: AsyncApp, people: People, bodies: list[JSON]
) -> None:
    @app.options("claim")
    async def offer(ack: Any, body: JSON) -> None:
        await ack(options=[option(f"{body['value']} rowe")])

    ts = await post_card(client, {"type": "external_select", "action_id": "claim", "min_query_length": 1})
    found = await people.do("suggest", user="U0MAYA", channel="C0LEADS", messageTs=ts, action={"action_id": "claim"}, value="dana")
    assert found["options"] == [option("dana rowe")]
    await people.press(ts, selected_option=found["options"][0])
    assert bodies[0]["actions"][0]["selected_option"]["value"] == "dana rowe"


async def test_a_command_is_answered_in_its_acknowledgement(app: AsyncApp, people: People) -> None:
    @app.command("/lead")
    async def lead(ack: Any, command: JSON) -> None:
        await ack(f"{command['user_name']} asked for {command['text']} in {command['channel_id']}")

    assert (await people.do("command", channel="C0LEADS", user="U0MAYA", command="/lead", text="1042"))["acked"]
    answer = (await people.messages())[-1]
    assert answer["text"] == "maya asked for 1042 in C0LEADS" and answer["ephemeral_to"] == "U0MAYA"


async def test_a_command_without_an_app_fails_for_the_person(people: People) -> None:
    answer = await people.do("command", channel="C0LEADS", user="U0MAYA", command="/lead", text="1042")
    assert not answer["acked"] and "/lead failed" in (await people.messages())[-1]["text"]


async def test_opening_the_home_tells_the_app_which_then_publishes(client: AsyncWebClient, app: AsyncApp, people: People) -> None:
    @app.event("app_home_opened")
    async def home(event: JSON) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": card()})

    await people.do("open-home", user="U0MAYA")

    async def is_published() -> bool:
        return (await people.see("views/U0MAYA"))["home"] is not None

    await people.until(is_published)


async def test_a_mention_arrives_as_message_and_as_mention(app: AsyncApp, people: People) -> None:
    mentioned: asyncio.Queue[JSON] = asyncio.Queue()

    @app.event("app_mention")
    async def mention(event: JSON) -> None:
        mentioned.put_nowait(event)

    await people.do("message", channel="C0LEADS", user="U0MAYA", text="<@U0LEADBELL> help")
    assert (await asyncio.wait_for(mentioned.get(), PATIENCE))["user"] == "U0MAYA"
    await people.until(lambda: _heard(people, {"message", "app_mention"}))


async def _heard(people: People, kinds: set[str]) -> bool:
    return {entry["method"] for entry in await people.deliveries("events_api")} == kinds


async def test_people_outside_a_channel_cannot_write_there(people: People) -> None:
    assert not (await people.do("message", channel="C0SOUTH", user="U0GUS", text="hello"))["ok"]
    assert await people.texts("C0SOUTH") == []


async def test_reset_brings_back_the_first_day(client: AsyncWebClient, people: People) -> None:
    await post_card(client)
    await client.conversations_join(channel="C0GENERAL")
    await people.do("clock", advance_s=300)
    await people.do("reset")
    assert await people.messages() == [] and (await people.see("clock"))["offset_s"] == 0
    assert await refusal(client.chat_postMessage(channel="C0GENERAL", text="Hello")) == "not_in_channel"
