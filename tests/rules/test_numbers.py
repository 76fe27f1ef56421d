"""Which of our numbers a borrower hears from."""

import pytest

from bot.rules.numbers import OurNumbers, nearest

DALLAS, AUSTIN, DENVER, SHARED = "+12145550181", "+15125550182", "+13035550183", "+15125550199"
OURS = OurNumbers({1: (DALLAS, AUSTIN), 2: (DENVER,)}, frozenset({SHARED}))


@pytest.mark.parametrize(
    ("theirs", "number"),
    [
        ("+15125550100", AUSTIN),  # the same area code
        ("+17375550100", DALLAS),  # Austin's other area code: the state tells no more, so the first of Texas
        ("+13035550100", DALLAS),  # another state: the first
        ("+18005550100", DALLAS),  # no place
        ("+442079460958", DALLAS),
    ],
)
def test_the_same_area_code_is_nearest_then_the_same_state_then_the_first_that_is_written(theirs: str, number: str) -> None:
    assert nearest((DALLAS, AUSTIN), theirs) == number


def test_a_number_of_their_state_is_nearer_than_the_first() -> None:
    assert nearest((DENVER, DALLAS), "+15125550100") == DALLAS
    assert nearest((), "+15125550100") is None


def test_who_knows_none_of_ours_hears_from_their_team() -> None:
    assert OURS.chosen((), 1, "+15125550100") == AUSTIN
    assert OURS.chosen((), 2, "+15125550100") == DENVER
    assert OURS.chosen((), 3, "+15125550100") is None


def test_the_number_that_was_first_stays_whoever_has_the_lead_now() -> None:
    assert OURS.chosen((DALLAS, DENVER), 2, "+15125550100") == DALLAS


@pytest.mark.parametrize("known", [None, SHARED])
def test_who_knows_the_shared_number_goes_on_with_it(known: str | None) -> None:
    assert OURS.chosen((known, DALLAS), 1, "+15125550100") is None


def test_a_number_that_no_config_names_any_more_sends_nothing() -> None:
    assert OURS.chosen(("+15125550111",), 1, "+15125550100") == AUSTIN
    assert OURS.chosen(("+15125550111", DALLAS), 1, "+15125550100") == DALLAS
