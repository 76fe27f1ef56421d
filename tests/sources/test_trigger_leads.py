"""A lead that a credit bureau sold is one only with the basis on which it may be furnished, in whatever form it comes."""

from dataclasses import replace

import pytest

from bot.sources.generic import parse
from bot.sources.mail import leads_in_mail
from bot.sources.mapping import FieldMap
from bot.sources.request import LeadRequest
from bot.sources.unreadable import Unreadable
from bot.sources.vendors_test import VendorsTest
from tests.sources.goldens import GOLDENS, Golden

TRIGGER = FieldMap(trigger_leads=True)


@pytest.mark.parametrize(
    ("written", "basis"),
    [
        ("authorized", "authorized"),
        ("Consumer Authorization", "authorized"),
        ("current_originator", "current_originator"),
        ("Current servicer", "current_servicer"),
        ("account holder", "account_holder"),
    ],
)
def test_the_basis_is_kept_in_the_record(written: str, basis: str) -> None:
    assert parse({"phone": "(512) 555-0100", "Trigger Basis": written}, TRIGGER).trigger_basis == basis


@pytest.mark.parametrize("written", ["", "none", "not authorized", "unauthorized", "yes", "true", "we asked nobody", "FCRA"])
def test_what_is_no_basis_makes_no_lead(written: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse({"phone": "(512) 555-0100", "trigger_basis": written}, TRIGGER)

    [error] = refused.value.errors
    assert (refused.value.status, error.type, error.field) == (422, "no_basis", "trigger_basis")
    assert "authorized, current_originator, current_servicer or account_holder" in error.message


def test_a_source_may_say_once_what_is_the_basis_of_all_its_leads() -> None:
    said = replace(TRIGGER, always={"trigger_basis": "current_servicer"})

    assert parse({"phone": "(512) 555-0100"}, said).trigger_basis == "current_servicer"


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_no_format_is_a_way_around_it(golden: Golden) -> None:
    spoken, names = golden.spoken()
    try:
        leads = spoken.read(LeadRequest({"content-type": golden.content_type}, {}, golden.body), replace(names, trigger_leads=True))
    except (Unreadable, VendorsTest):
        return
    assert not leads, "none of these says a basis"


@pytest.mark.parametrize(
    "words", ["Name: Dana\nPhone: 512 555 0100", "lead_name: Dana\nlead_phone: 512 555 0100", '{"phone": "5125550100"}']
)
def test_nor_is_a_mail(words: str) -> None:
    with pytest.raises(Unreadable):
        leads_in_mail(words, TRIGGER)
