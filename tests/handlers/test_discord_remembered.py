"""What Leadbell remembers of Discord's threads does not grow with every lead."""

from collections import OrderedDict

import pytest

from bot.handlers.discord import remembered
from bot.handlers.discord.remembered import remember


def test_the_thread_that_was_used_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    known: OrderedDict[str, str] = OrderedDict()

    for thread, stage in (("1", "new"), ("2", "new"), ("1", "contacted"), ("3", "new")):
        remember(known, thread, stage)

    assert known == {"1": "contacted", "3": "new"}
