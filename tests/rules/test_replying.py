"""What is new in an answer: whatever mail program made it, what it answers and who signed it are left out."""

import time
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.replying import MOST_READ, answered_email, new_words, reply_address

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
