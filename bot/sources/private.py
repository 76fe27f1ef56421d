"""What must not be kept at all: social security numbers, birth dates, and the senders' own secrets."""

import re

from bot.sources.field_names import plain_name

_REMOVED = "[removed]"
SSN_SENT = "A social security number was sent and dropped."
_BIRTH_DATE_SENT = "A birth date was sent and dropped."

_SSN_NAME = re.compile(
    r"ssn(?:last4?|last4digits|number|no|4)?\d*$|^(?:\w*(?:borrower|applicant|spouse))?ssn|socialsec|taxid|taxpayer|itin$"
)
_BIRTH_NAME = re.compile(r"dob$|^dob|birthda|birthyear|birthmonth|ofbirth|^birth$|^born$")
_SECRET_NAMES = {"key", "apikey", "accesskey", "googlekey", "campaignkey", "lpcampaignkey", "webhookkey"}
_SECRET_NAMES |= {"secret", "password", "passwd", "pwd", "accesstoken", "authtoken", "authorization"}
_DASH = r"[-\u2010-\u2015. ]"
_SSN = re.compile(
    rf"(?<![\d-])\d{{3}}{_DASH}\d{{2}}{_DASH}\d{{4}}(?![\d-])|(?:ssn|social security|social)[^\d\n]{{0,20}}\d{{9}}(?!\d)", re.IGNORECASE
)
_DATE = r"(?:\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}|[a-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2} [a-z]{3,9}\.? \d{4})"
_BIRTH_DATE = re.compile(
    rf"\b(?:dob|d\.o\.b|born|birth ?day|birth ?date|date of birth)(?=.{{0,22}}\d)[^\d\n]{{0,12}}?{_DATE}", re.IGNORECASE
)
_LONGEST_NAME = 100  # of a nested name its end says what it is
_SHORTEST = 9
_GROUPED_DIGITS = re.compile(r"\d{3}\D\d\d\D\d{4}")
_WORDS_BEFORE = ("social", "ssn", "born", "birth", "dob", "d.o.b")


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
    if len(text) < _SHORTEST or not (any(word in lowered for word in _WORDS_BEFORE) or _GROUPED_DIGITS.search(text)):
        return text, []  # nearly always, and much faster than the patterns below
    notes = []
    for pattern, note in ((_SSN, SSN_SENT), (_BIRTH_DATE, _BIRTH_DATE_SENT)):
        text, found = pattern.subn(_REMOVED, text)
        if found:
            notes.append(note)
    return text, notes
