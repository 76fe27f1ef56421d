"""Ports for the servers under test."""

# They lie below those that the system gives to anybody who asks for one, so between choosing one and listening on it no other program's
# connection can take it, and each worker of a test run has its own.

import itertools
import os
import random
import socket

FIRST, LAST = 10_240, 32_000
WORKERS = 12
SHARE = (LAST - FIRST) // WORKERS

_begin = FIRST + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS * SHARE
# Another run on this machine walks through the same numbers; it begins elsewhere.
_candidates = itertools.islice(itertools.cycle(range(_begin, _begin + SHARE)), random.randrange(SHARE), None)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on and that this process is not given again before all others were."""
    for port in itertools.islice(_candidates, SHARE):
        with socket.socket() as door:
            try:
                door.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("somebody listens on every port of this worker")
