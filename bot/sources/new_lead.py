"""What a source understood of one request: the canonical record every parser hands to intake."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from bot.rules.money import Money
from bot.rules.scoring import Intent

Purpose = Literal["purchase", "refinance", "cash_out", "home_equity", "reverse", "construction", "other"]
TriggerBasis = Literal["authorized", "current_originator", "current_servicer", "account_holder"]
PropertyUse = Literal["primary", "secondary", "investment"]
PropertyType = Literal["single_family", "multi_family", "condo", "townhouse", "cooperative", "manufactured", "land", "other"]


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number in E.164, with the vendor's word for its kind (mobile, home, work, masked) when it gave one."""

    number: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """The permission to contact as the source recorded it; every field may be missing, and what is missing is not consent."""

    given: bool | None = None
    text: str | None = None
    version: str | None = None
    url: str | None = None
    given_at: datetime | None = None
    ip: str | None = None
    user_agent: str | None = None
    trustedform_url: str | None = None
    jornaya_id: str | None = None
    sellers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewLead:
    """One request for one loan.

    Text is cleaned (no NUL, no lone surrogate), phones are E.164, emails lower-cased, states two letters, times aware.
    """

    external_id: str | None = None
    submitted_at: datetime | None = None
    first_name: str | None = None
    last_name: str | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    best_time: str | None = None
    intent: Intent | None = None  # what they ask for
    language: str | None = None  # ISO 639-1, only when the borrower or vendor states it
    purpose: Purpose | None = None
    loan_type: str | None = None
    loan_amount: Money | None = None
    property_value: Money | None = None
    purchase_price: Money | None = None
    down_payment: Money | None = None
    down_payment_percent: Decimal | None = None
    mortgage_balance: Money | None = None
    current_rate: Decimal | None = None
    cash_out: Money | None = None
    income: Money | None = None
    has_ssn: bool | None = None  # a social security number was sent; it is dropped, only this is kept
    credit_band: str | None = None
    credit_low: int | None = None
    credit_high: int | None = None
    property_use: PropertyUse | None = None
    property_type: PropertyType | None = None
    property_street: str | None = None
    property_city: str | None = None
    property_county: str | None = None
    property_state: str | None = None
    property_zip: str | None = None
    mailing_street: str | None = None
    mailing_city: str | None = None
    mailing_state: str | None = None
    mailing_zip: str | None = None
    military: bool | None = None
    first_time_buyer: bool | None = None
    past_client: bool | None = None
    referral: bool | None = None
    has_agent: bool | None = None
    found_home: bool | None = None
    under_contract: bool | None = None
    bankruptcy: bool | None = None
    foreclosure: bool | None = None
    time_frame: str | None = None
    comments: str | None = None
    price: int | None = None  # what the source charged for this lead, whole US dollars
    trigger_basis: TriggerBasis | None = None  # what a credit bureau may furnish a trigger lead on
    attribution: dict[str, str] = field(default_factory=dict)  # campaign, ad, keyword, utm_*, click ids, landing_page
    consent: Consent | None = None
    extra: dict[str, str] = field(default_factory=dict)  # fields nobody knew, kept by their own names
    notes: tuple[str, ...] = ()  # what could not be understood, in words for a person; never personal data
