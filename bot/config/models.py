"""What a config holds: the company, its teams, officers and sources. All of it is frozen; keys never change."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from bot.config.entry import Entry
from bot.config.escalation import EscalationPolicy
from bot.config.escalation_rules import EscalationRule
from bot.config.holidays import HolidayList, days_off
from bot.config.hours import HandOver, WorkingHours
from bot.config.mapping import FormatName, MappingEntry
from bot.config.meta import MetaEntry
from bot.config.outline import officer_key, policy_key, team_key
from bot.config.pinging import PingEntry
from bot.config.problems import say
from bot.config.routing import RoutingRule
from bot.config.scoring import ScoringEntry
from bot.config.segments import SegmentEntry
from bot.config.values import (
    DailyCap,
    Day,
    DiscordId,
    Dollars,
    Email,
    EnvironmentName,
    Flag,
    FormName,
    HoldoutPercent,
    KeptDays,
    Key,
    Language,
    Languages,
    NmlsId,
    OpenCap,
    PerMinute,
    PerWeek,
    PhoneNumber,
    Purposes,
    ReturnDays,
    RoleName,
    SequenceKey,
    Site,
    SlackChannel,
    SlackUser,
    State,
    Text,
    TimeZone,
    WebAddress,
    WorkingDays,
    at_least_one,
    many,
    one_of,
    without_repeats,
)
from bot.rules.rota import Rota
from bot.rules.scoring import DEFAULT, Scoring
from bot.rules.segments import Segment, all_segments


class License(Entry):
    """A state in which a company or an officer may do business; without `expires` it does not end."""

    state: State = Field(description="two letters, such as TX")
    expires: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _state_alone(cls, written: Any) -> Any:
        return {"state": written} if isinstance(written, str) else written


def _one_per_state(licenses: tuple[License, ...]) -> tuple[License, ...]:
    states = [license.state for license in licenses]
    twice = sorted({state for state in states if states.count(state) > 1})
    if twice:
        raise say(f"{', '.join(twice)} is listed twice. Keep one license for each state.")
    return licenses


TOLL_FREE = frozenset(f"+1{code}" for code in (800, 833, 844, 855, 866, 877, 888))
Licenses = Annotated[tuple[License, ...], BeforeValidator(many), AfterValidator(_one_per_state)]
TeamKey = Annotated[Text, team_key()]
PolicyKey = Annotated[Text, policy_key()]


class Company(Entry):
    """Who the borrower hears from."""

    legal_name: Text = Field(description="the name on the company's license")
    dba: Text | None = None
    nmls_id: NmlsId = Field(description="the company's NMLS id")
    postal_address: Text = Field(description="street, city, state and ZIP; it stands below every email")
    licenses: Annotated[Licenses, AfterValidator(at_least_one)] = Field(description="the states it is licensed in, such as [TX, OK]")
    holidays: HolidayList = ()

    @property
    def display_name(self) -> str:
        """The name officers and borrowers read."""
        return self.dba or self.legal_name


class Texting(Entry):
    """What a company answers to STOP and HELP, and when its sender was registered and its texts were signed off."""

    stop_text: Text = Field(description="the one answer to an opt-out; it says that no more texts come")
    help_text: Text = Field(description="the answer to HELP: who you are, how to reach you, and that STOP ends it")
    sender_registered_on: Day | None = None
    signed_off_by: Text | None = None
    signed_off_on: Day | None = None
    instant_reply: Flag = False


class Drips(Entry):
    """Which sequences begin by themselves when what their `begins` name happens; how much all of them together send one borrower; and how
    many of those who would begin are left out, to be compared with."""

    begin_by_themselves: Annotated[tuple[SequenceKey, ...], BeforeValidator(many), AfterValidator(without_repeats)] = ()
    most_per_week: PerWeek = 5
    holdout_percent: HoldoutPercent = 0


class Emailing(Entry):
    """From which address email to borrowers leaves, and when its words were signed off."""

    from_address: Email = Field(description="the address that email comes from, of a domain whose SPF and DKIM your mail server satisfies")
    replies_to: Email | None = Field(None, description="the mailbox that Leadbell reads, if it is another; it must take plus addresses")
    signed_off_by: Text | None = None
    signed_off_on: Day | None = None
    instant_reply: Flag = False
    track_links: Flag = False

    @property
    def answers_at(self) -> str:
        """The mailbox in which answers arrive, where Leadbell reads them."""
        return self.replies_to or self.from_address


class Voicemail(Entry):
    """What the law asks of a company whose recorded words are left where a machine answers, and who signed the words off."""

    opt_out_phone: PhoneNumber = Field(description="a toll-free number that takes opt-outs by itself at any hour; the words name it")
    signed_off_by: Text = Field(description="who approved the words in messages/voice")
    signed_off_on: Day = Field(description="when they did")

    @field_validator("opt_out_phone")
    @classmethod
    def _toll_free(cls, number: str) -> str:
        if number[:5] not in TOLL_FREE:
            raise say("This number is not toll-free, as the law wants it to be. Write one such as (800) 555-0188.")
        return number


class Announcement(Entry):
    """What both ends of a call hear before they are connected, in each language that borrowers are spoken to in."""

    en: Text = Field(description="such as: This call is recorded. If you do not want that, say so and we stop.")
    es: Text = Field(description="such as: Esta llamada se graba. Si no lo desea, dígalo y dejamos de grabar.")

    @model_validator(mode="after")
    def _says_so(self) -> "Announcement":
        silent = [name for name, stem in (("en", "record"), ("es", "grab")) if stem not in getattr(self, name).lower()]
        if silent:
            raise say("These words do not say that the call is recorded: nobody may be recorded who did not hear so.", tuple(silent))
        return self


class Recording(Entry):
    """Calls that an officer has made by Call me, and those of borrowers to us, are recorded, of every team where none is named, once both
    ends heard so."""

    announcement: Announcement = Field(description="what both ends hear first, in en and es")
    teams: Annotated[tuple[TeamKey, ...], BeforeValidator(many), AfterValidator(without_repeats)] = ()
    keep_days: KeptDays = 90
    signed_off_by: Text = Field(description="who approved that calls are recorded, and these words")
    signed_off_on: Day = Field(description="when they did")


Override = Literal["calls_outside_hours"]
OVERRIDES = {"calls_outside_hours": "calls outside hours"}
"""What the rules forbid and an officer may do all the same, with a reason that compliance reads, where a config lists it."""

Outsiders = Literal["public", "guests", "other_companies"]
OUTSIDERS = {"public": "public", "guests": "guests", "other_companies": "other_companies"}


class Channel(Entry):
    """Where a team's leads ring, per platform; at least one. `allow` names who may read along besides the company's people in it."""

    slack: SlackChannel | None = None
    discord: DiscordId | None = None
    allow: Annotated[tuple[Annotated[Outsiders, one_of("a word for who else may read", OUTSIDERS)], ...], BeforeValidator(many)] = ()

    @model_validator(mode="after")
    def _somewhere(self) -> "Channel":
        if not self.slack and not self.discord:
            raise say('A channel needs slack or discord. Mind the quotes in slack: "#leads", since a # without them begins a comment.')
        return self


class AuditTrail(Entry):
    """Where the seal of the timelines is told each day: outside the store, so that what is cut off or replaced later shows."""

    channel: Channel | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> "AuditTrail":
        if self.channel is None and self.email is None:
            raise say("Write channel, email, or both.", ("channel", "email"))
        return self


class OnCall(Entry):
    """Officers who take turns at being on call outside working hours. The first of them begins with the first hand-over from `since` on."""

    officers: Annotated[
        tuple[Annotated[Text, officer_key("officer", "team_lead", "manager")], ...],
        BeforeValidator(many),
        AfterValidator(at_least_one),
        AfterValidator(without_repeats),
    ] = Field(description="the keys of the officers in the order of their turns")
    hand_over: HandOver = Field(description="when the next one takes over, such as mon 8am")
    since: Day = Field(description="the day from which on the first of the officers has the first turn, such as 2026-11-30")
    hours: WorkingHours = Field(description="the hours on call of each day, such as sat: 9am-1pm")

    @field_validator("since")
    @classmethod
    def _of_our_days(cls, since: date) -> date:
        if not 2000 <= since.year < 2100:
            raise say(f"{since} is far away. Write the day of a hand-over that is near, such as the next one.")
        return since

    def on(self, zone: str) -> Rota:
        """The rota on the clocks of a team's zone."""
        days, minute = self.hand_over
        return Rota(zone, self.officers, days, minute, self.since, self.hours)


class Neglect(Entry):
    """After how many working days a lead that its owner leaves alone goes back to the pool: without a try to reach the borrower, or
    without an answer to a borrower who wrote."""

    days_without_attempt: WorkingDays | None = None
    days_without_reply: WorkingDays | None = None

    @model_validator(mode="after")
    def _some(self) -> "Neglect":
        if self.days_without_attempt is None and self.days_without_reply is None:
            raise say("Write days_without_attempt, days_without_reply, or both.", ("days_without_attempt", "days_without_reply"))
        return self


class Team(Entry):
    """A branch. `numbers` are its own, from which its borrowers hear; without any they hear from the one that all teams share."""

    key: Key = Field(description="a short name that never changes, such as austin")
    name: Text = Field(description="the name people read, such as Austin")
    channel: Channel = Field(description='where leads ring, such as slack: "#leads"')
    wider_channel: Channel | None = None
    numbers: Annotated[tuple[PhoneNumber, ...], BeforeValidator(many), AfterValidator(without_repeats)] = ()
    manager: Annotated[Text, officer_key("manager", "admin")] = Field(description="the key of the manager under officers")
    team_leads: Annotated[
        tuple[Annotated[Text, officer_key("team_lead", "manager", "admin")], ...], BeforeValidator(many), AfterValidator(without_repeats)
    ] = ()
    time_zone: TimeZone = Field(description="the IANA time zone, such as America/Chicago")
    working_hours: WorkingHours = Field(description="the hours of each day, such as mon-fri: 8am-8pm")
    holidays: HolidayList = ()
    rota: OnCall | None = None
    escalation_policy: PolicyKey = "default"
    open_without_attempt_cap: OpenCap | None = None
    neglected: Neglect | None = None
    masked: Flag = True
    language: Language = "en"


class Officer(Entry):
    """A person: a loan officer, or somebody who leads, manages or audits them. `purposes` empty means every purpose;
    `application_url` is where the borrowers whom Zillow sold to them begin an application, `off_until` the first day back,
    `working_hours` are the teams' where there are none of their own."""

    key: Key = Field(description="a short name that never changes, such as maya")
    name: Text = Field(description="first and last name")
    email: Email = Field(description="the address this person uses in Slack")
    phone: PhoneNumber | None = None
    nmls_id: NmlsId | None = None
    application_url: WebAddress | None = None
    slack: SlackUser | None = None
    discord: DiscordId | None = None
    role: RoleName = "officer"
    teams: Annotated[tuple[TeamKey, ...], BeforeValidator(many), AfterValidator(without_repeats)] = ()
    licenses: Licenses = ()
    purposes: Purposes = ()
    languages: Languages = ("en",)
    language: Language = "en"
    daily_cap: DailyCap | None = None
    open_without_attempt_cap: OpenCap | None = None
    working_hours: WorkingHours | None = None
    active: Flag = True
    off_until: Day | None = None

    def back_at(self, zone: str) -> datetime | None:
        """When their first day back begins there."""
        return datetime.combine(self.off_until, time(), ZoneInfo(zone)) if self.off_until else None


class Source(Entry):
    """Where leads come from. Its secret stays in the environment, under the name `secret_env`. `bought` says that its borrowers asked a
    seller of leads, not us, so that their asking is no business relationship with us. While its key is changed, the one under
    `old_secret_env` is good too. `form` is what our own page asks at /forms/KEY, `application_url` where Zillow sends its borrowers on.
    `price` is what a lead costs where the source names none, `monthly_spend` what is paid for it besides, such as for ads.
    What comes to our mailbox from `mail_from` is a lead of it. `trigger_leads` says that a credit bureau sells them because somebody else
    looked at the borrower's credit: each must say on what basis it was furnished."""

    key: Key = Field(description="a short name that never changes and stands in the address, such as zillow")
    label: Text = Field(description="the name officers read on the card, such as Zillow")
    secret_env: EnvironmentName = Field(description="the environment variable that holds this source's key, such as LEADBELL_KEY_ZILLOW")
    old_secret_env: EnvironmentName | None = None
    format: FormatName = "generic"
    mapping: MappingEntry | None = None
    application_url: WebAddress | None = None
    price: Dollars | None = None
    monthly_spend: Dollars | None = None
    team: TeamKey | None = None
    owner_rule: Annotated[Literal["claim"], one_of("an owner rule", {"claim": "claim"})] = "claim"
    bought: Flag = False
    trigger_leads: Flag = False
    return_days: ReturnDays | None = None
    escalation_policy: PolicyKey | None = None
    max_per_minute: PerMinute = 1200
    mail_from: Annotated[tuple[Email, ...], BeforeValidator(many), AfterValidator(without_repeats)] = ()
    form: FormName | None = None
    form_title: Text | None = None
    meta: MetaEntry | None = None
    ping: PingEntry | None = None

    @property
    def secrets_in(self) -> tuple[str, ...]:
        """The environment variables that hold its keys, and its word and token where it is one of Meta's."""
        names = (self.secret_env, self.old_secret_env)
        of_meta = (self.meta.verify_token_env, self.meta.access_token_env) if self.meta else ()
        return tuple(name for name in (*names, *of_meta) if name)

    @model_validator(mode="after")
    def _title_of_a_form(self) -> "Source":
        if self.form_title is not None and self.form is None:
            raise say("form_title stands above a form of ours. Write form too, or leave it out.", ("form",))
        if self.form is not None and self.bought:
            raise say("Who fills in our own form asks us, and no seller of leads. Leave bought out, or form.", ("form", "bought"))
        return self

    @model_validator(mode="after")
    def _triggered_without_asking(self) -> "Source":
        if self.trigger_leads and not self.bought:
            raise say("Whom a credit bureau sells as a trigger lead did not ask you. Write bought: true beside trigger_leads.", ("bought",))
        return self

    @model_validator(mode="after")
    def _application_in_the_answer(self) -> "Source":
        if self.application_url is not None and self.format != "zillow":
            raise say("application_url is told to Zillow alone. Write format: zillow, or leave it out.", ("format",))
        return self

    @model_validator(mode="after")
    def _of_its_format(self) -> "Source":
        if self.ping is not None and self.format not in ("generic", "leadexec", "leadconduit", "leadspedia"):
            raise say(
                "Pings are answered in the words of generic, leadexec, leadconduit or leadspedia. Write one of them as format.", ("format",)
            )
        if (self.format == "meta") != (self.meta is not None):
            raise say("Lead Ads of Meta need both lines: format: meta, and meta with verify_token_env and access_token_env.")
        return self


class Forms(Entry):
    """Which sites of the company may show our pages within theirs and carry our script, and where its privacy policy is."""

    sites: Annotated[tuple[Site, ...], BeforeValidator(many), AfterValidator(without_repeats)] = ()
    privacy_url: WebAddress | None = None


class PartnerConsent(Entry):
    """What a partner agreed to, as it was put to them."""

    text: Text = Field(description="the words they agreed to, such as: I agree to marketing texts from Acme Mortgage")
    given_on: Day = Field(description="the day they did, such as 2026-10-01")


class Partner(Entry):
    """Who sends borrowers, such as an agent, and the officer who looks after them. One with an email or a phone is a contact who may be
    written to, as `contact`, in their language; texts that leave by themselves need what they agreed to."""

    key: Key = Field(description="a short name that never changes, such as keller")
    name: Text = Field(description="the name by which requests name this partner, such as Keller Realty")
    email: Email | None = None
    phone: PhoneNumber | None = None
    contact: Text | None = None
    language: Language = "en"
    consent: PartnerConsent | None = None
    officer: Annotated[Text, officer_key("officer", "team_lead", "manager")] = Field(description="the key of an officer above")


class Retired(Entry):
    """A team or source that is gone, and which one takes over its open leads."""

    kind: Annotated[Literal["team", "source"], one_of("a kind of thing that retires", {"team": "team", "source": "source"})] = Field(
        description="team or source"
    )
    key: Key = Field(description="the key it had")
    moved_to: Text = Field(description="the key of the team or source that takes over")


class Config(Entry):
    """A whole config, as checked. Equal files give equal configs."""

    company: Company = Field(description="legal_name, nmls_id, postal_address and licenses")
    default_team: TeamKey = Field(description="the key of the team that gets leads of sources without a team")
    teams: Annotated[tuple[Team, ...], AfterValidator(at_least_one)] = Field(description="at least one team")
    officers: Annotated[tuple[Officer, ...], AfterValidator(at_least_one)] = Field(description="at least one officer")
    sources: Annotated[tuple[Source, ...], AfterValidator(at_least_one)] = Field(description="at least one source of leads")
    forms: Forms = Forms()
    partners: tuple[Partner, ...] = ()
    segments: tuple[SegmentEntry, ...] = ()
    routing: tuple[RoutingRule, ...] = ()
    scoring: ScoringEntry | None = None
    escalation_policies: tuple[EscalationPolicy, ...] = ()
    escalation_rules: tuple[EscalationRule, ...] = ()
    texting: Texting | None = None
    email: Emailing | None = None
    voicemail: Voicemail | None = None
    recording: Recording | None = None
    drips: Drips = Drips()
    audit: AuditTrail | None = None
    overrides: Annotated[
        tuple[Annotated[Override, one_of("something that a config may let officers do", OVERRIDES)], ...],
        BeforeValidator(many),
        AfterValidator(without_repeats),
    ] = ()
    retired: tuple[Retired, ...] = ()

    @property
    def scored_by(self) -> Scoring:
        """What leads are scored by."""
        return self.scoring.scoring if self.scoring else DEFAULT

    @property
    def lets_call_anyway(self) -> bool:
        """Whether an owner may call outside the legal hours, with a reason."""
        return "calls_outside_hours" in self.overrides

    @property
    def segments_in_force(self) -> tuple[Segment, ...]:
        """Leadbell's own segments and those that are written here."""
        return all_segments(each.segment for each in self.segments)

    def team_of(self, source: Source) -> str:
        """The key of the team that gets this source's leads."""
        return source.team or self.default_team

    def team_with(self, number: str) -> str | None:
        """The key of the team that has this number of ours to itself."""
        return next((team.key for team in self.teams if number in team.numbers), None)

    def days_off(self, team: Team) -> list[str]:
        """The holidays of a team, the company's among them: names of federal ones and ISO dates."""
        return days_off(self.company.holidays, team.holidays)

    def home_of(self, officer: Officer) -> Team:
        """The team by whose clocks and holidays an officer lives: the first that they serve in, else the default one."""
        home = officer.teams[0] if officer.teams else self.default_team
        return next(team for team in self.teams if team.key == home)
