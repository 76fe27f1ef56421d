"""Working hours are read as people write them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.config import Week
from bot.config.hours import DAYS, WorkingHours, in_words
from tests.config.small import changed, load_text

NINE_TO_SIX = ((540, 1080),)

WRITTEN: dict[str, dict[int, tuple[tuple[int, int], ...]]] = {
    "mon: 9:00-18:00": {0: NINE_TO_SIX},
    "mon: 9am-6pm": {0: NINE_TO_SIX},
    "Monday: 9 AM – 6 PM": {0: NINE_TO_SIX},
    "mon: 9-18": {0: NINE_TO_SIX},
    "mon: 09:00 to 18:00": {0: NINE_TO_SIX},
    "tues: 9:30am-12pm, 12:45pm-6pm": {1: ((570, 720), (765, 1080))},
    "sat-sun: 12pm-12am": {5: ((720, 1440),), 6: ((720, 1440),)},
    "sun-mon: 0:00-24:00": {6: ((0, 1440),), 0: ((0, 1440),)},
    "wed, fri: 12am-6am": {2: ((0, 360),), 4: ((0, 360),)},
    "mon-wed: 9-18\n      thu-fri: closed": dict.fromkeys(range(3), NINE_TO_SIX),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_hours_are_read_as_people_write_them(written: str, tmp_path: Path) -> None:
    config = load_text(tmp_path, changed(("mon-fri: 8am-8pm", written)))

    assert config.teams[0].working_hours == tuple(WRITTEN[written].get(day, ()) for day in range(7))


def test_hours_are_said_with_equal_days_together() -> None:
    weekday, saturday = ((480, 1200),), ((540, 720), (780, 1020))
    week: Week = (weekday, weekday, weekday, (), weekday, saturday, ())

    assert in_words(week) == "Mon-Wed 8am-8pm, Fri 8am-8pm, Sat 9am-12pm and 1pm-5pm"


@st.composite
def _spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    minutes = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(zip(minutes[::2], minutes[1::2], strict=False))


@given(week=st.tuples(*[_spans()] * 7).filter(any))
def test_hours_said_in_words_are_read_back_as_the_same_hours(week: Week) -> None:
    said = {DAYS[day]: in_words(_only(day, spans)).partition(" ")[2].replace(" and ", ", ") for day, spans in enumerate(week) if spans}

    assert TypeAdapter(WorkingHours).validate_python(said) == week


def _only(day: int, spans: tuple[tuple[int, int], ...]) -> Week:
    return tuple(spans if other == day else () for other in range(7))
