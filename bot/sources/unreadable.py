"""What is wrong with a request, in words its sender can act on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to mend: a type for programs, the field it is about ("body" for the whole), a message without personal data."""

    type: str
    field: str
    message: str


class Unreadable(Exception):
    """A request that holds no lead: `status` is the HTTP answer (408, 413, 415 or 422), `errors` everything that is wrong with it."""

    def __init__(self, status: int, errors: list[FieldError]) -> None:
        super().__init__(f"{status}: " + ", ".join(f"{error.field} {error.type}" for error in errors))
        self.status = status
        self.errors = errors


def unreadable(status: int, kind: str, field: str, message: str) -> Unreadable:
    """An Unreadable with a single error."""
    return Unreadable(status, [FieldError(kind, field, message)])
