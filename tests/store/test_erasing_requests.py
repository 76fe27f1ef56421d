"""Who is erased is gone from what sources sent and nobody understood too, also who stands nowhere else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.capture.source_requests import keep_unread, put_aside, settle_replayed
from bot.oversight.erasing import Asked, ChangedMeanwhile, NobodyFound, erase_subject, find_subject
from bot.rules.phones import MASKED
from bot.sources.request import LeadRequest
from bot.sources.unreadable import FieldError
from bot.store import source_requests
from bot.store.contacts import ContactPoint
from bot.store.database import Store
from bot.store.erasing import Erased
from bot.store.installation import prepare
from bot.store.postings import Posting
from bot.store.sealing import Seal
from bot.store.source_requests import SourceRequest
from tests.conftest import COMPANY, NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store
from tests.doubles.held import held, wait_until_one_waits

PHONE, EMAIL = "+15125550142", "dana@example.com"
BROKEN = b'{"external_id":"a4","first_name":"Dana","phone":"512-555-0142"'
OTHERS = b'{"external_id":"a5","first_name":"Petra","phone":"512-555-0143"'


async def comes_unread(branch: Branch, *bodies: bytes) -> None:
    source = branch.services.in_force.sources["website"]
    for body in bodies:
        await keep_unread(branch.services, source, LeadRequest({}, {}, body), [FieldError("broken", "body", "")])


def erase(branch: Branch, asked: Asked) -> Erased:
    key = branch.services.hash_key
    meant = branch.store.read_now(find_subject, key, asked)
    return branch.store.transact_now(erase_subject, key, asked, meant, NOON, "salt")


def bodies(branch: Branch) -> list[bytes]:
    return [request.body for request in branch.all(SourceRequest)]


@pytest.mark.parametrize("by", ["lead", "phone", "email"])
async def test_what_nobody_could_read_goes_with_the_person_and_what_is_others_stays(branch: Branch, by: str) -> None:
    await comes_unread(branch, BROKEN, b"email=dana%40example.com&", OTHERS)
    number = branch.new_lead(first_name="Dana", phone=PHONE, email=EMAIL)
    asked = {"lead": Asked(lead=number), "phone": Asked(phone="512-555-0142"), "email": Asked(email=EMAIL)}[by]

    done = erase(branch, asked)

    assert (done.leads, done.requests) == (1, 2)
    assert bodies(branch) == [OTHERS]
    with pytest.raises(NobodyFound):
        branch.store.read_now(find_subject, branch.services.hash_key, Asked(phone=PHONE))


async def test_who_stands_in_nothing_else_is_erased_there(branch: Branch) -> None:
    await comes_unread(branch, BROKEN, OTHERS)

    done = erase(branch, Asked(phone="(512) 555-0142"))

    assert (done.borrowers, done.leads, done.requests) == (0, 0, 1)
    assert bodies(branch) == [OTHERS]


async def test_what_a_person_set_aside_goes_too(branch: Branch) -> None:
    await comes_unread(branch, BROKEN)
    branch.store.transact_now(put_aside, branch.press("sam", 0), branch.all(SourceRequest)[0].id or 0)
    assert branch.all(SourceRequest)[0].state == "set_aside"

    assert erase(branch, Asked(phone=PHONE)).requests == 1
    assert bodies(branch) == []


async def test_the_message_that_tells_of_it_is_drawn_again(branch: Branch) -> None:
    await comes_unread(branch, BROKEN)
    before = {posting.id: posting.wanted_version for posting in branch.all(Posting) if posting.topic == "request_unread"}

    erase(branch, Asked(phone=PHONE))

    after = {posting.id: posting.wanted_version for posting in branch.all(Posting) if posting.topic == "request_unread"}
    assert before and all(after[each] > version for each, version in before.items())


async def test_they_are_looked_through_page_by_page(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_requests, "LOOKED_THROUGH_AT_ONCE", 2)
    await comes_unread(branch, *(BROKEN + b" " * each for each in range(3)), OTHERS, BROKEN + b",")

    assert erase(branch, Asked(phone=PHONE)).requests == 4
    assert bodies(branch) == [OTHERS]


async def test_where_another_came_meanwhile_nothing_is_erased(branch: Branch) -> None:
    await comes_unread(branch, BROKEN)
    asked, key = Asked(phone=PHONE), branch.services.hash_key
    counted = branch.store.read_now(find_subject, key, asked)
    await comes_unread(branch, BROKEN + b",")

    with pytest.raises(ChangedMeanwhile):
        branch.store.transact_now(erase_subject, key, asked, counted, NOON, "salt")
    assert len(bodies(branch)) == 2


async def test_where_somebody_makes_a_lead_of_it_at_that_moment_nothing_is_erased(replicated: Branch) -> None:
    await comes_unread(replicated, BROKEN)
    [request] = replicated.all(SourceRequest)
    asked, key = Asked(phone=PHONE), replicated.services.hash_key
    counted = replicated.store.read_now(find_subject, key, asked)
    lead = replicated.new_lead(phone="512-555-0143")

    with ThreadPoolExecutor(1) as aside, held(replicated.store) as makes:
        settle_replayed(makes, request.id or 0, lead)
        erases = aside.submit(replicated.store.transact_now, erase_subject, key, asked, counted, NOON, "salt")
        wait_until_one_waits(replicated.store)
        makes.commit()
        with pytest.raises(ChangedMeanwhile):
            erases.result()


async def test_sealed_bodies_are_opened_to_be_looked_through(kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    plain = fresh_store(kind, tmp_path_factory.mktemp("store"), COMPANY)
    plain.close()
    store = Store(plain.url.render_as_string(hide_password=False), Seal("the key that an operator made, of some length"))
    store.transact_now(prepare, "00" * 32, NOON)
    branch = Branch(store, NOON)
    await comes_unread(branch, BROKEN, OTHERS)

    assert erase(branch, Asked(phone=PHONE)).requests == 1
    assert bodies(branch) == [OTHERS]
    store.close()


async def test_a_number_that_only_forwards_counts_where_it_is_typed_alone(branch: Branch) -> None:
    number = branch.new_lead(first_name="Dana", phone=PHONE, email=EMAIL)
    only_forwards = update(ContactPoint).where(col(ContactPoint.kind) == "phone").values(phone_kind=MASKED)
    branch.store.transact_now(lambda session: session.connection().execute(only_forwards) and None)
    await comes_unread(branch, BROKEN)
    key = branch.services.hash_key

    assert branch.store.read_now(find_subject, key, Asked(lead=number)).requests == ()
    assert len(branch.store.read_now(find_subject, key, Asked(phone=PHONE)).requests) == 1
