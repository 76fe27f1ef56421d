"""What people do on the demo's page, on a phone as on a desktop."""

import itertools

from playwright.sync_api import Locator, Page, expect

_endings = itertools.count(200)  # far from those whom the page invents
AUSTIN = {"property_city": "Austin", "property_state": "TX", "property_zip": "78704", "loan_purpose": "purchase"}


def borrower(first: str, last: str, **more: str) -> dict[str, str]:
    """A lead from Austin that nobody has sent before."""
    return {**AUSTIN, "first_name": first, "last_name": last, "phone": f"(512) 555-0{next(_endings)}", **more}


def card(page: Page, words: str) -> Locator:
    return page.locator("#messages > li").filter(has_text=words)


def become(page: Page, user: str) -> None:
    page.get_by_label("You are").select_option(user)
    page.wait_for_function("user => location.hash.includes(`me=${user}`)", arg=user)
    settled(page)


def settled(page: Page) -> None:
    """What is shown belongs to where the page is."""
    expect(page.locator("#messages")).not_to_have_attribute("aria-busy", "true")


def go(page: Page, place: str) -> None:
    """Through the sidebar, which is a drawer on a phone."""
    if page.get_by_role("button", name="Channels").is_visible():
        page.get_by_role("button", name="Channels").click()
    page.get_by_role("navigation").get_by_text(place, exact=True).click()
    expect(page.locator("#title")).to_have_text(place if place == "Leadbell" else f"# {place}")
    settled(page)


def stage(page: Page, control: str) -> None:
    """Press what belongs to the demo itself; on a phone it stands behind Demo."""
    button = page.get_by_role("button", name=control, exact=True)
    if not button.is_visible():
        page.get_by_role("button", name="Demo", exact=True).click()
    button.click()


def claim(page: Page, words: str) -> None:
    """Claim the lead whose card says these words, as whoever the page is."""
    card(page, words).get_by_role("button", name="Claim").click()
    expect(card(page, words).get_by_role("button", name="Claim")).to_have_count(0)
