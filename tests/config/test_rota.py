"""A team's rota in a config: read, shown in words, and warned about where nobody would be on call."""

from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import Config, canonical_text, describe, warnings
from tests.config.small import changed, load_text, problems_of

TODAY = date(2026, 11, 24)


def with_rota(
    *, officers: str = "[maya, tess]", hand_over: str = "mon 8am", hours: str = "{sat: 9am-1pm}", off: str = "", since: str = "2026-11-30"
) -> str:
    rota = f"    rota: {{officers: {officers}, hand_over: '{hand_over}', since: {since}, hours: {hours}}}\n"
    return changed(("      mon-fri: 8am-8pm\n", f"      mon-fri: 8am-8pm\n{rota}"), ("    teams: austin\n", f"    teams: austin\n{off}"))


def test_a_rota_survives_being_stored(tmp_path: Path) -> None:
    config = load_text(tmp_path, with_rota(hand_over="mon, thu-fri 5:30 pm"))
    assert Config.model_validate_json(canonical_text(config)) == config
    rota = config.teams[0].rota
    assert rota is not None
    assert (rota.officers, rota.hand_over) == (("maya", "tess"), ((0, 3, 4), 17 * 60 + 30))


def test_a_rota_is_shown_in_words(tmp_path: Path) -> None:
    console = Console(width=80, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(*describe(load_text(tmp_path, with_rota(hand_over="mon, thu 5pm"))))
    [line] = [" ".join(line.split()) for line in capture.get().splitlines() if "Thu 5pm" in line]
    assert line.startswith("austin maya, tess Mon, Thu 5pm") and line.endswith("Sat 9am-1pm")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"hand_over": "monday"}, "is not a day with a time"),
        ({"hand_over": "mon 25:00"}, "is not a day with a time"),
        ({"hand_over": "someday 8am"}, "is not a day or a range of days"),
        ({"officers": "[]"}, "This list is empty"),
        ({"since": "9999-12-31"}, "is far away"),
        ({"since": "0001-01-01"}, "is far away"),
        ({"officers": "[maya, sam]"}, "is not on this team"),
        ({"officers": "[maya, luis]"}, "is not the key of an officer"),
    ],
)
def test_what_is_no_rota_is_told(tmp_path: Path, written: dict[str, str], told: str) -> None:
    assert any(told in problem.message for problem in problems_of(tmp_path, with_rota(**written)))


def test_a_rota_that_is_always_covered_needs_no_word(tmp_path: Path) -> None:
    assert warnings(load_text(tmp_path, with_rota()), TODAY) == []


def test_turns_of_somebody_who_is_off_are_told_with_who_stands_in(tmp_path: Path) -> None:
    told = [each.message for each in warnings(load_text(tmp_path, with_rota(off="    off_until: 2026-12-16\n")), TODAY)]
    assert told == [
        "maya is away when their turn begins, from 2026-11-30 to 2026-12-07: tess stands in.",
        "maya is away when their turn begins, from 2026-12-14 to 2026-12-21: tess stands in.",
    ]


def test_weeks_in_which_nobody_is_on_call_are_told(tmp_path: Path) -> None:
    told = [each.message for each in warnings(load_text(tmp_path, with_rota(officers="maya", off="    off_until: 2026-12-02\n")), TODAY)]
    assert told == [
        "maya is away when their turn begins, from 2026-11-24 to 2026-11-30: nobody of the rota is here.",
        "maya is away when their turn begins, from 2026-11-30 to 2026-12-07: nobody of the rota is here.",
    ]


def test_hours_on_call_in_which_all_work_anyway_are_told(tmp_path: Path) -> None:
    [told] = warnings(load_text(tmp_path, with_rota(hours="{mon: 9am-1pm}")), TODAY)
    assert told.message == "All hours on call of austin are working hours, in which everybody is rung."
