"""Partners whom the config names: contacts who are written to within the same rules, and who are no leads to anybody."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.config.drips import as_written
from bot.config.models import Config, Partner, PartnerConsent
from bot.configuring import Applied, apply_config
from bot.nurture.drips import Begun, CannotBegin
from bot.store.clocks import Clock
from bot.store.contacts import Consent, ContactPoint
from bot.store.counters import leads_held, leads_owned
from bot.store.drips import newest_version_of
from bot.store.events import broken_links
from bot.store.installation import Installation
from bot.store.leads import Lead
from bot.store.mine import own_leads
from bot.store.partners import known_partners
from bot.store.people import Team
from bot.store.postings import Posting
from tests.doubles.branch import Branch
from tests.doubles.drips import BY_EMAIL_TOO, DripTexts

JO = Partner(
    key="keller", name="Keller Realty", contact="Jo Keller", email="jo@keller.example", phone="+15125550161", officer="maya", language="en"
)
AGREED = PartnerConsent(text="I agree to marketing texts and calls from Acme Mortgage.", given_on=date(2026, 3, 2))
TEXT = {"en": "{{ company }}, NMLS {{ nmls }}: shall we talk? Reply STOP to opt out.", "es": "{{ company }}, NMLS {{ nmls }}. STOP"}


class Partners(DripTexts):
    """The example company, which names partners."""

    def __init__(self, branch: Branch) -> None:
        super().__init__(branch, BY_EMAIL_TOO)
        branch.services.hash_key = bytes.fromhex(self.store.transact_now(_hash_key))

    def names(self, *partners: Partner) -> Applied:
        """A config with these partners comes into force."""
        config: Config = self.branch.services.in_force.config.model_copy(update={"partners": partners})
        return self.store.transact_now(apply_config, config, by="test", at=self.branch.clock.now(), salt="salt")

    def number(self, key: str = "keller") -> int:
        return self.store.transact_now(known_partners)[key].number

    def with_changes(self, **changes: Any) -> Partner:
        return JO.model_copy(update=changes)


def _hash_key(session: Session) -> str:
    return session.exec(select(Installation.hash_key)).one()


@pytest.fixture
def partners(branch: Branch) -> Partners:
    return Partners(branch)


def test_a_partner_who_can_be_reached_is_a_contact_of_their_officer_and_counts_nowhere(partners: Partners) -> None:
    applied = partners.names(JO, Partner(key="hill", name="Hill Homes", officer="luis"))

    number = partners.number()
    assert applied.changes == (f"partner keller: kept as #{number}",)
    seen = partners.branch.view(number)
    assert (seen.first_name, seen.last_name, seen.stage, seen.owner_name) == ("Jo", "Keller", "partner", "Maya Torres")
    assert (seen.emails, seen.phones, seen.source) == (("jo@keller.example",), ("+15125550161",), "Referral partners")
    assert list(partners.store.transact_now(known_partners)) == ["keller"]
    assert partners.branch.count(Clock) == 0 and partners.branch.count(Posting) == 0
    maya = partners.branch.officer_id("maya")
    assert partners.store.transact_now(leads_held, [each.id for each in partners.branch.all(Team) if each.id]) == []
    assert partners.store.transact_now(leads_owned, maya) == {}
    assert partners.store.transact_now(own_leads, maya) == []
    assert partners.store.transact_now(lambda session: list(broken_links(session))) == []


def test_the_check_in_is_emailed_and_goes_on_a_month_after_an_answer(partners: Partners) -> None:
    partners.names(JO)
    number = partners.number()

    begun = partners.begins(number, key="referral_partner")
    partners.passes(days=6)

    assert isinstance(begun, Begun)
    [email] = partners.touches(number)
    assert (email.channel, email.subject) == ("email", "Who to call about financing")
    assert (email.body or "").startswith("Hello Jo,") and "Maya Torres" in (email.body or "")
    partners.came("We should meet", number="+15125550161")
    assert partners.drip(number).runs and partners.drip(number).state["paused"] == "replied"
    assert partners.why_ended(number) is None


def test_texts_need_what_the_partner_agreed_to_and_a_stop_ends_them(partners: Partners) -> None:
    document = {"key": "trial", "name": {"en": "Trial", "es": "Ensayo"}, "stages": ["partner"], "steps": [{"after": "1 hour", "sms": TEXT}]}
    partners.keeps(as_written(document))
    partners.names(JO)
    number = partners.number()
    assert isinstance(partners.begins(number, key="trial"), CannotBegin)

    partners.names(partners.with_changes(consent=AGREED))
    partners.names(partners.with_changes(consent=AGREED, contact="Jo A. Keller"))

    points = {each.id: each.value for each in partners.branch.all(ContactPoint)}
    agreed = [(points[each.contact_point_id], each.text) for each in partners.branch.all(Consent)]
    assert sorted(agreed) == [("+15125550161", AGREED.text), ("jo@keller.example", AGREED.text)]
    assert isinstance(partners.begins(number, key="trial"), Begun)
    partners.came("STOP", number="+15125550161")
    assert partners.why_ended(number) == "opted_out"
    partners.passes(days=3)
    assert partners.touches(number) == []


def test_what_the_config_says_later_is_taken_over_and_who_leaves_it_is_written_to_no_more(partners: Partners) -> None:
    partners.names(JO)
    number = partners.number()
    partners.begins(number, key="referral_partner")

    partners.names(partners.with_changes(email="jo@hill.example", phone=None, officer="luis", language="es"))

    seen = partners.branch.view(number)
    assert (seen.emails, seen.phones, seen.owner_name, seen.details["language"]) == (("jo@hill.example",), (), "Luis Ortega", "es")
    assert partners.names().changes == (f"partner keller: #{number} is no contact any more",)
    assert partners.branch.view(number).stage == "withdrawn"
    assert partners.why_ended(number) == "stage"
    assert partners.branch.count(Lead) == 1


def test_who_is_named_again_is_a_contact_again_and_who_was_ended_by_an_officer_is_not(partners: Partners) -> None:
    partners.names(JO)
    number = partners.number()
    partners.names()

    assert f"partner keller: #{number} is a contact again" in partners.names(JO).changes
    assert partners.branch.view(number).stage == "partner"
    assert isinstance(partners.begins(number, key="referral_partner"), Begun)

    partners.stages(number, "withdrawn")
    partners.names(partners.with_changes(contact="Jo A. Keller"))
    assert partners.branch.view(number).stage == "withdrawn"
    assert partners.branch.count(Lead) == 1


def test_a_partner_who_asks_for_a_loan_of_their_own_rings_like_anybody(partners: Partners) -> None:
    partners.names(JO)

    lead = partners.branch.new_lead(first_name="Jo", last_name="Keller", phone="(512) 555-0161", email="jo@keller.example")

    assert lead != partners.number()
    assert partners.branch.view(lead).stage == "new" and partners.branch.view(lead).link is None
    assert [each.lead_id for each in partners.branch.all(Clock)] == [lead]


def test_whoever_turns_out_to_be_a_partner_is_made_one_by_the_stage(partners: Partners) -> None:
    lead = partners.lead()

    partners.stages(lead, "partner")

    assert isinstance(partners.begins(lead, key="referral_partner"), Begun | CannotBegin)
    version = partners.store.transact_now(newest_version_of, "referral_partner")
    assert version is not None and version.plan.stages == ("partner",)
    assert partners.store.transact_now(leads_owned, partners.branch.officer_id("maya")) == {}
