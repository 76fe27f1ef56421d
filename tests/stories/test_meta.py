"""Meta tells of leads: the event is kept and answered at once, each lead is fetched until it is here, and forms are asked for the rest."""

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.capture.meta import look_for_gaps
from bot.outreach.meta import Graph, GraphSilent
from bot.store.leads import Arrival
from bot.store.meta import PromisedLead
from bot.store.source_requests import SourceRequest
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.graph_server import ACCESS_TOKEN, CHANGES, FORM, VERIFY_TOKEN, WORDS, GraphServer, event_of, running_graph, signed
from tests.doubles.office import Office, office_at_work, tuesday
from tests.doubles.rows import rows

DANA = {"full_name": "Dana Rowe", "phone_number": "+15125550100", "email": "dana.rowe@example.com"}
LUZ = {"full_name": "Luz Vega", "phone_number": "+15125550144"}
NOON = int(tuesday(time(12)).timestamp())


@pytest_asyncio.fixture
async def graph(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GraphServer]:
    for name, word in WORDS.items():
        monkeypatch.setenv(name, word)
    async with running_graph() as running:
        yield running


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def office(request: pytest.FixtureRequest, tmp_path: Path, graph: GraphServer) -> AsyncIterator[Office]:
    """The example company with ads, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, changes=CHANGES, graph_url=graph.url) as opened:
        yield opened


async def tells(office: Office, *numbers: str, secret: str | None = None) -> int:
    body = event_of(numbers)
    headers = signed(body) if secret is None else signed(body, secret)
    async with aiohttp.ClientSession() as session, session.post(f"{office.url}/leads/facebook", data=body, headers=headers) as answer:
        return answer.status


async def leads_of(office: Office, *numbers: str) -> list[int]:
    """Our numbers for these leads, once all of them are here."""

    async def here() -> list[int] | None:
        assert office.services is not None
        known = {each.external_id: each.lead_id for each in rows(office.services.store, PromisedLead)}
        found = [lead for number in numbers if (lead := known.get(number)) is not None]
        return found if len(found) == len(numbers) else None

    return await office.until(here, f"the leads {numbers}")


async def state_of(office: Office, number: str) -> PromisedLead:
    assert office.services is not None
    [found] = [each for each in rows(office.services.store, PromisedLead) if each.external_id == number]
    return found


async def tried(office: Office, number: str, times: int) -> None:
    """Return once this lead was asked for so often, and waits for its next turn."""

    async def waits() -> bool:
        promised = await state_of(office, number)
        return promised.attempts == times and promised.lease_until is None

    await office.until(waits, f"{times} tries to fetch {number}")


async def shakes_hands(office: Office, source: str, **asked: str) -> tuple[int, str]:
    named = {f"hub.{name}": value for name, value in asked.items()}
    async with aiohttp.ClientSession() as session, session.get(f"{office.url}/leads/{source}", params=named) as answer:
        return answer.status, await answer.text()


async def test_the_handshake_gives_the_challenge_back_to_who_knows_the_word(office: Office) -> None:
    assert await shakes_hands(office, "facebook", mode="subscribe", challenge="1158201444", verify_token=VERIFY_TOKEN) == (
        200,
        "1158201444",
    )
    assert (await shakes_hands(office, "facebook", mode="subscribe", challenge="1", verify_token="another"))[0] == 403
    assert (await shakes_hands(office, "facebook", mode="other", challenge="1", verify_token=VERIFY_TOKEN))[0] == 403
    assert (await shakes_hands(office, "website", mode="subscribe", challenge="1", verify_token=VERIFY_TOKEN))[0] == 405


async def test_one_event_tells_of_two_leads_and_both_ring_once_however_often_it_comes(office: Office, graph: GraphServer) -> None:
    graph.has("101", {**DANA, "how_soon": "right away"})
    graph.has("102", LUZ)

    assert [await tells(office, "101", "102"), await tells(office, "101", "102")] == [200, 200]

    dana, luz = await leads_of(office, "101", "102")
    await office.card_of(dana)
    await office.card_of(luz)
    assert await tells(office, "102", "101") == 200
    assert office.services is not None
    arrivals = rows(office.services.store, Arrival)
    assert sorted(str(arrival.external_id) for arrival in arrivals) == ["101", "102"]
    assert sorted(graph.asked) == ["101", "102"]


@pytest.mark.fault(61)
async def test_an_event_that_somebody_else_signed_is_refused_unread(office: Office, graph: GraphServer) -> None:
    graph.has("101", DANA)

    assert await tells(office, "101", secret="another-secret-of-an-app") == 401

    assert office.services is not None
    assert rows(office.services.store, PromisedLead) == []


async def test_a_lead_that_cannot_be_fetched_now_is_fetched_later_and_who_runs_leadbell_hears_of_it(
    office: Office, graph: GraphServer
) -> None:
    graph.has("101", DANA)
    graph.refuses = 190
    with capture_logs() as logged:
        await tells(office, "101")
        await tried(office, "101", 1)
        await office.skip(minutes=6)
        await tried(office, "101", 2)
    await office.is_told("sam", "Facebook", "cannot be fetched")

    graph.refuses = None
    await office.skip(minutes=1)

    [lead] = await leads_of(office, "101")
    await office.card_of(lead)
    assert "Dana" not in f"{logged}" and "the-token" not in f"{logged}"


@pytest.mark.parametrize("says", ["<html>Sorry, something went wrong.</html>", '{"error": {"code": 2}}', '{"id": "999"}', "{}", "[]"])
async def test_an_answer_that_is_no_lead_is_asked_for_again_however_well_it_is_sent(office: Office, graph: GraphServer, says: str) -> None:
    graph.has("101", DANA)
    graph.says_instead = says
    await tells(office, "101")
    await tried(office, "101", 1)

    graph.says_instead = None
    await office.skip(minutes=1)

    assert await leads_of(office, "101")
    assert {request.state for request in office.all(SourceRequest)} == {"kept"}


@pytest.mark.parametrize("says", ["<html>Sorry, something went wrong.</html>", '{"error": {"code": 2}}', '{"data": null}', "{}"])
async def test_a_list_that_is_none_ends_no_look_at_a_form(graph: GraphServer, says: str) -> None:
    graph.says_instead = says
    asking = Graph(graph.url)
    try:
        with pytest.raises(GraphSilent):
            await asking.leads_since(FORM, tuesday(time(12)), ACCESS_TOKEN)
    finally:
        await asking.close()


async def test_a_lead_is_given_up_after_a_week_and_owed_again_when_it_is_told_of_again(office: Office, graph: GraphServer) -> None:
    graph.away = True
    await tells(office, "101")
    await tried(office, "101", 1)
    await office.skip(days=7)
    await office.is_told("sam", "Facebook", "given up")

    graph.away = False
    graph.has("101", DANA)
    await tells(office, "101")

    await leads_of(office, "101")


async def test_a_lead_that_nobody_could_call_back_waits_with_who_runs_leadbell(office: Office, graph: GraphServer) -> None:
    graph.has("101", {"full_name": "Dana Rowe"})

    await tells(office, "101")

    async def given_up() -> bool:
        return (await state_of(office, "101")).gave_up_because == "not_understood"

    await office.until(given_up, "a lead that is not fetched any more")
    assert [request.state for request in office.all(SourceRequest)] == ["unread"]


async def test_the_lead_of_metas_testing_tool_rings_nowhere(office: Office, graph: GraphServer) -> None:
    graph.has("101", {"full_name": "<test lead: dummy data for full_name>", "email": "test@meta.example"})

    await tells(office, "101")

    await office.is_told("sam", "Facebook", "The test lead arrived")
    assert office.services is not None
    assert rows(office.services.store, Arrival) == []


async def test_forms_are_asked_for_leads_of_which_no_event_told_since_they_were_first_looked_at(office: Office, graph: GraphServer) -> None:
    assert office.services is not None
    asking = Graph(graph.url)
    graph.has("100", {"full_name": "Old Lead", "phone_number": "+15125550199"}, created=NOON - 7200)
    await look_for_gaps(office.services, asking)
    for at, number in enumerate(("101", "102", "103")):
        graph.has(number, {"full_name": f"Dana {number}", "phone_number": f"+1512555014{at}"}, created=NOON + 60)
    graph.away = True
    await look_for_gaps(office.services, asking)
    await office.is_told("sam", "Facebook", "forms cannot be looked through")

    graph.away = False
    await look_for_gaps(office.services, asking)
    await look_for_gaps(office.services, asking)

    await leads_of(office, "101", "102", "103")
    assert sorted(each.external_id for each in rows(office.services.store, PromisedLead)) == ["101", "102", "103"]
    assert sorted(graph.asked) == ["101", "102", "103"]
    await asking.close()
