"""Rates: what is in force and since when, what a borrower waits for, and whom to call about it, with figures for officers alone."""

from datetime import datetime
from typing import assert_never

from bot.leads.lead_facts import shared_facts
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.nurture.rates import (
    MayNotSetRates,
    NoRateRead,
    RateForgotten,
    RateKept,
    RateKnown,
    RateLeaps,
    RateOutcome,
    Rates,
    RateSet,
    RateStands,
)
from bot.rendering import Safe, Words, labels
from bot.rules.rates import COST_PERCENT, SETTLES, break_even, in_percent, saving_of
from bot.rules.roles import who_may
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.store.rates import ToCall
from bot.store.views import LeadView
from bot.wording.working import say_not_worked


def say_rates(words: Words, rates: Rates, language: str, now: datetime) -> str:
    """Each rate in force, since when and who set it, a line each."""
    lines = [
        words.say(
            "rate_line", language, product=each.product, rate=percent(each.rate), before=each.before and percent(each.before),
            since=said_in_full(each.since, rates.zone, now, language), officer=each.officer and one_line(each.officer, 60),
        )
        for each in rates.in_force
    ]  # fmt: skip
    return "\n".join(lines) or words.say("rate_none", language)


def say_rate(words: Words, outcome: RateOutcome, language: str) -> str:
    """What the one who set or kept a rate is told privately."""
    match outcome:
        case RateSet(product, rate, before):
            minutes = int(SETTLES.total_seconds() // 60)
            return words.say("rate_set", language, product=product, rate=percent(rate), before=before and percent(before), minutes=minutes)
        case RateStands(product, rate):
            return words.say("rate_stands", language, product=product, rate=percent(rate))
        case RateLeaps(product, rate, before):
            facts = {"product": product, "rate": percent(rate), "before": percent(before), "written": Safe(in_percent(rate))}
            return words.say("rate_leaps", language, **facts)
        case NoRateRead(lead, wanted):
            return words.say("rate_unread", language, number=lead, wanted=wanted)
        case MayNotSetRates(role):
            return words.say("needs_role", language, role=role, roles=_roles(language))
        case RateKept(lead, what, product, rate, balance, worth_at, now):
            return words.say(
                "rate_kept", language, number=lead, what=what, product=product, rate=percent(rate), balance=balance and dollars(balance),
                worth_at=percent(worth_at), now=now and percent(now), is_there=now is not None and now <= worth_at,
            )  # fmt: skip
        case RateKnown(lead, product, target, note, balance, worth_at):
            return words.say(
                "rate_known", language, number=lead, product=product, target=target and percent(target), note=note and percent(note),
                balance=balance and dollars(balance), worth_at=percent(worth_at),
            )  # fmt: skip
        case RateForgotten(lead, waited):
            return words.say("rate_forgotten", language, number=lead, waited=waited)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)


def say_calls(words: Words, many: int, shown: int, language: str) -> str:
    """What stands above whom to call."""
    return words.say("rate_calls", language, many=many, shown=shown)


def say_call(words: Words, lead: LeadView, call: ToCall, language: str, now: datetime) -> str:
    """A lead to call, with what its borrower would save by today's rate."""
    waits, saving, months = call.waits, None, None
    if waits.balance and waits.counted_from is not None:
        saved = saving_of(waits.balance, waits.counted_from, call.rate, waits.product)
        saving, months = (dollars(round(saved)), break_even(waits.balance, saved)) if round(saved) > 0 else (None, None)
    return words.say(
        "rate_call", language, **shared_facts(lead, now), product=waits.product, rate=percent(call.rate), saving=saving, months=months,
        note=waits.note and percent(waits.note), target=waits.target and percent(waits.target),
        before=waits.before and percent(waits.before), balance=waits.balance and dollars(waits.balance), cost=COST_PERCENT,
    )  # fmt: skip


def percent(rate: int) -> Safe:
    """Nothing of it has to be kept from being markup, and it can be copied."""
    return Safe(f"{in_percent(rate)}%")


def dollars(amount: int) -> Safe:
    return Safe(f"${amount:,}")


def _roles(language: str) -> list[str]:
    return [labels(language)("role", each) for each in who_may("set_rates")]
