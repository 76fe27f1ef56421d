"""How far it goes, docs/scale.md, says what its costs come to, and no figure of cost that they do not."""

import re

from bench.scale import BLOCK, PAGE, kept_costs, page

TEXT = PAGE.read_text("utf-8")
OURS = BLOCK.sub("", TEXT)
"""What is written by hand."""


def test_the_page_says_what_its_costs_come_to() -> None:
    assert page(TEXT, kept_costs()) == TEXT, "write it anew: python -m bench.scale --kept --write"


def test_no_time_and_no_size_stands_outside_what_is_measured() -> None:
    assert re.findall(r"[\d.,]+ (?:ms|[kMGT]B|gigabytes)\b", OURS) == []


def test_the_first_wall_that_the_page_names_is_its_largest_index() -> None:
    measured = TEXT.partition("| index |")[2]
    assert re.findall(r"index `(\w+)`", OURS) == re.findall(r"`(\w+)`", measured)[:1]
