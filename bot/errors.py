"""Errors that an operator reads. The docstring is the sentence when no other is given."""


class LeadbellError(Exception):
    """Something is wrong that a person has to put right."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or " ".join((type(self).__doc__ or "").split()))


class StoreUnavailable(LeadbellError):
    """The database cannot be reached or does not answer. Check that it runs and that LEADBELL_DATABASE_URL points to it."""


class PooledByTransaction(StoreUnavailable):
    """Between Leadbell and PostgreSQL stands a pooler in transaction mode, which gives each transaction another session. Leadbell's time
    limits and prepared statements need sessions of their own. Set LEADBELL_DATABASE_URL to PostgreSQL's own address: a Leadbell takes nine
    connections at most."""


class BadDatabaseUrl(LeadbellError):
    """LEADBELL_DATABASE_URL is not an address that Leadbell can use. Write sqlite:///data/leadbell.db, or
    postgresql://USER:PASSWORD@HOST/DATABASE."""


class MayNotCreate(LeadbellError):
    """The role of this address may not create or change tables in the PostgreSQL database: from PostgreSQL 15 on only its owner may. Make a
    database with the role as its owner: createdb -O leadbell leadbell. One that is there already a superuser gives to the role: ALTER
    DATABASE leadbell OWNER TO leadbell"""


class StoreInUse(LeadbellError):
    """Another Leadbell already runs on this SQLite file, and SQLite serves one process. Stop the other one, or set LEADBELL_DATABASE_URL to
    a PostgreSQL database, which serves as many as you like."""


class StoreMoved(LeadbellError):
    """This SQLite store is being moved to PostgreSQL, or was."""


class HalfCopied(LeadbellError):
    """Half of a SQLite store was copied into this database. Run leadbell db copy again: it goes on where it stopped."""


class SchemaTooNew(LeadbellError):
    """The database was made by a newer Leadbell. Install that version again, or restore the back-up from before the upgrade; on PostgreSQL
    into a new database."""


class AppliedByNewer(LeadbellError):
    """The config in the store was applied by a newer Leadbell, and this one does not understand it. Install that version again."""


class OtherWorkspace(LeadbellError):
    """This installation already belongs to another workspace. One installation serves one Slack workspace and one Discord server;
    give the second one its own LEADBELL_DATABASE_URL."""


class NoTimeZones(LeadbellError):
    """Python finds no data of time zones, and no hour is right without it. Install the package tzdata of requirements.lock again."""


class PortInUse(LeadbellError):
    """The port is already in use."""


class BadSettings(LeadbellError):
    """An environment variable does not hold what it must."""
