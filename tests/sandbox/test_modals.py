"""Modals: opened by a trigger, stacked, redrawn, submitted, closed."""

from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import socket_mode, tickets
from bot.sandbox.tickets import TRIGGER_SECONDS
from tests.sandbox.hands import JSON, People, card, modal, plain, post_card
from tests.sandbox.test_web_api import refusal


async def test_a_trigger_opens_one_modal_and_only_within_three_seconds(
    client: AsyncWebClient, people: People, bodies: list[JSON], monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = await post_card(client)
    await people.press(ts)
    assert (await client.views_open(trigger_id=bodies[0]["trigger_id"], view=modal()))["view"]["id"]
    assert await refusal(client.views_open(trigger_id=bodies[0]["trigger_id"], view=modal())) == "exchanged_trigger_id"
    assert await refusal(client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"
    assert TRIGGER_SECONDS == 3.0
    monkeypatch.setattr(tickets, "TRIGGER_SECONDS", 0.0)
    await people.press(ts)
    assert await refusal(client.views_open(trigger_id=bodies[1]["trigger_id"], view=modal())) == "expired_trigger_id"


async def test_a_bad_view_does_not_spend_the_trigger(client: AsyncWebClient, people: People, bodies: list[JSON]) -> None:
    await people.press(await post_card(client))
    bad = client.views_open(trigger_id=bodies[0]["trigger_id"], view=modal(title=plain("x" * 25)))
    assert await refusal(bad) == "invalid_arguments"


@pytest_asyncio.fixture
async def opened(client: AsyncWebClient, people: People, bodies: list[JSON]) -> JSON:
    """A modal open in front of Maya."""
    await people.press(await post_card(client))
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
    ts = await post_card(client)
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
