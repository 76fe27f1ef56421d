"""An email that came in, read from its bytes: who wrote what, which email of ours it answers, and whether a machine wrote it."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Policy, compat32
from email.utils import getaddresses
from typing import Literal, NamedTuple

from bot.outreach.plain_text import lead_of_page, words_of_page
from bot.rules.text import clean, one_line, storable

Action = Literal["failed", "delayed"]
MOST_FILES = 20
MOST_DOCUMENTS = 3
MOST_PARTS = 500
MOST_INSIDE_EACH_OTHER = 20
MOST_BREAKS = 1_000_000
"""Ends of lines, of which each costs more than what stands between them: a mail as large as we read any has fewer."""
MOST_HEADERS = 1000
LONGEST_HEADER, LONGEST_OF_A_PART = 20_000, 4000
"""The second for what says how a part is to be read: the standard library's time for it grows with the square of its length."""
MOST_WORDS = 100_000
LONGEST_NAME = 80
_IDS = re.compile(r"<[^<>\s]{1,300}>")
_MOST_IDS = 50
_DOCUMENT = re.compile(r"[/+.](xml|json|adf)$", re.IGNORECASE)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"\b([45]\d\d)\b")
_AWAY = re.compile(
    r"\s*(auto(matic)?[ -]?(reply|response)|out of (the )?office|on vacation|respuesta autom|fuera de (la )?oficina)",
    re.IGNORECASE,
)
_RECEIVERS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To", "Resent-To")


@dataclass(frozen=True, slots=True)
class Fate:
    """What a mail server reports of a mail of ours: `status` such as 5.1.1, the answer's code where it is told."""

    action: Action
    status: str
    code: int | None


@dataclass(frozen=True, slots=True)
class Mail:
    """One email. `key` is the same however often and by whichever way it comes; `automatic` where no person wrote it. `lead` is what its
    page says of a lead for programs, `documents` what is attached as XML or JSON."""

    key: str
    sender: str
    receivers: tuple[str, ...]
    answers: tuple[str, ...]  # Message-IDs, the nearest first
    subject: str
    words: str
    files: tuple[str, ...]
    automatic: bool
    fate: Fate | None
    lead: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] = ()


class UnreadableMail(Exception):
    """Nested so deeply, or of so many parts or lines, that no mail program would make it."""


class _Part(Message):
    """A mail, or a part of one, with no more headers than we read."""

    inside = 0

    def attach(self, payload: "Message[str, str]") -> None:  # type: ignore[override] # its reader attaches nothing else
        assert isinstance(payload, _Part), "all of one mail are made alike"
        payload.inside = self.inside + 1
        if payload.inside > MOST_INSIDE_EACH_OTHER:  # each line would be held against the end of all of them
            raise UnreadableMail
        super().attach(payload)

    def set_raw(self, name: str, value: str) -> None:
        if len(self) < MOST_HEADERS:
            super().set_raw(name, value[: LONGEST_OF_A_PART if name.lower().startswith("content-") else LONGEST_HEADER])


class _Parts:
    """Makes the parts of one mail, as long as there are not too many."""

    def __init__(self) -> None:
        self._made = 0

    def __call__(self, policy: Policy) -> _Part:
        self._made += 1
        if self._made > MOST_PARTS:
            raise UnreadableMail
        return _Part(policy)


def read_mail(content: bytes) -> Mail:
    """Read an email, however damaged. Raises UnreadableMail where it is built to break its readers."""
    try:
        return _read(content)
    except RecursionError:
        raise UnreadableMail from None


def _read(content: bytes) -> Mail:
    if content.count(b"\n") + content.count(b"\r") > MOST_BREAKS:
        raise UnreadableMail
    message = message_from_bytes(content, policy=compat32.clone(message_factory=_Parts()))
    headers = _headers(message)
    parts = list(_parts(message))
    contents = _contents(parts)
    fate, about = _report(parts)
    named = headers.get("message-id", [""])[0].strip()
    return Mail(
        key=hashlib.sha256(named.encode() if named else content).hexdigest(),
        sender=_first([address for _, address in getaddresses(headers.get("from", []))]),
        receivers=tuple(_lower(address) for name in _RECEIVERS for _, address in getaddresses(headers.get(name.lower(), [])) if address),
        answers=(*about, *_ids(headers.get("in-reply-to", [])), *reversed(_ids(headers.get("references", [])))),
        subject=one_line(headers.get("subject", [""])[0], 200),
        words=contents.words,
        files=contents.files,
        automatic=_is_automatic(message, headers),
        fate=fate,
        lead=contents.lead,
        documents=contents.documents,
    )


def _headers(message: "Message[str, str]") -> dict[str, list[str]]:
    """All headers by their name in small letters, decoded; what cannot be decoded stays as it came."""
    found: dict[str, list[str]] = {}
    for name, raw in message.raw_items():
        value = _text_of(raw.encode("ascii", "surrogateescape")) if isinstance(raw, str) else str(raw)
        if "=?" in value and name.lower() not in ("from", "to", "cc", "message-id", "references", "in-reply-to"):
            try:
                value = str(make_header(decode_header(value[:4000])))
            except (HeaderParseError, LookupError, ValueError):
                value = value[:4000]
        found.setdefault(name.lower(), []).append(storable(value))
    return found


def _text_of(content: bytes) -> str:
    """Words in a code that nobody named: most are UTF-8, and every byte is something in Windows-1252's superset."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _parts(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The leaves, in order; a mail inside of a mail is one."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting[:0] = _inside(part)
        else:
            yield part


def _inside(part: "Message[str, str]") -> list["Message[str, str]"]:
    inside = part.get_payload() if part.is_multipart() else []  # of one part alone it would be decoded, in a code that may be none
    return [each for each in inside if isinstance(each, Message)] if isinstance(inside, list) else []


class _Contents(NamedTuple):
    words: str
    files: tuple[str, ...]
    lead: dict[str, str]
    documents: tuple[str, ...]


def _contents(parts: list["Message[str, str]"]) -> _Contents:
    """The words, from plain text if there is any, the names of what is attached, and what is there for programs."""
    plain: list[str] = []
    pages: list[str] = []
    files: list[str] = []
    documents: list[str] = []
    for part in parts:
        kind, name = part.get_content_type(), _file_name(part)
        if _DOCUMENT.search(kind) or (name is not None and _DOCUMENT.search(name)):
            documents.append(storable(_decoded(part)[:MOST_WORDS]))
        if name is not None or part.get_content_disposition() == "attachment":
            files.append(name or kind)
        elif kind == "text/plain":
            plain.append(_decoded(part))
        elif kind == "text/html":
            pages.append(_decoded(part)[: MOST_WORDS - sum(map(len, pages))])
        elif kind == "message/rfc822":
            files.append("email.eml")
        elif part.get_content_maintype() in ("image", "audio", "video", "application"):
            files.append(kind)
    words = clean("\n\n".join(plain)[:MOST_WORDS]) or clean("\n\n".join(map(words_of_page, pages))[:MOST_WORDS])
    lead = {name: said for page in pages for name, said in lead_of_page(page).items()}
    return _Contents(storable(words), tuple(files[:MOST_FILES]), lead, tuple(documents[:MOST_DOCUMENTS]))


def _file_name(part: "Message[str, str]") -> str | None:
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError):  # the standard library's reader of RFC 2231 trips over broken continuations
        return "?"
    if not name:
        return None
    try:
        name = str(make_header(decode_header(name[:500])))
    except (HeaderParseError, LookupError, ValueError):
        name = name[:500]
    return storable(one_line(name, LONGEST_NAME)) or "?"


def _decoded(part: "Message[str, str]") -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    content = content[: 4 * MOST_WORDS]
    charset = part.get_param("charset")
    if isinstance(charset, str):
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            pass  # damaged, or a code that nobody knows: read as what it most likely is
    return _text_of(content)


def _report(parts: list["Message[str, str]"]) -> tuple[Fate | None, list[str]]:
    """What a delivery report says of its first recipient that it names, and the Message-ID of the mail that it is about."""
    fate, about = None, []
    for part in parts:
        kind, inside = part.get_content_type(), _inside(part)
        if kind == "message/delivery-status" and fate is None:
            fate = next((found for block in inside[:50] if (found := _fate(block))), None)
        elif kind == "message/rfc822" and inside:
            about += _ids(_headers(inside[0]).get("message-id", []))
        elif kind == "text/rfc822-headers":
            about += _ids(re.findall(r"(?im)^message-id:(.{0,400})", _decoded(part)[:20_000]))
    return (fate, about[:1]) if fate is not None else (None, [])


def _fate(block: "Message[str, str]") -> Fate | None:
    headers = _headers(block)
    action = headers.get("action", [""])[0].strip().lower()
    if action not in ("failed", "delayed"):
        return None
    said = headers.get("diagnostic-code", [""])[0]
    status = _STATUS.search(headers.get("status", [""])[0]) or _STATUS.search(said)
    code = _CODE.search(said)
    return Fate("failed" if action == "failed" else "delayed", status[0] if status else "", int(code[1]) if code else None)


def _is_automatic(message: "Message[str, str]", headers: dict[str, list[str]]) -> bool:
    """RFC 3834, and what is sent by machines that do not know it."""
    submitted = headers.get("auto-submitted", ["no"])[0].partition(";")[0].strip().lower()
    precedence = headers.get("precedence", [""])[0].strip().lower()
    return (
        submitted != "no"
        or precedence in ("bulk", "auto_reply", "junk", "list")
        or not headers.keys().isdisjoint({"x-autoreply", "x-autorespond", "x-autoresponder", "list-id", "feedback-id"})
        or headers.get("return-path", ["?"])[0].strip() in ("<>", "")
        or message.get_content_type() == "multipart/report"
        or _AWAY.match(headers.get("subject", [""])[0]) is not None
    )


def _ids(values: list[str]) -> list[str]:
    return [found for value in values for found in _IDS.findall(value)][-_MOST_IDS:]


def _first(addresses: list[str]) -> str:
    return _lower(next((each for each in addresses if "@" in each), ""))


def _lower(address: str) -> str:
    return one_line(address, 320).lower()
