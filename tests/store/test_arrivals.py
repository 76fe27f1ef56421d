"""A request is kept once, however often, from however many hands and however strangely written it comes."""

from functools import partial

import orjson
import pytest

from bot.capture.intake import Conflict, Received
from bot.store.contacts import ContactPoint
from bot.store.events import Event
from bot.store.leads import Arrival, Borrower, Lead
from bot.store.postings import Posting
from tests.doubles.branch import Branch
from tests.doubles.counts import leads_per_stage
from tests.doubles.parallel import in_parallel


def test_the_first_lead_is_number_1001(branch: Branch) -> None:
    assert branch.new_lead() == 1001


def test_the_same_id_again_gets_the_first_answer(branch: Branch) -> None:
    lead = branch.new_lead(external_id="a-1")
    branch.clock.skip(days=90)
    assert branch.arrive(external_id="a-1") == Received(lead, False)
    assert (branch.count(Lead), branch.count(Arrival), branch.count(Event), branch.count(Posting)) == (1, 1, 2, 1)


def test_the_answer_of_a_duplicate_is_repeated_too(branch: Branch) -> None:
    lead = branch.new_lead(external_id="a-1")
    branch.arrive(external_id="a-2")
    assert branch.arrive(external_id="a-2") == Received(lead, True)
    assert branch.count(Arrival) == 2


@pytest.mark.fault(2)
def test_the_same_id_with_other_content_is_a_conflict_and_the_first_stands(branch: Branch) -> None:
    lead = branch.new_lead(external_id="a-1")
    assert branch.arrive(external_id="a-1", first_name="Dora") == Conflict(lead)
    assert [borrower.first_name for borrower in branch.all(Borrower)] == ["Dana"]
    assert branch.count(Arrival) == 1


def test_two_sources_may_use_the_same_id(branch: Branch) -> None:
    first = branch.new_lead(external_id="1")
    second = branch.arrive("zillow", external_id="1", phone="(512) 555-0177", first_name="Tom")
    assert isinstance(second, Received) and second.lead != first and not second.duplicate


def test_the_same_words_without_an_id_within_ten_minutes_are_a_repeat(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.clock.skip(minutes=9, seconds=59)
    assert branch.arrive() == Received(lead, False)
    assert branch.count(Arrival) == 1


def test_the_same_words_ten_minutes_later_are_a_second_request_for_the_same_lead(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.clock.skip(minutes=10)
    again = branch.arrive()
    assert isinstance(again, Received) and (again.lead, again.duplicate) == (lead, True)
    assert branch.count(Arrival) == 2


def test_the_same_words_from_another_source_are_a_second_request(branch: Branch) -> None:
    lead = branch.new_lead()
    again = branch.arrive("zillow")
    assert isinstance(again, Received) and (again.lead, again.duplicate) == (lead, True)


@pytest.mark.parametrize("external_id", ["a-1", None])
@pytest.mark.fault(1)
def test_fifty_deliveries_at_once_make_one_lead_and_one_card_and_get_one_answer(branch: Branch, external_id: str | None) -> None:
    answers = in_parallel([partial(branch.arrive, external_id=external_id)] * 50)
    assert {(answer.lead, answer.duplicate) for answer in answers if isinstance(answer, Received)} == {(1001, False)}
    assert sum(len(answer.leases) for answer in answers if isinstance(answer, Received)) == 1
    assert (branch.count(Lead), branch.count(Arrival), branch.count(Posting), branch.count(ContactPoint)) == (1, 1, 1, 1)
    assert branch.store.transact_now(leads_per_stage) == {"new": 1}


@pytest.mark.fault(2)
def test_of_contradicting_deliveries_at_once_one_is_kept_and_the_others_are_conflicts(branch: Branch) -> None:
    answers = in_parallel([partial(branch.arrive, external_id="a-1", last_name=f"Rowe {letter}") for letter in "abcdefghij"])
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict"] * 9 + ["Received"]
    assert branch.count(Arrival) == 1


def test_leads_that_share_phones_crosswise_arrive_at_once_without_a_deadlock(branch: Branch) -> None:
    numbers = [f"(512) 555-01{number:02}" for number in range(10)]
    pairs = [(numbers[i], numbers[(i + 1) % 10]) for i in range(10)]
    answers = in_parallel([partial(branch.arrive, first_name=f"P{a[-2:]}", phone=a, phone_2=b) for a, b in pairs])
    assert all(isinstance(answer, Received) and not answer.duplicate for answer in answers)
    assert (branch.count(Lead), branch.count(ContactPoint)) == (10, 10)


def test_nul_and_lone_surrogates_are_cleaned_away_and_the_rest_is_kept(branch: Branch) -> None:
    lead = branch.new_lead(first_name="Da\x00na\ud83d", comments="call\x00 me\udfff", city="Austin\x00", pet="do\ud800g")
    view = branch.view(lead)
    assert (view.first_name, view.details["comments"], view.details["property_city"]) == ("Dana", "call me", "Austin")
    (arrival,) = branch.all(Arrival)
    assert orjson.loads(arrival.record)["extra"] == {"pet": "dog"}


def test_amounts_beyond_two_billion_dollars_are_kept(branch: Branch) -> None:
    lead = branch.new_lead(loan_amount="98,000,000,000")
    branch.set(Arrival, 1, price=3_000_000_000)
    assert branch.view(lead).details["loan_amount_low"] == 98_000_000_000
    assert branch.view(lead).price == 3_000_000_000
