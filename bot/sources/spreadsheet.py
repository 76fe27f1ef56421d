"""One row of a spreadsheet as the fields of a request: what Excel does to ids, phones and ZIP codes is mended or refused, never guessed."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.rules.text import clean, looks_like_formula
from bot.rules.zones import states_of_zip
from bot.sources.field_names import known_header
from bot.sources.flat import PHONES
from bot.sources.places import read_state, read_zip
from bot.sources.reading import LONGEST_TEXT, Fields
from bot.sources.unreadable import FieldError, Unreadable

_WRAPPED = re.compile(r'="(.*)"', re.DOTALL)  # how programs keep Excel from reading 02134 as a number
_FORMULA_FAILED = re.compile(r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!)", re.IGNORECASE)
_ROUNDED = re.compile(r"\+?[0-9]+(?:[.,][0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE | re.ASCII)
_SHORT_ZIP = re.compile(r"[0-9]{3,4}(?:-?[0-9]{4})?(?:\.0)?", re.ASCII)
_STATE_OF = {"zip": "state", "property_zip": "property_state", "mailing_zip": "mailing_state"}
_NOT_ROUNDED = {*PHONES, "external_id", "id", "request_id"}
_CUT = f"A cell was longer than {LONGEST_TEXT:,} characters and was cut."
_SHORT_ZIP_KEPT = "The ZIP code has too few digits for its state; it is kept as it was sent."


def plain_cell(text: str) -> str:
    """What a cell says, without the marks that spreadsheets need: '02134 and ="02134" are 02134, a failed formula is nothing."""
    text = text.strip()
    if text[:1] == "'" and looks_like_formula(text[1:]):  # as we write it ourselves; what follows may have marks of its own
        text = text[1:].strip()
    if text[:1] == "'" and not text[1:2].isalpha():
        text = text[1:].strip()
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped:
        text = wrapped.group(1).replace('""', '"').strip()
    return "" if _FORMULA_FAILED.fullmatch(text) else text


def fields_of(headers: Sequence[str], cells: Sequence[str]) -> Fields:
    """The row's texts by header, a repeated header numbered. Raises Unreadable(422) for what Excel has damaged beyond repair."""
    texts = [plain_cell(cell) for cell in cells]
    more = sum(text != "" for text in texts[len(headers) :])
    if more:
        raise Unreadable(422, [_too_many(more)])
    fields = {name: text for name, text in zip(_names(headers), texts, strict=False) if text}
    damaged = [_rounded(name) for name, text in fields.items() if known_header(name) in _NOT_ROUNDED and _ROUNDED.fullmatch(text)]
    if damaged:
        raise Unreadable(422, damaged)
    notes = [_CUT] if any(len(text) > LONGEST_TEXT for text in fields.values()) else []
    _put_short_zips_aside(fields, notes)
    return Fields({name: text[:LONGEST_TEXT] for name, text in fields.items()}, notes)


def _names(headers: Sequence[str]) -> Iterator[str]:
    """The header of each column, so that none is there twice: a number in brackets changes nothing of what it means."""
    times: Counter[str] = Counter()
    for at, header in enumerate(headers, 1):
        times[header] += 1
        yield f"{header}[{times[header]}]" if times[header] > 1 and header else header or f"column {at}"


def _put_short_zips_aside(fields: dict[str, str], notes: list[str]) -> None:
    """Spreadsheets eat the zeros that ZIP codes of the north-east begin with. They come back only where the state says they were there."""
    short = [name for name, text in fields.items() if known_header(name) in _STATE_OF and _SHORT_ZIP.fullmatch(text)]
    for name in short:
        state_field = _STATE_OF[known_header(name) or ""]
        states = {read_state(clean(text)) for other, text in fields.items() if known_header(other) == state_field}
        if states.isdisjoint(states_of_zip(read_zip(fields[name]))):
            fields[f"{name} as sent"] = fields.pop(name)
            notes.append(_SHORT_ZIP_KEPT)


def _rounded(name: str) -> FieldError:
    field = known_header(name) or name
    message = "Excel has rounded this number, and its digits are lost. Format the column as text, and put the whole number in."
    return FieldError("rounded", "phone" if field in PHONES else "external_id", message)


def _too_many(more: int) -> FieldError:
    cells = "1 more cell" if more == 1 else f"{more} more cells"
    message = f'This row has {cells} than there are headers. A cell that holds the delimiter needs quotation marks (").'
    return FieldError("too_many_cells", "row", message)
