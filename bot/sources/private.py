"""What must not be kept at all: social security numbers, birth dates, and the senders' own secrets."""

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from bot.rules.redaction import without_birth_date, without_ssn
from bot.sources.field_names import plain_name

_REMOVED = "[removed]"
SSN_SENT = "A social security number was sent and dropped."
_BIRTH_DATE_SENT = "A birth date was sent and dropped."
PRIVATE_NOTES = (SSN_SENT, _BIRTH_DATE_SENT)

_SSN_NAME = re.compile(
    r"ssn(?:last4?|last4digits|number|no|4)?\d*$|^(?:\w*(?:borrower|applicant|spouse))?ssn|socialsec|taxid|taxpayer|itin$"
)
_BIRTH_NAME = re.compile(r"dob$|^dob|birthda|birthyear|birthmonth|ofbirth|^birth$|^born$")
_SECRET_NAMES = {"key", "apikey", "accesskey", "googlekey", "campaignkey", "lpcampaignkey", "webhookkey"}
_SECRET_NAMES |= {"secret", "password", "passwd", "pwd", "accesstoken", "authtoken", "authorization"}
_LONGEST_NAME = 100  # of a nested name its end says what it is
_SHORTEST = 9
_GROUPED_DIGITS = re.compile(r"\d{3}\D\d\d\D\d{4}")
_WORDS_BESIDE = (
    "social",
    "ssn",
    "s.s.n",
    "ss#",
    "ss #",
    "itin",
    "tax id",
    "born",
    "birth",
    "dob",
    "d.o.b",
    "bday",
    "b-day",
    "nac",
    "cumple",
)

# In a request that is not taken apart: whatever may be a name, what such names have in common, and the value behind one: in JSON, a form,
# XML or a part of a multipart form, perhaps one level deeper, or beside the name of a question.
_TOKEN = re.compile(r"(?<![\w.+%\[\]-])[\w.+%\[\]-]{1,100}")
_MAY_BE_PRIVATE = re.compile(r"ssn|soc|tax|itin|dob|birth|born", re.IGNORECASE)
_MAY_NOT_BE_KEPT = re.compile(rf"{_MAY_BE_PRIVATE.pattern}|key|secret|pass|pwd|token|auth", re.IGNORECASE)
_VALUE = re.compile(
    r"""["']?(?:\s{0,9},\s{0,9}["']\w{1,20}["'])?\s{0,9}[:=>][\s\[{"']{0,20}(?:\w{1,20}["']\s{0,9}:[\s\["']{0,20})?([^"'<>&\n,;}\]]+)"""
    r"""|\s[^<>\n]{0,100}>([^<]+)|"[^\n]{0,100}\n(?:[^\n]{1,100}\n)?\s{0,9}\n([^\n]+)"""
)


def why_not_kept(name: str) -> str | None:
    """A note when a field of this name must not be kept; an empty one when it is a secret of the sender; None when it may be kept."""
    name = name[-_LONGEST_NAME:]
    for plain in map(plain_name, {name, *name.split(".")}):
        if plain in _SECRET_NAMES:
            return ""
        if _SSN_NAME.search(plain):
            return SSN_SENT
        if _BIRTH_NAME.search(plain):
            return _BIRTH_DATE_SENT
    return None


def without_private(text: str) -> tuple[str, list[str]]:
    """The text with social security numbers and birth dates taken out, and a note for each kind that was."""
    lowered = text.lower()
    if len(text) < _SHORTEST or not (any(word in lowered for word in _WORDS_BESIDE) or _GROUPED_DIGITS.search(text)):
        return text, []  # nearly always, and much faster than the patterns below
    notes = []
    for without, note in ((without_ssn, SSN_SENT), (without_birth_date, _BIRTH_DATE_SENT)):
        left = without(text, _REMOVED)
        if left != text:
            notes.append(note)
        text = left
    return text, notes


def without_private_fields(text: str) -> str:
    """A request as it came, as text, without social security numbers, birth dates and secrets: by what they look like, and by their names.

    Where a form's own encoding hides one, the text is decoded.
    """
    left = _without_named(without_private(text)[0])
    decoded = unquote_plus(left)
    if decoded == left:
        return left
    without = _without_named(without_private(decoded)[0])
    return left if without == decoded else without


def holds_private(text: str) -> bool:
    """Whether a request as it came, as text, seems to hold a social security number or a birth date, whoever's and wherever it stands."""
    if without_private(text)[1]:
        return True
    if not _MAY_BE_PRIVATE.search(text):
        return False
    return any(any(map(str.isdigit, text[begin:end])) for begin, end in _named(text, _MAY_BE_PRIVATE))


def _without_named(text: str) -> str:
    kept, at = [], 0
    for begin, end in _named(text, _MAY_NOT_BE_KEPT):
        kept += [text[at:begin], _REMOVED]
        at = end
    return "".join([*kept, text[at:]])


def _named(text: str, hint: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where the values stand whose names, which have this hint, say that they must not be kept."""
    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() < at or not hint.search(token[0]) or why_not_kept(unquote_plus(token[0])) is None:
            continue
        found = _VALUE.match(text, token.end())
        if found is not None and found.lastindex is not None and found[found.lastindex] != _REMOVED.strip("[]"):
            yield found.span(found.lastindex)
            at = found.end(found.lastindex)
