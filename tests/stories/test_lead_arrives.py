"""A lead comes in over HTTP: it rings in the team's channel, or the sender is told what to do."""

import io
import logging
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
import structlog

from bot.capture.source_requests import replay
from bot.store.source_requests import SourceRequest
from tests.doubles.databases import closed_to_everybody
from tests.doubles.office import DANA, KEY, Office
from tests.doubles.shown import buttons, words
from tests.doubles.workplace import SOUTH
from tests.stories.conftest import OpenOffice

HOME = {name: DANA[name] for name in ("first_name", "phone")}


async def test_a_lead_by_json_gets_its_number(office: Office) -> None:
    status, answer, _ = await office.post(json=DANA)

    assert (status, answer) == (200, {"lead": 1001, "duplicate": False})


async def test_the_card_says_in_two_lines_what_is_wanted_and_who_wants_it(office: Office) -> None:
    lead = await office.lead_arrives("zillow", best_time="now")

    lines = words(await office.card_of(lead)).splitlines()

    assert lines[:2] == [
        "A, purchase $310k, Austin TX, this month",
        "Dana R., wants a call now, callable till 8 pm CT, Zillow",
    ]


async def test_a_fresh_card_can_be_claimed_or_passed(office: Office) -> None:
    lead = await office.lead_arrives()

    assert buttons(await office.card_of(lead)) == ["Claim", "Pass"]


async def test_the_push_text_is_the_two_lines(office: Office) -> None:
    lead = await office.lead_arrives("zillow")

    card = await office.card_of(lead)

    assert card["text"].splitlines() == ["A, purchase $310k, Austin TX, this month", "Dana R., callable till 8 pm CT, Zillow"]


async def test_a_form_is_as_good_as_json(office: Office) -> None:
    status, answer, _ = await office.post(data=DANA)

    assert (status, answer) == (200, {"lead": 1001, "duplicate": False})
    assert "Dana R." in words(await office.card_of(1001))


async def test_a_vendor_who_cannot_send_headers_puts_the_key_in_the_address(office: Office) -> None:
    status, _, _ = await office.post(params={"key": KEY}, json=DANA)

    assert status == 200


async def test_a_lead_rings_in_its_source_s_team_alone(office: Office) -> None:
    lead = await office.lead_arrives("partner")

    await office.card_of(lead, SOUTH)

    assert await office.cards_of(lead) == []


async def test_the_same_request_again_gets_the_same_answer_and_no_second_card(office: Office) -> None:
    first = await office.post(json={**DANA, "id": "z-1"})
    again = await office.post(json={**DANA, "id": "z-1"})

    assert first[:2] == again[:2]
    other = await office.lead_arrives(first_name="Omar", phone="(512) 555-0177", email=None)
    await office.card_of(other)
    await office.card_of(1001)
    assert len(await office.cards_of(1001)) == 1


async def test_an_unknown_source_is_told_where_its_name_belongs(office: Office) -> None:
    status, answer, _ = await office.post("bankrate", json=DANA)

    assert status == 404
    assert answer["errors"][0]["type"] == "unknown_source"


@pytest.mark.parametrize(
    "request_",
    [{"headers": {}}, {"headers": {"Authorization": "Bearer wrong"}}, {"headers": {"Authorization": KEY}}, {"params": {"key": "x"}}],
)
async def test_a_wrong_key_is_refused(office: Office, request_: dict[str, Any]) -> None:
    status, answer, headers = await office.post(json=DANA, **request_)

    assert status == 401
    assert answer["errors"][0]["type"] == "unauthorized"
    assert headers["WWW-Authenticate"] == "Bearer"


async def test_a_lead_that_nobody_can_reach_is_refused_with_every_reason(office: Office) -> None:
    status, answer, _ = await office.post(json={"first_name": "Dana", "phone": "12", "email": "nowhere"})

    assert status == 422
    assert [(error["type"], error["field"]) for error in answer["errors"]] == [("invalid", "phone"), ("invalid", "email")]


async def test_a_body_that_is_no_json_is_refused(office: Office) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}

    status, answer, _ = await office.post(data=b"{", headers=headers)

    assert status == 422
    assert answer["errors"][0]["field"] == "body"


async def test_a_body_larger_than_a_lead_can_be_is_refused(office: Office) -> None:
    body = io.BytesIO(orjson.dumps({**DANA, "comments": "x" * 1_100_000}))

    status, _, _ = await office.post(data=body, headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})

    assert status == 413


async def test_a_kind_of_body_that_we_cannot_read_is_refused(office: Office) -> None:
    status, _, _ = await office.post(data=b"<lead/>", headers={"Authorization": f"Bearer {KEY}", "Content-Type": "text/html"})

    assert status == 415


@pytest.mark.fault(2)
async def test_another_lead_under_a_known_id_is_a_conflict_that_names_the_first(office: Office) -> None:
    await office.post(json={**DANA, "id": "z-1"})

    status, answer, _ = await office.post(json={**DANA, "id": "z-1", "loan_amount": "99000"})

    assert (status, answer["lead"]) == (409, 1001)
    await office.told("sam", "Website sent 1 request that I can't read: its id came before with other words.", "Look at it")


async def test_whoever_comes_under_the_id_of_another_is_lost_to_nobody(office: Office) -> None:
    await office.post(json={**DANA, "id": "the-form"})
    tom = {"first_name": "Tom", "phone": "(512) 555-0177", "id": "the-form"}
    assert [(await office.post(json=tom))[0] for _ in range(2)] == [409, 409]
    await office.told("sam", "Website sent 1 request")
    assert office.services is not None
    done = await replay(office.services, "website", datetime(2020, 1, 1, tzinfo=UTC), print, dry_run=False)
    assert (done.made, done.still_unread) == (0, 1), "which of the two is meant a person decides"

    await office.presses_in_direct("sam", "Look at it", 0)
    await office.fills_in("sam", first_name="Tom", phone="(512) 555-0177")

    await office.screen_of("sam", says="#1002 is made. It rings like any other.")
    assert (await office.post(json=tom))[0] == 409
    assert [request.state for request in office.all(SourceRequest) if request.told_seq] == ["made"], "it is decided about once"


async def test_a_source_that_uses_our_name_for_a_request_as_its_own_id_keeps_nobody_from_making_a_lead(office: Office) -> None:
    await office.post(json={**DANA, "id": "request-2"})
    await office.post(json={"first_name": "Tom", "notes": "no number"})
    await office.told("sam", "Website sent 1 request")
    assert [request.id for request in office.all(SourceRequest) if request.told_seq] == [2]

    await office.presses_in_direct("sam", "Look at it", 0)
    await office.fills_in("sam", first_name="Tom", phone="(512) 555-0177")

    await office.screen_of("sam", says="#1002 is made. It rings like any other.")


@pytest.mark.fault(78)
async def test_a_source_that_sends_too_much_is_told_when_to_go_on(changed_office: OpenOffice) -> None:
    async with changed_office({"max_per_minute: 1200            #": "max_per_minute: 3 #"}) as office:
        answers = [await office.post("zillow", json={**HOME, "id": str(number)}) for number in range(7)]  # may span two minutes

        status, _, headers = next(each for each in answers if each[0] != 200)

        assert status == 429
        assert 0 < int(headers["Retry-After"]) <= 60
        assert (await office.post(json=DANA))[0] == 200  # the others are not held up


@pytest.mark.fault(6)
async def test_while_the_store_is_away_senders_are_told_to_come_back_and_then_it_works(office_on_postgresql: Office) -> None:
    office = office_on_postgresql
    assert office.services is not None
    with closed_to_everybody(office.services.store):
        status, answer, headers = await office.post(json=DANA)

        assert (status, answer["errors"][0]["type"]) == (503, "unavailable")
        assert int(headers["Retry-After"]) > 0
        assert (await office.get("/readyz"))[1] == {"ready": False, "reasons": ["the store is away"]}
    lead = await office.lead_arrives()
    await office.card_of(lead)


async def test_the_key_never_stands_in_our_logs(
    office: Office, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(0)
    # pytest listens to a logger that tells nobody too, and uvicorn takes that for somebody who wants its access log.
    monkeypatch.setattr(logging.getLogger("uvicorn.access"), "handlers", [])
    with structlog.testing.capture_logs() as ours:
        await office.post(params={"key": KEY}, json=DANA)
        await office.post(params={"key": f"{KEY}-wrong"}, json=DANA)
        await office.post("bankrate", params={"key": KEY}, json=DANA)

    written = capfd.readouterr()
    from_server = [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")]
    assert KEY not in f"{ours}{written.out}{written.err}{from_server}"


async def test_a_lead_with_a_very_long_id_is_kept_too(office_on_postgresql: Office) -> None:
    id_of_3000_bytes = "".join(map(chr, range(0x4E00, 0x4E00 + 1000)))

    lead = await office_on_postgresql.lead_arrives(id=id_of_3000_bytes)

    await office_on_postgresql.card_of(lead)
