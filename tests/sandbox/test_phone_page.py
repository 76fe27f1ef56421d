"""A borrower's phone on the plain page, in a real browser."""

import pytest
from playwright.async_api import FilePayload, Page

from bot.sandbox.server import Sandbox
from tests.sandbox.hands import CHROMIUM, People
from tests.sandbox.lines import DANA, OURS, Account, Bot

HOSTILE = "<img src=x onerror=alert(1)> <https://evil.example|click> *bold* \u202e {{7*7}}"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install one to test the page")


async def pick_up(page: Page, number: str) -> None:
    await page.get_by_label("Phone number").fill(number)
    await page.get_by_label("Phone number").press("Enter")


async def test_a_borrower_writes_and_reads_the_answer_with_its_status(sandbox: Sandbox, bot: Bot, account: Account, page: Page) -> None:
    phone = page
    await phone.goto(f"{sandbox.url}/page/phone.html")
    await pick_up(phone, "512 555 0123")
    await phone.locator(".who-texts").get_by_text("(512) 555-0123").wait_for()
    await phone.get_by_label("Text", exact=True).fill("Is this still on?")
    await phone.get_by_role("button", name="Send").click()
    await phone.get_by_label("Texts").get_by_text("Is this still on?").wait_for()
    assert [(form["From"], form["To"], form["Body"]) for form in bot.texts()] == [(DANA, OURS, "Is this still on?")]
    await account.send(body="Yes, it is")
    answer = phone.get_by_role("listitem").filter(has_text="Yes, it is")
    await answer.get_by_text("delivered").wait_for()
    assert "(512) 555-0199" in await answer.inner_text()


async def test_each_phone_shows_its_own_texts_and_the_buttons_lead_there(sandbox: Sandbox, account: Account, page: Page) -> None:
    await account.send(body="Hi Dana")
    await account.send("+12105550144", body="Hi Elena")
    await page.goto(f"{sandbox.url}/page/phone.html")
    await page.get_by_label("Borrower", exact=True).select_option("(210) 555-0144")
    await page.get_by_text("Hi Elena").wait_for()
    assert await page.get_by_text("Hi Dana").count() == 0
    await page.get_by_label("Borrower", exact=True).select_option("(512) 555-0123")
    await page.get_by_text("Hi Dana").wait_for()


async def test_pictures_go_along_without_words(sandbox: Sandbox, bot: Bot, page: Page) -> None:
    await page.goto(f"{sandbox.url}/page/phone.html#number=%2B15125550123")
    pictures = [FilePayload(name=f"{name}.png", mimeType="image/png", buffer=b"hello") for name in ("front", "back")]
    await page.get_by_label("Pictures").set_input_files(pictures)
    await page.get_by_role("button", name="Send").click()
    await page.get_by_text("[picture: image/png, 1 kB]").nth(1).wait_for()
    assert (bot.texts()[0]["NumMedia"], bot.texts()[0]["Body"]) == ("2", "")
    assert await page.get_by_label("Pictures").input_value() == ""


async def test_a_text_answers_the_number_it_came_from_or_the_one_chosen(sandbox: Sandbox, bot: Bot, people: People, page: Page) -> None:
    second = "+15125550198"
    await people.do("phone", numbers=[OURS, second])
    await people.do("sms", **{"from": DANA, "to": second, "body": "hello"})
    await page.goto(f"{sandbox.url}/page/phone.html#number=%2B15125550123")
    await page.get_by_label("Texts").get_by_text("hello").wait_for()
    for words, to in (("one", ""), ("two", "(512) 555-0199")):
        if to:
            await page.get_by_role("combobox", name="To").select_option(to)
        await page.get_by_label("Text", exact=True).fill(words)
        await page.get_by_label("Text", exact=True).press("Enter")
        await page.get_by_label("Texts").get_by_text(words, exact=True).wait_for()
    assert [form["To"] for form in bot.texts()] == [second, second, OURS]


async def test_hostile_words_are_shown_as_words_and_fit_a_phone(sandbox: Sandbox, people: People, account: Account, page: Page) -> None:
    await people.do("sms", **{"from": DANA, "body": HOSTILE + "x" * 300})
    await account.send(body=HOSTILE)
    await page.goto(f"{sandbox.url}/page/phone.html#number=%2B15125550123")
    await page.get_by_text("<img src=x onerror=alert(1)>").nth(1).wait_for()
    assert await page.locator(".texts :is(img, a, b)").count() == 0
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_what_went_wrong_is_said(sandbox: Sandbox, bot: Bot, page: Page) -> None:
    await page.goto(f"{sandbox.url}/page/phone.html")
    await page.get_by_text("Choose a borrower, or type a number.").wait_for()
    await pick_up(page, "555-0123")
    await page.get_by_text("A number has ten digits").wait_for()
    await pick_up(page, "(512) 555-0123")
    bot.answers = [500]
    await page.get_by_label("Text", exact=True).fill("anyone?")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_text("Sent, but Leadbell refused it (500).").wait_for()
