"""A vendor tries whether it is heard: no lead, but whoever sets the source up wants to see what was understood of it."""

from collections.abc import Callable

from bot.sources.new_lead import NewLead
from bot.sources.unreadable import FieldError, Unreadable


class VendorsTest(Exception):
    """A request that is no lead: `lead` is what would have been one, None where it could not be, and then `problems` is what was wrong."""

    def __init__(self, lead: NewLead | None, problems: tuple[FieldError, ...] = ()) -> None:
        super().__init__()
        self.lead = lead
        self.problems = problems


def as_test(read: Callable[[], NewLead]) -> VendorsTest:
    try:
        return VendorsTest(read())
    except Unreadable as unread:
        return VendorsTest(None, tuple(unread.errors))
