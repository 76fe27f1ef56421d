"""A borrower follows a link in an email: in Discord too the thread shows it, and after a silence the owner is told."""

from bot.conversation.clicking import count, find
from bot.rules.clicking import link_token
from bot.store.outbound import Message
from tests.doubles.discord_office import labels_of
from tests.doubles.mailing_office import MailingOffice
from tests.doubles.rows import rows
from tests.stories_on_discord.test_texts_out import claimed_by_maya, yours


async def test_a_followed_link_is_a_line_and_after_a_silence_a_message(mailing: MailingOffice) -> None:
    office = mailing.office
    lead = await claimed_by_maya(office)
    opened = await office.chooses("maya", await yours(office, lead), "menu", f"email:{lead}")
    await office.fills_in("maya", opened, subject="Your **papers**", email_words="Hi Dana, look at https://acme.example/apply")
    await office.thread_of(lead, says="Sent")
    [email_id] = [each.id for each in rows(office.services.store, Message) if each.channel == "email"]
    assert email_id is not None
    office.skip(days=8)

    link = await find(office.services, link_token(office.services.hash_key, email_id, 0))
    assert link is not None and link.target == "https://acme.example/apply"
    await count(office.services, link)

    await office.thread_of(lead, says="Dana R. followed a link in the email")
    told = await office.is_told("maya", f"#{lead} Dana R. followed a link in your email after a silence")
    assert labels_of(told)[:2] == ["I'm calling", "Text"]
