"""What is typed after /pipeline is read as it was meant, or asked back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.reports import MOST_DAYS, NotUnderstood, Question, read_question

TEAMS = {"austin": "austin", "south": "south", "new mexico": "nm", "nm": "nm"}


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", Question()),
        ("mine", Question(view="mine")),
        ("Team Austin", Question(team="austin")),
        ("south", Question(team="south")),
        ("team new mexico, 7 days", Question(team="nm", days=7)),
        ("all", Question()),
        ("source all 7", Question(view="source", days=7)),
        ("source", Question(view="source")),
        ("by source, last 2 weeks", Question(view="source", days=14)),
        ("90", Question(days=90)),
        ("90 days", Question(days=90)),
        ("7d share", Question(days=7, share=True)),
        ("mine today", Question(view="mine", days=1)),
        ("this month", Question(days=30)),
        ("source austin 7 share", Question("source", "austin", 7, True)),
        ("4000 days", Question(days=MOST_DAYS, cut=True)),
    ],
)
def test_words_say_whose_leads_and_since_when(typed: str, asked: Question) -> None:
    assert read_question(typed, TEAMS) == asked


@pytest.mark.parametrize(
    ("typed", "word", "meant"),
    [
        ("mien", "mien", ("mine",)),
        ("team austn 7", "austn", ("team austin 7",)),
        ("suorce share", "suorce", ("source share",)),
        ("0", "0", ()),
        ("0 days", "0", ()),
        ("xyzzy", "xyzzy", ()),
    ],
)
def test_what_is_misspelled_is_asked_back_in_a_whole_line(typed: str, word: str, meant: tuple[str, ...]) -> None:
    assert read_question(typed, TEAMS) == NotUnderstood(word, meant)


@given(st.text(max_size=80))
def test_any_words_are_read_and_every_line_that_is_asked_back_says_more(typed: str) -> None:
    asked = read_question(typed, TEAMS)
    if isinstance(asked, Question):
        assert 1 <= asked.days <= MOST_DAYS
    else:
        assert asked.word == asked.word.lower() != ""
