"""What outreach within the law needs."""

import json

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each feature adds its own function here until this version is released."""
    _working_time()
    _shares()
    _do_not_call()
    _consents()
    _calls()
    _numbers()
    _counts()
    _seals()
    _files_of_texts()
    _recordings()
    _own_voicemails()
    _sealing()
    _groups()
    _drafts()
    _promised_leads()
    _certificates()
    _pings()
    _sequences()
    _answers_by_email()
    _requests()
    _prices()
    _returns_by_themselves()
    _rates()
    _beginnings()


def _consents() -> None:
    """Whether what was agreed to names us; unknown of what was kept before, and taken to."""
    op.add_column("consent", sa.Column("names_us", sa.Boolean(), nullable=True))


def _counts() -> None:
    """A look at the pipeline sums what each owner of a team holds in each stage from one index."""
    op.create_index("ix_counter_held", "counter", ["team_id", "stage", "owner_id", "delta"])


def _seals() -> None:
    """The timelines are sealed in one chain: where it ends, and how far it goes."""
    op.create_table(
        "sealing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("links", sa.BigInteger(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_event", sa.BigInteger(), nullable=False),
        sa.Column("seen_event", sa.BigInteger(), nullable=False),
        sa.Column("seen_by", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("uq_seal_stream_seq", "seal", ["stream", "seq"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'the timeline is append only'); END"
        op.execute(f"CREATE TRIGGER seal_stays BEFORE DELETE ON seal {refuse}")
        op.execute(f"CREATE TRIGGER seal_is_fixed BEFORE UPDATE ON seal {refuse}")
    else:
        refuse = "EXECUTE FUNCTION refuse_to_change_event()"
        op.execute(f"CREATE TRIGGER seal_is_fixed BEFORE UPDATE OR DELETE ON seal FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER seal_is_never_emptied BEFORE TRUNCATE ON seal FOR EACH STATEMENT {refuse}")


def _requests() -> None:
    """What sources sent, as it came, and what a source said before under an id."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment, word = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString()
    op.add_column("arrival", sa.Column("earlier", sa.Text(), nullable=True))
    op.create_table(
        "source_request",
        sa.Column("id", row_id, nullable=False),
        sa.Column("source_id", row_id, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("content_type", word, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", word, nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("problems", sa.JSON(), nullable=True),
        sa.Column("told_seq", sa.Integer(), nullable=True),
        sa.Column("arrival_id", row_id, nullable=True),
        sa.Column("lead_id", row_id, nullable=True),
        sa.CheckConstraint("state IN ('kept', 'unread', 'made', 'set_aside')", name="source_request_state"),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"]),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"]),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_source_request_time", "source_request", ["received_at"])
    op.create_index("ix_source_request_arrival_id", "source_request", ["arrival_id"])
    unread = sa.text("state = 'unread'")
    op.create_index("ix_source_request_unread", "source_request", ["source_id", "digest"], postgresql_where=unread, sqlite_where=unread)
    told = sa.text("told_seq IS NOT NULL")
    op.create_index("ix_source_request_told", "source_request", ["told_seq"], postgresql_where=told, sqlite_where=told)


def _prices() -> None:
    """Whether a source named the price of its lead; what it said before tells."""
    op.add_column("arrival", sa.Column("price_assumed", sa.Boolean(), nullable=False, server_default=sa.false()))
    arrival = sa.table(
        "arrival", sa.column("price", sa.Integer()), sa.column("price_assumed", sa.Boolean()), sa.column("record", sa.Text())
    )
    unnamed = arrival.c.price.is_not(None) & arrival.c.record.not_like('%"price":%')
    op.execute(arrival.update().where(unnamed).values(price_assumed=True))
    op.create_index("ix_arrival_cost", "arrival", ["received_at", "source_id", "lead_id", "price", "price_assumed"])


def _returns_by_themselves() -> None:
    """A return may be opened by nobody. SQLite changes no column, so its table is made anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("lead_return", "opened_by", nullable=True)
        return
    row_id, words = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.AutoString()
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "lead_return_anew",
        sa.Column("id", row_id, nullable=False),
        sa.Column("lead_id", row_id, sa.ForeignKey("lead.id"), nullable=False),
        sa.Column("source_id", row_id, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("arrival_id", row_id, sa.ForeignKey("arrival.id"), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("reason", words, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", words, nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("opened_by", row_id, sa.ForeignKey("officer.id"), nullable=True),
        sa.Column("opened_seq", sa.Integer(), nullable=False),
        sa.Column("log_seq", sa.Integer(), nullable=True),
        sa.Column("settled_at", moment, nullable=True),
        sa.Column("settled_by", row_id, sa.ForeignKey("officer.id"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO lead_return_anew SELECT * FROM lead_return")
    op.drop_table("lead_return")
    op.rename_table("lead_return_anew", "lead_return")
    op.create_index("ix_lead_return_lead_id", "lead_return", ["lead_id"])
    op.create_index("ix_lead_return_opened", "lead_return", ["opened_at"])
    asked = sa.text("status <> 'dropped'")
    op.create_index("uq_lead_return_asked", "lead_return", ["arrival_id"], unique=True, postgresql_where=asked, sqlite_where=asked)


def _own_voicemails() -> None:
    """What officers recorded themselves for machines that answer."""
    row_id, word = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        "own_voicemail",
        sa.Column("officer_id", row_id, sa.ForeignKey("officer.id"), nullable=False, autoincrement=False),
        sa.Column("language", word, nullable=False),
        sa.Column("recording_id", word, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("officer_id", "language"),
    )


def _recordings() -> None:
    """Calls that are recorded. After `_calls`."""
    word = sqlmodel.sql.sqltypes.AutoString()
    op.add_column("call", sa.Column("recording", word, nullable=True))
    op.add_column("call", sa.Column("recording_id", word, nullable=True))
    op.add_column("call", sa.Column("recording_seconds", sa.Integer(), nullable=True))


def _files_of_texts() -> None:
    """What leaves with a text of ours."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "message_file",
        sa.Column("message_id", row_id, sa.ForeignKey("message.id"), nullable=False, autoincrement=False),
        sa.Column("place", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "place"),
    )


def _sealing() -> None:
    """What keys are known again by, phones by their last digits, and bodies of events that may be put under a seal."""
    for name in ("sealed_with", "sealed_before"):
        op.add_column("installation", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("contact_point", sa.Column("ending", sa.String(), nullable=True))
    op.execute("UPDATE contact_point SET ending = substr(value, length(value) - 3) WHERE kind = 'phone'")
    op.create_index("ix_contact_point_ending", "contact_point", ["ending"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    mark = "char(2)" if sqlite else "chr(2)"
    rewritten = " OR ".join(f"(NEW.{each} IS NOT NULL AND substr(NEW.{each}, 1, 1) <> {mark})" for each in ("body", "salt"))
    op.execute("DROP TRIGGER event_body_is_kept" + ("" if sqlite else " ON event"))
    if sqlite:
        refuse = "BEGIN SELECT RAISE(ABORT, 'the timeline is append only'); END"
        op.execute(f"CREATE TRIGGER event_body_is_kept BEFORE UPDATE OF body, salt ON event WHEN {rewritten} {refuse}")
    else:
        op.execute(
            f"CREATE TRIGGER event_body_is_kept BEFORE UPDATE OF body, salt ON event FOR EACH ROW WHEN ({rewritten}) "
            "EXECUTE FUNCTION refuse_to_change_event()"
        )


def _shares() -> None:
    """Teams share what a routing rule takes."""
    op.create_table(
        "share",
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("percents", sa.JSON(), nullable=False),
        sa.Column("had", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("rule"),
    )


def _working_time() -> None:
    """Holidays, officers with hours of their own, and when each is told what the day holds."""
    op.add_column("team", sa.Column("holidays", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("officer", sa.Column("working_hours", sa.JSON(), nullable=True))
    op.add_column("officer", sa.Column("morning_due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def _do_not_call() -> None:
    """The do-not-call registries, a bit for each number."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment, word = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        "do_not_call_import",
        sa.Column("id", row_id, nullable=False),
        sa.Column("kept_by", word, nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("salt", word, nullable=False),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("blocks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "do_not_call_area",
        sa.Column("area_code", word, nullable=False),
        sa.Column("kept_by", word, nullable=False),
        sa.Column("import_id", row_id, sa.ForeignKey("do_not_call_import.id"), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("area_code", "kept_by"),
    )
    op.create_index("ix_do_not_call_area_import_id", "do_not_call_area", ["import_id"])
    op.create_table(
        "do_not_call_block",
        sa.Column("id", row_id, nullable=False, autoincrement=False),
        sa.Column("import_id", row_id, nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("source", sa.Column("bought", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_do_not_call_block_import_id", "do_not_call_block", ["import_id"])


def _groups() -> None:
    """A sequence is begun for many leads at once."""
    row_id, word = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.AutoString()
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "drip_group",
        sa.Column("id", row_id, nullable=False),
        sa.Column("officer_id", row_id, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("sequence_id", row_id, sa.ForeignKey("sequence.id"), nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("by_id", row_id, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_drip_group_due", "drip_group", ["due_at"], postgresql_where=due, sqlite_where=due)
    op.create_index("ix_drip_group_officer_id", "drip_group", ["officer_id"])
    op.create_table(
        "drip_group_lead",
        sa.Column("group_id", row_id, sa.ForeignKey("drip_group.id"), nullable=False, autoincrement=False),
        sa.Column("lead_id", row_id, sa.ForeignKey("lead.id"), nullable=False, autoincrement=False),
        sa.Column("enrollment_id", row_id, nullable=True),
        sa.PrimaryKeyConstraint("group_id", "lead_id"),
    )


def _drafts() -> None:
    """Sequences are built in chat, and live once another person approved them."""
    row_id, word = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        "drip_draft",
        sa.Column("id", row_id, nullable=False),
        sa.Column("key", word, nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("changed_by", row_id, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("asked_by", row_id, nullable=True),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("judged_by", row_id, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    is_open = sa.text("state = 'open' OR state = 'asked'")
    op.create_index("uq_drip_draft_open", "drip_draft", ["key"], unique=True, postgresql_where=is_open, sqlite_where=is_open)


def _pings() -> None:
    """What sellers asked about before they sent it, and what was bid."""
    row_id, word = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.AutoString()
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "ping",
        sa.Column("id", row_id, nullable=False),
        sa.Column("source_id", row_id, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("key", word, nullable=False),
        sa.Column("digest", word, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("bid", sa.BigInteger(), nullable=True),
        sa.Column("because", word, nullable=True),
        sa.Column("lead_id", row_id, sa.ForeignKey("lead.id"), nullable=True),
        sa.Column("bought_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    bought = sa.text("bought_at IS NOT NULL")
    op.create_index("ix_ping_bought", "ping", ["source_id", "bought_at"], postgresql_where=bought, sqlite_where=bought)


def _certificates() -> None:
    """Certificates that came with leads, until TrustedForm keeps them for us. Those of before are gone by now, or were kept elsewhere."""
    row_id, word = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.AutoString()
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "certificate",
        sa.Column("due_at", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("gave_up_because", word, nullable=True),
        sa.Column("id", row_id, nullable=False),
        sa.Column("token", word, nullable=False),
        sa.Column("lead_id", row_id, nullable=False),
        sa.Column("found_at", moment, nullable=False),
        sa.Column("retained_at", moment, nullable=True),
        sa.Column("kept_until", moment, nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token"),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_certificate_due", "certificate", ["due_at"], postgresql_where=due, sqlite_where=due)
    op.create_index("ix_certificate_lead_id", "certificate", ["lead_id"])


def _promised_leads() -> None:
    """Leads that Meta told us of, until they are fetched, and how far its forms were looked through."""
    row_id, word = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.AutoString()
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "promised_lead",
        sa.Column("due_at", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("gave_up_because", word, nullable=True),
        sa.Column("id", row_id, nullable=False),
        sa.Column("source_id", row_id, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("external_id", word, nullable=False),
        sa.Column("promised_at", moment, nullable=False),
        sa.Column("lead_id", row_id, sa.ForeignKey("lead.id"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "external_id", name="uq_promised_lead"),
    )
    owed = sa.text("due_at IS NOT NULL")
    op.create_index("ix_promised_lead_due", "promised_lead", ["due_at"], postgresql_where=owed, sqlite_where=owed)
    op.create_table(
        "polled_form",
        sa.Column("source_id", row_id, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("form_id", word, nullable=False),
        sa.Column("read_until", moment, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "form_id"),
    )


def _sequences() -> None:
    """A version of a sequence is one document; what it wrote is counted by step."""
    row_id, word = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.AutoString()
    op.add_column("sequence", sa.Column("content", sa.Text(), nullable=False, server_default=""))
    op.add_column("sequence", sa.Column("origin", word, nullable=False, server_default="file"))
    op.add_column("enrollment", sa.Column("touches", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("enrollment", sa.Column("anchor", sa.Date(), nullable=True))
    op.add_column("message", sa.Column("enrollment_id", row_id, nullable=True))
    op.add_column("message", sa.Column("drip_step", sa.Integer(), nullable=True))
    wrote = sa.text("enrollment_id IS NOT NULL")
    op.create_index("ix_message_enrollment", "message", ["enrollment_id"], postgresql_where=wrote, sqlite_where=wrote)
    parts = {"names": sa.JSON, "stages": sa.JSON, "steps": sa.JSON, "key": sa.Text, "content": sa.Text, "id": sa.BigInteger}
    sequence = sa.table("sequence", *(sa.column(name, kind) for name, kind in parts.items()))
    for row in op.get_bind().execute(sa.select(sequence)).all():
        document = {"key": row.key, "name": row.names or {"en": row.key, "es": row.key}, "stages": row.stages or [], "steps": row.steps}
        content = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        op.execute(sa.update(sequence).where(sequence.c.id == row.id).values(content=content))
    op.execute("UPDATE enrollment SET touches = step")
    op.execute(
        "UPDATE message SET enrollment_id = (SELECT MAX(enrollment.id) FROM enrollment WHERE enrollment.lead_id = message.lead_id "
        "AND enrollment.set_seq = message.event_seq) WHERE purpose = 'drip'"
    )
    op.execute(
        "UPDATE message SET drip_step = (SELECT COUNT(*) FROM message AS earlier WHERE earlier.enrollment_id = message.enrollment_id "
        "AND earlier.status <> 'refused' AND earlier.id < message.id) WHERE enrollment_id IS NOT NULL"
    )


def _answers_by_email() -> None:
    """Borrowers answer by email, and how far our mailbox is read."""
    op.add_column("message", sa.Column("whole", sa.Text(), nullable=True))
    op.add_column("message", sa.Column("files", sa.Text(), nullable=True))
    op.create_table(
        "inbox",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def _rates() -> None:
    """The rates that the company offers, and who waits for a lower one."""
    row_id, word = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.AutoString()
    moment, number = sqlmodel.sql.sqltypes.UTCDateTime(), sa.Integer()
    op.create_table(
        "rate",
        sa.Column("id", row_id, nullable=False),
        sa.Column("product", word, nullable=False),
        sa.Column("rate", number, nullable=False),
        sa.Column("set_at", moment, nullable=False),
        sa.Column("officer_id", row_id, sa.ForeignKey("officer.id"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_rate_product", "rate", ["product", "id"])
    op.create_table(
        "rate_in_force",
        sa.Column("product", word, nullable=False),
        sa.Column("rate_id", row_id, sa.ForeignKey("rate.id"), nullable=False),
        sa.Column("rate", number, nullable=False),
        sa.Column("settles_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("product"),
    )
    op.create_table(
        "rate_watch",
        sa.Column("lead_id", row_id, sa.ForeignKey("lead.id"), nullable=False, autoincrement=False),
        sa.Column("product", word, nullable=False),
        *(sa.Column(name, number, nullable=True) for name in ("target", "note")),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("before", number, nullable=True),
        sa.Column("kept_at", moment, nullable=False),
        sa.Column("worth_at", number, nullable=False),
        *(sa.Column(name, number, nullable=True) for name in ("fires_at", "then_at", "rearms_at")),
        sa.Column("rest_due_at", moment, nullable=True),
        sa.Column("told_at", moment, nullable=True),
        sa.Column("saving", number, nullable=True),
        sa.Column("team_id", row_id, sa.ForeignKey("team.id"), nullable=True),
        sa.PrimaryKeyConstraint("lead_id"),
    )
    for name, columns in (("fires", ["product", "fires_at"]), ("rearms", ["product", "rearms_at"]), ("rest_due", ["rest_due_at"])):
        some = sa.text(f"{columns[-1]} IS NOT NULL")
        op.create_index(f"ix_rate_watch_{name}", "rate_watch", columns, postgresql_where=some, sqlite_where=some)
    led = sa.text("team_id IS NOT NULL")
    op.create_index("ix_rate_watch_team", "rate_watch", ["team_id", "told_at"], postgresql_where=led, sqlite_where=led)
    op.create_table(
        "rate_list",
        sa.Column("officer_id", row_id, sa.ForeignKey("officer.id"), nullable=False, autoincrement=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("told_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("officer_id"),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_rate_list_due", "rate_list", ["due_at"], postgresql_where=due, sqlite_where=due)


def _calls() -> None:
    """Calls that the phone network makes for us or brings us, and when who was texted while chat is down was called too."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment, word = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString()
    op.add_column("alarm", sa.Column("called_at", moment, nullable=True))
    op.create_table(
        "call",
        sa.Column("due_at", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("gave_up_because", word, nullable=True),
        sa.Column("id", row_id, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("lead_id", row_id, sa.ForeignKey("lead.id"), nullable=True),
        sa.Column("officer_id", row_id, sa.ForeignKey("officer.id"), nullable=True),
        sa.Column("contact_point_id", row_id, sa.ForeignKey("contact_point.id"), nullable=True),
        sa.Column("status", word, nullable=False),
        sa.Column("outcome", word, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("provider", word, nullable=True),
        sa.Column("provider_id", word, nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("dialed_at", moment, nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("event_seq", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("voicemail", word, nullable=True),
        sa.Column("logged_seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "provider_id", name="uq_call_provider"),
    )
    for column in ("lead_id", "officer_id", "contact_point_id"):
        op.create_index(f"ix_call_{column}", "call", [column])
    owed = sa.text("due_at IS NOT NULL")
    op.create_index("ix_call_due", "call", ["due_at"], postgresql_where=owed, sqlite_where=owed)


def _numbers() -> None:
    """At which of our numbers a text or a call has its end. After `_calls`."""
    op.add_column("message", sa.Column("our_number", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    known = sa.text("our_number IS NOT NULL")
    op.create_index("ix_message_our_number", "message", ["our_number"], postgresql_where=known, sqlite_where=known)
    op.add_column("call", sa.Column("our_number", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def _beginnings() -> None:
    """When it is looked at what begins by itself for a lead, and the days that sequences go by."""
    row_id, word = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.AutoString()
    op.add_column("lead", sa.Column("drip_look_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("lead", sa.Column("drip_looked_seq", sa.Integer(), nullable=True))
    op.add_column("installation", sa.Column("drips_begin", sa.Text(), nullable=False, server_default=""))
    look = sa.text("drip_look_at IS NOT NULL")
    op.create_index("ix_lead_drip_look", "lead", ["drip_look_at"], postgresql_where=look, sqlite_where=look)
    op.create_table(
        "lead_date",
        sa.Column("lead_id", row_id, sa.ForeignKey("lead.id"), nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "kind"),
    )
