"""Who may do what is judged inside the transaction that does it: every role against every deed, on a lead that would else allow it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.assigning import assign_lead
from bot.claiming import NotEligible
from bot.duty import set_off, set_on
from bot.handlers.slack.app import COMMANDS
from bot.noting import note_lead
from bot.rules.eligibility import Reason
from bot.rules.roles import Action, Role, may
from bot.staging import stage_lead
from bot.store.leads import Lead
from bot.store.people import Officer
from tests.doubles.branch import Branch

ROLES: tuple[Role, ...] = get_args(Role)
SLACK = Path(__file__).parent.parent.parent / "bot/handlers/slack"

Deed = Callable[[Branch, int], Any]
DEEDS: dict[str, tuple[Action, bool, Deed]] = {
    "claim": ("claim", False, lambda branch, lead: branch.claim("tess", lead)),
    "pass": ("pass", False, lambda branch, lead: branch.lets_go_by("tess", lead, "busy")),
    "give back": ("give_back", True, lambda branch, lead: branch.give_back("tess", lead)),
    "calling": ("work", True, lambda branch, lead: branch.calls("tess", lead)),
    "log": ("work", True, lambda branch, lead: branch.logs("tess", lead, "connected")),
    "stage": ("work", True, lambda branch, lead: _do(branch, stage_lead, lead, "qualified", False, None)[0]),
    "note": ("work", True, lambda branch, lead: _do(branch, note_lead, lead, "wants a 15-year")),
    "assign": ("assign", False, lambda branch, lead: _do(branch, assign_lead, lead, "luis")[0]),
    "off": ("go_off", False, lambda branch, lead: _do(branch, set_off, lead, "friday")[0]),
    "on": ("go_off", False, lambda branch, lead: _do(branch, set_on, lead)),
}
"""Each deed with the action that it needs, and whether the lead is one's own."""
OWN_TESTS = "judged in the stories of its feature"
SURFACES = {
    **{name: name for name in ("claim", "pass", "assign", "calling", "log", "stage", "note")},
    "undo_pass": "pass",
    "keep_as_note": "note",
    "give_back": "give back",
    r"went:\w+": "log",
    "end:(sure|told|not_told|{'|'.join(GIVE_UP_REASONS)})": "stage",
    **dict.fromkeys(
        (
            *("open", "more", "undo", r"command:\d+(:\d+)?", "book", r"mine:\w+", "later", "later|remind", "move_there", "came_back"),
            *("look_at_request", "set_request_aside", "request"),
            *("opt_out", "no_opt_out", "why_no_opt_out", "edit_words", "ask_compliance", "(approve|decline)_words"),
            *("shift:(keep|hand|pool)", "same_request", "two_people", "undo_told"),
            *("leaver_to", "leaver_split", "leaver_pool", "leaver_on", "leaver_off"),
            *("text", "text_template", "send_again|it_arrived", "send_as_text"),
            *("remind_at_opening", "call_anyway", "stop_trying", "next_lead", "email", "email_template"),
            *("swap_take", "swap_off", "take_group_back", r"build:\w+", "team_person", r"team_hours:\d+", "team_hours"),
            *(
                "call_me",
                "practice",
                "practice_claim",
                "new_lead",
                "hand_to_speaker",
                "keep_english",
                "place",
                "place_other",
                r"place:\d+",
                "view_pictures",
                r"picture:\d+",
                "stop_recording",
                "hear_recording",
                "recording_opened",
            ),
        ),
        OWN_TESTS,
    ),
}
"""What can be pressed or sent off in Slack, with the deed that it does."""


def _do(branch: Branch, change: Callable[..., Any], lead: int, *arguments: Any) -> Any:
    return branch.store.transact_now(change, branch.press("tess", lead), *arguments)


def _refused(outcome: Any) -> bool:
    if isinstance(outcome, NotEligible):
        return outcome.because.reason is Reason.ROLE_MAY_NOT_CLAIM
    return type(outcome).__name__.startswith("MayNot")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.fault(66)
def test_a_deed_is_done_exactly_by_the_roles_that_may(branch: Branch, deed: str, role: Role) -> None:
    action, own, do = DEEDS[deed]
    lead = branch.new_lead()
    tess = branch.officer_id("tess")
    branch.set(Officer, tess, role=role)
    if own:
        branch.set(Lead, lead, owner_id=tess, claimed_at=branch.clock.now())
    before = len(branch.events(lead))

    outcome = do(branch, lead)

    assert _refused(outcome) is not may(role, action)
    if _refused(outcome):
        assert len(branch.events(lead)) == before


# Whose claim is refused for having left is said by eligibility; giving back only hides a number, which is right at any time.
@pytest.mark.parametrize("deed", sorted(DEEDS.keys() - {"claim", "give back"}))
@pytest.mark.fault(67)
def test_who_left_does_nothing(branch: Branch, deed: str) -> None:
    _, own, do = DEEDS[deed]
    lead = branch.new_lead()
    tess = branch.officer_id("tess")
    branch.set(Officer, tess, active=False)
    if own:
        branch.set(Lead, lead, owner_id=tess, claimed_at=branch.clock.now())

    assert _refused(do(branch, lead))


@pytest.mark.fault(66)
def test_every_surface_in_slack_is_known_here() -> None:
    pattern = r"@app\.(?:action|view)\((?:re\.compile\()?[rf]*\"([^\"]+)\""
    found = {name for path in SLACK.glob("*.py") for name in re.findall(pattern, path.read_text("utf-8"))}
    assert found == set(SURFACES)
    assert set(SURFACES.values()) - {OWN_TESTS} <= set(DEEDS)


def test_help_offers_each_command_to_the_roles_that_its_deed_is_done_by() -> None:
    deeds = {"release": "give back"}
    for command in COMMANDS:
        deed = deeds.get(command.name, command.name)
        if deed in DEEDS:
            assert command.needs == DEEDS[deed][0]
