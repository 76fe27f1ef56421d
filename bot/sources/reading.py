"""From the bytes of a request to its fields: JSON, XML or a form, within limits that keep the bell ringing for everyone else."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from python_multipart.multipart import parse_options_header

from bot.sources.forms import MOST_FIELDS, decode, read_multipart, read_urlencoded, too_many_fields
from bot.sources.unreadable import Unreadable, unreadable
from bot.sources.xml_document import fields_of, read_xml

MOST_BYTES = 1024 * 1024
DEEPEST = 8
MOST_DIGITS = 30
LONGEST_TEXT = 20_000

# Not every codec of Python is harmless to strangers, so the useful ones are listed.
_CHARSETS = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin-1", "latin1", "windows-1252", "cp1252"), "cp1252"),
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_URLENCODED = "application/x-www-form-urlencoded"
_KEY_END = re.compile(rb'"\s*:')
_FLOATS_LOSE_DIGITS = 2.0**63
_TWICE = "A field was sent twice with different values; the last one was kept."
_CUT = f"A text was longer than {LONGEST_TEXT:,} characters and was cut."


class Fields(dict[str, Any]):
    """The fields of one request as sent, and notes about what had to be mended while reading them."""

    def __init__(self, fields: dict[str, Any], notes: list[str]) -> None:
        super().__init__(fields)
        self.notes = tuple(dict.fromkeys(notes))


@dataclass(frozen=True, slots=True)
class Limits:
    """How many values one request may hold, and how deep: a format whose requests tell the form beside the answers needs more."""

    values: int = MOST_FIELDS
    depth: int = DEEPEST


OF_A_LEAD = Limits()


@dataclass(slots=True)
class _Survey:
    """What a look through a parsed body found."""

    limits: Limits
    keys: int = 0
    values: int = 0
    cut: bool = False
    inexact: bool = False


def read_body(content_type: str | None, body: bytes, limits: Limits = OF_A_LEAD) -> Fields:
    """The fields of a JSON object, an XML document, an urlencoded form or a multipart form; raises Unreadable with 413, 415 or 422.

    Values are as sent: texts (XML and forms), or JSON's types; objects and elements nest.
    """
    if len(body) > MOST_BYTES:
        raise unreadable(413, "too_large", "body", "The request is larger than 1 MiB. Send one lead per request, without files.")
    kind, charset, boundary = _read_content_type(content_type)
    notes: list[str] = []
    if kind == "multipart/form-data":
        fields = _merge(read_multipart(boundary, body, notes), notes)
    elif _is_json(kind) or (kind in ("", "text/plain", _URLENCODED) and body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"):
        return Fields(_read_json(body, charset, notes, limits), notes)
    elif _is_xml(kind) or (kind in ("", "text/plain", _URLENCODED) and body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"):
        fields = fields_of(read_xml(body, charset_of(content_type), notes))
    elif kind in ("", "text/plain", _URLENCODED):
        fields = _merge(read_urlencoded(body, charset, notes), notes)
    else:
        raise unreadable(415, "content_type", "body", f"Send the lead as application/json, application/xml or {_URLENCODED}.")
    return limited(fields, notes, limits)


def limited(fields: dict[str, Any], notes: list[str], limits: Limits = OF_A_LEAD) -> Fields:
    """Fields that were read otherwise, with long texts cut; raises Unreadable beyond a limit."""
    _survey(fields, 1, survey := _Survey(limits))
    if survey.cut:
        notes.append(_CUT)
    return Fields(fields, notes)


def charset_of(content_type: str | None) -> str | None:
    """The codec that the header names, None where it names none; raises Unreadable(415) for one that nobody knows."""
    return _read_content_type(content_type)[1] if _names_charset(content_type) else None


def _read_content_type(header: str | None) -> tuple[str, str, bytes]:
    """Media type, the codec to decode with, and the boundary of a multipart form."""
    if header == "application/json":
        return header, "utf-8", b""
    kind, options = parse_options_header((header or "").encode("latin-1", "replace"))
    charset = options.get(b"charset", b"utf-8").decode("latin-1").strip().lower().replace("_", "-")
    if charset not in _CHARSETS:
        raise unreadable(415, "charset", "body", "This character set is not known here. Send the lead in UTF-8.")
    return kind.decode("latin-1").strip(), _CHARSETS[charset], options.get(b"boundary", b"")


def _names_charset(header: str | None) -> bool:
    return "charset" in (header or "").lower()


def _is_xml(kind: str) -> bool:
    return kind in ("application/xml", "text/xml") or kind.endswith("+xml")


def _is_json(kind: str) -> bool:
    return kind in ("application/json", "text/json") or kind.endswith("+json")


def _read_json(body: bytes, charset: str, notes: list[str], limits: Limits) -> dict[str, Any]:
    document, survey = None, _Survey(limits)
    if charset == "utf-8":
        try:
            document = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError:
            document = None
        else:
            _survey(_only_object(document), 1, survey)
    # orjson drops repeated keys and the last digits of huge numbers silently, and refuses raw newlines in texts; json tells and bears them.
    if document is None or survey.inexact or len(_KEY_END.findall(body)) > survey.keys:
        document = _read_json_slowly(decode(body, charset, notes), notes)
        _survey(_only_object(document), 1, survey := _Survey(limits))
    if survey.cut:
        notes.append(_CUT)
    return _only_object(document)


def _read_json_slowly(text: str, notes: list[str]) -> object:
    try:
        return json.loads(
            text,
            strict=False,
            object_pairs_hook=lambda pairs: _merge(pairs, notes),
            parse_int=_exact_number,
            parse_constant=lambda _: None,  # NaN and Infinity are how some programs write "nothing"
        )
    except json.JSONDecodeError as error:
        message = f"The body is not valid JSON (line {error.lineno}, column {error.colno}). Check quotes, commas and braces there."
        raise unreadable(422, "invalid_json", "body", message) from None
    except RecursionError:
        raise _too_deep(DEEPEST) from None


def _exact_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise unreadable(422, "number_too_long", "body", f"A number has more than {MOST_DIGITS} digits. Send long ids as text.")
    return int(digits)


def _too_deep(depth: int) -> Unreadable:
    return unreadable(422, "too_deep", "body", f"The fields are nested deeper than {depth} levels. Send a flatter object.")


def _only_object(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise unreadable(422, "not_an_object", "body", 'The body must be one JSON object, such as {"first_name": "Dana"}.')
    return document


def _merge(pairs: list[tuple[str, Any]], notes: list[str]) -> dict[str, Any]:
    """One dict of pairs with repeated keys: the last value that is not blank wins; keys that end in [] collect a list."""
    fields: dict[str, Any] = {}
    for key, value in pairs:
        if key.endswith("[]"):
            fields.setdefault(key, []).append(value)
        elif key not in fields or fields[key] in (None, ""):
            fields[key] = value
        elif value not in (None, "", fields[key]):
            fields[key] = value
            notes.append(_TWICE)
    return fields


def _survey(container: dict[str, Any] | list[Any], depth: int, survey: _Survey) -> None:
    """Count what is inside, cut long texts where they stand, and raise Unreadable beyond a limit."""
    if depth > survey.limits.depth:
        raise _too_deep(survey.limits.depth)
    survey.values += len(container)
    if isinstance(container, dict):
        survey.keys += len(container)
    if survey.values > survey.limits.values:
        raise too_many_fields(survey.limits.values)
    items: Iterable[tuple[Any, Any]] = container.items() if isinstance(container, dict) else enumerate(container)
    for key, value in items:
        kind = type(value)
        if kind is str:
            if len(value) > LONGEST_TEXT:
                container[key] = value[:LONGEST_TEXT]
                survey.cut = True
        elif kind is dict or kind is list:
            _survey(value, depth + 1, survey)
        elif kind is float and abs(value) >= _FLOATS_LOSE_DIGITS:
            survey.inexact = True
