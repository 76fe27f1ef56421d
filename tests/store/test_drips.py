"""Texts that leave by themselves: once each, judged as any text, never in a burst, and over as soon as the borrower does anything."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.conversation.relay import Sms, prepare, receive_sms
from bot.conversation.sending import refuse_unready
from bot.conversation.speaking import keep_english
from bot.leads.undoing import NotUndone, Undone
from bot.leads.working import LoggedCall, MayNotWork, NotYourLead
from bot.nurture.drip_steps import Sender
from bot.nurture.drips import Begun, Called, CannotBegin, NothingRuns, RunsAlready, Stopped, begin_drip, keep_library
from bot.outreach.network import Known, Nobody, NotNow
from bot.store.drips import newest_version_of
from bot.store.events import broken_links
from bot.store.outbound import ContactAttempt, Enrollment
from bot.store.people import Sequence as SequenceRow
from bot.store.postings import Posting
from bot.wording.drips import say_drip
from bot.wording.plain import plain
from tests.doubles.branch import Branch
from tests.doubles.drips import NEW_LEAD, SENDER, DripTexts
from tests.doubles.held import held, wait_until_one_waits
from tests.doubles.parallel import in_parallel
from tests.doubles.texts import NUMBER


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    """Runs what has to wait for the test."""
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pytest.fixture
def texts(branch: Branch) -> DripTexts:
    return DripTexts(branch)


def test_five_texts_leave_in_twelve_days_and_then_it_is_over(texts: DripTexts) -> None:
    lead = texts.running()
    for left in range(1, 6):
        drip = texts.drip(lead)
        assert drip.at is not None
        texts.branch.clock.at = drip.at
        texts.touch_all()
        texts.leaves(lead)
        assert texts.drip(lead).step == left
    texts.passes(minutes=2)

    assert texts.why_ended(lead) == "finished"
    assert [text.status for text in texts.touches(lead)] == ["delivered"] * 5
    assert texts.branch.clock.now() - texts.branch.events(lead)[0].at < timedelta(days=13)
    assert [attempt for attempt in texts.branch.all(ContactAttempt) if attempt.lead_id == lead] == []


def test_no_step_counts_as_an_answer_to_the_owners_clock(texts: DripTexts) -> None:
    lead = texts.first_left()

    assert texts.attempts(lead) == []
    assert texts.branch.view(lead).stage == "new"


def test_a_lead_goes_one_way_through_a_sequence_at_a_time(texts: DripTexts) -> None:
    lead = texts.lead()
    outcomes = in_parallel([partial(texts.begins, lead) for _ in range(8)])

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Begun"] + ["RunsAlready"] * 7
    assert len(texts.branch.all(Enrollment)) == 1
    texts.stops(lead)
    assert isinstance(texts.begins(lead), Begun)
    assert texts.begins(lead) == RunsAlready(lead, Called({"en": "New lead", "es": "Consulta nueva"}, texts_only=True))


def test_the_same_delivery_begins_once_and_is_answered_twice(texts: DripTexts) -> None:
    lead = texts.lead()

    first, second = texts.begins(lead, delivery="once"), texts.begins(lead, delivery="once")

    assert first == second and isinstance(first, Begun)
    assert len(texts.branch.all(Enrollment)) == 1


@pytest.mark.fault(47)
def test_two_workers_write_one_text(texts: DripTexts) -> None:
    leads = [texts.running(phone=f"(512) 555-1{place:03}", email=f"d{place}@example.com", last_name=f"R{place}") for place in range(6)]
    texts.branch.clock.skip(minutes=10)

    in_parallel([texts.touch for _ in range(30)])
    texts.touch_all()

    assert [len(texts.touches(lead)) for lead in leads] == [1] * 6
    sent = in_parallel([partial(texts.begin, texts.due_text(lead)) for lead in leads for _ in range(3)])
    assert len([sending for sending in sent if sending is not None]) == 6
    assert texts.store.transact_now(lambda session: list(broken_links(session))) == []


def test_eight_days_of_downtime_are_made_up_for_by_one_text(texts: DripTexts) -> None:
    lead = texts.running()
    texts.branch.clock.skip(days=8)

    texts.touch_all()
    texts.leaves(lead)
    texts.touch_all()

    assert len(texts.touches(lead)) == 1
    following = texts.drip(lead).at
    assert following is not None and following - texts.branch.clock.now() > timedelta(hours=12)


def test_nothing_is_written_while_the_text_before_is_still_on_its_way(texts: DripTexts) -> None:
    lead = texts.running()
    texts.passes(minutes=10)
    for _ in range(20):
        texts.passes(hours=12)

    assert len(texts.touches(lead)) == 1
    texts.leaves(lead)
    texts.passes(days=1)
    assert len(texts.touches(lead)) == 2


def test_a_worker_that_died_between_the_mark_and_the_answer_leaves_a_doubt_and_no_second_text(texts: DripTexts) -> None:
    lead = texts.running()
    texts.passes(minutes=10)
    text_id = texts.due_text(lead)
    texts.begun(text_id)

    texts.time_is_over(text_id)
    texts.asked_in_vain(text_id)
    texts.passes(hours=1)

    assert texts.status(text_id) == "uncertain"
    assert len(texts.touches(lead)) == 1
    assert texts.begin(text_id) is None
    texts.passes(days=3)
    assert [text.status for text in texts.touches(lead)] == ["uncertain", "queued"]
    assert texts.touches(lead)[0].body != texts.touches(lead)[1].body


def test_a_lost_answer_is_asked_about_as_any_texts_is(texts: DripTexts) -> None:
    lead = texts.running()
    texts.passes(minutes=10)
    text_id = texts.due_text(lead)
    texts.answers(texts.begun(text_id), Nobody())

    asking = texts.begin_asking(text_id)
    assert asking is not None
    texts.finds(asking, [Known("SM9", "sent", None, texts.row(text_id).words)])

    assert texts.status(text_id) == "sent"


Does = Callable[[DripTexts, int], Any]
ENDINGS: list[tuple[str, Does]] = [
    ("replied", lambda texts, _: texts.came("What do you need from me?")),
    ("replied", lambda texts, _: texts.came("ok")),
    ("opted_out", lambda texts, _: texts.came("STOP")),
    ("opted_out", lambda texts, _: texts.came("por favor no me escriban")),
    ("wrong_number", lambda texts, _: texts.came("wrong number")),
    ("connected", lambda texts, lead: texts.branch.logs("maya", lead, "connected")),
    ("call_back", lambda texts, lead: texts.branch.logs("maya", lead, "call_back")),
    ("bad_number", lambda texts, lead: texts.branch.logs("maya", lead, "bad_number")),
    ("wrong_person", lambda texts, lead: texts.branch.logs("maya", lead, "wrong_person")),
    ("do_not_call", lambda texts, lead: texts.branch.logs("maya", lead, "do_not_call")),
    ("not_interested", lambda texts, lead: texts.branch.logs("maya", lead, "not_interested")),
    ("already_has_lender", lambda texts, lead: texts.branch.logs("maya", lead, "already_has_lender")),
    ("stage", lambda texts, lead: texts.stages(lead, "application")),
    ("stage", lambda texts, lead: texts.stages(lead, "withdrawn")),
    ("stopped", lambda texts, lead: texts.stops(lead)),
]


@pytest.mark.parametrize(("because", "does"), ENDINGS)
def test_it_ends_at_once_and_the_text_that_waits_does_not_leave(
    texts: DripTexts, because: str, does: Callable[[DripTexts, int], Any]
) -> None:
    lead = texts.running()
    texts.passes(minutes=10)
    text_id = texts.due_text(lead)

    does(texts, lead)

    assert texts.why_ended(lead) == because
    assert texts.begin(text_id) is None and texts.status(text_id) == "refused"
    texts.passes(days=30)
    assert len(texts.touches(lead)) == 1
    ended = [event for event in texts.branch.events(lead) if event.kind == "drip_ended"]
    assert [event.meta["because"] for event in ended] == [because]
    assert ended[0].actor == ("officer:maya" if because == "stopped" else "leadbell")


@pytest.mark.parametrize("result", ["left_voicemail", "no_answer", "busy"])
def test_a_call_that_reached_nobody_leaves_it_running(texts: DripTexts, result: str) -> None:
    lead = texts.first_left()

    texts.branch.logs("maya", lead, result)

    assert texts.drip(lead).runs


def test_a_reply_on_a_number_that_two_leads_share_ends_both(texts: DripTexts) -> None:
    one = texts.running()
    other = texts.running(first_name="Ed", email="ed@example.com")

    texts.came("Who is this?")

    assert (texts.why_ended(one), texts.why_ended(other)) == ("replied", "replied")


@pytest.mark.parametrize(("code", "because"), [(21610, "opted_out"), (30006, "takes_no_texts"), (21211, "takes_no_texts")])
def test_what_the_network_says_of_the_number_ends_it(texts: DripTexts, code: int, because: str) -> None:
    lead = texts.running()
    texts.passes(minutes=10)
    text_id = texts.due_text(lead)

    texts.answers(texts.begun(text_id), Known("SM7", "failed", code, ""))

    assert texts.why_ended(lead) == because


def test_a_text_that_a_carrier_dropped_is_not_the_end(texts: DripTexts) -> None:
    lead = texts.running()
    texts.passes(minutes=10)
    text_id = texts.due_text(lead)

    texts.answers(texts.begun(text_id), Known("SM7", "failed", 30007, ""))
    texts.passes(days=3)

    assert texts.drip(lead).runs and len(texts.touches(lead)) == 2


@pytest.mark.fault(58)
def test_at_night_a_step_waits_for_the_first_legal_minute_everywhere_the_borrower_may_be(texts: DripTexts) -> None:
    lead = texts.lead(phone="(213) 555-0100")  # a number of Los Angeles, a house in Texas
    texts.branch.clock.skip(hours=7.9)  # 7:54 pm in Texas

    outcome = texts.begins(lead)

    assert isinstance(outcome, Begun) and outcome.waits_for is not None
    assert [each["waits_for"] for each in texts.events(lead, "drip_begun")] == [outcome.waits_for]
    texts.passes(minutes=10)
    assert texts.touches(lead) == []
    texts.passes(hours=13)  # 9:04 am in Texas, 7:04 in California
    assert texts.touches(lead) == []
    texts.passes(hours=2)
    assert len(texts.touches(lead)) == 1


def test_three_touches_in_a_day_hold_the_next_one(texts: DripTexts) -> None:
    lead = texts.running()
    for result in ("no_answer", "busy", "left_voicemail"):
        texts.branch.logs("maya", lead, result)

    texts.passes(minutes=10)

    drip = texts.drip(lead)
    assert texts.touches(lead) == [] and drip.runs
    assert drip.state["waits_for"] == "sms_3_touches_in_24_hours"
    assert drip.at is not None and drip.at - texts.branch.clock.now() > timedelta(hours=20)


def test_what_holds_a_step_back_is_in_the_timeline_once_for_each_answer(texts: DripTexts) -> None:
    lead = texts.running()
    for result in ("no_answer", "busy", "left_voicemail"):
        texts.branch.logs("maya", lead, result)
    texts.passes(minutes=10)
    drip = texts.drip(lead)
    assert drip.at is not None
    texts.passes(hours=1)  # nothing is due
    texts.branch.set(Enrollment, drip.id, at=texts.branch.clock.now(), due_at=texts.branch.clock.now())  # something has it looked at early
    texts.touch_all()

    [told] = texts.events(lead, "held")

    about = {"enrollment": drip.id, "sequence": "new_lead", "version": drip.version, "step": 1}
    assert told == {"channel": "sms", "rule": "sms_3_touches_in_24_hours", "until": drip.at.isoformat(), **about}
    texts.branch.clock.skip(hours=22)
    texts.branch.logs("maya", lead, "no_answer")
    texts.branch.logs("maya", lead, "no_answer")
    texts.branch.logs("maya", lead, "no_answer")
    texts.passes(hours=1)
    assert [each["until"] for each in texts.events(lead, "held")] == [drip.at.isoformat(), (texts.drip(lead).at or drip.at).isoformat()]
    assert texts.drip(lead).at != drip.at


def test_what_holds_the_step_after_back_is_in_the_timeline_as_soon_as_it_is_known(texts: DripTexts) -> None:
    lead = texts.lead()
    words = {"en": "{{ company }}, NMLS {{ nmls }}. Hi. Reply STOP to opt out.", "es": "{{ company }}, NMLS {{ nmls }}. Hola. STOP."}
    texts.runs(lead, {"after": "1 hour", "sms": words}, {"after": "10 hours", "sms": words})

    texts.passes(hours=1)

    drip, [told] = texts.drip(lead), texts.events(lead, "held")
    assert drip.step == 1 and drip.at is not None
    assert (told["rule"], told["until"], told["step"]) == (drip.state["waits_for"], drip.at.isoformat(), 2)


def test_what_waits_for_the_network_past_the_legal_hours_is_written_anew_when_they_open(texts: DripTexts) -> None:
    lead = texts.running()
    texts.passes(minutes=10)
    text_id = texts.due_text(lead)
    texts.answers(texts.begun(text_id), NotNow())
    texts.time_is_over(text_id)
    texts.branch.clock.skip(hours=9)  # 9:10 pm

    assert texts.begin(text_id) is None

    assert texts.status(text_id) == "refused"
    drip = texts.drip(lead)
    assert drip.step == 0 and drip.runs and drip.at is not None
    [told] = texts.events(lead, "held")
    assert (told["rule"], told["until"], told["step"]) == ("sms_9_to_20_sunday_12_to_18", drip.at.isoformat(), 1)
    texts.passes(hours=13)
    texts.leaves(lead)
    assert [text.status for text in texts.touches(lead)] == ["refused", "delivered"]
    assert texts.touches(lead)[0].body == texts.touches(lead)[1].body


def test_a_lead_that_was_handed_over_is_written_to_in_the_new_owners_name(texts: DripTexts) -> None:
    lead = texts.first_left()
    texts.hands_over(lead, "luis")
    texts.branch.clock.skip(days=1)
    texts.touch_all()

    assert texts.touches(lead)[-1].body.startswith("Hi Dana, I'm Luis Ortega (NMLS 200102) at Acme Mortgage, taking over from Maya Torres.")
    assert texts.drip(lead).step == 1
    texts.leaves(lead)
    texts.passes(days=2)
    texts.leaves(lead)
    text = texts.touches(lead)[-1]
    assert "Luis" in text.body and "Maya" not in text.body
    assert texts.drip(lead).step == 2 and len(texts.touches(lead)) == 3


@pytest.mark.fault(57)
def test_a_hand_over_between_the_writing_and_the_sending_has_it_written_anew(texts: DripTexts) -> None:
    lead = texts.running()
    texts.passes(minutes=10)
    text_id = texts.due_text(lead)

    texts.hands_over(lead, "luis")

    assert texts.begin(text_id) is None
    texts.touch_all()
    assert "Luis" in texts.touches(lead)[-1].body
    texts.leaves(lead)
    assert len([text for text in texts.touches(lead) if text.status == "delivered"]) == 1


def test_a_lead_without_an_owner_is_written_to_by_the_company(texts: DripTexts) -> None:
    lead = texts.running()
    texts.branch.give_back("maya", lead)

    texts.passes(minutes=10)

    assert texts.touches(lead)[-1].body.startswith("Hi Dana, this is Acme Mortgage, NMLS 123456. You asked us about buying")


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"consent": None, "consent_text": None, "consent_at": None}, "sms_no_consent"),
        ({"consent_text": "I agree to calls."}, "sms_consent_names_no_texts"),
        ({"phone": None, "email": "dana@example.com"}, "no_phone"),
    ],
)
def test_what_the_gate_refuses_for_good_never_begins(texts: DripTexts, fields: dict[str, Any], because: str) -> None:
    lead = texts.lead(**fields)

    outcome = texts.begins(lead)

    assert isinstance(outcome, CannotBegin) and outcome.because == because
    assert texts.branch.all(Enrollment) == []


@pytest.mark.fault(57)
def test_what_closes_meanwhile_ends_it_when_its_time_comes(texts: DripTexts) -> None:
    lead = texts.running()
    other = texts.lead(first_name="Ed", email="ed@example.com")

    texts.branch.logs("maya", other, "do_not_call")
    texts.passes(minutes=10)

    assert texts.touches(lead) == [] and texts.why_ended(lead) == "sms_suppressed"


def test_who_opted_out_or_may_have_is_not_written_to(texts: DripTexts) -> None:
    opted_out, unclear = texts.lead(), texts.lead(phone="(512) 555-0177", email="e@example.com", first_name="Ed")
    texts.came("STOP")
    texts.came("please enough already", "+15125550177")

    for lead, because in ((opted_out, "opted_out"), (unclear, "may_be_opt_out")):
        outcome = texts.begins(lead)
        assert isinstance(outcome, CannotBegin) and outcome.because in (because, "waits_for_you"), outcome
    assert texts.branch.all(Enrollment) == []


def test_a_borrower_who_waits_for_an_answer_is_answered_first(texts: DripTexts) -> None:
    lead = texts.lead()
    texts.came("Can you call me at noon?")

    outcome = texts.begins(lead)

    assert isinstance(outcome, CannotBegin) and outcome.because == "waits_for_you"


def test_a_stage_that_it_is_not_for_begins_nothing(texts: DripTexts) -> None:
    lead = texts.lead()
    texts.stages(lead, "application")

    outcome = texts.begins(lead)

    assert isinstance(outcome, CannotBegin) and (outcome.because, outcome.stage) == ("stage", "application")


def test_texts_for_a_segment_begin_for_its_leads_alone(texts: DripTexts) -> None:
    for_veterans = NEW_LEAD.model_copy(update={"segments": ("veteran", "investor")})
    texts.keeps(for_veterans)
    others, veteran = texts.lead(), texts.lead(first_name="Ed", phone="(512) 555-0177", email="e@example.com", veteran="yes")

    def begins(lead: int) -> Begun | CannotBegin:
        outcome = texts.store.transact_now(begin_drip, texts.branch.press("maya", lead), "new_lead", SENDER)[0]
        assert isinstance(outcome, Begun | CannotBegin)
        return outcome

    refused = begins(others)
    assert isinstance(refused, CannotBegin)
    assert (refused.because, refused.segments) == ("segment", ("veteran", "investor"))
    assert say_drip(plain, refused, "en", texts.branch.clock.now()) == (
        f"New lead texts are for other leads than #{others}: served in the military, investor. Nothing begins."
    )
    assert isinstance(begins(veteran), Begun)


def test_while_texts_are_off_nothing_begins_and_what_runs_waits(texts: DripTexts) -> None:
    lead, other = texts.running(), texts.lead(phone="(512) 555-0177", email="e@example.com", first_name="Ed")
    texts.sender = Sender("Acme Mortgage", "123456", "not_signed_off")

    outcome = texts.begins(other)
    texts.passes(minutes=10)
    texts.passes(days=5)

    assert isinstance(outcome, CannotBegin) and outcome.because == "not_signed_off"
    assert texts.touches(lead) == [] and texts.drip(lead).runs
    texts.sender = SENDER
    texts.passes(hours=1)
    assert len(texts.touches(lead)) == 1


@pytest.mark.parametrize(("officer", "outcome"), [("luis", NotYourLead), ("cora", MayNotWork)])
def test_only_the_owner_and_who_leads_the_team_begin_and_stop_it(texts: DripTexts, officer: str, outcome: type) -> None:
    lead = texts.lead()

    assert isinstance(texts.begins(lead, officer), outcome)
    assert isinstance(texts.begins(lead, "tess"), Begun)
    assert isinstance(texts.stops(lead, officer), outcome)
    assert isinstance(texts.stops(lead, "tess"), Stopped)
    assert texts.stops(lead, "tess") == NothingRuns(lead)


def test_a_beginning_is_taken_back_before_the_first_text_and_not_after_it(texts: DripTexts) -> None:
    lead = texts.lead()
    begun = texts.begins(lead)
    assert isinstance(begun, Begun)

    assert isinstance(texts.branch.undoes("maya", lead, begun.seq), Undone)
    assert texts.why_ended(lead) == "undone"
    again = texts.begins(lead)
    assert isinstance(again, Begun)
    texts.passes(minutes=10)

    undone = texts.branch.undoes("maya", lead, again.seq)
    assert isinstance(undone, NotUndone) and (undone.because, undone.since) == ("newer", "drip_touched")
    assert texts.drip(lead).runs


def test_a_stop_is_taken_back_and_it_goes_on_where_it_stood(texts: DripTexts) -> None:
    lead = texts.first_left()
    at = texts.drip(lead).at
    stopped = texts.stops(lead)
    assert isinstance(stopped, Stopped)

    assert isinstance(texts.branch.undoes("luis", lead, stopped.seq), NotUndone)
    assert isinstance(texts.branch.undoes("maya", lead, stopped.seq), Undone)

    drip = texts.drip(lead)
    assert drip.runs and (drip.step, drip.at, drip.due_at) == (1, at, at)


def test_a_stop_stays_where_the_borrower_wrote_since(texts: DripTexts) -> None:
    lead = texts.first_left()
    stopped = texts.stops(lead)
    assert isinstance(stopped, Stopped)
    texts.came("Hello?")

    undone = texts.branch.undoes("maya", lead, stopped.seq)

    assert isinstance(undone, NotUndone) and undone.since == "wrote"
    assert not texts.drip(lead).runs


def test_a_call_that_is_taken_back_lets_it_go_on(texts: DripTexts) -> None:
    lead = texts.first_left()
    logged = texts.branch.logs("maya", lead, "connected")
    assert isinstance(logged, LoggedCall)

    texts.branch.undoes("maya", lead, logged.seq)

    assert texts.drip(lead).runs


def test_a_call_that_is_taken_back_lets_nothing_go_on_after_the_borrowers_answer(texts: DripTexts) -> None:
    lead = texts.first_left()
    logged = texts.branch.logs("maya", lead, "connected")
    assert isinstance(logged, LoggedCall)
    texts.came("Hi, thanks for the call")

    texts.branch.undoes("maya", lead, logged.seq)

    assert not texts.drip(lead).runs


def test_who_stated_spanish_or_wrote_it_reads_spanish_and_nobody_else(texts: DripTexts) -> None:
    stated = texts.running(language="Spanish")
    named = texts.running(phone="(512) 555-0177", email="j@example.com", first_name="José", last_name="García")
    texts.passes(minutes=10)

    assert texts.touches(stated)[0].body.startswith("Hola, Dana, le escribe Maya Torres")
    assert texts.touches(named)[0].body.startswith("Hi José, this is Maya Torres")


def test_a_running_lead_keeps_the_version_that_it_began_with(texts: DripTexts) -> None:
    lead = texts.running()
    newer = NEW_LEAD.model_copy(update={"steps": (NEW_LEAD.steps[0], *NEW_LEAD.steps[2:])})
    other = texts.lead(phone="(512) 555-0177", email="e@example.com", first_name="Ed")
    texts.keeps(newer)
    texts.begins(other)

    assert (texts.drip(lead).version, len(texts.drip(lead).plan.steps)) == (1, 5)
    assert (texts.drip(other).version, len(texts.drip(other).plan.steps)) == (2, 4)


def test_the_same_words_are_one_version_whoever_keeps_them_first(texts: DripTexts) -> None:
    newer = NEW_LEAD.model_copy(update={"steps": NEW_LEAD.steps[:2]})

    ids = in_parallel([partial(texts.keeps, newer) for _ in range(8)])

    assert len(set(ids)) == 1
    assert sorted(row.version for row in texts.branch.all(SequenceRow) if row.key == "new_lead") == [1, 2]


def test_what_somebody_changed_in_chat_is_not_overwritten_by_the_file(texts: DripTexts) -> None:
    newer = NEW_LEAD.model_copy(update={"steps": NEW_LEAD.steps[:2]})
    texts.keeps(newer)

    texts.store.transact_now(keep_library)

    found = texts.store.transact_now(newest_version_of, "new_lead")
    assert found is not None and (found.version, len(found.plan.steps), found.origin) == (2, 2, "chat")


def test_the_thread_has_one_line_however_many_texts_left(texts: DripTexts) -> None:
    lead = texts.running()
    for _ in range(3):
        following = texts.drip(lead).at
        assert following is not None
        texts.branch.clock.at = following
        texts.touch_all()
        texts.leaves(lead)
    texts.came("Hello")

    lines = [posting for posting in texts.branch.all(Posting) if posting.lead_id == lead and posting.kind == "update"]
    assert [line.topic for line in lines] == ["drip", "wrote"]


def test_the_timeline_says_who_began_it_what_left_and_why_it_ended(texts: DripTexts) -> None:
    lead = texts.first_left()
    texts.came("Hello")

    told = [(event.kind, event.actor, event.meta.get("because")) for event in texts.branch.events(lead) if event.kind.startswith("drip")]
    assert told == [("drip_begun", "officer:maya", None), ("drip_touched", "leadbell", None), ("drip_ended", "leadbell", "replied")]
    assert all("Dana" not in f"{event.meta}" for event in texts.branch.events(lead))
    assert texts.store.transact_now(lambda session: list(broken_links(session))) == []


def test_a_practice_lead_and_an_unknown_one_have_no_texts(texts: DripTexts) -> None:
    assert texts.begins(999).kind == "no_such_lead"


@pytest.mark.fault(57)
def test_a_reply_and_a_sender_at_once_end_in_one_of_two_ways(texts: DripTexts) -> None:
    for place in range(10):
        lead = texts.running(phone=f"(512) 555-1{place:03}", email=f"d{place}@example.com", last_name=f"R{place}")
        texts.passes(minutes=10)
        text_id = texts.due_text(lead)
        race: list[partial[Any]] = [
            partial(texts.begin, text_id),
            partial(texts.came, "Hi", f"+15125551{place:03}"),
            partial(texts.begin, text_id),
        ]
        begun = [outcome for outcome in in_parallel(race) if outcome is not None]
        assert (texts.status(text_id), len(begun)) in (("refused", 0), ("sending", 1))
        assert texts.why_ended(lead) == "replied"
        assert len(texts.touches(lead)) == 1


def test_a_sender_waits_for_a_reply_that_is_being_written_and_sends_nothing(replicated: Branch, aside: ThreadPoolExecutor) -> None:
    texts = DripTexts(replicated)
    lead = texts.running()
    texts.passes(minutes=10)
    text_id = texts.due_text(lead)
    with held(replicated.store) as answering:
        receive_sms(answering, prepare(replicated.services, Sms("twilio", "SM5", NUMBER, "Hi Maya")))
        sender = aside.submit(texts.begin, text_id)
        wait_until_one_waits(replicated.store)
        answering.commit()

    assert sender.result() is None
    assert texts.status(text_id) == "refused" and texts.why_ended(lead) == "replied"


def test_texts_that_are_switched_off_before_one_leaves_have_it_written_again_later(texts: DripTexts) -> None:
    lead = texts.running()
    texts.passes(minutes=10)
    text_id = texts.due_text(lead)

    texts.store.transact_now(refuse_unready, text_id, "not_signed_off", texts.branch.clock.now(), "salt")

    assert texts.status(text_id) == "refused" and (texts.drip(lead).runs, texts.drip(lead).step) == (True, 0)
    texts.passes(hours=1)
    texts.leaves(lead)
    assert texts.drip(lead).step == 1


def test_an_owner_who_goes_on_in_english_has_the_texts_in_english(texts: DripTexts) -> None:
    lead = texts.running(language="Spanish")
    texts.store.transact_now(keep_english, texts.branch.press("maya", lead))

    texts.passes(minutes=10)

    assert texts.touches(lead)[0].body.startswith("Hi Dana, this is Maya Torres")


def test_who_wrote_spanish_before_reads_spanish(texts: DripTexts) -> None:
    lead = texts.lead()
    texts.came("Hola, quiero comprar una casa, me puede llamar mañana")
    answer = texts.queued(lead, "Claro que si")
    texts.answers(texts.begun(answer), Known("SM77", "delivered", None, ""))

    assert isinstance(texts.begins(lead), Begun)
    texts.passes(minutes=10)

    assert texts.touches(lead)[0].body.startswith("Hola, Dana, le escribe Maya Torres")
