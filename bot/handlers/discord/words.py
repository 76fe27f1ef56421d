"""Leadbell's words in Discord: its markdown, and what strangers typed shown letter by letter."""

import re
from bisect import bisect_right

from bot.rendering import Surface, Words
from bot.rules.text import clean, truncate

_MARKS = re.compile(r"([\\*_~`|<>#()\[\]:@\-+.])")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BACK = "\\"
_JOINER = "\u2060"  # an invisible joiner: the platform looks for mentions and links before it reads the backslashes


def escape(text: str) -> str:
    """Text a stranger typed, so that it is no markup, mention, link or emoji."""
    marked_out = _MARKS.sub(r"\\\1", clean(text))
    return marked_out.replace("@", "@" + _JOINER).replace(r"\:/", rf"\:{_JOINER}/")


def typed(markdown: str) -> str:
    """Escaped text as it was typed."""
    return _ESCAPED.sub(r"\1", markdown.replace(_JOINER, ""))


def shown(text: str, limit: int) -> str:
    """So much of it, escaped."""
    return escape(truncate(text, limit))


def cut(markdown: str, limit: int) -> str:
    """Words that are in Discord's markup already, at most so long, and never ending inside an escape."""
    if len(markdown) <= limit:
        return markdown
    kept = markdown[: limit - 1]
    if (len(kept) - len(kept.rstrip(_BACK))) % 2:
        kept = kept[:-1]
    return kept + "…"


def pages(text: str, limit: int) -> list[str]:
    """All of it, as it was typed, in pieces of which each is at most so long once it is escaped, cut between words where there are some."""
    found, rest = [], clean(text)
    while len(escape(rest)) > limit:
        most = bisect_right(range(len(rest)), limit, key=lambda letters: len(escape(rest[:letters]))) - 1
        between = max(rest.rfind(" ", 0, most), rest.rfind("\n", 0, most))
        cut_at = between if between > most // 2 else most
        found.append(rest[:cut_at].rstrip())
        rest = rest[cut_at:].lstrip()
    return [*found, rest]


MARKDOWN = Surface(
    "discord",
    escape,
    lambda text: f"**{text}**" if text else "",
    lambda national, _: escape(national),
    lambda address: escape(address).replace(_JOINER, ""),
    lambda _, user: f"<@{user}>",
)

marked = Words("chat", MARKDOWN)
