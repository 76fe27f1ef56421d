"""What a source costs: for each lead and for each that is funded, without what was asked back, and marked where it is our own guess."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.capture import intake
from bot.capture.returns import open_lead_return, settle_lead_return
from bot.leads.reports import Cost, Pipeline, look
from bot.rendering import PLAIN, Words
from bot.rules.tallies import BLOCKS
from bot.sources.formats import VENDOR
from bot.sources.generic import parse
from bot.store.costs import CostCount, CostSum, costs_of_teams, fold
from bot.store.leads import Arrival
from bot.store.stages import move_to_stage
from bot.wording.reports import say_pipeline
from tests.doubles.branch import Branch, a_lead
from tests.doubles.parallel import in_parallel


def costs(branch: Branch, words: str = "source", who: str = "sam", monthly: int = 0) -> dict[str, Cost | None]:
    zillow = branch.services.in_force.sources["zillow"].id
    seen = branch.store.transact_now(look, branch.officer_id(who), words, branch.clock.now(), {zillow: monthly})
    assert isinstance(seen, Pipeline)
    return {line.label: line.cost for line in seen.sources}


def test_what_was_sent_back_costs_nothing_and_what_is_assumed_is_marked(branch: Branch) -> None:
    funded, bad = branch.arrive("zillow", price=70).lead, branch.arrive("zillow", phone="(512) 555-0142", email=None).lead
    branch.store.transact_now(move_to_stage, funded, "funded", branch.clock.now())
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


def of_zillow(branch: Branch, words: str = "source") -> Cost:
    found = costs(branch, words)["Zillow"]
    assert found is not None
    return found


def moves(branch: Branch, lead: int, stage: str) -> None:
    branch.store.transact_now(move_to_stage, lead, stage, branch.clock.now())


def test_what_was_sent_back_by_mistake_and_undone_costs_again(branch: Branch) -> None:
    lead = branch.arrive("zillow").lead
    branch.store.transact_now(open_lead_return, branch.press("sam", lead), "no_intent")
    branch.store.transact_now(settle_lead_return, branch.press("sam", lead), "sent", None)
    assert of_zillow(branch).asked_back == 62

    branch.undoes("sam", lead, branch.events(lead)[-1].seq)

    assert of_zillow(branch).asked_back == 0


def test_a_funded_lead_is_among_those_of_the_day_on_which_its_source_last_sent_it(branch: Branch) -> None:
    def funded_since(days: int) -> int:
        since = branch.clock.now().date() - timedelta(days=days - 1)
        return sum(found.funded for found in branch.store.transact_now(costs_of_teams, {1: since}, days).values())

    lead = branch.arrive("zillow").lead
    moves(branch, lead, "funded")
    branch.clock.at += timedelta(days=3)
    assert (funded_since(1), funded_since(7)) == (0, 1)

    assert branch.arrive("zillow", comments="again").lead == lead

    assert (funded_since(1), funded_since(7)) == (0, 0)  # it is a new wish
    moves(branch, lead, "funded")
    assert (funded_since(1), funded_since(7)) == (1, 1)


def test_a_loan_that_was_not_funded_after_all_is_counted_no_more(branch: Branch) -> None:
    lead = branch.arrive("zillow").lead
    for stage, funded in (("funded", 1), ("clear_to_close", 0)):
        moves(branch, lead, stage)
        assert of_zillow(branch).funded == funded


def test_a_price_that_comes_after_the_fold_corrects_the_sum(branch: Branch) -> None:
    source = replace(branch.services.in_force.sources["zillow"], format=VENDOR)
    for price in (None, "45", "50"):
        lead = parse({"lead_id": "7", "phone": "(512) 555-0142", "price": price})
        branch.store.transact_now(intake.record_arrival, intake.prepare(branch.services, source, lead))
        branch.store.transact_now(fold)

    assert of_zillow(branch) == Cost(50, 50, asked_back=0, funded=0, for_each_funded=None, estimated=False)


def test_what_is_imported_quietly_costs_nothing_though_it_joins_a_lead_that_does(branch: Branch) -> None:
    branch.arrive("zillow", price=70)
    again = a_lead(price=90, comments="from the file")
    branch.store.transact_now(
        intake.record_arrival, intake.prepare(branch.services, branch.services.in_force.sources["zillow"], again, quiet=True)
    )

    assert branch.count(Arrival) == 2
    assert of_zillow(branch).dollars == 70


def test_folding_while_others_count_loses_nothing(branch: Branch) -> None:
    def arrive(number: int) -> None:
        branch.arrive("zillow", phone=f"(512) 555-01{number:02}", first_name=f"P{number}", price=10)

    def fold_many() -> None:
        for _ in range(10):
            branch.store.transact_now(fold, 3)

    arrivals: list[Callable[[], None]] = [partial(arrive, number) for number in range(12)]
    in_parallel([*arrivals, fold_many, fold_many])
    assert of_zillow(branch).dollars == 120
    while branch.store.transact_now(fold):
        pass

    assert (branch.count(CostCount), branch.count(CostSum)) == (0, len(BLOCKS))
    assert of_zillow(branch).dollars == 120


def test_the_line_of_a_source_says_it(branch: Branch) -> None:
    funded = branch.arrive("zillow").lead
    branch.store.transact_now(move_to_stage, funded, "funded", branch.clock.now())
    seen = branch.store.transact_now(look, branch.officer_id("sam"), "source", branch.clock.now(), {})
    assert isinstance(seen, Pipeline)

    _, paragraphs = say_pipeline(Words("chat", PLAIN), seen, "en", branch.clock.now(), 12_000)

    assert any("Cost $62 (est.), $62 a lead; 1 funded so far, $62 each" in paragraph for paragraph in paragraphs)


@pytest.mark.parametrize(("room", "named"), [(2_800, 25), (12_000, 60)])
def test_every_source_stands_there_or_is_counted_among_those_that_do_not(branch: Branch, room: int, named: int) -> None:
    branch.arrive("zillow")
    seen = branch.store.transact_now(look, branch.officer_id("sam"), "source", branch.clock.now(), {})
    assert isinstance(seen, Pipeline)
    many = replace(seen, sources=tuple(replace(seen.sources[0], label=f"Source {number:02}.") for number in range(60)))

    _, paragraphs = say_pipeline(Words("chat", PLAIN), many, "en", branch.clock.now(), room)

    whole = "\n".join(paragraphs)
    left_out = [number for number in range(60) if f"Source {number:02}." not in whole]
    assert len(left_out) <= 60 - named and all(len(each) <= 3_000 for each in paragraphs)
    assert (f"And {len(left_out)} sources more with fewer leads." in whole) == bool(left_out)
