"""The page as a page: marks of what is new, the lock screen, new leads, faults, a lost demo, the tour, and everybody's eyes and hands."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS, PHONE, Open
from tests.browser.hands import become, borrower, card, claim, go, stage
from tests.doubles.demos import Demo, a_demo

HOSTILE = {"first_name": "<!channel> <b>Bob</b>", "last_name": "*Tables* <https://evil.example|click> {{7*7}}"}


def test_what_is_new_elsewhere_is_marked_until_somebody_looks(demo: Demo, open_page: Open) -> None:
    page = open_page("#me=U0PRIYA&in=C0LEADS")
    unread = page.get_by_role("navigation").get_by_role("button", name="general unread", exact=True)
    # In #general nothing is new unless somebody writes there; leads of the demo's own ring in #leads all the time.
    demo.post(f"{demo.page}/_control/message", {"user": "U0MAYA", "channel": "C0GENERAL", "text": "Lunch is here"})
    expect(unread).to_be_visible()
    unread.click()
    expect(card(page, "Lunch is here")).to_be_visible()
    expect(unread).to_have_count(0)
    go(page, "leads")
    expect(page.get_by_role("navigation").get_by_role("button", name="leads", exact=True)).to_have_attribute("aria-current", "page")
    expect(unread).to_have_count(0)


def test_the_lock_screen_shows_the_push_as_it_was_sent_and_leads_there(demo: Demo, page: Page) -> None:
    number = demo.send_lead(**borrower("Pia", "Push", loan_amount="$333k", timeline="this month"))
    pushed = demo.card_of(number)["text"]
    claim(page, f"#{number}")
    go(page, "general")
    if page.locator("#phones").is_hidden():
        stage(page, "Phones")
    push = page.get_by_label("Notifications").get_by_role("button").filter(has_text="Leadbell in #leads").filter(has_text="Pia P.").first
    expect(push).to_contain_text(pushed.splitlines()[1])
    push.click()
    expect(page.get_by_role("heading", name="# leads")).to_be_visible()
    assert page.locator("#lock-screen").get_by_text("Pia Push").count() == 0


def test_a_new_lead_rings_through_the_real_door_at_one_press_or_from_the_form(page: Page) -> None:
    stage(page, "New lead")
    page.get_by_role("dialog").get_by_role("button", name="Elena habla español").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(card(page, "Elena V.").last).to_contain_text("San Antonio TX")
    stage(page, "New lead")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Or fill in the form yourself").click()
    dialog.get_by_label("First name").fill("Greta")
    dialog.get_by_label("Last name").fill("Garbo")
    dialog.get_by_role("button", name="Send lead").click()
    expect(page.locator("#status")).not_to_have_text("")
    expect(dialog).to_be_visible()  # nobody can be reached without a phone or an email
    dialog.get_by_label("Email").fill("greta@example.com")
    dialog.get_by_role("button", name="Send lead").click()
    expect(card(page, "Greta G.").last).to_be_visible()


def test_what_a_hostile_lead_says_stays_plain_text_everywhere(demo: Demo, page: Page) -> None:
    number = demo.send_lead(**{**borrower("", ""), **HOSTILE, "comments": "<img src=x onerror=alert(1)>"})
    claim(page, f"#{number}")
    card(page, f"#{number}").get_by_role("button", name="Open").click()
    expect(page.get_by_role("dialog")).to_contain_text("<b>Bob</b>")
    assert page.locator("a[href*=evil], img[src=x], .message b b").count() == 0
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    go(page, "Leadbell")
    expect(card(page, f"Yours: #{number}")).to_contain_text("<b>Bob</b>")
    assert page.locator("a[href*=evil], img[src=x]").count() == 0


def test_while_slack_is_down_the_page_says_so_and_what_came_in_rings_afterwards(demo: Demo, page: Page) -> None:
    if not page.get_by_role("button", name="What if…").is_visible():
        page.get_by_role("button", name="Demo", exact=True).click()
    page.get_by_role("button", name="What if…").click()
    page.get_by_role("switch", name="Slack is down").check()
    expect(page.locator("#trouble")).to_contain_text("Slack is down")
    page.keyboard.press("Escape")
    number = demo.send_lead(**borrower("Wai", "Ting"))
    expect(card(page, f"#{number}")).to_have_count(0)
    page.get_by_role("button", name="End it").click()
    expect(page.locator("#trouble")).to_be_hidden()
    expect(card(page, f"#{number}")).to_be_visible()


def test_a_redraw_takes_neither_focus_nor_scroll_nor_half_written_words(demo: Demo, open_page: Open) -> None:
    page = open_page("#me=U0MAYA&in=C0LEADS")
    numbers = [demo.send_lead(**borrower("Stan", "Still")) for _ in range(4)]
    expect(card(page, f"#{numbers[-1]}")).to_be_visible()
    page.get_by_label("Message", exact=True).fill("half a sen")
    page.get_by_label("Message", exact=True).focus()
    page.locator("#messages").evaluate("list => list.scrollTop = 0")
    top = page.locator("#messages > li").nth(1).bounding_box()
    become_elsewhere = {"channel": "C0LEADS", "messageTs": demo.card_of(numbers[-1])["ts"], "user": "U0LUIS"}
    press = {"action_id": "claim", "block_id": f"lead:{numbers[-1]}", "type": "button", "value": str(numbers[-1])}
    demo.post(f"{demo.page}/_control/interact", {**become_elsewhere, "action": press})
    expect(card(page, f"#{numbers[-1]}")).to_contain_text("Luis Ortega has it")
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    expect(page.get_by_label("Message", exact=True)).to_have_value("half a sen")
    assert page.locator("#messages > li").nth(1).bounding_box() == top


def test_the_tour_goes_on_by_itself_can_be_closed_and_comes_back(open_page: Open) -> None:
    page = open_page("#me=U0TESS&in=C0LEADS")
    tour = page.locator("#tour")
    tour.get_by_role("button", name="Send Dana's lead").click()
    expect(tour).to_contain_text("It rings in seconds")
    number = card(page, "Dana R.").last
    number.get_by_role("button", name="Claim").click()
    expect(tour).to_contain_text("She is yours")
    tour.get_by_role("button", name="Open the message").click()
    expect(tour).to_contain_text("Dana writes back")
    tour.get_by_role("button", name="Close tour").click()
    expect(tour).to_be_hidden()
    page.reload()
    expect(card(page, "Yours").last).to_be_visible()
    expect(tour).to_be_hidden()
    stage(page, "Tour")
    tour.get_by_role("button", name="Pick up Dana's phone").click()
    page.get_by_label("Text", exact=True).fill("Can you call after 3?")
    page.get_by_label("Text", exact=True).press("Enter")
    expect(tour).to_contain_text("Answer her text")
    card(page, "Can you call after 3?").last.get_by_role("button", name="Text").click()
    page.get_by_role("dialog").get_by_label("Your text").fill("At 3:15.")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(tour).to_contain_text("And if nobody picks up?")


def test_switching_the_person_keeps_the_place(page: Page) -> None:
    go(page, "Leadbell")
    become(page, "U0CORA")
    expect(page.get_by_role("heading", name="Leadbell", exact=True)).to_be_visible()
    go(page, "leads-south")
    become(page, "U0LUIS")
    expect(page.get_by_role("heading", name="# leads-south")).to_be_visible()
    become(page, "U0GUS")  # who is not in that channel
    expect(page.get_by_role("heading", name="# leads", exact=True)).to_be_visible()


def violations(page: Page) -> list[str]:
    found: dict[str, Any] = Axe().run(page).response
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, (1280, 800)], ids=["phone", "desktop"])
def test_nothing_stands_in_the_way_of_a_screen_reader(demo: Demo, open_page: Open, size: tuple[int, int], colors: str) -> None:
    number = demo.send_lead(**borrower("Ada", "Axe"))
    page = open_page("#me=U0MAYA&in=C0LEADS", size, color_scheme=colors)
    claim(page, f"#{number}")
    assert violations(page) == []
    card(page, f"#{number}").get_by_role("button", name="Open").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    card(page, f"#{number}").locator("[data-act=thread]").click()
    expect(page.locator("#thread")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Close thread").click()
    stage(page, "New lead")
    page.get_by_text("Or fill in the form yourself").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    if page.locator("#phones").is_hidden():
        stage(page, "Phones")
    page.get_by_role("button", name="A borrower's").click()
    assert violations(page) == []


def test_a_demo_that_ended_is_told_with_what_to_type_and_the_page_goes_on_once_it_is_back(browser: Browser, tmp_path: Path) -> None:
    with a_demo(tmp_path) as demo:
        demo.start()
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(demo.page)
        expect(page.locator("#messages")).not_to_have_attribute("aria-busy", "true")
        demo.end()
        expect(page.locator("#lost")).to_contain_text("make demo")
        demo.start()
        expect(page.locator("#lost")).to_be_hidden()
        page.close()
        demo.end()
