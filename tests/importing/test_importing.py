"""Rows become leads once each, quietly unless told to ring, with an honest count at the end."""

from functools import partial
from pathlib import Path

import pytest

from bot.capture.importing import ROWS_TOGETHER, Imported, chosen_source, import_leads, record_rows, summary, summary_of_dry_run, understood
from bot.capture.intake import Received, prepare
from bot.errors import LeadbellError
from bot.outreach.calls import judgement
from bot.rules.compliance import Allowed, Refused
from bot.sources.csv_file import open_csv
from bot.sources.refused_rows import RefusedRows
from bot.store.contacts import ContactPoint
from bot.store.events import broken_links
from bot.store.leads import Arrival, Lead
from bot.store.postings import Posting
from tests.doubles.branch import Branch
from tests.doubles.counts import leads_per_stage
from tests.doubles.parallel import in_parallel
from tests.doubles.texts import Texts
from tests.importing.conftest import Save

HEADERS = "First Name,Phone,Loan Purpose\n"
TWO = HEADERS + "Dana,5125550100,purchase\nTom,5125550101,refi\n"


def many(count: int) -> str:
    return HEADERS + "".join(f"Name{number},512555{number:04d},purchase\n" for number in range(count))


async def imported(branch: Branch, path: Path, source: str = "website", *, ring: bool = False) -> tuple[Imported, RefusedRows]:
    with open_csv(path) as table, RefusedRows(table, None) as refused:
        sources = branch.services.in_force.sources
        return await import_leads(branch.services, sources[source], table, refused, ring=ring, told=lambda: None), refused


async def test_each_row_is_a_lead_of_the_source_that_nobody_is_rung_for(branch: Branch, save: Save) -> None:
    done, refused = await imported(branch, save(TWO), "zillow")
    assert (done, refused.count) == (Imported(new=2), 0)
    source = branch.services.in_force.sources["zillow"]
    assert [(lead.source_id, lead.team_id, lead.purpose) for lead in branch.all(Lead)] == [
        (source.id, source.team.id, "purchase"),
        (source.id, source.team.id, "refinance"),
    ]
    assert branch.count(Posting) == 0
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []


async def test_with_ring_each_lead_gets_a_card_that_a_running_leadbell_finds(branch: Branch, save: Save) -> None:
    await imported(branch, save(TWO), ring=True)
    cards = branch.postings("card")
    assert len(cards) == 2
    assert all(card.due_at is not None and card.lease_until is None for card in cards)


async def test_the_same_file_again_changes_nothing(branch: Branch, save: Save) -> None:
    path = save(many(ROWS_TOGETHER + 5))
    await imported(branch, path)
    before = branch.all(Arrival)
    branch.clock.skip(days=400)
    done, refused = await imported(branch, path)
    assert (done, refused.count) == (Imported(known=ROWS_TOGETHER + 5), 0)
    assert branch.all(Arrival) == before
    assert branch.count(Lead) == branch.count(ContactPoint) == ROWS_TOGETHER + 5


async def test_rows_with_ids_are_known_by_them(branch: Branch, save: Save) -> None:
    path = save("Lead ID,Phone\nA-1,5125550100\nA-2,5125550101\n")
    assert (await imported(branch, path))[0] == Imported(new=2)
    assert (await imported(branch, path))[0] == Imported(known=2)


async def test_an_id_that_came_with_other_content_is_refused_and_the_first_stands(branch: Branch, save: Save) -> None:
    done, refused = await imported(branch, save("Lead ID,Phone\nA-1,5125550100\nA-1,5125550101\n"))
    assert (done, refused.count) == (Imported(new=1), 1)
    assert refused.told[0].startswith("line 3, external id: This id came before with other content")
    assert [contact.value for contact in branch.all(ContactPoint)] == ["+15125550100"]


async def test_a_row_of_a_lead_that_stands_joins_it_without_a_word(branch: Branch, save: Save) -> None:
    lead = branch.new_lead(phone="5125550100")
    done, _ = await imported(branch, save(HEADERS + "Dana,5125550100,purchase\n"), "zillow")
    assert done == Imported(joined=1)
    assert {arrival.lead_id for arrival in branch.all(Arrival)} == {lead}
    assert branch.postings("update") == []


@pytest.mark.parametrize("ring", [False, True])
async def test_a_row_without_a_date_opens_no_calls_after_a_stop_and_one_that_says_when_opens_them(
    branch: Branch, save: Save, ring: bool
) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    branch.clock.skip(minutes=5)
    texts.came("STOP")
    branch.clock.skip(days=1)

    await imported(branch, save(HEADERS + "Dana,5125550100,purchase\n"), ring=ring)
    assert judgement(branch.view(lead), branch.clock.at) == Refused("call_opted_out")
    await imported(branch, save("First Name,Phone,Submitted At\nDana,5125550100,2026-11-20T10:00:00Z\n"), ring=ring)
    assert judgement(branch.view(lead), branch.clock.at) == Refused("call_opted_out")
    await imported(branch, save("First Name,Phone,Submitted At\nDana,5125550100,2026-11-25T10:00:00Z\n"), ring=ring)

    assert isinstance(judgement(branch.view(lead), branch.clock.at), Allowed)


@pytest.mark.parametrize("ring", [False, True])
async def test_a_row_without_a_date_is_no_inquiry(branch: Branch, save: Save, ring: bool) -> None:
    await imported(branch, save(HEADERS + "Dana,5125550100,purchase\n"), ring=ring)
    [lead] = branch.all(Lead)
    assert lead.id is not None

    assert branch.view(lead.id).numbers[0].asked_at is None


async def test_a_borrower_who_was_imported_quietly_rings_when_she_asks_herself(branch: Branch, save: Save) -> None:
    await imported(branch, save(HEADERS + "Dana,5125550100,purchase\n"))
    received = branch.arrive(phone="5125550100")
    assert isinstance(received, Received) and received.duplicate
    card = branch.card(received.lead)
    assert [lease.posting_id for lease in received.leases] == [card.id]
    assert [update.topic for update in branch.postings("update", received.lead)] == ["asked_again"]


async def test_with_ring_a_row_of_a_lead_that_has_no_card_yet_puts_one_up(branch: Branch, save: Save) -> None:
    await imported(branch, save(HEADERS + "Dana,5125550100,purchase\n"))
    done, _ = await imported(branch, save(HEADERS + "Dana,5125550100,\n"), "zillow", ring=True)
    assert done == Imported(joined=1)
    assert len(branch.postings("card")) == 1


async def test_two_rows_of_one_borrower_in_one_file_are_one_lead(branch: Branch, save: Save) -> None:
    done, _ = await imported(branch, save("First Name,Phone,Created At\nDana,5125550100,1/5/2026\nDana,5125550100,2/5/2026\n"))
    assert done == Imported(new=1, joined=1)


async def test_rows_that_hold_no_lead_stop_nobody(branch: Branch, save: Save) -> None:
    done, refused = await imported(branch, save(HEADERS + "Ann,,\n" + "Lee,none,\n" * 50 + "Dana,5125550100,\n"))
    assert (done, refused.count) == (Imported(new=1), 51)


async def test_a_file_of_headers_alone_imports_nothing(branch: Branch, save: Save) -> None:
    assert (await imported(branch, save(HEADERS)))[0] == Imported()


async def test_the_pipeline_counts_what_was_imported(branch: Branch, save: Save) -> None:
    await imported(branch, save(many(30)))
    await imported(branch, save(many(30)))
    assert branch.store.transact_now(leads_per_stage) == {"new": 30}


async def test_a_broken_off_import_is_completed_by_the_next(branch: Branch, save: Save) -> None:
    class BrokenOff(Exception):
        pass

    def break_off() -> None:
        raise BrokenOff

    path = save(many(3 * ROWS_TOGETHER))
    source = branch.services.in_force.sources["website"]
    with pytest.raises(BrokenOff), open_csv(path) as table, RefusedRows(table, None) as refused:
        await import_leads(branch.services, source, table, refused, ring=False, told=break_off)
    assert branch.count(Lead) == ROWS_TOGETHER
    assert (await imported(branch, path))[0] == Imported(new=2 * ROWS_TOGETHER, known=ROWS_TOGETHER)
    assert branch.count(Lead) == branch.count(Arrival) == 3 * ROWS_TOGETHER


async def test_two_who_import_the_same_rows_in_another_order_at_once_keep_each_once(branch: Branch, save: Save) -> None:
    with open_csv(save(many(ROWS_TOGETHER))) as table, RefusedRows(table, None) as refused:
        leads = [lead for _, lead in understood(table, refused)]
    source = branch.services.in_force.sources["website"]
    arrivals = [prepare(branch.services, source, lead, quiet=True, at_once=False) for lead in leads]
    orders = [arrivals, arrivals[::-1]] * 2
    outcomes = in_parallel([partial(branch.store.transact_now, record_rows, order) for order in orders])
    assert sum(outcome.count("new") for outcome in outcomes) == ROWS_TOGETHER
    assert branch.count(Lead) == branch.count(Arrival) == ROWS_TOGETHER


def test_the_source_needs_no_name_where_there_is_one() -> None:
    assert chosen_source(["website"], None) == "website"
    assert chosen_source(["website", "zillow"], "zillow") == "zillow"


@pytest.mark.parametrize(("key", "told"), [(None, "Say which source"), ("zilow", "There is no source zilow")])
def test_a_source_that_is_missing_or_unknown_is_answered_with_those_there_are(key: str | None, told: str) -> None:
    with pytest.raises(LeadbellError, match=f"{told}.* website, zillow"):
        chosen_source(["website", "zillow"], key)


@pytest.mark.parametrize(
    ("done", "refusals", "told"),
    [
        (Imported(), 0, "Imported 0 new leads"),
        (Imported(new=1), 0, "Imported 1 new lead"),
        (
            Imported(new=118, joined=3),
            2,
            "Imported 118 new leads, 3 joined a lead that stood already, 2 rows refused: see leads.refused.csv",
        ),
        (Imported(new=1200, known=1), 1, "Imported 1,200 new leads, 1 row had been imported before, 1 row refused: see leads.refused.csv"),
        (Imported(known=20), 0, "Imported 0 new leads, 20 rows had been imported before"),
    ],
)
def test_the_counts_are_said_in_whole_words(save: Save, done: Imported, refusals: int, told: str) -> None:
    with open_csv(save(HEADERS)) as table:
        refused = RefusedRows(table, Path("leads.refused.csv"))
        refused.count = refusals
        assert summary(done, refused) == told


def test_a_dry_run_says_that_nothing_was_imported(save: Save) -> None:
    with open_csv(save(HEADERS)) as table:
        assert summary_of_dry_run(1, RefusedRows(table, None)) == "Dry run, nothing was imported: 1 row can be"
