"""A text of ours goes forward only, is marked before its one call, and what nobody knows about is asked, then decided by a person."""

import asyncio
from datetime import timedelta
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from sqlmodel import Session

from bot.conversation.opting_out import answers_of, decide_text, time_is_up
from bot.conversation.relay import Sms, prepare, receive_sms
from bot.conversation.sending import ASK_AGAIN, ASKED_AFTER, MOST_QUESTIONS, ask, begin_sendings, record_answers, send
from bot.conversation.texting import CannotText, Settled, Texted
from bot.leads.press import NoSuchLead
from bot.leads.working import LoggedCall
from bot.outreach.calls import call_sheet, judgement
from bot.outreach.network import Known, NeverSent, Nobody, NotNow, SendAnswer
from bot.outreach.reach import find_reach
from bot.outreach.sms import FATES
from bot.outreach.texts import judge, judge_automatic
from bot.rendering import PLAIN, Words
from bot.rules.compliance import Allowed, Judgement, Refused
from bot.store.clocks import UNANSWERED, clocks_of
from bot.store.contacts import ContactPoint, Reachable, keep_contacts
from bot.store.leads import Borrower, Lead
from bot.store.messages import RANKS, owed_texts, touches_since
from bot.store.outbound import Message
from bot.store.suppressions import Suppression
from bot.store.views import lead_view
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel
from tests.doubles.texts import AGREED, NUMBER, Texts, signed

ANSWER = Known("SM1", "sent", None, "Hi Dana")


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


@pytest.mark.parametrize("last", ["delivered", "failed"])
@pytest.mark.parametrize("doubted", [False, True])
@pytest.mark.fault(49)
def test_callbacks_and_the_answer_in_any_order_come_to_the_same(texts: Texts, last: str, doubted: bool) -> None:
    told = ["sent", "sent", last, last, "answer"]
    for number, order in enumerate(sorted(set(permutations(told)))):
        lead = texts.lead(phone=f"(512) 555-{number + 1000}", email=f"dana{number}@example.com")
        text_id = texts.queued(lead)
        sending = texts.begun(text_id)
        if doubted:
            texts.answers(sending, Nobody())
            assert texts.status(text_id) == "uncertain"
        sid = f"SM{number}"
        for what in order:
            if what == "answer":
                texts.answers(sending, Known(sid, "sent", None, "Hi Dana"))
            else:
                texts.calls_back(text_id, "sent" if what == "sent" else "delivered" if what == "delivered" else "failed", sid)
        assert texts.status(text_id) == last, order
        tries = [attempt.verified for attempt in texts.attempts(lead)]
        assert tries == ([True] if last == "delivered" else []), order


def test_a_status_of_another_text_or_of_none_changes_nothing(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    texts.answers(texts.begun(text_id), ANSWER)

    texts.calls_back(text_id, "delivered", "SM9")
    texts.calls_back(text_id + 999, "delivered")

    assert texts.status(text_id) == "sent"


@pytest.mark.fault(47)
def test_of_two_workers_one_sends(texts: Texts) -> None:
    for number in range(6):
        text_id = texts.queued(texts.lead(phone=f"(512) 555-01{number + 10}", email=f"dana{number}@example.com"))
        begun = in_parallel([partial(texts.begin, text_id)] * 4)
        assert sum(sending is not None for sending in begun) == 1


def test_a_lost_answer_is_asked_about_and_the_networks_word_lifts_the_doubt(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    texts.answers(texts.begun(text_id), Nobody())
    assert texts.begin(text_id) is None

    asking = texts.begin_asking(text_id)
    assert asking is not None
    assert texts.begin_asking(text_id) is None  # one asks at a time
    texts.finds(asking, [Known("SM8", "sent", None, "Something else"), Known("SM7", "delivered", None, signed("Hi Dana"))])

    assert (texts.status(text_id), texts.row(text_id).provider_id) == ("delivered", "SM7")


def test_what_the_network_has_is_no_proof_twice(texts: Texts) -> None:
    """The same words were sent before: that text is known, and this one is not it."""
    lead = texts.lead()
    first, second = texts.queued(lead), texts.queued(lead)
    texts.answers(texts.begun(first), ANSWER)
    texts.answers(texts.begun(second), Nobody())

    asking = texts.begin_asking(second)
    assert asking is not None
    texts.finds(asking, [ANSWER])

    assert texts.status(second) == "uncertain"


def test_a_worker_that_died_leaves_a_text_that_is_doubted_once_its_deadline_is_over(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    texts.begun(text_id)
    assert texts.begin_asking(text_id) is None
    assert owed(texts) == []

    texts.time_is_over(text_id)

    assert owed(texts) == [text_id]
    assert texts.begin(text_id) is None
    assert texts.begin_asking(text_id) is not None
    assert texts.status(text_id) == "uncertain"


def test_a_person_decides_after_a_minute_and_send_again_is_a_new_text(texts: Texts) -> None:
    lead = texts.lead()
    text_id = texts.queued(lead)
    texts.answers(texts.begun(text_id), Nobody())
    assert texts.settles(lead, text_id, send_again=True) == Settled(lead, "uncertain")  # the network is still asked

    texts.asked_in_vain(text_id)
    again = texts.settles(lead, text_id, send_again=True)

    assert isinstance(again, Texted) and again.text_id != text_id
    assert texts.settles(lead, text_id, send_again=True) == Settled(lead, "sent_again")
    assert len([row for row in texts.branch.all(Message) if row.direction == "out"]) == 2


def test_it_arrived_counts_as_a_try_and_a_later_callback_still_has_the_last_word(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("Hello?")
    text_id = texts.queued(lead)
    texts.answers(texts.begun(text_id), Nobody())
    texts.asked_in_vain(text_id)

    assert texts.settles(lead, text_id, send_again=False) == Settled(lead, "said_arrived")
    assert [attempt.verified for attempt in texts.attempts(lead)] == [False]
    assert not texts.store.transact_now(clocks_of, lead)[UNANSWERED].runs
    texts.calls_back(text_id, "delivered")

    assert texts.status(text_id) == "delivered"
    assert [attempt.verified for attempt in texts.attempts(lead)] == [True]


def test_too_many_requests_never_left_and_waits_for_its_next_try(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    texts.answers(texts.begun(text_id), NotNow())
    assert (texts.status(text_id), texts.begin(text_id)) == ("queued", None)

    texts.time_is_over(text_id)

    assert texts.begun(text_id).fence == 2


def test_a_late_worker_that_did_not_call_changes_nothing_of_what_was_decided_since(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    late = texts.begun(text_id)
    texts.time_is_over(text_id)
    texts.begin_asking(text_id)

    texts.answers(late, NotNow())

    assert texts.status(text_id) == "uncertain"


def test_an_opt_out_at_the_carrier_closes_the_number_here_too(texts: Texts) -> None:
    lead = texts.lead()
    text_id = texts.queued(lead)
    texts.answers(texts.begun(text_id), NeverSent(21610))

    assert texts.status(text_id) == "failed"
    assert texts.sends(lead) == CannotText(lead, "opted_out")
    assert texts.attempts(lead) == []


@pytest.mark.fault(48)
def test_the_same_text_is_kept_once_however_often_it_comes(texts: Texts) -> None:
    texts.lead()
    in_parallel([lambda: texts.came("Only once", sid="SM77")] * 6)
    assert len([row for row in texts.branch.all(Message) if row.direction == "in"]) == 1


def test_nothing_leaves_for_a_lead_that_is_only_practice(texts: Texts) -> None:
    lead = texts.lead()
    texts.branch.set(Lead, lead, practice=True)

    assert texts.sends(lead) == NoSuchLead(lead)


@pytest.mark.parametrize("purpose", ["words", "greeting", "confirmation", "paging"])
async def test_what_waits_while_texts_are_switched_off_is_refused_and_nothing_is_owed_for_it(texts: Texts, purpose: str) -> None:
    text_id = await asyncio.to_thread(lambda: texts.queued(texts.lead()))
    texts.branch.set(Message, text_id, purpose=purpose)

    await send(texts.branch.services, [text_id])

    assert (texts.status(text_id), texts.row(text_id).because) == ("refused", "texts_are_off")
    assert owed(texts) == []
    assert [notice.topic for notice in texts.branch.postings("notice") if notice.topic == "text_trouble"] == ["text_trouble"]


async def test_a_text_whose_answer_was_lost_before_texts_were_switched_off_is_a_persons_to_decide(texts: Texts) -> None:
    text_id = await asyncio.to_thread(lambda: texts.queued(texts.lead()))
    texts.begun(text_id)
    looks = 0
    while texts.row(text_id).due_at is not None:
        texts.time_is_over(text_id)
        await ask(texts.branch.services, text_id)
        assert owed(texts) == []
        looks += 1

    assert (texts.status(text_id), looks) == ("uncertain", MOST_QUESTIONS)


def test_a_held_text_does_not_leave_for_another_owner(texts: Texts) -> None:
    lead = texts.lead()
    texts.branch.clock.skip(hours=10)
    text_id = texts.queued(lead)
    assert texts.status(text_id) == "held"
    texts.branch.clock.skip(minutes=1)
    texts.branch.give_back("maya", lead)
    texts.branch.claim("luis", lead)

    texts.branch.clock.skip(hours=12)
    assert texts.begin(text_id) is None

    assert (texts.status(text_id), texts.row(text_id).because) == ("refused", "owner_changed")


def owed(texts: Texts) -> list[int]:
    return texts.store.transact_now(owed_texts, texts.branch.clock.now())


def test_a_status_of_a_text_that_never_left_is_another_ones(texts: Texts) -> None:
    """A store that was restored gives a number out again, and the network still tells of the text that had it before."""
    text_id = texts.queued(texts.lead())

    texts.calls_back(text_id, "delivered", "SM9")

    assert texts.status(text_id) == "queued"
    assert texts.begun(text_id)


def test_an_opt_out_closes_marketing_on_everything_that_reaches_them_and_texts_on_that_phone_alone(texts: Texts) -> None:
    lead = texts.lead(email="dana@example.com")
    texts.lead(phone="(512) 555-0144", email="rob@example.com")

    texts.came("STOP")

    closed = {(row.contact_key, row.channel) for row in texts.branch.all(Suppression)}
    [phone] = [contact.key for contact in texts.branch.all(ContactPoint) if contact.value == NUMBER]
    [email] = [contact.key for contact in texts.branch.all(ContactPoint) if contact.value == "dana@example.com"]
    assert closed == {(phone, "sms"), (phone, "sales_calls"), (phone, "marketing"), (email, "marketing")}
    assert texts.sends(lead) == CannotText(lead, "opted_out")


def test_a_wrong_number_says_nothing_of_the_borrower(texts: Texts) -> None:
    texts.lead(email="dana@example.com")

    texts.came("wrong number")

    assert len({row.contact_key for row in texts.branch.all(Suppression)}) == 1


def test_a_number_that_is_somebody_elses_is_not_called_any_more_and_whatever_is_taken_back_keeps_it_closed(texts: Texts) -> None:
    branch = texts.branch
    lead = texts.lead()
    texts.came("wrong number")

    assert branch.view(lead).phones == () and judgement(branch.view(lead), branch.clock.now()) == Refused("call_own_do_not_call")

    logged = branch.logs("maya", lead, "wrong_person")
    assert isinstance(logged, LoggedCall)
    branch.undoes("maya", lead, logged.seq)
    assert branch.view(lead).phones == ()


@pytest.mark.parametrize("words", ["I am not Dana, you have somebody else's phone", "this isn't Dana", "No soy Dana"])
def test_whoever_says_that_they_are_not_the_borrower_is_asked_about(texts: Texts, words: str) -> None:
    lead = texts.lead()

    texts.came(words)

    assert texts.branch.all(Message)[-1].status == "unclear"
    assert [row.channel for row in texts.branch.all(Suppression)] == ["automation"]
    assert {"wrote", "may_be_opt_out"} <= {notice.topic for notice in texts.branch.postings("notice", lead)}


def test_a_lead_whose_first_phone_is_somebody_elses_is_called_on_the_second(texts: Texts) -> None:
    branch = texts.branch
    lead = texts.lead(phone_2="(512) 555-0102")

    texts.came("wrong number")

    assert branch.view(lead).phones == ("+15125550102",)
    assert call_sheet(branch.view(lead), branch.clock.now()).number == "+15125550102"


def test_a_free_lead_whose_only_phone_is_somebody_elses_rings_for_nobody_any_more(texts: Texts) -> None:
    branch = texts.branch
    agreed: dict[str, Any] = AGREED
    lead = branch.new_lead(**agreed)
    rang = [told for told in branch.told(lead) if told[0] in ("ring", "offer")]
    texts.came("Sorry, wrong number")

    branch.passes(minutes=30)

    assert [told for told in branch.told(lead) if told[0] in ("ring", "offer")] == rang


def test_three_touches_a_day_are_counted_across_leads_officers_and_channels(texts: Texts) -> None:
    lead = texts.lead(email="dana@example.com")
    branch = texts.branch
    branch.logs("maya", lead, "no_answer")
    rob: dict[str, Any] = {**AGREED, "first_name": "Rob", "email": "rob@example.com"}
    second = branch.new_lead(**rob)
    branch.claim("luis", second)
    branch.logs("luis", second, "no_answer")
    texts.answers(texts.begun(texts.queued(lead)), ANSWER)

    outcome = texts.sends(second, by=branch.press("luis", second))

    assert isinstance(outcome, Texted) and outcome.leaves_at is not None
    assert outcome.leaves_at >= branch.clock.now() + timedelta(hours=23)


def test_what_was_texted_to_one_number_of_theirs_counts_for_the_other(texts: Texts) -> None:
    lead = texts.lead()
    texts.answers(texts.begun(texts.queued(lead)), ANSWER)
    [person] = texts.branch.all(Borrower)
    assert person.id is not None
    work = Reachable("phone", "+15125550188", "ab" * 32)
    ids = texts.store.transact_now(keep_contacts, person.id, [work])

    touches = texts.store.transact_now(touches_since, ids[work.key], texts.branch.clock.now() - timedelta(hours=1))

    assert len(touches) == 1


@pytest.mark.parametrize("reached_meanwhile", [False, True])
def test_a_call_that_is_taken_back_leaves_the_borrower_waiting_unless_a_text_reached_them(texts: Texts, reached_meanwhile: bool) -> None:
    lead = texts.lead()
    texts.came("Hello?")
    logged = texts.branch.logs("maya", lead, "connected")
    assert isinstance(logged, LoggedCall)
    texts.branch.clock.skip(minutes=2)
    if reached_meanwhile:
        texts.answers(texts.begun(texts.queued(lead)), ANSWER)

    texts.branch.undoes("maya", lead, logged.seq)

    assert texts.store.transact_now(clocks_of, lead)[UNANSWERED].runs is not reached_meanwhile


def test_a_manager_who_wrote_stop_is_paged_no_more(texts: Texts) -> None:
    branch = texts.branch
    branch.new_lead()
    texts.came("stop texting me", number="+15125550106")
    branch.clock.skip(minutes=29)
    branch.passes(minutes=2)
    assert [text for text in branch.all(Message) if text.purpose == "paging"] == []


def test_of_texts_that_are_marked_together_each_counts_for_the_next(texts: Texts) -> None:
    lead = texts.lead()
    waiting = [texts.queued(lead, f"Hi Dana, this is the message {number}") for number in range(4)]
    services = texts.branch.services

    sendings, _ = texts.store.transact_now(begin_sendings, waiting, services.our_numbers, services.clock.now(), "salt")

    assert [each.text.text_id for each in sendings] == waiting[:3]
    assert [texts.status(text_id) for text_id in waiting] == ["sending", "sending", "sending", "held"]


def test_of_texts_to_one_family_that_are_marked_together_each_counts_for_the_next(texts: Texts) -> None:
    lead, partners = texts.lead(), texts.lead(first_name="Rob", loan_purpose="refinance")  # who share a phone
    waiting = [texts.queued(each, f"Hi, this is the message {number}") for number, each in enumerate((lead, partners, lead, partners))]
    services = texts.branch.services

    sendings, _ = texts.store.transact_now(begin_sendings, waiting, services.our_numbers, services.clock.now(), "salt")

    assert [each.text.text_id for each in sendings] == waiting[:3]


def test_answers_that_come_together_are_each_taken_for_their_own_text(texts: Texts) -> None:
    leads = [texts.lead(phone=f"(512) 555-018{place}", email=f"dana{place}@example.com", last_name=f"Rowe{place}") for place in range(5)]
    sendings = [texts.begun(texts.queued(lead)) for lead in leads]
    answers: list[SendAnswer] = [Known("SM1", "sent", None, ""), NeverSent(21610), NotNow(), Nobody(), Known("SM5", "delivered", None, "")]

    texts.store.transact_now(record_answers, list(zip(sendings, answers, strict=True)), "twilio", texts.branch.clock.now(), "salt")

    stands = [texts.status(sending.text.text_id) for sending in sendings]
    assert stands == ["sent", "failed", "queued", "uncertain", "delivered"]
    told = [[event.meta["status"] for event in texts.branch.events(lead) if event.kind == "text_status"] for lead in leads]
    assert told == [["sent"], ["failed"], [], ["uncertain"], ["delivered"]]
    assert [len(texts.attempts(lead)) for lead in leads] == [1, 0, 0, 0, 1]


def test_a_text_that_waited_for_the_morning_counts_from_when_it_left(texts: Texts) -> None:
    clock = texts.branch.clock
    clock.skip(hours=-14)  # 10 pm of the day before
    lead = texts.lead()
    waiting = [texts.queued(lead, f"Good morning {place}") for place in range(3)]
    clock.skip(hours=16)
    for text_id in waiting:
        texts.answers(texts.begun(text_id), Known(f"SM{text_id}", "sent", None, ""))

    clock.skip(hours=22)
    fourth = texts.queued(lead, "And one more")

    assert texts.row(fourth).due_at == clock.now() + timedelta(hours=2)


def test_a_text_that_is_held_again_says_until_when_and_by_which_rule(texts: Texts) -> None:
    clock, branch = texts.branch.clock, texts.branch
    clock.skip(hours=-14)  # 10 pm of the day before
    lead = texts.lead()
    text_id = texts.queued(lead, "Good morning")
    clock.skip(hours=13)
    for result in ("no_answer", "busy", "left_voicemail"):
        branch.logs("maya", lead, result)
    called = clock.now()

    assert texts.begin(text_id) is None
    held = texts.row(text_id)
    assert texts.begin(text_id) is None, "it is not its time yet"

    assert held.status == "held" and held.due_at == called + timedelta(hours=24)
    [told] = [event.meta for event in branch.events(lead) if event.kind == "held"]
    assert told == {"channel": "sms", "rule": "sms_3_touches_in_24_hours", "until": held.due_at.isoformat(), "text": text_id}


def test_a_network_that_cannot_be_asked_leaves_the_decision_to_a_person_after_a_while(texts: Texts) -> None:
    lead = texts.lead()
    text_id = texts.queued(lead)
    texts.answers(texts.begun(text_id), Nobody())
    questions = 0
    while asking := texts.begin_asking(text_id):
        texts.finds(asking, None)
        texts.time_is_over(text_id)
        questions += 1

    assert questions == 40
    assert texts.settles(lead, text_id, send_again=False) == Settled(lead, "said_arrived")


def test_a_network_that_has_nothing_after_it_could_not_be_asked_was_asked_for_a_minute(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    texts.answers(texts.begun(text_id), Nobody())
    answers: tuple[list[Known] | None, ...] = (None, None, [], [])
    for found in answers:
        asking = texts.begin_asking(text_id)
        assert asking is not None
        texts.finds(asking, found)
        texts.time_is_over(text_id)

    assert texts.begin_asking(text_id) is None


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("told", [("queued", "delivered", "read"), ("queued", "sent", "undelivered"), ("queued", "sent", "failed")])
@pytest.mark.parametrize("ours", ["answer", "doubt"])
@pytest.mark.fault(49)
def test_the_networks_own_words_in_every_order_and_twice_move_a_text_forward_only(texts: Texts, told: tuple[str, ...], ours: str) -> None:
    lead = texts.lead()
    texts.came("Hello?")  # so that an answer may leave as often as here
    for number, order in enumerate(permutations((*told, ours))):
        text_id = texts.queued(lead)
        sending, sid = texts.begun(text_id), f"SM{number}"
        for what in order:
            before = texts.status(text_id)
            for _ in range(2):
                if what == ours:
                    texts.answers(sending, Known(sid, "sent", None, "Hi Dana") if ours == "answer" else Nobody())
                else:
                    texts.calls_back(text_id, FATES[what], sid)
            assert RANKS[texts.row(text_id).status] >= RANKS[before], order  # type: ignore[index] # a text of ours
        assert texts.status(text_id) == FATES[told[-1]], order


def test_of_two_people_who_decide_at_once_one_sends_again_and_the_other_hears_of_it(texts: Texts) -> None:
    lead = texts.lead()
    text_id = texts.queued(lead)
    texts.answers(texts.begun(text_id), Nobody())
    texts.asked_in_vain(text_id)

    said = in_parallel([partial(texts.settles, lead, text_id, send_again=True, officer=who) for who in ("maya", "tess")])

    assert sorted(type(each).__name__ for each in said) == ["Settled", "Texted"]
    assert Settled(lead, "sent_again") in said
    assert len([row for row in texts.branch.all(Message) if row.direction == "out"]) == 2


def test_nobody_decides_before_the_network_was_asked_for_a_minute() -> None:
    assert sum(ASKED_AFTER) >= 60
    assert ASK_AGAIN * MOST_QUESTIONS >= 60


def test_words_that_may_be_an_opt_out_hold_what_leaves_by_itself_and_no_persons_answer(texts: Texts) -> None:
    lead = texts.lead()

    def judged() -> tuple[Judgement, Judgement]:
        def of(session: Session) -> tuple[Judgement, Judgement]:
            view, reach, now = lead_view(session, lead), find_reach(session, lead, "sms"), texts.branch.clock.now()
            assert view is not None and reach is not None
            return judge_automatic(session, view, reach, now), judge(session, view, reach, "conversation", now)

        return texts.store.transact_now(of)

    assert [type(each) for each in judged()] == [Allowed, Allowed]
    texts.came("not interested")
    by_itself, by_hand = judged()

    assert by_itself == Refused("sms_suppressed")
    assert isinstance(by_hand, Allowed)


def test_a_text_that_the_network_had_no_time_for_does_not_leave_after_a_stop(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    sending = texts.begun(text_id)
    texts.came("STOP")  # while the call is made

    texts.answers(sending, NotNow())
    texts.time_is_over(text_id)

    assert texts.begin(text_id) is None
    assert (texts.status(text_id), texts.row(text_id).because) == ("refused", "sms_suppressed")


def answers_by_itself(texts: Texts) -> list[tuple[str, str]]:
    """What the company answers to STOP and HELP, and where each stands."""
    return [(text.purpose, text.status) for text in texts.branch.all(Message) if text.purpose in ("confirmation", "help")]


@pytest.mark.parametrize(("minutes", "confirmed"), [(5, [("confirmation", "queued")]), (6, [])])
def test_what_turns_out_to_be_an_opt_out_is_confirmed_within_five_minutes_or_not_at_all(
    texts: Texts, minutes: int, confirmed: list[tuple[str, str]]
) -> None:
    lead, branch = texts.lead(), texts.branch
    texts.came("not interested")
    [unclear] = [text.id for text in branch.all(Message) if text.status == "unclear"]
    assert unclear is not None
    branch.clock.skip(minutes=minutes)

    texts.store.transact_now(decide_text, branch.press("cora", lead), unclear, answers_of(branch.services), None)

    assert answers_by_itself(texts) == confirmed
    assert texts.sends(lead) == CannotText(lead, "opted_out")


def test_what_nobody_answered_for_a_day_is_an_opt_out_without_a_text_at_that_hour(texts: Texts) -> None:
    lead, branch = texts.lead(), texts.branch
    texts.came("not interested")
    [unclear] = [text.id for text in branch.all(Message) if text.status == "unclear"]
    assert unclear is not None
    branch.clock.skip(hours=24)

    texts.store.transact_now(time_is_up, unclear, answers_of(branch.services), branch.clock.now(), "salt")

    assert answers_by_itself(texts) == [] and texts.sends(lead) == CannotText(lead, "opted_out")


@pytest.mark.parametrize("words", ["STOP", "HELP"])
@pytest.mark.parametrize("minutes", [4, 6])
def test_what_is_read_back_after_an_outage_is_heard_and_answered_only_where_that_is_prompt(texts: Texts, words: str, minutes: int) -> None:
    lead, branch = texts.lead(), texts.branch
    sms = Sms("twilio", "SM-late", NUMBER, words, written_at=branch.clock.now())
    branch.clock.skip(minutes=minutes)

    texts.store.transact_now(receive_sms, prepare(branch.services, sms))

    purpose = "confirmation" if words == "STOP" else "help"
    assert answers_by_itself(texts) == ([(purpose, "queued")] if minutes == 4 else [])
    assert (texts.sends(lead) == CannotText(lead, "opted_out")) is (words == "STOP")


@pytest.mark.parametrize(("words", "purpose"), [("STOP", "confirmation"), ("HELP", "help")])
@pytest.mark.parametrize("kept_for", [0, 3])
def test_an_answer_that_did_not_leave_within_five_minutes_of_the_words_does_not_leave(
    texts: Texts, words: str, purpose: str, kept_for: int
) -> None:
    branch = texts.branch
    texts.lead()
    sms = Sms("twilio", "SM-back", NUMBER, words, written_at=branch.clock.now() - timedelta(minutes=kept_for))
    texts.store.transact_now(receive_sms, prepare(branch.services, sms))
    [answer] = [text.id for text in branch.all(Message) if text.purpose == purpose]
    assert answer is not None
    branch.clock.skip(minutes=5 - kept_for)
    texts.answers(texts.begun(answer), NotNow())
    texts.time_is_over(answer)
    branch.clock.skip(seconds=1)

    assert texts.begin(answer) is None

    assert (texts.status(answer), texts.row(answer).because) == ("refused", "answered_too_late")
    assert owed(texts) == []
    said = [Words("chat", PLAIN).say("text_why", language, because="answered_too_late", error_code=None) for language in ("en", "es")]
    assert "five minutes" in said[0] and "cinco minutos" in said[1]


def test_a_text_of_which_nobody_knows_is_not_sent_again_after_a_stop(texts: Texts) -> None:
    lead = texts.lead()
    text_id = texts.queued(lead)
    texts.answers(texts.begun(text_id), Nobody())
    texts.asked_in_vain(text_id)
    texts.came("no me escriban mas")

    assert texts.settles(lead, text_id, send_again=True) == CannotText(lead, "opted_out")
    assert texts.status(text_id) == "uncertain"
