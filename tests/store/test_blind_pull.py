"""Leads that nobody picks: /lead next hands out the best that waits, and what lies too long is for whoever takes it."""

from functools import partial

import pytest

from bot.distribution.booking import book_lead
from bot.leads.finding import BestWaiting, HandedTo, NextOutcome, NothingWaits, next_lead
from bot.store.people import Officer
from tests.doubles.branch import BEST, Branch
from tests.doubles.parallel import in_parallel
from tests.store.test_giving_out import gives


def asks(branch: Branch, officer: str, delivery: str | None = None) -> NextOutcome:
    return branch.store.transact_now(next_lead, branch.press(officer, 0, delivery))[0]


@pytest.fixture
def pulled(branch: Branch) -> Branch:
    gives(branch, {}, "blind_pull")
    return branch


def test_nobody_is_rung_and_who_leads_hears_in_time(pulled: Branch) -> None:
    lead = pulled.new_lead()
    pulled.escalate()
    for _ in range(16):
        pulled.passes(minutes=1)

    told = pulled.told(lead)
    assert [kind for kind, _ in told] == ["unclaimed", "offer", "unclaimed"]
    assert told[0][1] == ["tess"]


def test_who_asks_is_handed_the_best_and_then_the_next(pulled: Branch) -> None:
    plain = pulled.new_lead()
    best = pulled.new_lead(first_name="Eve", phone="(512) 555-0111", **{**BEST, "email": "eve@example.com"})
    pulled.escalate()

    assert asks(pulled, "maya") == HandedTo(best)
    assert asks(pulled, "luis") == HandedTo(plain)
    assert asks(pulled, "priya") == NothingWaits(0)
    assert (pulled.view(best).owner_name, pulled.view(plain).owner_name) == ("Maya Torres", "Luis Ortega")


def test_the_same_press_twice_is_handed_one_lead(pulled: Branch) -> None:
    first, second = pulled.new_lead(), pulled.new_lead(phone="(512) 555-0111")

    assert asks(pulled, "maya", "one press") == asks(pulled, "maya", "one press") == HandedTo(first)
    assert pulled.view(second).owner_name is None


def test_who_may_not_take_it_is_handed_nothing(pulled: Branch) -> None:
    pulled.new_lead()
    pulled.set(Officer, pulled.officer_id("priya"), daily_cap=0)

    assert asks(pulled, "omar") == NothingWaits(1)  # no license in Texas
    assert asks(pulled, "priya") == NothingWaits(1)


def test_nobody_picks_one_but_who_leads_the_team(pulled: Branch) -> None:
    lead = pulled.new_lead()
    pulled.escalate()

    assert pulled.claim("maya", lead).kind == "only_in_turn"
    assert pulled.view(lead).owner_name is None
    assert pulled.claim("tess", lead).kind == "claimed"


def test_what_lies_for_five_minutes_is_for_whoever_takes_it(pulled: Branch) -> None:
    lead = pulled.new_lead()
    pulled.escalate()
    drawn = pulled.card(lead).wanted_version
    pulled.passes(minutes=4)
    assert pulled.claim("maya", lead).kind == "only_in_turn"
    assert pulled.card(lead).wanted_version == drawn

    pulled.passes(minutes=1)

    assert pulled.card(lead).wanted_version > drawn
    assert asks(pulled, "luis") == BestWaiting(lead)
    assert pulled.claim("maya", lead).kind == "claimed"


def test_what_goes_back_is_handed_out_again(pulled: Branch) -> None:
    lead = pulled.new_lead()
    assert asks(pulled, "maya") == HandedTo(lead)
    pulled.clock.skip(minutes=1)
    pulled.give_back("maya", lead)

    assert pulled.claim("luis", lead).kind == "only_in_turn"
    assert asks(pulled, "luis") == HandedTo(lead)


def test_where_nobody_may_take_it_who_leads_hears_at_once(pulled: Branch) -> None:
    lead = pulled.new_lead(property_state="OK")
    for officer in ("maya", "tess"):
        pulled.set(Officer, pulled.officer_id(officer), licenses={"TX": None})
    pulled.escalate()

    assert [kind for kind, _ in pulled.told(lead)] == ["nobody_free"]


def test_a_lead_of_the_night_begins_its_count_in_the_morning_and_rings_nobody(pulled: Branch) -> None:
    pulled.clock.skip(hours=9)
    lead = pulled.new_lead(property_zip="78704")
    pulled.passes(hours=12)
    assert pulled.told(lead) == []
    assert pulled.view(lead).rang_at is not None

    pulled.passes(minutes=5)
    assert [kind for kind, _ in pulled.told(lead)] == ["unclaimed"]


def test_whose_borrower_was_promised_a_call_rings_then(pulled: Branch) -> None:
    lead = pulled.new_lead()
    pulled.store.transact_now(book_lead, pulled.press("tess", lead), pulled.clock.now().replace(minute=30))
    pulled.passes(minutes=45)

    assert "ring" in [kind for kind, _ in pulled.told(lead)]
    assert pulled.claim("maya", lead).kind == "claimed"


def test_of_many_who_ask_at_once_each_gets_another_lead(pulled: Branch) -> None:
    leads = {pulled.new_lead(phone=f"(512) 555-01{number}") for number in (11, 12, 13)}
    presses = [pulled.press(officer, 0) for officer in ("maya", "luis", "priya", "tess")]

    answers = in_parallel([partial(pulled.store.transact_now, next_lead, press) for press in presses])

    assert {answer.lead for answer, _ in answers if isinstance(answer, HandedTo)} == leads
    assert sum(isinstance(answer, NothingWaits) for answer, _ in answers) == 1
