"""Whoever is erased is gone from every column and from chat; the chain stays whole, and what they closed stays closed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.conversation.relay import Sms, prepare, receive_sms
from bot.outreach.calls import judgement
from bot.outreach.reach import Reach
from bot.outreach.texts import judge_automatic
from bot.oversight.erasing import Asked, ChangedMeanwhile, NobodyFound, erase_subject, find_subject
from bot.rules.compliance import Refused
from bot.store.clocks import clocks_of
from bot.store.contacts import Consent, ContactPoint
from bot.store.erasing import Erased
from bot.store.events import Fact, append_event, broken_links
from bot.store.installation import contact_key
from bot.store.leads import Borrower, Lead, LeadBorrower, borrower_of
from bot.store.messages import lock_texts
from bot.store.outbound import Message
from bot.store.postings import Posting
from bot.store.suppressions import closed_channels, suppress
from bot.store.tables import METADATA
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.texts import AGREED

PHONE, EMAIL = "+15125559876", "zebulon@quaint.example"
ZEB: dict[str, Any] = {
    "first_name": "Zebulon",
    "last_name": "Quaint",
    "phone": "(512) 555-9876",
    "email": EMAIL,
    "comments": "ask for the purple door",
}
TRACES = ("Zebulon", "Quaint", "5125559876", "zebulon@", "purple door")


def a_lead_of_zeb(branch: Branch, **fields: Any) -> int:
    number = branch.new_lead(external_id=fields.pop("external_id", "zeb"), **{**ZEB, **fields})
    branch.claim("maya", number)
    return number


def erase(branch: Branch, asked: Asked) -> Erased:
    key = branch.services.hash_key
    meant = branch.store.transact_now(find_subject, key, asked)
    return branch.store.transact_now(erase_subject, key, asked, meant, NOON + timedelta(hours=1), "salt")


def traces(branch: Branch) -> list[str]:
    """The columns in which anything of Zeb stands."""

    def look(session: Session) -> list[str]:
        found = []
        for table in METADATA.sorted_tables:
            for row in session.connection().execute(select(table)).mappings():
                found += [f"{table.name}.{name}" for name, value in row.items() if any(trace in str(value) for trace in TRACES)]
        return sorted(set(found))

    return branch.store.transact_now(look)


@pytest.mark.parametrize("by", ["lead", "phone", "email"])
def test_nothing_of_an_erased_person_stands_anywhere(branch: Branch, by: str) -> None:
    number = a_lead_of_zeb(branch)
    assert {"borrower.first_name", "contact_point.value", "arrival.record", "lead.details"} <= set(traces(branch))

    told: dict[str, Any] = {"lead": number, "phone": "512 555 9876", "email": EMAIL.upper()}
    done = erase(branch, Asked(**{by: told[by]}))

    assert (done.borrowers, done.leads, done.kept_contacts) == (1, 1, 0)
    assert traces(branch) == []


def test_the_timelines_stay_whole_and_say_that_somebody_was_erased(branch: Branch) -> None:
    number = a_lead_of_zeb(branch)
    erase(branch, Asked(lead=number))
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []
    [erased] = [event for event in branch.events(number) if event.kind == "erased"]
    emptied = [event.seq for event in branch.events(number) if event.body_digest]
    assert (erased.actor, erased.meta, erased.body) == ("operator", {"borrowers": 1, "emptied": emptied}, None)


def test_what_was_said_of_somebody_on_a_lead_that_is_not_theirs_any_more_goes_and_that_timeline_says_so(branch: Branch) -> None:
    number, other = a_lead_of_zeb(branch), branch.new_lead(phone="(512) 555-0111")
    zeb = branch.events(number)[0].subject_id
    fact = Fact("wrote", "borrower", NOON, {}, subject_id=zeb, body={"words": "Zebulon here"})
    said = branch.store.transact_now(append_event, other, fact, "salt")

    erase(branch, Asked(lead=number))

    assert traces(branch) == []
    assert [event.meta["emptied"] for event in branch.events(other) if event.kind == "erased"] == [[said]]
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []


def test_nothing_rings_for_the_lead_any_more_and_all_that_is_shown_of_it_is_drawn_again(branch: Branch) -> None:
    number = branch.new_lead(external_id="zeb", **ZEB)
    shown_before = {posting.id: posting.wanted_version for posting in branch.all(Posting) if posting.lead_id == number}

    erase(branch, Asked(lead=number))

    assert not any(clock.runs for clock in branch.store.transact_now(clocks_of, number).values())
    [lead] = [each for each in branch.all(Lead) if each.id == number]
    assert (lead.stage, lead.details) == ("withdrawn", {})
    for posting in branch.all(Posting):
        if posting.id in shown_before:
            assert posting.wanted_version > shown_before[posting.id]
            assert posting.due_at is not None


def test_a_phone_that_somebody_else_has_too_stays_theirs(branch: Branch) -> None:
    zeb = a_lead_of_zeb(branch)
    other = branch.new_lead(first_name="Petra", last_name="Other", phone=ZEB["phone"], email="petra@example.com", external_id="petra")

    done = erase(branch, Asked(lead=zeb))

    assert done.kept_contacts == 1
    assert [contact.value for contact in branch.all(ContactPoint) if contact.kind == "phone"] == [PHONE]
    assert {borrower.first_name for borrower in branch.all(Borrower)} == {None, "Petra"}
    view = branch.view(other)
    assert view is not None and view.phones == (PHONE,)


def test_notes_on_a_lead_that_is_somebody_elses_too_stay_in_their_file_and_are_told_of(branch: Branch) -> None:
    lead = branch.new_lead(first_name="Petra", last_name="Other", phone="(512) 555-0177", email="petra@example.com")
    branch.claim("maya", lead)
    zeb = a_lead_of_zeb(branch)
    branch.store.transact_now(_signs_too, zeb, lead)
    branch.logs("maya", lead, "connected", "Her husband signs too")
    branch.logs("maya", zeb, "connected", "Wants a call on Monday")

    done = erase(branch, Asked(phone=PHONE))

    assert done.kept_notes == {lead: 1}
    assert [event.body is None for event in branch.events(lead) if event.kind == "logged"] == [False]
    assert [event.body is None for event in branch.events(zeb) if event.kind == "logged"] == [True]
    assert traces(branch) == []
    assert erase(branch, Asked(lead=lead)).kept_notes == {}
    assert [event.body for event in branch.events(lead) if event.kind == "logged"] == [None]


def _signs_too(session: Session, zeb: int, lead: int) -> None:
    """Who asked for one lead is a co-borrower of the other."""
    borrower_id = borrower_of(session, zeb)
    assert borrower_id is not None
    session.add(LeadBorrower(lead_id=lead, borrower_id=borrower_id, position=1))


def test_what_was_closed_by_stop_stays_closed_when_the_person_comes_again(branch: Branch) -> None:
    a_lead_of_zeb(branch)
    key = contact_key(branch.services.hash_key, "phone", PHONE)
    branch.store.transact_now(suppress, key, ("sms",), "opted_out", NOON)
    erase(branch, Asked(phone=PHONE))

    again = branch.new_lead(external_id="again", **ZEB)

    assert "sms" in branch.store.transact_now(closed_channels, key)
    assert again != 1001
    view = branch.view(again)
    assert view is not None and view.first_name == "Zebulon"


def test_a_number_of_our_own_do_not_call_list_stays_on_it_when_the_person_comes_again(branch: Branch) -> None:
    branch.logs("maya", a_lead_of_zeb(branch), "do_not_call")
    erase(branch, Asked(phone=PHONE))

    again = branch.view(branch.new_lead(external_id="again", **{**ZEB, **AGREED}))

    assert again is not None and again.first_name == "Zebulon"
    assert judgement(again, branch.clock.at) == Refused("call_own_do_not_call")
    reach = Reach(branch.all(ContactPoint)[0].id or 0, PHONE, contact_key(branch.services.hash_key, "phone", PHONE))
    assert branch.store.transact_now(judge_automatic, again, reach, branch.clock.at) == Refused("sms_suppressed")
    branch.passes(minutes=30)
    assert not {"ring", "offer"} & {kind for kind, _ in branch.told(again.number)}


def test_the_same_request_of_the_vendor_again_tells_the_erased_lead_nothing(branch: Branch) -> None:
    number = a_lead_of_zeb(branch)
    erase(branch, Asked(lead=number))
    branch.arrive(external_id="zeb", **ZEB)
    view = branch.view(number)
    assert view is not None and (view.first_name, view.phones) == (None, ())


def test_a_text_that_waits_does_not_leave_and_loses_its_words(branch: Branch) -> None:
    number = a_lead_of_zeb(branch)
    contact = next(each.id for each in branch.all(ContactPoint) if each.kind == "phone")
    row: dict[str, Any] = {
        "lead_id": number,
        "contact_point_id": contact,
        "channel": "sms",
        "direction": "out",
        "body": "Hi Zebulon",
        "due_at": NOON,
    }
    message = Message(**row, created_at=NOON, status="held")
    branch.store.transact_now(Session.add, message)

    done = erase(branch, Asked(lead=number))

    [left] = [each for each in branch.all(Message) if each.lead_id == number and each.channel == "sms" and each.created_at == NOON]
    assert (left.status, left.due_at, left.body, left.gave_up_because) == ("refused", None, "", "erased")
    assert done.messages >= 1


def test_where_more_is_known_than_was_counted_nothing_is_erased(branch: Branch) -> None:
    a_lead_of_zeb(branch)
    asked, key = Asked(phone=PHONE), branch.services.hash_key
    counted = branch.store.transact_now(find_subject, key, asked)
    branch.new_lead(external_id="second", **{**ZEB, "first_name": "Ada", "loan_purpose": "refinance"})
    with pytest.raises(ChangedMeanwhile):
        branch.store.transact_now(erase_subject, key, asked, counted, NOON, "salt")
    assert "borrower.first_name" in traces(branch)


@pytest.mark.parametrize("asked", [Asked(lead=9999), Asked(phone="+15125550000"), Asked(phone="nobody"), Asked(email="no@example.com")])
def test_whoever_is_not_known_is_not_erased(branch: Branch, asked: Asked) -> None:
    with pytest.raises(NobodyFound):
        branch.store.transact_now(find_subject, branch.services.hash_key, asked)


def test_other_leads_of_the_same_person_go_too_and_nothing_is_said_to_be_somebody_elses(branch: Branch) -> None:
    first = a_lead_of_zeb(branch)
    branch.new_lead(external_id="again", **{**ZEB, "loan_purpose": "refinance", "email": "zebulon@another.example"})

    done = erase(branch, Asked(lead=first))

    assert (done.leads, done.kept_contacts) == (2, 0)
    assert traces(branch) == []


def test_who_only_ever_wrote_to_us_is_erased_and_the_question_whose_words_those_are_is_taken_back(branch: Branch) -> None:
    branch.store.transact_now(receive_sms, prepare(branch.services, Sms("twilio", "SM1", PHONE, "Zebulon Quaint here")))
    [asked_before] = [posting for posting in branch.all(Posting) if posting.topic == "unplaced"][:1]

    done = erase(branch, Asked(phone=PHONE))

    assert (done.leads, done.messages) == (0, 1)
    assert traces(branch) == []
    assert [message.status for message in branch.all(Message)] == ["not_ours"]
    [asked] = [posting for posting in branch.all(Posting) if posting.id == asked_before.id]
    assert asked.wanted_version > asked_before.wanted_version


def test_words_that_may_have_been_an_opt_out_close_the_number_before_they_go(branch: Branch) -> None:
    a_lead_of_zeb(branch)
    branch.store.transact_now(receive_sms, prepare(branch.services, Sms("twilio", "SM1", PHONE, "no more please")))
    assert [message.status for message in branch.all(Message) if message.direction == "in"] == ["unclear"]

    erase(branch, Asked(phone=PHONE))

    assert [message.status for message in branch.all(Message) if message.direction == "in"] == ["opt_out"]
    closed = branch.store.transact_now(closed_channels, contact_key(branch.services.hash_key, "phone", PHONE))
    assert closed["sms"] == "opted_out"


def test_what_the_network_says_later_of_a_text_is_still_noted(branch: Branch) -> None:
    a_lead_of_zeb(branch)
    branch.store.transact_now(receive_sms, prepare(branch.services, Sms("twilio", "SM1", PHONE, "Zebulon here")))
    erase(branch, Asked(phone=PHONE))
    [text] = branch.store.transact_now(lock_texts, [message.id or 0 for message in branch.all(Message) if message.direction == "in"])
    assert (text.address, text.words) == ("", "")


def test_where_a_phone_is_shared_the_form_in_which_it_was_agreed_to_be_texted_goes_all_the_same(branch: Branch) -> None:
    zeb = a_lead_of_zeb(branch, consent="yes", consent_text="I agree to be texted", ip_address="203.0.113.7")
    branch.new_lead(first_name="Petra", last_name="Other", phone=ZEB["phone"], external_id="petra")
    assert "203.0.113.7" in {consent.ip for consent in branch.all(Consent)}

    erase(branch, Asked(lead=zeb))

    assert {consent.ip for consent in branch.all(Consent)} == {None}
