"""An officer's own message, without doors: what the network tells again or late deletes nothing that machines hear."""

from bot.calls.own_voicemail import hear_words, keep_or_not, not_kept
from bot.store.calls import change_call, keep_call
from tests.conftest import NOON
from tests.doubles.branch import Branch

FIRST, SECOND = "RE" + "1" * 32, "RE" + "2" * 32


def call_of_maya(branch: Branch) -> int:
    row = {"officer_id": branch.officer_id("maya"), "words": "en", "created_at": NOON, "due_at": NOON}
    return branch.store.transact_now(keep_call, "own_voicemail", row)


def speaks(branch: Branch, call_id: int, recording_id: str) -> list[str]:
    """What is to be deleted once she spoke."""
    _, old = branch.store.transact_now(hear_words, call_id, "CA1", "twilio", recording_id, 12, NOON)
    return old


def is_over(branch: Branch, call_id: int) -> None:
    branch.store.transact_now(lambda session: change_call(session, call_id, status="over"))


def keeps(branch: Branch, call_id: int) -> None:
    branch.store.transact_now(keep_or_not, call_id, "CA1", "twilio", "1", NOON, "salt")


def test_words_that_are_told_of_again_once_they_are_kept_stay(branch: Branch) -> None:
    call_id = call_of_maya(branch)
    assert speaks(branch, call_id, FIRST) == []
    assert speaks(branch, call_id, SECOND) == [FIRST]
    keeps(branch, call_id)

    assert speaks(branch, call_id, FIRST) == []
    is_over(branch, call_id)
    assert speaks(branch, call_id, SECOND) == []


def test_words_of_a_call_that_is_over_or_of_none_are_deleted(branch: Branch) -> None:
    call_id = call_of_maya(branch)
    is_over(branch, call_id)

    assert speaks(branch, call_id, FIRST) == [FIRST]
    assert speaks(branch, call_id + 1, SECOND) == [SECOND]
    assert branch.store.transact_now(not_kept, call_id) == []
