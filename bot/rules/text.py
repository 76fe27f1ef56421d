"""Text that strangers typed: made safe to keep, short enough to show, and a name shown without giving the person away."""

import re
import unicodedata

# Kept out: controls except newline and tab, lone surrogates, and everything that is invisible or turns the reading direction.
_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff"
)
_UNWANTED = re.compile(f"[{_UNSEEN}]")
# A spreadsheet takes the wide ones for the others, and what cleans a cell up may leave nothing before them.
_FORMULA = re.compile(f"[\t\n\r]|[\\s\ufe00-\ufe0f{_UNSEEN}]*[-=+@\uff0d\uff1d\uff0b\uff20]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_REGIONAL_INDICATORS = ("\U0001f1e6", "\U0001f1ff")
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
_LONGEST_CLUSTER = 16  # more marks than this on one letter are decoration, and may be cut
_NAME_SHOWN = 20
_NOT_A_LETTER = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    """The text in NFC without controls (newline and tab stay), lone surrogates and invisible or direction-turning characters, stripped."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    # Composing can never bring an unwanted character back, so one pass is enough.
    return unicodedata.normalize("NFC", text).strip()


def storable(text: str) -> str:
    """The text as it came, as far as every store keeps it: no NUL, and no half of a character that somebody cut in two."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def bare_words(text: str) -> str:
    """The words in small letters and nothing else: "New-lead" and "new_lead" are the same."""
    return _NOT_A_LETTER.sub(" ", text.casefold()).strip()


def looks_like_formula(cell: str) -> bool:
    """Whether a spreadsheet, or what cleans up for one, may read a cell as more than text."""
    return _FORMULA.match(cell) is not None


def harmless_cell(cell: str) -> str:
    """A cell that a spreadsheet reads as text even when it looks like a formula."""
    return f"'{cell}" if looks_like_formula(cell) else cell


def one_line(text: str, limit: int) -> str:
    """The cleaned text on one line with single spaces, at most `limit` characters."""
    return truncate(" ".join(clean(text).split()), limit)


def truncate(text: str, limit: int) -> str:
    """The text when it has at most `limit` characters (1 or more), else its beginning and an ellipsis; no half flag, accent or emoji."""
    if len(text) <= limit:
        return text
    cut = limit - 1
    for _ in range(_LONGEST_CLUSTER):
        if cut == 0 or not _belongs_to_previous(text, cut):
            break
        cut -= 1
    else:
        cut = limit - 1
    return text[:cut].rstrip() + "…"


def initial_name(first: str | None, last: str | None, nobody: str = "A borrower") -> str:
    """A name for shared rooms: "Dana R.". Never a whole name, a number or an address; `nobody` when nothing can be shown."""
    given, family = _name_words(first), _name_words(last)
    if not family:
        family = given[1:][-1:]  # the whole name stood in the first field
    initial = next((character.upper()[0] for character in "".join(family) if character.isalpha()), None)
    if given:
        shown = truncate(_with_capital(given[0]), _NAME_SHOWN)
        return f"{shown} {initial}." if initial else shown
    return f"{initial}." if initial else nobody


def _name_words(text: str | None) -> list[str]:
    return [word for word in clean((text or "")[:1000]).split() if _may_be_name(word)]


def _may_be_name(word: str) -> bool:
    if word.isalpha():
        return True
    digits = sum(character.isdigit() for character in word)
    return digits < 3 and "@" not in word and "://" not in word and any(character.isalpha() for character in word)


def _with_capital(word: str) -> str:
    plain = word.replace("-", "").replace("'", "").isalpha()
    one_case = word.islower() or (word.isupper() and len(word) > 2)
    return word.title() if plain and one_case else word


def _belongs_to_previous(text: str, at: int) -> bool:
    """Whether the character at `at` is drawn together with the one before it."""
    here, before = text[at], text[at - 1]
    if unicodedata.category(here).startswith("M") or here == "\u200d" or before == "\u200d" or _within(here, _SKIN_TONES):
        return True
    if not (_within(here, _REGIONAL_INDICATORS) and _within(before, _REGIONAL_INDICATORS)):
        return False
    run = at
    while run > 0 and at - run < 2 * _LONGEST_CLUSTER and _within(text[run - 1], _REGIONAL_INDICATORS):
        run -= 1
    return (at - run) % 2 == 1


def _within(character: str, bounds: tuple[str, str]) -> bool:
    return bounds[0] <= character <= bounds[1]
