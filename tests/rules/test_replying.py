"""What is new in an answer: whatever mail program made it, what it answers and who signed it are left out."""

import time
import timeit
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.opt_out import Wish, read_wish
from bot.rules.replying import MOST_READ, answered_email, new_subject, new_words, reply_address

NEW = "Tomorrow at 3 works.\n\nThanks, Dana"
QUOTED = "> Hi Dana,\n>\n> when may I call you?\n> Unsubscribe: https://leads.acme.example/u/1"

ANSWERS = {
    "gmail": f"{NEW}\n\nOn Tue, Apr 17, 2040 at 12:00 PM Maya Torres, Acme Mortgage <loans@acme.example> wrote:\n\n{QUOTED}",
    "gmail, broken": f"{NEW}\n\nOn Tue, Apr 17, 2040 at 12:00 PM Maya Torres, Acme Mortgage <\nloans@acme.example> wrote:\n\n{QUOTED}",
    "gmail in Spanish": f"{NEW}\n\nEl mar, 17 abr 2040 a las 12:00, Maya Torres (<loans@acme.example>) escribió:\n\n{QUOTED}",
    "outlook": (
        f"{NEW}\n\n________________________________\nFrom: Maya Torres <loans@acme.example>\nSent: Tuesday, April 17, 2040 12:00 PM\n"
        "To: Dana Rowe\nSubject: Your question\n\nHi Dana,\n\nwhen may I call you?"
    ),
    "outlook in Spanish": f"{NEW}\n\nDe: Maya Torres\nEnviado el: martes, 17 de abril de 2040\nPara: Dana\nAsunto: Su consulta\n\nHola",
    "an old one": f"{NEW}\n\n-----Original Message-----\nFrom: Maya\n\nHi Dana",
    "iphone": f"{NEW}\n\nSent from my iPhone\n\n> On Apr 17, 2040, at 12:00, Maya Torres <loans@acme.example> wrote:\n> \n> Hi Dana",
    "outlook for iOS": f"{NEW}\n\nGet Outlook for iOS\n________________________________\nFrom: Maya\nSent: Tuesday\n\nHi",
    "a signature": f"{NEW}\n\n-- \nDana Rowe\n512 555 0100\n",
    "between the lines": f"> when may I call you?\n\n{NEW}\n\n> Unsubscribe: x",
    "below": f"{QUOTED}\n\n{NEW}",
    "thunderbird": f"{NEW}\n\nOn 4/17/40 12:00, Maya Torres wrote:\n{QUOTED}",
    "thunderbird, below": f"On 4/17/40 12:00, Maya Torres wrote:\n{QUOTED}\n\n{NEW}\n\n-- \nDana Rowe",
    "gmail, below": f"On Tue, Apr 17, 2040 at 12:00 PM Maya Torres <\nloans@acme.example> wrote:\n\n{QUOTED}\n\n{NEW}",
    "iphone, below": f"Sent from my iPhone\n\n> On Apr 17, 2040, at 12:00, Maya Torres wrote:\n> \n> Hi Dana\n\n{NEW}\n",
    "below two mails": f"On Tue, Maya <a@b.example> wrote:\n{QUOTED}\n\n{NEW}\n\nOn Mon, Maya <a@b.example> wrote:\n\nUnsubscribe: here",
}


@pytest.mark.parametrize("program", ANSWERS)
def test_only_what_is_new_is_left(program: str) -> None:
    assert new_words(ANSWERS[program]) == NEW


@pytest.mark.parametrize(
    "words",
    [
        "On Friday I have time, call me.\n\nDana",
        "From what I read, rates fall. Is that so?",
        "On the phone he wrote:\nnothing",
        "My wife wrote: yes",
        "El viernes puedo.\nLlámeme",
        "I was sent from the bank",
    ],
)
def test_words_that_only_look_like_it_stay(words: str) -> None:
    assert new_words(words) == words.strip()


def test_an_answer_that_is_only_a_quote_says_nothing() -> None:
    assert new_words(QUOTED) == ""


OUR_LINES = st.lists(
    st.sampled_from(
        [
            *("Hi Dana,", "when may I call you about the loan that you asked for?", "", "Maya Torres, NMLS 200101, Acme Mortgage"),
            *(
                "Reply STOP to end these emails.",
                "Unsubscribe",
                "If you want no more of these emails, stop them with one press: unsubscribe",
            ),
            *("Unsubscribe: https://leads.acme.example/u/2.9c1f", "Stop", "STOP", "> when does it close?", "On Monday Maya wrote:"),
        ]
    ),
    min_size=1,
    max_size=12,
)
INTRODUCTION = "On Tue, Apr 17, 2040 at 12:00 PM Maya Torres <loans@acme.example> wrote:"


@given(
    OUR_LINES,
    st.sampled_from([">", "> ", ">> ", " > "]),
    st.integers(8, 80),
    st.booleans(),
    st.sampled_from(["", "\n", "Sent from my iPhone\n\n"]),
    st.sampled_from(["", "\n\nSent from my iPhone", "\n\n-- \nDana Rowe, unsubscribe from our own letter"]),
)
def test_our_own_words_quoted_by_whatever_mail_program_opt_nobody_out(
    ours: list[str], quotes: str, width: int, bare: bool, above: str, below: str
) -> None:
    broken = "\n".join(quotes + "\n".join(wrap(line, width) or [""]) if line or not bare else "" for line in ["Hi", *ours])

    assert read_wish(new_words(f"{above}{INTRODUCTION}\n\n{broken}{below}")) is Wish.NONE


@given(OUR_LINES, st.sampled_from([INTRODUCTION, "-----Original Message-----", "From: Maya\nSent: Tuesday\nSubject: A question"]))
def test_our_own_words_that_a_mail_program_does_not_quote_opt_nobody_out(ours: list[str], introduction: str) -> None:
    assert new_words("\n".join([introduction, "", "Hi", *ours])) == ""


def test_a_stop_below_the_mail_that_it_answers_is_heard() -> None:
    assert read_wish(new_words(f"{INTRODUCTION}\n\n{QUOTED}\n\nPlease unsubscribe me")) is Wish.STOP


@pytest.mark.parametrize(
    ("subject", "new"),
    [
        ("Re: A question", ""),
        ("RE: RE: a  Question", ""),
        ("RV: A question", ""),
        ("[EXTERNAL] Re: [Ext] A question", ""),
        ("Fwd: Re[2]: A question", ""),
        ("A question", ""),
        ("STOP", "stop"),
        ("Re: Unsubscribe", "unsubscribe"),
        ("Unsubscribe Re: A question", "unsubscribe"),
        ("Unsubscribe (was: A question)", "unsubscribe (was: a question)"),
        ("", ""),
    ],
)
def test_of_a_subject_that_was_answered_only_what_they_changed_is_new(subject: str, new: str) -> None:
    assert new_subject(subject, "A question") == new


@given(st.text(max_size=60), st.lists(st.sampled_from(["Re: ", "RE:", "Fw: ", "RV: ", "Aw: ", "[EXTERNAL] ", "Re[2]: "]), max_size=4))
def test_our_own_subject_is_never_new(ours: str, before: list[str]) -> None:
    assert new_subject("".join([*before, ours]), ours) == ""


@given(st.text(alphabet=st.sampled_from("On wrote:>- \n@1Fromde:*_el"), max_size=400))
def test_whatever_is_written_nothing_is_made_up(text: str) -> None:
    assert set(new_words(text).split()) <= set(text.split())


@pytest.mark.parametrize(
    "line", ["On " + "a" * 300, "On a@b 1", "On ", "> " * 100, "From: " * 50, "wrote:" * 60, "wrote", "-" * 300, "_ " * 200, " ", ""]
)
def test_a_long_mail_costs_little_time(line: str) -> None:
    mail = f"{line}\n" * (2 * MOST_READ // (len(line) + 1))
    assert min(timeit.repeat(lambda: new_words(mail), timer=time.process_time, number=1, repeat=3)) < 1.0


def test_an_address_tells_which_email_it_answers_and_nobody_else_can_make_one() -> None:
    address = reply_address("loans@acme.example", b"key", 42)

    assert answered_email(b"key", address.upper()) == 42
    assert answered_email(b"other", address) is None
    assert answered_email(b"key", address.replace("+42-", "+43-")) is None
    assert answered_email(b"key", "loans@acme.example") is None and answered_email(b"key", "") is None
