"""Which reader understands which field of a lead, and the readers of what belongs to no room of its own."""

import ipaddress
import re
from collections.abc import Callable
from decimal import Decimal

from bot.rules.money import Money, read_money, read_percent
from bot.rules.text import one_line
from bot.sources.places import read_state, read_zip
from bot.sources.times import read_moment, read_time_frame
from bot.sources.wordings import (
    read_intent,
    read_language,
    read_military,
    read_property_type,
    read_property_use,
    read_purpose,
    read_score,
    read_trigger_basis,
    read_yes_no,
)

_DEAREST_LEAD = 5000  # a "price" above this is the price of a home
_LONGEST_ID = 1000  # bytes: Google's lead ids may be that long, and PostgreSQL's indexes hold little more than twice that
_LONGEST_LINE = 200
_LONGEST_URL = 2000
_CERTIFICATE = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def read_line(text: str) -> str:
    """The text on one line, at most 200 characters."""
    return text if len(text) <= _LONGEST_LINE and text.isprintable() else one_line(text, _LONGEST_LINE)


def read_long_line(text: str) -> str:
    """The text on one line, at most 2,000 characters."""
    return one_line(text, _LONGEST_URL)


def read_id(text: str) -> str | None:
    """An id as it is; ids are compared, so a longer one than 1,000 bytes is none rather than cut."""
    return text if len(text.encode()) <= _LONGEST_ID else None


def read_price(text: str) -> int | None:
    """What a lead cost, in whole dollars; None above $5,000, where the sender means the price of a home."""
    amount = read_money(text)
    return amount.low if amount and amount.low == amount.high and amount.low is not None and amount.low <= _DEAREST_LEAD else None


def read_down_payment(text: str) -> Money | Decimal | None:
    """An amount, or a percentage where the text has a percent sign or says 100 or less."""
    percent = read_percent(text)
    return percent if percent else read_money(text)


def read_url(text: str) -> str | None:
    """A web address with or without its scheme; None for another scheme, such as javascript:, and beyond 2,000 characters."""
    scheme = _SCHEME.match(text)
    allowed = not scheme or scheme.group().lower() in ("http:", "https:")
    return text if allowed and len(text) <= _LONGEST_URL and text.isprintable() and " " not in text else None


def read_certificate(text: str) -> str | None:
    """The address of a TrustedForm certificate, from itself or from the certificate's 40 characters."""
    if _CERTIFICATE.fullmatch(text):
        return f"https://cert.trustedform.com/{text.lower()}"
    return read_url(text) if text.lower().startswith("https://") else None


def read_ip(text: str) -> str | None:
    """An IP address; of several, as proxies write them, the first."""
    try:
        return str(ipaddress.ip_address(text.partition(",")[0].strip()))
    except ValueError:
        return None


def read_sellers(text: str) -> tuple[str, ...]:
    """The companies that a consent names."""
    return tuple(read_line(name.strip()) for name in re.split(r"[;,\n]", text[:_LONGEST_URL]) if name.strip())


def read_comments(text: str) -> str:
    """Free text, as it is."""
    return text


Reader = Callable[[str], object]
READERS: dict[str, Reader] = {
    **dict.fromkeys(("external_id", "id", "request_id"), read_id),
    **dict.fromkeys(("loan_amount", "property_value", "purchase_price", "mortgage_balance", "cash_out", "income"), read_money),
    **dict.fromkeys(
        ("first_time_buyer", "past_client", "referral", "has_agent", "found_home", "under_contract", "bankruptcy", "foreclosure"),
        read_yes_no,
    ),
    **dict.fromkeys(("state", "property_state", "mailing_state"), read_state),
    **dict.fromkeys(("zip", "property_zip", "mailing_zip"), read_zip),
    **dict.fromkeys(("submitted_at", "consent.given_at"), read_moment),
    **dict.fromkeys(("consent.url", "attribution.landing_page", "attribution.referrer"), read_url),
    **dict.fromkeys(("credit_low", "credit_high"), read_score),
    "language": read_language,
    "intent": read_intent,
    "purpose": read_purpose,
    "down_payment": read_down_payment,
    "current_rate": read_percent,
    "property_use": read_property_use,
    "property_type": read_property_type,
    "military": read_military,
    "time_frame": read_time_frame,
    "comments": read_comments,
    "price": read_price,
    "trigger_basis": read_trigger_basis,
    "consent.given": read_yes_no,
    "consent.text": read_comments,
    "consent.ip": read_ip,
    "consent.user_agent": read_long_line,
    "consent.trustedform_url": read_certificate,
    "consent.sellers": read_sellers,
}
"""Fields that are not here hold one line of text."""
