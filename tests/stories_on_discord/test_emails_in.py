"""A borrower answers by email: in Discord too the thread shows it, and one that comes back is told."""

from email.message import EmailMessage

from bot.conversation.replying import email_received
from bot.outreach.incoming import read_mail
from tests.doubles.discord_office import labels_of, read
from tests.doubles.mailing_office import MailingOffice
from tests.stories_on_discord.test_emails_out import DANA
from tests.stories_on_discord.test_texts_out import claimed_by_maya, yours


def answer(words: str, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = DANA, "loans@acme.example", "My **question**"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(words)
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="W-2.pdf")
    return message.as_bytes()


async def test_an_answer_stands_in_the_thread_and_its_owner_may_email_back(mailing: MailingOffice) -> None:
    office = mailing.office
    lead = await claimed_by_maya(office)

    assert await email_received(office.services, read_mail(answer("Tomorrow at **3**?\n\n> old words"))) == "kept"

    thread = await office.thread_of(lead, says="Tomorrow at")
    line = next(read(each) for each in thread.history() if "Tomorrow at" in read(each))
    assert "emailed:" in line and "old words" not in line and "Attached, and not kept here: W-2.pdf." in line
    told = await office.is_told("maya", f"#{lead} Dana R. emailed, with 1 file", "Tomorrow at")
    assert labels_of(told)[:2] == ["Email", "Text"]


async def test_a_machines_answer_and_a_returned_email_are_lines(mailing: MailingOffice) -> None:
    office = mailing.office
    lead = await claimed_by_maya(office)
    opened = await office.chooses("maya", await yours(office, lead), "menu", f"email:{lead}")
    await office.fills_in("maya", opened, subject="Hello", email_words="Hi Dana")
    [email] = await mailing.arrived()
    await office.thread_of(lead, says="Sent")

    assert await email_received(office.services, read_mail(answer("Out until Monday", Auto_Submitted="auto-replied"))) == "automatic"
    mailing.mailbox.come_back(email, "5.1.1")
    [(_, _, report)] = mailing.mailbox.imap.kept()
    assert await email_received(office.services, read_mail(report)) == "came_back"

    await office.thread_of(lead, says="Dana R.'s mailbox answered by itself.")
    await office.thread_of(lead, says="The email to Dana R. came back: no such mailbox.")


async def test_an_answer_from_another_address_is_told_as_one_first_of_all(mailing: MailingOffice) -> None:
    office = mailing.office
    lead = await claimed_by_maya(office)
    opened = await office.chooses("maya", await yours(office, lead), "menu", f"email:{lead}")
    await office.fills_in("maya", opened, subject="Hello", email_words="Hi Dana")
    [email] = await mailing.arrived()
    await office.thread_of(lead, says="Sent")
    from_work = answer("It is me, from work.", In_Reply_To=email["message_id"]).replace(DANA.encode(), b"dana@work.example")

    assert await email_received(office.services, read_mail(from_work)) == "kept"

    elsewhere = "From another address than theirs, in answer to our email."
    told = read(await office.is_told("maya", f"#{lead} Dana R. emailed", "It is me, from work."))
    assert told.startswith(elsewhere)
    await office.thread_of(lead, says=f"{elsewhere} Attached")
