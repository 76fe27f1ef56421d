"""Who opted out asks us again only in words that do: whatever else they write stays words."""

import pytest

from bot.rules.asking_us import asks_us_again


@pytest.mark.parametrize(
    "words",
    [
        "Call me",
        "ok, call me back",
        "Please call me tomorrow after 5",
        "Can you call me about this after all?",
        "I changed my mind. Could someone give me a call?",
        "You can call us now, thanks",
        "Yes please contact me",
        "I\u2019d like to talk",
        "I want to speak with somebody",
        "when can we talk?",
        "START",
        "unstop",
        "Llámeme por favor",
        "Hola, ¿me puede llamar?",
        "Quiero que me llamen",
        "por favor llámenos",
    ],
)
def test_who_asks_for_a_call_or_for_texts_asks_us_again(words: str) -> None:
    assert asks_us_again(words)


@pytest.mark.parametrize(
    "words",
    [
        "Thanks",
        "I said no",
        "HELP",
        "info",
        "ok",
        "Yes",
        "Who is this?",
        "Don't you dare call me",
        "please dont call me",
        "Why do you still call me?",
        "They call me all the time",
        "You people call me every day",
        "Nobody should call me",
        "no one call me please",
        "if you call me again I will sue",
        "Call me again and I will sue",
        "call me crazy, but no",
        "who told you to call me",
        "please call my lawyer",
        "please call off your people",
        "I asked you not to call me",
        "I do not want to talk",
        "can you not call me",
        "no me llame",
        "ya no me llamen",
        "¿Por qué me llaman?",
        "no quiero que me llame",
        "",
        "👍",
    ],
)
def test_words_that_ask_for_nothing_are_no_request(words: str) -> None:
    assert not asks_us_again(words)
