"""Every outcome of a press has its words: short, exact, and saying what to do next."""

from datetime import UTC, date, datetime
from typing import get_args

import pytest

from bot.distribution.claiming import AlreadyYours, Claimed, ClaimOutcome, Ended, NotEligible, OnlyInTurn, TooLate
from bot.distribution.passing import MayNotPass, Passed, PassNotNeeded, PassOutcome, PassUndone
from bot.handlers.slack.claiming import claim_words
from bot.handlers.slack.passing import pass_words
from bot.leads.press import NoSuchLead
from bot.rules.eligibility import Reason, Refusal
from tests.doubles.hostile import read_by_people

CLAIMS: list[tuple[ClaimOutcome, str]] = [
    (AlreadyYours(1042), "#1042 is already yours. How to reach them is in my direct message to you."),
    (TooLate(1042, "Maya Torres", 0.4), "Maya Torres was a moment quicker. #1042 is theirs."),
    (TooLate(1042, "Maya Torres", 1), "Maya Torres was 1 second quicker. #1042 is theirs."),
    (TooLate(1042, "Maya Torres", 7.9), "Maya Torres was 7 seconds quicker. #1042 is theirs."),
    (TooLate(1042, "Maya Torres", 300), "Maya Torres already has #1042, for 5:00."),
    (TooLate(1042, "Maya Torres", 200_000), "Maya Torres already has #1042, for 2 days."),
    (Ended(1042, "not_interested"), "#1042 is closed (not interested), so there is nothing to claim."),
    (OnlyInTurn(1042), "#1042 is one of those that nobody picks: type /lead next, and the best one that waits is yours."),
    (NoSuchLead(1042), "There is no lead #1042. Check the number and try again."),
]
REFUSALS = [
    (Refusal(Reason.INACTIVE), "You are not active in Leadbell, so you cannot claim. Ask your manager to switch you on."),
    (Refusal(Reason.ROLE_MAY_NOT_CLAIM, role="compliance"), "As compliance you cannot claim leads. An officer has to."),
    (Refusal(Reason.COMPANY_NOT_LICENSED, state="NY"), "Acme Mortgage is not licensed in NY, so nobody here may take #1042."),
    (Refusal(Reason.NOT_LICENSED, state="TX"), "You are not licensed in TX, so #1042 is for somebody who is."),
    (
        Refusal(Reason.LICENSE_EXPIRED, state="TX", expired_on=date(2026, 1, 31)),
        "Your TX license expired on January 31. Once it is renewed, ask your manager to enter the new date.",
    ),
    (Refusal(Reason.PURPOSE_NOT_OFFERED, purpose="cash_out"), "#1042 is a cash-out refinance, which is not among your products."),
    (
        Refusal(Reason.OFF_DUTY, until=datetime(2026, 11, 28, 1, tzinfo=UTC), zone="America/Chicago"),
        "You are off until Friday, November 27, 7:00 pm CT. /lead on brings you back.",
    ),
    (Refusal(Reason.OVER_CAP, cap=1, count=1), "You have claimed 1 lead today, and your limit is 1. Tomorrow you can claim again."),
    (
        Refusal(Reason.OVER_OPEN_CAP, cap=3, count=3, oldest=1038),
        "You hold 3 leads that you have not called yet, and your limit is 3. Call first: #1038 waits longest.",
    ),
    (Refusal(Reason.OFF_HOURS), "You are outside your own hours now, so it rings for others. You may still claim it."),
    (
        Refusal(Reason.LET_LAPSE),
        "You had #1042 and it went back because nobody called. Others come first now; in a few minutes it is open to you again.",
    ),
    (Refusal(Reason.OVER_CAP, cap=20, count=21), "You have claimed 21 leads today, and your limit is 20. Tomorrow you can claim again."),
]
PASSES: list[tuple[PassOutcome, str]] = [
    (Passed(1042, "busy"), "Passed on #1042: busy for 15 minutes."),
    (Passed(1042, "not_my_product"), "Passed on #1042: not your product."),
    (Passed(1042, "know_them"), "Passed on #1042: you know them."),
    (PassUndone(1042), "Undone. #1042 is open to you again."),
    (PassNotNeeded(1042), "Somebody has #1042 already, so there is nothing to pass."),
    (MayNotPass(1042, "compliance"), "As compliance you cannot do this. Who can: loan officer or team lead or manager."),
    (NoSuchLead(1042), "There is no lead #1042. Check the number and try again."),
]


@pytest.mark.parametrize(("outcome", "words"), CLAIMS)
def test_a_claim_that_does_not_win_is_answered(outcome: ClaimOutcome, words: str) -> None:
    assert read_by_people(claim_words(outcome, "en", "Acme Mortgage") or "") == words


@pytest.mark.parametrize(("because", "words"), REFUSALS)
def test_a_refusal_says_why_and_what_to_do(because: Refusal, words: str) -> None:
    assert read_by_people(claim_words(NotEligible(1042, because), "en", "Acme Mortgage") or "") == words


def test_the_winner_is_answered_by_the_card_and_the_direct_message() -> None:
    assert claim_words(Claimed(1042, 41.0), "en", "Acme Mortgage") is None


@pytest.mark.parametrize(("outcome", "words"), PASSES)
def test_a_pass_is_answered(outcome: PassOutcome, words: str) -> None:
    assert read_by_people(pass_words(outcome, "en")) == words


@pytest.mark.parametrize(("outcome", "words"), [*CLAIMS, *((NotEligible(1042, because), words) for because, words in REFUSALS)])
def test_a_claim_is_answered_in_spanish_too(outcome: ClaimOutcome, words: str) -> None:
    assert read_by_people(claim_words(outcome, "es", "Acme Mortgage") or words) != words


@pytest.mark.parametrize(("outcome", "words"), PASSES)
def test_a_pass_is_answered_in_spanish_too(outcome: PassOutcome, words: str) -> None:
    assert read_by_people(pass_words(outcome, "es")) != words


def test_no_outcome_is_missing_here() -> None:
    assert {type(outcome) for outcome, _ in CLAIMS} | {Claimed, NotEligible} == set(get_args(ClaimOutcome))
    assert {because.reason for because, _ in REFUSALS} == set(Reason)
    assert {type(outcome) for outcome, _ in PASSES} == set(get_args(PassOutcome))
