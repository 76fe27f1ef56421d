"""Links in emails that tell us when a borrower follows them: where they lead, who can have made them, and which looks are a person's."""

import re
from collections.abc import Iterator
from datetime import timedelta

from bot.rules.signed import SHORT, said_by_us, signed

_URL = re.compile(r"https?://[^\s<>\"']{1,800}", re.IGNORECASE)
_NOT_ITS_END = ".,;:!?)]}"
_SAID = re.compile(r"([1-9]\d{0,17})\.(\d{1,3})", re.ASCII)
_MACHINE = re.compile(
    r"bot\b|bot/|crawl|spider|scan|preview|proxy|fetch|monitor|headless|proofpoint|mimecast|barracuda|fireeye|trend ?micro|symantec"
    r"|forcepoint|safelinks|ms-?office|microsoft office|skypeuri|facebookexternalhit|whatsapp|curl/|wget/|python|java/|go-http"
    r"|okhttp|axios|node-fetch|ruby|perl|libwww|httpclient",
    re.IGNORECASE,
)
SCANNED_WITHIN = timedelta(seconds=10)
"""Programs that look at mail as it arrives follow its links within seconds; people take longer."""


def pieces(words: str) -> Iterator[tuple[str, bool]]:
    """The words in order, each piece with whether it is a link. Joined they are the words again."""
    at = 0
    for found in _URL.finditer(words):
        url = found[0].rstrip(_NOT_ITS_END)
        yield words[at : found.start()], False
        yield url, True
        at = found.start() + len(url)
    yield words[at:], False


def links_in(words: str) -> list[str]:
    """The addresses in the words, in their order."""
    return [piece for piece, is_link in pieces(words) if is_link]


def link_token(hash_key: bytes, email_id: int, number: int) -> str:
    """What stands for the link with this number, from 0, in one email."""
    return signed(hash_key, "link", f"{email_id}.{number}", SHORT)


def read_token(hash_key: bytes, token: str) -> tuple[int, int] | None:
    """The email and the link's number; None where the token is none of ours."""
    found = _SAID.fullmatch(said_by_us(hash_key, "link", token, SHORT) or "")
    return (int(found[1]), int(found[2])) if found else None


def is_a_persons(method: str, program: str, purpose: str) -> bool:
    """Whether a look at a link is a person's, by the method and what the program says of itself. Where it says nothing it is none."""
    return method == "GET" and not purpose and is_a_browser(program)


def is_a_browser(program: str) -> bool:
    """Whether a program says of itself that a person uses it."""
    return bool(program.strip()) and _MACHINE.search(program) is None
