"""Files that ship with Leadbell beside its code."""

from pathlib import Path


def shipped(name: str) -> Path:
    """Inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / name
    return inside if inside.exists() else Path(__file__).parent.parent / name
