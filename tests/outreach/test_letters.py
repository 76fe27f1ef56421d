"""An email's headers hold what they should and nothing that a stranger's words begin, whatever names and subjects look like."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from bot.outreach.letters import content_of
from bot.outreach.post import Letter

LETTER = Letter(
    message_id="<1042@acme.example>",
    written_at=datetime(2026, 11, 24, 18, tzinfo=UTC),
    from_name="Maya Ortiz, Acme Home Loans",
    returns_to="loans@acme.example",
    from_address="loans@acme.example",
    reply_to="maya@acme.example",
    to="dana@home.example",
    language="en",
    subject="Your question",
    words="Hi Dana,\n\nwhen is a good time?",
    below=("Maya Ortiz, NMLS 123",),
    unsubscribe="Unsubscribe",
    unsubscribe_url="https://leads.acme.example/u/1.1042.abc",
)
HEADERS = {
    "Message-ID", "Date", "From", "To", "Reply-To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
    "Content-Language",
}  # fmt: skip


def arrives(letter: Letter) -> EmailMessage:
    """The email as a mail program reads it that takes every end of a line for one, as servers on the way may."""
    sent = content_of(letter)
    read = message_from_bytes(sent.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


@pytest.mark.parametrize(
    "code", ["=?utf-8?q?Rates=0ABcc:_all@rival.example?=", "=?utf-8?b?UmF0ZXMNCkJjYzogYWxsQHJpdmFsLmV4YW1wbGU=?= today"]
)
@pytest.mark.fault(72)
def test_a_subject_or_a_name_that_looks_like_a_code_begins_no_header(code: str) -> None:
    for letter in (replace(LETTER, subject=code), replace(LETTER, from_name=f"{code}, Acme")):
        read = arrives(letter)
        assert set(read.keys()) == HEADERS
        assert [address.addr_spec for address in read["From"].addresses] == ["loans@acme.example"]


@pytest.mark.parametrize(
    "name",
    [
        "M" * 60 + ", " + "A" * 80,
        "Maya Ortiz-Fernandez de la Vega, First Community Mortgage Corporation of Texas, Inc. (Austin)",
        'CEO "x" <ceo@bank.example>, Acme',
    ],
)
def test_a_long_name_stays_one_sender(name: str) -> None:
    [sender] = arrives(replace(LETTER, from_name=name))["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "loans@acme.example")


def test_a_name_in_other_letters_stays_one_sender() -> None:
    [sender] = arrives(replace(LETTER, from_name="Íñigo Peña-Núñez, Préstamos Ácme"))["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Íñigo Peña-Núñez, Préstamos Ácme", "loans@acme.example")


def test_long_addresses_arrive_whole() -> None:
    far = f"{'d' * 64}@{'h' * 60}.example"
    read = arrives(replace(LETTER, to=far, reply_to=far))
    assert [address.addr_spec for name in ("To", "Reply-To") for address in read[name].addresses] == [far, far]


def test_a_picture_stands_at_the_end_of_the_page_alone_and_changes_nothing_else() -> None:
    bare, pictured = (arrives(each) for each in (LETTER, replace(LETTER, picture='https://leads.acme.example/p/1.a"b')))

    without, having = ([part.get_content() for part in letter.iter_parts()] for letter in (bare, pictured))
    assert having[0] == without[0] and bare.items() == pictured.items()
    [picture] = [line for line in having[1].splitlines() if line not in without[1].splitlines()]
    assert picture == '<img src="https://leads.acme.example/p/1.a&quot;b" width="1" height="1" alt="">'
    assert [line for line in having[1].splitlines() if line != picture] == without[1].splitlines()
