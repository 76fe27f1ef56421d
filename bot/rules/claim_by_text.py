"""Reads what an officer texts back about a lead that they were texted about."""

import re

from bot.rules.text import clean

_CLAIMS = re.compile(r"(?:(?:reply|claim|take|tomar|tomo|lead|responde)\s+)*#?\s*([0-9]{1,18})\s*[.!]*", re.IGNORECASE)


def lead_claimed(words: str) -> int | None:
    """The number of the lead that these words claim: "1042", "#1042", "claim 1042". None where they say anything else."""
    said = _CLAIMS.fullmatch(clean(words).strip(" \"'"))
    return int(said[1]) if said else None
