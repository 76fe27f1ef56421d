"""Steps that a policy of one's own may take: ring again, give, tell, text and say that nobody is there; each once."""

from functools import partial
from typing import Any

import pytest

from bot.config import Config
from bot.speed_to_lead.escalation import escalate
from bot.store.clocks import clocks_in_order
from bot.store.messages import owed_texts
from bot.store.outbound import Message
from bot.store.people import Officer
from bot.store.views import drawing
from bot.telling import notice_of
from bot.updates import Done, NotCalled
from tests.doubles.branch import Branch
from tests.doubles.texts import Texts
from tests.store.test_policies import put_in_force, with_policies


def follows(branch: Branch, example: Config, **policy: Any) -> None:
    """All teams follow this policy from now on."""
    put_in_force(branch, with_policies(example, {"key": "own", **policy}, teams="own"))


def minutes_pass(branch: Branch, minutes: int) -> None:
    for _ in range(minutes):
        branch.escalate()
        branch.clock.skip(minutes=1)
    branch.escalate()


def test_everybody_who_is_free_is_rung_again_every_so_often_until_a_minute(branch: Branch, example: Config) -> None:
    again = {"after": 2, "do": "ring_again", "every": 2, "until": 6}
    follows(branch, example, unclaimed=[{"after": 0, "do": "ring_best"}, again])
    lead = branch.new_lead()
    minutes_pass(branch, 8)
    rung = [told for kind, told in branch.told(lead) if kind == "ring"]
    assert [len(each) for each in rung] == [3, 4, 4, 4]


def test_a_step_names_a_role_or_an_officer(branch: Branch, example: Config) -> None:
    steps = [{"after": 1, "do": "message", "whom": "team_lead"}, {"after": 2, "do": "message", "whom": "omar"}]
    follows(branch, example, unclaimed=[*steps, {"after": 3, "do": "message", "whom": "manager"}], repeat_every=600)
    lead = branch.new_lead()
    minutes_pass(branch, 5)
    assert branch.told(lead) == [("unclaimed", ["tess"]), ("unclaimed", ["omar"]), ("unclaimed", ["manager"])]


def test_who_left_is_told_nothing(branch: Branch, example: Config) -> None:
    follows(branch, example, unclaimed=[{"after": 1, "do": "message", "whom": "omar"}], repeat_every=600)
    branch.set(Officer, branch.officer_id("omar"), active=False)
    lead = branch.new_lead()
    minutes_pass(branch, 2)
    assert branch.told(lead) == [("unclaimed", [])]


def test_a_lead_is_given_to_the_best_where_no_rule_says_to_whom(branch: Branch, example: Config) -> None:
    follows(branch, example, unclaimed=[{"after": 0, "do": "ring_best"}, {"after": 3, "do": "give"}])
    lead = branch.new_lead()
    minutes_pass(branch, 4)
    view = branch.view(lead)
    assert view.owner_id is not None
    [given] = [event for event in branch.events(lead) if event.kind == "assigned"]
    assert (given.meta["by"], given.meta["by_rule"]) == ("own", True)


@pytest.mark.fault(40)
def test_a_step_says_that_nobody_is_available_and_only_then(branch: Branch, example: Config) -> None:
    follows(branch, example, unclaimed=[{"after": 1, "do": "nobody_available"}, {"after": 3, "do": "nobody_available"}], repeat_every=600)
    lead = branch.new_lead()
    minutes_pass(branch, 2)
    assert branch.told(lead) == []
    for officer in branch.all(Officer):
        branch.set(Officer, officer.id, off_until=branch.clock.at.replace(year=2027))
    minutes_pass(branch, 2)
    assert [kind for kind, _ in branch.told(lead)] == ["nobody_free"]


def test_the_wider_channel_is_a_step_of_its_own(branch: Branch, example: Config) -> None:
    follows(branch, example, unclaimed=[{"after": 1, "do": "wider_channel"}], repeat_every=600)
    lead = branch.new_lead()
    minutes_pass(branch, 2)
    assert branch.told(lead) == [("widened", [])]
    assert len(branch.postings("card", lead)) == 2


def test_an_officer_is_texted_once_and_only_while_nobody_called(branch: Branch, example: Config) -> None:
    follows(branch, example, uncontacted=[{"after": 2, "do": "text", "whom": "tess"}, {"after": 9, "do": "take_back"}])
    lead = branch.new_lead()
    branch.claim("maya", lead)
    minutes_pass(branch, 3)
    branch.escalate()
    assert [told for told in branch.told(lead) if told[0] == "not_called"] == [("not_called", ["tess"])]
    [text] = branch.all(Message)
    assert text.purpose == "paging" and text.body.startswith(f"Leadbell: Maya Torres has lead #{lead} (") and "2 minutes" in text.body
    assert branch.store.transact_now(owed_texts, branch.clock.now()) == [text.id]
    branch.logs("maya", lead, "no_answer")
    assert text.id is not None
    assert Texts(branch).begin(text.id) is None
    assert branch.all(Message)[0].gave_up_because == "no_longer_needed"


def test_an_officer_is_emailed_where_email_is_on(branch: Branch, example: Config) -> None:
    steps = [{"after": 1, "do": "email", "whom": "tess"}, {"after": 2, "do": "email", "whom": "manager"}]
    follows(branch, example, unanswered=[{"after": 0, "do": "tell_owner"}], unclaimed=steps, repeat_every=600)
    lead = branch.new_lead()
    for _ in range(4):
        clocks = branch.store.transact_now(clocks_in_order, branch.clock.now())
        branch.store.transact_now(partial(escalate, email_on=True), branch.clock.now(), "salt", clocks)
        branch.clock.skip(minutes=1)
    emails = branch.all(Message)
    assert [(each.channel, each.subject) for each in emails] == [
        ("email", f"Lead #{lead}: nobody has taken it in 1 minute"),
        ("email", f"Lead #{lead}: nobody has taken it in 2 minutes"),
    ]


@pytest.mark.parametrize("steps_first", [1, 2])
def test_after_a_downtime_one_step_catches_up(branch: Branch, example: Config, steps_first: int) -> None:
    again = {"after": 2, "do": "ring_again", "every": 1, "until": 20}
    follows(branch, example, unclaimed=[{"after": 0, "do": "ring_best"}, again], repeat_every=600)
    lead = branch.new_lead()
    minutes_pass(branch, steps_first)
    before = len(branch.told(lead))
    branch.passes(minutes=12)
    assert len(branch.told(lead)) == before + 1


def test_what_told_of_a_call_that_was_not_made_closes_once_it_was(branch: Branch, example: Config) -> None:
    follows(branch, example, uncontacted=[{"after": 2, "do": "message", "whom": "team_lead"}])
    lead = branch.new_lead()
    branch.claim("maya", lead)
    minutes_pass(branch, 3)
    [number] = [each.id for each in branch.postings("notice", lead) if each.topic == "not_called"]
    assert number is not None
    assert isinstance(notice_of(branch.store.transact_now(drawing, number)), NotCalled)
    branch.logs("maya", lead, "no_answer")
    assert notice_of(branch.store.transact_now(drawing, number)) == Done()
