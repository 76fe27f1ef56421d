"""The demo in a real browser, as somebody sees it who has just typed the first command: a lead rings, two officers press."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.conftest import NOON
from tests.doubles.demos import Demo, a_demo

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
AUSTIN = {"property_city": "Austin", "property_state": "TX", "property_zip": "78704", "loan_purpose": "purchase"}
NORA = {**AUSTIN, "first_name": "Nora", "last_name": "Bell", "phone": "(512) 555-0123", "loan_amount": "$311k"}
IVAN = {**AUSTIN, "first_name": "Ivan", "last_name": "Reyes", "phone": "(512) 555-0124", "loan_amount": "$277k"}

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install one to see the demo in a browser"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with a_demo(tmp_path) as demo:
        demo.start()
        demo.post(f"{demo.page}/_control/clock", {"set": NOON.isoformat()})  # at night nobody is given a number to call
        yield demo
        demo.end()


@pytest.fixture(params=[(390, 844), (1280, 800)], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browser: Browser, demo: Demo) -> Iterator[Page]:
    """The demo's page; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    width, height = request.param
    opened = browser.new_page(viewport={"width": width, "height": height})
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("requestfailed", lambda request: complaints.append(request.url) if request.resource_type != "eventsource" else None)
    opened.set_default_timeout(15_000)
    opened.goto(demo.page)
    yield opened
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"
    opened.close()
    assert complaints == []


def card(page: Page, words: str) -> Locator:
    return page.locator("#messages > li").filter(has_text=words)


def become(page: Page, user: str) -> None:
    page.get_by_label("You are").select_option(user)


def go(page: Page, place: str) -> None:
    if page.get_by_role("button", name="Channels").is_visible():
        page.get_by_role("button", name="Channels").click()
    page.get_by_role("navigation").get_by_text(place, exact=True).click()


def test_two_officers_claim_a_lead_each(demo: Demo, page: Page) -> None:
    first, second = demo.send_lead(**NORA), demo.send_lead(**IVAN)

    become(page, "U0MAYA")
    expect(card(page, "$311k")).to_contain_text("Nora B.")
    expect(card(page, "$311k")).not_to_contain_text("555-0123")
    fresh = card(page, "$311k").bounding_box()
    card(page, "$311k").get_by_role("button", name="Claim").click()
    expect(card(page, "Nora B.")).to_contain_text("Maya Torres")
    expect(card(page, "Nora B.").get_by_role("button")).to_have_text(["Open", "Reply"])
    claimed = card(page, "Nora B.").bounding_box()
    assert fresh is not None
    assert claimed is not None
    assert claimed["height"] < fresh["height"]

    go(page, "Leadbell")
    told = card(page, f"Yours: #{first}")
    expect(told).to_contain_text("Nora Bell, (512) 555-0123")

    go(page, "leads")
    become(page, "U0LUIS")
    card(page, "$277k").get_by_role("button", name="Claim").click()
    expect(card(page, "Ivan R.")).to_contain_text("Luis Ortega")
    go(page, "Leadbell")
    expect(card(page, f"Yours: #{second}")).to_contain_text("Ivan Reyes, (512) 555-0124")


def test_who_is_too_late_is_told_privately(demo: Demo, page: Page, browser: Browser) -> None:
    number = demo.send_lead(**NORA)
    expect(card(page, "$311k")).to_be_visible()
    ts = demo.card_of(number)["ts"]
    press = {"action_id": "claim", "block_id": f"lead:{number}", "type": "button", "value": str(number)}
    pages = {user: browser.new_page() for user in ("U0MAYA", "U0LUIS")}
    for user, theirs in pages.items():
        theirs.goto(f"{demo.page}/#me={user}&in=C0LEADS")
        expect(card(theirs, "$311k")).to_be_visible(timeout=20_000)
    for user in pages:
        demo.post(f"{demo.page}/_control/interact", {"channel": "C0LEADS", "messageTs": ts, "user": user, "action": press})
    become(page, "U0PRIYA")
    expect(card(page, "has it")).to_be_visible(timeout=20_000)
    # Two presses in the same moment: either may be the quicker.
    maya_has_it = "Maya Torres" in card(page, "has it").inner_text()
    winner, loser = ("Maya Torres", "U0LUIS") if maya_has_it else ("Luis Ortega", "U0MAYA")
    quicker = re.compile(rf"{winner} was (a moment|\d+ seconds?) quicker\. #{number} is theirs\.")
    expect(card(pages[loser], "quicker")).to_contain_text(quicker, timeout=20_000)
    expect(card(page, "quicker")).to_have_count(0)
    for theirs in pages.values():
        theirs.close()
