"""The demo as people start it: a process in a folder of its own, on free ports, and hands to use it with."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox.hold import holder_of
from tests.doubles.ports import free_port
from tests.doubles.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Demo:
    """`code` is the folder that holds the package `bot`: the checkout, or an installed wheel."""

    folder: Path
    port: int
    sandbox_port: int
    code: Path = ROOT
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def door(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """A command line of this demo's code, and its environment."""
        ports = {"LEADBELL_PORT": str(self.port), "LEADBELL_SANDBOX_PORT": str(self.sandbox_port)}
        return [sys.executable, "-m", "bot", *arguments], {**os.environ, **ports, "PYTHONPATH": str(self.code)}

    def start(self, *options: str) -> None:
        """Returns once both the door and the page answer."""
        command, environment = self.command("demo", *options)
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=output, stderr=output)
        wait_until(lambda: self.process is None or self.process.poll() is not None or self.answers(), "a demo that answers")
        assert self.process.poll() is None, self.output.read_text()

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, float]:
        """The exit code, and the seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        self.process = None
        return code, time.monotonic() - began

    @property
    def output(self) -> Path:
        return self.folder / "output.txt"

    @property
    def sandbox_process(self) -> int | None:
        holder = holder_of(self.folder / "data/demo/sandbox.db")
        return holder.process_id if holder else None

    def answers(self) -> bool:
        try:
            return bool(self.get(f"{self.page}/_control/clock")["ok"] and self.get(f"{self.door}/healthz")["alive"])
        except (urllib.error.URLError, ConnectionError):
            return False

    def text(self, url: str) -> str:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            text: str = answer.read().decode()
            return text

    def get(self, url: str) -> Any:
        return json.loads(self.text(url))

    def post(self, url: str, body: dict[str, Any], **headers: str) -> Any:
        request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def send(self, **lead: str) -> Any:
        """Leadbell's answer to a lead from the website."""
        return self.post(f"{self.door}/leads/website", lead, Authorization="Bearer the-demo-key")

    def send_lead(self, **lead: str) -> int:
        """The number it got."""
        number: int = self.send(**lead)["lead"]
        return number

    def cards(self) -> Sequence[dict[str, Any]]:
        """The messages in #leads."""
        messages: list[dict[str, Any]] = self.get(f"{self.page}/_control/messages/C0LEADS")["messages"]
        return messages

    def card_of(self, number: int) -> dict[str, Any]:
        """The card of a lead, once it is there."""

        def card() -> dict[str, Any] | None:
            return next((each for each in self.cards() if f'"lead:{number}"' in json.dumps(each)), None)

        return wait_until(card, f"a card of {number}")


@contextmanager
def a_demo(folder: Path, code: Path = ROOT) -> Iterator[Demo]:
    """A demo that is not started yet; nothing of it runs on after the block."""
    demo = Demo(folder, free_port(), free_port(), code)
    try:
        yield demo
    finally:
        if demo.process is not None:
            demo.end(signal.SIGKILL)
        if left := demo.sandbox_process:
            with suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)
