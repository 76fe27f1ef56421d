"""The script on the company's own site: with a token of ours it tells of a visit; without one no request leaves, whatever is done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from tests.browser.conftest import PATIENCE_MS
from tests.doubles.demos import Demo

SITE, DOOR = "http://www.acme.example", "http://leads.acme.example"
SCRIPT = Path(__file__).parents[2] / "bot/handlers/web/pages/site.js"
TOKEN = "41.0.0123456789abcdef0123"
PAGE = f"""<!DOCTYPE html><html lang="en"><title>Acme</title><a href="/other">Other</a>
<form data-leadbell="calculator"><input id="price"></form><form><input id="search"></form>
<script src="{DOOR}/forms/site.js" defer></script></html>"""
REMEMBERS = """const sent = (window.sent = []), send = navigator.sendBeacon.bind(navigator);
navigator.sendBeacon = (url, body) => { sent.push(`${url} ${body}`); return send(url, body); };"""
KEPT = "() => [document.cookie, localStorage.length, sessionStorage.length]"


@dataclass
class Visit:
    """Somebody in a tab on the company's site; `asked` is each request but those for the pages and the script themselves."""

    page: Page
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)

    def goes(self, path: str) -> None:
        self.page.goto(f"{SITE}{path}", wait_until="load")

    def answer(self, route: Route, request: Request) -> None:
        if request.url == f"{DOOR}/forms/site.js":
            route.fulfill(body=SCRIPT.read_text(), content_type="text/javascript")
        elif request.url.startswith(SITE):
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            self.asked.append((request.method, request.url, request.post_data))
            route.fulfill(status=204)

    @property
    def beacons(self) -> list[str]:
        """What the page that is open now sent by itself, each with its address."""
        return list(self.page.evaluate("sent"))


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(REMEMBERS)
    found = Visit(page)
    context.route("**/*", found.answer)
    yield found
    context.close()


def test_without_a_token_no_request_leaves_and_nothing_is_kept(visit: Visit) -> None:
    for path in ("/", "/#leadbell=", "/#leadbell=41.0.0123", "/#leadbell=../../evil", f"/?leadbell={TOKEN}", f"/#x&leadbell={TOKEN}"):
        visit.page.goto("about:blank")
        visit.goes(path)
        for name in ("price", "search"):
            visit.page.locator(f"#{name}").fill("400000")
            visit.page.locator(f"#{name}").blur()
        assert visit.beacons == []
        visit.page.get_by_role("link", name="Other").click()
        visit.page.wait_for_url("**/other")
        assert visit.page.evaluate(KEPT) == ["", 0, 0]

    assert visit.asked == []


def test_who_came_by_a_link_of_ours_is_told_of_in_this_tab_and_the_address_forgets_the_token(visit: Visit) -> None:
    door = f"{DOOR}/l/{TOKEN}"

    with visit.page.expect_request(door) as left:
        visit.goes(f"/apply?for=dana#leadbell={TOKEN}")
    assert (left.value.method, left.value.post_data) == ("POST", "did=visited")
    assert visit.page.url == f"{SITE}/apply?for=dana"
    visit.page.locator("#search").fill("rates")
    visit.page.locator("#search").blur()
    for price in ("400000", "500000"):
        visit.page.locator("#price").fill(price)
        visit.page.locator("#price").blur()
    assert visit.beacons == [f"{door} did=visited", f"{door} did=calculated"]

    visit.goes("/other")
    assert visit.beacons == [f"{door} did=visited"]
    assert visit.page.evaluate("[document.cookie, localStorage.length]") == ["", 0]


def test_another_tab_knows_nothing_of_it(visit: Visit) -> None:
    visit.goes(f"/#leadbell={TOKEN}")
    other = visit.page.context.new_page()
    other.set_default_timeout(PATIENCE_MS)

    other.goto(f"{SITE}/", wait_until="load")

    assert other.evaluate(KEPT) == ["", 0, 0]


def test_our_own_calculators_tell_of_it_too_where_the_policy_of_the_page_lets_nothing_else(browser: Browser, demo: Demo) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(REMEMBERS)
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text) if "Content Security Policy" in message.text else None)

    with page.expect_request(f"{demo.door}/l/{TOKEN}"):
        page.goto(f"{demo.door}/forms/website/payment#leadbell={TOKEN}", wait_until="load")
    page.locator("#price").fill("400000")
    page.locator("#price").blur()

    assert page.evaluate("sent") == [f"{demo.door}/l/{TOKEN} did=visited", f"{demo.door}/l/{TOKEN} did=calculated"]
    assert blocked == []
    page.close()
