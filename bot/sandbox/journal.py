"""What passed between the sandbox and the bot: every API call and every delivery, the newest twenty thousand."""

from collections import deque
from typing import Any

from bot.sandbox.offset_clock import OffsetClock

JSON = dict[str, Any]
KEPT = 20_000
LONGEST_ARGUMENT = 80


class Journal:
    def __init__(self, clock: OffsetClock) -> None:
        self._clock = clock
        self._count = 0
        self.entries: deque[JSON] = deque(maxlen=KEPT)

    def write(self, direction: str, kind: str, method: str, error: str = "", **detail: Any) -> None:
        """Direction is from_bot, to_bot or internal; kind is the door, such as web_api, events_api or twilio, or fault."""
        now = self._clock.now()
        self._count += 1
        entry = {
            "id": str(self._count),
            "at": now.isoformat(),
            "time": int(now.timestamp() * 1000),
            "direction": direction,
            "kind": kind,
            "method": method,
            "ok": not error,
            "summary": f"{method}: {error or 'ok'}",
            **detail,
        }
        if error:
            entry["error"] = error
        self.entries.append(entry)


def shortened(arguments: JSON) -> JSON:
    """Arguments small enough for the log: lists and objects by size, long strings cut, tokens left out."""
    short: JSON = {}
    for name, value in arguments.items():
        if name == "token":
            continue
        if isinstance(value, list | dict):
            short[name] = f"{len(value)} {'items' if isinstance(value, list) else 'fields'}"
        elif isinstance(value, str) and len(value) > LONGEST_ARGUMENT:
            short[name] = f"{value[:LONGEST_ARGUMENT]}... ({len(value)} characters)"
        else:
            short[name] = value
    return short
