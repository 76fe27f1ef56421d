"""A lead is judged when it comes, whenever something happens, and as time goes by; every score says by what it was made."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config import Config
from bot.config.scoring import ScoringEntry
from bot.configuring import apply_config
from bot.distribution.scoring import judge_due
from bot.in_force import newest
from bot.rules.scoring import DEFAULT, VERSION, Scoring
from bot.store.installation import prepare
from bot.store.leads import Lead
from bot.store.postings import Posting
from bot.store.records import lead_record
from bot.store.scoring import due_scores, next_score_due
from tests.conftest import NOON
from tests.doubles.branch import BEST, Branch
from tests.doubles.databases import fresh_store
from tests.doubles.texts import NUMBER, Texts
from tests.rules.test_scoring import any_scoring
from tests.store.test_configuring import put_in_force
from tests.store.test_mine import plan_of

SCORING: dict[str, Any] = {
    "rules": [{"reason": "sent by a partner", "when": {"source": ["zillow"]}, "points": 7}],
    "decay": {"every_days": 7, "points": 5, "at_most": 10},
}


def scored_by(branch: Branch, example: Config, **scoring: Any) -> None:
    """From now on leads are scored so."""
    put_in_force(branch.store, example.model_copy(update={"scoring": ScoringEntry.model_validate(scoring)}))
    newer = branch.store.transact_now(newest, {})
    assert newer is not None
    branch.services.in_force = newer


def record(branch: Branch, lead: int) -> dict[str, Any]:
    found = branch.store.transact_now(lead_record, lead)
    assert found is not None
    return found


def reasons(branch: Branch, lead: int) -> dict[str, int]:
    return {reason.says or reason.code: reason.points for reason in branch.view(lead).reasons}


def judges(branch: Branch) -> int:
    """The due loop judges what is due; how many leads."""
    return branch.store.transact_now(judge_due, branch.clock.now(), "salt")[0]


def test_a_score_keeps_its_inputs_its_version_and_its_reasons(branch: Branch) -> None:
    kept = record(branch, branch.new_lead(**BEST))
    assert kept["score_version"] == VERSION
    assert set(kept["score_inputs"]) == {"purpose", "time_frame", "credit", "loan_to_value", "completeness"}
    assert sum(reason["points"] for reason in kept["score_reasons"]) == kept["score"]


def test_a_score_is_explained_as_it_was_made_when_the_config_has_changed_since(branch: Branch, example: Config) -> None:
    scored_by(branch, example, **SCORING)
    received = branch.arrive("zillow", loan_purpose="purchase")
    before = record(branch, received.lead)
    assert {"code": "own", "points": 7, "says": "sent by a partner"} in before["score_reasons"]

    scored_by(branch, example, points={"purpose_purchase": 1})

    after = record(branch, received.lead)
    assert [after[name] for name in ("score", "score_reasons", "score_version")] == [
        before[name] for name in ("score", "score_reasons", "score_version")
    ]


def test_what_a_second_request_knows_counts_at_once(branch: Branch) -> None:
    lead = branch.new_lead()
    before = branch.view(lead)

    branch.arrive("zillow", credit="740+", timeline="right away")

    assert branch.view(lead).score > before.score
    assert "credit_740_up" in reasons(branch, lead)
    asked = next(event for event in branch.events(lead) if event.kind == "asked_again")
    assert (asked.meta["grade_before"], asked.meta["grade"]) == (before.grade, branch.view(lead).grade)


def test_the_newest_wish_about_calls_counts(branch: Branch) -> None:
    lead, texts = branch.new_lead(comments="Please call me"), Texts(branch)
    assert "wants_call_now" in reasons(branch, lead)
    texts.came("No need to call, a text is fine", NUMBER)
    assert "wants_call_now" not in reasons(branch, lead)
    texts.came("can you call me", NUMBER)
    assert {"wants_call_now", "wrote_to_us"} <= reasons(branch, lead).keys()


def test_who_opts_out_answered_nobody(branch: Branch) -> None:
    lead = branch.new_lead()
    Texts(branch).came("STOP", NUMBER)
    assert "wrote_to_us" not in reasons(branch, lead)


def test_the_result_of_a_call_counts_and_does_not_once_it_is_taken_back(branch: Branch, example: Config) -> None:
    scored_by(branch, example, rules=[{"reason": "number does not work", "when": {"bad_number": True}, "points": -10}])
    lead = branch.new_lead(**BEST)
    branch.claim("maya", lead)

    logged = branch.logs("maya", lead, "bad_number")
    assert judges(branch) == 1
    assert reasons(branch, lead)["number does not work"] == -10

    branch.undoes("maya", lead, logged.seq)  # type: ignore[union-attr]
    judges(branch)
    assert "number does not work" not in reasons(branch, lead)


def test_by_default_time_takes_nothing_and_nothing_is_due(branch: Branch) -> None:
    branch.new_lead(**BEST)
    assert branch.store.transact_now(next_score_due) is None


def test_a_borrower_who_is_quiet_loses_points_when_they_are_due_and_has_them_back_when_heard_of(branch: Branch, example: Config) -> None:
    scored_by(branch, example, **SCORING)
    lead = branch.new_lead(**BEST)
    first = branch.view(lead).score

    lost = []
    for _ in range(4):
        due = branch.store.transact_now(next_score_due)
        if due is not None:
            branch.clock.at = due
            assert judges(branch) == 1
        lost.append(first - branch.view(lead).score)

    assert lost == [5, 10, 10, 10]
    assert branch.store.transact_now(next_score_due) is None
    assert branch.clock.now() - branch.view(lead).arrived_at == timedelta(days=14)

    Texts(branch).came("Still there?", NUMBER)
    assert "quiet" not in reasons(branch, lead)
    assert branch.store.transact_now(next_score_due) == branch.clock.now() + timedelta(days=7)


def test_a_lead_that_falls_to_another_grade_says_so_in_its_timeline_and_on_its_card(branch: Branch, example: Config) -> None:
    scored_by(branch, example, decay={"every_days": 1, "points": 50, "at_most": 50})
    lead = branch.new_lead(**BEST)
    wanted = [posting.wanted_version for posting in branch.all(Posting) if posting.lead_id == lead and posting.kind == "card"]

    branch.clock.skip(days=1)
    judges(branch)

    [scored] = [event.meta for event in branch.events(lead) if event.kind == "scored"]
    assert (scored["grade_before"], scored["grade"], scored["points"]) == ("A", branch.view(lead).grade, branch.view(lead).score)
    drawn = [posting.wanted_version for posting in branch.all(Posting) if posting.lead_id == lead and posting.kind == "card"]
    assert drawn == [version + 1 for version in wanted]


def test_a_lead_that_ended_is_due_no_more(branch: Branch, example: Config) -> None:
    scored_by(branch, example, **SCORING)
    lead = branch.new_lead(**BEST)
    branch.claim("maya", lead)
    branch.logs("maya", lead, "not_interested")
    judges(branch)
    assert branch.store.transact_now(next_score_due) is None


def test_many_due_scores_are_made_a_batch_at_a_time(branch: Branch, example: Config) -> None:
    scored_by(branch, example, **SCORING)
    for number in range(3):
        branch.new_lead(first_name=f"Dana{number}", phone=f"(512) 555-01{number:02}")
    branch.clock.skip(days=7)
    assert judges(branch) == 3
    assert judges(branch) == 0


def test_looking_for_what_is_due_reads_no_lead_that_is_not(tmp_path: Path, example: Config) -> None:
    store = fresh_store("sqlite", tmp_path)
    store.transact_now(prepare, "00" * 32, NOON)
    store.transact_now(apply_config, example, by="test", at=NOON, salt="test")
    plans = store.transact_now(
        lambda session: [plan_of(session, lambda: next_score_due(session)), plan_of(session, lambda: due_scores(session, NOON))]
    )
    store.close()
    assert all(plan and all("ix_lead_score_due" in step for step in plan) for plan in plans), plans


def test_a_lead_belongs_to_segments_and_to_more_once_more_is_known(branch: Branch) -> None:
    lead = branch.new_lead(veteran="yes")
    assert branch.view(lead).segments == {"purchase": None, "veteran": None}

    branch.arrive("zillow", first_time_buyer="yes")

    assert branch.view(lead).segments == {"purchase": None, "veteran": None, "first_time_buyer": None}


def test_a_free_lead_that_wakes_after_30_days_is_shown_again(branch: Branch) -> None:
    lead, texts = branch.new_lead(), Texts(branch)
    branch.clock.skip(days=29, hours=23)
    texts.came("Still looking", NUMBER)
    assert not backs(branch, lead)

    branch.clock.skip(days=43)
    texts.came("We found a house!", NUMBER)

    assert [posting.event_seq for posting in backs(branch, lead)] == [branch.events(lead)[-1].seq]
    assert branch.events(lead)[-1].meta["back_after_days"] == 43


def backs(branch: Branch, lead: int) -> list[Posting]:
    return [posting for posting in branch.all(Posting) if posting.lead_id == lead and posting.topic == "back"]


def test_an_owner_who_is_there_hears_that_a_borrower_is_back_and_the_channel_does_not(branch: Branch) -> None:
    lead, texts = branch.new_lead(), Texts(branch)
    branch.claim("maya", lead)
    branch.clock.skip(days=43)

    texts.came("We found a house!", NUMBER)

    wrote = next(event for event in branch.events(lead) if event.kind == "wrote")
    assert wrote.meta["back_after_days"] == 43 and not backs(branch, lead)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scoring=any_scoring(), wish=st.sampled_from(({}, BEST, {"timeline": "this month"})))
def test_no_score_keeps_a_lead_from_being_shown_rung_and_escalated(branch: Branch, scoring: Scoring, wish: dict[str, Any]) -> None:
    """The floor: whatever a config makes of a lead, the same happens for it as for the best one, after the same minutes."""
    assert what_happens(branch, scoring, wish) == what_happens(branch, DEFAULT, BEST)


def what_happens(branch: Branch, scoring: Scoring, wish: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Which steps tell whom of a lead that nobody claims, in a week in which there is no other."""
    branch.clock.skip(days=7)
    branch.services.in_force = replace(branch.services.in_force, scoring=scoring)
    began = len(branch.all(Lead))
    lead = branch.new_lead(**{**wish, "first_name": f"Dana{began}", "phone": f"(512) 555-0{100 + began}", "email": None})
    assert [posting.kind for posting in branch.all(Posting) if posting.lead_id == lead] == ["card"]
    for minutes in (0, 2, 3, 5, 5):
        branch.passes(minutes=minutes)
    happened = branch.told(lead)
    branch.clock.skip(minutes=-15)
    branch.claim("maya", lead)
    branch.logs("maya", lead, "not_interested")
    return happened
