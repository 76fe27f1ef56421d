"""A file that cannot be read as a config is told in one clear problem, never in a traceback."""

from pathlib import Path

import pytest

from bot.config import ConfigError, load_config
from tests.config.small import SMALL, changed, load_text, problems_of

COPY = " Copy leadbell.example.yaml and change it."
NO_MAPPING = "The file must begin with keys such as `company:` and `teams:`, not with a list or a text." + COPY
NOT_YAML = "This is not readable as YAML"

UNREADABLE: dict[str, tuple[str | bytes, int | None, str]] = {
    "empty": ("", None, "The file is empty." + COPY),
    "only comments": ("# later\n", None, "The file is empty." + COPY),
    "a list": ("- austin\n- south\n", None, NO_MAPPING),
    "a text": ("hello", None, NO_MAPPING),
    "too large": (SMALL + "#" * (1 << 20), None, "The file is larger than 1 MiB. A config is a few pages; is this the right file?"),
    "not UTF-8": (b"company: {}\nteams: caf\xe9\n", 2, "The text is not UTF-8. Save the file again with the encoding UTF-8."),
    "UTF-16": ("company: {}\n".encode("utf-16"), 1, "The text is not UTF-8. Save the file again with the encoding UTF-8."),
    "a tab": (
        changed(("    name: Austin", "\tname: Austin")),
        9,
        "This line is indented with a tab. YAML wants spaces: two for each level.",
    ),
    "an open bracket": (
        changed(("[tess]", "[tess")),
        13,
        NOT_YAML + ": expected ',' or ']', but got ':'. What is not finished began on line 12.",
    ),
    "a second colon": (
        changed(("name: Maya Torres", "name: Maya: Torres")),
        18,
        NOT_YAML + ": here is a second colon. A text with a colon and a space in it needs quotes around it.",
    ),
    "an at sign": (
        changed(("name: Maya Torres", "name: @maya")),
        18,
        NOT_YAML + ": found character '@' that cannot start any token. A text that begins with it needs quotes around it.",
    ),
    "an impossible escape": (changed(("name: Austin", r'name: "\UFFFFFFFF"')), 9, NOT_YAML + ", from this line on."),
    "a control character": (
        changed(("name: Austin", "name: Aus\x07tin")),
        9,
        "There is a control character in this line. Type the line again.",
    ),
    "a key that is a list": (changed(("name: Austin", "? [a]\n    : b")), 9, "A key must be one plain word before the colon."),
    "a second document": (SMALL + "---\na: b\n", 31, "A second document begins here with `---`. Keep everything in one."),
    "an alias to nothing": (
        changed(("[tess]", "*leads")),
        12,
        "This alias names nothing above it. Mark the part to repeat with & and the same word.",
    ),
    "an alias to itself": (
        "a: &a [*a]",
        1,
        "This alias names nothing above it. Mark the part to repeat with & and the same word.",
    ),
    "a hundred thousand brackets": ("a: " + "[" * 100_000, 1, "The values are nested too deeply for a config."),
    "a billion values by aliases": (
        "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)),
        5,
        "Up to here the file holds more than 20,000 values, aliases included. Make it smaller.",
    ),
    "more values than a config has": (
        "- 1\n" * 30_000,
        20_000,
        "Up to here the file holds more than 20,000 values, aliases included. Make it smaller.",
    ),
}


@pytest.mark.parametrize("fault", UNREADABLE)
def test_an_unreadable_file_is_one_problem_with_its_line(fault: str, tmp_path: Path) -> None:
    content, line, message = UNREADABLE[fault]

    problems = problems_of(tmp_path, content)

    assert [(problem.line, problem.path, problem.message) for problem in problems] == [(line, "", message)]


def test_a_missing_file_names_the_example_and_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "leadbell.yaml", {})

    assert str(caught.value) == (
        f"{tmp_path / 'leadbell.yaml'} has 1 problem:\n\n"
        "the whole file\n"
        "    There is no such file. Copy leadbell.example.yaml to it and change it, or\n"
        "    let LEADBELL_CONFIG name another file."
    )


def test_a_folder_in_place_of_a_file_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"The file cannot be read: Is a directory\."):
        load_config(tmp_path, {})


def test_a_key_used_twice_names_both_lines_and_hides_no_other_problem(tmp_path: Path) -> None:
    text = changed(("name: Austin", "name: Austin\n    name: Dallas"), ("price: 62", "price: much"))

    problems = problems_of(tmp_path, text)

    assert [(problem.line, problem.path) for problem in problems] == [(10, "teams[0].name"), (31, "sources[0].price")]
    assert problems[0].message == "This key stands on line 9 already. Keep one of the two, or put both values under one key."


def test_a_tag_is_refused_and_never_obeyed(tmp_path: Path) -> None:
    text = changed(("name: Austin", "name: !!python/object/apply:os.getcwd []"))

    problems = problems_of(tmp_path, text)

    assert [problem.line for problem in problems] == [9, 9]
    assert problems[0].message.startswith("Tags such as !!str are not used here.")


def test_an_alias_repeats_working_hours(tmp_path: Path) -> None:
    south = '  - {key: south, name: South, channel: {slack: "#south"}, manager: sam, time_zone: America/Denver, working_hours: *usual}\n'
    text = changed(
        ("working_hours:\n", "working_hours: &usual\n"),
        ("officers:\n", f"{south}officers:\n"),
        ("teams: austin\n", "teams: [austin, south]\n"),
    )

    config = load_text(tmp_path, text)

    assert config.teams[1].working_hours == config.teams[0].working_hours


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    text = SMALL.replace("\n", "\r\n").encode("utf-8-sig")

    assert load_text(tmp_path, text) == load_text(tmp_path, SMALL)
