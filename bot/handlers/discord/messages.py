"""What stands beside the card: lines of its thread and messages to one person, drawn from the lead's present state."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, assert_never

from bot.handlers.discord.cards import claim_button, headed, open_button, pass_choice
from bot.handlers.discord.layouts import MENU, OPTIONS, Button, Choice, Parts
from bot.handlers.discord.texts import (
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
from bot.handlers.discord.words import cut, marked, shown
from bot.leads.lead_facts import own_facts, shared_facts
from bot.leads.reminders import CHOICES
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
from bot.wording.drips import say_kept_back, what_is_offered
from bot.wording.explaining import meant_in_words
from bot.wording.groups import say_group_done
from bot.wording.leads import say_nobody_free, two_lines
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

MOST_LISTS = 4
"""Lists of officers in one message."""
CALL_LIMIT = 280
"""A dozen of them, and what stands above, fit into one message."""
MORE = ("stage", "email", "note", "give_back", "why")
STILL_ON = "still_on"
"""Comes after the lead's number where the owner says that the call goes on."""
ANSWERS = ("connected", "left_voicemail", "no_answer")
"""The usual results, one tap each, when we ask how a call went."""


def line(drawing: Drawing, update: Update, now: datetime) -> Parts:
    """An update in the lead's thread."""
    language, facts = drawing.lead.language, shared_facts(drawing.lead, now)
    match update:
        case AskedAgain():
            words = plain.say("asked_again", language, **_asked(facts, update))
        case SourceChanged(source, about):
            words = plain.say("source_changed", language, source=source, about=[labels(language)("about", each) for each in about])
        case OwnerAway(officer):
            words = plain.say("owner_away", language, officer=officer)
        case GivenBack(officer):
            words = plain.say("given_back", language, officer=officer)
        case Parted(officer):
            words = plain.say("parted", language, officer=officer)
        case LetLapse(officer, for_days):
            words = plain.say("let_lapse", language, officer=officer, for_days=for_days)
        case Logged(officer, disposition, stage, undone):
            words = plain.say("logged", language, officer=officer, disposition=disposition, stage=stage, undone=undone)
        case Staged(officer, stage, undone, why):
            words = plain.say("staged", language, officer=officer, stage=stage, undone=undone, why=why)
        case Noted(officer, undone):
            words = plain.say("noted", language, officer=officer, undone=undone)
        case OwnerLeft(officer):
            words = plain.say("owner_left", language, officer=officer)
        case MeantFor(meant):
            words = plain.say("meant_for", language, meant=[meant_in_words(each, language) for each in meant])
        case Assigned(officer, by, by_rule, undone):
            words = plain.say("assigned", language, officer=officer, by=by, by_rule=by_rule, undone=undone)
        case Returned(one):
            words = say_return_line(plain, one, language)
        case SameRequest(older):
            words = plain.say("same_request", language, older=older)
        case TwoPeople(older):
            words = plain.say("two_people_said", language, older=older)
        case Untold(older):
            words = plain.say("untold", language, older=older)
        case Unsubscribed():
            words = plain.say("unsubscribed", language, **facts)
        case AskedToStop(officer, what, undone):
            words = plain.say("asked_to_stop", language, **facts, officer=officer, what=what, undone=undone)
        case Texted():
            return texted_line(drawing, update, now)
        case Emailed():
            return emailed_line(drawing, update, now)
        case AutoReplied():
            return auto_replied_line(drawing, update, now)
        case EmailReturned(sent):
            words = plain.say("email_returned", language, **facts, because=sent.because)
        case Clicked(sent, news):
            words = plain.say("clicked", language, **clicked_facts(drawing.lead, sent, news, now))
        case Visited(sent, calculated, news):
            words = plain.say("visited", language, **clicked_facts(drawing.lead, sent, news, now), calculated=calculated)
        case Wrote():
            return wrote_line(drawing, update, now)
        case Called(call):
            words = plain.say("called", language, **called_facts(drawing.lead, call, now))
            return Parts([shown(words, 1000)], _recording(drawing.lead.number, call, language))
        case CalledUs(call):
            words = plain.say("called_us", language, **called_facts(drawing.lead, call, now))
            return Parts([shown(words, 1000)], _recording(drawing.lead.number, call, language))
        case Drips():
            return drips_line(drawing, update, now)
        case _:
            assert_never(update)
    return Parts([shown(words, 1000)])


def notice(drawing: Drawing, told: Notice, company: str, now: datetime, *, calls: bool = False, anyway: bool = False) -> Parts:
    """A message to one person. `calls` where the network can call borrowers, `anyway` where the
    config lets them be called outside the hours."""
    number, language = drawing.number, drawing.officer[1] if drawing.officer else drawing.about.language if drawing.about else "en"
    match told:
        case Yours():
            return _yours(drawing, told, company, now, calls=calls, anyway=anyway)
        case Ring() | Back() | Offer() | Unclaimed() | NobodyFree() | BookedNow():
            return _free(drawing.lead, told, language, now)
        case (
            Nudge()
            | GoesBackSoon()
            | GoesBackTomorrow()
            | HowDidItGo()
            | AsksAgain()
            | ComeBack()
            | PromisedCall()
            | NotCalled()
            | SameOrTwo()
        ):
            return _asks_for_work(drawing.lead, told, language, now)
        case WroteToYou():
            return wrote_notice(drawing, told, language, now)
        case ClickedAgain(news):
            return clicked_notice(drawing, news, language, now)
        case TextTrouble():
            return text_trouble_notice(drawing, told, language, now)
        case WordsToJudge():
            return to_judge_notice(drawing, told, language, now)
        case StepKeptBack():
            words = say_kept_back(marked, told, drawing.lead.number, language)
        case YourWordsJudged():
            return your_words_notice(drawing, told, language, now)
        case WordsSettled():
            return Parts([marked.say("words_settled", language, approved=told.approved)])
        case CallOver():
            return _call_over(drawing, told, language, now)
        case MissedCall(call):
            return _missed_call(drawing.lead, call, language, now, calls=calls)
        case Waits():
            return waits_notice(drawing, told, language, now)
        case AssignedAway(officer, by):
            words = marked.say("assigned_away", language, number=number, officer=one_line(officer, 60), by=one_line(by, 60))
        case NoLongerYours():
            words = marked.say("no_longer_yours", language, number=number)
        case Taken(owner, seconds, by_you):
            words = marked.say("taken", language, number=number, owner=one_line(owner, 60), seconds=seconds, by_you=by_you)
        case Over(stage):
            words = marked.say("ended", language, number=number, stage=stage)
        case TakenBack(for_days):
            words = marked.say("taken_back", language, number=number, for_days=for_days)
        case RangSince():
            words = marked.say("rang_since", language, number=number)
        case Booked(at, by):
            when = said_in_full(at, drawing.lead.time_zone, now, language)
            words = marked.say("booked_for", language, number=number, when=when, by=one_line(by, 60))
        case Done():
            words = marked.say("done", language, number=number)
        case SixItems(received_on, due_on):
            words = marked.say(
                "six_items", language, number=number, received_on=full_day(received_on, language), due_on=full_day(due_on, language)
            )
        case ToldApart(older, owner, same):
            owner = owner and one_line(owner, 60)
            words = marked.say("told_apart", language, number=number, older=older, older_owner=owner, same=same)
        case OwnerUnlicensed(owner):
            facts = {"owner": one_line(owner, 60), "state": told.state, "company": told.company, "yours": told.yours}
            words = marked.say("owner_unlicensed", language, number=number, **facts)
            assign = Button(labels(language)("button", "assign"), "assign", str(number))
            return Parts([words], [open_button(drawing.lead.number, language) if told.yours or told.company else assign])
        case QuickLog(officer, seconds, undone):
            words = marked.say("quick_log", language, number=number, officer=one_line(officer, 60), seconds=seconds, undone=undone)
            return Parts([words], [open_button(drawing.lead.number, language)])
        case Digest(free, best):
            return _list(marked.say("digest", language, free=free), best, language, now)
        case ChatDown():
            words = say_chat_down(marked, told, language)
        case ChatBack():
            words = say_chat_back(marked, told)
        case ReturnsDue():
            review = Button(labels(language)("button", "review_returns"), "review_returns", str(COMPANY), primary=True)
            return Parts([say_returns_due(marked, told, language)], [review])
        case UnreadRequests():
            return _unread_requests(told, language)
        case Audited():
            words = say_audited(marked, told, language)
        case HeadTold():
            words = say_head_told(marked, told, language if drawing.officer else told.language)
        case SourceTrouble():
            words = say_source_trouble(marked, told, language)
        case SourceTested():
            words = say_source_test(marked, told, language)
        case ComplianceWeek():
            words = say_compliance_week(marked, told, language)
        case Overnight(team, waited):
            words = marked.say("overnight", language, team=one_line(team, 60), waited=waited)
        case LeaverAsked(leaver):
            return _leaver_question(leaver, language)
        case LeaverSettled(officer, again, back):
            words = marked.say("leaver_settled", language, officer=one_line(officer, 60), again=again, back=back)
        case CameBack(leaver):
            return _return_question(leaver, language)
        case Morning():
            return _morning(told, language, now)
        case RateCalls(many, rows):
            return Parts([say_calls(marked, many, len(rows), language), *call_lines(rows, language, now)], call_buttons(rows))
        case ShiftEnd():
            return _shift_end(told, language, now)
        case ShiftAnswered(choice, many, to):
            words = marked.say("shift_answered", language, choice=choice, leads=many, to=to and one_line(to, 60))
        case Welcome(licenses, hours):
            name = drawing.officer[0] if drawing.officer else ""
            ring_me = Button(labels(language)("button", "practice"), "practice", str(COMPANY), primary=True)
            return Parts([say_welcome(marked, name, licenses, hours, language)], [ring_me])
        case PracticeRing():
            claim = Button(labels(language)("button", "claim"), "practice_claim", str(number), primary=True)
            return Parts([marked.say("practice_ring", language, number=number)], [claim])
        case PracticeTaken(seconds):
            words = marked.say("practice_taken", language, number=number, seconds=seconds, chat="Discord")
        case PracticeEnded():
            words = marked.say("practice_over", language, number=number)
        case WhoseText():
            return whose_text_notice(told, language)
        case TextPlaced():
            words = marked.say("text_placed", language, opted_out=told.opted_out)
        case MayOptOut():
            return may_opt_out_notice(told, language)
        case YouTexted():
            return you_texted_notice(told, language)
        case OnCall():
            words = say_on_call(marked, told, language if drawing.officer else told.language, now)
        case Covers() | CoversNoMore() | WhileAway():
            words = say_covering(marked, told, language, now)
        case SwapWanted() | SwapHolds() | SwapClosed() | SwapOff():
            return _swap(told, language, now)
        case GroupDone(taken_back=True):
            words = say_group_done(marked, told, language)
        case GroupDone(group):
            take_back = Button(labels(language)("button", "take_back"), "take_group_back", f"{COMPANY}:{group}")
            return Parts([say_group_done(marked, told, language)], [take_back])
        case DraftNews(draft, asks):
            value = f"{COMPANY}:{draft.id}:{draft.revision}:0"
            read = Button(labels(language)("button", "read_draft"), "build_read", value, primary=True)
            decides = [Button(each.label, f"build_{each.does}", value) for each in judging(language)]
            return Parts([say_to_approve(marked, told, language)], [read, *decides] if asks else [])
        case DraftDecided():
            words = say_decided(marked, told, language)
        case NothingOpen():
            words = marked.say("nothing_open", language)
        case _:
            assert_never(told)
    return Parts([words])


def _list(heading: str, leads: Sequence[LeadView], language: str, now: datetime) -> Parts:
    return Parts([heading, "\n".join(_line_of(lead, language, now) for lead in leads[:MOST_LISTED])])


def _swap(told: SwapWanted | SwapHolds | SwapClosed | SwapOff, language: str, now: datetime) -> Parts:
    """Being on call in a colleague's place, with the button that takes it on or undoes it."""
    words, value, label = say_swap_notice(marked, told, language, now), f"{COMPANY}:{told.swap.id}", labels(language)
    if isinstance(told, SwapWanted):
        return Parts([words], [Button(label("button", "take_turn"), "swap_take", value, primary=True)])
    if isinstance(told, SwapHolds) and may_be_undone(told.swap, now):
        return Parts([words], [Button(label("button", "call_off"), "swap_off", value)])
    return Parts([words])


def _line_of(lead: LeadView, language: str, now: datetime) -> str:
    """A lead in one line of a list."""
    facts = shared_facts(lead, now)
    return marked.say("digest_line", language, **facts, calling=plain.say("callable", language, **facts))


def call_me(number: int, language: str, *, on: bool) -> list[Button]:
    """The button that rings the officer's phone, where it would be connected."""
    return [Button(labels(language)("button", "call_me"), "call_me", str(number))] if on else []


def _recording(number: int, call: CallRow, language: str) -> list[Button]:
    """What can be done about a recording of this call."""
    label, value = labels(language), f"{number}:{call.id}"
    if call.recording == "on" and call.status in ("dialed", "talking"):
        return [Button(label("button", "stop_recording"), "stop_recording", value)]
    return [Button(label("button", "hear_recording"), "hear_recording", value)] if call.recording == "kept" else []


def _missed_call(lead: LeadView, call: CallRow, language: str, now: datetime, *, calls: bool) -> Parts:
    """The borrower called and waits to be called back."""
    label, number = labels(language), str(lead.number)
    buttons = [
        *call_me(lead.number, language, on=calls),
        Button(label("button", "calling"), "calling", number),
        Button(label("button", "text"), "text", number),
        Button(label("button", "open"), "open", number),
    ]
    return Parts([shown(plain.say("missed_call", language, **called_facts(lead, call, now)), 300)], buttons)


def _call_over(drawing: Drawing, told: CallOver, language: str, now: datetime) -> Parts:
    """What became of a call, and what is left to say or do."""
    lead, label, number = drawing.lead, labels(language), str(drawing.lead.number)
    said = shown(plain.say("call_over", language, **called_facts(lead, told.call, now), asks=told.asks), 300)
    if told.asks:
        return Parts([said], [*went_buttons(lead.number, language), Button(label("button", "log"), "log", number)])
    if told.call.dialed_at is None:
        return Parts([said], call_me(lead.number, language, on=True))
    if told.call.outcome == "connected":
        return Parts([said])
    return Parts([said], [Button(label("button", "text"), "text", number), Button(label("button", "log"), "log", number)])


def _yours(drawing: Drawing, told: Yours, company: str, now: datetime, *, calls: bool, anyway: bool) -> Parts:
    name, language = drawing.officer or ("", "en")
    lead = drawing.lead
    facts = own_facts(lead, now) | {"officer": one_line(name, 60).partition(" ")[0], "company": one_line(company, 80)}
    words = [marked.say("yours", language, **facts, given_by=told.given_by and one_line(told.given_by, 60), by_rule=told.by_rule)]
    buttons = [*call_me(lead.number, language, on=calls and bool(facts["phone"])), *work_buttons(lead.number, language)]
    if facts["opens_at"]:
        buttons += until_hours_open(lead.number, language, anyway=anyway)
    if lead.link and lead.link.answer == "asked":
        words.append(shown(plain.say("two_people", language, **facts), 300))
        buttons += _same_or_two(lead.number, language)
    return Parts(words, buttons, work_choices(lead, language))


def _free(lead: LeadView, told: Ring | Back | Offer | Unclaimed | NobodyFree | BookedNow, language: str, now: datetime) -> Parts:
    """The lead's two lines with Claim and Pass, below a sentence that says why this person is asked."""
    facts = shared_facts(lead, now)
    match told:
        case Ring(waited, overnight):
            why = plain.say("waited", language, waited=waited, overnight=overnight) if waited else ""
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
    booked = plain.say("booked", language, **facts) if facts["booked"] else ""
    words, label = [shown(why, 300), shown(booked, 200), headed(two_lines(facts, language))], labels(language)
    assign = Button(label("button", "assign"), "assign", str(lead.number))
    if isinstance(told, NobodyFree | BookedNow):
        take = Button(label("button", "take"), "claim", str(lead.number), primary=True)
        if isinstance(told, BookedNow):
            return Parts(words, [take, assign])
        book = Button(label("button", "book"), "book", str(lead.number))
        return Parts(words, [take, assign, book] if told.because is None else [assign, book])
    claim = claim_button(lead.number, language)
    return Parts(words, [claim, assign] if isinstance(told, Unclaimed) else [claim], [pass_choice(lead.number, language)])


AsksForWork = Nudge | GoesBackSoon | GoesBackTomorrow | HowDidItGo | AsksAgain | ComeBack | PromisedCall | NotCalled | SameOrTwo


def _asks_for_work(lead: LeadView, told: AsksForWork, language: str, now: datetime) -> Parts:
    """What somebody is asked to do about a lead, with the buttons that do it."""
    facts, label, number = shared_facts(lead, now), labels(language), str(lead.number)
    work = work_buttons(lead.number, language)
    match told:
        case Nudge():
            return Parts([shown(plain.say("nudge", language, **facts), 300)], work)
        case GoesBackSoon(minutes, may_keep):
            words = plain.say("goes_back_soon", language, **facts, minutes=minutes)
            keep = Button(label("button", "keep"), "calling", number, primary=True)
            return Parts([shown(words, 300)], [keep] if may_keep else went_buttons(lead.number, language))
        case GoesBackTomorrow(at, unanswered):
            when = said_in_full(at, lead.time_zone, now, language)
            words = plain.say("goes_back_tomorrow", language, **facts, when=when, unanswered=unanswered)
            return Parts([shown(words, 400)], work, [later_choice(lead.number, language)])
        case HowDidItGo(may_be_on):
            still = Button(label("button", "still_on"), "calling", f"{number}:{STILL_ON}")
            answers = [*went_buttons(lead.number, language), *([still] if may_be_on else [])]
            return Parts([shown(plain.say("how_did_it_go", language, **facts), 300)], answers)
        case AsksAgain(asked):
            return Parts([shown(plain.say("asked_again", language, **_asked(facts, asked)), 300)], work)
        case ComeBack():
            about = {"what": told.what, "planned": told.planned, "owner": told.owner and one_line(told.owner, 60)}
            words = plain.say("come_back", language, **{**facts, **about}, note=told.note)
            if told.what == "remind":
                work.append(Button(label("button", "done"), "came_back", f"{number}:{told.reminder}"))
            elif told.planned is not None:
                work.append(Button(label("button", "stop_trying"), "stop_trying", number))
            return Parts([shown(words, 1600)], work, [later_choice(lead.number, language)])
        case PromisedCall(owner):
            words = plain.say("promised_call", language, **{**facts, "owner": one_line(owner, 60)})
            return Parts([shown(words, 300)], [open_button(lead.number, language)])
        case NotCalled(owner, minutes):
            words = plain.say("not_called", language, **{**facts, "owner": one_line(owner, 60)}, minutes=minutes)
            return Parts([shown(words, 300)], [open_button(lead.number, language)])
        case SameOrTwo():
            return Parts([shown(plain.say("two_people", language, **facts), 300)], _same_or_two(lead.number, language))
    assert_never(told)


def _leaver_question(leaver: LeaverView, language: str) -> Parts:
    """To one person, split, or pool."""
    label, value = labels(language), f"{COMPANY}:{leaver.officer_id}"
    asked = marked.say("leaver_asked", language, officer=one_line(leaver.name, 60), leads=leaver.open_leads)
    takers = [(name, f"{value}:{officer_id}") for officer_id, name in leaver.takers]
    pages = [takers[first : first + OPTIONS] for first in range(0, len(takers), OPTIONS)][:MOST_LISTS]
    choices = [Choice(label("button", "all_to"), "leaver_to", f"{value}:{place}", page) for place, page in enumerate(pages)]
    answers = [Button(label("button", "split"), "leaver_split", value), Button(label("button", "pool"), "leaver_pool", value)]
    return Parts([asked], answers, choices)


def _unread_requests(told: UnreadRequests, language: str) -> Parts:
    """To who runs Leadbell: the first that waits can be looked at, and set aside."""
    words, label = say_unread(marked, told, language), labels(language)
    if not told.unread.waiting:
        return Parts([words])
    value = f"{COMPANY}:{told.unread.waiting[0]}"
    look = Button(label("button", "look_at_request"), "look_at_request", value, primary=True)
    return Parts([words], [look, Button(label("button", "set_request_aside"), "set_request_aside", value)])


def _return_question(leaver: LeaverView, language: str) -> Parts:
    """Whether somebody who came back works here again; nothing happens by itself."""
    label, value, asked = labels(language), f"{COMPANY}:{leaver.officer_id}", leaver.because == RETURNED
    words = marked.say("came_back", language, officer=one_line(leaver.name, 60), active=leaver.active, asked=asked)
    answers = [Button(label("button", "switch_on"), "leaver_on", value), Button(label("button", "leave_off"), "leaver_off", value)]
    return Parts([words], answers if asked else ())


def _morning(told: Morning, language: str, now: datetime) -> Parts:
    sections = sections_of(marked, told, language, now)
    paragraphs = ["\n".join([f"**{name}**", *(line for _, line in lines)]) for name, lines in sections]
    numbers = [number for _, lines in sections for number, _ in lines]
    return Parts([say_morning(marked, told, language), *paragraphs], [Button(f"#{number}", "open", str(number)) for number in numbers])


def call_lines(rows: Sequence[tuple[LeadView, ToCall]], language: str, now: datetime) -> list[str]:
    """Whom to call about rates, in one paragraph."""
    return ["\n".join(cut(say_call(marked, lead, call, language, now), CALL_LIMIT) for lead, call in rows)] if rows else []


def call_buttons(rows: Sequence[tuple[LeadView, ToCall]]) -> list[Button]:
    """Each opens one of them."""
    return [Button(f"#{lead.number}", "open", str(lead.number)) for lead, _ in rows]


def _shift_end(told: ShiftEnd, language: str, now: datetime) -> Parts:
    label, question = labels(language), f"{COMPANY}:{told.question}"
    buttons = [Button(label("button", "keep_all"), "shift", f"{question}:keep", primary=True)]
    if told.cover is not None:
        to = plain.say("hand_to", language, cover=one_line(told.cover, 40).partition(" ")[0])
        buttons.append(Button(to, "shift", f"{question}:hand"))
    buttons.append(Button(label("button", "pool"), "shift", f"{question}:pool"))
    listed = _list(marked.say("shift_end", language, leads=len(told.leads)), told.leads, language, now)
    return Parts(listed.words, buttons)


def _same_or_two(number: int, language: str) -> list[Button]:
    label, value = labels(language), str(number)
    return [
        Button(label("button", "same_request"), "same_request", value),
        Button(label("button", "two_people"), "two_people", value),
    ]


def _asked(facts: dict[str, Any], asked: AskedAgain) -> dict[str, Any]:
    news = partial(news_in_words, asked.news)
    return {**facts, "source": asked.source, "after_minutes": asked.after_minutes, "first_source": asked.first_source, "news": news}


def went_buttons(number: int, language: str) -> list[Button]:
    """The usual results of a call."""
    label = labels(language)
    return [Button(label("disposition", answer), "went", f"{number}:{answer}") for answer in ANSWERS]


def work_buttons(number: int, language: str) -> list[Button]:
    """What the owner does with a lead."""
    value, label = str(number), labels(language)
    return [
        Button(label("button", "calling"), "calling", value, primary=True),
        Button(label("button", "text"), "text", value),
        Button(label("button", "log"), "log", value),
    ]


def work_choices(lead: LeadView, language: str) -> list[Choice]:
    """What is needed less often: when to come back, and the rest."""
    label, number = labels(language), lead.number
    more = [(label("more", each), f"{each}:{number}") for each in MORE]
    offered = what_is_offered(lead, language)
    if offered is not None:
        more.insert(3, (offered.label, f"{offered.action}:{number}"))
    return [later_choice(number, language), Choice(label("button", "more"), MENU, f"{number}:more", more)]


def later_choice(number: int, language: str) -> Choice:
    """The times that take one tap, and one that opens a screen."""
    label = labels(language)
    times = [(label("later", choice), f"later:{number}:{choice}") for choice in CHOICES]
    return Choice(label("button", "later"), MENU, f"{number}:later", [*times, (label("later", "pick"), f"pick_time:{number}")])


def until_hours_open(number: int, language: str, *, anyway: bool) -> list[Button]:
    """What the owner can do about a borrower who may not be called yet. `anyway` where the config lets them call."""
    label, value = labels(language), str(number)
    return [
        Button(label("button", "remind_at_opening"), "remind_at_opening", value),
        *([Button(label("button", "call_anyway"), "call_anyway", value)] if anyway else ()),
    ]
