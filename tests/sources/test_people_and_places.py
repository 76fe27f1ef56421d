"""Names are taken apart as people bear them; emails, states and ZIP codes are known when they are some."""

import pytest

from bot.sources.people import SplitName, read_emails, split_name
from bot.sources.places import read_state, read_zip


@pytest.mark.parametrize(
    ("whole", "first", "middle", "last"),
    [
        ("Dana Rowe", "Dana", None, "Rowe"),
        ("Rowe, Dana", "Dana", None, "Rowe"),
        ("Dana", "Dana", None, None),
        ("Dana Lee Rowe", "Dana", "Lee", "Rowe"),
        ("Dana Rowe Jr.", "Dana", None, "Rowe Jr."),
        ("Dana Rowe, Jr.", "Dana", None, "Rowe Jr."),
        ("Rowe, Dana Lee, III", "Dana", "Lee", "Rowe III"),
        ("Dr. Dana Rowe", "Dana", None, "Rowe"),
        ("Maria de la Cruz", "Maria", None, "de la Cruz"),
        ("de la Cruz, Maria", "Maria", None, "de la Cruz"),
        ("Van Morrison", "Van", None, "Morrison"),
        ("Mary-Ann O'Neil", "Mary-Ann", None, "O'Neil"),
        ("Jr", "Jr", None, None),
    ],
)
def test_a_whole_name_is_taken_apart(whole: str, first: str, middle: str | None, last: str | None) -> None:
    assert split_name(whole) == SplitName(first, middle, last)


@pytest.mark.parametrize(
    ("whole", "first", "last"),
    [("Dana & Lee Rowe", "Dana", "Rowe"), ("Dana Rowe and Lee Okoro", "Dana", "Rowe"), ("Mr. and Mrs. Dana Rowe", "Dana", "Rowe")],
)
def test_two_people_in_one_name_are_told(whole: str, first: str, last: str) -> None:
    assert split_name(whole) == SplitName(first, None, last, two=True)


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("Dana@Example.com", ("dana@example.com",)),
        ("Dana Rowe <dana@example.com>", ("dana@example.com",)),
        ("mailto:dana@example.com.", ("dana@example.com",)),
        ("a@example.com; b@example.com, A@example.com", ("a@example.com", "b@example.com")),
        ("d.r+loan@mail.example.co", ("d.r+loan@mail.example.co",)),
        ("none", ()),
        ("dana@example", ()),
        ("a@b@example.com", ()),
        ("a" * 300 + "@example.com", ()),
        ("@" * 20_000, ()),
    ],
)
def test_every_email_in_a_text_is_found(text: str, emails: tuple[str, ...]) -> None:
    assert read_emails(text) == emails


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("TX", "TX"),
        ("tx", "TX"),
        ("Texas", "TX"),
        ("US-TX", "TX"),
        ("new york", "NY"),
        ("Washington DC", "DC"),
        ("Puerto Rico", "PR"),
        ("ON", None),
    ],
)
def test_a_state_is_known_by_code_or_name(written: str, state: str | None) -> None:
    assert read_state(written) == state


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("78704", "78704"),
        ("78704-1234", "78704"),
        ("787041234", "78704"),
        ("2134", "02134"),
        ("78704.0", "78704"),
        ("K1A 0B1", None),
        ("", None),
    ],
)
def test_a_zip_code_has_five_digits_and_gets_its_zeros_back(written: str, code: str | None) -> None:
    assert read_zip(written) == code
