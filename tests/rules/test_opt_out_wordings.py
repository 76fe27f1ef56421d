"""Nobody who opts out is missed, and nobody who does not is opted out without being asked: a long list of what people write."""

from pathlib import Path

import pytest

from bot.rules.opt_out import Wish, read_wish

READ_AS = {"stop": Wish.STOP, "ask": Wish.UNCLEAR, "none": Wish.NONE}
WANT_NO_TEXTS, MEAN_SOMETHING_ELSE = (
    {line[5:]: READ_AS[line[:5].strip()] for line in part.splitlines()[1:] if line}
    for part in Path(__file__).with_name("wordings.txt").read_text(encoding="utf-8").split("\n# ")[1:]
)


@pytest.mark.fault(51)
def test_every_wording_of_the_long_list_is_read_as_it_is_meant() -> None:
    wordings = WANT_NO_TEXTS | MEAN_SOMETHING_ELSE
    assert {text: read_wish(text) for text in wordings} == wordings


def test_the_list_is_long_misses_no_opt_out_and_opts_nobody_out_unasked() -> None:
    assert len(WANT_NO_TEXTS) > 400 and len(MEAN_SOMETHING_ELSE) > 300
    assert Wish.NONE not in WANT_NO_TEXTS.values()
    assert Wish.STOP not in MEAN_SOMETHING_ELSE.values()
