"""What a generic lead must have, what happens to what nobody understands, and what is never kept."""

from decimal import Decimal
from typing import Any

import pytest

from bot.rules.money import Money
from bot.rules.text import clean
from bot.sources.generic import parse
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import Consent, NewLead, Phone
from bot.sources.reading import read_body
from bot.sources.unreadable import Unreadable


def lead_of(**fields: Any) -> NewLead:
    return parse({"email": "dana@example.com"} | fields)


def errors_of(**fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(Unreadable) as caught:
        parse(fields)
    assert caught.value.status == 422
    return [(error.field, error.type) for error in caught.value.errors]


def test_a_phone_or_an_email_is_enough() -> None:
    assert parse({"phone": "5125550100"}) == NewLead(phones=(Phone("+15125550100"),))
    assert parse({"email": "dana@example.com"}) == NewLead(emails=("dana@example.com",))


def test_without_phone_and_email_both_are_asked_for_at_once() -> None:
    assert errors_of(first_name="Dana") == [("phone", "missing"), ("email", "missing")]


def test_unusable_phone_and_email_are_told_from_missing_ones() -> None:
    assert errors_of(phone="12", email="dana at example") == [("phone", "invalid"), ("email", "invalid")]
    assert errors_of(phone="12", email="") == [("phone", "invalid"), ("email", "missing")]


def test_errors_never_repeat_what_was_sent() -> None:
    with pytest.raises(Unreadable) as caught:
        parse({"phone": "777-777", "email": "dana at example", "first_name": "Dana"})
    told = str(caught.value) + "".join(error.message for error in caught.value.errors)
    assert not any(private in told for private in ("777", "dana at", "Dana"))


def test_an_unusable_phone_beside_a_good_email_is_kept_with_a_note() -> None:
    lead = lead_of(phone="12")
    assert lead.phones == ()
    assert lead.extra == {"phone": "12"}
    assert lead.notes == ("The phone could not be understood; it is kept as it was sent.",)


def test_a_phone_with_an_extension_loses_nothing() -> None:
    lead = parse({"work_phone": "512-555-0100 x4"})
    assert lead.phones == (Phone("+15125550100", "work"),)
    assert lead.extra == {"work_phone": "512-555-0100 x4"}
    assert len(lead.notes) == 1


def test_the_same_number_twice_is_one_phone_of_the_kind_that_was_said() -> None:
    assert parse({"phone": "5125550100", "cell": "(512) 555-0100"}).phones == (Phone("+15125550100", "mobile"),)


def test_several_emails_in_one_field_are_all_kept() -> None:
    assert parse({"email": "Dana Rowe <Dana@Example.com>; rowe@example.com"}).emails == ("dana@example.com", "rowe@example.com")


def test_unknown_fields_are_kept_under_their_own_names() -> None:
    lead = lead_of(ltv=80, coborrower={"first_name": "Lee", "incomes": [1, 2]}, agent={"phone": "5125550199"}, waist=None, shoe="")
    assert lead.extra == {"ltv": "80", "coborrower.first_name": "Lee", "coborrower.incomes": "1, 2", "agent.phone": "5125550199"}
    assert lead.first_name is None
    assert lead.phones == ()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("loan_purpose", "world peace", "purpose"),
        ("loan_amount", "a lot", "loan amount"),
        ("property_type", "castle", "property type"),
        ("state", "Ontario", "state"),
        ("zip", "K1A 0B1", "zip"),
        ("veteran", "perhaps", "military"),
        ("language", "Klingon", "language"),
        ("created_at", "yesterday", "submitted at"),
        ("ip", "not.an.ip", "consent ip"),
        ("page_url", "javascript:alert(1)", "consent url"),
        ("price", "350000", "price"),
    ],
)
def test_a_wrong_optional_field_is_kept_with_a_note_and_is_no_error(field: str, value: str, words: str) -> None:
    lead = lead_of(**{field: value})
    assert lead.extra == {field: value}
    assert lead.notes == (f"The {words} could not be understood; it is kept as it was sent.",)


@pytest.mark.parametrize("nothing", ["", "  ", "null", "N/A", "none", "undefined", "-", "\u200b", None])
def test_what_programs_write_for_nothing_is_nothing(nothing: str | None) -> None:
    assert lead_of(loan_amount=nothing, first_name=nothing, shoe=nothing) == NewLead(emails=("dana@example.com",))


def test_people_called_null_keep_their_name() -> None:
    assert lead_of(first_name="Dana", last_name="Null").last_name == "Null"


def test_of_two_values_for_one_field_the_first_is_used_and_the_other_kept() -> None:
    lead = lead_of(first_name="Dana", fname="Daniela")
    assert lead.first_name == "Dana"
    assert lead.extra == {"fname": "Daniela"}
    assert lead.notes == ("More than one first name was sent; the first is used.",)


def test_all_comments_are_kept() -> None:
    assert (
        lead_of(message="Call after six.", notes=["Has a dog.", "Speaks Spanish."]).comments
        == "Call after six.\nHas a dog., Speaks Spanish."
    )


def test_the_id_of_the_lead_goes_before_other_ids() -> None:
    lead = lead_of(request_id="r-1", id="7", lead_id="L-1", contact={"id": "c-9"}, form={"id": "f-3"})
    assert lead.external_id == "L-1"
    assert lead.extra == {"id": "7", "request_id": "r-1", "contact.id": "c-9", "form.id": "f-3"}


def test_the_id_of_a_contact_or_form_is_no_id_of_a_lead() -> None:
    assert lead_of(contact={"id": "c-9"}, form_id="f-3", customer_id="x").external_id is None


def test_an_address_without_an_owner_is_the_propertys() -> None:
    lead = lead_of(address="12 Elm St", city="Austin", state="Texas", zip="78704-1234")
    assert (lead.property_street, lead.property_city, lead.property_state, lead.property_zip) == ("12 Elm St", "Austin", "TX", "78704")


def test_a_whole_name_beside_its_parts_changes_nothing() -> None:
    assert lead_of(first_name="Dana", last_name="Rowe", name="Dana Rowe") == lead_of(first_name="Dana", last_name="Rowe")


def test_a_middle_name_is_kept_in_the_whole_name() -> None:
    lead = lead_of(name="Dana Lee Rowe")
    assert (lead.first_name, lead.last_name, lead.extra) == ("Dana", "Rowe", {"full_name": "Dana Lee Rowe"})


def test_of_two_people_in_one_name_the_first_is_taken_with_a_note() -> None:
    lead = lead_of(name="Dana Lee & Sam Rowe")
    assert (lead.first_name, lead.last_name) == ("Dana", "Lee")
    assert lead.extra == {"full_name": "Dana Lee & Sam Rowe"}
    assert len(lead.notes) == 1


@pytest.mark.parametrize(
    ("written", "amount", "percent"),
    [
        ("20", None, Decimal(20)),
        ("3.5%", None, Decimal("3.5")),
        ("$40,000", Money(40_000, 40_000, "$40,000"), None),
        ("0", Money(0, 0, "0"), None),
    ],
)
def test_a_down_payment_is_an_amount_or_a_percentage(written: str, amount: Money | None, percent: Decimal | None) -> None:
    lead = lead_of(down_payment=written)
    assert (lead.down_payment, lead.down_payment_percent) == (amount, percent)


def test_scores_given_apart_make_a_credit_band() -> None:
    lead = lead_of(creditScoreLow=720, creditScoreHigh=739)
    assert (lead.credit_band, lead.credit_low, lead.credit_high) == ("720-739", 720, 739)


def test_a_credit_band_nobody_can_number_is_still_told() -> None:
    lead = lead_of(credit="A+")
    assert (lead.credit_band, lead.credit_low, lead.credit_high) == ("A+", None, None)


@pytest.mark.parametrize(
    ("sent", "given", "text"),
    [
        ("yes", True, None),
        ("off", False, None),
        ("Yes, I agree to be contacted.", True, "Yes, I agree to be contacted."),
        ("No, please do not text me at all.", False, "No, please do not text me at all."),
        ("No purchase necessary. I agree to be contacted.", None, "No purchase necessary. I agree to be contacted."),
        ("By clicking I agree to be contacted.", None, "By clicking I agree to be contacted."),
    ],
)
def test_consent_is_an_answer_or_the_text_that_was_shown(sent: str, given: bool | None, text: str | None) -> None:
    consent = lead_of(consent=sent).consent
    assert consent is not None
    assert (consent.given, consent.text) == (given, text)


@pytest.mark.parametrize(
    "answers",
    [
        {"tcpa_consent": "yes", "sms_consent": "no"},
        {"sms_consent": "no", "tcpa_consent": "yes"},
        {"consent": "Yes, I agree to be contacted.", "text_consent": "off"},
        {"consent": "No, please do not text me at all.", "opt_in": "yes"},
        {"opt_in": "yes", "consent": "No, please do not text me at all."},
        {"consent": ["yes", "no"]},
    ],
)
def test_of_several_answers_about_consent_any_no_counts_wherever_it_stands(answers: dict[str, object]) -> None:
    lead = lead_of(**answers)
    assert lead.consent is not None and lead.consent.given is False
    assert "More than one answer about consent was sent; a no among them counts." in lead.notes


@pytest.mark.parametrize("name", ["agree", "agreed", "agree_to_terms", "agreeToTerms", "lead.agree"])
def test_a_box_that_agrees_to_terms_is_no_answer_about_consent_unless_its_source_says_so(name: str) -> None:
    sent = {"email": "dana@example.com", name: "on", "consent_text": "I agree to receive text messages."}
    assert parse(sent).consent == Consent(text="I agree to receive text messages.")
    assert parse(sent).extra == {name: "on"}
    assert parse(sent, FieldMap({name.lower(): "consent.given"})).consent == Consent(given=True, text="I agree to receive text messages.")


@pytest.mark.parametrize("name", ["ssn", "SSN", "borrower.Ssn", "social_security_number", "ssn_last4", "coborrower_ssn", "taxId"])
def test_a_social_security_number_is_dropped_at_the_door(name: str) -> None:
    lead = lead_of(**{name: "123456789"})
    assert "123456789" not in repr(lead)
    assert lead.notes == ("A social security number was sent and dropped.",)


@pytest.mark.parametrize("text", ["my ssn is 123-45-6789 ok?", "123 45 6789", "SSN: 123456789", "social security 123456789", "123–45–6789"])
@pytest.mark.parametrize("name", ["comments", "shoe", "first_name", "id"])
def test_a_social_security_number_inside_a_text_is_taken_out(name: str, text: str) -> None:
    lead = lead_of(**{name: text})
    assert "6789" not in repr(lead)
    assert lead.notes == ("A social security number was sent and dropped.",)


@pytest.mark.parametrize(
    "fields", [{"dob": "1980-03-02"}, {"DateOfBirth": "3/2/1980"}, {"comments": "DOB 3/2/1980"}, {"note": "born on March 2, 1980"}]
)
def test_a_birth_date_is_dropped_at_the_door(fields: dict[str, str]) -> None:
    lead = lead_of(**fields)
    assert "1980" not in repr(lead)
    assert lead.notes == ("A birth date was sent and dropped.",)


@pytest.mark.parametrize(
    "text", ["78704-1234", "call 512 555 0100", "3E9D2C1B-AAAA-4BBB-8CCC-123456789ABC", "I was born in Texas", "business name"]
)
def test_other_digits_and_words_are_not_taken_for_private_ones(text: str) -> None:
    assert lead_of(comments=text).comments == text


def test_private_numbers_hide_neither_in_nests_nor_in_names() -> None:
    lead = lead_of(borrower={"dob": {"year": "1980"}}, **{"x" * 120: {"ssn": "123456789"}, "123-45-6789": "1"})
    assert not any(private in repr(lead) for private in ("1980", "6789"))
    assert lead.extra == {"[removed]": "1"}


def test_keys_of_the_sender_are_not_kept() -> None:
    assert lead_of(api_key="k-123", password="x", google_key="y") == NewLead(emails=("dana@example.com",))


@pytest.mark.parametrize("name", ["<!channel>", "<@U1>", "<https://evil.example|Dana>", "{{7*7}}", "*Dana*", "@everyone", "=1+1"])
def test_a_hostile_name_is_kept_as_the_text_it_is(name: str) -> None:
    assert lead_of(first_name=name).first_name == name


def test_a_name_that_turns_the_reading_direction_loses_only_that() -> None:
    assert lead_of(first_name="Da\u202ena\u0000\ud800").first_name == "Dana"


def test_a_name_of_20_kilobytes_is_shortened_and_harms_nothing() -> None:
    lead = parse(read_body("application/json", b'{"first_name": "' + b"x" * 20_480 + b'", "email": "dana@example.com"}'))
    assert lead.first_name == "x" * 199 + "…"


def test_hostile_names_of_fields_are_cleaned_and_shortened() -> None:
    lead = lead_of(**{"\u202e<!here>\n\ud800" + "x" * 500: "1"})
    [name] = lead.extra
    assert clean(name) == name
    assert len(name) == 100


def test_notes_of_reading_travel_with_the_lead() -> None:
    assert len(parse(read_body("application/json", b'{"email": "dana@example.com", "city": "Ren\xe9"}')).notes) == 1


@pytest.mark.parametrize("sent", [{"ssn": "123-45-6789"}, {"ssn_last4": "6789"}, {"comments": "my ssn is 123-45-6789, call me"}])
def test_of_a_social_security_number_only_that_one_was_sent_is_kept(sent: dict[str, str]) -> None:
    lead = lead_of(**sent)
    assert lead.has_ssn
    assert "6789" not in repr(lead)


def test_a_word_in_the_place_of_a_social_security_number_is_none() -> None:
    assert lead_of(ssn="no").has_ssn is None


def test_an_income_is_an_amount() -> None:
    income = lead_of(annual_income="$90,000").income
    assert income is not None
    assert income.low == 90_000
