"""Recorded words for a machine, without doors: what was asked is judged again as the words are left, and told once however it comes."""

import pytest

from bot.calls.bridging import hear_parted, whisper
from bot.calls.on_the_line import NOTHING, Asks, Says
from bot.calls.voicemail import begin_voicemail, go_on_talking, leave_voicemail
from bot.config.models import Voicemail
from bot.outreach.network import KnownCall
from bot.store.calls import call_row
from bot.store.leads import Lead
from tests.doubles.branch import Branch
from tests.doubles.calls import LEG, Calls
from tests.doubles.texts import AGREED, Texts

WRITTEN = {**AGREED, "consent_text": "I agree to calls, also prerecorded ones, from Acme Mortgage at this number."}
SHARED = "+15125550199"


@pytest.fixture
def calls(branch: Branch) -> Calls:
    return Calls(branch)


def asked(calls: Calls, lead: int) -> int:
    """A call on which the borrower's phone rings, and a machine is to hear our words."""
    call_id = calls.ringing(lead, sid=f"CA-{lead}")
    calls.presses_two(call_id, sid=f"CA-{lead}")
    return call_id


def begins(calls: Calls, call_id: int) -> bool:
    return calls.store.transact_now(begin_voicemail, call_id, calls.now, "salt")


def parted(calls: Calls, call_id: int, leg: KnownCall) -> None:
    calls.store.transact_now(hear_parted, call_id, leg, calls.now, "salt")


def outcome(calls: Calls, call_id: int) -> tuple[str | None, str | None]:
    row = calls.store.transact_now(call_row, call_id)
    assert row is not None
    return row.outcome, row.voicemail


def test_the_words_are_left_once_and_the_network_may_tell_the_end_in_any_way(calls: Calls) -> None:
    for told in (KnownCall(LEG, "connected", 5), KnownCall(LEG, None)):
        lead = calls.lead(**WRITTEN, phone=f"(512) 555-01{10 + bool(told.outcome)}", email=f"{told.outcome}@example.com")
        call_id = asked(calls, lead)
        assert begins(calls, call_id) and not begins(calls, call_id)

        parted(calls, call_id, told)
        parted(calls, call_id, told)

        assert outcome(calls, call_id) == ("left_voicemail", "left")
        assert calls.tries(lead) == [("left_voicemail", True)]


def test_who_wants_no_more_calls_meanwhile_hears_no_machine(calls: Calls) -> None:
    lead = calls.lead(**WRITTEN)
    call_id = asked(calls, lead)
    calls.branch.logs("maya", lead, "do_not_call")

    assert not begins(calls, call_id)

    assert outcome(calls, call_id) == (None, None)
    [refused] = [event for event in calls.branch.events(lead) if event.kind == "not_allowed"]
    assert refused.meta["rule"] == "call_own_do_not_call"


@pytest.mark.parametrize("wrote", ["STOP", "please take me off your list", "I may not want this any more, stop?"])
def test_who_wrote_stop_meanwhile_hears_no_recording_though_officers_may_call(calls: Calls, wrote: str) -> None:
    lead = calls.lead(**WRITTEN)
    call_id = asked(calls, lead)
    Texts(calls.branch).came(wrote)

    assert not begins(calls, call_id)

    [refused] = [event for event in calls.branch.events(lead) if event.kind == "not_allowed"]
    assert refused.meta["rule"] == "call_recorded_no_written_consent"


def test_who_wrote_stop_while_our_answer_was_lost_hears_no_recording(calls: Calls) -> None:
    call_id = asked(calls, calls.lead(**WRITTEN))
    signed = Voicemail.model_construct(opt_out_phone="+18005550188", signed_off_by="Cora Bell", signed_off_on=calls.now.date())
    config = calls.branch.services.in_force.config.model_copy(update={"voicemail": signed})
    assert begins(calls, call_id)
    calls.store.transact_now(go_on_talking, call_id)
    Texts(calls.branch).came("STOP")

    assert calls.store.transact_now(leave_voicemail, call_id, config, SHARED) == NOTHING
    assert outcome(calls, call_id) == (None, "asked")


def test_who_wrote_stop_before_is_not_offered_a_recording(calls: Calls) -> None:
    lead = calls.lead(**WRITTEN)
    Texts(calls.branch).came("STOP")
    calls.branch.set(Lead, lead, stage="processing")
    call_id = calls.ringing(lead, sid="CA-1")

    offered = calls.store.transact_now(whisper, call_id, "CA-1", "twilio", leaves_voicemail=True)

    assert isinstance(offered, Asks) and "Press 2" not in offered.words
    assert isinstance(calls.presses_two(call_id, sid="CA-1"), Asks)
    assert outcome(calls, call_id) == (None, None)


def test_who_pressed_1_leaves_nothing(calls: Calls) -> None:
    call_id = calls.dialed(calls.lead(**WRITTEN))
    assert not begins(calls, call_id)


def test_words_that_the_network_did_not_take_leave_both_on_the_line(calls: Calls) -> None:
    call_id = asked(calls, calls.lead(**WRITTEN))
    assert begins(calls, call_id)

    calls.store.transact_now(go_on_talking, call_id)
    parted(calls, call_id, KnownCall(LEG, "connected", 60))

    assert outcome(calls, call_id) == ("connected", "asked")


@pytest.mark.parametrize(("language", "says"), [("en", "This is a recorded message"), ("es", "Este es un mensaje grabado")])
def test_the_machine_hears_the_borrowers_language(calls: Calls, language: str, says: str) -> None:
    call_id = asked(calls, calls.lead(**WRITTEN, language=language))
    signed = Voicemail.model_construct(opt_out_phone="+18005550188", signed_off_by="Cora Bell", signed_off_on=calls.now.date())
    config = calls.branch.services.in_force.config
    assert calls.store.transact_now(leave_voicemail, call_id, config, SHARED) == NOTHING
    found = calls.store.transact_now(leave_voicemail, call_id, config.model_copy(update={"voicemail": signed}), SHARED)
    assert isinstance(found, Says)
    assert (says in found.words, found.language) == (True, language)
    assert "Acme Mortgage LLC" in found.words and "8 0 0, 5 5 5, 0 1 8 8" in found.words
