"""TrustedForm certificates: which one an address means. A lead's address is anybody's words, so nothing of it but the id is ever used."""

import re
from typing import Literal
from urllib.parse import urlsplit

HOST = "cert.trustedform.com"
NotRetained = Literal["expired", "no_match", "refused", "no_answer"]
"""Why a certificate could not be retained: there is none or no more; it is about somebody else; TrustedForm refused; nobody answered."""
_ID = re.compile(r"/([A-Za-z0-9][A-Za-z0-9._~-]{0,254})", re.ASCII)


def certificate_in(address: str | None) -> str | None:
    """The id of the certificate behind this address; None for any other host or path."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    found = _ID.fullmatch(parts.path.rstrip("/")) if parts.scheme == "https" and parts.netloc.lower() == HOST else None
    return found[1] if found else None
