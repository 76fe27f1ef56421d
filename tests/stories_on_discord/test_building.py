"""A sequence is built in Discord: a draft, its steps, a look as a borrower, and another person who approves it."""

import re
from typing import Any

import simcord

from tests.doubles.discord_office import DiscordOffice, ids_of, labels_of, options_of, parts_of, read
from tests.doubles.texts import AGREED
from tests.stories_on_discord.test_texts_out import yours

FIRST = {
    "step_when": "2 days at 10:00",
    "step_en": 'Hi {{ first_name or "there" }}, {{ company }}, NMLS {{ nmls }}. Still looking? Reply STOP to opt out.',
    "step_es": "Hola, le escribe {{ company }}, NMLS {{ nmls }}. ¿Sigue buscando? Responda STOP para no recibir textos.",
}


async def opens(office: DiscordOffice, who: str, message: object, action: str) -> simcord.InteractionResult:
    return await office.presses(who, message, action)


async def spring_buyers(office: DiscordOffice, who: str = "tess") -> simcord.ResponseMessage:
    """A draft with a text that says all it has to; the private message that shows it."""
    draft = await office.types(who, "drip new", called="Spring buyers")
    assert "Nothing of it leaves until it is approved." in read(draft) and "Add at least one step." in read(draft)
    head = await office.presses(who, draft, "build_head")
    person = office.people[who]
    draft = office.answer_of(await person.submit_modal(head, {"name_en": "Spring buyers", "name_es": "Compradores", "for_stages": ["new"]}))
    assert "For leads that are new." in read(draft)
    text = await office.presses(who, draft, "build_sms")
    draft = office.answer_of(await person.submit_modal(text, FIRST))
    assert "1. text, 2 days at 10:00: Hi" in read(draft)
    return draft


async def test_a_draft_is_built_approved_by_another_one_and_begins_for_a_lead(office: DiscordOffice) -> None:
    draft = await spring_buyers(office)
    asked = await office.presses("tess", draft, "build_ask")
    assert "asked to approve Spring buyers" in read(asked.response)

    notice = await office.is_told("cora", "Tess Lindqvist asks you to approve Spring buyers: 1 step.")
    whole = office.answer_of(await office.presses("cora", notice, "build_read"))
    assert "1. text, 2 days at 10:00: Hi" in read(whole)
    decision = await office.presses("cora", notice, "build_approve")
    assert "Spring buyers is live as version 1." in await office.fills_in("cora", decision, why_draft="Well said.")
    await office.is_told("cora", "Spring buyers was approved by Cora")
    await office.is_told("tess", "approved Spring buyers: version 1 is live. Well said.")

    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", await office.card_of(lead), "claim")
    which = office.answer_of(await office.chooses("maya", await yours(office, lead), "menu", f"start_texts:{lead}"))
    assert f"Which texts should leave for #{lead} by themselves?" in read(which)
    assert ids_of(which) == [f"lb:start_texts:{lead}:spring_buyers", f"lb:start_texts:{lead}:new_lead"]
    begun = office.answer_of(await office.presses("maya", which, "start_texts", "spring_buyers"))
    assert f"Spring buyers texts to #{lead} begin." in read(begun)


async def test_who_came_to_read_a_draft_is_offered_to_decide_and_not_to_change_it(office: DiscordOffice) -> None:
    await office.presses("tess", await spring_buyers(office), "build_ask")
    notice = await office.is_told("cora", "Tess Lindqvist asks you to approve Spring buyers: 1 step.")

    whole = office.answer_of(await office.presses("cora", notice, "build_read"))

    assert labels_of(whole) == ["Preview", "Approve", "Send back", "Which step?"]
    [(_, value)] = options_of(whole)
    step = await office.chooses("cora", whole, "build_step", value)
    assert "Step 1: text" in read(step.response)
    assert labels_of(step.response) == ["Send me a test", "Whole draft"]


async def test_who_approves_turns_the_pages_of_a_long_step_to_its_last_word(office: DiscordOffice) -> None:
    draft = await spring_buyers(office)
    opened = await office.presses("tess", draft, "build_email")
    english = " ".join(f"Line {number} of it." for number in range(1, 221))
    spanish = " ".join(f"Renglón {number}." for number in range(1, 221))
    fields = {"step_when": "3 days", "subject_en": "Hello", "step_en": english, "subject_es": "Hola", "step_es": spanish}
    draft = office.answer_of(await office.people["tess"].submit_modal(opened, fields))
    _, (choice, value) = options_of(draft)

    page: Any = (await office.people["tess"].select(draft, [value], custom_id=choice)).response
    seen = [read(page)]
    while "Next page" in labels_of(page):
        [turns] = [each["custom_id"] for each in parts_of(page) if each.get("label") == "Next page"]
        page = (await office.people["tess"].click(page, custom_id=turns)).response
        seen.append(read(page))

    assert len(seen) > 2 and f"Page {len(seen)} of {len(seen)}." in seen[-1] and "Edit" in labels_of(page)
    whole = " ".join(re.sub(r"-# Page \d of \d\.", "", "\n".join(seen)).split())
    assert english in whole and spanish in whole


async def test_a_step_is_chosen_looked_at_moved_and_removed(office: DiscordOffice) -> None:
    draft = await spring_buyers(office)
    second = await office.presses("tess", draft, "build_sms")
    words = {"step_when": "soon", "step_en": "Hi, {{ company }} again.", "step_es": "Hola, otra vez {{ company }}."}
    draft = office.answer_of(await office.people["tess"].submit_modal(second, words))
    assert 'I do not understand when it comes ("soon")' in read(draft)

    [_, (choice, value)] = options_of(draft)
    assert choice.startswith("ls:build_step:")
    step = await office.people["tess"].select(draft, [value], custom_id=choice)
    assert "Step 2: text, soon." in read(step.response) and "In Spanish:" in read(step.response)
    assert {"Edit", "Up", "Remove", "Send me a test"} <= set(labels_of(step.response))
    removed = await office.presses("tess", step.response, "build_remove")
    assert "2. text" not in read(removed.response) and "1. text" in read(removed.response)


async def test_a_look_as_a_borrower_says_what_would_leave(office: DiscordOffice) -> None:
    draft = await spring_buyers(office)
    look = await office.presses("tess", draft, "build_preview")

    shown = await office.fills_in("tess", look, preview_lead="")

    assert "as an invented borrower would get it. Nothing leaves." in shown
    assert "1. text, 1 segment." in shown and "Hi Dana, Acme Mortgage, NMLS 123456." in shown


async def test_what_is_live_is_changed_as_a_draft_and_sent_back_with_a_word_why(office: DiscordOffice) -> None:
    assert (await office.offered("maya", "drip edit", "sequence", "past")) == {"past_client": "Past client"}
    draft = await office.types("maya", "drip edit", sequence="new_lead")
    assert "Version 1 goes on until this one is approved." in read(draft)
    assert "It says exactly what is live already." in read(draft)
    exits = await office.presses("maya", draft, "build_exits")
    draft = office.answer_of(await office.people["maya"].submit_modal(exits, {"reply_pause": "30 days"}))
    assert "After an answer it goes on in 30 days." in read(draft)
    await office.presses("maya", draft, "build_ask")

    notice = await office.is_told("sam", "Maya Torres asks you to approve New lead, to follow version 1: 5 steps.")
    back = await office.presses("sam", notice, "build_return")
    assert "went back to who wrote it" in await office.fills_in("sam", back, why_draft="30 days is long.")
    await office.is_told("maya", "sent New lead back: 30 days is long.")
    await office.is_told("cora", "sent New lead back to who wrote it.")
