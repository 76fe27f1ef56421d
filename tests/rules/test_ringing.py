"""Who hears the bell first."""

from collections import Counter
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.ringing import Candidate, may_ring, rank
from bot.rules.scoring import Grade

LONG_AGO, LATELY = 17, 230
MAYA, LUIS, PRIYA, TOM = 1, 2, 3, 4


def officer(officer_id: int, **facts: Any) -> Candidate:
    at_rest = Candidate(
        officer_id,
        open_leads_without_attempt=0,
        speaks_language=True,
        last_ring=0,
        rings_last_hour=0,
        passed=False,
        let_lapse=False,
    )
    return at_rest._replace(**facts)


CANDIDATES = st.builds(
    Candidate,
    officer_id=st.integers(1, 50),
    open_leads_without_attempt=st.integers(0, 3),
    speaks_language=st.booleans(),
    last_ring=st.integers(0, 9),
    rings_last_hour=st.integers(0, 8),
    passed=st.booleans(),
    let_lapse=st.booleans(),
    named=st.just(False),
    reachable=st.just(True),
)
OFFICES = st.lists(CANDIDATES, max_size=8, unique_by=lambda candidate: candidate.officer_id)
GRADES = st.sampled_from(("A", "B", "C", "D"))


@given(OFFICES.flatmap(lambda office: st.tuples(st.just(office), st.permutations(office))), GRADES)
def test_the_order_does_not_depend_on_how_the_office_was_listed(office: tuple[list[Candidate], list[Candidate]], grade: Grade) -> None:
    listed, listed_otherwise = office
    assert rank(listed, grade) == rank(listed_otherwise, grade)


@given(OFFICES, GRADES)
def test_nobody_is_rung_twice_for_a_lead_and_nobody_from_elsewhere(office: list[Candidate], grade: Grade) -> None:
    rung = rank(office, grade)
    assert len(set(rung)) == len(rung)
    assert set(rung) <= {candidate.officer_id for candidate in office}


@given(OFFICES, GRADES)
def test_whoever_neither_passed_nor_let_the_lead_lapse_and_may_be_rung_is_rung(office: list[Candidate], grade: Grade) -> None:
    willing = {other.officer_id for other in office if not other.passed and not other.let_lapse and may_ring(other, grade)}
    assert willing <= set(rank(office, grade))


@given(OFFICES, GRADES)
def test_who_stands_earlier_is_at_least_as_good(office: list[Candidate], grade: Grade) -> None:
    by_id = {candidate.officer_id: candidate for candidate in office}
    rung = [by_id[officer_id] for officer_id in rank(office, grade)]
    for earlier, later in pairwise(rung):
        if earlier.let_lapse == later.let_lapse:
            assert earlier.speaks_language >= later.speaks_language
            if earlier.speaks_language == later.speaks_language:
                assert earlier.open_leads_without_attempt <= later.open_leads_without_attempt


@given(st.integers(1, 9), st.integers(1, 40), st.integers(1, 3))
def test_over_many_leads_equals_are_rung_equally_often(officers: int, leads: int, at_once: int) -> None:
    office = {number: officer(number) for number in range(officers)}
    rings, ring_number = Counter(dict.fromkeys(office, 0)), count(1)
    for _ in range(leads):
        for officer_id in rank(office.values(), "A")[:at_once]:
            rings[officer_id] += 1
            office[officer_id] = office[officer_id]._replace(last_ring=next(ring_number))
    assert max(rings.values()) - min(rings.values()) <= 1


def test_the_borrowers_language_weighs_more_than_a_full_desk() -> None:
    office = [officer(MAYA, speaks_language=False), officer(LUIS, open_leads_without_attempt=4)]
    assert rank(office, "B") == (LUIS, MAYA)


def test_the_officer_with_fewer_leads_not_yet_called_is_rung_first() -> None:
    office = [officer(MAYA, open_leads_without_attempt=2), officer(LUIS, open_leads_without_attempt=1, last_ring=LATELY)]
    assert rank(office, "B") == (LUIS, MAYA)


def test_among_equals_the_one_whose_last_ring_is_longest_ago_is_rung_first_and_one_never_rung_before_all() -> None:
    office = [officer(MAYA, last_ring=LATELY), officer(LUIS, last_ring=LONG_AGO), officer(PRIYA)]
    assert rank(office, "B") == (PRIYA, LUIS, MAYA)


def test_officers_alike_in_everything_are_rung_in_the_order_of_their_numbers() -> None:
    assert rank([officer(LUIS), officer(MAYA)], "B") == (MAYA, LUIS)


def test_who_passed_is_not_rung_again() -> None:
    assert rank([officer(MAYA, passed=True), officer(LUIS)], "A") == (LUIS,)


def test_nobody_is_left_when_all_passed_or_have_had_their_rings() -> None:
    assert rank([officer(MAYA, passed=True), officer(LUIS, rings_last_hour=6)], "B") == ()


def test_who_let_the_lead_lapse_is_left_out_while_two_others_are_there() -> None:
    assert rank([officer(MAYA, let_lapse=True), officer(LUIS), officer(PRIYA)], "B") == (LUIS, PRIYA)


def test_who_let_the_lead_lapse_is_rung_last_when_only_one_other_is_there() -> None:
    assert rank([officer(MAYA, let_lapse=True), officer(LUIS, speaks_language=False)], "B") == (LUIS, MAYA)


def test_others_who_passed_do_not_count_as_being_there() -> None:
    office = [officer(MAYA, let_lapse=True), officer(LUIS), officer(PRIYA, passed=True), officer(TOM, rings_last_hour=6)]
    assert rank(office, "B") == (LUIS, MAYA)


@pytest.mark.parametrize("grade", ["B", "C", "D"])
def test_six_rings_an_hour_are_enough(grade: Grade) -> None:
    assert may_ring(officer(MAYA, rings_last_hour=5), grade)
    assert not may_ring(officer(MAYA, rings_last_hour=6), grade)
    assert rank([officer(MAYA, rings_last_hour=6), officer(LUIS, rings_last_hour=5)], grade) == (LUIS,)


def test_a_lead_of_grade_a_rings_however_often_the_officer_was_rung() -> None:
    assert may_ring(officer(MAYA, rings_last_hour=40), "A")
    assert rank([officer(MAYA, rings_last_hour=40)], "A") == (MAYA,)


def test_whom_no_message_reaches_is_left_out_while_it_reaches_somebody() -> None:
    assert rank([officer(MAYA, reachable=False), officer(LUIS), officer(PRIYA)], "A") == (LUIS, PRIYA)
    assert rank([officer(MAYA, reachable=False), officer(LUIS, reachable=False)], "A") == (MAYA, LUIS)
    assert rank([officer(MAYA, reachable=False), officer(LUIS, passed=True)], "A") == (MAYA,)
