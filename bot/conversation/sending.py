"""A text leaves at most once: marked before the one call, and where the answer is lost, asked about instead of sent again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from bot.calls import handing_out
from bot.config import Missing, what_is_missing
from bot.conversation.greeting import PURPOSE as GREETING
from bot.conversation.greeting import no_longer_needed
from bot.conversation.in_vain import take_back_try
from bot.conversation.opting_out import CONFIRMS, HELPS, close_number, is_too_late
from bot.conversation.refusals import held
from bot.leads.cadence import plan_next_try
from bot.outreach.network import Known, NeverSent, Nobody, NotNow, Outgoing, SendAnswer, Sending, seconds
from bot.outreach.numbers import our_number
from bot.outreach.reach import Reach
from bot.outreach.texts import NumberFile, judge_automatic_by_file, judge_by_file, number_files
from bot.rules.compliance import Allowed, Refused, Rule, WaitUntil
from bot.rules.numbers import OurNumbers
from bot.services import Leaving, Services
from bot.speed_to_lead.paging import ALARM, PAGING, TO_STAFF, still_waits
from bot.speed_to_lead.speed import note_first_attempt
from bot.store.clocks import UNANSWERED, UNCONTACTED, stop_clock
from bot.store.columns import table_of
from bot.store.drips import DripView, about_step, drip_begun_by, drips_begun_by, end_drips, move_drip, step_of_touch, waiting
from bot.store.events import Fact, append_event, append_events
from bot.store.messages import (
    DRIP,
    RANKS,
    SENDING_ENDS_AFTER,
    TOUCHES,
    Hold,
    Move,
    TextRow,
    change_text,
    deadline_is_over,
    doubt_text,
    hold_texts,
    known_ids,
    lock_text,
    lock_texts,
    numbers_of_same_people,
    put_text_off,
    settle_texts,
    wait_with_text,
)
from bot.store.outbound import ContactAttempt
from bot.store.postings import Lease, post_notice, redraw, redraw_line, redraw_lines
from bot.store.prepared import Prepared
from bot.store.reminders import answer_reminders
from bot.store.suppressions import suppress
from bot.store.views import LeadView, lead_view, lead_views
from bot.store.work import WRITING, paused

log = structlog.get_logger()

ASKED_AFTER = (0.0, 10.0, 20.0, 30.0)
"""Seconds between the questions about a text whose answer was lost. After the last one, a minute later, a person decides."""
ASK_AGAIN = 15.0
MOST_QUESTIONS = 40
"""A network that cannot be asked for ten minutes leaves the decision to a person too."""
BACKOFF = 2.0
LONGEST_WAIT = 60.0
MOST_TRIES = 60
WRITTEN_ANEW_AFTER = timedelta(hours=1)
"""When a sequence tries again that found texts switched off."""
OPTED_OUT_THERE = 21610
NO_TEXTS_THERE = (21211, 21614, 21635, 30005, 30006)
"""The network knows that this number takes no texts: a landline, or none that is in use."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A text that the network is asked about."""

    text_id: int
    fence: int
    to: str
    tries: int
    since: datetime


async def send(services: Services, text_ids: Sequence[int]) -> None:
    """Mark some texts as being sent, and hand them over."""
    missing = what_is_missing(services.in_force.config) if services.network else ("texts_are_off",)
    if missing:
        for text_id in text_ids:
            services.owe(await services.store.transact(refuse_unready, text_id, missing[0], services.clock.now(), services.salt()))
        return
    began = seconds()  # before the database counts, so ours is the earlier deadline
    ours, now = services.our_numbers, services.clock.now()
    begun, troubles = await services.store.transact_each(begin_sendings, text_ids, ours, now, services.salt())
    services.owe(lease for _, leases in begun for lease in leases)
    await hand_over(services, Leaving([sending for sendings, _ in begun for sending in sendings], began + SENDING_ENDS_AFTER))
    await put_off(services, troubles)


async def put_off(services: Services, broken: Sequence[tuple[int, Exception]]) -> None:
    """Texts and emails that broke before they were marked are tried again after a while. Raises the first trouble."""
    for text_id, _ in broken:
        await services.store.transact(try_later, text_id, services.clock.now())
    for _, trouble in broken:
        raise trouble


def try_later(session: Session, text_id: int, now: datetime) -> None:
    """The transaction of that. Whoever reads the thread sees it where one is given up."""
    match put_text_off(session, text_id, now):
        case (int() as lead_id, seq):
            redraw_line(session, lead_id, seq)


async def hand_over_next(services: Services) -> None:
    """One step of a worker: hand over what was marked as it was decided, and give its place back."""
    leaving = await services.leaving.get()
    try:
        await hand_over(services, leaving)
    finally:
        services.leaving.task_done()
        services.places.release()


async def hand_over(services: Services, leaving: Leaving) -> None:
    """Call the network once for each of these texts, and write down what it said of each as soon as it did."""
    network = services.network
    assert network is not None, "nothing is marked while texts are off"

    async def call(sending: Sending) -> tuple[Sending, SendAnswer]:
        files = handing_out.public_links(services, sending.text.text_id, sending.files)
        answer = await network.send(replace(sending.text, files=files), leaving.deadline)
        ids = {"text": sending.text.text_id, "lead": sending.lead_id}
        if isinstance(answer, Known):
            log.info("a text left", **ids, provider_id=answer.provider_id)
        else:
            log.warning("a text did not leave for sure", **ids, because=type(answer).__name__)
        return sending, answer

    async def write_down(answers: list[tuple[Sending, SendAnswer]]) -> None:
        now, salt = services.clock.now(), services.salt()
        written, untold = await services.store.transact_each(record_answers, answers, network.name, now, salt)
        services.owe(lease for leases in written for lease in leases)
        for _, trouble in untold:
            raise trouble

    await services.texts_told.as_they_come(map(call, leaving.sendings), write_down)


def begin_sendings(
    session: Session, text_ids: Sequence[int], ours: OurNumbers, now: datetime, salt: str
) -> tuple[list[Sending], list[Lease]]:
    """The step to `sending`: allowed still, and nobody else's. Whoever opts out before it is heard, since both hold the number's key.

    What they are judged by is looked up for all of them together.
    """
    if WRITING in paused(session):
        return [], []
    texts = [
        text
        for text in lock_texts(session, text_ids)
        if text.status in ("queued", "held") and text.due_at is not None and text.due_at <= now
    ]
    leads = lead_views(session, sorted({text.lead_id for text in texts if text.lead_id is not None}))
    files = number_files(session, [reach_of(text) for text in texts], now)
    drips = drips_begun_by(session, [(text.lead_id or 0, text.event_seq) for text in texts])
    same_people = numbers_of_same_people(session, [text.contact_point_id for text in texts])
    leaving: list[Sending] = []
    touched: list[int] = []
    leases: list[Lease] = []
    for text, file, drip, numbers in zip(texts, files, drips, same_people, strict=True):
        file = replace(file, touches=(*file.touches, *(now for number in touched if number in numbers)))
        sending, owed = _begin(session, text, leads.get(text.lead_id or 0), file, drip, ours, now, salt)
        leases += owed
        if sending is not None:
            leaving.append(sending)
            touched += [text.contact_point_id] if text.purpose in TOUCHES else []
    fences = hold_texts(session, "sending", [Hold(each.text.text_id, now) for each in leaving])
    return [replace(each, fence=fence) for each, fence in zip(leaving, fences, strict=True) if fence is not None], leases


def reach_of(text: TextRow) -> Reach:
    return Reach(text.contact_point_id, text.address, text.key)


def _begin(
    session: Session, text: TextRow, lead: LeadView | None, file: NumberFile, drip: DripView | None, ours: OurNumbers, now: datetime,
    salt: str,
) -> tuple[Sending | None, list[Lease]]:  # fmt: skip
    about = text.lead_id
    if text.purpose in (PAGING, ALARM) and about is not None and not still_waits(session, about, text.event_seq, text.created_at, now):
        return None, refuse(session, text, "no_longer_needed", now, salt)
    if text.purpose in TO_STAFF and "sms" in file.closed:
        return None, refuse(session, text, "opted_out", now, salt)
    if text.purpose in (CONFIRMS, HELPS) and is_too_late(text.created_at, now):
        return None, refuse(session, text, "answered_too_late", now, salt)
    if text.purpose in ("words", GREETING) and lead is not None:
        reach = reach_of(text)
        greets = text.purpose == GREETING
        if greets and no_longer_needed(session, lead):
            return None, refuse(session, text, "answered_meanwhile", now, salt)
        if not greets and text.status == "held" and (lead.claimed_at is None or lead.claimed_at > text.created_at):
            return None, refuse(session, text, "owner_changed", now, salt)
        by_file = judge_automatic_by_file(file, lead, reach, now) if greets else judge_by_file(file, lead, reach, "conversation", now)
        match by_file:
            case Refused(rule):
                return None, refuse(session, text, rule, now, salt)
            case WaitUntil(at, rule=held_by):
                change_text(session, text.id, status="held", due_at=at)
                append_event(session, lead.number, held("sms", held_by, at, now, {"text": text.id}), salt)
                retell(session, text)
                return None, []
    if text.purpose == DRIP and not _touch_may_leave(session, text, lead, file, drip, now, salt):
        return None, []
    number = _from(session, text, lead, ours)
    if number != text.our_number:
        change_text(session, text.id, our_number=number)
    return Sending(Outgoing(text.id, text.address, text.words, number), text.fence, text.pictures, text.lead_id), []


def _from(session: Session, text: TextRow, lead: LeadView | None, ours: OurNumbers) -> str | None:
    """The number of ours that it leaves from. What answers STOP or HELP leaves from the one that was texted, whoever has that by now."""
    if lead is None or text.purpose in TO_STAFF:
        return None if text.our_number in ours.shared else text.our_number
    return our_number(session, ours, lead, text.contact_point_id, text.address)


def _touch_may_leave(
    session: Session, text: TextRow, lead: LeadView | None, file: NumberFile, drip: DripView | None, now: datetime, salt: str
) -> bool:
    """Whether what a sequence sends may leave at this moment. What may not yet, or is in the name of who had the lead before, is written
    anew by the sequence when its time comes."""
    assert lead is not None, "a sequence is about a lead"
    if drip is None or not drip.runs:
        refuse(session, text, "drip_ended", now, salt)
        return False
    waits_for: Rule | None = None
    again_at = now
    match judge_automatic_by_file(file, lead, reach_of(text), now):
        case Refused():
            pass  # the step is judged again at once, and says what comes of it
        case WaitUntil(at, rule=rule):
            again_at, waits_for = at, rule
        case Allowed() if drip.state.get("owner") == lead.owner_id:
            return True
    write_anew(session, text, drip, again_at, waits_for, now, salt)
    return False


def write_anew(
    session: Session, text: TextRow, drip: DripView, at: datetime, waits_for: Rule | None, now: datetime, salt: str
) -> list[Lease]:
    """This text or email does not leave; the sequence writes it again at that time."""
    step = step_of_touch(session, text.id)
    unread = {"owner": None} if drip.touches == 1 else {}  # nobody's name was read yet
    state = {**drip.state, "waits_for": None, **waiting(waits_for, at), **unread}
    move_drip(session, drip, step, at, state, touches=drip.touches - 1)
    leases = refuse(session, text, "written_anew", now, salt)
    if waits_for is not None:
        append_event(session, drip.lead_id, held("sms", waits_for, at, now, about_step(drip, step)), salt)
    return leases


def refuse_unready(session: Session, text_id: int, missing: Missing, now: datetime, salt: str) -> list[Lease]:
    """The company may not text yet, or not any more: what waits is not kept until it may, since by then nobody expects it. A sequence
    goes on when it may."""
    text = lock_text(session, text_id)
    if text is None or text.status not in ("queued", "held") or text.due_at is None or text.due_at > now:
        return []
    if text.purpose == DRIP and text.lead_id is not None:
        drip = drip_begun_by(session, text.lead_id, text.event_seq)
        if drip is not None and drip.runs:
            return write_anew(session, text, drip, now + WRITTEN_ANEW_AFTER, None, now, salt)
    return refuse(session, text, missing, now, salt)


def record_answers(session: Session, answers: Sequence[tuple[Sending, SendAnswer]], provider: str, now: datetime, salt: str) -> list[Lease]:
    """What the network answered, each of another text. A callback may have been quicker; its word stands."""
    texts = {text.id: text for text in lock_texts(session, [sending.text.text_id for sending, _ in answers])}
    moves: list[Move] = []
    for sending, answer in answers:
        text = texts[sending.text.text_id]
        is_held = text.status == "sending" and text.fence == sending.fence
        match answer:
            case Known() as known:
                moves.append(_told(text, known, provider))
            case NeverSent(code):
                moves.append(Move(text, "failed", code))
            case NotNow() if is_held and text.attempts >= MOST_TRIES:
                moves.append(Move(text, "failed"))
            case NotNow() if is_held:
                wait = min(LONGEST_WAIT, BACKOFF * text.attempts)
                wait_with_text(session, text.id, sending.fence, "queued", wait, text.attempts)
            case Nobody() if is_held:
                _doubt(session, text, now, salt)
            case NotNow() | Nobody():
                pass  # whoever holds it since has the word
    return move_on(session, moves, now, salt)


async def status_told(services: Services, text_id: int, known: Known, provider: str) -> None:
    """The network tells where a text of ours is; it may do so before it answers our call."""
    services.owe(await services.store.transact(hear_status, text_id, known, provider, services.clock.now(), services.salt()))


def hear_status(session: Session, text_id: int, known: Known, provider: str, now: datetime, salt: str) -> list[Lease]:
    """The transaction of a status. What is told of a text that is not ours, or of another one, changes nothing."""
    text = lock_text(session, text_id)
    if text is None or text.direction != "out" or text.provider_id not in (None, known.provider_id):
        return []
    if RANKS[text.status] < RANKS["sending"]:  # it never left: the address is that of a text which a restored store does not know
        return []
    return learn(session, text, known, provider, now, salt)


def learn(session: Session, text: TextRow, known: Known, provider: str, now: datetime, salt: str) -> list[Lease]:
    """The network has this text, and says where it is. The text is locked."""
    return move_on(session, [_told(text, known, provider)], now, salt)


def _told(text: TextRow, known: Known, provider: str) -> Move:
    return Move(text, known.fate, known.error_code, known_as=(provider, known.provider_id))


def move_on(session: Session, moves: Sequence[Move], now: datetime, salt: str) -> list[Lease]:
    """Texts and emails, which are locked, move forward. What an officer wrote to a borrower and that left is a try to reach them, unless it
    turns out that it did not arrive."""
    for move in moves:
        if not _goes_forward(move) and move.text.provider_id is None and move.known_as[1] is not None:
            change_text(session, move.text.id, provider=move.known_as[0], provider_id=move.known_as[1])
    forward = [move for move in moves if _goes_forward(move)]
    settle_texts(session, forward)
    facts: list[tuple[int, Fact]] = []
    for move in forward:
        text = move.text
        meta: dict[str, Any] = {"text": text.id, "status": move.status, "error_code": move.error_code}
        if move.status == "failed":
            _close_where_it_cannot_arrive(session, text, move.error_code, now)
        if text.lead_id is None:
            continue
        if move.status == "failed" and (clocks := take_back_try(session, text, now)) is not None:
            meta["clocks"] = clocks
        facts.append((text.lead_id, Fact("text_status", "leadbell", now, meta)))
    append_events(session, facts, salt)
    redraw_lines(session, sorted({(move.text.lead_id, move.text.event_seq) for move in forward if move.text.lead_id is not None}))
    return [lease for move in forward if move.text.lead_id is not None for lease in _follow(session, move, move.text.lead_id, now)]


def _goes_forward(move: Move) -> bool:
    return RANKS[move.status] > RANKS[move.text.status]


def _follow(session: Session, move: Move, lead_id: int, now: datetime) -> list[Lease]:
    """What follows for the lead and for whoever wrote it."""
    if move.status in ("sent", "delivered"):
        return _note_attempt(session, move.text, verified=move.status == "delivered", now=now)
    if move.status == "failed" and move.error_code in (OPTED_OUT_THERE, *NO_TEXTS_THERE) and move.text.purpose not in TO_STAFF:
        end_drips(session, lead_id, "opted_out" if move.error_code == OPTED_OUT_THERE else "takes_no_texts", now)
    return _tell_sender(session, move.text)


def note_arrival(session: Session, text: TextRow, now: datetime) -> list[Lease]:
    """Somebody says that a text of theirs arrived: the try counts, as one that nobody can prove."""
    return _note_attempt(session, text, verified=False, now=now)


def _note_attempt(session: Session, text: TextRow, *, verified: bool, now: datetime) -> list[Lease]:
    if text.officer_id is None or text.lead_id is None:
        return []
    made = {"of_lead": text.lead_id, "of_seq": text.event_seq, "on_channel": text.channel}
    known = _attempt_at.run(session, made)
    if known:
        if verified:
            _verify_attempt.run(session, made)
            note_first_attempt(session, text.lead_id, known[0].at, verified=True)
        return []
    row = {
        "lead_id": text.lead_id, "officer_id": text.officer_id, "contact_point_id": text.contact_point_id, "channel": text.channel,
        "disposition": None, "verified": verified, "at": now, "event_seq": text.event_seq,
    }  # fmt: skip
    _insert_attempt.run(session, row)
    note_first_attempt(session, text.lead_id, now, verified=verified)
    stop_clock(session, text.lead_id, UNCONTACTED)
    stop_clock(session, text.lead_id, UNANSWERED)
    answer_reminders(session, text.lead_id, text.event_seq)
    plan_next_try(session, text.lead_id, text.event_seq, now, wrote=True)
    return redraw(session, text.lead_id, at_once=True)


def _close_where_it_cannot_arrive(session: Session, text: TextRow, error_code: int | None, now: datetime) -> None:
    if error_code == OPTED_OUT_THERE:
        close_number(session, text.key, text.contact_point_id, "opted_out", None, now)
    elif error_code in NO_TEXTS_THERE:
        suppress(session, text.key, ("sms",), "takes_no_texts", now)


def refuse(session: Session, text: TextRow, because: str, now: datetime, salt: str) -> list[Lease]:
    """A text or an email, which is locked, does not leave; the line says why, and whoever wrote it is told."""
    change_text(session, text.id, status="refused", due_at=None, gave_up_because=because)
    if text.lead_id is None:
        return []
    append_event(session, text.lead_id, Fact("text_status", "leadbell", now, {"text": text.id, "status": "refused", "why": because}), salt)
    retell(session, text)
    return _tell_sender(session, text)


def _doubt(session: Session, text: TextRow, now: datetime, salt: str) -> list[Lease]:
    """Nobody knows whether it left: the network is asked at once."""
    doubt_text(session, text.id)
    if text.lead_id is not None:
        append_event(session, text.lead_id, Fact("text_status", "leadbell", now, {"text": text.id, "status": "uncertain"}), salt)
        retell(session, text)
    return []


async def ask(services: Services, text_id: int) -> None:
    """Ask the network about a text whose answer was lost. Only its word lifts the doubt. Switched off, it is one that cannot be asked."""
    asking, leases = await services.store.transact(begin_asking, text_id, services.clock.now(), services.salt())
    services.owe(leases)
    if asking is None:
        return
    network = services.network
    found, known_as = (await network.sent_to(asking.to, asking.since), network.name) if network else (None, "")
    services.owe(await services.store.transact(record_found, asking, found, known_as, services.clock.now(), services.salt()))


def begin_asking(session: Session, text_id: int, now: datetime, salt: str) -> tuple[Asking | None, list[Lease]]:
    """Whose deadline is over is uncertain, and whoever holds it asks."""
    text = lock_text(session, text_id)
    if text is None or text.due_at is None:
        return None, []
    leases: list[Lease] = []
    if text.status == "sending" and deadline_is_over(session, text.id):
        leases = _doubt(session, text, now, salt)
        text = lock_text(session, text_id)
        assert text is not None, "texts are never deleted"
    if text.status != "uncertain":
        return None, []
    [fence] = hold_texts(session, "uncertain", [Hold(text.id)])
    if fence is None:
        return None, leases
    return Asking(text.id, fence, text.address, text.attempts, text.created_at - ASKED_BEFORE), leases


ASKED_BEFORE = timedelta(minutes=5)
"""How far the network's clock may be behind ours."""


def record_found(session: Session, asking: Asking, found: list[Known] | None, provider: str, now: datetime, salt: str) -> list[Lease]:
    """What the network has: this text where the words are the same and the id is no other text's of ours."""
    text = lock_text(session, asking.text_id)
    if text is None or text.status != "uncertain" or text.fence != asking.fence:
        return []
    others = known_ids(session, text.contact_point_id)
    ours = next((known for known in found or () if _is_it(known, text) and known.provider_id not in others), None)
    if ours is not None:
        return learn(session, text, ours, provider, now, salt)
    following = asking.tries + 1
    if following < (MOST_QUESTIONS if found is None else len(ASKED_AFTER)):
        wait = ASK_AGAIN if found is None else ASKED_AFTER[following]
        wait_with_text(session, text.id, asking.fence, "uncertain", wait, following)
        return []
    change_text(session, text.id, due_at=None, lease_until=None)
    retell(session, text)
    return _tell_sender(session, text)


def _is_it(known: Known, text: TextRow) -> bool:
    return known.words.strip() == text.words.strip() and known.files == text.pictures


def retell(session: Session, text: TextRow) -> None:
    """The line about it is drawn anew."""
    if text.lead_id is not None:
        redraw_line(session, text.lead_id, text.event_seq)


def _tell_sender(session: Session, text: TextRow) -> list[Lease]:
    """Whoever wrote it has to know that it did not arrive, or that nobody knows."""
    if text.officer_id is None or text.lead_id is None:
        return []
    lead = lead_view(session, text.lead_id)
    assert lead is not None, "a text refers to its lead"
    leases = post_notice(session, text.lead_id, text.officer_id, "text_trouble", text.event_seq, lead.score, at_once=True)
    return leases + redraw(session, text.lead_id, at_once=True)


_attempt = table_of(ContactAttempt)
_insert_attempt = Prepared(insert(_attempt))
_of_text = (
    _attempt.c.lead_id == bindparam("of_lead"),
    _attempt.c.event_seq == bindparam("of_seq"),
    _attempt.c.channel == bindparam("on_channel"),
)
_attempt_at = Prepared(select(_attempt.c.at).where(*_of_text))
_verify_attempt = Prepared(update(_attempt).where(*_of_text).values(verified=True))
