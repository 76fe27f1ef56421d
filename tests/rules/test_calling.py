"""Whom nobody may call: the registries, and what stands above them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rules.calling import Call, CalledNumber, judge_call, number_to_call, recording_forbidden_by
from bot.rules.compliance import Allowed, Judgement, Refused, WaitUntil
from bot.rules.do_not_call import NATIONAL, Listed, day_in
from bot.rules.zones import Whereabouts

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
"""A Tuesday, noon in Austin."""
AUSTIN = Whereabouts(("+15125550100",), "TX", "78704")
TAMPA = Whereabouts(("+18135550100",), "FL", "33602")
AGREED = "By pressing Send I agree to be called and texted by Acme Mortgage at this number. Consent is no condition."
FRESH, STALE = NOON.date() - timedelta(days=3), NOON.date() - timedelta(days=32)
ON_IT, NOT_ON_IT = Listed(NATIONAL, FRESH, listed=True), Listed(NATIONAL, FRESH, listed=False)


def judged(
    *listed: Listed,
    at: datetime = NOON,
    place: Whereabouts = AUSTIN,
    consented: str | None = None,
    asked_at: datetime | None = None,
    funded_at: datetime | None = None,
    touches: tuple[datetime, ...] = (),
) -> Judgement:
    numbers = tuple(CalledNumber(each, consented, asked_at, funded_at, listed) for each in place.phones)
    return judge_call(Call(place, numbers, touches=touches), at)


def is_allowed(verdict: Judgement) -> bool:
    return isinstance(verdict, Allowed)


def test_a_listed_number_is_refused_and_one_that_is_not_is_called() -> None:
    assert judged(ON_IT) == Refused("call_national_registry")
    assert is_allowed(judged(NOT_ON_IT))


def test_a_state_list_refuses_too_and_is_named_first() -> None:
    assert judged(NOT_ON_IT, Listed("TX", STALE, listed=True)) == Refused("call_state_registry")
    assert judged(ON_IT, Listed("TX", STALE, listed=True)) == Refused("call_state_registry")


def test_a_registry_that_is_missing_or_too_old_lets_nobody_be_called_who_would_be_looked_up() -> None:
    assert judged() == Refused("call_registry_missing")
    assert judged(Listed("TX", FRESH, listed=False)) == Refused("call_registry_missing")
    assert judged(Listed(NATIONAL, STALE, listed=False)) == Refused("call_registry_too_old")
    assert is_allowed(judged(Listed(NATIONAL, STALE + timedelta(days=1), listed=False)))


def test_a_registry_that_runs_out_tonight_lets_nobody_wait_for_the_morning() -> None:
    evening = NOON + timedelta(hours=9)
    assert judged(Listed(NATIONAL, STALE + timedelta(days=1), listed=False), at=evening) == Refused("call_registry_too_old")


def test_written_consent_stands_above_every_registry() -> None:
    for listed in ((ON_IT,), (), (Listed(NATIONAL, STALE, listed=True),)):
        assert is_allowed(judged(*listed, consented=AGREED))


TEXTS_ONLY = "I agree to receive text messages from Acme Mortgage at the phone number provided."


@pytest.mark.parametrize(
    "words",
    [
        "I agree to the terms.",
        "Envíenme noticias.",
        "",
        "Recall that rates change.",
        TEXTS_ONLY,
        "Text me on my mobile phone, by text message only.",
        "I agree to texts from Acme, formerly called Beta.",
        "I agree to texts from a company called Acme, sent with an automatic telephone dialing system.",
        f"{TEXTS_ONLY} Reply STOP to end, or call Acme Mortgage at (800) 555-0100. Text HELP or call us for help.",
        f"{TEXTS_ONLY} This holds though my number is on a state or federal do-not-call registry.",
        "Contact me at this number by email.",
        "I agree that Acme's call center may text me.",
        "Acepto mensajes de texto de una empresa llamada Acme al número de teléfono que di. Puede llamar al 800-555-0100.",
    ],
)
def test_words_that_name_no_calls_are_no_consent_to_them(words: str) -> None:
    assert judged(ON_IT, consented=words) == Refused("call_national_registry")


@pytest.mark.parametrize(
    "words",
    [
        "Texts only. Please no phone calls",
        "I do not agree to be called",
        "I don’t agree to receive texts, emails or\ncalls",
        "I agree to texts, not calls.",
        "I agree to be texted without being called.",
        "Text me, but never call.",
        "Do not call me.",
        "You may contact me by any means except by telephone.",
        "I agree to texts. Phone calls: no",
        "I agree to texts. Calls are not OK.",
        "I opt out of calls.",
        "No acepto llamadas.",
        "Acepto textos, pero no me llamen.",
        "Mensajes sí, sin llamadas.",
    ],
)
def test_a_no_to_calls_is_no_consent_to_them(words: str) -> None:
    assert judged(ON_IT, consented=words) == Refused("call_national_registry")


@pytest.mark.parametrize(
    "words",
    [
        "You may call me.",
        "Acepto recibir llamadas y mensajes.",
        "I agree to be contacted by telephone",
        "Contact me by email, text message, or phone.",
        "I agree to be texted, emailed, or called.",
        "Without any obligation I authorize calls.",
        "Yes, phone me!",
        "call/text",
        "I consent to telephone calls, also where I am on a Do Not Call list.",
        "Consent is not required to buy a home, and I agree to calls.",
        "I agree to contact including but not limited to calls and texts.",
        "No purchase necessary. Though my number is on the Do-Not-Call registry, you may call me at 512-555-0100.",
        f"Texts only. Please no phone calls.\n\n{AGREED}",
        "Acepto que me llamen o me contacten por teléfono.",
        "Pueden contactarme por correo electrónico o teléfono.",
    ],
)
def test_consent_to_calls_is_heard_in_both_languages(words: str) -> None:
    assert is_allowed(judged(ON_IT, consented=words))


def test_consent_to_texts_alone_is_no_written_consent_where_a_state_asks_for_it() -> None:
    hartford = Whereabouts(("+18605550100",), "CT", "06103")
    assert judged(NOT_ON_IT, place=hartford, consented=TEXTS_ONLY) == Refused("call_state_written_consent")
    assert is_allowed(judged(NOT_ON_IT, place=hartford, consented=AGREED))


def test_who_asked_us_may_be_called_for_three_months_and_whose_loan_was_funded_for_eighteen() -> None:
    assert is_allowed(judged(ON_IT, asked_at=datetime(2026, 8, 24, 18, 0, 1, tzinfo=UTC)))
    assert judged(ON_IT, asked_at=datetime(2026, 8, 24, 18, 0, tzinfo=UTC)) == Refused("call_national_registry")
    assert is_allowed(judged(ON_IT, funded_at=datetime(2025, 5, 24, 18, 0, 1, tzinfo=UTC)))
    assert judged(ON_IT, funded_at=datetime(2025, 5, 24, 18, 0, tzinfo=UTC)) == Refused("call_national_registry")
    assert judged(ON_IT, asked_at=NOON + timedelta(hours=1)) == Refused("call_national_registry")


def test_a_call_is_allowed_no_longer_than_the_relationship_lasts() -> None:
    verdict = judged(ON_IT, asked_at=datetime(2026, 8, 24, 19, 0, tzinfo=UTC))
    assert verdict == Allowed(datetime(2026, 11, 24, 19, 0, tzinfo=UTC), "America/Chicago")


def test_who_may_not_be_called_by_the_time_the_hours_open_is_refused_now() -> None:
    evening = NOON + timedelta(hours=9)
    assert judged(ON_IT, at=evening, asked_at=datetime(2026, 8, 25, 9, 0, tzinfo=UTC)) == Refused("call_national_registry")
    assert isinstance(judged(ON_IT, at=evening, asked_at=NOON), WaitUntil)


def test_our_own_list_stands_above_everything() -> None:
    assert judge_call(Call(AUSTIN, (), silenced=True), NOON) == Refused("call_own_do_not_call")
    assert judge_call(Call(AUSTIN, ()), NOON) == Refused("no_phone")


def test_of_two_numbers_the_one_that_may_be_called_is_shown() -> None:
    both = Call(AUSTIN, (CalledNumber("+15125550100", listed=(ON_IT,)), CalledNumber("+15125550101", listed=(NOT_ON_IT,))))
    assert is_allowed(judge_call(both, NOON))
    assert number_to_call(both, NOON) == "+15125550101"


def test_where_the_law_counts_calls_the_fourth_in_24_hours_waits_for_the_first_to_be_a_day_old() -> None:
    at = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    touches = tuple(at - timedelta(hours=hours) for hours in (5, 22, 4))
    assert judged(NOT_ON_IT, at=at, place=TAMPA, touches=touches) == WaitUntil(
        at + timedelta(hours=2), "America/New_York", "call_3_touches_in_24_hours"
    )
    assert is_allowed(judged(NOT_ON_IT, at=at, place=TAMPA, touches=touches[:2]))
    assert judged(NOT_ON_IT, at=at, place=AUSTIN, touches=touches) == WaitUntil(
        at + timedelta(hours=2), "America/Chicago", "call_3_touches_in_24_hours"
    )


def test_the_eighth_call_or_text_in_7_days_waits_for_the_first_to_be_a_week_old() -> None:
    touches = tuple(NOON - timedelta(days=days) for days in (6, 5, 4, 3, 2, 2, 1))
    assert judged(NOT_ON_IT, touches=touches) == WaitUntil(NOON + timedelta(days=1), "America/Chicago", "call_7_touches_in_7_days")
    assert is_allowed(judged(NOT_ON_IT, touches=touches[1:]))


def test_who_asked_within_the_last_half_hour_is_called_back_however_often_they_were_called_unless_a_state_counts_that() -> None:
    touches = tuple(NOON - timedelta(hours=hours) for hours in (1, 2, 3))
    asked = NOON - timedelta(minutes=10)
    assert judged(NOT_ON_IT, asked_at=asked, touches=touches) == Allowed(NOON + timedelta(minutes=20), "America/Chicago")
    assert judged(NOT_ON_IT, asked_at=asked, touches=touches, place=TAMPA) == WaitUntil(
        NOON + timedelta(hours=21), "America/New_York", "call_3_touches_in_24_hours"
    )
    assert isinstance(judged(NOT_ON_IT, asked_at=asked - timedelta(minutes=20), touches=touches), WaitUntil)


def opted_out(asked_again_at: datetime | None, *, their_loan: bool = False) -> Judgement:
    stopped = NOON - timedelta(days=2)
    number = CalledNumber("+15125550100", AGREED, NOON, NOON - timedelta(days=90), (NOT_ON_IT,), stopped, asked_again_at)
    return judge_call(Call(AUSTIN, (number,), their_loan=their_loan), NOON)


def test_who_opted_out_by_text_is_not_called_though_they_agreed_once_before_they_ask_again() -> None:
    assert opted_out(None) == opted_out(NOON - timedelta(days=2)) == opted_out(NOON - timedelta(days=3)) == Refused("call_opted_out")
    assert is_allowed(opted_out(NOON - timedelta(days=1)))


def test_who_opted_out_by_text_is_called_about_the_loan_that_is_under_way() -> None:
    assert is_allowed(opted_out(None, their_loan=True))


def test_a_time_without_a_zone_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="time zone"):
        judged(at=datetime(2026, 11, 24, 12))


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-11-3_512_AB12.txt", date(2026, 11, 3)),
        ("20261103.zip", date(2026, 11, 3)),
        ("dnc_2026_11_03.txt", date(2026, 11, 3)),
        ("2026-13-03.txt", None),
        ("2026-11-03_to_2026-11-09.txt", None),
        ("registry.txt", None),
        ("5125550100.txt", None),
    ],
)
def test_the_day_of_a_file_is_read_from_its_name(name: str, day: date | None) -> None:
    assert day_in(name) == day


@pytest.mark.parametrize(
    "words",
    [
        "I agree to calls with an artificial or prerecorded voice from Acme Mortgage.",
        "You may leave pre-recorded messages.",
        "Acepto llamadas con mensajes pregrabados de Acme.",
        "Acepto llamadas con voz artificial.",
    ],
)
def test_recorded_words_are_left_where_what_was_agreed_to_in_writing_names_them(words: str) -> None:
    assert recording_forbidden_by(CalledNumber("+15125550100", consented=words)) is None


@pytest.mark.parametrize(
    "words",
    [
        *(None, "", AGREED, "Calls may be recorded for quality.", "I agree to recorded calls.", "You may call me."),
        "You may call me, with no prerecorded voice.",
    ],
)
def test_consent_to_calls_alone_allows_no_recorded_words(words: str | None) -> None:
    called = CalledNumber("+15125550100", consented=words, asked_at=NOON)
    assert recording_forbidden_by(called) == "call_recorded_no_written_consent"
