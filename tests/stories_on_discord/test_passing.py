"""Pass and Undo in Discord."""

from tests.doubles.discord_office import DiscordOffice, ids_of, read


async def test_a_pass_says_what_it_means_and_can_be_taken_back(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()

    result = await office.chooses("maya", await office.card_of(lead), "pass", f"{lead}:busy")

    answer = office.answer_of(result)
    assert read(answer) == f"Passed on #{lead}: busy for 15 minutes."
    await office.card_of(lead, says="Passed: Maya Torres (busy)")

    await office.presses("maya", answer, "undo_pass")

    assert read(answer) == f"Undone. #{lead} is open to you again."
    assert ids_of(answer) == []
    await office.until(lambda: office.says_not(lead, "Passed:"), "a card without the pass")
