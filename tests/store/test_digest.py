"""Whom rings gave no rest this hour finds the other free leads in one message, which is kept up to date."""

from datetime import timedelta
from typing import Any

import pytest

from bot.store.events import COMPANY
from bot.store.postings import Posting
from bot.store.rings import Ring
from bot.store.views import drawing
from bot.telling import notice_of
from bot.updates import Digest
from tests.doubles.branch import BEST, Branch

POOR: dict[str, Any] = {"credit": "below 600", "timeline": "just looking", "property_state": "OK"}  # Maya's and Tess's


def digests(branch: Branch) -> list[Posting]:
    return [posting for posting in branch.postings("notice") if posting.topic == "digest"]


def free_in(branch: Branch, posting: Posting) -> list[int]:
    """The leads that the digest shows as it stands now."""
    assert posting.id is not None
    told = notice_of(branch.store.transact_now(drawing, posting.id))
    assert isinstance(told, Digest)
    return [lead.number for lead in told.best]


@pytest.fixture
def leads(branch: Branch) -> list[int]:
    """Nine leads at once: six ring, three are listed."""
    leads = [branch.new_lead(phone=f"(512) 555-01{number:02}", **POOR) for number in range(9)]
    branch.escalate()
    return leads


def test_after_six_rings_an_hour_each_officer_gets_one_digest_and_no_silence(branch: Branch, leads: list[int]) -> None:
    assert len([ring for ring in branch.all(Ring) if ring.digest_seq is None]) == 12
    assert sorted(posting.place_id for posting in digests(branch)) == sorted(
        branch.place(f"{who}@acme.example").id or 0 for who in ("maya", "tess")
    )
    for posting in digests(branch):
        assert free_in(branch, posting) == leads[6:]


def test_a_claim_redraws_the_digest_without_the_lead(branch: Branch, leads: list[int]) -> None:
    before = {posting.id: posting.wanted_version for posting in digests(branch)}
    assert len(before) == 2
    branch.claim("tess", leads[7])
    assert {posting.id for posting in digests(branch)} == set(before)
    for posting in digests(branch):
        assert posting.wanted_version == before[posting.id] + 1
        assert posting.due_at is not None
        assert free_in(branch, posting) == [leads[6], leads[8]]


def test_a_claim_of_a_lead_that_rang_leaves_the_digest_alone(branch: Branch, leads: list[int]) -> None:
    before = [posting.wanted_version for posting in digests(branch)]
    assert len(before) == 2
    branch.claim("tess", leads[0])
    assert [posting.wanted_version for posting in digests(branch)] == before


def test_the_best_lead_stands_first_and_rings_all_the_same(branch: Branch, leads: list[int]) -> None:
    better = branch.new_lead(phone="(512) 555-0131", property_state="OK", timeline="within 3 months")
    best = branch.new_lead(phone="(512) 555-0132", property_state="OK", **BEST)
    branch.escalate()
    assert branch.told(best) == [("ring", ["maya", "tess"])]
    assert free_in(branch, digests(branch)[0]) == [better, *leads[6:]]


@pytest.mark.usefixtures("leads")
def test_within_the_hour_it_is_the_same_message_and_after_it_a_new_one(branch: Branch) -> None:
    branch.clock.skip(minutes=50)
    branch.new_lead(phone="(512) 555-0131", **POOR)
    branch.escalate()
    assert len(digests(branch)) == 2
    branch.clock.skip(minutes=9)
    for number in range(8):
        branch.new_lead(phone=f"(512) 555-02{number:02}", **POOR)
    branch.escalate()
    assert len(digests(branch)) == 2
    branch.clock.skip(minutes=2)
    for number in range(8):
        branch.new_lead(phone=f"(512) 555-03{number:02}", **POOR)
    branch.escalate()
    assert len(digests(branch)) == 4


@pytest.mark.usefixtures("leads")
def test_what_is_listed_is_no_ring(branch: Branch) -> None:
    branch.clock.skip(hours=1, seconds=1)
    later = branch.new_lead(phone="(512) 555-0131", **POOR)
    branch.escalate()
    assert branch.told(later) == [("ring", ["maya", "tess"])]
    assert branch.clock.at - max(ring.at for ring in branch.all(Ring) if ring.digest_seq) > timedelta(hours=1)


@pytest.mark.usefixtures("leads")
def test_the_timeline_says_who_was_sent_a_digest(branch: Branch) -> None:
    sent = [event for event in branch.events(COMPANY) if event.kind == "digest"]
    assert {event.officer_id for event in sent} == {branch.officer_id("maya"), branch.officer_id("tess")}
