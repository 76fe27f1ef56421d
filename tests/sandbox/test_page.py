"""The plain page, in a real browser."""

from typing import Any

import pytest
from playwright.async_api import Page
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.hands import CHROMIUM, JSON, People, bolt_app, button, card, connected, modal, option, plain

HOSTILE = "<!channel> <img src=x onerror=alert(1)> <https://evil.example|click> *bold* \u202e {{7*7}}"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install one to test the page")


async def test_a_press_on_the_page_is_answered_on_the_page(sandbox: Sandbox, client: AsyncWebClient, page: Page) -> None:
    app = bolt_app(client)

    @app.action("claim")
    async def claim(ack: Any, client: AsyncWebClient, body: Any) -> None:
        await ack()
        await client.chat_update(channel="C0LEADS", ts=body["message"]["ts"], text=f"Claimed by <@{body['user']['id']}>", blocks=[])

    async with connected(app):
        await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card(button("claim", "Claim")))
        await page.goto(f"{sandbox.url}/#me=U0LUIS&in=C0LEADS")
        await page.get_by_role("button", name="Claim").click()
        await page.get_by_text("Claimed by @Luis Ortega").wait_for()


async def test_hostile_words_are_shown_as_words(sandbox: Sandbox, client: AsyncWebClient, page: Page) -> None:
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": HOSTILE}]}]}
    blocks: list[JSON] = [{"type": "section", "text": plain(HOSTILE)}, rich, {"type": "header", "text": plain(HOSTILE)}]
    await client.chat_postMessage(channel="C0LEADS", text=HOSTILE, blocks=blocks)
    await page.goto(sandbox.url)
    await page.locator("#messages >> text=onerror").first.wait_for()
    assert await page.locator("#messages").get_by_text("<img src=x onerror=alert(1)>").count() == 3
    assert await page.locator("#messages .body :is(img, a, b)").count() == 0


async def test_only_the_person_meant_sees_a_private_message_until_they_reload(sandbox: Sandbox, client: AsyncWebClient, page: Page) -> None:
    await page.goto(f"{sandbox.url}/#me=U0LUIS&in=C0LEADS")
    await page.get_by_text("Nothing here yet").wait_for()
    await client.chat_postEphemeral(channel="C0LEADS", user="U0MAYA", text="Luis was quicker")
    await client.chat_postMessage(channel="C0LEADS", text="A lead")
    await page.locator("#messages").get_by_text("A lead").wait_for()
    assert await page.get_by_text("Luis was quicker").count() == 0
    await page.get_by_label("You are").select_option("U0MAYA")
    await page.get_by_text("Luis was quicker").wait_for()
    await page.reload()
    await page.locator("#messages").get_by_text("A lead").wait_for()
    assert await page.get_by_text("Luis was quicker").count() == 0


async def test_a_modal_is_filled_in_corrected_and_sent(sandbox: Sandbox, client: AsyncWebClient, page: Page) -> None:
    app = bolt_app(client)
    select = {"type": "static_select", "action_id": "how", "options": [option("connected"), option("busy")]}
    blocks = [*modal()["blocks"], {"type": "input", "block_id": "how", "label": plain("How did it go?"), "element": select}]
    notes: list[str] = []

    @app.action("log")
    async def log(ack: Any, body: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(*blocks, callback_id="log"))

    @app.view("log")
    async def save(ack: Any, view: Any) -> None:
        notes.append(view["state"]["values"]["note"]["text"]["value"])
        if view["state"]["values"]["how"]["how"]["selected_option"]["value"] == "busy":
            await ack(response_action="errors", errors={"how": "Try again when they are free"})
        else:
            await ack()

    async with connected(app):
        await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card(button("log", "Log")))
        await page.goto(sandbox.url)
        await page.get_by_role("button", name="Log").click()
        await page.get_by_label("Note").fill("Left word")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_text("Please complete this required field.").wait_for()
        await page.get_by_label("How did it go?").select_option("busy")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_text("Try again when they are free").wait_for()
        await page.get_by_label("How did it go?").select_option("connected")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_role("dialog").wait_for(state="hidden")
    assert notes == ["Left word", "Left word"]  # what was incomplete was never sent


async def test_what_is_written_reaches_the_channel_the_thread_and_the_command(
    sandbox: Sandbox, client: AsyncWebClient, people: People, page: Page
) -> None:
    app = bolt_app(client)

    @app.command("/lead")
    async def lead(ack: Any, command: Any) -> None:
        await ack(f"Lead {command['text']}")

    async with connected(app):
        await page.goto(sandbox.url)
        for text in ("a <b> & @luis", "/lead 1042"):
            await page.get_by_label("Message", exact=True).fill(text)
            await page.get_by_label("Message", exact=True).press("Enter")
        await page.get_by_text("Lead 1042", exact=True).wait_for()
        await page.get_by_role("button", name="Reply", exact=True).first.click()
        await page.get_by_label("Reply", exact=True).fill("in the thread")
        await page.get_by_label("Reply", exact=True).press("Enter")
        await page.locator("#thread").get_by_text("in the thread").wait_for()
    first, _, reply = await people.messages()
    assert first["text"] == "a &lt;b&gt; &amp; <@U0LUIS>" and reply["thread_ts"] == first["ts"]


async def test_it_fits_a_phone_and_skips_the_clock(sandbox: Sandbox, people: People, page: Page) -> None:
    await page.goto(sandbox.url)
    await page.get_by_role("button", name="Demo").click()
    await page.get_by_role("button", name="Skip 5 minutes").click()

    async def has_skipped() -> bool:
        return bool((await people.see("clock"))["offset_s"] == 300)

    await people.until(has_skipped)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
