"""What every block of a config has in common."""

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A block of the file: knows its keys, refuses others, cannot be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
