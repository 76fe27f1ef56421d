"""The segments of a config: named groups of leads, for routing and for texts that leave by themselves."""

from pydantic import Field, model_validator

from bot.config.entry import Entry
from bot.config.problems import say
from bot.config.routing import Wish
from bot.config.values import SegmentKey, Text
from bot.rules import routing, segments


class SegmentWhen(Wish):
    """`unless` keeps out what fits any of its conditions."""

    unless: Wish | None = None

    @property
    def conditions(self) -> routing.When:
        """What the rules judge by."""
        return self._read(self.unless._read() if self.unless else None)


class SegmentEntry(Entry):
    """A group of leads. Under the key of one of ours it takes that one's place."""

    key: SegmentKey = Field(description="a short name that never changes, such as jumbo")
    name: Text = Field(description="the name people read, such as Jumbo loan")
    when: SegmentWhen = Field(description="what a lead must fit")

    @model_validator(mode="after")
    def _fitting(self) -> "SegmentEntry":
        if not self.when.conditions.names():
            raise say("A segment without conditions would hold every lead. Write at least one under when.")
        return self

    @property
    def segment(self) -> segments.Segment:
        return segments.Segment(self.key, self.when.conditions, self.name)
