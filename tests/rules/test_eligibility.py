"""Who may take a lead, and what the others are told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rules.callable_time import Calendar
from bot.rules.eligibility import CompanyFacts, LeadFacts, OfficerFacts, Reason, Refusal, must_ask_state_first, refusal, why_nobody
from bot.rules.roles import Role

NOW = datetime(2026, 6, 2, 1, 30, tzinfo=UTC)
TODAY = date(2026, 6, 1)  # in Chicago, where the team is
COMPANY = CompanyFacts(licenses={"TX": None, "OK": date(2026, 12, 31), "NM": date(2026, 5, 31)})
MAYA = OfficerFacts(
    role="officer",
    active=True,
    licenses={"TX": date(2026, 12, 31), "NM": None, "CA": None},
    purposes=frozenset({"purchase", "refinance"}),
    daily_cap=3,
    claimed_today=2,
)
DANA = LeadFacts(state="TX", phones=("+15125550100",), purpose="purchase")


def told(officer: OfficerFacts = MAYA, lead: LeadFacts = DANA) -> Refusal | None:
    return refusal(officer, lead, COMPANY, NOW, TODAY)


def test_a_licensed_officer_on_duty_below_the_cap_may_take_the_lead() -> None:
    assert told() is None


def test_someone_who_left_may_not() -> None:
    assert told(replace(MAYA, active=False)) == Refusal(Reason.INACTIVE)


@pytest.mark.parametrize("role", ["compliance", "admin"])
def test_a_role_that_never_works_leads_may_not(role: Role) -> None:
    assert told(replace(MAYA, role=role)) == Refusal(Reason.ROLE_MAY_NOT_CLAIM, role=role)


@pytest.mark.parametrize("role", ["officer", "team_lead", "manager"])
def test_a_role_that_works_leads_may(role: Role) -> None:
    assert told(replace(MAYA, role=role)) is None


def test_an_officer_without_a_license_there_hears_the_state() -> None:
    assert told(lead=replace(DANA, state="OK")) == Refusal(Reason.NOT_LICENSED, state="OK")


def test_an_expired_license_is_told_with_its_last_day() -> None:
    lapsed = replace(MAYA, licenses={"TX": date(2026, 5, 31)})
    assert told(lapsed) == Refusal(Reason.LICENSE_EXPIRED, state="TX", expired_on=date(2026, 5, 31))


def test_a_license_holds_through_its_last_day_on_the_teams_calendar() -> None:
    last_day = replace(MAYA, licenses={"TX": date(2026, 6, 1)})
    assert told(last_day) is None
    assert refusal(last_day, DANA, COMPANY, NOW, date(2026, 6, 2)) == Refusal(
        Reason.LICENSE_EXPIRED, state="TX", expired_on=date(2026, 6, 1)
    )


def test_nobody_may_take_a_lead_where_the_company_has_no_license() -> None:
    assert told(lead=replace(DANA, state="CA")) == Refusal(Reason.COMPANY_NOT_LICENSED, state="CA")


def test_a_company_license_expires_too() -> None:
    assert told(lead=replace(DANA, state="NM")) == Refusal(Reason.COMPANY_NOT_LICENSED, state="NM")


def test_a_purpose_that_the_officer_does_not_offer_is_refused() -> None:
    assert told(lead=replace(DANA, purpose="reverse")) == Refusal(Reason.PURPOSE_NOT_OFFERED, purpose="reverse")


def test_no_list_of_purposes_means_every_purpose_and_an_unknown_purpose_is_anyones() -> None:
    assert told(replace(MAYA, purposes=frozenset()), replace(DANA, purpose="reverse")) is None
    assert told(lead=replace(DANA, purpose=None)) is None


def test_the_cap_is_told_with_the_count() -> None:
    assert told(replace(MAYA, claimed_today=3)) == Refusal(Reason.OVER_CAP, cap=3, count=3)


def test_a_cap_of_zero_lets_nothing_through_and_no_cap_everything() -> None:
    assert told(replace(MAYA, daily_cap=0, claimed_today=0)) == Refusal(Reason.OVER_CAP, cap=0, count=0)
    assert told(replace(MAYA, daily_cap=None, claimed_today=500)) is None


def test_an_officer_who_is_off_hears_until_when() -> None:
    back = NOW + timedelta(minutes=15)
    assert told(replace(MAYA, off_until=back)) == Refusal(Reason.OFF_DUTY, until=back)


def test_an_officer_is_back_at_the_moment_said() -> None:
    assert told(replace(MAYA, off_until=NOW)) is None


def test_without_a_state_the_phone_decides_and_the_state_is_asked_first() -> None:
    somewhere = replace(DANA, state=None)
    assert told(lead=somewhere) is None
    assert must_ask_state_first(somewhere)
    assert not must_ask_state_first(DANA)
    assert must_ask_state_first(replace(DANA, state=""))


def test_without_a_state_a_phone_from_elsewhere_is_refused_with_that_state() -> None:
    assert told(lead=replace(DANA, state=None, phones=("+14055550100",))) == Refusal(Reason.NOT_LICENSED, state="OK")


def test_one_phone_from_a_licensed_state_is_enough() -> None:
    assert told(lead=replace(DANA, state=None, phones=("+14055550100", "+15125550100"))) is None


def test_the_propertys_zip_says_more_than_the_phone() -> None:
    assert told(lead=replace(DANA, state=None, property_zip="73102")) == Refusal(Reason.NOT_LICENSED, state="OK")


@pytest.mark.parametrize("phones", [(), ("+18005550100",), ("+442071234567",)])
def test_when_nothing_tells_the_state_the_officer_may_take_it_and_asks_first(phones: tuple[str, ...]) -> None:
    nowhere = replace(DANA, state=None, phones=phones)
    assert told(lead=nowhere) is None
    assert must_ask_state_first(nowhere)


def test_what_will_not_change_today_is_told_before_what_will() -> None:
    everything = replace(MAYA, licenses={}, purposes=frozenset({"reverse"}), off_until=NOW + timedelta(hours=1), claimed_today=9)
    licensed = replace(everything, licenses=MAYA.licenses)
    offering = replace(licensed, purposes=frozenset())
    back = replace(offering, off_until=None)
    heard = [found.reason for found in map(told, (everything, licensed, offering, back)) if found]
    assert heard == [Reason.NOT_LICENSED, Reason.PURPOSE_NOT_OFFERED, Reason.OFF_DUTY, Reason.OVER_CAP]


MORNINGS = Calendar("America/Chicago", (((480, 720),),) * 7)
"""NOW is half past eight in the evening there."""


def test_who_has_hours_of_their_own_takes_leads_inside_them() -> None:
    assert told(replace(MAYA, own_hours=MORNINGS)) == Refusal(Reason.OFF_HOURS)
    assert told(replace(MAYA, own_hours=Calendar("America/Chicago", (((1200, 1260),),) * 7))) is None
    assert told(replace(MAYA, own_hours=MORNINGS).out_of_hours()) is None


def test_their_hours_are_told_only_where_nothing_else_stands_in_the_way() -> None:
    assert told(replace(MAYA, own_hours=MORNINGS, claimed_today=9)) == Refusal(Reason.OVER_CAP, cap=3, count=9)
    assert why_nobody([replace(MAYA, own_hours=MORNINGS)], DANA, COMPANY, NOW, TODAY) is None


def test_nobody_is_on_duty_off_or_out_of_their_hours() -> None:
    assert MAYA.on_duty(NOW) and not replace(MAYA, own_hours=MORNINGS).on_duty(NOW)
    assert not replace(MAYA, off_until=NOW + timedelta(hours=1)).on_duty(NOW)
