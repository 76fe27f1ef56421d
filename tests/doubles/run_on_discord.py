"""python -m tests.doubles.run_on_discord URL: `leadbell run` whose Discord is the stand-in at this address."""

import sys

from bot import cli
from tests.doubles.discord_server import spoken_to


def main(url: str) -> None:
    sys.argv[1:] = ["run", "--unencrypted"]
    with spoken_to(url):
        cli.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
