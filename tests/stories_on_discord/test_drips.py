"""Texts that leave by themselves, in Discord: begun, listed and stopped from there, with one line in the thread."""

from tests.doubles.discord_office import DiscordOffice, ids_of, options_of, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya, yours


async def typed(office: DiscordOffice, who: str, command: str, **options: str) -> str:
    return read(office.answer_of(await office.people[who].slash(office.channel, command, **options)))


async def test_texts_are_begun_with_what_is_offered_and_leave_by_themselves(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    offered = await office.people["maya"].autocomplete(office.channel, "drip enroll", "sequence", "new")
    assert [(each["name"], each["value"]) for each in offered] == [("New lead", "new_lead")]

    said = await typed(office, "maya", "drip enroll", lead=str(lead), sequence="new_lead")

    assert f"New lead texts to #{lead} begin. The first leaves Tuesday," in said
    await office.thread_of(lead, says="New lead texts: 0 of 5 sent.")
    office.skip(minutes=10)
    thread = await office.thread_of(lead, says="-# Sent")
    assert len([each for each in thread.history() if "New lead texts" in read(each)]) == 1
    assert [words.partition(".")[0] for words in office.phone.sent] == [
        "Hi Dana, this is Maya Torres (NMLS 200101) at Acme Mortgage, NMLS 123456"
    ]
    assert "New lead texts: 1 of 5 sent. Next: Wednesday," in await typed(office, "maya", "lead show", lead=str(lead))
    assert f"#{lead} Dana R.: New lead texts: 1 of 5 sent." in await typed(office, "maya", "drip list")


async def test_texts_are_stopped_and_the_stop_is_taken_back(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await typed(office, "maya", "drip enroll", lead=str(lead))

    stopped = office.answer_of(await office.people["maya"].slash(office.channel, "drip stop", lead=str(lead)))
    assert f"Stopped. No more New lead texts leave for #{lead}" in read(stopped)
    await office.thread_of(lead, says="Ended: an officer stopped them.")
    await office.presses("maya", stopped, "undo")

    await office.thread_of(lead, says="New lead texts: 0 of 5 sent. Next: Tuesday,")


async def test_a_name_that_there_is_none_of_is_asked_back(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    asked = office.answer_of(await office.people["maya"].slash(office.channel, "drip enroll", lead=str(lead), sequence="new laed"))

    assert "Did you mean this?" in read(asked)
    assert ids_of(asked) == [f"lb:start_texts:{lead}:new_lead"]


async def test_the_row_of_more_begins_them_and_then_stops_them(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    assert (f"ls:menu:{lead}:more", f"start_texts:{lead}") in options_of(await yours(office, lead))

    await office.chooses("maya", await yours(office, lead), "menu", f"start_texts:{lead}")
    await office.thread_of(lead, says="New lead texts: 0 of 5 sent. Next: Tuesday,")

    async def offers_to_stop() -> bool:
        return (f"ls:menu:{lead}:more", f"stop_texts:{lead}") in options_of(await yours(office, lead))

    await office.until(offers_to_stop, "a row that stops them")
    await office.chooses("maya", await yours(office, lead), "menu", f"stop_texts:{lead}")
    await office.thread_of(lead, says="Ended: an officer stopped them.")


async def test_who_only_watches_begins_nothing(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    assert "As compliance you cannot do this." in await typed(office, "cora", "drip enroll", lead=str(lead))
    assert f"#{lead} is with Maya Torres" in await typed(office, "luis", "drip enroll", lead=str(lead))


async def test_a_day_is_kept_and_what_came_of_a_sequence_is_told(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await typed(office, "maya", "drip enroll", lead=str(lead))

    assert await typed(office, "maya", "drip date", lead=str(lead), which="closing 12/1/2026") == (
        f"Closing of #{lead}: 12/1/2026. Sequences that go by it follow it from now on."
    )
    assert "I did not understand that day" in await typed(office, "maya", "drip date", lead=str(lead), which="closing soon")
    said = await typed(office, "sam", "drip report", sequence="new_lead")
    assert "New lead, version 1: 1 began, 1 run now." in said
    assert "1. text: 0 sent, 0 delivered, 0 clicked, 0 replied, 0 opted out, 0 moved on" in said
    assert "Of which one?" in await typed(office, "sam", "drip report", sequence="weddings")


async def test_a_misspelled_sequence_is_asked_back_and_told_of_on_a_press(office: DiscordOffice) -> None:
    asked = await office.types("sam", "drip report", sequence="past clinet")
    assert "I know no such texts. Did you mean this?" in read(asked)

    await office.presses("sam", asked, "drip_report")

    assert "Past client, version 1: 0 began, 0 run now." in read(asked)


async def test_a_stop_of_all_names_all_that_ran_and_its_undo_has_all_go_on(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await typed(office, "maya", "log", lead=str(lead), result="no answer")
    for name in ("new lead", "re-engagement"):
        assert f"to #{lead} begin." in await typed(office, "maya", "drip enroll", lead=str(lead), sequence=name)

    stopped = await office.types("maya", "drip stop", lead=str(lead))

    assert f"Stopped. No more New lead or Re-engagement messages leave for #{lead}; 0 messages were sent before." in read(stopped)
    await office.presses("maya", stopped, "undo")
    shown = await typed(office, "maya", "lead show", lead=str(lead))
    assert "New lead texts: 0 of 5 sent. Next:" in shown and "Re-engagement messages: 0 of" in shown


async def test_a_lock_that_is_past_is_asked_about_with_the_year_that_lies_ahead(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    told = await office.types("maya", "drip date", lead=str(lead), which="lock 12/1/2024")

    assert "is past, so nobody could be warned before it, and nothing changed." in read(told)
    kept = office.answer_of(await office.presses("maya", told, "drip_date"))
    assert "Sequences that go by it follow it from now on." in read(kept)
