"""The database has the shape that the code thinks it has, and is brought to it once, by whoever comes first."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from bot.app import open_store
from bot.errors import SchemaTooNew
from bot.settings import Settings
from bot.store import costs
from bot.store import upgrade as upgrading
from bot.store.costs import Costs, costs_of_teams
from bot.store.database import Store, postgresql_url
from bot.store.tables import HEAD, METADATA, version_of
from bot.store.upgrade import upgrade
from tests.doubles.branch import Branch
from tests.doubles.databases import bare_postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database without a single table."""
    store = Store(f"sqlite:///{tmp_path}/leadbell.db" if request.param == "sqlite" else bare_postgresql())
    yield store
    store.close()


def settings_of(store: Store) -> Settings:
    return Settings.model_construct(database_url=store.url.render_as_string(hide_password=False))


OF_NAMES = {"ix_borrower_first_name", "ix_borrower_last_name"}
"""Over an expression, which cannot be compared: a test of what it is for stands instead."""


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index ix_borrower")
def test_the_migrated_database_has_the_tables_of_the_code(store: Store) -> None:
    def differences(session: Session) -> list[object]:
        options = {"compare_type": True, "include_name": lambda name, *_: name not in OF_NAMES}
        return list(compare_metadata(MigrationContext.configure(session.connection(), opts=options), METADATA))

    assert store.transact_now(differences) == []


def test_the_code_knows_the_newest_migration() -> None:
    migrations = AlembicConfig()
    migrations.set_main_option("script_location", str(Path(upgrading.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(migrations).get_current_head() == HEAD


def test_an_empty_database_is_brought_to_the_newest_shape_when_it_is_opened(bare: Store) -> None:
    assert bare.transact_now(version_of) is None
    opened = open_store(settings_of(bare))
    assert opened.transact_now(version_of) == HEAD
    opened.close()


def test_upgrading_again_changes_nothing(branch: Branch) -> None:
    lead = branch.new_lead()
    before = branch.view(lead)
    upgrade(branch.store.url)
    assert branch.store.transact_now(version_of) == HEAD
    assert branch.view(lead) == before
    assert branch.new_lead(phone="(512) 555-0111") == lead + 1


def test_who_opted_out_by_text_before_the_upgrade_is_sold_nothing_by_phone_after_it(bare: Store) -> None:
    bring_to(bare, "0004")
    kept = text(
        "INSERT INTO suppression (contact_key, channel, reason, at) VALUES"
        " ('dana', 'sms', 'opted_out', '2026-11-01 15:00:00'), ('rob', 'sms', 'wrong_number', '2026-11-01 15:00:00')"
    )
    bare.transact_now(lambda session: session.connection().execute(kept))

    upgrade(bare.url)

    closed = "SELECT contact_key, reason FROM suppression WHERE channel = 'sales_calls'"
    assert bare.transact_now(lambda session: session.connection().execute(text(closed)).all()) == [("dana", "opted_out")]


def bring_to(store: Store, version: str) -> None:
    """As a Leadbell of that version leaves it."""
    migrations = AlembicConfig()
    migrations.set_main_option("script_location", str(Path(upgrading.__file__).parent / "migrations"))
    url = store.url if store.url.get_backend_name() == "sqlite" else postgresql_url(store.url)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        migrations.attributes["connection"] = connection
        command.upgrade(migrations, version)
    engine.dispose()


def test_a_database_of_a_newer_leadbell_is_refused(store: Store) -> None:
    store.transact_now(lambda session: session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(SchemaTooNew, match="newer Leadbell"):
        open_store(settings_of(store))


def test_an_upgrade_that_breaks_leaves_an_empty_database(bare: Store) -> None:
    bare.transact_now(lambda session: session.connection().execute(text("CREATE TABLE seal (id INTEGER)")))
    with pytest.raises(DBAPIError, match="seal"):
        upgrade(bare.url)
    assert bare.transact_now(lambda session: inspect(session.connection()).get_table_names()) == ["seal"]


def test_two_processes_may_upgrade_one_database_at_once() -> None:
    url = bare_postgresql()
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        list(processes.map(upgrade_url, [url, url]))
    store = Store(url)
    assert store.transact_now(version_of) == HEAD
    store.close()


def upgrade_url(url: str) -> None:
    store = open_store(Settings.model_construct(database_url=url))
    store.close()


def test_references_are_held(store: Store) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        store.transact_now(lambda session: session.connection().execute(text("INSERT INTO lead_borrower VALUES (1, 1, 0)")))


def test_what_requests_cost_before_the_upgrade_is_counted_by_the_days_of_their_teams(bare: Store) -> None:
    bring_to(bare, "0004")
    bare.transact_now(fill_with_requests)

    upgrade(bare.url)

    assert counted_costs(bare) == COSTS_BEFORE
    while bare.transact_now(costs.fold):
        pass
    assert counted_costs(bare) == COSTS_BEFORE


CHICAGO, DENVER = 1, 2
AT_NIGHT = datetime(2026, 11, 10, 6, 30, tzinfo=UTC)
"""Half past midnight in Chicago, and still the day before in Denver."""
COSTS_BEFORE = {
    (CHICAGO, date(2026, 11, 10)): Costs(requests=2, dollars=132, assumed=1, asked_back=70, funded=0),
    (CHICAGO, date(2026, 11, 12)): Costs(requests=1, dollars=0, assumed=0, asked_back=0, funded=1),
    (DENVER, date(2026, 11, 9)): Costs(requests=1, dollars=62, assumed=1, asked_back=0, funded=0),
}


def fill_with_requests(session: Session) -> None:
    """A funded lead that its source sent twice, one that was asked back, one of another team, and one that was imported."""
    later = AT_NIGHT + timedelta(days=2)
    for team, zone in ((CHICAGO, "America/Chicago"), (DENVER, "America/Denver")):
        add_row(session, "team", id=team, key=f"team{team}", time_zone=zone)
    add_row(session, "source", id=1, key="zillow", team_id=CHICAGO)
    for lead, team, stage, counts in (
        (1, CHICAGO, "funded", True),
        (2, CHICAGO, "lost", True),
        (3, DENVER, "new", True),
        (4, DENVER, "new", False),
    ):
        add_row(session, "lead", id=lead, team_id=team, source_id=1, stage=stage)
        if counts:
            add_row(session, "speed", lead_id=lead, team_id=team, source_id=1, day=AT_NIGHT.date())
    came = ((1, AT_NIGHT, 62, True), (1, later, None, False), (2, AT_NIGHT, 70, False), (3, AT_NIGHT, 62, True), (4, AT_NIGHT, 62, True))
    for number, (lead, at, price, assumed) in enumerate(came, 1):
        add_row(
            session, "arrival", id=number, lead_id=lead, source_id=1, external_id=f"z-{number}", received_at=at, price=price,
            price_assumed=assumed,
        )  # fmt: skip
    sent = {"lead_id": 2, "source_id": 1, "arrival_id": 3, "price": 70, "status": "sent"}
    add_row(session, "lead_return", id=1, **sent)


def add_row(session: Session, name: str, **values: Any) -> None:
    """A row of a table as it is now, with something in each column that needs it."""
    table = Table(name, MetaData(), autoload_with=session.connection())
    something = {int: 0, bool: False, str: "", date: AT_NIGHT.date(), datetime: AT_NIGHT}
    needed: dict[str, Any] = {
        column.name: something.get(column.type.python_type, {})
        for column in table.columns
        if not column.nullable and column.server_default is None and column.name not in values
    }
    session.connection().execute(table.insert(), needed | values)


def counted_costs(store: Store) -> dict[tuple[int, date], Costs]:
    """Of each team and day, as a look at that day alone finds them."""
    asked = [(team, date(2026, 11, day)) for team in (CHICAGO, DENVER) for day in range(9, 13)]
    found = {(team, day): store.transact_now(costs_of_teams, {team: day}, 1).get((team, 1)) for team, day in asked}
    return {of: figures for of, figures in found.items() if figures is not None}
