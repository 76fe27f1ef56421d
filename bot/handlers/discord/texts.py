"""How the borrower's texts and ours look in a lead's thread, and to the people who answer them."""

from datetime import datetime
from functools import partial

from bot.handlers.discord.cards import open_button, small
from bot.handlers.discord.layouts import Button, Parts
from bot.handlers.discord.turning import turning
from bot.handlers.discord.words import marked, pages, shown
from bot.leads.lead_facts import shared_facts
from bot.rendering import labels
from bot.rules.redaction import redact, without_contact
from bot.rules.text import initial_name, one_line
from bot.store.events import COMPANY
from bot.store.messages import TextRow
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
PAGE = 1800
"""Letters of words that compliance decides about, beside the rest of the message: who approves them has read all of them."""
MACHINE_LIMIT = 300
MOST_CANDIDATES = 5


def wrote_line(drawing: Drawing, update: Wrote, now: datetime) -> Parts:
    """What the borrower wrote, in the thread. Only these words call the owner by name; a shared room never reads a number or an address."""
    lead, wrote = drawing.lead, update.text
    if update.undone:
        return Parts([shown(plain.say("put_elsewhere", lead.language, **shared_facts(lead, now)), 300)])
    facts = wrote_facts(lead, update, now, late=update.late)
    facts |= {"owner_address": drawing.owner_address}
    words = (without_contact if lead.masked else redact)(words_of(wrote))
    head, note = marked.say("wrote", lead.language, **facts), plain.say("wrote_note", lead.language, **facts)
    return Parts([head, shown(words, WORDS_LIMIT), small(note)], _view_button(lead.number, wrote, lead.language))


def wrote_notice(drawing: Drawing, told: WroteToYou, language: str, now: datetime) -> Parts:
    """The same to the owner or to compliance, with what can be done about it."""
    lead, wrote = drawing.lead, told.text
    late = bool(drawing.event and drawing.event.meta["late"])
    facts = wrote_facts(lead, told, now, late=late)
    said = plain.say("wrote_to_you", language, **facts)
    label, number = labels(language), str(lead.number)
    buttons: list[Button] = []
    if wrote.status == "unclear":
        value = f"{number}:{wrote.id}"
        buttons += [Button(label("button", "opt_out"), "opt_out", value), Button(label("button", "no_opt_out"), "no_opt_out", value)]
    if told.yours:
        if wrote.status != "opt_out" and not told.in_vain:
            buttons += _reply_buttons(number, told.spanish, language, by_email=wrote.channel == "email")
        buttons.append(Button(label("button", "log"), "log", number))
    buttons += _view_button(lead.number, wrote, language)
    spanish = small(plain.say("in_spanish", language, written=told.spanish.written)) if told.spanish else ""
    return Parts([shown(said, 300), shown(redact(words_of(wrote)), WORDS_LIMIT), spanish], buttons)


def _reply_buttons(number: str, spanish: InSpanish | None, language: str, *, by_email: bool) -> list[Button]:
    """Text, or Email and Text to who wrote an email; where the owner lacks the borrower's language, the three ways to go on."""
    label = labels(language)
    if spanish is None:
        email = [Button(label("more", "email"), "email", number, primary=True)] if by_email else []
        return [*email, Button(label("button", "text"), "text", number, primary=not by_email)]
    buttons = [Button(label("button", "reply_in_spanish"), "text", number, primary=True)]
    if spanish.to is not None:
        to_id, name = spanish.to
        hand = plain.say("hand_to", language, cover=one_line(name, 40).partition(" ")[0])
        buttons.append(Button(hand, "hand_to_speaker", f"{number}:{to_id}"))
    return [*buttons, Button(label("button", "keep_english"), "keep_english", number)]


def waits_notice(drawing: Drawing, told: Waits, language: str, now: datetime) -> Parts:
    """Somebody else's borrower waits."""
    lead = drawing.lead
    facts = shared_facts(lead, now) | {"owner": one_line(told.owner, 60), "since": told.since}
    buttons = [Button(labels(language)("button", "text"), "text", str(lead.number)), open_button(lead.number, language)]
    return Parts([shown(plain.say("waits", language, **facts), 2 * LINE_LIMIT)], buttons)


def texted_line(drawing: Drawing, update: Texted, now: datetime) -> Parts:
    """What an officer texted, with the mark that says where it stands."""
    lead, sent = drawing.lead, update.text
    said = plain.say("texted", lead.language, **shared_facts(lead, now), officer=one_line(update.officer, 60))
    mark = plain.say(
        "text_mark", lead.language,
        status=sent.status, because=sent.because, due_at=sent.due_at, zone=lead.time_zone, segments=update.segments,
    )  # fmt: skip
    if sent.status in ("failed", "refused"):
        mark = f"{mark}. {say_why(sent, lead.language)}"
    if sent.pictures:
        mark = f"{mark.rstrip('.')}. {say_with(sent.pictures, lead.language)}"
    words = without_contact(sent.words) if lead.masked else redact(sent.words)
    return Parts([shown(said, 300), shown(words, WORDS_LIMIT), small(mark)], _view_button(lead.number, sent, lead.language))


def emailed_line(drawing: Drawing, update: Emailed, now: datetime) -> Parts:
    """What an officer wrote by email, with the mark that says where it stands."""
    lead, sent = drawing.lead, update.text
    hidden = without_contact if lead.masked else redact
    said = plain.say("emailed", lead.language, **emailed_facts(lead, update.officer, hidden(sent.subject or ""), now))
    return Parts([shown(said, 300), shown(hidden(sent.words), WORDS_LIMIT), small(say_mark(sent, lead.language))])


def auto_replied_line(drawing: Drawing, update: AutoReplied, now: datetime) -> Parts:
    """What the borrower's mailbox answered by itself."""
    lead = drawing.lead
    words = (without_contact if lead.masked else redact)(words_of(update.text))
    said = plain.say("auto_replied", lead.language, **shared_facts(lead, now))
    return Parts([shown(said, 300), shown(one_line(words, MACHINE_LIMIT), WORDS_LIMIT)])


def clicked_notice(drawing: Drawing, news: News, language: str, now: datetime) -> Parts:
    """To the owner of a lead that was silent: its borrower followed a link."""
    label, number = labels(language), str(drawing.lead.number)
    said = plain.say("clicked_to_you", language, **shared_facts(drawing.lead, now), news=partial(news_in_words, news))
    return Parts(
        [shown(said, 300)], [Button(label("button", "calling"), "calling", number), Button(label("button", "text"), "text", number)]
    )


def drips_line(drawing: Drawing, update: Drips, now: datetime) -> Parts:
    """How far texts are that leave by themselves, with the words that left last: the one line that they take in the thread."""
    lead, language, sent = drawing.lead, drawing.lead.language, update.text
    state = say_state(update.drip, lead.time_zone, language, now)
    said = plain.say("drip_line", language, **shared_facts(lead, now), officer=one_line(update.officer, 60), state=state)
    if sent is None:
        return Parts([shown(said, 600)])
    mark = plain.say("text_mark", language, status=sent.status, because=sent.because, due_at=sent.due_at, zone=lead.time_zone, segments=1)
    if sent.status == "failed":
        mark = f"{mark}. {say_why(sent, language)}"
    words = without_contact(sent.words) if lead.masked else redact(sent.words)
    return Parts([shown(said, 600), shown(words, WORDS_LIMIT), small(mark)])


def text_trouble_notice(drawing: Drawing, told: TextTrouble, language: str, now: datetime) -> Parts:
    """To who wrote a text: it did not arrive, or nobody knows."""
    lead, sent = drawing.lead, told.text
    label, number = labels(language), str(lead.number)
    said = say_trouble(sent, language, trouble_facts(lead, sent, language, now))
    if sent.status == "uncertain":
        value = f"{number}:{sent.id}"
        buttons = [Button(label("button", "send_again"), "send_again", value), Button(label("button", "it_arrived"), "it_arrived", value)]
    else:
        buttons = [Button(label("button", "calling"), "calling", number), Button(label("button", "log"), "log", number)]
    return Parts([shown(said, 300), shown(redact(sent.words), WORDS_LIMIT)], buttons)


def _view_button(number: int, wrote: TextView, language: str) -> list[Button]:
    """Where pictures came with the words."""
    return [Button(labels(language)("button", "view"), "view_pictures", f"{number}:{wrote.id}")] if wrote.pictures else []


def whose_text_notice(told: WhoseText, language: str) -> Parts:
    """To who can tell whose words they are. Whoever is not asked never sees them."""
    label, text = labels(language), told.text
    names = [(lead.number, initial_name(lead.first_name, lead.last_name)) for lead in told.candidates[:MOST_CANDIDATES]]
    buttons = [Button(f"#{number} {name}", "place", f"{number}:{text.id}") for number, name in names]
    other = label("button", "other_lead") if names else label("button", "co_borrower")
    buttons.append(Button(other, "place_other", f"0:{text.id}"))
    if not names and text.channel != "email":
        buttons.append(Button(label("button", "new_lead"), "new_lead", f"0:{text.id}"))
    buttons.append(Button(label("button", "not_ours"), "place", f"0:{text.id}"))
    buttons += _view_button(COMPANY, text, language)
    said = plain.say("whose_text", language, fits=len(told.candidates), pictures=text.pictures, by_email=text.channel == "email")
    return Parts([shown(said, 300), shown(redact(text.words), WORDS_LIMIT)], buttons)


def may_opt_out_notice(told: MayOptOut, language: str) -> Parts:
    """To who can tell whether words of somebody whom nobody knows are an opt-out."""
    label, value = labels(language), f"{COMPANY}:{told.text.id}"
    buttons = [Button(label("button", "opt_out"), "opt_out", value), Button(label("button", "no_opt_out"), "no_opt_out", value)]
    return Parts([shown(plain.say("may_opt_out", language), 300), shown(redact(told.text.words), WORDS_LIMIT)], buttons)


def you_texted_notice(told: YouTexted, language: str) -> Parts:
    """To one of us who texted our number."""
    return Parts([shown(plain.say("you_texted", language), 300), shown(redact(told.text.words), WORDS_LIMIT)])


def to_judge_notice(drawing: Drawing, told: WordsToJudge, language: str, now: datetime) -> Parts:
    """To compliance: may these words leave?"""
    label, value = labels(language), f"{drawing.lead.number}:{told.text.id}"
    said = say_to_judge(drawing, told, language, shared_facts(drawing.lead, now))
    buttons = [
        Button(label("button", "approve_words"), "approve_words", value, primary=True),
        Button(label("button", "decline_words"), "decline_words", value),
    ]
    buttons += _view_button(drawing.lead.number, told.text, language)
    words, turns = page_of_words(drawing.lead.number, told.text, language, 1)
    return Parts([shown(said, 1000), *words], [*buttons, *turns])


def page_of_words(lead: int, text: TextView | TextRow, language: str, page: int) -> tuple[list[str], list[Button]]:
    """So many of the words as stand on this page of them, from 1, and what turns it."""
    whole = pages(redact(shown_words(text)), PAGE)
    return turning(whole, page, language, lambda to: ("read_words", f"{lead}:{text.id}:{to}"))


def your_words_notice(drawing: Drawing, told: YourWordsJudged, language: str, now: datetime) -> Parts:
    """To who asked compliance: what they said."""
    number = drawing.lead.number
    said = say_your_words(told, language, shared_facts(drawing.lead, now))
    edit = [] if told.approved else [Button(labels(language)("button", "edit_words"), "edit_words", f"{number}:{told.text.id}")]
    return Parts([shown(said, 600), shown(redact(shown_words(told.text)), WORDS_LIMIT)], edit)
