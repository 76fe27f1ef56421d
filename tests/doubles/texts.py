"""Texts of the example company over one store, without doors: borrowers write, officers send, the network says what became of it."""

import itertools
from datetime import datetime
from typing import Any

from bot.conversation.relay import Sms, prepare, receive_sms
from bot.conversation.sending import Asking, begin_asking, begin_sendings, hear_status, record_answers, record_found
from bot.conversation.texting import Texted, TextOutcome, queue_sms, settle_text
from bot.leads.press import Press
from bot.outreach.network import Fate, Known, SendAnswer, Sending
from bot.store.database import Store
from bot.store.messages import TextRow, text_row
from bot.store.outbound import ContactAttempt, Message
from tests.doubles.branch import Branch

NUMBER = "+15125550100"
AGREED = {
    "consent": "yes",
    "consent_text": "I agree to calls and text messages from Acme Mortgage at this number.",
    "consent_at": "2026-11-01T15:00:00Z",
}
LONG_AGO = datetime(2020, 1, 1)


def signed(words: str, by: str = "Maya Torres (NMLS 200101)") -> str:
    """A first text as it leaves, where its words say neither who writes nor how to opt out."""
    return f"{words}\n{by}, Acme Mortgage, NMLS 123456. Reply STOP to opt out."


class Texts:
    """Each call is one transaction of the production functions."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.store: Store = branch.store
        self._sids = (f"SM{number:032}" for number in itertools.count(1))

    def lead(self, **fields: Any) -> int:
        """A lead whose borrower agreed to texts, claimed by Maya."""
        lead = self.branch.new_lead(**{**AGREED, **fields})
        self.branch.claim("maya", lead)
        return lead

    def came(self, words: str, number: str = NUMBER, sid: str | None = None, to: str = "") -> None:
        """The borrower writes."""
        sms = Sms("twilio", sid or next(self._sids), number, words, our_number=to)
        self.store.transact_now(receive_sms, prepare(self.branch.services, sms))

    def sends(self, lead: int, words: str = "Hi Dana", by: Press | None = None) -> TextOutcome:
        """Maya sends; the text waits for a worker."""
        pressed = by or self.branch.press("maya", lead)
        return self.store.transact_now(queue_sms, pressed, words, self.branch.services.in_force, on=True)[0]

    def queued(self, lead: int, words: str = "Hi Dana") -> int:
        """The number of a text that Maya just sent."""
        outcome = self.sends(lead, words)
        assert isinstance(outcome, Texted)
        return outcome.text_id

    def begin(self, text_id: int) -> Sending | None:
        ours, now = self.branch.services.our_numbers, self.branch.clock.now()
        return next(iter(self.store.transact_now(begin_sendings, [text_id], ours, now, "salt")[0]), None)

    def begun(self, text_id: int) -> Sending:
        """The text is marked as being sent."""
        sending = self.begin(text_id)
        assert sending is not None
        return sending

    def answers(self, sending: Sending, answer: SendAnswer) -> None:
        self.store.transact_now(record_answers, [(sending, answer)], "twilio", self.branch.clock.now(), "salt")

    def calls_back(self, text_id: int, fate: Fate, sid: str = "SM1", error_code: int | None = None) -> None:
        known = Known(sid, fate, error_code, "")
        self.store.transact_now(hear_status, text_id, known, "twilio", self.branch.clock.now(), "salt")

    def begin_asking(self, text_id: int) -> Asking | None:
        return self.store.transact_now(begin_asking, text_id, self.branch.clock.now(), "salt")[0]

    def finds(self, asking: Asking, found: list[Known] | None) -> None:
        self.store.transact_now(record_found, asking, found, "twilio", self.branch.clock.now(), "salt")

    def asked_in_vain(self, text_id: int) -> None:
        """The network was asked for a minute, and has nothing."""
        while asking := self.begin_asking(text_id):
            self.finds(asking, [])
            self.time_is_over(text_id)

    def settles(self, lead: int, text_id: int, *, send_again: bool, officer: str = "maya") -> TextOutcome:
        pressed = self.branch.press(officer, lead)
        return self.store.transact_now(settle_text, pressed, text_id, self.branch.services.in_force, send_again=send_again, on=True)[0]

    def time_is_over(self, text_id: int) -> None:
        """The deadline of a call, or the time until the next question, without waiting for it."""
        if self.row(text_id).due_at is not None:
            self.branch.set(Message, text_id, lease_until=LONG_AGO.replace(tzinfo=self.branch.clock.at.tzinfo))

    def row(self, text_id: int) -> TextRow:
        found = self.store.transact_now(text_row, text_id)
        assert found is not None
        return found

    def status(self, text_id: int) -> str:
        return self.row(text_id).status

    def attempts(self, lead: int) -> list[ContactAttempt]:
        return [attempt for attempt in self.branch.all(ContactAttempt) if attempt.lead_id == lead]
