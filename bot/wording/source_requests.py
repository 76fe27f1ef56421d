"""What those who run Leadbell are told of requests that nobody understood, and of what becomes of them."""

from typing import assert_never

from bot.capture.source_requests import CONFLICT, Forgotten, Made, MayNotReview, NoBasis, ReviewOutcome, SetAside, Unreachable, WaitsAgain
from bot.rendering import Safe, Words, labels
from bot.rules.text import one_line
from bot.sources.draft import NO_BASIS
from bot.updates import UnreadRequests
from bot.wording.roles import say_may_not

_NO_CONTACT = frozenset({"missing", "invalid"})
_UNKNOWN_FORM = frozenset({"content_type", "charset"})
MOST_MADE = 10
"""Numbers of leads that the message lists at most."""


def say_unread(words: Words, told: UnreadRequests, language: str) -> str:
    label, unread = labels(language), told.unread
    made = Safe(", ".join(f"#{lead}" for lead in unread.made[-MOST_MADE:]))
    why = why_unread({problem["type"] for problem in unread.problems})
    return words.say(
        "requests_unread",
        language,
        source=one_line(told.source, 60),
        waiting=len(unread.waiting),
        why=label("unreadable", why),
        no_basis=why == "basis",
        made=made,
    )


def say_reviewed(words: Words, outcome: ReviewOutcome, language: str) -> str:
    match outcome:
        case Made(lead, already):
            return words.say("request_made", language, number=lead, already=already)
        case SetAside(already):
            return words.say("request_set_aside", language, already=already)
        case WaitsAgain():
            return words.say("request_waits_again", language)
        case Unreachable():
            return words.say("request_unreachable", language)
        case NoBasis():
            return words.say("request_no_basis", language)
        case Forgotten():
            return words.say("request_forgotten", language)
        case MayNotReview(role):
            return say_may_not(words, role, "review_requests", language)
    assert_never(outcome)


def why_unread(types: set[str]) -> str:
    """The label of what was wrong, by the types of its problems."""
    if CONFLICT in types:
        return "conflict"
    if NO_BASIS in types:
        return "basis"
    if types <= _NO_CONTACT:
        return "contact"
    return "form" if types & _UNKNOWN_FORM else "broken"
