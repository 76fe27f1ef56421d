"""When a text may leave: consent, hours everywhere, holidays, touch caps, and the borrower's own invitation."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.compliance import INVITED_FOR, WROTE_FIRST_FOR, Allowed, Consent, Kind, Refused, Rule, Sms, WaitUntil, judge_sms
from bot.rules.holidays import is_federal_holiday
from bot.rules.zones import Whereabouts, candidate_zones

CHICAGO = "America/Chicago"
NUMBER = "+15125550100"
WORDS = "By ticking this box I agree to receive calls and text messages from Leadbell Home Loans at the number given."
CONSENT = Consent(True, WORDS, datetime(2025, 12, 1, tzinfo=UTC), NUMBER)
AUSTIN = Sms("marketing", NUMBER, Whereabouts((NUMBER,), "TX", "78704"), (CONSENT,))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
KINDS: tuple[Kind, ...] = ("marketing", "conversation")


def living(phone: str, state: str | None, zip_code: str | None = None) -> Sms:
    return replace(AUSTIN, number=phone, whereabouts=Whereabouts((phone,), state, zip_code), consents=(replace(CONSENT, number=phone),))


PHOENIX = living("+16025550100", "AZ", "85004")
HONOLULU = living("+18085550100", "HI", "96813")
INDIANAPOLIS = living("+13175550100", "IN", "46204")
COAST_TO_COAST = living("+12125550100", "CA", "90001")
GUAM_AND_MAINE = living("+16715550100", "ME", "04101")
LOUISVILLE = living("+15025550100", "KY", "40202")
PROVIDENCE = living("+14015550100", "RI", "02903")
MOBILE = living("+12515550100", "AL", "36602")
EVERYBODY = (AUSTIN, PHOENIX, HONOLULU, INDIANAPOLIS, COAST_TO_COAST, GUAM_AND_MAINE, LOUISVILLE, PROVIDENCE, MOBILE)
TOLL_FREE = living("+18005550100", None)


def local(zone: str, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def austin(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return local(CHICAGO, year, month, day, hour, minute)


# The slow reference: what the clocks on the wall show, rule by rule.


def allowed_on_the_wall(sms: Sms, moment: datetime) -> bool:
    return all(open_on_the_wall(sms, moment.astimezone(ZoneInfo(zone))) for zone in candidate_zones(sms.whereabouts)) and all(
        sum(touch > moment - period for touch in sms.touches) < most for most, period in ((3, DAY), (7, 7 * DAY))
    )


def open_on_the_wall(sms: Sms, wall: datetime) -> bool:
    opens, closes = (time(12), time(18)) if wall.weekday() == 6 else (time(9), time(20))
    match sms.whereabouts.property_state:
        case "KY":
            opens = max(opens, time(10))
        case "RI":
            opens, closes = (time(9), time(18)) if wall.weekday() < 5 else (time(10), time(17))
    closed = is_federal_holiday(wall.date()) or (wall.weekday() == 6 and sms.whereabouts.property_state in ("RI", "AL"))
    return not closed and opens <= wall.time() < closes


def first_minute(sms: Sms, now: datetime) -> datetime:
    moment = now
    while not allowed_on_the_wall(sms, moment):
        assert moment < now + 15 * DAY
        moment += MINUTE
    return moment


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
AGES = st.lists(st.integers(0, 8 * 24 * 60), max_size=10)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(EVERYBODY), MOMENTS, AGES)
@example(AUSTIN, datetime(2026, 3, 8, 5, tzinfo=UTC), [])
@example(AUSTIN, datetime(2026, 11, 1, 5, tzinfo=UTC), [])
@example(GUAM_AND_MAINE, datetime(2027, 12, 24, tzinfo=UTC), [])
@example(PHOENIX, datetime(2026, 7, 3, tzinfo=UTC), [1, 2, 3])
@example(MOBILE, datetime(2027, 7, 3, 23, tzinfo=UTC), [5, 6, 7, 8, 9, 10, 11])
def test_the_first_minute_allowed_is_what_a_look_at_every_minute_finds(sms: Sms, now: datetime, ages: list[int]) -> None:
    sms = replace(sms, touches=tuple(now - age * MINUTE for age in ages))
    match judge_sms(sms, now):
        case Allowed(until):
            assert allowed_on_the_wall(sms, now) and allowed_on_the_wall(sms, until - MINUTE)
            assert not allowed_on_the_wall(replace(sms, touches=()), until)
        case WaitUntil(at):
            assert at == first_minute(sms, now) > now
        case Refused(rule):
            pytest.fail(rule)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(EVERYBODY),
    st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.lists(st.timedeltas(timedelta(), 8 * DAY), max_size=10),
    st.sampled_from(KINDS),
)
def test_waiting_until_that_minute_and_asking_again_is_allowed_and_a_minute_earlier_is_not(
    sms: Sms, now: datetime, ages: list[timedelta], kind: Kind
) -> None:
    sms = replace(sms, touches=tuple(now - age for age in ages), kind=kind)
    verdict = judge_sms(sms, now)
    if isinstance(verdict, WaitUntil):
        assert verdict.at > now
        assert isinstance(judge_sms(sms, verdict.at), Allowed)
        if verdict.at - MINUTE >= now:
            assert isinstance(judge_sms(sms, verdict.at - MINUTE), WaitUntil)
    else:
        assert isinstance(verdict, Allowed) and verdict.until > now


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(EVERYBODY), MOMENTS, AGES, st.integers(-10, 60))
def test_marketing_never_leaves_outside_the_hours_whatever_the_borrower_wrote(sms: Sms, now: datetime, ages: list[int], wrote: int) -> None:
    sms = replace(sms, touches=tuple(now - age * MINUTE for age in ages), borrower_wrote_at=now - wrote * MINUTE)
    assert isinstance(judge_sms(sms, now), Allowed) == allowed_on_the_wall(sms, now)


@pytest.mark.parametrize(
    ("sms", "now", "opens"),
    [
        (AUSTIN, austin(6, 1, 8, 59), austin(6, 1, 9)),
        (AUSTIN, austin(6, 1, 20), austin(6, 2, 9)),
        (AUSTIN, austin(6, 6, 20), austin(6, 7, 12)),
        (AUSTIN, austin(6, 7, 18), austin(6, 8, 9)),
        (AUSTIN, austin(3, 7, 23), austin(3, 8, 12)),
        (AUSTIN, austin(10, 31, 23), austin(11, 1, 12)),
        (COAST_TO_COAST, local("America/New_York", 2026, 6, 1, 9), local("America/Los_Angeles", 2026, 6, 1, 9)),
        (HONOLULU, austin(6, 1, 10), local("Pacific/Honolulu", 2026, 6, 1, 9)),
    ],
)
def test_closed_hours_wait_for_the_opening_on_the_borrowers_clock(sms: Sms, now: datetime, opens: datetime) -> None:
    verdict = judge_sms(sms, now)
    assert isinstance(verdict, WaitUntil) and (verdict.at, verdict.rule) == (opens, "sms_9_to_20_sunday_12_to_18")


def test_open_hours_say_until_when_and_on_which_clock() -> None:
    assert judge_sms(AUSTIN, austin(6, 1, 9)) == Allowed(austin(6, 1, 20), CHICAGO)
    assert judge_sms(AUSTIN, austin(6, 7, 17, 59)) == Allowed(austin(6, 7, 18), CHICAGO)
    later = local("America/Los_Angeles", 2026, 6, 1, 12)
    assert judge_sms(COAST_TO_COAST, later) == Allowed(local("America/New_York", 2026, 6, 1, 20), "America/New_York")


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (austin(11, 26, 10), austin(11, 27, 9)),
        (austin(7, 2, 21), austin(7, 5, 12)),  # Saturday the fourth, observed on Friday
        (austin(1, 18, 18), austin(1, 20, 9)),  # the Sunday before Martin Luther King's day
        (austin(12, 23, 21, year=2027), austin(12, 26, 12, year=2027)),
        (austin(12, 30, 20, year=2027), austin(1, 2, 12, year=2028)),
    ],
)
def test_federal_holidays_are_waited_out(now: datetime, opens: datetime) -> None:
    assert judge_sms(AUSTIN, now) == WaitUntil(opens, CHICAGO, "sms_federal_holiday")


@pytest.mark.parametrize(
    ("sms", "now", "opens"),
    [
        (LOUISVILLE, local("America/New_York", 2026, 6, 1, 9, 30), local("America/New_York", 2026, 6, 1, 10)),
        (PROVIDENCE, local("America/New_York", 2026, 6, 1, 18), local("America/New_York", 2026, 6, 2, 9)),
        (PROVIDENCE, local("America/New_York", 2026, 6, 6, 17), local("America/New_York", 2026, 6, 8, 9)),
        (MOBILE, austin(6, 7, 13), austin(6, 8, 9)),
    ],
)
def test_a_state_with_narrower_hours_is_heeded(sms: Sms, now: datetime, opens: datetime) -> None:
    verdict = judge_sms(sms, now)
    assert isinstance(verdict, WaitUntil) and (verdict.at, verdict.rule) == (opens, "sms_state_hours")


def test_the_states_of_phone_and_mailing_address_count_as_the_propertys() -> None:
    at_nine = local("America/New_York", 2026, 6, 1, 9, 30)
    with_a_kentucky_phone = replace(COAST_TO_COAST, whereabouts=Whereabouts(("+15025550100",), "NY"))
    mailed_to_kentucky = replace(COAST_TO_COAST, whereabouts=Whereabouts((), "NY", mailing_zip="40202"))
    for sms in (with_a_kentucky_phone, mailed_to_kentucky):
        verdict = judge_sms(sms, at_nine)
        assert isinstance(verdict, WaitUntil) and verdict.rule == "sms_state_hours"


def test_a_fourth_touch_waits_until_the_first_of_three_is_a_day_old() -> None:
    touches = (austin(6, 1, 10), austin(6, 1, 11), austin(6, 1, 12))
    assert judge_sms(replace(AUSTIN, touches=touches[:2]), austin(6, 1, 13)) == Allowed(austin(6, 1, 20), CHICAGO)
    assert judge_sms(replace(AUSTIN, touches=touches), austin(6, 1, 13)) == WaitUntil(
        austin(6, 2, 10), CHICAGO, "sms_3_touches_in_24_hours"
    )
    assert judge_sms(replace(AUSTIN, touches=touches), austin(6, 2, 10)) == Allowed(austin(6, 2, 20), CHICAGO)


def test_a_cap_that_has_room_at_night_waits_for_the_morning() -> None:
    touches = tuple(austin(6, 1, 19, minute) for minute in (57, 58, 59))
    evening = replace(AUSTIN, touches=(austin(6, 1, 6), *touches[:2]))
    assert judge_sms(evening, austin(6, 1, 20)) == WaitUntil(austin(6, 2, 9), CHICAGO, "sms_9_to_20_sunday_12_to_18")
    assert judge_sms(replace(AUSTIN, touches=touches), austin(6, 1, 20)) == WaitUntil(
        austin(6, 2, 19, 57), CHICAGO, "sms_3_touches_in_24_hours"
    )


def test_an_eighth_touch_in_a_week_waits_until_the_first_is_a_week_old() -> None:
    touches = tuple(austin(6, day, 10) for day in range(1, 8))
    assert judge_sms(replace(AUSTIN, touches=touches), austin(6, 7, 13)) == WaitUntil(austin(6, 8, 10), CHICAGO, "sms_7_touches_in_7_days")


@pytest.mark.parametrize(
    ("consents", "rule"),
    [
        ((), "sms_no_consent"),
        ((replace(CONSENT, given=None),), "sms_no_consent"),
        ((replace(CONSENT, given=False),), "sms_no_consent"),
        ((replace(CONSENT, text=None),), "sms_consent_names_no_texts"),
        ((replace(CONSENT, text="I agree to be called about my request."),), "sms_consent_names_no_texts"),
        ((replace(CONSENT, text="See the text above."),), "sms_consent_names_no_texts"),
        ((replace(CONSENT, text="You may call me. No text messages please."),), "sms_no_consent"),
        ((replace(CONSENT, text="I do not agree to receive calls or texts."),), "sms_no_consent"),
        ((replace(CONSENT, text="Acepto llamadas, sin mensajes de texto."),), "sms_no_consent"),
        ((replace(CONSENT, given_at=None),), "sms_consent_has_no_time"),
        ((replace(CONSENT, given_at=datetime(2027, 1, 1, tzinfo=UTC)),), "sms_consent_has_no_time"),
        ((replace(CONSENT, number=None),), "sms_consent_is_for_another_number"),
        ((replace(CONSENT, number="+15125550199"),), "sms_consent_is_for_another_number"),
    ],
)
def test_an_incomplete_consent_refuses_and_says_what_is_missing(consents: tuple[Consent, ...], rule: Rule) -> None:
    for kind in KINDS:
        assert judge_sms(replace(AUSTIN, consents=consents, kind=kind), austin(6, 1, 12)) == Refused(rule)


@pytest.mark.parametrize(
    "words",
    [
        "I agree to receive texts.",
        "Yes, text me!",
        "consent to calls/texts",
        "call/text",
        "by phone, email and text",
        "Acepto recibir mensajes de texto",
        "SMS and MMS",
        "contact me by text-message",
        "No phone calls. Text me instead",
        "Consent is not a condition of any purchase, and I agree to texts. I can opt out of texts at any time.",
        "I agree to be contacted by any means, including but not limited to SMS.",
    ],
)
def test_consent_may_name_texts_in_many_words(words: str) -> None:
    assert isinstance(judge_sms(replace(AUSTIN, consents=(replace(CONSENT, text=words),)), austin(6, 1, 12)), Allowed)


def test_one_complete_consent_among_several_is_enough() -> None:
    sms = replace(AUSTIN, consents=(replace(CONSENT, given=False), CONSENT, replace(CONSENT, number=None)))
    assert isinstance(judge_sms(sms, austin(6, 1, 12)), Allowed)


def test_a_suppressed_number_gets_nothing_not_even_an_answer() -> None:
    noon = austin(6, 1, 12)
    for kind in KINDS:
        sms = replace(AUSTIN, kind=kind, suppressed=True, borrower_wrote_at=noon - MINUTE)
        assert judge_sms(sms, noon) == Refused("sms_suppressed")


def test_without_a_place_or_a_number_nothing_leaves() -> None:
    assert judge_sms(TOLL_FREE, austin(6, 1, 12)) == Refused("sms_unknown_place")
    assert judge_sms(replace(AUSTIN, number=None), austin(6, 1, 12)) == Refused("no_phone")


def test_places_without_a_common_hour_are_refused() -> None:
    sms = replace(AUSTIN, whereabouts=Whereabouts(("+16715550100", "+442071234567"), "NY"))
    assert judge_sms(sms, austin(6, 1, 12)) == Refused("no_common_hour")


ASKED_AT_NIGHT = replace(AUSTIN, kind="conversation", consents=(), borrower_wrote_at=austin(6, 1, 22), touches=(austin(6, 1, 21),) * 9)


def test_an_answer_to_the_borrowers_own_text_is_allowed_for_the_time_it_invites() -> None:
    invited = Allowed(austin(6, 1, 22) + INVITED_FOR, CHICAGO)
    assert judge_sms(ASKED_AT_NIGHT, austin(6, 1, 22)) == invited
    assert judge_sms(ASKED_AT_NIGHT, austin(6, 1, 22) + INVITED_FOR - MINUTE) == invited
    later = austin(6, 1, 22) + INVITED_FOR
    assert isinstance(judge_sms(replace(ASKED_AT_NIGHT, touches=ASKED_AT_NIGHT.touches[:3]), later), WaitUntil)
    assert judge_sms(ASKED_AT_NIGHT, later) == Refused("sms_no_consent")  # by the time there is room, nobody waits for an answer any more


TAMPA = replace(living("+18135550100", "FL", "33602"), kind="conversation", consents=())
EASTERN = "America/New_York"


def test_where_the_law_counts_texts_the_fourth_in_24_hours_waits_though_the_borrower_just_asked() -> None:
    noon = local(EASTERN, 2026, 6, 1, 12)
    touches = (noon - timedelta(hours=22), noon - timedelta(hours=2), noon - timedelta(hours=1))
    asked = replace(TAMPA, touches=touches, borrower_wrote_at=noon - MINUTE)
    waits = WaitUntil(noon + timedelta(hours=2), EASTERN, "sms_3_touches_in_24_hours")

    assert judge_sms(replace(asked, touches=touches[1:]), noon) == Allowed(local(EASTERN, 2026, 6, 1, 20), EASTERN)
    assert judge_sms(replace(asked, touches=(*touches[1:], noon - timedelta(hours=4))), noon) == WaitUntil(
        local(EASTERN, 2026, 6, 2, 9), EASTERN, "sms_9_to_20_sunday_12_to_18"
    )
    assert judge_sms(asked, noon) == waits
    assert isinstance(judge_sms(asked, waits.at), Allowed)
    assert isinstance(judge_sms(replace(asked, whereabouts=AUSTIN.whereabouts), noon), WaitUntil)  # the number is Floridian still


def test_an_answer_for_which_the_days_count_has_room_within_the_half_hour_waits_no_longer_whatever_the_hour() -> None:
    night = local(EASTERN, 2026, 6, 1, 22)
    touches = (night - DAY + 10 * MINUTE, night - timedelta(hours=4), night - timedelta(hours=3))
    asked = replace(TAMPA, touches=touches, borrower_wrote_at=night)

    assert judge_sms(asked, night) == WaitUntil(night + 10 * MINUTE, EASTERN, "sms_3_touches_in_24_hours")
    assert judge_sms(asked, night + 10 * MINUTE) == Allowed(night + INVITED_FOR, EASTERN)


def test_who_wrote_first_is_answered_for_three_days_in_the_legal_hours_and_gets_no_marketing() -> None:
    wrote = replace(AUSTIN, kind="conversation", consents=(), borrower_wrote_at=austin(6, 1, 22))
    assert isinstance(judge_sms(wrote, austin(6, 2, 10)), Allowed)
    assert isinstance(judge_sms(wrote, austin(6, 2, 21)), WaitUntil)
    assert isinstance(judge_sms(wrote, austin(6, 4, 19)), Allowed)
    assert judge_sms(wrote, austin(6, 1, 22) + WROTE_FIRST_FOR) == Refused("sms_no_consent")
    assert judge_sms(replace(wrote, kind="marketing"), austin(6, 2, 10)) == Refused("sms_no_consent")


def test_what_leaves_by_itself_is_not_invited() -> None:
    assert judge_sms(replace(ASKED_AT_NIGHT, kind="marketing"), austin(6, 1, 22, 1)) == Refused("sms_no_consent")


def test_a_text_from_a_toll_free_number_may_be_answered_though_nobody_knows_the_place() -> None:
    noon = austin(6, 1, 12)
    sms = replace(TOLL_FREE, kind="conversation", borrower_wrote_at=noon - MINUTE)
    assert judge_sms(sms, noon) == Allowed(noon - MINUTE + INVITED_FOR, "America/New_York")


def test_an_invited_answer_in_open_hours_is_allowed_until_they_close() -> None:
    noon = austin(6, 1, 12)
    assert judge_sms(replace(AUSTIN, kind="conversation", borrower_wrote_at=noon), noon) == Allowed(austin(6, 1, 20), CHICAGO)


def test_now_in_any_zone_gives_the_same_answer_in_utc() -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=ZoneInfo(CHICAGO))
    assert judge_sms(AUSTIN, noon) == judge_sms(AUSTIN, noon.astimezone(UTC))


def test_a_time_without_a_zone_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="time zone"):
        judge_sms(AUSTIN, datetime(2026, 6, 1, 12))
