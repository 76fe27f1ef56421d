"""At four in the team's afternoon its manager reads which bad leads can still go back, and for how many today is the last day."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.capture.returns import MOST_REVIEWED, open_lead_return, returns_to_review
from bot.capture.returns_due import tell_of_returns
from bot.rendering import PLAIN, Words
from bot.store.events import COMPANY
from bot.store.returns import LeadReturn
from bot.updates import ReturnsDue
from bot.wording.returns_due import say_returns_due
from tests.doubles.branch import Branch

PLAIN_WORDS = Words("chat", PLAIN)


def bad_lead(branch: Branch, **fields: Any) -> int:
    """A lead that was paid for, whose price is asked back."""
    received = branch.arrive("zillow", **fields)
    branch.claim("maya", received.lead)
    branch.store.transact_now(open_lead_return, branch.press("maya", received.lead), "bad_number")
    return received.lead


def four_o_clock(branch: Branch, days: int = 0) -> datetime:
    """In Austin, so many days after the branch's own."""
    return branch.clock.at.astimezone(UTC).replace(hour=21, minute=0) + timedelta(days=days)


def local_hour(at: datetime) -> int:
    return at.astimezone(ZoneInfo("America/Chicago")).hour


def at_four(branch: Branch) -> datetime:
    """In Austin, whether summer time is on or off."""
    return next(hour for hour in (four_o_clock(branch), four_o_clock(branch) + timedelta(hours=1)) if local_hour(hour) == 16)


def looks(branch: Branch, at: datetime) -> list[dict[str, Any]]:
    """What this look told, if anything."""
    known = len(branch.events(COMPANY))
    branch.store.transact_now(tell_of_returns, at, "salt")
    return [dict(event.meta) for event in branch.events(COMPANY)[known:]]


def test_what_can_go_back_is_told_once_a_day_at_four(branch: Branch) -> None:
    first = bad_lead(branch)
    second = bad_lead(branch, first_name="Tom", phone="(512) 555-0177")
    at = at_four(branch)

    assert looks(branch, at - timedelta(hours=1)) == []
    [told] = looks(branch, at)
    assert looks(branch, at + timedelta(minutes=5)) == []
    assert looks(branch, at + timedelta(hours=3)) == []

    assert (told["leads"], told["dollars"], told["last_today"]) == (2, 124, 0)
    assert [each[0] for each in told["listed"]] == [first, second]
    assert [posting.topic for posting in branch.postings("notice") if posting.topic == "returns_due"] == ["returns_due"]


def test_who_was_not_told_at_four_is_told_later_that_day(branch: Branch) -> None:
    bad_lead(branch)
    evening = at_four(branch) + timedelta(hours=3)

    [told] = looks(branch, evening)

    assert told["leads"] == 1
    assert looks(branch, evening + timedelta(hours=1)) == []


def test_who_leads_a_team_reviews_its_returns_and_nobody_else(branch: Branch) -> None:
    branch.arrive("website")
    branch.arrive("zillow")
    bad_lead(branch, first_name="Tom", phone="(512) 555-0177")
    known = {
        who: branch.store.transact_now(returns_to_review, branch.officer_id(who), branch.clock.now()) for who in ("sam", "tess", "maya")
    }

    assert [(each.reason, each.had and each.had.source) for each in known["sam"].returns] == [
        ("duplicate", "Website"),
        ("bad_number", None),
    ]
    assert known["tess"] == known["sam"]
    assert known["maya"].returns == ()
    later = branch.store.transact_now(returns_to_review, branch.officer_id("sam"), branch.clock.now() + timedelta(days=11))
    assert later.returns == ()


def test_a_few_are_reviewed_at_a_time_and_the_others_are_counted(branch: Branch) -> None:
    for number in range(MOST_REVIEWED + 2):
        branch.arrive("zillow", property_state="NY", first_name=f"Tom {number}", phone=f"(512) 555-01{number:02}")

    waiting = branch.store.transact_now(returns_to_review, branch.officer_id("sam"), branch.clock.now())

    assert (len(waiting.returns), waiting.more) == (MOST_REVIEWED, 2)


def test_on_its_last_day_it_says_so_and_afterwards_nothing(branch: Branch) -> None:
    bad_lead(branch)
    [asked] = branch.all(LeadReturn)
    last = datetime.combine(asked.due_on, datetime.min.time(), UTC)
    at = next(hour for hour in (last + timedelta(hours=21), last + timedelta(hours=22)) if local_hour(hour) == 16)

    [told] = looks(branch, at)

    assert told["last_today"] == 1
    assert looks(branch, at + timedelta(days=1)) == []


def test_where_nothing_is_open_nobody_is_told(branch: Branch) -> None:
    branch.new_lead()

    assert all(looks(branch, four_o_clock(branch) + timedelta(hours=hour)) == [] for hour in (0, 1))


def test_the_words_count_dollars_and_say_what_to_do() -> None:
    day = datetime(2026, 11, 27, tzinfo=UTC).date()

    said = say_returns_due(PLAIN_WORDS, ReturnsDue(4, 248, 2, ((1042, "Zillow", "bad_number", day, None),)), "en")

    assert said.startswith("4 leads ($248) can still go back, 2 today for the last time. Once the vendor has it: /lead return 1042 sent.")
    assert "#1042, Zillow: bad number, until Fri, Nov 27" in said or "#1042, Zillow: bad number, until Nov 27" in said
    assert said.rstrip().endswith("And more.")
