"""Whether an agreement that somebody else collected names us, and which channels its words speak of."""

import re
import unicodedata
from collections.abc import Iterable

_LEGAL_FORM = re.compile(r"\b(?:llc|l l c|inc|incorporated|corp|corporation|co|company|ltd|lp|llp|na|n a)\b")


def names_company(text: str | None, sellers: Iterable[str], company: Iterable[str]) -> bool:
    """Whether the words shown, or the sellers listed with them, name the company by one of its names; its legal form may be left out."""
    said = [_plain(each) for each in (text or "", *sellers)]
    names = [name for each in company if (name := _plain(_LEGAL_FORM.sub(" ", _plain(each))))]
    return any(f" {name} " in f" {words} " for words in said for name in names)


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", unicodedata.normalize("NFKC", words).casefold()).split())
