"""The mailbox: what a mail program sends stands on a plain page, whatever is in it; and its answers can be made to fail."""

import smtplib
from asyncio import to_thread
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from playwright.async_api import Page

from bot.outreach.inbox import ImapInbox
from bot.outreach.incoming import read_mail
from bot.sandbox.server import Sandbox
from bot.settings import read_imap_url
from bot.store.inbox import ReadUntil
from tests.sandbox.hands import CHROMIUM, JSON, People

HOSTILE = "<img src=x onerror=alert(1)> <b>bold</b>"
DANA = "dana@example.com"


def letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Maya <maya@acme.example>", DANA, f"Hello {HOSTILE}"
    message["Message-ID"], message["List-Unsubscribe"] = "<1@acme.example>", "<https://leads.acme.example/u/1>"
    for name, value in headers.items():
        message[name] = value
    message.set_content(f"Hi Dana\n{HOSTILE}\n")
    return message


async def send(sandbox: Sandbox, **headers: str) -> None:
    host, _, port = sandbox.smtp_url.removeprefix("smtp://").partition(":")

    def sent() -> None:
        with smtplib.SMTP(host, int(port)) as smtp:
            smtp.send_message(letter(**headers))

    await to_thread(sent)


async def test_what_arrives_is_kept_with_its_headers(sandbox: Sandbox, people: People) -> None:
    await send(sandbox)

    seen: JSON = await people.see("emails")

    [email] = seen["emails"]
    assert (email["to"], email["message_id"], email["unsubscribe"]) == ([DANA], "<1@acme.example>", "https://leads.acme.example/u/1")
    assert email["words"] == f"Hi Dana\n{HOSTILE}\n" and seen["smtp_url"] == sandbox.smtp_url
    assert (await people.see("emails?to=nobody@example.com"))["emails"] == []


@pytest.mark.parametrize(("ends", "code"), [("no_mailbox", 550), ("unwanted", 550), ("later", 450)])
async def test_an_address_can_be_made_to_refuse(sandbox: Sandbox, people: People, ends: str, code: int) -> None:
    await people.do("mailbox", address=DANA, ends=ends)

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await send(sandbox)

    assert refused.value.recipients[DANA][0] == code


async def test_an_answer_can_be_lost_although_the_email_arrived(sandbox: Sandbox, people: People) -> None:
    await people.do("mailbox", address=DANA, ends="loses_answer")

    with pytest.raises(smtplib.SMTPServerDisconnected):
        await send(sandbox)

    assert len((await people.see("emails"))["emails"]) == 1


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install one to test the page")
async def test_the_page_shows_an_email_as_text_and_its_link_to_unsubscribe(sandbox: Sandbox, page: Page) -> None:
    await page.goto(f"{sandbox.url}/page/mailbox.html")
    await page.get_by_text("No email has left yet.").wait_for()

    await send(sandbox)

    await page.get_by_role("heading", name=f"Hello {HOSTILE}").wait_for()
    assert HOSTILE in await page.locator("pre").inner_text()
    assert await page.get_by_role("link", name="Unsubscribe").get_attribute("href") == "https://leads.acme.example/u/1"
    assert await page.locator("#emails img").count() == 0


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install one to test the page")
async def test_a_borrower_answers_on_the_page_and_the_company_reads_it_over_imap(sandbox: Sandbox, page: Page) -> None:
    await send(sandbox, **{"Reply-To": "loans+1-a@acme.example"})
    await page.goto(f"{sandbox.url}/page/mailbox.html")
    await page.get_by_label(f"Answer to {DANA}").fill("Tomorrow at 3 <b>works</b>")

    await page.get_by_role("button", name="Answer").click()

    await page.get_by_text("It stands in the lead's thread in a few seconds.").wait_for()
    mailbox = read_imap_url(sandbox.imap_url)
    assert mailbox is not None
    inbox = ImapInbox(mailbox)
    found = await inbox.newer_than(None, datetime.now(UTC).date())
    arrived = await inbox.fetch(found.uids[-1])
    assert arrived is not None and arrived.at is not None
    read = read_mail(arrived.content)
    assert (read.sender, read.receivers, read.answers[0]) == (DANA, ("loans+1-a@acme.example",), "<1@acme.example>")
    assert read.words.startswith("Tomorrow at 3 <b>works</b>") and "> Hi Dana" in read.words
    assert (
        await inbox.newer_than(ReadUntil(found.validity, found.uids[-1], datetime.now(UTC).date()), datetime.now(UTC).date())
    ).uids == ()
    inbox.close()
