"""Groups of leads side by side: nobody is left out of a group, and nobody is in it who was never tried as if they had been."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.fair_lending import BY, NOT_STATED, Answer, side_by_side

MINUTES = st.none() | st.integers(0, 10**6).map(float)
PLACES, SOURCES, LANGUAGES = (st.sampled_from(each) for each in (("TX", "OK", None), ("website", "zillow"), ("es", None)))
ANSWERS = st.lists(st.builds(Answer, PLACES, SOURCES, LANGUAGES, MINUTES, MINUTES, MINUTES))


@given(ANSWERS)
def test_every_lead_is_in_one_group_of_each_kind(answers: list[Answer]) -> None:
    groups = list(side_by_side(answers))
    for by in BY:
        assert sum(group.leads for group in groups if group.by == by) == len(answers)
        assert sum(group.tried for group in groups if group.by == by) == sum(each.tried_after is not None for each in answers)


@given(ANSWERS)
def test_lengths_lie_between_the_shortest_and_the_longest_and_are_there_only_where_somebody_tried(answers: list[Answer]) -> None:
    for group in side_by_side(answers):
        assert group.tried_soon <= group.tried <= group.leads
        assert (group.try_median is None) == (group.tried == 0)
        if group.try_median is not None and group.try_90th is not None:
            tried = [each.tried_after for each in answers if each.tried_after is not None]
            assert min(tried) <= group.try_median <= group.try_90th <= max(tried)


def test_what_nobody_stated_is_a_group_of_its_own() -> None:
    groups = list(side_by_side([Answer(None, "website", None, 1.0, 4.0, 9.0), Answer("TX", "website", "es", None, None, None)]))
    assert [(group.by, group.value) for group in groups] == [
        ("all", "all"),
        ("state", "TX"),
        ("state", NOT_STATED),
        ("source", "website"),
        ("language", "es"),
        ("language", NOT_STATED),
    ]
    everybody = groups[0]
    assert (everybody.claimed, everybody.tried, everybody.tried_soon) == (1, 1, 1)
    assert (everybody.try_median, everybody.try_median_wall) == (4.0, 9.0)
