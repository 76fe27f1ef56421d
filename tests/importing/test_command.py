"""`leadbell import leads` as it is typed: beside a running bot, killed in the middle, tried dry, and given the wrong thing."""

import asyncio
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.capture.importing import ROWS_TOGETHER
from bot.sandbox.server import running_sandbox
from bot.store.database import Store
from bot.store.leads import Arrival, Lead
from bot.store.postings import Posting
from tests.doubles.databases import fresh_sqlite
from tests.doubles.processes import EXAMPLE, closed_today, command, environment, running_bot
from tests.doubles.rows import rows
from tests.doubles.slack_channel import SlackChannel
from tests.doubles.waiting import until
from tests.importing.conftest import Save

HEADERS = "First Name,Phone,Loan Purpose\n"


def many(count: int) -> str:
    return HEADERS + "".join(f"Name{number},512555{number:04d},purchase\n" for number in range(count))


async def test_it_says_what_became_of_each_row_and_the_second_time_that_nothing_did(save: Save, tmp_path: Path) -> None:
    database, path = fresh_sqlite(tmp_path), save(HEADERS + "Dana,5125550100,purchase\nTom,5.12556E+09,refi\n")
    code, said = await command(database, "import", "leads", str(path), "--source", "website")
    assert (code, said.splitlines()[-1]) == (0, f"Imported 1 new lead, 1 row refused: see {tmp_path / 'leads.refused.csv'}.")
    assert "line 3, phone: Excel has rounded this number" in said
    assert "Tom" not in said and "Dana" not in said
    assert "Tom,5.12556E+09,refi" in (tmp_path / "leads.refused.csv").read_text("utf-8-sig")
    code, said = await command(database, "import", "leads", str(path), "--source", "website", "--report", str(tmp_path / "again.csv"))
    assert code == 0
    assert said.splitlines()[-1] == f"Imported 0 new leads, 1 row had been imported before, 1 row refused: see {tmp_path / 'again.csv'}."


async def test_a_dry_run_writes_neither_store_nor_report(save: Save, tmp_path: Path) -> None:
    path = save(HEADERS + "Dana,5125550100,purchase\nTom,none,refi\n")
    code, said = await command(f"sqlite:///{tmp_path}/leadbell.db", "import", "leads", str(path), "--source", "website", "--dry-run")
    assert (code, said.splitlines()[-1]) == (0, "Dry run, nothing was imported: 1 row can be, 1 row refused.")
    assert "line 3, phone" in said
    assert list(tmp_path.iterdir()) == [path]


async def test_beside_a_running_bot_quiet_leads_stay_quiet_and_ringing_ones_get_their_cards(save: Save, tmp_path: Path) -> None:
    database = fresh_sqlite(tmp_path)
    async with running_sandbox() as sandbox, aiohttp.ClientSession() as session, running_bot(database, tmp_path, sandbox) as bot:
        slack, config = SlackChannel(sandbox, session), closed_today(tmp_path)
        (code, said), live = await asyncio.gather(
            command(database, "import", "leads", str(save(many(100))), "--source", "website", config=config),
            bot.deliver(phone="(512) 444-0100"),
        )
        assert (code, said, live[0]) == (0, "Imported 100 new leads.\n", 200)
        ringing = str(save(HEADERS + "Tom,2145550101,refi\n"))
        assert await command(database, "import", "leads", ringing, "--source", "zillow", "--ring", config=config) == (
            0,
            "Imported 1 new lead.\n",
        )

        async def two_cards() -> bool:
            return len(await slack.cards()) == 2

        await until(two_cards, "two cards", slack.cards)
    store = Store(database)
    cards = [posting for posting in rows(store, Posting) if posting.kind == "card"]  # rings come by day alone
    assert (len(rows(store, Lead)), len(cards)) == (102, 2)
    store.close()


DIES_IN_ITS_THIRD_TRANSACTION = """
import os, signal
from bot import cli
from bot.capture import importing
keep, kept = importing.record_rows, []
def keep_two(*some):
    kept.append(keep(*some))
    if len(kept) > 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return kept[-1]
importing.record_rows = keep_two
cli.main()
"""


async def test_killed_in_the_middle_it_is_completed_by_the_next_run_without_doubles(store: Store, save: Save) -> None:
    database, path = store.url.render_as_string(hide_password=False), save(many(100))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DIES_IN_ITS_THIRD_TRANSACTION, "import", "leads", str(path), "--source", "website",
        env=environment(database), cwd=EXAMPLE.parent, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await process.wait() == -signal.SIGKILL
    before = len(rows(store, Lead))
    assert before == 2 * ROWS_TOGETHER
    code, said = await command(database, "import", "leads", str(path), "--source", "website")
    assert (code, said) == (0, f"Imported {100 - before} new leads, {before} rows had been imported before.\n")
    assert len(rows(store, Lead)) == len(rows(store, Arrival)) == 100


@pytest.mark.parametrize(
    ("content", "arguments", "told"),
    [
        ("Color\nblue\n", ["--source", "website"], "has no column for a phone or an email."),
        ("Phone\n5125550100\n", ["--source", "nobody"], "There is no source nobody. Choose one of website, zillow, "),
        ("Phone\n5125550100\n", ["--source", "nobody", "--dry-run"], "There is no source nobody. Choose one of website, zillow, "),
    ],
)
async def test_what_cannot_be_imported_is_told_in_one_sentence(
    save: Save, tmp_path: Path, content: str, arguments: list[str], told: str
) -> None:
    code, said = await command(fresh_sqlite(tmp_path), "import", "leads", str(save(content)), *arguments)
    assert code == 1
    assert told in said and said.count("\n") == 1 and "Traceback" not in said


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
async def test_a_row_of_trigger_leads_that_says_no_basis_is_refused(save: Save, tmp_path: Path, dry: tuple[str, ...]) -> None:
    config = tmp_path / "leadbell.yaml"
    sells = "    secret_env: LEADBELL_KEY_ZILLOW\n"
    config.write_text(EXAMPLE.read_text("utf-8").replace(sells, sells + "    bought: true\n    trigger_leads: true\n"), "utf-8")
    path = save("First Name,Phone,Trigger Basis\nDana,5125550100,Consumer authorization\nTom,5125550101,\n")

    code, said = await command(fresh_sqlite(tmp_path), "import", "leads", str(path), "--source", "zillow", *dry, config=config)

    assert code == 0 and "line 3, trigger basis: A trigger lead may be used only with the basis" in said
    assert said.splitlines()[-1].startswith(
        "Dry run, nothing was imported: 1 row can be, 1 row ref" if dry else "Imported 1 new lead, 1 row ref"
    )
