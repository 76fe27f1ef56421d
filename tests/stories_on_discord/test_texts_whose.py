"""Whose words are these? In Discord the same questions are answered by a press."""

from tests.doubles.discord_office import DiscordOffice, ids_of, read

STRANGER = "+15125550177"


async def test_an_unknown_number_becomes_a_lead_with_its_words_in_its_thread(office: DiscordOffice) -> None:
    await office.phone.borrower_texts("Do you do VA loans?", number=STRANGER)
    asked = await office.is_told("tess", "from a number I do not know", "VA loans")
    assert [each.split(":")[1] for each in ids_of(asked)] == ["place_other", "new_lead", "place"]

    answer = office.answer_of(await office.presses("tess", asked, "new_lead"))

    assert "the words stand in the thread of #1001" in read(answer)
    await office.thread_of(1001, says="Do you do VA loans?")
    await office.is_told("tess", "Whose words these are is settled")


async def test_unclear_words_of_somebody_unknown_are_judged_first(office: DiscordOffice) -> None:
    await office.phone.borrower_texts("not interested", number=STRANGER)
    asked = await office.is_told("cora", "may be opting out")

    answer = office.answer_of(await office.presses("cora", asked, "opt_out"))

    assert "Noted, that was an opt-out." in read(answer)
    await office.is_told("tess", "They opted out.")


async def test_one_of_us_who_texts_from_their_own_phone_is_told_so(office: DiscordOffice) -> None:
    await office.phone.borrower_texts("On my way", number="+15125550102")

    await office.is_told("luis", "You texted our number from your own phone.", "On my way")


async def test_words_put_into_the_wrong_thread_are_taken_out_and_asked_about_again(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    await office.phone.borrower_texts("It is about my own car", number=STRANGER)
    asked = await office.is_told("tess", "It is about my own car")
    opened = await office.presses("tess", asked, "place_other")
    result = await office.people["tess"].user.submit_modal(opened, {"lead": f"#{lead}"})
    await office.thread_of(lead, says="It is about my own car")
    await office.is_told("maya", "It is about my own car")

    undone = await office.presses("tess", office.answer_of(result), "undo")

    assert "I ask again whose they are." in read(office.answer_of(undone))
    await office.is_told("tess", "from a number I do not know", "It is about my own car")
    thread = await office.thread_of(lead, says="Words that somebody else wrote stood here by mistake.")
    assert "my own car" not in str([read(each) for each in thread.history()])
