"""Who may do what: the one table of roles and actions."""

from typing import Literal, get_args

Role = Literal["officer", "team_lead", "manager", "compliance", "admin"]
Action = Literal[
    "claim",
    "pass",
    "give_back",
    "work",
    "work_any",
    "assign",
    "begin_for_many",
    "take_back_any",
    "build_drips",
    "approve_drips",
    "tell_apart",
    "practice",
    "set_rates",
    "go_off",
    "judge_opt_out",
    "judge_words",
    "record_opt_out",
    "see_unmasked_own",
    "see_unmasked_any",
    "see_pipeline",
    "see_holders",
    "see_every_team",
    "see_roster",
    "change_roster",
    "review_requests",
]

_WORKS_LEADS: frozenset[Role] = frozenset({"officer", "team_lead", "manager"})
_LEADS_TEAMS: frozenset[Role] = frozenset({"team_lead", "manager"})
"""Of the leads of their own teams: whose team it is, is judged elsewhere."""

_MAY: dict[Action, frozenset[Role]] = {
    "claim": _WORKS_LEADS,
    "pass": _WORKS_LEADS,
    "give_back": _WORKS_LEADS,
    "work": _WORKS_LEADS,
    "work_any": _LEADS_TEAMS,
    "assign": _LEADS_TEAMS,
    "begin_for_many": _LEADS_TEAMS,
    "take_back_any": frozenset({"manager"}),
    "build_drips": frozenset({"officer", "team_lead", "manager", "compliance", "admin"}),
    "approve_drips": frozenset({"manager", "compliance", "admin"}),
    "go_off": _WORKS_LEADS,
    "tell_apart": _WORKS_LEADS,
    "practice": _WORKS_LEADS,
    "set_rates": frozenset({"manager"}),
    "judge_opt_out": frozenset({"team_lead", "manager", "compliance"}),
    "record_opt_out": frozenset({"officer", "team_lead", "manager", "compliance"}),
    "judge_words": frozenset({"compliance"}),
    "see_unmasked_own": _WORKS_LEADS,
    "see_unmasked_any": frozenset({"manager", "compliance"}),
    "see_pipeline": frozenset({"officer", "team_lead", "manager", "compliance", "admin"}),
    "see_holders": frozenset({"team_lead", "manager", "compliance", "admin"}),
    "see_every_team": frozenset({"manager", "compliance", "admin"}),
    "see_roster": frozenset({"team_lead", "manager", "compliance", "admin"}),
    "change_roster": frozenset({"manager", "admin"}),
    "review_requests": frozenset({"manager", "admin"}),
}


def who_may(action: Action) -> list[Role]:
    """The roles that may do this, in the order of the table."""
    return [role for role in get_args(Role) if role in _MAY[action]]


def may(role: Role, action: Action) -> bool:
    """Whether someone in this role may do this at all. Whose lead it is, license, cap and duty are judged elsewhere."""
    return role in _MAY[action]


def may_see_borrower(role: Role, *, own: bool) -> bool:
    """Whether someone in this role reads the name and the number of a borrower; of an `own` lead, or of anybody's."""
    return may(role, "see_unmasked_any") or (own and may(role, "see_unmasked_own"))
