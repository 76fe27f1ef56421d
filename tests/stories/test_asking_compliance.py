"""Words that the law minds are kept back: the officer edits them or asks compliance, and what is approved leaves in the officer's name."""

from tests.doubles.office import Office
from tests.doubles.shown import buttons
from tests.doubles.texts import signed
from tests.stories.test_emails_out import claimed
from tests.stories.test_texts_out import claimed_by_maya

RATE, FINE = "Dana, we are at 6.1 % today. Call me!", "Dana, rates moved. Call me!"
FINDING = "Mentions 6.1 %: needs APR and disclosures."


async def typed(office: Office) -> str:
    """The screen before Maya with all that stands in its fields."""
    return str(await office.see("views/U0MAYA"))


async def test_the_typed_words_stay_on_the_screen_and_can_be_edited(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.presses_in_direct("maya", "Text", lead)
    await office.screen_of("maya", says="OK to text")
    await office.texts_on_screen("maya", RATE)

    screen = await office.screen_of("maya", says=FINDING)
    assert "Ask compliance" in screen and RATE in await typed(office) and await office.texts_to() == []
    await office.texts_on_screen("maya", FINE)

    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == [signed(FINE)]


async def test_compliance_approves_and_the_text_leaves_in_the_officers_name(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead text {lead} {RATE}")
    await office.hears("maya", "Not sent yet", "needs APR and disclosures.")

    await office.presses("maya", "Ask compliance", lead)
    await office.hears("maya", f"#{lead}: compliance has your words.")
    asked = await office.told("cora", "Maya Torres asks whether this text may go to Dana R.", FINDING, RATE)
    assert buttons(asked) == ["Approve", "Decline"] and await office.texts_to() == []
    await office.presses_in_direct("cora", "Approve", lead)

    await office.hears("cora", f"#{lead}: approved.")
    line = await office.thread_says(lead, "Delivered")
    assert "Maya Torres to Dana R.:" in line
    assert await office.texts_to() == [signed(RATE)]
    await office.is_told("maya", "Cora Bell approved your words to Dana R.")
    await office.is_told("cora", "These words were approved.")


async def test_what_compliance_declines_comes_back_to_be_edited(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead text {lead} {RATE}")
    await office.hears("maya", "Not sent yet")
    await office.presses("maya", "Ask compliance", lead)
    await office.told("cora", "asks whether this text may go")

    await office.presses_in_direct("cora", "Decline", lead)

    told = await office.told("maya", "Cora Bell declined your words to Dana R.")
    assert buttons(told) == ["Edit"]
    await office.presses_in_direct("maya", "Edit", lead)
    await office.screen_of("maya", says="OK to text")
    assert RATE in await typed(office)
    assert await office.texts_to() == []


async def test_an_email_with_a_rate_is_kept_on_its_screen_and_asked_about_from_there(emailing_office: Office) -> None:
    office = emailing_office
    lead = await claimed(office)
    await office.types("maya", f"/lead email {lead}")
    await office.screen_of("maya", says="OK to email")
    await office.emails_on_screen("maya", "Refinance from 5.9%", "Call me, Dana")

    await office.screen_of("maya", says="Mentions 5.9%: needs APR and disclosures.")
    assert "Call me, Dana" in await typed(office)
    await office.presses_on_screen("maya", "Ask compliance")
    await office.screen_of("maya", says="compliance has your words")
    await office.told("cora", "asks whether this email may go to Dana R.", "Refinance from 5.9%")
    await office.presses_in_direct("cora", "Approve", lead)

    assert (await office.email_arrives())["subject"] == "Refinance from 5.9%"
