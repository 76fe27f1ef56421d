"""One browser and one demo for each file of tests, and pages that complain of nothing."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.conftest import NOON
from tests.doubles.demos import Demo, a_demo
from tests.doubles.waiting import PATIENCE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESKTOP, PHONE = (1280, 800), (390, 844)
PATIENCE_MS = 1000 * PATIENCE
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install one to see the demo in a browser")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE_MS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with a_demo(tmp_path_factory.mktemp("demo")) as demo:
        demo.start()
        demo.post(f"{demo.page}/_control/clock", {"set": NOON.isoformat()})  # at night nobody is given a number to call
        yield demo
        demo.end()


Open = Callable[..., Page]


def has_failed(request: Request) -> bool:
    """A page that is left or loaded again gives up what it was still fetching: that is no failure."""
    return request.resource_type != "eventsource" and request.failure != "net::ERR_ABORTED"


@pytest.fixture
def open_page(browser: Browser, demo: Demo) -> Iterator[Open]:
    """Opens pages of the demo, each like a browser of its own; whatever one complains of, or is wider than its screen, fails the test."""
    complaints: list[str] = []
    pages: list[Page] = []

    def open_one(path: str = "", size: tuple[int, int] = DESKTOP, **more: str) -> Page:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **more)  # type: ignore[arg-type]
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("requestfailed", lambda request: complaints.append(f"{request.url} {request.failure}") if has_failed(request) else None)
        page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith((demo.page, "data:")) else None)
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{demo.page}/{path}")
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"
        page.close()
    assert complaints == []


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, open_page: Open) -> Page:
    return open_page(size=request.param)
