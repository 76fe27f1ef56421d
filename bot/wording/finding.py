"""What was looked for, in words: what was understood of it, and what was not."""

from bot.leads.finding import Condition, Exceptions, Found, NotUnderstood
from bot.rendering import Words
from bot.rules.text import one_line

NAME = 60


def say_found(words: Words, found: Found | Exceptions | NotUnderstood, said: str, language: str) -> str:
    """The line above the leads that were found."""
    match found:
        case Exceptions(leads, many, at_least):
            return words.say("exceptions", language, many=many, at_least=at_least, shown=len(leads))
        case NotUnderstood():
            return say_not_understood(words, found, language)
    facts = {"said": one_line(said, NAME), "understood": say_understood(words, found.understood, language)}
    return words.say("found", language, many=found.many, at_least=found.at_least, shown=len(found.leads), sure=found.sure, **facts)


def say_understood(words: Words, understood: tuple[Condition, ...], language: str) -> str:
    """ "state Texas; segment refinance; came in more than 90 days ago": each condition once, two of one part as either."""
    named: dict[str, list[str]] = {}
    for each in understood:
        named.setdefault(each.part, []).append(one_line(each.name, NAME))
    return "; ".join(words.say("sought", language, part=part, names=names) for part, names in named.items())


def say_not_understood(words: Words, unclear: NotUnderstood, language: str) -> str:
    """What was said, and what to say instead."""
    known = ", ".join(one_line(each, NAME) for each in unclear.known)
    return words.say("sought_unclear", language, part=unclear.part, said=one_line(unclear.said, NAME), known=known)
