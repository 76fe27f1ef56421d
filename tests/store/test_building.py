"""A draft over one store: who may write it, what stands against it, that two lose nothing, and that another person has it live."""

import json
from functools import partial
from typing import Any, cast, get_args

import pytest

from bot.config.drips import as_written, stored
from bot.leads.press import NoSuchLead
from bot.nurture.building import (
    AskedApproval,
    BuildOutcome,
    CannotTry,
    DraftJudged,
    Dropped,
    MayNotBuild,
    NobodyApproves,
    NoDraft,
    NoName,
    NotAsked,
    NotReady,
    OwnDraft,
    Panel,
    Preview,
    Shown,
    Tried,
    ask_for_approval,
    begin_new,
    drop_draft,
    judge_draft,
    look,
    open_or_begin,
    preview,
    reorder,
    send_trial,
    take_out,
    write_part,
    write_step,
)
from bot.nurture.drips import keep_library
from bot.outreach.network import PhoneNetwork
from bot.rules.roles import Role, may, who_may
from bot.store.building import Draft
from bot.store.drips import keep_files, newest_version_of
from bot.store.events import COMPANY, broken_links
from bot.store.outbound import Message
from bot.store.people import Officer
from bot.store.people import Sequence as SequenceRow
from bot.store.places import KnownOfficer
from bot.store.postings import Posting
from tests.doubles.branch import Branch
from tests.doubles.drips import BY_EMAIL_TOO, NEW_LEAD, DripTexts
from tests.doubles.parallel import in_parallel
from tests.doubles.texts import AGREED

FIRST = {
    "when": "2 days at 10:00",
    "en": 'Hi {{ first_name or "there" }}, {{ company }}, NMLS {{ nmls }}. Still looking? Reply STOP to opt out.',
    "es": "Hola, {{ company }}, NMLS {{ nmls }}. ¿Sigue buscando? Responda STOP para no recibir textos.",
}


class Builders(DripTexts):
    """People of the branch who build a sequence."""

    def officer(self, key: str) -> KnownOfficer:
        row = next(each for each in self.branch.all(Officer) if each.key == key)
        assert row.id is not None
        return KnownOfficer(row.id, row.key, row.name, "en", cast(Role, row.role), row.active)

    def press(self, who: str, delivery: str | None = None) -> Any:
        return self.branch.press(who, COMPANY, delivery)

    def new(self, who: str = "maya", name: str = "Spring buyers") -> BuildOutcome:
        return self.store.transact_now(begin_new, self.press(who), name)

    def edits(self, who: str, key: str) -> BuildOutcome:
        return self.store.transact_now(open_or_begin, self.press(who), key, "en")

    def draft(self) -> Draft:
        return self.branch.all(Draft)[-1]

    @property
    def id(self) -> int:
        draft = self.draft()
        assert draft.id is not None
        return draft.id

    def names(self, who: str, since: int | None = None, **fields: Any) -> BuildOutcome:
        return self.store.transact_now(write_part, self.press(who), self.id, since or self.draft().revision, "head", fields)

    def writes(self, who: str, step: int = 0, since: int | None = None, channel: str = "sms", **fields: str) -> BuildOutcome:
        said = {**FIRST, **fields}
        return self.store.transact_now(write_step, self.press(who), self.id, since or self.draft().revision, step, channel, said)

    def asks(self, who: str, since: int | None = None) -> BuildOutcome:
        config = self.branch.services.in_force.config
        return self.store.transact_now(ask_for_approval, self.press(who), self.id, since or self.draft().revision, config)[0]

    def judges(self, who: str, *, approved: bool = True, since: int | None = None, delivery: str | None = None) -> BuildOutcome:
        config, by = self.branch.services.in_force.config, self.press(who, delivery)
        return self.store.transact_now(judge_draft, by, self.id, since or self.draft().revision, "ok", config, approved=approved)[0]

    def is_ready(self, who: str = "maya") -> None:
        """A draft against which nothing stands."""
        self.new(who)
        self.names(who, stages=["new", "attempted"])
        self.writes(who)

    def tries(self, who: str, step: int, sender: Any = BY_EMAIL_TOO) -> BuildOutcome:
        config = self.branch.services.in_force.config
        return self.store.transact_now(send_trial, self.press(who), self.id, step, sender, config)[0]

    async def panel(self, who: str = "maya") -> Panel:
        panel = await look(self.branch.services, self.officer(who), self.id)
        assert panel is not None
        return panel

    async def troubles(self) -> list[tuple[str, int, str]]:
        return [(each.code, each.step, each.language) for each in (await self.panel()).troubles]

    def told(self, topic: str) -> int:
        return sum(each.topic == topic for each in self.branch.all(Posting))

    def live(self, key: str = "spring_buyers") -> int:
        version = self.store.transact_now(newest_version_of, key)
        return version.version if version else 0


@pytest.fixture
def builders(branch: Branch) -> Builders:
    return Builders(branch)


async def test_a_new_draft_says_what_it_still_needs(builders: Builders) -> None:
    assert builders.new() == Shown(builders.id)
    assert await builders.troubles() == [("no_stages", 0, ""), ("no_steps", 0, "")]

    builders.names("maya", stages=["new"])
    builders.writes("maya")

    assert await builders.troubles() == []


async def test_everything_that_stands_against_a_step_is_told_with_its_place(builders: Builders) -> None:
    builders.new()
    builders.names("maya", stages=["new"])
    builders.writes("maya", when="soon", en="Rates from 5.9% at {{ company }}, NMLS {{ nmls }}. Reply STOP to opt out.", es="")
    builders.writes("maya", en="Hi {{ frist_name }}, {{ company }}", es="Hola {{ company")
    builders.writes("maya", en="Hi, it is us.", es="{{ company }} " + "largo " * 100)
    builders.writes("maya", channel="email", en="Hello", es="Hola")

    assert await builders.troubles() == [
        ("when", 1, ""), ("lint", 1, "en"), ("no_words", 1, "es"), ("unknown_field", 2, "en"), ("template", 2, "es"),
        ("no_company", 3, "en"), ("too_long", 3, "es"), ("no_subject", 4, "en"), ("no_subject", 4, "es"),
    ]  # fmt: skip
    assert builders.asks("maya") == NotReady(builders.id)


@pytest.mark.parametrize(
    "typed",
    [
        "{{ label.__globals__ }}", "{{ ''.__class__ }}", "{% for each in company %}x{% endfor %}", "{{ 'x' * 999999999 }}",
        "{{ company | length }}", "{% set company = 1 %}", "{{ label('nothing', purpose) }}", "{{ label(purpose, purpose) }}",
        "{{ company() }}", "{{ company[0] }}", "{% include 'greeting.j2' %}", "{{ 10 ** 10 ** 10 }}", "{{ company ~ nmls }}",
        "{{ label }}", "{% if years > 1 %}again{% endif %}", "{{ years in city }}", "{% if city == 'Waco' %}x{% endif %}", "{{ 7 }}",
        "{{ 'x' if city }}", f"{{{{ 0x{'f' * 300} }}}}",
        f"{{{{ {'not ' * 60}city }}}}", f"{{{{ {'(' * 90}city{')' * 90} }}}}",
    ],
    ids=lambda typed: typed[:30],
)  # fmt: skip
async def test_what_is_more_than_words_and_fields_is_told_and_never_run(builders: Builders, typed: str) -> None:
    builders.is_ready()
    builders.writes("maya", en=f"{typed} {{{{ company }}}}", es=f"{typed} {{{{ company }}}}")

    assert await builders.troubles() == [("template", 2, "en"), ("template", 2, "es")]
    assert builders.asks("maya") == NotReady(builders.id)
    assert builders.tries("maya", 2) == CannotTry(builders.id, "troubles")
    seen = await preview(builders.branch.services, builders.officer("maya"), builders.id, None)
    assert isinstance(seen, Preview) and seen.steps[1].words.startswith(typed[:20])


async def test_what_only_few_borrowers_get_is_looked_at_too(builders: Builders) -> None:
    builders.is_ready()
    hidden = "{{ company }} {% if city %}{% if not first_name %}Rates from 5.9%{% endif %}{% endif %}"
    builders.writes("maya", en=hidden, es=hidden)
    builders.writes("maya", en="{{ company }} {% if not officer %}Rates from 5.9%{% endif %}", es="{{ company }}")

    assert await builders.troubles() == [("lint", 2, "en"), ("lint", 2, "es"), ("lint", 3, "en")]


async def test_a_first_text_says_who_writes_and_how_to_stop(builders: Builders) -> None:
    builders.new()
    builders.names("maya", stages=["new"])
    builders.writes("maya", en="{{ company }} here. Reply STOP to opt out.", es="Hola, {{ company }}, NMLS {{ nmls }}.")

    assert await builders.troubles() == [("no_who", 1, "en"), ("no_stop", 1, "es")]


def test_a_name_that_is_taken_or_makes_no_key_begins_nothing(builders: Builders) -> None:
    builders.new()

    assert builders.new("luis") == NoName("Spring buyers", taken=True)
    assert builders.new("luis", "New lead") == NoName("New lead", taken=True)
    assert builders.new("luis", "???") == NoName("???", taken=False)
    assert builders.branch.count(Draft) == 1


def test_of_many_who_begin_one_draft_at_once_one_begins_it(builders: Builders) -> None:
    outcomes = in_parallel([partial(builders.edits, "maya", "new_lead") for _ in range(8)])

    assert builders.branch.count(Draft) == 1
    assert {type(each) for each in outcomes} == {Shown}


async def test_the_draft_of_a_live_sequence_says_that_nothing_is_new_until_something_is(builders: Builders) -> None:
    builders.edits("maya", "new_lead")
    assert await builders.troubles() == [("nothing_new", 0, "")]

    builders.store.transact_now(reorder, builders.press("maya"), builders.id, 1, 3, True)

    assert await builders.troubles() == []


def test_two_who_change_one_step_keep_both_and_the_second_hears_who(builders: Builders) -> None:
    builders.is_ready()
    since = builders.draft().revision
    luis = builders.writes("luis", 1, since, en="Luis: " + FIRST["en"])

    assert luis == Shown(builders.id)
    assert builders.writes("maya", 1, since, en="Maya: " + FIRST["en"]) == Shown(builders.id, "Luis Ortega", "both")
    assert builders.names("maya", since, name_en="Spring") == Shown(builders.id, None)
    assert builders.names("luis", since, name_en="Summer") == Shown(builders.id, "Maya Torres", "theirs", "Summer")


def test_many_who_add_steps_at_once_all_find_theirs_there(builders: Builders) -> None:
    builders.is_ready()
    since = builders.draft().revision

    in_parallel([partial(builders.writes, who, 0, since, en=f"{who} {number}") for who in ("maya", "luis") for number in range(4)])

    assert all(f"{who} {number}" in builders.draft().body for who in ("maya", "luis") for number in range(4))
    assert builders.draft().revision == since + 8


def test_nothing_is_live_until_somebody_else_approves_it(builders: Builders) -> None:
    builders.is_ready()
    assert builders.asks("maya") == AskedApproval(builders.id, 2)
    assert (builders.live(), builders.told("drip_asked")) == (0, 2)

    assert builders.judges("cora") == DraftJudged(builders.id, True, 1, {"en": "Spring buyers", "es": "Spring buyers"})

    row = builders.branch.all(SequenceRow)[-1]
    assert (row.key, row.version, row.origin) == ("spring_buyers", 1, "chat")
    assert stored(as_written(json.loads(row.content))) == row.content
    assert builders.told("drip_judged") == 1
    assert builders.judges("sam") == NotAsked()
    assert builders.store.transact_now(lambda session: list(broken_links(session))) == []


def test_who_wrote_any_of_it_does_not_approve_it(builders: Builders) -> None:
    builders.is_ready()
    builders.writes("cora", en="Cora: " + FIRST["en"])
    assert builders.asks("maya") == AskedApproval(builders.id, 1)

    assert builders.judges("cora") == OwnDraft()
    assert builders.live() == 0


def test_where_only_authors_could_approve_it_nobody_is_asked(builders: Builders) -> None:
    builders.is_ready()
    builders.writes("cora")
    assert builders.asks("sam") == NobodyApproves(builders.id)


def test_what_is_changed_after_it_was_asked_about_is_not_approved(builders: Builders) -> None:
    builders.is_ready()
    builders.asks("maya")
    read = builders.draft().revision
    builders.writes("maya", en="Quickly: " + FIRST["en"])

    assert builders.judges("cora", since=read) == NotAsked()
    assert builders.judges("cora") == NotAsked()
    assert (builders.live(), builders.draft().state) == (0, "open")


def test_of_many_who_decide_at_once_one_does_and_one_version_comes(builders: Builders) -> None:
    builders.is_ready()
    builders.asks("maya")

    outcomes = in_parallel([partial(builders.judges, who) for who in ("cora", "sam") * 4])

    assert sorted(type(each).__name__ for each in outcomes) == ["DraftJudged", *["NotAsked"] * 7]
    assert builders.live() == 1


def test_a_decision_that_is_delivered_twice_is_one(builders: Builders) -> None:
    builders.is_ready()
    builders.asks("maya")

    assert builders.judges("cora", delivery="once") == builders.judges("cora", delivery="once")
    assert (builders.live(), builders.told("drip_judged")) == (1, 1)


def test_what_is_sent_back_may_be_changed_and_asked_about_again(builders: Builders) -> None:
    builders.is_ready()
    builders.asks("maya")
    assert builders.judges("cora", approved=False) == DraftJudged(builders.id, False, 0, {"en": "Spring buyers", "es": "Spring buyers"})
    assert (builders.live(), builders.draft().why) == (0, "ok")

    assert builders.asks("maya") == AskedApproval(builders.id, 2)
    assert isinstance(builders.judges("cora"), DraftJudged)
    assert builders.live() == 1


def test_a_version_that_came_from_a_file_meanwhile_is_not_overwritten_unseen(builders: Builders) -> None:
    builders.edits("maya", "new_lead")
    builders.store.transact_now(reorder, builders.press("maya"), builders.id, 1, 3, True)
    builders.asks("maya")
    builders.keeps(NEW_LEAD.model_copy(update={"steps": NEW_LEAD.steps[:2]}))

    assert builders.judges("cora") == NotAsked()
    assert builders.live("new_lead") == 2
    assert builders.asks("maya") == AskedApproval(builders.id, 2)
    assert isinstance(builders.judges("cora"), DraftJudged)
    assert builders.live("new_lead") == 3


def test_a_file_that_did_not_change_leaves_the_version_of_chat_and_one_that_did_is_the_next(builders: Builders) -> None:
    builders.edits("maya", "new_lead")
    builders.store.transact_now(reorder, builders.press("maya"), builders.id, 1, 3, True)
    builders.asks("maya")
    builders.judges("cora")

    builders.store.transact_now(keep_library)
    assert builders.live("new_lead") == 2

    changed = NEW_LEAD.model_copy(update={"steps": NEW_LEAD.steps[:2]})
    builders.store.transact_now(keep_files, {"new_lead": stored(changed)})
    builders.store.transact_now(keep_files, {"new_lead": stored(changed)})
    assert builders.live("new_lead") == 3


def test_who_began_goes_on_with_the_version_it_began_with(builders: Builders) -> None:
    lead = builders.running()
    builders.edits("maya", "new_lead")
    builders.store.transact_now(take_out, builders.press("maya"), builders.id, 1, 5)
    builders.asks("maya")
    builders.judges("cora")

    assert (builders.drip(lead).version, len(builders.drip(lead).plan.steps)) == (1, 5)


@pytest.mark.parametrize("role", get_args(Role))
def test_exactly_the_roles_that_may_build_and_approve_do(builders: Builders, role: Role) -> None:
    builders.is_ready()
    builders.asks("maya")
    builders.branch.set(Officer, builders.branch.officer_id("tess"), role=role)

    outcome = builders.judges("tess")

    assert isinstance(outcome, MayNotBuild) is (role not in who_may("approve_drips"))
    assert isinstance(builders.new("tess", "Autumn"), MayNotBuild) is not may(role, "build_drips")


def test_who_left_builds_and_decides_nothing(builders: Builders) -> None:
    builders.is_ready()
    builders.asks("maya")
    builders.branch.set(Officer, builders.branch.officer_id("cora"), active=False)

    assert isinstance(builders.judges("cora"), MayNotBuild)
    assert isinstance(builders.writes("cora"), MayNotBuild)
    assert builders.live() == 0


def test_a_draft_that_is_dropped_is_gone_and_its_name_is_free(builders: Builders) -> None:
    builders.is_ready()

    assert isinstance(builders.store.transact_now(drop_draft, builders.press("maya"), builders.id), Dropped)
    assert builders.writes("maya") == NoDraft()
    assert isinstance(builders.new(), Shown)


def test_a_test_goes_to_its_writer_alone_and_says_that_it_is_one(builders: Builders) -> None:
    builders.is_ready()
    lead = builders.lead()

    assert builders.tries("maya", 1) == Tried(builders.id, "sms", 2)

    texts = [each for each in builders.branch.all(Message) if each.purpose == "trial"]
    assert [(each.lead_id, each.status) for each in texts] == [(None, "queued"), (None, "queued")]
    assert all("TEST" in each.body and "Spring buyers, step 1" in each.body for each in texts)
    assert builders.branch.events(lead)[-1].kind != "text_status"
    assert builders.tries("maya", 1, builders.sender) == Tried(builders.id, "sms", 2)
    builders.branch.set(Officer, builders.branch.officer_id("cora"), phone=None)
    assert builders.tries("cora", 1) == CannotTry(builders.id, "no_way")


def test_a_step_that_cannot_be_filled_yet_is_not_tried(builders: Builders) -> None:
    builders.is_ready()
    builders.writes("maya", es="Hola {{ nobody }}")

    assert builders.tries("maya", 2) == CannotTry(builders.id, "troubles")
    assert builders.tries("maya", 9) == NoDraft()


async def test_a_look_as_a_real_lead_fills_counts_and_asks_the_gate(builders: Builders) -> None:
    builders.is_ready()
    builders.writes("maya", channel="email", subject_en="Hi", subject_es="Hola", en="Your city: {{ city }}", es="{{ city }}")
    builders.branch.services.network = cast(PhoneNetwork, object())
    agreed: dict[str, Any] = {**AGREED, "property_city": None}
    lead = builders.branch.new_lead(**agreed)
    builders.branch.claim("maya", lead)

    seen = await preview(builders.branch.services, builders.officer("maya"), builders.id, lead)

    assert isinstance(seen, Preview)
    text, email = seen.steps
    assert text.words.startswith("Hi Dana, Acme Mortgage, NMLS 123456.") and text.segments == 1
    assert (email.missing, email.words, email.why) == ("city", "", "email_is_off")
    assert (text.why, text.until) == (None, None)


async def test_nobody_looks_as_a_lead_that_is_not_theirs_to_see(builders: Builders) -> None:
    builders.is_ready()
    lead = builders.lead()
    builders.branch.claim("maya", lead)

    for who, sees in (("luis", False), ("maya", True), ("tess", True), ("cora", True)):
        seen = await preview(builders.branch.services, builders.officer(who), builders.id, lead)
        assert isinstance(seen, NoSuchLead) is not sees, who
    invented = await preview(builders.branch.services, builders.officer("luis"), builders.id, None)
    assert isinstance(invented, Preview) and invented.steps[0].words.startswith("Hi Dana")
