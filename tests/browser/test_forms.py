"""A form of ours in a browser: on a phone and on a desk, with scripts and without, in both languages, for everybody's eyes and hands."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PATIENCE_MS, PHONE
from tests.doubles.demos import Demo


@pytest.fixture(params=[(PHONE, True), (DESKTOP, True), (PHONE, False)], ids=["phone", "desktop", "without scripts"])
def form(request: pytest.FixtureRequest, browser: Browser, demo: Demo) -> Iterator[Page]:
    """The form of the demo's website. It asks nothing of anybody else, keeps nothing in the browser and is never wider than its screen."""
    (width, height), scripts = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts)
    page, elsewhere = context.new_page(), list[str]()
    page.set_default_timeout(PATIENCE_MS)
    page.on("request", lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(demo.door) else None)
    page.goto(f"{demo.door}/forms/website")
    yield page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"
    assert (elsewhere, context.cookies()) == ([], [])
    context.close()


def test_a_borrower_sends_a_form_mends_it_and_reads_what_comes_next(form: Page) -> None:
    form.get_by_role("textbox", name="First name").fill("Flora")
    form.get_by_label("What is the loan for?").select_option("refinance")
    form.locator("#loan_amount").fill("$275k")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("alert")).to_contain_text("One answer needs another look.")
    phone = form.locator("#phone")
    expect(phone).to_have_accessible_description("Please write a phone number or an email, so that we can reach you.")
    expect(form.get_by_role("textbox", name="First name")).to_have_value("Flora")
    expect(form.get_by_label("What is the loan for?")).to_have_value("refinance")
    phone.fill("512 555 0142")
    agrees = form.get_by_role("checkbox")
    expect(agrees).not_to_be_checked()
    agrees.check()
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("Thank you, Flora. We have it.")
    expect(form.get_by_role("status")).to_contain_text("A licensed loan officer of Acme Mortgage")


def test_the_switch_shows_the_page_in_the_other_language(form: Page) -> None:
    form.get_by_role("link", name="Español").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("Pida una cotización")
    expect(form.get_by_role("button", name="Enviar")).to_be_visible()
    expect(form.locator("html")).to_have_attribute("lang", "es")
    form.get_by_role("link", name="English").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("Ask for a rate quote")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everybody_can_read_and_use_it(browser: Browser, demo: Demo, language: str, size: tuple[int, int]) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{demo.door}/forms/website?lang={language}")
    seen = [Axe().run(page)]
    page.locator("form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    seen.append(Axe().run(page))
    page.locator("#first_name").fill("Fay")
    page.locator("#email").fill("fay@example.com")
    page.locator("form button").click()
    expect(page.get_by_role("status")).to_be_visible()
    seen.append(Axe().run(page))

    assert [found["id"] for each in seen for found in each.response["violations"]] == []
    page.close()


def test_hands_alone_reach_everything_in_the_order_of_the_page_and_never_what_is_hidden(browser: Browser, demo: Demo) -> None:
    page = browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{demo.door}/forms/website")
    fields = page.locator("form select, form input:not([type=hidden]):not([tabindex]), form button")
    page.locator("#purpose").focus()
    for place in range(fields.count()):
        expect(fields.nth(place)).to_be_focused()
        page.keyboard.press("Tab")
    page.close()


FIGURES = {
    "payment": {"price": "400k", "down": "20%", "rate": "6.5", "taxes": "4800"},
    "refinance": {"balance": "300000", "rate_now": "7.5", "years_left": "28", "rate": "6", "costs": "6000"},
    "affordability": {"income": "120000", "debts": "500", "savings": "50000", "rate": "6.5"},
    "closing-costs": {"price": "400000", "down": "20%"},
}


@pytest.mark.parametrize("kind", FIGURES)
@pytest.mark.parametrize(("language", "size"), [("en", PHONE), ("es", DESKTOP)], ids=["phone", "desktop"])
def test_everybody_can_work_it_out(browser: Browser, demo: Demo, kind: str, language: str, size: tuple[int, int]) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{demo.door}/forms/website/{kind}?lang={language}")
    seen = [Axe().run(page)]
    for name, figure in FIGURES[kind].items():
        page.locator(f"#{name}").fill(figure)
    page.locator("form button").click()
    expect(page.get_by_role("status")).to_contain_text("$" if kind != "refinance" else "18")
    seen.append(Axe().run(page))
    page.locator(f"#{next(iter(FIGURES[kind]))}").fill("much")
    page.locator("form button").click()
    expect(page.locator("[aria-invalid=true]")).to_be_focused()
    seen.append(Axe().run(page))

    assert [found["id"] for each in seen for found in each.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"
    page.close()
