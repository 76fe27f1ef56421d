"""What officers type about a return is understood, or asked back; and a vendor's last day is counted on the team's clock."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.returns import ANSWERS, REASONS, closest, due_on, read


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("wrong person", ("wrong_person", None)),
        ("Wrong number.", ("wrong_person", None)),
        ("out of state", ("not_our_state", None)),
        ("dupe", ("duplicate", None)),
        ("sent", ("sent", None)),
        ("sent 17", ("sent", 17)),
        ("dropped #17", ("dropped", 17)),
        ("drop", ("dropped", None)),
        ("", None),
        ("17", None),
        ("wrong", None),
    ],
)
def test_a_reason_is_read_only_where_it_is_exact(words: str, meant: tuple[str, int | None] | None) -> None:
    assert read(words) == meant


@pytest.mark.parametrize("what", [*REASONS, *ANSWERS])
def test_every_reason_and_answer_is_read_by_its_own_name(what: str) -> None:
    assert read(what) == (what, None)


def test_what_resembles_one_is_asked_back() -> None:
    assert closest("dupliacte") == ("duplicate",)
    assert closest("zzzz") == closest("") == ()


@given(st.text())
def test_no_words_break_it(words: str) -> None:
    understood = read(words)
    assert understood is None or understood[0] in {*REASONS, *ANSWERS}
    assert len(closest(words)) <= 2


def test_the_last_day_is_counted_on_the_team_s_clock() -> None:
    late_in_honolulu = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)  # still the 8th there

    assert due_on(late_in_honolulu, 10, "Pacific/Honolulu") == date(2026, 3, 18)
    assert due_on(late_in_honolulu, 10, "America/Chicago") == date(2026, 3, 19)
