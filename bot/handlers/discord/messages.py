"""What stands beside the card: lines of its thread and messages to one person, drawn from the lead's present state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

from bot.handlers.discord.cards import claim_button, headed, open_button, pass_choice, small
from bot.handlers.discord.layouts import Button, Parts
from bot.handlers.discord.words import marked, shown
from bot.lead_facts import own_facts, shared_facts
from bot.rendering import labels
from bot.rules.redaction import redact, without_contact
from bot.rules.spoken import full_day
from bot.rules.text import initial_name, one_line
from bot.store.events import COMPANY
from bot.store.leavers import RETURNED
from bot.store.views import MOST_LISTED, Drawing, LeadView, TextView
from bot.updates import (
    AskedAgain,
    AsksAgain,
    Assigned,
    AssignedAway,
    CameBack,
    ComeBack,
    Digest,
    Done,
    GivenBack,
    GoesBackSoon,
    HowDidItGo,
    LeaverAsked,
    LeaverSettled,
    LetLapse,
    Logged,
    NobodyFree,
    NoLongerYours,
    Noted,
    NothingOpen,
    Notice,
    Nudge,
    Offer,
    Over,
    Overnight,
    OwnerAway,
    OwnerLeft,
    PracticeEnded,
    PracticeRing,
    PracticeTaken,
    PromisedCall,
    QuickLog,
    RangSince,
    Ring,
    SameOrTwo,
    SameRequest,
    ShiftAnswered,
    ShiftEnd,
    SixItems,
    Staged,
    Taken,
    TakenBack,
    Texted,
    TextPlaced,
    TextTrouble,
    ToldApart,
    TwoPeople,
    Unclaimed,
    Untold,
    Update,
    Waits,
    Welcome,
    WhoseText,
    Wrote,
    WroteToYou,
    Yours,
)
from bot.wording.leads import LINE_LIMIT, two_lines
from bot.wording.plain import plain
from bot.wording.welcome import say_welcome

MOST_CANDIDATES = 5
WORDS_LIMIT = 1600
"""More than a text can hold."""
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
        case OwnerAway(officer):
            words = plain.say("owner_away", language, officer=officer)
        case GivenBack(officer):
            words = plain.say("given_back", language, officer=officer)
        case LetLapse(officer):
            words = plain.say("let_lapse", language, officer=officer)
        case Logged(officer, disposition, stage, undone):
            words = plain.say("logged", language, officer=officer, disposition=disposition, stage=stage, undone=undone)
        case Staged(officer, stage, undone):
            words = plain.say("staged", language, officer=officer, stage=stage, undone=undone)
        case Noted(officer, undone):
            words = plain.say("noted", language, officer=officer, undone=undone)
        case OwnerLeft(officer):
            words = plain.say("owner_left", language, officer=officer)
        case Assigned(officer, by, undone):
            words = plain.say("assigned", language, officer=officer, by=by, undone=undone)
        case SameRequest(older):
            words = plain.say("same_request", language, older=older)
        case TwoPeople(older):
            words = plain.say("two_people_said", language, older=older)
        case Untold(older):
            words = plain.say("untold", language, older=older)
        case Texted():
            return _texted(drawing, update, facts)
        case Wrote():
            return _wrote(drawing, update, facts)
        case _:
            assert_never(update)
    return Parts([shown(words, 1000)])


def _wrote(drawing: Drawing, update: Wrote, facts: dict[str, Any]) -> Parts:
    """What the borrower wrote. Only these words call the owner by name; a shared room never reads a number or an address."""
    lead, wrote = drawing.lead, update.text
    told = facts | {
        "status": wrote.status,
        "late": update.late,
        "written_at": wrote.created_at,
        "owner_address": drawing.owner_address,
        "pictures": wrote.pictures,
        "wordless": not wrote.words.strip(),
        "in_vain": update.in_vain,
    }
    words = without_contact(wrote.words) if lead.masked else redact(wrote.words)
    head, note = marked.say("wrote", lead.language, **told), plain.say("wrote_note", lead.language, **told)
    return Parts([head, shown(words, WORDS_LIMIT), small(note)], _view_button(lead.number, wrote, lead.language))


def _view_button(number: int, wrote: TextView, language: str) -> list[Button]:
    """Where pictures came with the words."""
    return [Button(labels(language)("button", "view"), "view_pictures", f"{number}:{wrote.id}")] if wrote.pictures else []


def _texted(drawing: Drawing, update: Texted, facts: dict[str, Any]) -> Parts:
    """What an officer texted, with the mark that says where it stands."""
    lead, sent = drawing.lead, update.text
    said = plain.say("texted", lead.language, **facts, officer=one_line(update.officer, 60))
    mark = plain.say(
        "text_mark", lead.language,
        status=sent.status, because=sent.because, due_at=sent.due_at, zone=lead.time_zone, segments=update.segments,
    )  # fmt: skip
    if sent.status in ("failed", "refused"):
        mark = f"{mark}. {_why(sent, lead.language)}"
    words = without_contact(sent.words) if lead.masked else redact(sent.words)
    return Parts([shown(said, 300), shown(words, WORDS_LIMIT), small(mark)])


def _why(sent: TextView, language: str) -> str:
    return plain.say("text_why", language, because=sent.because, error_code=sent.error_code)


def notice(drawing: Drawing, told: Notice, company: str, now: datetime) -> Parts:
    """A message to one person."""
    number, language = drawing.number, drawing.officer[1] if drawing.officer else "en"
    match told:
        case Yours(given_by):
            return _yours(drawing, given_by, company, now)
        case Ring() | Offer() | Unclaimed() | NobodyFree():
            return _free(drawing.lead, told, language, now)
        case Nudge() | GoesBackSoon() | HowDidItGo() | AsksAgain() | ComeBack() | PromisedCall() | Waits() | SameOrTwo():
            return _asks_for_work(drawing.lead, told, language, now)
        case WroteToYou() | TextTrouble():
            return _about_a_text(drawing, told, language, now)
        case AssignedAway(officer, by):
            words = marked.say("assigned_away", language, number=number, officer=one_line(officer, 60), by=one_line(by, 60))
        case NoLongerYours():
            words = marked.say("no_longer_yours", language, number=number)
        case Taken(owner, seconds, by_you):
            words = marked.say("taken", language, number=number, owner=one_line(owner, 60), seconds=seconds, by_you=by_you)
        case Over(stage):
            words = marked.say("ended", language, number=number, stage=stage)
        case TakenBack():
            words = marked.say("taken_back", language, number=number)
        case RangSince():
            words = marked.say("rang_since", language, number=number)
        case Done():
            words = marked.say("done", language, number=number)
        case SixItems(received_on, due_on):
            words = marked.say(
                "six_items", language, number=number, received_on=full_day(received_on, language), due_on=full_day(due_on, language)
            )
        case ToldApart(older, owner, same):
            owner = owner and one_line(owner, 60)
            words = marked.say("told_apart", language, number=number, older=older, older_owner=owner, same=same)
        case QuickLog(officer, seconds, undone):
            words = marked.say("quick_log", language, number=number, officer=one_line(officer, 60), seconds=seconds, undone=undone)
            return Parts([words], [open_button(drawing.lead.number, language)])
        case Digest(free, best):
            return _list(marked.say("digest", language, free=free), best, language, now)
        case Overnight(team, waited):
            words = marked.say("overnight", language, team=one_line(team, 60), waited=waited)
        case LeaverAsked(leaver):
            words = marked.say("leaver_asked", language, officer=one_line(leaver.name, 60), leads=leaver.open_leads)
        case LeaverSettled(officer, again):
            words = marked.say("leaver_settled", language, officer=one_line(officer, 60), again=again)
        case CameBack(leaver):
            asked = leaver.because == RETURNED
            words = marked.say("came_back", language, officer=one_line(leaver.name, 60), active=leaver.active, asked=asked)
        case ShiftEnd(_, leads):
            return _list(marked.say("shift_end", language, leads=len(leads)), leads, language, now)
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
            words = marked.say("practice_taken", language, number=number, seconds=seconds)
        case PracticeEnded():
            words = marked.say("practice_over", language, number=number)
        case WhoseText(text, candidates):
            return _whose(text, candidates, language)
        case TextPlaced():
            words = marked.say("text_placed", language)
        case NothingOpen():
            words = marked.say("nothing_open", language)
        case _:
            assert_never(told)
    return Parts([words])


def _list(heading: str, leads: Sequence[LeadView], language: str, now: datetime) -> Parts:
    return Parts([heading, "\n".join(_line_of(lead, language, now) for lead in leads[:MOST_LISTED])])


def _line_of(lead: LeadView, language: str, now: datetime) -> str:
    """A lead in one line of a list."""
    facts = shared_facts(lead, now)
    return marked.say("digest_line", language, **facts, calling=plain.say("callable", language, **facts))


def _yours(drawing: Drawing, given_by: str | None, company: str, now: datetime) -> Parts:
    name, language = drawing.officer or ("", "en")
    lead = drawing.lead
    facts = own_facts(lead, now) | {"officer": one_line(name, 60).partition(" ")[0], "company": one_line(company, 80)}
    words = [marked.say("yours", language, **facts, given_by=given_by and one_line(given_by, 60))]
    buttons = work_buttons(lead.number, language)
    if lead.link and lead.link.answer == "asked":
        words.append(shown(plain.say("two_people", language, **facts), 300))
        buttons += _same_or_two(lead.number, language)
    return Parts(words, buttons)


def _free(lead: LeadView, told: Ring | Offer | Unclaimed | NobodyFree, language: str, now: datetime) -> Parts:
    """The lead's two lines with Claim and Pass, below a sentence that says why this person is asked."""
    facts = shared_facts(lead, now)
    match told:
        case Ring(waited, overnight):
            why = plain.say("waited", language, waited=waited, overnight=overnight) if waited else ""
        case Offer():
            why = plain.say("offer", language, **facts)
        case Unclaimed(minutes):
            why = plain.say("unclaimed", language, **facts, minutes=minutes)
        case NobodyFree():
            why = plain.say("nobody_free", language, **facts)
    words = [shown(why, 300), headed(two_lines(facts, language))]
    if isinstance(told, NobodyFree):
        return Parts(words, [Button(labels(language)("button", "take"), "claim", str(lead.number), primary=True)])
    return Parts(words, [claim_button(lead.number, language)], [pass_choice(lead.number, language)])


AsksForWork = Nudge | GoesBackSoon | HowDidItGo | AsksAgain | ComeBack | PromisedCall | Waits | SameOrTwo


def _asks_for_work(lead: LeadView, told: AsksForWork, language: str, now: datetime) -> Parts:
    """What somebody is asked to do about a lead, with the buttons that do it."""
    facts, label, number = shared_facts(lead, now), labels(language), str(lead.number)
    calls = work_buttons(lead.number, language)[:2]
    match told:
        case Nudge():
            return Parts([shown(plain.say("nudge", language, **facts), 300)], calls)
        case GoesBackSoon(minutes, may_keep):
            words = plain.say("goes_back_soon", language, **facts, minutes=minutes)
            keep = Button(label("button", "keep"), "calling", number, primary=True)
            return Parts([shown(words, 300)], [keep] if may_keep else went_buttons(lead.number, language))
        case HowDidItGo(may_be_on):
            still = Button(label("button", "still_on"), "calling", f"{number}:{STILL_ON}")
            answers = [*went_buttons(lead.number, language), *([still] if may_be_on else [])]
            return Parts([shown(plain.say("how_did_it_go", language, **facts), 300)], answers)
        case AsksAgain(asked):
            return Parts([shown(plain.say("asked_again", language, **_asked(facts, asked)), 300)], calls)
        case ComeBack():
            words = plain.say("come_back", language, **{**facts, "what": told.what}, note=told.note)
            return Parts([shown(words, 1600)], calls)
        case PromisedCall(owner):
            words = plain.say("promised_call", language, **{**facts, "owner": one_line(owner, 60)})
            return Parts([shown(words, 300)], [open_button(lead.number, language)])
        case Waits(owner, since):
            words = plain.say("waits", language, **{**facts, "owner": one_line(owner, 60), "since": since})
            return Parts([shown(words, 2 * LINE_LIMIT)], [open_button(lead.number, language)])
        case SameOrTwo():
            return Parts([shown(plain.say("two_people", language, **facts), 300)], _same_or_two(lead.number, language))
    assert_never(told)


def _about_a_text(drawing: Drawing, told: WroteToYou | TextTrouble, language: str, now: datetime) -> Parts:
    """To the owner or to who wrote: the borrower's words, or what became of ours."""
    lead, text = drawing.lead, told.text
    facts = shared_facts(lead, now)
    match told:
        case WroteToYou(_, yours):
            late = bool(drawing.event and drawing.event.meta["late"])
            said = plain.say(
                "wrote_to_you", language, **facts,
                status=text.status, late=late, written_at=text.created_at, in_vain=told.in_vain,
                pictures=text.pictures, wordless=not text.words.strip(),
            )  # fmt: skip
            buttons = work_buttons(lead.number, language)[:2] if yours else []
            buttons += _view_button(lead.number, text, language)
        case TextTrouble():
            said = plain.say("text_trouble", language, **facts, uncertain=text.status == "uncertain", why=_why(text, language))
            buttons = work_buttons(lead.number, language)[:2]
    return Parts([shown(said, 300), shown(redact(text.words), WORDS_LIMIT)], buttons)


def _whose(text: TextView, candidates: Sequence[LeadView], language: str) -> Parts:
    """To who can tell whose words they are. Whoever is not asked never sees them."""
    label = labels(language)
    names = [(lead.number, initial_name(lead.first_name, lead.last_name)) for lead in candidates[:MOST_CANDIDATES]]
    buttons = [Button(f"#{number} {name}", "place", f"{number}:{text.id}") for number, name in names]
    buttons.append(Button(label("button", "other_lead"), "place_other", f"0:{text.id}"))
    buttons.append(Button(label("button", "not_ours"), "place", f"0:{text.id}"))
    buttons += _view_button(COMPANY, text, language)
    said = plain.say("whose_text", language, fits=len(candidates), pictures=text.pictures)
    return Parts([shown(said, 300), shown(redact(text.words), WORDS_LIMIT)], buttons)


def _same_or_two(number: int, language: str) -> list[Button]:
    label, value = labels(language), str(number)
    return [
        Button(label("button", "same_request"), "same_request", value),
        Button(label("button", "two_people"), "two_people", value),
    ]


def _asked(facts: dict[str, Any], asked: AskedAgain) -> dict[str, Any]:
    return {**facts, "source": asked.source, "after_minutes": asked.after_minutes, "first_source": asked.first_source}


def went_buttons(number: int, language: str) -> list[Button]:
    """The usual results of a call."""
    label = labels(language)
    return [Button(label("disposition", answer), "went", f"{number}:{answer}") for answer in ANSWERS]


def work_buttons(number: int, language: str) -> list[Button]:
    """What the owner does with a lead."""
    value, label = str(number), labels(language)
    return [
        Button(label("button", "calling"), "calling", value, primary=True),
        Button(label("button", "log"), "log", value),
        Button(label("more", "stage"), "stage", value),
        Button(label("more", "note"), "note", value),
        Button(label("more", "give_back"), "give_back", value),
    ]
