"""Forms of ours: what they ask, the page that somebody saw, and who asks too often."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from bot.capture.forms import typed_in, what_to_mend
from bot.rules.forms import FORM_KINDS, SAYS, FormKind, Turnstile, consent_version, fields_of, page_token, read_page_token, sent_id
from bot.rules.languages import preferred
from bot.rules.six_items import has_six_items
from bot.sources.generic import parse
from bot.sources.unreadable import Unreadable

NAMES = sorted({asked.name for kind in FORM_KINDS for asked in fields_of(kind)} | {"ssn", "page", "agrees"})
KEY, NONCE = b"k" * 32, "0123456789abcdef" * 2


def test_no_form_asks_all_that_makes_an_application_nor_a_social_security_number_a_birth_date_or_a_street() -> None:
    for kind in FORM_KINDS:
        asked = {each.name for each in fields_of(kind)}
        assert not has_six_items({**dict.fromkeys(asked, True), **{f"{name}_low": 1 for name in asked}}, named=True)
        assert not asked & {"ssn", "has_ssn", "birth_date", "dob", "property_street", "mailing_street", "street"}


def test_nobody_has_to_tell_more_than_a_first_name_and_a_way_to_be_reached() -> None:
    for kind in FORM_KINDS:
        assert what_to_mend(kind, {"first_name": "Dana", "email": "dana@example.com"}) == {}
        assert what_to_mend(kind, {"first_name": "Dana", "phone": "(512) 555-0100"}) == {}
        assert what_to_mend(kind, {}) == {"first_name": "missing", "phone": "no_contact"}


def test_a_page_is_known_by_what_it_showed() -> None:
    token = page_token(KEY, NONCE, "website", "en-1")

    assert read_page_token(KEY, token, "website", "en-1") == NONCE
    assert read_page_token(KEY, token, "website", "es-1") is None
    assert read_page_token(KEY, token, "zillow", "en-1") is None
    assert read_page_token(b"x" * 32, token, "website", "en-1") is None


@given(st.text())
def test_what_is_no_token_of_ours_is_none(text: str) -> None:
    assert read_page_token(KEY, text, "website", "en-1") is None


def test_the_same_words_from_one_page_have_one_id_and_others_another() -> None:
    typed = {"first_name": "Dana", "email": "dana@example.com"}

    assert sent_id(NONCE, typed) == sent_id(NONCE, dict(reversed(typed.items())) | {"phone": ""})
    assert sent_id(NONCE, typed) != sent_id(NONCE, typed | {"first_name": "Dan"})
    assert sent_id(NONCE, typed) != sent_id(NONCE[::-1], typed)


def test_a_letter_makes_another_version_of_a_consent() -> None:
    assert consent_version("en", "I agree.") == consent_version("en", "I agree.")
    assert consent_version("en", "I agree.") != consent_version("en", "I agree!")
    assert consent_version("es", "I agree.").startswith("es-")


def test_who_asks_too_often_waits_and_is_let_through_again() -> None:
    turnstile = Turnstile(2, 60.0, 10)

    assert [turnstile.wait("a", at) for at in (0.0, 1.0, 2.0, 59.5)] == [0, 0, 58, 1]
    assert turnstile.wait("b", 2.0) == 0
    assert turnstile.wait("a", 60.0) == 0


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 10)), max_size=200))
def test_a_turnstile_remembers_so_many_and_never_lets_more_through_than_it_should(tries: list[tuple[int, float]]) -> None:
    turnstile, at, through = Turnstile(3, 60.0, 51), 0.0, dict[int, list[float]]()
    for who, later in tries:
        at += later
        if turnstile.wait(str(who), at) == 0:
            through.setdefault(who, []).append(at)
    assert len(turnstile._seen) <= 51
    for times in through.values():
        assert all(sum(start <= each < start + 60 for each in times) <= 6 for start in times)  # two windows may touch


def test_an_address_that_nobody_asked_from_lately_is_forgotten() -> None:
    turnstile = Turnstile(1, 60.0, 2)
    for address in ("a", "b", "c"):
        turnstile.wait(address, 0.0)

    assert turnstile.wait("a", 1.0) == 0
    assert turnstile.wait("c", 1.0) > 0


def test_a_browser_gets_the_language_that_it_likes_best() -> None:
    both = ("en", "es")

    assert preferred("", both) == "en"
    assert preferred("es-MX,es;q=0.9,en;q=0.8", both) == "es"
    assert preferred("en;q=0.5, es;q=0.7", both) == "es"
    assert preferred("fr, es;q=0.1", both) == "es"
    assert preferred("es;q=0, de", both) == "en"
    assert preferred("es;q=abc", both) == "es"


@given(st.text())
def test_any_header_gives_a_language_of_ours(header: str) -> None:
    assert preferred(header, ("en", "es")) in ("en", "es")


@given(st.sampled_from(FORM_KINDS), st.dictionaries(st.sampled_from(NAMES), st.one_of(st.text(), st.none(), st.lists(st.text()))))
def test_whatever_is_sent_is_mended_or_a_lead(kind: FormKind, sent: dict[str, object]) -> None:
    typed = typed_in(kind, sent)

    assert all(isinstance(text, str) and text for text in typed.values())
    if not what_to_mend(kind, typed):
        with suppress(Unreadable):  # a number to call that is one nobody may keep
            lead = parse({**SAYS[kind], **typed})
            assert lead.phones or lead.emails
