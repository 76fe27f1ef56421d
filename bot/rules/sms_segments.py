"""What an SMS costs: its alphabet, its segments, and the same words in cheaper signs."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

MOST_CHARACTERS = 1600  # what Twilio takes as one body

# GSM 03.38 / 3GPP TS 23.038. Of the Spanish letters ñ Ñ é É ü Ü ¿ ¡ are in it; á í ó ú Á Í Ó Ú are not, and make the whole text UCS-2.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}\\[~]|€\f")  # an escape stands before each

_SAME_IN_GSM = {
    **dict.fromkeys("‘’‚‛ʼ′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
    **dict.fromkeys("\u2028\u2029\x85", "\n"),
    **{"…": "...", "•": "-", "ﬁ": "fi", "ﬂ": "fl", "\r\n": "\n", "\r": "\n"},
}
_TIDIED = str.maketrans({sign: same for sign, same in _SAME_IN_GSM.items() if len(sign) == 1})


@dataclass(frozen=True, slots=True)
class Segments:
    """How a text goes out. `used` and `left` count in the alphabet's own units; `costly` are the signs that ask for UCS-2, as they come."""

    count: int
    alphabet: Literal["GSM-7", "UCS-2"]
    used: int
    left: int
    costly: tuple[str, ...]


def count_segments(text: str) -> Segments:
    """The segments the text is sent in; none for no text. 160 GSM-7 units or 70 of UCS-2 fit in one alone, 153 or 67 in one of several."""
    costly = tuple(dict.fromkeys(sign for sign in text if sign not in _GSM and sign not in _GSM_DOUBLE))
    if costly:
        # An emoji takes two units of UTF-16. Like an escaped sign of GSM-7 it is not torn between two segments.
        return _packed("UCS-2", [2 if ord(sign) > 0xFFFF else 1 for sign in text], 70, 67, costly)
    return _packed("GSM-7", [2 if sign in _GSM_DOUBLE else 1 for sign in text], 160, 153, ())


def tidy(text: str) -> str:
    """The same words with typographic quotes, dashes, ellipses and spaces made plain. Letters, accents and emoji stay as they are."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").translate(_TIDIED)
    return "\n".join(line.rstrip(" ") for line in text.split("\n")).strip()


def characters_over(text: str) -> int:
    """How many characters have to go before the text can be sent; 0 when it fits. Counted in UTF-16, so that an emoji is two."""
    return max(0, len(text.encode("utf-16-le", "surrogatepass")) // 2 - MOST_CHARACTERS)


def _packed(alphabet: Literal["GSM-7", "UCS-2"], units: list[int], alone: int, of_several: int, costly: tuple[str, ...]) -> Segments:
    used = sum(units)
    if used <= alone:
        return Segments(1 if units else 0, alphabet, used, alone - used, costly)
    count, free = 1, of_several
    for unit in units:
        if unit > free:
            count, free = count + 1, of_several
        free -= unit
    return Segments(count, alphabet, used, free, costly)
