"""Numbers that teams have to themselves: one number is one team's."""

from pathlib import Path

from bot.config import Config, canonical_text
from tests.config.small import SMALL, changed, load_text, problems_of

AUSTIN = "      mon-fri: 8am-8pm\n"


def with_numbers(written: str, others: str) -> str:
    austin = SMALL.partition("teams:\n")[2].partition("\nofficers:")[0].rstrip("\n")
    south = austin.replace("key: austin", "key: south").replace("#leads", "#leads-south")
    ours = austin.replace(AUSTIN.rstrip("\n"), f"{AUSTIN}    numbers: {written}")
    theirs = south.replace(AUSTIN.rstrip("\n"), f"{AUSTIN}    numbers: {others}")
    return changed((austin, f"{ours}\n{theirs}"), ("    teams: austin\n", "    teams: [austin, south]\n"))


def test_numbers_survive_being_stored_and_say_whose_they_are(tmp_path: Path) -> None:
    config = load_text(tmp_path, with_numbers("[(512) 555-0181]", "512-555-0182"))
    assert Config.model_validate_json(canonical_text(config)) == config
    assert [config.team_with(number) for number in ("+15125550181", "+15125550182", "+15125550183", "")] == ["austin", "south", None, None]


def test_a_number_of_two_teams_is_refused_however_it_is_written(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, with_numbers("[(512) 555-0181]", "['+15125550182', 512.555.0181]"))
    assert problem.path == "teams[1].numbers[1]"
    assert "The team austin has this number already" in problem.message
