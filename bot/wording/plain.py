"""Sentences without markup, for places that show text as it is, or that escape it themselves."""

from bot.rendering import PLAIN, Words

plain = Words("chat", PLAIN)
