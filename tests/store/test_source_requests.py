"""Requests are kept as they came and can be read again once their reader is mended; what holds a private number is kept nowhere."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from bot.capture import intake
from bot.capture.intake import Received
from bot.capture.pinging import take_post
from bot.capture.source_requests import Replayed, add_unread, as_it_came, keep_unread, replay
from bot.rules.pinging import Bid, Terms, write_word
from bot.scheduling.house_keeping import keep_house
from bot.services import Services
from bot.sources.formats import FORMATS, VENDOR
from bot.sources.mapping import IGNORED, FieldMap
from bot.sources.request import LeadRequest
from bot.sources.unreadable import FieldError
from bot.store.contacts import ContactPoint
from bot.store.leads import Arrival, Borrower, Lead
from bot.store.source_requests import SourceRequest
from tests.doubles.branch import Branch
from tests.doubles.held import held, wait_until_one_waits

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MISREAD = {"id": "7", "phone": "(512) 555-0100", "first_name": "Dana", "q12": "310000"}
NOT_UNDERSTOOD = {"id": "8", "tel_a": "(512) 555-0142", "first_name": "Tom"}
MENDED = FieldMap({"q12": "loan_amount", "tel_a": "phone"})


def asked(fields: dict[str, str]) -> LeadRequest:
    return LeadRequest({"content-type": "application/json"}, {}, orjson.dumps(fields))


def mend(services: Services) -> None:
    """The operator's mapping names what was not named before."""
    source = replace(services.in_force.sources["zillow"], map=MENDED, format=VENDOR)
    services.in_force = replace(services.in_force, sources={**services.in_force.sources, "zillow": source})


def unread_row(services: Services, source_id: int, digest: str) -> dict[str, Any]:
    return {
        "source_id": source_id, "received_at": services.clock.now(), "content_type": None, "body": b"?", "digest": digest,
        "state": "unread", "problems": [], "told_seq": None, "lead_id": None, "arrival_id": None,
    }  # fmt: skip


async def come_in(services: Services) -> int:
    """Two requests: one is misread, the other not understood at all; the number of the lead of the first."""
    source = services.in_force.sources["zillow"]
    (lead,) = source.format.read(asked(MISREAD), source.map)
    received = await intake.receive(services, source, lead, as_it_came(services, source, asked(MISREAD), lead))
    assert isinstance(received, Received)
    await keep_unread(services, source, asked(NOT_UNDERSTOOD), [FieldError("missing", "phone", "")])
    return received.lead


async def read_again(services: Services, *, dry_run: bool = False) -> tuple[Replayed, list[str]]:
    said: list[str] = []
    return await replay(services, "zillow", LONG_AGO, said.append, dry_run=dry_run), said


async def test_a_mended_reader_corrects_a_lead_and_finds_another(branch: Branch) -> None:
    lead = await come_in(branch.services)
    mend(branch.services)

    done, said = await read_again(branch.services)

    assert (done.read, done.changed, done.made) == (2, 1, 1)
    assert said[0] == f"#{lead} learns what was misread before."
    first, second = branch.all(Lead)
    assert first.details["loan_amount_low"] == 310_000 and second.id != lead
    assert [request.state for request in branch.all(SourceRequest)] == ["kept", "made"]


def test_of_two_first_requests_at_one_instant_one_message_tells(replicated: Branch) -> None:
    source = replicated.services.in_force.sources["zillow"]
    rows = [unread_row(replicated.services, source.id, digest) for digest in ("a", "b")]
    with ThreadPoolExecutor(1) as aside, held(replicated.store) as first:
        add_unread(first, rows[0], source.label, "salt")
        second = aside.submit(replicated.store.transact_now, add_unread, rows[1], source.label, "salt")
        wait_until_one_waits(replicated.store)
        first.commit()
        second.result()
    told = [posting for posting in replicated.postings("notice") if posting.topic == "request_unread"]
    assert len(told) == len({posting.place_id for posting in told})
    assert len({request.told_seq for request in replicated.all(SourceRequest)}) == 1


async def test_a_dry_run_says_so_and_changes_nothing(branch: Branch) -> None:
    await come_in(branch.services)
    mend(branch.services)

    done, said = await read_again(branch.services, dry_run=True)

    assert (done.changed, done.made, len(said)) == (1, 1, 2)
    assert branch.count(Lead) == 1 and "loan_amount_low" not in branch.all(Lead)[0].details


async def test_read_once_more_nothing_is_left_to_do(branch: Branch) -> None:
    await come_in(branch.services)
    mend(branch.services)
    await read_again(branch.services)

    done, said = await read_again(branch.services)

    assert (done.read, done.unchanged, said) == (1, 1, []) and branch.count(Arrival) == 2


async def test_what_a_source_said_last_is_what_is_read_again(branch: Branch) -> None:
    await come_in(branch.services)
    mend(branch.services)
    source = replace(branch.services.in_force.sources["zillow"], map=FieldMap())
    for words in ({**MISREAD, "property_city": "Austin"}, {**MISREAD, "property_city": "Waco"}):
        (lead,) = source.format.read(asked(words), source.map)
        await intake.receive(branch.services, source, lead, as_it_came(branch.services, source, asked(words), lead))

    await read_again(branch.services)

    first = branch.all(Lead)[0].details
    assert (first["property_city"], first["loan_amount_low"]) == ("Waco", 310_000)


async def test_a_name_that_was_misread_is_mended(branch: Branch) -> None:
    source = replace(branch.services.in_force.sources["zillow"], map=FieldMap({"last_name": "first_name", "first_name": "last_name"}))
    (lead,) = source.format.read(asked({**MISREAD, "last_name": "Rowe"}), source.map)
    await intake.receive(branch.services, source, lead, as_it_came(branch.services, source, asked({**MISREAD, "last_name": "Rowe"}), lead))

    await read_again(branch.services)

    (borrower,) = branch.all(Borrower)
    assert (borrower.first_name, borrower.last_name) == ("Dana", "Rowe")


async def test_of_several_in_one_request_none_learns_what_another_said(branch: Branch) -> None:
    prospect = "<prospect><customer><contact><name>{}</name>{}</contact></customer></prospect>"
    two = prospect.format("Tom", "<tel_a>5125550142</tel_a>") + prospect.format("Dana", "<phone>5125550100</phone>")
    came = LeadRequest({"content-type": "text/xml"}, {}, f"<adf>{two}</adf>".encode())
    source = replace(branch.services.in_force.sources["zillow"], format=FORMATS["adf"])
    (dana,) = source.format.read(came, source.map)
    await intake.receive(branch.services, source, dana, as_it_came(branch.services, source, came, dana))
    mended = replace(source, map=FieldMap({"contact.tel_a": "phone"}))
    assert [lead.first_name for lead in mended.format.read(came, mended.map)] == ["Tom", "Dana"]
    branch.services.in_force = replace(branch.services.in_force, sources={"zillow": mended})

    await read_again(branch.services)

    assert [borrower.first_name for borrower in branch.all(Borrower)] == ["Dana"] and branch.count(ContactPoint) == 1


async def test_what_was_refused_to_its_seller_is_no_lead_when_it_is_read_again(branch: Branch) -> None:
    source = replace(branch.services.in_force.sources["zillow"], ping=Terms((Bid(40),)))
    branch.services.in_force = replace(branch.services.in_force, sources={"zillow": source})
    await take_post(branch.services, source, asked(MISREAD), source.format.read(asked(MISREAD), source.map)[0])

    done, _ = await read_again(branch.services)

    assert (done.made, done.still_unread) == (0, 1) and branch.count(Lead) == 0


async def test_what_was_bought_by_a_ping_is_as_before_when_it_is_read_again(branch: Branch) -> None:
    source = replace(branch.services.in_force.sources["zillow"], ping=Terms((Bid(40),)))
    branch.services.in_force = replace(branch.services.in_force, sources={"zillow": source})
    word, _ = write_word(branch.services.hash_key, source.id, 40, branch.clock.now(), 7)
    post = asked({"phone": "(512) 555-0100", "first_name": "Dana", "ping_id": word})
    await take_post(branch.services, source, post, source.format.read(post, source.map)[0])

    done, _ = await read_again(branch.services)

    assert (done.read, done.unchanged) == (1, 1) and branch.all(Arrival)[0].price == 40


@pytest.mark.parametrize("private", [{"ssn": "123-45-6789"}, {"dob": "1/2/1980"}, {"notes": "my social is 123-45-6789"}])
async def test_what_held_a_private_number_is_not_kept_as_it_came(branch: Branch, private: dict[str, str]) -> None:
    source = branch.services.in_force.sources["zillow"]
    (lead,) = source.format.read(asked({**MISREAD, **private}), source.map)

    assert as_it_came(branch.services, source, asked({**MISREAD, **private}), lead) is None


async def test_what_is_not_understood_is_kept_without_such_a_number(branch: Branch) -> None:
    source = branch.services.in_force.sources["zillow"]
    await keep_unread(branch.services, source, asked({"first_name": "Tom", "ssn": "123-45-6789"}), [])

    assert b"6789" not in branch.all(SourceRequest)[0].body and b"Tom" in branch.all(SourceRequest)[0].body


@pytest.mark.parametrize(
    "body",
    [
        b'{"first_name": "Tom", "borrower_ssn": "123456789"}',
        b'{"first_name": "Tom", "coBorrowerSSN" : 123456789}',
        b'{"first_name": "Tom", "ssn": {"value": "123456789"}}',
        b'{"first_name": "Tom", "user_column_data": [{"column_id": "APPLICANT_SSN", "string_value": "123456789"}]}',
        b'{"first_name": "Tom", "field_data": [{"name": "borrower_ssn", "values": ["123456789"]}]}',
        b"first_name=Tom&borrower_ssn=123%2D45%2D6789&state=TX",
        b"first_name=Tom&borrower%5Bssn%5D=123456789&state=TX",
        b"first_name=Tom&comments=my+SSN%3A+123+45+6789",
        b"<lead><first_name>Tom</first_name><BorrowerSSN>123456789</BorrowerSSN></lead>",
        b"<lead><first_name>Tom</first_name><BorrowerSSN kind='x'>123456789</BorrowerSSN></lead>",
        b"<lead first_name='Tom' co_ssn='123456789'/>",
        b'--b\r\nContent-Disposition: form-data; name="borrower_ssn"\r\n\r\n123456789\r\n--b\r\nTom--b--',
        '{"first_name": "Tom", "borrower_ssn": "123456789"}'.encode("utf-16"),
        b'{"first_name": "Tom", "date_of_birth": "03/02/1956789"}',
        b'{"first_name": "Tom", "google_key": "a secret 6789"}',
    ],
)
async def test_what_is_not_understood_is_kept_without_what_a_name_says_is_private(branch: Branch, body: bytes) -> None:
    source = branch.services.in_force.sources["zillow"]
    await keep_unread(branch.services, source, LeadRequest({}, {}, body), [])

    kept = branch.all(SourceRequest)[0].body
    assert b"6789" not in kept and b"Tom" in kept


@pytest.mark.parametrize("name", ["ssn", "borrower_ssn"])
async def test_a_private_number_that_nobody_needs_is_not_kept_as_it_came_either(branch: Branch, name: str) -> None:
    source = replace(branch.services.in_force.sources["zillow"], map=FieldMap({name: IGNORED}))
    came = asked({**MISREAD, name: "123456789"})
    (lead,) = source.format.read(came, source.map)

    assert as_it_came(branch.services, source, came, lead) is None


@pytest.mark.parametrize("of_tom", ["<co_ssn>123456789</co_ssn>", "<phone>5125550142</phone><co_ssn>123456789</co_ssn>"])
async def test_one_private_number_is_enough_whoever_of_several_it_is_of(branch: Branch, of_tom: str) -> None:
    prospect = "<prospect><customer><contact><name>{}</name>{}</contact></customer></prospect>"
    came = LeadRequest(
        {}, {}, f"<adf>{prospect.format('Dana', '<phone>5125550100</phone>')}{prospect.format('Tom', of_tom)}</adf>".encode()
    )
    source = replace(branch.services.in_force.sources["zillow"], format=FORMATS["adf"])
    dana = source.format.read(came, source.map)[0]

    assert as_it_came(branch.services, source, came, dana) is None


async def test_what_is_longer_than_any_lead_is_not_kept_as_it_came(branch: Branch) -> None:
    source = branch.services.in_force.sources["zillow"]
    came = asked({**MISREAD, "notes": "ssn " * 20_000})
    (lead,) = source.format.read(came, source.map)

    assert as_it_came(branch.services, source, came, lead) is None


async def test_a_multipart_form_that_was_not_understood_can_be_read_again(branch: Branch) -> None:
    part = '--b\r\nContent-Disposition: form-data; name="tel_a"\r\n\r\n(512) 555-0142\r\n--b--\r\n'
    source = branch.services.in_force.sources["zillow"]
    await keep_unread(branch.services, source, LeadRequest({"content-type": "multipart/form-data; boundary=b"}, {}, part.encode()), [])
    mend(branch.services)

    done, _ = await read_again(branch.services)

    assert done.made == 1


async def test_after_ninety_days_they_are_forgotten(branch: Branch) -> None:
    await come_in(branch.services)
    branch.clock.skip(days=90)
    await keep_house(branch.services)
    assert branch.count(SourceRequest) == 2

    branch.clock.skip(seconds=1)
    await keep_house(branch.services)

    assert branch.count(SourceRequest) == 0 and branch.count(Lead) == 1
