"""After a claim: the owner is reminded, warned and relieved in callable minutes, until they say that they call or how it went."""

from datetime import UTC, datetime

import pytest

from bot.leads.press import NoSuchLead
from bot.leads.working import Calling, HeldBefore, LoggedCall, MayNotWork, NotYourLead, note_call
from bot.rules.dispositions import EFFECTS, Disposition
from bot.store.clocks import next_clock_due
from bot.store.contacts import ContactPoint
from bot.store.leads import Lead
from bot.store.outbound import ContactAttempt
from bot.store.people import Officer
from bot.store.suppressions import Suppression
from tests.doubles.branch import Branch
from tests.doubles.counts import leads_per_stage


def told_since_claim(branch: Branch, lead: int) -> list[tuple[str, list[str]]]:
    kinds = [event.kind for event in branch.events(lead)]
    return [(event.kind, event.meta["told"]) for event in branch.events(lead)[kinds.index("claimed") :] if "told" in event.meta]


@pytest.fixture
def lead(branch: Branch) -> int:
    """A lead of Maya's, claimed a moment ago."""
    number = branch.new_lead()
    branch.escalate()
    branch.claim("maya", number)
    branch.escalate()
    return number


def test_the_owner_is_reminded_at_five_warned_at_thirteen_and_relieved_at_fifteen(branch: Branch, lead: int) -> None:
    for minute in range(15):
        assert branch.view(lead).owner_name == "Maya Torres", f"after {minute} minutes"
        branch.passes(minutes=1)
    assert branch.view(lead).owner_name is None
    assert told_since_claim(branch, lead)[:2] == [("nudge", ["maya"]), ("goes_back_soon", ["maya"])]
    assert [event.kind for event in branch.events(lead)][-2:] == ["lapsed", "ring"]
    assert [posting.topic for posting in branch.postings("update", lead)] == ["lapsed"]


def test_an_owner_who_calls_at_once_costs_no_decision(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.escalate()
    branch.claim("maya", lead)
    assert branch.escalate() == 0
    branch.clock.skip(minutes=4)
    branch.logs("maya", lead, "no_answer")
    branch.clock.skip(minutes=30)
    assert branch.escalate() == 0


def test_it_rings_again_without_the_first_owner(branch: Branch, lead: int) -> None:
    branch.passes(minutes=15)
    assert told_since_claim(branch, lead) == [("ring", ["tess", "luis", "priya"])]
    for _ in range(12):
        branch.passes(minutes=1)
    assert "maya" not in [who for _, told in told_since_claim(branch, lead) for who in told]


def test_where_hardly_anybody_else_could_take_it_the_first_owner_is_rung_again_last(branch: Branch) -> None:
    lead = branch.new_lead(property_state="OK")  # Maya's and Tess's
    branch.claim("maya", lead)
    branch.passes(minutes=15)
    assert told_since_claim(branch, lead) == [("ring", ["tess", "maya"])]


def test_who_did_not_call_in_time_may_claim_it_again_once_others_had_their_chance(branch: Branch, lead: int) -> None:
    branch.passes(minutes=15)
    branch.passes(minutes=5)
    branch.claim("maya", lead)
    assert branch.view(lead).owner_name == "Maya Torres"


def test_a_lead_somebody_tried_before_lapses_for_its_next_owner_as_well(branch: Branch, lead: int) -> None:
    branch.logs("maya", lead, "no_answer")
    branch.give_back("maya", lead)
    branch.claim("luis", lead)
    branch.passes(minutes=5)
    assert branch.told(lead)[-1] == ("nudge", ["luis"])


def test_a_claim_at_night_is_counted_from_the_morning(branch: Branch) -> None:
    branch.clock.at = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)  # 10 pm
    lead = branch.new_lead(property_zip="78704")
    branch.claim("maya", lead)
    branch.passes(hours=11, minutes=4)  # 9:04; calls to Texas begin at nine
    assert branch.told(lead) == []
    branch.passes(minutes=1)
    assert branch.told(lead) == [("nudge", ["maya"])]


def test_saying_that_they_call_holds_it_for_half_an_hour_and_then_asks_once(branch: Branch, lead: int) -> None:
    branch.passes(minutes=4)
    assert branch.calls("maya", lead) == Calling(lead, 30)
    branch.passes(minutes=29, seconds=59)
    assert told_since_claim(branch, lead) == []
    branch.passes(seconds=1)
    assert told_since_claim(branch, lead) == [("how_did_it_go", ["maya"])]
    branch.passes(minutes=4)
    assert told_since_claim(branch, lead) == [("how_did_it_go", ["maya"])]
    branch.passes(minutes=1)
    assert branch.view(lead).owner_name is None


def test_keeping_it_after_the_warning_holds_it(branch: Branch, lead: int) -> None:
    branch.passes(minutes=13)
    branch.calls("maya", lead)
    branch.passes(minutes=10)
    assert branch.view(lead).owner_name == "Maya Torres"


def test_a_claim_is_held_once_and_still_on_once_more_however_often_somebody_presses(branch: Branch, lead: int) -> None:
    assert branch.calls("maya", lead) == Calling(lead, 30)
    branch.passes(minutes=10)
    assert branch.calls("maya", lead) == Calling(lead, 20)
    branch.passes(minutes=20)
    assert branch.calls("maya", lead) == HeldBefore(lead)
    assert branch.calls("maya", lead, still_on=True) == Calling(lead, 30)
    branch.passes(minutes=30)
    assert branch.calls("maya", lead, still_on=True) == HeldBefore(lead)
    assert told_since_claim(branch, lead) == [("how_did_it_go", ["maya"])] * 2
    branch.passes(minutes=5)
    assert branch.view(lead).owner_name is None
    branch.passes(minutes=5)
    branch.claim("maya", lead)
    assert branch.calls("maya", lead) == Calling(lead, 30)


def test_calling_where_no_clock_runs_promises_nothing(branch: Branch, lead: int) -> None:
    branch.logs("maya", lead, "connected")
    assert branch.calls("maya", lead) == Calling(lead, 0)


@pytest.mark.parametrize("disposition", Disposition)
def test_a_logged_call_stops_the_clock_moves_the_stage_and_is_kept(branch: Branch, lead: int, disposition: Disposition) -> None:
    stage = EFFECTS[disposition].next_stage["new"]
    logged = branch.logs("maya", lead, disposition.value)
    assert isinstance(logged, LoggedCall)
    assert (logged.lead, logged.disposition, logged.stage) == (lead, disposition, stage)
    assert branch.view(lead).stage == stage
    assert branch.store.transact_now(leads_per_stage) == {stage: 1}
    assert branch.store.transact_now(next_clock_due) is None
    [attempt] = branch.all(ContactAttempt)
    assert (attempt.lead_id, attempt.officer_id) == (lead, branch.officer_id("maya"))
    assert (attempt.disposition, attempt.verified) == (disposition, False)
    assert [posting.topic for posting in branch.postings("update", lead)] == ["logged"]
    branch.passes(minutes=60)
    assert branch.view(lead).owner_name == "Maya Torres"
    assert told_since_claim(branch, lead) == []


def test_a_stage_never_goes_back(branch: Branch, lead: int) -> None:
    branch.logs("maya", lead, "connected")
    branch.logs("maya", lead, "no_answer")
    assert branch.view(lead).stage == "contacted"


def test_the_note_is_kept_with_the_event_and_only_there(branch: Branch, lead: int) -> None:
    branch.logs("maya", lead, "connected", "Wants 20% down, call her at 5")
    [event] = [event for event in branch.events(lead) if event.kind == "logged"]
    assert "Wants 20% down" in (event.body or "")
    assert "Wants" not in f"{event.meta}"


def test_a_press_delivered_again_logs_once(branch: Branch, lead: int) -> None:
    by = branch.press("maya", lead, "one press")
    answers = [branch.store.transact_now(note_call, by, Disposition.CONNECTED, None)[0] for _ in range(2)]
    assert answers[0] == answers[1]
    assert branch.count(ContactAttempt) == 1


@pytest.mark.parametrize("act", ["calls", "logs"])
def test_only_the_owner_works_it_and_others_hear_whose_it_is(branch: Branch, lead: int, act: str) -> None:
    def acts(officer: str, number: int) -> object:
        return branch.calls(officer, number) if act == "calls" else branch.logs(officer, number, "connected")

    assert acts("luis", lead) == NotYourLead(lead, "Maya Torres")
    assert acts("cora", lead) == MayNotWork(lead, "compliance")
    assert acts("maya", 4711) == NoSuchLead(4711)
    free = branch.new_lead(phone="(512) 555-0111")
    assert acts("maya", free) == NotYourLead(free, None)
    assert branch.count(ContactAttempt) == 0
    assert branch.view(lead).stage == "new"


@pytest.mark.parametrize("disposition", ["bad_number", "wrong_person"])
def test_a_number_that_must_not_be_called_is_closed_for_calls_and_texts_and_email_stays(branch: Branch, disposition: str) -> None:
    assert closed_by(branch, disposition) == [("phone", "sms"), ("phone", "voice")]
    assert "512" not in f"{branch.all(Suppression)}"


def test_who_wants_no_calls_gets_no_marketing_by_email_either(branch: Branch) -> None:
    assert closed_by(branch, "do_not_call") == [("email", "marketing"), ("phone", "marketing"), ("phone", "sms"), ("phone", "voice")]


def closed_by(branch: Branch, disposition: str) -> list[tuple[str, str]]:
    """What a call with this result closes, and for what."""
    lead = branch.new_lead(email="dana@example.com")
    branch.claim("maya", lead)
    branch.logs("maya", lead, disposition)
    kinds = {point.key: point.kind for point in branch.all(ContactPoint)}
    assert {each.reason for each in branch.all(Suppression)} == {disposition}
    return sorted((kinds[each.contact_key], each.channel) for each in branch.all(Suppression))


@pytest.mark.parametrize("disposition", sorted(set(Disposition) - {"bad_number", "wrong_person", "do_not_call"}))
def test_any_other_result_closes_no_number(branch: Branch, lead: int, disposition: str) -> None:
    branch.logs("maya", lead, disposition)
    assert branch.count(Suppression) == 0


def test_an_owner_who_is_there_gets_a_fresh_clock_when_the_borrower_asks_again(branch: Branch, lead: int) -> None:
    branch.passes(minutes=12)
    branch.arrive("zillow")
    branch.escalate()
    branch.passes(minutes=12)
    assert branch.view(lead).owner_name == "Maya Torres"
    assert branch.postings("notice", lead)[-1].topic in ("asked_again", "nudge")
    branch.passes(minutes=3)
    assert branch.view(lead).owner_name is None


def test_asking_again_starts_a_fresh_clock_after_a_try_that_reached_nobody(branch: Branch, lead: int) -> None:
    branch.logs("maya", lead, "no_answer")
    branch.passes(minutes=60)
    branch.arrive("zillow")
    branch.passes(minutes=5)
    assert told_since_claim(branch, lead) == [("nudge", ["maya"])]
    branch.passes(minutes=10)
    assert branch.view(lead).owner_name is None


def test_who_was_reached_and_asks_again_waits_for_an_answer_and_stays_with_the_owner(branch: Branch, lead: int) -> None:
    branch.logs("maya", lead, "connected")
    branch.passes(minutes=60)
    branch.arrive("zillow")
    assert branch.view(lead).waits_since == branch.clock.now()
    branch.passes(minutes=10)
    branch.passes(minutes=5)
    assert [(kind, len(who)) for kind, who in told_since_claim(branch, lead)] == [("waits", 1), ("waits", 1)]
    assert told_since_claim(branch, lead)[1] == ("waits", ["tess"])
    assert branch.view(lead).owner_name == "Maya Torres"
    branch.logs("maya", lead, "connected")
    assert branch.view(lead).waits_since is None


def test_asking_again_takes_nothing_from_an_owner_on_the_phone(branch: Branch, lead: int) -> None:
    branch.calls("maya", lead)
    branch.passes(minutes=2)
    branch.arrive("zillow")
    branch.passes(minutes=20)
    assert branch.view(lead).owner_name == "Maya Torres"


@pytest.mark.parametrize("away", [{"active": False}, {"off_until": datetime(2026, 12, 24, tzinfo=UTC)}])
def test_when_the_owner_is_away_asking_again_frees_the_lead_and_rings(branch: Branch, lead: int, away: dict[str, object]) -> None:
    branch.logs("maya", lead, "no_answer")
    branch.set(Officer, branch.officer_id("maya"), **away)
    branch.arrive("zillow")
    assert branch.view(lead).owner_name is None
    branch.escalate()
    assert branch.told(lead)[-1] == ("ring", ["tess", "luis", "priya"])
    assert branch.store.transact_now(leads_per_stage) == {"attempted": 1}


@pytest.mark.parametrize("stage", ["nurture", "lost", "not_interested"])
def test_a_lead_that_had_ended_or_slept_begins_again(branch: Branch, lead: int, stage: str) -> None:
    branch.logs("maya", lead, "connected")
    branch.set(Lead, lead, stage=stage)
    branch.arrive("zillow")
    branch.escalate()
    assert (branch.view(lead).stage, branch.view(lead).owner_name) == ("new", None)
    assert branch.told(lead)[-1][0] == "ring"


def test_a_day_of_downtime_gives_the_owner_s_lead_back_once(branch: Branch, lead: int) -> None:
    branch.clock.skip(hours=7)
    branch.escalate()
    assert branch.escalate() == 0
    assert [event.kind for event in branch.events(lead)][-3:] == ["claimed", "lapsed", "ring"]
