"""What is told of leads that can still go back to their vendors: at four to a team's manager, and to who reviews them."""

from datetime import date
from functools import partial

from bot.capture.returns import ToReview
from bot.rendering import Safe, Words, labels
from bot.rules.spoken import short_day
from bot.rules.text import one_line
from bot.store.returns import Had, OpenReturn
from bot.updates import ReturnsDue


def say_returns_due(words: Words, told: ReturnsDue, language: str) -> str:
    lines = [_line(words, *each, None, language) for each in told.listed]
    facts = {"leads": told.leads, "dollars": f"{told.dollars:,}" if told.dollars else None, "last_today": told.last_today}
    return words.say("returns_due", language, **facts, listed=Safe("\n".join(lines)), more=told.leads > len(told.listed))


def say_to_review(words: Words, waiting: ToReview, language: str) -> str:
    """What stands above the returns that are reviewed."""
    return words.say("returns_to_review", language, many=len(waiting.returns), more=waiting.more)


def say_return_to_review(words: Words, one: OpenReturn, language: str) -> str:
    """One of them, with what there is to judge it by."""
    return _line(words, one.lead_id, one.source, one.reason, one.due_on, one.had, one.price, language)


def _line(words: Words, number: int, source: str, reason: str, due_on: date, had: Had | None, price: int | None, language: str) -> str:
    return words.say(
        "return_due", language,
        number=number, source=one_line(source, 60), reason=labels(language)("return_reason", reason), due_on=partial(short_day, due_on),
        had_from=had and one_line(had.source, 40), had_on=had and partial(short_day, had.on), price=price and f"${price:,}",
    )  # fmt: skip
