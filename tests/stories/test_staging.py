"""Officers move a lead along in one line or on a screen; what ends it is asked about first."""

import pytest

from bot.store.events import Event
from bot.store.records import lead_record
from tests.doubles.office import Office
from tests.doubles.rows import rows


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")
    return lead


async def stage_of(office: Office, lead: int) -> str:
    assert office.services is not None
    record = await office.services.store.read(lead_record, lead)
    assert record is not None
    return str(record["stage"])


async def test_a_stage_is_set_in_one_line_and_told_in_the_thread(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/stage {lead} to Pre-Approved")

    await office.hears("maya", f"#{lead} is now preapproved.")
    await office.thread_says(lead, "Maya Torres: now preapproved.")
    assert await stage_of(office, lead) == "preapproved"


async def test_a_misspelled_stage_is_asked_back_and_set_on_a_press(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/stage {lead} preaproved")
    await office.hears("maya", f"I did not catch the stage for #{lead}, so nothing changed yet. Did you mean this?")
    assert await stage_of(office, lead) == "new"

    await office.presses("maya", "preapproved", lead)

    await office.hears("maya", f"#{lead} is now preapproved.")


async def test_words_that_are_no_stage_get_the_list(office: Office) -> None:
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/stage {lead} xyz")

    await office.hears("maya", "so nothing changed. I know: new, attempted, contacted")


async def test_ending_a_lead_is_asked_about_first(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/stage {lead} withdrawn")
    await office.hears("maya", f"#{lead} becomes withdrawn, which ends it: it will not ring any more. Sure?")
    assert await stage_of(office, lead) == "new"

    await office.presses("maya", "Yes, end it", lead)

    await office.hears("maya", f"#{lead} is now withdrawn.")
    assert await stage_of(office, lead) == "withdrawn"


@pytest.mark.parametrize(("press", "told"), [("Yes, told", True), ("Not yet", False)])
async def test_a_refusal_asks_whether_the_borrower_was_told_and_says_by_when(any_office: Office, press: str, told: bool) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/stage {lead} denied")
    asked = await office.hears("maya", f"#{lead} becomes denied, which ends it. Was the borrower told? Notice due by ")
    assert await stage_of(office, lead) == "new"

    await office.presses("maya", press, lead)

    due = asked.partition("due by ")[2].partition(".")[0]
    await office.hears("maya", f"#{lead} is now denied.", f"by {due}.")
    assert office.services is not None
    [event] = [event for event in rows(office.services.store, Event) if event.kind == "staged"]
    assert event.meta["told"] is told
    assert event.meta["notice_due"] is not None


async def test_the_screen_asks_too_and_tells_what_came_of_it(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/stage {lead}")
    await office.chooses_on_screen("maya", "stage", "not qualified")
    await office.screen_of("maya", says="Was the borrower told?")

    await office.presses_on_screen("maya", "Not yet")

    await office.screen_of("maya", says=f"#{lead} is now not qualified. Tell the borrower in writing by ")
    await office.presses_on_screen("maya", "Undo")
    await office.screen_of("maya", says=f"Undone. #{lead} is as it was before.")
    assert await stage_of(office, lead) == "new"


async def test_a_lead_of_somebody_else_is_refused_and_who_leads_the_team_is_asked_before(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    await office.types("luis", f"/stage {lead} contacted")
    await office.hears("luis", f"#{lead} is with Maya Torres, so I did not change it. Ask them, or your team lead.")
    await office.types("cora", f"/stage {lead} contacted")
    await office.hears("cora", "As compliance you cannot do this.")
    assert await stage_of(office, lead) == "new"

    await office.types("tess", f"/stage {lead} contacted")
    await office.hears("tess", f"#{lead} is Maya Torres's lead. Move it anyway?")
    await office.presses("tess", "Yes, go ahead", lead)

    await office.hears("tess", f"#{lead} is now contacted.")


async def test_a_lead_nobody_wants_is_closed_by_the_team_lead_and_rings_no_more(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.types("tess", f"/stage {lead} duplicate")
    await office.hears("tess", "Sure?")
    await office.presses("tess", "Yes, end it", lead)
    await office.hears("tess", f"#{lead} is now duplicate.")
    await office.until(office.nothing_is_owed, "everything shown")
    before = await office.direct_messages("sam")

    await office.skip(minutes=40)

    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.direct_messages("sam") == before


async def test_the_same_stage_again_changes_nothing(office: Office) -> None:
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/stage {lead} new")

    await office.hears("maya", f"#{lead} is new already, so nothing changed.")
