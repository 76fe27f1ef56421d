"""Leadbell's words in Slack: as plain text inside plain_text elements, as mrkdwn where something must be bold or pressable."""

import re

from bot.rendering import Surface, Words
from bot.rules.text import clean

_MARKS = re.compile(r"([*_~`])")
_LINKS = re.compile(r"(?<=\w)\.(?=\w)|://|@|#(?=\S)|:(?=[\w+-]+:)")
_JOINER = "\u2060"  # an invisible joiner: keeps what looks like a link, mention or mark from being read as one

_MARKED_LINK = re.compile(r"<(?!@)([^<|>]+)(?:\|([^<>]*))?>")
_USUAL_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII)


def escape(text: str) -> str:
    """Text a stranger typed, so that mrkdwn shows it letter by letter: no markup, mention, link or emoji name."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    unlinked = _LINKS.sub(lambda match: match[0][0] + _JOINER + match[0][1:], text)
    return _MARKS.sub(rf"{_JOINER}\1{_JOINER}", unlinked)


def heard(text: str) -> str:
    """Text that somebody wrote to us, as they wrote it: without Slack's escapes and its marks around links. A mention stays <@U1>."""
    return _MARKED_LINK.sub(lambda link: link[2] or link[1], text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def email(address: str) -> str:
    """An address to press, and to copy without invisible joiners; an odd one letter by letter."""
    return f"<mailto:{address}|{address}>" if _USUAL_EMAIL.fullmatch(address) else escape(address)


MRKDWN = Surface(
    "slack",
    escape,
    lambda text: f"*{text}*" if text else "",
    lambda national, e164: f"<tel:{e164}|{national}>",
    email,
    lambda _, user: f"<@{user}>",
)

marked = Words("chat", MRKDWN)
