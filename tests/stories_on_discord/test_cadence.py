"""A borrower who does not answer is tried again, in Discord: planned, shown, nudged about, and stopping early needs a reason."""

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, labels_of, read


async def tried_in_vain(office: DiscordOffice) -> int:
    """A lead of Maya's who did not answer at noon."""
    lead = await office.lead_arrives()
    await office.types("maya", "lead claim", lead=str(lead))
    told = read(await office.types("maya", "log", lead=str(lead), result="no_answer"))
    assert "Not reached yet. I remind you of try 2 of 12 Tuesday, " in told and "2:00 pm CT" in told
    return lead


@pytest.mark.parametrize("restarts", [False, True])
async def test_the_next_try_is_in_the_list_and_rings_once(office: DiscordOffice, *, restarts: bool) -> None:
    lead = await tried_in_vain(office)
    assert "Try 2 of 12: Tuesday, " in read(await office.types("maya", "lead mine"))
    if restarts:
        await office.restarts()

    office.skip(hours=2, minutes=1)

    rung = await office.is_told("maya", f"#{lead} Dana R. was not reached yet. Now is a good time for try 2 of 12.")
    assert labels_of(rung) == ["I'm calling", "Text", "Log", "Stop trying", "Later"]


async def test_who_stops_trying_says_why_in_one_tap_and_takes_it_back(office: DiscordOffice) -> None:
    lead = await tried_in_vain(office)
    office.skip(hours=2, minutes=1)
    rung = await office.is_told("maya", "Now is a good time for try 2 of 12.")

    asked = office.answer_of(await office.presses("maya", rung, "stop_trying"))
    assert labels_of(asked) == ["Number or email does not work", "Has another lender", "Not a loan we make", "Never reacts"]
    await office.presses("maya", asked, "end_no_reaction")

    await office.thread_of(lead, says="Maya Torres: now lost (never reacts).")
    assert any(":undo:" in each for each in ids_of(asked))
    await office.presses("maya", asked, "undo")
    await office.thread_of(lead, says="Maya Torres: now lost (never reacts). Taken back.")
