"""Two leads share a phone under other first names: their owner says in Discord whether they are one request, and takes it back."""

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, read


@pytest.mark.parametrize("restarts", [False, True])
async def test_the_owner_tells_two_people_apart_and_takes_it_back(office: DiscordOffice, *, restarts: bool) -> None:
    await office.lead_arrives()
    lead = await office.lead_arrives(first_name="Sam", email=None)
    await office.presses("maya", await office.card_of(lead, says="Sam R."), "claim")
    yours = await office.is_told("maya", f"Yours: #{lead}")
    assert f"lb:same_request:{lead}" in ids_of(yours) and f"lb:two_people:{lead}" in ids_of(yours)
    if restarts:
        await office.restarts()

    result = await office.presses("maya", yours, "two_people")

    answer = office.answer_of(result)
    await office.thread_of(lead, says="two people.")
    undone = await office.presses("maya", answer, "undo_told")
    assert f"Undone. #{lead} is a lead of its own again" in read(office.answer_of(undone))


async def test_a_lead_that_was_handed_over_by_mistake_tells_who_took_it_back(office: DiscordOffice) -> None:
    older = await office.lead_arrives()
    lead = await office.lead_arrives(first_name="Sam", email=None)
    await office.presses("luis", await office.card_of(lead, says="Sam R."), "claim")
    result = await office.presses("luis", await office.is_told("luis", f"Yours: #{lead}"), "same_request")
    await office.card_of(older, says="Luis Ortega has it")

    await office.presses("luis", office.answer_of(result), "undo_told")

    await office.thread_of(older, says="Luis Ortega took back that another lead is the same request. It is free to claim.")
