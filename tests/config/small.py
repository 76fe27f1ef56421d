"""A small valid config for tests to break, one line at a time."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.config import Config, ConfigError, Problem, load_config

SMALL = """\
company:
  legal_name: Acme Mortgage LLC
  nmls_id: 123456
  postal_address: 100 Congress Ave, Austin, TX 78701
  licenses: [TX, OK]
default_team: austin
teams:
  - key: austin
    name: Austin
    channel: {slack: "#leads"}
    manager: sam
    team_leads: [tess]
    time_zone: America/Chicago
    working_hours:
      mon-fri: 8am-8pm
officers:
  - key: maya
    name: Maya Torres
    email: maya@acme.example
    phone: (512) 555-0101
    teams: austin
    licenses:
      - {state: TX, expires: 2027-12-31}
  - {key: tess, name: Tess Lindqvist, email: tess@acme.example, role: team_lead, teams: austin, licenses: [OK]}
  - {key: sam, name: Sam Whitaker, email: sam@acme.example, role: manager}
sources:
  - key: zillow
    label: Zillow
    secret_env: LEADBELL_KEY_ZILLOW
    price: 62
"""


def load_text(folder: Path, text: str | bytes) -> Config:
    """The config that this text makes when it stands in a file."""
    file = folder / "leadbell.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    return load_config(file, {})


def changed(*replacements: tuple[str, str]) -> str:
    """The small config with each text replaced, which must be in it."""
    text = SMALL
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def problems_of(folder: Path, text: str | bytes) -> Sequence[Problem]:
    """Everything wrong with this text."""
    with pytest.raises(ConfigError) as caught:
        load_text(folder, text)
    return caught.value.problems
