"""A config applied to the store: what changed and nothing else, and nobody vanishes with open leads unnoticed."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from bot.capture.intake import Received
from bot.config import Config, Retired
from bot.configuring import Applied, ChangedElsewhere, EmailTaken, StillNeeded, apply_config
from bot.officers.duty import WentOff, set_off
from bot.store.database import Store
from bot.store.events import COMPANY, Event, broken_links
from bot.store.installation import prepare
from bot.store.leads import Lead
from bot.store.people import ConfigVersion, Officer, Source, Team, TeamOfficer, newest_version
from bot.store.postings import Place
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel


def put_in_force(store: Store, config: Config, *, overwrite: bool = False) -> Applied:
    return store.transact_now(apply_config, config, by="test", at=NOON, salt="test", overwrite=overwrite)


def changed(config: Config, kind: str, of: str, **values: Any) -> Config:
    """The config with fields of one of its teams, officers or sources changed."""
    rows = (row.model_copy(update=values) if row.key == of else row for row in getattr(config, kind))
    return config.model_copy(update={kind: tuple(rows)})


def without(config: Config, kind: str, key: str, moved_to: str | None = None) -> Config:
    """The config without one of its teams, officers or sources; `moved_to` says who takes over."""
    retired = (Retired(kind=kind.removesuffix("s"), key=key, moved_to=moved_to),) if moved_to else ()
    return config.model_copy(update={kind: tuple(row for row in getattr(config, kind) if row.key != key), "retired": retired})


def without_south(config: Config, moved_to: str | None = None) -> Config:
    """The config without the southern team, its officers in Austin and its source gone to Austin too."""
    for officer in ("priya", "omar"):
        config = changed(config, "officers", officer, teams=("austin",))
    return without(changed(config, "sources", "partner", team="austin"), "teams", "south", moved_to)


def officer(branch: Branch, key: str) -> Officer:
    return next(row for row in branch.all(Officer) if row.key == key)


def test_applying_the_same_file_again_changes_nothing(company: Store, example: Config) -> None:
    assert put_in_force(company, example) == Applied(1, ())
    assert company.transact_now(newest_version) == 1


def test_the_first_file_makes_everybody_and_says_so(branch: Branch, example: Config) -> None:
    assert [row.key for row in branch.all(Officer)] == [row.key for row in example.officers]
    assert [row.key for row in branch.all(Team)] == ["austin", "south"]
    assert [row.key for row in branch.all(Source)] == ["website", "zillow", "lendingtree", "partner"]
    assert {(row.kind, row.named, row.address) for row in branch.all(Place) if row.named in ("#leads", "U0PRIYA", "maya@acme.example")} == {
        ("channel", "#leads", None),
        ("person", "U0PRIYA", "U0PRIYA"),
        ("person", "maya@acme.example", None),
    }
    (told,) = branch.all(Event)
    assert (told.stream, told.kind, told.meta["version"]) == (COMPANY, "config_applied", 1)
    assert "officer maya: added" in told.meta["changes"]


def test_a_changed_field_makes_a_new_version_and_is_the_only_change(branch: Branch, example: Config) -> None:
    applied = put_in_force(branch.store, changed(example, "officers", "priya", daily_cap=5))
    assert applied == Applied(2, ("officer priya: daily_cap changed",))
    assert officer(branch, "priya").daily_cap == 5
    assert branch.store.transact_now(newest_version) == 2
    assert branch.count(ConfigVersion) == 2


def test_going_back_to_an_older_file_is_a_new_version(branch: Branch, example: Config) -> None:
    put_in_force(branch.store, changed(example, "officers", "priya", daily_cap=5))
    assert put_in_force(branch.store, example) == Applied(3, ("officer priya: daily_cap changed",))
    assert officer(branch, "priya").daily_cap == 20


def test_what_was_changed_elsewhere_stays_where_the_file_says_what_it_said_before(branch: Branch, example: Config) -> None:
    branch.set(Officer, branch.officer_id("priya"), daily_cap=3)
    applied = put_in_force(branch.store, changed(example, "officers", "maya", name="Maya Torres-Hill"))
    assert applied.changes == ("officer maya: name changed",)
    assert officer(branch, "priya").daily_cap == 3


@pytest.mark.parametrize(("key", "said_before"), [("priya", 20), ("maya", None)])
def test_a_field_changed_in_the_file_and_elsewhere_needs_overwrite(
    branch: Branch, example: Config, key: str, said_before: int | None
) -> None:
    assert officer(branch, key).daily_cap == said_before
    branch.set(Officer, branch.officer_id(key), daily_cap=3)
    config = changed(example, "officers", key, daily_cap=9)
    with pytest.raises(ChangedElsewhere, match=f"officer {key}: daily_cap was changed since the last file was applied"):
        put_in_force(branch.store, config)
    assert officer(branch, key).daily_cap == 3 and branch.store.transact_now(newest_version) == 1
    assert put_in_force(branch.store, config, overwrite=True).changes == (f"officer {key}: daily_cap changed",)
    assert officer(branch, key).daily_cap == 9


def test_where_the_file_now_says_what_stands_there_is_no_conflict(branch: Branch, example: Config) -> None:
    branch.set(Officer, branch.officer_id("priya"), daily_cap=3)
    assert put_in_force(branch.store, changed(example, "officers", "priya", daily_cap=3)).version == 2


def test_every_conflict_is_told_at_once(branch: Branch, example: Config) -> None:
    for key in ("maya", "priya"):
        branch.set(Officer, branch.officer_id(key), phone="+15125559999")
        example = changed(example, "officers", key, phone="+15125558888")
    with pytest.raises(ChangedElsewhere) as caught:
        put_in_force(branch.store, example)
    assert "officer maya: phone" in str(caught.value) and "officer priya: phone" in str(caught.value)
    assert "512555" not in str(caught.value)


def test_an_officer_who_vanishes_turns_inactive_and_their_open_leads_are_told(branch: Branch, example: Config) -> None:
    lead = branch.new_lead()
    branch.claim("luis", lead)
    applied = put_in_force(branch.store, without(example, "officers", "luis"))
    assert applied == Applied(2, ("officer luis: no longer active",), ("Luis Ortega still holds 1 open lead.",))
    assert not officer(branch, "luis").active
    assert branch.view(lead).owner_name == "Luis Ortega"
    assert branch.officer_id("luis") not in {row.officer_id for row in branch.all(TeamOfficer)}
    assert [row.active for row in branch.all(Place) if row.named == "luis@acme.example"] == [False]


def test_an_ended_lead_of_one_who_vanishes_is_nobodys_business(branch: Branch, example: Config) -> None:
    lead = branch.new_lead()
    branch.claim("luis", lead)
    branch.set(Lead, lead, stage="funded")
    assert put_in_force(branch.store, without(example, "officers", "luis")).left_open == ()


def test_an_officer_who_comes_back_is_the_same_person_as_the_file_now_says(branch: Branch, example: Config) -> None:
    before = officer(branch, "luis")
    put_in_force(branch.store, without(example, "officers", "luis"))
    put_in_force(branch.store, changed(example, "officers", "luis", phone=None, daily_cap=4))
    now = officer(branch, "luis")
    assert (now.id, now.active, now.phone, now.daily_cap) == (before.id, True, None, 4)


def test_a_new_key_for_the_same_email_is_refused_in_a_sentence(branch: Branch, example: Config) -> None:
    with pytest.raises(EmailTaken, match="officer luis-o: this email belongs to officer luis"):
        put_in_force(branch.store, changed(example, "officers", "luis", key="luis-o"))
    assert branch.store.transact_now(newest_version) == 1


@pytest.mark.parametrize("kind", ["team", "source"])
def test_a_team_or_source_with_open_leads_cannot_vanish(branch: Branch, example: Config, kind: str) -> None:
    branch.new_lead(source="partner")
    config = without_south(example) if kind == "team" else without(example, "sources", "partner")
    with pytest.raises(StillNeeded) as caught:
        put_in_force(branch.store, config)
    key = "south" if kind == "team" else "partner"
    assert f"The {kind} {key} has 1 open lead." in str(caught.value)
    assert f"  - kind: {kind}\n    key: {key}\n    moved_to: KEY" in str(caught.value)
    assert branch.store.transact_now(newest_version) == 1
    assert [row.active for row in branch.all(Team)] + [row.active for row in branch.all(Source)] == [True] * 6


def test_open_leads_of_a_retired_team_move_to_the_one_that_takes_over(branch: Branch, example: Config) -> None:
    open_lead = branch.new_lead(source="partner")
    ended = branch.new_lead(source="partner", phone="(512) 555-0111")
    branch.set(Lead, ended, stage="lost")
    applied = put_in_force(branch.store, without_south(example, moved_to="austin"))
    assert "team south: retired" in applied.changes
    teams = {row.key: row for row in branch.all(Team)}
    assert not teams["south"].active
    assert {row.id: row.team_id for row in branch.all(Lead)} == {open_lead: teams["austin"].id, ended: teams["south"].id}


def test_open_leads_of_a_retired_source_move_to_the_one_that_takes_over(branch: Branch, example: Config) -> None:
    lead = branch.new_lead(source="lendingtree")
    put_in_force(branch.store, without(example, "sources", "lendingtree", moved_to="zillow"))
    sources = {row.key: row for row in branch.all(Source)}
    assert not sources["lendingtree"].active
    assert [row.source_id for row in branch.all(Lead) if row.id == lead] == [sources["zillow"].id]


def test_a_new_manager_takes_over_from_one_who_vanishes(branch: Branch, example: Config) -> None:
    config = changed(example, "officers", "tess", role="manager")
    for team in ("austin", "south"):
        config = changed(config, "teams", team, manager="tess")
    applied = put_in_force(branch.store, without(config, "officers", "sam"))
    assert {"team austin: manager_id changed", "officer sam: no longer active"} <= set(applied.changes)
    assert [team.manager_id for team in branch.all(Team)] == [branch.officer_id("tess")] * 2


def test_a_team_without_open_leads_may_vanish(branch: Branch, example: Config) -> None:
    assert "team south: retired" in put_in_force(branch.store, without_south(example)).changes


def test_a_retired_source_that_comes_back_is_the_same_source(branch: Branch, example: Config) -> None:
    put_in_force(branch.store, without(example, "sources", "lendingtree"))
    put_in_force(branch.store, example)
    assert [row.active for row in branch.all(Source)] == [True] * 4


def test_a_new_license_of_the_company_counts_at_once(branch: Branch, example: Config) -> None:
    lead = branch.new_lead()
    only_oklahoma = tuple(license for license in example.company.licenses if license.state == "OK")
    put_in_force(branch.store, example.model_copy(update={"company": example.company.model_copy(update={"licenses": only_oklahoma})}))
    assert branch.claim("maya", lead).kind == "not_eligible"
    put_in_force(branch.store, example)
    assert branch.claim("maya", lead).kind == "claimed"


def test_eight_that_apply_the_same_file_at_once_make_one_version(store: Store, example: Config) -> None:
    def start(hash_key: str) -> tuple[bytes, int]:
        return store.transact_now(prepare, hash_key, NOON), put_in_force(store, example).version

    started = in_parallel([partial(start, f"{number:02}" * 32) for number in range(8)])
    assert len(set(started)) == 1 and started[0][1] == 1


def test_every_version_is_an_event_of_the_company(branch: Branch, example: Config) -> None:
    put_in_force(branch.store, changed(example, "officers", "priya", daily_cap=5))
    told = [event for event in branch.all(Event) if event.stream == COMPANY]
    assert [(event.actor, event.meta["version"]) for event in told] == [("test", 1), ("test", 2)]
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []


def test_a_card_rings_in_the_new_channel_of_a_team_that_moved(branch: Branch, example: Config) -> None:
    channel = example.teams[0].channel.model_copy(update={"slack": "#new-leads"})
    put_in_force(branch.store, changed(example, "teams", "austin", channel=channel))
    received = branch.arrive()
    assert isinstance(received, Received)
    assert branch.card(received.lead).place_id == branch.place("#new-leads").id


def test_who_went_off_in_chat_stays_off_when_a_file_that_says_nothing_new_of_it_is_applied(branch: Branch, example: Config) -> None:
    went, _ = branch.store.transact_now(set_off, branch.press("luis", COMPANY), "friday")
    assert isinstance(went, WentOff)

    put_in_force(branch.store, changed(example, "officers", "maya", daily_cap=3))

    assert officer(branch, "luis").off_until == went.until


def test_a_file_that_says_another_day_off_than_chat_is_a_conflict(branch: Branch, example: Config) -> None:
    branch.store.transact_now(set_off, branch.press("luis", COMPANY), "friday")

    with pytest.raises(ChangedElsewhere, match="officer luis: off_until"):
        put_in_force(branch.store, changed(example, "officers", "luis", off_until=date(2027, 3, 1)))
