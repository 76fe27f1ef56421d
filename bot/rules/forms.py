"""The forms that we serve: what each asks, which page somebody saw, and who asks too often. None asks all that makes an application."""

import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

FormKind = Literal["rate_quote", "prequalification", "open_house"]
FORM_KINDS: tuple[FormKind, ...] = get_args(FormKind)
Look = Literal["text", "tel", "email", "money", "choice", "state", "long"]

HONEYPOT = "subject"
"""A field that no person sees: a program that fills in whatever it finds tells on itself."""
TOKEN, CONSENT = "page", "agrees"
LONGEST: Mapping[Look, int] = {"text": 60, "tel": 40, "email": 254, "money": 40, "choice": 20, "state": 2, "long": 2000}
"""Characters that a field takes in a browser; what comes without one is cut there."""

CARRIED = (
    *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
    *("gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "partner", "referrer"),
)
"""What a page's address may tell of how somebody came there; kept with the lead."""
LONGEST_CARRIED = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a form, by the name that a lead knows it by. `autocomplete` is what browsers call it."""

    name: str
    look: Look
    choices: tuple[str, ...] = ()
    autocomplete: str = "off"
    required: bool = False


PURPOSES = ("purchase", "refinance", "cash_out")
TIME_FRAMES = ("now", "this month", "1-3 months", "3-6 months", "6+ months")
CREDIT = ("740+", "680-739", "620-679", "below 620")
_PERSON = (
    Asked("first_name", "text", autocomplete="given-name", required=True),
    Asked("last_name", "text", autocomplete="family-name"),
    Asked("phone", "tel", autocomplete="tel"),
    Asked("email", "email", autocomplete="email"),
)
_BY_KIND: Mapping[FormKind, tuple[Asked, ...]] = {
    "rate_quote": (
        Asked("purpose", "choice", PURPOSES),
        Asked("property_value", "money"),
        Asked("loan_amount", "money"),
        Asked("property_state", "state", autocomplete="address-level1"),
        Asked("credit", "choice", CREDIT),
        Asked("time_frame", "choice", TIME_FRAMES),
    ),
    "prequalification": (
        Asked("purchase_price", "money"),
        Asked("down_payment", "money"),
        Asked("income", "money"),
        Asked("property_state", "state", autocomplete="address-level1"),
        Asked("credit", "choice", CREDIT),
        Asked("time_frame", "choice", TIME_FRAMES),
    ),
    "open_house": (
        Asked("has_agent", "choice", ("yes", "no")),
        Asked("time_frame", "choice", TIME_FRAMES),
        Asked("comments", "long"),
    ),
}
SAYS: Mapping[FormKind, Mapping[str, str]] = {
    "rate_quote": {"intent": "rate_quote"},
    "prequalification": {"intent": "pre_approval", "purpose": "purchase"},
    "open_house": {"purpose": "purchase"},
}
"""What somebody who sends a form has thereby said."""


def fields_of(kind: FormKind) -> tuple[Asked, ...]:
    """What the form asks, in the order of its page: who somebody is comes first at an open house, and last elsewhere."""
    return (*_PERSON, *_BY_KIND[kind]) if kind == "open_house" else (*_BY_KIND[kind], *_PERSON)


def consent_version(language: str, words: str) -> str:
    """What changes whenever a letter of the words does: "en-4f0c9a1b2d3e"."""
    return f"{language}-{hashlib.sha256(words.encode()).hexdigest()[:12]}"


def page_token(hash_key: bytes, nonce: str, *shown: str) -> str:
    """What a page carries to say that it was ours and what it showed. `nonce` is 32 hexadecimal digits."""
    return f"{nonce}.{_mark(hash_key, nonce, shown)}"


def read_page_token(hash_key: bytes, token: str, *shown: str) -> str | None:
    """The nonce of a page that showed this; None for a page of others, and for one that showed other words."""
    found = _TOKEN.fullmatch(token)
    return found[1] if found and hmac.compare_digest(_mark(hash_key, found[1], shown), found[2]) else None


_TOKEN = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})", re.ASCII)


def _mark(hash_key: bytes, nonce: str, shown: tuple[str, ...]) -> str:
    return hmac.new(hash_key, "\0".join(("form", nonce, *shown)).encode(), hashlib.sha256).hexdigest()[:32]


def sent_id(nonce: str, typed: Mapping[str, str]) -> str:
    """The id of what was sent from one page: the same for the same words, however often they are sent."""
    said = "\0".join(f"{name}={value}" for name, value in sorted(typed.items()) if value)
    return f"{nonce}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


class Turnstile:
    """Lets each address through so many times in so many seconds, and remembers so many addresses: the latest ones."""

    def __init__(self, most: int, within: float, remembers: int) -> None:
        self._most, self._within, self._remembers = most, within, remembers
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait(self, address: str, now: float) -> int:
        """Count one try; the whole seconds to wait where it is one too many, else 0. `now` is any clock's seconds that only go forward."""
        began, tries = self._seen.pop(address, (now, 0))
        if now >= began + self._within:
            began, tries = now, 0
        self._seen[address] = began, min(tries + 1, self._most + 1)
        if len(self._seen) > self._remembers:
            self._seen.popitem(last=False)
        return 0 if tries < self._most else max(1, int(began + self._within - now))
