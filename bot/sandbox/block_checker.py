"""How the sandbox finds fault with blocks: it collects every problem, in Slack's own words, with the place it is at."""

from collections.abc import Iterator
from typing import Any

JSON = dict[str, Any]


class Checker:
    """Problems so far, and the small checks that all blocks share."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.problems: list[str] = []

    def fail(self, path: str, what: str) -> None:
        self.problems.append(f"[ERROR] {what} [json-pointer:{path}]")

    def keys(self, path: str, value: JSON, required: str, optional: str) -> None:
        """Both are names separated by spaces; type is always allowed."""
        needed = required.split()
        for name in needed:
            if value.get(name) in (None, ""):
                self.fail(path, f"missing required field: {name}")
        for name in value.keys() - {"type", *needed, *optional.split()}:
            self.fail(path, f"invalid additional property: {name}")

    def string(self, path: str, value: object, limit: int) -> None:
        if value is None:
            return
        if not isinstance(value, str):
            self.fail(path, "must be a string")
        elif len(value) > limit:
            self.fail(path, f"must be less than {limit + 1} characters")

    def text(self, path: str, value: object, limit: int, plain: bool = True) -> None:
        """A text object of 1 to limit characters; plain_text, or mrkdwn too where plain is False."""
        if value is None:
            return
        if not isinstance(value, dict):
            self.fail(path, "must provide an object")
            return
        kind = value.get("type")
        if kind not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
            self.fail(f"{path}/type", f"unsupported type: {str(kind)[:40]}")
        self.keys(path, value, "text", "emoji" if kind == "plain_text" else "verbatim")
        self.string(f"{path}/text", value.get("text"), limit)

    def items(self, path: str, value: object, most: int, least: int = 1) -> Iterator[tuple[str, JSON]]:
        """The objects of a list, each with its path; a wrong count or a wrong member is a problem."""
        if not isinstance(value, list):
            self.fail(path, "must provide an array")
            return
        if len(value) > most:
            self.fail(path, f"no more than {most} items allowed")
        if len(value) < least:
            self.fail(path, f"no fewer than {least} items allowed")
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield f"{path}/{index}", item
            else:
                self.fail(f"{path}/{index}", "must provide an object")

    def number(self, path: str, value: object, least: int, most: int) -> None:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most):
            self.fail(path, f"must be a number from {least} to {most}")
