"""The gate for texts beside a slow one, written from the law's own sentences: by hand-made zones, hours, holidays, consent and counts."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.compliance import Allowed, Consent, Kind, Refused, Sms, WaitUntil, judge_sms
from bot.rules.zones import Whereabouts
from tests.doubles.law import DAY, HOMES, MINUTE, MOMENTS, Home, hours_on, is_day_off

COUNTS_TEXTS = ("FL", "MD", "OK")


def is_open(home: Home, now: datetime) -> bool:
    if not home.clocks:
        return False
    for clock in home.clocks:
        there = now.astimezone(ZoneInfo(clock))
        ours = (time(12), time(18)) if there.weekday() == 6 else (time(9), time(20))
        spans = [ours, *(hours_on(state, there.weekday()) for state in home.states)]
        if is_day_off(there.date()) or not all(opens <= there.time() < closes for opens, closes in spans):
            return False
    return True


def may_leave(home: Home, sms: Sms, now: datetime) -> bool:
    if sms.suppressed:
        return False
    wrote = sms.borrower_wrote_at if sms.kind == "conversation" else None
    of_a_day, of_a_week = (sum(touch > now - days * DAY for touch in sms.touches) for days in (1, 7))
    if wrote and wrote <= now < wrote + 30 * MINUTE and not (of_a_day >= 3 and any(state in COUNTS_TEXTS for state in home.states)):
        return True
    consented = any(
        consent.given is True
        and consent.text is not None
        and ("text messages" in consent.text or "mensajes de texto" in consent.text)
        and consent.given_at is not None
        and consent.given_at <= now
        and consent.number == home.phone
        and consent.names_us
        for consent in sms.consents
    )
    if not consented and not (wrote and wrote <= now < wrote + 3 * DAY):
        return False
    if of_a_day >= 3 or of_a_week >= 7:
        return False
    return is_open(home, now)


WORDS = st.sampled_from(
    (None, "", "I agree to calls.", "I agree to calls and text messages.", "Acepto recibir mensajes de texto.", "See the context.")
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Home, Sms, datetime]:
    home, now = draw(st.sampled_from(HOMES)), draw(MOMENTS)
    kind: Kind = draw(st.sampled_from(("marketing", "conversation")))
    ages = st.integers(-30, 8 * 24 * 60)
    full = Consent(True, "I agree to calls and text messages.", now - 30 * DAY, home.phone)
    odd = st.builds(
        Consent,
        given=st.sampled_from((True, False, None)),
        text=WORDS,
        given_at=st.one_of(st.none(), ages.map(lambda age: now - age * MINUTE)),
        number=st.sampled_from((home.phone, "+15125559999", None)),
        names_us=st.booleans(),
    )
    return (
        home,
        Sms(
            kind=kind,
            number=home.phone,
            whereabouts=Whereabouts((home.phone,), home.state, home.zip_code),
            consents=tuple(draw(st.lists(st.one_of(st.just(full), odd), max_size=3))),
            suppressed=draw(st.integers(0, 9)) == 0,
            touches=tuple(now - age * MINUTE for age in draw(st.lists(st.integers(0, 8 * 24 * 60), max_size=9))),
            borrower_wrote_at=draw(st.one_of(st.none(), st.integers(0, 4 * 24 * 60).map(lambda age: now - age * MINUTE))),
        ),
        now,
    )


def agreed(home: Home) -> Sms:
    consent = Consent(True, "I agree to calls and text messages.", datetime(2025, 1, 1, tzinfo=UTC), home.phone)
    return Sms("marketing", home.phone, Whereabouts((home.phone,), home.state, home.zip_code), (consent,))


@settings(deadline=None, max_examples=200)
@given(cases())
@example((HOMES[0], agreed(HOMES[0]), datetime(2026, 3, 8, 17, tzinfo=UTC)))
@example((HOMES[0], agreed(HOMES[0]), datetime(2026, 11, 1, 18, tzinfo=UTC)))
@example((HOMES[6], agreed(HOMES[6]), datetime(2026, 7, 3, 18, tzinfo=UTC)))
def test_a_text_may_leave_exactly_when_the_book_says_so(case: tuple[Home, Sms, datetime]) -> None:
    home, sms, now = case
    assert isinstance(judge_sms(sms, now), Allowed) == may_leave(home, sms, now)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_what_waits_waits_for_the_first_moment_that_the_book_allows(case: tuple[Home, Sms, datetime]) -> None:
    home, sms, now = case
    match judge_sms(sms, now):
        case WaitUntil(at):
            assert may_leave(home, sms, at)
            quarters = int((at - now) / (15 * MINUTE))
            assert not any(may_leave(home, sms, now + place * 15 * MINUTE) for place in range(quarters))
            assert not may_leave(home, sms, at - MINUTE)
        case Allowed(until):
            assert may_leave(home, sms, until - MINUTE)
        case Refused():
            assert not may_leave(home, sms, now)
