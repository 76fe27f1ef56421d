"""What an officer reads that they may not do stands in the lead's timeline, with the rule by which they may not."""

import pytest

from bot.conversation.emailing import look_at as look_at_email
from bot.conversation.texting import look_at
from bot.store.history import history_of
from bot.wording.history import say_past
from tests.doubles.branch import Branch
from tests.doubles.calls import Calls
from tests.doubles.texts import Texts

NIGHT = {"hours": 10}
"""From noon in Austin."""


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


def refusals(branch: Branch, lead: int) -> list[tuple[str, str, str]]:
    """Who might not do what by which rule."""
    found = [event for event in branch.events(lead) if event.kind == "not_allowed"]
    return [(event.actor, event.meta["channel"], event.meta["rule"]) for event in found]


def lines(branch: Branch, lead: int) -> list[str]:
    past = branch.store.transact_now(history_of, lead, 50, 1_000_000_000).past
    return [said for each in past if "was not allowed" in (said := say_past(each, "America/Chicago", "en").partition(": ")[2])]


def test_a_text_without_consent_is_refused_by_name_on_the_screen_and_at_the_command(texts: Texts) -> None:
    branch = texts.branch
    lead = branch.new_lead()
    branch.claim("maya", lead)
    services = branch.services
    branch.store.transact_now(look_at, branch.press("maya", lead), services.in_force, "+15125550199", services.our_numbers)
    texts.sends(lead)

    assert refusals(branch, lead) == [("officer:maya", "sms", "sms_no_consent")] * 2
    said = "They did not agree to texts. Call, and ask them to text you first."
    assert lines(branch, lead)[0] == f"Maya Torres was not allowed to text. {said}"


def test_who_opted_out_is_told_so_and_the_rule_is_kept_beside_the_words(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("STOP")
    texts.sends(lead)

    [refused] = [event for event in texts.branch.events(lead) if event.kind == "not_allowed"]
    assert (refused.meta["rule"], refused.meta["because"]) == ("sms_suppressed", "opted_out")


def test_a_press_that_comes_twice_is_one_refusal(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("STOP")
    pressed = texts.branch.press("maya", lead)
    texts.sends(lead, by=pressed)
    texts.sends(lead, by=pressed)
    assert len(refusals(texts.branch, lead)) == 1


def test_a_text_that_waits_for_the_morning_says_for_which_rule(texts: Texts) -> None:
    lead = texts.lead()
    texts.branch.clock.skip(**NIGHT)
    texts.sends(lead)
    [texted] = [event for event in texts.branch.events(lead) if event.kind == "texted"]
    assert texted.meta["waits_for"] == "sms_9_to_20_sunday_12_to_18"
    assert refusals(texts.branch, lead) == []


def test_an_email_to_nobody_is_refused_by_name(texts: Texts) -> None:
    branch, lead = texts.branch, texts.lead(email=None)
    branch.store.transact_now(look_at_email, branch.press("maya", lead), branch.services.in_force.config, on=True)
    assert refusals(branch, lead) == [("officer:maya", "email", "email_no_address")]
    assert lines(branch, lead) == ["Maya Torres was not allowed to email. There is no email address. Ask for one, or call."]


def test_a_call_at_night_waits_for_the_hour_that_the_timeline_names(texts: Texts) -> None:
    branch, lead = texts.branch, texts.lead()
    branch.clock.skip(**NIGHT)
    Calls(branch).asks(lead)
    assert [rule for _, channel, rule in refusals(branch, lead) if channel == "call"] == ["call_state_hours"]
    assert lines(branch, lead) == ["Maya Torres was not allowed to call before Nov 25, 10:00 am CT"]


def test_a_call_that_became_illegal_before_the_borrower_was_rung_is_kept_too(texts: Texts) -> None:
    branch, lead = texts.branch, texts.lead()
    calls = Calls(branch)
    call_id = calls.ringing(lead)
    branch.clock.skip(**NIGHT)
    calls.presses_one(call_id)
    assert [rule for _, channel, rule in refusals(branch, lead) if channel == "call"] == ["call_state_hours"]
