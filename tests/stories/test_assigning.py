"""Who leads a team gives a lead to one of its officers, in one line or on a screen; everybody concerned hears of it."""

import pytest

from tests.doubles.office import Office
from tests.doubles.shown import buttons


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")
    return lead


@pytest.mark.parametrize("line", ["1001 to Luis", "#1001 luis ortega", "1001 @luis", "1001 to LUIS"])
async def test_a_free_lead_is_given_to_an_officer_in_one_line(office: Office, line: str) -> None:
    lead = await office.lead_arrives()

    await office.types("tess", f"/lead assign {line}")

    await office.hears("tess", f"#{lead} is Luis Ortega's now.")
    await office.card_of(lead, says="Luis Ortega has it")
    await office.is_told("luis", f"Yours: #{lead} Dana Rowe", "Tess Lindqvist gave it to you.")
    await office.thread_says(lead, "Tess Lindqvist gave it to Luis Ortega.")


async def test_who_had_it_hears_that_it_went_and_no_longer_sees_the_number(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    await office.is_told("maya", f"Yours: #{lead}", "(512) 555-0100")

    await office.types("sam", f"/lead assign {lead} to Luis")

    await office.is_told("maya", f"#{lead} is with Luis Ortega now: Sam Whitaker gave it to them.")
    await office.is_told("maya", f"#{lead} is no longer yours")
    await office.is_told("luis", "(512) 555-0100")


async def test_the_new_owners_clock_runs(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.types("tess", f"/lead assign {lead} to Luis")
    await office.is_told("luis", f"Yours: #{lead}")

    await office.skip(minutes=5)

    await office.is_told("luis", f"#{lead} Dana R. waits for your call.")


async def test_a_misspelled_name_is_asked_back_and_given_on_a_press(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.types("tess", f"/lead assign {lead} to Lius")
    await office.hears("tess", f'I know no "Lius" in that team, or more than one. Nothing changed yet: whom do you mean for #{lead}?')
    await office.card_of(lead, says="callable till")

    await office.presses("tess", "Luis Ortega", lead)

    await office.hears("tess", f"#{lead} is Luis Ortega's now.")


async def test_a_name_that_nobody_has_is_told_as_it_was_meant(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.types("tess", f"/lead assign {lead} to Zed")
    await office.hears("tess", f'I know no "Zed" in that team, so #{lead} stays where it is. Say it like this: /lead assign {lead} to Luis')
    await office.types("tess", f"/lead assign {lead} to")
    await office.hears("tess", "To whom? Say it like this: @Leadbell assign to Luis")


async def test_an_officer_who_may_not_have_it_is_refused_with_the_reason(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.types("tess", f"/lead assign {lead} to Omar")

    await office.hears("tess", f"Omar Haddad cannot have #{lead}: not licensed, TX. Nothing changed.")
    await office.card_of(lead, says="callable till")


@pytest.mark.parametrize("who", ["maya", "cora"])
async def test_only_who_leads_the_team_assigns(office: Office, who: str) -> None:
    lead = await office.lead_arrives()

    await office.types(who, f"/lead assign {lead} to Luis")

    await office.hears(who, "you cannot do this. Who can: team lead or manager.")
    await office.card_of(lead, says="callable till")


async def test_an_unknown_or_closed_lead_is_told(office: Office) -> None:
    await office.types("tess", "/lead assign 99999 to Luis")
    await office.hears("tess", "There is no lead #99999.")
    lead = await office.lead_arrives()
    await office.types("tess", f"/stage {lead} withdrawn")
    await office.presses("tess", "Yes, end it", lead)
    await office.hears("tess", "is now withdrawn")

    await office.types("tess", f"/lead assign {lead} to Luis")

    await office.hears("tess", f"#{lead} is closed (withdrawn), so there is nothing to assign.")


async def test_assigning_is_undone_and_the_lead_rings_again(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.types("tess", f"/lead assign {lead} to Luis")
    await office.hears("tess", f"#{lead} is Luis Ortega's now.")
    await office.thread_says(lead, "gave it to Luis Ortega.")

    await office.presses("tess", "Undo", lead)

    await office.hears("tess", f"Undone. #{lead} is as it was before.")
    await office.card_of(lead, says="callable till")
    await office.thread_says(lead, "Tess Lindqvist gave it to Luis Ortega. Taken back.")
    await office.is_told("luis", f"#{lead} is no longer yours")


async def test_a_lead_that_was_taken_from_somebody_goes_back_to_them(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    await office.types("tess", f"/lead assign {lead} to Luis")
    await office.hears("tess", f"#{lead} is Luis Ortega's now.")

    await office.presses("tess", "Undo", lead)

    await office.card_of(lead, says="Maya Torres has it")
    await office.is_told("maya", f"Yours: #{lead} Dana Rowe", "(512) 555-0100")


async def test_who_leads_assigns_from_the_message_that_nobody_took_it(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.types("priya", "/lead off")
    await office.hears("priya", "You are off until")
    await office.skip(minutes=5)
    asked = await office.told("tess", f"Nobody has taken #{lead}")
    assert buttons(asked) == ["Claim", "Pass", "Assign"]

    await office.presses_in_direct("tess", "Assign", lead)

    screen = await office.screen_of("tess", says="To whom?")
    assert "Not now: " in screen
    assert "Priya Nair (off duty)" in screen
    assert "Omar Haddad (not licensed, TX)" in screen
    await office.chooses_on_screen("tess", "officer", "Luis Ortega")
    await office.screen_of("tess", says=f"#{lead} is Luis Ortega's now.")
    await office.card_of(lead, says="Luis Ortega has it")


@pytest.mark.fault(67)
async def test_who_stopped_leading_meanwhile_is_refused_when_the_screen_is_sent_off(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.types("tess", f"/lead assign {lead}")
    await office.screen_of("tess", says="To whom?")
    await office.becomes("tess", "officer")

    await office.chooses_on_screen("tess", "officer", "Luis Ortega")

    await office.screen_of("tess", says="As loan officer you cannot do this.")
    await office.card_of(lead, says="callable till")


async def test_in_the_thread_a_mention_names_the_officer(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.writes("tess", "@Leadbell assign to <@U0LUIS>", under=lead)

    await office.card_of(lead, says="Luis Ortega has it")


async def test_who_has_it_already_is_known_by_name_and_by_mention(office: Office) -> None:
    lead = await claimed_by_maya(office)
    for line in ("to Maya", "<@U0MAYA>"):
        await office.types("tess", f"/lead assign {lead} {line}")

    async def heard_twice() -> bool:
        return (await office.whispers_to("tess")).count(f"#{lead} is Maya Torres's already, so nothing changed.") == 2

    await office.until(heard_twice, "both answers")
