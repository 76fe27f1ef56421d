"""How long a stranger waits: a fresh clone with empty caches, from `make demo` to the first card in the stand-in Slack."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
GIVES_UP_AFTER = 900.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


def has_rung(page: str) -> bool:
    """Whether a card with a Claim button stands in #leads."""
    try:
        with urllib.request.urlopen(f"{page}/_control/messages/C0LEADS", timeout=5) as answer:
            return '"claim"' in json.dumps(json.load(answer))
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def main() -> None:
    """Clone, start, wait for the card, end, and say how many seconds it took."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), f"{folder}/leadbell"], check=True)
        ports = {"LEADBELL_PORT": str(free_port()), "LEADBELL_SANDBOX_PORT": str(free_port())}
        home = Path(folder) / "home"
        home.mkdir()
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PIP_NO_CACHE_DIR": "1", **ports}
        environment |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_")) and name != "PIP_CACHE_DIR"}
        began = time.monotonic()
        command = ["make", "demo", f"PYTHON={sys.executable}"]
        demo = subprocess.Popen(command, cwd=f"{folder}/leadbell", env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            page = f"http://127.0.0.1:{ports['LEADBELL_SANDBOX_PORT']}"
            while not has_rung(page):
                if demo.poll() is not None or time.monotonic() - began > GIVES_UP_AFTER:
                    sys.exit("The demo did not ring.")
                time.sleep(0.05)
            print(f"{time.monotonic() - began:.0f} s from make demo to the first ring, on {os.cpu_count()} cores")
        finally:
            os.killpg(demo.pid, signal.SIGINT)
            demo.wait(30)


if __name__ == "__main__":
    main()
