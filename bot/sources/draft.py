"""A lead while it is being understood: each value finds its field, or is kept with a note."""

import re
from typing import Any

from bot.rules.phones import find_phone
from bot.rules.text import one_line
from bot.sources.field_names import known_header
from bot.sources.flat import PHONES
from bot.sources.mapping import IGNORED, FieldMap
from bot.sources.people import read_emails
from bot.sources.private import SSN_SENT, why_not_kept, without_private
from bot.sources.readers import READERS, read_certificate, read_line
from bot.sources.unreadable import FieldError, Unreadable
from bot.sources.wordings import read_yes_no

# How programs write "nothing", in the spellings programs use: Ms. Null and Mr. Na keep their names.
_NOTHING = frozenset(("", "-", "--", "n/a", "N/A", "na", "NA", "null", "NULL", "none", "None", "nil", "undefined", "[removed]"))
_LONGEST_NAME = 100
_SHORTEST_SSN = 4  # its last digits are a part of it; a "no" or an empty mask is none
NO_BASIS = "no_basis"
"""The type of the error of a trigger lead that may not be used."""
_NO_BASIS_MESSAGE = (
    "A trigger lead may be used only with the basis on which it was furnished. Ask its vendor, and put it in trigger_basis: authorized, "
    "current_originator, current_servicer or account_holder."
)
_LONGEST_ANSWER = 20  # what is longer than this under "consent" is the text that was shown
# A ticked box may send its label, such as "Yes, call me"; "No purchase necessary" is no answer.
_ANSWER_FIRST = re.compile(r"(?:yes|no)\s?[,.:;!–-]", re.IGNORECASE)


class Draft:
    """What is understood so far: `values` by canonical field, phones with their kinds, emails, and what was kept or noted."""

    def __init__(self, notes: tuple[str, ...], field_map: FieldMap) -> None:
        self.map = field_map
        self.values: dict[str, Any] = {}
        self.phones: dict[str, str | None] = {}
        self.emails: dict[str, None] = {}
        self.extra: dict[str, str] = {}
        self.notes = dict.fromkeys(notes)
        self.unread: set[str] = set()
        self.has_ssn = False

    def take(self, name: str, text: str) -> None:
        """Understand one cleaned value, or keep it with a note."""
        mapped = self.map.field_of(name)
        if text in _NOTHING:
            return
        field = mapped or known_header(name)
        dropped = why_not_kept(name) if field is None or mapped else None
        if dropped is not None:
            self.note(dropped)
            self.has_ssn |= dropped == SSN_SENT and sum(map(str.isdigit, text)) >= _SHORTEST_SSN
            return
        if mapped == IGNORED:  # only now: whether the request may be kept as it came depends on what nobody needs too
            return
        text, removed = without_private(text)
        self.has_ssn |= SSN_SENT in removed
        for note in removed:
            self.note(note)
        if text in _NOTHING:
            return
        if field is None:
            self.keep(name, text)
            return
        self.take_field(field, name, self.map.word_of(field, text))

    def take_field(self, field: str, name: str, text: str) -> None:
        """Understand one value of a field of ours."""
        if field in PHONES:
            self.take_phone(field, name, text)
        elif field == "email":
            self.take_emails(name, text)
        elif field == "consent.given":
            self.take_consent(name, text)
        else:
            self.take_value(field, name, text)

    def take_value(self, field: str, name: str, text: str) -> None:
        value = READERS.get(field, read_line)(text)
        before = self.values.get(field)
        if value is None:
            self.not_understood(field, name, text)
        elif before is None:
            self.values[field] = value
        elif field == "comments" and value != before:
            self.values[field] = f"{before}\n{value}"
        elif value != before:
            self.note(f"More than one {_words(field)} was sent; the first is used.")
            self.keep(name, text)

    def take_phone(self, field: str, name: str, text: str) -> None:
        found = find_phone(text)
        if found is None:
            self.not_understood("phone", name, text)
            return
        self.phones[found.number] = self.phones.get(found.number) or PHONES[field]
        if not found.alone:
            self.note("A phone field held more than one number, such as an extension; the first number is used.")
            self.keep(name, text)

    def take_emails(self, name: str, text: str) -> None:
        found = read_emails(text)
        if not found:
            self.not_understood("email", name, text)
        self.emails |= dict.fromkeys(found)

    def take_consent(self, name: str, text: str) -> None:
        """Senders put an answer, the certificate, or the text that was shown under the same names."""
        if read_certificate(text):
            self.take_value("consent.trustedform_url", name, text)
        elif len(text) > _LONGEST_ANSWER:
            self.take_value("consent.text", name, text)
            if _ANSWER_FIRST.match(text):
                self.take_answer(name, text)
        else:
            self.take_answer(name, text)

    def take_answer(self, name: str, text: str) -> None:
        """Who says yes to calls and no to texts is asked under two names: of several answers any no counts."""
        said, before = read_yes_no(text), self.values.get("consent.given")
        if before is None or said is None or said == before:
            self.take_value("consent.given", name, text)
            return
        self.values["consent.given"] = False
        self.note("More than one answer about consent was sent; a no among them counts.")
        self.keep(name, text)

    def not_understood(self, field: str, name: str, text: str) -> None:
        self.unread.add(field)
        self.note(f"The {_words(field)} could not be understood; it is kept as it was sent.")
        self.keep(name, text)

    def keep(self, name: str, text: str) -> None:
        name, _ = without_private(one_line(name, _LONGEST_NAME))
        self.extra[name] = text

    def note(self, words: str) -> None:
        if words:
            self.notes[words] = None

    def require_contact(self) -> None:
        if self.phones or self.emails:
            return
        errors = []
        for field, example in (("phone", "a phone number with area code, such as (512) 555-0100"), ("email", "an email address")):
            if field in self.unread:
                errors.append(FieldError("invalid", field, f"This {field} cannot be understood. Send {example}."))
            else:
                errors.append(FieldError("missing", field, f"Send {example}: without a phone or an email nobody can be called back."))
        raise Unreadable(422, errors)

    def require_basis(self) -> None:
        """A lead that a credit bureau sold, because somebody else looked at the borrower's credit, is furnished lawfully on few grounds."""
        if self.map.trigger_leads and "trigger_basis" not in self.values:
            raise Unreadable(422, [FieldError(NO_BASIS, "trigger_basis", _NO_BASIS_MESSAGE)])


def _words(field: str) -> str:
    return field.replace(".", " ").replace("_", " ")
