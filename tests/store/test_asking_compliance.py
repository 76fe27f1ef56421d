"""Words that were kept back leave only once compliance approved them, in their writer's name, after the gate was asked again."""

from datetime import timedelta
from functools import partial

import pytest

from bot.conversation.asking_compliance import (
    AskedCompliance,
    AskOutcome,
    Judged,
    JudgeOutcome,
    MayNotJudge,
    NobodyToAsk,
    NotKept,
    ask_about,
    judge_words,
    read_asked,
)
from bot.conversation.emailing import Emailed, queue_email
from bot.conversation.judging_words import Objected
from bot.conversation.texting import CannotText, Texted, queue_sms
from bot.leads.press import Press
from bot.store.leads import Lead
from bot.store.message_files import forget_files
from bot.store.people import Officer
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel
from tests.doubles.texts import Texts

RATE = "We are at 6.1 % today"


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


def objected(texts: Texts, lead: int, words: str = RATE) -> Objected:
    outcome = texts.sends(lead, words)
    assert isinstance(outcome, Objected)
    return outcome


def ask(texts: Texts, kept: Objected, officer: str = "maya", words: str | None = None) -> AskOutcome:
    return texts.store.transact_now(ask_about, texts.branch.press(officer, kept.lead), kept.text_id, None, words)[0]


def judge(texts: Texts, kept: Objected, officer: str = "cora", *, approved: bool = True, press: Press | None = None) -> JudgeOutcome:
    press, on = press or texts.branch.press(officer, kept.lead), {"sms": True, "email": True}
    return texts.store.transact_now(judge_words, press, kept.text_id, texts.branch.services.in_force, on, approved=approved)[0]


def kinds(texts: Texts, lead: int) -> list[str]:
    return [event.kind for event in texts.branch.events(lead)]


def test_a_rate_is_kept_back_with_its_words_and_nothing_leaves(texts: Texts) -> None:
    lead = texts.lead()

    kept = objected(texts, lead)

    assert [(each.code, each.said) for each in kept.objections] == [("rate", "6.1 %")]
    row = texts.row(kept.text_id)
    assert (row.status, row.words, row.due_at) == ("kept_back", RATE, None)
    assert "texted" not in kinds(texts, lead) and texts.begin(kept.text_id) is None


def test_what_is_approved_leaves_in_the_writers_name_and_is_signed(texts: Texts) -> None:
    lead = texts.lead()
    kept = objected(texts, lead)
    assert ask(texts, kept) == AskedCompliance(lead)

    assert judge(texts, kept) == Judged(lead, approved=True, already=False, left=True)

    sending = texts.begun(kept.text_id)
    assert sending.text.words == f"{RATE}\nMaya Torres (NMLS 200101), Acme Mortgage, NMLS 123456. Reply STOP to opt out."
    assert kinds(texts, lead)[-3:] == ["wording_asked", "wording_approved", "texted"]
    assert texts.branch.events(lead)[-1].actor == "officer:maya"


def test_what_is_declined_never_leaves(texts: Texts) -> None:
    lead = texts.lead()
    kept = objected(texts, lead)
    ask(texts, kept)

    assert judge(texts, kept, approved=False) == Judged(lead, approved=False, already=False, left=False)

    assert texts.status(kept.text_id) == "declined" and texts.begin(kept.text_id) is None
    assert judge(texts, kept) == Judged(lead, approved=False, already=True, left=False)


def test_nothing_is_approved_before_it_was_asked_about(texts: Texts) -> None:
    kept = objected(texts, texts.lead())

    assert judge(texts, kept) == Judged(kept.lead, approved=False, already=True, left=False)

    assert texts.status(kept.text_id) == "kept_back" and texts.begin(kept.text_id) is None


@pytest.mark.parametrize("officer", ["luis", "tess", "sam"])
def test_only_compliance_approves(texts: Texts, officer: str) -> None:
    kept = objected(texts, texts.lead())
    ask(texts, kept)

    assert isinstance(judge(texts, kept, officer), MayNotJudge)
    assert texts.status(kept.text_id) == "asked"


@pytest.mark.parametrize(("officer", "reads"), [("cora", True), ("luis", False), ("tess", False), ("sam", False), ("maya", False)])
def test_only_who_may_approve_reads_all_of_what_was_asked_about(texts: Texts, officer: str, reads: bool) -> None:
    kept = objected(texts, texts.lead())
    ask(texts, kept)

    read = texts.store.transact_now(read_asked, texts.branch.press(officer, kept.lead), kept.text_id)

    assert (not isinstance(read, MayNotJudge) and read.words == RATE) == reads


def test_nobody_approves_their_own_words(texts: Texts) -> None:
    kept = objected(texts, texts.lead())
    ask(texts, kept)
    texts.branch.set(Officer, texts.branch.officer_id("maya"), role="compliance")

    assert judge(texts, kept, "maya") == MayNotJudge(kept.lead, "compliance", own=True)


def test_whoever_opted_out_meanwhile_gets_no_approved_text(texts: Texts) -> None:
    kept = objected(texts, texts.lead())
    ask(texts, kept)
    texts.came("STOP")

    assert judge(texts, kept) == Judged(kept.lead, approved=True, already=False, left=False)

    row = texts.row(kept.text_id)
    assert (row.status, row.because) == ("refused", "opted_out") and texts.begin(kept.text_id) is None


def test_what_is_approved_at_night_waits_for_the_morning(texts: Texts) -> None:
    kept = objected(texts, texts.lead())
    ask(texts, kept)
    texts.branch.clock.skip(hours=11)

    assert judge(texts, kept) == Judged(kept.lead, approved=True, already=False, left=True)
    assert texts.status(kept.text_id) == "held"


def test_nothing_leaves_in_the_name_of_who_has_the_lead_no_more(texts: Texts) -> None:
    lead = texts.lead()
    kept = objected(texts, lead)
    ask(texts, kept)
    texts.branch.give_back("maya", lead)

    assert judge(texts, kept) == Judged(lead, approved=True, already=False, left=False)
    assert texts.row(kept.text_id).because == "owner_changed"


def test_what_was_edited_on_the_screen_is_what_compliance_reads(texts: Texts) -> None:
    kept = objected(texts, texts.lead())

    ask(texts, kept, words="We are at 6.0 % today")

    assert texts.row(kept.text_id).words == "We are at 6.0 % today"


def test_only_their_writer_asks_about_words_and_only_once(texts: Texts) -> None:
    kept = objected(texts, texts.lead())

    assert ask(texts, kept, "luis") == NotKept(kept.lead)
    assert ask(texts, kept) == AskedCompliance(kept.lead)
    assert ask(texts, kept) == NotKept(kept.lead)


def test_a_company_without_compliance_says_so(texts: Texts) -> None:
    kept = objected(texts, texts.lead())
    texts.branch.set(Officer, texts.branch.officer_id("cora"), active=False)

    assert ask(texts, kept) == NobodyToAsk(kept.lead)
    assert texts.status(kept.text_id) == "kept_back"


def test_a_yes_and_a_no_at_once_are_one_decision(texts: Texts) -> None:
    texts.branch.set(Officer, texts.branch.officer_id("luis"), role="compliance")
    kept = objected(texts, texts.lead())
    ask(texts, kept)

    said = in_parallel([partial(judge, texts, kept, "cora", approved=True), partial(judge, texts, kept, "luis", approved=False)])

    [first] = [each for each in said if isinstance(each, Judged) and not each.already]
    assert all(isinstance(each, Judged) and each.approved == first.approved for each in said)
    assert (texts.status(kept.text_id) == "declined") is not first.approved
    assert len({"wording_approved", "wording_declined"} & set(kinds(texts, kept.lead))) == 1


def test_the_same_press_twice_decides_once(texts: Texts) -> None:
    kept = objected(texts, texts.lead())
    ask(texts, kept)
    press = texts.branch.press("cora", kept.lead)

    assert judge(texts, kept, press=press) == judge(texts, kept, press=press) == Judged(kept.lead, approved=True, already=False, left=True)
    assert kinds(texts, kept.lead).count("texted") == 1


def test_a_borrower_hears_about_their_own_loan(texts: Texts) -> None:
    lead = texts.lead()
    texts.branch.set(Lead, lead, stage="preapproved")

    assert isinstance(texts.sends(lead, "You are locked at 6.125%"), Texted)


def test_an_email_is_kept_back_and_approved_alike(texts: Texts) -> None:
    lead = texts.lead(email="dana@example.com")
    config = texts.branch.services.in_force.config
    press = texts.branch.press("maya", lead)
    kept = texts.store.transact_now(queue_email, press, "From 5.9%", "Call me", config, on=True)
    assert isinstance(kept, Objected) and [each.code for each in kept.objections] == ["rate"]
    assert texts.row(kept.text_id).subject == "From 5.9%"

    assert ask(texts, kept) == AskedCompliance(lead)
    assert judge(texts, kept) == Judged(lead, approved=True, already=False, left=True)

    row = texts.row(kept.text_id)
    assert (row.status, row.channel, row.words) == ("queued", "email", "Call me") and row.provider_id is not None
    assert kinds(texts, lead)[-1] == "emailed"


def test_a_first_text_is_signed_and_the_next_is_not(texts: Texts) -> None:
    lead = texts.lead()

    first, second = texts.queued(lead, "Hi Dana"), texts.queued(lead, "Free at 2?")

    assert texts.row(first).words.endswith("Reply STOP to opt out.") and texts.row(second).words == "Free at 2?"


def test_who_wrote_first_is_answered_without_a_signature(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("Are you there?")

    assert texts.row(texts.queued(lead, "I am, Dana.")).words == "I am, Dana."


def test_what_says_so_itself_is_not_signed_twice(texts: Texts) -> None:
    words = "Maya at Acme Mortgage, NMLS 123456. Reply STOP to opt out."

    assert texts.row(texts.queued(texts.lead(), words)).words == words


def test_words_of_an_email_that_nobody_minds_leave_at_once(texts: Texts, branch: Branch) -> None:
    lead = texts.lead(email="dana@example.com")

    outcome = texts.store.transact_now(
        queue_email, branch.press("maya", lead), "Hello", "Call me", branch.services.in_force.config, on=True
    )

    assert isinstance(outcome, Emailed)


def test_words_whose_pictures_are_not_kept_any_more_do_not_leave_without_them(texts: Texts) -> None:
    lead, in_force, press = texts.lead(), texts.branch.services.in_force, texts.branch.press
    picture = [b"\xff\xd8\xff a picture"]
    kept = texts.store.transact_now(queue_sms, press("maya", lead), RATE, in_force, picture, on=True)[0]
    assert isinstance(kept, Objected)
    ask(texts, kept)
    judge(texts, kept, approved=False)
    texts.store.transact_now(forget_files, texts.branch.clock.now() + timedelta(days=8))

    again = texts.store.transact_now(queue_sms, press("maya", lead), "Call me today", in_force, (), kept.text_id, on=True)[0]

    assert again == CannotText(lead, "files_gone")
