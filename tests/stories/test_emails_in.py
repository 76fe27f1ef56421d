"""A borrower answers by email: the thread shows their new words, the owner is rung, and a machine's answer stops nothing."""

import asyncio
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from bot.store.clocks import Clock
from bot.store.contacts import ContactPoint
from bot.store.events import Event
from bot.store.installation import contact_key
from bot.store.outbound import ContactAttempt, Enrollment, Message
from bot.store.suppressions import closed_channels
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import KEY, Office, office_at_work
from tests.doubles.shown import words
from tests.doubles.workplace import DANAS_EMAIL
from tests.stories.test_drips import begun
from tests.stories.test_emails_out import SUBJECT, emailed, headers_of

WORDS = "Tomorrow at 3 works for me.\n\nDana"


def mail(body: str = WORDS, *, sender: str = DANAS_EMAIL, subject: str = "A question", **headers: str) -> bytes:
    """A mail of somebody's own, which answers none of ours."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "loans@acme.example", subject
    message["Message-ID"] = headers.pop("message_id", "<dana-1@example.com>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def kept(office: Office) -> list[Message]:
    return [each for each in office.all(Message) if each.direction == "in"]


async def test_an_answer_stands_in_the_thread_without_what_it_answers_and_rings_the_owner(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    email = await office.email_arrives()
    assert headers_of(email)["Reply-To"].startswith("loans+") and email["envelope_from"] == headers_of(email)["Reply-To"]

    await office.borrower_answers(WORDS)

    line = await office.thread_says(lead, "Tomorrow at 3 works for me.")
    assert "emailed:" in line and "when may I call you?" not in line and "Unsubscribe" not in line
    told = await office.told("maya", f"#{lead} Dana R. emailed:", "Tomorrow at 3 works for me.")
    assert "Email" in words(told)
    [answer] = kept(office)
    assert answer.body == WORDS and answer.whole is not None and "when may I call you?" in answer.whole


async def test_the_screen_says_that_answers_come_into_the_thread(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)

    await office.types("maya", f"/lead email {lead}")

    await office.screen_of("maya", says="Answers come into the lead's thread.")


async def test_an_answer_from_another_address_is_told_as_one(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    await office.email_arrives()

    await office.borrower_answers("It is me, from work.", sender="dana@work.example")

    line = await office.thread_says(lead, "It is me, from work.")
    elsewhere = "From another address than theirs, in answer to our email."
    assert elsewhere in line
    assert words(await office.told("maya", f"#{lead} Dana R. emailed:", "It is me, from work.")).startswith(elsewhere)


async def test_a_mail_that_answers_none_of_ours_is_told_by_its_sender(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)

    assert await office.a_mail_comes_in(mail()) == 204

    line = await office.thread_says(lead, "Tomorrow at 3 works for me.")
    assert "A question" in line


async def test_the_same_mail_by_both_ways_is_one(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    content = mail()

    first = await asyncio.gather(*(office.a_mail_comes_in(content) for _ in range(4)))
    await office.thread_says(lead, "Tomorrow at 3 works for me.")
    assert await office.a_mail_comes_in(content) == 204 and set(first) == {204}

    assert len(kept(office)) == 1


async def test_a_strangers_mail_and_one_of_ours_stay_in_the_mailbox(hearing_office: Office) -> None:
    office = hearing_office
    await emailed(office)

    assert await office.a_mail_comes_in(mail(sender="news@shop.example")) == 204
    assert await office.a_mail_comes_in(mail(sender="Maya <maya@acme.example>", message_id="<2@acme.example>")) == 204
    assert await office.a_mail_comes_in(mail(sender="loans@acme.example", message_id="<3@acme.example>")) == 204

    assert kept(office) == []


async def test_only_who_has_the_key_hands_mail_over(hearing_office: Office) -> None:
    office = hearing_office
    await emailed(office)

    assert await office.a_mail_comes_in(mail(), key="wrong") == 401
    assert await office.a_mail_comes_in(b"  ") == 400

    assert kept(office) == []


async def test_a_providers_form_with_the_whole_mail_is_read(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    form = (
        b'--edge\r\nContent-Disposition: form-data; name="envelope"\r\n\r\n{}\r\n'
        b'--edge\r\nContent-Disposition: form-data; name="email"\r\n\r\n' + mail() + b"\r\n--edge--\r\n"
    )

    assert await office.a_mail_comes_in(form, kind="multipart/form-data; boundary=edge") == 204

    await office.thread_says(lead, "Tomorrow at 3 works for me.")


async def test_without_a_mailbox_there_is_no_door_and_answers_go_to_the_officer(emailing_office: Office) -> None:
    office = emailing_office
    await emailed(office)
    email = await office.email_arrives()

    assert headers_of(email)["Reply-To"] == "maya@acme.example" and email["envelope_from"] == "loans@acme.example"
    assert await office.a_mail_comes_in(mail()) == 404


async def test_what_is_attached_is_named_and_not_kept(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    message = MIMEMultipart()
    message["From"], message["Message-ID"], message["Subject"] = DANAS_EMAIL, "<with-files@example.com>", "Re: papers"
    message.attach(MIMEText("Here is my W-2."))
    paper = MIMEApplication(b"x" * 3_000_000)
    paper.add_header("Content-Disposition", "attachment", filename="W-2 2039.pdf")
    message.attach(paper)

    assert await office.a_mail_comes_in(message.as_bytes()) == 204

    line = await office.thread_says(lead, "Here is my W-2.")
    assert "Attached, and not kept here: W-2 2039.pdf." in line
    [answer] = kept(office)
    assert answer.files == "W-2 2039.pdf" and len(answer.body) < 100


async def test_who_writes_that_they_want_no_more_gets_no_offers_on_any_channel(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    await office.email_arrives()

    await office.borrower_answers("Please unsubscribe me. Thanks, Dana")

    line = await office.thread_says(lead, "wants no more emails:")
    assert "No more offers leave to them on any channel." in line
    await office.types("maya", f"/lead email {lead}")
    await office.screen_of("maya", says="They unsubscribed: no offers by email, text or phone.")


async def answers_raw(office: Office, body: str, *, subject: str = f"Re: {SUBJECT}", sender: str = DANAS_EMAIL) -> None:
    """An answer as a mail program of theirs makes it."""
    ours = headers_of(await office.email_arrives())
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ours["Reply-To"], subject
    message["Message-ID"], message["In-Reply-To"] = "<answer@example.com>", ours["Message-ID"]
    message.set_content(body)
    assert await office.a_mail_comes_in(message.as_bytes()) == 204


BELOW = "On Tue, Apr 17, 2040 at 12:00 PM Maya Torres <loans@acme.example> wrote:\n\n> Hi Dana\n>\n> Unsubscribe: https://a.example/u/1\n"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Unsubscribe", "\n"),
        ("STOP", f"Sent from my iPhone\n\n{BELOW}"),
        (f"STOP Re: {SUBJECT}", BELOW),
        ("Re: Unsubscribe", "Thanks"),
        (f"Re: {SUBJECT}", f"{BELOW}\nPlease unsubscribe me\n\nDana"),
    ],
)
async def test_a_stop_in_a_changed_subject_or_below_the_mail_is_heard(hearing_office: Office, subject: str, body: str) -> None:
    office = hearing_office
    lead = await emailed(office)

    await answers_raw(office, body, subject=subject)

    await office.thread_says(lead, "wants no more emails:")
    assert [each.status for each in kept(office)] == ["opt_out"]


@pytest.mark.parametrize("body", ["\n", f"Sent from my iPhone\n\n{BELOW}", f"Stop by on Friday?\n\n{BELOW}"])
async def test_our_own_subject_and_our_own_words_below_opt_nobody_out(hearing_office: Office, body: str) -> None:
    office = hearing_office
    subject = "Stop"
    await emailed(office, subject, "Reply STOP to end these emails.")

    await answers_raw(office, body, subject=f"[EXTERNAL] Re: {subject}")

    assert [each.status for each in kept(office)] == ["received"]


async def test_a_stop_from_another_address_of_theirs_closes_that_one_too(hearing_office: Office) -> None:
    office = hearing_office
    other = await office.lead_arrives(first_name="Rob", email="rob@example.com", phone="(512) 555-0177")
    await office.card_of(other)
    lead = await emailed(office)

    await answers_raw(office, "Please unsubscribe me", sender="rob@example.com")

    await office.thread_says(lead, "wants no more emails:")
    assert await closed_to(office, DANAS_EMAIL) == await closed_to(office, "rob@example.com") == {"marketing"}


async def test_a_stop_from_an_address_that_no_lead_has_closes_it_before_one_brings_it(hearing_office: Office) -> None:
    office = hearing_office
    await emailed(office)

    await answers_raw(office, "Please unsubscribe me", sender="dana@work.example")

    assert await closed_to(office, "dana@work.example") == {"marketing"}
    assert [each for each in office.all(ContactPoint) if each.value == "dana@work.example"] == []


async def closed_to(office: Office, address: str) -> set[str]:
    assert office.services is not None
    return set(await office.services.store.read(closed_channels, contact_key(office.services.hash_key, "email", address)))


async def test_unclear_words_in_an_email_are_asked_about(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    await office.email_arrives()
    await office.borrower_answers("enough is enough")
    await office.is_told("cora", "may be opting out")

    told = await office.told("maya", "may be opting out")
    await office.presses_on(told, "maya", "Opt-out")

    await office.thread_says(lead, "wants no more emails:")


async def test_words_that_stand_below_in_what_they_answer_opt_nobody_out(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office, "Our emails", "Reply STOP to end these emails.")
    await office.email_arrives()

    await office.borrower_answers("No, go on please, I like them")

    line = await office.thread_says(lead, "No, go on please")
    assert "wants no more" not in line and kept(office)[0].status == "received"


@pytest.mark.fault(59)
async def test_a_machines_answer_is_shown_and_rings_nobody(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    await office.email_arrives()

    await office.borrower_answers("I am out of the office until Monday.", automatic=True)

    await office.thread_says(lead, "Dana R.'s mailbox answered by itself.")
    assert kept(office) == [] and not [each for each in await office.direct_messages("maya") if "out of the office" in each]
    assert not [event for event in office.all(Event) if event.kind == "wrote"]


async def test_an_answer_ends_the_texts_that_leave_by_themselves_and_a_machines_does_not(tmp_path: Path) -> None:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), texting=True, emailing=True, hearing=True) as office:
        lead = await begun(office)
        await office.types("maya", f"/lead email {lead}")
        await office.screen_of("maya", says="OK to email, at any hour.")
        await office.emails_on_screen("maya", SUBJECT, "When may I call you?")
        await office.email_arrives()
        await office.borrower_answers("I am out of the office until Monday.", automatic=True)
        await office.thread_says(lead, "mailbox answered by itself.")
        assert await runs(office)
        await office.borrower_answers(WORDS)

        await office.until(lambda: ended(office), "a sequence that ended")


async def runs(office: Office) -> bool:
    return [each.ended_because for each in office.all(Enrollment)] == [None]


async def ended(office: Office) -> bool:
    return [each.ended_because for each in office.all(Enrollment)] == ["replied"]


async def test_a_mailbox_that_moved_to_another_server_brings_nothing_twice(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    await office.email_arrives()
    await office.borrower_answers("The first answer")
    await office.thread_says(lead, "The first answer")

    await office.do("renumber-inbox")
    await office.borrower_answers("The second answer")

    await office.thread_says(lead, "The second answer")
    assert [each.body for each in kept(office)] == ["The first answer", "The second answer"]


async def test_what_came_while_nobody_listened_is_read_at_the_start(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    await office.email_arrives()
    await office.borrower_answers("Before")
    await office.thread_says(lead, "Before")
    await office.closes()
    await office.do("answer-email", message_id=(await office.emails_to())[0]["message_id"], words="Meanwhile")
    await office.do("clock", advance_s=3600)

    await office.opens()

    line = await office.thread_says(lead, "Meanwhile")
    assert "it reached us late" in line and len(kept(office)) == 2


@pytest.mark.fault(59)
async def test_an_email_that_comes_back_later_is_told_and_closes_the_address(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    email = await office.email_arrives()
    await office.thread_says(lead, "Sent")

    await office.do("return-email", message_id=email["message_id"], status="5.1.1")

    await office.thread_says(lead, "The email to Dana R. came back: no such mailbox. Nothing more is emailed there. Call or text instead.")
    await office.is_told(
        "maya", f"Your email to Dana R., #{lead}, did not arrive. It came back: there is no such mailbox.", "It does not count as a try."
    )
    await office.until(lambda: waits_for_a_try(office), "a clock that goes on")
    assert office.all(ContactAttempt) == []
    await office.types("maya", f"/lead email {lead}")
    await office.screen_of("maya", says="This address is closed: an earlier email came back")


async def waits_for_a_try(office: Office) -> bool:
    return any(clock.kind == "uncontacted" and clock.due_at is not None for clock in office.all(Clock))


async def test_an_email_that_is_only_late_is_noted_and_still_counts_as_sent(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    email = await office.email_arrives()
    await office.thread_says(lead, "Sent")

    await office.do("return-email", message_id=email["message_id"], status="4.4.7")

    await office.until(lambda: noted_late(office), "a note that it is late")
    assert "came back" not in "".join(await office.thread_of(lead))
    assert [each.status for each in office.all(Message)] == ["sent"]


async def noted_late(office: Office) -> bool:
    return any(event.kind == "text_status" and event.meta.get("status") == "delayed" for event in office.all(Event))


async def test_a_full_mailbox_closes_no_address(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    email = await office.email_arrives()
    await office.thread_says(lead, "Sent")

    await office.do("return-email", message_id=email["message_id"], status="5.2.2")

    await office.thread_says(lead, "came back: their mailbox is full.")
    await office.types("maya", f"/lead email {lead}")
    await office.screen_of("maya", says="OK to email, at any hour.")


async def test_nobody_elses_report_closes_an_address(hearing_office: Office) -> None:
    office = hearing_office
    lead = await emailed(office)
    email = await office.email_arrives()
    await office.thread_says(lead, "Sent")
    forged = (
        b"From: MAILER-DAEMON@evil.example\r\nTo: loans+1-00000000000000000000@acme.example\r\nMessage-ID: <f@evil.example>\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNo.\r\n'
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; evil\r\n\r\nFinal-Recipient: rfc822; "
        + DANAS_EMAIL.encode()
        + b"\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )

    assert await office.a_mail_comes_in(forged) == 204

    assert [each.status for each in office.all(Message)] == ["sent"] and email["subject"] == SUBJECT


async def test_two_leads_with_one_address_make_it_a_question(hearing_office: Office) -> None:
    office = hearing_office
    first = await office.lead_arrives()
    await office.card_of(first)
    second = await office.lead_arrives(first_name="Rob", phone="(512) 555-0177")
    await office.card_of(second)

    assert await office.a_mail_comes_in(mail()) == 204

    await office.is_told("tess", "Somebody emailed whose address is on 2 leads. Whose words are these?", "Tomorrow at 3")


async def test_words_of_a_mail_are_in_no_log_and_no_answer(hearing_office: Office) -> None:
    office = hearing_office
    await emailed(office)

    assert await office.a_mail_comes_in(b"\xff\xfe\x00 From: no mail at all") == 204
    assert KEY not in "".join(str(event.meta) for event in office.all(Event))
