"""Where the operator set a key, what people can be reached by stands sealed in the store, and everything works as without one."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text, type_coerce, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.app import open_store, seal_from
from bot.capture.intake import Received
from bot.conversation.relay import Sms, receive_sms
from bot.conversation.relay import prepare as prepare_text
from bot.conversation.replying import prepare as prepare_email
from bot.conversation.replying import receive_email
from bot.errors import BadSettings
from bot.leads.noting import Noted, note_lead
from bot.outreach.incoming import Mail
from bot.settings import Settings
from bot.store.backup import back_up, restore
from bot.store.calls import Call
from bot.store.contacts import ContactPoint
from bot.store.database import Store
from bot.store.events import Event, broken_links
from bot.store.installation import OldKeyMissing, check_key, forget_old_key, prepare
from bot.store.leads import Arrival
from bot.store.outbound import Message
from bot.store.people import Officer, officer_with_phone
from bot.store.records import lead_record
from bot.store.resealing import AT_ONCE, NotOpened, reseal, sealed_tables
from bot.store.sealing import MARK, MARK_OF_BYTES, KeyMissing, Seal, WrongKey
from bot.store.seals import against, broken_seals, newest_head, seal_next
from bot.store.search import leads_with_phone
from bot.store.source_requests import SourceRequest
from bot.store.tables import HEAD, version_of
from bot.store.upgrade import upgrade
from tests.conftest import COMPANY, EXAMPLE, NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import bare_postgresql, fresh_postgresql, fresh_sqlite, fresh_store
from tests.doubles.held import held, wait_until_one_waits

KEY, NEW_KEY = "the key that an operator made, of some length", "the key that came after it, of some length"
SAID = {
    "a note": "wants the purple door",
    "a text": "my roof leaks",
    "an email's subject": "About the barn",
    "an email": "we keep seven llamas",
    "a call": "asks for a jumbo loan",
}
SEALED = ("+15125550100", "512555", "dana@", *SAID.values())
IN_CLEAR = ("Dana", "Rowe", "Please call after six", "maya@acme.example")
"""What docs/security.md says is not sealed: names, the facts of a wish with its comments, officers."""
Sealed = Callable[..., Branch]


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sealed]:
    """Opens the company's store with these keys, the newest first, as a start does."""
    plain = fresh_store(request.param, tmp_path, COMPANY)
    url = plain.url.render_as_string(hide_password=False)
    plain.close()
    stores: list[Store] = []

    def open_with(*keys: str) -> Branch:
        store = Store(url, Seal(*keys) if keys else None)
        stores.append(store)
        store.transact_now(check_key)
        store.transact_now(prepare, "00" * 32, NOON)
        return Branch(store, NOON)

    yield open_with
    for store in stores:
        store.close()


def with_a_life(branch: Branch) -> int:
    """A lead with comments, a claim, a note, a text, an email and a call with words: all kinds of personal data."""
    number = branch.new_lead(comments="Please call after six", email="dana@example.com")
    branch.claim("maya", number)
    assert isinstance(branch.store.transact_now(note_lead, branch.press("maya", number), SAID["a note"]), Noted)
    branch.store.transact_now(receive_sms, prepare_text(branch.services, Sms("twilio", "SM0", "+15125550100", SAID["a text"])))
    mail = Mail("life", "dana@example.com", (), (), SAID["an email's subject"], SAID["an email"], (), automatic=False, fate=None)
    assert branch.store.transact_now(receive_email, prepare_email(branch.services, mail, None))[0] == "kept"
    call = Call(kind="told", lead_id=number, officer_id=branch.officer_id("maya"), words=SAID["a call"], status="over", created_at=NOON)
    branch.store.transact_now(lambda session: session.add(call))
    return number


def seal_everything(store: Store) -> int:
    values = 0
    for table, _ in sealed_tables():
        after: int | None = 0
        while after is not None:
            done = store.transact_now(reseal, table, after)
            values, after = values + done.values, done.after
    store.transact_now(forget_old_key)
    return values


def in_clear(store: Store) -> list[str]:
    """The columns, of those that a key seals, in which something stands that is not sealed."""

    def look(session: Session) -> list[str]:
        found = []
        for table, names in sealed_tables():
            for name in names:
                kind = table.c[name].type.impl  # type: ignore[attr-defined]
                values = session.connection().execute(select(type_coerce(table.c[name], kind)).where(table.c[name].is_not(None))).scalars()
                if any(not bytes(each if isinstance(each, bytes) else each.encode()).startswith(MARK.encode()) for each in values):
                    found.append(f"{table.name}.{name}")
        return found

    return store.transact_now(look)


def chain_is_whole(store: Store) -> bool:
    return store.transact_now(lambda session: list(broken_links(session))) == []


def test_what_is_written_with_a_key_stands_sealed_and_reads_as_ever(opened: Sealed) -> None:
    branch = opened(KEY)
    number = with_a_life(branch)

    record = branch.store.transact_now(lead_record, number)

    assert record is not None
    assert record["borrowers"][0]["contacts"][0]["value"] == "+15125550100"
    assert record["details"]["comments"] == "Please call after six"
    seal_everything(branch.store)  # the company itself was there before the key
    assert in_clear(branch.store) == []
    assert chain_is_whole(branch.store)


def test_the_same_request_again_gives_the_first_answer(opened: Sealed) -> None:
    branch = opened(KEY)
    first = branch.arrive(external_id=None)
    again = branch.arrive(external_id=None)
    assert isinstance(first, Received) and isinstance(again, Received)
    assert (again.lead, again.duplicate) == (first.lead, first.duplicate)
    assert branch.count(Arrival) == 1


def test_a_lead_is_found_by_the_last_digits_of_its_phone(opened: Sealed) -> None:
    branch = opened(KEY)
    number = with_a_life(branch)
    other = branch.new_lead(phone="(737) 555-0100", first_name="Otto", external_id="otto", email="otto@example.com")
    boss = branch.officer_id("priya")

    def found(digits: str) -> set[int]:
        return {hit.number for hit in branch.store.transact_now(leads_with_phone, boss, digits, any_team=True)}

    assert found("0100") == {number, other}
    assert found("5125550100") == {number}
    assert found("9100") == set()


@pytest.mark.fault(82)
def test_what_stood_there_before_the_key_is_sealed_by_a_pass_that_can_be_broken_off(opened: Sealed) -> None:
    plain = opened()
    number = with_a_life(plain)
    before = plain.store.transact_now(lead_record, number)
    assert "event.body" in in_clear(plain.store)

    branch = opened(KEY)
    assert branch.store.transact_now(lead_record, number) == before
    tables = {table.name: table for table, _ in sealed_tables()}
    branch.store.transact_now(reseal, tables["event"], 0)  # somebody pressed Ctrl-C after this one
    assert "event.body" not in in_clear(branch.store)
    assert "contact_point.value" in in_clear(branch.store)
    assert branch.store.transact_now(lead_record, number) == before

    assert seal_everything(branch.store) > 0
    assert in_clear(branch.store) == []
    assert seal_everything(branch.store) == 0
    assert branch.store.transact_now(lead_record, number) == before
    assert chain_is_whole(branch.store)


def test_a_pass_over_more_than_it_takes_at_once_leaves_nothing_out(opened: Sealed) -> None:
    plain = opened()
    rows = [{"kind": "email", "key": f"{each:064x}", "value": f"{each}@example.com"} for each in range(AT_ONCE * 2 + 1)]
    plain.store.transact_now(lambda session: session.connection().execute(ContactPoint.__table__.insert(), rows))  # type: ignore[attr-defined]

    seal_everything(opened(KEY).store)

    assert in_clear(plain.store) == []


@pytest.mark.fault(82)
def test_after_a_change_of_keys_the_new_one_opens_everything_and_the_old_one_nothing(opened: Sealed) -> None:
    branch = opened(KEY)
    number = with_a_life(branch)
    branch.store.transact_now(seal_next, NOON)
    before, head = branch.store.transact_now(lead_record, number), branch.store.transact_now(newest_head)

    changing = opened(NEW_KEY, KEY)
    assert changing.store.transact_now(lead_record, number) == before
    with pytest.raises(OldKeyMissing, match="leadbell key rotate"):
        opened(NEW_KEY)
    seal_everything(changing.store)

    changed = opened(NEW_KEY).store
    assert changed.transact_now(lead_record, number) == before
    assert chain_is_whole(changed)
    assert head is not None and changed.transact_now(against, head) is None
    assert changed.transact_now(lambda session: list(broken_seals(session))) == []
    with pytest.raises(WrongKey):
        opened(KEY)


def test_officers_are_known_by_their_phones_from_the_first_moment_of_a_new_key(opened: Sealed) -> None:
    plain = opened()
    maya = plain.officer_id("maya")
    plain.store.transact_now(
        lambda session: session.connection().execute(update(Officer).where(Officer.id == maya).values(phone="+15125550177"))  # type: ignore[arg-type]
    )
    for keys in ((KEY,), (NEW_KEY, KEY)):
        assert opened(*keys).store.transact_now(officer_with_phone, "+15125550177") == maya


def test_what_is_looked_for_is_found_while_not_all_of_it_is_sealed_with_the_new_key(opened: Sealed) -> None:
    first = opened().arrive(external_id=None)
    assert isinstance(first, Received)
    for keys in ((KEY,), (NEW_KEY, KEY)):
        branch = opened(*keys)
        again = branch.arrive(external_id=None)
        assert isinstance(again, Received) and (again.lead, again.duplicate) == (first.lead, first.duplicate)
        boss = branch.officer_id("priya")
        hits = branch.store.transact_now(leads_with_phone, boss, "0100", any_team=True)
        assert [hit.number for hit in hits] == [first.lead]
    assert branch.count(Arrival) == 1


def test_a_store_that_is_sealed_opens_with_its_key_alone(opened: Sealed) -> None:
    opened(KEY)
    with pytest.raises(KeyMissing, match="Set LEADBELL_KEY"):
        opened()
    with pytest.raises(WrongKey, match="another LEADBELL_KEY"):
        opened(NEW_KEY)


def test_without_the_key_the_chain_is_checked_and_the_bodies_are_not(opened: Sealed) -> None:
    branch = opened(KEY)
    with_a_life(branch)
    seal_everything(branch.store)
    blind = Store(branch.store.url.render_as_string(hide_password=False))
    assert chain_is_whole(blind)
    blind.transact_now(lambda session: session.connection().execute(text("UPDATE lead SET head_digest = 'x'")))
    assert not chain_is_whole(blind)
    blind.close()


def test_a_body_that_was_changed_under_the_right_key_shows(opened: Sealed) -> None:
    branch = opened(KEY)
    with_a_life(branch)
    event = next(each for each in branch.all(Event) if each.body and each.stream)
    forged = Seal(KEY).close("event.body", '{"note":"forged"}')
    branch.store.transact_now(
        lambda session: session.connection().execute(text("UPDATE event SET body = :body WHERE id = :id"), {"body": forged, "id": event.id})
    )
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == [(event.stream, event.seq, "the body was changed")]


def test_a_body_that_no_key_opens_shows_as_changed_and_keeps_nothing_else_from_being_checked(opened: Sealed) -> None:
    branch = opened(KEY)
    with_a_life(branch)
    event = next(each for each in branch.all(Event) if each.body and each.stream)
    broken = Seal(NEW_KEY).close("event.body", "{}")
    branch.store.transact_now(
        lambda session: session.connection().execute(text("UPDATE event SET body = :body WHERE id = :id"), {"body": broken, "id": event.id})
    )
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == [(event.stream, event.seq, "the body was changed")]


def test_a_process_without_the_key_reads_nothing_sealed_that_it_could_send_to_anybody(opened: Sealed) -> None:
    without = opened()
    number = with_a_life(opened(KEY))
    with pytest.raises(KeyMissing):
        without.store.transact_now(lead_record, number)


def test_a_row_that_somebody_changes_at_that_moment_is_sealed_anew_whole() -> None:
    url = fresh_postgresql(COMPANY)
    old, changing, new = Store(url, Seal(KEY)), Store(url, Seal(NEW_KEY, KEY)), Store(url, Seal(NEW_KEY))
    old.transact_now(prepare, "00" * 32, NOON)
    with_a_life(Branch(old, NOON))
    changing.transact_now(prepare, "00" * 32, NOON)
    with ThreadPoolExecutor(1) as aside, held(changing) as session:
        session.connection().execute(update(ContactPoint).values(value="+15125550142"))
        done = aside.submit(seal_everything, changing)
        wait_until_one_waits(changing)
        session.commit()
        done.result()
    assert {contact.ending for contact in Branch(new, NOON).all(ContactPoint) if contact.kind == "phone"} == {"0100"}
    for store in (old, changing, new):
        store.close()


def test_words_that_begin_as_what_is_sealed_does_are_read_without_a_key_and_sealed_with_one(opened: Sealed) -> None:
    plain = opened()
    plain.new_lead()
    plain.store.transact_now(
        receive_sms, prepare_text(plain.services, Sms("twilio", "SM1", "+15125550100", f"{MARK}{MARK}AQ when can we talk?"))
    )

    def words(branch: Branch) -> list[str]:
        return [message.body for message in branch.all(Message)]

    assert words(plain) == ["AQ when can we talk?"]
    branch = opened(KEY)
    seal_everything(branch.store)
    assert words(branch) == ["AQ when can we talk?"]


def test_a_request_that_begins_as_what_is_sealed_does_keeps_nothing_from_being_sealed(opened: Sealed) -> None:
    plain = opened()
    row = {"source_id": 1, "received_at": NOON, "content_type": None, "digest": "x", "state": "unread", "body": MARK_OF_BYTES * 2 + b"{}"}
    plain.store.transact_now(lambda session: session.connection().execute(SourceRequest.__table__.insert(), [row]))  # type: ignore[attr-defined]
    branch = opened(KEY)
    seal_everything(branch.store)
    assert [request.body for request in branch.all(SourceRequest)] == [b"{}"]


def test_a_pass_names_the_row_that_no_key_opens(opened: Sealed) -> None:
    branch = opened(KEY)
    with_a_life(branch)
    contact = branch.all(ContactPoint)[0]
    broken = Seal("a key that nobody has any more, of some length").close("contact_point.value", contact.value)
    branch.store.transact_now(
        lambda session: session.connection().execute(
            text("UPDATE contact_point SET value = :value WHERE id = :id"), {"value": broken, "id": contact.id}
        )
    )
    with pytest.raises(NotOpened, match=f"contact_point, row {contact.id}"):
        seal_everything(branch.store)


def test_a_body_is_never_rewritten_in_clear(opened: Sealed) -> None:
    branch = opened(KEY)
    with_a_life(branch)
    with pytest.raises(DBAPIError, match="append only"):
        branch.store.transact_now(
            lambda session: session.connection().execute(text("UPDATE event SET body = 'forged' WHERE body IS NOT NULL"))
        )


@pytest.mark.fault(83)
def test_the_file_holds_nothing_that_was_said_nor_how_anybody_is_reached_once_it_is_sealed_and_names_and_wishes_in_clear(
    tmp_path: Path,
) -> None:
    plain = fresh_store("sqlite", tmp_path, COMPANY)
    number = with_a_life(Branch(plain, NOON))
    plain.close()
    file = tmp_path / "leadbell.db"
    assert [each for each in (*SEALED, *IN_CLEAR) if each.encode() not in held_in(file)] == []

    store = Store(f"sqlite:///{file}", Seal(KEY))
    store.transact_now(prepare, "00" * 32, NOON)
    seal_everything(store)
    assert store.transact_now(lead_record, number) is not None
    store.close()

    held = held_in(file)
    assert [each for each in SEALED if each.encode() in held] == []
    assert [each for each in IN_CLEAR if each.encode() not in held] == []


def held_in(file: Path) -> bytes:
    """Everything in the store's file, after what waited beside it was written into it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.read_bytes()


def test_a_backup_comes_back_only_where_its_key_is(tmp_path: Path) -> None:
    url, file = fresh_sqlite(tmp_path, COMPANY), tmp_path / "backup.db"
    store = Store(url, Seal(KEY))
    store.transact_now(prepare, "00" * 32, NOON)
    store.close()
    back_up(url, file)
    before = (tmp_path / "leadbell.db").read_bytes()
    with pytest.raises(KeyMissing):
        restore(url, file, NOON)
    with pytest.raises(WrongKey):
        restore(url, file, NOON, Seal(NEW_KEY))
    assert (tmp_path / "leadbell.db").read_bytes() == before
    assert restore(url, file, NOON, Seal(KEY)).leads == 0


@pytest.fixture(params=["sqlite", "postgresql"])
def of_the_release_before(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store as the release before this one left it, sealed with KEY."""
    url = f"sqlite:///{tmp_path}/leadbell.db" if request.param == "sqlite" else bare_postgresql()
    store = Store(url, Seal(KEY))
    upgrade(store.url, "0005")
    store.transact_now(prepare, "00" * 32, NOON)
    store.close()
    return url


@pytest.mark.parametrize(("other", "refusal"), [({"LEADBELL_KEY": NEW_KEY}, WrongKey), ({}, KeyMissing)])
@pytest.mark.fault(82)
def test_a_start_with_another_key_is_refused_before_anything_is_written(
    of_the_release_before: str, other: dict[str, str], refusal: type[Exception]
) -> None:
    def shape(session: Session) -> object:
        looked = inspect(session.connection())
        tables = sorted(looked.get_table_names()), sorted(str(index["name"]) for index in looked.get_indexes("ping"))
        return version_of(session), tables, session.connection().execute(text("SELECT * FROM installation")).all()

    store = Store(of_the_release_before)
    before = store.transact_now(shape)

    with pytest.raises(refusal):
        open_store(Settings.model_validate({"LEADBELL_DATABASE_URL": of_the_release_before, **other}))

    assert store.transact_now(shape) == before
    store.close()
    opened = open_store(Settings.model_validate({"LEADBELL_DATABASE_URL": of_the_release_before, "LEADBELL_KEY": KEY}))
    assert opened.transact_now(version_of) == HEAD
    opened.close()


def test_an_old_key_alone_is_no_key() -> None:
    with pytest.raises(BadSettings, match="set the new key too"):
        seal_from(Settings.model_validate({"LEADBELL_OLD_KEY": KEY}))


PLACE = "contact_point.value"


def test_every_seal_of_the_same_words_looks_otherwise_unless_they_are_looked_for() -> None:
    seal = Seal(KEY)
    number = "+15125550100"
    assert seal.close(PLACE, number) != seal.close(PLACE, number)
    assert seal.close_alike(PLACE, number) == seal.close_alike(PLACE, number) != Seal(NEW_KEY).close_alike(PLACE, number)
    for sealed in (seal.close(PLACE, "Zoë"), seal.close_alike(PLACE, "Zoë")):
        assert seal.open(PLACE, sealed) == "Zoë"
        with pytest.raises(WrongKey):
            seal.open(PLACE, sealed[:-6] + "AAAAAA")
        with pytest.raises(WrongKey):
            Seal(NEW_KEY).open(PLACE, sealed)


def test_what_is_sealed_for_one_column_opens_in_no_other() -> None:
    seal = Seal(KEY)
    for sealed in (seal.close(PLACE, "Zoë"), seal.close_alike(PLACE, "Zoë")):
        with pytest.raises(WrongKey):
            seal.open("message.body", sealed)
    with pytest.raises(WrongKey):
        seal.open_bytes("source_request.body", seal.close_bytes(PLACE, b"{}"))


def test_every_sealed_column_knows_its_place() -> None:
    for table, names in sealed_tables():
        for name in names:
            assert table.c[name].type.place == f"{table.name}.{name}"  # type: ignore[attr-defined]


def test_a_value_that_somebody_moved_to_another_column_is_not_read_there(opened: Sealed) -> None:
    branch = opened(KEY)
    with_a_life(branch)
    moved = text("UPDATE contact_point SET value = (SELECT record FROM arrival LIMIT 1)")
    branch.store.transact_now(lambda session: session.connection().execute(moved))
    with pytest.raises(WrongKey):
        branch.all(ContactPoint)


FIRST_SEALED = {
    "phone": "\x02AfNK2qPtg0dIa4bn1yjcHNXYUCD+wHzCoV8F2yPyJd68OWrUQFSjHw7MmAi9Lg==",
    "ending": "\x02AvNK2qPtrdZp/6GOfN6/Ik8XabeMZXC599E=",
    "word": "\x02AfNK2qPtYFW7EwljSO2paF8/7md3nb+hPlWNIQxm2VT4cFjgA3YxNiBB",
}
FIRST_SEALED_BYTES = MARK_OF_BYTES + bytes.fromhex("01f34adaa3ed1b48911cba7d1037b79db55ff6660b22ba76356225adb9e5eeb411bf5ea2")
"""What the first Leadbell that sealed anything wrote with this key, for no column."""


def test_what_the_first_leadbell_sealed_is_opened_in_any_column() -> None:
    seal = Seal(KEY)
    assert [seal.open(PLACE, stored) for stored in FIRST_SEALED.values()] == ["+15125550100", "0100", "leadbell"]
    assert FIRST_SEALED["ending"] in seal.alike("contact_point.ending", "0100")
    assert seal.open_bytes(PLACE, FIRST_SEALED_BYTES) == b"{}"


@pytest.mark.fault(82)
def test_what_the_first_leadbell_sealed_is_read_and_found_and_sealed_anew_for_its_column(opened: Sealed) -> None:
    first = opened(KEY)
    number = with_a_life(first)
    before = first.store.transact_now(lead_record, number)

    def as_it_was(session: Session) -> None:
        session.connection().execute(text("UPDATE installation SET sealed_with = :word"), FIRST_SEALED)
        session.connection().execute(text("UPDATE contact_point SET value = :phone, ending = :ending WHERE kind = 'phone'"), FIRST_SEALED)

    first.store.transact_now(as_it_was)

    branch = opened(KEY)
    assert branch.store.transact_now(lead_record, number) == before
    boss = branch.officer_id("priya")
    assert [hit.number for hit in branch.store.transact_now(leads_with_phone, boss, "0100", any_team=True)] == [number]
    assert seal_everything(branch.store) > 0
    assert seal_everything(branch.store) == 0
    assert opened(KEY).store.transact_now(lead_record, number) == before


def test_what_was_written_without_a_key_is_read_as_it_is() -> None:
    assert Seal(KEY).open(PLACE, "+15125550100") == "+15125550100"
    assert Seal(KEY).open_bytes(PLACE, b"{}") == b"{}"


def test_the_docs_name_every_sealed_column() -> None:
    page = (EXAMPLE.parent / "docs/security.md").read_text()
    rows = page.partition("| Table | Columns |")[2].partition("\n\n")[0].splitlines()[2:]
    written = {(row.split("|")[1].strip(), *sorted(row.split("|")[2].strip().split(", "))) for row in rows}
    assert written == {(f"`{table.name}`", *sorted(f"`{name}`" for name in names)) for table, names in sealed_tables()}
