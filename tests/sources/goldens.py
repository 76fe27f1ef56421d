"""Requests as each vendor sends them, about invented people, and beside each what is understood of it and what the vendor hears."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bot.config.mapping import MappingEntry, speaks
from bot.sources.formats import Format
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import NewLead
from bot.sources.record import record_of
from bot.sources.request import Kept, LeadRequest
from bot.sources.vendors_test import VendorsTest

FOLDER = Path(__file__).parent / "golden"
CONTENT_TYPES = {
    ".json": "application/json",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".form": "application/x-www-form-urlencoded",
}
# What a company writes itself: a form's own numbers.
MAPPINGS: dict[str, dict[str, Any]] = {
    "gravity_forms": {"fields": {"2": "phone", "3": "email", "4": "purpose", "5": "comments"}},
}


@dataclass(frozen=True)
class Golden:
    """One request; `vendor` is its format."""

    vendor: str
    path: Path

    @property
    def name(self) -> str:
        return f"{self.vendor}/{self.path.name}"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.path.suffix]

    @property
    def body(self) -> bytes:
        return self.path.read_bytes()

    @property
    def beside(self) -> Path:
        return self.path.with_name(f"{self.path.stem}.read.json")

    def spoken(self) -> tuple[Format, FieldMap]:
        written = MAPPINGS.get(self.vendor)
        return speaks(self.vendor, MappingEntry.model_validate(written) if written else None)

    def read(self) -> dict[str, Any]:
        """The records of its leads, numbered from 1042, and what its vendor hears of them."""
        spoken, names = self.spoken()
        leads: Sequence[NewLead] = ()
        tested = {}
        try:
            leads = spoken.read(LeadRequest({"content-type": self.content_type}, {}, self.body), names)
        except VendorsTest as test:
            tested = {"test": None if test.lead is None else record_of(test.lead)}
        reply = spoken.reply([Kept(number, duplicate=False) for number, _ in enumerate(leads, 1042)])
        return {"leads": [record_of(lead) for lead in leads], **tested, "status": reply.status, "reply": reply.body.decode()}


GOLDENS = [Golden(path.parent.name, path) for path in sorted(FOLDER.glob("*/*")) if not path.name.endswith(".read.json")]


def write_down() -> None:
    """Write what is understood now beside every request, to be looked at."""
    for golden in GOLDENS:
        golden.beside.write_bytes(orjson.dumps(golden.read(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    write_down()
