"""The end of the day in Discord: leads that are still open are kept, handed over, or given to the pool."""

from datetime import time

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, labels_of, read


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize(
    ("choice", "words", "card"),
    [
        ("keep", "You keep 2 leads. Good evening!", "Maya Torres has it"),
        ("hand", "Priya Nair has 2 leads of yours now.", "Priya Nair has it"),
        ("pool", "2 leads are back in the pool. Good evening!", "Dana R."),
    ],
)
async def test_the_question_is_answered_by_one_press(office: DiscordOffice, choice: str, words: str, card: str, *, restarts: bool) -> None:
    office.clock_says(time(19, 40))
    leads = [await office.lead_arrives(first_name="Dana", phone=f"(512) 555-011{n}", email=None) for n in range(2)]
    for lead in leads:
        await office.presses("maya", await office.card_of(lead), "claim")
        await office.is_told("maya", f"Yours: #{lead}")
    office.skip(minutes=5)
    asked = await office.is_told("maya", "2 leads are still open, and your day ends in 15 minutes.", "#1001 ", "#1002 ")
    assert labels_of(asked) == ["Keep", "Hand to Priya", "Pool"]
    if restarts:
        await office.restarts()

    result = await office.presses("maya", asked, "shift", choice)

    assert words in read(office.answer_of(result))
    assert ids_of(await office.is_told("maya", words)) == []
    for lead in leads:
        await office.card_of(lead, says=card)
