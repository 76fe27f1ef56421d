"""Leads as the sellers' own specifications describe them, with invented people."""

from datetime import UTC, datetime
from decimal import Decimal

from bot.rules.money import Money
from bot.sources.generic import parse
from bot.sources.new_lead import Consent, NewLead, Phone
from bot.sources.reading import read_body

CERTIFICATE = "0123456789abcdef0123456789abcdef01234567"


def test_a_free_rate_update_purchase_lead_is_understood_whole() -> None:
    body = (
        "RequestId=884201&UniversalLeadid=3E9D2C1B-AAAA-4BBB-8CCC-123456789ABC&TCPA=" + CERTIFICATE + "&LoanPurpose=purchase"
        "&CreditRating=Good&PropertyType=Town+House&PropertyUse=primary&VeteranMilitary=no&FoundHome=yes&PurchaseAgreement=no"
        "&DaysFromBuying=30&FIrstTimeBuyer=yes&NewHomeValue=350000&EstimatedDownPayment=20&DesiredLoanAmount=280000&ltv=80"
        "&FirstName=Dana&LastName=Rowe&Email=Dana%40Example.com&CellPhone=5125550100&HomePhone=&StreetAddress=12+Elm+St"
        "&PropertyCity=Austin&PropertyState=TX&Zip=78704&campaign_id=77&Price=42"
    )
    assert parse(read_body("application/x-www-form-urlencoded", body.encode())) == NewLead(
        external_id="884201",
        first_name="Dana",
        last_name="Rowe",
        phones=(Phone("+15125550100", "mobile"),),
        emails=("dana@example.com",),
        purpose="purchase",
        loan_amount=Money(280_000, 280_000, "280000"),
        purchase_price=Money(350_000, 350_000, "350000"),
        down_payment_percent=Decimal(20),
        credit_band="Good",
        credit_low=680,
        credit_high=719,
        property_use="primary",
        property_type="townhouse",
        property_street="12 Elm St",
        property_city="Austin",
        property_state="TX",
        property_zip="78704",
        military=False,
        first_time_buyer=True,
        found_home=True,
        under_contract=False,
        time_frame="this month",
        price=42,
        attribution={"campaign_id": "77"},
        consent=Consent(
            trustedform_url=f"https://cert.trustedform.com/{CERTIFICATE}",
            jornaya_id="3E9D2C1B-AAAA-4BBB-8CCC-123456789ABC",
        ),
        extra={"ltv": "80"},
    )


def test_a_free_rate_update_refinance_lead_keeps_open_amounts() -> None:
    lead = parse(
        {
            "LoanPurpose": "refinance & home equity",
            "CashOut": "500000 or more",
            "CashOutReason": "Home improvement",
            "MortgageBalance": "250000-300000",
            "PropertyValue": "$1.2M",
            "desired_laon_amount": "310000",
            "PropertyType": "Mobile",
            "CurrentVALoan": "yes",
            "CellPhone": "5125550100",
        }
    )
    assert lead.purpose == "refinance"
    assert lead.cash_out == Money(500_000, None, "500000 or more")
    assert lead.mortgage_balance == Money(250_000, 300_000, "250000-300000")
    assert lead.property_value == Money(1_200_000, 1_200_000, "$1.2M")
    assert lead.loan_amount == Money(310_000, 310_000, "310000")
    assert lead.property_type == "manufactured"
    assert lead.extra == {"CashOutReason": "Home improvement", "CurrentVALoan": "yes"}


def test_a_mortgage_buyers_json_lead_tells_mailing_address_and_property_apart() -> None:
    lead = parse(
        {
            "leadProviderName": "Acme Leads",
            "leadID": 9912,
            "firstName": "Dana",
            "lastName": "Rowe",
            "email": "dana@example.com",
            "phoneNumber": "5125550100",
            "cellPhoneNumber": "5125550100",
            "zipCode": "90001",
            "state": "California",
            "propertyStreet": "12 Elm St",
            "propertyCity": "Austin",
            "propertyState": "TX",
            "propertyCounty": "Travis",
            "propertyZip": "78704-1234",
            "loanPurpose": "Purchase",
            "creditRating": "Excellent",
            "loanAmount": 310000,
            "downPayment": 40000,
            "purchasePrice": 350000.0,
            "mortgageRate": 6.875,
            "servedInMilitary": True,
            "workingWithRealEstateAgent": False,
            "selectedProperty": True,
        }
    )
    assert lead.external_id == "9912"
    assert lead.phones == (Phone("+15125550100", "mobile"),)
    assert (lead.mailing_state, lead.mailing_zip) == ("CA", "90001")
    assert (lead.property_street, lead.property_city, lead.property_state, lead.property_county, lead.property_zip) == (
        "12 Elm St",
        "Austin",
        "TX",
        "Travis",
        "78704",
    )
    assert lead.down_payment == Money(40_000, 40_000, "40000")
    assert lead.purchase_price == Money(350_000, 350_000, "350000")
    assert lead.current_rate == Decimal("6.875")
    assert (lead.military, lead.has_agent, lead.found_home) == (True, False, True)
    assert lead.extra == {"leadProviderName": "Acme Leads"}
    assert lead.notes == ()


def test_a_website_form_is_understood_with_its_consent_and_attribution() -> None:
    lead = parse(
        {
            "your-name": "Dana Rowe",
            "tel": "(512) 555-0100",
            "e-mail": "dana@example.com",
            "loan_type": "FHA",
            "looking_to": "Buy a home",
            "credit_score": "720-759",
            "timeline": "1-3 months",
            "message": "Please call after six.",
            "language": "Español",
            "utm_source": "google",
            "utm_campaign": "austin-fall",
            "gclid": "Cj0KCQ",
            "landing_page": "https://acme.example/fha",
            "tcpa_text": "By clicking I agree to be contacted by Acme Mortgage.",
            "consent": "on",
            "consent_timestamp": "2026-03-02T10:30:00-06:00",
            "page_url": "https://acme.example/apply",
            "ip": "203.0.113.7, 10.0.0.1",
            "user_agent": "Browser/1.0",
            "created_at": "1772469000",
        }
    )
    assert (lead.first_name, lead.last_name, lead.purpose, lead.loan_type) == ("Dana", "Rowe", "purchase", "FHA")
    assert (lead.credit_band, lead.credit_low, lead.credit_high) == ("720-759", 720, 759)
    assert (lead.time_frame, lead.language, lead.comments) == ("1-3 months", "es", "Please call after six.")
    assert lead.submitted_at == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert lead.attribution == {
        "utm_source": "google",
        "utm_campaign": "austin-fall",
        "gclid": "Cj0KCQ",
        "landing_page": "https://acme.example/fha",
    }
    assert lead.consent == Consent(
        given=True,
        text="By clicking I agree to be contacted by Acme Mortgage.",
        url="https://acme.example/apply",
        given_at=datetime(2026, 3, 2, 16, 30, tzinfo=UTC),
        ip="203.0.113.7",
        user_agent="Browser/1.0",
    )
    assert lead.notes == ()


def test_a_nested_lead_is_read_like_a_flat_one() -> None:
    nested = {
        "data": {
            "lead": {"id": "A-1", "loan": {"purpose": "refi", "amount": "$310k"}},
            "borrower": {"first_name": "Dana", "last_name": "Rowe", "phones": [{"number": "5125550100"}, {"number": "5125550199"}]},
            "property": {"type": "Condo", "address": {"city": "Austin", "state": "TX"}},
        }
    }
    lead = parse(nested)
    assert (lead.external_id, lead.first_name, lead.purpose) == ("A-1", "Dana", "refinance")
    assert [phone.number for phone in lead.phones] == ["+15125550100", "+15125550199"]
    assert (lead.property_type, lead.property_city, lead.property_state) == ("condo", "Austin", "TX")
    assert lead.extra == {}


def test_a_form_with_names_in_brackets_is_read_like_a_nested_lead() -> None:
    body = b"borrower[first_name]=Dana&borrower%5Bemail%5D=dana%40example.com&loan[amount]=310000&phones[]=5125550100&phones[]=5125550199"
    lead = parse(read_body("application/x-www-form-urlencoded", body))
    assert (lead.first_name, lead.emails, lead.loan_amount) == ("Dana", ("dana@example.com",), Money(310_000, 310_000, "310000"))
    assert len(lead.phones) == 2
