"""Words of strangers that are made to keep patterns busy: 100,000 letters take no longer than the work of a line each."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.rules.asking_us import asks_us_again
from bot.rules.certificates import certificate_in
from bot.rules.claim_by_text import lead_claimed
from bot.rules.clicking import links_in
from bot.rules.commands import read
from bot.rules.consent import CALLS, NAMES_TEXTS, RECORDINGS, TEXTS, agrees_to, names_company
from bot.rules.dispositions import closest
from bot.rules.emailing import tidy_subject, tidy_words
from bot.rules.finding import read_sought
from bot.rules.languages import preferred, written_language
from bot.rules.money import read_money, read_percent
from bot.rules.opt_out import read_wish
from bot.rules.phones import find_phone
from bot.rules.redaction import redact, without_birth_date, without_contact, without_ssn
from bot.rules.replying import answered_email, new_words
from bot.rules.scoring import call_wish, wants_call_now
from bot.rules.text import bare_words, clean, initial_name, one_line
from bot.rules.visiting import landing
from bot.rules.when import read_beginning

NOW = datetime(2026, 11, 28, 15, tzinfo=UTC)
LETTERS = 100_000
SECONDS = 3.0
"""Of this process's own work. A pattern whose time grows with the square of the words needs hundreds, with their cube days."""
READERS: dict[str, Callable[[str], object]] = {
    "without_contact": without_contact,
    "redact": redact,
    "without_ssn": lambda words: without_ssn(words, ""),
    "without_birth_date": lambda words: without_birth_date(words, ""),
    "read_wish": read_wish,
    "call_wish": call_wish,
    "asks_us_again": asks_us_again,
    "wants_call_now": lambda words: wants_call_now(words, words),
    "written_language": written_language,
    "preferred": lambda words: preferred(words, ("en", "es")),
    "new_words": new_words,
    "answered_email": lambda words: answered_email(b"key", words),
    "clean": clean,
    "one_line": lambda words: one_line(words, 300),
    "bare_words": bare_words,
    "initial_name": lambda words: initial_name(words, words),
    "names_company": lambda words: names_company(words, [words], ["Acme Home Loans LLC"]),
    "agrees_to_texts": lambda words: agrees_to(TEXTS, words),
    "names_texts": NAMES_TEXTS.search,
    "agrees_to_calls": lambda words: agrees_to(CALLS, words),
    "agrees_to_recordings": lambda words: agrees_to(RECORDINGS, words),
    "read_money": read_money,
    "read_percent": read_percent,
    "find_phone": find_phone,
    "certificate_in": certificate_in,
    "lead_claimed": lead_claimed,
    "links_in": links_in,
    "landing": lambda words: landing(words, "token", ["https://acme.example"]),
    "tidy_words": tidy_words,
    "tidy_subject": tidy_subject,
    "commands": lambda words: read(words, {"claim": "claim"}, ()),
    "dispositions": closest,
    "finding": lambda words: read_sought(words, {}),
    "when": lambda words: read_beginning(words, NOW, "America/Chicago"),
}
SHAPES = (
    *("@", "a@", "a@a.", ".@", "1", "1 ", "1-", "(1", "1,", "1/", "1.", "$1", "%", "#", "# "),
    *(" ", "\n", " \n", "\t", "\u00a0", "a", "a ", "A", "A ", "a.", "a-", "é", "\u0301"),
    *('"', "'", "\u201c", 'a"', "(", ")", "[", "{", "<", ">", "<a ", "&", "-", "--", "_", "*", "=", ":", "a:", ";", "/", "a/", "\\"),
    *("http://", "https://a.", "www.", "account ", "born ", "ssn ", "ssn 1", "last four "),
    *("may 1 ", "one ", "stop ", "no ", "call ", "text ", "by text ", "do not call ", "and I "),
    *("wrote: ", "On 1 ", "removed ", "liked \u201c", "claim ", "lead ", "cover ", "5% ", "from 5% ", "in 2 hours ", "or "),
)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.fault(77)
def test_a_hundred_thousand_letters_made_to_keep_it_busy_are_read_at_once(reader: str) -> None:
    for shape in SHAPES:
        hostile = f"1 dana {(shape * LETTERS)[:LETTERS]} 1"
        began = time.process_time()
        READERS[reader](hostile)
        assert time.process_time() - began < SECONDS, (reader, shape)
