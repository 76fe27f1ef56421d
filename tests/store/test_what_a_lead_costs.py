"""What the store is asked for a lead and for a claim, counted: who adds a question to the way of every lead does so knowingly, here."""

from bot.capture.intake import Received
from bot.chat import Shown
from bot.distribution.claiming import claim_lead
from bot.scheduling import due_loop
from bot.scheduling.due_loop import Work
from bot.showing import _record
from bot.speed_to_lead.escalation import escalate
from bot.store.clocks import AT_ONCE, clocks_in_order, next_clock_due
from bot.store.postings import Lease
from bot.store.views import drawing
from tests.doubles.branch import BEST, Branch
from tests.doubles.counted import counted

ARRIVAL, DRAWING, RECORD, RING, CLAIM, LOOK = 24, 4, 1, 20, 28, 19
"""Statements at most: of an arrival with phone, email and consent; of drawing its card; of noting that it hangs; of deciding whom it rings;
of a claim; of a look of the due loop that finds nothing. PostgreSQL has one or two more than SQLite, for its locks."""
CONSENT = {"tcpa_consent": "yes", "tcpa_text": "By pressing Send I agree to be called.", "ip_address": "203.0.113.7"}


def test_a_lead_costs_one_transaction_to_keep_one_to_draw_and_one_to_note(branch: Branch) -> None:
    with counted(branch.store) as kept:
        [card] = arrive(branch, 1).leases
    with counted(branch.store) as drawn:
        wanted = branch.store.transact_now(drawing, card.posting_id)
    with counted(branch.store) as noted:
        branch.store.transact_now(_record, card, wanted, Shown("1.0", "a digest"), None)
    assert (kept.commits, drawn.commits, noted.commits) == (1, 1, 1)
    assert kept.statements <= ARRIVAL and drawn.statements <= DRAWING and noted.statements <= RECORD


def test_deciding_whom_a_lead_rings_costs_no_more_after_fifty_leads(branch: Branch) -> None:
    for number in range(50):
        arrive(branch, number)
        clocks = branch.store.transact_now(clocks_in_order, branch.clock.now())
        with counted(branch.store) as decided:
            assert decide(branch, clocks)[0] == 1
        assert decided.commits == 1 and decided.statements <= RING


def test_a_claim_costs_one_transaction(branch: Branch) -> None:
    press = branch.press("maya", arrive(branch, 1).lead)
    with counted(branch.store) as claimed:
        branch.store.transact_now(claim_lead, press)
    assert claimed.commits == 1 and claimed.statements <= CLAIM


async def test_a_look_that_finds_nothing_costs_two_transactions_whatever_hangs(branch: Branch) -> None:
    for number in range(10):
        arrived = arrive(branch, number)
        leases = [*arrived.leases, *decide(branch, branch.store.transact_now(clocks_in_order, branch.clock.now()))[1]]
        for lease in leases:
            drawn, shown = branch.store.transact_now(drawing, lease.posting_id), Shown(f"{lease.posting_id}.0", "a digest")
            branch.store.transact_now(_record, lease, drawn, shown, None)
    for _ in range(2):  # the first finds out when the teams' hours end, the second what another kind's lock kept from it
        await due_loop.look(branch.services)
    with counted(branch.store) as looked:
        await due_loop.look(branch.services)
    assert looked.commits == 2 and looked.statements <= LOOK


def arrive(branch: Branch, number: int) -> Received:
    """One more lead, of somebody new."""
    own = {"phone": f"(512) 555-{number:04}", "email": f"dana{number}@example.com", "lead_id": f"w-{number}"}
    received = branch.arrive(**BEST | CONSENT | own)
    assert isinstance(received, Received) and not received.duplicate
    return received


def decide(branch: Branch, clocks: list[int]) -> tuple[int, list[Lease]]:
    """Decide a batch of what is due, as the due loop does."""
    work = Work("escalation", next_clock_due, escalate)
    return branch.store.transact_now(due_loop._decide_some, work, clocks[:AT_ONCE], branch.clock.now(), "salt")[:2]
