"""Texts that leave by themselves over one store, without doors: each call is one transaction of the production functions."""

from typing import Any

from bot.assigning import assign_lead
from bot.drips import Begun, DripOutcome, Sender, begin_drip, library, stop_drip, touch_next
from bot.outreach.network import Known
from bot.staging import stage_lead
from bot.store.drips import DripView, drips_of
from bot.store.outbound import Message
from tests.doubles.branch import Branch
from tests.doubles.texts import Texts

SENDER = Sender("Acme Mortgage", "123456", None)
NEW_LEAD = library()["new_lead"]


class DripTexts(Texts):
    """A branch whose officers begin and stop texts that leave by themselves."""

    def __init__(self, branch: Branch, sender: Sender = SENDER) -> None:
        super().__init__(branch)
        self.sender = sender

    def begins(self, lead: int, officer: str = "maya", delivery: str | None = None) -> DripOutcome:
        return self.store.transact_now(begin_drip, self.branch.press(officer, lead, delivery), NEW_LEAD, self.sender)[0]

    def running(self, **fields: Any) -> int:
        """A lead of Maya's whose texts have begun."""
        lead = self.lead(**fields)
        outcome = self.begins(lead)
        assert isinstance(outcome, Begun), outcome
        return lead

    def stops(self, lead: int, officer: str = "maya") -> DripOutcome:
        return self.store.transact_now(stop_drip, self.branch.press(officer, lead), None)[0]

    def touch(self) -> int:
        """What the due loop does once; how many were looked at."""
        return self.store.transact_now(touch_next, self.branch.clock.now(), "salt", self.sender)[0]

    def touch_all(self) -> None:
        """Until nothing is due."""
        while self.touch():
            pass

    def passes(self, **by: float) -> None:
        """So much time goes by, and what is due then is decided."""
        self.branch.clock.skip(**by)
        self.touch_all()

    def touches(self, lead: int) -> list[Message]:
        """What the sequence wrote, the oldest first."""
        return [text for text in self.branch.all(Message) if text.lead_id == lead and text.purpose == "drip"]

    def due_text(self, lead: int) -> int:
        """The newest text of the sequence, queued."""
        text = self.touches(lead)[-1]
        assert text.status == "queued" and text.id is not None
        return text.id

    def leaves(self, lead: int) -> None:
        """The newest text of the sequence reaches the phone."""
        text_id = self.due_text(lead)
        self.answers(self.begun(text_id), Known(f"SM-{text_id}", "delivered", None, ""))

    def first_left(self, **fields: Any) -> int:
        lead = self.running(**fields)
        self.passes(minutes=10)
        self.leaves(lead)
        return lead

    def drip(self, lead: int) -> DripView:
        """The lead's newest way through the sequence."""
        return self.store.transact_now(drips_of, lead)[0]

    def why_ended(self, lead: int) -> str | None:
        return self.drip(lead).ended_because

    def stages(self, lead: int, stage: str) -> None:
        """Maya moves the lead on, and is sure."""
        self.store.transact_now(stage_lead, self.branch.press("maya", lead), stage, True, "told")

    def hands_over(self, lead: int, to: str) -> None:
        """The team lead gives it to somebody else."""
        self.store.transact_now(assign_lead, self.branch.press("tess", lead), to)
