"""Ports for the servers under test."""

# They lie below those that the system gives to anybody who asks for one, so between choosing one and listening on it no other program's
# connection can take it, and each worker of a test run has its own.

import fcntl
import itertools
import os
import random
import socket
import tempfile
from pathlib import Path

FIRST, LAST = 10_240, 32_000
WORKERS = 12
SHARE = (LAST - FIRST) // WORKERS

_begin = FIRST + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS * SHARE
# Another run on this machine walks through the same numbers: it begins elsewhere, and a port is locked by whoever took it.
_candidates = itertools.islice(itertools.cycle(range(_begin, _begin + SHARE)), random.randrange(SHARE), None)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, and that nobody is given again as long as this process runs."""
    for port in itertools.islice(_candidates, SHARE):
        lock = os.open(Path(tempfile.gettempdir()) / f"leadbell-port-{port}.lock", os.O_CREAT | os.O_RDWR)  # stays open, and locked
        with socket.socket() as door:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                door.bind(("127.0.0.1", port))
            except OSError:
                os.close(lock)
                continue
        return port
    raise AssertionError("somebody listens on every port of this worker")
