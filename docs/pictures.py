"""Makes the README's pictures from a demo of its own: python -m docs.pictures"""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.hands import card, claim, settled
from tests.conftest import NOON
from tests.doubles.demos import Demo, a_demo

WIDTH, HEIGHT = 1360, 800
HERE = Path(__file__).parent
DANA = {
    "first_name": "Dana",
    "last_name": "Rowe",
    "phone": "(512) 555-0100",
    "email": "dana@example.com",
    "loan_purpose": "purchase",
    "loan_amount": "$310k",
    "purchase_price": "390000",
    "property_city": "Austin",
    "property_state": "TX",
    "property_zip": "78704",
    "credit": "740+",
    "timeline": "this month",
    "best_time": "now",
}
ELENA = {
    **DANA,
    "first_name": "Elena",
    "last_name": "Vargas",
    "phone": "(210) 555-0144",
    "property_city": "San Antonio",
    "loan_amount": "$285k",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, a_demo(Path(folder)) as demo, sync_playwright() as playwright:
        demo.start()
        demo.post(f"{demo.page}/_control/clock", {"set": NOON.isoformat()})
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce")
        page.goto(demo.page)
        draw_card(demo, page)
        draw_demo(demo, page)
        browser.close()
        demo.end()


def send(demo: Demo, lead: dict[str, str]) -> str:
    """As the page's own form does, so that the borrower's phone has a name."""
    return f"#{demo.post(f'{demo.page}/_control/lead', {'lead': lead})['answer']['lead']}"


def draw_card(demo: Demo, page: Page) -> None:
    """A lead that nobody has yet, and nothing around it."""
    number = send(demo, DANA)
    expect(card(page, number)).to_be_visible()
    page.get_by_role("button", name="Close phones").click()
    page.set_viewport_size({"width": 960, "height": HEIGHT})
    page.mouse.move(0, 0)
    card(page, number).screenshot(path=HERE / "card.png")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


def draw_demo(demo: Demo, page: Page) -> None:
    """One lead rings while the borrower of another reads the answer to her text."""
    claim(page, "Dana R.")
    demo.post(f"{demo.page}/_control/sms", {"from": "+15125550100", "body": "Can you call after 3?"})
    page.get_by_role("navigation").get_by_text("Leadbell", exact=True).click()
    settled(page)
    card(page, "Can you call after 3?").get_by_role("button", name="Text").click()
    page.get_by_role("dialog").get_by_label("Your text").fill("Sure, Dana. I will call you at 3:15.")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Phones", exact=True).click()
    page.get_by_role("button", name="A borrower's").click()
    page.get_by_label("Borrower", exact=True).select_option(label="Dana Rowe, (512) 555-0100")
    expect(page.get_by_label("Texts")).to_contain_text("delivered")
    page.get_by_role("navigation").get_by_role("button", name="leads", exact=False).first.click()
    settled(page)
    number = send(demo, ELENA)
    expect(card(page, number)).to_be_visible()
    card(page, "Dana R.").locator("[data-act=thread]").click()
    expect(page.locator("#thread")).to_contain_text("3:15")
    page.mouse.move(0, 0)
    page.screenshot(path=HERE / "demo.png")


if __name__ == "__main__":
    main()
