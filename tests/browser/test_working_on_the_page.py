"""An officer's day on the page: a call is logged, a text answered, a lead put off, the team looked at, and nobody picks up."""

from playwright.sync_api import Page, expect

from tests.browser.hands import become, borrower, card, claim, go, stage
from tests.doubles.demos import Demo


def test_a_call_is_logged_from_the_private_message_with_what_came_of_it(demo: Demo, page: Page) -> None:
    number = demo.send_lead(**borrower("Lou", "Lane"))
    claim(page, f"#{number}")
    go(page, "Leadbell")
    card(page, f"Yours: #{number}").get_by_role("button", name="Log").click()
    modal = page.get_by_role("dialog")
    expect(modal).to_contain_text(f"#{number}")
    modal.get_by_role("button", name="Save").click()
    expect(modal.get_by_label("How did it go?")).to_have_accessible_description("Please complete this required field.")
    modal.get_by_label("How did it go?").select_option("Connected")
    modal.get_by_label("Note").fill("Wants a 15-year")
    modal.get_by_role("button", name="Save").click()
    expect(modal).to_have_count(0)
    go(page, "leads")
    card(page, f"#{number}").get_by_role("button", name="repl").click()
    expect(page.locator("#thread")).to_contain_text("Maya Torres: Connected.")
    page.get_by_role("button", name="Close thread").click()
    expect(page.locator("#thread")).to_be_hidden()


def test_a_borrowers_text_is_answered_and_its_delivery_shows_on_her_phone(demo: Demo, page: Page) -> None:
    dana = borrower("Dana", "Text")
    number = demo.send_lead(**dana)
    claim(page, f"#{number}")
    if page.locator("#phones").is_hidden():
        stage(page, "Phones")
    page.get_by_role("button", name="A borrower's").click()
    page.get_by_label("Phone number").fill(dana["phone"])
    page.get_by_role("button", name="Pick up").click()
    page.get_by_label("Text", exact=True).fill("Can you call after 3?")
    page.locator("#borrower").get_by_role("button", name="Send").click()
    expect(page.get_by_label("Texts")).to_contain_text("Can you call after 3?")
    page.get_by_role("button", name="Close phones").click()
    go(page, "Leadbell")
    told = card(page, f"#{number}").filter(has_text="Can you call after 3?")
    told.get_by_role("button", name="Text").click()
    page.get_by_role("dialog").get_by_label("Your text").fill("Sure, at 3:15.")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    stage(page, "Phones")
    answer = page.get_by_label("Texts").get_by_role("listitem").filter(has_text="Sure, at 3:15.")
    expect(answer).to_contain_text("delivered")


def test_a_lead_is_put_off_with_one_choice(demo: Demo, page: Page) -> None:
    number = demo.send_lead(**borrower("Lay", "Ter"))
    claim(page, f"#{number}")
    go(page, "Leadbell")
    later = card(page, f"Yours: #{number}").get_by_role("button", name="Later")
    later.click()
    page.get_by_role("menuitem", name="In 1 hour").click()
    told = card(page, "Only visible to you").filter(has_text=f"#{number}")
    expect(told.last).to_contain_text("Try once and log it")
    expect(card(page, f"Yours: #{number}").get_by_role("button", name="In 1 hour")).to_be_focused()
    box = page.get_by_label("Message", exact=True)
    box.fill(f"/log {number} connected")
    box.press("Enter")
    expect(told.last).not_to_contain_text("Try once and log it")
    later.click()
    page.get_by_role("menuitem", name="In 1 hour").click()
    expect(told.last).to_contain_text("I remind you Tuesday, November 24")


def test_the_pipeline_comes_by_a_completed_command_and_only_to_who_asked(page: Page) -> None:
    become(page, "U0SAM")
    box = page.get_by_label("Message", exact=True)
    box.press_sequentially("/pip")
    expect(page.get_by_role("option", name="/pipeline")).to_have_attribute("aria-selected", "true")
    box.press("Tab")
    expect(box).to_have_value("/pipeline ")
    box.press("Enter")
    told = card(page, "Only visible to you").last
    expect(told).to_contain_text("Austin")
    expect(box).to_have_value("")
    become(page, "U0LUIS")
    expect(card(page, "Only visible to you")).to_have_count(0)


def test_what_nobody_claims_reaches_the_manager_once_time_is_skipped(demo: Demo, page: Page) -> None:
    number = demo.send_lead(**borrower("Una", "Claimed"))
    expect(card(page, f"#{number}")).to_be_visible()
    before = page.locator("#now").text_content()
    stage(page, "Skip 30 minutes")
    expect(page.locator("#now")).not_to_have_text(before or "")
    become(page, "U0SAM")
    go(page, "Leadbell")
    expect(card(page, f"#{number}").first).to_be_visible()
