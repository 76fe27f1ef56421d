"""How many leads each team got of what a routing rule shares among teams."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.rules.shares import whose_share
from bot.store.columns import json_value, table_of
from bot.store.installation import contact_key
from bot.store.prepared import Prepared


class Share(SQLModel, table=True):
    """What a rule gave to each team since these percents were written."""

    rule: str = Field(primary_key=True)
    percents: dict[str, int] = json_value()
    had: dict[str, int] = json_value()


_share = table_of(Share)
_of_rule = Prepared(select(_share.c.percents, _share.c.had).where(_share.c.rule == bindparam("of_rule")))
_new = upsert(_share)
_keep = Prepared(
    _new.on_conflict_do_update(index_elements=[_share.c.rule], set_={"percents": _new.excluded.percents, "had": _new.excluded.had})
)


def key_of_share(rule: str) -> str:
    """What is to be locked, with the contact keys, before a team is chosen."""
    return contact_key(b"", "share", rule)


def take_share(session: Session, rule: str, percents: Mapping[str, int]) -> tuple[str, Mapping[str, int]]:
    """The team that gets the next lead of this rule, whose key is locked, and how many each had before. Other percents begin anew."""
    [*found] = _of_rule.run(session, {"of_rule": rule})
    had = found[0].had if found and found[0].percents == percents else dict.fromkeys(percents, 0)
    team = whose_share(percents, had)
    _keep.run(session, {"rule": rule, "percents": dict(percents), "had": {**had, team: had[team] + 1}})
    return team, had
