"""What the app's manifest tells people in Slack: its slash commands with their hints, and whether it has a Home."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

JSON = dict[str, Any]
HERE = Path(__file__).parent.parent
PLACES = (HERE / "slack-manifest.yaml", HERE.parent / "slack-manifest.yaml")
"""Inside the installed package, or beside it in a checkout."""


def read_manifest() -> JSON:
    """{commands: [{command, description, usage_hint}], home}"""
    features = YAML(typ="safe").load(next(place for place in PLACES if place.exists()))["features"]
    commands = [{name: str(one.get(name, "")) for name in ("command", "description", "usage_hint")} for one in features["slash_commands"]]
    return {"commands": commands, "home": bool(features.get("app_home", {}).get("home_tab_enabled"))}
