"""A source that is only data: its own names, words, key and answer, and one-off names that everybody uses still understood."""

import hmac
from pathlib import Path
from typing import Any

import pytest

from bot.config.loading import load_config
from bot.config.mapping import MappingEntry, names_of_formats, speaks
from bot.config.problems import ConfigError
from bot.sources.new_lead import NewLead
from bot.sources.request import Kept, LeadRequest
from tests.config.small import SMALL

ACME: dict[str, Any] = {
    "fields": {"Ref": "external_id", "Amt": "loan_amount", "borrower.q7": "credit", "junk": "ignored", "note": "comments"},
    "values": {"purpose": {"R1": "refinance", "Buy a Home": "purchase"}, "loan_amount": {"lots": "500000"}},
    "always": {"language": "es", "consent.text": "You agree that Acme Lending may call you.", "consent.version": "3"},
    "auth": {"field": "token"},
    "reply": {"kept": '{"ok": true, "ref": "$lead"}', "duplicate": '{"ok": true, "again": $duplicate}', "not_understood": '{"ok": false}'},
}
SECRET = b"hush-hush-hush"
BODY = b"Ref=A-7&Amt=lots&purpose=buy++a+HOME&borrower.q7=Good&junk=x&phone=5125550100&token=hush-hush-hush&ssn=123-45-6789"


def _asked(body: bytes, content_type: str = "application/x-www-form-urlencoded", **headers: str) -> LeadRequest:
    return LeadRequest({"content-type": content_type, **headers}, {}, body)


def _read(mapping: dict[str, Any], body: bytes = BODY, content_type: str = "application/x-www-form-urlencoded") -> NewLead:
    spoken, names = speaks("generic", MappingEntry.model_validate(mapping))
    (lead,) = spoken.read(_asked(body, content_type), names)
    return lead


def test_their_names_and_words_become_ours() -> None:
    lead = _read(ACME)

    assert (lead.external_id, lead.purpose, lead.language, lead.credit_band) == ("A-7", "purchase", "es", "Good")
    assert lead.loan_amount is not None and lead.loan_amount.low == 500_000
    assert lead.consent is not None and (lead.consent.text, lead.consent.version) == ("You agree that Acme Lending may call you.", "3")


def test_what_is_ignored_the_key_and_a_social_security_number_are_kept_nowhere() -> None:
    lead = _read({**ACME, "fields": {**ACME["fields"], "ssn": "comments"}})

    assert lead.has_ssn and lead.comments is None
    assert lead.extra == {}


def test_names_in_a_list_are_found_at_any_place_of_it() -> None:
    people = b'{"people": [{"tel": "5125550100"}, {"tel": "5125550199"}]}'

    lead = _read({"fields": {"people.tel": "mobile_phone"}}, people, "application/json")

    assert [(phone.number, phone.kind) for phone in lead.phones] == [("+15125550100", "mobile"), ("+15125550199", "mobile")]


def test_xml_is_read_like_everything_else() -> None:
    body = b'<?xml version="1.0" encoding="windows-1252"?><L><Ref>9</Ref><FName>Ren\xe9e</FName><tel kind="x">5125550100</tel></L>'

    lead = _read({"fields": {"Ref": "external_id"}}, body, "text/xml")

    assert (lead.external_id, lead.first_name, lead.phones[0].number) == ("9", "Renée", "+15125550100")


def test_the_source_hears_what_it_expects() -> None:
    spoken, _ = speaks("generic", MappingEntry.model_validate(ACME))

    assert spoken.reply([Kept(1042, duplicate=False)]).body == b'{"ok": true, "ref": "1042"}'
    assert spoken.reply([Kept(1042, duplicate=True)]).body == b'{"ok": true, "again": true}'
    assert spoken.not_understood is not None and spoken.not_understood.body == b'{"ok": false}'


@pytest.mark.parametrize(
    ("auth", "asked"),
    [
        ({"field": "token"}, _asked(b"token=hush-hush-hush")),
        ({"field": "token"}, _asked(b'{"token": "hush-hush-hush"}', "application/json")),
        ({"header": "X-Acme-Key"}, _asked(b"", **{"x-acme-key": "hush-hush-hush"})),
        ({"query": "secret"}, LeadRequest({}, {"secret": "hush-hush-hush"})),
        ({"signature": "X-Sig", "prefix": "v1="}, _asked(b"a=1", **{"x-sig": "v1=" + hmac.new(SECRET, b"a=1", "sha256").hexdigest()})),
    ],
    ids=["form field", "json field", "header", "query", "signature"],
)
def test_it_proves_itself_in_its_own_way(auth: dict[str, str], asked: LeadRequest) -> None:
    spoken, _ = speaks("generic", MappingEntry.model_validate({"auth": auth}))

    assert spoken.proof.proves(asked, SECRET.decode())
    assert not spoken.proof.proves(asked, "another-secret")
    assert not spoken.proof.proves(_asked(b""), SECRET.decode())


@pytest.mark.parametrize("name", names_of_formats())
def test_every_format_that_ships_can_be_spoken(name: str) -> None:
    spoken, _ = speaks(name, None)

    assert spoken.reply([Kept(1, duplicate=False)]).status == 200


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("mapping: {fields: {Ref: external_idd}}", "Did you mean external_id?"),
        ("mapping: {auth: {header: X, query: y}}", "Write one of header, query, field or signature"),
        ("mapping: {reply: {kept: $leed}}", "$leed is nothing that an answer can say."),
        ("mapping: {reply: {kept: costs 5$}}", "Write $$ for a dollar sign."),
        ("format: zilow", '"zilow" is not a format.'),
    ],
)
def test_a_wrong_line_says_what_to_write(tmp_path: Path, written: str, says: str) -> None:
    path = tmp_path / "leadbell.yaml"
    path.write_text(SMALL.replace("    secret_env: LEADBELL_KEY_ZILLOW\n", f"    secret_env: LEADBELL_KEY_ZILLOW\n    {written}\n"))

    with pytest.raises(ConfigError) as caught:
        load_config(path, {})

    assert says in " ".join(str(caught.value).split())
