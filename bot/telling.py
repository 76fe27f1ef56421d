"""What holds now of what a posting was to tell: its event and the present state become one update or notice."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bot.rules.do_not_call import good_until
from bot.rules.eligibility import Reason
from bot.rules.opt_out import Wish
from bot.rules.redaction import redact
from bot.store.building import ASKED
from bot.store.clocks import NOT_BEGUN, UNANSWERED, UNCLAIMED, UNCONTACTED
from bot.store.leads import ENDED_STAGES
from bot.store.returns import Had
from bot.store.views import Drawing, EventView, TextView
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
    CompanyNotice,
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
    InSpanish,
    LeaverAsked,
    LeaverSettled,
    LetLapse,
    Logged,
    MayOptOut,
    Meant,
    MeantFor,
    Meanwhile,
    MissedCall,
    Morning,
    News,
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


def update_of(drawing: Drawing) -> Update:
    """The update that an update posting tells, from its event."""
    assert drawing.event is not None
    meta = drawing.event.meta
    match drawing.topic:
        case "asked_again":
            return _asked_again(meta)
        case "source_changed":
            return SourceChanged(meta["source"], tuple(meta["about"]))
        case "given_back":
            return GivenBack(meta["officer"])
        case "parted":
            return Parted(meta["officer"])
        case "lapsed":
            return LetLapse(meta["officer"])
        case "neglected":
            return LetLapse(meta["officer"], for_days=True)
        case "owner_away":
            return OwnerAway(meta["officer"])
        case "left":
            return OwnerLeft(meta["officer"])
        case "logged":
            return Logged(meta["officer"], meta["disposition"], meta["stage"], drawing.event.undone)
        case "staged":
            return Staged(meta["officer"], meta["stage"], drawing.event.undone, meta.get("why"))
        case "noted":
            return Noted(meta["officer"], drawing.event.undone)
        case "assigned":
            return Assigned(meta["officer"], meta["by"], meta.get("by_rule", False), drawing.event.undone)
        case "meant_for":
            return MeantFor(meant_of(meta))
        case "return":
            assert drawing.returned is not None
            return Returned(drawing.returned)
        case "same_request":
            return SameRequest(meta["older"])
        case "two_people":
            return TwoPeople(meta["older"])
        case "untold":
            return Untold(meta["older"])
        case "texted":
            assert drawing.text is not None
            return Texted(meta["officer"], drawing.text, meta["segments"])
        case "emailed":
            assert drawing.text is not None
            return Emailed(meta["officer"], drawing.text)
        case "auto_replied":
            assert drawing.text is not None
            return AutoReplied(drawing.text)
        case "email_returned":
            assert drawing.text is not None
            return EmailReturned(drawing.text)
        case "called":
            assert drawing.call is not None
            return Called(drawing.call)
        case "clicked":
            assert drawing.text is not None
            return Clicked(drawing.text, _news(meta))
        case "visited":
            assert drawing.text is not None
            return Visited(drawing.text, "what" in meta, _news(meta))
        case "called_us":
            assert drawing.call is not None
            return CalledUs(drawing.call)
        case "unsubscribed":
            return Unsubscribed()
        case "asked_to_stop":
            return AskedToStop(meta["officer"], meta["what"], drawing.event.undone)
        case "wrote":
            assert drawing.text is not None
            return Wrote(
                drawing.text, meta["late"], meta.get("in_vain", False), _news(meta), meta.get("elsewhere", False), drawing.event.undone,
                meta.get("wish") == Wish.WRONG_NUMBER,
            )  # fmt: skip
        case "drip":
            assert drawing.drip is not None
            return Drips(meta["officer"], drawing.drip, drawing.text)
    raise ValueError(f"no update is called {drawing.topic!r}")


def meant_of(meta: Mapping[str, Any]) -> tuple[Meant, ...]:
    """As the event tells that somebody could not take it."""
    return tuple(Meant(**each) for each in meta["meant"])


def notice_of(drawing: Drawing) -> Notice:
    """The notice that holds now for a notice posting: what it told of may be over since."""
    assert drawing.event is not None
    if drawing.about is None:
        return _about_no_lead(drawing, drawing.event)
    if not drawing.officer_active:
        return NoLongerYours()
    lead, event = drawing.lead, drawing.event
    owns = lead.owner_id == drawing.spot.officer_id
    mine = owns or (lead.cover_id is not None and lead.cover_id == drawing.spot.officer_id)
    link = lead.link
    if link is not None and link.answer == "same_request" and drawing.topic in ("yours", "two_people"):
        return ToldApart(link.number, link.owner_name, same=True)
    match drawing.topic:
        case "practice" if lead.stage not in ENDED_STAGES:
            return PracticeRing()
        case "practice":
            return PracticeEnded() if lead.claimed_at is None else PracticeTaken((lead.claimed_at - lead.arrived_at).total_seconds())
        case "two_people":
            assert link is not None
            return SameOrTwo() if link.answer == "asked" else ToldApart(link.number, link.owner_name, same=False)
        case "yours":
            return (
                Yours(event.meta.get("by"), event.meta.get("by_rule", False)) if owns and lead.claimed_at == event.at else NoLongerYours()
            )
        case "assigned_away":
            return Done() if owns else AssignedAway(event.meta["officer"], event.meta["by"])
        case "taken_back":
            return TakenBack(for_days=event.kind == "neglected")
        case "six_items":
            return SixItems(date.fromisoformat(event.meta["received_on"]), date.fromisoformat(event.meta["due_on"]))
        case "owner_unlicensed":
            meta = event.meta
            holds = lead.owner_name == meta["officer"] and lead.state == meta["state"] and lead.stage not in ENDED_STAGES
            return OwnerUnlicensed(meta["officer"], meta["state"], meta["company"], owns) if holds else Done()
        case "quick_log":
            return QuickLog(event.meta["officer"], event.meta["seconds_after_claim"], event.undone)
        case "asked_again":
            return AsksAgain(_asked_again(event.meta)) if mine else Done()
        case "wrote" | "may_be_opt_out":
            assert drawing.text is not None
            if _was_put_elsewhere(drawing.text, lead.number):
                return Done()
            asked = drawing.topic == "may_be_opt_out" and drawing.text.status == "unclear"
            spanish = _in_spanish(event.meta.get("speaks")) if mine and "replies_in" not in lead.details else None
            in_vain = event.meta.get("in_vain", False)
            elsewhere = event.meta.get("elsewhere", False)
            wrong_number = event.meta.get("wish") == Wish.WRONG_NUMBER
            told = WroteToYou(drawing.text, mine, in_vain, _news(event.meta), spanish, elsewhere, wrong_number)
            return told if mine or asked else Done()
        case "back" if lead.owner_name is not None and lead.claimed_at is not None:
            return Taken(lead.owner_name, max(0.0, (lead.claimed_at - event.at).total_seconds()), by_you=False)
        case "back":
            return Over(lead.stage) if lead.stage in ENDED_STAGES else Back(event.meta["back_after_days"])
        case "clicked":
            return ClickedAgain(_news(event.meta)) if mine else Done()
        case "text_trouble":
            assert drawing.text is not None
            return TextTrouble(drawing.text) if _is_in_trouble(drawing.text) else Done()
        case "wording_asked":
            assert drawing.text is not None
            status = drawing.text.status
            return WordsToJudge(event.meta["officer"], drawing.text) if status == "asked" else WordsSettled(status != "declined")
        case "wording_judged":
            assert drawing.text is not None
            return YourWordsJudged(event.meta["officer"], event.kind == "wording_approved", drawing.text)
        case "drip_kept_back":
            return StepKeptBack(event.meta["names"], event.meta["step"], event.meta["because"]) if mine else Done()
        case "missed_call":
            assert drawing.call is not None
            return MissedCall(drawing.call, _news(event.meta)) if mine and lead.waits_since else Done()
        case "call_over":
            assert drawing.call is not None
            return CallOver(drawing.call, mine and drawing.call.outcome == "connected" and drawing.call.logged_seq is None)
        case "waits":
            return Waits(lead.owner_name, lead.waits_since) if lead.owner_name and lead.waits_since and _is_round(drawing) else Done()
        case "not_called":
            owed = drawing.clocks.get(UNCONTACTED)
            still = owed is not None and owed.runs and owed.round == event.meta["round"]
            return NotCalled(lead.owner_name, event.meta["minutes"]) if still and lead.owner_name else Done()
        case "nudge" | "goes_back_soon" | "how_did_it_go" if not (mine and _asks_still(drawing)):
            return Done()
        case "nudge":
            return Nudge()
        case "goes_back_soon":
            return GoesBackSoon(event.meta.get("minutes", 2), may_keep=drawing.clocks[UNCONTACTED].holds == 0)
        case "goes_back_tomorrow":
            works_on_it = not mine or lead.stage != event.meta["stage"] or lead.next_touch is not None
            at = datetime.fromisoformat(event.meta["at"])
            return Done() if works_on_it else GoesBackTomorrow(at, event.meta["unanswered"])
        case "how_did_it_go":
            return HowDidItGo(may_be_on=drawing.clocks[UNCONTACTED].holds <= 1)
        case "come_back" | "promised_call":
            return _of_reminder(drawing)
    unclaimed = drawing.clocks.get(UNCLAIMED)
    if unclaimed is not None and unclaimed.round != event.meta["round"]:
        quiet = lead.owner_id is None and unclaimed.runs and unclaimed.step <= NOT_BEGUN
        return Booked(lead.booked_for, lead.booker) if quiet and lead.booked_for and lead.booker else RangSince()
    if lead.owner_name is not None and lead.claimed_at is not None:
        return Taken(lead.owner_name, lead.claimed_after, owns)
    if lead.stage in ENDED_STAGES:
        return Over(lead.stage)
    match drawing.topic:
        case "ring":
            return Ring(event.meta.get("waited", 0), event.meta.get("overnight", False))
        case "offer":
            return Offer()
        case "unclaimed":
            return Unclaimed(event.meta["minutes"])
        case "nobody_free":
            because = event.meta.get("because")
            return NobodyFree(because and Reason(because), event.meta.get("state"), event.meta.get("purpose"))
        case "booked_now":
            return BookedNow()
    raise ValueError(f"no notice is called {drawing.topic!r}")


def _due(lead: int, source: str, reason: str, day: str, *had: str) -> tuple[int, str, str, date, Had | None]:
    return lead, source, reason, date.fromisoformat(day), Had(had[0], date.fromisoformat(had[1])) if had else None


def _about_no_lead(drawing: Drawing, event: EventView) -> CompanyNotice:
    match drawing.topic:
        case "digest":
            return Digest(drawing.free, drawing.listed)
        case "unplaced":
            assert drawing.text is not None
            return WhoseText(drawing.text, drawing.listed) if drawing.text.status == "unplaced" else _of_unclear(drawing.text)
        case "may_be_opt_out":
            assert drawing.text is not None
            return _of_unclear(drawing.text)
        case "staff_texted":
            assert drawing.text is not None
            return YouTexted(drawing.text)
        case "chat_down":
            return ChatDown(event.meta["platform"], event.meta["channel"], event.meta["because"], event.meta.get("by_text", True))
        case "chat_back":
            meta = event.meta
            counts = (meta["texted"], meta.get("called", 0), meta["claimed"])
            return ChatBack(meta["platform"], meta["because"], meta["minutes"], *counts, meta["language"])
        case "returns_due":
            meta = event.meta
            return ReturnsDue(meta["leads"], meta["dollars"], meta["last_today"], tuple(_due(*each) for each in meta["listed"]))
        case "request_unread":
            assert drawing.unread is not None
            return UnreadRequests(event.meta["source"], drawing.unread)
        case "audited":
            return Audited(event.meta["found"])
        case "head_told":
            return HeadTold(event.meta["head"], event.meta["language"])
        case "source_trouble":
            return SourceTrouble(event.meta["source"], event.meta["trouble"])
        case "source_test":
            meta = event.meta
            return SourceTested(meta["source"], tuple(meta["understood"]), tuple(meta["unknown"]), tuple(meta["problems"]))
        case "compliance_week":
            return _compliance_week(event)
        case "overnight":
            return Overnight(event.meta["team"], event.meta["waited"])
        case "welcome":
            hours = event.meta["hours"]
            return Welcome(event.meta["licenses"], None if hours is None else (hours[0], hours[1]))
        case "came_back":
            assert drawing.leaver is not None
            return CameBack(drawing.leaver)
        case "leaver":
            leaver = drawing.leaver
            assert leaver is not None
            if leaver.active:
                return LeaverSettled(leaver.name, is_back=True)
            asked_again = leaver.asked_seq != drawing.event_seq
            if asked_again or not leaver.open_leads:
                return LeaverSettled(leaver.name, asked_again)
            return LeaverAsked(leaver)
        case "shift_end":
            leads = tuple(lead for lead in drawing.listed if lead.number in event.meta["leads"])
            return ShiftEnd(drawing.event_seq, leads, event.meta["cover"]) if leads else NothingOpen()
        case "morning":
            theirs = {lead.number: lead for lead in drawing.listed if drawing.spot.officer_id in (lead.owner_id, lead.cover_id)}
            rows = tuple((section, theirs[number]) for section, number in event.meta["rows"] if number in theirs)
            texts, emails = event.meta.get("sent", (0, 0))  # what was told before sequences were counted
            told = Morning(event.meta["counts"], rows, event.meta["returns"], (texts, emails))
            return told if rows or told.returns or any(told.sent) else NothingOpen()
        case "rate_list":
            theirs = {lead.number: lead for lead in drawing.listed}
            calls = tuple((theirs[each.waits.lead_id], each) for each in drawing.to_call if each.waits.lead_id in theirs)
            return RateCalls(max(len(calls), event.meta["many"]), calls) if calls else NothingOpen()
        case "on_call":
            meta, until = event.meta, datetime.fromisoformat(event.meta["until"])
            you = meta["officer_id"] is not None and meta["officer_id"] == drawing.spot.officer_id
            return OnCall(meta["team"], meta["officer"], until, meta["zone"], you, meta["language"])
        case "swap_asked" | "swap_taken" | "swap_off":
            return _of_swap(drawing, event)
        case "group_done" | "group_taken_back":
            meta, back = event.meta, drawing.topic == "group_taken_back"
            return GroupDone(meta["group"], meta["names"], meta["texts_only"], meta["officer"], meta["tally"], back)
        case "drip_asked":
            assert drawing.draft is not None, "its event names it"
            return DraftNews(drawing.draft, drawing.draft.state == ASKED and drawing.draft.asked_seq == drawing.event_seq)
        case "drip_judged":
            assert drawing.draft is not None, "its event names it"
            meta, approved = event.meta, event.kind == "drip_published"
            return DraftDecided(drawing.draft, meta["officer"], approved, meta["version"], meta["why"])
        case "covers":
            absence = drawing.absence
            assert absence is not None, "its event names who is away"
            if absence.over or absence.until is None:
                return CoversNoMore(absence.owner)
            return Covers(absence.owner, absence.until, event.meta["zone"], len(absence.numbers), drawing.listed)
        case "while_away":
            return WhileAway(event.meta["cover"], len(event.meta["leads"]), tuple(_meanwhile(drawing, event)))
        case "shift_answered":
            return ShiftAnswered(event.meta["choice"], len(event.meta["leads"]), event.meta["to"])
    raise ValueError(f"no notice about no lead is called {drawing.topic!r}")


def _compliance_week(event: EventView) -> ComplianceWeek:
    meta = event.meta
    dated = None if meta["dated"] is None else date.fromisoformat(meta["dated"])
    decided = tuple((name, kind, many) for name, kind, many in meta["decided"])
    return ComplianceWeek(decided, meta["refused"], meta["held"], meta["registry"], dated, dated and good_until(dated))


def _asked_again(meta: Mapping[str, Any]) -> AskedAgain:
    return AskedAgain(meta["source"], meta["after_minutes"], meta["first_source"], _news(meta))


def _news(meta: Mapping[str, Any]) -> News:
    return News(meta.get("call") == "asked", meta.get("back_after_days"), meta.get("grade"), meta.get("grade_before"))


def _of_swap(drawing: Drawing, event: EventView) -> SwapWanted | SwapHolds | SwapClosed | SwapOff:
    swap = drawing.swap
    assert swap is not None, "its event names it"
    if drawing.topic == "swap_off":
        return SwapOff(swap, event.meta["by"])
    if swap.withdrawn_at is not None:
        return SwapClosed(swap)
    if swap.by_id is None:
        return SwapWanted(swap)
    mine = drawing.spot.officer_id == swap.by_id
    return SwapHolds(swap, yours=mine) if mine or drawing.topic == "swap_taken" else SwapClosed(swap)


def _meanwhile(drawing: Drawing, event: EventView) -> Iterator[Meanwhile]:
    leads = {lead.number: lead for lead in drawing.listed}
    for each in event.meta["leads"]:
        if each["lead"] in leads:
            yield Meanwhile(leads[each["lead"]], tuple((name, channel, times) for name, channel, times in each["tries"]), each["wrote"])


def _in_spanish(speaks: Mapping[str, Any] | None) -> InSpanish | None:
    """What the owner at that time had to know; whoever has the lead since speaks it, or chose to."""
    if speaks is None:
        return None
    return InSpanish(speaks["written"], (speaks["to_id"], speaks["to_name"]) if speaks["to_id"] else None)


def _of_unclear(text: TextView) -> MayOptOut | TextPlaced:
    return MayOptOut(text) if text.status == "unclear" else TextPlaced(text.status == "opt_out")


def _of_reminder(drawing: Drawing) -> Notice:
    lead, reminder = drawing.lead, drawing.reminder
    assert reminder is not None, "its event names the reminder"
    if lead.owner_id != reminder.officer_id or lead.owner_name is None:
        return NoLongerYours() if drawing.topic == "come_back" else Done()
    if not reminder.open:
        return Done()
    if drawing.topic != "come_back":
        return PromisedCall(lead.owner_name)
    assert drawing.event is not None
    planned = drawing.event.meta.get("try")
    owner = None if lead.owner_id == drawing.spot.officer_id else lead.owner_name
    return ComeBack(reminder.id, reminder.kind, reminder.note and redact(reminder.note), planned and (planned[0], planned[1]), owner)


def _was_put_elsewhere(text: TextView, number: int) -> bool:
    """Whether words that once stood in this lead's thread were somebody else's. A STOP stands in every lead that it concerns."""
    return text.status in ("unplaced", "not_ours") or (text.status == "received" and text.lead_id not in (None, number))


def _is_in_trouble(text: TextView) -> bool:
    """Whether the text did not arrive, or somebody has to say whether it did."""
    asks = text.status == "uncertain" and text.due_at is None and text.because is None
    return asks or text.status in ("failed", "refused")


def _is_round(drawing: Drawing) -> bool:
    """Whether the borrower still waits for the answer that this message is about."""
    now = drawing.clocks.get(UNANSWERED)
    return now is not None and drawing.event is not None and now.round == drawing.event.meta["round"]


def _asks_still(drawing: Drawing) -> bool:
    """Whether the owner's clock still stands at the step that this message belongs to, and nobody is on the phone."""
    now, event = drawing.clocks.get(UNCONTACTED), drawing.event
    if now is None or event is None or not now.runs or now.rests:
        return False
    return (now.round, now.step) == (event.meta["round"], event.meta["step"]) and now.started_at <= event.at
