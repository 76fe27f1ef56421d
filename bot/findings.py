"""What a check of the live installation found, a line each."""

from dataclasses import dataclass
from typing import Literal

Mark = Literal["ok", "missing", "to do", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that works, something that is broken, something that a person still has to do, or something good to know."""

    mark: Mark
    said: str

    def __str__(self) -> str:
        return f"{self.mark:>7}  {self.said}"
