"""Who may do what is judged inside the transaction that does it: every role against every deed, on leads of everybody."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args

import pytest
from sqlalchemy import delete, update

from bot.calls.calling import ask_for_call
from bot.calls.calling_anyway import note_reason
from bot.calls.own_voicemail import ask_to_record, drop_own
from bot.calls.recording import note_asked as note_recording_asked
from bot.calls.recording import note_stop
from bot.capture import returns
from bot.capture.intake import prepare
from bot.capture.source_requests import make, put_aside, put_back
from bot.conversation import speaking
from bot.conversation.accidents import overhear_words
from bot.conversation.asked_to_stop import close_channels
from bot.conversation.emailing import look_at as look_at_emailing
from bot.conversation.emailing import queue_email
from bot.conversation.opting_out import answers_of, decide_text
from bot.conversation.pictures import note_asked as note_pictures_asked
from bot.conversation.relay import place_text
from bot.conversation.taking_on import begin as begin_of_words
from bot.conversation.texting import look_at as look_at_texting
from bot.conversation.texting import queue_sms, settle_text
from bot.distribution.assigning import assign_lead
from bot.distribution.booking import book_lead
from bot.distribution.passing import pass_lead
from bot.handlers.slack.app import COMMANDS, FEATURES
from bot.handlers.slack.people import Stranger
from bot.leads.finding import next_lead
from bot.leads.noting import note_lead
from bot.leads.press import Press
from bot.leads.reminders import keep_reminder
from bot.leads.reports import look as look_at_pipeline
from bot.leads.staging import stage_lead
from bot.leads.working import note_call, note_calling
from bot.nurture import building, drips, groups, rates
from bot.nurture.moving import confirm_move
from bot.officers import duty, team
from bot.officers.leaving import move_leads_of
from bot.officers.practice import begin_practice
from bot.officers.shift_end import note_answer
from bot.officers.swapping import ask_colleagues, call_swap_off, take_turn
from bot.oversight.consents import file_of
from bot.rules.dispositions import Disposition
from bot.rules.roles import Role, who_may
from bot.store.columns import table_of
from bot.store.events import Event
from bot.store.leads import Lead
from bot.store.outbound import Message
from bot.store.people import Officer, Team, TeamOfficer
from tests.doubles.branch import Branch, a_lead
from tests.doubles.texts import Texts

ROLES: tuple[Role, ...] = get_args(Role)
Roles = frozenset[Role]
Whose = Literal["own", "of their team", "of another team", "free", "free elsewhere", "nobody's business"]
"""Whose lead it is; of what is about no lead, whose team."""

EVERYBODY: Roles = frozenset(ROLES)
WHO_WORK: Roles = frozenset({"officer", "team_lead", "manager"})
WHO_LEAD: Roles = frozenset({"team_lead", "manager"})
WHO_WATCH: Roles = frozenset({"team_lead", "manager", "compliance"})
NOBODY: Roles = frozenset()

ROOMS = Path(__file__).parent.parent.parent / "bot"
SLACK = ROOMS / "handlers/slack"
KEY = "past_client"


@dataclass(frozen=True)
class Deed:
    """What is done, the use-case that it is the transaction of, and who may."""

    use_case: str
    do: Callable[[Branch, Press], Any]
    may: dict[Whose, Roles]


def own_and_team(own: Roles, team: Roles, elsewhere: Roles = NOBODY) -> dict[Whose, Roles]:
    return {"own": own, "of their team": team, "of another team": elsewhere}


def about_no_lead(who: Roles) -> dict[Whose, Roles]:
    return {"nobody's business": who}


def _in(transaction: Callable[..., Any], *arguments: Any, **named: Any) -> Callable[[Branch, Press], Any]:
    """The deed that is this transaction; an argument that is a function is asked for its value in this branch."""

    def do(branch: Branch, by: Press) -> Any:
        values = [each(branch) if callable(each) else each for each in arguments]
        return branch.store.transact_now(transaction, by, *values, **named)

    return do


def _id_of(key: str) -> Callable[[Branch], int]:
    return lambda branch: branch.officer_id(key)


def _team_id(key: str) -> Callable[[Branch], int]:
    return lambda branch: next(each.id for each in branch.all(Team) if each.key == key and each.id is not None)


def _in_force(branch: Branch) -> Any:
    return branch.services.in_force


def _config(branch: Branch) -> Any:
    return branch.services.in_force.config


def _sender(branch: Branch) -> Any:
    return drips.sender_of(branch.services)


def _looks(transaction: Callable[..., Any], *arguments: Any) -> Callable[[Branch, Press], Any]:
    """What is looked at by who asks, without a press."""
    return lambda branch, by: branch.store.transact_now(transaction, by.officer_id, *arguments)


def _pipeline(key: str) -> Callable[[Branch, Press], Any]:
    return lambda branch, by: branch.store.transact_now(look_at_pipeline, by.officer_id, key, by.at, {})


def _with_words(transaction: Callable[..., Any], *arguments: Any, **named: Any) -> Callable[[Branch, Press], Any]:
    """The deed that is this transaction, about a text of the lead's borrower; of somebody whom nobody knows where there is no lead."""

    def do(branch: Branch, by: Press) -> Any:
        Texts(branch).came("I am at work", branch.view(by.lead).phones[0] if by.lead else "+17375550199", sid=by.delivery)
        text_id = max(each.id or 0 for each in branch.all(Message))
        return _in(transaction, text_id, *arguments, **named)(branch, by)

    return do


def _overheard(branch: Branch, by: Press) -> Any:
    return _with_words(lambda session, said, _: overhear_words(session, said))(branch, by)


def _arrival(branch: Branch) -> Any:
    lead = a_lead(last_name="Newman", phone=f"(737) 555-01{len(branch.all(Lead)):02}")
    return prepare(branch.services, branch.services.in_force.sources["website"], lead)


def _tomorrow(branch: Branch) -> Any:
    return branch.clock.now() + timedelta(days=1)


_NOTHING = groups.Proposed(drips.Called({"en": "Past client"}, texts_only=False), 0, 0, 0, {})

DEEDS: dict[str, Deed] = {
    # What is done with a lead that nobody has.
    "claim": Deed("claiming.claim", lambda branch, by: branch.claim("tess", by.lead), {"free": WHO_WORK, "free elsewhere": WHO_WORK}),
    "pass": Deed("passing.pass_by", _in(pass_lead, "busy"), {"free": WHO_WORK}),
    "undo a pass": Deed("passing.undo_pass", _in(pass_lead, None), {"free": WHO_WORK}),
    "next": Deed("finding.find_next", _in(next_lead), {"free": WHO_WORK}),
    # With one that somebody has.
    "give back": Deed("claiming.give_back", lambda branch, by: branch.give_back("tess", by.lead), own_and_team(WHO_WORK, NOBODY)),
    "assign": Deed("assigning.assign", _in(assign_lead, "maya"), own_and_team(WHO_LEAD, WHO_LEAD)),
    "book": Deed("booking.book_time", _in(book_lead, _tomorrow), own_and_team(WHO_LEAD, WHO_LEAD)),
    "calling": Deed("working.say_calling", _in(note_calling), own_and_team(WHO_WORK, NOBODY)),
    "log": Deed(
        "working.log_call",
        _in(note_call, Disposition.CONNECTED, None, None, _id_of("luis")),
        own_and_team(WHO_WORK, WHO_LEAD),
    ),
    "stage": Deed("staging.set_stage", _in(stage_lead, "qualified", False, None, _id_of("luis")), own_and_team(WHO_WORK, WHO_LEAD)),
    "note": Deed("noting.keep_note", _in(note_lead, "wants a 15-year", _id_of("luis")), own_and_team(WHO_WORK, WHO_LEAD)),
    "remind": Deed("reminders.come_back", _in(keep_reminder, "remind", _tomorrow, None), own_and_team(WHO_WORK, NOBODY)),
    "call": Deed("calling.call_me", _in(ask_for_call, on=True), own_and_team(WHO_WORK, WHO_LEAD)),
    "call anyway": Deed("calling_anyway.call_anyway", _in(note_reason, "she asked me to"), own_and_team(WHO_WORK, NOBODY)),
    "text": Deed("texting.send_sms", _in(queue_sms, "Hello", _in_force, on=True), own_and_team(WHO_WORK, WHO_LEAD)),
    "email": Deed("emailing.send_email", _in(queue_email, "Hello", "Hello", _config, on=True), own_and_team(WHO_WORK, WHO_LEAD)),
    "begin a sequence": Deed("drips.begin", _in(drips.begin_drip, KEY, _sender), own_and_team(WHO_WORK, WHO_LEAD)),
    "stop a sequence": Deed("drips.stop", _in(drips.stop_drip, None), own_and_team(WHO_WORK, WHO_LEAD)),
    "keep a day": Deed("drips.keep_day", _in(drips.keep_day_of, "closing 12/1/2026"), own_and_team(WHO_WORK, WHO_LEAD)),
    "wait for a rate": Deed("rates.keep", _in(rates.keep_rate_of, "target", "6.25"), own_and_team(WHO_WORK, WHO_LEAD)),
    "forget a rate": Deed("rates.forget", _in(rates.forget_rate_of), own_and_team(WHO_WORK, WHO_LEAD)),
    "ask back": Deed("returns.open_return", _in(returns.open_lead_return, "no_intent"), own_and_team(WHO_WORK, WHO_LEAD)),
    "settle what was asked back": Deed("returns.settle", _in(returns.settle_lead_return, "sent", None), own_and_team(WHO_WORK, WHO_LEAD)),
    "hand to who speaks it": Deed("speaking.hand_to_speaker", _in(speaking.hand, _id_of("maya")), own_and_team(WHO_WORK, WHO_LEAD)),
    "go on in English": Deed("speaking.continue_in_english", _in(speaking.keep_english), own_and_team(WHO_WORK, WHO_LEAD)),
    "close channels": Deed(
        "asked_to_stop.note_stop",
        _in(close_channels, "texts", "she said so"),
        own_and_team(WHO_WORK | {"compliance"}, WHO_WATCH, WHO_WATCH),
    ),
    "see consents": Deed("consents.look", _in(file_of, _in_force), own_and_team(WHO_WORK | {"compliance"}, WHO_WATCH, WHO_WATCH)),
    "look at texting": Deed(
        "texting.look",
        _in(look_at_texting, _in_force, "+15125550199", lambda branch: branch.services.our_numbers),
        own_and_team(WHO_WORK, WHO_LEAD),
    ),
    "look at emailing": Deed("emailing.look", _in(look_at_emailing, _config, on=True), own_and_team(WHO_WORK, WHO_LEAD)),
    "settle a text": Deed(
        "texting.settle", _with_words(settle_text, _in_force, send_again=True, on=True), own_and_team(WHO_WORK, WHO_LEAD)
    ),
    "see pictures": Deed(
        "pictures.ask_to_view",
        _with_words(note_pictures_asked),
        own_and_team(WHO_WORK | {"compliance"}, WHO_WATCH, frozenset({"manager", "compliance"})),
    ),
    "stop a recording": Deed("recording.stop", _in(note_stop, 0), own_and_team(WHO_WORK, WHO_LEAD)),
    "hear a recording": Deed("recording.ask_to_hear", _in(note_recording_asked, 0), own_and_team(WHO_WORK, WHO_LEAD)),
    "decide about an opt-out": Deed(
        "opting_out.decide",
        _with_words(decide_text, lambda branch: answers_of(branch.services), "none"),
        {**own_and_team(EVERYBODY, WHO_WATCH, WHO_WATCH), "nobody's business": WHO_WORK | {"compliance"}},
    ),
    "talk in the thread": Deed("accidents.overhear", _overheard, own_and_team(WHO_WORK, NOBODY)),
    # About no lead at all, or about many.
    "say whose words": Deed("relay.place", _with_words(place_text), about_no_lead(WHO_WORK)),
    "begin a lead of words": Deed("taking_on.begin_lead", _with_words(begin_of_words, _arrival), about_no_lead(WHO_WORK)),
    "take a swap": Deed("swapping.take", _in(take_turn, 999), about_no_lead(WHO_WORK)),
    "call a swap off": Deed("swapping.call_off", _in(call_swap_off, 999), about_no_lead(WHO_WORK)),
    "answer in the evening": Deed("shift_end.answer", _in(note_answer, 0, "keep"), about_no_lead(WHO_WORK)),
    "make a lead of a request": Deed("source_requests.make_lead", _in(make, 999, _arrival), about_no_lead(frozenset({"manager", "admin"}))),
    "off": Deed("duty.go_off", _in(duty.set_off, "friday"), about_no_lead(WHO_WORK)),
    "on": Deed("duty.come_on", _in(duty.set_on), about_no_lead(WHO_WORK)),
    "swap": Deed("swapping.ask", _in(ask_colleagues, ""), about_no_lead(WHO_WORK)),
    "practice": Deed("practice.ring_practice", _in(begin_practice), about_no_lead(WHO_WORK)),
    "record a voicemail": Deed("own_voicemail.record", _in(ask_to_record, "en", allowed=True, on=True), about_no_lead(WHO_WORK)),
    "drop a voicemail": Deed("own_voicemail.speak_again", _in(drop_own), about_no_lead(WHO_WORK)),
    "set a rate": Deed("rates.set_one", _in(rates.set_rate_of, "30-year fixed 6.25"), about_no_lead(frozenset({"manager"}))),
    "count for many": Deed("groups.propose", _in(groups.keep_proposed, KEY, (), _NOTHING), about_no_lead(WHO_LEAD)),
    "begin for many": Deed("groups.confirm", _in(groups.begin_group, "5"), about_no_lead(WHO_LEAD)),
    "take many back": Deed("groups.take_back", _in(groups.take_group_back, None), about_no_lead(WHO_LEAD)),
    "begin a draft": Deed("building.new", _in(building.begin_new, "Open house"), about_no_lead(EVERYBODY)),
    "open a draft": Deed("building.edit", _in(building.open_or_begin, KEY, "en"), about_no_lead(EVERYBODY)),
    "write a part": Deed("building.change_part", _in(building.write_part, 0, 0, "head", {}), about_no_lead(EVERYBODY)),
    "write a step": Deed("building.save_step", _in(building.write_step, 0, 0, 0, "sms", {}), about_no_lead(EVERYBODY)),
    "move a step": Deed("building.move_step", _in(building.reorder, 0, 0, 0, True), about_no_lead(EVERYBODY)),
    "take out a step": Deed("building.remove_step", _in(building.take_out, 0, 0, 0), about_no_lead(EVERYBODY)),
    "try a step": Deed("building.try_step", _in(building.send_trial, 0, 0, _sender, _config), about_no_lead(EVERYBODY)),
    "drop a draft": Deed("building.drop", _in(building.drop_draft, 0), about_no_lead(EVERYBODY)),
    "ask for approval": Deed("building.ask", _in(building.ask_for_approval, 0, 0, _config), about_no_lead(EVERYBODY)),
    "approve a draft": Deed(
        "building.judge",
        _in(building.judge_draft, 0, 0, "", _config, approved=True),
        about_no_lead(frozenset({"manager", "compliance", "admin"})),
    ),
    "move to a version": Deed("moving.move", _in(confirm_move, KEY, ""), about_no_lead(frozenset({"manager", "compliance", "admin"}))),
    "set a request aside": Deed("source_requests.set_aside", _in(put_aside, 999), about_no_lead(frozenset({"manager", "admin"}))),
    "take a request up again": Deed("source_requests.take_up_again", _in(put_back, 999), about_no_lead(frozenset({"manager", "admin"}))),
    "move a leaver's leads": Deed("leaving.move_leads", _in(move_leads_of, _id_of("luis"), "pool", None), about_no_lead(WHO_LEAD)),
    "see the team": Deed("team.look", _looks(team.roster_for), about_no_lead(frozenset({"team_lead", "manager", "compliance", "admin"}))),
    "change a colleague": Deed(
        "team.change", _in(team.change_officer, _id_of("luis"), {}, {}), {"of their team": frozenset({"manager", "admin"})}
    ),
    "change a stranger": Deed("team.change", _in(team.change_officer, _id_of("cora"), {}, {}), {"of another team": frozenset({"admin"})}),
    "change the team's hours": Deed(
        "team.change_hours", _in(team.change_team, _team_id("austin"), None, ""), {"of their team": frozenset({"manager", "admin"})}
    ),
    "change another team's hours": Deed(
        "team.change_hours", _in(team.change_team, _team_id("south"), None, ""), {"of another team": frozenset({"admin"})}
    ),
    "see the pipeline": Deed("reports.pipeline", _pipeline("austin"), {"of their team": EVERYBODY}),
    "see another team's pipeline": Deed(
        "reports.pipeline", _pipeline("south"), {"of another team": frozenset({"manager", "compliance", "admin"})}
    ),
}
ANOTHER_DEED = {"calling_anyway.remind_at_opening": "remind"}
"""The use-cases that are, beneath, a deed of the table."""
SHOWS_NOBODY = ("calling_anyway.kept_to_hours", "working.why_not")
"""What changes nothing and tells of nobody."""
JUDGED_IN = {
    **dict.fromkeys(
        ("asking_compliance.kept_words", "asking_compliance.asked_about", "asking_compliance.ask", "asking_compliance.judge"),
        "store/test_asking_compliance.py",
    ),
    **dict.fromkeys(("two_people.tell", "two_people.undo"), "store/test_two_people.py"),
    **dict.fromkeys(("reminders.wait_for_hours", "reminders.tick_off"), "store/test_reminders.py"),
    "leaving.switch_on": "store/test_leavers.py",
    "practice.claim_practice": "store/test_practice.py",
    "undoing.undo": "store/test_undoing.py",
}
"""The use-cases that go by who did something before: where that is tested."""
OWN_TESTS = "judged in the stories of its feature"
LOOKED_AT = "judged in store/test_looks.py"
SURFACES = {
    **{name: name for name in ("claim", "pass", "assign", "calling", "log", "stage", "note")},
    "undo_pass": "undo a pass",
    "keep_as_note": "note",
    "give_back": "give back",
    r"went:\w+": "log",
    "end:(sure|told|not_told|{'|'.join(GIVE_UP_REASONS)})": "stage",
    "book": "book",
    "later|remind": "remind",
    "call_anyway": "call anyway",
    "text": "text",
    "email": "email",
    "take_group_back": "take many back",
    "team_person": "change a colleague",
    "team_hours": "change the team's hours",
    "call_me": "call",
    "practice": "practice",
    "hand_to_speaker": "hand to who speaks it",
    "keep_english": "go on in English",
    "set_request_aside": "set a request aside",
    "leaver_to": "move a leaver's leads",
    "leaver_split": "move a leaver's leads",
    "leaver_pool": "move a leaver's leads",
    "place": "say whose words",
    "place_other": "say whose words",
    r"place:\d+": "say whose words",
    "new_lead": "begin a lead of words",
    "swap_take": "take a swap",
    "swap_off": "call a swap off",
    "view_pictures": "see pictures",
    "stop_recording": "stop a recording",
    "hear_recording": "hear a recording",
    "shift:(keep|hand|pool)": "answer in the evening",
    "opt_out": "decide about an opt-out",
    "no_opt_out": "decide about an opt-out",
    "why_no_opt_out": "decide about an opt-out",
    "request": "make a lead of a request",
    "take_request_up": "take a request up again",
    "open": LOOKED_AT,
    r"mine:\w+": LOOKED_AT,
    "next_lead": "next",
    r"settle_return:\d+": "settle what was asked back",
    "send_again|it_arrived": "settle a text",
    "remind_at_opening": "remind",
    **dict.fromkeys(
        (
            *("more", "undo", r"command:\d+(:\d+)?", "later", "move_there", "came_back", "look_at_request"),
            *("edit_words", "ask_compliance", "(approve|decline)_words", "same_request", "two_people", "undo_told"),
            *("leaver_on", "leaver_off", "text_template", "send_as_text", "stop_trying", "email_template"),
            *(r"build:\w+", r"team_hours:\d+", "practice_claim", r"picture:\d+", "recording_opened", "review_returns"),
        ),
        OWN_TESTS,
    ),
}
"""What can be pressed or sent off in Slack, with the deed that it does."""
DEED_OF = {
    "release": "give back",
    "optout": "close channels",
    "consent": "see consents",
    "drip enroll": "begin a sequence",
    "drip stop": "stop a sequence",
    "drip date": "keep a day",
    "drip many": "count for many",
    "drip confirm": "begin for many",
    "drip recall": "take many back",
    "drip new": "begin a draft",
    "drip edit": "open a draft",
    "drip move": "move to a version",
    "rate set": "set a rate",
    "rate target": "wait for a rate",
    "rate note": "wait for a rate",
    "rate forget": "forget a rate",
    "return": "ask back",
    "voicemail": "record a voicemail",
    "later": "remind",
    "pipeline": "see the pipeline",
    "team": "see the team",
}
"""The deeds of commands that are not called like them."""
LOOKS = ("show", "find", "next", "why", "mine", "oncall", "drip", "drip report", "drip list", "rate", "rate list")
"""Commands that only show what their feature lets each person see."""

REFUSALS = ("Chatter", "NothingWaits", "NotEligible", "NotYourLead", "NotYours", "NotYourTeam", "NotTheirTeam", "NeedsRole", "OthersLead")


def _refused(outcome: Any) -> bool:
    if isinstance(outcome, tuple):
        outcome = outcome[0]
    name = type(outcome).__name__
    return name in REFUSALS or name.startswith("MayNot")


@pytest.fixture
def branch(branch: Branch) -> Branch:
    """Tess leads Austin and is its manager; with South she has nothing to do."""
    tess, south = branch.officer_id("tess"), _team_id("south")(branch)
    member, of_team = table_of(TeamOfficer), table_of(Team)

    def leads_austin_alone(session: Any) -> None:
        session.connection().execute(delete(member).where(member.c.officer_id == tess, member.c.team_id == south))
        session.connection().execute(update(of_team).where(of_team.c.key == "austin").values(manager_id=tess))

    branch.store.transact_now(leads_austin_alone)
    return branch


def _lead(branch: Branch, whose: Whose) -> int:
    """A lead that Tess could have, but for whose it is."""
    if whose == "nobody's business":
        return 0
    many = len(branch.all(Lead))
    lead = branch.new_lead(last_name=f"Rowe {many}", phone=f"(512) 555-01{many:02}")
    owner = {"own": "tess", "of their team": "luis", "of another team": "luis"}.get(whose)
    if owner is not None:
        branch.set(Lead, lead, owner_id=branch.officer_id(owner), claimed_at=branch.clock.now())
    if whose in ("of another team", "free elsewhere"):
        branch.set(Lead, lead, team_id=_team_id("south")(branch))
    return lead


def _done_by_tess(branch: Branch) -> int:
    """How many events say that she did something; those of her leads that arrived do not."""
    return len([each for each in branch.all(Event) if each.officer_id == branch.officer_id("tess")])


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.fault(66)
def test_a_deed_is_done_exactly_by_the_roles_that_may(branch: Branch, deed: str) -> None:
    done: dict[Whose, set[Role]] = {}
    for whose in DEEDS[deed].may:
        done[whose] = set()
        for role in ROLES:
            branch.set(Officer, branch.officer_id("tess"), role=role)
            lead = _lead(branch, whose)
            before = _done_by_tess(branch)
            if not _refused(DEEDS[deed].do(branch, branch.press("tess", lead))):
                done[whose].add(role)
            else:
                assert _done_by_tess(branch) == before

    assert done == DEEDS[deed].may


# Giving back only hides a number, which is right at any time.
@pytest.mark.parametrize("deed", sorted(DEEDS.keys() - {"give back"}))
@pytest.mark.fault(67)
def test_who_left_does_nothing(branch: Branch, deed: str) -> None:
    for whose in DEEDS[deed].may:
        for role in ROLES:
            branch.set(Officer, branch.officer_id("tess"), role=role, active=False)
            lead = _lead(branch, whose)

            assert _refused(DEEDS[deed].do(branch, branch.press("tess", lead))), (whose, role)


def test_every_use_case_that_takes_a_press_is_judged() -> None:
    assert set(_use_cases()) - {deed.use_case for deed in DEEDS.values()} == {*JUDGED_IN, *ANOTHER_DEED, *SHOWS_NOBODY}
    assert set(ANOTHER_DEED.values()) <= set(DEEDS)
    assert [file for file in JUDGED_IN.values() if not (ROOMS.parent / "tests" / file).is_file()] == []


def _use_cases() -> Iterator[str]:
    for path in [*ROOMS.glob("*.py"), *ROOMS.glob("*/*.py")]:
        for each in ast.parse(path.read_text("utf-8")).body:
            if isinstance(each, ast.AsyncFunctionDef) and "Press" in [
                ast.unparse(one.annotation) for one in each.args.args if one.annotation
            ]:
                yield f"{path.stem}.{each.name}"


@pytest.mark.fault(66)
def test_every_surface_in_slack_is_known_here() -> None:
    pattern = r"@app\.(?:action|view)\((?:re\.compile\()?[rf]*\"([^\"]+)\""
    found = {name for path in SLACK.glob("*.py") for name in re.findall(pattern, path.read_text("utf-8"))}
    assert found == set(SURFACES)
    assert set(SURFACES.values()) - {OWN_TESTS, LOOKED_AT} <= set(DEEDS)


def test_help_offers_each_command_to_the_roles_that_its_deed_is_done_by() -> None:
    offered = {command.name: set(who_may(command.needs)) for command in COMMANDS if command.needs and command.name not in LOOKS}
    assert offered == {name: frozenset[Role]().union(*DEEDS[DEED_OF.get(name, name)].may.values()) for name in offered}
    assert {command.name for command in COMMANDS} - offered.keys() == set(LOOKS)


class Listeners:
    """Keeps what a feature wants to hear of presses and screens, in place of Slack's app."""

    def __init__(self) -> None:
        self.kept: list[Callable[..., Any]] = []

    def action(self, _: str | re.Pattern[str]) -> Callable[..., Any]:
        return self._keep

    view = action

    def event(self, _: str) -> Callable[..., Any]:
        return lambda listener: listener

    def _keep(self, listener: Callable[..., Any]) -> Callable[..., Any]:
        self.kept.append(listener)
        return listener


class OnlyStrangers:
    """Everybody who presses is from outside the company."""

    def __init__(self) -> None:
        self.asked = 0

    async def who(self, _: dict[str, Any]) -> Stranger:
        self.asked += 1
        return Stranger(guest=True)

    async def officer(self, body: dict[str, Any], _: object) -> None:
        await self.who(body)


class OutOfReach:
    """Nothing of it may be touched."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a stranger reached {name}")


async def test_nothing_that_a_stranger_presses_in_slack_reaches_further_than_who_they_are() -> None:
    listeners, people = Listeners(), OnlyStrangers()
    for feature in FEATURES:
        feature.register(listeners, OutOfReach(), people)
    said: list[Any] = []

    async def answer(*words: Any, **more: Any) -> None:
        said.append((words, more))

    given = {"ack": answer, "respond": answer, "client": OutOfReach(), "body": PRESSED}
    for listener in listeners.kept:
        people.asked = 0
        given_to = inspect.signature(listener).parameters
        await listener(**{name: given[name] for name in given_to})
        assert people.asked == 1 or list(given_to) == ["ack"], listener.__qualname__

    assert len(listeners.kept) >= len(SURFACES)


PRESSED = {
    "user": {"id": "U0STRANGER", "team_id": "T0OTHER"},
    "response_url": "https://example.com/answer",
    "trigger_id": "1.2",
    "container": {"type": "message", "channel_id": "C0LEADS", "message_ts": "1.2"},
    "actions": [{"action_id": "went:connected", "action_ts": "1.2", "value": "1001:1"}],
    "view": {"id": "V1", "hash": "1", "title": {"text": "Lead"}, "private_metadata": "1001:1", "state": {"values": {}}},
}
"""A press and a screen in one."""
