"""Configs for tests, each read once: to read YAML takes longer than most stories."""

from collections.abc import Mapping
from pathlib import Path

from bot.config import Config, load_config

_READ: dict[tuple[str, bool], Config] = {}
"""By its text."""


def read_once(file: Path, environ: Mapping[str, str], *, require_secrets: bool = False) -> Config:
    """What load_config makes of the first file with this text."""
    key = (file.read_text("utf-8"), require_secrets)
    if key not in _READ:
        _READ[key] = load_config(file, environ, require_secrets=require_secrets)
    return _READ[key]
