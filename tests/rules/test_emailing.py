"""The gate of an email by the book, and what stands in one: nothing that a stranger typed adds a header."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.emailing import (
    LONGEST_SUBJECT,
    Email,
    Footer,
    MayLeave,
    MayNotLeave,
    is_no_mailbox,
    judge_email,
    message_id,
    tidy_subject,
    tidy_words,
)

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
DANA = "dana@example.com"
FOOTER = Footer("Acme Mortgage LLC", "100 Congress Ave, Austin, TX 78701", "123456", "200101")
moments = st.none() | st.datetimes(datetime(2026, 11, 10), datetime(2026, 12, 5), timezones=st.just(UTC))
footers = st.builds(Footer, *[st.sampled_from(["", " ", "Acme"])] * 3, st.sampled_from([None, "", "200101"]))
emails = st.builds(
    Email,
    kind=st.sampled_from(["marketing", "conversation"]),
    address=st.sampled_from(
        [None, "", DANA, "dana@example", "dána@example.com", "dana rowe@example.com", f"{DANA}\r\nBcc: all@example.com"]
    ),
    footer=st.just(FOOTER) | footers,
    closed=st.booleans(),
    marketing_closed=st.booleans(),
    unsubscribed_at=moments,
    wrote_at=moments,
    applies=st.booleans(),
)


@given(emails)
def test_nothing_illegal_leaves(email: Email) -> None:
    """Written from the law alone, the other way round: what must be true of every email that may leave."""
    if not isinstance(judge_email(email, NOW), MayLeave):
        return

    assert email.address == DANA and not email.closed
    assert email.footer.legal_name.strip() and email.footer.postal_address.strip() and email.footer.company_nmls_id.strip()
    if email.kind == "marketing":
        assert not email.marketing_closed and email.unsubscribed_at is None
        return
    assert email.footer.officer_nmls_id
    if email.unsubscribed_at is not None and not email.applies:
        assert email.wrote_at is not None and email.unsubscribed_at < email.wrote_at <= NOW < email.wrote_at + timedelta(days=3)


@given(emails)
def test_whoever_wants_no_marketing_is_never_written_to_without_a_word_about_what_it_may_be(email: Email) -> None:
    verdict = judge_email(email, NOW)

    if isinstance(verdict, MayLeave) and (email.unsubscribed_at is not None or email.marketing_closed):
        assert verdict.only is not None


def test_any_hour_is_fine_and_no_consent_is_asked_for() -> None:
    for hour in range(24):
        assert judge_email(Email("conversation", DANA, FOOTER), NOW.replace(hour=hour)) == MayLeave()


def test_an_answer_is_open_for_three_days_after_who_unsubscribed_wrote() -> None:
    email = Email("conversation", DANA, FOOTER, unsubscribed_at=NOW - timedelta(days=9), wrote_at=NOW)

    assert judge_email(email, NOW + timedelta(days=3, seconds=-1)) == MayLeave("their_question")
    assert judge_email(email, NOW + timedelta(days=3)) == MayNotLeave("email_unsubscribed")


def test_a_loan_under_way_is_written_about_after_an_unsubscribing_and_offers_are_not() -> None:
    conversation = Email("conversation", DANA, FOOTER, unsubscribed_at=NOW, applies=True)
    marketing = Email("marketing", DANA, FOOTER, unsubscribed_at=NOW, applies=True)

    assert judge_email(conversation, NOW) == MayLeave("their_loan")
    assert judge_email(marketing, NOW) == MayNotLeave("email_unsubscribed")


def test_who_opted_out_of_texts_may_be_answered_by_email_and_gets_no_offers() -> None:
    assert judge_email(Email("conversation", DANA, FOOTER, marketing_closed=True), NOW) == MayLeave("no_offers")


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError):
        judge_email(Email("conversation", DANA, FOOTER), NOW.replace(tzinfo=None))


@given(st.text())
def test_a_subject_is_one_short_line(typed: str) -> None:
    subject = tidy_subject(typed)

    assert len(subject.splitlines()) <= 1 and len(subject) <= LONGEST_SUBJECT
    assert not set(subject) & set("\r\n\0\u202e\u2066\u200b")


@given(st.text())
def test_words_keep_their_lines_and_nothing_invisible(typed: str) -> None:
    assert not set(tidy_words(typed)) & set("\r\0\u202e\u2066\u200b") and "\n\n\n" not in tidy_words(typed)


def test_a_message_id_is_the_same_for_the_same_intent_and_shows_nothing_of_it() -> None:
    assert message_id("secret", "loans@acme.example") == message_id("secret", "loans@acme.example")
    assert message_id("secret", "loans@acme.example") != message_id("other", "loans@acme.example")
    assert "secret" not in message_id("secret", "loans@acme.example")
    assert message_id("secret", "loans@acme.example").endswith("@acme.example>")


@pytest.mark.parametrize(
    ("code", "said", "nobody"),
    [
        (550, "5.1.1 No such user", True),
        (550, "No such user here", True),
        (553, "sorry", True),
        (550, "5.7.1 Relaying denied", False),
        (552, "5.2.2 Mailbox full", False),
        (554, "Message refused", False),
        (550, "5.4.1 Recipient address rejected", False),
    ],
)
def test_only_a_refusal_that_means_the_address_closes_it(code: int, said: str, nobody: bool) -> None:
    assert is_no_mailbox(code, said) == nobody
