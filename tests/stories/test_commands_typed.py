"""Officers type /lead on a phone: the lead is found with a number or without, typos are asked back, and every answer is private."""

import pytest

from tests.doubles.office import Office
from tests.doubles.waiting import stopwatch


async def test_a_lead_is_shown_privately_and_masked_to_who_does_not_own_it(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.types("luis", f"/lead show {lead}")

    shown = await office.hears("luis", f"#{lead}: *Dana R.*")
    assert "Rowe" not in shown
    assert "555" not in shown
    assert await office.whispers_to("maya") == []


async def test_the_owner_sees_the_number_and_can_work_the_lead_from_the_answer(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim #{lead}")
    await office.hears("maya", f"#{lead} is yours, in ", "How to reach them is in my direct message to you.")

    await office.types("maya", "/lead show")

    await office.hears("maya", "Dana Rowe", "(512) 555-0100", "I'm calling", "Give back")
    await office.card_of(lead, says="Maya Torres has it")


@pytest.mark.parametrize("typed", ["release dana", "claim 42", "show -1"])
async def test_words_that_are_no_number_never_stand_for_the_lead_that_was_opened_last(office: Office, typed: str) -> None:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")

    await office.types("maya", f"/lead {typed}")

    command, _, said = typed.partition(" ")
    await office.hears("maya", f'"{said}" is no lead number. Say it like this: /lead {command} 1042')
    await office.card_of(lead, says="Maya Torres has it")


async def test_a_lead_can_be_claimed_from_the_answer(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead show {lead}", channel="D0MAYA")
    await office.hears("maya", f"#{lead}: ")

    await office.presses_in_direct("maya", "Claim", lead)

    await office.card_of(lead, says="Maya Torres has it")


async def test_a_call_is_logged_in_one_line_with_its_note(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")

    await office.types("maya", f"/log {lead} connected wants a 15-year")

    await office.hears("maya", f"Logged for #{lead}: Connected.")
    await office.thread_says(lead, "Maya Torres: Connected.")
    assert "15-year" not in f"{await office.thread_of(lead)}"


async def test_without_a_number_it_is_the_lead_opened_last(office: Office) -> None:
    first, second = await office.lead_arrives(), await office.lead_arrives(first_name="Ann", phone="(512) 555-0111", email=None)
    for lead in (first, second):
        await office.types("maya", f"/lead claim {lead}")
        await office.hears("maya", f"#{lead} is yours")
    await office.types("maya", "/log vm")
    await office.hears("maya", f"Logged for #{second}: Left a voicemail.")

    await office.presses("maya", "Open", first)
    await office.screen_of("maya", says="Dana Rowe")
    await office.types("maya", "/log vm")

    await office.hears("maya", f"Logged for #{first}: Left a voicemail.")


async def test_who_opened_none_yet_is_asked_which(office: Office) -> None:
    await office.lead_arrives()

    await office.types("luis", "/lead claim")

    await office.hears("luis", "Which lead? You opened none yet, so say its number: /lead claim 1042")


async def test_a_misspelled_command_is_asked_back_and_done_on_a_press(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead clain {lead}")
    await office.hears("maya", 'I do not know "clain". Did you mean claim? Nothing was done yet.')
    await office.card_of(lead, says="callable till")

    await office.presses("maya", f"claim {lead}", lead)

    await office.hears("maya", f"#{lead} is yours")
    assert len(await office.whispers_to("maya")) == 1  # the question was replaced


async def test_a_misspelled_result_is_asked_back_and_its_note_is_kept(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")
    await office.types("maya", f"/log {lead} conected wants a 15-year")
    await office.hears("maya", f"Nothing was logged for #{lead} yet. Did you mean Connected?")
    assert await office.thread_of(lead) == []

    await office.presses("maya", "Connected", lead)

    await office.hears("maya", f"Logged for #{lead}: Connected.")
    await office.thread_says(lead, "Maya Torres: Connected.")


async def test_a_result_that_means_nothing_is_asked_for_with_the_usual_ones_to_press(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")
    await office.types("maya", f"/log {lead} zzz")
    await office.hears("maya", f"How did it go with #{lead}? I did not catch it, so nothing was logged.")

    await office.presses("maya", "No answer", lead)

    await office.hears("maya", f"Logged for #{lead}: No answer.")


async def test_log_without_a_word_opens_the_screen(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")

    await office.types("maya", "/log")
    await office.screen_of("maya", says="How did it go?")
    await office.logs_on_screen("maya", "Connected")

    await office.thread_says(lead, "Maya Torres: Connected.")


@pytest.mark.parametrize("command", ["show", "claim", "release", "log 99999 connected"])
async def test_an_unknown_number_is_told(office: Office, command: str) -> None:
    await office.types("maya", f"/lead {command} #99999" if " " not in command else f"/lead {command}")

    await office.hears("maya", "There is no lead #99999. Check the number and try again.")


@pytest.mark.parametrize("said", ["#abc", "#", "#10x2", "1O42", "99999999999999999999"])
async def test_a_number_that_is_none_gets_an_answer_that_helps(office: Office, said: str) -> None:
    await office.types("maya", f"/lead claim {said}")

    await office.hears("maya", "is no lead number. Say it like this: /lead claim 1042")


async def test_a_lead_of_somebody_else_is_refused_and_the_answer_says_whose_it_is(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")

    await office.types("luis", f"/lead release {lead}")
    await office.hears("luis", f"#{lead} is not yours, so nothing changed. It is with Maya Torres: ask them, or your team lead.")
    await office.types("luis", f"/log {lead} connected")
    await office.hears("luis", f"#{lead} is with Maya Torres, so I did not change it. Ask them, or your team lead.")
    await office.types("luis", f"/lead claim {lead}")

    await office.hears("luis", "quicker")
    await office.card_of(lead, says="Maya Torres has it")


async def test_a_lead_is_given_back_in_everyday_words(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")

    await office.types("maya", f"/lead give back {lead}")

    await office.hears("maya", f"#{lead} is back in the pool")
    await office.card_of(lead, says="callable till")


async def test_help_names_what_this_person_may_do(office: Office) -> None:
    await office.types("maya", "/lead")
    assert "/lead claim 1042: take it" in await office.hears("maya", "This is what you can type.")

    await office.types("cora", "/lead help")

    told = await office.hears("cora", "This is what you can type.")
    assert "/lead show 1042" in told
    assert "/lead claim" not in told


@pytest.mark.parametrize(("who", "told"), [("gus", "Guests cannot work leads here."), ("nina", "I do not know you yet")])
@pytest.mark.fault(65)
async def test_who_is_no_officer_is_told_so(office: Office, who: str, told: str) -> None:
    lead = await office.lead_arrives()

    await office.types(who, f"/lead show {lead}")

    assert "Dana" not in await office.hears(who, told)


@pytest.mark.fault(26)
async def test_a_command_is_acked_at_once(office: Office) -> None:
    lead = await office.lead_arrives()

    async with stopwatch() as watch:
        answer = await office.types("maya", f"/lead show {lead}")

    assert answer["acked"]
    assert watch.seconds < 3


@pytest.mark.fault(69)
async def test_what_strangers_type_is_never_marked_up_in_an_answer(office: Office) -> None:
    await office.types("maya", "/lead <!channel> *now*")

    told = await office.hears("maya", "I do not know")
    assert "<!channel>" not in told


@pytest.mark.parametrize(("line", "told"), [("/acme-lead show {}", "#{}: *Dana R.*"), ("/acme-log {} no answer", "#{}")])
async def test_a_word_that_the_manifest_puts_before_a_command_changes_nothing(office: Office, line: str, told: str) -> None:
    lead = await office.lead_arrives()

    await office.types("luis", line.format(lead))

    await office.hears("luis", told.format(lead))
