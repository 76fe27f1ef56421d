"""Texts that leave by themselves: begun by the owner, within the law, one line in the thread, and over as soon as the borrower speaks."""

from datetime import time, timedelta

import pytest

from tests.doubles.office import Office, tuesday
from tests.stories.test_texts_out import claimed_by_maya

FIRST = (
    "Hi Dana, this is Maya Torres (NMLS 200101) at Acme Mortgage, NMLS 123456. You asked us about buying in Austin. "
    "When is a good time to talk? You can answer here. Reply STOP to opt out."
)


async def begun(office: Office, **fields: str) -> int:
    """A lead of Maya's whose texts have begun."""
    lead = await claimed_by_maya(office, **fields)
    await office.types("maya", f"/drip enroll {lead} new lead")
    await office.hears("maya", f"New lead texts to #{lead} begin.")
    return lead


async def first_left(office: Office, **fields: str) -> int:
    """The same, and the first of them was delivered."""
    lead = await begun(office, **fields)
    await office.skip(minutes=10)
    await office.thread_says(lead, "Delivered")
    return lead


async def test_the_first_text_leaves_after_ten_minutes_and_one_line_says_how_far_they_are(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/drip enroll {lead} new lead")

    told = await office.hears("maya", f"New lead texts to #{lead} begin. The first leaves Tuesday,")
    assert "12:10 pm CT. They end by themselves when the borrower answers" in told
    await office.thread_says(lead, "New lead texts: 0 of 5 sent. Next: Tuesday,")
    await office.skip(minutes=10)
    line = await office.thread_says(lead, "Delivered")
    assert "New lead texts: 1 of 5 sent. Next: Wednesday," in line and "10:00 am CT. To Dana R., begun by Maya Torres." in line
    assert "You asked us about buying in Austin." in line
    assert await office.texts_to() == [FIRST]
    assert len([each for each in await office.thread_of(lead) if "New lead texts" in each]) == 1


async def test_a_list_says_what_runs_and_a_stop_ends_it(texting_office: Office) -> None:
    office = texting_office
    lead = await begun(office)

    await office.types("maya", "/drip list")
    assert f"#{lead} Dana R.: New lead texts: 0 of 5 sent. Next: Tuesday," in await office.hears("maya", "These run now for your leads")
    await office.types("maya", f"/drip stop {lead}")

    await office.hears("maya", f"Stopped. No more New lead texts leave for #{lead}; 0 texts were sent before.")
    await office.thread_says(lead, "New lead texts: 0 of 5 sent. Ended: an officer stopped them.")
    await office.types("maya", f"/drip {lead}")
    await office.hears("maya", "Ended: an officer stopped them.")
    await office.types("maya", f"/drip stop {lead}")
    await office.hears("maya", f"No texts run for #{lead}, so there is nothing to stop.")
    await office.skip(minutes=20)
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.texts_to() == []


async def test_the_borrowers_answer_ends_them_and_the_owner_hears_it(texting_office: Office) -> None:
    office = texting_office
    lead = await first_left(office)

    await office.borrower_texts("Yes, tomorrow at noon is good")

    await office.told("maya", "Yes, tomorrow at noon is good")
    await office.thread_says(lead, "New lead texts: 1 of 5 sent. Ended: the borrower answered.")
    await office.skip(days=14)
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.texts_to() == [FIRST]


async def test_a_stop_ends_them_and_they_cannot_begin_again(texting_office: Office) -> None:
    office = texting_office
    lead = await first_left(office)

    await office.borrower_texts("Stop texting me please")

    await office.thread_says(lead, "New lead texts: 1 of 5 sent. Ended: the borrower opted out.")
    await office.types("maya", f"/drip enroll {lead}")
    await office.hears("maya", "They opted out of texts. Open says what may still reach them.")


async def test_a_call_that_connects_ends_them(texting_office: Office) -> None:
    office = texting_office
    lead = await first_left(office)

    await office.logs("maya", lead, "Connected")

    await office.thread_says(lead, "Ended: the borrower was reached.")


async def test_a_beginning_and_a_stop_can_be_undone(texting_office: Office) -> None:
    office = texting_office
    lead = await begun(office)

    await office.presses("maya", "Undo", lead)
    await office.thread_says(lead, "New lead texts: 0 of 5 sent. Ended: taken back.")
    await office.types("maya", f"/drip {lead} new lead")
    await office.thread_says(lead, "New lead texts: 0 of 5 sent. Next: Tuesday,")
    await office.types("maya", f"/drip stop {lead}")
    await office.thread_says(lead, "Ended: an officer stopped them.")
    await office.hears("maya", "Stopped.")
    await office.presses("maya", "Undo", lead)

    await office.thread_says(lead, "New lead texts: 0 of 5 sent. Next: Tuesday,")
    await office.skip(minutes=10)
    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == [FIRST]


async def test_more_on_the_owners_message_begins_and_stops_them(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.presses_in_direct("maya", "Start texts", lead)
    await office.hears("maya", f"New lead texts to #{lead} begin.")
    await office.presses_in_direct("maya", "Stop texts", lead)

    await office.hears("maya", f"Stopped. No more New lead texts leave for #{lead}")


async def test_an_opened_lead_says_what_runs_and_which_text_is_next(texting_office: Office) -> None:
    office = texting_office
    lead = await first_left(office)

    await office.types("maya", f"/lead show {lead}")

    await office.hears("maya", "New lead texts: 1 of 5 sent. Next: Wednesday,")


async def test_a_misspelled_name_is_asked_back_and_a_press_begins_it(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/drip enroll {lead} new laed")
    await office.hears("maya", f"I know no such texts, so nothing changed for #{lead}. Did you mean this?")
    await office.presses("maya", "New lead", lead)
    await office.hears("maya", f"New lead texts to #{lead} begin.")
    await office.types("maya", f"/drip stpo {lead}")
    await office.hears("maya", 'I do not know "drip stpo', "Did you mean drip stop?", f"drip stop {lead}")
    await office.types("maya", "/drip lst")
    await office.hears("maya", 'I do not know "drip lst". Did you mean drip list?')
    [asked] = [each for each in await office.messages() if "drip lst" in f"{each}"]
    await office.presses_on(asked, "maya", "drip list")
    await office.hears("maya", "New lead texts: 0 of 5 sent.")
    await office.types("maya", f"/drip stop {lead} new laed")
    await office.presses("maya", "New lead", lead)
    await office.hears("maya", f"Stopped. No more New lead texts leave for #{lead}")
    await office.types("maya", f"/drip enroll {lead} weather")

    await office.hears("maya", "I know: ", "New lead")


async def test_in_the_thread_and_without_a_number_the_lead_is_known(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.writes("maya", "@Leadbell drip enroll", under=lead)
    await office.hears("maya", f"New lead texts to #{lead} begin.")
    await office.types("maya", "/drip stop")

    await office.hears("maya", f"Stopped. No more New lead texts leave for #{lead}")


async def test_only_the_owner_and_who_leads_the_team_may(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.types("luis", f"/drip enroll {lead}")
    await office.hears("luis", f"#{lead} is with Maya Torres")
    await office.types("cora", f"/drip enroll {lead}")
    await office.hears("cora", "As compliance you cannot do this.")
    await office.types("tess", f"/drip enroll {lead}")
    await office.hears("tess", f"New lead texts to #{lead} begin.")
    await office.types("tess", "/drip list")

    await office.hears("tess", f"#{lead} Dana R.: New lead texts: 0 of 5 sent.")
    await office.thread_says(lead, "begun by Tess Lindqvist.")
    await office.types("luis", "/drip list")
    await office.hears("luis", "None run for your leads now.")


async def test_without_consent_nothing_begins_and_it_is_said_why(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office, consent_text="", consent="no", consent_at="")

    await office.types("maya", f"/drip enroll {lead}")

    await office.hears("maya", f"No texts begin for #{lead}: nothing on record says that they agreed to texts that leave by themselves.")


@pytest.mark.fault(71)
async def test_hostile_names_stay_words_in_the_text_and_in_the_thread(texting_office: Office) -> None:
    office = texting_office
    lead = await begun(office, first_name="{{ company }} <!channel>", last_name="*Rowe*", property_city="{% raw %}<@U0MAYA>")

    await office.skip(minutes=10)

    await office.thread_says(lead, "Delivered")
    [text] = await office.texts_to()
    assert text.startswith("Hi {{ company }} <!channel>, this is Maya Torres")
    [line] = [each for each in await office.messages() if "New lead texts:" in f"{each}" and "ephemeral_to" not in each]
    assert "<!channel>" not in line["text"]
    assert {block["text"]["type"] for block in line["blocks"] if block["type"] == "section"} == {"plain_text"}


async def test_a_day_is_kept_and_what_came_of_a_sequence_is_told(texting_office: Office) -> None:
    office = texting_office
    lead = await first_left(office)

    await office.types("maya", f"/drip date {lead} birthday 5/17/1984")
    await office.hears("maya", f"Birthday of #{lead}: May 17. Sequences that go by it follow it from now on.")
    await office.types("maya", f"/drip date {lead} soon")
    await office.hears("maya", "I did not understand that day")
    await office.types("sam", "/drip report new lead")

    told = await office.hears("sam", "New lead, version 1: 1 began, 1 run now.")
    assert "1. text: 1 sent, 1 delivered, 0 clicked, 0 replied, 0 opted out, 0 moved on" in told
    await office.types("sam", "/drip report")
    await office.hears("sam", "Of which one? Write for example /drip report and one of these:")


async def test_a_misspelled_sequence_is_asked_back_and_told_of_on_a_press(any_office: Office) -> None:
    office = any_office
    await office.types("sam", "/drip report past clinet")
    await office.hears("sam", "I know no such texts. Did you mean this?")
    [asked] = [each for each in await office.messages() if "Did you mean this?" in f"{each}"]

    await office.presses_on(asked, "sam", "Past client")

    await office.hears("sam", "Past client, version 1: 0 began, 0 run now.")


@pytest.mark.parametrize("what", ["lock", "letter"])
async def test_a_lock_or_a_letter_that_is_past_is_asked_about_with_the_year_that_lies_ahead(texting_office: Office, what: str) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    past = tuesday(time(12)).date() - timedelta(days=10)
    ahead = past.replace(year=past.year + 1)

    await office.types("maya", f"/drip date {lead} {what} {past:%m/%d/%Y}")
    await office.hears("maya", "is past, so nobody could be warned before it, and nothing changed. Did you mean")
    await office.presses("maya", f"{what} {ahead.month}/{ahead.day}/{ahead.year}", lead)

    await office.hears("maya", "Sequences that go by it follow it from now on.")


async def test_a_closing_that_is_past_is_kept(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/drip date {lead} closing 12/1/2024")

    await office.hears("maya", "Sequences that go by it follow it from now on.")


async def test_a_stop_of_all_names_all_that_ran_and_its_undo_has_all_go_on(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/log {lead} no answer")
    await office.hears("maya", "Logged for")
    await office.types("maya", f"/drip enroll {lead} new lead")
    await office.hears("maya", f"New lead texts to #{lead} begin.")
    await office.types("maya", f"/drip enroll {lead} re-engagement")
    await office.hears("maya", f"Re-engagement messages to #{lead} begin.")

    await office.types("maya", f"/drip stop {lead}")

    await office.hears("maya", f"Stopped. No more New lead or Re-engagement messages leave for #{lead}; 0 messages were sent before.")
    [stopped] = [each for each in await office.messages() if "Stopped. No more" in f"{each}"]
    await office.presses_on(stopped, "maya", "Undo")
    await office.hears("maya", "Undone.")
    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", "New lead texts: 0 of 5 sent. Next:", "Re-engagement messages: 0 of")
