"""Routing rules in a config: read, shown in words, and warned about where they would disappoint."""

from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import Config, canonical_text, describe, warnings
from tests.config.small import SMALL, changed, load_text, problems_of

TODAY = date(2026, 11, 24)


def with_rules(rules: str) -> str:
    return f"{SMALL}routing:\n{rules}"


TWO = with_rules("""\
  - name: Big loans
    when: {state: [TX, OK], amount: {at_least: 500000}, hours: 8am-5pm, military: yes, unless: {source: zillow, grade: D}}
    officers: [{key: maya, weight: 2}, tess]
    mode: round_robin
  - {name: The rest, when: {grade: A}, officers: tess}
  - {name: Two first, when: {grade: B}, mode: staggered, rest_after: 30}
  - {name: Asked for, mode: blind_pull}
""")


def test_rules_survive_being_stored(tmp_path: Path) -> None:
    config = load_text(tmp_path, TWO)
    assert Config.model_validate_json(canonical_text(config)) == config
    assert [written.rule.officers for written in config.routing] == [{"maya": 2, "tess": 1}, {"tess": 1}, {}, {}]
    assert [(written.rule.first, written.rule.rest_after) for written in config.routing] == [(0, 0), (0, 0), (2, 30), (0, 0)]


def test_rules_are_shown_in_words(tmp_path: Path) -> None:
    console = Console(width=80, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(*describe(load_text(tmp_path, TWO)))
    shown = " ".join(capture.get().split())
    assert "state TX or OK; amount" in shown
    assert "tess first" in shown
    assert "2 at once, all others after 30 seconds" in shown
    assert "handed out by /lead next" in shown
    assert "all others" in shown


def test_a_config_without_rules_has_no_table_of_them(tmp_path: Path) -> None:
    assert not any("Routing" in str(table.title) for table in describe(load_text(tmp_path, SMALL)))


BAD = {
    "an officer of another team": (
        "  - {name: Sam first, officers: sam}\n",
        '"sam" is not on the team austin, whose leads may come under this rule too. Name another team or a source in the rule, or write '
        "this team under the officer.",
    ),
    "an unknown officer": ("  - {name: Mia first, officers: mia}\n", '"mia" is not the key of an officer.'),
    "an unknown source": ("  - {name: Zilow, when: {source: zilow}}\n", '"zilow" is not the key of a source.'),
    "an unknown condition": ("  - {name: Texas, when: {sate: TX}}\n", '"sate" is not a key here.'),
    "an unknown mode": ("  - {name: Texas, mode: robin}\n", '"robin" is not a mode.'),
    "bounds that hold nothing": (
        "  - {name: None, when: {amount: {at_least: 5, below: 5}}}\n",
        "Nothing is at least 5 and below 5. Write the smaller number behind at_least.",
    ),
    "bounds without a bound": ("  - {name: None, when: {amount: {}}}\n", "Write at_least, below, or both."),
    "given to nobody": (
        "  - {name: Direct, mode: direct}\n",
        "A rule that gives leads to somebody needs officers: the first of them who may take it gets it.",
    ),
    "handed out to somebody": (
        "  - {name: Pulled, mode: blind_pull, officers: maya}\n",
        "Leads that /lead next hands out are for whoever asks. Leave officers out, or choose another mode.",
    ),
    "staggered where nothing rings so": (
        "  - {name: Claimed, first: 2}\n",
        "first and rest_after say how a staggered rule rings. Write mode: staggered, or leave them out.",
    ),
    "others at once": (
        "  - {name: Rushed, mode: staggered, rest_after: 0}\n",
        '"0" is not a whole number of seconds from 5 to 600.',
    ),
    "an officer twice": ("  - {name: Maya, officers: [maya, maya]}\n", "maya stands here twice. Give one entry a weight instead."),
    "a name twice": (
        "  - {name: Texas, when: {state: TX}}\n  - {name: Texas}\n",
        "The same name stands on line 32 already. Each entry needs its own.",
    ),
}


@pytest.mark.parametrize(("rules", "message"), BAD.values(), ids=BAD)
def test_what_is_wrong_with_a_rule_is_told(tmp_path: Path, rules: str, message: str) -> None:
    assert [problem.message for problem in problems_of(tmp_path, with_rules(rules))] == [message]


@pytest.mark.parametrize("officers", ["[[]]", "[[maya]]", "[{key: [maya]}]", "{key: {maya: 1}}", "[null]", "[{maya: 2}]"])
def test_officers_of_any_other_shape_are_a_problem_of_their_line(tmp_path: Path, officers: str) -> None:
    problems = problems_of(tmp_path, with_rules(f"  - name: Odd\n    officers: {officers}\n"))
    assert {problem.line for problem in problems} == {33}


@pytest.mark.parametrize(
    "change", [("key: zillow", "key: [zillow]"), ("price: 62", "team: [austin]"), ("default_team: austin", "default_team: [a]")]
)
def test_a_source_or_a_team_of_any_other_shape_is_told_beside_rules(tmp_path: Path, change: tuple[str, str]) -> None:
    assert problems_of(tmp_path, f"{changed(change)}routing:\n  - {{name: Maya first, officers: maya}}\n")


def warned(folder: Path, rules: str) -> list[str]:
    return [warning.message for warning in warnings(load_text(folder, with_rules(rules)), TODAY)]


def test_a_rule_behind_one_that_takes_everything_of_it_is_told(tmp_path: Path) -> None:
    assert warned(tmp_path, "  - {name: Licensed, when: {state: [TX, OK]}}\n  - {name: Texas, when: {state: TX, grade: A}}\n") == [
        'No lead ever comes under "Texas": "Licensed" above takes all of them. Move the narrower rule up.'
    ]


def test_a_state_in_which_none_of_a_rules_officers_is_licensed_is_told(tmp_path: Path) -> None:
    assert warned(tmp_path, "  - {name: Maya, when: {state: [TX, OK]}, officers: maya}\n") == [
        'None of the officers of "Maya" is active and licensed in OK: the whole team is rung for leads from there.'
    ]


def test_an_officer_who_does_not_work_takes_no_leads_of_a_rule(tmp_path: Path) -> None:
    rules = "routing:\n  - {name: Maya, when: {state: TX}, officers: maya}\n"
    resting = load_text(tmp_path, changed(("key: maya\n", "key: maya\n    active: no\n")) + rules)
    assert 'None of the officers of "Maya" is active and licensed in TX' in "".join(each.message for each in warnings(resting, TODAY))


def test_hours_in_which_nobody_works_are_told(tmp_path: Path) -> None:
    assert warned(tmp_path, "  - {name: Late, when: {hours: 9pm-11pm}}\n  - {name: Evening, when: {hours: 7pm-11pm}}\n") == [
        'Nobody works in the hours of "Late": its leads wait until the team does.'
    ]
