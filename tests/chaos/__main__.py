"""`make chaos`: a storm of ten minutes over 1, 2 and 4 replicas, by sockets and by HTTP."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.chaos.day import outlive

REPLICAS = (1, 2, 4)
MODES = ("sockets", "http")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long each storm lasts")
    parser.add_argument("--replicas", type=int, nargs="+", default=REPLICAS, help="over how many")
    parser.add_argument("--mode", choices=MODES, nargs="+", default=MODES, help="how Slack reaches them")
    parser.add_argument("--seed", type=int, default=1, help="which storm")
    said = parser.parse_args()
    broken = []
    for replicas in said.replicas:
        for mode in said.mode:
            with tempfile.TemporaryDirectory(prefix="leadbell-chaos-") as folder:
                outlived = asyncio.run(outlive(Path(folder), 60 * said.minutes, replicas, over_http=mode == "http", seed=said.seed))
            print(f"{replicas} by {mode}: {outlived}", flush=True)  # noqa: T201 - this is a command
            broken += outlived.broken
    raise SystemExit(1 if broken else 0)


if __name__ == "__main__":
    main()
