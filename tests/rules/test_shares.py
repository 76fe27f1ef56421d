"""Teams share leads by percentages, exactly, whenever one looks."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.shares import whose_share

SHARES = st.lists(st.integers(1, 99), min_size=1, max_size=11, unique=True).map(
    lambda cuts: {f"team {since}": until - since for since, until in pairwise([0, *sorted(cuts), 100])}
)


def given_out(percents: dict[str, int], leads: int) -> list[str]:
    had: Counter[str] = Counter()
    order = []
    for _ in range(leads):
        team = whose_share(percents, had)
        had[team] += 1
        order.append(team)
        for each, percent in percents.items():
            assert abs(100 * had[each] - percent * len(order)) < 100, (each, len(order))
    return order


@given(SHARES)
def test_no_team_is_ever_a_whole_lead_away_from_its_share(percents: dict[str, int]) -> None:
    given_out(percents, 300)


@pytest.mark.parametrize(
    "percents", [{"a": 60, "b": 40}, {"a": 1, "b": 99}, {"a": 34, "b": 33, "c": 33}, {f"team {n}": 5 for n in range(20)}]
)
def test_ten_thousand_leads_are_shared_within_one_lead_at_every_step(percents: dict[str, int]) -> None:
    counts = Counter(given_out(percents, 10_000))
    assert counts == {team: percent * 100 for team, percent in percents.items()}


def test_a_hundred_teams_of_one_percent_each_have_one_of_a_hundred_leads() -> None:
    assert set(Counter(given_out({f"team {number}": 1 for number in range(100)}, 100)).values()) == {1}


def test_shares_of_sixty_and_forty_alternate_evenly() -> None:
    assert "".join(given_out({"a": 60, "b": 40}, 20)) == "ababa" * 4
