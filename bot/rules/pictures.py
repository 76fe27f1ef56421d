"""What a borrower sent with a text, told by its first bytes: neither its name nor what the network says of it is believed."""

from dataclasses import dataclass

LARGEST = 6 * 2**20
"""Bytes. A carrier takes five megabytes for all that comes with one text."""
MOST = 10
"""How many one text may bring."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a browser is told; `shown` where it may show the picture itself, else it keeps a file."""

    type: str
    ending: str
    shown: bool = True


JPEG, PNG, GIF, WEBP = Kind("image/jpeg", "jpg"), Kind("image/png", "png"), Kind("image/gif", "gif"), Kind("image/webp", "webp")
HEIC, PDF = Kind("image/heic", "heic", shown=False), Kind("application/pdf", "pdf", shown=False)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")


def kind_of(content: bytes) -> Kind | None:
    """A photo, or a paper as PDF; None for whatever else it is, such as a drawing that may hold a program."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    if content.startswith(b"%PDF-"):
        return PDF
    return None
