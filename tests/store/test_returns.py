"""A return is opened, sent and listed alike on both stores, and never twice for one request."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from bot.capture import intake
from bot.capture.asking_back import NoReturn, Opened
from bot.capture.returns import COLUMNS, NoOpenReturn, ReturnSettled, ReturnsOpened, open_lead_return, settle_lead_return, table_of_returns
from bot.errors import LeadbellError
from bot.leads.staging import stage_lead
from bot.leads.undoing import NotUndone, Undone
from bot.leads.working import LoggedCall
from bot.sources.formats import VENDOR
from bot.sources.generic import parse
from bot.store.records import lead_record
from bot.store.returns import LeadReturn
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.formulas import WIDE
from tests.doubles.parallel import in_parallel


def wrong_person(branch: Branch, **fields: Any) -> int:
    """A lead of Zillow's that Maya called, and reached somebody else."""
    lead = branch.arrive("zillow", **fields).lead
    branch.claim("maya", lead)
    outcome = branch.logs("maya", lead, "wrong_person")
    assert isinstance(outcome, LoggedCall)
    assert [each.kind for each in outcome.asked_back] == ["opened"]
    return lead


def table(branch: Branch, source: str | None = None, first: date | None = None, last: date | None = None) -> list[dict[str, str]]:
    text, many = branch.store.transact_now(table_of_returns, source, first, last)
    read = list(csv.DictReader(text.splitlines()))
    assert len(read) == many
    return read


def test_the_call_and_its_return_are_one_transaction_and_a_press_that_comes_twice_opens_one(branch: Branch) -> None:
    lead = branch.arrive("zillow").lead
    branch.claim("maya", lead)
    pressed = branch.press("maya", lead)

    first, again = (branch.store.transact_now(open_lead_return, pressed, "no_intent") for _ in range(2))

    assert first == again
    [row] = branch.all(LeadReturn)
    assert (row.lead_id, row.price, row.reason, row.status, row.due_on) == (lead, 62, "no_intent", "open", NOON.date() + timedelta(days=10))


def test_the_undone_call_s_return_is_dropped_and_another_may_be_opened(branch: Branch) -> None:
    lead = wrong_person(branch)
    [logged] = [event for event in branch.events(lead) if event.kind == "logged"]

    assert isinstance(branch.undoes("maya", lead, logged.seq), Undone)

    outcome = branch.store.transact_now(open_lead_return, branch.press("maya", lead), "no_intent")
    assert isinstance(outcome, ReturnsOpened)
    assert isinstance(outcome.asked[0], Opened)
    assert [(row.reason, row.status) for row in branch.all(LeadReturn)] == [("wrong_person", "dropped"), ("no_intent", "open")]


def test_what_was_sent_is_not_sent_or_opened_again(branch: Branch) -> None:
    lead = wrong_person(branch)

    sent = branch.store.transact_now(settle_lead_return, branch.press("maya", lead), "sent", None)
    again = branch.store.transact_now(settle_lead_return, branch.press("maya", lead), "sent", None)
    opened = branch.store.transact_now(open_lead_return, branch.press("maya", lead), "no_intent")

    assert isinstance(sent, ReturnSettled)
    assert again == NoOpenReturn(lead)
    assert opened == ReturnsOpened(lead, (NoReturn("Zillow", "asked"),))


def test_a_drop_that_was_undone_too_late_to_be_the_only_return_stays_a_drop(branch: Branch) -> None:
    lead = wrong_person(branch)
    dropped = branch.store.transact_now(settle_lead_return, branch.press("maya", lead), "dropped", None)
    assert isinstance(dropped, ReturnSettled)
    branch.store.transact_now(open_lead_return, branch.press("maya", lead), "no_intent")

    outcome = branch.undoes("maya", lead, dropped.seq)

    assert outcome.kind == "not_undone"
    assert [row.status for row in branch.all(LeadReturn)] == ["dropped", "open"]


def test_the_table_holds_what_a_vendor_knows_a_lead_by(branch: Branch) -> None:
    lead = wrong_person(branch, external_id="z-77")

    [row] = table(branch)

    assert tuple(row) == COLUMNS
    assert (row["lead"], row["source"], row["vendor_id"], row["price"], row["reason"], row["status"]) == (
        str(lead), "zillow", "z-77", "62", "wrong_person", "open",
    )  # fmt: skip
    assert (row["arrived_on"], row["opened_on"], row["opened_by"]) == (NOON.date().isoformat(), NOON.date().isoformat(), "Maya Torres")
    assert row["due_on"] == (NOON.date() + timedelta(days=10)).isoformat()
    assert (row["settled_on"], row["settled_by"]) == ("", "")
    assert (row["first_name"], row["phone"]) == ("Dana", "(512) 555-0100")


def test_the_lead_s_record_names_its_returns(branch: Branch) -> None:
    lead = wrong_person(branch)

    record = branch.store.transact_now(lead_record, lead)

    assert record is not None
    due_on = (NOON.date() + timedelta(days=10)).isoformat()
    assert record["returns"] == [{"source": "Zillow", "price": 62, "reason": "wrong_person", "due_on": due_on, "status": "open"}]


@pytest.mark.fault(74)
@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "@SUM(1)", *WIDE])
def test_a_cell_that_a_spreadsheet_would_run_is_text(branch: Branch, cell: str) -> None:
    wrong_person(branch, first_name=cell, external_id=cell)

    [row] = table(branch)

    assert (row["first_name"], row["vendor_id"]) == (f"'{cell}", f"'{cell}")


def test_the_table_is_of_the_days_and_of_the_source_that_are_asked_for(branch: Branch) -> None:
    first = wrong_person(branch)
    branch.clock.skip(days=3)
    second = wrong_person(branch, phone="(512) 555-0111", first_name="Tom")
    day = NOON.date()

    assert [row["lead"] for row in table(branch)] == [str(first), str(second)]
    assert [row["lead"] for row in table(branch, None, day + timedelta(days=1), None)] == [str(second)]
    assert [row["lead"] for row in table(branch, None, day, day)] == [str(first)]
    assert table(branch, "website") == []
    with pytest.raises(LeadbellError, match="There is no source zilow"):
        branch.store.transact_now(table_of_returns, "zilow", None, None)


def test_of_many_who_ask_it_back_at_once_one_opens_it(branch: Branch) -> None:
    lead = branch.arrive("zillow").lead
    branch.claim("maya", lead)
    presses = [branch.press(who, lead) for who in ("maya", "tess") * 4]

    outcomes = in_parallel([partial(branch.store.transact_now, open_lead_return, each, "no_intent") for each in presses])

    asked = [each.asked[0] for each in outcomes if isinstance(each, ReturnsOpened)]
    assert len(asked) == len(presses)
    assert [isinstance(each, Opened) for each in asked].count(True) == 1
    assert branch.count(LeadReturn) == 1


def test_where_the_company_has_no_license_the_return_opens_by_itself(branch: Branch) -> None:
    lead = branch.arrive("zillow", property_state="NY").lead

    [row] = branch.all(LeadReturn)
    assert (row.lead_id, row.reason, row.status, row.opened_by, row.due_on) == (
        lead, "not_our_state", "open", None, NOON.date() + timedelta(days=10),
    )  # fmt: skip
    assert table(branch)[0]["opened_by"] == "Leadbell"


def test_it_opens_once_and_may_be_dropped_by_hand(branch: Branch) -> None:
    lead = branch.arrive("zillow", property_state="NY", external_id="7").lead
    branch.arrive("zillow", property_state="NY", external_id="7")
    branch.store.transact_now(settle_lead_return, branch.press("sam", lead), "dropped", None)

    assert [row.status for row in branch.all(LeadReturn)] == ["dropped"]


@pytest.mark.parametrize(("source", "state"), [("zillow", "TX"), ("zillow", None), ("website", "NY")])
def test_where_we_are_licensed_or_do_not_know_or_nothing_is_taken_back_none_opens(branch: Branch, source: str, state: str | None) -> None:
    branch.arrive(source, property_state=state)

    assert branch.all(LeadReturn) == []


def test_a_state_that_comes_later_opens_it_too(branch: Branch) -> None:
    source = replace(branch.services.in_force.sources["zillow"], format=VENDOR)
    for state in ("TX", "NY"):
        said = parse({"lead_id": "7", "phone": "(512) 555-0142", "first_name": "Dana", "property_state": state})
        branch.store.transact_now(intake.record_arrival, intake.prepare(branch.services, source, said))

    assert [row.reason for row in branch.all(LeadReturn)] == ["not_our_state"]


def test_whom_another_vendor_sent_before_is_a_duplicate_and_the_claim_says_since_when(branch: Branch) -> None:
    lead = branch.arrive("website", external_id="w-1").lead
    branch.clock.skip(days=3)
    branch.arrive("zillow", external_id="z-1")

    [row] = table(branch)

    assert (row["lead"], row["source"], row["vendor_id"]) == (str(lead), "zillow", "z-1")
    assert (row["reason"], row["opened_by"]) == ("duplicate", "Leadbell")
    assert (row["had_since"], row["had_as"]) == (NOON.date().isoformat(), "")


def test_what_one_vendor_sold_twice_is_claimed_with_its_own_earlier_id(branch: Branch) -> None:
    branch.arrive("zillow", external_id="z-1")
    branch.arrive("zillow", external_id="z-2")

    assert [(row["vendor_id"], row["had_as"]) for row in table(branch)] == [("z-2", "z-1")]


def test_a_repeat_of_one_request_and_one_that_was_not_paid_for_are_no_duplicates(branch: Branch) -> None:
    branch.arrive("zillow", external_id="z-1")
    branch.arrive("zillow", external_id="z-1")
    branch.arrive("website")
    branch.arrive("lendingtree")

    assert branch.all(LeadReturn) == []


def test_another_person_at_the_same_phone_and_another_wish_are_no_duplicates(branch: Branch) -> None:
    branch.arrive("website")
    branch.arrive("zillow", first_name="Alex")
    branch.arrive("zillow", loan_purpose="refinance")

    assert branch.all(LeadReturn) == []


def test_whom_we_had_last_year_is_a_new_sale_though_the_lead_is_open(branch: Branch) -> None:
    lead = branch.arrive("website").lead
    branch.clock.skip(days=31)

    assert branch.arrive("zillow", external_id="z-1").lead == lead
    assert branch.all(LeadReturn) == []
    branch.arrive("zillow", external_id="z-2")

    assert [row["vendor_id"] for row in table(branch)] == ["z-2"]


def test_a_duplicate_where_we_have_no_license_is_asked_back_once(branch: Branch) -> None:
    for number in (1, 2):
        branch.arrive("zillow", property_state="NY", external_id=f"z-{number}")

    assert [row.reason for row in branch.all(LeadReturn)] == ["not_our_state", "not_our_state"]


def test_all_that_was_paid_for_a_lead_that_is_a_duplicate_itself_is_asked_back(branch: Branch) -> None:
    lead = branch.arrive("zillow", external_id="z-1").lead
    branch.claim("maya", lead)
    branch.store.transact_now(stage_lead, branch.press("maya", lead), "duplicate", True, None)
    [staged] = [event for event in branch.events(lead) if event.kind == "staged"]

    assert [(row.reason, row.status) for row in branch.all(LeadReturn)] == [("duplicate", "open")]
    assert isinstance(branch.undoes("maya", lead, staged.seq), Undone)
    assert [row.status for row in branch.all(LeadReturn)] == ["dropped"]


def test_a_stage_whose_return_was_sent_is_not_undone(branch: Branch) -> None:
    lead = branch.arrive("zillow").lead
    branch.claim("maya", lead)
    branch.store.transact_now(stage_lead, branch.press("maya", lead), "duplicate", True, None)
    [staged] = [event for event in branch.events(lead) if event.kind == "staged"]
    branch.store.transact_now(settle_lead_return, branch.press("maya", lead), "sent", None)

    assert isinstance(branch.undoes("maya", lead, staged.seq), NotUndone)
    assert [row.status for row in branch.all(LeadReturn)] == ["sent"]
