"""A picture in an email that tells us when a mail program loads it: its address, which only we can have made."""

import hashlib
import hmac
import re

_TOKEN = re.compile(r"([1-9]\d{0,17})\.([0-9a-f]{20})", re.ASCII)


def open_token(hash_key: bytes, email_id: int) -> str:
    """What stands for one email in the address of its picture."""
    return f"{email_id}.{_mark(hash_key, email_id)}"


def read_open_token(hash_key: bytes, token: str) -> int | None:
    """The email; None where the token is none of ours."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(_mark(hash_key, int(found[1])), found[2]):
        return None
    return int(found[1])


def _mark(hash_key: bytes, email_id: int) -> str:
    return hmac.new(hash_key, f"open:{email_id}".encode(), hashlib.sha256).hexdigest()[:20]
