"""python -m bot.sandbox: the stand-in Slack and phone network as a process of its own."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from bot.sandbox.hold import StoreBusy, hold
from bot.sandbox.server import PORT_BUSY, PortBusy, serve


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bot.sandbox", description="A stand-in Slack and phone network on 127.0.0.1, with a web page."
    )
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--store", type=Path, default=Path("data/demo/sandbox.db"), help="its SQLite file")
    parser.add_argument("--events-url", help="where signed HTTP events go while no socket is open")
    parser.add_argument("--fresh", action="store_true", help="start over, without what was said before")
    options = parser.parse_args()
    try:
        with hold(options.store) as tell:
            if options.fresh:
                for ending in ("", "-wal", "-shm"):
                    options.store.with_name(options.store.name + ending).unlink(missing_ok=True)
            asyncio.run(_serve(options, tell))
    except (PortBusy, StoreBusy) as busy:
        print(busy, file=sys.stderr)
        return PORT_BUSY if isinstance(busy, PortBusy) else 1
    return 0


async def _serve(options: argparse.Namespace, tell: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(options.port, options.store, options.events_url, stop, tell)


if __name__ == "__main__":
    sys.exit(main())
