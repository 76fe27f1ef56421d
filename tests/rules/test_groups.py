"""The words after /drip many: a sequence, then conditions that leads must fit."""

import pytest

from bot.rules.groups import Wanted, read_number, read_wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("new lead segment past client", Wanted("new lead", {"segment": "past client"})),
        ("new_lead stage new source website", Wanted("new_lead", {"stage": "new", "source": "website"})),
        ("New lead SEGMENT investor Stage nurture", Wanted("New lead", {"segment": "investor", "stage": "nurture"})),
        ("new lead", Wanted("new lead", {})),
        ("segment investor", Wanted("", {"segment": "investor"})),
        ("new lead stage", Wanted("new lead", {"stage": ""})),
        ("backstage stage new stage funded", Wanted("backstage", {"stage": "funded"})),
        ("", Wanted("", {})),
    ],
)
def test_a_line_is_a_sequence_with_conditions(words: str, wanted: Wanted) -> None:
    assert read_wanted(words) == wanted


@pytest.mark.parametrize(("words", "number"), [("180", 180), (" 1,200 ", 1200), ("", None), ("all", None), ("18O", None), ("-3", None)])
def test_a_number_is_read_as_it_is_typed_or_not_at_all(words: str, number: int | None) -> None:
    assert read_number(words) == number
