"""A bad lead is asked back from who sold it, in Discord."""

from datetime import time

from bot.capture.returns_due import tell_managers
from tests.doubles.discord_office import DiscordOffice, ids_of, labels_of, read


async def zillows_lead_of_maya(office: DiscordOffice) -> int:
    lead = await office.lead_arrives(source="zillow")
    await office.presses("maya", await office.card_of(lead), "claim")
    await office.is_told("maya", f"Yours: #{lead}")
    return lead


async def test_a_wrong_person_opens_a_return_and_says_so_privately_and_in_the_thread(office: DiscordOffice) -> None:
    lead = await zillows_lead_of_maya(office)

    answer = office.answer_of(await office.people["maya"].slash(office.channel, "log", lead=str(lead), result="wrong_person"))

    assert "Return open: wrong person, ask Zillow for $62 back by" in read(answer)
    await office.thread_of(lead, says="Return open: wrong person")
    shown = office.answer_of(await office.people["maya"].slash(office.channel, "lead show", lead=str(lead)))
    assert "Return open: wrong person" in read(shown)


async def test_it_is_opened_by_hand_marked_as_sent_and_undone(office: DiscordOffice) -> None:
    lead = await zillows_lead_of_maya(office)
    asked = office.answer_of(await office.people["maya"].slash(office.channel, "lead return", lead=str(lead)))
    assert labels_of(asked) == ["wrong person", "bad number", "duplicate", "not our state", "no intent"]

    await office.presses("maya", asked, "return", "no_intent")
    await office.thread_of(lead, says="Return open: no intent")
    standing = office.answer_of(await office.people["maya"].slash(office.channel, "lead return", lead=str(lead)))
    assert labels_of(standing) == ["Mark as sent", "Drop"]
    await office.presses("maya", standing, "return", ":sent:1")
    await office.thread_of(lead, says="Return sent: no intent")
    assert any(":undo:" in each for each in ids_of(standing))

    await office.presses("maya", standing, "undo")

    await office.thread_of(lead, says="Return open: no intent")


async def test_reasons_are_offered_while_one_types_and_a_misspelled_one_is_asked_back(office: DiscordOffice) -> None:
    lead = await zillows_lead_of_maya(office)

    offered = await office.people["maya"].autocomplete(office.channel, "lead return", "reason", "dup")
    asked = office.answer_of(await office.people["maya"].slash(office.channel, "lead return", lead=str(lead), reason="dupliacte"))

    assert [each["value"] for each in offered] == ["duplicate"]
    assert labels_of(asked) == ["duplicate"]


async def test_somebody_elses_lead_is_not_asked_back(office: DiscordOffice) -> None:
    lead = await zillows_lead_of_maya(office)

    answer = office.answer_of(await office.people["luis"].slash(office.channel, "lead return", lead=str(lead), reason="no_intent"))

    assert f"#{lead} is with Maya Torres" in read(answer).replace("\\", "")


async def test_at_four_the_manager_reviews_what_can_still_go_back(office: DiscordOffice) -> None:
    lead = await office.lead_arrives(source="website")
    assert await office.lead_arrives(source="zillow") == lead
    office.clock_says(time(16, 1))
    await tell_managers(office.services)
    told = await office.is_told("sam", "1 lead ($62) can still go back", "duplicate (here from Website since")

    waiting = office.answer_of(await office.presses("sam", told, "review_returns"))
    assert "Should these go back?" in read(waiting)
    assert labels_of(waiting) == [f"#{lead} Zillow: Mark as sent", f"#{lead} Zillow: Drop"]
    await office.presses("sam", waiting, "settle_return", ":sent:1")

    assert "No lead of your teams waits to go back." in read(waiting)
    await office.thread_of(lead, says="Return sent: duplicate")
