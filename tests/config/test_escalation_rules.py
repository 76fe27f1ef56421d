"""Escalation rules in a config: read, shown in words, and warned about where they would disappoint."""

from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import Config, canonical_text, describe, missing_before_calls, warnings
from bot.config.escalation import in_words
from bot.config.escalation_rules import as_text, from_text
from tests.config.small import SMALL, load_text, problems_of

POLICIES = "escalation_policies:\n  - {key: brisk, cadence: [1, 1, 2]}\n  - {key: calm}\n"
RULES = f"""{SMALL}{POLICIES}escalation_rules:
  - {{name: Hot, when: {{grade: A}}, team: austin, during: working_hours, policy: brisk}}
  - {{name: Night, during: off_hours, policy: calm}}
"""


def shown(config: Config) -> str:
    console = Console(width=80, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(*describe(config))
    return " ".join(capture.get().split())


def test_rules_survive_being_stored(tmp_path: Path) -> None:
    config = load_text(tmp_path, RULES)
    assert Config.model_validate_json(canonical_text(config)) == config
    assert from_text(as_text(config.escalation_rules)) == tuple(written.rule for written in config.escalation_rules)
    assert as_text(()) == "" and from_text("") == ()


def test_a_table_says_who_follows_what(tmp_path: Path) -> None:
    said = shown(load_text(tmp_path, RULES))
    for part in (
        "Hot",
        "team austin;",
        "grade A",
        "brisk",
        "Night",
        "while the team does not work",
        "calm",
        "all others",
    ):
        assert part in said
    assert "2 on day 1, then day 2" in said


def test_a_config_without_rules_has_no_table_of_them(tmp_path: Path) -> None:
    assert "Which policy" not in shown(load_text(tmp_path, SMALL))


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{name: Hot, policy: quick}", '"quick" is not the key of an escalation policy.'),
        ("{name: Hot}", "policy is missing. Write the key of an escalation policy, such as brisk."),
        ("{name: Hot, policy: calm, during: night}", '"night" is not a time.'),
        ("{name: Hot, policy: calm, team: dallas}", '"dallas" is not the key of a team.'),
        ("{name: Night, policy: calm}", "Each entry needs its own."),
    ],
)
def test_what_is_wrong_is_told_with_what_to_write(tmp_path: Path, rule: str, told: str) -> None:
    assert any(told in str(problem) for problem in problems_of(tmp_path, f"{RULES}  - {rule}\n"))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("[2, 3]", "Begin with 1."),
        ("[1, 3, 2]", "Day 2 stands behind day 3."),
        ("[1, 200]", "from 1 to 90"),
        (f"[{', '.join(['1'] * 13)}]", "These are 13 tries."),
    ],
)
def test_a_plan_of_tries_that_cannot_be_is_told(tmp_path: Path, days: str, told: str) -> None:
    text = f"{SMALL}escalation_policies:\n  - {{key: brisk, cadence: {days}}}\n"
    assert any(told in problem.message for problem in problems_of(tmp_path, text))


STEPS = """  - key: own
    unclaimed:
      - {after: 0, do: ring_best}
      - {after: 2, do: ring_again, every: 3, until: 8}
      - {after: 4, do: text, whom: maya}
      - {after: 6, do: call, whom: maya}
      - {after: 9, do: email, whom: manager}
"""


def test_a_policy_says_whom_a_step_tells_and_when_it_comes_again(tmp_path: Path) -> None:
    [policy] = load_text(tmp_path, f"{SMALL}escalation_policies:\n{STEPS}").escalation_policies
    assert in_words(policy.policy.unclaimed) == (
        "0 best three, 2 ring again, 4 text to maya, 5 ring again, 6 call to maya, 8 ring again, 9 email to manager, then every 30"
    )


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("unclaimed: [{after: 2, do: text}]", "To whom?"),
        ("uncontacted: [{after: 2, do: call}]", "To whom?"),
        ("unclaimed: [{after: 2, do: call, whom: owner}]", "Nobody owns the lead while this step counts."),
        ("unclaimed: [{after: 2, do: ring_all, whom: maya}]", "ring_all does not ask to whom."),
        ("unclaimed: [{after: 2, do: message, whom: owner}]", "Nobody owns the lead while this step counts."),
        ("uncontacted: [{after: 2, do: message, whom: nobody}]", '"nobody" is neither a role nor the key of an officer.'),
        ("unclaimed: [{after: 2, do: ring_all, every: 2}]", "write both every and until, or neither."),
        ("unclaimed: [{after: 2, do: ring_all, every: 2, until: 2}]", "cannot end after 2."),
        ("unclaimed: [{after: 2, do: ring_all, every: 1, until: 200}]", "That is more than 100 times."),
        ("unclaimed: [{after: 2, do: ring_again, every: 2, until: 8}, {after: 4, do: ring_all}]", "Two steps come after 4 minutes."),
    ],
)
@pytest.mark.fault(93)
def test_a_step_that_cannot_be_is_told(tmp_path: Path, steps: str, told: str) -> None:
    text = f"{SMALL}escalation_policies:\n  - {{key: brisk, {steps}}}\n"
    assert any(told in problem.message for problem in problems_of(tmp_path, text))


def test_a_text_or_a_call_to_who_has_no_phone_is_warned_about(tmp_path: Path) -> None:
    text = f"{SMALL}escalation_policies:\n{STEPS}".replace("whom: maya", "whom: tess")
    told = [warning.message for warning in warnings(load_text(tmp_path, text), date(2026, 11, 24))]
    assert "tess has no phone, so the text of this policy reaches nobody: write the number under the officer." in told
    assert "tess has no phone, so the call of this policy reaches nobody: write the number under the officer." in told


def test_a_step_that_calls_while_calls_are_off_is_told(tmp_path: Path) -> None:
    calling, silent = load_text(tmp_path, f"{SMALL}escalation_policies:\n{STEPS}"), load_text(tmp_path, SMALL)
    [told] = missing_before_calls(calling, calls_on=False)
    assert "TWILIO_VOICE_FROM" in told
    assert missing_before_calls(calling, calls_on=True) == missing_before_calls(silent, calls_on=False) == ()


def test_what_no_lead_ever_follows_is_warned_about(tmp_path: Path) -> None:
    text = RULES.replace("- {name: Hot", "- {name: All, policy: calm}\n  - {name: Hot").replace("policy: brisk}", "policy: calm}")
    told = [(warning.path, warning.message) for warning in warnings(load_text(tmp_path, text), date(2026, 11, 24))]
    assert told == [
        ("escalation_rules[1]", 'No lead ever follows "Hot": "All" above takes all of them. Move the narrower rule up.'),
        ("escalation_rules[2]", 'No lead ever follows "Night": "All" above takes all of them. Move the narrower rule up.'),
        ("escalation_policies[0]", "No lead ever follows the policy brisk: name it under a team, a source or an escalation rule."),
    ]
