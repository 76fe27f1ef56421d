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


async def test_an_opt_out_in_free_words_is_confirmed_once(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("please stop texting me")
    await office.borrower_texts("stop texting me please")

    async def confirmed() -> bool:
        return len(await office.texts_to()) == 1

    await office.until(confirmed, "the confirmation")
    await office.thread_says(lead, "stop texting me please")
    await office.until(office.nothing_is_owed, "everything shown")
    [answer] = await office.texts_to()
    assert "you are opted out" in answer


async def test_what_nobody_answers_for_a_day_is_an_opt_out(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("not interested")
    await office.thread_says(lead, "Is that an opt-out?")

    await office.skip(hours=24)

    await office.thread_says(lead, OPTED_OUT)


async def test_start_does_not_lift_our_own_list(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("STOP")
    await office.thread_says(lead, OPTED_OUT)

    await office.borrower_texts("START")

    assert "START" in await office.thread_says(lead, "This number stays closed to our texts. Ask them by phone to agree again.")
    told = await office.told("maya", f"#{lead} Dana R. texted START. Their number stays closed to our texts")
    assert buttons(told) == ["Log"]
    assert "waits since" not in f"{await office.card_of(lead)}"
    await office.types("maya", f"/lead text {lead} Welcome back")
    await office.hears("maya", "They opted out of texts. Call instead.")
    await office.skip(minutes=16)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "waits for an answer" not in f"{await office.direct_messages('tess')}"


async def test_help_is_answered_but_not_for_ever(texting_office: Office) -> None:
    office = texting_office
    await claimed_by_maya(office)
    await office.do("phone", confirms=False)

    for _ in range(5):
        await office.borrower_texts("HELP")

    async def answered() -> bool:
        return len(await office.texts_to()) == 3

    await office.until(answered, "three answers")
    await office.until(office.nothing_is_owed, "everything shown")
    assert set(await office.texts_to()) == {
        "Acme Mortgage, NMLS 123456. Call (512) 555-0199 or write to help@acme.example. Reply STOP to opt out."
    }


async def test_who_must_not_be_called_is_not_texted_either_and_nobody_is_told_to_call(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.logs("maya", lead, "Do not call")

    await office.types("maya", f"/lead text {lead} Hi")

    await office.hears("maya", "This number is closed to texts.")


async def test_start_from_who_never_stopped_waits_for_an_answer(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("START")

    await office.card_of(lead, says="Dana R. waits since")
