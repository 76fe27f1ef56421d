"""What vendors say in their mails: names beside values, names above them, and sentences that a source has written down."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.config.mapping import MappingEntry
from bot.sources.field_names import OUR_FIELDS, known_header
from bot.sources.mail import leads_in_mail, words_for_reading
from bot.sources.record import record_of
from bot.sources.unreadable import Unreadable

LINES = [
    "New inquiry from {full_name} ({phone})",
    "{first_name} {last_name} wants to {purpose} in {property_city}, {property_state}.",
]
SENTENCES = MappingEntry.model_validate({"lines": LINES}).map


def read(words: str, **written: Any) -> dict[str, Any]:
    [lead] = leads_in_mail(words, MappingEntry.model_validate(written).map if written else SENTENCES)
    return record_of(lead)


def test_a_sentence_that_is_written_down_is_understood() -> None:
    said = read("Hello!\n\nnew  inquiry from Dana Rowe ((512) 555-0100)\nDana Rowe wants to refinance in Round Rock, tx.\n")

    assert (said["first_name"], said["last_name"], said["purpose"]) == ("Dana", "Rowe", "refinance")
    assert (said["property_city"], said["property_state"], said["phones"]) == ("Round Rock", "TX", [{"number": "+15125550100"}])


OTHERS = ["New inquiry from (512)", "New inquiry from  ()", "A new inquiry from Dana ((512) 555-0100)", "New inquiry"]
UNCLEAR = ["{nobody} is here", "no field", "{full_name}", "{first_name}{last_name} asks", "{full_name} asks {", "{phone!r} a"]


@pytest.mark.parametrize("line", OTHERS)
def test_another_line_is_none(line: str) -> None:
    assert all(each.read(line) is None for each in SENTENCES.lines)


def test_a_name_may_stand_above_its_value() -> None:
    said = read("First name:\n\nDana\n> Phone:\n> (512) 555-0100\nComments:\nCall me: today\n")

    assert (said["first_name"], said["phones"]) == ("Dana", [{"number": "+15125550100"}])


def test_an_attached_document_is_read_and_a_page_is_when_its_tags_say_who() -> None:
    assert read(words_for_reading("See below.", ['{"phone": "(512) 555-0100"}'], {}))["phones"]
    tags = {"lead_type": "buyer", "lead_name": "Dana"}
    assert read(words_for_reading("Phone: (512) 555-0100", [], tags))["first_name"] == "Dana"


@pytest.mark.parametrize("line", UNCLEAR)
def test_a_sentence_that_cannot_be_read_is_refused_with_what_to_write(line: str) -> None:
    with pytest.raises(ValidationError):
        MappingEntry.model_validate({"lines": [line]})


def test_our_own_names_are_understood_wherever_a_sentence_has_them() -> None:
    assert {name: known_header(name) for name in OUR_FIELDS} == {name: name for name in OUR_FIELDS}


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab:\t\n >-{}()<adf,.İ1") | st.characters(exclude_categories=()), max_size=200))
def test_any_words_give_leads_or_a_refusal(words: str) -> None:
    with suppress(Unreadable):
        assert leads_in_mail(words, SENTENCES)
