"""Without data of time zones every hour would be wrong: Leadbell does not begin."""

import sys
import zoneinfo
from collections.abc import Iterator

import pytest

from bot import cli
from bot.clock import require_time_zones


@pytest.fixture
def no_data(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither the system nor the package has any."""
    for module in ("tzdata", "tzdata.zoneinfo", "tzdata.zoneinfo.America"):
        monkeypatch.setitem(sys.modules, module, None)
    zoneinfo.reset_tzpath(to=())
    yield
    zoneinfo.reset_tzpath()


@pytest.mark.fault(39)
@pytest.mark.usefixtures("no_data")
def test_every_command_refuses_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["leadbell", "run", "--unencrypted"])
    monkeypatch.setattr(cli, "set_up_logs", lambda: None)  # those of the tests stay as they are

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 1
    assert "Install the package tzdata" in capsys.readouterr().err


def test_with_the_data_nothing_is_said() -> None:
    require_time_zones()
