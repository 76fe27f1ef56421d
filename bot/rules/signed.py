"""Words that come back to us from outside, in links and addresses: a keyed hash beside them says that they are ours."""

import hashlib
import hmac

WHOLE, SHORT = 64, 20
"""Hexadecimal digits: what opens personal data has all of them; where much else must fit on a line, eighty bits do."""


def mark(hash_key: bytes, purpose: str, said: str, digits: int = WHOLE) -> str:
    """What nobody else can write beside these words. What is marked for one purpose is not for another."""
    return hmac.new(hash_key, f"{purpose}:{said}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:digits]


def is_mark(shown: str, hash_key: bytes, purpose: str, said: str, digits: int = WHOLE) -> bool:
    """Whether somebody shows that mark, told in the same time however much of it is right."""
    return shown.isascii() and hmac.compare_digest(mark(hash_key, purpose, said, digits), shown)


def signed(hash_key: bytes, purpose: str, said: str, digits: int = WHOLE) -> str:
    """The words with their mark: `12.7.0f3a...`."""
    return f"{said}.{mark(hash_key, purpose, said, digits)}"


def said_by_us(hash_key: bytes, purpose: str, token: str, digits: int = WHOLE) -> str | None:
    """The words of such a token, whoever brings it; None where the mark is not ours."""
    said, _, shown = token.rpartition(".")
    return said if is_mark(shown, hash_key, purpose, said, digits) else None
