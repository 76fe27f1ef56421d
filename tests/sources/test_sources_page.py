"""What docs/sources.md shows is what happens."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.config.mapping import MappingEntry, names_of_formats, speaks
from bot.sources.field_names import OUR_FIELDS
from bot.sources.record import record_of
from bot.sources.request import Kept, LeadRequest

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text()


def _blocks(section: str) -> list[str]:
    return re.findall(r"^```text\n(.*?)^```$", PAGE.partition(f"## {section}\n")[2], re.MULTILINE | re.DOTALL)


def _listed(section: str) -> set[str]:
    """What stands in backticks in the rows of the table under a heading."""
    [text] = re.findall(rf"^#+ {section}\n(.*?)(?=^#+ |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return {name for row in text.splitlines() if row.startswith("|") for name in re.findall(r"`([\w.]+)`", row)}


def test_every_field_and_every_format_is_listed() -> None:
    assert _listed("Our fields") == OUR_FIELDS
    assert set(names_of_formats()) - {"generic"} <= _listed("Vendors")


def test_the_worked_example_understands_and_answers_what_it_says() -> None:
    request_shown, config_shown = _blocks("A source of your own")[:2]
    written: dict[str, Any] = YAML(typ="safe").load(config_shown)["sources"][0]

    spoken, names = speaks("generic", MappingEntry.model_validate(written["mapping"]))
    request = LeadRequest({"content-type": "application/x-www-form-urlencoded"}, {}, request_shown.strip().encode())
    [lead] = spoken.read(request, names)

    record = record_of(lead)
    assert spoken.proof.proves(request, "THE-KEY")
    assert (record["external_id"], record["purpose"], record["loan_amount_low"], record["credit_low"]) == ("A-7", "refinance", 500_000, 680)
    assert record["phones"] == [{"number": "+15125550100", "kind": "mobile"}]
    assert record["consent"] == {"text": "You agree that Acme Lending may call and text you.", "version": "2026-03"}
    assert "extra" not in record
    assert spoken.reply([Kept(1042, duplicate=False)]).body == b'{"ok": true, "ref": "1042"}'
