"""A lead that is of no use is asked back from who sold it, while they still take it back."""

from datetime import time, timedelta

from bot.capture.returns_due import tell_managers
from bot.rules.spoken import short_day
from tests.doubles.office import Office, tuesday
from tests.doubles.shown import JSON, buttons, words
from tests.stories.test_history import notes_are_kept


def last_day(days: int = 10) -> str:
    """How a line names the last day of Zillow's ten, counted from the Tuesday of the story."""
    return short_day(tuesday(time(12)).date() + timedelta(days=days), "en")


async def claimed_by_maya(office: Office, source: str = "zillow", **fields: str) -> int:
    lead = await office.lead_arrives(source, **fields)
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    return lead


async def answer_to(office: Office, who: str, line: str, *parts: str) -> list[str]:
    """Type it, and read what can be pressed below the new answer that says all of this."""

    async def answers() -> list[JSON]:
        return [each for each in await office.messages() if "ephemeral_to" in each and all(part in words(each) for part in parts)]

    before = len(await answers())
    await office.types(who, line)

    async def answered() -> list[JSON] | None:
        return (await answers())[before:]

    [answer] = await office.until(answered, f"an answer to {line}")
    return buttons(answer)


async def test_a_wrong_person_opens_a_return_told_in_one_quiet_line_and_to_who_logs(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office, price="45")

    await office.types("maya", f"/log {lead} wrong person")

    line = f"Return open: wrong person, ask Zillow for $45 back by {last_day()}"
    assert "Logged for #1001: Wrong person." in await office.hears("maya", line)
    await office.thread_says(lead, line)
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.thread_of(lead) == ["Maya Torres: Wrong person.", line]


async def test_a_bad_number_opens_one_at_the_source_s_own_price(office: Office) -> None:
    lead = await claimed_by_maya(office)

    await office.logs("maya", lead, "Bad number")

    await office.thread_says(lead, f"Return open: bad number, ask Zillow for $62 back by {last_day()}")


async def test_a_source_without_return_days_takes_none_back_and_that_is_said(office: Office) -> None:
    lead = await claimed_by_maya(office, "lendingtree")

    await office.types("maya", f"/log {lead} wrong person")

    await office.hears("maya", "Logged for #1001: Wrong person.", "No return: LendingTree takes no leads back.")
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.thread_of(lead) == ["Maya Torres: Wrong person."]


async def test_undo_of_the_log_takes_the_return_back(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/log {lead} wrong person")
    await office.thread_says(lead, "Return open")

    await office.presses("maya", "Undo", lead)

    await office.thread_says(lead, "Return dropped: wrong person, Zillow")
    await office.thread_says(lead, "Maya Torres: Wrong person. Taken back.")
    await office.types("maya", f"/lead return {lead} sent")
    await office.hears("maya", "No return of #1001 waits to be sent.")


async def test_a_call_whose_return_was_sent_is_not_undone(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/log {lead} wrong person")
    await office.thread_says(lead, "Return open")
    await office.types("maya", f"/lead return {lead} sent")
    await office.thread_says(lead, "Return sent: wrong person, Zillow was asked for $62 back")

    await office.hears("maya", "Logged for #1001")
    [logged] = [each for each in await office.messages() if "Logged for #1001" in f"{each}"]
    await office.presses_on(logged, "maya", "Undo")

    await office.hears("maya", "something newer happened since: a return was marked as sent")
    await office.thread_says(lead, "Return sent")


async def test_lead_show_tells_of_the_return_with_what_to_do_about_it(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.logs("maya", lead, "Wrong person")
    await office.thread_says(lead, "Return open")

    below = await answer_to(office, "maya", f"/lead show {lead}", f"Return open: wrong person, ask Zillow for $62 back by {last_day()}")
    assert below[-2:] == ["Mark as sent", "Drop"]

    await office.presses("maya", "Mark as sent", lead)

    await office.hears("maya", "#1001: noted that Zillow was asked to take it back.")
    await office.thread_says(lead, "Return sent: wrong person")
    await office.until(office.nothing_is_owed, "everything shown")
    assert len(await office.thread_of(lead)) == 2


async def test_lead_return_asks_why_and_opens_by_hand(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)

    offered = await answer_to(office, "maya", f"/lead return {lead}", "Why should #1001 go back to who sold it?")
    assert offered == ["wrong person", "bad number", "duplicate", "not our state", "no intent"]
    await office.presses("maya", "no intent", lead)

    await office.thread_says(lead, f"Return open: no intent, ask Zillow for $62 back by {last_day()}")
    assert await answer_to(office, "maya", f"/lead return {lead}", "#1001: Return open: no intent") == ["Mark as sent", "Drop"]


async def test_a_drop_is_shown_and_can_be_undone(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead return {lead} not our state")
    await office.thread_says(lead, "Return open: not our state")

    await office.types("maya", f"/lead return {lead} drop")
    await office.thread_says(lead, "Return dropped: not our state, Zillow")
    await office.hears("maya", "Zillow will not be asked")
    [dropped] = [each for each in await office.messages() if "Zillow will not be asked" in f"{each}"]
    await office.presses_on(dropped, "maya", "Undo")

    await office.thread_says(lead, "Return open: not our state")


async def test_an_opening_by_hand_can_be_undone(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead return {lead} no intent")
    await office.thread_says(lead, "Return open: no intent")

    await office.presses("maya", "Undo", lead)

    await office.hears("maya", "Undone. #1001 is as it was before.")
    await office.thread_says(lead, "Return dropped: no intent, Zillow")


async def test_what_is_over_stays_over_and_the_day_is_named(office: Office) -> None:
    lead = await office.lead_arrives("zillow")
    await office.skip(days=11)

    await office.types("tess", f"/lead return {lead} no intent")

    await office.hears("tess", f"No return: Zillow took this one back until {last_day()}.")


async def test_on_the_last_day_it_can_still_be_opened(office: Office) -> None:
    lead = await office.lead_arrives("zillow")
    await office.skip(days=10)

    await office.types("tess", f"/lead return {lead} no intent")

    await office.thread_says(lead, "Return open: no intent")


async def test_a_lead_is_asked_back_once(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead return {lead} no intent")
    await office.thread_says(lead, "Return open: no intent")

    await office.types("maya", f"/log {lead} wrong person")

    await office.hears("maya", "Logged for #1001: Wrong person.", "Zillow is asked for this one already.")


async def test_whom_we_had_already_is_a_duplicate_by_itself_and_a_repeat_of_one_request_is_none(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office, "website", external_id="w-1")

    assert await office.lead_arrives("zillow", external_id="z-1", price="45") == lead
    assert await office.lead_arrives("zillow", external_id="z-1", price="45") == lead

    here = f"(here from Website since {last_day(0)})"
    await office.thread_says(lead, f"Return open: duplicate {here}, ask Zillow for $45 back by {last_day()}")
    await office.until(office.nothing_is_owed, "everything shown")
    assert len([line for line in await office.thread_of(lead) if "Return open" in line]) == 1
    await answer_to(office, "tess", f"/lead return {lead}", f"#1001: Return open: duplicate {here}")
    await office.types("tess", f"/lead return {lead} drop")
    await office.thread_says(lead, "Return dropped: duplicate, Zillow")


async def test_the_stage_duplicate_opens_one_and_its_undo_drops_it(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead stage {lead} duplicate")
    await office.presses("maya", "Yes, end it", lead)

    await office.thread_says(lead, f"Return open: duplicate, ask Zillow for $62 back by {last_day()}")
    await office.presses("maya", "Undo", lead)

    await office.thread_says(lead, "Return dropped: duplicate, Zillow")


async def test_two_leads_that_are_one_request_make_the_second_a_duplicate_until_it_is_undone(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office, "website")
    newer = await office.lead_arrives("zillow", first_name="Alex")
    await office.told("maya", "Same request")

    await office.presses_in_direct("maya", "Same request", newer)

    await office.thread_says(newer, f"Return open: duplicate (here from Website since {last_day(0)}), ask Zillow for $62 back")
    await office.presses_in_direct("maya", "Undo", newer)
    await office.thread_says(newer, "Return dropped: duplicate, Zillow")
    assert not any("Return" in line for line in await office.thread_of(lead))


async def test_a_second_request_is_the_duplicate_and_both_vendors_sold_the_wrong_number(office: Office) -> None:
    lead = await claimed_by_maya(office, external_id="z-1")
    assert await office.lead_arrives("zillow", external_id="z-2", price="30") == lead
    await office.thread_says(lead, f"ask Zillow for $30 back by {last_day()}")

    await office.types("maya", f"/log {lead} bad number")

    await office.hears("maya", f"Return open: bad number, ask Zillow for $62 back by {last_day()}", "Zillow is asked for this one already.")
    offered = await answer_to(office, "maya", f"/lead return {lead} sent", "#1001 has several returns open. Which one?")
    assert offered == ["Zillow: Mark as sent", "Zillow: Mark as sent"]


async def test_a_return_is_the_owner_s_and_who_leads_the_team_s_to_open(office: Office) -> None:
    lead = await claimed_by_maya(office)

    await office.types("luis", f"/lead return {lead} no intent")
    await office.hears("luis", "#1001 is with Maya Torres, so I did not change it.")
    await office.types("cora", f"/lead return {lead} no intent")
    await office.hears("cora", "As compliance you cannot do this.")
    await office.types("tess", f"/lead return {lead} no intent")

    await office.thread_says(lead, "Return open: no intent")


async def test_a_misspelled_reason_is_asked_back(office: Office) -> None:
    lead = await claimed_by_maya(office)

    assert await answer_to(office, "maya", f"/lead return {lead} dupliacte", "I did not catch why #1001 should go back") == ["duplicate"]
    assert await office.thread_of(lead) == []


async def test_at_four_the_manager_reviews_what_can_still_go_back_one_after_the_other(any_office: Office) -> None:
    office = any_office
    services = office.services
    assert services is not None
    twice = await office.lead_arrives("website")
    assert await office.lead_arrives("zillow", price="45") == twice
    far = await office.lead_arrives("zillow", first_name="Tom", phone="(512) 555-0177", property_state="NY")
    await office.clock_says(time(16, 1))
    await tell_managers(services)
    here = f"duplicate (here from Website since {last_day(0)})"
    await office.told("sam", "2 leads ($107) can still go back", f"#{twice}, Zillow: {here}, until {last_day()}", "Review")

    await office.presses_in_direct("sam", "Review", 0)
    await office.hears(
        "sam", "Should these go back?", f"#{twice}, Zillow: {here}, $45, until {last_day()}", f"#{far}, Zillow: not our state, $62"
    )
    await office.presses_in_direct("sam", "Mark as sent", twice)
    await office.hears("sam", f"#{twice}: noted that Zillow was asked to take it back.", "Should these go back?", f"#{far}, Zillow")
    await office.presses_in_direct("sam", "Drop", far)

    await office.hears("sam", f"#{far}: Zillow will not be asked to take it back.", "No lead of your teams waits to go back.")
    await office.thread_says(twice, "Return sent: duplicate, Zillow was asked for $45 back")
    await office.thread_says(far, "Return dropped: not our state, Zillow")


async def test_lead_show_tells_of_a_return_beside_a_long_history(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead return {lead} no intent")
    await office.thread_says(lead, "Return open: no intent")
    for number in range(11):
        await office.types("maya", f"/lead note {lead} note number {number}")
        await notes_are_kept(office, number + 1)

    below = await answer_to(office, "maya", f"/lead show {lead}", "Return open: no intent", "note number 10")

    assert below[-3:] == ["Mark as sent", "Drop", "Show earlier"]
