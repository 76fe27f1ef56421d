"""The two ways in which web pages send forms: urlencoded, and multipart (whose files are left behind)."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from bot.sources.unreadable import Unreadable, unreadable

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FIELDS = 300

_NOT_UTF8 = "The text was not valid UTF-8 and was read as Windows-1252."
_FILE_DROPPED = "A file was sent along and was not kept."


def decode(body: bytes, charset: str, notes: list[str]) -> str:
    """The text of a body; what is not valid in its character set is read as Windows-1252, with a note. Never fails."""
    try:
        text = body.decode(charset)
    except UnicodeDecodeError:
        notes.append(_NOT_UTF8)
        text = body.decode("cp1252", "replace")
    return text.removeprefix("\ufeff")


def read_urlencoded(body: bytes, charset: str, notes: list[str]) -> list[tuple[str, str]]:
    """Names and values in their order, blank ones too; raises Unreadable(413) for more than 300 fields."""
    text = decode(body, charset, notes)
    if text.count("&") >= MOST_FIELDS:
        raise too_many_fields()
    try:
        return parse_qsl(text, keep_blank_values=True, encoding=charset, errors="strict")
    except UnicodeDecodeError:
        notes.append(_NOT_UTF8)
        return parse_qsl(text, keep_blank_values=True, encoding="cp1252", errors="replace")


def read_multipart(boundary: bytes, body: bytes, notes: list[str]) -> list[tuple[str, str]]:
    """As read_urlencoded, for a multipart body; raises Unreadable(422) when its parts cannot be told apart."""
    parts = _Parts()
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        parser.write(body)
        parser.finalize()
    except FormParserError:
        parts.ended = False
    if not parts.ended:
        raise unreadable(422, "invalid_form", "body", "The form cannot be taken apart. Check its end, and the boundary in Content-Type.")
    pairs = []
    for name, value, is_file in parts.found:
        if is_file:
            notes.append(_FILE_DROPPED)
        else:
            pairs.append((decode(name, "utf-8", notes), decode(value, "utf-8", notes)))
    return pairs


def too_many_fields(most: int = MOST_FIELDS) -> Unreadable:
    """The refusal of a request that is no lead by its sheer number of fields."""
    return unreadable(413, "too_many_fields", "body", f"The request has more than {most} fields. Send one lead per request.")


class _Parts:
    """Collects what the parser calls out: names, values, and whether a part is a file."""

    def __init__(self) -> None:
        self.found: list[tuple[bytes, bytes, bool]] = []
        self.ended = False
        self._begin()

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header_name.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_part_data": lambda data, start, end: self._value.extend(data[start:end]),
            "on_part_end": self._end,
            "on_end": self._all_read,
        }

    def _begin(self) -> None:
        self._name, self._is_file = b"", False
        self._value, self._header_name, self._header_value = bytearray(), bytearray(), bytearray()

    def _header_end(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._header_value))
            self._name, self._is_file = options.get(b"name", b""), b"filename" in options
        self._header_name, self._header_value = bytearray(), bytearray()

    def _end(self) -> None:
        if len(self.found) >= MOST_FIELDS:
            raise too_many_fields()
        self.found.append((self._name, bytes(self._value), self._is_file))

    def _all_read(self) -> None:
        self.ended = True
