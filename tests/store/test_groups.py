"""A sequence for many leads: counted first, begun for exactly the number that was typed, nobody twice, and taken back as a whole."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from bot.leads.finding import Condition
from bot.nurture.drips import Called
from bot.nurture.groups import (
    Began,
    GoesBack,
    GroupOutcome,
    MayNotBeginForMany,
    NoSuchGroup,
    NothingAsked,
    NotRead,
    NotSought,
    OtherNumber,
    Proposed,
    begin_group,
    go_on_with_groups,
    propose,
    take_group_back,
)
from bot.outreach.network import PhoneNetwork
from bot.rules.drips import is_held_out
from bot.rules.roles import Role
from bot.store.drip_beginnings import HELD_OUT
from bot.store.drip_figures import figures_of
from bot.store.drips import newest_version_of
from bot.store.events import COMPANY, broken_links
from bot.store.groups import DONE, TAKEN_BACK, Group, GroupLead
from bot.store.leads import Lead
from bot.store.outbound import Enrollment
from bot.store.people import Officer, TeamOfficer
from bot.store.places import KnownOfficer
from bot.store.postings import Posting
from tests.doubles.branch import Branch
from tests.doubles.drips import DripTexts
from tests.doubles.parallel import in_parallel
from tests.doubles.texts import AGREED

NEW_LEAD = Called({"en": "New lead", "es": "Consulta nueva"}, texts_only=True)
NEW = (Condition("stage", "new"),)


class Groups(DripTexts):
    """Tess leads Maya's team."""

    def leads(self, many: int, **fields: str) -> list[int]:
        """So many leads of the team whose borrowers agreed to texts."""
        agreed: dict[str, Any] = {**AGREED, **fields}
        return [
            self.branch.new_lead(phone=f"(512) 555-1{place:03}", email=f"d{place}@example.com", last_name=f"R{place}", **agreed)
            for place in range(self.branch.count(Lead), self.branch.count(Lead) + many)
        ]

    async def counts(self, words: str = "new lead stage new", officer: str = "tess") -> GroupOutcome:
        """Somebody asks how many there are."""
        self.branch.services.network = cast(PhoneNetwork, object())  # texts are on, and nothing is sent here
        row = next(each for each in self.branch.all(Officer) if each.key == officer)
        assert row.id is not None
        person = KnownOfficer(row.id, row.key, row.name, "en", cast(Role, row.role), row.active)
        return await propose(self.branch.services, self.branch.press(officer, COMPANY), person, words)

    def holds_out(self, percent: int) -> None:
        config = self.branch.services.in_force.config
        drips = config.drips.model_copy(update={"holdout_percent": percent})
        changed = config.model_copy(update={"drips": drips})
        self.branch.services.in_force = replace(self.branch.services.in_force, config=changed)
        self.sender = replace(self.sender, holdout_percent=percent)

    def confirms(self, number: object, officer: str = "tess", delivery: str | None = None) -> GroupOutcome:
        return self.store.transact_now(begin_group, self.branch.press(officer, COMPANY, delivery), str(number))

    def takes_back(self, group: int | None = None, officer: str = "tess") -> GroupOutcome:
        return self.store.transact_now(take_group_back, self.branch.press(officer, COMPANY), group)

    def goes_on(self) -> int:
        return self.store.transact_now(go_on_with_groups, self.branch.clock.now(), "salt", self.sender)[0]

    def is_through(self) -> None:
        while self.goes_on():
            pass

    def running(self) -> list[int]:  # type: ignore[override]
        """The leads for which the sequence runs, each as often as it does."""
        return sorted(each.lead_id for each in self.branch.all(Enrollment) if each.ended_because is None)

    def group(self) -> Group:
        return self.branch.all(Group)[-1]

    def told(self) -> list[str]:
        """What is told of groups, in order."""
        return [each.topic or "" for each in self.branch.all(Posting) if (each.topic or "").startswith("group_")]


@pytest.fixture
def groups(branch: Branch) -> Groups:
    return Groups(branch)


async def test_a_count_begins_nothing_and_says_for_how_many_it_may_and_why_not_for_the_others(groups: Groups) -> None:
    able = groups.leads(3)
    groups.branch.new_lead(phone="(512) 555-0177", last_name="Without")
    ran = groups.leads(1)[0]
    groups.branch.claim("maya", ran)
    groups.begins(ran)

    assert await groups.counts() == Proposed(NEW_LEAD, 5, 5, 3, {"no_consent": 1, "runs": 1}, understood=NEW)
    assert groups.running() == [ran]
    assert sorted(each.lead_id for each in groups.branch.all(GroupLead)) == able
    assert groups.goes_on() == 0


async def test_the_number_begins_each_once_a_few_at_a_time_and_one_line_tells_it(groups: Groups) -> None:
    leads = groups.leads(12)
    await groups.counts()
    postings = groups.branch.count(Posting)

    assert groups.confirms(12) == Began(groups.group().id or 0, NEW_LEAD, 12)
    assert groups.goes_on() == 10
    assert groups.running() == leads[:10]
    groups.is_through()

    assert groups.running() == leads
    assert (groups.group().state, groups.group().due_at, groups.group().tally) == (DONE, None, {"began": 12})
    assert groups.branch.count(Posting) == postings + 1
    assert groups.told() == ["group_done"]
    for lead in leads:
        begun = groups.events(lead, "drip_begun")
        assert [(each["officer"], each["group"]) for each in begun] == [("Tess Lindqvist", groups.group().id)]
    assert groups.store.transact_now(lambda session: list(broken_links(session))) == []


async def test_another_number_begins_nothing_and_the_right_one_counts_once(groups: Groups) -> None:
    groups.leads(3)
    await groups.counts()

    assert groups.confirms(4) == OtherNumber("4", 3)
    assert groups.confirms("all") == OtherNumber("all", 3)
    assert isinstance(groups.confirms(3, delivery="once"), Began)
    assert isinstance(groups.confirms(3, delivery="once"), Began)
    assert groups.confirms(3) == NothingAsked()


async def test_a_number_holds_for_a_quarter_of_an_hour_and_only_for_who_counted(groups: Groups) -> None:
    groups.leads(2)
    await groups.counts()

    assert groups.confirms(2, officer="sam") == NothingAsked()
    groups.branch.clock.skip(minutes=16)
    assert groups.confirms(2) == NothingAsked()


async def test_a_new_count_takes_the_place_of_the_one_before(groups: Groups) -> None:
    groups.leads(2)
    await groups.counts()
    groups.leads(1)
    await groups.counts()

    assert groups.branch.count(Group) == 1
    assert groups.confirms(2) == OtherNumber("2", 3)


async def test_each_is_judged_again_as_it_begins(groups: Groups) -> None:
    stopped, ran, moved, _ = leads = groups.leads(4)
    await groups.counts()
    groups.came("STOP", number="+1512555" + f"1{leads.index(stopped):03}")
    groups.branch.claim("maya", ran)
    groups.begins(ran)
    groups.branch.set(Lead, moved, stage="application")

    groups.confirms(4)
    groups.is_through()

    assert groups.group().tally == {"opted_out": 1, "runs": 1, "stage": 1, "began": 1}
    assert groups.running() == [ran, leads[3]]


async def test_a_share_is_held_out_once_counted_before_and_at_the_end_and_compared_in_the_report(groups: Groups) -> None:
    groups.holds_out(50)
    leads = groups.leads(12)
    left_out = [lead for lead in leads if is_held_out("new_lead", lead, 50)]
    able = 12 - len(left_out)
    assert 0 < able < 12

    for _ in range(2):
        assert await groups.counts() == Proposed(NEW_LEAD, 12, 12, able, {}, len(left_out), NEW)
        assert groups.confirms(12) == OtherNumber("12", able)
        assert groups.confirms(able) == Began(groups.group().id or 0, NEW_LEAD, able)
        groups.is_through()
        assert groups.running() == [lead for lead in leads if lead not in left_out]
        assert groups.group().tally == {"began": able, HELD_OUT: len(left_out)}
        assert groups.takes_back() == GoesBack(NEW_LEAD, already=False)
        groups.is_through()
        assert groups.group().tally == {"ended": able}

    version = groups.store.transact_now(newest_version_of, "new_lead")
    assert version is not None
    figures = groups.store.transact_now(figures_of, version)
    assert (figures.began, figures.left_out) == (2 * able, len(left_out))


async def test_who_leads_no_more_begins_for_nobody_else(groups: Groups) -> None:
    groups.leads(12)
    await groups.counts()
    groups.confirms(12)
    groups.goes_on()
    groups.branch.set(Officer, groups.branch.officer_id("tess"), role="officer")
    groups.is_through()

    assert groups.group().tally == {"began": 10, "not_yours": 2}


async def test_several_processes_begin_each_lead_once(groups: Groups) -> None:
    leads = groups.leads(30)
    await groups.counts()
    groups.confirms(30)

    in_parallel([groups.goes_on for _ in range(12)])
    groups.is_through()

    assert groups.running() == leads
    assert groups.group().tally == {"began": 30}
    assert groups.told() == ["group_done"]


async def test_a_group_is_taken_back_while_it_still_begins(groups: Groups) -> None:
    groups.leads(25)
    await groups.counts()
    groups.confirms(25)
    groups.goes_on()

    assert groups.takes_back() == GoesBack(NEW_LEAD, already=False)
    groups.is_through()

    assert groups.running() == []
    assert (groups.group().state, groups.group().tally) == (TAKEN_BACK, {"ended": 10})
    assert groups.told() == ["group_taken_back"]
    assert groups.takes_back() == GoesBack(NEW_LEAD, already=True)


async def test_taking_back_and_beginning_at_once_leaves_nothing_running(groups: Groups) -> None:
    groups.leads(30)
    await groups.counts()
    groups.confirms(30)

    doing: list[Callable[[], object]] = [groups.goes_on, groups.goes_on, groups.takes_back, groups.goes_on, groups.goes_on]
    in_parallel(doing)
    groups.is_through()

    assert groups.running() == []
    assert groups.group().state == TAKEN_BACK


async def test_what_somebody_began_anew_since_is_not_taken_back(groups: Groups) -> None:
    [lead] = groups.leads(1)
    await groups.counts()
    groups.confirms(1)
    groups.is_through()
    groups.branch.claim("maya", lead)
    groups.stops(lead)
    groups.begins(lead)

    groups.takes_back()
    groups.is_through()

    assert groups.running() == [lead]
    assert groups.group().tally == {"over": 1}


async def test_a_manager_takes_back_somebody_elses_group_and_another_team_lead_does_not(groups: Groups) -> None:
    groups.leads(1)
    await groups.counts()
    groups.confirms(1)
    groups.is_through()
    group = groups.group().id
    groups.branch.set(Officer, groups.branch.officer_id("luis"), role="team_lead")

    assert groups.takes_back(group, officer="luis") == NoSuchGroup()
    assert groups.takes_back(officer="sam") == NoSuchGroup()
    assert groups.takes_back(group, officer="sam") == GoesBack(NEW_LEAD, already=False)
    groups.is_through()
    assert groups.told() == ["group_done", "group_taken_back", "group_taken_back"]


@pytest.mark.parametrize("officer", ["maya", "cora"])
async def test_other_roles_count_begin_and_take_back_nothing(groups: Groups, officer: str) -> None:
    groups.leads(1)

    outcomes = [await groups.counts(officer=officer), groups.confirms(1, officer=officer), groups.takes_back(officer=officer)]

    assert {type(each) for each in outcomes} == {MayNotBeginForMany}
    assert groups.branch.count(Group) == 0


async def test_only_leads_of_teams_that_one_leads_are_counted(groups: Groups) -> None:
    groups.leads(2)
    for row in groups.branch.all(TeamOfficer):
        if row.officer_id == groups.branch.officer_id("tess"):
            groups.store.transact_now(partial(_leads_no_more, row))

    assert await groups.counts() == Proposed(NEW_LEAD, 0, 0, 0, {}, understood=NEW)
    assert isinstance(await groups.counts(officer="sam"), Proposed)


def _leads_no_more(row: TeamOfficer, session: Session) -> None:
    session.connection().execute(update(TeamOfficer).values(leads_team=False).where(col(TeamOfficer.officer_id) == row.officer_id))


async def found(groups: Groups, words: str) -> int:
    outcome = await groups.counts(f"new lead {words}")
    assert isinstance(outcome, Proposed), outcome
    return outcome.fitting


async def test_conditions_must_all_fit(groups: Groups) -> None:
    first_home, other = groups.leads(1, first_time_buyer="yes"), groups.leads(2)
    assert "first_time_buyer" in groups.branch.view(first_home[0]).segments

    counted = await groups.counts("new lead segment first-time buyer TX newer than 9 days")
    understood = (Condition("segment", "first-time buyer"), Condition("state", "Texas"), Condition("newer", "9"))
    assert counted == Proposed(NEW_LEAD, 1, 1, 1, {}, understood=understood)
    assert await found(groups, "segment first_time_buyer stage nurture") == 0
    assert await found(groups, "segment purchase source website") == 3
    assert len(other) == 2


async def test_leads_are_looked_for_by_who_holds_them_where_they_buy_what_for_and_how_good_they_are(groups: Groups) -> None:
    [mine, free], [oklahoma] = groups.leads(2), groups.leads(1, property_state="OK", property_zip="73101", loan_purpose="refinance")
    groups.branch.claim("maya", mine)
    groups.branch.set(Lead, free, score=80, grade="A")
    groups.branch.set(Lead, mine, score=20, grade="D")
    groups.branch.set(Lead, oklahoma, score=50, grade="B")

    for words, many in [
        ("officer maya", 1), ("officer Maya Torres", 1), ("owner nobody", 2), ("officer me", 0), ("maya or nobody", 3), ("TX", 2),
        ("oklahoma", 1), ("TX or OK", 3), ("refinance", 1), ("purpose purchase", 2), ("score 50", 2), ("score below 50", 1), ("grade A", 1),
        ("grade a or b", 2), ("TX score 50 officer nobody", 1),
    ]:  # fmt: skip
        assert (words, await found(groups, words)) == (words, many)


async def test_leads_are_looked_for_by_when_they_came_and_when_anybody_was_last_in_touch(groups: Groups) -> None:
    old, tried, wrote, asked_again = groups.leads(4)
    groups.branch.clock.skip(days=80)
    groups.branch.claim("maya", tried)
    groups.branch.logs("maya", tried, "no_answer")
    groups.came("Any news?", number="+15125551002")
    agreed: dict[str, Any] = {**AGREED}
    groups.branch.arrive(source="zillow", phone="(512) 555-1003", email="d3@example.com", last_name="R3", **agreed)
    groups.branch.clock.skip(days=20)
    groups.leads(1)

    assert groups.branch.view(asked_again).arrivals > 1 and {old, wrote} == {1001, 1003}
    assert await found(groups, "older than 90 days") == 4
    assert await found(groups, "in the last 90 days") == 1
    assert await found(groups, "no contact for 90 days") == 1
    assert await found(groups, "no contact for 2 weeks") == 4
    assert await found(groups, "no contact for 2 weeks TX officer maya") == 1


async def test_words_that_are_not_known_are_asked_back(groups: Groups) -> None:
    for words, part in [
        ("new laed stage new", "sequence"),
        ("stage new", "sequence"),
        ("new lead", "conditions"),
        ("new lead for leads", "conditions"),
    ]:
        outcome = await groups.counts(words)
        assert isinstance(outcome, NotRead)
        assert outcome.part == part
    for words, part, known in [
        ("new lead segment everybody", "segment", "first-time buyer"),
        ("new lead stage", "stage", "clear to close"),
        ("new lead source websiet", "source", "Website"),
        ("new lead officer myaa", "officer", "Maya Torres"),
        ("new lead TX whatever", "words", ""),
    ]:
        outcome = await groups.counts(words)
        assert isinstance(outcome, NotSought)
        assert outcome.because.part == part
        assert known in ", ".join(outcome.because.known)
    assert groups.branch.count(Group) == 0
