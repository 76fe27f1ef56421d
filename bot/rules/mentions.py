"""Whether a phone or an email stands in what somebody sent, in whatever way it is spelled there."""

import re
from collections.abc import Collection
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote, unquote_plus

import phonenumbers

_NO_DIGIT = re.compile("[^0-9]+")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_ENTITY = re.compile(r"&#?\w{1,10};")  # whoever sends a longer number would break the reading of it
_MEANS_MORE = re.compile(r"[%+\\&]")


class Sought:
    """Phones (E.164) and emails (lower case) that are looked for."""

    def __init__(self, phones: Collection[str], emails: Collection[str]) -> None:
        self._phones = [str(phonenumbers.parse(phone).national_number) for phone in phones]
        either = "|".join(re.escape(email) for email in emails)
        # What begins earlier or goes on is somebody else's: ana@example.com stands in dana@example.com.au.
        self._email = re.compile(rf"(?<![\w.+-])(?:{either})(?![\w-]|\.\w)") if emails else None

    def stand_in(self, body: bytes) -> bool:
        """Whether any of them does. Of a phone the digits count, whatever stands between them."""
        return any(self._stand_in(text) for text in _readings(body))

    def _stand_in(self, text: str) -> bool:
        digits = _NO_DIGIT.sub("", text)
        return any(phone in digits for phone in self._phones) or (self._email is not None and self._email.search(text.lower()) is not None)


def _readings(body: bytes) -> set[str]:
    """The text as it stands, and as forms, JSON and XML mean it. Of UTF-16 the letters remain."""
    text = normalize("NFKC", body.replace(b"\0", b"").decode("utf-8", "replace"))
    if not _MEANS_MORE.search(text):
        return {text}
    meant = (_ENTITY.sub(lambda entity: unescape(entity[0]), _ESCAPED.sub(_meant, way(text))) for way in (unquote, unquote_plus))
    return {text, *(normalize("NFKC", each) for each in meant)}


def _meant(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16)) if escaped[1] else " "
