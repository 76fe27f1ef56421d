"""Recordings of borrowers who were erased are found off an index of their own, however many calls there were."""

from bot.store.calls import erased_recordings
from tests.doubles.branch import Branch
from tests.doubles.plans import planned


def test_recordings_of_who_was_erased_are_read_off_an_index(branch: Branch) -> None:
    with planned(branch.store) as steps:
        assert branch.store.transact_now(erased_recordings, 0) == []
    assert any("ix_call_erased" in step for step in steps)
