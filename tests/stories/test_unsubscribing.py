"""A borrower ends our emails with one press: at once, without a cookie, and never because a program only looked at the link."""

import re

import aiohttp
import pytest

from bot.conversation import unsubscribing
from bot.conversation.unsubscribing import Subscription
from bot.errors import StoreUnavailable
from bot.services import Services
from bot.store.suppressions import Suppression
from tests.doubles.office import Office
from tests.stories.test_emails_out import emailed


async def link_of(office: Office, **fields: str) -> tuple[int, str]:
    """Dana's lead, and the link below an email that she got about it."""
    lead = await emailed(office, **fields)
    await office.thread_says(lead, "Sent")
    return lead, str((await office.email_arrives())["unsubscribe"])


async def fetched(method: str, url: str) -> tuple[int, str]:
    """Without a cookie, and without following where it might be sent."""
    async with aiohttp.ClientSession() as session:
        data = {"List-Unsubscribe": "One-Click"} if method == "POST" else None
        async with session.request(method, url, data=data, allow_redirects=False) as answer:
            assert "Set-Cookie" not in answer.headers and "Location" not in answer.headers
            return answer.status, await answer.text()


@pytest.mark.fault(88)
async def test_one_press_ends_marketing_on_every_channel_at_once_and_the_thread_says_so(emailing_office: Office) -> None:
    office = emailing_office
    lead, link = await link_of(office)

    status, page = await fetched("POST", link)

    assert status == 200 and "You are unsubscribed." in page
    closed = sorted((row.channel, row.reason) for row in office.all(Suppression))
    assert closed == [("marketing", "unsubscribed")] * 2 + [("sales_calls", "unsubscribed")]  # her email and her phone, and calls to it
    await office.thread_says(lead, "Dana R. unsubscribed from our emails.")


async def test_who_unsubscribed_is_called_no_more_until_they_ask_again_as_the_page_says(emailing_office: Office) -> None:
    office = emailing_office
    lead, link = await link_of(office)

    _, page = await fetched("POST", link)

    assert "sends you no more offers, by email, text or phone" in page
    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", "they opted out, and did not ask us since")


@pytest.mark.fault(88)
async def test_whoever_only_looks_at_the_link_changes_nothing(emailing_office: Office) -> None:
    office = emailing_office
    _, link = await link_of(office)

    for method in ("GET", "HEAD"):
        status, _ = await fetched(method, link)
        assert status == 200
    _, page = await fetched("GET", link)

    assert office.all(Suppression) == []
    assert '<form method="post">' in page and "Do you want no more emails from Acme Mortgage?" in page


async def test_pressing_again_says_the_same_and_tells_nobody_twice(emailing_office: Office) -> None:
    office = emailing_office
    lead, link = await link_of(office)
    await fetched("POST", link)
    await office.thread_says(lead, "unsubscribed")

    status, page = await fetched("POST", link)

    assert status == 200 and "You are unsubscribed." in page and "<form" not in (await fetched("GET", link))[1]
    await office.until(office.nothing_is_owed, "a quiet office")
    assert len([line for line in await office.thread_of(lead) if "unsubscribed" in line]) == 1


async def test_who_told_an_officer_first_still_finds_the_button_and_undo_opens_nothing_of_theirs(emailing_office: Office) -> None:
    office = emailing_office
    lead, link = await link_of(office)
    await office.types("maya", f"/lead optout {lead} email she asked on the phone")
    await office.hears("maya", f"#{lead}: in force now.")
    await office.skip(minutes=1)

    assert '<form method="post">' in (await fetched("GET", link))[1]
    status, page = await fetched("POST", link)

    assert status == 200 and "You are unsubscribed." in page and "<form" not in (await fetched("GET", link))[1]
    await office.thread_says(lead, "Dana R. unsubscribed from our emails.")
    await office.presses("maya", "Undo", lead)
    await office.hears("maya", "something newer happened since: the borrower unsubscribed from emails. Nothing changed.")


async def test_an_officer_may_not_email_who_unsubscribed_until_their_loan_is_under_way(emailing_office: Office) -> None:
    office = emailing_office
    lead, link = await link_of(office)
    await fetched("POST", link)

    await office.types("maya", f"/lead email {lead}")
    await office.screen_of("maya", says="They unsubscribed: no offers by email, text or phone.")
    await office.types("maya", f"/stage {lead} application")
    await office.thread_says(lead, "application")
    await office.types("maya", f"/lead email {lead}")

    await office.screen_of("maya", says="write about their own loan that is under way, and offer nothing")


async def test_an_email_that_waits_for_its_next_try_does_not_leave_after_it(emailing_office: Office) -> None:
    office = emailing_office
    lead, link = await link_of(office)
    await office.do("mailbox", address="dana.rowe@example.com", ends="later")
    await office.types("maya", f"/lead email {lead}")
    await office.screen_of("maya", says="OK to email")
    await office.emails_on_screen("maya", "And another thing", "Hi again")
    await office.thread_says(lead, "And another thing")

    await fetched("POST", link)

    await office.thread_says(lead, "Not sent. They unsubscribed: no offers by email, text or phone.")
    assert len(await office.emails_to()) == 1


async def test_a_page_is_in_the_borrowers_language(emailing_office: Office) -> None:
    office = emailing_office
    _, link = await link_of(office, preferred_language="Spanish")

    assert "¿No quiere recibir más emails de Acme Mortgage?" in (await fetched("GET", link))[1]
    assert "Se dio de baja." in (await fetched("POST", link))[1]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.fault(88)
async def test_a_link_that_is_none_of_ours_is_no_link(emailing_office: Office, method: str) -> None:
    office = emailing_office
    _, link = await link_of(office)
    base, token = link.rsplit("/", 1)
    other_lead = re.sub(r"\.\d+\.", ".1.", token)
    other_signature = token[:-1] + ("0" if token[-1] != "0" else "1")

    for forged in (other_lead, other_signature, "1.1", "x" * 3000, "%2e%2e", "https:%2F%2Fevil.example", token + "%0a"):
        status, page = await fetched(method, f"{base}/{forged}")
        assert status == 404 and "evil" not in page

    assert office.all(Suppression) == []


async def test_a_link_from_before_works_where_email_is_off_by_now(emailing_office: Office) -> None:
    office = emailing_office
    lead, link = await link_of(office)
    await office.restart_without_email()

    status, page = await fetched("POST", link)

    assert status == 200 and "You are unsubscribed." in page
    await office.thread_says(lead, "unsubscribed")


@pytest.mark.parametrize(("method", "does"), [("GET", "look"), ("POST", "unsubscribe")])
async def test_while_the_store_is_away_the_page_says_that_it_is_not_done_yet_and_what_to_do(
    emailing_office: Office, monkeypatch: pytest.MonkeyPatch, method: str, does: str
) -> None:
    office = emailing_office
    _, link = await link_of(office)

    async def away(_services: Services, _token: str) -> Subscription | None:
        raise StoreUnavailable

    monkeypatch.setattr(unsubscribing, does, away)
    status, page = await fetched(method, link)

    assert status == 503
    assert "You are not unsubscribed from Acme Mortgage yet" in page and "open this page again in a few minutes" in page
    assert "Todavía no se dio de baja" in page and office.all(Suppression) == []
