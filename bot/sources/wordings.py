"""What senders say about a loan, in the few words that Leadbell knows. Every reader gives None for what it does not understand."""

import re
from typing import TypeVar

from bot.rules.money import read_money
from bot.rules.scoring import Intent
from bot.sources.new_lead import PropertyType, PropertyUse, Purpose, TriggerBasis

Word = TypeVar("Word")

# The first phrase that begins a word of the sender's text decides, so the special ones stand before the general ones.
_PURPOSES: tuple[tuple[str, Purpose], ...] = (
    ("refinance home equity", "refinance"),
    ("refinance and home equity", "refinance"),
    ("no cash", "refinance"),
    ("nocash", "refinance"),
    ("reverse", "reverse"),
    ("hecm", "reverse"),
    ("cash out", "cash_out"),
    ("cashout", "cash_out"),
    ("take cash", "cash_out"),
    ("get cash", "cash_out"),
    ("debt consol", "cash_out"),
    ("consolidat", "cash_out"),
    ("heloc", "home_equity"),
    ("home equity", "home_equity"),
    ("equity", "home_equity"),
    ("second mortgage", "home_equity"),
    ("2nd mortgage", "home_equity"),
    ("home improvement", "home_equity"),
    ("construct", "construction"),
    ("build", "construction"),
    ("refi", "refinance"),
    ("rate and term", "refinance"),
    ("rate term", "refinance"),
    ("lower my rate", "refinance"),
    ("lower rate", "refinance"),
    ("lower payment", "refinance"),
    ("purchas", "purchase"),
    ("buy", "purchase"),
    ("pre approv", "purchase"),
    ("preapprov", "purchase"),
    ("pre qual", "purchase"),
    ("prequal", "purchase"),
    ("new home", "purchase"),
    ("compra", "purchase"),
    ("other", "other"),
)
_INTENTS: tuple[tuple[str, Intent], ...] = (
    ("pre approv", "pre_approval"),
    ("preapprov", "pre_approval"),
    ("pre qual", "pre_approval"),
    ("prequal", "pre_approval"),
    ("full app", "full_application"),
    ("application", "full_application"),
    ("apply", "full_application"),
    ("quote", "rate_quote"),
    ("rate", "rate_quote"),
)
_USES: tuple[tuple[str, PropertyUse], ...] = (
    ("non owner", "investment"),
    ("nonowner", "investment"),
    ("invest", "investment"),
    ("rental", "investment"),
    ("secondary", "secondary"),
    ("second", "secondary"),
    ("2nd", "secondary"),
    ("vacation", "secondary"),
    ("primary", "primary"),
    ("principal", "primary"),
    ("owner", "primary"),
    ("main", "primary"),
)
_TYPES: tuple[tuple[str, PropertyType], ...] = (
    ("multi", "multi_family"),
    ("duplex", "multi_family"),
    ("triplex", "multi_family"),
    ("fourplex", "multi_family"),
    ("quadplex", "multi_family"),
    ("2 4", "multi_family"),
    ("2 unit", "multi_family"),
    ("3 unit", "multi_family"),
    ("4 unit", "multi_family"),
    ("mobile", "manufactured"),
    ("manufactured", "manufactured"),
    ("condo", "condo"),
    ("town", "townhouse"),
    ("co op", "cooperative"),
    ("coop", "cooperative"),
    ("single", "single_family"),
    ("sfr", "single_family"),
    ("sfh", "single_family"),
    ("detached", "single_family"),
    ("modular", "single_family"),
    ("land", "land"),
    ("lot", "land"),
    ("house", "single_family"),
    ("pud", "single_family"),
    ("other", "other"),
)
_CREDIT_WORDS = (
    ("excellent", (720, 850)),
    ("very good", (720, 850)),
    ("not good", (300, 619)),
    ("below average", (300, 619)),
    ("good", (680, 719)),
    ("fair", (620, 679)),
    ("average", (620, 679)),
    ("poor", (300, 619)),
    ("bad", (300, 619)),
    ("needs work", (300, 619)),
)
# Whole wordings alone: "not authorized" must not be read as its opposite.
_BASES: dict[str, TriggerBasis] = {
    **dict.fromkeys(("authorized", "authorised", "authorization", "consumer authorized", "consumer authorization"), "authorized"),
    **dict.fromkeys(("current originator", "originator", "originated current mortgage", "originated current loan"), "current_originator"),
    **dict.fromkeys(("current servicer", "servicer", "services current mortgage", "services current loan"), "current_servicer"),
    **dict.fromkeys(("account holder", "account", "current account", "deposit account", "member"), "account_holder"),
}
_YES = frozenset(["yes", "y", "true", "t", "1", "on", "checked", "agree", "agreed", "si", "sí"])
_NO = frozenset(["no", "n", "false", "f", "0", "off", "unchecked", "none", "never", "not"])
_LANGUAGES = {
    **dict.fromkeys(("english", "en", "ingles", "inglés"), "en"),
    **dict.fromkeys(("spanish", "es", "espanol", "español"), "es"),
    **dict.fromkeys(("chinese", "mandarin", "cantonese", "zh"), "zh"),
    **dict.fromkeys(("vietnamese", "vi"), "vi"),
    **dict.fromkeys(("tagalog", "filipino", "tl"), "tl"),
    **dict.fromkeys(("korean", "ko"), "ko"),
    **dict.fromkeys(("russian", "ru"), "ru"),
    **dict.fromkeys(("ukrainian", "uk"), "uk"),
    **dict.fromkeys(("polish", "pl"), "pl"),
    **dict.fromkeys(("portuguese", "pt", "portugues", "português"), "pt"),
    **dict.fromkeys(("french", "fr", "francais", "français"), "fr"),
    **dict.fromkeys(("haitian", "creole", "ht"), "ht"),
    **dict.fromkeys(("german", "de", "deutsch"), "de"),
    **dict.fromkeys(("italian", "it"), "it"),
    **dict.fromkeys(("arabic", "ar"), "ar"),
    **dict.fromkeys(("farsi", "persian", "fa"), "fa"),
    **dict.fromkeys(("armenian", "hy"), "hy"),
    **dict.fromkeys(("hindi", "hi"), "hi"),
    **dict.fromkeys(("urdu", "ur"), "ur"),
    **dict.fromkeys(("bengali", "bn"), "bn"),
    **dict.fromkeys(("gujarati", "gu"), "gu"),
    **dict.fromkeys(("punjabi", "pa"), "pa"),
    **dict.fromkeys(("telugu", "te"), "te"),
    **dict.fromkeys(("tamil", "ta"), "ta"),
    **dict.fromkeys(("japanese", "ja"), "ja"),
    **dict.fromkeys(("hmong", "hmn"), "hmn"),
    **dict.fromkeys(("somali", "so"), "so"),
    **dict.fromkeys(("amharic", "am"), "am"),
}
_LONGEST = 200
_SCORES = (300, 850)
_NOT_WORDS = re.compile(r"[\W_]+")
_CREDIT_NUMBERS = re.compile(r"(?:(?:over|under|above|below|less than|more than|at least|up to|[<>]=?) ?)?(?<![0-9])[0-9]{3}(?![0-9]).*")


def plain(text: str) -> str:
    """Lower-case words with single spaces, as wordings are compared."""
    return _NOT_WORDS.sub(" ", text[:_LONGEST]).strip().lower()


def read_purpose(text: str) -> Purpose | None:
    """What the loan is for: "buy", "Home purchase", "refinance & home equity"."""
    return _first_phrase(text, _PURPOSES)


def read_intent(text: str) -> Intent | None:
    """What is asked for: "Rate quote", "full application", "get pre-approved"."""
    return _first_phrase(text, _INTENTS)


def read_property_use(text: str) -> PropertyUse | None:
    """Who will live there: "Primary residence", "second home", "rental"."""
    return _first_phrase(text, _USES)


def read_property_type(text: str) -> PropertyType | None:
    """What is built there: "Town House", "Mobile", "2-4 unit"."""
    return _first_phrase(text, _TYPES)


def read_yes_no(text: str) -> bool | None:
    """Yes or no by the first word: "Y", "true", 1, "no, I need one"."""
    first = plain(text).partition(" ")[0]
    if first in _YES:
        return True
    return False if first in _NO else None


def read_military(text: str) -> bool | None:
    """Whether the borrower serves or served: yes, no, or how."""
    said = read_yes_no(text)
    serves = _first_phrase(text, (("active", True), ("veteran", True), ("reserve", True), ("national guard", True), ("civilian", False)))
    return serves if said is None else said


def read_language(text: str) -> str | None:
    """A language as ISO 639-1, from its name in English or its own, or from a code such as es-MX."""
    return _LANGUAGES.get(plain(text).partition(" ")[0])


def read_credit(text: str) -> tuple[int | None, int | None] | None:
    """Lowest and highest score of a credit band: "Excellent", "720-759", "700", "good (680-719)", "below 620"; None when it names none."""
    numbers = _CREDIT_NUMBERS.search(text[:_LONGEST].lower().replace("(", " ").replace(")", " "))
    band = read_money(numbers.group()) if numbers else None
    if band is None:
        return _first_phrase(text, _CREDIT_WORDS)
    known = [score for score in (band.low, band.high) if score is not None]
    return (band.low, band.high) if all(_SCORES[0] <= score <= _SCORES[1] for score in known) else None


def read_score(text: str) -> int | None:
    """One credit score, 300 to 850."""
    score = int(text) if text.isascii() and text.isdigit() and len(text) == 3 else 0
    return score if _SCORES[0] <= score <= _SCORES[1] else None


def _first_phrase(text: str, phrases: tuple[tuple[str, Word], ...]) -> Word | None:
    said = f" {plain(text)}"
    return next((word for phrase, word in phrases if f" {phrase}" in said), None)


def read_trigger_basis(text: str) -> TriggerBasis | None:
    """On what a credit bureau may have furnished a trigger lead."""
    return _BASES.get(" ".join(re.sub(r"[\W_]+", " ", text.lower()).split()))
