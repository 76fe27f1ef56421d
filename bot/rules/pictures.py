"""What is sent with a text, told by its first bytes: neither its name nor what anybody says of it is believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

LARGEST = 6 * 2**20
"""Bytes. A carrier takes five megabytes for all that comes with one text."""
MOST = 10
"""How many one text may bring."""
LARGEST_SENT = 5_000_000
"""Bytes of all that leaves with one text of ours; the network takes no more."""


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


Unsendable = Literal["too_many_files", "files_too_large", "empty_file", "other_file"]
SENT = (JPEG, PNG, GIF, PDF)
"""What every carrier takes."""


def unsendable(contents: Sequence[bytes]) -> Unsendable | None:
    """Why these may not leave with a text; None where they may."""
    if len(contents) > MOST:
        return "too_many_files"
    if sum(map(len, contents)) > LARGEST_SENT:
        return "files_too_large"
    if not all(contents):
        return "empty_file"
    return None if all(kind_of(each) in SENT for each in contents) else "other_file"
