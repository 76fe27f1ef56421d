"""One call of the Web API: its method, and its arguments whether they came as form, JSON or query."""

from dataclasses import dataclass
from typing import Any

import orjson

from bot.sandbox.errors import SlackError


@dataclass(frozen=True)
class Call:
    method: str
    arguments: dict[str, Any]

    def text(self, name: str, default: str = "") -> str:
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        """Raises invalid_arguments when it is missing."""
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] missing required field: {name}"]})
        return value

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("1", "true", "yes")

    def number(self, name: str, default: int, most: int) -> int:
        text = self.text(name)
        return min(most, int(text)) if text.isascii() and text.isdigit() and int(text) > 0 else default

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """A list or an object, also when it came as JSON text; None when it is missing."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise SlackError(error) from None
