"""A borrower wants no more texts: heard at once, asked about where the words are unclear, and never undone by a machine."""

import pytest

from bot.store.installation import contact_key
from bot.store.outbound import Message
from bot.store.suppressions import closed_channels
from tests.doubles.office import Office
from tests.doubles.shown import buttons
from tests.doubles.workplace import DANAS_NUMBER
from tests.stories.test_texts_in import claimed_by_maya

UNCLEAR, STRANGER = "not interested", "+15125550177"
OPTED_OUT = "Nothing more is texted to this number, and nobody calls it before they ask us again."


async def test_stop_is_heard_at_once(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("STOP")

    line = await office.thread_says(lead, OPTED_OUT)
    assert "wants no more texts:" in line and "STOP" in line
    await office.told("maya", "#1001 Dana R. wants no more texts.")
    assert "has been waiting since" not in f"{await office.card_of(lead)}"


async def test_whoever_has_somebody_elses_number_is_called_no_more_and_everybody_reads_why(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("wrong number")

    line = await office.thread_says(lead, "Nothing more is texted to this number, and nobody calls it. Ask for another one.")
    assert "does not have this number:" in line and "under way" not in line
    await office.told("maya", "#1001 Dana R. does not have this number. Nothing more is texted to it, and nobody calls it.")
    assert await closed_to_dana(office) == {"sms", "voice", "marketing"}
    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", "No more calls or texts to this number")


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
    if answer == "Not an opt-out":
        await office.writes_on_screen("cora", "reason", "They meant the house")
        await office.screen_of("cora", says="noted, it is no opt-out")

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

    assert "confirm" not in await office.thread_says(lead, OPTED_OUT)
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.texts_to() == []


async def test_start_does_not_lift_our_own_list(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("STOP")
    await office.thread_says(lead, OPTED_OUT)

    await office.borrower_texts("START")

    assert "START" in await office.thread_says(lead, "This number stays closed to our texts. Ask them by phone to agree again.")
    told = await office.told("maya", f"#{lead} Dana R. texted START. Their number stays closed to our texts")
    assert buttons(told) == ["Log"]
    assert "has been waiting since" not in f"{await office.card_of(lead)}"
    await office.types("maya", f"/lead text {lead} Welcome back")
    await office.hears("maya", "They opted out of texts. Open says what may still reach them.")
    await office.skip(minutes=16)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "has been waiting for an answer" not in f"{await office.direct_messages('tess')}"


async def test_what_is_written_after_a_stop_stands_in_the_thread_and_nobody_is_told_to_answer_it(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("STOP")
    await office.thread_says(lead, OPTED_OUT)

    await office.borrower_texts("I said no")

    await office.thread_says(lead, "I said no")
    await office.told("maya", f"#{lead} Dana R. texted:", "I said no")
    assert "has been waiting since" not in f"{await office.card_of(lead)}"
    await office.skip(minutes=16)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "has been waiting for an answer" not in f"{await office.direct_messages('tess')}"


@pytest.mark.fault(56)
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
    await office.thread_says(lead, "Maya Torres: Do not call")

    await office.types("maya", f"/lead text {lead} Hi")

    await office.hears("maya", "This number is closed to texts.")


async def test_start_from_who_never_stopped_waits_for_an_answer(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("START")

    await office.card_of(lead, says="Dana R. has been waiting since")


async def test_unclear_words_of_an_unknown_number_are_asked_about_and_then_whose_they_are(texting_office: Office) -> None:
    office = texting_office
    await office.borrower_texts(UNCLEAR, number=STRANGER)
    asked = await office.told("cora", "Somebody whom I cannot place texted, and may be opting out.", UNCLEAR)
    await office.told("tess", "may be opting out", UNCLEAR)
    assert buttons(asked) == ["Opt-out", "Not an opt-out"]

    await office.presses_on(asked, "cora", "Not an opt-out")
    await office.writes_on_screen("cora", "reason", "They meant another bank")

    await office.screen_of("cora", says="Noted, it is no opt-out. What is left is to say whose words these are.")
    whose = await office.told("tess", "from a number I do not know", UNCLEAR)
    assert buttons(whose) == ["Co-borrower of...", "New lead", "Not ours"]
    await office.presses_on(whose, "tess", "New lead")
    await office.thread_says(1001, UNCLEAR)


async def test_unclear_words_on_a_number_of_two_leads_count_as_an_opt_out_after_a_day(texting_office: Office) -> None:
    office = texting_office
    await office.do("phone", confirms=False)
    first = await office.lead_arrives()
    second = await office.lead_arrives(first_name="Rob", email="rob@example.com")
    await office.borrower_texts(UNCLEAR)
    await office.told("tess", "may be opting out", UNCLEAR)

    await office.skip(hours=24, minutes=1)

    await office.told("tess", "They opted out. Nothing more is texted to this number.")
    await office.told("cora", "They opted out.")
    for lead in (first, second):
        await office.types("tess", f"/lead text {lead} Hello?")
    assert len([said for said in await whispers(office, "tess", 2) if "They opted out of texts." in said]) == 2

    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.texts_to() == []


async def test_of_two_unclear_texts_in_a_row_each_is_asked_about_and_the_hold_lasts_for_both(texting_office: Office) -> None:
    office = texting_office
    await claimed_by_maya(office)
    await office.borrower_texts(UNCLEAR)
    first = await office.told("cora", "may be opting out", UNCLEAR)
    await office.borrower_texts("cancel it")
    second = await office.told("cora", "may be opting out", "cancel it")

    await office.presses_on(first, "cora", "Not an opt-out")
    await office.writes_on_screen("cora", "reason", "They meant the house")
    await office.screen_of("cora", says="noted, it is no opt-out")
    assert "automation" in await closed_to_dana(office)
    await office.presses_on(second, "cora", "Not an opt-out")
    await office.screen_of("cora", says="What did they mean?")
    await office.writes_on_screen("cora", "reason", "They meant the visit")

    async def open_again() -> bool:
        return await closed_to_dana(office) == set()

    await office.until(open_again, "a hold that is lifted")


async def test_a_clear_stop_answers_what_was_unclear_before_it(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts(UNCLEAR)
    await office.told("cora", "may be opting out", UNCLEAR)

    await office.borrower_texts("STOP")

    await office.thread_says(lead, "wants no more texts")
    await office.told("cora", f"#{lead}: done, thank you.")
    assert [text.status for text in office.all(Message)] == ["opt_out", "opt_out"]
    assert await closed_to_dana(office) == {"sms", "sales_calls", "marketing"}


async def test_stop_twice_is_confirmed_once(texting_office: Office) -> None:
    office = texting_office
    await office.do("phone", confirms=False)
    lead = await office.lead_arrives()

    await office.borrower_texts("STOP")
    await office.borrower_texts("stop!!")

    async def heard_twice() -> bool:
        return len([line for line in await office.thread_of(lead) if "wants no more texts" in line]) == 2

    await office.until(heard_twice, "both in the thread")
    await office.until(office.nothing_is_owed, "everything shown")
    assert [text.purpose for text in office.all(Message) if text.direction == "out"] == ["confirmation"]


async def whispers(office: Office, who: str, many: int) -> list[str]:
    async def heard() -> list[str] | None:
        said = await office.whispers_to(who)
        return said if len(said) >= many else None

    return await office.until(heard, f"{many} whispers")


async def closed_to_dana(office: Office) -> set[str]:
    assert office.services is not None
    key = contact_key(office.services.hash_key, "phone", DANAS_NUMBER)
    return set(await office.services.store.read(closed_channels, key))


async def test_one_phone_in_two_teams_stops_for_both_and_each_thread_says_so(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    other = await office.lead_arrives("partner", first_name="Rob", email="rob@example.com", property_state="NM")
    south = "C0SOUTH"
    await office.card_of(other, south)

    await office.borrower_texts("ya no me escriban")

    await office.thread_says(lead, OPTED_OUT)
    await office.thread_says(other, OPTED_OUT, south)
