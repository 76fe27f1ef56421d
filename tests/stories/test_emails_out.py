"""An officer emails from Slack: the rules first, then the words, which arrive with all that the law wants below them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, col, update

from bot.store.events import Event
from bot.store.outbound import ContactAttempt, Message
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.workplace import DANAS_EMAIL

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SUBJECT, WORDS = "Your question about buying", "Hi Dana,\n\nwhen may I call you? <b>Maya</b>"


async def claimed(office: Office, **fields: str) -> int:
    lead = await office.lead_arrives(**fields)
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", f"Yours: #{lead}")
    return lead


async def emailed(office: Office, subject: str = SUBJECT, words: str = WORDS, **fields: str) -> int:
    """Maya has Dana's lead, and writes."""
    lead = await claimed(office, **fields)
    await office.types("maya", f"/lead email {lead}")
    await office.screen_of("maya", says="OK to email, at any hour.")
    await office.emails_on_screen("maya", subject, words)
    return lead


def headers_of(email: dict[str, list[list[str]]]) -> dict[str, str]:
    return dict(email["headers"])


async def try_again_now(office: Office) -> None:
    """What waits for its next try is tried now: the store's own clock cannot be skipped."""
    assert office.services is not None

    def due(session: Session) -> None:
        session.connection().execute(update(Message).where(col(Message.channel) == "email").values(lease_until=LONG_AGO))

    await office.services.store.transact(due)
    office.services.owed.set()


async def test_an_email_arrives_in_the_officers_name_with_what_the_law_wants_below_it(emailing_office: Office) -> None:
    office = emailing_office
    lead = await emailed(office)

    email = await office.email_arrives()

    headers = headers_of(email)
    assert email["subject"] == SUBJECT and email["from"] == '"Maya Torres, Acme Mortgage" <loans@acme.example>'
    assert headers["Reply-To"] == "maya@acme.example"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and email["unsubscribe"].startswith(f"{office.url}/u/")
    for part in (email["words"], email["page"]):
        for wanted in (
            "Maya Torres", "NMLS 200101", "Acme Mortgage LLC", "NMLS 123456", "100 Congress Ave", "TX, OK, CO, NM",
            "Equal Housing Opportunity", email["unsubscribe"],
        ):  # fmt: skip
            assert wanted in part
    assert email["words"].startswith("Hi Dana,\n\nwhen may I call you? <b>Maya</b>")
    assert "&lt;b&gt;Maya&lt;/b&gt;" in email["page"] and "<style" not in email["page"] and 'style="' in email["page"]
    line = await office.thread_says(lead, f"Maya Torres to Dana R., by email: {SUBJECT}")
    assert "when may I call you?" in line and "Not sent" not in line
    await office.thread_says(lead, "Sent")


async def test_an_email_that_left_is_a_try_to_reach_the_borrower(emailing_office: Office) -> None:
    office = emailing_office
    lead = await emailed(office)
    await office.thread_says(lead, "Sent")

    [attempt] = office.all(ContactAttempt)

    assert (attempt.lead_id, attempt.channel, attempt.verified) == (lead, "email", False)


async def test_the_screen_of_a_text_leads_to_an_email_and_a_template_fills_it(emailing_office: Office) -> None:
    office = emailing_office
    lead = await claimed(office)
    await office.presses("maya", "Text", lead)
    await office.screen_of("maya", says="Email instead")

    await office.presses_on_screen("maya", "Email instead")
    await office.screen_of("maya", says="from Maya Torres, Acme Mortgage (loans@acme.example)")
    await office.presses_on_screen("maya", "Begin with a template", choose="First hello")

    subject, words = await office.until(lambda: begun(office), "a screen that the template filled")
    assert subject == "Your question about buying"
    assert "This is Maya Torres at Acme Mortgage. You asked about buying in Austin" in words


async def begun(office: Office) -> list[str]:
    """What stands in the fields of Maya's screen already."""
    modal = (await office.see("views/U0MAYA"))["modal"]
    elements = [block["element"] for block in modal["blocks"] if block["type"] == "input"]
    return [element["initial_value"] for element in elements if "initial_value" in element]


@pytest.mark.fault(59)
async def test_a_lost_answer_brings_the_same_email_again_and_one_line(emailing_office: Office) -> None:
    office = emailing_office
    await office.do("mailbox", address=DANAS_EMAIL, ends="loses_answer")
    lead = await emailed(office)
    await office.email_arrives()

    await office.until(lambda: waits_for_its_next_try(office), "an email whose answer was lost")
    await office.do("mailbox", address=DANAS_EMAIL, ends="taken")
    await try_again_now(office)
    await office.thread_says(lead, "Sent")

    first, second = await office.emails_to()
    assert {**first, "at": ""} == {**second, "at": ""}
    lines = [line for line in await office.thread_of(lead) if "by email" in line]
    assert len(lines) == 1 and len(office.all(ContactAttempt)) == 1


async def waits_for_its_next_try(office: Office) -> bool:
    """It was tried, and what came of that is written down."""
    assert office.services is not None
    return not office.services.tended and all(email.attempts for email in office.all(Message) if email.channel == "email")


async def test_a_server_that_wants_it_later_gets_it_later(emailing_office: Office) -> None:
    office = emailing_office
    await office.do("mailbox", address=DANAS_EMAIL, ends="later")
    lead = await emailed(office)
    await office.until(lambda: waits_for_its_next_try(office), "an email that waits for its next try")
    assert await office.emails_to() == [] and office.all(ContactAttempt) == []

    await office.do("mailbox", address=DANAS_EMAIL, ends="taken")
    await try_again_now(office)

    await office.thread_says(lead, "Sent")
    assert len(await office.emails_to()) == 1


async def test_an_address_where_nobody_is_gets_no_second_email(emailing_office: Office) -> None:
    office = emailing_office
    await office.do("mailbox", address=DANAS_EMAIL, ends="no_mailbox")
    lead = await emailed(office)

    await office.thread_says(lead, "Not sent. Their mail server refused it, error 550")
    await office.is_told("maya", f"Nobody can say that your email to Dana R., #{lead}, arrived.", "error 550")
    await office.types("maya", f"/lead email {lead}")

    await office.screen_of("maya", says="This address is closed: an earlier email came back, or it is somebody else's.")
    assert office.all(ContactAttempt) == []


async def test_what_a_server_does_not_want_closes_no_address(emailing_office: Office) -> None:
    office = emailing_office
    await office.do("mailbox", address=DANAS_EMAIL, ends="unwanted")
    lead = await emailed(office)
    await office.thread_says(lead, "Not sent.")

    await office.types("maya", f"/lead email {lead}")

    await office.screen_of("maya", says="OK to email, at any hour.")


@pytest.mark.fault(59, 72)
async def test_no_words_of_a_stranger_or_an_officer_add_a_header(emailing_office: Office) -> None:
    office = emailing_office
    await emailed(office, "Hi\r\nBcc: all@example.com\n\u202eemit", "One line\r\n.\r\nRcpt to x", first_name="Dana\r\nBcc: y@example.com")

    email = await office.email_arrives()

    assert email["to"] == [DANAS_EMAIL] and email["subject"] == "Hi Bcc: all@example.com emit"
    assert "Bcc" not in headers_of(email)
    assert email["words"].startswith("One line\n.\nRcpt to x\n")


async def test_a_new_owner_meanwhile_keeps_the_email_of_the_one_before(emailing_office: Office) -> None:
    office = emailing_office
    await office.do("mailbox", address=DANAS_EMAIL, ends="later")
    lead = await emailed(office)
    await office.until(lambda: waits_for_its_next_try(office), "an email that waits for its next try")
    await office.skip(minutes=1)
    await office.types("tess", f"/lead assign {lead} luis")
    await office.is_told("luis", f"Yours: #{lead}")

    await office.do("mailbox", address=DANAS_EMAIL, ends="taken")
    await try_again_now(office)

    await office.thread_says(lead, "Not sent. The lead has another owner since, so it did not leave.")
    assert await office.emails_to() == []


async def test_without_a_mail_server_the_command_says_so_and_the_text_screen_offers_no_email(office: Office) -> None:
    lead = await claimed(office)

    await office.types("maya", f"/lead email {lead}")

    await office.screen_of("maya", says="Email is off for your company.")
    assert "Email instead" not in await office.screen_of("maya")


async def test_without_a_sign_off_no_email_leaves(tmp_path: Path) -> None:
    unsigned = {"  signed_off_by: Cora Bell          # who approved the emails and what stands below them, and when\n": ""}
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=unsigned, emailing=True) as office:
        lead = await claimed(office)

        await office.types("maya", f"/lead email {lead}")

        await office.screen_of("maya", says="Email is off: nobody at your company has signed off the emails yet.")


async def test_a_spanish_speaker_gets_what_stands_below_in_spanish(emailing_office: Office) -> None:
    office = emailing_office
    await emailed(office, "Su consulta", "Hola, Dana", preferred_language="Spanish")

    email = await office.email_arrives()

    assert "Con licencia en TX, OK, CO, NM." in email["words"] and "Darse de baja: " in email["words"]
    assert headers_of(email)["Content-Language"] == "es"


async def test_the_timeline_keeps_the_words_of_an_email_out_of_its_facts(emailing_office: Office) -> None:
    office = emailing_office
    await emailed(office)
    await office.email_arrives()

    [event] = [each for each in office.all(Event) if each.kind == "emailed"]

    assert set(event.meta) == {"text", "officer"}
    assert event.body is not None and SUBJECT in event.body


SAM = "sam@acme.example"


async def test_a_manager_is_told_by_email_too_that_nobody_takes_a_lead(emailing_office: Office) -> None:
    office = emailing_office
    lead = await office.lead_arrives()
    await office.card_of(lead)

    await office.skip(minutes=31)
    email = await office.email_arrives(SAM)

    assert email["subject"].startswith(f"Lead #{lead}: nobody has taken it in ") and email["unsubscribe"] == ""
    assert email["from"] == '"Leadbell, Acme Mortgage" <loans@acme.example>'
    assert headers_of(email)["Auto-Submitted"] == "auto-generated" and email["message_id"].endswith("@acme.example>")
    assert "still waits for somebody" in email["words"] and not {"Dana", "Rowe", "555-0100"} & set(email["words"].split())


async def test_a_manager_is_not_told_by_email_of_a_lead_that_was_taken_meanwhile(emailing_office: Office) -> None:
    office = emailing_office
    await office.do("mailbox", address=SAM, ends="later")
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.skip(minutes=31)
    await office.until(lambda: was_tried(office), "an email that was tried once")
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", f"Yours: #{lead}")

    await office.do("mailbox", address=SAM, ends="taken")
    await try_again_now(office)

    await office.until(lambda: is_refused(office), "an email that is not worth sending")
    assert await office.emails_to(SAM) == []


async def was_tried(office: Office) -> bool:
    return bool([email for email in office.all(Message) if email.channel == "email"]) and await waits_for_its_next_try(office)


async def is_refused(office: Office) -> bool:
    return [email.gave_up_because for email in office.all(Message) if email.channel == "email"] == ["no_longer_needed"]


async def test_without_a_mail_server_no_email_to_a_manager_is_owed(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)

    await office.skip(minutes=31)
    await office.is_told("sam", f"#{lead}")

    assert [message.channel for message in office.all(Message)] == ["sms"]
    await office.until(lambda: gave_up(office), "a page that is not looked at for ever")


async def gave_up(office: Office) -> bool:
    return [message.due_at for message in office.all(Message)] == [None]
