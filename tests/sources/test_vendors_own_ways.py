"""What only one vendor does, and no other."""

import tracemalloc

import pytest

from bot.config.mapping import MappingEntry, speaks
from bot.sources.generic import parse
from bot.sources.mapping import NOTHING_MAPPED
from bot.sources.naming import recipients_in
from bot.sources.new_lead import NewLead
from bot.sources.reading import read_body
from bot.sources.request import LeadRequest
from bot.sources.unreadable import Unreadable
from bot.sources.vendors_test import VendorsTest
from bot.sources.xml_document import read_xml
from tests.sources.goldens import GOLDENS

BY_NAME = {golden.name: golden for golden in GOLDENS}


def _leads(name: str, old: bytes = b"", new: bytes = b"", *, mapping: MappingEntry | None = None) -> list[NewLead]:
    golden = BY_NAME[name]
    assert old in golden.body
    spoken, names = speaks(golden.vendor, mapping)
    return list(spoken.read(LeadRequest({"content-type": golden.content_type}, {}, golden.body.replace(old, new)), names))


def _refused(vendor: str, body: bytes) -> Unreadable:
    spoken, _ = speaks(vendor, None)
    with pytest.raises(Unreadable) as caught:
        spoken.read(LeadRequest({}, {}, body), NOTHING_MAPPED)
    return caught.value


def test_the_officer_to_whom_zillow_sold_it_can_be_found() -> None:
    [lead] = _leads("zillow/quote.json")

    assert {"maya@acme.example", "200101"} <= set(recipients_in(lead.extra))


def test_the_officer_whom_lendingtree_means_can_be_found() -> None:
    [lead] = _leads("lendingtree/masked.json")

    assert recipients_in(lead.extra) == ("maya",)


def test_a_phone_of_lendingtree_that_is_the_borrowers_own_is_not_masked() -> None:
    [lead] = _leads("lendingtree/masked.json", b'"IsMaskedPhone": true', b'"IsMaskedPhone": "0"')

    assert lead.phones[0].kind is None


@pytest.mark.parametrize("said", [b"true", b'"true"', b"1"])
def test_googles_test_is_no_lead(said: bytes) -> None:
    with pytest.raises(VendorsTest):
        _leads("google_ads/test.json", b'"is_test": true', b'"is_test": ' + said)


def test_a_question_is_private_when_either_of_its_names_says_so() -> None:
    body = b"""{"lead_id": "7", "user_column_data": [{"column_id": "PHONE_NUMBER", "string_value": "5125550100"},
        {"column_id": "ssn", "column_name": "One more thing", "string_value": "123456789"}]}"""
    spoken, names = speaks("google_ads", None)

    [lead] = spoken.read(LeadRequest({"content-type": "application/json"}, {}, body), names)

    assert lead.has_ssn and lead.extra == {}


def test_the_consent_above_a_google_form_is_written_with_its_source() -> None:
    template = {"consent.text": "By submitting you agree that Acme Lending may call you.", "consent.version": "2026-03"}

    [lead] = _leads("google_ads/lead_form.json", mapping=MappingEntry.model_validate({"always": template}))

    assert lead.consent is not None and (lead.consent.text, lead.consent.version) == tuple(template.values())


def test_a_typeform_question_goes_by_its_reference_though_its_words_change() -> None:
    mapping = MappingEntry.model_validate({"fields": {"1b2c": "comments"}})

    [lead] = _leads("typeform/response.json", b"What matters to you?", b"Phone", mapping=mapping)

    assert lead.comments == "Rate, Speed, A human"


def test_an_adf_document_that_was_cut_on_its_way_is_refused_so_that_it_comes_again() -> None:
    body = BY_NAME["adf/mortgage.xml"].body

    assert _refused("adf", body[: body.index(b"<comments>")]).errors[0].type == "invalid_xml"


@pytest.mark.parametrize("entity", [b"<!ENTITY x SYSTEM 'file:///etc/passwd'>", b"<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;'>"])
@pytest.mark.fault(75)
def test_an_adf_document_with_entities_of_its_own_is_refused(entity: bytes) -> None:
    adf = b"<adf><prospect><customer><contact><name>&x;</name><phone>5125550100</phone></contact></customer></prospect></adf>"

    assert _refused("adf", b"<!DOCTYPE adf [" + entity + b"]>" + adf).errors[0].type == "dtd"
    assert _refused("adf", b"<!DOCTYPE adf [" + entity + b"]>" + adf.replace(b"</name>", b"")).errors[0].type == "dtd"


def test_what_is_said_around_other_elements_is_said_too() -> None:
    body = b"<lead><phone>5125550100<ext>7</ext></phone><comments>Hello<br/>call me</comments><note/></lead>"

    lead = parse(read_body("application/xml", body))

    assert [phone.number for phone in lead.phones] == ["+15125550100"] and lead.comments == "Hello\ncall me"


def test_an_address_of_a_namespace_is_kept_nowhere_however_long_it_is() -> None:
    names = b"".join(b"<b%d/>" % number for number in range(1000))
    tracemalloc.start()
    root = read_xml(b'<a xmlns="' + b"x" * 900_000 + b'" xmlns:o="o" o:id="7">' + names + b"</a>", None, [])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert root.attributes == {"id": "7"} and root.children[0].name == "b0"
    assert most < 20_000_000


def test_an_ordinal_is_no_id() -> None:
    [lead] = _leads("adf/as_printed.xml", b"A-2291", b"1")

    assert lead.external_id is None


def test_a_key_and_an_answer_of_ones_own_stand_in_place_of_a_vendors() -> None:
    written = {"auth": {"field": "Password"}, "reply": {"kept": "OK $lead", "content_type": "text/plain"}}

    spoken, names = speaks("lendingtree", MappingEntry.model_validate(written))

    body = b'{"LeadInformation": {"Phone": "5125550100", "QFName": "QF-1"}, "Password": "hush-hush-hush"}'
    request = LeadRequest({"content-type": "application/json"}, {}, body)
    [lead] = spoken.read(request, names)
    assert spoken.proof.proves(request, "hush-hush-hush")
    assert (lead.external_id, lead.extra) == ("QF-1", {"QFName": "QF-1"})


@pytest.mark.parametrize("piece", [b"<", b"<a", b"<!--", b"<![CDATA[", b"</adf ", b"&", b"<a b="])
@pytest.mark.fault(75)
def test_broken_xml_that_would_take_long_is_not_read(piece: bytes) -> None:
    body = b"<adf><prospect>" + piece * (1_000_000 // len(piece)) + b"</prospect></adf>"

    assert _refused("adf", body).status == 413
