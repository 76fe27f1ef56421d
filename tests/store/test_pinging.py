"""What pings are answered by is learned from the store, however much stands in it."""

from bot.capture.intake import SAME_LEAD_FOR
from bot.capture.pinging import look
from bot.store.contacts import Reachable, keep_contacts
from bot.store.leads import borrower_of
from bot.store.pinging import AT_ONCE
from tests.doubles.branch import Branch


async def test_a_borrower_with_more_numbers_than_are_read_at_once_ends_no_look(branch: Branch) -> None:
    lead = branch.new_lead()
    borrower = branch.store.transact_now(borrower_of, lead)
    assert borrower is not None
    many = [Reachable("email", f"{number}@example.com", f"{number:064x}") for number in range(AT_ONCE + 1)]
    branch.store.transact_now(keep_contacts, borrower, many)

    await look(branch.services)

    assert branch.services.ping_book.last_arrival > 0 and branch.services.ping_book.fresh_until > 0


async def test_who_asked_too_long_ago_to_count_is_forgotten_and_whoever_asked_again_is_not(branch: Branch) -> None:
    known = branch.services.ping_book.known
    branch.new_lead(phone="(512) 555-0101", email="old@example.com")
    branch.new_lead(phone="(512) 555-0102", email="again@example.com")
    await look(branch.services)
    of_both = set(known)
    branch.clock.skip(days=20)
    branch.arrive(phone="(512) 555-0102", email="again@example.com", loan_amount=1)
    await look(branch.services)

    branch.clock.skip(days=SAME_LEAD_FOR.days - 19)
    await look(branch.services)

    assert known and known.keys() < of_both
