"""Chat stays quiet: what one lead costs in messages is counted, on the walk that most leads take."""

from collections import Counter

from bot.store.postings import redraw
from tests.doubles.office import Office
from tests.doubles.workplace import LEADS

RUNG = ("maya", "luis", "priya", "tess")


async def spent(office: Office, channel: str) -> Counter[str]:
    """The calls that a channel cost so far; lines of a thread by themselves."""
    calls = [each for each in await office.calls("chat.postMessage", "chat.update") if each["arguments"]["channel"] == channel]
    return Counter("line" if "thread_ts" in each["arguments"] else each["method"] for each in calls)


async def the_standard_walk(office: Office) -> int:
    """A lead rings three, then a fourth; one of them claims it, calls, is asked how it went, and says so; an hour passes."""
    lead = await office.lead_arrives()
    for who in RUNG[:3]:
        await office.told(who, "purchase $310k")
    await office.skip(minutes=2)
    await office.told("tess", "purchase $310k")
    await office.presses("luis", "Claim", lead)
    for who in ("maya", "priya", "tess"):
        await office.told(who, "Luis Ortega took #1001")
    await office.told("luis", "Yours: #1001")
    await office.until(office.nothing_is_owed, "Slack's answers noted: what is not known to be shown is shown anew with the next change")
    await office.presses("luis", "I'm calling", lead)
    await office.hears("luis", "Good luck!")
    await office.skip(minutes=30)
    await office.told("luis", "How did it go")
    await office.presses_in_direct("luis", "Connected", lead)
    await office.thread_says(lead, "Luis Ortega: Connected.")
    await office.skip(minutes=28)
    await office.until(office.nothing_is_owed, "everything shown")
    return lead


async def test_the_standard_walk_keeps_its_budget(any_office: Office) -> None:
    office = any_office
    await the_standard_walk(office)

    in_channel = await spent(office, LEADS)
    assert in_channel["chat.postMessage"] == 1
    assert in_channel["chat.update"] <= 3
    assert in_channel["line"] <= 3
    for who in ("maya", "priya", "tess"):
        assert await spent(office, f"D0{who.upper()}") == {"chat.postMessage": 1, "chat.update": 1}
    at_the_owner_s = await spent(office, "D0LUIS")
    assert at_the_owner_s["chat.postMessage"] == 3  # the ring, the number, the question
    assert at_the_owner_s["chat.update"] <= 5
    assert await spent(office, "D0SAM") == {}


async def test_who_heard_that_somebody_has_it_is_left_alone_from_then_on(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.told("maya", "purchase $310k")
    await office.presses("luis", "Claim", lead)
    await office.told("luis", "Yours: #1001")
    await office.told("maya", "Luis Ortega took #1001")
    await office.until(office.nothing_is_owed, "everything shown")
    before = await spent(office, "D0MAYA")

    await office.presses("luis", "I'm calling", lead)

    await office.hears("luis", "Good luck!")
    await office.until(office.nothing_is_owed, "everything shown")
    assert await spent(office, "D0MAYA") == before


async def changes_nothing_that_is_shown(office: Office, lead: int) -> None:
    """Something about the lead changes that stands in none of its messages."""
    assert office.services is not None
    office.services.owe(await office.services.store.transact(redraw, lead, at_once=True))
    await office.until(office.nothing_is_owed, "everything looked at")


async def test_what_is_shown_already_is_not_sent_again_but_where_somebody_may_have_chosen(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.told("maya", "purchase $310k")
    await office.presses("luis", "Claim", lead)
    await office.told("luis", "Yours: #1001")
    await office.until(office.nothing_is_owed, "everything shown")
    before = await office.calls("chat.postMessage", "chat.update")

    await changes_nothing_that_is_shown(office, lead)

    [again] = (await office.calls("chat.postMessage", "chat.update"))[len(before) :]
    # Slack would go on showing "In 1 hour" to Luis, and not take it a second time.
    assert again["arguments"]["text"] == "Yours: #1001, Dana R."


async def test_when_it_rings_anew_the_old_message_says_so(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.told("maya", "purchase $310k")
    await office.presses("luis", "Claim", lead)
    await office.told("maya", "Luis Ortega took #1001")
    await office.presses("luis", "Give back", lead)

    await office.told("maya", "#1001 rang again since")


async def test_a_lead_that_goes_back_again_and_again_has_one_line_that_says_so(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    for who, name in (("maya", "Maya Torres"), ("luis", "Luis Ortega"), ("priya", "Priya Nair")):
        await office.presses(who, "Claim", lead)
        await office.card_of(lead, says=f"{name} has it")
        await office.presses(who, "Give back", lead)
        await office.thread_says(lead, f"{name} gave it back. It is free to claim.")
    await office.until(office.nothing_is_owed, "everything shown")

    assert await office.thread_of(lead) == ["Priya Nair gave it back. It is free to claim."]


async def test_after_another_line_it_is_said_anew(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")
    await office.presses("maya", "Give back", lead)
    await office.thread_says(lead, "Maya Torres gave it back.")
    await office.lead_arrives("zillow")
    await office.thread_says(lead, "asked again")
    await office.presses("luis", "Claim", lead)
    await office.card_of(lead, says="Luis Ortega has it")
    await office.presses("luis", "Give back", lead)

    await office.thread_says(lead, "Luis Ortega gave it back.")
    lines = await office.thread_of(lead)
    assert [line.split()[0] for line in lines] == ["Maya", "Dana", "Return", "Luis"]


async def test_what_officers_do_with_a_lead_mentions_nobody_in_the_channel(office: Office) -> None:
    lead = await the_standard_walk(office)
    for line in (f"/stage {lead} qualified", f"/lead note {lead} wants a 15-year", f"/lead return {lead} no intent"):
        await office.types("luis", line)
    await office.lead_arrives("zillow")
    await office.thread_says(lead, "asked again")
    await office.types("tess", f"/lead assign {lead} to maya")
    await office.thread_says(lead, "gave it to Maya Torres")
    await office.presses("maya", "Give back", lead)
    await office.thread_says(lead, "gave it back")
    await office.until(office.nothing_is_owed, "everything shown")

    said = f"{[each for each in await office.messages() if 'ephemeral_to' not in each]}"
    assert [mark for mark in ("<@", "<!", "@here", "@channel") if mark in said] == []
