"""STOP and a sender at the same moment: after the opt-out is committed nothing is marked as being sent, however they meet."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.conversation.relay import Sms, prepare, receive_sms
from bot.conversation.sending import begin_sendings
from bot.leads.working import note_call
from bot.nurture.drip_steps import touch_next
from bot.outreach.network import Sending
from bot.rules.dispositions import Disposition
from bot.store.events import broken_links
from bot.store.leads import lock_lead
from bot.store.outbound import Message
from bot.store.postings import redraw_line
from bot.store.suppressions import Suppression
from tests.doubles.branch import Branch
from tests.doubles.drips import DripTexts
from tests.doubles.held import held, wait_until_one_waits
from tests.doubles.parallel import in_parallel
from tests.doubles.sender import NO_NUMBERS, hands_around, sends_all
from tests.doubles.texts import Texts

MANY = 12
_DEADLOCKS = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    """Runs what has to wait for the test."""
    with ThreadPoolExecutor(2) as threads:
        yield threads


def number(place: int) -> str:
    return f"+1512555{place + 1000:04}"


def queued(texts: Texts) -> list[int]:
    return [
        texts.queued(texts.lead(phone=number(place), email=f"dana{place}@example.com", last_name=f"Rowe{place}")) for place in range(MANY)
    ]


@pytest.mark.fault(50)
def test_a_stop_and_a_sender_at_once_end_in_one_of_two_ways(branch: Branch) -> None:
    texts = Texts(branch)
    ids = queued(texts)
    for place, text_id in enumerate(ids):
        race: list[partial[Any]] = [
            partial(texts.begin, text_id),
            partial(texts.came, "STOP", number(place)),
            partial(texts.begin, text_id),
        ]
        begun = [outcome for outcome in in_parallel(race) if outcome is not None]
        assert (texts.status(text_id), len(begun)) in (("refused", 0), ("sending", 1))
    assert all(texts.begin(text_id) is None for text_id in ids)
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []


def test_a_sender_waits_for_a_stop_that_is_being_written_and_sends_nothing(replicated: Branch, aside: ThreadPoolExecutor) -> None:
    texts = Texts(replicated)
    text_id = texts.queued(texts.lead())
    with held(replicated.store) as stopping:
        receive_sms(stopping, prepare(replicated.services, Sms("twilio", "SM5", "+15125550100", "STOP")))
        sender = aside.submit(texts.begin, text_id)
        wait_until_one_waits(replicated.store)
        stopping.commit()
    assert sender.result() is None
    assert texts.status(text_id) == "refused"


def test_a_stop_waits_for_a_sender_and_the_next_text_is_refused(replicated: Branch, aside: ThreadPoolExecutor) -> None:
    texts = Texts(replicated)
    lead = texts.lead()
    first, second = texts.queued(lead), texts.queued(lead, "And another")
    with held(replicated.store) as sending:
        assert begin_sendings(sending, [first], NO_NUMBERS, replicated.clock.now(), "salt")[0]
        stop = aside.submit(texts.came, "STOP")
        wait_until_one_waits(replicated.store)
        sending.commit()
    stop.result()
    assert texts.begin(second) is None
    assert [texts.status(first), texts.status(second)] == ["sending", "refused"]


def test_a_sender_waits_for_a_do_not_call_that_is_being_logged_also_about_another_lead_of_the_number(
    replicated: Branch, aside: ThreadPoolExecutor
) -> None:
    texts = Texts(replicated)
    danas, robs = texts.lead(first_name="Dana"), texts.lead(first_name="Rob", loan_purpose="refinance")
    text_id = texts.queued(robs)
    with held(replicated.store) as logging:
        note_call(logging, replicated.press("maya", danas), Disposition.DO_NOT_CALL, None)
        sender = aside.submit(texts.begin, text_id)
        wait_until_one_waits(replicated.store)
        logging.commit()
    assert sender.result() is None
    assert texts.status(text_id) == "refused"


def test_a_co_borrowers_stop_on_a_shared_phone_stops_both(branch: Branch) -> None:
    texts = Texts(branch)
    danas, robs = texts.lead(first_name="Dana"), texts.lead(first_name="Rob", loan_purpose="refinance")
    ids = [texts.queued(danas), texts.queued(robs)]

    texts.came("STOP")

    assert [texts.status(text_id) for text_id in ids] == ["refused", "refused"]
    assert [[event.kind for event in branch.events(lead)].count("wrote") for lead in (danas, robs)] == [1, 1]


@pytest.mark.fault(50)
def test_in_two_processes_nothing_is_marked_after_its_stop(replicated: Branch) -> None:
    texts = Texts(replicated)
    ids = queued(texts)
    url = replicated.store.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        senders = [processes.submit(sends_all, url, replicated.clock.now(), ids) for _ in range(2)]
        for place in range(MANY):
            texts.came("STOP", number(place))
        marked = [text_id for sender in senders for text_id in sender.result()]
    assert len(marked) == len(set(marked))
    for text_id in ids:
        assert texts.status(text_id) == ("sending" if text_id in marked else "refused")
    assert len([row for row in replicated.all(Suppression) if row.channel == "sms"]) == MANY
    assert len([row for row in replicated.all(Message) if row.purpose == "confirmation"]) == MANY


def test_stops_senders_claims_and_hand_overs_in_processes_wait_for_each_other_in_no_circle(replicated: Branch) -> None:
    texts = Texts(replicated)
    leads, ids = [], []
    for place in range(MANY):
        for first_name, purpose in (("Dana", "purchase"), ("Rob", "refinance")):  # who share a phone
            fields = {"phone": number(place), "email": f"{first_name}{place}@example.com", "first_name": first_name}
            leads.append(texts.lead(**fields, last_name=f"Rowe{place}", loan_purpose=purpose))
            ids.append(texts.queued(leads[-1]))
    url, now = replicated.store.url.render_as_string(hide_password=False), replicated.clock.now()
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as processes:
        sender = processes.submit(sends_all, url, now, ids)
        working = [processes.submit(hands_around, url, now, some) for some in (leads[::2], leads[::-1][::2])]
        stops: list[partial[Any]] = [partial(texts.came, "STOP", number(place)) for place in range(MANY)]
        for start in range(0, MANY, 4):
            in_parallel(stops[start : start + 4])
        marked = set(sender.result())
        for each in working:
            each.result()
    assert {texts.status(text_id) for text_id in ids if text_id not in marked} <= {"refused"}
    assert all(texts.begin(text_id) is None for text_id in ids)
    assert replicated.store.transact_now(lambda session: list(broken_links(session))) == []
    assert replicated.store.transact_now(lambda session: session.connection().execute(_DEADLOCKS).scalar_one()) == 0


def test_a_stop_locks_its_leads_in_the_order_of_their_numbers_before_it_touches_what_they_show(
    replicated: Branch, aside: ThreadPoolExecutor
) -> None:
    texts = Texts(replicated)
    first, second = texts.lead(first_name="Dana"), texts.lead(first_name="Rob", loan_purpose="refinance")
    ids = [texts.queued(lead) for lead in (first, second)]
    with held(replicated.store) as working:
        lock_lead(working, first)
        stop = aside.submit(texts.came, "STOP")
        wait_until_one_waits(replicated.store)
        lock_lead(working, second)
        redraw_line(working, first, texts.row(ids[0]).event_seq)
        redraw_line(working, second, texts.row(ids[1]).event_seq)
        working.commit()
    stop.result()
    assert [texts.status(text_id) for text_id in ids] == ["refused", "refused"]


def decided_with(session: Session, texts: DripTexts) -> list[Sending]:
    """The due loop decides a step in this transaction, and has a place for its text."""
    return touch_next(session, texts.branch.clock.now(), "salt", texts.sender, NO_NUMBERS)[1]


def test_a_step_waits_for_a_stop_that_is_being_written_and_marks_nothing(replicated: Branch, aside: ThreadPoolExecutor) -> None:
    texts = DripTexts(replicated)
    lead = texts.running()
    texts.branch.clock.skip(minutes=10)
    with held(replicated.store) as stopping:
        receive_sms(stopping, prepare(replicated.services, Sms("twilio", "SM5", "+15125550100", "STOP")))
        step = aside.submit(texts.marks)
        wait_until_one_waits(replicated.store)
        stopping.commit()
    assert step.result() == [] and texts.touches(lead) == []
    assert texts.why_ended(lead) == "opted_out"


def test_a_stop_waits_for_a_step_whose_text_is_marked_as_it_is_decided(replicated: Branch, aside: ThreadPoolExecutor) -> None:
    texts = DripTexts(replicated)
    lead = texts.running()
    texts.branch.clock.skip(minutes=10)
    with held(replicated.store) as deciding:
        [sending] = decided_with(deciding, texts)
        stop = aside.submit(texts.came, "STOP")
        wait_until_one_waits(replicated.store)
        deciding.commit()
    stop.result()
    assert texts.status(sending.text.text_id) == "sending"
    assert texts.why_ended(lead) == "opted_out" and texts.marks() == []


@pytest.mark.fault(50)
def test_a_stop_and_a_step_at_once_end_in_one_of_two_ways(branch: Branch) -> None:
    texts = DripTexts(branch)
    for place in range(MANY):
        lead = texts.running(phone=number(place), email=f"dana{place}@example.com", last_name=f"Rowe{place}")
        texts.branch.clock.skip(minutes=10)
        race: list[partial[Any]] = [partial(texts.marks), partial(texts.came, "STOP", number(place)), partial(texts.marks)]
        marked = [sending.text.text_id for sendings in in_parallel(race) if sendings for sending in sendings]
        assert [each.status for each in texts.touches(lead)] in ([], ["sending"])
        assert marked == [each.id for each in texts.touches(lead)]
        assert texts.why_ended(lead) == "opted_out"
    assert texts.marks() == []
