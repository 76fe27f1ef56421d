"""The leadbell command."""

import asyncio
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
import uvloop
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot import setting_up
from bot.app import Leadbell, open_store, open_unchecked, seal_from, services_of
from bot.capture.importing import Imported, chosen_source, import_leads, summary, summary_of_dry_run, understood
from bot.capture.returns import table_of_returns
from bot.capture.source_requests import replay as read_again
from bot.capture.source_requests import say_replayed
from bot.clock import SystemClock, require_time_zones
from bot.config import (
    STATES,
    Config,
    Source,
    advice_on_segments,
    describe,
    load_config,
    missing_before_alarms,
    missing_before_calls,
    missing_before_email,
    missing_before_texting,
    warnings,
)
from bot.config.drips import as_written, as_yaml
from bot.config.escalation import DONE_BY_STEP
from bot.config.mapping import speaks
from bot.config.routing import NAMED_BY
from bot.config.stored import newest_stored
from bot.configuring import Applied, apply_config
from bot.distribution.routing import Judged, judge, named_in, partner_named
from bot.distribution.scoring import first_score, within
from bot.errors import BadSettings, LeadbellError, StoreUnavailable
from bot.handlers.slack.roster import CannotAsk, Member, read_members
from bot.logs import only_warnings, set_up_logs
from bot.nurture.drips import library
from bot.nurture.rate_file import import_rates
from bot.oversight.audit_trail import check_timelines, say_bad, timeline_as_csv, timeline_as_json
from bot.oversight.consents import table_of_consents
from bot.oversight.do_not_call import advice, import_registry, said_of, size_of
from bot.oversight.erasing import Asked, erase_subject, find_subject
from bot.oversight.fair_lending import table_of_answers
from bot.oversight.our_words import wrong_words
from bot.oversight.overrides import table_of_overrides
from bot.rendering import labels
from bot.rules.do_not_call import NATIONAL
from bot.rules.scoring import Reason, reason_from
from bot.rules.shares import whose_share
from bot.settings import Settings, read_settings
from bot.sources.csv_file import CsvFile, open_csv
from bot.sources.record import record_of
from bot.sources.refused_rows import RefusedRows, report_beside
from bot.sources.request import Kept, LeadRequest
from bot.sources.unreadable import Unreadable
from bot.sources.vendors_test import VendorsTest
from bot.store.backup import back_up
from bot.store.backup import restore as put_back
from bot.store.database import Store, database_url
from bot.store.drips import FILE, newest_version_of, newest_versions
from bot.store.installation import forget_old_key, is_sealed, prepare
from bot.store.leads import HIGHEST_NUMBER
from bot.store.lock import refuse_missing
from bot.store.records import lead_record
from bot.store.resealing import reseal, sealed_tables
from bot.store.seals import head_from
from bot.store.tables import HEAD, version_of

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Rings until a loan officer picks up.")
imports = typer.Typer(no_args_is_help=True, help="What you have in files.")
database = typer.Typer(no_args_is_help=True, help="The store.")
exports = typer.Typer(no_args_is_help=True, help="Tables for others.")
routing_rules = typer.Typer(no_args_is_help=True, help="Who gets which lead, and why.")
sources = typer.Typer(no_args_is_help=True, help="Where leads come from.")
keys = typer.Typer(no_args_is_help=True, help="The key that personal data is sealed with.")
audit = typer.Typer(no_args_is_help=True, help="The timeline, which is also the audit trail.")
app.add_typer(imports, name="import")
app.add_typer(exports, name="export")
app.add_typer(database, name="db")
app.add_typer(routing_rules, name="rules")
app.add_typer(sources, name="source")
app.add_typer(audit, name="audit")
app.add_typer(keys, name="key")
console = Console(highlight=False, markup=False, emoji=False)  # what strangers typed is shown, never obeyed


def _in_range(number: int | None) -> int | None:
    """Raises LeadbellError for a number that no lead can have, and that no store takes."""
    if number is not None and not 0 < number <= HIGHEST_NUMBER:
        raise LeadbellError(f"There is no lead {number}.")
    return number


def _lead_option(means: str) -> Any:
    """The --lead of a command; every number of a lead that is typed goes through `_in_range`."""
    return typer.Option("--lead", help=means, callback=_in_range)


class Form(StrEnum):
    CSV = "csv"
    JSON = "json"


def main() -> None:
    """Run the command. What an operator has to put right is told in a sentence, with exit code 1."""
    set_up_logs()
    try:
        require_time_zones()
        app()
    except LeadbellError as error:
        print(as_started(str(error)), file=sys.stderr)
        sys.exit(1)


_OURS = re.compile(r"\bleadbell (?=(?:audit|check|db|demo|erase|export|import|init|key|replay|rules|run|show|source)\b)")


def as_started(words: str) -> str:
    """Commands of ours in these words as they can be typed here: as this process was started, where `leadbell` alone is none."""
    script = Path(sys.argv[0])
    if script.name == "__main__.py":
        typed = sys.orig_argv[: sys.orig_argv.index("-m")] if "-m" in sys.orig_argv else sys.orig_argv[:1]
        name = shlex.join([*typed, "-m", "bot"])
    else:
        name = script.name if shutil.which(script.name) else shlex.quote(sys.argv[0])
    return _OURS.sub(lambda _: f"{name} ", words)


@app.command()
def demo(fresh: Annotated[bool, typer.Option("--fresh", help="Start over instead of going on where the last demo ended.")] = False) -> None:
    """Try it here: a stand-in Slack with a web page, invented leads, no account needed."""
    from bot import demo as demonstration  # with the stand-in Slack and phones, which nothing else needs

    only_warnings()
    _serve(demonstration.run(read_settings(), fresh=fresh))


@app.command()
def init() -> None:
    """Ask eight questions, and write the config, the Slack app, the environment and a reverse proxy's example."""
    settings = read_settings()
    answers = setting_up.ask(partial(_members, settings))
    for told in setting_up.write(setting_up.files_of(answers, settings)):
        console.print(told, soft_wrap=True)
    console.print("\nNext:")
    for number, step in enumerate(setting_up.next_steps(settings, answers.channel), 1):
        console.print(f"{number}. {as_started(step)}", soft_wrap=True)


def _members(settings: Settings, channel: str) -> list[Member]:
    """Who could be an officer; nobody where there is no token, or Slack does not tell."""
    if settings.slack_bot_token is None:
        return []
    try:
        return asyncio.run(read_members(settings, channel))
    except CannotAsk as error:
        console.print(f"   Who is in {channel} could not be read: {error}", soft_wrap=True)
        return []


@app.command()
def run(
    unencrypted: Annotated[
        bool, typer.Option("--unencrypted", help="Do without LEADBELL_KEY: what borrowers can be reached by stands in the store in clear.")
    ] = False,
) -> None:
    """Serve: take leads in, show them, ring."""
    settings = read_settings()
    if settings.key is None and not unencrypted:
        raise BadSettings(
            "LEADBELL_KEY is not set, so phones, emails and messages would stand in the store in clear. Make one: leadbell key new. Set "
            "LEADBELL_KEY to it, and keep a copy where the store is not. To go on without one, type: leadbell run --unencrypted"
        )
    _serve(_run(settings))


def _serve(work: Coroutine[Any, Any, None]) -> None:
    """Do the work on the quicker event loop."""
    # The loop and the store's threads take turns: with Python's 5 ms turns, a lead that needs four of them would wait 20 ms.
    sys.setswitchinterval(0.0005)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


async def _run(settings: Settings) -> None:
    leadbell = Leadbell(settings, SystemClock())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, leadbell.stop)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, leadbell.reload)
    await leadbell.run()


@app.command()
def check(
    apply: Annotated[bool, typer.Option("--apply", help="Put the file in force.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="With --apply: let the file win where something was changed elsewhere.")
    ] = False,
    live: Annotated[
        bool,
        typer.Option(
            "--live",
            help="Also try Slack or Discord, our public address, Twilio, mail server, mailbox and Meta, "
            "and say what is left to do and for whom.",
        ),
    ] = False,
) -> None:
    """Read the config and say what Leadbell understood of it, or everything that is wrong with it."""
    settings = read_settings()
    config = load_config(settings.config, os.environ, require_secrets=True)
    texts = {sequence.key: sequence.segments for sequence in library().values()}
    unknown = [key for key in config.drips.begin_by_themselves if key not in texts]
    for table in describe(config):
        console.print(table)
    for warning in (*warnings(config, SystemClock().now().date()), *advice_on_segments(config, texts)):
        console.print(f"Note: {warning}")
    if unknown:
        console.print(f"Note: drips.begin_by_themselves: no file of messages/drips/ is named {', '.join(unknown)}.", soft_wrap=True)
    for missing in missing_before_texting(config) if settings.twilio else ():
        console.print(f"No text leaves yet. {missing}", soft_wrap=True)
    for missing in missing_before_alarms(config, texts_on=settings.twilio is not None):
        console.print(f"While chat is down, officers are told of leads by text. {missing}", soft_wrap=True)
    for missing in missing_before_calls(config, calls_on=settings.twilio is not None and settings.twilio.voice is not None):
        console.print(f"No step of a policy calls anybody yet. {missing}", soft_wrap=True)
    for missing in missing_before_email(config) if settings.mail else ():
        console.print(f"No email leaves yet. {missing}", soft_wrap=True)
    for told in _of_registries(settings):
        console.print(f"Note: {as_started(told)}", soft_wrap=True)
    wrong = list(wrong_words(config))
    for each in wrong:
        console.print(f"Not fit for borrowers. {each}", soft_wrap=True)
    if apply:
        _tell_applied(*_apply(settings, config, overwrite=overwrite))
    elif not wrong:
        console.print(f"{settings.config} is fine.", soft_wrap=True)
    if (live and not asyncio.run(_told_live(settings, config))) or wrong:
        raise typer.Exit(1)


def _of_registries(settings: Settings) -> list[str]:
    """What is to be said of the do-not-call registries in the store; nothing where it is not there yet, or not of this version."""
    url = database_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
        return []
    store = Store(settings.database_url)
    try:
        return store.transact_now(advice, SystemClock().now()) if store.transact_now(version_of) == HEAD else []
    except StoreUnavailable:
        return ["The store cannot be asked how old the do-not-call registries are."]
    finally:
        store.close()


async def _told_live(settings: Settings, config: Config) -> bool:
    """Whether nothing is broken, each finding told as it comes."""
    from bot.live_check import check_live  # with Discord's library, more than a second that only this needs

    whole = True
    async for finding in check_live(settings, config):
        console.print(as_started(str(finding)), soft_wrap=True)
        whole = whole and finding.mark != "missing"
    return whole


def _apply(settings: Settings, config: Config, *, overwrite: bool) -> tuple[Applied, set[str]]:
    """What was applied, and the variables with keys that no config before it named: whoever runs already cannot have read them."""
    store, now = open_store(settings), SystemClock().now()
    try:
        store.transact_now(prepare, secrets.token_hex(32), now)
        salt, before = secrets.token_hex(16), store.transact_now(newest_stored)
        applied = store.transact_now(apply_config, config, by="command line", at=now, salt=salt, overwrite=overwrite)
        return applied, set() if before is None else _keys_in(config) - _keys_in(before.config)
    finally:
        store.close()


def _keys_in(config: Config) -> set[str]:
    return {name for source in config.sources for name in source.secrets_in}


def _tell_applied(applied: Applied, new_keys: Iterable[str]) -> None:
    for change in (*applied.changes, *applied.left_open):
        console.print(f"  {change}")
    if applied.changes:
        console.print(f"Version {applied.version} is in force; every running Leadbell takes it within 2 seconds.")
    else:
        console.print(f"Nothing changed: version {applied.version} stays in force.")
    for name in sorted(new_keys):
        console.print(
            f"{name} is new: restart every Leadbell that was started without it. Until then it refuses what needs it.", soft_wrap=True
        )


@app.command()
def show(
    number: Annotated[int, typer.Argument(callback=_in_range)],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for scripts.")] = False,
) -> None:
    """Show a lead: what is known of it and what happened to it."""
    record = _record(number)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(record, option=orjson.OPT_INDENT_2) + b"\n")
        return
    console.print(_summary(record))
    console.print(_timeline(record))


def _settings_with_store() -> Settings:
    """The settings, for a command that works on the store that is there. Raises StoreUnavailable where none is."""
    settings = read_settings()
    refuse_missing(database_url(settings.database_url))
    return settings


def _record(number: int) -> dict[str, Any]:
    """All that is known of a lead. Raises LeadbellError when there is none."""
    store = open_store(_settings_with_store())
    try:
        record = store.transact_now(lead_record, number)
    finally:
        store.close()
    if record is None:
        raise LeadbellError(f"There is no lead {number}.")
    return record


def _summary(record: dict[str, object]) -> Table:
    table = Table(title=f"#{record['lead']}", show_header=False, title_justify="left")
    for name in ("grade", "stage", "team", "source", "owner", "arrived_at", "claimed_at"):
        table.add_row(name.replace("_", " "), str(record[name] or "-"))
    details = record["details"]
    assert isinstance(details, dict)
    for name, value in details.items():
        table.add_row(name.replace("_", " "), str(value))
    return table


def _timeline(record: dict[str, object]) -> Table:
    table = Table("at (UTC)", "who", "what", title="Timeline", title_justify="left")
    timeline = record["timeline"]
    assert isinstance(timeline, list)
    for event in timeline:
        table.add_row(event["at"][:19].replace("T", " "), event["actor"], event["kind"].replace("_", " "))
    return table


@imports.command("leads")
def leads(
    file: Path,
    source: Annotated[str | None, typer.Option("--source", help="The key of the source that the leads count for.")] = None,
    ring: Annotated[bool, typer.Option("--ring", help="Put them up as fresh cards. Without it they stay quiet.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only read the file and say what is wrong with it.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="Where the refused rows go. Without it: FILE.refused.csv beside the file.")
    ] = None,
) -> None:
    """Take leads in from a CSV file. A row comes in once, however often it is imported; refused rows go to a file to mend."""
    settings = read_settings() if dry_run else _settings_with_store()
    if not dry_run and report is None:
        report = report_beside(file)
    with open_csv(file) as table, RefusedRows(table, report) as refused, _progress(table) as told:
        if dry_run:
            sources = {each.key: each for each in load_config(settings.config, os.environ).sources}
            trigger_leads = sources[chosen_source(sources, source)].trigger_leads
            done = summary_of_dry_run(sum(told() is None for _ in understood(table, refused, trigger_leads=trigger_leads)), refused)
        else:
            done = summary(asyncio.run(_import_leads(settings, source, table, refused, told, ring=ring)), refused)
    for refusal in refused.told:
        console.print(f"  {refusal}", soft_wrap=True)
    console.print(f"{done}.", soft_wrap=True)


async def _import_leads(
    settings: Settings, source: str | None, table: CsvFile, refused: RefusedRows, told: Callable[[], None], *, ring: bool
) -> Imported:
    async with services_of(settings, SystemClock()) as services:
        sources = services.in_force.sources
        return await import_leads(services, sources[chosen_source(sources, source)], table, refused, ring=ring, told=told)


@imports.command("dnc")
def do_not_call(
    file: Path,
    state: Annotated[str | None, typer.Option("--state", help="It is this state's list, such as TX, not the national one.")] = None,
    dated: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="The day of the file, where its name does not tell."),
    ] = None,
) -> None:
    """Import a do-not-call registry as the FTC or a state delivers it: a flat text file or a zip of it, a full list or the changes."""
    registry = NATIONAL if state is None else state.upper()
    if registry != NATIONAL and registry not in STATES:
        raise LeadbellError(f"{state} is no state. Write two letters, such as --state TX")
    settings, total = _settings_with_store(), size_of(file)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(file.name, total=total)
        store = open_store(settings)
        try:
            now, day = SystemClock().now(), None if dated is None else dated.date()
            store.transact_now(prepare, secrets.token_hex(32), now)
            done = import_registry(store, file, registry, day, now, lambda read: progress.advance(bar, read))
        finally:
            store.close()
    console.print(said_of(done), soft_wrap=True)


@imports.command("rates")
def rates(file: Path) -> None:
    """Set the rates of a CSV file with the columns product and rate, all or none; the same file again changes nothing."""
    store, now = open_store(_settings_with_store()), SystemClock().now()
    try:
        store.transact_now(prepare, secrets.token_hex(32), now)
        changed = import_rates(store, file, now)
    finally:
        store.close()
    for each in changed or ["Every rate of the file is in force already"]:
        console.print(f"{each}.", soft_wrap=True)


@contextmanager
def _progress(table: CsvFile) -> Iterator[Callable[[], None]]:
    """A bar at a terminal; call it after each step."""
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(table.path.name, total=table.size)
        yield lambda: progress.update(bar, completed=table.read_so_far())


@exports.command("returns")
def exported_returns(
    file: Path,
    source: Annotated[str | None, typer.Option("--source", help="The key of the one source that is meant.")] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day on which they were opened.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last such day.")] = None,
) -> None:
    """Write the leads that vendors are asked to take back into a new CSV file, with what each vendor knows them by."""
    store = open_store(_settings_with_store())
    try:
        days = (None if day is None else day.date() for day in (first, last))
        table, many = store.transact_now(table_of_returns, source, *days)
    finally:
        store.close()
    _write_new(file, table)
    returns = "1 return" if many == 1 else f"{many:,} returns"
    console.print(f"{file} holds {returns}, with names and phones: show it to nobody but the vendor.", soft_wrap=True)


@exports.command("overrides")
def exported_overrides(file: Path) -> None:
    """Write who decided against the rules or the machine, when and why, into a new CSV file for compliance."""
    store = open_store(_settings_with_store())
    try:
        table, many = store.read_now(table_of_overrides)
    finally:
        store.close()
    _write_new(file, table)
    console.print(f"{file} holds {'1 decision' if many == 1 else f'{many:,} decisions'}.", soft_wrap=True)


@exports.command("consent")
def exported_consents(
    file: Path,
    lead: Annotated[int | None, _lead_option("The number of the lead whose borrowers are meant.")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="The phone or the email that is meant.")] = None,
) -> None:
    """Write what was agreed to and taken back, with all evidence, into a new CSV file for compliance."""
    store = open_store(_settings_with_store())
    try:
        hash_key = store.transact_now(prepare, secrets.token_hex(32), SystemClock().now())
        table, many = store.transact_now(table_of_consents, hash_key, lead, phone)
    finally:
        store.close()
    _write_new(file, table)
    console.print(f"{file} holds {'1 entry' if many == 1 else f'{many:,} entries'}. Keep it private.", soft_wrap=True)


@exports.command("fair-lending")
def exported_answers(
    file: Path,
    month: Annotated[datetime, typer.Option("--month", formats=["%Y-%m"], help="The month in which the leads came, such as 2026-10.")],
) -> None:
    """Write how quickly the leads of a month were answered, by state, source and language, into a new CSV file for compliance."""
    store = open_store(_settings_with_store())
    try:
        table, many = store.transact_now(table_of_answers, month.date())
    finally:
        store.close()
    _write_new(file, table)
    console.print(f"{file} counts {_leads(many)} of {month:%Y-%m}.", soft_wrap=True)


@exports.command("audit")
def exported_audit(
    file: Path,
    lead: Annotated[int | None, _lead_option("The number of the lead; without it the company's own timeline.")] = None,
    form: Annotated[Form, typer.Option("--format", help="csv for a spreadsheet, json for a program.")] = Form.CSV,
) -> None:
    """Write a timeline whole into a new file for compliance: who did what, when, and whether it is sealed."""
    store = open_store(_settings_with_store())
    try:
        written, many = store.read_now(timeline_as_csv if form is Form.CSV else timeline_as_json, lead)
    finally:
        store.close()
    _write_new(file, written, marked=form is Form.CSV)
    console.print(f"{file} holds {'1 event' if many == 1 else f'{many:,} events'}. Keep it private.", soft_wrap=True)


@exports.command("sequence")
def exported_sequence(key: Annotated[str, typer.Argument(help="The key of the sequence, such as new_lead.")]) -> None:
    """Print the live version of a sequence as a file of messages/drips/ holds it, whoever wrote it there or in chat."""
    store = open_store(_settings_with_store())
    try:
        version, known = store.transact_now(newest_version_of, key), store.transact_now(newest_versions)
    finally:
        store.close()
    if version is None:
        raise LeadbellError(f"There is no sequence {key}. There are: {', '.join(sorted(known))}.")
    typer.echo(f"# Version {version.version}, from {'its file' if version.origin == FILE else 'chat'}.")
    typer.echo(as_yaml(as_written(orjson.loads(version.document))), nl=False)


def _write_new(file: Path, table: str, *, marked: bool = True) -> None:
    """A table of people's data into a file that is its owner's alone and that was not there before; `marked` as UTF-8 for spreadsheets."""
    encoding = "utf-8-sig" if marked else "utf-8"
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding=encoding, newline="") as written:
            written.write(table)
    except FileExistsError:
        raise LeadbellError(f"{file} exists already and may be somebody's work. Name another file.") from None
    except OSError as error:
        raise LeadbellError(f"{file} cannot be written: {error.strerror}. Name another file.") from error


@routing_rules.command("try")
def try_rules(
    file: Path,
    source: Annotated[str | None, typer.Option("--source", help="The key of the source that the leads would come from.")] = None,
) -> None:
    """Say for each lead of a CSV file which rule of the config it would come under, and who could take it now. Nothing is stored."""
    config, now = load_config(read_settings().config, os.environ), SystemClock().now()
    sources = {each.key: each for each in config.sources}
    key = chosen_source(sources, source)
    columns = ("Line", "Lead", "Why this grade", "Segments", "Rule", "Team", "Who may take it")
    found = Table(*columns, title="What the rules make of these leads", title_justify="left")
    shared: dict[str, Counter[str]] = {}
    with open_csv(file) as table, RefusedRows(table, None) as refused:
        for row, lead in understood(table, refused, trigger_leads=sources[key].trigger_leads):
            record = record_of(lead)
            score, segments = first_score(record, key, config.scored_by), within(record, key, config.segments_in_force)
            phones = tuple(phone.number for phone in lead.phones)
            named, partner = named_in(config, lead.extra), partner_named(config.partners, lead.extra)
            sent_by, grade, points = partner.key if partner else None, score.grade, score.points
            judged = judge(
                config, record, phones, named, source=key, segments=segments, grade=grade, points=points, at=now, partner=sent_by
            )
            wish = " ".join(part for part in (f"{score.grade} {score.points}", lead.purpose, lead.property_state) if part)
            rule = judged.rule.name if judged.rule else "none"
            team = _whose(judged, shared)
            found.add_row(str(row.line), wish, _reasons(score.reasons), ", ".join(segments), rule, team, _takers(judged))
    console.print(found)
    for refusal in refused.told:
        console.print(f"  {refusal}", soft_wrap=True)


@routing_rules.command("explain")
def explain_rules(number: Annotated[int, typer.Argument(callback=_in_range)]) -> None:
    """Say which rule a lead came under, which one the config as it stands would choose, and who could take it now."""
    config, record = load_config(read_settings().config, os.environ), _record(number)
    source, route = record["source"], record["route"]
    console.print(f"#{number} came under {_quoted(route['rule'] if route else None)}.", soft_wrap=True)
    for said in _chosen(route or {}):
        console.print(said, soft_wrap=True)
    for event in record["timeline"]:
        if event["meta"].get("by_rule"):
            console.print(f"It was given to {event['meta']['officer']} at {event['at'][:19].replace('T', ' ')} UTC.", soft_wrap=True)
    for clock in record["clocks"]:
        step = f", and next {DONE_BY_STEP[clock['step']]} at {clock['due_at'][:19].replace('T', ' ')} UTC" if clock["step"] else ""
        console.print(f'It is {clock["clock"]} and follows the policy "{clock["policy"]}"{step}.', soft_wrap=True)
    _explain_score(config, record)
    phones = tuple(each["value"] for who in record["borrowers"] for each in who["contacts"] if each["kind"] == "phone")
    now, segments = SystemClock().now(), within(record["details"], source, config.segments_in_force)
    grade, points = record["grade"], record["score"]
    extra = _extra_of(record)
    named = {by: key for key, by in (route or {}).get("named", {}).items()} | named_in(config, extra)
    partner = partner_named(config.partners, extra)
    sent_by, details = partner.key if partner else None, record["details"]
    judged = judge(config, details, phones, named, source=source, segments=segments, grade=grade, points=points, at=now, partner=sent_by)
    if partner is not None:
        console.print(f"It names the partner {partner.name} ({partner.key}).", soft_wrap=True)
    console.print(f"If it came now, by the config as it stands: {_quoted(judged.rule.name if judged.rule else None)}.", soft_wrap=True)
    for name, against in judged.tried:
        console.print(f"  {name}: {f'no, because of {against}' if against else 'fits'}", soft_wrap=True)
    people = Table("Officer", "May take it", title=_shares(judged), title_justify="left")
    for officer, because in judged.officers:
        people.add_row(officer.name, "yes" if because is None else f"no, {because.reason.value.replace('_', ' ')}")
    console.print(people)


def _chosen(route: dict[str, Any]) -> Iterator[str]:
    """Whose share it was, and whom it named."""
    if share := route.get("share"):
        yield f"It was the turn of {share['team']}: {share['percent']}% of them are its share, and it had {share['had']} of {share['of']}."
    for key, by in route.get("named", {}).items():
        yield f"It named {key}: {NAMED_BY[by]}."


def _explain_score(config: Config, record: dict[str, Any]) -> None:
    """The score that the lead has, for which reasons and by which inputs; its segments; and whether the config scores otherwise by now."""
    reasons = [reason_from(kept) for kept in record["score_reasons"]]
    version = record["score_version"] or "2 or before"
    console.print(f"Its score is {record['score']}, grade {record['grade']}, by version {version}:", soft_wrap=True)
    for reason in reasons:
        console.print(f"  {_reason(reason)}", soft_wrap=True)
    if record["score_inputs"]:
        console.print(f"  It looked at {', '.join(record['score_inputs'])}.", soft_wrap=True)
    if version != (newer := config.scored_by.version):
        console.print(f"  The config as it stands scores by version {newer}, from the lead's next event on.", soft_wrap=True)
    console.print(f"Its segments: {', '.join(record['segments']) or 'none'}.", soft_wrap=True)


def _reason(reason: Reason) -> str:
    return f"{reason.says or labels('en')('score_reason', reason.code)} {reason.points:+}"


def _reasons(reasons: Iterable[Reason]) -> str:
    return ", ".join(map(_reason, reasons))


def _quoted(rule: str | None) -> str:
    return f'the rule "{rule}"' if rule else "no rule, so its source's team has it, for whoever claims it first"


def _extra_of(record: dict[str, Any]) -> dict[str, str]:
    """What its first request said besides, by its sender's own names."""
    return next((dict(each["record"].get("extra", {})) for each in record["arrivals"]), {})


def _whose(judged: Judged, shared: dict[str, Counter[str]]) -> str:
    """The team that gets this lead; where several share, as if the file held all leads of the rule so far."""
    if judged.rule is None or not judged.rule.percents:
        return judged.teams[0]
    had = shared.setdefault(judged.rule.name, Counter())
    team = whose_share(judged.rule.percents, had)
    had[team] += 1
    return team


def _shares(judged: Judged) -> str:
    percents = judged.rule.percents if judged.rule else {}
    return f"Team {' or '.join(f'{team} ({percents[team]}%)' if percents else team for team in judged.teams)}"


def _takers(judged: Judged) -> str:
    """Whom the lead itself names, then whom the rule does, then who else could take it."""
    able = [officer.key for officer, because in judged.officers if because is None]
    officers = judged.rule.officers if judged.rule else ()
    named = [key for key in judged.named if key in able]
    named += [key for key in able if key in officers and key not in named]
    others = [key for key in able if key not in named]
    return ", then ".join(part for part in (", ".join(named), ", ".join(others)) if part) or "nobody"


@sources.command("new")
def new_source(
    key: Annotated[str, typer.Argument(help="A short name that never changes and stands in the address, such as oak.")],
    label: Annotated[str | None, typer.Option("--label", help="The name officers read on the card; without it, of the key.")] = None,
    speaks_as: Annotated[str, typer.Option("--format", help="How it speaks, as docs/sources.md lists.")] = "generic",
) -> None:
    """Print the lines of a new source for leadbell.yaml, and a key for it that nobody guesses. Nothing is written."""
    name = f"LEADBELL_KEY_{key.upper().replace('-', '_')}"
    try:
        written = Source(key=key, label=label or key.replace("-", " ").title(), secret_env=name, format=speaks_as)
    except ValidationError as error:
        raise LeadbellError(" ".join(_advice(detail) for detail in error.errors())) from None
    lines = ["", f"  - key: {written.key}", f"    label: {json.dumps(written.label, ensure_ascii=False)}", f"    secret_env: {name}"]
    lines += [f"    format: {written.format}"] if written.format != "generic" else []
    lines += [
        "    # price: 40                     # what a lead of it costs, in dollars",
        "    # return_days: 10               # for how many days it takes bad leads back",
        "    # bought: true                  # its borrowers asked a seller of leads, not you",
        "    # mapping: {fields: {Ref: external_id}}   # its names, where leadbell source try FILE does not know them",
    ]
    console.print("Under sources: in leadbell.yaml:", soft_wrap=True)
    print("\n".join(lines))  # as it is, to be pasted
    console.print(f"\nIn the environment, and to the vendor: {name}={secrets.token_urlsafe(24)}", soft_wrap=True, highlight=False)
    in_order = "Restart every Leadbell with that in its environment, then put the lines in force: leadbell check --apply"
    console.print(as_started(in_order), soft_wrap=True)
    it_posts = f"It posts to /leads/{written.key}. Try one request of it: leadbell source try FILE --source {written.key}"
    console.print(as_started(it_posts), soft_wrap=True)


def _advice(detail: ErrorDetails) -> str:
    """What is wrong with a value, and what was probably meant."""
    told = detail.get("ctx", {})
    meant = told.get("suggestion")
    return f"{told.get('message', detail['msg'])}{f' Did you mean {meant}?' if meant else ''}"


@sources.command("try")
def try_source(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    source: Annotated[str | None, typer.Option("--source", help="The key of the source that would send it.")] = None,
) -> None:
    """Say what would be understood of a request in a file, what is kept as it is, and what its source would hear. Nothing is stored."""
    config = load_config(read_settings().config, os.environ)
    key = chosen_source([each.key for each in config.sources], source)
    [configured] = [each for each in config.sources if each.key == key]
    spoken, names = speaks(configured.format, configured.mapping, configured.application_url)
    names = replace(names, trigger_leads=configured.trigger_leads)
    try:
        leads, tested = spoken.read(LeadRequest({}, {}, file.read_bytes()), names), None
    except VendorsTest as test:
        leads, tested = (), test.lead
    except Unreadable as refusal:
        raise LeadbellError(" ".join(error.message for error in refusal.errors)) from None
    reply = spoken.reply([Kept(number, duplicate=False) for number, _ in enumerate(leads, 1001)])
    heard = {"status": reply.status, "body": reply.body.decode()}
    said = {"leads": [record_of(lead) for lead in leads], **({"test": record_of(tested)} if tested else {}), "hears": heard}
    sys.stdout.buffer.write(orjson.dumps(said, option=orjson.OPT_INDENT_2) + b"\n")


@app.command()
def replay(
    source: Annotated[
        str | None, typer.Option("--source", help="The key of the source whose requests are read again; without it all.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="The first day (UTC); without it the last seven days.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Read again what sources sent, once a mapping or a reader is mended: what was misread is corrected, and more may be leads."""
    asyncio.run(_replay(source, since.replace(tzinfo=UTC) if since else None, dry_run=dry_run))


async def _replay(source: str | None, since: datetime | None, *, dry_run: bool) -> None:
    async with services_of(_settings_with_store(), SystemClock()) as services:
        if source is not None and source not in services.in_force.sources:
            raise LeadbellError(f"There is no source {source}. There is {', '.join(services.in_force.sources)}.")
        told = partial(console.print, soft_wrap=True, markup=False)
        done = await read_again(services, source, since or services.clock.now() - timedelta(days=7), told, dry_run=dry_run)
    console.print(say_replayed(done, dry_run=dry_run), soft_wrap=True)


@app.command()
def erase(
    lead: Annotated[int | None, _lead_option("The number of the lead whose people are meant.")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="Whoever has this phone.")] = None,
    email: Annotated[str | None, typer.Option("--email", help="Whoever has this email.")] = None,
) -> None:
    """Erase a person: names, phones, emails and words, in the store and in chat. What they closed to messages stays closed."""
    if sum(each is not None for each in (lead, phone, email)) != 1:
        raise BadSettings("Say who is meant by one of --lead, --phone and --email.")
    store, now, asked = open_store(_settings_with_store()), SystemClock().now(), Asked(lead, phone, email)
    try:
        hash_key = store.transact_now(prepare, secrets.token_hex(32), now)
        meant = store.read_now(find_subject, hash_key, asked)
        numbers = f": {', '.join(f'#{number}' for number in meant.leads)}" if meant.leads else ", only messages" if meant.keys else ""
        requests = f", and in {_requests(len(meant.requests))}" if meant.requests else ""
        stands = f"{_leads(len(meant.leads))}{numbers}{requests}"
        console.print(f"This erases whoever is meant in {stands}. Nobody can bring them back.", soft_wrap=True)
        wanted = f"erase {len(meant.leads)}"
        if typer.prompt(f"Type {wanted} to go on", default="", show_default=False).strip() != wanted:
            raise LeadbellError("Nothing was erased.")
        done = store.transact_now(erase_subject, hash_key, asked, meant, now, secrets.token_hex(16))
    finally:
        store.close()
    requests = f", {_requests(done.requests)}" if done.requests else ""
    console.print(f"Erased: the people of {_leads(done.leads)}, the words of {done.messages:,} messages{requests}.", soft_wrap=True)
    if done.kept_contacts:
        console.print(f"Kept: {done.kept_contacts} of their phones and emails, which are somebody else's too.", soft_wrap=True)
    for number, notes in done.kept_notes.items():
        many = "1 note" if notes == 1 else f"{notes:,} notes"
        stay = f"Kept: {many} of officers on #{number}, which is somebody else's request too, whose file needs them."
        look = f"See whether they speak of this person: leadbell export audit FILE --lead {number}."
        gone = f"They go with leadbell erase --lead {number}, once nobody of that request is to be kept."
        console.print(as_started(f"{stay} {look} {gone}"), soft_wrap=True)
    console.print("A running Leadbell draws their messages in chat anew. Back-ups made before still hold them.", soft_wrap=True)


@app.command()
def backup(file: Path) -> None:
    """Copy the SQLite store into a new file, also while Leadbell runs."""
    settings = _settings_with_store()
    leads = back_up(settings.database_url, file)
    console.print(f"{file} holds {_leads(leads)}. It is as private as the database: keep it where only you can read it.", soft_wrap=True)
    if settings.key is not None:
        console.print(
            "Your LEADBELL_KEY is not in it, and without that nobody can read it: keep a copy of the key elsewhere.", soft_wrap=True
        )


@app.command()
def restore(file: Path) -> None:
    """Put a back-up in the place of the SQLite store, while no Leadbell runs. What stood there is kept beside it."""
    settings = read_settings()
    restored = put_back(settings.database_url, file, SystemClock().now(), seal_from(settings))
    console.print(f"{_leads(restored.leads).capitalize()} came back.")
    if restored.damage:
        console.print(f"What stood there before is damaged, so its files are kept as they are: {restored.kept_as}", soft_wrap=True)
        console.print(f"  {restored.damage}", soft_wrap=True)
    elif restored.kept_as:
        console.print(f"What stood there before is kept in {restored.kept_as}.", soft_wrap=True)
    verify(None)
    console.print("What came in after the back-up is not here: send those leads again, and look through your phone network's log for STOP.")


def _leads(number: int) -> str:
    return "1 lead" if number == 1 else f"{number:,} leads"


def _requests(number: int) -> str:
    return f"{'1 request' if number == 1 else f'{number:,} requests'} of sources that became no lead"


@database.command()
def upgrade() -> None:
    """Bring the database to this version's shape."""
    store = open_store(read_settings())
    store.close()
    console.print(f"The database is at version {HEAD}.")


@database.command()
def copy(
    sqlite_url: Annotated[str, typer.Argument(help="Where the store is, such as sqlite:///data/leadbell.db.")],
    postgres_url: Annotated[str, typer.Argument(help="An empty PostgreSQL database.")],
) -> None:
    """Move a SQLite store to PostgreSQL, while no Leadbell runs on it. What was stopped goes on where it was."""
    from bot.store.copying import copy_store  # with the migrations, which nothing else needs

    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Copying", total=None)

        def told(table: str, rows: int, total: int) -> None:
            progress.update(bar, total=total, advance=rows, description=f"Copying {table}")

        copied = copy_store(sqlite_url, postgres_url, told)
    rows, head = sum(copied.rows.values()), copied.head
    console.print(
        f"{rows:,} rows of {len(copied.rows)} tables are in PostgreSQL, the same in number and content as in SQLite.", soft_wrap=True
    )
    if copied.bad is None:
        console.print(f"Every timeline is whole there{f', up to the same seal: {head}' if head else ''}.", soft_wrap=True)
    else:
        console.print(f"A timeline is bad there, as it was in SQLite. {say_bad(*copied.bad)}. See leadbell audit verify.", soft_wrap=True)
    console.print("Next: set LEADBELL_DATABASE_URL to the PostgreSQL address, and start Leadbell with it.", soft_wrap=True)
    console.print(f"The SQLite store is as it was, and refused from now on: {copied.marker} says how to go back.", soft_wrap=True)
    if copied.bad:
        raise typer.Exit(1)


@audit.command("verify")
def verify(
    head: Annotated[str | None, typer.Option("--head", help="A seal that was told earlier, in a channel or by email.")] = None,
) -> None:
    """Check every timeline for events that were changed, removed or cut off."""
    posted = None if head is None else head_from(head)
    settings = _settings_with_store()
    store = open_store(settings) if settings.key is not None else open_unchecked(settings)
    try:
        checked = store.read_now(check_timelines, posted)
        unread = settings.key is None and store.transact_now(is_sealed)
    finally:
        store.close()
    for told in checked.bad:
        console.print(told, soft_wrap=True)
    if checked.bad:
        raise typer.Exit(1)
    console.print(checked.whole, soft_wrap=True)
    if unread:
        console.print("The bodies of events are sealed and were not looked at: for that, set LEADBELL_KEY.", soft_wrap=True)


@keys.command("new")
def new_key() -> None:
    """Print a key for LEADBELL_KEY that nobody guesses. Nothing is written."""
    print(secrets.token_urlsafe(32))


@keys.command("seal")
def seal_values() -> None:
    """Seal what was written before there was a LEADBELL_KEY, also while Leadbell runs. What is ended halfway goes on when typed again."""
    _seal_all(_settings_with_store())


@keys.command("rotate")
def rotate_key() -> None:
    """Seal everything with LEADBELL_KEY that is sealed with LEADBELL_OLD_KEY, once every running Leadbell has both."""
    settings = _settings_with_store()
    if settings.old_key is None:
        raise BadSettings("LEADBELL_OLD_KEY is not set. Set it to the key until now, and LEADBELL_KEY to the new one.")
    _seal_all(settings)
    console.print(
        "Nothing in the store is sealed with the old key any more: restart every Leadbell without LEADBELL_OLD_KEY.", soft_wrap=True
    )
    console.print("Back-ups made before are: keep the old key as long as you keep them.", soft_wrap=True)


ANY_ROW: int | None = 0
"""After which all rows come."""


def _seal_all(settings: Settings) -> None:
    if settings.key is None:
        raise BadSettings("LEADBELL_KEY is not set. Make one with leadbell key new, and set LEADBELL_KEY to it.")
    store = open_store(settings)
    try:
        store.transact_now(prepare, secrets.token_hex(32), SystemClock().now())
        for table, _ in sealed_tables():
            values, after = 0, ANY_ROW
            while after is not None:
                done = store.transact_now(reseal, table, after)
                values, after = values + done.values, done.after
            if values:
                console.print(f"  {table.name}: {'1 value' if values == 1 else f'{values:,} values'}")
        store.transact_now(forget_old_key)
    finally:
        store.close()
    console.print("Everything personal is sealed with LEADBELL_KEY.")
