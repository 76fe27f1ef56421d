"""The demo from start to end: busy ports, Ctrl-C, a kill in the middle, going on and starting over."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.doubles.demos import Demo, a_demo
from tests.doubles.shown import action
from tests.doubles.waiting import MACHINE, PATIENCE, wait_until

NORA = {"first_name": "Nora", "phone": "(512) 555-0100", "property_state": "TX", "loan_purpose": "purchase"}


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with a_demo(tmp_path) as demo:
        yield demo


def refused(demo: Demo) -> str:
    """What a start that cannot work says."""
    command, environment = demo.command("demo")
    ended = subprocess.run(command, cwd=demo.folder, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert (ended.returncode, ended.stdout) == (1, "")
    return ended.stderr


def test_control_c_ends_it_and_its_sandbox_within_three_seconds(demo: Demo) -> None:
    demo.start()
    demo.card_of(demo.send_lead(**NORA))
    code, seconds = demo.end()
    assert code == 0
    assert seconds < 3 + MACHINE
    assert demo.sandbox_process is None


def test_its_phone_network_knows_where_leadbell_takes_texts(demo: Demo) -> None:
    demo.start()
    assert demo.post(f"{demo.page}/_control/phone", {})["inbound_url"] == f"{demo.door}/twilio/messages"


def test_an_officer_may_email_and_the_mailbox_is_open(demo: Demo) -> None:
    demo.start()
    lead = demo.send_lead(**NORA, email="nora@example.com")
    card = demo.card_of(lead)
    pressed = {"user": "U0MAYA", "channel": "C0LEADS", "messageTs": card["ts"], "action": action(card, "Claim")}
    assert demo.post(f"{demo.page}/_control/interact", pressed)["ok"]
    wait_until(lambda: "Maya Torres" in json.dumps(demo.card_of(lead)), "a card with Maya's name")

    typed = {"user": "U0MAYA", "channel": "C0LEADS", "command": "/lead", "text": f"email {lead}"}
    assert demo.post(f"{demo.page}/_control/command", typed)["ok"]

    wait_until(lambda: "OK to email" in json.dumps(demo.get(f"{demo.page}/_control/views/U0MAYA")["modal"]), "a screen for an email")
    assert demo.get(f"{demo.page}/_control/emails")["smtp_url"].startswith("smtp://127.0.0.1:")


def test_a_busy_port_for_leads_is_told_in_one_sentence(demo: Demo) -> None:
    with socket.create_server(("127.0.0.1", demo.port)):
        told = refused(demo)
    assert told == f"Port {demo.port} is already in use. Stop the program that has it, or set LEADBELL_PORT to another number.\n"
    assert demo.sandbox_process is None


def test_a_busy_port_for_the_sandbox_is_told_in_one_sentence(demo: Demo) -> None:
    with socket.create_server(("127.0.0.1", demo.sandbox_port)):
        told = refused(demo)
    assert (
        told
        == f"Port {demo.sandbox_port} is already in use. Stop the program that has it, or set LEADBELL_SANDBOX_PORT to another number.\n"
    )


def test_a_second_one_in_the_same_folder_leaves_the_first_alone(demo: Demo) -> None:
    demo.start()
    assert refused(demo) == "The demo already runs in this folder. Use that one, or end it with Ctrl-C first.\n"
    assert demo.answers()


def test_killing_it_leaves_the_sandbox_and_the_next_start_goes_on_with_both(demo: Demo) -> None:
    demo.start()
    number = demo.send_lead(**NORA)
    ts = demo.card_of(number)["ts"]
    sandbox = demo.sandbox_process
    demo.end(signal.SIGKILL)
    assert demo.get(f"{demo.page}/_control/clock")["ok"]

    demo.start()
    assert demo.sandbox_process == sandbox
    assert demo.send_lead(**NORA) == number
    assert demo.card_of(number)["ts"] == ts


def test_fresh_starts_over_although_an_old_sandbox_still_runs(demo: Demo) -> None:
    demo.start()
    ts = demo.card_of(demo.send_lead(**NORA))["ts"]
    sandbox = demo.sandbox_process
    demo.end(signal.SIGKILL)

    demo.start("--fresh")
    assert demo.sandbox_process not in (None, sandbox)
    assert ts not in [card["ts"] for card in demo.cards()]
    assert demo.send(**NORA)["duplicate"] is False


def test_another_port_takes_the_old_sandbox_along(demo: Demo) -> None:
    demo.start()
    number = demo.send_lead(**NORA)
    demo.card_of(number)
    old_page = demo.page
    demo.end(signal.SIGKILL)

    with a_demo(demo.folder) as moved:
        moved.start()
        assert moved.card_of(number)
        with pytest.raises(OSError, match="refused"):
            moved.get(f"{old_page}/_control/clock")


def test_leads_trickle_in_by_themselves(demo: Demo) -> None:
    demo.start()
    card = wait_until(demo.cards, "a lead that came by itself")[0]
    assert card["text"]


def test_whoever_skips_to_four_reads_which_leads_can_still_go_back(demo: Demo) -> None:
    demo.start()
    dana = {"first_name": "Dana", "phone": "(512) 555-0100", "property_state": "TX"}
    number = demo.send_lead(**dana)
    again = demo.post(f"{demo.door}/leads/zillow", dana, Authorization="Bearer the-demo-key")
    assert again == {"lead": number, "duplicate": True}

    tomorrow = datetime.fromisoformat(demo.get(f"{demo.page}/_control/clock")["now"]).astimezone(ZoneInfo("America/Chicago")) + timedelta(
        days=1
    )
    demo.post(f"{demo.page}/_control/clock", {"set": tomorrow.replace(hour=16, minute=5).isoformat()})

    def told() -> bool:
        return f"#{number}, Zillow: duplicate (here from Website since" in demo.text(f"{demo.page}/_control/messages/D0SAM")

    wait_until(told, "what the manager reads at four")
