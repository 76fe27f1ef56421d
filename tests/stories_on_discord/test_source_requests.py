"""A request that nobody understood, in Discord: looked at on a screen, made a lead, or set aside."""

import orjson

from bot.capture.source_requests import keep_unread
from bot.capture.source_tests import show_test
from bot.sources.generic import parse
from bot.sources.request import LeadRequest
from bot.sources.unreadable import FieldError
from bot.sources.vendors_test import VendorsTest
from bot.store.leads import Lead
from tests.doubles.discord_office import DiscordOffice, ids_of, read
from tests.doubles.rows import rows


async def not_understood(office: DiscordOffice) -> None:
    body = orjson.dumps({"first_name": "Dana", "notes": "call me"})
    asked = LeadRequest({"content-type": "application/json"}, {}, body)
    await keep_unread(office.services, office.services.in_force.sources["website"], asked, [FieldError("missing", "phone", "")])


async def test_it_becomes_a_lead_by_hand(office: DiscordOffice) -> None:
    await not_understood(office)
    told = await office.is_told("sam", "Website sent 1 request that I can't read: there is no phone and no email in it.")

    opened = await office.presses("sam", told, "look_at_request")
    answer = await office.fills_in("sam", opened, first_name="Dana", last_name="", phone="(512) 555-0100", email="", comments="call me")

    assert "#1001 is made." in answer
    await office.card_of(1001)
    await office.is_told("sam", "Whatever Website sent that I couldn't read is settled: #1001.")


async def test_a_vendors_test_is_shown(office: DiscordOffice) -> None:
    await show_test(office.services, office.services.in_force.sources["website"], VendorsTest(parse({"phone": "(512) 555-0142"})))

    await office.is_told("sam", "A test from Website arrived and was read: phones. It is no lead, and rang for nobody.")


async def test_it_is_set_aside(office: DiscordOffice) -> None:
    await not_understood(office)

    pressed = await office.presses("sam", await office.is_told("sam", "that I can't read"), "set_request_aside")

    await office.is_told("sam", "Whatever Website sent that I couldn't read is settled.")
    assert rows(office.services.store, Lead) == []
    undone = await office.presses("sam", office.answer_of(pressed), "take_request_up")
    assert "Undone: the request waits again" in read(office.answer_of(undone))
    told = await office.is_told("sam", "Website sent 1 request that I can't read")
    assert {"lb:look_at_request", "lb:set_request_aside"} == {each.rpartition(":0:")[0] for each in ids_of(told)}
