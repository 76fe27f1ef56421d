"""Beside us a newer Leadbell applies its config: we go on by as much of it as we understand, else by the one before, and say so."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.config import canonical_text
from bot.configuring import apply_config
from bot.distribution.scoring import standards_of
from bot.errors import AppliedByNewer
from bot.in_force import newest
from bot.oversight.auditor import Auditor, health_of
from bot.scheduling.due_loop import look
from bot.store.people import ConfigVersion, Source
from tests.conftest import NOON
from tests.doubles.branch import BEST, Branch
from tests.store.test_rows_that_break import looks_until

Change = Callable[[dict[str, Any]], object]
BEHIND = "a newer Leadbell applied a config that this one does not understand, so this one goes on by the one before it"


@pytest.fixture
def branch(company: Any) -> Branch:
    return Branch(company, NOON)


def newer_applies(branch: Branch, change: Change) -> None:
    """A newer Leadbell applies its config, which is ours but for this."""
    config = json.loads(canonical_text(branch.services.in_force.config))
    change(config)

    def keep(session: Session) -> None:
        session.add(ConfigVersion(text=json.dumps(config), digest="newer", applied_at=NOON, applied_by="newer"))

    branch.store.transact_now(keep)


def uses_nothing_new(config: dict[str, Any]) -> None:
    config["company"]["dba"] = "Lone Star Loans"
    config["telepathy"] = None
    for source in config["sources"]:
        source["by_pigeon"] = False


def routes_by_something_new(config: dict[str, Any]) -> None:
    config["company"]["dba"] = "Lone Star Loans"
    config["routing"][0]["by_pigeon"] = True


def speaks_a_new_language(config: dict[str, Any]) -> None:
    config["officers"][0]["language"] = "eo"


async def why_not(branch: Branch) -> list[str]:
    return (await health_of(branch.services, Auditor(branch.services))).here


def test_keys_that_a_newer_one_makes_no_use_of_are_passed_over(branch: Branch) -> None:
    newer_applies(branch, uses_nothing_new)
    taken = branch.store.transact_now(newest, {})
    assert taken is not None and not taken.behind
    assert taken.company_name == "Lone Star Loans"


@pytest.mark.parametrize("change", [routes_by_something_new, speaks_a_new_language])
async def test_what_a_newer_one_applied_and_we_do_not_understand_leaves_the_one_before_in_force(branch: Branch, change: Change) -> None:
    ours = branch.services.in_force
    newer_applies(branch, change)
    lead = branch.new_lead(**BEST)
    branch.clock.skip(minutes=5)
    await look(branch.services)
    await looks_until(branch, lambda: branch.told(lead) != [])

    assert branch.services.in_force.company_name == ours.company_name
    assert branch.services.in_force.version == ours.version + 1, "it was looked at once, and not anew at each look"
    assert branch.services.in_force.sources.keys() == ours.sources.keys()
    assert BEHIND in await why_not(branch)

    newer_applies(branch, uses_nothing_new)
    await look(branch.services)
    assert branch.services.in_force.company_name == "Lone Star Loans"
    assert BEHIND not in await why_not(branch)


def test_a_request_that_comes_again_and_a_score_go_by_the_config_before(branch: Branch) -> None:
    before = branch.store.transact_now(standards_of)
    newer_applies(branch, speaks_a_new_language)
    assert branch.store.transact_now(standards_of) == before
    lead = branch.new_lead(**BEST)
    again = branch.arrive(**BEST, comments="call me now")
    assert again.lead == lead


def test_a_source_that_a_newer_one_retired_takes_nothing_any_more(branch: Branch) -> None:
    kept = branch.services.in_force.config
    gone = next(each.key for each in kept.sources if each.key != "website")
    source_id = branch.services.in_force.sources[gone].id
    branch.set(Source, source_id, active=False)
    newer_applies(branch, speaks_a_new_language)
    taken = branch.store.transact_now(newest, {})
    assert taken is not None and taken.behind
    assert taken.sources.keys() == branch.services.in_force.sources.keys() - {gone}


def test_a_file_is_not_applied_over_what_we_do_not_understand(branch: Branch) -> None:
    ours = branch.services.in_force.config
    newer_applies(branch, speaks_a_new_language)
    with pytest.raises(AppliedByNewer):
        branch.store.transact_now(apply_config, ours, by="test", at=NOON, salt="salt")


def test_where_no_config_is_understood_nothing_starts_as_if_the_store_were_empty(branch: Branch) -> None:
    def only_newer(session: Session) -> None:
        for row in session.exec(select(ConfigVersion)):
            row.text = '{"new": "in every way"}'

    branch.store.transact_now(only_newer)
    with pytest.raises(AppliedByNewer):
        branch.store.transact_now(newest, {})
