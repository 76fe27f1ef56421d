"""Whatever a lead holds, its card and messages keep Discord's limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.discord.cards import THREAD_NAME, card, open_button, thread_name
from bot.handlers.discord.layouts import LETTERS, Button, Choice, Parts, Row, drawn
from bot.handlers.discord.messages import later_choice
from bot.handlers.discord.words import cut, escape
from bot.leads.mine import SECTIONS
from bot.rules.text import clean
from bot.store.views import LeadView
from tests.conftest import NOON
from tests.handlers.leads import leads

MOST_PARTS, MOST_LETTERS = 40, 4000


@given(lead=leads())
async def test_a_card_keeps_discords_limits(lead: LeadView) -> None:
    view = drawn(card(lead, None, NOON), 7)

    assert view.total_children_count <= MOST_PARTS
    assert view.content_length() <= MOST_LETTERS
    assert 0 < len(thread_name(lead, NOON)) <= THREAD_NAME


@given(paragraphs=st.lists(st.text(max_size=5000), max_size=5))
@pytest.mark.fault(34)
async def test_words_of_any_length_fit_and_the_buttons_stay(paragraphs: list[str]) -> None:
    passing = Choice("Pass", "pass", "1042", [("Busy", "1042:busy")])
    parts = Parts([escape(each) for each in paragraphs], [Button("Claim", "claim", "1042")], [passing])

    view = drawn(parts)

    assert view.content_length() <= LETTERS
    assert {item.custom_id for item in view.walk_children() if isinstance(item, Button | Choice)} == {"lb:claim:1042", "ls:pass:1042"}


@given(words=st.lists(st.text(min_size=1, max_size=3000), min_size=5, max_size=5), before=st.text(max_size=5000))
async def test_a_page_of_rows_of_any_length_fits_and_each_keeps_its_button_and_its_list(words: list[str], before: str) -> None:
    rows = [Row(escape(each) or "-", open_button(number, "en"), later_choice(number, "en")) for number, each in enumerate(words)]
    headings = [f"**{section}**" for section in SECTIONS[: len(rows)]]
    parts = Parts(
        [escape(before), *(each for pair in zip(headings, rows, strict=True) for each in pair)], [Button("Next", "mine", "0:1")] * 2
    )

    view = drawn(parts)

    assert view.total_children_count <= MOST_PARTS and view.content_length() <= MOST_LETTERS
    kept = [item.custom_id for item in view.walk_children() if isinstance(item, Button | Choice)]
    assert {each for each in kept if "open" in each} == {f"lb:open:{number}" for number in range(5)}
    assert {each for each in kept if "later" in each} == {f"ls:menu:{number}:later" for number in range(5)}


@given(text=st.text(max_size=200), limit=st.integers(2, 100))
def test_what_is_cut_never_ends_inside_an_escape(text: str, limit: int) -> None:
    kept = cut(escape(text), limit).removesuffix("…")

    assert len(kept) <= limit
    assert (len(kept) - len(kept.rstrip("\\"))) % 2 == 0


@given(text=st.text(alphabet="*_~`|<>#()[]:@-+.\\/ ab1\n", max_size=60))
@pytest.mark.fault(70)
def test_every_mark_that_a_stranger_types_has_a_backslash_before_it(text: str) -> None:
    escaped = escape(text)

    shown, at = "", 0
    while at < len(escaped):
        if escaped[at] == "\\":
            at += 1
        else:
            assert escaped[at] not in "*_~`|<>#()[]:@-+."
        shown += escaped[at]
        at += 1
    assert shown.replace("\u2060", "") == clean(text)
