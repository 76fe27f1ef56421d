"""What a source costs: for each lead and for each that is funded, without what was asked back, and marked where it is our own guess."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import intake
from bot.rendering import PLAIN, Words
from bot.reports import Cost, Pipeline, look
from bot.returns import open_lead_return, settle_lead_return
from bot.sources.formats import VENDOR
from bot.sources.generic import parse
from bot.store.leads import Arrival, Lead
from bot.wording.reports import say_pipeline
from tests.doubles.branch import Branch


def costs(branch: Branch, words: str = "source", who: str = "sam", monthly: int = 0) -> dict[str, Cost | None]:
    zillow = branch.services.in_force.sources["zillow"].id
    seen = branch.store.transact_now(look, branch.officer_id(who), words, branch.clock.now(), {zillow: monthly})
    assert isinstance(seen, Pipeline)
    return {line.label: line.cost for line in seen.sources}


def test_what_was_sent_back_costs_nothing_and_what_is_assumed_is_marked(branch: Branch) -> None:
    funded, bad = branch.arrive("zillow", price=70).lead, branch.arrive("zillow", phone="(512) 555-0142", email=None).lead
    branch.set(Lead, funded, stage="funded")
    branch.claim("maya", bad)
    branch.store.transact_now(open_lead_return, branch.press("maya", bad), "no_intent")
    branch.store.transact_now(settle_lead_return, branch.press("maya", bad), "sent", None)

    assert costs(branch)["Zillow"] == Cost(132, 66, asked_back=62, funded=1, for_each_funded=70, estimated=True)


def test_what_the_source_says_is_no_guess(branch: Branch) -> None:
    branch.arrive("zillow", price=70)

    assert costs(branch)["Zillow"] == Cost(70, 70, asked_back=0, funded=0, for_each_funded=None, estimated=False)


def test_what_is_paid_each_month_counts_by_the_days_asked_about(branch: Branch) -> None:
    branch.arrive("zillow", price=10)

    assert costs(branch, "source 60 days", monthly=100)["Zillow"] == Cost(210, 210, 0, 0, None, estimated=True)


def test_what_came_before_these_days_or_cost_nothing_is_not_there(branch: Branch) -> None:
    branch.arrive("zillow")
    branch.arrive("website", phone="(512) 555-0142", email=None)
    assert costs(branch)["Website"] is None

    branch.clock.at += timedelta(days=8)
    branch.arrive("zillow", phone="(512) 555-0143", email=None, price=50)

    found = costs(branch, "source 7 days")["Zillow"]
    assert found is not None and found.dollars == 50


@pytest.mark.parametrize(("who", "words"), [("maya", "source"), ("sam", "source share")])
def test_officers_and_channels_do_not_see_it(branch: Branch, who: str, words: str) -> None:
    branch.arrive("zillow")

    assert costs(branch, words, who)["Zillow"] is None


def test_a_price_and_a_campaign_that_come_later_replace_the_first(branch: Branch) -> None:
    source = replace(branch.services.in_force.sources["zillow"], format=VENDOR)
    for said in ({"utm_source": "a", "gclid": "g"}, {"utm_source": "b", "price": "45"}, {"utm_source": "c"}):
        lead = parse({"lead_id": "7", "phone": "(512) 555-0142", **said})
        branch.store.transact_now(intake.record_arrival, intake.prepare(branch.services, source, lead))

    [arrival] = branch.all(Arrival)
    assert (arrival.price, arrival.price_assumed) == (45, False)
    assert arrival.attribution == {"utm_source": "c", "gclid": "g"}


def test_the_line_of_a_source_says_it(branch: Branch) -> None:
    funded = branch.arrive("zillow").lead
    branch.set(Lead, funded, stage="funded")
    seen = branch.store.transact_now(look, branch.officer_id("sam"), "source", branch.clock.now(), {})
    assert isinstance(seen, Pipeline)

    _, paragraphs = say_pipeline(Words("chat", PLAIN), seen, "en", branch.clock.now())

    assert any("Cost $62 (est.), $62 a lead; 1 funded so far, $62 each" in paragraph for paragraph in paragraphs)
