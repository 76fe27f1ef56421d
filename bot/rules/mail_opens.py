"""A picture in an email that tells us when a mail program loads it: its address, which only we can have made."""

import re

from bot.rules.signed import SHORT, said_by_us, signed

_EMAIL = re.compile(r"[1-9]\d{0,17}", re.ASCII)


def open_token(hash_key: bytes, email_id: int) -> str:
    """What stands for one email in the address of its picture."""
    return signed(hash_key, "open", str(email_id), SHORT)


def read_open_token(hash_key: bytes, token: str) -> int | None:
    """The email; None where the token is none of ours."""
    found = _EMAIL.fullmatch(said_by_us(hash_key, "open", token, SHORT) or "")
    return int(found[0]) if found else None
