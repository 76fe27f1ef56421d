"""Words that one message of Discord's does not hold: a page of them, and buttons to the one before and the next."""

from collections.abc import Callable, Sequence

from bot.handlers.discord.cards import small
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.words import escape
from bot.rendering import labels
from bot.wording.plain import plain


def turning(whole: Sequence[str], page: int, language: str, to: Callable[[int], tuple[str, str]]) -> tuple[list[str], list[Button]]:
    """This page, from 1, in markdown, and what turns it: `to` says a page's action and value. One alone has no number."""
    page, label = min(max(page, 1), len(whole)), labels(language)
    words = [escape(whole[page - 1])]
    if len(whole) == 1:
        return words, []
    there = [(label("button", "page_before"), page - 1)] if page > 1 else []
    there += [(label("button", "next_page"), page + 1)] if page < len(whole) else []
    return [*words, small(plain.say("page_of", language, page=page, pages=len(whole)))], [Button(named, *to(each)) for named, each in there]
