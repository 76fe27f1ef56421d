"""Teams with numbers of their own: a borrower keeps the one that first wrote to them, and replies are told apart by it."""

from typing import Any

import pytest

from bot.calls.calling_us import Came, receive_call
from bot.calls.on_the_line import Connects
from bot.conversation.texting import Texting, look_at
from bot.outreach.network import Known
from bot.store.calls import Call
from bot.store.contacts import Reachable
from bot.store.installation import contact_key
from bot.store.numbers import numbers_used
from bot.store.outbound import Message
from tests.doubles.branch import Branch
from tests.doubles.calls import Calls
from tests.doubles.texts import AGREED, NUMBER, Texts

DALLAS, AUSTIN, DENVER, SHARED = "+12145550181", "+15125550182", "+13035550183", "+15125550199"


@pytest.fixture
def texts(branch: Branch) -> Texts:
    branch.gives_numbers(austin=(DALLAS, AUSTIN), south=(DENVER,))
    return Texts(branch)


def leaves_from(texts: Texts, lead: int) -> str | None:
    """The number that Maya's next text about this lead leaves from."""
    text_id = texts.queued(lead)
    sending = texts.begun(text_id)
    texts.answers(sending, Known(f"SM-{text_id}", "sent", None, ""))
    return sending.text.our_number


def to_south(texts: Texts, **fields: Any) -> int:
    """A lead of the other team, which Priya claims."""
    lead = texts.branch.new_lead(source="partner", **fields)
    texts.branch.claim("priya", lead)
    return lead


def test_a_new_borrower_hears_from_the_nearest_number_of_the_team(texts: Texts) -> None:
    assert leaves_from(texts, texts.lead()) == AUSTIN
    assert leaves_from(texts, texts.lead(phone="(214) 555-0100", email="rob@example.com")) == DALLAS


def test_a_borrower_keeps_the_first_number_though_a_nearer_one_comes(texts: Texts) -> None:
    texts.branch.gives_numbers(austin=(DALLAS,))
    lead = texts.lead()
    assert leaves_from(texts, lead) == DALLAS

    texts.branch.gives_numbers(austin=(AUSTIN, DALLAS))

    assert leaves_from(texts, lead) == DALLAS


def test_a_borrower_who_wrote_first_is_answered_from_where_they_wrote(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("Are you there?", to=DALLAS)
    assert leaves_from(texts, lead) == DALLAS


def test_who_was_texted_before_there_were_numbers_goes_on_with_the_shared_one(texts: Texts) -> None:
    texts.branch.gives_numbers()
    lead = texts.lead()
    assert leaves_from(texts, lead) is None

    texts.branch.gives_numbers(austin=(AUSTIN,))

    assert leaves_from(texts, lead) is None


def test_a_number_taken_out_sends_no_more_and_still_receives(texts: Texts) -> None:
    lead = texts.lead()
    assert leaves_from(texts, lead) == AUSTIN
    texts.branch.gives_numbers(austin=(DALLAS,))

    texts.came("Still me", to=AUSTIN)

    [came] = [message for message in texts.branch.all(Message) if message.direction == "in"]
    assert (came.lead_id, came.our_number) == (lead, AUSTIN)
    assert leaves_from(texts, lead) == DALLAS
    assert texts.store.transact_now(numbers_used) == [DALLAS, AUSTIN]


@pytest.mark.parametrize(("number", "which"), [(AUSTIN, 0), (DENVER, 1)])
def test_two_leads_of_one_phone_are_told_apart_by_the_number_that_is_texted(texts: Texts, number: str, which: int) -> None:
    austins, souths = texts.lead(), to_south(texts, first_name="Rob", email="rob@example.com", **AGREED)
    assert leaves_from(texts, austins) == AUSTIN
    queued = texts.sends(souths, by=texts.branch.press("priya", souths))
    assert queued.kind == "texted"
    texts.begun(queued.text_id)

    texts.came("Noon is fine", to=number)

    [came] = [message for message in texts.branch.all(Message) if message.direction == "in"]
    assert came.lead_id == (austins, souths)[which]


def test_stop_to_one_number_closes_all_of_them_and_is_confirmed_from_there(texts: Texts) -> None:
    lead = texts.lead()
    waiting = texts.queued(lead)

    texts.came("STOP", to=DENVER)

    assert texts.status(waiting) == "refused"
    [confirmation] = [message for message in texts.branch.all(Message) if message.purpose == "confirmation"]
    assert confirmation.id is not None
    assert texts.begun(confirmation.id).text.our_number == DENVER
    assert texts.sends(lead).kind == "cannot_text"


def test_the_screen_says_from_which_number_the_text_will_leave(texts: Texts) -> None:
    branch, lead = texts.branch, texts.lead()
    services = branch.services
    seen = texts.store.transact_now(look_at, branch.press("maya", lead), services.in_force, SHARED, services.our_numbers)
    assert isinstance(seen, Texting)
    assert seen.sender == AUSTIN


def test_an_unknown_number_is_asked_about_where_the_team_has_the_number(texts: Texts) -> None:
    texts.came("Hello?", number="+15125550177", to=DENVER)
    [came] = texts.branch.all(Message)
    assert (came.status, came.our_number) == ("unplaced", DENVER)


def test_a_borrower_who_is_called_sees_the_number_that_texts_them(texts: Texts) -> None:
    calls, lead = Calls(texts.branch), texts.lead()
    assert leaves_from(texts, lead) == AUSTIN
    texts.branch.gives_numbers(austin=(DALLAS, AUSTIN))
    call_id = calls.ringing(lead)

    assert calls.presses_one(call_id) == Connects(NUMBER, AUSTIN)
    assert calls.presses_one(call_id) == Connects(NUMBER, AUSTIN)


def test_who_calls_one_teams_number_calls_about_that_teams_lead(texts: Texts) -> None:
    branch = texts.branch
    souths = to_south(texts)
    austins = texts.lead(first_name="Rob", email="rob@example.com")
    caller = Reachable("phone", NUMBER, contact_key(branch.services.hash_key, "phone", NUMBER))
    for place, (number, key, lead) in enumerate([(DENVER, "south", souths), (AUSTIN, "austin", austins), (SHARED, None, austins)]):
        team = branch.services.in_force.teams[key].id if key else None
        came = Came("twilio", f"CA{place}", caller, number, team, branch.clock.now(), "salt", None)
        answer, _ = branch.store.transact_now(receive_call, came)
        assert answer is not None
        [call] = [call for call in branch.all(Call) if call.id == answer[0]]
        assert (call.lead_id, call.our_number) == (lead, number)
