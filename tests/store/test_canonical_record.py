"""`leadbell show --json` prints everything that is known of a request, by names that scripts rely on, and the request as it came."""

from dataclasses import replace
from typing import Any

import orjson

from bot.capture import intake
from bot.capture.source_requests import as_it_came
from bot.sources.generic import parse
from bot.sources.request import LeadRequest
from bot.store.records import lead_record
from tests.doubles.branch import Branch

SENT: dict[str, Any] = {
    "lead_id": "z-7", "submitted_at": "2026-11-20T10:00:00-06:00", "first_name": "Dana", "last_name": "Rowe", "email": "dana@example.com",
    "mobile_phone": "(512) 555-0100", "best_time": "evening", "language": "es", "loan_purpose": "refinance", "property_use": "primary",
    "property_type": "condo", "property_value": "350k-400k", "purchase_price": "$390,000", "loan_amount": "310000", "down_payment": "40000",
    "mortgage_balance": "210000", "current_rate": "7.1", "cash_out": "50000", "credit_score": "720-759", "military": "yes",
    "first_time_buyer": "no", "has_agent": "yes", "found_home": "yes", "under_contract": "no", "time_frame": "30 days",
    "property_street": "12 Oak St", "property_city": "Austin", "property_county": "Travis", "property_state": "TX", "property_zip": "78704",
    "mailing_street": "1 Elm St", "mailing_city": "Tulsa", "mailing_state": "OK", "mailing_zip": "74103", "bankruptcy": "no",
    "foreclosure": "no", "price": "62", "campaign_id": "c1", "ad_id": "a1", "gclid": "g1", "tcpa_text": "You agree that Acme may call you.",
    "tcpa_timestamp": "2026-11-20T10:00:00-06:00", "ip_address": "203.0.113.7", "consent_url": "https://quotes.example/form",
    "jornaya_lead_id": "j1", "trusted_form_cert_url": "https://cert.trustedform.com/" + "a" * 40,
}  # fmt: skip
CANONICAL = {
    "external_id", "submitted_at", "first_name", "last_name", "emails", "phones", "best_time", "language", "loan_purpose", "property_use",
    "property_type", "property_value_low", "property_value_high", "purchase_price_low", "purchase_price_high", "loan_amount_low",
    "loan_amount_high", "down_payment_low", "down_payment_high", "mortgage_balance_low", "mortgage_balance_high", "current_rate",
    "cash_out_low", "cash_out_high", "credit_band", "credit_low", "credit_high", "military", "first_time_buyer", "has_agent", "found_home",
    "under_contract", "time_frame", "property_street", "property_city", "property_county", "property_state", "property_zip",
    "mailing_street", "mailing_city", "mailing_state", "mailing_zip", "bankruptcy", "foreclosure", "price",
}  # fmt: skip


def arrival_of(branch: Branch) -> dict[str, Any]:
    """What is printed of the request that Zillow sent."""
    source = branch.services.in_force.sources["zillow"]
    lead = parse(SENT)
    asked = LeadRequest({"content-type": "application/json"}, {}, orjson.dumps(SENT))
    new = replace(intake.prepare(branch.services, source, lead), raw=as_it_came(branch.services, source, asked, lead))
    received = branch.store.transact_now(intake.record_arrival, new)
    assert isinstance(received, intake.Received)
    record = branch.store.transact_now(lead_record, received.lead)
    assert record is not None
    orjson.dumps(record)
    [arrival] = record["arrivals"]
    assert isinstance(arrival, dict)
    return arrival


def test_every_field_that_is_known_has_its_name(branch: Branch) -> None:
    arrival = arrival_of(branch)

    record = arrival["record"]
    assert record.keys() >= CANONICAL, CANONICAL - record.keys()
    assert {"source", "received_at", "price", "price_assumed", "external_id"} <= arrival.keys()
    assert record["phones"] == [{"number": "+15125550100", "type": "mobile"}]
    assert record["attribution"].items() >= {"campaign_id": "c1", "ad_id": "a1", "gclid": "g1"}.items()
    assert record["consent"].keys() >= {"text", "given_at", "ip", "url", "jornaya_id", "trustedform_url"}


def test_the_request_stands_there_as_it_came(branch: Branch) -> None:
    assert orjson.loads(arrival_of(branch)["raw"]["body"]) == SENT
