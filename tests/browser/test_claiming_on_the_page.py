"""The demo in a real browser, as somebody sees it who has just typed the first command: a lead rings, two officers press."""

import re
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.hands import become, borrower, card, claim, go
from tests.doubles.demos import Demo


def test_two_officers_claim_a_lead_each(demo: Demo, page: Page) -> None:
    nora, ivan = borrower("Nora", "Bell", loan_amount="$311k"), borrower("Ivan", "Reyes", loan_amount="$277k")
    first, second = f"#{demo.send_lead(**nora)}", f"#{demo.send_lead(**ivan)}"

    become(page, "U0MAYA")
    expect(card(page, first)).to_contain_text("Nora B.")
    expect(card(page, first)).not_to_contain_text("555-0")
    fresh = card(page, first).bounding_box()
    claim(page, first)
    expect(card(page, first)).to_contain_text("Maya Torres")
    expect(card(page, first).get_by_role("button")).to_have_text(["Open", "Reply"])
    claimed = card(page, first).bounding_box()
    assert fresh is not None
    assert claimed is not None
    assert claimed["height"] < fresh["height"]

    go(page, "Leadbell")
    expect(card(page, f"Yours: {first}")).to_contain_text(f"Nora Bell, {nora['phone']}")

    go(page, "leads")
    become(page, "U0LUIS")
    claim(page, second)
    expect(card(page, second)).to_contain_text("Luis Ortega")
    go(page, "Leadbell")
    expect(card(page, f"Yours: {second}")).to_contain_text(f"Ivan Reyes, {ivan['phone']}")


def test_who_is_too_late_is_told_privately(demo: Demo, page: Page, open_page: Open) -> None:
    number = demo.send_lead(**borrower("Nora", "Bell"))
    ts = demo.card_of(number)["ts"]
    press = {"action_id": "claim", "block_id": f"lead:{number}", "type": "button", "value": str(number)}
    pages = {user: open_page(f"#me={user}&in=C0LEADS") for user in ("U0MAYA", "U0LUIS")}
    for theirs in pages.values():
        expect(card(theirs, f"#{number}")).to_be_visible()
    with ThreadPoolExecutor() as hands:
        presses = [{"channel": "C0LEADS", "messageTs": ts, "user": user, "action": press} for user in pages]
        list(hands.map(lambda one: demo.post(f"{demo.page}/_control/interact", one), presses))
    become(page, "U0PRIYA")
    expect(card(page, f"#{number}")).to_contain_text("has it")
    # Two presses in the same moment: either may be the quicker.
    maya_has_it = "Maya Torres" in card(page, f"#{number}").inner_text()
    winner, loser = ("Maya Torres", "U0LUIS") if maya_has_it else ("Luis Ortega", "U0MAYA")
    quicker = re.compile(rf"{winner} was (a moment|\d+ seconds?) quicker\. #{number} is theirs\.")
    told = card(pages[loser], "quicker").filter(has_text=f"#{number}")
    expect(told).to_contain_text(quicker)
    expect(told).to_contain_text("Only visible to you")
    expect(card(page, "quicker")).to_have_count(0)
    pages[loser].reload()
    expect(card(pages[loser], f"#{number}")).to_have_count(1)
    expect(told).to_have_count(0)


def test_a_lead_is_claimed_without_a_mouse_and_the_focus_stays_on_its_card(demo: Demo, open_page: Open) -> None:
    page = open_page("#me=U0TESS&in=C0LEADS")
    number = demo.send_lead(**borrower("Kay", "Board"))
    button = card(page, f"#{number}").get_by_role("button", name="Claim")
    expect(button).to_be_visible()
    page.locator("#messages").focus()
    presses = 0
    while not button.evaluate("it => it === document.activeElement"):
        page.keyboard.press("Tab")
        presses += 1
        assert presses < 400, "Tab never reaches Claim"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the menu of reasons opens, and closes again
    expect(page.get_by_role("menuitem", name="Busy for 15 minutes")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Not my product")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page, f"#{number}").get_by_role("button", name="Pass")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(card(page, f"#{number}")).to_contain_text("Tess Lindqvist has it")
    expect(card(page, f"#{number}")).to_be_focused()
    page.keyboard.press("Tab")
    expect(card(page, f"#{number}").get_by_role("button", name="Open")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Kay Board")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(card(page, f"#{number}").get_by_role("button", name="Open")).to_be_focused()
