"""Rates over one store: who sets them, who is told when one falls, once, in some order of worth, and what a kill leaves owed."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.leads.staging import stage_lead
from bot.leads.working import MayNotWork, NotYourLead
from bot.nurture.rate_alerts import decide_rates
from bot.nurture.rates import (
    MayNotSetRates,
    NoRateRead,
    RateForgotten,
    RateKept,
    RateKnown,
    RateLeaps,
    RateOutcome,
    RateSet,
    RateStands,
    forget_rate_of,
    keep_rate_of,
    set_rate_of,
)
from bot.rules.rates import REST, SETTLES
from bot.rules.roles import may
from bot.store import rates
from bot.store.events import COMPANY, Event, broken_links
from bot.store.leads import Lead, lock_lead
from bot.store.people import Officer, leaders_of
from bot.store.rates import RateList, RateWatch, next_rate_due, to_call
from tests.doubles.branch import Branch
from tests.doubles.drips import BY_EMAIL_TOO
from tests.doubles.held import held
from tests.store.test_drip_beginnings import Begins, asked
from tests.store.test_drip_steps import email
from tests.store.test_permissions import ROLES

AUSTIN = ZoneInfo("America/Chicago")
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=AUSTIN)
REFINANCE = {"loan_purpose": "refinance", "mortgage_balance": "310000", "purchase_price": None}


class Market:
    """A branch in which rates are set and followed; each call is one transaction."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self._borrowers = 0

    def lead(self, officer: str | None = "maya", **fields: Any) -> int:
        """A lead with an owner, of a borrower of its own."""
        self._borrowers += 1
        who = {"phone": f"(512) 555-{1000 + self._borrowers}", "first_name": f"Dana{chr(96 + self._borrowers)}"}
        lead = self.branch.new_lead(**{**REFINANCE, **who, **fields})
        if officer is not None:
            self.branch.set(Lead, lead, owner_id=self.branch.officer_id(officer), claimed_at=self.branch.clock.now(), stage="contacted")
        return lead

    def sets(self, words: str, officer: str = "sam", delivery: str | None = None) -> RateOutcome:
        return self.branch.store.transact_now(set_rate_of, self.branch.press(officer, COMPANY, delivery), words)

    def keeps(self, lead: int, what: Any, words: str, officer: str = "maya", delivery: str | None = None) -> RateOutcome:
        return self.branch.store.transact_now(keep_rate_of, self.branch.press(officer, lead, delivery), what, words)

    def waits(self, words: str = "30y 6.0", officer: str = "maya", **fields: Any) -> int:
        """A lead of Maya's that waits for a rate."""
        lead = self.lead(officer, **fields)
        assert isinstance(self.keeps(lead, "target", words, officer), RateKept)
        return lead

    def decides(self) -> None:
        """What the due loop does until nothing is due."""
        now = self.branch.clock.now()
        while (at := self.branch.store.transact_now(next_rate_due)) is not None and at <= now:
            assert self.branch.store.transact_now(decide_rates, now, "salt")[0]

    def falls_to(self, words: str) -> None:
        """A rate is set and settles, and what is due then is decided."""
        assert isinstance(self.sets(words), RateSet)
        self.after(minutes=10)

    def after(self, **by: float) -> None:
        self.branch.clock.skip(**by)
        self.decides()

    def drops(self, lead: int) -> list[int]:
        """At which rates the lead's timeline says that one fell."""
        return [event.meta["rate"] for event in self.branch.events(lead) if event.kind == "rate_drop"]

    def lists(self, officer: str | None = None) -> list[Event]:
        """The lists that were told."""
        who = officer and self.branch.officer_id(officer)
        return [each for each in self.branch.events(COMPANY) if each.kind == "rate_list" and who in (None, each.officer_id)]

    def calls(self, officer: str = "maya") -> list[int]:
        """Whom the officer is to call, in order."""
        found = self.branch.store.transact_now(to_call, self.branch.officer_id(officer), self.branch.clock.now() - REST)
        return [each.waits.lead_id for each in found]


@pytest.fixture
def market(branch: Branch) -> Market:
    branch.clock.at = TUESDAY
    return Market(branch)


@pytest.mark.parametrize("role", ROLES)
def test_a_rate_is_set_exactly_by_who_may(market: Market, role: Any) -> None:
    market.branch.set(Officer, market.branch.officer_id("tess"), role=role)
    outcome = market.sets("30y 6.25", "tess")
    assert outcome == (RateSet("30y", 6250, None) if may(role, "set_rates") else MayNotSetRates(role))


def test_who_left_sets_no_rate(market: Market) -> None:
    market.branch.set(Officer, market.branch.officer_id("sam"), active=False)
    assert isinstance(market.sets("30y 6.25"), MayNotSetRates)


@pytest.mark.parametrize("words", ["", "30y", "6.25", "30y 6.25 300000", "30y high"])
def test_words_that_are_no_rate_change_nothing(market: Market, words: str) -> None:
    assert market.sets(words) == NoRateRead(COMPANY, "set")


def test_who_left_before_their_list_came_is_told_of_nobody(market: Market) -> None:
    market.waits("30y 6.0")
    market.falls_to("30y 5.5")
    market.branch.set(Officer, market.branch.officer_id("maya"), active=False)

    market.after(hours=2)

    assert market.lists() == []
    assert market.branch.store.transact_now(rates.due_lists, market.branch.clock.now() + timedelta(days=9)) == []


def test_a_balance_beyond_any_loan_keeps_nobody_from_hearing_of_a_rate(market: Market) -> None:
    boasts = market.lead(mortgage_balance="1000000000000", current_rate="9.5")
    waits = market.waits("30y 6.0")

    market.falls_to("30y 5.0")

    assert (market.drops(boasts), market.drops(waits)) == ([5000], [5000])


def test_a_rate_is_a_fact_of_the_company_and_the_same_press_sets_it_once(market: Market) -> None:
    assert market.sets("30y 6.25", delivery="press") == market.sets("30y 6.25", delivery="press") == RateSet("30y", 6250, None)
    assert market.sets("30y 6.25") == RateStands("30y", 6250)
    assert market.sets("30y 6.125") == RateSet("30y", 6125, 6250)
    facts = [(each.actor, each.meta) for each in market.branch.events(COMPANY) if each.kind == "rate_set"]
    assert facts[-1] == ("officer:sam", {"product": "30y", "rate": 6125, "before": 6250})
    assert len(facts) == 2


def test_a_leap_is_asked_about(market: Market) -> None:
    market.sets("30y 6.25")
    assert market.sets("30y 2.65") == RateLeaps("30y", 2650, 6250)
    assert market.sets("30y 2.65 sure") == RateSet("30y", 2650, 6250)


def test_what_a_borrower_waits_for_is_kept_by_who_works_the_lead(market: Market) -> None:
    lead = market.lead("luis")
    assert isinstance(market.keeps(lead, "target", "30y 6.0", "maya"), NotYourLead)
    assert isinstance(market.keeps(lead, "target", "30y 6.0", "cora"), MayNotWork)
    assert market.keeps(lead, "target", "30y 6.0", "luis") == RateKept(lead, "target", "30y", 6000, 310_000, 6000, None)
    assert isinstance(market.keeps(lead, "note", "7.25", "tess"), RateKept), "who leads the team may"
    assert market.keeps(lead, "target", "soon", "luis") == NoRateRead(lead, "target")
    [kept] = [each for each in market.branch.events(lead) if each.kind == "rate_target"]
    assert kept.meta == {"officer": "Luis Ortega", "product": "30y"}
    assert kept.body is not None and "6000" in kept.body, "the figure is personal"


def test_it_is_worth_a_talk_half_a_point_below_the_note_or_at_the_target(market: Market) -> None:
    lead = market.lead()
    market.sets("va 6.25")
    assert market.keeps(lead, "note", "7.0 va $250,000") == RateKept(lead, "note", "va", 7000, 250_000, 6500, 6250)
    assert market.keeps(lead, "target", "6.75") == RateKept(lead, "target", "va", 6750, 250_000, 6750, 6250)
    assert market.keeps(lead, "target", " ") == market.keeps(lead, "note", "") == RateKnown(lead, "va", 6750, 7000, 250_000, 6750)


def test_a_second_request_brings_its_rate_along_where_none_was_known(market: Market) -> None:
    first: dict[str, Any] = {**REFINANCE, "phone": "(512) 555-0177", "first_name": "Ada"}
    lead = market.lead(**first)
    market.branch.arrive(**first, current_rate="7.25")
    assert market.keeps(lead, "note", "") == RateKnown(lead, "30y", None, 7250, 310_000, 6750)
    market.branch.arrive(**first, current_rate="8.5")
    assert market.keeps(lead, "note", "") == RateKnown(lead, "30y", None, 7250, 310_000, 6750)


def test_a_lead_is_told_of_once_the_rate_is_there_and_has_settled(market: Market) -> None:
    lead, far = market.waits("30y 6.0"), market.waits("30y 5.5")
    market.sets("30y 6.0")
    market.decides()
    assert market.drops(lead) == [], "a slip can be put right"
    market.after(minutes=SETTLES.total_seconds() / 60)
    assert (market.drops(lead), market.drops(far)) == ([6000], [])
    [told] = [each for each in market.branch.events(lead) if each.kind == "rate_drop"]
    assert (told.actor, told.meta, told.body) == ("leadbell", {"product": "30y", "rate": 6000}, None)


def test_a_slip_that_was_put_right_tells_nobody(market: Market) -> None:
    lead = market.waits("30y 6.0")
    market.sets("30y 5.95")
    market.branch.clock.skip(minutes=9)
    market.sets("30y 6.95")
    market.after(days=1)
    assert market.drops(lead) == []


def test_another_product_s_rate_tells_nobody(market: Market) -> None:
    lead = market.waits("15y 6.0")
    market.falls_to("30y 5.0")
    assert market.drops(lead) == []


def test_a_rate_that_wobbles_tells_once_and_one_that_falls_further_once_more_after_the_rest(market: Market) -> None:
    lead = market.waits("30y 6.0")
    for words in ("30y 6.0", "30y 6.125", "30y 5.99", "30y 6.1", "30y 5.75"):
        market.falls_to(words)
    assert market.drops(lead) == [6000]
    market.after(days=29)
    assert market.drops(lead) == [6000]
    market.after(days=1)
    assert market.drops(lead) == [6000, 5750]


def test_a_rate_that_was_far_above_tells_of_the_same_anew(market: Market) -> None:
    lead = market.waits("30y 6.0")
    market.falls_to("30y 6.0")
    market.after(days=40)
    market.falls_to("30y 6.25")
    market.falls_to("30y 6.0")
    assert market.drops(lead) == [6000, 6000]


def test_who_says_it_anew_hears_of_it_anew(market: Market) -> None:
    lead = market.waits("30y 6.0")
    market.falls_to("30y 5.9")
    market.keeps(lead, "target", "30y 6.0")
    market.decides()
    assert market.drops(lead) == [5900, 5900]


def test_what_is_forgotten_tells_nobody(market: Market) -> None:
    lead = market.waits("30y 6.0")
    for waited in (True, False):
        assert market.branch.store.transact_now(forget_rate_of, market.branch.press("maya", lead)) == RateForgotten(lead, waited)
    market.falls_to("30y 5.0")
    assert market.drops(lead) == []


@pytest.mark.parametrize("stage", ["not_interested", "withdrawn", "denied", "lost"])
def test_who_wants_no_loan_of_ours_is_passed_over(market: Market, stage: str) -> None:
    lead = market.waits("30y 6.0")
    market.branch.set(Lead, lead, stage=stage)
    market.falls_to("30y 6.0")
    assert market.drops(lead) == [] and market.calls() == []
    market.branch.set(Lead, lead, stage="nurture")
    market.after(days=30)
    assert market.drops(lead) == [6000], "and looked at again"


def test_a_rate_of_before_the_closing_is_not_theirs_any_more(market: Market) -> None:
    lead = market.lead()
    market.keeps(lead, "note", "7.25 310000")
    market.branch.clock.skip(days=1)
    market.branch.store.transact_now(stage_lead, market.branch.press("maya", lead), "funded", True, "told")
    market.falls_to("30y 6.0")
    assert market.drops(lead) == []
    market.keeps(lead, "note", "6.75 300000")
    market.decides()
    assert market.drops(lead) == [6000], "what they pay since is"


def test_what_a_new_lead_states_is_kept_and_only_what_falls_further_is_news(market: Market) -> None:
    market.falls_to("30y 6.25")
    asks, client = market.lead(current_rate="7.25"), market.lead(current_rate="7.25", past_client="yes")
    market.decides()
    assert (market.drops(asks), market.drops(client)) == ([], [6250])
    market.falls_to("30y 6.0")
    assert market.drops(asks) == [6000]
    assert market.calls() == [asks, client]


def test_an_officer_s_list_is_told_once_a_day_who_would_save_the_most_first(market: Market) -> None:
    small, big, unknown = market.lead(), market.lead(), market.lead(mortgage_balance=None, loan_amount=None)
    for lead, words in ((small, "6.75 100000"), (big, "7.25 400000"), (unknown, "7.0")):
        market.keeps(lead, "note", words)
    market.falls_to("30y 6.0")
    market.after(minutes=5)
    [told] = market.lists("maya")
    assert told.meta == {"leads": [big, small, unknown], "many": 3} and market.calls() == [big, small, unknown]
    assert told.body is None and "400000" not in str(told.meta), "no figure leaves the rows that it is kept in"

    later = market.waits("30y 6.5")
    market.after(hours=2)
    assert (market.drops(later), len(market.lists("maya"))) == ([6000], 1), "one a day"
    market.branch.clock.at = TUESDAY + timedelta(days=1)
    market.decides()
    assert [each.meta["many"] for each in market.lists("maya")] == [3, 4]


def test_who_was_called_or_wants_nothing_leaves_the_list(market: Market) -> None:
    called, over, left = (market.waits("30y 6.0") for _ in range(3))
    market.falls_to("30y 6.0")
    assert market.calls() == [called, over, left]
    market.branch.clock.skip(minutes=1)
    market.branch.logs("maya", called, "no_answer")
    market.branch.set(Lead, over, stage="not_interested")
    assert market.calls() == [left]
    market.falls_to("30y 6.125")
    assert market.calls() == [], "and where it is not worth a talk any more, nobody is"
    assert market.lists("maya") == []


def test_who_is_off_or_sleeps_is_told_once_they_are_back(market: Market) -> None:
    market.branch.set(Officer, market.branch.officer_id("maya"), off_until=TUESDAY + timedelta(hours=20))
    market.waits("30y 6.0")
    market.waits("30y 6.0", "luis")
    market.branch.clock.at = TUESDAY + timedelta(hours=12)
    market.falls_to("30y 6.0")
    market.after(minutes=5)
    assert market.lists() == []
    market.branch.clock.at = TUESDAY + timedelta(days=1)
    market.decides()
    assert {each.officer_id for each in market.lists()} == {market.branch.officer_id(key) for key in ("maya", "luis")}


def test_who_leads_the_team_is_told_of_leads_whose_owner_left_or_that_nobody_has(market: Market) -> None:
    left, free = market.waits("30y 6.0", "luis"), market.lead(None)
    market.keeps(free, "target", "30y 6.0", "tess")
    market.branch.set(Officer, market.branch.officer_id("luis"), active=False)
    market.falls_to("30y 6.0")
    market.after(minutes=5)
    team = market.branch.view(left).team_id
    leaders = market.branch.store.transact_now(leaders_of, team)
    assert {each.officer_id for each in market.lists()} == set(leaders)
    assert market.calls("tess") == [left, free]
    assert market.calls("maya") == []


def test_a_kill_between_two_batches_leaves_the_rest_owed_and_nobody_told_twice(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_firing", rates._firing.limit(2))
    leads = [market.waits("30y 6.0") for _ in range(5)]
    market.sets("30y 6.0")
    market.branch.clock.skip(minutes=10)

    class Killed(Exception):
        """As if the process ended before its COMMIT."""

    def told_and_killed(session: Any) -> None:
        decide_rates(session, market.branch.clock.now(), "salt")
        raise Killed

    market.branch.store.transact_now(decide_rates, market.branch.clock.now(), "salt")
    with pytest.raises(Killed):
        market.branch.store.transact_now(told_and_killed)
    assert sorted(len(market.drops(lead)) for lead in leads) == [0, 0, 0, 1, 1]
    due = market.branch.store.transact_now(next_rate_due)
    assert due is not None and due <= market.branch.clock.now(), "what is left is still owed"
    market.decides()
    assert [market.drops(lead) for lead in leads] == [[6000]] * 5
    market.after(minutes=5)
    assert [each.meta["many"] for each in market.lists("maya")] == [5]
    assert market.branch.store.transact_now(lambda session: list(broken_links(session))) == []


def test_a_lead_that_somebody_changes_right_now_is_told_of_later(replicated: Branch) -> None:
    replicated.clock.at = TUESDAY
    market = Market(replicated)
    lead, other = market.waits("30y 6.0"), market.waits("30y 6.0")
    market.sets("30y 6.0")
    market.branch.clock.skip(minutes=10)
    with held(market.branch.store) as changing:
        lock_lead(changing, lead)
        assert market.branch.store.transact_now(decide_rates, market.branch.clock.now(), "salt")[0] == 1
        assert (market.drops(lead), market.drops(other)) == ([], [6000])
    market.decides()
    assert market.drops(lead) == [6000]


def test_borrowers_hear_nothing_until_the_sequence_is_turned_on_and_then_no_figure(market: Market) -> None:
    texts = Begins(market.branch)
    lead, other = asked(texts), asked(texts, 1)
    for each in (lead, other):
        texts.stages(each, "contacted")
        market.keeps(each, "note", "7.25 310000")
    market.falls_to("30y 6.0")
    texts.after(days=2)
    assert market.drops(lead) == [6000] and texts.touches(lead) == []

    texts.sender = replace(BY_EMAIL_TOO, begins=frozenset({"rate_drop"}))
    market.keeps(lead, "target", "30y 6.25")
    market.decides()
    texts.looks()
    texts.after(days=1)

    [text] = texts.touches(lead)
    assert "your loan may be worth a talk" in text.body and "STOP" in text.body
    assert not re.search(r"[$%]|\d[.,]\d|\d{3},", text.body)
    assert texts.touches(other) == [], "what happened before it was turned on begins nothing"


def test_a_step_may_wait_for_a_rate_to_fall(market: Market) -> None:
    texts = Begins(market.branch)
    lead = asked(texts)
    texts.runs(lead, {"on": "rate_drop", "email": email("1 day")["email"]})
    market.keeps(lead, "target", "30y 6.0")
    texts.passes(days=1)
    assert texts.touches(lead) == []
    market.falls_to("30y 6.0")
    texts.touch_all()
    assert len(texts.touches(lead)) == 1


def test_nothing_is_due_where_nobody_waits(market: Market) -> None:
    market.falls_to("30y 6.0")
    assert market.branch.store.transact_now(next_rate_due) is None
    assert market.branch.count(RateWatch) == market.branch.count(RateList) == 0
