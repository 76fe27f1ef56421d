"""A team or a source names its own escalation policy; a lead that is under way keeps the version it began with."""

from typing import Any

import pytest

from bot.config import Config
from bot.config.escalation import EscalationPolicy
from bot.config.escalation_rules import EscalationRule
from bot.configuring import apply_config
from bot.in_force import newest
from bot.store.clocks import UNCLAIMED, Clock
from bot.store.people import Policy
from tests.doubles.branch import BEST, Branch

BRISK: dict[str, Any] = {
    "key": "brisk",
    "unclaimed": [{"after": 0, "do": "ring_all"}, {"after": 3, "do": "tell_team_lead"}],
    "repeat_every": 4,
    "uncontacted": [{"after": 2, "do": "nudge"}, {"after": 4, "do": "warn"}, {"after": 7, "do": "take_back"}],
}


def put_in_force(branch: Branch, config: Config) -> tuple[str, ...]:
    """The changes that it made."""
    applied = branch.store.transact_now(apply_config, config, by="test", at=branch.clock.now(), salt="test")
    in_force = branch.store.transact_now(newest, {})
    assert in_force is not None
    branch.services.in_force = in_force
    return applied.changes


def with_policies(config: Config, *policies: dict[str, Any], teams: str | None = None, zillow: str | None = None) -> Config:
    """The config with these policies, named by its teams or by one source."""
    return config.model_copy(
        update={
            "escalation_policies": tuple(EscalationPolicy.model_validate(policy) for policy in policies),
            "teams": tuple(team.model_copy(update={"escalation_policy": teams or team.escalation_policy}) for team in config.teams),
            "sources": tuple(
                source.model_copy(update={"escalation_policy": zillow if source.key == "zillow" else None}) for source in config.sources
            ),
        }
    )


def test_a_team_s_policy_says_what_happens_and_when(branch: Branch, example: Config) -> None:
    put_in_force(branch, with_policies(example, BRISK, teams="brisk"))
    lead = branch.new_lead()
    for _ in range(12):
        branch.escalate()
        branch.clock.skip(minutes=1)
    assert branch.told(lead) == [
        ("ring", ["maya", "luis", "priya", "tess"]),
        ("unclaimed", ["tess"]),
        ("unclaimed", ["tess"]),
        ("unclaimed", ["tess"]),
    ]
    assert [event.meta["minutes"] for event in branch.events(lead) if event.kind == "unclaimed"] == [3, 7, 11]


def test_after_a_claim_too(branch: Branch, example: Config) -> None:
    put_in_force(branch, with_policies(example, BRISK, teams="brisk"))
    lead = branch.new_lead()
    branch.claim("maya", lead)
    for _ in range(7):
        branch.escalate()
        branch.clock.skip(minutes=1)
    branch.escalate()
    assert [kind for kind, _ in branch.told(lead)] == ["nudge", "goes_back_soon", "ring"]
    [warning] = [event for event in branch.events(lead) if event.kind == "goes_back_soon"]
    assert warning.meta["minutes"] == 3


def test_i_m_calling_is_asked_about_and_then_goes_back_by_that_policy(branch: Branch, example: Config) -> None:
    put_in_force(branch, with_policies(example, BRISK, teams="brisk"))
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.calls("maya", lead)
    branch.passes(minutes=30)
    assert branch.told(lead)[-1] == ("how_did_it_go", ["maya"])
    branch.passes(minutes=4.9)
    assert branch.view(lead).owner_name == "Maya Torres"
    branch.passes(minutes=0.1)
    assert branch.view(lead).owner_name is None


def test_a_source_s_policy_goes_before_its_team_s(branch: Branch, example: Config) -> None:
    put_in_force(branch, with_policies(example, BRISK, zillow="brisk"))
    usual = branch.new_lead()
    received = branch.arrive("zillow", first_name="Marcus", phone="(512) 555-0177")
    branch.escalate()
    assert branch.told(usual) == [("ring", ["maya", "luis", "priya"])]
    assert len(branch.told(received.lead)[0][1]) == 4


@pytest.mark.fault(40)
def test_a_lead_under_way_keeps_the_version_it_began_with(branch: Branch, example: Config) -> None:
    put_in_force(branch, with_policies(example, BRISK, teams="brisk"))
    lead = branch.new_lead()
    branch.escalate()
    changes = put_in_force(branch, with_policies(example, {**BRISK, "unclaimed": [{"after": 9, "do": "tell_manager"}]}, teams="brisk"))
    assert changes == ("policy brisk: changed",)
    later = branch.new_lead(first_name="Marcus", phone="(512) 555-0177")
    for _ in range(9):
        branch.clock.skip(minutes=1)
        branch.escalate()
    assert [(kind, told) for kind, told in branch.told(lead)][1:] == [("unclaimed", ["tess"]), ("unclaimed", ["tess"])]
    assert branch.told(later) == [("unclaimed", ["manager"])]
    assert [(policy.key, policy.version) for policy in branch.all(Policy)] == [("brisk", 1), ("brisk", 2)]
    assert [clock.policy_id for clock in branch.all(Clock) if clock.kind == UNCLAIMED] == [policy.id for policy in branch.all(Policy)]


def test_who_leads_hears_at_once_when_a_config_lets_the_last_one_go(branch: Branch, example: Config) -> None:
    lead = branch.new_lead(property_state="OK")  # Maya's and Tess's
    branch.escalate()
    branch.lets_go_by("tess", lead, "know_them")
    branch.escalate()
    without_maya = tuple(each.model_copy(update={"active": False}) if each.key == "maya" else each for each in example.officers)
    put_in_force(branch, example.model_copy(update={"officers": without_maya}))
    branch.escalate()
    assert branch.told(lead)[1:] == [("nobody_free", ["tess"])]


def test_applying_the_same_policy_again_makes_no_new_version(branch: Branch, example: Config) -> None:
    put_in_force(branch, with_policies(example, BRISK, teams="brisk"))
    put_in_force(branch, with_policies(example, BRISK))
    assert branch.count(Policy) == 1


def test_without_a_config_of_its_own_the_default_stays_the_product_s(branch: Branch, example: Config) -> None:
    branch.new_lead()
    assert [clock.policy_id for clock in branch.all(Clock)] == [None]
    put_in_force(branch, with_policies(example, {**BRISK, "key": "default"}))
    put_in_force(branch, example)
    lead = branch.new_lead(first_name="Marcus", phone="(512) 555-0177")
    branch.escalate()
    assert [len(told) for _, told in branch.told(lead)] == [3]


@pytest.mark.parametrize("left_out", ["unclaimed", "uncontacted"])
def test_a_list_that_is_left_out_is_the_default_s(branch: Branch, example: Config, left_out: str) -> None:
    put_in_force(branch, with_policies(example, {key: value for key, value in BRISK.items() if key != left_out}, teams="brisk"))
    lead = branch.new_lead()
    branch.escalate()
    assert len(branch.told(lead)[0][1]) == (3 if left_out == "unclaimed" else 4)
    branch.claim("maya", lead)
    branch.passes(minutes=2)
    assert (branch.told(lead)[-1][0] == "nudge") is (left_out == "unclaimed")


def with_rules(config: Config, *rules: dict[str, Any]) -> Config:
    with_brisk = with_policies(config, BRISK)
    return with_brisk.model_copy(update={"escalation_rules": tuple(EscalationRule.model_validate(rule) for rule in rules)})


def policies_of(branch: Branch, lead: int) -> dict[str, str]:
    """The policy of each clock that runs."""
    return {clock.kind: keys_of(branch)[clock.policy_id] for clock in branch.all(Clock) if clock.lead_id == lead and clock.due_at}


def keys_of(branch: Branch) -> dict[int | None, str]:
    return {None: "default"} | {policy.id: policy.key for policy in branch.all(Policy)}


def test_a_rule_chooses_by_grade_source_and_team(branch: Branch, example: Config) -> None:
    put_in_force(branch, with_rules(example, {"name": "Hot", "when": {"grade": "A"}, "team": "austin", "policy": "brisk"}))
    hot, cold = branch.new_lead(**BEST), branch.new_lead(phone="(512) 555-0177")
    assert (policies_of(branch, hot), policies_of(branch, cold)) == ({"unclaimed": "brisk"}, {"unclaimed": "default"})
    branch.claim("maya", hot)
    assert policies_of(branch, hot) == {"uncontacted": "brisk"}


def test_a_rule_chooses_by_whether_the_team_works(branch: Branch, example: Config) -> None:
    put_in_force(branch, with_rules(example, {"name": "Night", "during": "off_hours", "policy": "brisk"}))
    day = branch.new_lead()
    branch.clock.skip(hours=12)
    night = branch.new_lead(phone="(512) 555-0177")
    assert (policies_of(branch, day), policies_of(branch, night)) == ({"unclaimed": "default"}, {"unclaimed": "brisk"})


def test_a_rule_stands_above_the_source_s_policy_and_what_is_under_way_keeps_its_version(branch: Branch, example: Config) -> None:
    calm = {"key": "calm", "unclaimed": [{"after": 9, "do": "ring_all"}]}
    config = with_policies(example, BRISK, calm, zillow="calm")
    put_in_force(branch, config)
    before = branch.new_lead()
    rule = EscalationRule.model_validate({"name": "Zillow", "when": {"source": "website"}, "policy": "brisk"})
    put_in_force(branch, config.model_copy(update={"escalation_rules": (rule,)}))
    after = branch.new_lead(phone="(512) 555-0177")
    assert (policies_of(branch, before), policies_of(branch, after)) == ({"unclaimed": "default"}, {"unclaimed": "brisk"})

    put_in_force(branch, example)

    assert policies_of(branch, after) == {"unclaimed": "brisk"}
    assert policies_of(branch, branch.new_lead(phone="(512) 555-0178")) == {"unclaimed": "default"}
