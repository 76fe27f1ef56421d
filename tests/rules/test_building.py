"""What people type while they build a sequence: times in words, names that make keys, and changes that meet."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.drips import as_written, stored
from bot.nurture.drips import library
from bot.rules.building import (
    HEAD,
    Body,
    Edit,
    Moment,
    begun,
    body_of,
    document_of,
    key_of,
    moved,
    read_moment,
    with_part,
    with_step,
    without_step,
    write_moment,
)
from bot.rules.drips import place_in, plan_of

NAMES = {"clear_to_close": "clear to close", "application": "solicitud"}
STAGES = {**{name: key for key, name in NAMES.items()}, "application": "application", "clear_to_close": "clear_to_close"}
LENGTHS = st.builds(
    lambda number, unit: f"{number} {unit}{'' if number == 1 else 's'}",
    st.integers(1, 999),
    st.sampled_from(["day", "week", "month", "year"]),
)
CLOCKS = st.none() | st.builds(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}", st.integers(9 * 60, 20 * 60 - 1))
ON = st.sets(st.sampled_from(["clicked", "missed_call", "asked_again", "rate_drop", "stage clear_to_close", "stage application"])).map(
    lambda found: tuple(sorted(found))
)
MOMENTS = st.builds(Moment, LENGTHS, CLOCKS, st.booleans(), st.booleans(), ON) | st.builds(Moment, st.none(), on=ON.filter(bool))
TEXT = {"when": "2 days", "en": "Hello", "es": "Hola"}


@given(MOMENTS, st.sampled_from(["en", "es"]))
def test_a_time_in_words_is_read_as_it_was_meant(moment: Moment, language: str) -> None:
    assert read_moment(write_moment(moment, language, NAMES), STAGES) == moment


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2 days at 10:00", Moment("2 days", "10:00")),
        ("after 1 week", Moment("1 week")),
        ("Next weekday at 9:30am", Moment("1 day", "09:30", weekdays=True)),
        ("próximo día hábil a las 10:00", Moment("1 day", "10:00", weekdays=True)),
        ("2 dias a las 5:30 p.m.", Moment("2 days", "17:30")),
        ("5 days or a click", Moment("5 days", on=("clicked",))),
        ("when they click", Moment(on=("clicked",))),
        ("when there is a form", Moment(on=("asked_again",))),
        ("cuando haga clic o una llamada perdida", Moment(on=("clicked", "missed_call"))),
        ("3 weeks or a rate drop", Moment("3 weeks", on=("rate_drop",))),
        ("una baja de tasas", Moment(on=("rate_drop",))),
        ("stage clear to close", Moment(on=("stage clear_to_close",))),
        ("etapa solicitud", Moment(on=("stage application",))),
        ("30 minutes", Moment("30 minutes")),
        ("3 weeks from the start", Moment("3 weeks", from_start=True)),
    ],
)
def test_times_are_read_in_both_languages(words: str, moment: Moment) -> None:
    assert read_moment(words, STAGES) == moment


@pytest.mark.parametrize(
    "words",
    [
        "",
        "soon",
        "10:00",
        "2 days at 7am",
        "2 days at 25:00",
        "3 business days",
        "3 hours at 10:00",
        "2 days 3 weeks",
        "stage nowhere",
        "at 10",
    ],
)
def test_other_words_are_no_time(words: str) -> None:
    assert read_moment(words, STAGES) is None


PIECES = st.sampled_from(
    ["2 days", "1 week", "at 10:00", "weekday", "a click", "stage application", "etapa solicitud", "or", "٢", "9am", "x"]
)


@given(st.text() | st.lists(PIECES, max_size=6).map(" ".join))
def test_whatever_is_typed_for_a_time_is_read_or_not_and_never_breaks(words: str) -> None:
    moment = read_moment(words, STAGES)

    assert moment is None or read_moment(write_moment(moment, "en", NAMES), STAGES) == moment


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Spring buyers", "spring_buyers"),
        ("  Año nuevo! ", "ano_nuevo"),
        ("2026 buyers", None),
        ("?", None),
        ("x", None),
        ("a" * 60, "a" * 40),
    ],
)
def test_a_name_makes_a_key_or_none(name: str, key: str | None) -> None:
    assert key_of(name) == key


@given(st.text())
def test_a_key_is_always_one_that_a_file_may_have(name: str) -> None:
    assert key_of(name) is None or (key_of(name) or "").replace("_", "a").isalnum()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("key", library())
def test_a_draft_of_a_sequence_that_nobody_touched_is_that_sequence(key: str, language: str) -> None:
    document = stored(library()[key])
    stages: Mapping[str, str] = {each: each.replace("_", " ") for each in as_written(json.loads(document)).stages}
    draft = body_of(json.loads(document), language, stages)

    again, unread = document_of(draft, key, {name: each for each, name in stages.items()} | {each: each for each in stages} | STAGES)

    assert (unread, stored(as_written(again))) == ((), document)


def text_step(body: Body, step_id: int, by: int, since: int, words: str) -> tuple[Body, int | None]:
    return with_step(body, Edit(by, since, since + 1), step_id, "sms", {**TEXT, "en": words})


def test_two_who_change_different_steps_both_have_their_way() -> None:
    body = begun("Trial")
    for number in (1, 2):
        body, _ = text_step(body, 0, 1, number, f"step {number}")

    body, clash = with_step(body, Edit(1, 3, 4), 1, "sms", {**TEXT, "en": "by one"})
    body, other = with_step(body, Edit(2, 3, 5), 2, "sms", {**TEXT, "en": "by two"})

    assert (clash, other) == (None, None)
    assert [each.fields["en"] for each in body.steps] == ["by one", "by two"]


def test_two_who_change_one_step_lose_nothing_and_the_second_hears_who() -> None:
    body, _ = text_step(begun("Trial"), 0, 1, 1, "first")
    body, _ = with_step(body, Edit(1, 2, 3), 1, "sms", {**TEXT, "en": "by one"})

    body, other = with_step(body, Edit(2, 2, 4), 1, "sms", {**TEXT, "en": "by two"})

    assert other == 1
    assert [each.fields["en"] for each in body.steps] == ["by one", "by two"]


def test_who_changes_a_step_that_was_removed_meanwhile_has_it_back_at_the_end() -> None:
    body, _ = text_step(begun("Trial"), 0, 1, 1, "first")
    body, _ = text_step(body, 0, 1, 2, "second")
    body, _ = without_step(body, Edit(1, 3, 4), 1)

    body, _ = with_step(body, Edit(2, 3, 5), 1, "sms", {**TEXT, "en": "by two"})

    assert [each.fields["en"] for each in body.steps] == ["second", "by two"]


def test_what_another_one_changed_meanwhile_is_neither_removed_nor_overwritten() -> None:
    body, _ = text_step(begun("Trial"), 0, 1, 1, "first")
    body, _ = with_step(body, Edit(1, 2, 3), 1, "sms", {**TEXT, "en": "by one"})
    body, _ = with_part(body, Edit(1, 3, 4), HEAD, {"name_en": "By one"})

    kept, who = without_step(body, Edit(2, 2, 5), 1)
    named, other = with_part(body, Edit(2, 2, 5), HEAD, {"name_en": "By two"})

    assert (kept, who, named, other) == (body, 1, body, 1)


def test_a_step_goes_up_and_down_and_stays_at_either_end() -> None:
    body = begun("Trial")
    for number in (1, 2, 3):
        body, _ = text_step(body, 0, 1, number, f"{number}")

    assert [each.id for each in moved(body, 3, up=True).steps] == [1, 3, 2]
    assert [each.id for each in moved(body, 1, up=False).steps] == [2, 1, 3]
    assert moved(body, 1, up=True) == moved(body, 3, up=False) == moved(body, 9, up=True) == body


def plan(*words: str) -> Any:
    steps = [{"after": "1 day", "sms": {"en": each, "es": each}} for each in words]
    return plan_of(json.dumps({"key": "trial", "name": {"en": "T", "es": "T"}, "stages": ["new"], "steps": steps}))


@pytest.mark.parametrize(
    ("old", "step", "new", "place"),
    [
        (("a", "b", "c"), 1, ("a", "b", "c"), 1),
        (("a", "b", "c"), 1, ("x", "a", "b", "c"), 2),
        (("a", "b", "c"), 1, ("a", "new b", "c"), 1),
        (("a", "b", "c"), 2, ("a", "b"), 2),
        (("a", "b", "c"), 2, ("x", "y", "z"), 2),
        (("a", "b", "c"), 2, ("x",), 1),
        (("a", "b", "c"), 3, ("a", "b", "c", "d"), 4),
        (("call", "a", "call", "b"), 2, ("call", "a", "call", "b"), 2),
        (("call", "call", "call", "b"), 2, ("call", "call", "call", "b"), 2),
        (("a", "b", "c"), 2, ("c", "a", "b", "d"), 3),
        (("a", "b", "c"), 2, ("c", "x"), 0),
    ],
)
def test_who_is_moved_goes_on_with_the_same_step_or_after_the_last_that_is_there_still_and_gets_nothing_twice(
    old: tuple[str, ...], step: int, new: tuple[str, ...], place: int
) -> None:
    assert place_in(plan(*new), plan(*old), step) == place
