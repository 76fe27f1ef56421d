"""Presses, commands and modals, answered by a real Bolt app."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import socket_mode, tickets
from tests.sandbox.hands import People, bolt_app, button, card, connected, modal, option, plain
from tests.sandbox.test_web_api import refusal

JSON = dict[str, Any]


@pytest_asyncio.fixture
async def app(client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    made = bolt_app(client)
    async with connected(made):
        yield made


@pytest_asyncio.fixture
async def bodies(app: AsyncApp) -> list[JSON]:
    """What the app heard of presses on `claim`, which it only acknowledges."""
    heard: list[JSON] = []

    @app.action("claim")
    async def claim(ack: Any, body: JSON) -> None:
        heard.append(body)
        await ack()

    return heard


async def post(client: AsyncWebClient, *elements: JSON) -> str:
    """The ts of a fresh card."""
    return str((await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card(*elements)))["ts"])


async def test_an_action_that_is_not_in_the_message_is_refused(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    ts = await post(client)
    for action in ({"action_id": "steal"}, {"value": "9999"}, {"block_id": "head"}, {"type": "static_select"}):
        answer = await people.press(ts, **action)
        assert not answer["ok"]
    assert not (await people.press("1.000000"))["ok"] and not (await people.press(ts, user="U0NOBODY"))["ok"]
    assert bodies == []


async def test_a_choice_in_a_select_carries_the_whole_option(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    ts = await post(client, {"type": "static_select", "action_id": "claim", "options": [option("busy"), option("later")]})
    assert (await people.press(ts, type="static_select", selected_option="later"))["acked"]
    assert bodies[0]["actions"][0]["selected_option"] == option("later")
    assert bodies[0]["state"]["values"]["act"]["claim"]["selected_option"] == option("later")
    refused = await people.press(ts, type="static_select", selected_option={"value": "never"})
    assert refused["error"] == "that option is not among the choices"


async def test_a_choice_in_an_overflow_menu_works_too(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    ts = await post(client, {"type": "overflow", "action_id": "claim", "options": [option("busy")]})
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

    ts = await post(client)
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
    await people.press(await post(client))
    hook = AsyncWebhookClient(bodies[0]["response_url"])
    statuses = [(await hook.send(text=str(number))).status_code for number in range(6)]
    assert statuses == [200] * 5 + [404]


async def test_a_response_url_lives_thirty_minutes(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    await people.press(await post(client))
    hook = AsyncWebhookClient(bodies[0]["response_url"])
    await people.do("clock", advance_s=29 * 60)
    assert (await hook.send(text="in time")).status_code == 200
    await people.do("clock", advance_s=2 * 60)
    late = await hook.send(text="too late")
    assert late.status_code == 404 and "expired_url" in late.body


async def test_a_response_url_can_redraw_the_card_and_speak_to_all(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    await people.press(await post(client))
    hook = AsyncWebhookClient(bodies[0]["response_url"])
    await hook.send(text="Claimed", replace_original=True)
    await hook.send(text="Well done", response_type="in_channel")
    assert [(message["text"], message.get("ephemeral_to")) for message in await people.messages()] == [
        ("Claimed", None),
        ("Well done", None),
    ]


async def test_a_trigger_opens_one_modal_and_only_within_three_seconds(
    client: AsyncWebClient, people: People, bodies: list[JSON], monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = await post(client)
    await people.press(ts)
    assert (await client.views_open(trigger_id=bodies[0]["trigger_id"], view=modal()))["view"]["id"]
    assert await refusal(client.views_open(trigger_id=bodies[0]["trigger_id"], view=modal())) == "exchanged_trigger_id"
    assert await refusal(client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"
    assert tickets.TRIGGER_SECONDS == 3.0
    monkeypatch.setattr(tickets, "TRIGGER_SECONDS", 0.0)
    await people.press(ts)
    assert await refusal(client.views_open(trigger_id=bodies[1]["trigger_id"], view=modal())) == "expired_trigger_id"


async def test_a_bad_view_does_not_spend_the_trigger(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    await people.press(await post(client))
    bad = client.views_open(trigger_id=bodies[0]["trigger_id"], view=modal(title=plain("x" * 25)))
    assert await refusal(bad) == "invalid_arguments"


@pytest_asyncio.fixture
async def opened(client: AsyncWebClient, people: People, bodies: list[JSON]) -> JSON:
    """A modal open in front of Maya."""
    await people.press(await post(client))
    view: JSON = (await client.views_open(trigger_id=bodies[0]["trigger_id"], view=modal(callback_id="log")))["view"]
    return view


async def submit(people: People, view: JSON, note: str) -> JSON:
    return await people.do("view-submit", user="U0MAYA", view_id=view["id"], values={"note": {"text": {"value": note}}})


async def open_modal(people: People) -> JSON | None:
    modal: JSON | None = (await people.see("views/U0MAYA"))["modal"]
    return modal


async def test_a_submission_carries_what_was_filled_in_and_closes_the_modal(app: AsyncApp, people: People, opened: JSON) -> None:
    heard: list[JSON] = []

    @app.view("log")
    async def log(ack: Any, view: JSON) -> None:
        heard.append(view)
        await ack()

    assert (await submit(people, opened, "Left a voicemail"))["acked"]
    assert heard[0]["state"]["values"]["note"]["text"] == {"type": "plain_text_input", "value": "Left a voicemail"}
    assert await open_modal(people) is None


async def test_a_required_input_must_be_filled_in_first(people: People, opened: JSON) -> None:
    answer = await submit(people, opened, "")
    assert answer == {"ok": False, "error": "Please fill in: Note"}


async def test_errors_keep_the_modal_open_and_show_at_their_input(app: AsyncApp, people: People, opened: JSON) -> None:
    @app.view("log")
    async def log(ack: Any) -> None:
        await ack(response_action="errors", errors={"note": "Say more"})

    await submit(people, opened, "ok")
    shown = await people.see("views/U0MAYA")
    assert shown["modal"]["id"] == opened["id"] and shown["errors"] == {"note": "Say more"}


async def test_errors_for_an_input_that_is_not_there_are_trouble(app: AsyncApp, people: People, opened: JSON) -> None:
    @app.view("log")
    async def log(ack: Any) -> None:
        await ack(response_action="errors", errors={"elsewhere": "Say more"})

    await submit(people, opened, "ok")
    shown = await people.see("views/U0MAYA")
    assert shown["modal"]["id"] == opened["id"] and "trouble" in shown["trouble"]


async def test_a_submission_can_update_push_and_clear(app: AsyncApp, people: People, opened: JSON) -> None:
    answers = iter(
        [
            {"response_action": "update", "view": modal(callback_id="log", title=plain("Updated"))},
            {"response_action": "push", "view": modal(callback_id="log", title=plain("Pushed"))},
            {"response_action": "clear"},
        ]
    )

    @app.view("log")
    async def log(ack: Any) -> None:
        await ack(next(answers))

    await submit(people, opened, "one")
    updated = await open_modal(people)
    assert updated and updated["title"]["text"] == "Updated" and updated["id"] == opened["id"]
    await submit(people, updated, "two")
    pushed = await open_modal(people)
    assert pushed and pushed["title"]["text"] == "Pushed" and pushed["previous_view_id"] == opened["id"]
    await submit(people, pushed, "three")
    assert await open_modal(people) is None


@pytest.mark.usefixtures("opened")
async def test_at_most_three_modals_are_stacked(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    ts = await post(client)
    for number in (1, 2, 3):
        await people.press(ts)
        push = client.views_push(trigger_id=bodies[-1]["trigger_id"], view=modal())
        if number < 3:
            await push
        else:
            assert await refusal(push) == "push_limit_reached"


async def test_an_open_modal_is_redrawn_unless_it_changed_meanwhile(client: AsyncWebClient, people: People, opened: JSON) -> None:
    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(title=plain("Loaded")))
    redrawn = await open_modal(people)
    assert redrawn and redrawn["title"]["text"] == "Loaded"
    assert await refusal(client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal())) == "hash_conflict"
    assert await refusal(client.views_update(view_id="V0GONE", view=modal())) == "not_found"


async def test_a_press_in_a_modal_brings_the_view_and_its_state(
    client: AsyncWebClient, people: People, bodies: list[JSON], opened: JSON
) -> None:
    blocks = [*modal()["blocks"], *card()]
    await client.views_update(view_id=opened["id"], view=modal(*blocks))
    values = {"note": {"text": {"value": "half"}}}
    answer = await people.do("interact", user="U0MAYA", view_id=opened["id"], action={"action_id": "claim"}, values=values)
    press = bodies[-1]
    assert answer["acked"] and press["container"] == {"type": "view", "view_id": opened["id"]}
    assert press["view"]["state"]["values"]["note"]["text"]["value"] == "half" and "response_url" not in press


async def test_closing_a_modal_is_told_only_to_apps_that_asked(client: AsyncWebClient, app: AsyncApp, people: People, opened: JSON) -> None:
    closed: list[str] = []

    @app.view_closed("log")
    async def on_close(ack: Any, view: JSON) -> None:
        closed.append(view["id"])
        await ack()

    await client.views_update(view_id=opened["id"], view=modal(callback_id="log", notify_on_close=True))
    assert (await people.do("view-close", user="U0MAYA", view_id=opened["id"]))["acked"]
    assert closed == [opened["id"]] and await open_modal(people) is None


async def test_a_submission_that_nobody_acknowledges_stays_open_with_trouble(
    app: AsyncApp, people: People, opened: JSON, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "ACK_SECONDS", 0.2)

    @app.view("log")
    async def log() -> None:
        """Never acknowledges."""

    assert not (await submit(people, opened, "ok"))["acked"]
    assert (await people.see("views/U0MAYA"))["trouble"] and await open_modal(people)


async def test_an_external_select_offers_what_the_app_knows(
    client: AsyncWebClient, app: AsyncApp, people: People, bodies: list[JSON]
) -> None:
    @app.options("claim")
    async def offer(ack: Any, body: JSON) -> None:
        await ack(options=[option(f"{body['value']} rowe")])

    ts = await post(client, {"type": "external_select", "action_id": "claim", "min_query_length": 1})
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
    assert (await asyncio.wait_for(mentioned.get(), 15))["user"] == "U0MAYA"
    await people.until(lambda: _heard(people, {"message", "app_mention"}))


async def _heard(people: People, kinds: set[str]) -> bool:
    return {entry["method"] for entry in await people.deliveries("events_api")} == kinds


async def test_people_outside_a_channel_cannot_write_there(people: People) -> None:
    assert not (await people.do("message", channel="C0SOUTH", user="U0GUS", text="hello"))["ok"]
    assert await people.texts("C0SOUTH") == []


async def test_reset_brings_back_the_first_day(client: AsyncWebClient, people: People) -> None:
    await post(client)
    await client.conversations_join(channel="C0GENERAL")
    await people.do("clock", advance_s=300)
    await people.do("reset")
    assert await people.messages() == [] and (await people.see("clock"))["offset_s"] == 0
    assert await refusal(client.chat_postMessage(channel="C0GENERAL", text="Hello")) == "not_in_channel"
