"""A borrower fills in a form of ours: one lead however often it is sent, what must be mended beside its field, and never a no."""

import asyncio
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from urllib.parse import urlencode

import aiohttp
import pytest
import segno

from bot.store.contacts import Consent
from bot.store.events import Event
from bot.store.leads import Arrival, Lead
from tests.doubles.hostile import HOSTILE
from tests.doubles.office import Office
from tests.stories.conftest import OpenOffice

DANA = {"first_name": "Dana", "last_name": "Rowe", "phone": "(512) 555-0100", "property_state": "TX"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def source(lines: str) -> Mapping[str, str]:
    """The example with the website's form replaced by these lines."""
    return {"    form: rate_quote  ": f"{lines}    #"}


@dataclass
class Browser:
    """What a borrower without scripts has: pages, and a form that is sent with what its page said."""

    office: Office
    address: str = "/forms/website"
    headers: dict[str, str] = field(default_factory=lambda: {"User-Agent": FIREFOX})
    status: int = 0
    page: str = ""
    answered: Mapping[str, str] = field(default_factory=dict)

    async def opens(self, **query: str) -> str:
        self.address = f"{self.address.partition('?')[0]}?{urlencode(query)}" if query else self.address
        return await self._asks("GET", self.address)

    async def sends(self, **typed: str) -> str:
        """Whatever is typed, with what stands hidden on the page, to where its form leads."""
        [action] = re.findall(r'<form method="post" action="([^"]*)"', self.page)
        self.address = self.address.partition("?")[0] + html.unescape(action)
        return await self._asks("POST", self.address, data={"page": self.token, **typed})

    async def sends_raw(self, body: bytes, kind: str) -> str:
        return await self._asks("POST", self.address, data=body, headers={"Content-Type": kind})

    @property
    def token(self) -> str:
        return str(re.findall(r'name="page" value="([^"]*)"', self.page)[0])

    async def _asks(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, data: object = None) -> str:
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session,
            session.request(method, self.office.url + path, data=data, headers={**self.headers, **(headers or {})}) as answer,
        ):
            self.status, self.page, self.answered = answer.status, await answer.text(), answer.headers
            return self.page


async def opened(office: Office, **query: str) -> Browser:
    browser = Browser(office)
    await browser.opens(**query)
    assert browser.status == 200
    return browser


async def test_a_form_becomes_a_lead_that_rings_with_its_consent_kept_word_for_word(any_office: Office) -> None:
    office = any_office
    browser = await opened(office, utm_source="google", gclid="abc-123")
    shown = html.unescape(re.findall(r"<span>(I agree that .*?)</span>", browser.page)[0])

    thanks = await browser.sends(**DANA, purpose="refinance", property_value="$450k", loan_amount="300,000", credit="740+", agrees="yes")

    assert browser.status == 200 and "Thank you, Dana." in thanks
    [lead] = office.all(Lead)
    assert lead.id is not None and (lead.purpose, lead.state) == ("refinance", "TX")
    assert lead.details["property_value_low"] == 450_000 and lead.details["credit_low"] == 740 and lead.details["language"] == "en"
    await office.card_of(lead.id, says="refinance $300k")
    [kept] = office.all(Consent)
    assert (kept.given, kept.text, kept.ip, kept.user_agent, kept.names_us) == (True, shown, "127.0.0.1", FIREFOX, True)
    assert kept.given_at == kept.recorded_at and kept.version and kept.version.startswith("en-")
    assert kept.url == f"{office.url}/forms/website" and kept.sellers == ["Acme Mortgage LLC"]
    [arrival] = office.all(Arrival)
    assert arrival.attribution == {"utm_source": "google", "gclid": "abc-123", "landing_page": f"{office.url}/forms/website"}


async def test_a_form_that_is_sent_twice_is_one_lead(any_office: Office) -> None:
    office = any_office
    browser = await opened(office)
    page = browser.page

    first = await browser.sends(**DANA, agrees="yes")
    await office.skip(minutes=20)
    browser.page = page
    again = await browser.sends(**DANA, agrees="yes")

    assert "Thank you, Dana." in first and "Thank you, Dana." in again
    assert len(office.all(Arrival)) == len(office.all(Lead)) == 1


async def test_a_form_keeps_to_itself_whatever_format_the_vendor_of_its_source_speaks(changed_office: OpenOffice) -> None:
    async with changed_office(source("    format: freerateupdate\n    form: rate_quote\n")) as office:
        browser = await opened(office)
        page = browser.page
        for _ in range(2):
            browser.page = page
            assert "Thank you, Dana." in await browser.sends(**DANA, agrees="yes")
            await office.skip(minutes=1)

        assert len(office.all(Arrival)) == len(office.all(Consent)) == 1
        assert "source_changed" not in {event.kind for event in office.all(Event)}


async def test_a_button_that_is_pressed_five_times_at_once_is_one_lead(any_office: Office) -> None:
    office = any_office
    first = await opened(office)
    browsers = [replace(first) for _ in range(5)]

    await asyncio.gather(*(browser.sends(**DANA, agrees="yes") for browser in browsers))

    assert [browser.status for browser in browsers] == [200] * 5
    assert len(office.all(Arrival)) == len(office.all(Lead)) == 1


async def test_who_goes_back_and_corrects_the_number_is_called_under_the_right_one(office: Office) -> None:
    browser = await opened(office)
    page = browser.page
    await browser.sends(**DANA)
    browser.page = page

    await browser.sends(**{**DANA, "phone": "(512) 555-0101"})

    assert browser.status == 200
    assert len(office.all(Arrival)) == 2


async def test_what_must_be_mended_stands_beside_its_field_and_what_was_typed_stays(office: Office) -> None:
    browser = await opened(office)

    page = await browser.sends(first_name="", last_name="Rowe", phone="12", loan_amount="a lot", property_state="TX", credit="740+")

    assert browser.status == 422
    assert "3 answers need another look." in page
    for name, says in (("first_name", "Please write your first name"), ("phone", "area code"), ("loan_amount", "an amount in dollars")):
        assert re.search(rf'id="{name}"[^>]*aria-invalid="true" aria-describedby="{name}-wrong"', page)
        assert re.search(rf'<p class="wrong" id="{name}-wrong">[^<]*{re.escape(says)}', page)
    for typed in ('value="Rowe"', 'value="12"', 'value="a lot"', '<option value="TX" selected>', '<option value="740+" selected>'):
        assert typed in page
    assert office.all(Lead) == []

    assert "Thank you, Dana." in await browser.sends(**DANA)


async def test_the_box_is_never_ticked_beforehand_and_nobody_needs_it(office: Office) -> None:
    browser = await opened(office)
    assert not re.search(r"<input[^>]*\bchecked", browser.page)

    thanks = await browser.sends(**DANA)

    assert "You did not agree to texts, so we send you none." in thanks
    [kept] = office.all(Consent)
    assert kept.given is False and kept.text


async def test_a_box_that_was_ticked_stays_so_beside_the_same_words_only(office: Office) -> None:
    browser = await opened(office)

    assert re.search(r"<input[^>]*\bchecked", await browser.sends(first_name="Dana", agrees="yes"))
    other_words = await opened(office, lang="es")
    other_words.page = other_words.page.replace(other_words.token, browser.token)
    page = await other_words.sends(**DANA, agrees="yes")

    assert other_words.status == 409 and "Esta página cambió" in page and 'value="Dana"' in page
    assert not re.search(r"<input[^>]*\bchecked", page)
    assert office.all(Lead) == []


async def test_who_reads_spanish_gets_it_by_browser_or_by_switch_and_is_answered_in_it(office: Office) -> None:
    browser = Browser(office, headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})
    page = await browser.opens()
    assert '<html lang="es">' in page and "Pida una cotización" in page and '?lang=en" lang="en"' in page
    assert browser.answered["Content-Language"] == "es"

    thanks = await browser.sends(**DANA, agrees="yes")

    assert "Gracias, Dana." in thanks
    [lead] = office.all(Lead)
    assert lead.details["language"] == "es"
    assert "Ask for a rate quote" in await Browser(office, headers=browser.headers).opens(lang="en")


async def test_at_night_they_read_when_somebody_calls(office: Office) -> None:
    await office.clock_says(time(22, 30))
    browser = await opened(office)

    thanks = await browser.sends(**DANA)

    assert "calls you from Wednesday, April 18, 10:00 am CT on." in html.unescape(thanks)


async def test_a_partner_whose_link_it_was_is_kept_with_the_lead(changed_office: OpenOffice) -> None:
    rule = "  - name: All others"
    partner = {"# partners:\n#   - {key: keller": "partners:\n  - {key: keller"}
    by_partner = {rule: f"  - {{name: From Keller, when: {{partner: keller}}, team: austin, officers: maya}}\n{rule}"}
    async with changed_office({**partner, **by_partner}) as office:
        browser = await opened(office, partner="keller")

        await browser.sends(**DANA)

        [lead] = [each for each in office.all(Lead) if each.stage != "partner"]
        assert lead.route and lead.route["rule"] == "From Keller"


async def test_an_open_house_says_which_one_and_asks_for_little(changed_office: OpenOffice) -> None:
    async with changed_office(source("    form: open_house\n    form_title: Open house, 12 Oak St, Austin\n")) as office:
        browser = await opened(office)
        assert "<h1>Open house, 12 Oak St, Austin</h1>" in browser.page and "income" not in browser.page

        await browser.sends(first_name="Dana", email="dana@example.com", has_agent="no", comments="Is the roof new?")

        [lead] = office.all(Lead)
        assert (lead.purpose, lead.details["has_agent"], lead.details["comments"]) == ("purchase", False, "Is the roof new?")
        [arrival] = office.all(Arrival)
        assert '"form":"Open house, 12 Oak St, Austin"' in arrival.record


async def test_a_prequalification_holds_no_application(changed_office: OpenOffice) -> None:
    async with changed_office(source("    form: prequalification\n")) as office:
        browser = await opened(office)

        thanks = await browser.sends(**DANA, purchase_price="400000", down_payment="10%", income="120000", credit="680-739")

        assert "Thank you, Dana." in thanks
        [lead] = office.all(Lead)
        assert lead.six_piece_at is None
        assert (lead.details["purchase_price_low"], lead.details["down_payment_percent"], lead.details["income_low"]) == (
            400_000,
            "10",
            120_000,
        )


async def test_a_social_security_number_that_is_typed_somewhere_is_dropped(changed_office: OpenOffice) -> None:
    async with changed_office(source("    form: open_house\n")) as office:
        browser = await opened(office)

        await browser.sends(**DANA, comments="my SSN is 123-45-6789, born 4/17/1980")

        [arrival] = office.all(Arrival)
        assert "6789" not in arrival.record and "1980" not in arrival.record


async def test_a_program_that_fills_in_everything_is_thanked_and_not_kept(office: Office) -> None:
    browser = await opened(office)

    thanks = await browser.sends(**DANA, subject="cheap pills")

    assert browser.status == 200 and "Thank you. We have it." in thanks
    assert office.all(Lead) == []


async def test_who_sends_too_often_is_asked_to_wait_and_keeps_what_was_typed(office: Office) -> None:
    browser = await opened(office)
    page = browser.page
    for _ in range(40):
        browser.page = page
        await browser.sends(last_name="Rowe")
        assert browser.status == 422
    browser.page = page

    page = await browser.sends(**DANA)

    assert browser.status == 429 and "press Send again in a few minutes" in page and 'value="Dana"' in page


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
async def test_hostile_text_stays_text_on_the_page_and_in_the_lead(office: Office, text: str) -> None:
    browser = await opened(office, utm_source=text, partner=text)
    page = await browser.sends(last_name=text, phone="12", loan_amount=text)

    assert browser.status == 422
    assert page.count("<script") == 1 and page.count("<img") == page.count("<b>") == 0
    await browser.sends(**{**DANA, "first_name": f"Dana {text}", "loan_amount": ""})
    assert browser.status == 200
    assert len(office.all(Lead)) == 1


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"first_name=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"first_name=Dana", "application/x-www-form-urlencoded; charset=klingon", 415),
        (b"<x/>", "application/xml", 415),
        (b"{", "application/json", 415),
        (b"&".join(b"a%d=1" % number for number in range(400)), "application/x-www-form-urlencoded", 413),
        (b'{"page": {"a": ["b"]}, "first_name": ["Dana"], "agrees": {}}', "application/x-www-form-urlencoded", 409),
        (b"<a><page>1</page></a>", "application/x-www-form-urlencoded", 409),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "application/x-www-form-urlencoded", 422),
        (b"first_name[]=Dana&page[]=1&agrees[]=yes", "application/x-www-form-urlencoded", 409),
        (b"--x\r\n", "multipart/form-data; boundary=x", 422),
        (b"first_name=Dana\r\nSet-Cookie: a=b&phone=%0d%0aX&page=%00", "application/x-www-form-urlencoded", 409),
        (b"first_name=\xff\xfe\x00&page=1", "application/x-www-form-urlencoded", 409),
    ],
)
async def test_what_no_browser_sends_gets_the_page_again_and_keeps_nothing(office: Office, body: bytes, kind: str, status: int) -> None:
    browser = await opened(office)

    page = await browser.sends_raw(body, kind)

    assert browser.status == status and "<form " in page and 'role="alert"' in page
    assert "Set-Cookie" not in browser.answered
    assert office.all(Lead) == []


async def test_a_page_shows_who_asks_and_lets_nothing_run_or_frame_it(office: Office) -> None:
    browser = await opened(office)

    assert "Acme Mortgage LLC" in browser.page and "NMLS 123456" in browser.page and "Equal Housing Opportunity" in browser.page
    policy = browser.answered["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert browser.answered["Cache-Control"] == "no-store" and "Set-Cookie" not in browser.answered


async def test_only_the_companys_own_sites_may_show_it_within_theirs(changed_office: OpenOffice) -> None:
    sites = "# forms:\n#   sites: [https://www.acme.example]\n#   privacy_url: https://www.acme.example/privacy\n"
    async with changed_office({sites: sites.replace("# ", "", 1).replace("#   ", "  ")}) as office:
        browser = await opened(office)

        assert "frame-ancestors https://www.acme.example" in browser.answered["Content-Security-Policy"]
        assert '<a href="https://www.acme.example/privacy"' in browser.page


async def test_who_came_from_another_site_is_kept_with_it(office: Office) -> None:
    browser = Browser(office, headers={"Referer": "https://blog.example/buying?x=1"})
    await browser.opens()

    await browser.sends(**DANA)

    [arrival] = office.all(Arrival)
    assert arrival.attribution["referrer"] == "https://blog.example/buying?x=1"


async def test_a_source_without_a_form_has_no_page(office: Office) -> None:
    for path in ("/forms/zillow", "/forms/nobody"):
        browser = Browser(office, path)
        page = await browser.opens()
        assert browser.status == 404 and "Not here any more" in page


async def test_a_flyer_gets_the_address_as_a_qr_code_with_the_partner_in_it(office: Office) -> None:
    async def picture(path: str) -> tuple[int, str]:
        seen_from = {"Referer": "https://intranet.example/flyers"}
        async with aiohttp.ClientSession() as session, session.get(office.url + path, headers=seen_from) as answer:
            return answer.status, await answer.text()

    status, drawn = await picture("/forms/website/qr.svg?partner=keller&lang=es&nonsense=1")

    address = f"{office.url}/forms/website?partner=keller"
    assert (status, drawn) == (200, segno.make(address, error="m", micro=False).svg_inline(scale=8, border=4))
    assert (await picture("/forms/zillow/qr.svg"))[0] == 404  # it has no form


async def test_an_address_that_no_phone_would_read_is_not_drawn(office: Office) -> None:
    query = "&".join(f"utm_{name}={'x' * 300}" for name in ("source", "medium", "campaign", "term", "content"))
    async with aiohttp.ClientSession() as session, session.get(f"{office.url}/forms/website/qr.svg?{query}") as answer:
        assert answer.status == 414
