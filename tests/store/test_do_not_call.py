"""Whom nobody may call: what the store tells the gate, and that such a lead rings for nobody."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.calls.calling_anyway import CallAnyway, KeptToHours, NoNumber, note_reason
from bot.conversation.asked_to_stop import close_channels
from bot.distribution.claiming import Claimed
from bot.outreach.calls import call_sheet, judgement
from bot.oversight.do_not_call import import_registry
from bot.rendering import PLAIN, Words
from bot.rules.calling import CalledNumber
from bot.rules.compliance import Allowed, Refused, WaitUntil
from bot.rules.do_not_call import NATIONAL, Listed
from bot.store.calls import keep_call
from bot.store.columns import table_of
from bot.store.leads import Arrival, Lead
from bot.store.messages import keep_text
from bot.store.people import Source
from bot.wording.calling_anyway import say_call_anyway
from tests.doubles.branch import Branch
from tests.doubles.texts import AGREED as AGREED_TO_TEXTS
from tests.doubles.texts import Texts

DANA = "+15125550100"
AGREED = "I agree that Acme Mortgage may call and text me at this number."
IN_WRITING: dict[str, Any] = {"consent": "yes", "consent_text": AGREED, "consent_at": "2026-11-24T17:00:00Z"}
TODAY = date(2026, 11, 24)
ON_IT = Listed(NATIONAL, TODAY, listed=True)


@pytest.fixture
def registry(branch: Branch, tmp_path: Path) -> Branch:
    """Dana's number is on the national registry, and website is a seller of leads."""
    file = tmp_path / "2026-11-24_512.txt"
    file.write_text("512,5550100\n")
    import_registry(branch.store, file, NATIONAL, None, branch.clock.at, lambda _: None)
    change(branch, Source, bought=True)
    return branch


def change(branch: Branch, model: type[Any], **values: Any) -> None:
    def changed(session: Any) -> None:
        session.connection().execute(update(table_of(model)).values(**values))

    branch.store.transact_now(changed)


def judged(branch: Branch, lead: int) -> object:
    return judgement(branch.view(lead), branch.clock.at)


def test_a_bought_lead_on_the_registry_rings_for_nobody_and_who_leads_hears_of_it(registry: Branch) -> None:
    lead = registry.new_lead()

    registry.passes(minutes=30)

    assert judged(registry, lead) == Refused("call_national_registry")
    told = registry.told(lead)
    assert not {"ring", "offer"} & {kind for kind, _ in told}
    assert "unclaimed" in {kind for kind, _ in told}


def test_it_may_be_claimed_and_shows_no_number(registry: Branch) -> None:
    lead = registry.new_lead(email="dana@example.com")

    assert isinstance(registry.claim("maya", lead), Claimed)

    sheet = call_sheet(registry.view(lead), registry.clock.at)
    assert (sheet.number, sheet.open_until, sheet.opens_at, sheet.refused) == (None, None, None, "call_national_registry")


def test_a_bought_lead_that_agreed_in_writing_rings(registry: Branch) -> None:
    lead = registry.new_lead(**IN_WRITING)

    registry.passes(minutes=1)

    assert isinstance(judged(registry, lead), Allowed)
    assert ("ring", 3) in [(kind, len(whom)) for kind, whom in registry.told(lead)]


def test_what_is_no_consent_in_writing_changes_nothing(registry: Branch) -> None:
    for consent in ({"consent": "yes"}, {**IN_WRITING, "consent_at": None}, {**IN_WRITING, "consent": "no"}):
        lead = registry.new_lead(first_name=f"Dana{len(consent)}{consent['consent']}", **consent)
        assert judged(registry, lead) == Refused("call_national_registry"), consent


def test_whoever_asked_us_ourselves_may_be_called_for_three_months(branch: Branch, registry: Branch) -> None:
    change(branch, Source, bought=False)
    lead = registry.new_lead()
    assert registry.view(lead).numbers == (CalledNumber(DANA, None, registry.clock.at, None, (ON_IT,)),)
    assert isinstance(judged(registry, lead), Allowed)

    registry.clock.at = datetime(2027, 2, 23, 18, tzinfo=registry.clock.at.tzinfo)
    assert isinstance(judged(registry, lead), Allowed)
    registry.clock.skip(days=1)

    assert judged(registry, lead) == Refused("call_national_registry")


def test_a_row_of_a_file_asked_when_it_says_and_not_when_it_came(registry: Branch) -> None:
    change(registry, Source, bought=False)
    lead = registry.new_lead()
    long_ago = registry.clock.at - timedelta(days=200)
    change(registry, Arrival, submitted_at=long_ago)

    assert registry.view(lead).numbers[0].asked_at == long_ago
    assert judged(registry, lead) == Refused("call_national_registry")


def test_who_writes_to_us_asked_us(registry: Branch) -> None:
    lead = registry.new_lead()
    registry.store.transact_now(
        keep_text,
        {
            "lead_id": lead, "contact_point_id": 1, "direction": "in", "status": "received", "body": "Please call", "provider": "twilio",
            "provider_id": "SM1", "created_at": registry.clock.at,
        },
    )  # fmt: skip

    assert isinstance(judged(registry, lead), Allowed)


def test_whose_loan_was_funded_may_be_called(registry: Branch) -> None:
    lead = registry.new_lead()
    change(registry, Lead, stage="funded", staged_at=registry.clock.at)

    assert isinstance(judged(registry, lead), Allowed)


def test_where_no_registry_was_imported_nobody_is_called_who_would_be_looked_up(branch: Branch) -> None:
    change(branch, Source, bought=True)

    assert judged(branch, branch.new_lead()) == Refused("call_registry_missing")


def test_do_not_call_said_on_a_call_stands_above_the_consent(registry: Branch) -> None:
    lead = registry.new_lead(**IN_WRITING)
    registry.claim("maya", lead)
    registry.logs("maya", lead, "do_not_call")

    again = registry.new_lead(first_name="Daniel", **IN_WRITING)

    assert judged(registry, lead) == judged(registry, again) == Refused("call_own_do_not_call")


@pytest.mark.parametrize(("phone", "zone"), [("(813) 555-0100", "America/New_York"), ("(512) 555-0100", "America/Chicago")])
def test_the_fourth_call_waits_for_the_first_to_be_a_day_old(branch: Branch, phone: str, zone: str) -> None:
    lead = branch.new_lead(phone=phone)
    branch.claim("maya", lead)
    branch.clock.skip(minutes=40)
    for _ in range(3):
        assert isinstance(judged(branch, lead), Allowed)
        branch.logs("maya", lead, "no_answer")
        branch.clock.skip(minutes=10)

    first = branch.clock.at - timedelta(minutes=30)
    assert judged(branch, lead) == WaitUntil(first + timedelta(days=1), zone, "call_3_touches_in_24_hours")


def test_a_stop_ends_calls_too_until_they_ask_again(branch: Branch) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    branch.clock.skip(minutes=40)
    texts.came("STOP")

    assert judged(branch, lead) == Refused("call_opted_out")
    assert call_sheet(branch.view(lead), branch.clock.at).number is None

    branch.clock.skip(minutes=5)
    texts.came("Can you call me about this after all?")

    assert isinstance(judged(branch, lead), Allowed)


def test_a_stop_before_anybody_has_the_lead_ends_its_ringing(branch: Branch) -> None:
    lead = branch.new_lead(at_once=True, **AGREED_TO_TEXTS)
    branch.clock.skip(seconds=30)
    Texts(branch).came("please stop texting me")

    assert judged(branch, lead) == Refused("call_opted_out")


def test_whose_loan_is_under_way_is_called_about_it_though_they_wrote_stop(branch: Branch) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    branch.clock.skip(minutes=40)
    texts.came("STOP")
    branch.set(Lead, lead, stage="processing")

    assert isinstance(judged(branch, lead), Allowed)


def test_who_said_on_the_phone_that_they_want_no_texts_may_still_be_called(branch: Branch) -> None:
    lead = Texts(branch).lead()
    branch.clock.skip(minutes=40)

    branch.store.transact_now(close_channels, branch.press("maya", lead), "texts", "just call me")

    assert isinstance(judged(branch, lead), Allowed)


def test_who_calls_us_asked_us(registry: Branch) -> None:
    lead = registry.new_lead()
    assert judged(registry, lead) == Refused("call_national_registry")

    row = {
        "lead_id": lead, "contact_point_id": 1, "status": "over", "outcome": "no_answer", "provider": "twilio", "provider_id": "CA1",
        "created_at": registry.clock.at,
    }  # fmt: skip
    registry.store.transact_now(keep_call, "from_borrower", row)

    assert isinstance(judged(registry, lead), Allowed)


def test_no_reason_shows_a_number_that_nobody_may_call_and_the_timeline_keeps_the_rule(registry: Branch) -> None:
    registry.lets("calls_outside_hours")
    lead = registry.new_lead()
    registry.claim("maya", lead)
    registry.clock.skip(hours=9)  # evening in Texas

    outcome = registry.store.transact_now(note_reason, registry.press("maya", lead), "She asked me to")

    assert outcome == NoNumber(lead)
    [refused] = [event for event in registry.events(lead) if event.kind == "call_refused"]
    assert (refused.actor, refused.meta) == ("officer:maya", {"rule": "call_national_registry"})


def test_where_the_config_lets_nobody_call_outside_the_hours_the_timeline_keeps_the_rule_and_no_number_is_shown(registry: Branch) -> None:
    lead = registry.new_lead(phone_2="(512) 555-0102")
    registry.claim("maya", lead)
    registry.clock.skip(hours=9)

    outcome = registry.store.transact_now(note_reason, registry.press("maya", lead), "She asked me to")

    assert isinstance(outcome, KeptToHours) and outcome.opens_at > registry.clock.at
    assert "called_anyway" not in [event.kind for event in registry.events(lead)]
    [refused] = [event for event in registry.events(lead) if event.kind == "call_refused"]
    assert (refused.actor, refused.meta) == ("officer:maya", {"rule": "call_state_hours"})
    said = say_call_anyway(Words("chat", PLAIN), outcome, registry.view(lead), "en", registry.clock.at)
    assert "555-010" not in said


def test_no_reason_shows_a_number_that_was_called_and_texted_often_enough(branch: Branch) -> None:
    branch.lets("calls_outside_hours")
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.clock.skip(minutes=40)
    for _ in range(3):
        branch.logs("maya", lead, "no_answer")

    branch.clock.skip(hours=9)  # evening in Texas

    assert isinstance(branch.store.transact_now(note_reason, branch.press("maya", lead), "She asked me to"), KeptToHours)


def test_outside_the_hours_the_one_number_of_two_is_shown_that_may_be_called(registry: Branch) -> None:
    registry.lets("calls_outside_hours")
    lead = registry.new_lead(phone_2="(512) 555-0102")
    registry.claim("maya", lead)
    registry.clock.skip(hours=9)

    outcome = registry.store.transact_now(note_reason, registry.press("maya", lead), "She asked me to")

    assert outcome == CallAnyway(lead)
    [called] = [event for event in registry.events(lead) if event.kind == "called_anyway"]
    assert called.meta["rule"] == "call_state_hours"
    said = say_call_anyway(Words("chat", PLAIN), outcome, registry.view(lead), "en", registry.clock.at)
    assert "555-0102" in said and "555-0100" not in said


@pytest.mark.parametrize("words", ["Thanks", "I said no", "HELP", "Why do you still call me?"])
def test_words_after_a_stop_that_ask_for_nothing_open_no_calls_and_nobody_is_rung_to_answer_them(branch: Branch, words: str) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    branch.logs("maya", lead, "no_answer")
    branch.clock.skip(minutes=40)
    texts.came("STOP")
    branch.clock.skip(minutes=5)

    texts.came(words)

    assert judged(branch, lead) == Refused("call_opted_out")
    assert branch.view(lead).waits_since is None
    assert len([line for line in branch.postings("update") if line.topic == "wrote"]) == 2
    assert len([notice for notice in branch.postings("notice") if notice.topic == "wrote"]) == 2


def test_words_after_a_stop_ring_the_pool_for_nobodys_lead_only_where_they_ask(branch: Branch) -> None:
    texts = Texts(branch)
    lead = branch.new_lead(at_once=True, **AGREED_TO_TEXTS)
    texts.came("STOP")
    branch.set(Lead, lead, stage="lost")

    texts.came("Thanks")
    assert branch.view(lead).stage == "lost"
    texts.came("please call me")

    assert branch.view(lead).stage == "new"


def test_who_asks_for_a_call_after_a_stop_waits_for_it_and_what_they_write_next_takes_nothing_back(branch: Branch) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    texts.came("STOP")
    branch.clock.skip(minutes=5)
    texts.came("I changed my mind, please call me")
    asked = branch.clock.now()
    branch.clock.skip(minutes=5)

    texts.came("Thanks")

    assert isinstance(judged(branch, lead), Allowed)
    assert branch.view(lead).waits_since == asked


def test_what_may_be_one_more_opt_out_after_a_stop_is_asked_about_and_waits_for_no_answer(branch: Branch) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    texts.came("STOP")
    branch.clock.skip(minutes=5)

    texts.came("not interested")

    assert branch.view(lead).waits_since is None
    assert [notice for notice in branch.postings("notice") if notice.topic == "may_be_opt_out"]


def test_who_wrote_stop_and_whose_loan_is_under_way_is_answered_about_it(branch: Branch) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    texts.came("STOP")
    branch.set(Lead, lead, stage="processing")
    branch.clock.skip(minutes=5)

    texts.came("When do we close?")

    assert isinstance(judged(branch, lead), Allowed)
    assert branch.view(lead).waits_since == branch.clock.now()


def test_a_new_request_or_a_call_from_them_asks_us_again_after_a_stop(branch: Branch) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    texts.came("STOP")
    branch.clock.skip(minutes=5)

    branch.new_lead(loan_purpose="refinance")

    assert isinstance(judged(branch, lead), Allowed)
    texts.came("STOP")
    branch.clock.skip(minutes=5)
    assert judged(branch, lead) == Refused("call_opted_out")
    row = {
        "lead_id": lead, "contact_point_id": 1, "status": "over", "outcome": "no_answer", "provider": "twilio", "provider_id": "CA1",
        "created_at": branch.clock.at,
    }  # fmt: skip
    branch.store.transact_now(keep_call, "from_borrower", row)
    assert isinstance(judged(branch, lead), Allowed)


def test_start_after_a_stop_asks_us_again(branch: Branch) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    texts.came("STOP")
    branch.clock.skip(minutes=5)

    texts.came("START")

    assert isinstance(judged(branch, lead), Allowed)
