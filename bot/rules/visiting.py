"""Visits by who followed a link in an email of ours: to which sites the link's token may go along, and in what form."""

import re
from collections.abc import Collection

_SITE = re.compile(r"https?://[^/?#\\\s]+", re.IGNORECASE)
FRAGMENT = "leadbell"
"""Behind the # of an address: a browser keeps that to itself, and no server, log or referrer sees it."""


def landing(target: str, token: str, sites: Collection[str]) -> str:
    """The address with the token where it leads to one of these sites; as it is where it leads elsewhere or has a # of its own."""
    site = _SITE.match(target)
    ours = site is not None and site[0].lower() in sites
    return f"{target}#{FRAGMENT}={token}" if ours and "#" not in target else target
