"""What must hold of a store after any storm, I1 to I12 of the promises: each is a question that yields what breaks it, in words."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain, groupby, pairwise
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from bot.rules.roles import Action, Role, may
from bot.store.calls import Call
from bot.store.clocks import UNCLAIMED, Clock
from bot.store.columns import table_of
from bot.store.contacts import ContactPoint
from bot.store.counters import leads_held
from bot.store.events import Event, broken_links
from bot.store.lateness import lateness_since
from bot.store.leads import Arrival, Lead
from bot.store.outbound import Enrollment, Message, Reminder
from bot.store.people import Officer, Team
from bot.store.postings import BACK_IN_POOL, Posting
from bot.store.seals import broken_seals
from tests.doubles.shown import JSON, is_card_of, words

Check = Callable[[Session], Iterator[str]]

LATE = "it reached us late"
"""What a line of a thread says that stands after newer words of the borrower."""
NEEDS: Mapping[str, Action] = {
    "claimed": "claim",
    "passed": "pass",
    "given_back": "give_back",
    "assigned": "assign",
    "logged": "work",
    "noted": "work",
    "staged": "work",
}
"""What somebody's role must allow whom the timeline says to have done this."""
OWED = (Message, Clock, Reminder, Enrollment, Call)
"""By the clock of business; what is shown is owed by the database's."""


def leads_kept(answered: Mapping[str, int]) -> Check:
    """I1: what was answered is there, once, and nothing is there twice. `answered`: the sender's id to the lead's number."""

    def check(session: Session) -> Iterator[str]:
        kept = Counter(session.exec(select(Arrival.external_id, Arrival.lead_id)).all())
        yield from (f"arrival {each} is there {times} times" for each, times in kept.items() if times > 1)
        yield from (f"{each} was answered with {lead} and is not there" for each, lead in answered.items() if (each, lead) not in kept)

    return check


def one_owner(session: Session) -> Iterator[str]:
    """I2: nobody claims what somebody has, who took it last has it, and each claim was told to whom it belongs once."""
    owners = {lead.id: lead.owner_id for lead in session.exec(select(Lead))}
    yours = select(Posting.lead_id, Posting.event_seq).where(col(Posting.topic) == "yours")
    told = Counter(session.exec(yours).all())
    for lead, events in _timelines(session):
        owner = None
        for event, owner_before in _owned(events):
            if event.kind == "claimed" and owner_before is not None:
                yield f"#{lead} was claimed while somebody had it"
            if event.kind == "claimed" and told[lead, event.seq] != 1:
                yield f"the claim of #{lead} was told {told[lead, event.seq]} times to who made it"
            owner = _owner_after(event, owner_before)
        if owners.get(lead) != owner:
            yield f"#{lead} belongs to another one than its timeline says"


def texts_taken_once(asked: Iterable[str], taken: Sequence[tuple[str, str]]) -> Check:
    """I3: the network took each text once at most and no other, and all that the store calls sent. `asked`: words that an officer had us
    text once; `taken`: to which phone the network took which words."""
    times = Counter(taken)

    def check(session: Session) -> Iterator[str]:
        texts = session.exec(
            select(ContactPoint.value, Message.body, Message.status, Message.left_at)
            .join(ContactPoint)
            .where(col(Message.direction) == "out", col(Message.channel) == "sms")
        ).all()
        marked = Counter((phone, body) for phone, body, _, left_at in texts if left_at is not None)
        sent = Counter((phone, body) for phone, body, status, _ in texts if status in ("sent", "delivered"))
        for (phone, body), count in times.items():
            if count > marked[phone, body]:
                yield f"the network took {body!r} {count} times, and {marked[phone, body]} were to leave"
        for said in asked:
            count = sum(count for (_, body), count in times.items() if said in body)
            if count > 1:
                yield f"{said!r} was asked for once and left {count} times"
        for (phone, body), count in sent.items():
            if count > times[phone, body]:
                yield f"{count} texts are sent, and the network has {times[phone, body]}"

    return check


def each_step_once(session: Session) -> Iterator[str]:
    """I4: no step of a round is in a timeline twice."""
    for lead, events in _timelines(session):
        steps = Counter(_step(event) for event in events if "step" in event.meta)
        yield from (f"#{lead} took the step {step} {times} times" for step, times in steps.items() if times > 1)


def steps_in_time(at_most: float) -> Check:
    """I4: every step was decided within so many seconds after its time."""

    def check(session: Session) -> Iterator[str]:
        for late in lateness_since(session, date.min):
            if late.worst > at_most:
                yield f"a step ({late.kind}) was decided {late.worst:.1f} s after its time, and {at_most:.1f} s are promised"

    return check


def no_step_after_a_claim(session: Session) -> Iterator[str]:
    """I5: what happens while a lead is unclaimed happens to none that somebody has, and the other way round."""
    for lead, events in _timelines(session):
        for event, owner in _owned(events):
            if "step" in event.meta and (owner is None) != (event.meta["clock"] == UNCLAIMED):
                when = "without an owner" if owner is None else "after its claim"
                yield f"#{lead} took a step ({event.meta['clock']}, {event.kind}) {when}"


def nothing_after_stop(stopped: Mapping[str, float]) -> Check:
    """I6: nothing was marked to be sent after a STOP was answered, but for the one confirmation. `stopped`: phone to that moment."""

    def check(session: Session) -> Iterator[str]:
        sent = select(ContactPoint.value, Message.left_at, Message.purpose).join(Message).where(col(Message.left_at).is_not(None))
        confirmed = set[str]()
        for phone, left_at, purpose in session.exec(sent):
            at = stopped.get(phone)
            if at is None or left_at is None or left_at.timestamp() <= at:
                continue
            if purpose == "confirmation" and phone not in confirmed:
                confirmed.add(phone)
            else:
                yield f"a text ({purpose}) left after a STOP"

    return check


def cards_as_kept(channel: Sequence[JSON]) -> Check:
    """I1 and I7: one card for each lead in the channel, the one that the store knows, and it names its owner and nobody else as that."""

    def check(session: Session) -> Iterator[str]:
        names = dict(session.exec(select(Officer.id, Officer.name)).all())
        cards = dict(session.exec(select(Posting.lead_id, Posting.message_id).where(col(Posting.kind) == "card")).all())
        for lead in session.exec(select(Lead)):
            assert lead.id is not None
            standing = [each for each in channel if is_card_of(each, lead.id)]
            if [each["ts"] for each in standing] != [cards.get(lead.id)]:
                yield f"#{lead.id} has {len(standing)} cards, and the store knows of {cards.get(lead.id)}"
                continue
            named = {who for who, name in names.items() if f"{name} has it" in words(standing[0])}
            if named != ({lead.owner_id} - {None}):
                yield f"the card of #{lead.id} names {len(named)} owners, and not who has it now"

    return check


def borrowers_in_order(said: Mapping[str, Sequence[str]], threads: Iterable[Sequence[str]]) -> Check:
    """I8: what a borrower wrote stands in their order in a thread, or says that it came late. `said`: phone to their words, in order."""
    places = {words: (phone, place) for phone, written in said.items() for place, words in enumerate(written)}

    def check(_session: Session) -> Iterator[str]:
        for thread in threads:
            shown: dict[str, list[tuple[str, int]]] = {}
            for line in thread:
                for phone, place in (where for each, where in places.items() if each in line):
                    shown.setdefault(phone, []).append((line, place))
            for (_, before), (line, place) in chain.from_iterable(pairwise(lines) for lines in shown.values()):
                if place < before and LATE not in line:
                    yield f"a borrower's words, number {place + 1} of theirs, stand after number {before + 1} and do not say so"

    return check


def timelines_whole(session: Session) -> Iterator[str]:
    """I9: every chain is whole and sealed as it was, and every text and claim of now is in it."""
    yield from (f"event {seq} of {stream}: {what}" for stream, seq, what in broken_links(session))
    yield from (f"the seal of event {seq} of {stream}: {what}" for stream, seq, what in broken_seals(session))
    there = set(session.exec(select(Event.stream, Event.seq)).all())
    for lead_id, seq in session.exec(select(Message.lead_id, Message.event_seq).where(col(Message.event_seq) > 0)):
        if lead_id is not None and (lead_id, seq) not in there:
            yield f"a text of #{lead_id} is in no timeline"
    moved = {lead for lead, events in _timelines(session) if any(event.kind in ("claimed", "assigned") for event in events)}
    for lead in session.exec(select(Lead).where(col(Lead.owner_id).is_not(None))):
        if lead.id not in moved:
            yield f"#{lead.id} got its owner in no timeline"


def by_who_may(session: Session) -> Iterator[str]:
    """I11: who did something is one of ours whose role allows it, and texts a borrower only of a lead that was theirs then."""
    roles: dict[str, Role] = dict(session.exec(select(Officer.key, Officer.role)).all())  # type: ignore[arg-type]
    keys = dict(session.exec(select(Officer.id, Officer.key)).all())
    wrote = {
        (lead_id, seq): officer_id
        for lead_id, seq, officer_id in session.exec(
            select(Message.lead_id, Message.event_seq, Message.officer_id).where(
                col(Message.direction) == "out", col(Message.purpose) == "words", col(Message.officer_id).is_not(None)
            )
        )
    }
    for lead, events in _timelines(session):
        for event, owner in _owned(events):
            by = event.actor.removeprefix("officer:") if event.actor.startswith("officer:") else None
            role = roles.get(by) if by is not None else None
            if by is not None and role is None:
                yield f"{by}, who is none of ours, did something to #{lead} ({event.kind})"
            elif role is not None and event.kind in NEEDS and not may(role, NEEDS[event.kind]):
                yield f"{by} ({role}) did something to #{lead} that this role may not ({event.kind})"
            writer = wrote.get((lead, event.seq))
            if writer is not None and writer != owner and not may(roles[keys[writer]], "work_any"):
                yield f"{keys[writer]} texted the borrower of #{lead}, which was not theirs"


def stages_as_told(session: Session) -> Iterator[str]:
    """I2: a lead stands where the last who set its stage put it, in stages that no call and no borrower moves."""
    stands = {lead.id: lead.stage for lead in session.exec(select(Lead))}
    for lead, events in _timelines(session):
        last = next((event.meta["stage"] for event in reversed(events) if event.kind == "staged"), None)
        if last is not None and stands.get(lead) != last:
            yield f"#{lead} stands in {stands.get(lead)}, and was last put into {last}"


def counted_in_full(session: Session) -> Iterator[str]:
    """I1: what /pipeline counts, whoever folded what when, is what a full count finds."""
    stage, owner = col(Lead.stage), col(Lead.owner_id)
    for team in session.exec(select(Team.id)):
        assert team is not None
        full = {
            (*place, leads)
            for *place, leads in session.exec(select(stage, owner, func.count()).where(Lead.team_id == team).group_by(stage, owner)).all()
        }
        if set(leads_held(session, [team])) != full:
            yield f"what is counted of team {team} is not what it has"


def nothing_owed(for_longer: timedelta, now: datetime) -> Check:
    """I12: nothing is owed for longer than this. `now` is by the clock of business."""

    def check(session: Session) -> Iterator[str]:
        limits: dict[type[SQLModel], datetime] = {Posting: datetime.now(UTC) - for_longer, **dict.fromkeys(OWED, now - for_longer)}
        for table, since in ((table_of(model), limit) for model, limit in limits.items()):
            owed = session.connection().execute(select(func.count()).select_from(table).where(table.c.due_at <= since)).scalar_one()
            if owed:
                yield f"{owed} of {table.name} are owed for too long"

    return check


def _timelines(session: Session) -> Iterator[tuple[int, list[Event]]]:
    events = session.exec(select(Event).where(col(Event.stream) > 0).order_by(col(Event.stream), col(Event.seq))).all()
    yield from ((lead, list(its)) for lead, its in groupby(events, lambda event: event.stream))


def _owned(events: Iterable[Event]) -> Iterator[tuple[Event, int | None]]:
    """Each event with who had the lead as it happened."""
    owner = None
    for event in events:
        yield event, owner
        owner = _owner_after(event, owner)


def _owner_after(event: Event, owner: int | None) -> int | None:
    if event.kind in ("claimed", "assigned"):
        return event.officer_id
    return None if event.kind in BACK_IN_POOL else owner


def _step(event: Event) -> tuple[Any, ...]:
    """A question after a call counts by itself: there is one after each."""
    asked = event.seq if event.kind == "how_did_it_go" else 0
    return event.meta["clock"], event.meta["round"], event.meta["step"], event.kind, asked
