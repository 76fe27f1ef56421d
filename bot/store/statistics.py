"""What a database knows of how much there is of what: PostgreSQL looks by itself, SQLite where it is told to."""

from sqlmodel import Session, SQLModel

ROWS_OF_AN_INDEX = 1000
"""How many are read of each: exact enough to tell much from little, and half a second at most for a table of ten million."""


def tables_to_look_over(session: Session) -> list[str]:
    """Each table by its name; none where the database looks by itself."""
    return list(SQLModel.metadata.tables) if session.connection().dialect.name == "sqlite" else []


def look_over(session: Session, table: str) -> None:
    """Without it, SQLite takes a table of all leads for as small as one of all officers, and reads it whole."""
    session.connection().exec_driver_sql(f"PRAGMA analysis_limit={ROWS_OF_AN_INDEX}")
    session.connection().exec_driver_sql(f'ANALYZE "{table}"')
