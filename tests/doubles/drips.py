"""Texts that leave by themselves over one store, without doors: each call is one transaction of the production functions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.config.drips import Sequence, as_written, stored
from bot.distribution.assigning import assign_lead
from bot.leads.staging import stage_lead
from bot.nurture.drip_steps import Sender, touch_next
from bot.nurture.drips import Begun, DripOutcome, begin_drip, library, stop_drip
from bot.outreach.network import Known, Sending
from bot.store.drips import DripView, drips_of, keep_sequence
from bot.store.outbound import Message
from tests.doubles.branch import Branch
from tests.doubles.texts import Texts

SENDER = Sender("Acme Mortgage", "123456", None)
BY_EMAIL_TOO = replace(SENDER, lacks_email=None, legal_name="Acme Mortgage LLC", postal_address="100 Main St, Austin, TX 78701")
NEW_LEAD = library()["new_lead"]


class DripTexts(Texts):
    """A branch whose officers begin and stop texts that leave by themselves."""

    def __init__(self, branch: Branch, sender: Sender = SENDER) -> None:
        super().__init__(branch)
        self.sender = sender

    def runs(self, lead: int, *steps: Mapping[str, Any], officer: str = "maya", **written: Any) -> DripView:
        """A sequence of these steps runs for the lead, by text and by email."""
        self.sender = BY_EMAIL_TOO
        document = {"key": "trial", "name": {"en": "Trial", "es": "Ensayo"}, "stages": ["new"], "steps": steps, **written}
        self.keeps(as_written(document))
        outcome = self.begins(lead, officer, key="trial")
        assert isinstance(outcome, Begun), outcome
        return self.drip(lead)

    def events(self, lead: int, kind: str) -> list[Mapping[str, Any]]:
        """What the lead's timeline says of this kind."""
        return [event.meta for event in self.branch.events(lead) if event.kind == kind]

    def keeps(self, sequence: Sequence) -> int:
        """Somebody changed a sequence in chat; the id of its newest version."""
        return self.store.transact_now(keep_sequence, sequence.key, stored(sequence), "chat")

    def begins(self, lead: int, officer: str = "maya", delivery: str | None = None, key: str = "new_lead") -> DripOutcome:
        return self.store.transact_now(begin_drip, self.branch.press(officer, lead, delivery), key, self.sender)[0]

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

    def marks(self) -> list[Sending]:
        """The same where there is a place for what it decides; the texts that it marked as being sent."""
        ours = self.branch.services.our_numbers
        return self.store.transact_now(touch_next, self.branch.clock.now(), "salt", self.sender, ours)[1]

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
