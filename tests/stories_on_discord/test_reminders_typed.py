"""/lead later and /lead remind in Discord: a time in one's own words, said back in full, with Undo."""

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, read


async def mayas(office: DiscordOffice) -> str:
    lead = str(await office.lead_arrives())
    await office.types("maya", "lead claim", lead=lead)
    await office.types("maya", "log", lead=lead, result="connected")
    return lead


@pytest.mark.parametrize("command", ["lead later", "lead remind"])
async def test_the_time_is_said_back_in_full_and_can_be_undone(office: DiscordOffice, command: str) -> None:
    lead = await mayas(office)

    told = await office.types("maya", command, lead=lead, when="friday 9am check docs")

    assert f"#{lead}: I remind you Friday, " in read(told)
    await office.presses("maya", told, "undo")
    assert ids_of(told) == []


async def test_the_usual_times_are_offered_and_understood(office: DiscordOffice) -> None:
    lead = await mayas(office)
    offered = await office.offered("maya", "lead later", "when", "")

    assert offered
    for when in offered:
        assert f"#{lead}: I remind you " in read(await office.types("maya", "lead later", lead=lead, when=when))


async def test_without_a_time_the_screen_asks_also_inside_the_thread_without_the_lead(office: DiscordOffice) -> None:
    lead = await mayas(office)
    await office.nothing_is_owed()
    thread = await office.thread_of(int(lead))

    opened = await office.people["maya"].slash(thread, "lead remind")
    assert opened.modal is not None and opened.modal["title"] == f"#{lead}"
    sent = await office.people["maya"].submit_modal(opened, {"when": "friday 9am", "note": "check docs"})

    assert f"#{lead}: I remind you Friday, " in read(office.answer_of(sent))


async def test_words_that_are_no_time_set_nothing(office: DiscordOffice) -> None:
    lead = await mayas(office)

    assert "I do not find a time ahead in that." in read(await office.types("maya", "lead remind", lead=lead, when="whenever"))


async def test_somebody_elses_lead_is_refused_with_whose_it_is(office: DiscordOffice) -> None:
    lead = await mayas(office)

    assert "Maya Torres" in read(await office.types("luis", "lead later", lead=lead, when="friday"))
