"""A minute of everything at once, half by sockets, half by HTTP: replicas are killed and stopped, PostgreSQL restarts, people work on."""

from pathlib import Path

import pytest

from tests.chaos.day import outlive


@pytest.mark.fault(10, 42)
@pytest.mark.parametrize("over_http", [False, True], ids=["sockets", "http"])
async def test_every_promise_outlives_the_storm(over_http: bool, tmp_path: Path) -> None:
    outlived = await outlive(tmp_path, 30, 2, over_http=over_http, seed=1)

    assert outlived.done.leads > 0
    assert outlived.broken == []
