"""Two leads with one phone and two first names: who has the first one says whether they are the same request or two people."""

from bot.store.records import lead_record
from tests.doubles.counts import leads_per_stage
from tests.doubles.hostile import HOSTILE, faults_in
from tests.doubles.office import Office
from tests.doubles.shown import buttons

ASKED = "#1001 Dana R. and #1002 Alex R. share a phone or an email. Same request, or two people?"


async def dana_of_maya_and_alex(office: Office) -> tuple[int, int]:
    """Maya has Dana's lead; then Alex asks from Dana's phone."""
    older = await office.lead_arrives("zillow")
    await office.presses("maya", "Claim", older)
    await office.told("maya", "Yours: #1001")
    await office.skip(minutes=12)
    newer = await office.lead_arrives("lendingtree", first_name="Alex", email="alex@example.com")
    return older, newer


async def test_the_first_leads_owner_is_asked_and_nobody_else(any_office: Office) -> None:
    office = any_office
    await dana_of_maya_and_alex(office)

    asked = await office.told("maya", ASKED)

    assert buttons(asked) == ["Same request", "Two people"]
    await office.until(office.nothing_is_owed, "everything shown")
    assert "two people" not in f"{await office.direct_messages('tess')}"


async def test_who_leads_the_team_is_asked_where_the_first_lead_is_free(office: Office) -> None:
    await office.lead_arrives("zillow")

    await office.lead_arrives("lendingtree", first_name="Alex")

    await office.told("tess", ASKED)


async def test_who_claims_the_newer_lead_is_asked_in_the_same_message(office: Office) -> None:
    _, newer = await dana_of_maya_and_alex(office)
    await office.presses("luis", "Claim", newer)

    yours = await office.told("luis", "Yours: #1002", ASKED)

    assert buttons(yours)[-2:] == ["Same request", "Two people"]


async def test_the_same_request_closes_the_newer_lead_and_is_told_on_the_older_with_a_fresh_clock(any_office: Office) -> None:
    office = any_office
    older, newer = await dana_of_maya_and_alex(office)
    await office.told("maya", ASKED)

    await office.presses_in_direct("maya", "Same request", newer)

    await office.hears("maya", "#1002 is closed as the same request as #1001. You can undo this for 10 minutes.")
    await office.thread_says(older, "Dana R. asked again: LendingTree, 12 min after Zillow.")
    await office.thread_says(newer, "Same request as #1001, so this one is closed.")
    await office.card_of(newer, says="#1002: closed, the same request as #1001")
    await office.told("maya", "#1002 is the same request as #1001, so it is closed. Maya Torres has #1001.")
    assert (await stage_of(office, newer), await stages(office)) == ("duplicate", {"new": 1, "duplicate": 1})
    await office.skip(minutes=14)
    await office.told("maya", "#1001 Dana R. goes back to the pool in 2 minutes.")
    await office.card_of(older, says="Maya Torres has it")


async def test_what_only_the_second_request_knew_reaches_the_owner_of_the_first(office: Office) -> None:
    _, newer = await dana_of_maya_and_alex(office)
    await office.told("maya", ASKED)
    await office.presses_in_direct("maya", "Same request", newer)
    await office.hears("maya", "#1002 is closed")

    record = await office.services.store.read(lead_record, 1001) if office.services else None

    assert "alex@example.com" in f"{record}"


async def test_a_third_request_under_the_second_name_joins_the_first_lead(office: Office) -> None:
    older, newer = await dana_of_maya_and_alex(office)
    await office.told("maya", ASKED)
    await office.presses_in_direct("maya", "Same request", newer)
    await office.hears("maya", "#1002 is closed")

    assert await office.lead_arrives("website", first_name="Alex", email="alex@example.com") == older


async def test_two_people_leaves_both_alive_and_asks_no_more(any_office: Office) -> None:
    office = any_office
    _, newer = await dana_of_maya_and_alex(office)
    await office.told("maya", ASKED)

    await office.presses_in_direct("maya", "Two people", newer)

    await office.hears("maya", "#1002 and #1001 are two people.")
    await office.told("maya", "#1002 and #1001 are two people. Both leads go on.")
    await office.thread_says(newer, "Not the same request as #1001: two people.")
    await office.presses("luis", "Claim", newer)
    yours = await office.told("luis", "Yours: #1002")
    assert "Same request" not in buttons(yours)
    assert await stages(office) == {"new": 2}


async def test_the_same_request_is_undone_within_ten_minutes(any_office: Office) -> None:
    office = any_office
    _, newer = await dana_of_maya_and_alex(office)
    await office.told("maya", ASKED)
    await office.presses_in_direct("maya", "Same request", newer)
    await office.hears("maya", "#1002 is closed")
    await office.skip(minutes=9)

    await office.presses_in_direct("maya", "Undo", newer)

    await office.hears("maya", "Undone. #1002 is a lead of its own again")
    await office.card_of(newer, says="callable till")
    await office.told("maya", ASKED)
    assert (await stage_of(office, newer), await stages(office)) == ("new", {"new": 2})
    record = await office.services.store.read(lead_record, 1001) if office.services else None
    assert "alex@example.com" not in f"{record}"


async def test_after_ten_minutes_it_stays(office: Office) -> None:
    _, newer = await dana_of_maya_and_alex(office)
    await office.told("maya", ASKED)
    await office.presses_in_direct("maya", "Same request", newer)
    await office.hears("maya", "#1002 is closed")
    await office.skip(minutes=11)

    await office.presses_in_direct("maya", "Undo", newer)

    await office.hears("maya", "More than 10 minutes have passed, so #1002 stays as it is.")
    assert await stage_of(office, newer) == "duplicate"


async def test_who_has_the_newer_lead_keeps_the_borrower_where_the_older_is_free(office: Office) -> None:
    older = await office.lead_arrives("zillow")
    newer = await office.lead_arrives("lendingtree", first_name="Alex")
    await office.presses("luis", "Claim", newer)
    await office.told("luis", "Yours: #1002")

    await office.presses_in_direct("luis", "Same request", newer)

    await office.told("luis", "Yours: #1001 Dana Rowe")
    await office.card_of(older, says="Luis Ortega has it")
    await office.thread_says(older, "Luis Ortega has it now.")


async def test_hostile_names_are_only_shown(office: Office) -> None:
    for text in HOSTILE[:8]:
        await office.lead_arrives("zillow", first_name=f"Dana {text}", last_name=text)
        newer = await office.lead_arrives("lendingtree", first_name=f"Alex {text}", last_name=text, email=None)
        await office.told("tess", f"#{newer} ", "Same request, or two people?")

    assert [fault for message in await office.messages("D0TESS") for fault in faults_in(message)] == []


async def stage_of(office: Office, lead: int) -> str:
    assert office.services is not None
    record = await office.services.store.read(lead_record, lead)
    assert record is not None
    return str(record["stage"])


async def stages(office: Office) -> dict[str, int]:
    assert office.services is not None
    return await office.services.store.read(leads_per_stage)


async def test_a_lead_that_was_handed_over_by_mistake_tells_who_took_it_back(office: Office) -> None:
    older = await office.lead_arrives("zillow")
    newer = await office.lead_arrives("lendingtree", first_name="Alex", email="alex@example.com")
    await office.presses("luis", "Claim", newer)
    await office.told("luis", f"Yours: #{newer}", "Same request, or two people?")
    await office.presses_in_direct("luis", "Same request", newer)
    await office.card_of(older, says="Luis Ortega has it")
    await office.hears("luis", f"#{newer} is closed as the same request")

    await office.presses_in_direct("luis", "Undo", newer)

    await office.thread_says(older, "Luis Ortega took back that another lead is the same request. It is free to claim.")
    await office.card_of(older, says="Claim")
