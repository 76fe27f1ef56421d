"""`leadbell import rates`: a file sets all of its rates or none, and the same file again changes nothing."""

from pathlib import Path

import pytest

from bot.nurture.rate_file import BadRates, import_rates, read_rates
from bot.nurture.rates import set_rate_of
from bot.store.events import COMPANY
from bot.store.rates import Rate, rate_in_force
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_sqlite
from tests.doubles.processes import command
from tests.importing.conftest import Save

FILE = "Product,Rate\n30-year,6.25%\n15y,5.5\nfha,6\n"


def test_a_file_sets_each_of_its_rates_once(branch: Branch, save: Save) -> None:
    said = import_rates(branch.store, save(FILE), branch.clock.now())
    assert said == ["30y is at 6.25%", "15y is at 5.50%", "fha is at 6.00%"]
    assert branch.store.transact_now(rate_in_force, "30y") == 6250
    set_by = [(event.kind, event.actor, event.officer_id) for event in branch.events(COMPANY)]
    assert set_by[-3:] == [("rate_set", "command line", None)] * 3

    assert import_rates(branch.store, save(FILE), branch.clock.now()) == []
    assert branch.count(Rate) == 3
    assert import_rates(branch.store, save(FILE.replace("6.25%", "6.125")), branch.clock.now()) == ["30y is at 6.125%, after 6.25%"]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("", "The first line has to name the columns"),
        ("30y,6.25\n", "The first line has to name the columns"),
        ("product,rate,rate\n30y,6,6\n", "each once"),
        ("product,rate\n", "It holds no rates."),
        ("product,rate\n40y,6\n", 'Line 2: "40y" is no product. Write one of 30y, 20y'),
        ("product,rate\n\n30y,six\n", 'Line 3: "six" is no rate. Write it such as 6.25'),
        ("product,rate\n30y\n", 'Line 2: "" is no rate.'),
        ("product,rate\n30y,6\nconv,6.5\n", "Line 3: 30y stands in the file twice"),
        ("product,rate\n" + "30y,6\n" * 300, "longer than 200 lines"),
        ("product,rate\n" + "x" * 100_000, "longer than 200 lines"),
        (b"product,rate\n30y,6\xff\n", "This is not CSV in UTF-8."),
        (b"product,rate\n30y,\x006\n", "Line 2:"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line_and_nothing_changes(
    branch: Branch, save: Save, file: str | bytes, says: str
) -> None:
    with pytest.raises(BadRates) as told:
        import_rates(branch.store, save(file), branch.clock.now())
    assert "nothing was changed" in str(told.value) and says in str(told.value)
    assert branch.count(Rate) == 0


def test_every_problem_is_told_at_once(save: Save) -> None:
    with pytest.raises(BadRates) as told:
        read_rates(save("product,rate\nx,6\n30y,y\n"))
    assert "Line 2" in str(told.value) and "Line 3" in str(told.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadRates, match="It cannot be read: No such file"):
        read_rates(tmp_path / "none.csv")


def test_a_rate_that_leaps_by_more_than_a_point_is_left_to_a_manager(branch: Branch, save: Save) -> None:
    import_rates(branch.store, save(FILE), branch.clock.now())
    with pytest.raises(BadRates, match=r"30y would go from 6.25% to 2.65%.*/rate set 30y 2.65 sure"):
        import_rates(branch.store, save("product,rate\n15y,5.25\n30y,2.65\n"), branch.clock.now())
    assert branch.store.transact_now(rate_in_force, "15y") == 5500, "all of its rates or none"
    branch.store.transact_now(set_rate_of, branch.press("sam", COMPANY), "30y 2.65 sure")
    assert branch.store.transact_now(rate_in_force, "30y") == 2650


async def test_the_command_says_what_changed(tmp_path: Path, save: Save) -> None:
    database, file = fresh_sqlite(tmp_path), str(save(FILE))
    changed = "30y is at 6.25%.\n15y is at 5.50%.\nfha is at 6.00%.\n"
    assert await command(database, "import", "rates", file) == (0, changed)
    assert await command(database, "import", "rates", file) == (0, "Every rate of the file is in force already.\n")
    code, said = await command(database, "import", "rates", str(save("product\n")))
    assert code == 1 and "nothing was changed" in said
