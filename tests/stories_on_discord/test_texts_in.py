"""A borrower's texts come into the lead's thread in Discord, where only the owner is called by name, and are answered from there."""

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya


async def test_the_borrowers_words_stand_in_the_thread_and_call_the_owner_alone(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    await office.phone.borrower_texts("Can we talk at noon? @everyone <@200000000000000002> my SSN is 123-45-6789")

    thread = await office.thread_of(lead, says="Can we talk at noon?")
    [line] = [each for each in thread.history() if "Can we talk at noon?" in read(each)]
    assert [each.id for each in line.mentions] == [office.people["maya"].id] and not line.mention_everyone
    assert "123-45-6789" not in read(line)
    told = await office.is_told("maya", f"#{lead} Dana R. texted", "Can we talk at noon?")
    assert ids_of(told) == [f"lb:text:{lead}", f"lb:log:{lead}"]


async def test_a_text_is_answered_from_the_message_that_told_of_it(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await office.phone.borrower_texts("Are you there?")
    told = await office.is_told("maya", f"#{lead} Dana R. texted")
    await office.restarts()

    opened = await office.presses("maya", told, "text")
    await office.fills_in("maya", opened, words="I am, Dana.")

    await office.thread_of(lead, says="Sent")
    await office.nothing_is_owed()
    assert office.phone.sent == ["I am, Dana."]
    assert "has been waiting since" not in read(await office.card_of(lead))


async def test_stop_is_told_without_a_way_to_text(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    await office.phone.borrower_texts("STOP")

    await office.thread_of(lead, says="wants no more texts")
    told = await office.is_told("maya", f"#{lead} Dana R. wants no more texts")
    assert ids_of(told) == [f"lb:log:{lead}"]


async def test_whoever_has_somebody_elses_number_is_called_no_more(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    await office.phone.borrower_texts("wrong number")

    await office.thread_of(lead, says="Nothing more is texted to this number, and nobody calls it. Ask for another one.")
    await office.is_told("maya", f"#{lead} Dana R. does not have this number. Nothing more is texted to it, and nobody calls it.")


async def test_start_after_stop_says_that_the_number_stays_closed(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await office.phone.borrower_texts("STOP")
    await office.thread_of(lead, says="wants no more texts")

    await office.phone.borrower_texts("START")

    await office.thread_of(lead, says="This number stays closed to our texts.")


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize(("action", "words"), [("opt_out", "opted out. Nothing more"), ("no_opt_out", "noted, it is no opt-out.")])
async def test_unclear_words_are_judged_by_a_press(office: DiscordOffice, action: str, words: str, *, restarts: bool) -> None:
    lead = await claimed_by_maya(office)
    await office.phone.borrower_texts("not interested")
    told = await office.is_told("maya", f"#{lead} Dana R. may be opting out")
    assert [each.split(":")[1] for each in ids_of(told)] == ["opt_out", "no_opt_out", "text", "log"]
    await office.is_told("cora", f"#{lead} Dana R. may be opting out")
    if restarts:
        await office.restarts()

    pressed = await office.presses("maya", told, action)
    asked = pressed.modal is not None
    said = await office.fills_in("maya", pressed, what_they_meant="They meant the house") if asked else read(office.answer_of(pressed))

    assert words in said and asked is (action == "no_opt_out")


async def test_a_line_typed_in_the_thread_is_texted(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await office.phone.borrower_texts("Are you there?")
    thread = await office.thread_of(lead, says="Are you there?")

    result = await office.people["maya"].slash(thread, "lead text", words="I am, Dana.")

    assert f"#{lead}: your text is on its way." in read(office.answer_of(result))
    await office.thread_of(lead, says="I am, Dana.")


async def test_a_card_is_answered_from_its_menu(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    opened = await office.people["maya"].context_menu(office.channel, "Text", await office.card_of(lead, says="Maya Torres has it"))
    said = await office.fills_in("maya", opened, words="Hi Dana")

    assert f"#{lead}: your text is on its way." in said
