"""What officers type, misspelled as people misspell: the command, the lead and the words are found, and nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.commands import NoNumber, Typed, UnknownCommand, closest, read

NAMES = {
    **{name: name for name in ("show", "find", "claim", "release", "log", "note", "off", "help", "stage")},
    "give back": "release",
    "take": "claim",
}
ABOUT_NO_LEAD = {"find", "off", "help"}


def typed(text: str) -> Typed | UnknownCommand | NoNumber:
    return read(text, NAMES, ABOUT_NO_LEAD)


@pytest.mark.parametrize(
    ("text", "command", "lead", "words"),
    [
        ("show 1042", "show", 1042, ""),
        ("  SHOW   #1042  ", "show", 1042, ""),
        ("show # 1042", "show", 1042, ""),
        ("Show lead 1042.", "show", 1042, ""),
        ("/show 1042", "show", 1042, ""),
        ("show: 1042", "show", 1042, ""),
        ("show", "show", None, ""),
        ("1042", "show", 1042, ""),
        ("#7", "show", 7, ""),
        ("#1042 log connected", "log", 1042, "connected"),
        ("give back 1042", "release", 1042, ""),
        ("Give Back", "release", None, ""),
        ("take 1042", "claim", 1042, ""),
        ("log 1042 connected wants a 15-year", "log", 1042, "connected wants a 15-year"),
        ("log 1042, connected", "log", 1042, "connected"),
        ("log connected, call 1042 too", "log", None, "connected, call 1042 too"),
        ("log 15 minutes on the phone", "log", None, "15 minutes on the phone"),
        ("note 1040s came in", "note", None, "1040s came in"),
        ("log 1042connected", "log", None, "1042connected"),
        ("find 1042", "find", None, "1042"),
        ("find 5550100", "find", None, "5550100"),
        ("off until monday", "off", None, "until monday"),
        ("show\u200b 1042", "show", 1042, ""),
        ("note 1042 first line\nsecond line", "note", 1042, "first line\nsecond line"),
        ("", "help", None, ""),
        ("   ", "help", None, ""),
    ],
)
def test_the_command_the_lead_and_the_words_are_found(text: str, command: str, lead: int | None, words: str) -> None:
    assert typed(text) == Typed(command, lead, words)


@pytest.mark.parametrize(
    ("text", "meant", "rest"),
    [
        ("shwo 1042", "show", "1042"),
        ("sohw #1042", "show", "#1042"),
        ("clain 1042", "claim", "1042"),
        ("stge 1042 preaproved", "stage", "1042 preaproved"),
        ("lgo 1042 connected", "log", "1042 connected"),
        ("realease", "release", ""),
        ("hepl", "help", ""),
        ("1042 clam", "claim", "1042"),
    ],
)
def test_a_misspelled_command_is_asked_back_with_what_stood_after_it(text: str, meant: str, rest: str) -> None:
    answer = typed(text)
    assert isinstance(answer, UnknownCommand)
    assert answer.meant[0] == meant
    assert answer.rest == rest


@pytest.mark.parametrize("text", ["xyzzy", "👍", "-", "ring ring", "!!!", "'; drop table lead"])
def test_what_resembles_no_command_is_not_guessed_at(text: str) -> None:
    answer = typed(text)
    assert isinstance(answer, UnknownCommand)
    assert answer.meant == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("show #abc", "#abc"),
        ("show #", "#"),
        ("claim #10x2", "#10x2"),
        ("claim 1O42", "1O42"),
        ("note l042 wants a call", "l042"),
        ("show 99999999999999999999", "99999999999999999999"),
        ("show #1042connected", "#1042connected"),
        ("release #0", "#0"),
        ("release 0000", "0000"),
    ],
)
def test_a_number_that_is_none_is_told_and_never_taken_for_words(text: str, said: str) -> None:
    answer = typed(text)
    assert isinstance(answer, NoNumber)
    assert answer.said == said


@given(st.text(max_size=200))
def test_any_text_gets_an_answer_and_a_known_command_or_none(text: str) -> None:
    answer = typed(text)
    if isinstance(answer, Typed):
        assert answer.command in NAMES.values()
        assert answer.lead is None or 0 < answer.lead < 10**9
    elif isinstance(answer, UnknownCommand):
        assert set(answer.meant) <= set(NAMES.values())


@given(st.sampled_from(sorted(NAMES)), st.integers(1001, 999_999_999), st.text(max_size=50))
def test_a_line_that_is_asked_back_means_the_same_once_it_is_right(name: str, lead: int, words: str) -> None:
    answer = typed(f"{name} #{lead} {words}")
    assert isinstance(answer, Typed)
    if NAMES[name] not in ABOUT_NO_LEAD:
        assert (answer.command, answer.lead) == (NAMES[name], lead)


def test_two_names_at_most_are_offered_and_the_second_only_when_it_is_as_likely() -> None:
    assert set(closest("shwn", ["shown", "shawn", "shower", "claim"])) == {"shown", "shawn"}
    assert closest("clain", ["claim", "again"]) == ("claim",)
