"""What must not leave as it is written: rates and terms without disclosures, promises, what carriers drop, and places left empty."""

from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.wording_lint import Finding, Purpose, Sender, findings, lacking_in_a_first_text

GOLDEN = [
    tuple(part.strip() for part in line.split(" | ", 2))
    for line in Path(__file__).with_suffix("").with_name("wording_lint.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
ACME = Sender("Acme Mortgage")


@pytest.mark.parametrize(("purpose", "expected", "words"), GOLDEN)
def test_each_sentence_of_the_table_is_judged_as_it_says(purpose: str, expected: str, words: str) -> None:
    assert purpose in ("advertising", "conversation", "their_loan")
    codes = [each.code for each in findings(words, cast(Purpose, purpose))]
    assert codes == ([] if expected == "-" else expected.split(", "))


def test_what_is_found_is_shown_as_it_was_written() -> None:
    assert findings("We are at 6.1 % today", "conversation") == (Finding("rate", "6.1 %"),)
    assert findings("It is $1,980 a month", "conversation") == (Finding("terms", "$1,980 a month"),)


@given(rate=st.decimals("1.6", "14.9", places=3), before=st.sampled_from(["We are at ", "Rate: ", "La tasa es ", "I got you "]))
def test_no_rate_leaves_a_conversation_without_its_apr(rate: object, before: str) -> None:
    said = f"{before}{rate}%"
    assert [each.code for each in findings(said, "conversation")] == ["rate"]
    assert findings(f"{said} (6.4% APR)", "conversation") == ()
    assert findings(said, "their_loan") == ()


@given(dollars=st.integers(300, 9999), per=st.sampled_from(["/month", "/mo", " a month", " per month", " monthly", " al mes"]))
def test_no_payment_leaves_a_conversation_without_its_terms(dollars: int, per: str) -> None:
    assert [each.code for each in findings(f"It would be ${dollars:,}{per}", "conversation")] == ["terms"]
    assert findings(f"You pay ${dollars:,}{per} in rent", "conversation") == ()


@given(hour=st.integers(1, 12), minute=st.integers(0, 59), price=st.integers(100, 2000))
def test_hours_and_prices_are_no_rates(hour: int, minute: int, price: int) -> None:
    assert findings(f"Around {hour} pm or {hour}:{minute:02} for the ${price}k house?", "conversation") == ()


@given(words=st.text(max_size=400), purpose=st.sampled_from(["advertising", "conversation", "their_loan"]), by_text=st.booleans())
def test_whatever_was_typed_is_judged_the_same_each_time_and_each_kind_is_told_once(words: str, purpose: Purpose, by_text: bool) -> None:
    found = findings(words, purpose, by_text=by_text)
    assert found == findings(words, purpose, by_text=by_text)
    codes = [each.code for each in found]
    assert len(codes) == len(set(codes)) and all(len(each.said) <= 40 for each in found)


@given(words=st.text(max_size=200))
def test_what_is_allowed_in_advertising_is_allowed_to_everybody(words: str) -> None:
    if not findings(words, "advertising"):
        assert findings(words, "conversation") == findings(words, "their_loan") == ()


def test_a_first_text_says_who_writes_and_how_to_opt_out() -> None:
    whole = "Hi Dana, Maya at Acme Mortgage, NMLS 123456. Reply STOP to opt out."
    assert lacking_in_a_first_text(whole, ACME) == ()
    assert [each.code for each in lacking_in_a_first_text("Hi Dana", ACME)] == ["no_sender", "no_nmls_id", "no_opt_out"]
    assert [each.code for each in lacking_in_a_first_text("acme  mortgage (NMLS #123456). I stop by at noon.", ACME)] == ["no_opt_out"]
    assert lacking_in_a_first_text("Acme Mortgage NMLS 123456. Responda STOP para no recibir textos.", ACME) == ()
