"""Officers find a lead by what they remember of it, and only among those they may see; two matches always ask."""

import pytest

from tests.doubles.office import Office
from tests.doubles.shown import JSON, buttons
from tests.stories.conftest import OpenOffice

ANN: JSON = {"first_name": "Ann", "last_name": "Rowe", "phone": "(512) 555-0111", "email": None}
ERIC: JSON = {"first_name": "Éric", "last_name": "O'Hara", "phone": "(512) 555-0122", "email": None}


async def maya_has(office: Office, *leads: JSON) -> list[int]:
    numbers = [await office.lead_arrives(**fields) for fields in leads]
    for number in numbers:
        await office.types("maya", f"/lead claim {number}")
        await office.hears("maya", f"#{number} is yours")
    return numbers


@pytest.mark.parametrize("words", ["o'hara", "éric", "Éric O'Hara", "ÉRIC", "0122", "555-0122", "(512) 555-0122", "#1001", "1001"])
async def test_one_match_is_shown(office: Office, words: str) -> None:
    [lead] = await maya_has(office, ERIC)

    await office.types("maya", f"/lead find {words}")

    await office.hears("maya", f"#{lead}: *Éric O'Hara*")


async def test_two_matches_ask_and_a_press_shows_the_one(any_office: Office) -> None:
    office = any_office
    dana, ann = await maya_has(office, {}, ANN)
    await office.types("maya", "/lead find rowe")
    await office.hears("maya", '2 leads fit "rowe". Which one?', f"#{dana} Dana Rowe, new, Maya Torres", f"#{ann} Ann Rowe")

    await office.presses("maya", f"#{ann} Ann Rowe, new, Maya Torres", ann)

    await office.hears("maya", f"#{ann}: *Ann Rowe*")


async def test_a_name_with_a_typo_is_asked_back(any_office: Office) -> None:
    office = any_office
    [lead] = await maya_has(office, {})

    await office.types("maya", "/lead find dana rwoe")

    await office.hears("maya", 'Nobody is called exactly "dana rwoe". Did you mean this one?', f"#{lead} Dana Rowe")


@pytest.mark.parametrize("words", ["rowe", "0100", "(512) 555-0100", "xyz", "%", "_ana", "👍"])
async def test_what_a_person_may_not_see_is_not_found_by_it(office: Office, words: str) -> None:
    await maya_has(office, {})

    await office.types("luis", f"/lead find {words}")

    told = await office.hears("luis", "I found no lead for")
    assert "Dana" not in told.replace(words, "")


async def test_a_colleagues_lead_is_found_by_the_name_that_the_channel_shows(office: Office) -> None:
    [lead] = await maya_has(office, {})

    await office.types("luis", "/lead find dana r")

    shown = await office.hears("luis", f"#{lead}: *Dana R.*")
    assert "Rowe" not in shown


async def test_compliance_finds_every_lead_by_its_whole_name(any_office: Office) -> None:
    office = any_office
    [lead] = await maya_has(office, {})

    await office.types("cora", "/lead find rowe")

    await office.hears("cora", f"#{lead}: *Dana Rowe*")


async def test_next_is_the_best_lead_that_the_officer_may_take(any_office: Office) -> None:
    office = any_office
    weak = await office.lead_arrives(**ANN, credit=None, timeline=None, loan_amount=None, purchase_price=None)
    best = await office.lead_arrives()
    oklahoma = await office.lead_arrives(first_name="Joe", phone="(405) 555-0100", email=None, property_state="OK", property_zip=None)
    await office.types("luis", "/lead next")
    await office.hears("luis", f"#{best}: *Dana R.*", "Claim")

    await office.presses("luis", "Claim", best)
    await office.card_of(best, says="Luis Ortega has it")
    await office.types("luis", "/lead next")
    await office.hears("luis", f"#{weak}: *Ann R.*")
    await office.types("luis", f"/lead claim {weak}")
    await office.hears("luis", f"#{weak} is yours")
    await office.types("luis", "/lead next")

    await office.hears("luis", "No lead waits that you may take now; 1 waits for others.")
    assert await office.card_of(oklahoma, says="Joe")


async def test_a_lead_that_nobody_may_take_is_told_and_found_among_the_exceptions(any_office: Office) -> None:
    office = any_office
    await office.types("tess", "/lead find exceptions")
    await office.hears("tess", "No exceptions: somebody may take every lead that waits.")
    lead = await office.lead_arrives(property_state="UT", property_zip=None)

    told = await office.told("tess", f"Nobody on Austin may take #{lead}", "the company has no license in UT", "/lead find exceptions")
    assert buttons(told) == ["Assign", "Book a time"]
    await office.types("tess", "/lead find exceptions")

    await office.hears("tess", "1 lead waits that nobody on the team may take.", f"#{lead} Dana R., new")


async def test_who_has_not_called_yet_is_told_which_lead_to_call_first(changed_office: OpenOffice) -> None:
    async with changed_office({"    # open_without_attempt_cap: 3 ": "    open_without_attempt_cap: 1 "}) as office:
        [lead] = await maya_has(office, {})
        other = await office.lead_arrives(**ANN)
        await office.presses("maya", "Claim", other)
        await office.hears("maya", "You hold 1 lead that you have not called yet", f"Call first: #{lead} waits longest.", "Open")

        await office.types("maya", f"/log {lead} no answer")
        await office.hears("maya", f"Logged for #{lead}: No answer.")
        await office.types("maya", f"/lead claim {other}")

        await office.card_of(other, says="Maya Torres has it")


async def test_where_nothing_waits_next_says_so(office: Office) -> None:
    await office.types("luis", "/lead next")

    await office.hears("luis", "No lead waits. You will hear the next one ring.")


async def test_a_manager_who_serves_in_no_team_reads_that_leads_wait_in_those_that_they_manage(any_office: Office) -> None:
    await any_office.lead_arrives()

    await any_office.types("sam", "/lead next")

    await any_office.hears("sam", "You serve in no team, so I hand you no lead. In those that you manage, 1 lead waits for somebody")


async def test_what_is_closed_and_nobody_s_is_not_called_free(office: Office) -> None:
    await office.lead_arrives()
    await office.types("tess", "/stage 1001 withdrawn")
    await office.presses("tess", "Yes, end it", 1001)
    await office.card_of(1001, says="withdrawn")

    await office.types("luis", "/log 1001 connected")

    await office.hears("luis", "#1001 is closed (withdrawn), and nobody has it. Who leads the team can reopen it: /stage 1001 contacted.")
