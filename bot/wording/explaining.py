"""Why somebody is passed over, in few words."""

from bot import explaining
from bot.rendering import labels


def why_not(skip: explaining.Skip, state: str | None, language: str) -> str:
    words = labels(language)("why_not", skip)
    return f"{words}, {state}" if state else words
