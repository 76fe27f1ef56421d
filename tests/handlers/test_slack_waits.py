"""Slack limits a method in a whole workspace: one call asks whether it may go on, and the others wait for what it hears."""

import pytest

from bot.chat import MethodLimited
from bot.handlers.slack import limits
from bot.handlers.slack.limits import Limits


class Seconds:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    clock = Seconds()
    monkeypatch.setattr(limits, "time", clock)
    return clock


def test_a_limited_method_waits_and_others_go_on(seconds: Seconds) -> None:
    ours = Limits()
    ours.met("chat.update", 30)
    seconds.at = 10

    with pytest.raises(MethodLimited) as waits:
        ours.ask("chat.update")

    assert waits.value.seconds == 20
    ours.ask("conversations_open")


def test_after_the_wait_one_call_asks_and_the_others_wait_for_what_it_hears(seconds: Seconds) -> None:
    ours = Limits()
    ours.met("chat.update", 30)
    seconds.at = 30
    began = ours.ask("chat.update")

    with pytest.raises(MethodLimited):
        ours.ask("chat.update")

    ours.passed("chat.update", began)
    ours.ask("chat.update")
    ours.ask("chat.update")


def test_a_call_from_before_the_limit_that_goes_through_ends_no_wait(seconds: Seconds) -> None:
    ours = Limits()
    began = ours.ask("chat.update")
    seconds.at = 1
    ours.met("chat.update", 30)

    ours.passed("chat.update", began)

    with pytest.raises(MethodLimited):
        ours.ask("chat.update")
