"""What stands beside the card: lines of its thread and messages to one person, drawn from the lead's present state."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, assert_never

from bot.handlers.slack.cards import Block, button, buttons, later_choice, open_button, push_lines, push_text, section, text
from bot.handlers.slack.texts import (
    auto_replied_line,
    clicked_notice,
    drips_line,
    emailed_line,
    may_opt_out_notice,
    text_trouble_notice,
    texted_line,
    to_judge_notice,
    waits_notice,
    whose_text_notice,
    wrote_line,
    wrote_notice,
    you_texted_notice,
    your_words_notice,
)
from bot.handlers.slack.words import escape, marked
from bot.leads.lead_facts import own_facts, push_facts, shared_facts
from bot.rendering import labels
from bot.rules.spoken import full_day
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.store.calls import CallRow
from bot.store.events import COMPANY
from bot.store.leavers import RETURNED, LeaverView
from bot.store.rates import ToCall
from bot.store.views import MOST_LISTED, Drawing, LeadView
from bot.updates import (
    AskedAgain,
    AskedToStop,
    AsksAgain,
    Assigned,
    AssignedAway,
    Audited,
    AutoReplied,
    Back,
    Booked,
    BookedNow,
    Called,
    CalledUs,
    CallOver,
    CameBack,
    ChatBack,
    ChatDown,
    Clicked,
    ClickedAgain,
    ComeBack,
    ComplianceWeek,
    Covers,
    CoversNoMore,
    Digest,
    Done,
    DraftDecided,
    DraftNews,
    Drips,
    Emailed,
    EmailReturned,
    GivenBack,
    GoesBackSoon,
    GoesBackTomorrow,
    GroupDone,
    HeadTold,
    HowDidItGo,
    LeaverAsked,
    LeaverSettled,
    LetLapse,
    Logged,
    MayOptOut,
    MeantFor,
    MissedCall,
    Morning,
    NobodyFree,
    NoLongerYours,
    NotCalled,
    Noted,
    NothingOpen,
    Notice,
    Nudge,
    Offer,
    OnCall,
    Over,
    Overnight,
    OwnerAway,
    OwnerLeft,
    OwnerUnlicensed,
    Parted,
    PracticeEnded,
    PracticeRing,
    PracticeTaken,
    PromisedCall,
    QuickLog,
    RangSince,
    RateCalls,
    Returned,
    ReturnsDue,
    Ring,
    SameOrTwo,
    SameRequest,
    ShiftAnswered,
    ShiftEnd,
    SixItems,
    SourceChanged,
    SourceTested,
    SourceTrouble,
    Staged,
    StepKeptBack,
    SwapClosed,
    SwapHolds,
    SwapOff,
    SwapWanted,
    Taken,
    TakenBack,
    Texted,
    TextPlaced,
    TextTrouble,
    ToldApart,
    TwoPeople,
    Unclaimed,
    UnreadRequests,
    Unsubscribed,
    Untold,
    Update,
    Visited,
    Waits,
    Welcome,
    WhileAway,
    WhoseText,
    WordsSettled,
    WordsToJudge,
    Wrote,
    WroteToYou,
    Yours,
    YourWordsJudged,
    YouTexted,
)
from bot.wording.asking_back import say_return_line
from bot.wording.auditor import say_audited
from bot.wording.building import judging, say_decided, say_to_approve
from bot.wording.calling import called_facts
from bot.wording.chat_down import say_chat_back, say_chat_down
from bot.wording.compliance import say_compliance_week
from bot.wording.covering import say_covering
from bot.wording.drips import START, STOP, say_kept_back, what_is_offered
from bot.wording.explaining import meant_in_words
from bot.wording.groups import say_group_done
from bot.wording.leads import LINE_LIMIT, say_nobody_free, two_lines
from bot.wording.morning import say_morning, sections_of
from bot.wording.news import news_in_words
from bot.wording.plain import plain
from bot.wording.rates import say_call, say_calls
from bot.wording.returns_due import say_returns_due
from bot.wording.rota import say_on_call
from bot.wording.seals import say_head_told
from bot.wording.source_requests import say_unread
from bot.wording.source_tests import say_source_test
from bot.wording.source_trouble import say_source_trouble
from bot.wording.swapping import may_be_undone, say_swap_notice
from bot.wording.texting import clicked_facts
from bot.wording.welcome import say_welcome

MOST_OPTIONS = 100
"""What a list of Slack holds."""
STILL_ON = "still_on"
"""Comes after the lead's number where the owner says that the call goes on."""
MORE = ("stage", "note", START, STOP, "give_back", "why")
ANSWERS = ("connected", "left_voicemail", "no_answer")
"""The usual results, one tap each, when we ask how a call went."""


def line(drawing: Drawing, update: Update, now: datetime) -> tuple[str, list[Block]]:
    """An update in the lead's thread."""
    language, facts = drawing.lead.language, shared_facts(drawing.lead, now)
    match update:
        case AskedAgain():
            asked = _asked(facts, update)
            words = plain.say("asked_again", language, **asked)
            push = plain.say("asked_again", language, **push_facts(drawing.lead, asked))
        case SourceChanged(source, about):
            words = push = plain.say("source_changed", language, source=source, about=[labels(language)("about", each) for each in about])
        case OwnerAway(officer):
            words = push = plain.say("owner_away", language, officer=officer)
        case GivenBack(officer):
            words = push = plain.say("given_back", language, officer=officer)
        case Parted(officer):
            words = push = plain.say("parted", language, officer=officer)
        case LetLapse(officer, for_days):
            words = push = plain.say("let_lapse", language, officer=officer, for_days=for_days)
        case Logged(officer, disposition, stage, undone):
            words = push = plain.say("logged", language, officer=officer, disposition=disposition, stage=stage, undone=undone)
        case Staged(officer, stage, undone, why):
            words = push = plain.say("staged", language, officer=officer, stage=stage, undone=undone, why=why)
        case Noted(officer, undone):
            words = push = plain.say("noted", language, officer=officer, undone=undone)
        case OwnerLeft(officer):
            words = push = plain.say("owner_left", language, officer=officer)
        case MeantFor(meant):
            words = push = plain.say("meant_for", language, meant=[meant_in_words(each, language) for each in meant])
        case Assigned(officer, by, by_rule, undone):
            words = push = plain.say("assigned", language, officer=officer, by=by, by_rule=by_rule, undone=undone)
        case Returned(one):
            words = push = say_return_line(plain, one, language)
        case SameRequest(older):
            words = push = plain.say("same_request", language, older=older)
        case TwoPeople(older):
            words = push = plain.say("two_people_said", language, older=older)
        case Untold(older):
            words = push = plain.say("untold", language, older=older)
        case Unsubscribed():
            words = plain.say("unsubscribed", language, **facts)
            push = plain.say("unsubscribed", language, **push_facts(drawing.lead, facts))
        case AskedToStop(officer, what, undone):
            words = plain.say("asked_to_stop", language, **facts, officer=officer, what=what, undone=undone)
            push = plain.say("asked_to_stop", language, **push_facts(drawing.lead, facts), officer=officer, what=what, undone=undone)
        case Texted():
            return texted_line(drawing, update, now)
        case Emailed():
            return emailed_line(drawing, update, now)
        case AutoReplied():
            return auto_replied_line(drawing, update, now)
        case EmailReturned(sent):
            words = plain.say("email_returned", language, **facts, because=sent.because)
            push = plain.say("email_returned", language, **push_facts(drawing.lead, facts), because=sent.because)
        case Clicked(sent, news):
            words = plain.say("clicked", language, **clicked_facts(drawing.lead, sent, news, now))
            push = plain.say("clicked", language, **push_facts(drawing.lead, clicked_facts(drawing.lead, sent, news, now)))
        case Visited(sent, calculated, news):
            visited = clicked_facts(drawing.lead, sent, news, now) | {"calculated": calculated}
            words = plain.say("visited", language, **visited)
            push = plain.say("visited", language, **push_facts(drawing.lead, visited))
        case Wrote():
            return wrote_line(drawing, update, now)
        case Called(call):
            called = called_facts(drawing.lead, call, now)
            words = plain.say("called", language, **called)
            push = plain.say("called", language, **push_facts(drawing.lead, called))
            return escape(push), [{"type": "section", "text": text(words, 3000)}, *_recording(drawing, call, language)]
        case CalledUs(call):
            called = called_facts(drawing.lead, call, now)
            words = plain.say("called_us", language, **called)
            push = plain.say("called_us", language, **push_facts(drawing.lead, called))
            return escape(push), [{"type": "section", "text": text(words, 3000)}, *_recording(drawing, call, language)]
        case Drips():
            return drips_line(drawing, update, now)
        case _:
            assert_never(update)
    return escape(push), [{"type": "section", "text": text(words, 3000)}]


def notice(
    drawing: Drawing, told: Notice, company: str, now: datetime, *, calls: bool = False, anyway: bool = False
) -> tuple[str, list[Block]]:
    """A direct message. The push text never holds a full name, a phone or an email. `calls` where the network can call borrowers, `anyway`
    where the config lets them be called outside the hours."""
    number, language = drawing.number, _language(drawing)
    match told:
        case Yours():
            return _yours(drawing, told, company, now, calls=calls, anyway=anyway)
        case Ring() | Back() | Offer() | Unclaimed() | NobodyFree() | BookedNow():
            return _free(drawing, told, now)
        case Nudge() | GoesBackSoon() | GoesBackTomorrow() | HowDidItGo():
            return _question(drawing, told, now)
        case AsksAgain(asked):
            return _asks_again(drawing, asked, now)
        case ComeBack():
            return _come_back(drawing, told, now)
        case PromisedCall(owner):
            return _ask_to_open(drawing, "promised_call", {"owner": one_line(owner, 60)}, now)
        case NotCalled(owner, minutes):
            return _ask_to_open(drawing, "not_called", {"owner": one_line(owner, 60), "minutes": minutes}, now)
        case WhoseText():
            return whose_text_notice(told, language, now)
        case TextPlaced():
            return _closed(marked.say("text_placed", language, opted_out=told.opted_out))
        case MayOptOut():
            return may_opt_out_notice(told, language)
        case YouTexted():
            return you_texted_notice(told, language)
        case WroteToYou():
            return wrote_notice(drawing, told, language, now)
        case ClickedAgain(news):
            return clicked_notice(drawing, news, language, now)
        case TextTrouble():
            return text_trouble_notice(drawing, told, language, now)
        case WordsToJudge():
            return to_judge_notice(drawing, told, language, now)
        case YourWordsJudged():
            return your_words_notice(drawing, told, language, now)
        case StepKeptBack():
            return _closed(say_kept_back(marked, told, drawing.lead.number, language))
        case WordsSettled():
            return _closed(marked.say("words_settled", language, approved=told.approved))
        case CallOver():
            return _call_over(drawing, told, now)
        case MissedCall(call):
            return _missed_call(drawing, call, now, calls=calls)
        case Waits():
            return waits_notice(drawing, told, language, now)
        case AssignedAway(officer, by):
            words = marked.say("assigned_away", language, number=number, officer=one_line(officer, 60), by=one_line(by, 60))
            return _closed(words)
        case NoLongerYours():
            return _closed(marked.say("no_longer_yours", language, number=number))
        case Taken(owner, seconds, by_you):
            return _closed(marked.say("taken", language, number=number, owner=one_line(owner, 60), seconds=seconds, by_you=by_you))
        case Over(stage):
            return _closed(marked.say("ended", language, number=number, stage=stage))
        case TakenBack(for_days):
            return _closed(marked.say("taken_back", language, number=number, for_days=for_days))
        case RangSince():
            return _closed(marked.say("rang_since", language, number=number))
        case Booked(at, by):
            when = partial(said_in_full, at, drawing.lead.time_zone, now)
            return _closed(marked.say("booked_for", language, number=number, when=when, by=one_line(by, 60)))
        case Done():
            return _closed(marked.say("done", language, number=number))
        case SixItems(received_on, due_on):
            days = {"received_on": partial(full_day, received_on), "due_on": partial(full_day, due_on)}
            return _closed(marked.say("six_items", language, number=number, **days))
        case Digest(free, best):
            lines = [_line_of(lead, language, now) for lead in best]
            return _closed("\n".join([marked.say("digest", language, free=free), *lines]))
        case ChatDown():
            return _closed(say_chat_down(marked, told, language))
        case ChatBack():
            return _closed(say_chat_back(marked, told))
        case ReturnsDue():
            words = say_returns_due(marked, told, language)
            review = button(labels(language)("button", "review_returns"), "review_returns", str(COMPANY), primary=True)
            return words, [section(words), {"type": "actions", "block_id": f"returns:{COMPANY}", "elements": [review]}]
        case UnreadRequests():
            return _unread_requests(told, language)
        case Audited():
            return _closed(say_audited(marked, told, language))
        case HeadTold():
            return _closed(say_head_told(marked, told, language if drawing.officer else told.language))
        case SourceTrouble():
            return _closed(say_source_trouble(marked, told, language))
        case SourceTested():
            return _closed(say_source_test(marked, told, language))
        case ComplianceWeek():
            return _closed(say_compliance_week(marked, told, language))
        case Overnight(team, waited):
            return _closed(marked.say("overnight", language, team=one_line(team, 60), waited=waited))
        case Welcome(licenses, hours):
            return _welcome(drawing, language, licenses, hours)
        case PracticeRing():
            claim = button(labels(language)("button", "claim"), "practice_claim", str(number), primary=True)
            words = marked.say("practice_ring", language, number=number)
            return words, [section(words), {"type": "actions", "block_id": f"practice:{number}", "elements": [claim]}]
        case PracticeTaken(seconds):
            return _closed(marked.say("practice_taken", language, number=number, seconds=seconds, chat="Slack"))
        case PracticeEnded():
            return _closed(marked.say("practice_over", language, number=number))
        case LeaverAsked(leaver):
            return _leaver_question(leaver, language)
        case LeaverSettled(officer, again, back):
            return _closed(marked.say("leaver_settled", language, officer=one_line(officer, 60), again=again, back=back))
        case CameBack(leaver):
            return _return_question(leaver, language)
        case Morning():
            return _morning(told, language, now)
        case RateCalls(many, rows):
            worth_a_talk = say_calls(marked, many, len(rows), language)
            return worth_a_talk, [section(worth_a_talk), *call_blocks(rows, language, now)]
        case ShiftEnd():
            return _shift_end(told, language, now)
        case ShiftAnswered(choice, leads, to):
            return _closed(marked.say("shift_answered", language, choice=choice, leads=leads, to=to and one_line(to, 60)))
        case OnCall():
            return _closed(say_on_call(marked, told, language if drawing.officer else told.language, now))
        case Covers() | CoversNoMore() | WhileAway():
            words = say_covering(marked, told, language, now)
            return words.partition("\n")[0], [section(words)]
        case SwapWanted() | SwapHolds() | SwapClosed() | SwapOff():
            return _swap(told, language, now)
        case GroupDone(taken_back=True):
            return _closed(say_group_done(marked, told, language))
        case GroupDone(group):
            words = say_group_done(marked, told, language)
            take_back = button(labels(language)("button", "take_back"), "take_group_back", f"{COMPANY}:{group}")
            return words, [section(words), {"type": "actions", "elements": [take_back]}]
        case DraftNews():
            return _draft_news(told, language)
        case DraftDecided():
            return _closed(say_decided(marked, told, language))
        case NothingOpen():
            return _closed(marked.say("nothing_open", language))
        case SameOrTwo():
            push = plain.say("two_people", language, **push_facts(drawing.lead, shared_facts(drawing.lead, now)))
            return escape(push), _same_or_two(drawing, language, now)
        case ToldApart(older, owner, same):
            owner = owner and one_line(owner, 60)
            return _closed(marked.say("told_apart", language, number=number, older=older, older_owner=owner, same=same))
        case OwnerUnlicensed(owner):
            facts = {"owner": one_line(owner, 60), "state": told.state, "company": told.company, "yours": told.yours}
            words = marked.say("owner_unlicensed", language, number=number, **facts)
            assign = button(labels(language)("button", "assign"), "assign", str(number))
            decides = open_button(drawing.lead.number, language) if told.yours or told.company else assign
            return words, [section(words), _actions(drawing, [decides])]
        case QuickLog(officer, seconds, undone):
            words = marked.say("quick_log", language, number=number, officer=one_line(officer, 60), seconds=seconds, undone=undone)
            return words, [section(words), _actions(drawing, [button(labels(language)("button", "open"), "open", str(number))])]
    assert_never(told)


def _welcome(drawing: Drawing, language: str, licenses: dict[str, str | None], hours: tuple[int, int] | None) -> tuple[str, list[Block]]:
    """What we know of a new officer, and a lead to try the bell with."""
    words = say_welcome(marked, drawing.officer[0] if drawing.officer else "", licenses, hours, language)
    ring_me = button(labels(language)("button", "practice"), "practice", str(COMPANY), primary=True)
    return words, [section(words), {"type": "actions", "block_id": "welcome", "elements": [ring_me]}]


def _leaver_question(leaver: LeaverView, language: str) -> tuple[str, list[Block]]:
    """To one person, split, or pool."""
    label, value = labels(language), f"{COMPANY}:{leaver.officer_id}"
    asked = marked.say("leaver_asked", language, officer=one_line(leaver.name, 60), leads=leaver.open_leads)
    options = [{"text": text(name, 75), "value": f"{value}:{officer_id}"} for officer_id, name in leaver.takers[:MOST_OPTIONS]]
    choose = {"type": "static_select", "action_id": "leaver_to", "placeholder": text(label("button", "all_to"), 150), "options": options}
    answers = [button(label("button", "split"), "leaver_split", value), button(label("button", "pool"), "leaver_pool", value)]
    elements = [*([choose] if options else []), *answers]
    return asked, [section(asked), {"type": "actions", "block_id": f"leaver:{value}", "elements": elements}]


def _unread_requests(told: UnreadRequests, language: str) -> tuple[str, list[Block]]:
    """To who runs Leadbell: the first that waits can be looked at, and set aside."""
    words, label = say_unread(marked, told, language), labels(language)
    if not told.unread.waiting:
        return _closed(words)
    value = f"{COMPANY}:{told.unread.waiting[0]}"
    elements = [
        button(label("button", "look_at_request"), "look_at_request", value, primary=True),
        button(label("button", "set_request_aside"), "set_request_aside", value),
    ]
    return words, [section(words), {"type": "actions", "block_id": f"request:{value}", "elements": elements}]


def _return_question(leaver: LeaverView, language: str) -> tuple[str, list[Block]]:
    """Whether somebody who came back works here again; nothing happens by itself."""
    label, value, asked = labels(language), f"{COMPANY}:{leaver.officer_id}", leaver.because == RETURNED
    words = marked.say("came_back", language, officer=one_line(leaver.name, 60), active=leaver.active, asked=asked)
    if not asked:
        return words, [section(words)]
    answers = [button(label("button", "switch_on"), "leaver_on", value), button(label("button", "leave_off"), "leaver_off", value)]
    return words, [section(words), {"type": "actions", "block_id": f"back:{value}", "elements": answers}]


def _same_or_two(drawing: Drawing, language: str, now: datetime) -> list[Block]:
    """The question about two leads, with both answers."""
    number, label = str(drawing.lead.number), labels(language)
    asked = plain.say("two_people", language, **shared_facts(drawing.lead, now))
    answers = [button(label("button", "same_request"), "same_request", number), button(label("button", "two_people"), "two_people", number)]
    block = {"type": "actions", "block_id": f"same_or_two:{number}", "elements": answers}
    return [{"type": "section", "text": text(asked, 300)}, block]


def _morning(told: Morning, language: str, now: datetime) -> tuple[str, list[Block]]:
    words = say_morning(marked, told, language)
    blocks = [section(words)]
    for name, lines in sections_of(marked, told, language, now):
        blocks.append({"type": "header", "text": text(name, 150)})
        for number, line in lines:
            opening = {"type": "actions", "block_id": f"lead:{number}", "elements": [open_button(number, language)]}
            blocks += [section(line), opening]
    return words, blocks


def call_blocks(rows: Sequence[tuple[LeadView, ToCall]], language: str, now: datetime) -> list[Block]:
    """Whom to call about rates, each with Open."""
    blocks: list[Block] = []
    for lead, call in rows:
        opening = {"type": "actions", "block_id": f"lead:{lead.number}", "elements": [open_button(lead.number, language)]}
        blocks += [section(say_call(marked, lead, call, language, now)), opening]
    return blocks


def _shift_end(told: ShiftEnd, language: str, now: datetime) -> tuple[str, list[Block]]:
    label, question = labels(language), told.question
    words = marked.say("shift_end", language, leads=len(told.leads))
    lines = "\n".join([words, *(_line_of(lead, language, now) for lead in told.leads[:MOST_LISTED])])
    actions = [button(label("button", "keep_all"), "shift:keep", f"{question}:keep", primary=True)]
    if told.cover is not None:
        to = plain.say("hand_to", language, cover=one_line(told.cover, 40).partition(" ")[0])
        actions.append(button(to, "shift:hand", f"{question}:hand"))
    actions.append(button(label("button", "pool"), "shift:pool", f"{question}:pool"))
    return words, [section(lines), {"type": "actions", "block_id": f"shift:{question}", "elements": actions}]


def _swap(told: SwapWanted | SwapHolds | SwapClosed | SwapOff, language: str, now: datetime) -> tuple[str, list[Block]]:
    """Being on call in a colleague's place, with the button that takes it on or undoes it."""
    words, value, label = say_swap_notice(marked, told, language, now), f"{COMPANY}:{told.swap.id}", labels(language)
    elements = []
    if isinstance(told, SwapWanted):
        elements = [button(label("button", "take_turn"), "swap_take", value, primary=True)]
    elif isinstance(told, SwapHolds) and may_be_undone(told.swap, now):
        elements = [button(label("button", "call_off"), "swap_off", value)]
    return words, [section(words), *([{"type": "actions", "block_id": f"swap:{value}", "elements": elements}] if elements else [])]


def _line_of(lead: LeadView, language: str, now: datetime) -> str:
    """A free lead in one line of a list."""
    facts = shared_facts(lead, now)
    return marked.say("digest_line", language, **facts, calling=plain.say("callable", language, **facts))


def _language(drawing: Drawing) -> str:
    return drawing.officer[1] if drawing.officer else drawing.about.language if drawing.about else "en"


def _yours(drawing: Drawing, told: Yours, company: str, now: datetime, *, calls: bool, anyway: bool) -> tuple[str, list[Block]]:
    name, language = drawing.officer or ("", "en")
    facts = own_facts(drawing.lead, now) | {"officer": one_line(name, 60).partition(" ")[0], "company": one_line(company, 80)}
    words = section(marked.say("yours", language, **facts, given_by=told.given_by and one_line(told.given_by, 60), by_rule=told.by_rule))
    return marked.say("yours_push", language, **push_facts(drawing.lead, facts)), [
        words,
        _actions(
            drawing, [*call_me(drawing.lead.number, language, on=calls and bool(facts["phone"])), *work_buttons(drawing.lead, language)]
        ),
        *([_hours_actions(drawing.lead.number, language, anyway=anyway)] if facts["opens_at"] else ()),
        *(_same_or_two(drawing, language, now) if drawing.lead.link and drawing.lead.link.answer == "asked" else ()),
    ]


def _hours_actions(number: int, language: str, *, anyway: bool) -> Block:
    return {"type": "actions", "block_id": f"hours:{number}", "elements": until_hours_open(number, language, anyway=anyway)}


def until_hours_open(number: int, language: str, *, anyway: bool) -> list[Block]:
    """What the owner can do about a borrower who may not be called yet. `anyway` where the config lets them call."""
    label, value = labels(language), str(number)
    return [
        button(label("button", "remind_at_opening"), "remind_at_opening", value),
        *([button(label("button", "call_anyway"), "call_anyway", value)] if anyway else ()),
    ]


def _free(drawing: Drawing, told: Ring | Back | Offer | Unclaimed | NobodyFree | BookedNow, now: datetime) -> tuple[str, list[Block]]:
    """The lead's two lines with Claim and Pass, below a sentence that says why this person is asked."""
    lead = drawing.lead
    language = _language(drawing)
    facts = shared_facts(lead, now)
    match told:
        case Ring(waited, overnight):
            why = plain.say("waited", language, waited=waited, overnight=overnight) if waited else None
        case Back(days):
            why = plain.say("back", language, **facts, days=days)
        case Offer():
            why = plain.say("offer", language, **facts)
        case Unclaimed(minutes):
            why = plain.say("unclaimed", language, **facts, minutes=minutes)
        case NobodyFree():
            why = say_nobody_free(told, lead, facts, language)
        case BookedNow():
            why = plain.say("booked_now", language, **facts)
    booked = plain.say("booked", language, **facts) if facts["booked"] else None
    lines = two_lines(facts, language)
    reason: list[Block] = [{"type": "section", "text": text(each, 300)} for each in (why, booked) if each]
    shown = [{"type": "header", "text": text(lines[0], 150)}, {"type": "section", "text": text(lines[1], LINE_LIMIT)}]
    push = escape(why) if why and not isinstance(told, Ring) else push_text(push_lines(lead, facts, language, lines))
    if isinstance(told, NobodyFree) and told.because is not None:
        actions = []
    elif isinstance(told, NobodyFree | BookedNow):
        actions = [button(labels(language)("button", "take"), "claim", str(lead.number), primary=True)]
    else:
        actions = buttons(lead.number, language)
    if isinstance(told, Unclaimed | NobodyFree | BookedNow):
        actions.append(button(labels(language)("button", "assign"), "assign", str(lead.number)))
    if isinstance(told, NobodyFree):
        actions.append(button(labels(language)("button", "book"), "book", str(lead.number)))
    return push, [*reason, *shown, _actions(drawing, actions)]


def call_me(number: int, language: str, *, on: bool) -> list[Block]:
    """The button that rings the officer's phone, where it would be connected."""
    return [button(labels(language)("button", "call_me"), "call_me", str(number))] if on else []


def _recording(drawing: Drawing, call: CallRow, language: str) -> list[Block]:
    """What can be done about a recording of this call."""
    label, value = labels(language), f"{drawing.lead.number}:{call.id}"
    if call.recording == "on" and call.status in ("dialed", "talking"):
        return [_actions(drawing, [button(label("button", "stop_recording"), "stop_recording", value)])]
    return [_actions(drawing, [button(label("button", "hear_recording"), "hear_recording", value)])] if call.recording == "kept" else []


def _missed_call(drawing: Drawing, call: CallRow, now: datetime, *, calls: bool) -> tuple[str, list[Block]]:
    """The borrower called and waits to be called back."""
    language, lead = _language(drawing), drawing.lead
    label, number, facts = labels(language), str(lead.number), called_facts(lead, call, now)
    said, push = plain.say("missed_call", language, **facts), plain.say("missed_call", language, **push_facts(lead, facts))
    elements = [
        *call_me(lead.number, language, on=calls),
        button(label("button", "calling"), "calling", number),
        button(label("button", "text"), "text", number),
        button(label("button", "open"), "open", number),
    ]
    return escape(push), [{"type": "section", "text": text(said, 300)}, _actions(drawing, elements)]


def _call_over(drawing: Drawing, told: CallOver, now: datetime) -> tuple[str, list[Block]]:
    """What became of a call, and what is left to say or do."""
    language, lead = _language(drawing), drawing.lead
    label, number, outcome = labels(language), str(lead.number), told.call.outcome
    facts = called_facts(lead, told.call, now) | {"asks": told.asks}
    said, push = plain.say("call_over", language, **facts), plain.say("call_over", language, **push_facts(lead, facts))
    if told.asks:
        elements = [*went_buttons(lead.number, language), button(label("button", "log"), "log", number)]
    elif told.call.dialed_at is None:
        elements = call_me(lead.number, language, on=True)
    elif outcome == "connected":
        elements = []
    else:
        elements = [button(label("button", "text"), "text", number), button(label("button", "log"), "log", number)]
    shown = [{"type": "section", "text": text(said, 300)}]
    return escape(push), [*shown, _actions(drawing, elements)] if elements else shown


Question = Nudge | GoesBackSoon | GoesBackTomorrow | HowDidItGo


def _question(drawing: Drawing, told: Question, now: datetime) -> tuple[str, list[Block]]:
    """What the owner is asked who has not said how it went."""
    language, lead = _language(drawing), drawing.lead
    label, number = labels(language), str(lead.number)
    match told:
        case Nudge():
            actions = work_buttons(drawing.lead, language)[:3]
        case GoesBackTomorrow():
            actions = work_buttons(drawing.lead, language)
        case GoesBackSoon(may_keep=True):
            actions = [button(label("button", "keep"), "calling", number, primary=True)]
        case HowDidItGo(may_be_on=True):
            actions = [*went_buttons(lead.number, language), button(label("button", "still_on"), "calling", f"{number}:{STILL_ON}")]
        case GoesBackSoon() | HowDidItGo():
            actions = went_buttons(lead.number, language)
    facts = shared_facts(lead, now)
    if isinstance(told, GoesBackTomorrow):
        facts["when"] = partial(said_in_full, told.at, lead.time_zone, now)
    said, push = _asked_words(told, language, facts), _asked_words(told, language, push_facts(lead, facts))
    return escape(push), [{"type": "section", "text": text(said, 300)}, _actions(drawing, actions)]


def _asked_words(told: Question, language: str, facts: dict[str, Any]) -> str:
    match told:
        case Nudge():
            return plain.say("nudge", language, **facts)
        case GoesBackSoon(minutes):
            return plain.say("goes_back_soon", language, **facts, minutes=minutes)
        case GoesBackTomorrow(_, unanswered):
            return plain.say("goes_back_tomorrow", language, **facts, unanswered=unanswered)
        case HowDidItGo():
            return plain.say("how_did_it_go", language, **facts)


def _asks_again(drawing: Drawing, asked: AskedAgain, now: datetime) -> tuple[str, list[Block]]:
    language = _language(drawing)
    facts = _asked(shared_facts(drawing.lead, now), asked)
    said = plain.say("asked_again", language, **facts)
    push = plain.say("asked_again", language, **push_facts(drawing.lead, facts))
    return escape(push), [{"type": "section", "text": text(said, 300)}, _actions(drawing, work_buttons(drawing.lead, language)[:3])]


def _come_back(drawing: Drawing, told: ComeBack, now: datetime) -> tuple[str, list[Block]]:
    """The note is the owner's own, and stays out of the push text, which a locked phone shows."""
    language, lead = _language(drawing), drawing.lead
    facts = {**shared_facts(lead, now), "what": told.what, "planned": told.planned, "owner": told.owner and one_line(told.owner, 60)}
    said = plain.say("come_back", language, **facts, note=told.note)
    push = plain.say("come_back", language, **push_facts(lead, facts), note=None)
    actions = work_buttons(lead, language)[:-1]  # all but More
    if told.what == "remind":
        actions.append(button(labels(language)("button", "done"), "came_back", f"{lead.number}:{told.reminder}"))
    elif told.planned is not None:
        actions.append(button(labels(language)("button", "stop_trying"), "stop_trying", str(lead.number)))
    return escape(push), [{"type": "section", "text": text(said, 3000)}, _actions(drawing, actions)]


def _ask_to_open(drawing: Drawing, message: str, more: dict[str, Any], now: datetime) -> tuple[str, list[Block]]:
    language, lead = _language(drawing), drawing.lead
    facts = {**shared_facts(lead, now), **more}
    said = plain.say(message, language, **facts)
    push = plain.say(message, language, **push_facts(lead, facts))
    opening = button(labels(language)("button", "open"), "open", str(lead.number))
    return escape(push), [{"type": "section", "text": text(said, 300)}, _actions(drawing, [opening])]


def _asked(facts: dict[str, Any], asked: AskedAgain) -> dict[str, Any]:
    news = partial(news_in_words, asked.news)
    return {**facts, "source": asked.source, "after_minutes": asked.after_minutes, "first_source": asked.first_source, "news": news}


def went_buttons(number: int, language: str) -> list[Block]:
    """The usual results of a call."""
    label = labels(language)
    return [button(label("disposition", answer), f"went:{answer}", f"{number}:{answer}") for answer in ANSWERS]


def work_buttons(lead: LeadView, language: str) -> list[Block]:
    """What the owner does with a lead."""
    value, label = str(lead.number), labels(language)
    return [
        button(label("button", "calling"), "calling", value, primary=True),
        button(label("button", "text"), "text", value),
        button(label("button", "log"), "log", value),
        later_choice(lead.number, language),
        more_choice(lead, language),
    ]


def more_choice(lead: LeadView, language: str) -> Block:
    """What is needed less often, behind three dots; texts that leave by themselves where there are any for this lead."""
    label, number, offered = labels(language), lead.number, what_is_offered(lead, language)
    rows = [(label("more", each), f"{number}:{each}") for each in MORE if each not in (START, STOP)]
    if offered is not None:
        rows.insert(2, (offered.label, f"{number}:{offered.action}"))
    options = [{"text": text(words, 75), "value": value} for words, value in rows]
    return {"type": "overflow", "action_id": "more", "options": options}


def _draft_news(told: DraftNews, language: str) -> tuple[str, list[Block]]:
    """A sequence to approve, with what to press while it asks."""
    words, draft = say_to_approve(marked, told, language), told.draft
    if not told.asks:
        return _closed(words)
    value = f"{COMPANY}:{draft.id}:{draft.revision}:0"
    read = button(labels(language)("button", "read_draft"), "build:read", value, primary=True)
    decides = [button(each.label, f"build:{each.does}", value) for each in judging(language)]
    return words, [section(words), {"type": "actions", "elements": [read, *decides]}]


def _closed(words: str) -> tuple[str, list[Block]]:
    """A sentence that leaves nothing to do."""
    return words, [section(words)]


def _actions(drawing: Drawing, elements: list[Block]) -> Block:
    return {"type": "actions", "block_id": f"lead:{drawing.lead.number}", "elements": elements}
