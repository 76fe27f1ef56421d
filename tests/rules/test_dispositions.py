"""What the result of a call sets in motion, and how officers name it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.dispositions import EFFECTS, Disposition, closest, read, stage_after

STAGES = (
    *("new", "attempted", "contacted", "qualified", "preapproved", "application", "processing", "underwriting", "clear_to_close"),
    *("funded", "nurture", "withdrawn", "not_interested", "not_qualified", "denied", "incomplete", "duplicate", "lost"),
)
ENDED = STAGES[-7:]
FROM_APPLICATION_ON = STAGES[5:10]
DISPOSITIONS = st.sampled_from(Disposition)


def meant(text: str) -> Disposition | None:
    found = closest(text)
    return found and found[0]


def those(effect: str) -> set[str]:
    return {disposition.value for disposition in Disposition if getattr(EFFECTS[disposition], effect)}


def test_every_result_has_its_effects() -> None:
    assert set(EFFECTS) == set(Disposition)


@pytest.mark.parametrize("stage", ["new", "attempted"])
def test_talking_to_the_borrower_makes_the_lead_contacted(stage: str) -> None:
    assert stage_after(Disposition.CONNECTED, stage) == "contacted"
    assert stage_after(Disposition.CALL_BACK, stage) == "contacted"
    assert stage_after(Disposition.DO_NOT_CALL, stage) == "contacted"


@pytest.mark.parametrize("disposition", ["left_voicemail", "no_answer", "busy", "bad_number", "wrong_person"])
def test_a_try_that_reached_nobody_makes_a_new_lead_attempted_and_leaves_others_alone(disposition: str) -> None:
    assert stage_after(Disposition(disposition), "new") == "attempted"
    assert all(stage_after(Disposition(disposition), stage) == stage for stage in STAGES if stage != "new")


@pytest.mark.parametrize(("disposition", "end"), [("not_interested", "not_interested"), ("already_has_lender", "lost")])
def test_a_borrower_who_wants_no_loan_of_us_ends_the_lead_before_an_application(disposition: str, end: str) -> None:
    for stage in ("new", "attempted", "contacted", "qualified", "preapproved", "nurture"):
        assert stage_after(Disposition(disposition), stage) == end


@given(DISPOSITIONS, st.sampled_from(FROM_APPLICATION_ON))
def test_from_the_application_on_no_call_moves_a_lead(disposition: Disposition, stage: str) -> None:
    assert stage_after(disposition, stage) == stage


@given(DISPOSITIONS, st.sampled_from(ENDED))
def test_a_call_never_opens_an_ended_lead_again(disposition: Disposition, stage: str) -> None:
    assert stage_after(disposition, stage) == stage


@given(DISPOSITIONS, st.sampled_from(STAGES))
def test_logging_the_same_result_twice_changes_nothing_more(disposition: Disposition, stage: str) -> None:
    once = stage_after(disposition, stage)
    assert once in STAGES
    assert stage_after(disposition, once) == once


def test_a_number_that_is_not_the_borrowers_stops_calls_and_sms_and_opens_a_return() -> None:
    assert those("stops_calls_and_sms_to_number") == those("opens_return") == {"bad_number", "wrong_person"}


def test_only_do_not_call_writes_the_internal_list() -> None:
    assert those("internal_do_not_call") == {"do_not_call"}


def test_only_call_back_asks_for_a_time() -> None:
    assert those("asks_for_time") == {"call_back"}


def test_a_contact_is_a_call_in_which_the_borrower_spoke() -> None:
    assert those("is_contact") == {"connected", "call_back", "not_interested", "do_not_call", "already_has_lender"}


@pytest.mark.parametrize("disposition", list(Disposition))
def test_every_result_is_read_by_its_name(disposition: Disposition) -> None:
    assert read(disposition.value) == (disposition, "")
    assert read(disposition.replace("_", " ").upper()) == (disposition, "")


@pytest.mark.parametrize(
    ("text", "disposition", "note"),
    [
        ("connected wants a 15-year", "connected", "wants a 15-year"),
        ("spoke with Dana, call Friday", "connected", "Dana, call Friday"),
        ("talked", "connected", ""),
        ("vm", "left_voicemail", ""),
        ("LVM, will try again", "left_voicemail", "will try again"),
        ("voicemail", "left_voicemail", ""),
        ("reached voicemail", "left_voicemail", ""),
        ("no ans", "no_answer", ""),
        ("n/a", "no_answer", ""),
        ("Didn’t pick up: rang 6 times", "no_answer", "rang 6 times"),
        ("no_answer - 2nd try", "no_answer", "2nd try"),
        ("disconnected", "bad_number", ""),
        ("wrong number", "wrong_person", ""),
        ("call back tomorrow 9am", "call_back", "tomorrow 9am"),
        ("don't call", "do_not_call", ""),
        ("dnc", "do_not_call", ""),
        ("has a lender already", "already_has_lender", "already"),
    ],
)
def test_everyday_words_are_read_and_the_rest_is_the_note(text: str, disposition: str, note: str) -> None:
    assert read(text) == (Disposition(disposition), note)


@pytest.mark.parametrize(
    ("text", "disposition"),
    [
        ("conected", "connected"),
        ("conected wants a 15-year", "connected"),
        ("left_voicemial", "left_voicemail"),
        ("vociemail", "left_voicemail"),
        ("noanswer", "no_answer"),
        ("bsy", "busy"),
        ("disconected", "bad_number"),
        ("wrong nmber", "wrong_person"),
        ("calback", "call_back"),
        ("was not interested", "not_interested"),
        ("alredy has lender", "already_has_lender"),
    ],
)
def test_a_typo_is_asked_back_and_not_taken_for_said(text: str, disposition: str) -> None:
    assert read(text) is None
    assert meant(text) == disposition


def test_what_was_understood_is_also_the_closest() -> None:
    assert closest("lvm, will try again") == (Disposition.LEFT_VOICEMAIL, "will try again")


def test_the_note_after_a_typo_is_kept() -> None:
    assert closest("conected wants a 15-year") == (Disposition.CONNECTED, "wants a 15-year")


@pytest.mark.parametrize("text", ["", "   ", "hello there", "xyz", "👍", "no", "left", "-", "'"])
def test_words_that_resemble_no_result_are_not_guessed_at(text: str) -> None:
    assert read(text) is None
    assert closest(text) is None


@given(DISPOSITIONS, st.text(max_size=200))
def test_the_note_is_kept_to_the_letter(disposition: Disposition, note: str) -> None:
    assert read(f"{disposition}: 15-year, {note}") == (disposition, f"15-year, {note}")


@given(st.text(max_size=300))
def test_no_text_is_too_strange_to_be_looked_at(text: str) -> None:
    understood = read(text)
    assert understood is None or understood == closest(text)
