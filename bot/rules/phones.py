"""Phone numbers as people type them, turned into E.164 and back into what an officer dials."""

import re
from typing import NamedTuple

import phonenumbers

# A North American number by its shape; whether the area code is in use is not asked, so numbers of fiction (555-01xx) pass.
_NANP = re.compile(r"\+1([2-9](?!11)[0-8][0-9][2-9][0-9]{6})")
_PLAIN = re.compile(r"(?:\+?1[ .-]?)?\(?([2-9](?!11)[0-8][0-9])\)?[ .-]{0,2}([2-9][0-9]{2})[ .-]?([0-9]{4})")
_LONGEST = 200

MASKED = "masked"
"""The kind of a number that a vendor put before the borrower's own: it forwards calls, and may be another borrower's tomorrow."""


class FoundPhone(NamedTuple):
    """A number in E.164, and whether it was alone in the field: without an extension, a second number or words around it."""

    number: str
    alone: bool


def read_phone(text: str) -> str | None:
    """The first number in the text, in E.164, read as from the US; None when there is none. Extensions and further numbers are left out."""
    found = find_phone(text)
    return found.number if found else None


def find_phone(text: str) -> FoundPhone | None:
    """As read_phone, and says whether anything was left out."""
    plain = _PLAIN.fullmatch(text)
    if plain:
        return FoundPhone("+1" + "".join(plain.groups()), alone=True)
    text = text[:_LONGEST].strip().removesuffix(".0")  # spreadsheets write 5125550100.0
    try:
        parsed = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return _first_inside(text)
    number = _accept(parsed)
    return FoundPhone(number, alone=not parsed.extension) if number else _first_inside(text)


def national(number: str) -> str:
    """A number in E.164 as an officer dials it: "(512) 555-0100", or with its country code when it is from abroad."""
    if _NANP.fullmatch(number):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def digit_by_digit(number: str) -> str:
    """The same for a voice to read: "5 1 2, 5 5 5, 0 1 0 0"."""
    groups = (number[2:5], number[5:8], number[8:]) if _NANP.fullmatch(number) else (number.removeprefix("+"),)
    return ", ".join(" ".join(group) for group in groups)


def _first_inside(text: str) -> FoundPhone | None:
    for match in phonenumbers.PhoneNumberMatcher(text, "US", leniency=phonenumbers.Leniency.POSSIBLE):
        number = _accept(match.number)
        if number:
            return FoundPhone(number, alone=False)
    return None


def _accept(parsed: phonenumbers.PhoneNumber) -> str | None:
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if parsed.country_code == 1:
        return number if _NANP.fullmatch(number) else None
    if phonenumbers.is_valid_number(parsed):
        return number
    meant = "+1" + number[1:]  # "+512 555 0100": ten digits behind a plus sign are a US number without its 1
    return meant if _NANP.fullmatch(meant) else None
