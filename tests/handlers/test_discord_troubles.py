"""What a refusal of Discord's means for what is to be shown."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.chat import SlowDown
from bot.handlers.discord.platform import trouble_of


def refusal(status: int, headers: dict[str, str]) -> discord.HTTPException:
    return discord.HTTPException(cast(Any, SimpleNamespace(status=status, reason="", headers=headers)), "<html>Too many</html>")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"Retry-After": "0.25"}, 0.25),
        ({}, 1.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 1.0),
        ({"Retry-After": "1e30"}, 600.0),
    ],
)
def test_who_is_asked_to_slow_down_is_told_for_how_long(headers: dict[str, str], seconds: float) -> None:
    trouble = trouble_of(refusal(429, headers))
    assert isinstance(trouble, SlowDown) and trouble.seconds == seconds
