"""I'm calling, Log and Undo in Discord."""

from tests.doubles.discord_office import DiscordOffice, ids_of, read


async def test_a_call_is_logged_on_a_screen_and_told_in_the_thread(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    yours = await office.is_told("maya", f"Yours: #{lead}")

    opened = await office.presses("maya", yours, "log")
    assert opened.modal is not None and opened.modal["title"] == f"#{lead}"
    result = await office.people["maya"].user.submit_modal(opened, {"disposition": ["connected"], "note": "wants a 15-year"})

    answer = office.answer_of(result)
    assert answer.ephemeral and any(each.startswith(f"lb:undo:{lead}:") for each in ids_of(answer))
    await office.thread_of(lead, says="Maya Torres")
    await office.nothing_is_owed()
    assert "15-year" not in "\n".join(read(line) for line in (await office.thread_of(lead)).history())


async def test_a_call_back_without_a_time_is_asked_for_one(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "log")

    result = await office.people["maya"].user.submit_modal(opened, {"disposition": ["call_back"]})

    assert "When" in read(office.answer_of(result))


async def test_who_says_i_am_calling_is_answered_privately(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")

    result = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "calling")

    assert f"#{lead}" in read(office.answer_of(result))
