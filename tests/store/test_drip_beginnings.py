"""Sequences that begin by themselves: only those that are turned on, only by what happens from then on, once for what began them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.capture.intake import Received
from bot.config.drips import as_written
from bot.nurture.drip_beginnings import begin_by_themselves, look_over_again
from bot.nurture.drips import DayKept, NoSuchDay, begin_drip, keep_day_of
from bot.outreach.network import Known
from bot.rules.drips import is_held_out
from bot.store import drip_beginnings
from bot.store.drip_beginnings import HELD_OUT, next_look
from bot.store.drip_figures import figures_of
from bot.store.drips import drips_of, newest_version_of
from bot.store.events import Fact, append_event, broken_links
from bot.store.leads import Lead
from bot.store.outbound import Enrollment
from tests.doubles.branch import Branch
from tests.doubles.drips import BY_EMAIL_TOO, DripTexts
from tests.doubles.plans import planned
from tests.doubles.texts import AGREED
from tests.store.test_drip_steps import all_leave, email


class Begins(DripTexts):
    """A branch in which the sequence `trial` begins by itself."""

    def turned_on(self, *begins: dict[str, Any], steps: list[dict[str, Any]] | None = None, **written: Any) -> None:
        written = {"stages": ["new", "contacted", "nurture", "funded"], "steps": steps or [email("1 hour"), email("2 days")], **written}
        self.keeps(as_written({"key": "trial", "name": {"en": "Trial", "es": "Ensayo"}, "begins": begins, **written}))
        self.sender = replace(BY_EMAIL_TOO, begins=frozenset({"trial"}))
        self.looks_over()

    def looks_over(self) -> int:
        """What the due loop does where it was changed what begins; how many transactions that took."""
        reached, pages = self.store.transact_now(look_over_again, self.branch.clock.now(), self.sender, 0), 1
        while reached is not None:
            reached, pages = self.store.transact_now(look_over_again, self.branch.clock.now(), self.sender, reached), pages + 1
        return pages

    def looks(self) -> None:
        """What the due loop does until nobody is due."""
        now = self.branch.clock.now()
        while (at := self.store.transact_now(next_look)) is not None and at <= now:
            assert self.store.transact_now(begin_by_themselves, now, "salt", self.sender)[0]

    def after(self, **by: float) -> None:
        self.branch.clock.skip(**by)
        self.looks()
        self.touch_all()

    def happens(self, lead: int, kind: str) -> None:
        self.store.transact_now(append_event, lead, Fact(kind, "leadbell", self.branch.clock.now(), {}), "salt")

    def day(self, lead: int, words: str) -> Any:
        return self.store.transact_now(keep_day_of, self.branch.press("maya", lead), words)[0]

    def ways(self, lead: int) -> list[tuple[date | None, str | None]]:
        """Each way through a sequence, the oldest first: the day that it goes by, and why it ended."""
        return [(each.anchor, each.ended_because) for each in self.branch.all(Enrollment) if each.lead_id == lead]


@pytest.fixture
def texts(branch: Branch) -> Begins:
    return Begins(branch)


def asked(texts: Begins, place: int = 0) -> int:
    return texts.lead(phone=f"(512) 555-1{place:03}", email=f"d{place}@example.com", first_name=f"Dana{chr(97 + place)}")


def asks_again(texts: Begins) -> None:
    """The first of them sends another form."""
    wish: dict[str, Any] = {**AGREED, "phone": "(512) 555-1000", "email": "d0@example.com", "first_name": "Danaa"}
    sent = texts.branch.arrive(**wish)
    assert isinstance(sent, Received) and sent.duplicate


def test_nothing_begins_by_itself_until_it_is_turned_on(texts: Begins) -> None:
    texts.turned_on({"stage": "nurture"}, {"event": "clicked"}, {"silent_for": "1 day"})
    texts.sender = BY_EMAIL_TOO
    lead = asked(texts)
    texts.stages(lead, "nurture")
    texts.happens(lead, "clicked")
    texts.after(days=3)

    assert texts.ways(lead) == []


def test_a_stage_begins_it_once_and_says_so_in_the_timeline(texts: Begins) -> None:
    lead, other = asked(texts), asked(texts, 1)
    texts.turned_on({"stage": "nurture"})
    texts.stages(lead, "nurture")
    texts.looks()
    texts.after(days=1)

    assert (texts.ways(lead), texts.ways(other)) == ([(None, None)], [])
    [begun] = [event for event in texts.branch.events(lead) if event.kind == "drip_begun"]
    assert (begun.actor, begun.meta["sequence"]) == ("leadbell", "trial")
    assert texts.store.transact_now(lambda session: list(broken_links(session))) == []


def test_what_happened_before_it_was_turned_on_begins_nothing_a_day_later(texts: Begins) -> None:
    lead = asked(texts)
    texts.stages(lead, "nurture")
    texts.branch.clock.skip(days=2)
    texts.turned_on({"stage": "nurture"})
    texts.after(days=2)

    assert texts.ways(lead) == []


def test_a_borrower_who_asks_again_begins_it_and_has_the_step_come_that_waits_for_that(texts: Begins) -> None:
    waits = {"on": ["asked_again"], "email": email("1 day")["email"]}
    texts.turned_on({"event": "asked_again"}, steps=[email("1 hour"), waits])
    lead = asked(texts)
    texts.after(hours=2)
    assert texts.ways(lead) == []

    asks_again(texts)
    texts.looks()
    texts.after(hours=2)
    assert len(texts.touches(lead)) == 1
    all_leave(texts, lead)
    texts.after(days=3)
    assert len(texts.touches(lead)) == 1

    asks_again(texts)
    texts.touch_all()
    assert len(texts.touches(lead)) == 2


@pytest.mark.parametrize("kind", ["clicked", "missed_call"])
def test_what_a_borrower_does_begins_it(texts: Begins, kind: str) -> None:
    lead = asked(texts)
    texts.turned_on({"event": kind})
    texts.looks()
    assert texts.ways(lead) == []

    texts.happens(lead, kind)
    texts.looks()

    assert texts.ways(lead) == [(None, None)]


def test_a_segment_begins_it_for_its_leads_once_they_stand_in_a_stage_that_it_is_for(texts: Begins) -> None:
    texts.turned_on({"segment": "veteran"}, stages=["contacted"])
    veteran, other = texts.lead(veteran="yes", email="v@example.com"), asked(texts, 1)
    texts.looks()
    assert texts.ways(veteran) == []

    texts.stages(veteran, "contacted")
    texts.stages(other, "contacted")
    texts.looks()

    assert (len(texts.ways(veteran)), texts.ways(other)) == (1, [])


def test_silence_begins_it_when_nothing_was_heard_for_so_long_and_once_for_each_silence(texts: Begins) -> None:
    lead = asked(texts)
    texts.turned_on({"silent_for": "60 days"}, steps=[email("1 hour")])
    texts.after(days=40)
    texts.came("Not yet, ask me later", "+15125551000")
    texts.answers(texts.begun(texts.queued(lead, "I will")), Known("SM-1", "delivered", None, ""))
    texts.after(days=50)
    assert texts.ways(lead) == []
    texts.after(days=10)
    assert texts.ways(lead) == [(None, None)]
    for _ in range(100):
        texts.after(days=2)
        all_leave(texts, lead)

    assert texts.ways(lead) == [(None, "finished")]
    texts.came("I am back", "+15125551000")
    texts.answers(texts.begun(texts.queued(lead, "Welcome")), Known("SM-2", "delivered", None, ""))
    for _ in range(65):
        texts.after(days=2)
    assert texts.ways(lead) == [(None, "finished"), (None, "finished")]


def test_a_letter_that_runs_out_begins_it_so_many_days_before_and_once(texts: Begins) -> None:
    lead = asked(texts)
    texts.turned_on({"date": "preapproval_expiry", "before": "14 days"})
    day = texts.branch.clock.now().date() + timedelta(days=60)
    kept = texts.day(lead, f"letter {day:%m/%d/%Y}")
    assert kept == DayKept(lead, "preapproval_expiry", day)
    texts.looks()
    texts.after(days=45)
    assert texts.ways(lead) == []
    texts.after(days=2)
    assert texts.ways(lead) == [(day, None)]
    for _ in range(10):
        texts.after(days=10)
        all_leave(texts, lead)

    assert texts.ways(lead) == [(day, "finished")]


def test_a_birthday_begins_it_each_year_and_its_year_is_not_kept(texts: Begins) -> None:
    lead = asked(texts)
    texts.turned_on({"date": "birthday"}, steps=[email("1 hour")])
    assert texts.day(lead, "birthday 2/29/1984") == DayKept(lead, "birthday", date(2000, 2, 29))
    assert all("1984" not in f"{event.meta}" for event in texts.branch.events(lead))
    texts.looks()
    while texts.branch.clock.now().year < 2030:
        texts.after(days=5)
        all_leave(texts, lead)

    days = [day for day, _ in texts.ways(lead)]
    assert days == [date(2027, 2, 28), date(2028, 2, 29), date(2029, 2, 28)]


def test_words_that_are_no_day_keep_none(texts: Begins) -> None:
    lead = asked(texts)
    for words in ("", "wedding 5/17/2027", "closing", "closing soon", "closing 13/45/2027", "lock 12/20", "birthday 2/30"):
        assert texts.day(lead, words) == NoSuchDay(lead)


LAST_TWO = ["Four years since your closing", "Five years since your closing"]


def test_a_past_client_is_written_to_on_the_days_that_lie_ahead_for_five_years(texts: Begins) -> None:
    """The shipped sequence, walked by a clock that jumps from one due time to the next."""
    texts.sender = replace(BY_EMAIL_TOO, begins=frozenset({"past_client"}))
    fresh, imported = asked(texts), asked(texts, 1)
    started = texts.branch.clock.now()
    texts.day(imported, f"closing {started.month}/1/{started.year - 3}")
    for lead in (fresh, imported):
        texts.stages(lead, "funded")
    texts.looks()
    while (at := min((each.due_at for each in texts.branch.all(Enrollment) if each.due_at), default=None)) is not None:
        texts.branch.clock.at = max(at, texts.branch.clock.at)
        texts.looks()
        texts.touch_all()
        for lead in (fresh, imported):
            all_leave(texts, lead)

    written = [(each.created_at - started).days // 30 for each in texts.touches(fresh)]
    assert [each.subject for each in texts.touches(fresh)] == [
        *("After your closing", "One month on", "Half a year on", "One year since your closing", "Two years since your closing"),
        *("Three years since your closing", "Four years since your closing", "Five years since your closing"),
    ]
    assert written == sorted(written) and written[-1] >= 60
    assert [each.subject for each in texts.touches(imported)] == LAST_TWO
    assert {because for lead in (fresh, imported) for _, because in texts.ways(lead)} == {"finished"}


def test_a_share_of_the_leads_is_left_out_to_be_compared_with_and_by_hand_nobody_is(texts: Begins) -> None:
    texts.turned_on({"event": "clicked"}, ends={"goal": "application"})
    texts.sender = replace(texts.sender, holdout_percent=50)
    leads = [asked(texts, place) for place in range(12)]
    for lead in leads:
        texts.happens(lead, "clicked")
    texts.looks()

    left_out = [lead for lead in leads if is_held_out("trial", lead, 50)]
    assert 0 < len(left_out) < 12
    assert {lead for lead in leads if texts.ways(lead)[0][1] == HELD_OUT} == set(left_out)
    texts.after(hours=1)
    assert all(texts.touches(lead) == [] for lead in left_out)
    outcome, _ = texts.store.transact_now(begin_drip, texts.branch.press("maya", left_out[0]), "trial", texts.sender)
    assert outcome.kind == "begun"
    texts.stages(left_out[1], "application")
    version = texts.store.transact_now(newest_version_of, "trial")
    assert version is not None
    figures = texts.store.transact_now(figures_of, version)
    assert (figures.began, figures.left_out, figures.left_out_reached, figures.reached) == (13 - len(left_out), len(left_out), 1, 0)


def test_figures_tell_step_by_step_what_left_and_what_borrowers_did(texts: Begins) -> None:
    texts.turned_on({"event": "clicked"}, ends={"goal": "application"})
    answers, opts_out, moves, stays = (asked(texts, place) for place in range(4))
    for lead in (answers, opts_out, moves, stays):
        texts.happens(lead, "clicked")
    texts.after()
    texts.after(hours=1)
    for lead in (answers, opts_out, moves, stays):
        all_leave(texts, lead)
    texts.came("Call me", "+15125551000")
    texts.came("STOP", "+15125551001")
    clicked = {"text": texts.touches(stays)[0].id}
    texts.store.transact_now(append_event, stays, Fact("clicked", "leadbell", texts.branch.clock.now(), clicked), "salt")
    texts.after(days=2)
    all_leave(texts, moves)
    texts.stages(moves, "application")

    version = texts.store.transact_now(newest_version_of, "trial")
    assert version is not None
    figures = texts.store.transact_now(figures_of, version)
    first, second = figures.steps
    assert (first.sent, first.clicked, first.replied, first.opted_out, first.moved) == (4, 1, 1, 1, 0)
    assert (second.sent, second.moved) == (1, 1)
    assert (figures.began, figures.running, figures.reached) == (4, 1, 1)
    assert texts.store.transact_now(drips_of, moves)[0].ended_because == "goal"


def test_clicks_are_found_without_a_look_at_whatever_else_happened(texts: Begins) -> None:
    texts.turned_on({"event": "clicked"})
    version = texts.store.transact_now(newest_version_of, "trial")
    assert version is not None

    with planned(texts.store) as steps:
        texts.store.transact_now(figures_of, version)

    if texts.store.is_sqlite:  # PostgreSQL chooses by how many rows there are
        assert any("ix_event_clicked" in step for step in steps), steps


def test_leads_are_looked_over_a_page_at_a_time_and_what_was_begun_is_gone_on_with(texts: Begins, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = [asked(texts, place) for place in range(5)]
    texts.looks()
    monkeypatch.setattr(drip_beginnings, "_following", drip_beginnings._following.limit(2))
    monkeypatch.setattr(drip_beginnings, "LOOKED_OVER_AT_ONCE", 2)
    texts.turned_on({"silent_for": "3 days"})
    assert all(lead.drip_look_at for lead in texts.branch.all(Lead))
    assert texts.looks_over() == 1, "the installation remembers that it was done"
    texts.after(days=4)
    assert [len(texts.ways(lead)) for lead in leads] == [1] * 5
