"""Who reads a borrower's name and number, wherever they look: every role, on leads of everybody, in Slack and in Discord."""

# Pictures and recordings leave a line when they are looked at: they are deeds, and stand among those.

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.handlers.discord.answers import Asked as AskedInDiscord
from bot.handlers.discord.finding import _find
from bot.handlers.discord.mine import _first_page
from bot.handlers.discord.opening import show as show_in_discord
from bot.handlers.slack.app import COMMANDS
from bot.handlers.slack.commands import Asked
from bot.handlers.slack.opening import screen
from bot.leads.opening import Opened, open_lead
from bot.rules.roles import Role
from bot.store.events import COMPANY
from bot.store.leads import Lead
from bot.store.people import Officer
from bot.store.places import KnownOfficer
from tests.doubles.branch import Branch
from tests.store.test_permissions import ROLES, Whose, _team_id

Look = Callable[[Branch, KnownOfficer, int, str], Awaitable[Any]]

BORROWERS: dict[Whose, str] = {"own": "Olive", "of their team": "Tina", "of another team": "Abel", "free": "Fred", "free elsewhere": "Elsa"}
EVERY_LEAD = frozenset(BORROWERS)
SEE_NAME_AND_NUMBER: dict[Role, frozenset[Whose]] = {
    "officer": frozenset({"own"}),
    "team_lead": frozenset({"own"}),
    "manager": EVERY_LEAD,
    "compliance": EVERY_LEAD,
    "admin": frozenset(),
}


def _in_slack(command: str, words: str = "") -> Look:
    [run] = [each.run for each in COMMANDS if each.name == command]

    async def look(branch: Branch, officer: KnownOfficer, lead: int, who: str) -> Any:
        client: Any = None
        about = lead if command == "show" else COMPANY
        return await run(Asked(branch.services, officer, about, words.format(lead=lead, who=who), "look", client, None))

    return look


def _in_discord(look_of: Callable[[AskedInDiscord], Awaitable[Any]]) -> Look:
    return lambda branch, officer, lead, _: look_of(AskedInDiscord(branch.services, officer, lead, "", "look"))


def _find_in_discord(words: str) -> Look:
    async def look(branch: Branch, officer: KnownOfficer, lead: int, who: str) -> Any:
        return await _find(words.format(lead=lead, who=who), AskedInDiscord(branch.services, officer, COMPANY, "", "look"))

    return look


async def _open_in_slack(branch: Branch, officer: KnownOfficer, lead: int, _: str) -> Any:
    opened = await open_lead(branch.services, lead, officer)
    assert isinstance(opened, Opened)
    return screen(opened, officer.language, branch.clock.now())


LOOKS: dict[str, Look] = {
    "show": _in_slack("show"),
    "open": _open_in_slack,
    "find by number": _in_slack("find", "#{lead}"),
    "find by name": _in_slack("find", "{who}"),
    "show in Discord": _in_discord(show_in_discord),
    "find by number in Discord": _find_in_discord("#{lead}"),
    "find by name in Discord": _find_in_discord("{who}"),
}
MINE: dict[str, Look] = {"mine": _in_slack("mine"), "mine in Discord": _in_discord(_first_page)}
NUMBERS_ALONE: dict[str, Look] = {"pipeline": _in_slack("pipeline"), "pipeline of a team": _in_slack("pipeline", "austin")}


@pytest.fixture
def leads(branch: Branch) -> dict[Whose, int]:
    """Leads that are Tess's, of her team, of another one, and free."""
    found: dict[Whose, int] = {}
    for place, (whose, who) in enumerate(BORROWERS.items()):
        lead = branch.new_lead(first_name=who, last_name="Rowe", phone=f"(512) 555-01{place:02}", email=f"{who.lower()}@example.com")
        owner = {"own": "tess", "of their team": "luis", "of another team": "luis"}.get(whose)
        if owner is not None:
            branch.set(Lead, lead, owner_id=branch.officer_id(owner), claimed_at=branch.clock.now())
        if whose in ("of another team", "free elsewhere"):
            branch.set(Lead, lead, team_id=_team_id("south")(branch))
        found[whose] = lead
    return found


def tess_as(branch: Branch, role: Role, *, active: bool = True) -> KnownOfficer:
    branch.set(Officer, branch.officer_id("tess"), role=role, active=active)
    return KnownOfficer(branch.officer_id("tess"), "tess", "Tess Lindqvist", "en", role, active)


async def _seen(branch: Branch, look: Look, officer: KnownOfficer, leads: dict[Whose, int]) -> tuple[frozenset[Whose], frozenset[Whose]]:
    """The leads whose borrower's whole name is read, and those whose number or address is."""
    names, numbers = set[Whose](), set[Whose]()
    for place, (whose, lead) in enumerate(leads.items()):
        who = BORROWERS[whose]
        said = repr(await look(branch, officer, lead, who)).replace("\\", "").replace("u2060", "")
        if f"{who} Rowe" in said:
            names.add(whose)
        if f"555-01{place:02}" in said or f"{who.lower()}@" in said:
            numbers.add(whose)
    return frozenset(names), frozenset(numbers)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.fault(66)
async def test_a_name_and_a_number_are_read_exactly_by_the_roles_that_may(branch: Branch, leads: dict[Whose, int], look: str) -> None:
    seen = {role: await _seen(branch, LOOKS[look], tess_as(branch, role), leads) for role in ROLES}

    assert seen == {role: (may, may) for role, may in SEE_NAME_AND_NUMBER.items()}


@pytest.mark.parametrize("look", MINE)
@pytest.mark.fault(66)
async def test_a_list_of_ones_own_names_ones_own_to_the_roles_that_may(branch: Branch, leads: dict[Whose, int], look: str) -> None:
    names = {role: (await _seen(branch, MINE[look], tess_as(branch, role), leads))[0] for role in ROLES}

    assert names == {role: may & {"own"} for role, may in SEE_NAME_AND_NUMBER.items()}


@pytest.mark.parametrize("look", NUMBERS_ALONE)
@pytest.mark.fault(66)
async def test_counts_name_no_borrower_to_anybody(branch: Branch, leads: dict[Whose, int], look: str) -> None:
    for role in ROLES:
        assert "open lead" in repr(await NUMBERS_ALONE[look](branch, tess_as(branch, role), leads["own"], ""))
        assert await _seen(branch, NUMBERS_ALONE[look], tess_as(branch, role), leads) == (frozenset(), frozenset())


@pytest.mark.fault(67)
async def test_who_left_reads_no_name_and_no_number(branch: Branch, leads: dict[Whose, int]) -> None:
    for role in ROLES:
        left = tess_as(branch, role, active=False)
        for name, look in (LOOKS | MINE).items():
            assert await _seen(branch, look, left, leads) == (frozenset(), frozenset()), (name, role)
