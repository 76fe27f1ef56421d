"""Who is texted when chat is down, about which leads, and what an answer may do: over both kinds of store."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.calls.on_the_line import Asks, Says
from bot.config import what_is_missing
from bot.distribution.claiming import TooLate
from bot.outreach.network import KnownCall, PhoneNetwork
from bot.services import Services
from bot.speed_to_lead.chat_down import (
    ALARMS_AN_HOUR,
    AWAY_AFTER,
    CALLED_AFTER,
    QUIET_AT_FIRST,
    Ways,
    alarm_officers,
    call_alarmed,
    follow_outages,
    look_at_chat,
)
from bot.speed_to_lead.paged import take_lead, tell_of_lead
from bot.store.calls import Call
from bot.store.events import Event
from bot.store.leads import Lead
from bot.store.outages import (
    AT_ONCE,
    HEARD,
    Alarm,
    LifeSign,
    Outage,
    keep_came,
    keep_signs,
    last_came,
    stale_signs,
    troubles,
    unanswered_alarms,
    unseen_leads,
)
from bot.store.outbound import Message
from bot.store.people import Officer
from bot.store.postings import Place, Posting
from tests.doubles.branch import Branch
from tests.doubles.calls import Calls
from tests.doubles.texts import Texts

MAYA = "+15125550101"
LONG_AGO = timedelta(minutes=2)
BY_TEXT = Ways(text=True, email=False)


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


def unseen_lead(branch: Branch, **fields: Any) -> int:
    """A lead that rings, whose card nobody sees for two minutes."""
    lead = branch.new_lead(**fields)
    branch.passes(seconds=1)
    for posting in branch.all(Posting):
        branch.set(Posting, posting.id, created_at=datetime.now(UTC) - LONG_AGO)
    return lead


def look(branch: Branch) -> int:
    """One look of the watch; how many texts are owed since."""
    branch.store.transact_now(follow_outages, branch.clock.now(), "salt", BY_TEXT)
    found = branch.store.transact_now(unseen_leads)
    return sum(branch.store.transact_now(alarm_officers, lead, outage, branch.clock.now(), "salt") for lead, outage in found)


def told(branch: Branch, lead: int) -> set[str]:
    keys = {officer.id: officer.key for officer in branch.all(Officer)}
    return {keys[alarm.officer_id] for alarm in branch.all(Alarm) if alarm.lead_id == lead}


def test_who_may_take_the_lead_is_texted_once(branch: Branch) -> None:
    lead = unseen_lead(branch)

    assert look(branch) == 3
    assert told(branch, lead) <= {"maya", "luis", "priya", "tess"}  # omar has no license there
    assert look(branch) == 0


@pytest.mark.parametrize(
    "changed", [{"off_until": datetime(2027, 1, 1, tzinfo=UTC)}, {"active": False}, {"phone": None}, {"licenses": {}}], ids=str
)
def test_who_is_off_gone_without_a_phone_or_a_license_is_not_texted(branch: Branch, changed: dict[str, object]) -> None:
    for officer in branch.all(Officer):
        if officer.key != "luis":
            branch.set(Officer, officer.id, **changed)
    lead = unseen_lead(branch)

    look(branch)

    assert told(branch, lead) == {"luis"}


def test_who_wrote_stop_is_texted_no_more(texts: Texts) -> None:
    texts.came("STOP", number=MAYA)
    lead = unseen_lead(texts.branch)

    look(texts.branch)

    assert "maya" not in told(texts.branch, lead)


def test_an_officer_gets_so_many_texts_an_hour(branch: Branch) -> None:
    for number in range(ALARMS_AN_HOUR + 2):
        unseen_lead(branch, phone=f"(512) 555-01{number + 10}")

    look(branch)

    contacts = [text.contact_point_id for text in branch.all(Message) if text.purpose == "alarm" and text.lead_id]
    assert max(contacts.count(contact) for contact in contacts) == ALARMS_AN_HOUR


def is_at_work_for_a_while(services: Services) -> None:
    """The quiet of the beginning is over, and somebody looked just now."""
    services.opened_at, services.looked_at = time.monotonic() - 2 * QUIET_AT_FIRST, time.monotonic()
    services.network = cast(PhoneNetwork, object())  # no text leaves in this test


async def test_after_the_store_was_away_what_waited_is_shown_before_anybody_is_texted(branch: Branch) -> None:
    lead = unseen_lead(branch)
    services = branch.services
    is_at_work_for_a_while(services)
    services.looked_at -= 2 * AWAY_AFTER

    await look_at_chat(services)
    assert branch.all(Outage) == [] and branch.all(Alarm) == []
    services.opened_at -= 2 * QUIET_AT_FIRST
    await look_at_chat(services)

    assert told(branch, lead)


async def test_leads_that_nobody_can_be_texted_about_keep_no_other_waiting(branch: Branch) -> None:
    for officer in branch.all(Officer):
        if officer.key != "omar":  # who is licensed in Colorado
            branch.set(Officer, officer.id, phone=None)
    for number in range(AT_ONCE):
        branch.new_lead(phone=f"(512) 555-01{number + 10}")
    reachable = unseen_lead(branch, property_zip="80203", property_state="CO", phone="(303) 555-0150")
    services = branch.services
    is_at_work_for_a_while(services)
    assert what_is_missing(services.in_force.config) == ()

    await look_at_chat(services)
    assert branch.all(Alarm) == []
    await look_at_chat(services)

    assert told(branch, reachable) == {"omar"}


def test_while_the_team_sleeps_nobody_is_texted(branch: Branch) -> None:
    branch.clock.skip(hours=12)
    unseen_lead(branch)

    assert look(branch) == 0


def test_a_channel_that_shows_card_after_card_is_busy_not_down(branch: Branch) -> None:
    unseen_lead(branch)
    branch.store.transact_now(keep_signs, [("slack", branch.place().id or 0)])

    assert branch.store.transact_now(troubles) == {}


def test_a_platform_that_reached_us_once_and_no_more_is_deaf(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.passes(seconds=1)
    for posting in branch.postings("card"):
        branch.set(Posting, posting.id, created_at=datetime.now(UTC) - LONG_AGO, message_id="1.1", due_at=None)
    branch.store.transact_now(keep_signs, [("slack", HEARD)])
    assert branch.store.transact_now(troubles) == {}

    then = datetime.now(UTC) - LONG_AGO
    branch.store.transact_now(lambda session: session.connection().execute(LifeSign.__table__.update().values(at=then)))  # type: ignore[attr-defined]

    assert {trouble.because for trouble in branch.store.transact_now(troubles).values()} == {"deaf"}
    assert look(branch) == 3
    assert told(branch, lead)


def test_a_sign_of_life_is_written_down_again_only_after_a_while(branch: Branch) -> None:
    assert branch.store.transact_now(stale_signs, [("slack", HEARD)]) == [("slack", HEARD)]
    branch.store.transact_now(keep_signs, [("slack", HEARD)])
    assert branch.store.transact_now(stale_signs, [("slack", HEARD)]) == []


def test_of_what_came_to_several_processes_the_last_is_known(branch: Branch) -> None:
    assert branch.store.transact_now(last_came, "slack") is None
    for ago in (3.0, 1.0, 2.0):
        branch.store.transact_now(keep_came, "slack", time.monotonic() - ago)

    came = branch.store.transact_now(last_came, "slack")
    assert came is not None
    at, ago = came
    assert at.tzinfo is not None
    assert 1.0 <= ago + 0.01 < 2.0
    assert branch.store.transact_now(last_came, "discord") is None
    assert branch.store.transact_now(stale_signs, [("slack", HEARD)]) == [("slack", HEARD)]


def test_what_came_after_now_by_another_clock_is_not_believed(branch: Branch) -> None:
    branch.store.transact_now(keep_came, "slack", time.monotonic() + 3600)
    assert branch.store.transact_now(last_came, "slack") is None

    branch.store.transact_now(keep_came, "slack", time.monotonic() - 1)

    assert branch.store.transact_now(last_came, "slack") is not None


def test_an_answer_claims_and_the_same_delivery_again_changes_nothing(texts: Texts) -> None:
    branch = texts.branch
    lead = unseen_lead(branch)
    look(branch)
    assert "maya" in told(branch, lead)

    for _ in range(2):
        texts.came(f"{lead}", number=MAYA, sid="SM1")

    assert branch.view(lead).owner_name == "Maya Torres"
    assert isinstance(branch.claim("luis", lead), TooLate)
    answers = [text.body for text in branch.all(Message) if text.purpose == "staff_answer"]
    assert len(answers) == 1
    assert answers[0].startswith(f"Yours: #{lead} Dana Rowe, (512) 555-0100")


def test_an_answer_gets_the_refusal_that_the_button_gives(texts: Texts) -> None:
    branch = texts.branch
    lead = unseen_lead(branch)
    look(branch)
    branch.set(Officer, branch.officer_id("maya"), licenses={})

    texts.came(f"{lead}", number=MAYA)

    assert branch.view(lead).owner_name is None
    [answer] = [text.body for text in branch.all(Message) if text.purpose == "staff_answer"]
    assert answer == f"You are not licensed in TX, so #{lead} is for somebody who is."


def test_a_lead_that_they_were_not_texted_about_is_not_claimed(texts: Texts) -> None:
    branch = texts.branch
    unseen_lead(branch)
    look(branch)
    other = branch.new_lead(phone="(512) 555-0111")

    texts.came(f"{other}", number=MAYA)

    assert branch.view(other).owner_name is None


def test_a_stranger_who_writes_the_number_of_a_lead_claims_nothing(texts: Texts) -> None:
    branch = texts.branch
    lead = unseen_lead(branch)
    look(branch)

    texts.came(f"{lead}", number="+15125550188")

    assert branch.view(lead).owner_name is None


def test_two_machines_do_not_answer_each_other_for_ever(texts: Texts) -> None:
    branch = texts.branch
    unseen_lead(branch)
    look(branch)

    for _ in range(10):
        texts.came("Thank you for your message", number=MAYA)

    assert len([text for text in branch.all(Message) if text.purpose == "staff_answer"]) == 3


def test_an_alarm_about_a_lead_that_was_claimed_meanwhile_does_not_leave(texts: Texts) -> None:
    branch = texts.branch
    lead = unseen_lead(branch)
    look(branch)
    branch.claim("luis", lead)

    alarms = [text.id for text in branch.all(Message) if text.purpose == "alarm" and text.lead_id == lead]

    assert alarms and all(texts.begin(text_id) is None for text_id in alarms if text_id is not None)


def test_it_is_over_once_for_each_channel_and_its_line_counts_the_leads(branch: Branch) -> None:
    lead = unseen_lead(branch)
    look(branch)
    for posting in branch.postings("card", lead):
        branch.set(Posting, posting.id, message_id="1.1", due_at=None)

    for _ in range(2):
        look(branch)

    [outage] = branch.all(Outage)
    assert outage.ended_at is not None
    lines = [posting for posting in branch.postings("notice") if posting.topic == "chat_back"]
    assert [line.place_id for line in lines] == [branch.place().id]
    assert branch.all(Lead)[0].owner_id is None
    assert {place.kind for place in branch.all(Place) if place.id == lines[0].place_id} == {"channel"}


def calls_owed(branch: Branch) -> int:
    """One look of the watch where calls are on; how many calls are owed since."""
    now = branch.clock.now()
    found = branch.store.transact_now(unanswered_alarms, now - CALLED_AFTER)
    return sum(branch.store.transact_now(call_alarmed, lead, outage, now, "salt") for lead, outage in found)


def test_who_was_texted_is_called_a_minute_later_and_once(branch: Branch) -> None:
    lead = unseen_lead(branch)
    look(branch)
    assert calls_owed(branch) == 0

    branch.clock.skip(minutes=1)

    assert calls_owed(branch) == 3
    assert calls_owed(branch) == 0
    keys = {officer.id: officer.key for officer in branch.all(Officer)}
    assert {keys[call.officer_id] for call in branch.all(Call)} == told(branch, lead)
    assert {call.kind for call in branch.all(Call)} == {"alarm"}


def test_about_a_lead_that_somebody_has_nobody_is_called(branch: Branch) -> None:
    lead = unseen_lead(branch)
    look(branch)
    branch.claim("maya", lead)

    branch.clock.skip(minutes=1)

    assert calls_owed(branch) == 0 and branch.all(Call) == []


def test_who_went_off_since_the_text_is_not_called(branch: Branch) -> None:
    lead = unseen_lead(branch)
    look(branch)
    assert "maya" in told(branch, lead)
    branch.set(Officer, branch.officer_id("maya"), off_until=datetime(2027, 1, 1, tzinfo=UTC))
    branch.clock.skip(minutes=1)

    assert calls_owed(branch) == 2
    assert branch.officer_id("maya") not in {call.officer_id for call in branch.all(Call)}


def test_once_chat_is_back_nobody_is_called(branch: Branch) -> None:
    unseen_lead(branch)
    look(branch)
    for card in branch.postings("card"):
        branch.set(Posting, card.id, message_id="1.2", due_at=None)
    look(branch)
    branch.clock.skip(minutes=1)

    assert calls_owed(branch) == 0


def test_a_press_of_one_claims_the_rest_comes_by_text_and_the_line_counts_both_ways(branch: Branch) -> None:
    lead = unseen_lead(branch)
    look(branch)
    branch.clock.skip(minutes=1)
    calls_owed(branch)
    calls, maya = Calls(branch), branch.officer_id("maya")
    [call_id] = [call.id for call in branch.all(Call) if call.officer_id == maya]
    assert call_id is not None
    calls.answers(calls.placing(call_id), KnownCall("CA1", None))

    heard = branch.store.transact_now(tell_of_lead, call_id, "CA1", "twilio", calls.now, "salt")
    answers = [branch.store.transact_now(take_lead, call_id, "CA1", "twilio", calls.now, "salt")[0] for _ in range(2)]

    assert isinstance(heard, Asks)
    assert heard.words.startswith("Slack is down. Lead ") and heard.words.endswith("waits for somebody. Press 1 to take it.")
    assert answers == [Says(f"Lead {' '.join(str(lead))} is yours. Its name and number come by text.", "en")] * 2
    assert branch.view(lead).owner_name == "Maya Torres"
    [answer] = [text.body for text in branch.all(Message) if text.purpose == "staff_answer"]
    assert answer.startswith(f"Yours: #{lead} Dana Rowe, (512) 555-0100")
    for card in branch.postings("card"):
        branch.set(Posting, card.id, message_id="1.2", due_at=None)
    look(branch)
    [back] = [event.meta for event in branch.all(Event) if event.kind == "chat_back"]
    assert (back["texted"], back["called"], back["claimed"]) == (1, 1, 1)


def closed(branch: Branch, named: str, because: str | None) -> None:
    branch.set(Place, branch.place(named).id, broken_because=because)


def emails_to(branch: Branch) -> list[tuple[str, str]]:
    return [(message.subject or "", message.body or "") for message in branch.all(Message) if message.channel == "email"]


@pytest.mark.parametrize("by_text", [False, True])
@pytest.mark.parametrize("because", ["is_archived", "not_in_channel", "status 403"])
def test_of_a_channel_that_is_closed_one_email_goes_to_who_runs_leadbell_and_one_once_it_is_open(
    branch: Branch, because: str, *, by_text: bool
) -> None:
    ways = Ways(text=by_text, email=True)
    for number in range(3):
        unseen_lead(branch, phone=f"(512) 555-02{number:02}")
    closed(branch, "#leads", because)
    for _ in range(2):
        branch.store.transact_now(follow_outages, branch.clock.now(), "salt", ways)
    [(subject, words)] = emails_to(branch)
    assert subject == "#leads in Slack is closed to Leadbell"
    assert ("go to officers by text" in words) == by_text
    for card in branch.postings("card"):
        branch.set(Posting, card.id, message_id="1.2", due_at=None)
    closed(branch, "#leads", None)
    for _ in range(2):
        branch.store.transact_now(follow_outages, branch.clock.now(), "salt", ways)
    assert [subject for subject, _ in emails_to(branch)] == [subject, "#leads in Slack is open again"]


def test_where_email_is_off_none_is_kept(branch: Branch) -> None:
    unseen_lead(branch)
    closed(branch, "#leads", "is_archived")
    branch.store.transact_now(follow_outages, branch.clock.now(), "salt", BY_TEXT)
    assert emails_to(branch) == []


def test_of_slack_itself_being_down_no_email_goes_out(branch: Branch) -> None:
    unseen_lead(branch)
    branch.store.transact_now(follow_outages, branch.clock.now(), "salt", Ways(text=True, email=True))
    assert emails_to(branch) == []
