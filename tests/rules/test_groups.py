"""The words after /drip many: a sequence, then which leads."""

import pytest

from bot.rules.groups import Wanted, read_number, read_wanted

SEQUENCES = ("new_lead", "New lead", "Consulta nueva", "refinance_watch", "Refinance watch", "Investor")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("new lead segment past client", Wanted("new lead", "segment past client")),
        ("new_lead stage new source website", Wanted("new_lead", "stage new source website")),
        ("refinance watch refinance TX older than 90 days", Wanted("refinance watch", "refinance TX older than 90 days")),
        ("investor TX", Wanted("investor", "TX")),
        ("Consulta nueva TX", Wanted("Consulta nueva", "TX")),
        ("new lead", Wanted("new lead", "")),
        ("new lead stage", Wanted("new lead", "stage")),
        ("segment investor", Wanted("", "segment investor")),
        ("new laed for TX", Wanted("new laed", "for TX")),
        ("backstage stage new", Wanted("backstage", "stage new")),
        ("", Wanted("", "")),
    ],
)
def test_a_line_is_a_sequence_and_which_leads(words: str, wanted: Wanted) -> None:
    assert read_wanted(words, SEQUENCES) == wanted


@pytest.mark.parametrize(("words", "number"), [("180", 180), (" 1,200 ", 1200), ("", None), ("all", None), ("18O", None), ("-3", None)])
def test_a_number_is_read_as_it_is_typed_or_not_at_all(words: str, number: int | None) -> None:
    assert read_number(words) == number
