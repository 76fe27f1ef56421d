"""What a step of a sequence does: texts, emails, tasks and branches, each judged when it is due; and what lets it be passed over."""

from datetime import timedelta
from typing import Any

import pytest

from bot.conversation.clicking import note_click
from bot.conversation.mailing import begin_deliveries, house_of
from bot.outreach.network import Known, Outgoing
from bot.store.drips import let_come
from bot.store.events import broken_links
from bot.store.outbound import Message, Reminder
from bot.store.postings import Posting
from tests.doubles.branch import Branch
from tests.doubles.drips import BY_EMAIL_TOO, DripTexts
from tests.doubles.texts import NUMBER

SAYS_STOP = {"en": "{{ company }}, NMLS {{ nmls }}. Hi. Reply STOP to opt out.", "es": "{{ company }}, NMLS {{ nmls }}. Hola. STOP."}


@pytest.fixture
def texts(branch: Branch) -> DripTexts:
    return DripTexts(branch)


def sms(after: str = "1 hour", words: str | None = None, **more: Any) -> dict[str, Any]:
    said = (
        SAYS_STOP
        if words is None
        else {"en": f"{{{{ company }}}}, NMLS {{{{ nmls }}}}: {words} STOP", "es": "{{ company }} {{ nmls }} STOP"}
    )
    return {"after": after, "sms": said, **more}


def email(after: str = "1 hour", words: str = "Hi {{ first_name }}", **more: Any) -> dict[str, Any]:
    both = {"subject": {"en": "From {{ company }}", "es": "De {{ company }}"}, "words": {"en": words, "es": "Hola {{ first_name }}"}}
    return {"after": after, "email": both, **more}


def task(after: str = "1 hour", **more: Any) -> dict[str, Any]:
    return {"after": after, "task": {"en": "Call {{ first_name }}", "es": "Llama a {{ first_name }}"}, **more}


def branch_to(*ways: tuple[dict[str, Any], str], after: str = "1 hour", **more: Any) -> dict[str, Any]:
    return {"after": after, "branch": [{"when": when, "go_to": to} for when, to in ways], **more}


def channels(texts: DripTexts, lead: int) -> list[str]:
    return [each.channel for each in texts.touches(lead)]


def all_leave(texts: DripTexts, lead: int) -> None:
    """What waits reaches its borrower, whichever way."""
    for each in texts.touches(lead):
        if each.status == "queued":
            assert each.id is not None
            texts.branch.set(Message, each.id, status="sent", due_at=None)


def test_an_email_leaves_in_the_owners_name_with_what_the_law_wants_below_it(texts: DripTexts) -> None:
    lead = texts.lead(email="dana@example.com")
    texts.runs(lead, email())
    texts.passes(hours=1)

    [written] = texts.touches(lead)
    assert (written.channel, written.subject, written.body) == ("email", "From Acme Mortgage", "Hi Dana")
    assert written.id is not None
    house = house_of(texts.branch.services)
    [delivering], _ = texts.store.transact_now(begin_deliveries, [written.id], house, texts.branch.clock.now(), "salt")
    assert delivering.letter.from_name == "Maya Torres, Acme Mortgage"
    assert "NMLS 200101" in "\n".join(delivering.letter.below) and delivering.letter.unsubscribe_url is not None


def test_without_an_owner_an_email_is_the_companys(texts: DripTexts) -> None:
    lead = texts.lead(email="dana@example.com")
    texts.runs(lead, email())
    texts.branch.give_back("maya", lead)
    texts.passes(hours=1)

    written = texts.touches(lead)[-1]
    assert written.id is not None
    house = house_of(texts.branch.services)
    [delivering], _ = texts.store.transact_now(begin_deliveries, [written.id], house, texts.branch.clock.now(), "salt")

    assert delivering.letter.from_name == "Acme Mortgage"
    assert "loan officer" not in "\n".join(delivering.letter.below) and delivering.letter.reply_to is None


def test_an_email_whose_lead_changed_hands_meanwhile_is_written_anew(texts: DripTexts) -> None:
    lead = texts.lead(email="dana@example.com")
    texts.runs(lead, email(words="Yours, {{ officer }}"))
    texts.passes(hours=1)
    first = texts.touches(lead)[0].id
    assert first is not None
    texts.hands_over(lead, "luis")

    deliverings, _ = texts.store.transact_now(begin_deliveries, [first], house_of(texts.branch.services), texts.branch.clock.now(), "salt")
    texts.touch_all()

    assert deliverings == []
    assert [(each.status, each.body) for each in texts.touches(lead)] == [
        ("refused", "Yours, Maya Torres"),
        ("queued", "Yours, Luis Ortega"),
    ]


def test_a_task_is_a_reminder_for_the_owner_in_their_language(texts: DripTexts) -> None:
    lead = texts.lead()
    texts.runs(lead, task(), sms())
    texts.passes(hours=1)

    [reminder] = [each for each in texts.branch.all(Reminder) if each.lead_id == lead]
    assert (reminder.kind, reminder.note, reminder.due_at) == ("remind", "Call Dana", texts.branch.clock.now())
    assert texts.drip(lead).step == 1 and texts.drip(lead).runs


def test_nobody_is_given_a_task_where_nobody_has_the_lead(texts: DripTexts) -> None:
    lead = texts.lead()
    texts.runs(lead, task(), sms())
    texts.branch.give_back("maya", lead)
    texts.passes(hours=1)

    assert [each for each in texts.branch.all(Reminder) if each.lead_id == lead and each.kind == "remind"] == []
    assert [each["because"] for each in texts.events(lead, "drip_passed_over")] == ["no_owner"]


def test_a_branch_leads_on_by_how_the_lead_stands(texts: DripTexts) -> None:
    lead = texts.lead()
    cold = texts.lead(phone="(512) 555-0177", email="e@example.com", first_name="Ed")
    grade = texts.branch.view(lead).grade
    steps = (branch_to(({"grade": [grade], "has": "phone"}, "warm")), task("5 days"), sms(key="warm"))
    texts.runs(lead, *steps)
    texts.runs(cold, branch_to(({"contacted": True}, "warm")), *steps[1:])
    texts.passes(hours=1)

    assert (texts.drip(lead).step, texts.drip(cold).step) == (2, 1)


def test_a_branch_may_end_it(texts: DripTexts) -> None:
    lead = texts.lead()
    texts.runs(lead, branch_to(({"has": "phone"}, "end")), sms())
    texts.passes(hours=1)
    texts.passes(minutes=1)

    assert texts.why_ended(lead) == "finished" and texts.touches(lead) == []


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        ({"when": {"has": "email"}}, False),
        ({"unless": {"has": "email"}}, True),
        ({"when": {"stage": "new"}}, True),
        ({"when": {"segment": "veteran"}}, False),
        ({"unless": {"contacted": True}}, True),
        ({"when": {"clicked": True}}, False),
        ({"when": {"score_at_least": 100}}, False),
        ({"when": {"score_below": 100}}, True),
    ],
)
def test_a_step_is_passed_over_where_the_lead_does_not_fit(texts: DripTexts, condition: dict[str, Any], written: bool) -> None:
    lead = texts.lead(email=None)
    texts.runs(lead, sms(**condition), task())
    texts.passes(hours=1)

    assert (len(texts.touches(lead)) == 1) == written
    assert len(texts.events(lead, "drip_passed_over")) == (not written)
    assert texts.drip(lead).step == 1


def test_words_with_a_hole_in_them_are_never_sent(texts: DripTexts) -> None:
    lead = texts.lead(first_name=None, last_name=None, email="dana@example.com")
    texts.runs(lead, email(words="Hi {{ first_name }},"), sms(words="in {{ city }}{% if years %} {{ years }} years{% endif %}"), sms())
    texts.passes(hours=1)
    texts.passes(hours=1)
    texts.passes(hours=1)

    assert [each.body for each in texts.touches(lead)] == ["Acme Mortgage, NMLS 123456. Hi. Reply STOP to opt out."]
    assert [each["because"] for each in texts.events(lead, "drip_passed_over")] == ["no_first_name", "no_city"]


def test_without_an_address_the_emails_are_passed_over_and_the_texts_leave(texts: DripTexts) -> None:
    lead = texts.lead(email=None)
    texts.runs(lead, email(), sms())
    texts.passes(hours=1)
    texts.passes(hours=1)

    assert channels(texts, lead) == ["sms"]


def test_without_consent_to_texts_the_emails_leave_alone(texts: DripTexts) -> None:
    lead = texts.lead(email="dana@example.com", consent_text="I agree to calls.")
    texts.runs(lead, sms(), email())
    texts.passes(hours=1)
    texts.passes(hours=1)

    assert channels(texts, lead) == ["email"]


def test_the_first_text_that_leaves_says_how_to_stop_whichever_step_that_is(texts: DripTexts) -> None:
    lead = texts.lead()
    second = {"after": "1 hour", "sms": {"en": "{{ company }} here.", "es": "Somos {{ company }}."}}
    texts.runs(lead, sms(when={"segment": "veteran"}), second, second)
    texts.passes(hours=1)
    texts.passes(hours=1)
    all_leave(texts, lead)
    texts.passes(hours=1)

    assert [each.body for each in texts.touches(lead)] == [
        "Acme Mortgage here. NMLS 123456. Reply STOP to opt out.",
        "Acme Mortgage here.",
    ]


def test_a_step_comes_as_soon_as_what_it_waits_for_happens_and_else_when_its_time_is_over(texts: DripTexts) -> None:
    clicks, waits = texts.lead(), texts.lead(phone="(512) 555-0177", email="e@example.com", first_name="Ed")
    for lead in (clicks, waits):
        texts.runs(lead, sms("3 days", on=["clicked"]), task())
    texts.passes(hours=1)

    texts.store.transact_now(let_come, clicks, "clicked", texts.branch.clock.now())
    texts.touch_all()
    assert (len(texts.touches(clicks)), len(texts.touches(waits))) == (1, 0)
    texts.passes(days=3)
    assert len(texts.touches(waits)) == 1


def test_a_link_that_is_followed_lets_the_step_come_that_waits_for_it(texts: DripTexts) -> None:
    lead = texts.lead(email="dana@example.com")
    texts.runs(lead, email(), {"on": ["clicked"], "task": {"en": "Call now", "es": "Llama ya"}})
    texts.passes(hours=1)
    all_leave(texts, lead)
    [written] = texts.touches(lead)
    assert written.id is not None
    texts.branch.set(Message, written.id, left_at=texts.branch.clock.now())
    texts.passes(days=1)
    assert texts.drip(lead).step == 1 and texts.events(lead, "drip_task") == []

    texts.store.transact_now(note_click, written.id, texts.branch.clock.now(), "salt")
    texts.touch_all()

    assert len(texts.events(lead, "drip_task")) == 1


def test_a_step_may_wait_for_a_stage_for_as_long_as_it_takes_and_the_one_before_is_left_out(texts: DripTexts) -> None:
    lead = texts.lead()
    milestones = [{**task(), "on": f"stage {stage}"} for stage in ("processing", "underwriting", "clear_to_close")]
    for each in milestones:
        del each["after"]
    drip = texts.runs(lead, *milestones, stages=["new", "processing", "underwriting", "clear_to_close"])
    assert drip.at is None and drip.runs
    texts.passes(days=90)

    texts.stages(lead, "underwriting")
    texts.touch_all()

    assert texts.drip(lead).step == 2 and texts.drip(lead).at is None
    assert len(texts.events(lead, "drip_task")) == 1


def test_a_goal_ends_it_and_says_so(texts: DripTexts) -> None:
    lead = texts.lead()
    texts.runs(lead, sms(), stages=["new", "contacted"], ends={"goal": "application"})
    texts.stages(lead, "contacted")
    assert texts.drip(lead).runs

    texts.stages(lead, "application")

    assert texts.why_ended(lead) == "goal"


def test_a_score_may_end_it(texts: DripTexts) -> None:
    lead = texts.lead()
    texts.runs(lead, sms(), ends={"score_at_least": 1})
    texts.passes(hours=1)

    assert texts.why_ended(lead) == "score" and texts.touches(lead) == []


def test_after_a_reply_some_go_on_where_they_stood_once_a_while_has_passed(texts: DripTexts) -> None:
    lead = texts.lead()
    texts.runs(lead, sms(), sms("1 day"), ends={"reply": "30 days"})
    texts.passes(hours=1)
    texts.came("Thanks, not now")

    assert texts.drip(lead).runs and (texts.drip(lead).step, texts.drip(lead).touches) == (0, 0)
    assert texts.touches(lead)[0].status == "refused"
    texts.passes(days=29)
    assert len(texts.touches(lead)) == 1
    texts.passes(days=1)
    assert [each.status for each in texts.touches(lead)] == ["refused", "queued"]
    texts.came("STOP")
    assert texts.why_ended(lead) == "opted_out"
    assert texts.store.transact_now(lambda session: list(broken_links(session))) == []


@pytest.mark.fault(92)
def test_all_sequences_together_leave_a_borrower_in_peace_after_some_a_week(texts: DripTexts) -> None:
    lead = texts.lead(email="dana@example.com")
    texts.runs(lead, *[email("1 hour") for _ in range(7)])
    begun = texts.branch.clock.now()
    for _ in range(7):
        texts.passes(hours=1)
        all_leave(texts, lead)

    drip = texts.drip(lead)
    assert len(texts.touches(lead)) == BY_EMAIL_TOO.most_per_week == 5
    assert drip.state["waits_for"] == "sequences_this_week" and drip.at == begun + timedelta(days=7, hours=1)


def test_years_are_counted_on_the_calendar_from_the_beginning(texts: DripTexts) -> None:
    lead = texts.lead(email="dana@example.com")
    steps = [
        email(f"{years} years" if years > 1 else "1 year", from_start=True, at="10:00", words=f"Year {years}") for years in (1, 2, 3, 5)
    ]
    started = texts.runs(lead, *steps).started_at
    left: list[tuple[str, int]] = []
    while (drip := texts.drip(lead)).runs:
        assert drip.at is not None
        texts.branch.clock.at = drip.at
        texts.touch_all()
        all_leave(texts, lead)
        left += [(each.body, each.created_at.year - started.year) for each in texts.touches(lead)[len(left) :]]

    assert left == [("Year 1", 1), ("Year 2", 2), ("Year 3", 3), ("Year 5", 5)]


def test_words_that_the_law_minds_do_not_leave_and_the_owner_hears_of_it_once(texts: DripTexts) -> None:
    lead = texts.lead()
    drip = texts.runs(lead, *(sms(words=each) for each in ("Rates from 5.9% today.", "It is risk-free.", "Hello again.")))
    texts.passes(hours=1)
    texts.passes(hours=1)

    kept_back = texts.events(lead, "drip_kept_back")
    assert [(each["enrollment"], each["step"], each["because"]) for each in kept_back] == [(drip.id, 1, "rate"), (drip.id, 2, "promise")]
    assert texts.touches(lead) == []
    told = [each for each in texts.branch.all(Posting) if each.topic == "drip_kept_back"]
    assert [each.lead_id for each in told] == [lead]
    texts.passes(hours=1)
    assert "Hello again." in texts.touches(lead)[0].body


def test_an_email_whose_subject_promises_something_does_not_leave(texts: DripTexts) -> None:
    lead = texts.lead(email="dana@example.com")
    promising = {"subject": {"en": "Guaranteed approval", "es": "Hola"}, "words": {"en": "Hello, this is us.", "es": "Hola."}}
    texts.runs(lead, {"after": "1 hour", "email": promising}, email(words="Hello"))
    texts.passes(hours=1)

    assert [each["because"] for each in texts.events(lead, "drip_kept_back")] == ["promise"]


def test_a_text_that_may_leave_is_marked_as_it_is_decided_and_nobody_else_sends_it(texts: DripTexts) -> None:
    lead = texts.running()
    texts.branch.clock.skip(minutes=10)

    [sending] = texts.marks()

    [text] = texts.touches(lead)
    assert sending.text == Outgoing(text.id or 0, NUMBER, text.body)
    assert (text.status, text.attempts, text.fence, text.left_at) == ("sending", 1, sending.fence, texts.branch.clock.now())
    assert texts.begin(sending.text.text_id) is None and texts.marks() == []
    texts.answers(sending, Known("SM1", "delivered", None, ""))
    assert texts.status(sending.text.text_id) == "delivered"


def test_a_text_that_was_marked_as_it_was_decided_and_never_heard_of_again_is_asked_about(texts: DripTexts) -> None:
    texts.running()
    texts.branch.clock.skip(minutes=10)
    [sending] = texts.marks()
    assert texts.begin_asking(sending.text.text_id) is None, "its one call may still be made"

    texts.time_is_over(sending.text.text_id)

    assert texts.begin_asking(sending.text.text_id) is not None
    assert texts.status(sending.text.text_id) == "uncertain"


def test_of_one_family_one_text_is_marked_as_it_is_decided_and_the_other_is_judged_again(texts: DripTexts) -> None:
    leads = [texts.running(), texts.running(first_name="Rob", loan_purpose="refinance")]  # who share a phone
    texts.branch.clock.skip(minutes=10)

    [marked] = texts.marks()

    ids = {text.id: text.status for lead in leads for text in texts.touches(lead)}
    assert ids.pop(marked.text.text_id) == "sending" and list(ids.values()) == ["queued"]
    assert texts.begin(next(iter(ids)) or 0) is not None, "they had one of three today"


def test_neither_an_email_nor_what_has_to_wait_is_marked_as_it_is_decided(texts: DripTexts) -> None:
    by_email = texts.lead(email="dana@example.com")
    texts.runs(by_email, email())
    held = texts.lead(phone="(512) 555-0180", email="rob@example.com", first_name="Rob")
    texts.runs(held, sms(after="10 hours"))
    texts.branch.clock.skip(hours=10, minutes=30)

    assert texts.marks() == []

    assert [each.status for each in texts.touches(by_email)] == ["queued"]
    assert texts.touches(held) == [] and texts.drip(held).runs
