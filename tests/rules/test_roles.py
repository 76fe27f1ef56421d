"""Every role against every action."""

from typing import get_args

import pytest

from bot.rules.roles import Action, Role, may

TABLE: dict[Action, dict[Role, bool]] = {
    "claim": {"officer": True, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "pass": {"officer": True, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "give_back": {"officer": True, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "work": {"officer": True, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "work_any": {"officer": False, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "assign": {"officer": False, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "begin_for_many": {"officer": False, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "take_back_any": {"officer": False, "team_lead": False, "manager": True, "compliance": False, "admin": False},
    "build_drips": {"officer": True, "team_lead": True, "manager": True, "compliance": True, "admin": True},
    "approve_drips": {"officer": False, "team_lead": False, "manager": True, "compliance": True, "admin": True},
    "go_off": {"officer": True, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "practice": {"officer": True, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "set_rates": {"officer": False, "team_lead": False, "manager": True, "compliance": False, "admin": False},
    "tell_apart": {"officer": True, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "record_opt_out": {"officer": True, "team_lead": True, "manager": True, "compliance": True, "admin": False},
    "judge_words": {"officer": False, "team_lead": False, "manager": False, "compliance": True, "admin": False},
    "judge_opt_out": {"officer": False, "team_lead": True, "manager": True, "compliance": True, "admin": False},
    "review_requests": {"officer": False, "team_lead": False, "manager": True, "compliance": False, "admin": True},
    "see_unmasked_own": {"officer": True, "team_lead": True, "manager": True, "compliance": False, "admin": False},
    "see_unmasked_any": {"officer": False, "team_lead": False, "manager": True, "compliance": True, "admin": False},
    "see_pipeline": {"officer": True, "team_lead": True, "manager": True, "compliance": True, "admin": True},
    "see_holders": {"officer": False, "team_lead": True, "manager": True, "compliance": True, "admin": True},
    "see_every_team": {"officer": False, "team_lead": False, "manager": True, "compliance": True, "admin": True},
    "see_roster": {"officer": False, "team_lead": True, "manager": True, "compliance": True, "admin": True},
    "change_roster": {"officer": False, "team_lead": False, "manager": True, "compliance": False, "admin": True},
}


def test_the_table_has_every_action_and_every_role() -> None:
    assert set(TABLE) == set(get_args(Action))
    assert all(set(row) == set(get_args(Role)) for row in TABLE.values())


@pytest.mark.parametrize(("action", "role"), [(action, role) for action, row in TABLE.items() for role in row])
def test_a_role_may_do_exactly_what_the_table_says(action: Action, role: Role) -> None:
    assert may(role, action) is TABLE[action][role]
