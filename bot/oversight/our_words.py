"""What stands ready for borrowers is read before anybody gets it: templates, sequences, and what the config answers by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.config import Config
from bot.config.drips import Sequence
from bot.nurture.drips import invented_borrowers, library
from bot.rendering import LANGUAGES, PLAIN, Words
from bot.rules.sms_segments import count_segments, tidy
from bot.rules.wording_lint import Code, Finding, Sender, findings, lacking_in_a_first_text

FIRST_TEXTS, LATER_TEXTS = ("greeting", "first_hello"), ("missed_you", "back_soon")
LETTERS = ("greeting", "first_hello", "missed_you", "back_soon")
MOST_SEGMENTS = 4
_by_text, _by_email = Words("sms", PLAIN), Words("email", PLAIN)
_SENTENCES: Mapping[Code, str] = {
    "rate": 'It mentions "{said}": a rate needs its APR and the disclosures beside it (12 CFR 1026.24).',
    "terms": 'It mentions "{said}": that needs the APR and all terms of repayment beside it (12 CFR 1026.24).',
    "promise": 'It says "{said}": nobody may promise that.',
    "carrier": 'It says "{said}": carriers drop texts with such words.',
    "short_link": 'It links through "{said}": carriers drop short links. Write the whole address.',
    "capitals": "It is all in capitals: carriers take it for spam.",
    "empty_place": 'It leaves a place empty: "{said}".',
    "no_sender": "It is a first text and does not name the company.",
    "no_nmls_id": "It is a first text and does not name the company's NMLS id.",
    "no_opt_out": "It is a first text and does not say how to opt out: Reply STOP to opt out.",
}


@dataclass(frozen=True, slots=True)
class _Ready:
    """Words as a borrower would get them, and where they stand."""

    where: str
    words: str
    first: bool = False
    by_text: bool = True


def wrong_words(config: Config) -> Iterator[str]:
    """What must not reach a borrower, each a sentence for an operator that begins with where it stands."""
    sender, told = Sender(config.company.display_name), set[str]()
    for ready in _everything(config):
        found = findings(ready.words, "advertising", by_text=ready.by_text)
        found += lacking_in_a_first_text(ready.words, sender) if ready.first else ()
        sentences = [_sentence(each) for each in found]
        if ready.by_text and (segments := count_segments(tidy(ready.words)).count) > MOST_SEGMENTS:
            sentences.append(f"It takes {segments} segments. Shorten it to {MOST_SEGMENTS}.")
        for sentence in sentences:
            if (line := f"{ready.where}: {sentence}") not in told:  # the same words stand there for every borrower
                told.add(line)
                yield line


def _sentence(finding: Finding) -> str:
    return _SENTENCES[finding.code].format(said=finding.said)


def _everything(config: Config) -> Iterator[_Ready]:
    if config.texting is not None:
        yield _Ready("texting.stop_text", config.texting.stop_text)
        yield _Ready("texting.help_text", config.texting.help_text)
    for language in LANGUAGES:
        for facts in invented_borrowers(config):
            for name in (*FIRST_TEXTS, *LATER_TEXTS):
                yield _Ready(f"messages/sms/{language}/{name}.j2", _by_text.say(name, language, **facts), name in FIRST_TEXTS)
            for name in LETTERS:
                yield _Ready(f"messages/email/{language}/{name}.j2", _by_email.say(name, language, **facts), by_text=False)
            for sequence in library().values():
                yield from _of(sequence, language, facts)


def _of(sequence: Sequence, language: str, facts: Mapping[str, Any]) -> Iterator[_Ready]:
    first = next((place for place, step in enumerate(sequence.steps) if step.sms is not None), None)
    for place, step in enumerate(sequence.steps):
        where = f"messages/drips/{sequence.key}.yaml, step {place + 1}, {language}"
        if step.sms is not None:
            words = _by_text.fill(step.sms.es if language == "es" else step.sms.en, language, **facts)
            yield _Ready(where, words, place == first)
        if step.email is not None:
            subject, letter = step.email.subject, step.email.words
            said = (subject.es, letter.es) if language == "es" else (subject.en, letter.en)
            yield _Ready(where, "\n".join(_by_email.fill(each, language, **facts) for each in said), by_text=False)
