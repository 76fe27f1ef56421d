"""What came with a text is told by its first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.pictures import GIF, HEIC, JPEG, LARGEST_SENT, MOST, PDF, PNG, WEBP, Kind, kind_of, unsendable

BEGINNINGS = {
    b"\xff\xd8\xff\xdb": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
    b"RIFF\x10\x00\x00\x00WEBPVP8 ": WEBP,
    b"\x00\x00\x00\x18ftypheic": HEIC,
    b"%PDF-1.4": PDF,
}


@pytest.mark.parametrize(("beginning", "kind"), BEGINNINGS.items())
def test_a_kind_is_told_by_its_beginning(beginning: bytes, kind: Kind) -> None:
    assert kind_of(beginning + b"the rest") == kind


@given(st.binary(max_size=40), st.sampled_from(sorted(BEGINNINGS)))
def test_a_browser_is_never_shown_what_does_not_begin_as_a_photo(content: bytes, hidden: bytes) -> None:
    for each in (content, b"<svg>" + content, b"<html>" + hidden + content, b" " + hidden):
        kind = kind_of(each)
        assert kind is None or any(each.startswith(beginning[:3]) or each[4:8] == b"ftyp" for beginning in BEGINNINGS)
        if each.startswith((b"<", b" ")):
            assert kind is None


def test_what_may_hold_a_program_is_kept_as_a_file() -> None:
    assert [kind for kind in BEGINNINGS.values() if not kind.shown] == [HEIC, PDF]


SMALL = b"GIF89a"


@pytest.mark.parametrize(
    ("contents", "why"),
    [
        ([], None),
        ([SMALL] * MOST, None),
        ([SMALL] * (MOST + 1), "too_many_files"),
        ([SMALL + bytes(LARGEST_SENT - len(SMALL))], None),
        ([SMALL, SMALL + bytes(LARGEST_SENT - len(SMALL))], "files_too_large"),
        ([SMALL, b""], "empty_file"),
        ([SMALL, b"RIFF0000WEBPVP8 "], "other_file"),
        ([SMALL, b"<svg>"], "other_file"),
    ],
)
def test_a_text_carries_so_much_and_no_more(contents: list[bytes], why: str | None) -> None:
    assert unsendable(contents) == why
