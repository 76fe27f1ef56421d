"""`leadbell import dnc`: what the FTC and the states deliver, in force only once all of it is in."""

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.errors import LeadbellError
from bot.oversight import do_not_call
from bot.oversight.do_not_call import NoDay, NotARegistry, Registered, Superseded, TooEarly, advice, import_registry, said_of
from bot.rules.do_not_call import Listed
from bot.store.database import Store
from bot.store.do_not_call import DoNotCallArea, DoNotCallBlock, DoNotCallImport, begin_import, held_registries, listed
from bot.store.events import Event
from tests.conftest import NOON
from tests.doubles.databases import fresh_sqlite
from tests.doubles.processes import command
from tests.doubles.rows import rows

Import = Callable[..., Registered]

TODAY = date(2026, 11, 24)
DANA, TOM = "+15125550100", "+15125550101"


def heard_nothing(_: int) -> None:
    """Nobody watches."""


@pytest.fixture
def take(company: Store, tmp_path: Path) -> Import:
    """Import a file of these lines."""

    def taken(lines: str | bytes, registry: str = "national", dated: date | None = TODAY, name: str = "registry.txt") -> Registered:
        file = tmp_path / name
        file.write_bytes(lines if isinstance(lines, bytes) else lines.encode())
        return import_registry(company, file, registry, dated, NOON, heard_nothing)

    return taken


def says(store: Store, number: str) -> list[Listed]:
    return store.transact_now(listed, [number])[0]


def test_a_number_of_the_file_is_listed_and_its_neighbor_is_not(take: Import, company: Store) -> None:
    done = take("512,5550100\r\n512,5550199\r\n737,5550100\r\n")

    assert (done.added, done.area_codes, done.changes) == (3, 2, False)
    assert says(company, DANA) == [Listed("national", TODAY, True)]
    assert says(company, TOM) == [Listed("national", TODAY, False)]
    assert says(company, "+12145550100") == [], "nobody asked for area code 214"


def test_several_numbers_are_looked_up_together(take: Import, company: Store) -> None:
    take("512,5550100\r\n512,5550199\r\n737,5550100\r\n")
    numbers = [DANA, "no number", TOM, "+12145550100", "+17375550100", DANA]
    expected = [[Listed("national", TODAY, True)], [], [Listed("national", TODAY, False)], [], *[[Listed("national", TODAY, True)]] * 2]

    assert [company.transact_now(listed, numbers) for _ in range(2)] == [expected] * 2, "also once their salts are known"


@pytest.mark.parametrize("line", ["512,5550100", "5125550100", "512,555-0100", "512\t5550100", "512,5550100  "])
def test_lines_are_read_as_they_are_delivered(take: Import, company: Store, line: str) -> None:
    take(f"areacode,phone\n\n{line}")

    assert says(company, DANA) == [Listed("national", TODAY, True)]


def test_a_zip_file_is_read_as_it_is_downloaded(company: Store, tmp_path: Path) -> None:
    archive = tmp_path / "2026-11-20_download.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("512.txt", "512,5550100\n")
        packed.writestr("737.txt", "737,5550100\n")

    done = import_registry(company, archive, "national", None, NOON, heard_nothing)

    assert (done.dated, done.area_codes) == (date(2026, 11, 20), 2)
    assert says(company, "+17375550100") == [Listed("national", date(2026, 11, 20), True)]


def test_a_new_full_list_takes_the_place_of_the_old_one_for_its_area_codes_alone(take: Import, company: Store) -> None:
    take("512,5550100\n737,5550100\n", dated=TODAY - timedelta(days=20))
    take("512,5550101\n")

    assert says(company, DANA) == [Listed("national", TODAY, False)]
    assert says(company, TOM) == [Listed("national", TODAY, True)]
    assert says(company, "+17375550100") == [Listed("national", TODAY - timedelta(days=20), True)]
    assert len(rows(company, DoNotCallImport)) == 2


def test_a_number_that_was_just_asked_about_is_looked_up_in_the_list_of_this_moment(take: Import, company: Store) -> None:
    take("512,5550100")
    assert [says(company, DANA), says(company, DANA), says(company, TOM)] == [
        [Listed("national", TODAY, True)], [Listed("national", TODAY, True)], [Listed("national", TODAY, False)],
    ]  # fmt: skip

    take("512,5550101")
    take("512,5550100", registry="TX")
    both = [Listed("TX", TODAY, True), Listed("national", TODAY, False)]

    assert [sorted(says(company, DANA), key=lambda each: each.registry) for _ in range(3)] == [both] * 3


def test_a_list_of_changes_adds_and_removes_and_makes_its_area_codes_newer(take: Import, company: Store) -> None:
    take("512,5550100\n512,5550102\n737,5550100\n", dated=TODAY - timedelta(days=20))
    done = take("512,5550101,2026-11-23T10:00:00,A\n512,5550100,2026-11-23T10:00:00,D\n214,5550100,2026-11-23,A\n")

    assert (done.changes, done.added, done.removed, done.area_codes, done.elsewhere) == (True, 2, 1, 1, 1)
    assert says(company, DANA) == [Listed("national", TODAY, False)]
    assert says(company, TOM) == [Listed("national", TODAY, True)]
    assert says(company, "+15125550102") == [Listed("national", TODAY, True)]
    assert says(company, "+17375550100")[0].dated == TODAY - timedelta(days=20), "the file tells nothing of 737"
    assert says(company, "+12145550100") == []


def test_who_signed_off_and_on_again_is_listed(take: Import, company: Store) -> None:
    take("512,5550199\n", dated=TODAY - timedelta(days=1))
    take("512,5550100,D,2026-11-23\n512,5550100,A,2026-11-24\n")

    assert says(company, DANA) == [Listed("national", TODAY, True)]


def test_the_list_of_a_state_stands_beside_the_national_one_and_is_replaced_as_a_whole(take: Import, company: Store) -> None:
    take("512,5550100\n")
    take("512,5550101\n214,5550101\n", "TX", TODAY - timedelta(days=40))
    assert sorted(says(company, TOM), key=lambda each: each.registry) == [
        Listed("TX", TODAY - timedelta(days=40), True),
        Listed("national", TODAY, False),
    ]

    take("214,5550101\n", "TX")

    assert says(company, TOM) == [Listed("national", TODAY, False)]
    assert [(each.registry, each.area_codes) for each in company.transact_now(held_registries)] == [("national", 1), ("TX", 1)]


def test_a_file_in_any_order_is_whole(take: Import, company: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(do_not_call, "MOST_EXCHANGES", 2)
    take("".join(f"512,{exchange}{line}\n" for line in ("0100", "0101") for exchange in range(551, 556)))

    assert all(says(company, f"+1512{exchange}{line}")[0].listed for line in ("0100", "0101") for exchange in range(551, 556))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("512,5550100\nnone\n", "line 2"),
        ("<?xml version='1.0'?><list></list>", "flat text file"),
        ("512,5550100\n512,5550101,A,2026-11-24\n", "mixed"),
        ("512,5550100,A,D\n", "line 1"),
        ("", "holds no number"),
        (b"512,5550100\n\xff\xfe5\x001\x00", "line 2"),
        ("5" * 9000, "no lines"),
        ("214,5550100,A\n", "imported before"),
    ],
)
def test_what_is_no_registry_leaves_what_was_in_force(take: Import, company: Store, lines: str | bytes, told: str) -> None:
    take("512,5550100\n")

    with pytest.raises(NotARegistry, match=told):
        take(lines)
    assert says(company, DANA) == [Listed("national", TODAY, True)]
    assert says(company, TOM) == [Listed("national", TODAY, False)]


def test_a_broken_zip_file_is_told(take: Import, company: Store) -> None:
    with pytest.raises(NotARegistry):
        take(b"PK\x03\x04 and nothing more")
    assert says(company, DANA) == []


def test_an_import_that_broke_off_never_counts_and_the_next_one_sweeps_it_away(
    take: Import, company: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(do_not_call, "MOST_EXCHANGES", 1)
    take("512,5550100\n", dated=TODAY - timedelta(days=1))
    with pytest.raises(NotARegistry):
        take("512,5550101\n512,5560101\nnone\n")
    assert len(rows(company, DoNotCallBlock)) == 2
    assert says(company, TOM) == [Listed("national", TODAY - timedelta(days=1), False)]

    take("512,5550101\n")

    assert says(company, TOM) == [Listed("national", TODAY, True)]
    assert len(rows(company, DoNotCallBlock)) == 1


def test_of_two_imports_at_once_the_one_that_began_last_counts(company: Store, tmp_path: Path) -> None:
    file = tmp_path / "registry.txt"
    file.write_text("512,5550100\n")

    def another_begins(_: int) -> None:
        company.transact_now(begin_import, "national", TODAY, "00" * 32, NOON)

    with pytest.raises(Superseded):
        import_registry(company, file, "national", TODAY, NOON, another_begins)
    assert says(company, DANA) == []


def test_an_older_file_does_not_take_the_place_of_a_newer_one(take: Import, company: Store) -> None:
    take("512,5550100\n")

    with pytest.raises(TooEarly):
        take("512,5550101\n", dated=TODAY - timedelta(days=1))
    assert says(company, DANA) == [Listed("national", TODAY, True)]


def test_a_file_needs_a_day_and_none_that_is_to_come(take: Import) -> None:
    with pytest.raises(NoDay):
        take("512,5550100\n", dated=None)
    with pytest.raises(LeadbellError, match="still to come"):
        take("512,5550100\n", dated=TODAY + timedelta(days=2))
    assert take("512,5550100\n", dated=None, name="2026-11-3_512_AB12.txt").dated == date(2026, 11, 3)


def test_an_import_is_in_the_timeline_of_the_company_and_no_row_tells_a_number(take: Import, company: Store) -> None:
    take("512,5550100\n")

    [event] = [each for each in rows(company, Event) if each.kind == "registry_imported"]
    assert event.meta == {
        "registry": "national", "dated": "2026-11-24", "changes": False, "added": 1, "removed": 0, "area_codes": ["512"],
    }  # fmt: skip
    [block] = rows(company, DoNotCallBlock)
    assert "512555" not in str(block.id)
    assert [(each.kept_by, each.area_code) for each in rows(company, DoNotCallArea)] == [("national", "512")]


def test_operators_are_told_that_the_registry_is_missing_runs_out_or_is_too_old(take: Import, company: Store) -> None:
    [missing] = company.transact_now(advice, NOON)
    assert missing.startswith("The national do-not-call registry was not imported")
    take("512,5550100\n")
    said = {days: company.transact_now(advice, NOON + timedelta(days=days)) for days in (0, 23, 24, 31, 32)}

    assert said[0] == said[23] == []
    assert (
        said[24]
        == said[31]
        == ["The do-not-call file of November 24 runs out after December 25. Import a new one before: leadbell import dnc FILE"]
    )
    assert said[32][0].startswith("The do-not-call file of November 24 is older than 31 days")


def test_what_came_in_is_said_in_a_sentence(take: Import) -> None:
    assert said_of(take("512,5550100\n")) == (
        "Imported 1 number of the national registry in 1 area code, as of November 24; good through December 25."
    )
    assert said_of(take("512,5550101,A\n")).startswith("Imported 1 added to the national registry and 0 removed, in 1 area code")
    assert said_of(take("512,5550101\n", "TX")) == "Imported 1 number of the list of TX in 1 area code, as of November 24."


async def test_it_is_typed_as_a_command(tmp_path: Path) -> None:
    file, database = tmp_path / "2026-11-20_512.txt", fresh_sqlite(tmp_path)
    file.write_text("512,5550100\n")

    code, said = await command(database, "import", "dnc", str(file), "--state", "tx")

    assert (code, said) == (0, "Imported 1 number of the list of TX in 1 area code, as of November 20.\n")
    assert await command(database, "import", "dnc", str(file), "--state", "ZZ") == (
        1,
        "ZZ is no state. Write two letters, such as --state TX\n",
    )
    code, said = await command(database, "check")
    assert code == 0 and "The national do-not-call registry was not imported" in said
