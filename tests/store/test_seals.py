"""Every timeline is sealed into one chain, once, by whichever process comes; whoever kept a seal sees what was cut off or replaced."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.config.models import AuditTrail, Channel
from bot.configuring import apply_config
from bot.oversight.audit_trail import check_timelines
from bot.oversight.auditor import UNSEALED_AFTER
from bot.oversight.seals import tell_of_head
from bot.store import seals
from bot.store.database import Store
from bot.store.events import COMPANY, Event, Fact, append_event
from bot.store.leads import Lead
from bot.store.outbound import Message
from bot.store.seals import Head, NoHead, Seal, Sealing, head_from, newest_head, seal_next, seconds_unsealed
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.held import held
from tests.doubles.parallel import in_parallel
from tests.doubles.waiting import wait_until

NOTED = Fact("noted", "officer:maya", NOON, {"length": 3}, body={"words": "Dana called back"})


def append(store: Store, lead: int) -> None:
    store.transact_now(append_event, lead, NOTED, "salt")


def a_minute_later(store: Store) -> None:
    run(store, "UPDATE sealing SET next_at = '2020-01-01 00:00:00.000000+00:00'")


def seal(branch: Branch) -> None:
    """What the calendar does each minute, until nothing is left to seal."""
    a_minute_later(branch.store)
    after = 0
    while after := branch.store.transact_now(seal_next, branch.clock.now(), after):
        pass


def head_of(branch: Branch) -> Head:
    head = branch.store.transact_now(newest_head)
    assert head is not None
    return head


def found(branch: Branch, posted: Head | None = None) -> tuple[str, ...]:
    return branch.store.read_now(check_timelines, posted).bad


def unguarded(store: Store) -> None:
    """As somebody would who holds the database in their hands."""
    for guard in ("event_is_fixed", "event_body_is_kept", "event_stays", "seal_is_fixed", "seal_stays"):
        on = "" if store.is_sqlite else f" ON {guard.partition('_')[0]}"
        run(store, f"DROP TRIGGER IF EXISTS {guard}{on}")


def run(store: Store, *statements: str) -> None:
    for statement in statements:
        store.transact_now(_execute, statement)


def _execute(session: Session, statement: str) -> None:
    session.connection().exec_driver_sql(statement)


@pytest.fixture
def lead(branch: Branch) -> int:
    """A lead with three events, sealed."""
    number = branch.new_lead()
    append(branch.store, number)
    append(branch.store, number)
    seal(branch)
    return number


def sealed(branch: Branch) -> Sequence[tuple[int, int]]:
    return [(each.stream, each.seq) for each in branch.all(Seal)]


def test_each_timeline_that_grew_is_sealed_at_its_end_and_others_are_left_alone(branch: Branch, lead: int) -> None:
    other = branch.new_lead(phone="(512) 555-0111")
    before = sealed(branch)
    assert (lead, 3) in before and found(branch) == ()

    seal(branch)
    seal(branch)

    assert sealed(branch)[len(before) :] == [(other, 1)]
    assert found(branch) == ()
    assert [each.id for each in branch.all(Seal)] == list(range(1, len(before) + 2))


def test_within_a_minute_nobody_seals_again(branch: Branch, lead: int) -> None:
    append(branch.store, lead)

    assert branch.store.transact_now(seal_next, NOON) == 0

    assert (lead, 4) not in sealed(branch)


@pytest.mark.fault(85)
def test_of_eight_that_look_at_once_one_seals(branch: Branch, lead: int) -> None:
    for _ in range(3):
        append(branch.store, lead)
        a_minute_later(branch.store)
        before = len(sealed(branch))

        in_parallel([partial(branch.store.transact_now, seal_next, NOON)] * 8)

        assert len(sealed(branch)) == before + 1
    assert found(branch) == ()


@pytest.mark.fault(85)
def test_timelines_that_eight_write_to_meanwhile_are_sealed_without_a_gap(branch: Branch, lead: int) -> None:
    others = [branch.new_lead(phone=f"(512) 555-01{number:02}") for number in range(10, 14)]

    def write(number: int) -> None:
        for _ in range(10):
            append(branch.store, others[number % 4])
            append(branch.store, COMPANY)

    def look() -> None:
        for _ in range(5):
            seal(branch)

    writers: list[Callable[[], None]] = [partial(write, number) for number in range(8)]
    in_parallel([*writers, look, look])
    seal(branch)
    seal(branch)

    assert found(branch) == ()
    last = dict(sealed(branch))
    assert last == {stream: max(e.seq for e in branch.all(Event) if e.stream == stream) for stream in (COMPANY, lead, *others)}


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("lead")
def test_an_event_that_is_committed_after_one_with_a_higher_number_is_sealed_too(branch: Branch) -> None:
    slow, quick = branch.new_lead(phone="(512) 555-0111"), branch.new_lead(phone="(512) 555-0112")
    another = Store(branch.store.url.render_as_string(hide_password=False))

    def slowly(session: Session) -> None:
        append_event(session, slow, NOTED, "salt")
        append(another, quick)  # numbered after ours, and committed before
        for _ in range(3):
            a_minute_later(another)
            another.transact_now(seal_next, NOON)

    branch.store.transact_now(slowly)
    another.close()
    assert (quick, 2) in sealed(branch) and (slow, 2) not in sealed(branch)

    seal(branch)

    assert (slow, 2) in sealed(branch) and found(branch) == ()


def test_a_store_that_was_never_sealed_is_caught_up_in_small_steps(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "AT_ONCE", 3)
    leads = [branch.new_lead(phone=f"(512) 555-01{number:02}") for number in range(10, 20)]
    grown, after = [0], 0

    while after := branch.store.transact_now(seal_next, NOON, after):
        grown.append(len(sealed(branch)))

    assert {stream for stream, _ in sealed(branch)} == {COMPANY, *leads}
    assert all(later - before <= 3 for before, later in pairwise(grown))
    assert found(branch) == ()

    def for_good() -> bool:
        seal(branch)
        return branch.all(Sealing)[0].sealed_event == newest_event(branch)

    wait_until(for_good, "everybody on this server to be done who was at work then")


def newest_event(branch: Branch) -> int:
    return max(event.id or 0 for event in branch.all(Event))


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_while_somebody_elses_transaction_stays_open_all_is_sealed_and_what_comes_late_is_too(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "AT_ONCE", 3)
    slow = branch.new_lead(phone="(512) 555-0111")
    before = newest_event(branch)
    with held(branch.store) as theirs:
        append_event(theirs, slow, NOTED, "salt")  # it has written, as any program on this server may have
        leads = [branch.new_lead(phone=f"(512) 555-01{number:02}") for number in range(20, 40)]
        seal(branch)
        assert set(leads) <= {stream for stream, _ in sealed(branch)} and (slow, 2) not in sealed(branch)
        append(branch.store, leads[0])
        seal(branch)
        assert (leads[0], 2) in sealed(branch)
        assert branch.all(Sealing)[0].sealed_event <= before  # nothing behind theirs is sealed for good
        theirs.commit()
    seal(branch)
    assert (slow, 2) in sealed(branch) and found(branch) == ()


def test_a_look_that_does_not_get_through_counts_for_none(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "AT_ONCE", 1)
    branch.new_lead()
    branch.new_lead(phone="(512) 555-0111")
    branch.store.transact_now(seal_next, NOON)
    a_minute_later(branch.store)
    assert branch.store.transact_now(seal_next, NOON) > 0
    assert branch.store.read_now(seconds_unsealed) > UNSEALED_AFTER
    seal(branch)
    assert branch.store.read_now(seconds_unsealed) < UNSEALED_AFTER


@pytest.mark.usefixtures("lead")
@pytest.mark.parametrize("statement", ["UPDATE seal SET digest = 'x'", "DELETE FROM seal", "DELETE FROM seal WHERE id = 1"])
def test_the_database_refuses_to_change_or_delete_a_seal(branch: Branch, statement: str) -> None:
    before = sealed(branch)
    with pytest.raises(DBAPIError, match="the timeline is append only"):
        run(branch.store, statement)
    assert sealed(branch) == before


@pytest.mark.parametrize(
    ("statements", "first"),
    [
        (["UPDATE seal SET digest = 'x' WHERE id = 1"], "the company, event 1: the event is not the one that was sealed"),
        (["DELETE FROM seal WHERE id = 1"], "lead #1001, event 3: a seal before the one of this event is missing"),
        (["DELETE FROM seal WHERE id = 2"], "the company, event 1: the newest seals are missing or were changed"),
        (["DELETE FROM event WHERE stream = 1001 AND seq = 3"], "lead #1001, event 3: the end of the timeline is missing"),
        (
            ["DELETE FROM event WHERE stream = 1001", "UPDATE lead SET head_seq = 0, head_digest = '' WHERE id = 1001"],
            "lead #1001, event 3: the event was sealed and is missing",
        ),
    ],
)
@pytest.mark.usefixtures("lead")
@pytest.mark.fault(84)
def test_what_was_done_to_what_is_sealed_is_found_with_its_place(branch: Branch, statements: list[str], first: str) -> None:
    unguarded(branch.store)
    run(branch.store, *statements)
    assert found(branch)[0].startswith(first)


@pytest.mark.fault(84)
def test_a_seal_that_was_told_shows_a_tail_that_was_cut_off_with_everything_that_knew_of_it(branch: Branch, lead: int) -> None:
    """Whoever holds the database may rewrite its newest events, their timeline's head, the seals and the end of their chain."""
    before = head_of(branch)
    row = branch.all(Sealing)[0]
    third = next(each for each in branch.events(lead) if each.seq == 3)
    append(branch.store, lead)
    seal(branch)
    told = head_of(branch)
    assert found(branch, told) == found(branch, before) == ()

    unguarded(branch.store)
    run(branch.store, "DELETE FROM event WHERE stream = 1001 AND seq = 4", "DELETE FROM seal WHERE id > 2")
    branch.set(Lead, lead, head_seq=3, head_digest=third.digest)
    branch.set(Sealing, 1, links=row.links, digest=row.digest)

    assert found(branch) == ()  # which is why the seal is told outside
    assert found(branch, told) == (
        f"The seal that was told: seal {told.links} is not in the store: the end of the timeline was cut off, or this is another store.",
    )
    append(branch.store, lead)
    branch.clock.skip(minutes=1)
    seal(branch)
    assert found(branch, told) == (
        f"The seal that was told: seal {told.links} is not the one that was posted: the timeline was replaced, or this is another store.",
    )
    assert found(branch, before) == ()


def test_bodies_may_be_erased_and_the_seals_still_hold(branch: Branch, lead: int) -> None:
    told = head_of(branch)
    held = [event.seq for event in branch.events(lead) if event.body_digest]
    run(branch.store, "UPDATE event SET body = NULL, salt = NULL WHERE stream = 1001")
    erased = Fact("erased", "operator", NOON, {"borrowers": 1, "emptied": held})
    branch.store.transact_now(append_event, lead, erased, "salt")
    assert found(branch, told) == ()


@pytest.mark.parametrize("written", ["", "12", "0x12-" + "0" * 64, "12-" + "g" * 64, f"12-{'0' * 64}-", "-" + "0" * 64])
def test_what_is_no_seal_is_refused(written: str) -> None:
    with pytest.raises(NoHead, match="a number, a dash and 64 letters and digits"):
        head_from(written)


def test_a_seal_is_read_as_it_was_posted() -> None:
    head = Head(1234, "ab" * 32)
    assert head_from(f" {head}\n") == head


def tell(branch: Branch, *, email_on: bool = True) -> None:
    config = branch.services.in_force.config
    branch.store.transact_now(tell_of_head, config, branch.clock.now(), "salt", email_on=email_on)


def with_audit(branch: Branch, audit: AuditTrail) -> None:
    config = branch.services.in_force.config.model_copy(update={"audit": audit})
    branch.store.transact_now(apply_config, config, by="test", at=branch.clock.now(), salt="salt")
    branch.services.in_force = replace(branch.services.in_force, config=config)


def told_in(branch: Branch) -> list[int]:
    return [each.place_id for each in branch.postings("notice") if each.topic == "head_told"]


@pytest.mark.usefixtures("lead")
def test_without_a_word_in_the_config_the_admins_are_told_once_a_day(branch: Branch) -> None:
    head = head_of(branch)
    tell(branch)
    branch.clock.skip(hours=1)
    tell(branch)

    assert told_in(branch) == [branch.place("sam@acme.example").id]
    assert [each.meta["head"] for each in branch.events(COMPANY) if each.kind == "head_told"] == [str(head)]
    branch.clock.at += timedelta(days=1)
    seal(branch)
    tell(branch)
    assert len(told_in(branch)) == 2
    assert branch.events(COMPANY)[-1].meta["head"] != str(head)


@pytest.mark.usefixtures("lead")
def test_a_channel_and_an_address_of_the_config_are_told_instead(branch: Branch) -> None:
    with_audit(branch, AuditTrail(channel=Channel(slack="#audit"), email="audit@acme.example"))

    tell(branch)

    assert told_in(branch) == [branch.place("#audit").id]
    [letter] = branch.all(Message)
    assert (letter.channel, letter.status) == ("email", "queued")
    assert str(head_of(branch)) in (letter.body or "")


@pytest.mark.usefixtures("lead")
def test_while_no_email_leaves_the_admins_are_told_instead_of_an_address(branch: Branch) -> None:
    with_audit(branch, AuditTrail(email="audit@acme.example"))

    tell(branch, email_on=False)

    assert told_in(branch) == [branch.place("sam@acme.example").id]
    assert branch.count(Message) == 0


def test_where_nothing_is_sealed_there_is_nothing_to_tell(branch: Branch) -> None:
    tell(branch)
    assert told_in(branch) == []
