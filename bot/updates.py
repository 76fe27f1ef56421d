"""The closed set of what is told in a lead's thread (updates) and to a person about a lead (notices): facts, without words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.rules.eligibility import Reason
from bot.rules.routing import NamedBy
from bot.store.building import DraftView
from bot.store.calls import CallRow
from bot.store.drips import DripView
from bot.store.leavers import LeaverView
from bot.store.rates import ToCall
from bot.store.reminders import Kind
from bot.store.returns import Had, ReturnView
from bot.store.rota import SwapView
from bot.store.source_requests import UnreadView
from bot.store.views import LeadView, TextView


@dataclass(frozen=True, slots=True)
class News:
    """What is more than that a borrower did something: they want a call now, are back after so many days, or the grade changed."""

    wants_call: bool = False
    back_after_days: int | None = None
    grade: str | None = None
    grade_before: str | None = None


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A second request for the same loan came in."""

    source: str
    after_minutes: int
    first_source: str
    news: News


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """The source sent its request once more and said other things: `about` the loan, the property, the contact, the consent."""

    source: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The owner gave the lead back to the pool."""

    officer: str


@dataclass(frozen=True, slots=True)
class Parted:
    """The owner had the lead only because it was taken for another one's, and somebody took that back."""

    officer: str


@dataclass(frozen=True, slots=True)
class LetLapse:
    """The owner did not call in time, or `for_days` did nothing, so the lead went back to the pool."""

    officer: str
    for_days: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """Somebody tried to reach the borrower, with this result."""

    officer: str
    disposition: str
    stage: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Staged:
    """Somebody moved the lead to another stage; `why` where they gave up on a borrower who was not reached."""

    officer: str
    stage: str
    undone: bool
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """Somebody wrote a note, which the thread does not show: its channel may be wider than the team."""

    officer: str
    undone: bool


@dataclass(frozen=True, slots=True)
class OwnerAway:
    """The borrower asked again while the owner is off or gone, so the lead went back to the pool."""

    officer: str


@dataclass(frozen=True, slots=True)
class OwnerLeft:
    """The owner has left, so the lead went back to the pool."""

    officer: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """Somebody, or the rule called `by`, gave the lead to an officer."""

    officer: str
    by: str
    by_rule: bool = False
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Meant:
    """An officer whom a lead names, by whom it does, and why they could not take it (a label; None where nothing was against it)."""

    officer: str
    by: NamedBy
    because: str | None


@dataclass(frozen=True, slots=True)
class MeantFor:
    """Those whom the lead itself names could not take it."""

    meant: tuple[Meant, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """The lead is asked back from who sold it, was, or will not be."""

    standing: ReturnView


@dataclass(frozen=True, slots=True)
class SameRequest:
    """This lead turned out to be another lead's second request, and is closed."""

    older: int


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """This lead shares a phone or an email with another, and is a lead of its own."""

    older: int


@dataclass(frozen=True, slots=True)
class Untold:
    """What was said of this lead and the other was taken back."""

    older: int


@dataclass(frozen=True, slots=True)
class Wrote:
    """The borrower wrote. `late` where it reached us long after, `in_vain` where it is START and our own list stays closed."""

    text: TextView
    late: bool
    in_vain: bool
    news: News
    elsewhere: bool = False  # an email from an address that the lead does not have
    undone: bool = False  # they were somebody else's, and were put here by mistake
    wrong_number: bool = False  # whoever wrote has a number or an address that is not the borrower's


@dataclass(frozen=True, slots=True)
class Texted:
    """An officer texted the borrower; the text says where it stands."""

    officer: str
    text: TextView
    segments: int


@dataclass(frozen=True, slots=True)
class Emailed:
    """An officer wrote an email to the borrower; it says where it stands."""

    officer: str
    text: TextView


@dataclass(frozen=True, slots=True)
class AutoReplied:
    """The borrower's mailbox answered by itself."""

    text: TextView


@dataclass(frozen=True, slots=True)
class EmailReturned:
    """An email to the borrower did not arrive: a mail server says so long after another took it."""

    text: TextView


@dataclass(frozen=True, slots=True)
class Called:
    """An officer had the borrower called; the call says how it stands, or went."""

    call: CallRow


@dataclass(frozen=True, slots=True)
class Clicked:
    """The borrower followed a link in this email."""

    text: TextView
    news: News


@dataclass(frozen=True, slots=True)
class Visited:
    """The borrower is on our own site, where this email led, or works something out there."""

    text: TextView
    calculated: bool
    news: News


@dataclass(frozen=True, slots=True)
class CalledUs:
    """The borrower called our number; the call says whether somebody took it."""

    call: CallRow


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """The borrower wants no more of our emails."""


@dataclass(frozen=True, slots=True)
class AskedToStop:
    """Somebody noted that the borrower wants no more texts, calls or emails."""

    officer: str
    what: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Drips:
    """Texts leave by themselves, begun by this officer: how far they are, the last one, and why they ended."""

    officer: str
    drip: DripView
    text: TextView | None


Update = (
    AskedAgain
    | SourceChanged
    | GivenBack
    | LetLapse
    | Parted
    | OwnerAway
    | Logged
    | Staged
    | Noted
    | OwnerLeft
    | MeantFor
    | Assigned
    | Returned
    | SameRequest
    | TwoPeople
    | Untold
    | Wrote
    | Texted
    | Emailed
    | AutoReplied
    | EmailReturned
    | Clicked
    | Visited
    | Called
    | CalledUs
    | Unsubscribed
    | AskedToStop
    | Drips
)
"""What a thread is told."""


@dataclass(frozen=True, slots=True)
class Yours:
    """You own this lead: here is the borrower. `given_by` is there where somebody, or a rule, gave it to you."""

    given_by: str | None = None
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class AssignedAway:
    """You owned this lead; who leads the team gave it to somebody else."""

    officer: str
    by: str


@dataclass(frozen=True, slots=True)
class NoLongerYours:
    """You owned this lead; the number is hidden again."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A lead is free and you may have it. In the morning the first one says how many waited."""

    waited: int = 0
    overnight: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """To a team's channel: the borrower of a free lead was not heard of for so many days, and is back."""

    days: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A lead is still free and it is your turn."""


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """To who leads: nobody took this lead yet, after so many callable minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class NobodyFree:
    """To who leads: there is nobody on duty who may take this lead; with the reason where nobody of the team may at any hour."""

    because: Reason | None = None
    state: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a ring, an offer or a warning turns into: somebody has the lead, after so many seconds."""

    owner: str
    seconds: float
    by_you: bool


@dataclass(frozen=True, slots=True)
class Over:
    """The lead ended; there is nothing to do."""

    stage: str


@dataclass(frozen=True, slots=True)
class Nudge:
    """You own the lead and have not called yet."""


@dataclass(frozen=True, slots=True)
class NotCalled:
    """To whom the policy names: the owner of the lead has not called for so many callable minutes."""

    owner: str
    minutes: int


@dataclass(frozen=True, slots=True)
class GoesBackSoon:
    """You own the lead, have not called, and lose it in so many minutes. You may keep it where you did not hold it before."""

    minutes: int
    may_keep: bool


@dataclass(frozen=True, slots=True)
class GoesBackTomorrow:
    """The owner leaves the lead alone: it goes back to the pool then. `unanswered` where the borrower wrote and waits."""

    at: datetime
    unanswered: bool


@dataclass(frozen=True, slots=True)
class HowDidItGo:
    """You said that you are calling; that was half an hour ago. You may be still on where you did not say so before."""

    may_be_on: bool


@dataclass(frozen=True, slots=True)
class AsksAgain:
    """The borrower of your lead asked again, at another source or the same."""

    asked: AskedAgain


@dataclass(frozen=True, slots=True)
class InSpanish:
    """The borrower wrote Spanish, or asked for it, which you do not speak with borrowers; a colleague who does, by id and name."""

    written: bool
    to: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class WroteToYou:
    """The borrower of your lead wrote; or somebody whose words compliance has to judge, whose lead is not yours."""

    text: TextView
    yours: bool
    in_vain: bool  # they texted START, and our list stays closed
    news: News
    spanish: InSpanish | None = None  # until somebody says that it goes on in English
    elsewhere: bool = False  # an email from an address that the lead does not have
    wrong_number: bool = False  # whoever wrote has a number or an address that is not the borrower's


@dataclass(frozen=True, slots=True)
class ClickedAgain:
    """The borrower of your lead, who was silent for long, followed a link in an email."""

    news: News


@dataclass(frozen=True, slots=True)
class TextTrouble:
    """Your text or email did not arrive, or nobody knows whether it did."""

    text: TextView


@dataclass(frozen=True, slots=True)
class WordsToJudge:
    """To compliance: an officer asks whether these words, which were kept back, may leave."""

    officer: str
    text: TextView


@dataclass(frozen=True, slots=True)
class WordsSettled:
    """What that question turns into once somebody decided."""

    approved: bool


@dataclass(frozen=True, slots=True)
class YourWordsJudged:
    """Compliance said yes or no to your words. What was approved may be refused by the gate all the same."""

    by: str
    approved: bool
    text: TextView


@dataclass(frozen=True, slots=True)
class MissedCall:
    """Your borrower called, and nobody picked up."""

    call: CallRow
    news: News


@dataclass(frozen=True, slots=True)
class CallOver:
    """A call that the officer asked for is over; `asks` while they have not said how it went."""

    call: CallRow
    asks: bool


@dataclass(frozen=True, slots=True)
class WhoseText:
    """Somebody wrote, and a person has to say whose words they are: of one of these leads, of another, or nobody's."""

    text: TextView
    candidates: tuple[LeadView, ...]


@dataclass(frozen=True, slots=True)
class MayOptOut:
    """Somebody wrote of whom nobody knows yet who they are, and it may be an opt-out."""

    text: TextView


@dataclass(frozen=True, slots=True)
class TextPlaced:
    """What those questions turn into once somebody answered them, or the borrower did by opting out."""

    opted_out: bool


@dataclass(frozen=True, slots=True)
class YouTexted:
    """You texted our number from your own phone."""

    text: TextView


@dataclass(frozen=True, slots=True)
class Waits:
    """To who covers and who leads: the borrower wrote and the owner has not answered."""

    owner: str
    since: datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """You did not call in time, or `for_days` did nothing: the lead went back to the pool."""

    for_days: bool


@dataclass(frozen=True, slots=True)
class ComeBack:
    """You wanted to come back to your lead now; or the borrower wants your call now; or a try to reach them is planned for now, the so
    maniest of so many."""

    reminder: int
    what: Kind
    note: str | None
    planned: tuple[int, int] | None = None
    owner: str | None = None  # who wanted it, to whom you cover for


@dataclass(frozen=True, slots=True)
class PromisedCall:
    """To who leads: the borrower was promised a call now, and its owner is off."""

    owner: str


@dataclass(frozen=True, slots=True)
class RangSince:
    """The lead was taken or asked again after this message, and rang anew: there are newer messages."""


@dataclass(frozen=True, slots=True)
class Booked:
    """The borrower of the free lead was promised a call at that time: until then it is quiet."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class BookedNow:
    """To who promised the borrower a call now: nobody has the lead."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a nudge or a question turns into once it is answered."""


@dataclass(frozen=True, slots=True)
class SixItems:
    """The lead may be an application, received on that day: its Loan Estimate is due."""

    received_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class QuickLog:
    """To who leads: an officer logged a call so few seconds after claiming the lead. `undone` when they took it back."""

    officer: str
    seconds: int
    undone: bool


@dataclass(frozen=True, slots=True)
class OwnerUnlicensed:
    """Its source says that the lead is in this state, where its owner has no license, nor the whole company if `company`. The owner is told
    `yours`."""

    owner: str
    state: str
    company: bool
    yours: bool


@dataclass(frozen=True, slots=True)
class SameOrTwo:
    """Is this lead the same request as the older one, or are they two people?"""


@dataclass(frozen=True, slots=True)
class ToldApart:
    """What that question turns into, and what the newer lead's owner reads once it is closed."""

    older: int
    older_owner: str | None
    same: bool


@dataclass(frozen=True, slots=True)
class Digest:
    """Instead of more rings this hour: so many leads are free too. These are the best, the best first."""

    free: int
    best: tuple[LeadView, ...]


@dataclass(frozen=True, slots=True)
class Overnight:
    """To who leads: so many leads waited for the morning, and are handed out."""

    team: str
    waited: int


@dataclass(frozen=True, slots=True)
class LeaverAsked:
    """To who leads: somebody left with open leads. Who takes them?"""

    leaver: LeaverView


@dataclass(frozen=True, slots=True)
class LeaverSettled:
    """What that question turns into: all leads found somebody, the leaver is back and keeps them, or a newer message asks."""

    officer: str
    asked_again: bool = False
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class CameBack:
    """To who leads: somebody who had left is in the chat platform again. Do they work here?"""

    leaver: LeaverView


@dataclass(frozen=True, slots=True)
class Welcome:
    """To an officer who was just found in chat: what we know of them. Licenses are states with the ISO date they end on."""

    licenses: dict[str, str | None]
    hours: tuple[int, int] | None  # minutes of the day


@dataclass(frozen=True, slots=True)
class PracticeRing:
    """A practice lead rings."""


@dataclass(frozen=True, slots=True)
class PracticeTaken:
    """You claimed the practice lead after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class PracticeEnded:
    """Nobody claimed the practice lead."""


@dataclass(frozen=True, slots=True)
class ShiftEnd:
    """Your day ends soon and these leads are still open: keep them, hand them to the cover if there is one, or give them to the pool."""

    question: int
    leads: tuple[LeadView, ...]
    cover: str | None


@dataclass(frozen=True, slots=True)
class ShiftAnswered:
    """What became of so many leads, and who has them where they were handed over."""

    choice: str
    leads: int
    to: str | None


@dataclass(frozen=True, slots=True)
class Morning:
    """Your working day begins: so many of your leads want something, by section, and these are the first of them; `returns` bad leads may
    still be sent back, and sequences sent so many texts and emails for you since the last one began."""

    counts: dict[str, int]
    rows: tuple[tuple[str, LeadView], ...]
    returns: int
    sent: tuple[int, int]


@dataclass(frozen=True, slots=True)
class RateCalls:
    """A rate fell to where it is worth a talk with so many borrowers of yours; who would save the most comes first."""

    many: int
    rows: tuple[tuple[LeadView, ToCall], ...]


@dataclass(frozen=True, slots=True)
class OnCall:
    """An officer is on call for a team from now on, or nobody is. The channel reads it too, in its own language."""

    team: str
    officer: str | None
    until: datetime
    zone: str
    you: bool
    language: str


@dataclass(frozen=True, slots=True)
class SwapWanted:
    """A colleague asks you to be on call in their place."""

    swap: SwapView


@dataclass(frozen=True, slots=True)
class SwapHolds:
    """You are on call in a colleague's place, or they are in yours."""

    swap: SwapView
    yours: bool


@dataclass(frozen=True, slots=True)
class SwapClosed:
    """A colleague took it, or nobody has to."""

    swap: SwapView


@dataclass(frozen=True, slots=True)
class SwapOff:
    """The other one undid it: everybody has their own turn again."""

    swap: SwapView
    by: str


@dataclass(frozen=True, slots=True)
class GroupDone:
    """What became of a sequence that you began for many leads, or took back: how many leads by what happened to them."""

    group: int
    names: Mapping[str, str]
    texts_only: bool
    officer: str
    tally: Mapping[str, int]
    taken_back: bool


@dataclass(frozen=True, slots=True)
class StepKeptBack:
    """The words of a step did not leave for your lead, because of this (a code of the lint)."""

    names: Mapping[str, str]
    step: int
    because: str


@dataclass(frozen=True, slots=True)
class DraftNews:
    """A sequence that somebody built waits for your approval where it `asks`; else it is what that turns into."""

    draft: DraftView
    asks: bool


@dataclass(frozen=True, slots=True)
class DraftDecided:
    """What another person said to a sequence that you wrote: it is live as this version, or went back."""

    draft: DraftView
    officer: str
    approved: bool
    version: int
    why: str | None


@dataclass(frozen=True, slots=True)
class Covers:
    """You work a colleague's leads until they are back: so many are open, and these are the best."""

    owner: str
    until: datetime
    zone: str
    many: int
    leads: tuple[LeadView, ...]


@dataclass(frozen=True, slots=True)
class CoversNoMore:
    """What that turns into once they are back, or named somebody else."""

    owner: str


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What happened to one of your leads: who tried to reach the borrower, by which channel and how often, and how often they wrote."""

    lead: LeadView
    tries: tuple[tuple[str, str, int], ...]
    wrote: int


@dataclass(frozen=True, slots=True)
class WhileAway:
    """You are back: what happened to your leads, of which so many, and who covered."""

    cover: str
    many: int
    leads: tuple[Meanwhile, ...]


@dataclass(frozen=True, slots=True)
class NothingOpen:
    """What the question at the end of the day turns into once nothing is open."""


@dataclass(frozen=True, slots=True)
class ChatDown:
    """A channel is closed to us, or what is pressed on a platform does not reach us: officers are texted instead where `by_text`."""

    platform: str
    channel: str
    because: str
    by_text: bool


@dataclass(frozen=True, slots=True)
class ChatBack:
    """What a channel reads once chat is back, in its team's language: how long it was away, and what became of its leads."""

    platform: str
    because: str
    minutes: int
    texted: int
    called: int
    claimed: int
    language: str


@dataclass(frozen=True, slots=True)
class ReturnsDue:
    """So many leads worth so many dollars can still go back, some of them today for the last time; the first of them by number, source,
    reason, last day and, of a duplicate, from whom we had the borrower."""

    leads: int
    dollars: int
    last_today: int
    listed: tuple[tuple[int, str, str, date, Had | None], ...]


@dataclass(frozen=True, slots=True)
class UnreadRequests:
    """Requests of a source that nobody understood wait for a person: those that do, what was wrong with the first, leads made of others."""

    source: str
    unread: UnreadView


@dataclass(frozen=True, slots=True)
class Audited:
    """So many things of these kinds are as they must not be."""

    found: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HeadTold:
    """The newest seal of the timelines, in the language of the default team where a channel reads it."""

    head: str
    language: str


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """Something is wrong between a source and us (a label)."""

    source: str
    trouble: str


@dataclass(frozen=True, slots=True)
class SourceTested:
    """A vendor's test came: our names for what was understood, their names that nobody knew, and types of what was wrong."""

    source: str
    understood: tuple[str, ...]
    unknown: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComplianceWeek:
    """Who decided what against the rules how often, how many messages the gate refused in seven days and holds now, and how the national
    registry stands: missing, good, runs_out or too_old."""

    decided: tuple[tuple[str, str, int], ...]
    refused: int
    held: int
    registry: str
    dated: date | None
    until: date | None


CompanyNotice = (
    WhoseText | MayOptOut | TextPlaced | YouTexted | Welcome | Digest | Overnight | LeaverAsked | LeaverSettled | CameBack
    | ShiftEnd | ShiftAnswered | NothingOpen | OnCall | ChatDown | ChatBack | Audited | SwapWanted | SwapHolds | SwapClosed | SwapOff
    | Covers | CoversNoMore | WhileAway | GroupDone | DraftNews | DraftDecided | ComplianceWeek | HeadTold | Morning
    | RateCalls | UnreadRequests | ReturnsDue | SourceTrouble | SourceTested
)  # fmt: skip
"""What a person is told that is about no single lead."""

Notice = (
    Yours | NoLongerYours | Ring | Back | Offer | Unclaimed | NobodyFree | Taken | Over | Nudge | NotCalled | GoesBackSoon
    | GoesBackTomorrow | HowDidItGo | AsksAgain | TakenBack | RangSince | WroteToYou | ClickedAgain | TextTrouble | Waits | Done | SixItems
    | OwnerUnlicensed | SameOrTwo | WordsToJudge | WordsSettled | YourWordsJudged | StepKeptBack
    | ToldApart | ComeBack | PromisedCall | Booked | BookedNow | QuickLog | AssignedAway | PracticeRing | PracticeTaken | PracticeEnded
    | CallOver | MissedCall
    | CompanyNotice
)  # fmt: skip
"""What a person is told, or a channel of a lead whose card stands far above."""

MOOT = (
    NoLongerYours, Taken, Over, RangSince, Booked, Done, ToldApart, LeaverSettled, ShiftAnswered, NothingOpen, SwapClosed, CoversNoMore,
    WordsSettled,
)  # fmt: skip
"""Notices that only take the place of an earlier one: not worth a message of their own."""

SHOWS_HOURS = (Yours, Ring, Back, Offer, Unclaimed, NobodyFree, BookedNow)
"""Notices that say until when, or from when on, the borrower may be called."""
