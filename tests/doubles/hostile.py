"""Texts that strangers send on purpose, and what must not come of them in Slack."""

import html
import re

from tests.doubles.shown import JSON

JOINER = "\u2060"

HOSTILE = (
    "<!channel>",
    "<!here> @here @channel",
    "<@U0MAYA>",
    "<#C0LEADS>",
    "<!subteam^S0ALL>",
    "https://evil.example",
    "<https://evil.example|Click here>",
    "evil.example/login",
    "{{7*7}}",
    "{% for x in y %}",
    "*bold* _sly_ ~gone~ `code`",
    "=1+1",
    ":tada: :skull:",
    "&lt;!channel&gt;",
    "Da\u202ena\u2066 R\u200bowe",
    "Dana\r\nX-Injected: 1\r\n\r\nHello",
    "'); DROP TABLE lead; --",
    "<script>alert(1)</script>",
    "x" * 20_000,
    "👩‍👩‍👧‍👦" * 300,
    "e" + "\u0301" * 500,
)

_OURS = re.compile(r"<tel:\+\d+\|[\d() +-]+>|<mailto:([\w.+-]+@[\w.-]+)\|\1>")
_ACTIVE = re.compile(r"<|https?://(?!\u2060)|\w\.\w{2,}|(?<!\w)@\w|(?<![\w/])#[^\W\d]|:[a-z+-]+:|\*bold\*|_sly_|~gone~|`code`")
_INVISIBLE = re.compile("[\u200b\u202a-\u202e\u2066-\u2069]")


def read_by_people(mrkdwn: str) -> str:
    """What Slack shows for escaped text."""
    return html.unescape(mrkdwn).replace(JOINER, "")


def faults_in(message: JSON) -> list[str]:
    """What in a message or modal of ours Slack would take for more than text: mentions, links, emoji names, turned reading direction."""
    push = [message["text"]] if isinstance(message.get("text"), str) else []
    blocks = message.get("blocks") or []
    marked = push + _texts(blocks, "mrkdwn")
    active = [f"markup in {text[:200]!r}" for text in marked if _ACTIVE.search(_OURS.sub("", text))]
    return active + [
        f"an invisible character in {text[:200]!r}" for text in marked + _texts(blocks, "plain_text") if _INVISIBLE.search(text)
    ]


def _texts(part: object, kind: str) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if part.get("type") == kind else []
        return [*own, *(text for inner in part.values() for text in _texts(inner, kind))]
    return [text for inner in part for text in _texts(inner, kind)] if isinstance(part, list) else []
