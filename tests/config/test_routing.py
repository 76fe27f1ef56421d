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
    "a partner where there are none": (
        "  - {name: Keller, when: {partner: keller}}\n",
        '"keller" is not the key of a partner: there are none. Write them under partners.',
    ),
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
        "A rule that gives leads to somebody needs officers, of whom the first who may take it gets it, or to, for those whom a lead "
        "itself names.",
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
    "a share that is missing": (
        "  - {name: Shared, percent: {austin: 60}}\n",
        "One team alone shares with nobody. Write team instead of percent, or another team beside it.",
    ),
    "a share of an unknown team": ("  - {name: Shared, percent: {austin: 60, dallas: 40}}\n", '"dallas" is not the key of a team.'),
    "a share without a team": (
        "  - {name: Shared, percent: 60}\n",
        "Write each team with its percent, such as {austin: 60, south: 40}.",
    ),
    "a share of nothing": (
        "  - {name: Shared, percent: {austin: 0}}\n",
        '"0" is not a whole number of percent from 1 to 100.',
    ),
    "a team beside shares": (
        "  - {name: Shared, team: austin, percent: {austin: 100}}\n",
        "One team alone shares with nobody. Write team instead of percent, or another team beside it.",
    ),
    "to somebody who claims": (
        "  - {name: Sold, to: recipient}\n",
        "to gives a lead to the officer whom it names. Write mode: direct with it, and no percent.",
    ),
    "to somebody in another way": ("  - {name: Sold, mode: direct, to: agent}\n", '"agent" is not a way to name an officer.'),
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
    return [warning.message for warning in warnings(load_text(folder, with_rules(f"{rules}  - name: All others\n")), TODAY)]


def test_rules_that_leave_leads_to_nobodys_decision_are_refused(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, with_rules("  - {name: Texas, when: {state: TX}}\n"))
    assert problem.message == (
        'Nothing says what becomes of leads that no rule takes. Write a last rule without conditions, such as "- name: All others": it '
        "gives them to their source's team, for whoever claims them first."
    )


def test_a_rule_for_those_whom_leads_name_is_no_last_one(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, with_rules("  - {name: Sold, mode: direct, to: recipient}\n"))
    assert problem.message.startswith("Nothing says what becomes of leads that no rule takes.")


def test_rules_that_were_stored_before_a_last_one_was_asked_for_are_read(tmp_path: Path) -> None:
    config = load_text(tmp_path, with_rules("  - {name: Texas, when: {state: TX}}\n  - name: All others\n"))
    stored = config.model_copy(update={"routing": config.routing[:1]})
    assert Config.model_validate_json(canonical_text(stored)) == stored


TWO_TEAMS = changed(
    ("officers:\n", """\
  - {key: dallas, name: Dallas, channel: {slack: "#dallas"}, manager: sam, team_leads: [tess], time_zone: America/Chicago,
     working_hours: {mon-fri: 8am-8pm}}
officers:
"""),
)  # fmt: skip


def warned_of_two(folder: Path, rule: str) -> list[str]:
    return [warning.message for warning in warnings(load_text(folder, f"{TWO_TEAMS}routing:\n  - {rule}\n  - name: All others\n"), TODAY)]


def test_shares_that_do_not_make_100_percent_are_told(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, f"{TWO_TEAMS}routing:\n  - {{name: Shared, percent: {{austin: 60, dallas: 50}}}}\n")
    assert problem.message == "These shares make 110 percent together. They must make 100."


def test_a_share_of_a_team_in_which_nobody_is_licensed_there_is_told(tmp_path: Path) -> None:
    assert warned_of_two(tmp_path, "{name: Shared, when: {state: [TX, OK]}, percent: {austin: 60, dallas: 40}}") == [
        'Nobody of dallas is active and licensed in TX: of its share of "Shared" who leads it is told.'
    ]


def test_a_share_of_a_team_without_any_of_a_rules_officers_is_told(tmp_path: Path) -> None:
    assert warned_of_two(tmp_path, "{name: Shared, when: {state: TX}, officers: maya, percent: {austin: 60, dallas: 40}}") == [
        'Nobody of dallas is active and licensed in TX: of its share of "Shared" who leads it is told.',
        'None of the officers of "Shared" is on dallas: of its share the whole team is rung.',
    ]


def test_an_officer_on_none_of_the_teams_that_share_is_told(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, f"{TWO_TEAMS}routing:\n  - {{name: Shared, officers: sam, percent: {{austin: 60, dallas: 40}}}}\n")
    assert problem.message.startswith('"sam" is not on the team austin')


def test_shares_and_those_whom_leads_name_are_shown_in_words_and_survive_being_stored(tmp_path: Path) -> None:
    rules = """\
  - {name: Shared, when: {state: TX}, percent: {austin: 60, dallas: 40}, mode: round_robin}
  - {name: Named, mode: direct, to: [recipient, partner, last_owner], officers: tess}
  - name: All others
partners:
  - {key: keller, name: Keller Realty, officer: maya, email: JO@keller.example}
"""
    config = load_text(tmp_path, f"{TWO_TEAMS}routing:\n{rules}")
    assert Config.model_validate_json(canonical_text(config)) == config
    assert config.partners[0].email == "jo@keller.example"
    console = Console(width=200, color_system=None, force_terminal=False)
    tables = describe(config)
    for table in tables:
        table.width = 200
    with console.capture() as capture:
        console.print(*tables)
    shown = " ".join(capture.get().split())
    assert "austin 60% and dallas 40%, in turn" in shown
    assert (
        "given to the officer to whom the vendor sold it, else the officer of the partner who sent it, else who had the borrower's last "
        "lead, else tess"
    ) in shown
    assert "Keller Realty (keller), jo@keller.example maya" in shown
    assert "all others" not in shown


def test_partners_whom_no_rule_looks_at_and_rules_without_partners_are_told(tmp_path: Path) -> None:
    partners = "partners: [{key: keller, name: Keller Realty, officer: maya}]\n"
    assert [each.message for each in warnings(load_text(tmp_path, f"{SMALL}{partners}"), TODAY)] == [
        'No rule gives leads to the officers of partners. Write one with "mode: direct" and "to: partner".'
    ]
    assert warned(tmp_path, "  - {name: Sent, mode: direct, to: partner}\n") == [
        'No lead comes under "Sent" for its partner: there are none. Write them under partners.'
    ]


def test_a_partner_whom_conditions_name_is_looked_at(tmp_path: Path) -> None:
    partners = "partners: [{key: keller, name: Keller Realty, officer: maya}]\n"
    for when in ("partner: keller", "unless: {partner: keller}"):
        rules = with_rules(f"  - {{name: Keller, when: {{{when}}}, officers: maya}}\n  - name: All others\n")
        config = load_text(tmp_path, f"{rules}{partners}")
        assert Config.model_validate_json(canonical_text(config)) == config
        assert warnings(config, TODAY) == []


def test_only_routing_looks_at_the_partner_whom_a_request_names(tmp_path: Path) -> None:
    partners = "partners: [{key: keller, name: Keller Realty, officer: maya}]\n"
    [problem] = problems_of(
        tmp_path, f"{SMALL}{partners}escalation_rules: [{{name: Keller, when: {{partner: keller}}, policy: default}}]\n"
    )
    assert problem.message == '"partner" is not a key here.'


def test_a_rule_for_those_whom_leads_name_takes_nothing_from_the_rules_below_it(tmp_path: Path) -> None:
    assert warned(tmp_path, "  - {name: Sold, mode: direct, to: [recipient, last_owner]}\n  - {name: Texas, when: {state: TX}}\n") == []
    assert warned(
        tmp_path, "  - {name: Sold, mode: direct, to: [recipient, last_owner]}\n  - {name: Again, mode: direct, to: last_owner}\n"
    ) == ['No lead ever comes under "Again": "Sold" above takes all of them. Move the narrower rule up.']


def test_a_rule_behind_one_that_takes_everything_of_it_is_told(tmp_path: Path) -> None:
    assert warned(tmp_path, "  - {name: Licensed, when: {state: [TX, OK]}}\n  - {name: Texas, when: {state: TX, grade: A}}\n") == [
        'No lead ever comes under "Texas": "Licensed" above takes all of them. Move the narrower rule up.'
    ]


def test_a_state_in_which_none_of_a_rules_officers_is_licensed_is_told(tmp_path: Path) -> None:
    assert warned(tmp_path, "  - {name: Maya, when: {state: [TX, OK]}, officers: maya}\n") == [
        'None of the officers of "Maya" is active and licensed in OK: the whole team is rung for leads from there.'
    ]


def test_an_officer_who_does_not_work_takes_no_leads_of_a_rule(tmp_path: Path) -> None:
    rules = "routing:\n  - {name: Maya, when: {state: TX}, officers: maya}\n  - name: All others\n"
    resting = load_text(tmp_path, changed(("key: maya\n", "key: maya\n    active: no\n")) + rules)
    assert 'None of the officers of "Maya" is active and licensed in TX' in "".join(each.message for each in warnings(resting, TODAY))


def test_hours_in_which_nobody_works_are_told(tmp_path: Path) -> None:
    assert warned(tmp_path, "  - {name: Late, when: {hours: 9pm-11pm}}\n  - {name: Evening, when: {hours: 7pm-11pm}}\n") == [
        'Nobody works in the hours of "Late": its leads wait until the team does.'
    ]
