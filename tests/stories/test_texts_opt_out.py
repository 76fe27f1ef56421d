"""A borrower wants no more texts: heard at once, asked about where the words are unclear, and never undone by a machine."""

import pytest

from tests.doubles.office import Office
from tests.doubles.shown import buttons
from tests.stories.test_texts_in import claimed_by_maya

OPTED_OUT = "Nothing more is texted to this number. A call by hand is still fine."


async def test_stop_is_heard_at_once(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("STOP")

    line = await office.thread_says(lead, OPTED_OUT)
    assert "wants no more texts:" in line and "STOP" in line
    await office.told("maya", "#1001 Dana R. wants no more texts.")
    assert "waits since" not in f"{await office.card_of(lead)}"


async def test_words_that_may_be_an_opt_out_are_asked_about(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("not interested")

    await office.thread_says(lead, "Is that an opt-out? I asked Maya Torres and compliance.")
    asked = await office.told("cora", "#1001 Dana R. may be opting out.", "not interested")
    assert buttons(asked) == ["Opt-out", "Not an opt-out"]
    await office.told("maya", "#1001 Dana R. may be opting out.")


@pytest.mark.parametrize(("answer", "says"), [("Opt-out", OPTED_OUT), ("Not an opt-out", "texted:")])
async def test_compliance_decides_and_everybody_sees_it(texting_office: Office, answer: str, says: str) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("not interested")
    await office.told("cora", "#1001 Dana R. may be opting out.")

    await office.presses_in_direct("cora", answer, lead)

    await office.told("cora", "#1001: done, thank you.")
    await office.until(office.nothing_is_owed, "everything shown")
    [line] = await office.thread_of(lead)
    assert says in line and "Is that an opt-out?" not in line
