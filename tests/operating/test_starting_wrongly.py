"""A start that cannot work says in a sentence which setting is to be changed, and to what."""

import errno
import socket
from pathlib import Path

import pytest

from bot.app import listening_socket
from bot.errors import BadSettings, LeadbellError, PortInUse
from tests.doubles.databases import fresh_sqlite
from tests.doubles.ports import free_port
from tests.doubles.processes import command


async def test_slack_without_a_way_for_presses_to_reach_us_is_refused(tmp_path: Path) -> None:
    code, said = await command(
        fresh_sqlite(tmp_path), "run", "--unencrypted", SLACK_BOT_TOKEN="xoxb-1", SLACK_API_URL="http://127.0.0.1:9/"
    )

    assert code == 1
    assert said.endswith("SLACK_BOT_TOKEN is set, so Slack is on. For presses set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET for HTTP.\n"), (
        said
    )


async def test_what_needs_the_bot_token_alone_goes_on_with_it(tmp_path: Path) -> None:
    code, said = await command(fresh_sqlite(tmp_path), "check", "--apply", SLACK_BOT_TOKEN="xoxb-1")

    assert code == 0, said


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
async def test_a_port_that_there_is_not_is_named(tmp_path: Path, port: str) -> None:
    code, said = await command(fresh_sqlite(tmp_path), "check", LEADBELL_PORT=port)

    assert code == 1
    assert said.startswith("LEADBELL_PORT: Input should be ")


def test_a_busy_port_is_told_as_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as told:
            listening_socket("127.0.0.1", port)

    assert str(told.value) == f"Port {port} is already in use. Stop the program that has it, or set LEADBELL_PORT to another number."


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7"])
def test_an_address_of_another_machine_is_told_as_one(host: str) -> None:
    with pytest.raises(BadSettings) as told:
        listening_socket(host, free_port())

    assert str(told.value) == (
        f"LEADBELL_HOST is {host}, which is no address of this machine. "
        "Set it to 127.0.0.1 behind a reverse proxy, or to 0.0.0.0 in a container."
    )


@pytest.mark.parametrize("host", ["leads.example.invalid", "https://leads.example.com", "leads..example"])
def test_a_name_that_nobody_knows_is_told_as_one(host: str) -> None:
    with pytest.raises(BadSettings) as told:
        listening_socket(host, free_port())

    assert str(told.value) == (
        f"LEADBELL_HOST is {host}, and nothing of that name is known here. "
        "Set it to 127.0.0.1 behind a reverse proxy, or to 0.0.0.0 in a container."
    )


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.EACCES, "Port 443 wants more rights than Leadbell should have. Set LEADBELL_PORT to one from 1024 up"),
        (errno.ENOBUFS, "Leadbell cannot listen on port 443 of 127.0.0.1 (ENOBUFS). Check LEADBELL_HOST and LEADBELL_PORT."),
    ],
)
def test_what_else_the_system_refuses_is_told_for_what_it_is(monkeypatch: pytest.MonkeyPatch, number: int, says: str) -> None:
    class Refused(socket.socket):
        def bind(self, _address: object) -> None:
            raise OSError(number, "refused")

    monkeypatch.setattr("bot.app.socket.socket", Refused)

    with pytest.raises(LeadbellError) as told:
        listening_socket("127.0.0.1", 443)

    assert str(told.value).startswith(says) and not isinstance(told.value, PortInUse)
