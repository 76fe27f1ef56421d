"""An email is read from its bytes, in whatever condition they are."""

import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outreach.incoming import Fate, Mail, UnreadableMail, read_mail
from bot.outreach.plain_text import words_of_page


def mail(head: str, body: bytes = b"Hello") -> Mail:
    return read_mail(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)


def test_who_wrote_what_to_whom_about_which_email() -> None:
    read = mail(
        "From: =?utf-8?q?D=C3=A1na?= Rowe <Dana.Rowe@Example.com>\nTo: Loans <loans+1-a@acme.example>, x@y.example\n"
        "Delivered-To: z@y.example\n"
        "Subject: =?utf-8?b?wr9UYXNhPw==?=\nIn-Reply-To: <2@acme.example>\nReferences: <1@acme.example>\n <2@acme.example>"
    )

    assert read.sender == "dana.rowe@example.com"
    assert read.receivers == ("loans+1-a@acme.example", "x@y.example", "z@y.example")
    assert read.answers == ("<2@acme.example>", "<2@acme.example>", "<1@acme.example>")
    assert read.subject == "¿Tasa?" and read.words == "Hello" and not read.automatic


def test_plain_text_goes_before_the_page_beside_it() -> None:
    message = EmailMessage()
    message["From"] = "dana@example.com"
    message.set_content("plain")
    message.add_alternative("<p>page</p>", subtype="html")

    assert read_mail(message.as_bytes()).words == "plain"


def test_a_page_alone_is_read_as_text() -> None:
    page = (
        "<html><head><title>t</title><style>p{}</style></head><body><div>Hi Maya,</div><div><br></div><p>call <b>me</b>&nbsp;&amp; soon</p>"
        '<script>x</script><div class="gmail_quote">On Tue Maya wrote:<blockquote>old words</blockquote></div></body></html>'
    )

    read = mail("From: d@e.example\nContent-Type: text/html; charset=utf-8", page.encode())

    assert read.words == "Hi Maya,\ncall me & soon\n> On Tue Maya wrote:\n> old words"


@pytest.mark.parametrize(
    ("charset", "body", "words"),
    [
        ("iso-8859-1", "mañana".encode("latin-1"), "mañana"),
        ("utf-8", "mañana".encode("cp1252"), "mañana"),  # it says one code and is in another
        ("x-unknown", "mañana".encode(), "mañana"),
        ("utf-8", b"ma\x00ana", "maana"),
        ("utf-16", b"odd", "odd"),
    ],
)
def test_damaged_letters_are_read_as_what_they_most_likely_are(charset: str, body: bytes, words: str) -> None:
    assert mail(f"From: d@e.example\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit", body).words == words


def test_what_is_attached_is_named_alone() -> None:
    message = EmailMessage()
    message["From"] = "dana@example.com"
    message.set_content("Here")
    message.add_attachment(b"%PDF" * 100, maintype="application", subtype="pdf", filename="W-2 año.pdf")
    message.add_attachment(b"x", maintype="image", subtype="png", filename=f"a/../{'b' * 200}.png")

    read = read_mail(message.as_bytes())

    assert read.files[0] == "W-2 año.pdf" and len(read.files[1]) == 80 and read.words == "Here"


@pytest.mark.parametrize(
    "head",
    [
        "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated; x=y", "Precedence: bulk", "X-Autoreply: yes", "Return-Path: <>",
        "Subject: Automatic reply: Your question", "Subject: Out of Office", "Subject: Respuesta automática: hola", "List-Id: <news>",
    ],
)  # fmt: skip
def test_what_a_machine_wrote_is_known_as_that(head: str) -> None:
    assert mail(f"From: d@e.example\n{head}").automatic


def test_a_person_may_write_about_the_office() -> None:
    assert not mail("From: d@e.example\nAuto-Submitted: no\nSubject: Re: the office at 5").automatic


REPORT = (
    b"--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
    b"Final-Recipient: rfc822; dana@example.com\r\nAction: %b\r\nStatus: %b\r\nDiagnostic-Code: smtp; %b\r\n\r\n"
    b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@acme.example>\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("action", "status", "said", "fate"),
    [
        (b"failed", b"5.1.1", b"550 5.1.1 unknown", Fate("failed", "5.1.1", 550)),
        (b"FAILED", b"", b"552 5.2.2 full", Fate("failed", "5.2.2", 552)),
        (b"delayed", b"4.4.7", b"", Fate("delayed", "4.4.7", None)),
        (b"delivered", b"2.0.0", b"", None),
    ],
)
def test_a_report_tells_what_became_of_which_email(action: bytes, status: bytes, said: bytes, fate: Fate | None) -> None:
    read = mail(
        'From: MAILER-DAEMON@mx\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"', REPORT % (action, status, said)
    )

    assert read.fate == fate and read.automatic
    assert read.answers == (("<ours@acme.example>",) if fate else ())


def test_the_same_mail_has_the_same_key_and_another_has_another() -> None:
    first, again = mail("From: d@e.example\nMessage-ID: <1@e>", b"x"), mail("Received: y\nFrom: d@e.example\nMessage-ID: <1@e>", b"x")

    assert first.key == again.key != mail("From: d@e.example\nMessage-ID: <2@e>").key
    assert mail("From: d@e.example", b"x").key != mail("From: d@e.example", b"y").key


def test_what_is_nested_to_break_its_readers_is_refused_and_not_died_of() -> None:
    head = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (each, each) for each in range(3000))
    with pytest.raises(UnreadableMail):
        read_mail(b"From: d@e.example\r\n" + head)


SENDER, MIXED = b"From: d@e.example\r\n", b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "content",
    [
        MIXED + b"--b\n\n" * (MEGABYTE // 5),
        b"Content-Type: message/delivery-status\r\n\r\n" + b"A: b\n\n" * (MEGABYTE // 6),
        b"Content-Type: message/rfc822\r\n\r\n" * 100,
        b"\r\n" + b"\n" * (2 * MEGABYTE),
        b"\r\n" + b"\r" * (2 * MEGABYTE),
    ],
    ids=["parts", "reports", "mails in mails", "lines", "returns"],
)
def test_a_mail_of_more_parts_or_lines_than_any_program_makes_is_not_read(content: bytes) -> None:
    with pytest.raises(UnreadableMail):
        read_mail(SENDER + content)


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Type: text/plain; " + b"a=b;" * (MEGABYTE // 4),
        b"Content-Type: text/plain; " + b"".join(b"name*%d=x; " % each for each in range(MEGABYTE // 12)),
        b"Subject: =?utf-8?q?a?=\r\n" * (MEGABYTE // 25) + b"X: y",
    ],
    ids=["parameters", "continuations", "subjects"],
)
def test_headers_that_are_made_to_keep_us_busy_end(headers: bytes) -> None:
    began = time.monotonic()
    assert read_mail(SENDER + headers + b"\r\n\r\nHere I am").sender == "d@e.example"
    assert time.monotonic() - began < 30


def test_ten_megabytes_are_read_in_moments() -> None:
    message = EmailMessage()
    message["From"] = "dana@example.com"
    message.set_content("Here")
    message.add_attachment(bytes(7_500_000), maintype="application", subtype="zip", filename="all.zip")
    content = message.as_bytes()
    assert len(content) > 10_000_000

    began = time.monotonic()
    read = read_mail(content)

    assert read.words == "Here" and read.files == ("all.zip",) and time.monotonic() - began < 30


@pytest.mark.parametrize("page", ["<!--" * 25_000, "<div>" * 20_000, "<a " * 30_000, "&" * 100_000, "<![CDATA[" * 10_000])
def test_a_page_that_is_made_to_keep_us_busy_ends(page: str) -> None:
    began = time.monotonic()
    words_of_page(page)
    assert time.monotonic() - began < 30


def test_of_many_pages_in_one_mail_no_more_is_read_than_of_one() -> None:
    message = EmailMessage()
    message["From"] = "dana@example.com"
    message.set_content("<p>first</p>" + "<!-- -->" * 20_000, subtype="html")
    message.add_alternative("<p>second</p>", subtype="html")

    assert read_mail(message.as_bytes()).words == "first"


HEADERS = st.sampled_from(
    [
        "From",
        "To",
        "Subject",
        "Message-ID",
        "References",
        "Content-Type",
        "Content-Disposition",
        "Auto-Submitted",
        "Content-Transfer-Encoding",
    ]
)
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b'multipart/mixed; boundary="b"', b"multipart/report; boundary=b", b"message/rfc822", b"message/delivery-status", b"text/html",
                        b"=?utf-8?b?/w==?=", b"=?x?q?a?=", b"base64", b"quoted-printable", b"uuencode",
            b"attachment; filename*0*=utf-8''a; filename*2=b",
            b"text/plain; charset*=x'y'z", b'attachment; filename*="', b"text/plain; charset=\x00",
        ]
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.lists(st.one_of(st.binary(max_size=80), st.just(b"\r\n--b\r\n")), max_size=8))
def test_any_bytes_are_read(headers: list[tuple[str, bytes]], body: list[bytes]) -> None:
    content = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers) + b"\r\n" + b"".join(body)

    read = read_mail(content)

    assert "\0" not in read.words + read.subject + read.sender
    (read.words + read.subject + read.sender + "".join(read.files)).encode()
