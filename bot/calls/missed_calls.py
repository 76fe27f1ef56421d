"""A borrower's call to us is over: who talked with them stops the clock; a call that nobody took is the warmest thing that a lead does."""

from datetime import datetime

from sqlmodel import Session

from bot.capture.asking_again import show_again, wait_for_answer, wake
from bot.distribution.scoring import judge_again
from bot.store.calls import CallRow, change_call
from bot.store.clocks import UNANSWERED, UNCONTACTED, stop_clock
from bot.store.covering import who_answers
from bot.store.drips import let_come
from bot.store.events import Fact, append_event
from bot.store.leads import lead_of
from bot.store.postings import Lease, post_notice, redraw, redraw_line
from bot.store.reminders import answer_reminders
from bot.store.scoring import Heard


def take_theirs(session: Session, call: CallRow) -> list[Lease]:
    """An officer talks with the borrower who called; the lead and the call are locked. Nobody has to be told to call any more."""
    assert call.lead_id is not None, "it was found or made as the call came"
    stop_clock(session, call.lead_id, UNCONTACTED)
    stop_clock(session, call.lead_id, UNANSWERED)
    answer_reminders(session, call.lead_id, call.event_seq)
    redraw_line(session, call.lead_id, call.event_seq)
    return redraw(session, call.lead_id, at_once=True)


def end_theirs(session: Session, call: CallRow, now: datetime, salt: str) -> list[Lease]:
    """A borrower's call, locked with its lead, is over. One that nobody took makes the lead wait for an answer from now on, or ring."""
    assert call.lead_id is not None, "it was found or made as the call came"
    outcome = "connected" if call.answered_at else "no_answer"
    change_call(session, call.id, status="over", outcome=outcome, due_at=None, lease_until=None, ended_at=now)
    redraw_line(session, call.lead_id, call.event_seq)
    known = lead_of(session, call.lead_id)
    if call.answered_at:
        meta = {"call": call.id, "outcome": outcome}
        seq = append_event(session, call.lead_id, Fact("call_over", "leadbell", now, meta, officer_id=call.officer_id), salt)
        assert call.officer_id is not None, "somebody took it"
        leases = post_notice(session, call.lead_id, call.officer_id, "call_over", seq, known.score, at_once=True)
        return leases + redraw(session, call.lead_id, at_once=True)
    heard = Heard("missed_call", now, "asked")
    judged = judge_again(session, call.lead_id, now, heard)
    news = {name: told for name, told in judged.news(heard).items() if name != "call"}
    fact = Fact("missed_call", "borrower", now, {"call": call.id, **news}, subject_id=known.borrower_id)
    seq = append_event(session, call.lead_id, fact, salt)
    let_come(session, call.lead_id, "missed_call", now)
    leases = []
    answers = who_answers(session, known, now)
    if answers is not None:
        leases += post_notice(session, known.lead_id, answers, "missed_call", seq, judged.score.points, at_once=True)
        wait_for_answer(session, known, now)
    else:
        leases += wake(session, known, now, now, salt)
    show_again(session, known.lead_id, news, seq, judged.score.points)
    return leases + redraw(session, call.lead_id, at_once=True)
