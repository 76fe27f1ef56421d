"""Commands in Discord: with a lead offered, named, or implied by its thread."""

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, read
from tests.doubles.texts import AGREED


async def test_who_comes_second_hears_privately_who_was_quicker(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")

    result = await office.people["luis"].slash(office.channel, "lead claim", lead=str(lead))

    answer = office.answer_of(result)
    assert answer.ephemeral and "Maya Torres" in read(answer)


async def test_leads_are_offered_by_number_and_name_as_far_as_one_may_look(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()

    for typed in (str(lead), "dana"):
        choices = await office.people["maya"].autocomplete(office.channel, "lead show", "lead", typed)
        assert [each["value"] for each in choices] == [f"#{lead}"]
        assert [each["name"] for each in choices] == [f"#{lead} Dana R., new"]


async def test_a_call_is_logged_in_one_line_in_the_leads_thread_without_naming_it(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    await office.nothing_is_owed()
    thread = await office.thread_of(lead)
    other = await office.lead_arrives(first_name="Ed", last_name="Moss", phone="(512) 555-0177", email="ed@example.com")
    await office.people["maya"].slash(office.channel, "lead show", lead=str(other))

    result = await office.people["maya"].slash(thread, "log", result="connected", note="wants a 15-year")

    assert f"#{lead}" in read(office.answer_of(result))
    await office.thread_of(lead, says="Maya Torres")


async def test_the_stage_that_ends_a_lead_is_asked_about_and_can_be_undone(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")

    asked = office.answer_of(await office.people["maya"].slash(office.channel, "stage", lead=str(lead), stage="withdrawn"))
    assert [each.split(":")[1] for each in ids_of(asked)] in (["end_sure"], ["end_told", "end_not_told"])
    await office.presses("maya", asked, ids_of(asked)[0].split(":")[1])

    assert any(":undo:" in each for each in ids_of(asked))


async def test_a_number_that_is_none_is_answered_and_an_unknown_lead_too(office: DiscordOffice) -> None:
    said = read(office.answer_of(await office.people["maya"].slash(office.channel, "lead show", lead="dana")))
    assert "dana" in said
    assert "There is no lead #999" in read(office.answer_of(await office.people["maya"].slash(office.channel, "lead show", lead="999")))


async def test_log_call_stands_in_the_menu_of_a_card(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    await office.presses("maya", card, "claim")

    opened = await office.people["maya"].context_menu(office.channel, "Log call", card)

    assert opened.modal is not None and opened.modal["title"] == f"#{lead}"


@pytest.mark.parametrize("choice", ["Log call", "Text"])
async def test_the_menu_of_a_message_is_about_its_lead_and_not_about_the_one_opened_last(office: DiscordOffice, choice: str) -> None:
    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", await office.card_of(lead), "claim")
    told = await office.is_told("maya", "(512) 555-0100")
    later = await office.lead_arrives(first_name="Rae", phone="(512) 555-0101", email="rae@example.com")
    await office.presses("maya", await office.card_of(later), "claim")
    await office.is_told("maya", "(512) 555-0101")

    opened = await office.chooses_in_the_menu("maya", told, choice)

    assert opened.modal is not None and opened.modal["title"].startswith(f"#{lead}")


async def test_the_menu_of_a_message_about_no_lead_does_nothing(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    said = await office.people["maya"].send(office.channel, "Lunch?")

    told = await office.people["maya"].context_menu(office.channel, "Log call", said)

    assert told.modal is None and "This message is about no lead that I could tell" in read(office.answer_of(told))
