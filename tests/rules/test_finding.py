"""What leads are looked for by: "refinance TX older than 90 days"."""

import pytest

from bot.rules.finding import Sought, Spellings, Unclear, read_sought

KNOWN: Spellings = {
    "segment": {"refinance": "refinance", "past client": "past_client"},
    "purpose": {"refinance": "refinance", "cash out refinance": "cash_out", "cash out": "cash_out"},
    "stage": {"new": "new", "nurture": "nurture", "clear to close": "clear_to_close"},
    "source": {"website": "website", "zillow": "zillow"},
    "state": {"tx": "TX", "texas": "TX", "in": "IN", "indiana": "IN", "or": "OR", "ok": "OK", "new york": "NY", "fl": "FL"},
    "officer": {"maya": "maya", "maya torres": "maya", "nobody": "nobody"},
    "grade": {"a": "A", "b": "B"},
}


def sought(*pairs: tuple[str, str]) -> tuple[Sought, ...]:
    return tuple(Sought(part, value) for part, value in pairs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ()),
        ("refinance TX older than 90 days", (("segment", "refinance"), ("state", "TX"), ("older", "90"))),
        ("refinance leads in texas over 3 months old", (("segment", "refinance"), ("state", "TX"), ("older", "90"))),
        ("purpose refinance", (("purpose", "refinance"),)),
        ("cash-out refinance", (("purpose", "cash_out"),)),
        ("segment past_client stage clear to close", (("segment", "past_client"), ("stage", "clear_to_close"))),
        ("new in New York", (("stage", "new"), ("state", "NY"))),
        ("tx or fl", (("state", "TX"), ("state", "FL"))),
        ("state in", (("state", "IN"),)),
        ("new in tx", (("stage", "new"), ("state", "TX"))),
        ("new IN", (("stage", "new"), ("state", "IN"))),
        ("state ok, website; grade a", (("state", "OK"), ("source", "website"), ("grade", "A"))),
        ("grade a or b TX", (("grade", "A"), ("grade", "B"), ("state", "TX"))),
        ("officer Maya Torres score 40", (("officer", "maya"), ("score_from", "40"))),
        ("owner nobody", (("officer", "nobody"),)),
        ("score at least 40", (("score_from", "40"),)),
        ("score 40+", (("score_from", "40"),)),
        ("score 40 or more", (("score_from", "40"),)),
        ("score below 40", (("score_below", "40"),)),
        ("in the last 2 weeks", (("newer", "14"),)),
        ("newer than 10 days", (("newer", "10"),)),
        ("90 days old", (("older", "90"),)),
        ("no contact for 30 days", (("untouched", "30"),)),
        ("last contact older than 30 days", (("untouched", "30"),)),
        ("zillow not contacted in 2 weeks", (("source", "zillow"), ("untouched", "14"))),
        ("etapa new estado TX hace más de 90 días", (("stage", "new"), ("state", "TX"), ("older", "90"))),
        ("sin contacto hace más de 30 días", (("untouched", "30"),)),
        ("los últimos 30 días", (("newer", "30"),)),
        ("TX TX", (("state", "TX"),)),
    ],
)
def test_words_mean_conditions(words: str, found: tuple[tuple[str, str], ...]) -> None:
    assert read_sought(words, KNOWN) == sought(*found)


@pytest.mark.parametrize(
    ("words", "unclear"),
    [
        ("refinance texsa", Unclear("words", "texsa")),
        ("state texsa", Unclear("state", "texsa")),
        ("stage", Unclear("stage", "")),
        ("ok", Unclear("words", "ok")),
        ("a", Unclear("words", "a")),
        ("older than", Unclear("words", "older")),
        ("older than 0 days", Unclear("words", "older")),
        ("older than 9999 years", Unclear("words", "older")),
        ("90 days", Unclear("words", "90")),
        ("score", Unclear("words", "score")),
        ("score 40 or TX", Unclear("words", "TX")),
        ("TX or refinance", Unclear("words", "refinance")),
        ("or TX", Unclear("words", "or")),
        ("TX or", Unclear("words", "or")),
        ("not TX", Unclear("words", "not")),
        ("%", Unclear("words", "%")),
        ("👍", Unclear("words", "👍")),
        ("TX " * 60 + "refinance", Unclear("words", "refinance")),
    ],
)
def test_a_word_that_means_none_is_named_and_never_passed_over(words: str, unclear: Unclear) -> None:
    assert read_sought(words, KNOWN) == unclear
