"""Everything at once, by sockets and by HTTP: replicas are killed and stopped, PostgreSQL restarts, and people work on."""

from pathlib import Path

import pytest

from tests.chaos.day import outlive
from tests.chaos.storm import KILLED, RESTARTED, STOPPED


@pytest.mark.fault(10, 35, 42)
@pytest.mark.parametrize("over_http", [False, True], ids=["sockets", "http"])
async def test_every_promise_outlives_the_storm(over_http: bool, tmp_path: Path) -> None:
    outlived = await outlive(tmp_path, 60, 2, over_http=over_http, seed=1)

    assert outlived.broken == []
    assert set(outlived.did) == {KILLED, STOPPED, RESTARTED}, outlived
    done = outlived.done
    by_officers = (done.claims, done.given_back, done.logged, done.staged, done.texts)
    assert min(done.leads, *by_officers, done.steps, outlived.stopped, outlived.trespasses) > 0, outlived
