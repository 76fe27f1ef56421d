"""How the borrower's texts and ours look in a lead's thread, and to the people who answer them."""

from datetime import datetime
from functools import partial

from bot.handlers.slack.cards import Block, button, section, text
from bot.handlers.slack.words import escape, marked
from bot.leads.lead_facts import push_facts, shared_facts
from bot.rendering import labels
from bot.rules.redaction import redact, without_contact
from bot.rules.text import one_line
from bot.store.events import COMPANY
from bot.store.views import Drawing, TextView
from bot.updates import (
    AutoReplied,
    Drips,
    Emailed,
    InSpanish,
    MayOptOut,
    News,
    Texted,
    TextTrouble,
    Waits,
    WhoseText,
    WordsToJudge,
    Wrote,
    WroteToYou,
    YourWordsJudged,
    YouTexted,
)
from bot.wording.asking_compliance import say_to_judge, say_your_words, shown_words
from bot.wording.drips import say_state
from bot.wording.emailing import emailed_facts, say_mark
from bot.wording.leads import LINE_LIMIT
from bot.wording.news import news_in_words
from bot.wording.plain import plain
from bot.wording.texting import say_trouble, say_why, say_with, trouble_facts, words_of, wrote_facts

WORDS_LIMIT = 1600
"""More than a text can hold."""
LONGEST_EMAIL = 3000
"""What Slack shows in one place; only the end of the longest email is cut."""
MACHINE_LIMIT = 300


def wrote_line(drawing: Drawing, update: Wrote, now: datetime) -> tuple[str, list[Block]]:
    """What the borrower wrote, in the thread. Only these words call the owner by name; a shared room never reads a number or an address."""
    lead, wrote = drawing.lead, update.text
    if update.undone:
        words = plain.say("put_elsewhere", lead.language, **shared_facts(lead, now))
        return escape(words), [{"type": "section", "text": text(words, 300)}]
    facts = wrote_facts(lead, update, now, late=update.late)
    facts |= {"owner_address": drawing.owner_address}
    head = marked.say("wrote", lead.language, **facts)
    push = marked.say("wrote", lead.language, **push_facts(lead, facts))
    note = plain.say("wrote_note", lead.language, **facts)
    words = (without_contact if lead.masked else redact)(words_of(wrote))
    blocks = [section(head), *_said(words)]
    if note:
        blocks.append({"type": "context", "elements": [text(note, 300)]})
    return push, [*blocks, *_view(lead.number, wrote, lead.language)]


def _said(words: str) -> list[Block]:
    """A borrower's words; none where pictures alone came."""
    return [{"type": "section", "text": text(words, WORDS_LIMIT)}] if words.strip() else []


def _view(number: int, sent: TextView, language: str) -> list[Block]:
    """The way to the pictures that came or left with the words, where there are some."""
    if not sent.pictures:
        return []
    return [{"type": "actions", "block_id": f"lead:{number}", "elements": [_view_button(number, sent, language)]}]


def _view_button(number: int, wrote: TextView, language: str) -> Block:
    return button(labels(language)("button", "view"), "view_pictures", f"{number}:{wrote.id}")


def wrote_notice(drawing: Drawing, told: WroteToYou, language: str, now: datetime) -> tuple[str, list[Block]]:
    """The same to the owner or to compliance, with what can be done about it. A locked screen shows no words of a borrower."""
    lead, wrote = drawing.lead, told.text
    late = bool(drawing.event and drawing.event.meta["late"])
    facts = wrote_facts(lead, told, now, late=late)
    said = plain.say("wrote_to_you", language, **facts)
    push = plain.say("wrote_to_you", language, **push_facts(lead, facts))
    label, number = labels(language), str(lead.number)
    elements: list[Block] = []
    if wrote.status == "unclear":
        value = f"{number}:{wrote.id}"
        elements += [button(label("button", "opt_out"), "opt_out", value), button(label("button", "no_opt_out"), "no_opt_out", value)]
    if told.yours:
        if wrote.status != "opt_out" and not told.in_vain:
            elements += _reply_buttons(number, told.spanish, language, by_email=wrote.channel == "email")
        elements.append(button(label("button", "log"), "log", number))
    if wrote.pictures:
        elements.append(_view_button(lead.number, wrote, language))
    shown = [{"type": "section", "text": text(said, 300)}, *_said(redact(words_of(wrote)))]
    if told.spanish is not None:
        shown.append({"type": "context", "elements": [text(plain.say("in_spanish", language, written=told.spanish.written), 300)]})
    actions = {"type": "actions", "block_id": f"lead:{number}", "elements": elements}
    return escape(push), [*shown, actions] if elements else shown


def _reply_buttons(number: str, spanish: InSpanish | None, language: str, *, by_email: bool) -> list[Block]:
    """Text, or Email and Text to who wrote an email; where the owner lacks the borrower's language, the three ways to go on."""
    label = labels(language)
    if spanish is None:
        email = [button(label("more", "email"), "email", number, primary=True)] if by_email else []
        return [*email, button(label("button", "text"), "text", number, primary=not by_email)]
    elements = [button(label("button", "reply_in_spanish"), "text", number, primary=True)]
    if spanish.to is not None:
        to_id, name = spanish.to
        hand = plain.say("hand_to", language, cover=one_line(name, 40).partition(" ")[0])
        elements.append(button(hand, "hand_to_speaker", f"{number}:{to_id}"))
    return [*elements, button(label("button", "keep_english"), "keep_english", number)]


def waits_notice(drawing: Drawing, told: Waits, language: str, now: datetime) -> tuple[str, list[Block]]:
    """Somebody else's borrower waits."""
    lead, label = drawing.lead, labels(language)
    facts = shared_facts(lead, now) | {"owner": one_line(told.owner, 60), "since": told.since}
    said = plain.say("waits", language, **facts)
    push = plain.say("waits", language, **push_facts(lead, facts))
    number = str(lead.number)
    elements = [button(label("button", "text"), "text", number), button(label("button", "open"), "open", number)]
    actions = {"type": "actions", "block_id": f"lead:{lead.number}", "elements": elements}
    return escape(push), [{"type": "section", "text": text(said, 2 * LINE_LIMIT)}, actions]


def texted_line(drawing: Drawing, update: Texted, now: datetime) -> tuple[str, list[Block]]:
    """What an officer texted, with the mark that says where it stands."""
    lead, sent = drawing.lead, update.text
    facts = shared_facts(lead, now) | {"officer": one_line(update.officer, 60)}
    said = plain.say("texted", lead.language, **facts)
    push = plain.say("texted", lead.language, **push_facts(lead, facts))
    mark = plain.say(
        "text_mark", lead.language,
        status=sent.status, because=sent.because, due_at=sent.due_at, zone=lead.time_zone, segments=update.segments,
    )  # fmt: skip
    if sent.status in ("failed", "refused"):
        mark = f"{mark}. {say_why(sent, lead.language)}"
    if sent.pictures:
        mark = f"{mark.rstrip('.')}. {say_with(sent.pictures, lead.language)}"
    words = without_contact(sent.words) if lead.masked else redact(sent.words)
    blocks = [{"type": "section", "text": text(said, WORDS_LIMIT)}, *_said(words), {"type": "context", "elements": [text(mark, 300)]}]
    return escape(push), [*blocks, *_view(lead.number, sent, lead.language)]


def emailed_line(drawing: Drawing, update: Emailed, now: datetime) -> tuple[str, list[Block]]:
    """What an officer wrote by email, with the mark that says where it stands."""
    lead, sent = drawing.lead, update.text
    hidden = without_contact if lead.masked else redact
    facts = emailed_facts(lead, update.officer, hidden(sent.subject or ""), now)
    push = plain.say("emailed", lead.language, **push_facts(lead, facts))
    blocks = [
        {"type": "section", "text": text(each, WORDS_LIMIT)} for each in (plain.say("emailed", lead.language, **facts), hidden(sent.words))
    ]
    return escape(push), [*blocks, {"type": "context", "elements": [text(say_mark(sent, lead.language), 300)]}]


def auto_replied_line(drawing: Drawing, update: AutoReplied, now: datetime) -> tuple[str, list[Block]]:
    """What the borrower's mailbox answered by itself."""
    lead = drawing.lead
    facts = shared_facts(lead, now)
    words = (without_contact if lead.masked else redact)(words_of(update.text))
    said = plain.say("auto_replied", lead.language, **facts)
    push = plain.say("auto_replied", lead.language, **push_facts(lead, facts))
    return escape(push), [{"type": "section", "text": text(said, 300)}, *_said(one_line(words, MACHINE_LIMIT))]


def clicked_notice(drawing: Drawing, news: News, language: str, now: datetime) -> tuple[str, list[Block]]:
    """To the owner of a lead that was silent: its borrower followed a link."""
    lead, label = drawing.lead, labels(language)
    facts = shared_facts(lead, now) | {"news": partial(news_in_words, news)}
    said, push = plain.say("clicked_to_you", language, **facts), plain.say("clicked_to_you", language, **push_facts(lead, facts))
    number = str(lead.number)
    elements = [button(label("button", "calling"), "calling", number), button(label("button", "text"), "text", number)]
    actions = {"type": "actions", "block_id": f"lead:{lead.number}", "elements": elements}
    return escape(push), [{"type": "section", "text": text(said, 300)}, actions]


def drips_line(drawing: Drawing, update: Drips, now: datetime) -> tuple[str, list[Block]]:
    """How far they are, with the words that left last: the one line that they take in the thread."""
    lead, language = drawing.lead, drawing.lead.language
    facts = shared_facts(lead, now) | {
        "officer": one_line(update.officer, 60),
        "state": say_state(update.drip, lead.time_zone, language, now),
    }
    blocks: list[Block] = [{"type": "section", "text": text(plain.say("drip_line", language, **facts), WORDS_LIMIT)}]
    if update.text is not None:
        sent = update.text
        mark = plain.say(
            "text_mark", language, status=sent.status, because=sent.because, due_at=sent.due_at, zone=lead.time_zone, segments=1
        )
        if sent.status == "failed":
            mark = f"{mark}. {say_why(sent, language)}"
        words = without_contact(sent.words) if lead.masked else redact(sent.words)
        blocks.append({"type": "section", "text": text(words, WORDS_LIMIT)})
        blocks.append({"type": "context", "elements": [text(mark, 300)]})
    return escape(plain.say("drip_line", language, **push_facts(lead, facts))), blocks


def text_trouble_notice(drawing: Drawing, told: TextTrouble, language: str, now: datetime) -> tuple[str, list[Block]]:
    """To who wrote a text: it did not arrive, or nobody knows."""
    lead, sent = drawing.lead, told.text
    label, value = labels(language), f"{lead.number}:{sent.id}"
    facts = trouble_facts(lead, sent, language, now)
    said, push = say_trouble(sent, language, facts), say_trouble(sent, language, push_facts(lead, facts))
    if sent.status == "uncertain":
        elements = [button(label("button", "send_again"), "send_again", value), button(label("button", "it_arrived"), "it_arrived", value)]
    else:
        elements = [
            button(label("button", "calling"), "calling", str(lead.number)),
            button(label("button", "log"), "log", str(lead.number)),
        ]
    actions = {"type": "actions", "block_id": f"lead:{lead.number}", "elements": elements}
    return escape(push), [{"type": "section", "text": text(said, WORDS_LIMIT)}, *_said(redact(sent.words)), actions]


MOST_CANDIDATES = 4


def whose_text_notice(told: WhoseText, language: str, now: datetime) -> tuple[str, list[Block]]:
    """To who can tell whose words they are. Whoever is not asked never sees them."""
    label = labels(language)
    by_email = told.text.channel == "email"
    said = plain.say("whose_text", language, fits=len(told.candidates), pictures=told.text.pictures, by_email=by_email)
    names = [(lead.number, push_facts(lead, shared_facts(lead, now))["name"]) for lead in told.candidates[:MOST_CANDIDATES]]
    elements = [button(f"#{number} {name}", f"place:{number}", f"{number}:{told.text.id}") for number, name in names]
    other = label("button", "other_lead") if names else label("button", "co_borrower")
    elements.append(button(other, "place_other", f"0:{told.text.id}"))
    if not names and told.text.channel != "email":
        elements.append(button(label("button", "new_lead"), "new_lead", f"0:{told.text.id}"))
    elements.append(button(label("button", "not_ours"), "place:0", f"0:{told.text.id}"))
    if told.text.pictures:
        elements.append(_view_button(COMPANY, told.text, language))
    shown = [{"type": "section", "text": text(said, WORDS_LIMIT)}, *_said(redact(told.text.words))]
    return escape(said), [*shown, {"type": "actions", "block_id": f"text:{told.text.id}", "elements": elements}]


def may_opt_out_notice(told: MayOptOut, language: str) -> tuple[str, list[Block]]:
    """To who can tell whether words of somebody whom nobody knows are an opt-out."""
    label, value = labels(language), f"{COMPANY}:{told.text.id}"
    said = plain.say("may_opt_out", language)
    elements = [button(label("button", "opt_out"), "opt_out", value), button(label("button", "no_opt_out"), "no_opt_out", value)]
    shown = [{"type": "section", "text": text(each, WORDS_LIMIT)} for each in (said, redact(told.text.words))]
    return escape(said), [*shown, {"type": "actions", "block_id": f"text:{told.text.id}", "elements": elements}]


def you_texted_notice(told: YouTexted, language: str) -> tuple[str, list[Block]]:
    """To one of us who texted our number."""
    said = plain.say("you_texted", language)
    return escape(said), [{"type": "section", "text": text(each, WORDS_LIMIT)} for each in (said, redact(told.text.words))]


def to_judge_notice(drawing: Drawing, told: WordsToJudge, language: str, now: datetime) -> tuple[str, list[Block]]:
    """To compliance: may these words leave?"""
    lead = drawing.lead
    label, value, facts = labels(language), f"{lead.number}:{told.text.id}", shared_facts(lead, now)
    said, push = say_to_judge(drawing, told, language, facts), say_to_judge(drawing, told, language, push_facts(lead, facts))
    elements = [
        button(label("button", "approve_words"), "approve_words", value, primary=True),
        button(label("button", "decline_words"), "decline_words", value),
    ]
    if told.text.pictures:
        elements.append(_view_button(lead.number, told.text, language))
    return escape(push), [*_with_words(said, told.text), {"type": "actions", "block_id": f"text:{told.text.id}", "elements": elements}]


def your_words_notice(drawing: Drawing, told: YourWordsJudged, language: str, now: datetime) -> tuple[str, list[Block]]:
    """To who asked compliance: what they said."""
    lead = drawing.lead
    facts = shared_facts(lead, now)
    said, push = say_your_words(told, language, facts), say_your_words(told, language, push_facts(lead, facts))
    edit = button(labels(language)("button", "edit_words"), "edit_words", f"{lead.number}:{told.text.id}")
    actions = [] if told.approved else [{"type": "actions", "block_id": f"lead:{lead.number}", "elements": [edit]}]
    return escape(push), [*_with_words(said, told.text), *actions]


def _with_words(said: str, sent: TextView) -> list[Block]:
    return [{"type": "section", "text": text(each, LONGEST_EMAIL)} for each in (said, redact(shown_words(sent)))]
