"""leadbell init: eight questions, and the files that a first start needs."""

import json
import os
import re
import secrets
import shlex
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BeforeValidator, TypeAdapter, ValidationError

from bot.config import load_config
from bot.config.hours import WorkingHours
from bot.config.problems import say
from bot.config.values import Email, NmlsId, SlackChannel, State, Text, TimeZone, slug, without_repeats
from bot.errors import LeadbellError
from bot.handlers.slack.roster import Member
from bot.rules.zones import zones_of_address
from bot.settings import Settings
from bot.shipped import shipped

T = TypeVar("T")

OWNER_ONLY = 0o600
FIRST_FILES = Path(__file__).parent / "first_files"
USUAL_HOURS = "mon-fri: 8am-8pm; sat: 9am-5pm"
MUST_BE_FILLED_IN = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "LEADBELL_PUBLIC_URL")

Members = Callable[[str], Sequence[Member]]
"""Who is in a Slack channel; nobody where Slack cannot be asked."""


class NotAnswered(LeadbellError):
    """The questions were not answered to the end, so nothing was written."""


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str
    email: str
    slack: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the eight questions brought."""

    legal_name: str
    dba: str | None
    nmls_id: str
    states: tuple[str, ...]
    postal_address: str
    team_name: str
    time_zone: str
    working_hours: Mapping[str, str]
    channel: str
    people: tuple[Person, ...]
    manager: Person


def _split(written: object) -> list[str]:
    """The parts between commas; of two-letter words also those between spaces."""
    parts = [part.strip() for part in str(written).split(",") if part.strip()]
    return [word for part in parts for word in (part.split() if re.fullmatch(r"[A-Za-z]{2}(\s+[A-Za-z]{2})+", part) else [part])]


def _days(written: object) -> dict[str, str]:
    """The lines of "mon-fri: 8am-8pm; sat: 9am-5pm", as they are written into the file."""
    lines = [line.partition(":") for line in str(written).split(";") if line.strip()]
    if not lines or not all(between for _, between, _ in lines):
        raise say(f"Write days, a colon and hours, with a semicolon between, such as {USUAL_HOURS}.")
    days = {days.strip(): hours.strip() for days, _, hours in lines}
    TypeAdapter(WorkingHours).validate_python(days)
    return days


def _people(written: object) -> tuple[Person, ...]:
    """The people of "Maya Torres maya@acme.example, Sam Whitaker sam@acme.example"."""
    people: list[Person] = []
    for part in _split(written):
        name, _, email = part.rpartition(" ")
        if not name:
            raise say("Write each person as a name and an email, such as Maya Torres maya@acme.example, with commas between.")
        people.append(_person(TypeAdapter(Text).validate_python(name), TypeAdapter(Email).validate_python(email.strip("<>")), people))
    if not people:
        raise say("Write at least one person.")
    if len({person.email for person in people}) < len(people):
        raise say("Two people have the same email. Each needs their own.")
    return tuple(people)


def _person(name: str, email: str, before: Sequence[Person], slack: str | None = None) -> Person:
    """A person with a key of their own: the first name, with as much behind it as tells them apart."""
    taken = {person.key for person in before}
    wishes = [slug(name.split()[0]), slug(name), *(f"{slug(name)[:30] or 'officer'}-{number}" for number in range(2, len(taken) + 3))]
    return Person(next(key for key in wishes if key and key not in taken), name, email, slack)


TEXT, NMLS, ZONE, CHANNEL = TypeAdapter(Text), TypeAdapter(NmlsId), TypeAdapter(TimeZone), TypeAdapter(SlackChannel)
STATES: TypeAdapter[Any] = TypeAdapter(Annotated[list[State], BeforeValidator(_split)])
HOURS: TypeAdapter[Any] = TypeAdapter(Annotated[dict[str, str], BeforeValidator(_days)])
PEOPLE: TypeAdapter[Any] = TypeAdapter(Annotated[Any, BeforeValidator(_people)])


def ask(members: Members) -> Answers:
    """Ask the eight questions, each again until its answer fits."""
    legal_name = _asked("1. The company's legal name, as on its license", TEXT)
    dba = _asked("2. The name that borrowers know it by", TEXT, legal_name)
    nmls_id = _asked("3. The company's NMLS id", NMLS)
    states = without_repeats(tuple(_asked("4. The states it is licensed in, such as TX, OK", STATES)))
    if not states:
        raise NotAnswered
    postal_address = _asked("5. Its postal address, on one line", TEXT)
    team_name = _asked("6. The first team's name", TEXT, "Main")
    zones = zones_of_address(states[0], None)
    time_zone = _asked("   Its time zone", ZONE, zones[0] if zones else "America/New_York")
    working_hours = _asked("   Its working hours", HOURS, USUAL_HOURS)
    channel = _asked("7. The Slack channel in which its leads ring, private and without guests", CHANNEL, "#leads")
    people = _who(members(channel))
    for number, person in enumerate(people, 1):
        typer.echo(f"   {number}. {person.name} <{person.email}>")
    which = _asked("   The number of who manages the team", _number_up_to(len(people)), str(len(people)))
    return Answers(
        legal_name, None if dba == legal_name else dba, nmls_id, states, postal_address,
        team_name, time_zone, working_hours, channel, people, people[which - 1],
    )  # fmt: skip


def _who(members: Sequence[Member]) -> tuple[Person, ...]:
    """The first officers: chosen from who is in the channel, or typed."""
    known = [member for member in members if member.email and not member.guest]
    if not known:
        found: tuple[Person, ...] = _asked("8. The first officers and their manager, each a name and the email used in Slack", PEOPLE)
        return found
    for number, member in enumerate(known, 1):
        typer.echo(f"   {number}. {member.name} <{member.email}>")
    chosen = _asked("8. Which of them work with leads? Their numbers with commas, or all", _numbers_up_to(len(known)), "all")
    people: list[Person] = []
    for number in chosen:
        member = known[number - 1]
        people.append(_person(member.name, TypeAdapter(Email).validate_python(member.email), people, member.id))
    return tuple(people)


def _number_up_to(most: int) -> TypeAdapter[Any]:
    def check(written: object) -> int:
        text = str(written).strip()
        if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not 1 <= int(text) <= most:
            raise say(f"Write a number from 1 to {most}.")
        return int(text)

    return TypeAdapter(Annotated[int, BeforeValidator(check)])


def _numbers_up_to(most: int) -> TypeAdapter[Any]:
    one = _number_up_to(most)

    def check(written: object) -> list[int]:
        if str(written).strip().lower() == "all":
            return list(range(1, most + 1))
        numbers = list(without_repeats(tuple(one.validate_python(part) for part in _split(written))))
        if not numbers:
            raise say(f"Write numbers from 1 to {most}, or all.")
        return numbers

    return TypeAdapter(Annotated[list[int], BeforeValidator(check)])


def _asked(question: str, kind: TypeAdapter[T], default: str | None = None) -> T:
    """The answer, once the config's own rules accept it."""
    while True:
        try:
            written = typer.prompt(question, default=default)
        except typer.Abort:
            raise NotAnswered from None
        try:
            return kind.validate_python(written.strip())
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                told = detail.get("ctx", {})
                typer.echo(f"   {told.get('message', detail['msg'])}")
                if told.get("suggestion"):
                    typer.echo(f"   Did you mean {told['suggestion']}?")


def files_of(answers: Answers, settings: Settings) -> dict[Path, str]:
    """The files of a first start, by where they go."""
    folder = settings.config.parent
    host = urlsplit(settings.public_url or "").netloc or "leads.example.com"
    return {
        settings.config: _config(answers),
        folder / "leadbell.env": _environment(settings, folder / "leadbell.env"),
        folder / "slack-manifest.yaml": shipped("slack-manifest.yaml").read_text("utf-8"),
        folder / "Caddyfile": _filled("Caddyfile.j2", host=host, port=settings.port),
    }


def _config(answers: Answers) -> str:
    """The config, read back as every start will read it. Raises ConfigError for what only shows in the whole."""
    text = _written(answers)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leadbell.yaml"
        path.write_text(text, "utf-8")
        load_config(path, {})
    return text


def _written(answers: Answers) -> str:
    name = answers.dba or answers.legal_name
    contact = answers.manager.email
    return _filled(
        "leadbell.yaml.j2",
        legal_name=_quoted(answers.legal_name),
        dba=_quoted(answers.dba) if answers.dba else None,
        nmls_id=answers.nmls_id,
        postal_address=_quoted(answers.postal_address),
        states=answers.states,
        stop_text=_quoted(f"{name}: you are opted out and get no more texts from us. Questions? Write to {contact}"),
        help_text=_quoted(f"{name}, NMLS {answers.nmls_id}. Write to {contact}. Reply STOP to opt out."),
        team_key=slug(answers.team_name) or "main",
        team_name=_quoted(answers.team_name),
        channel=_quoted(answers.channel),
        manager=answers.manager.key,
        manager_key=answers.manager.key,
        time_zone=answers.time_zone,
        working_hours=answers.working_hours.items(),
        people=[
            {"key": person.key, "name": _quoted(person.name), "email": _quoted(person.email), "slack": person.slack}
            for person in answers.people
        ],
    )


def _environment(settings: Settings, file: Path) -> str:
    """Every setting with its meaning; what this process has of them already is not copied, for a file is easily shown around. A key that
    the file has already stays: without it a store cannot be read."""
    kept = re.search("^LEADBELL_KEY=(.+)$", file.read_text("utf-8", "replace"), re.MULTILINE) if file.exists() else None
    key = kept[1] if kept else secrets.token_urlsafe(32)
    fields = type(settings).model_fields.values()
    rows = [(str(field.validation_alias), field.description, field.default) for field in fields if field.validation_alias != "LEADBELL_KEY"]
    return _filled("leadbell.env.j2", store_key=key, website_key=secrets.token_urlsafe(24), settings=rows, wanted=MUST_BE_FILLED_IN)


def _filled(template: str, **facts: Any) -> str:
    environment = Environment(
        loader=FileSystemLoader(FIRST_FILES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.get_template(template).render(**facts)


def _quoted(text: str) -> str:
    """As YAML reads it back, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def write(files: Mapping[Path, str]) -> list[str]:
    """Write the files, asking before one is replaced; a line for each about what became of it."""
    told: list[str] = []
    for path, text in files.items():
        if path.exists() and path.read_bytes() == text.encode():
            told.append(f"{path} is as it should be.")
        elif path.exists() and not _may_replace(path):
            told.append(f"{path} was left as it is.")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, text)
            told.append(f"{path} is written.")
    return told


def _replace(path: Path, text: str) -> None:
    """Whole or not at all. What holds secrets is for its owner's eyes."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY if path.suffix == ".env" else 0o644)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


def _may_replace(path: Path) -> bool:
    try:
        return typer.confirm(f"{path} exists and says something else. Replace it?", default=False)
    except typer.Abort:
        return False


def next_steps(settings: Settings, channel: str) -> tuple[str, str, str]:
    """What is left to do after the files are there."""
    environment = settings.config.parent / "leadbell.env"
    read_in = shlex.quote(str(environment) if environment.is_absolute() else f"./{environment}")
    return (
        "Make the Slack app: api.slack.com/apps, Create New App, From a manifest, and paste slack-manifest.yaml. Install it, write its "
        f"two tokens and your public address into {environment}, and type /invite @Leadbell in {channel}.",
        f"Put the settings in force and see what is missing: set -a; . {read_in}; set +a; leadbell check --live",
        "Start it: leadbell run. Put a reverse proxy in front (Caddyfile is an example for Caddy), and give your website the address "
        "/leads/website with the key LEADBELL_KEY_WEBSITE.",
    )
