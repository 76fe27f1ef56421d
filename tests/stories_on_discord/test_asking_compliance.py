"""Words that the law minds are kept back in Discord too: edited, or approved by compliance and then sent in the officer's name."""

from typing import Any

from sqlmodel import col, update

from bot.store.people import Officer
from tests.doubles.discord_office import DiscordOffice, ids_of, labels_of, read
from tests.doubles.mailing_office import MailingOffice
from tests.doubles.texts import signed
from tests.stories_on_discord.test_texts_out import claimed_by_maya, yours

RATE, FINE = "Dana, we are at 6.1 % today. Call me!", "Dana, rates moved. Call me!"
FINDING = "Mentions 6.1 %: needs APR and disclosures."


async def kept_back(office: DiscordOffice, lead: int) -> Any:
    """What Maya is told whose words were kept back."""
    opened = await office.presses("maya", await yours(office, lead), "text")
    submitted = await office.people["maya"].user.submit_modal(opened, {"words": RATE})
    return office.answer_of(submitted)


async def test_words_with_a_rate_do_not_leave_and_stand_on_the_screen_again(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    told = await kept_back(office, lead)

    assert FINDING in read(told) and office.phone.sent == []
    again = await office.presses("maya", told, "edit_words")
    assert again.modal is not None
    [field] = [each["component"] for each in again.modal["components"] if each.get("component", {}).get("custom_id") == "words"]
    assert field["value"] == RATE
    await office.fills_in("maya", again, words=FINE)
    await office.thread_of(lead, says="Sent")
    assert office.phone.sent == [signed(FINE)]


async def test_compliance_approves_and_the_text_leaves_in_the_officers_name(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    told = await kept_back(office, lead)

    asked = office.answer_of(await office.presses("maya", told, "ask_compliance"))
    assert "compliance has your words" in read(asked)
    question = await office.is_told("cora", "Maya Torres asks whether this text may go to Dana R.", FINDING)
    assert RATE in read(question) and office.phone.sent == []
    await office.presses("cora", question, "approve_words")

    await office.thread_of(lead, says="Sent")
    assert office.phone.sent == [signed(RATE)]
    await office.is_told("maya", "Cora Bell approved your words to Dana R.")


async def test_what_compliance_declines_comes_back_to_be_edited(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    told = await kept_back(office, lead)
    await office.presses("maya", told, "ask_compliance")

    await office.presses("cora", await office.is_told("cora", "asks whether this text may go"), "decline_words")

    answer = await office.is_told("maya", "Cora Bell declined your words to Dana R.")
    assert any("edit_words" in each for each in ids_of(answer)) and office.phone.sent == []


async def test_compliance_turns_the_pages_of_a_long_email_to_its_last_word(mailing: MailingOffice) -> None:
    office, words = mailing.office, " ".join(f"Sentence {number} is at 6.1 %." for number in range(1, 113))
    lead = await claimed_by_maya(office)
    opened = await office.chooses("maya", await yours(office, lead), "menu", f"email:{lead}")
    told = office.answer_of(await office.people["maya"].user.submit_modal(opened, {"subject": "Rates", "email_words": words}))
    await office.presses("maya", told, "ask_compliance")
    question = await office.is_told("cora", "asks whether this email may go to Dana R.", "Sentence 1 is", "Page 1 of 2.")

    second = office.answer_of(await office.presses("cora", question, "read_words", ":2"))

    assert "Page 2 of 2." in read(second) and labels_of(second) == ["Page before"]
    assert words in " ".join(f"{read(question)} {read(second)}".replace("-# Page 1 of 2.", "").split())
    first = await office.presses("cora", second, "read_words", ":1")
    assert "Sentence 1 is" in read(first.response) and labels_of(first.response) == ["Next page"]
    await office.presses("cora", question, "approve_words")
    [email] = await mailing.arrived()
    assert "Sentence 112 is" in email["words"]


async def test_who_does_not_decide_reads_no_page_of_somebody_elses_words(mailing: MailingOffice) -> None:
    office = mailing.office
    lead = await claimed_by_maya(office)
    opened = await office.chooses("maya", await yours(office, lead), "menu", f"email:{lead}")
    words = "We are at 6.1 % today. " * 120
    told = office.answer_of(await office.people["maya"].user.submit_modal(opened, {"subject": "Rates", "email_words": words}))
    await office.presses("maya", told, "ask_compliance")
    question = await office.is_told("cora", "asks whether this email may go", "Page 1 of")
    await office.services.store.transact(
        lambda session: session.exec(update(Officer).where(col(Officer.key) == "cora").values(role="officer"))
    )

    said = read(office.answer_of(await office.presses("cora", question, "read_words", ":2")))

    assert "As loan officer you cannot do this." in said and "6.1" not in said
