"""What was understood of the words that leads were looked for by, said so that a person can check it."""

import pytest

from bot.finding import Condition
from bot.handlers.slack.words import marked
from bot.wording.finding import say_understood


@pytest.mark.parametrize(
    ("part", "days", "en", "es"),
    [
        ("older", "1", "came in more than 1 day ago", "llegaron hace más de 1 día"),
        ("older", "90", "came in more than 90 days ago", "llegaron hace más de 90 días"),
        ("newer", "1", "came in within the last day", "llegaron en el último día"),
        ("newer", "7", "came in within the last 7 days", "llegaron en los últimos 7 días"),
        ("untouched", "1", "they did not write, for 1 day", "ni ellos escribieron en 1 día"),
    ],
)
def test_one_day_is_not_said_as_several(part: str, days: str, en: str, es: str) -> None:
    understood = (Condition(part, days),)
    assert say_understood(marked, understood, "en").endswith(en)
    assert say_understood(marked, understood, "es").endswith(es)
