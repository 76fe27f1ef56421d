"""What is told where a lead is asked back from its vendor, and wherever a return is shown."""

from functools import partial
from typing import assert_never

from bot.capture.asking_back import AskedBack, NoReturn, Opened
from bot.rendering import Words
from bot.rules.spoken import short_day
from bot.rules.text import one_line
from bot.store.returns import ReturnView


def say_asked_back(words: Words, asked: AskedBack, language: str) -> str:
    """What came of asking for one request."""
    match asked:
        case Opened():
            return say_return_line(words, asked, language)
        case NoReturn(source, because, due_on):
            last_day = due_on and partial(short_day, due_on)
            return words.say("no_return", language, source=one_line(source, 40), because=because, due_on=last_day)
    assert_never(asked)


def say_return_line(words: Words, one: ReturnView | Opened, language: str) -> str:
    """A return as it stands, in one line."""
    price = None if one.price is None else f"${one.price:,}"
    return words.say(
        "return_line", language,
        source=one_line(one.source, 40), price=price, reason=one.reason, due_on=partial(short_day, one.due_on), status=one.status,
        had_from=one.had and one_line(one.had.source, 40), had_on=one.had and partial(short_day, one.had.on),
    )  # fmt: skip
