"""Whatever the rules, the people and the leads: nobody who may not take a lead is ever rung for it, offered it, given it or wins it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config import Config
from bot.configuring import apply_config
from bot.leads.finding import next_lead
from bot.rules.routing import Mode, Rule
from bot.store.installation import prepare
from bot.store.people import Officer
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store

TEAM = ("maya", "luis", "priya", "omar", "tess")
TODAY = date(2026, 11, 24)
STATES = ("TX", "OK", "CO", "NM", "AK")  # the company has no license in the last

people = st.fixed_dictionaries(
    {
        "active": st.sampled_from([True, True, True, False]),
        "licenses": st.dictionaries(st.sampled_from(STATES), st.sampled_from([None, "2026-11-24", "2026-11-23"]), max_size=4),
        "purposes": st.sampled_from([[], ["purchase"], ["refinance"]]),
        "off_until": st.sampled_from([None, None, NOON - timedelta(hours=1), NOON + timedelta(hours=2)]),
        "daily_cap": st.sampled_from([None, None, 1]),
        "open_without_attempt_cap": st.sampled_from([None, None, 1]),
    }
)
modes: st.SearchStrategy[Mode] = st.sampled_from(["claim", "staggered", "round_robin", "direct", "blind_pull"])
acts = st.lists(
    st.one_of(
        st.tuples(st.just("arrives"), st.sampled_from(STATES), st.sampled_from(["purchase", "refinance"])),
        st.tuples(st.just("claims"), st.sampled_from(TEAM), st.integers(0, 5)),
        st.tuples(st.just("asks"), st.sampled_from(TEAM), st.none()),
        st.tuples(st.just("passes"), st.sampled_from([1, 2, 5, 15]), st.none()),
    ),
    min_size=3,
    max_size=14,
)


def may_ever(row: Officer, state: str | None, purpose: str | None, at: datetime) -> bool:
    """Said anew, in the plainest words: whether this person may have a lead like this at that moment, be their day full or not."""
    until = row.licenses.get(state or "", "")
    licensed = state != "AK" and until != "" and (until is None or date.fromisoformat(until) >= TODAY)
    on_duty = row.off_until is None or row.off_until <= at
    return row.active and licensed and on_duty and (not row.purposes or purpose in row.purposes)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries(dict.fromkeys(TEAM, people)), modes, st.sets(st.sampled_from(TEAM), max_size=3), acts)
def test_nobody_who_may_not_take_a_lead_is_offered_it_or_wins_it(
    kind: str,
    tmp_path_factory: pytest.TempPathFactory,
    example: Config,
    team: dict[str, dict[str, object]],
    mode: Mode,
    named: set[str],
    happens: list[tuple[str, object, object]],
) -> None:
    store = fresh_store(kind, Path(tmp_path_factory.mktemp("any")))
    store.transact_now(prepare, "00" * 32, NOON)
    store.transact_now(apply_config, example, by="test", at=NOON, salt="test")
    branch = Branch(store, NOON)
    try:
        for key, values in team.items():
            branch.set(Officer, branch.officer_id(key), **values)
        officers = named or {"maya"} if mode == "direct" else named  # a config names somebody there
        rule = Rule("Any", officers=dict.fromkeys(sorted(officers), 1), mode=mode, first=1, rest_after=45)
        branch.services.in_force = replace(branch.services.in_force, rules=(rule,))
        leads: list[int] = []
        for what, who, more in happens:
            match what:
                case "arrives":
                    phone = f"(512) 555-01{len(leads):02}"
                    leads.append(branch.new_lead(phone=phone, property_state=who, loan_purpose=more, property_zip=None))
                case "claims" if leads:
                    assert isinstance(more, int)
                    branch.claim(str(who), leads[more % len(leads)])
                case "asks":
                    store.transact_now(next_lead, branch.press(str(who), 0))
                case "passes":
                    assert isinstance(who, int)
                    branch.clock.skip(minutes=who)
            branch.escalate()
        _check(branch, leads)
    finally:
        store.close()


def _check(branch: Branch, leads: list[int]) -> None:
    rows = {row.key: row for row in branch.all(Officer)}
    by_id = {row.id: row for row in rows.values()}
    for lead in leads:
        view = branch.view(lead)
        for event in branch.events(lead):
            offered = event.meta.get("told", []) if event.kind in ("ring", "offer") else []
            got = [by_id[event.officer_id]] if event.kind in ("claimed", "assigned") and event.officer_id else []
            for row in [*(rows[key] for key in offered), *got]:
                assert may_ever(row, view.state, view.purpose, event.at), (lead, event.kind, row.key)
