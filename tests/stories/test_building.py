"""A sequence is built in chat: a draft, its steps, a look as a real lead, a test to oneself, and another person who approves it."""

from tests.doubles.office import Office
from tests.doubles.texts import AGREED

FIRST = {
    "when": "2 days at 10:00",
    "en": 'Hi {{ first_name or "there" }}, {{ company }}, NMLS {{ nmls }}. Are you still looking? Reply STOP to opt out.',
    "es": "Hola, le escribe {{ company }}, NMLS {{ nmls }}. ¿Sigue buscando? Responda STOP para no recibir textos.",
}


async def chooses_many(office: Office, who: str, field: str, *values: str) -> None:
    """Choose these in a field of the screen that holds several, and send it off."""
    modal = (await office.see(f"views/U0{who.upper()}"))["modal"]
    [element] = [block["element"] for block in modal["blocks"] if block.get("block_id") == field]
    chosen = [each for each in element["options"] if each["value"] in values]
    answer = {field: {field: {"type": element["type"], "selected_options": chosen}}}
    await office.do("view-submit", user=f"U0{who.upper()}", view_id=modal["id"], values=answer)


async def spring_buyers(office: Office, who: str = "tess") -> None:
    """A draft with a text that says all it has to."""
    await office.types(who, "/drip new Spring buyers")
    await office.hears(who, "A draft. Nothing of it leaves until it is approved.", "Add at least one step.")
    await office.presses(who, "Name and audience", 0)
    await office.screen_of(who, says="For leads in these stages")
    await chooses_many(office, who, "stages", "new", "attempted")
    await office.screen_of(who, says="For leads that are new")
    await office.presses_on_screen(who, "Add text")
    await office.screen_of(who, says="When it comes")
    await office.fills_in(who, **FIRST)
    await office.screen_of(who, says="1. text, 2 days at 10:00: Hi")


async def test_a_draft_is_built_approved_by_another_one_and_begins_for_a_lead(texting_office: Office) -> None:
    office = texting_office
    await spring_buyers(office)
    await office.presses_on_screen("tess", "Ask for approval")
    await office.screen_of("tess", says="asked to approve Spring buyers")

    notice = await office.told("cora", "Tess Lindqvist asks you to approve *Spring buyers*: 1 step.")
    await office.presses_on(notice, "cora", "Read it")
    await office.hears("cora", "1. text, 2 days at 10:00: Hi")
    await office.presses_on(notice, "cora", "Approve")
    await office.fills_in("cora", why="Well said.")
    await office.screen_of("cora", says="Spring buyers is live as version 1.")
    await office.is_told("cora", "*Spring buyers* was approved by Cora")
    await office.is_told("tess", "approved *Spring buyers*: version 1 is live. Well said.")

    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.presses_in_direct("maya", "Start texts", lead)
    asked = await office.hears("maya", f"Which texts should leave for #{lead} by themselves?")
    assert "more, type a name" not in asked
    await office.presses("maya", "Spring buyers", lead)
    await office.hears("maya", f"Spring buyers texts to #{lead} begin.")


async def test_two_who_change_the_same_part_lose_nothing_and_the_second_hears_of_the_first(office: Office) -> None:
    await spring_buyers(office)
    await office.types("maya", "/drip edit spring buyers")
    await office.hears("maya", "Tess Lindqvist changed it last")
    await office.presses_on_screen("tess", "Exits")
    await office.screen_of("tess", says="A score that ends it")
    await office.presses("maya", "Exits", 0)
    await office.screen_of("maya", says="A score that ends it")
    await office.fills_in("tess", reply="30 days")
    await office.screen_of("tess", says="After an answer it goes on in 30 days.")
    await office.fills_in("maya", reply="2 weeks")

    said = await office.screen_of("maya", says="Tess Lindqvist changed the same part meanwhile, and theirs stands. You had typed: 2 weeks.")
    assert "After an answer it goes on in 30 days." in said


async def test_what_is_not_ready_is_not_asked_about_and_says_what_it_needs(office: Office) -> None:
    await office.types("maya", "/drip new Spring buyers")
    await office.hears("maya", "Say for leads in which stages it is")
    await office.presses("maya", "Add text", 0)
    await office.screen_of("maya", says="When it comes")
    await office.fills_in("maya", when="soon", en="Rates from 5.9% at {{ company }}, NMLS {{ nmls }}. Reply STOP to opt out.")
    said = await office.screen_of("maya", says="Step 1, English: Mentions 5.9%: needs APR and disclosures.")
    assert 'I do not understand when it comes ("soon")' in said
    assert "Step 1, Spanish: there are no words yet." in said
    assert "Ask for approval" not in said


async def test_a_test_arrives_on_the_phone_of_who_asked_and_a_look_leaves_nothing(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await spring_buyers(office, "maya")
    await office.presses_on_screen("maya", "Preview")
    await office.screen_of("maya", says="Number of a lead")
    await office.fills_in("maya", lead=str(lead))
    await office.screen_of("maya", says=f"as the borrower of #{lead} would get it now")
    await office.presses_on_screen("maya", "Whole draft")
    await office.screen_of("maya", says="Which step?")
    modal = (await office.see("views/U0MAYA"))["modal"]
    [choice] = [option for block in modal["blocks"] for each in block.get("elements", ()) for option in each.get("options", ())]
    await office.presses_on_screen("maya", "Which step?", choose=choice["text"]["text"])
    await office.screen_of("maya", says="Step 1: text")
    await office.presses_on_screen("maya", "Send me a test")
    await office.screen_of("maya", says="2 tests leave for your phone now")

    async def arrived() -> list[str]:
        return await office.texts_to("+15125550101")

    async def both() -> list[str] | None:
        return texts if len(texts := await arrived()) == 2 else None

    texts = await office.until(both, "two tests")
    assert all("Spring buyers, step 1" in each for each in texts)
    assert await office.texts_to() == []


async def test_who_came_to_read_a_draft_is_offered_to_decide_and_not_to_change_it(office: Office) -> None:
    await spring_buyers(office)
    await office.presses_on_screen("tess", "Ask for approval")
    notice = await office.told("cora", "Tess Lindqvist asks you to approve *Spring buyers*: 1 step.")

    await office.presses_on(notice, "cora", "Read it")

    offered = await office.hears("cora", "1. text, 2 days at 10:00: Hi")
    assert all(label in offered for label in ("Approve", "Send back", "Preview"))
    assert [label for label in ("Name and audience", "Add text", "Add email", "Add task", "Drop the draft") if label in offered] == []


async def test_who_decides_about_a_long_email_reads_it_to_its_end(office: Office) -> None:
    await spring_buyers(office)
    await office.presses_on_screen("tess", "Add email")
    await office.screen_of("tess", says="When it comes")
    long = {"en": "A long letter. " * 180 + "Here it ends.", "es": "Una carta larga. " * 160 + "Aquí termina."}
    await office.fills_in("tess", when="3 days", subject_en="News", subject_es="Noticias", **long)
    await office.screen_of("tess", says="2. email, 3 days: News")
    modal = (await office.see("views/U0TESS"))["modal"]
    [*_, email] = [option for block in modal["blocks"] for each in block.get("elements", ()) for option in each.get("options", ())]

    await office.presses_on_screen("tess", "Which step?", choose=email["text"]["text"])

    said = await office.screen_of("tess", says="Aquí termina.")
    assert "Here it ends." in said
