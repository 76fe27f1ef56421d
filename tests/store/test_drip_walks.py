"""Every sequence that Leadbell brings along, walked to its end by a clock that jumps: five years in seconds, in both languages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.config.drips import Sequence
from bot.nurture.drips import Begun, library
from bot.store.leads import Lead
from bot.store.outbound import Message, Reminder
from tests.doubles.branch import Branch
from tests.doubles.drips import BY_EMAIL_TOO
from tests.doubles.law import DAY, HOMES
from tests.doubles.texts import AGREED
from tests.rules.test_sms_gate_by_the_book import is_open
from tests.store.test_drip_beginnings import Begins
from tests.store.test_drip_steps import all_leave

LIBRARY = library()
AUSTIN = HOMES[0]
CENTRAL = ZoneInfo(AUSTIN.clocks[0])
LEAP_DAY_AT_NIGHT = datetime(2028, 3, 1, 4, 30, tzinfo=UTC)  # 10:30 pm of February 29 in Austin
BEFORE_THE_CLOCKS_CHANGE = datetime(2026, 10, 31, 15, 0, tzinfo=UTC)
MARKS = {"en": ("Hello", "Hi ", " here.", "Acme Mortgage:"), "es": ("Hola", "Le escribe")}
ROAD = ("processing", "underwriting", "clear_to_close", "funded")


class Walks(Begins):
    def enters(self, sequence: Sequence, place: int, language: str | None, at: datetime) -> int:
        """A lead of Maya's for whom the sequence begins at that time."""
        self.branch.clock.at = at
        self.sender = BY_EMAIL_TOO
        lead = self.mayas(place, preferred_language=language)
        self.branch.set(Lead, lead, stage=sequence.stages[0], segments=dict.fromkeys(sequence.segments or ()))
        begun = self.begins(lead, key=sequence.key)
        assert isinstance(begun, Begun), begun
        return lead

    def mayas(self, place: int, **fields: Any) -> int:
        """A lead that is Maya's, however many she has and whatever her licenses are by then."""
        agreed: dict[str, Any] = {**AGREED, "consent_at": "2026-01-05T15:00:00Z", "property_zip": AUSTIN.zip_code}
        lead = self.branch.new_lead(**agreed, phone=f"(512) 555-1{place:03}", email=f"d{place}@example.com", **fields)
        self.branch.set(Lead, lead, owner_id=self.branch.officer_id("maya"))
        return lead

    def goes_on(self, lead: int) -> bool:
        """The clock jumps to the next step, or the loan to the next stage where a step waits for that; False once it is over."""
        drip = self.drip(lead)
        if not drip.runs:
            return False
        if drip.at is None:
            stage = self.branch.view(lead).stage
            self.branch.clock.skip(days=9, hours=5)
            self.stages(lead, ROAD[ROAD.index(stage) + 1] if stage in ROAD else ROAD[0])
        else:
            self.branch.clock.at = max(drip.at, self.branch.clock.at)
        self.looks()
        self.touch_all()
        return True

    def walks(self, lead: int) -> None:
        while self.goes_on(lead):
            all_leave(self, lead)


@pytest.fixture
def texts(branch: Branch) -> Walks:
    return Walks(branch)


@pytest.mark.parametrize(("language", "begins_at"), [("en", LEAP_DAY_AT_NIGHT), ("es", BEFORE_THE_CLOCKS_CHANGE)], ids=["en", "es"])
@pytest.mark.parametrize("key", LIBRARY)
def test_each_says_all_it_has_to_in_their_language_at_legal_hours_with_days_between(
    texts: Walks, key: str, language: str, begins_at: datetime
) -> None:
    sequence = LIBRARY[key]
    lead = texts.enters(sequence, 0, "Spanish" if language == "es" else None, begins_at)

    texts.walks(lead)

    assert texts.why_ended(lead) == "finished"
    written = texts.touches(lead)
    steps = [step for step in sequence.steps if step.sms or step.email]
    assert [each.channel for each in written] == ["sms" if step.sms else "email" for step in steps]
    assert len(texts.branch.all(Reminder)) == sum(step.task is not None for step in sequence.steps)
    for each, step in zip(written, steps, strict=True):
        assert any(mark in each.body for mark in MARKS[language]), each.body
        assert each.channel == "sms" or (step.email is not None and each.subject == getattr(step.email.subject, language))
        there = each.created_at.replace(tzinfo=UTC).astimezone(CENTRAL)
        assert each.channel == "email" or is_open(AUSTIN, there)
        if step.at is not None and each.channel == "email":
            assert f"{there:%H:%M}" == step.at
            assert there.weekday() < 5 or not step.weekdays
    moments = [each.created_at for each in written]
    assert all(later - before >= DAY - timedelta(hours=14) for before, later in pairwise(moments)), moments
    for moment in moments:
        assert sum(moment - DAY < each <= moment for each in moments) <= 3
        assert sum(moment - 7 * DAY < each <= moment for each in moments) <= 5


@pytest.mark.parametrize("key", [key for key, sequence in LIBRARY.items() if any(step.sms or step.email for step in sequence.steps)])
def test_who_says_stop_hears_nothing_more_of_it_wherever_it_stood(texts: Walks, key: str) -> None:
    sequence = LIBRARY[key]
    many = sum(bool(step.sms or step.email) for step in sequence.steps)
    leads, places = [], sorted({0, many // 2, many - 1})
    for place in places:
        lead = texts.enters(sequence, place, None, BEFORE_THE_CLOCKS_CHANGE)
        while len(texts.touches(lead)) < place:
            assert texts.goes_on(lead)
            all_leave(texts, lead)
        texts.came("STOP", number=f"+1512555{1000 + place}")
        assert not texts.drip(lead).runs
        leads.append(lead)
    texts.branch.clock.skip(days=6 * 366)
    texts.looks()
    texts.touch_all()

    assert [len(texts.touches(lead)) for lead in leads] == places


def test_an_anniversary_of_a_leap_day_is_kept_each_year_on_a_working_day(texts: Walks) -> None:
    texts.sender = replace(BY_EMAIL_TOO, begins=frozenset({"past_client"}))
    texts.branch.clock.at = LEAP_DAY_AT_NIGHT - timedelta(days=10)
    lead = texts.mayas(0)
    texts.day(lead, "closing 2/29/2028")
    texts.stages(lead, "funded")
    texts.looks()
    texts.branch.clock.at = LEAP_DAY_AT_NIGHT
    texts.looks()
    texts.walks(lead)

    days = {each.subject: each.created_at.replace(tzinfo=UTC).astimezone(CENTRAL).date() for each in texts.touches(lead)}
    assert days["One year since your closing"] == date(2029, 2, 28)
    assert days["Two years since your closing"] == date(2030, 2, 28)
    assert days["Four years since your closing"] == date(2032, 3, 1)  # February 29 is a Sunday
    assert days["Five years since your closing"] == date(2033, 2, 28)
    assert len(texts.branch.all(Message)) == 8
