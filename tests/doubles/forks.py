"""Leadbell processes that begin where all that Leadbell imports is imported: to do so took most of the time of most of them."""

# Each is forked from one process that imported it and did nothing else, and is as real as one that was started by its name: it has its own
# command line, environment, folder, signals and end. How `python -m bot` itself starts is proven by the tests that type it.

import asyncio
import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

from tests.doubles.waiting import PATIENCE

ROOT = Path(__file__).parent.parent.parent


class Fork:
    """One of them, as far as a test has to do with it. Its parent tells here what becomes of it."""

    def __init__(self, told: asyncio.StreamReader, writer: asyncio.StreamWriter, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        """As of asyncio's processes: below zero the signal that killed it; None while it lives."""
        self._stopped = asyncio.Event()
        self._told = told
        self._writer = writer
        self._hearing = asyncio.create_task(self._hear())

    async def _hear(self) -> None:
        async for line in self._told:
            match json.loads(line):
                case "stopped":
                    self._stopped.set()
                case int(code):
                    self.returncode = code
        self._writer.close()

    async def wait(self) -> int:
        await asyncio.shield(self._hearing)
        assert self.returncode is not None, "who waits for it was killed itself"
        return self.returncode

    async def stopped(self) -> None:
        """Return once it was stopped by a signal."""
        await self._stopped.wait()

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


async def fork(module: str, *arguments: str, env: Mapping[str, str], output: IO[bytes]) -> Fork:
    """`python -m module arguments` in the repository, with nothing to read, writing into this file."""
    with Path(os.devnull).open("rb") as nothing:
        connection = _ask(module, *arguments, env=env, cwd=ROOT, files=(nothing, output, output))
    told, writer = await asyncio.open_connection(sock=connection)
    return Fork(told, writer, int(await told.readline()))


def run_forked(
    module: str, *arguments: str, env: Mapping[str, str], cwd: Path = ROOT, typed: str = "", apart: bool = False
) -> subprocess.CompletedProcess[str]:
    """`python -m module arguments` to its end, with this typed into it. What it said is in stdout, or with `apart` in both."""
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        stdin.write(typed.encode())
        stdin.seek(0)
        with _ask(module, *arguments, env=env, cwd=cwd, files=(stdin, stdout, stderr if apart else stdout)) as connection:
            told = connection.makefile()
            pid = int(told.readline())
            connection.settimeout(PATIENCE)
            try:
                code = int(told.readline())
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise
        stdout.seek(0)
        stderr.seek(0)
        return subprocess.CompletedProcess([module, *arguments], code, stdout.read().decode(), stderr.read().decode())


def _ask(module: str, *arguments: str, env: Mapping[str, str], cwd: Path, files: tuple[IO[bytes], ...]) -> socket.socket:
    """Where the number of the new process comes in a line, and then a line for each thing that becomes of it."""
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(_forker(), [b"1"], [theirs.fileno(), *(each.fileno() for each in files)])
    ours.sendall(json.dumps({"module": module, "arguments": arguments, "env": dict(env), "cwd": str(cwd)}).encode() + b"\n")
    return ours


@cache
def _forker() -> socket.socket:
    """Who forks for this process, and ends with it."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-m", "tests.doubles.forks", str(theirs.fileno())]
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _forks(control: socket.socket) -> None:
    """Fork whenever somebody asks, until nobody can any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait
    gc.disable()
    importlib.import_module("bot.cli")
    gc.freeze()
    gc.enable()
    while (asked := socket.recv_fds(control, 1, 4))[0]:
        if os.fork() == 0:
            control.close()
            _begin(*asked[1])
        for each in asked[1]:
            os.close(each)


def _begin(connection: int, *files: int) -> None:
    """Begin what is asked for there, and tell there what becomes of it. Ends this process, or becomes what was asked for."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    there = os.fdopen(connection, "r+b", buffering=0)
    asked = json.loads(there.readline())
    pid = os.fork()
    if pid == 0:
        there.close()
        _become(asked, files)
    for each in files:
        os.close(each)
    there.write(b"%d\n" % pid)
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            there.write(b"%d\n" % os.waitstatus_to_exitcode(status))
            os._exit(0)
        there.write(b'"stopped"\n')


def _become(asked: dict[str, Any], files: tuple[int, ...]) -> None:
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv[1:] = asked["arguments"]
    runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    _forks(socket.socket(fileno=int(sys.argv[1])))
