"""What was understood of the words that leads were looked for by, said so that a person can check it."""

import pytest

from bot.handlers.slack.words import marked
from bot.leads.finding import Condition, Exceptions, Found, FoundLead
from bot.wording.finding import say_found, say_understood


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


@pytest.mark.parametrize(
    ("at_least", "understood", "en", "es"),
    [
        (True, True, "200 or more leads fit: state Texas. Here are the newest", "200 o más leads cumplen: estado Texas. Aquí están"),
        (False, True, "200 leads fit: state Texas. Here are the newest", "200 leads cumplen: estado Texas. Aquí están"),
        (True, False, '200 or more leads fit "dana". Here are the newest', '200 o más leads coinciden con "dana". Aquí están'),
        (False, False, '200 leads fit "dana". Here are the newest', '200 leads coinciden con "dana". Aquí están'),
    ],
)
def test_what_was_not_counted_to_its_end_is_told_so(at_least: bool, understood: bool, en: str, es: str) -> None:
    found = Found(
        (FoundLead(1001, "Dana Rowe", "new", None),), 200, at_least, sure=True, understood=(Condition("state", "Texas"),) * understood
    )
    assert say_found(marked, found, "dana", "en").startswith(en)
    assert say_found(marked, found, "dana", "es").startswith(es)


def test_exceptions_that_were_not_counted_to_their_end_are_told_so() -> None:
    found = Exceptions((FoundLead(1001, "Dana Rowe", "new", None),), 200, at_least=True)
    assert say_found(marked, found, "exceptions", "en").startswith("At least 200 leads wait that nobody on the team may take; here are")
    assert say_found(marked, found, "exceptions", "es").startswith("Al menos 200 leads esperan sin que nadie del equipo pueda tomarlos;")
