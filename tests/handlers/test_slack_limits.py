"""Whatever a lead holds, what is drawn of it keeps Slack's limits, stays text, and keeps its lock-screen promise."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.slack.cards import PUSH_LIMIT, card
from bot.handlers.slack.commands import drawn
from bot.handlers.slack.messages import line, notice
from bot.handlers.slack.mine import mine_answer
from bot.handlers.slack.opening import screen
from bot.leads.mine import SECTIONS, MyLeads, Row, Section
from bot.leads.opening import Opened
from bot.sandbox.block_kit import problems_of, problems_of_view, too_long
from bot.store.mine import OwnLead
from bot.store.views import Drawing, LeadView
from bot.telling import notice_of
from bot.updates import AskedAgain, Assigned, ComeBack, GivenBack, PromisedCall, Update
from tests.doubles.hostile import faults_in, read_by_people
from tests.handlers.leads import MOMENTS, TEXTS, drawings, leads

Block = dict[str, Any]
COMPANIES = st.sampled_from(["Acme Mortgage", "Acme <!here> *bold*", "A very long name " * 1000])
UPDATES = (
    st.builds(AskedAgain, TEXTS, st.integers(0, 10**6), TEXTS)
    | st.builds(GivenBack, TEXTS)
    | st.builds(Assigned, TEXTS, TEXTS, st.booleans())
)

SECRET = "Her sister is Hortensia"
NOTES = st.none() | TEXTS.map(lambda text: f"{SECRET} {text}")
TOLD_OF_REMINDERS = st.builds(ComeBack, st.just(1), st.sampled_from(["later", "remind", "call_back"]), NOTES) | st.builds(
    PromisedCall, TEXTS
)


def _fits(push: str, blocks: list[Block]) -> None:
    assert problems_of(blocks, "message") == []
    assert not too_long(blocks)
    assert faults_in({"text": push, "blocks": blocks}) == []


def _kinds(part: Any) -> set[str]:
    """The kinds of text that stand somewhere in there."""
    if isinstance(part, dict):
        own = {part["type"]} & {"plain_text", "mrkdwn"} if isinstance(part.get("type"), str) else set()
        return own.union(*map(_kinds, part.values()))
    return set().union(*map(_kinds, part)) if isinstance(part, list) else set()


@given(leads(), st.none() | MOMENTS, MOMENTS)
@pytest.mark.fault(34)
def test_a_card_keeps_slack_s_limits_and_holds_plain_text_only(lead: LeadView, rings_at: datetime | None, now: datetime) -> None:
    push, blocks = card(lead, rings_at, now)

    _fits(push, blocks)
    assert _kinds(blocks) == {"plain_text"}


@given(leads(), MOMENTS)
def test_a_push_text_fits_a_lock_screen_and_names_no_number_or_address(lead: LeadView, now: datetime) -> None:
    push = read_by_people(card(lead, None, now)[0])

    assert 0 < len(push) <= PUSH_LIMIT
    assert len(push.splitlines()) <= 2
    assert not any(contact in push for contact in (*lead.phones, *lead.emails))


@given(drawings("update", "asked_again"), UPDATES, MOMENTS)
def test_a_thread_line_keeps_slack_s_limits(drawing: Drawing, update: Update, now: datetime) -> None:
    push, blocks = line(drawing, update, now)

    _fits(push, blocks)
    assert _kinds(blocks) == {"plain_text"}


@given(drawings("notice", "yours"), MOMENTS, COMPANIES)
def test_a_direct_message_keeps_slack_s_limits_and_only_its_body_holds_the_number(drawing: Drawing, now: datetime, company: str) -> None:
    push, blocks = notice(drawing, notice_of(drawing), company, now, anyway=True)

    _fits(push, blocks)
    assert not any(contact in read_by_people(push) for contact in (*drawing.lead.phones, *drawing.lead.emails))


@given(drawings("notice", "come_back"), TOLD_OF_REMINDERS, MOMENTS)
def test_a_reminder_keeps_slack_s_limits_and_its_note_stays_off_the_lock_screen(
    drawing: Drawing, told: ComeBack | PromisedCall, now: datetime
) -> None:
    push, blocks = notice(drawing, told, "Acme Mortgage", now, anyway=True)

    _fits(push, blocks)
    assert _kinds(blocks) == {"plain_text"}
    assert SECRET not in push


@given(st.lists(leads(), max_size=5, unique_by=lambda lead: lead.number), st.sampled_from(SECTIONS), NOTES, st.booleans(), MOMENTS)
def test_a_list_of_own_leads_keeps_slack_s_limits(
    owned: list[LeadView], section: Section, note: str | None, unmasked: bool, now: datetime
) -> None:
    own = [OwnLead(lead.number, lead.stage, 1, now, lead.time_zone, now, now, now) for lead in owned]
    rows = tuple(Row(section, each, lead, note, section) for each, lead in zip(own, owned, strict=True))
    answer = mine_answer(MyLeads({section: len(rows)}, rows, 1, 3, unmasked), "en", now)

    assert problems_of(drawn(answer), "message") == []
    assert faults_in({"text": answer.words, "blocks": drawn(answer)}) == []


@given(leads(), st.booleans(), MOMENTS)
def test_the_open_screen_keeps_slack_s_limits(lead: LeadView, unmasked: bool, now: datetime) -> None:
    view = screen(Opened(lead, unmasked), "en", now)

    assert problems_of_view(view) == []
    assert faults_in(view) == []


@given(leads(), MOMENTS)
def test_a_masked_screen_holds_neither_number_nor_address(lead: LeadView, now: datetime) -> None:
    shown = read_by_people(f"{screen(Opened(lead, False), 'en', now)}")

    assert not any(contact in shown for contact in (*lead.phones, *lead.emails))
