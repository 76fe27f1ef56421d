"""An officer emails from Discord, over the wire: the rules first, then subject and words, and the line says what became of them."""

from bot.conversation.unsubscribing import unsubscribe
from bot.store.outbound import ContactAttempt
from tests.doubles.discord_office import DiscordOffice, options_of, read
from tests.doubles.mailing_office import MailingOffice
from tests.doubles.rows import rows
from tests.stories_on_discord.test_texts_out import claimed_by_maya, screen, yours

DANA = "dana.rowe@example.com"


async def test_an_email_is_written_on_a_screen_and_the_line_says_when_it_left(mailing: MailingOffice) -> None:
    office = mailing.office
    lead = await claimed_by_maya(office)

    opened = await office.chooses("maya", await yours(office, lead), "menu", f"email:{lead}")
    assert "OK to email, at any hour" in screen(opened)
    said = await office.fills_in("maya", opened, subject="Your **question**", email_words="Hi Dana, [free](https://evil.example) at 2?")

    assert f"#{lead}: your email is on its way." in said
    [email] = await mailing.arrived()
    assert email["to"] == [DANA] and email["subject"] == "Your **question**"
    assert email["from"] == '"Maya Torres, Acme Mortgage" <loans@acme.example>' and "NMLS 200101" in email["words"]
    thread = await office.thread_of(lead, says="Maya Torres to Dana R., by email: Your question")
    await office.thread_of(lead, says="Sent")
    assert len([each for each in thread.history() if "by email" in read(each)]) == 1
    assert [attempt.channel for attempt in rows(office.services.store, ContactAttempt)] == ["email"]


async def test_a_template_is_read_before_it_is_sent(mailing: MailingOffice) -> None:
    office = mailing.office
    lead = await claimed_by_maya(office)
    opened = await office.chooses("maya", await yours(office, lead), "menu", f"email:{lead}")

    result = await office.people["maya"].user.submit_modal(opened, {"template": ["missed_you"]})
    offered = office.answer_of(result)
    assert "Sorry I missed you" in read(offered) and mailing.mailbox.emails() == []
    again = await office.presses("maya", offered, "email")

    assert again.modal is not None
    begun = [each["component"].get("value") for each in again.modal["components"] if "component" in each]
    assert begun[0] == "Sorry I missed you" and "I just tried to call you" in begun[1]


async def test_where_no_text_may_leave_an_email_is_offered(mailing: MailingOffice) -> None:
    office = mailing.office
    lead = await claimed_by_maya(office, consent="no", consent_text="", consent_at="")

    told = office.answer_of(await office.presses("maya", await yours(office, lead), "text"))
    opened = await office.presses("maya", told, "email")

    assert "They did not agree to texts." in read(told) and "OK to email" in screen(opened)


async def test_unsubscribing_is_told_in_the_thread_and_closes_the_screen(mailing: MailingOffice) -> None:
    office = mailing.office
    lead = await claimed_by_maya(office)
    opened = await office.chooses("maya", await yours(office, lead), "menu", f"email:{lead}")
    await office.fills_in("maya", opened, subject="Hello", email_words="Hi Dana")
    [email] = await mailing.arrived()

    stands = await unsubscribe(office.services, email["unsubscribe"].rpartition("/")[2])

    assert stands is not None and stands.ended
    await office.thread_of(lead, says="Dana R. unsubscribed from our emails.")
    answer = await office.types("maya", "lead email", lead=str(lead))
    assert "They unsubscribed: no offers by email, text or phone." in read(answer)


async def test_without_a_mail_server_the_command_says_so(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    assert "Email is off for your company." in read(await office.types("maya", "lead email", lead=str(lead)))
    assert f"email:{lead}" in [value for _, value in options_of(await yours(office, lead))]
