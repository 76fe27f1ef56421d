"""Leads given out in turn: fair by weight, whoever comes and goes."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.turns import Taken, after_decision, after_turn, whose_turn

MAYA, LUIS, PRIYA = 1, 2, 3
WEIGHTS = st.dictionaries(st.integers(1, 30), st.integers(1, 100), min_size=1, max_size=8)


def give(taken: dict[int, Taken], weights: Mapping[int, int]) -> int:
    officer = whose_turn(taken, weights)
    taken[officer] = after_turn(taken, officer, weights)
    return officer


def given_out(rounds: Iterable[Mapping[int, int]]) -> list[int]:
    taken: dict[int, Taken] = {}
    return [give(taken, weights) for weights in rounds]


@given(WEIGHTS, st.integers(1, 400))
def test_nobody_is_ever_more_than_one_lead_of_their_weight_ahead(weights: dict[int, int], leads: int) -> None:
    counts = Counter(given_out([weights] * leads))
    shares = [counts[officer] / weight for officer, weight in weights.items()]
    assert max(shares) - min(shares) <= 1 + 1e-9


def test_ten_thousand_leads_come_out_by_weight() -> None:
    counts = Counter(given_out([{MAYA: 3, LUIS: 1, PRIYA: 2}] * 10_000))
    assert abs(counts[MAYA] / 3 - counts[LUIS]) <= 1
    assert abs(counts[PRIYA] / 2 - counts[LUIS]) <= 1


def test_equals_take_turns() -> None:
    assert given_out([{MAYA: 1, LUIS: 1, PRIYA: 1}] * 6) == [MAYA, LUIS, PRIYA, MAYA, LUIS, PRIYA]


def test_who_was_away_catches_nothing_up() -> None:
    away, back = {MAYA: 1, LUIS: 1}, {MAYA: 1, LUIS: 1, PRIYA: 1}
    order = given_out([back] * 3 + [away] * 40 + [back] * 6)
    assert Counter(order[-6:]) == {MAYA: 2, LUIS: 2, PRIYA: 2}


def test_who_is_new_gets_no_more_than_the_others() -> None:
    order = given_out([{MAYA: 1, LUIS: 1}] * 40 + [{MAYA: 1, LUIS: 1, PRIYA: 1}] * 6)
    assert Counter(order[-6:]) == {MAYA: 2, LUIS: 2, PRIYA: 2}


def test_a_lead_that_somebody_assigned_counts_as_a_turn() -> None:
    taken: dict[int, Taken] = {}
    everybody = {MAYA: 1, LUIS: 1}
    assert give(taken, everybody) == MAYA
    taken[LUIS] = after_turn(taken, LUIS, {MAYA: 1, LUIS: 1})
    assert give(taken, everybody) == MAYA


@given(WEIGHTS.filter(lambda weights: len(weights) > 1), st.integers(0, 200), st.integers(1, 20), st.data())
def test_a_lead_that_somebody_assigned_counts_by_the_weight_of_who_got_it(
    weights: dict[int, int], before: int, after: int, data: st.DataObject
) -> None:
    taken: dict[int, Taken] = {}
    counts = Counter(give(taken, weights) for _ in range(before + len(weights)))
    favored = data.draw(st.sampled_from(sorted(weights)))
    taken[favored] = after_decision(taken, favored)
    counts[favored] += 1
    counts += Counter(give(taken, weights) for _ in range(after))
    shares = [counts[officer] / weight for officer, weight in weights.items()]
    assert max(shares) - min(shares) <= 1 + 1 / weights[favored] + 1e-9


def test_what_was_assigned_before_there_were_turns_counts_nothing() -> None:
    taken = {LUIS: after_decision({}, LUIS)}
    weights = {MAYA: 100, LUIS: 50}
    assert Counter(give(taken, weights) for _ in range(6)) == {MAYA: 4, LUIS: 2}


def test_nobody_there_is_nobodys_turn() -> None:
    with pytest.raises(ValueError, match="Nobody"):
        whose_turn({}, {})


def spread(counts: Mapping[int, int], weights: Mapping[int, int]) -> float:
    """By how many leads of their weight who is furthest ahead is before who is furthest behind."""
    shares = [counts.get(officer, 0) / weight for officer, weight in weights.items()]
    return max(shares) - min(shares)


@pytest.mark.parametrize("seed", range(5))
def test_ten_thousand_leads_stay_fair_though_somebody_assigns_is_away_and_weighs_another_share(seed: int) -> None:
    dice, taken = random.Random(seed), dict[int, Taken]()
    team = {officer: dice.randint(1, 5) for officer in range(1, 7)}
    changed = {**team, MAYA: team[MAYA] + 2}
    for weights, leads in ((team, 4_000), ({o: w for o, w in team.items() if o != LUIS}, 2_000), (changed, 4_000)):
        counts: Counter[int] = Counter()
        for lead in range(leads):
            if dice.random() < 0.05 and lead < leads - 200:
                favored = dice.choice(sorted(weights))
                taken[favored] = after_decision(taken, favored)
                counts[favored] += 1
            else:
                counts[give(taken, weights)] += 1
        assert counts[LUIS] == 0 or LUIS in weights
        # Where a stretch begins somebody may be as much ahead as where it ends.
        assert spread(counts, weights) <= 2 + 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_ten_thousand_leads_with_some_assigned_by_hand_end_within_one_lead_of_a_weight(seed: int) -> None:
    dice, taken, counts = random.Random(seed), dict[int, Taken](), Counter[int]()
    weights = {officer: dice.randint(1, 4) for officer in range(1, 9)}
    for lead in range(10_000):
        if len(taken) == len(weights) and dice.random() < 0.05 and lead < 9_800:
            favored = dice.choice(sorted(weights))
            taken[favored] = after_decision(taken, favored)
            counts[favored] += 1
        else:
            counts[give(taken, weights)] += 1
    assert spread(counts, weights) <= 1 + 1e-9


def test_each_of_several_leads_that_somebody_assigned_counts() -> None:
    taken: dict[int, Taken] = {}
    both = {MAYA: 1, LUIS: 1}
    assert [give(taken, both) for _ in range(2)] == [MAYA, LUIS]
    for _ in range(5):
        taken[MAYA] = after_decision(taken, MAYA)
    assert [give(taken, both) for _ in range(6)] == [LUIS] * 5 + [MAYA]
