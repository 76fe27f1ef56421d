"""leadbell check --live: what is broken outside of us is named with who mends it, and a channel that strangers read is refused."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.config import load_config
from bot.findings import Finding
from bot.handlers.slack.live_check import WITHOUT
from bot.live_check import check_live
from bot.sandbox.phone.account import ACCOUNT_SID, AUTH_TOKEN, NUMBERS, SERVICE_SID
from bot.sandbox.server import Sandbox, running_sandbox
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, SCOPES
from bot.settings import Settings
from tests.conftest import EXAMPLE
from tests.doubles.graph_server import ACCESS_TOKEN, CHANGES, FORM, running_graph
from tests.doubles.office import config_of
from tests.doubles.ports import free_port
from tests.doubles.processes import command
from tests.doubles.workplace import Workplace
from tests.house.readme import table

WITH_A_GUEST = {'slack: "#leads" ': 'allow: guests\n      slack: "#leads" '}


class Site(Workplace):
    """A sandbox, a Leadbell that only says that it lives, and the check of both."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, public_url: str, folder: Path) -> None:
        super().__init__(sandbox, session)
        self.public_url = public_url
        self._folder = folder

    async def check(self, changes: dict[str, str] = WITH_A_GUEST, **settings: Any) -> list[Finding]:
        """What the check finds with these changes of the example config and of the environment."""
        environ: dict[str, Any] = {
            "SLACK_BOT_TOKEN": SecretStr(BOT_TOKEN), "SLACK_APP_TOKEN": SecretStr(APP_TOKEN), "SLACK_API_URL": self.sandbox.api_url,
            "LEADBELL_PUBLIC_URL": self.public_url, "LEADBELL_PORT": free_port(), "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": SecretStr(AUTH_TOKEN), "TWILIO_FROM": NUMBERS[0], "TWILIO_API_URL": self.sandbox.url,
        }  # fmt: skip
        config = load_config(config_of(self._folder, changes), {})
        return [finding async for finding in check_live(Settings(**environ | settings), config)]

    async def invite(self, channel: str) -> None:
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with self._session.post(f"{self.sandbox.api_url}conversations.join", json={"channel": channel}, headers=headers) as answer:
            assert (await answer.json())["ok"]


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    application = web.Application()
    application.router.add_get("/healthz", alive)
    async with running_sandbox() as sandbox, aiohttp.ClientSession() as session, TestServer(application) as server:
        made = Site(sandbox, session, str(server.make_url("")).rstrip("/"), tmp_path)
        await made.do("phone", inbound_url=f"{made.public_url}/twilio/messages", voice_url=f"{made.public_url}/twilio/calls")
        yield made


def missing(findings: list[Finding]) -> list[str]:
    return [finding.said for finding in findings if finding.mark == "missing"]


async def test_where_all_is_well_only_peoples_phones_are_left_to_do(site: Site) -> None:
    findings = await site.check()
    assert missing(findings) == []
    assert [finding.said for finding in findings if finding.mark == "ok"] == [
        "Signed in to the Slack workspace Acme Mortgage as leadbell.",
        f"The token has all {len(WITHOUT)} scopes.",
        "Socket Mode opens, so presses and commands reach Leadbell.",
        "#leads: a message was posted, redrawn and deleted.",
        "#all-officers: a message was posted, redrawn and deleted.",
        "#leads-south: a message was posted, redrawn and deleted.",
        "Every officer was found in Slack.",
        f"{site.public_url} reaches Leadbell.",
        "The Twilio account Acme Mortgage is active.",
        f"Borrowers' answers to {NUMBERS[0]} come to Leadbell.",
        f"Calls come from {NUMBERS[0]}.",
        f"Calls to {NUMBERS[0]} come to Leadbell.",
    ]
    [left] = [finding.said for finding in findings if finding.mark == "to do"]
    assert left.startswith("Each of Maya Torres, Luis Ortega, ")
    assert any("90 days" in finding.said and "10 apps" in finding.said for finding in findings)
    assert [await site.messages(channel) for channel in ("C0LEADS", "C0SOUTH", "C0WIDE")] == [[], [], []]


async def test_guests_are_named_unless_the_config_lets_them_read(site: Site) -> None:
    [told] = missing(await site.check({}))
    assert told == "#leads has guests: Gus Guest. Remove them from the channel, or write allow: guests beside slack: in the config."


@pytest.mark.fault(80)
async def test_a_public_channel_is_refused_before_anything_is_posted_there(site: Site) -> None:
    told = missing(await site.check({'slack: "#leads" ': 'slack: "#general" '}))
    assert told == ["#general: Leadbell is not in it. Type /invite @Leadbell there."]
    await site.invite("C0GENERAL")
    told = missing(await site.check({'slack: "#leads" ': 'slack: "#general" '}))
    assert told[0].startswith("#general is public: everybody in the workspace reads its leads.")
    assert await site.messages("C0GENERAL") == []
    allowed = {'slack: "#leads" ': 'allow: [public, guests]\n      slack: "#general" '}
    assert missing(await site.check(allowed)) == []


@pytest.mark.fault(80)
async def test_a_channel_with_another_company_in_it_is_refused(site: Site) -> None:
    await site.do("faults", kind="channel_shared", channel="C0SOUTH")
    [told] = missing(await site.check())
    assert told.startswith("#leads-south is shared with another company (Slack Connect).")
    allowed = WITH_A_GUEST | {'slack: "#leads-south"': 'allow: other_companies\n      slack: "#leads-south"'}
    assert missing(await site.check(allowed)) == []


@pytest.mark.parametrize("scope", SCOPES)
async def test_a_missing_scope_is_named_with_what_stops_without_it(site: Site, scope: str) -> None:
    await site.do("faults", kind="scope_withheld", scope=scope)
    [told] = missing(await site.check())
    assert told == f"The scope {scope}. Without it: {WITHOUT[scope]}. Add it under OAuth & Permissions and install the app again."


def test_what_stops_without_a_scope_stands_in_the_docs_too() -> None:
    assert {scope: without for scope, _, without in table("What the app may do in Slack")} == WITHOUT


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"SLACK_BOT_TOKEN": None}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": SecretStr("xoxb-wrong")}, "SLACK_BOT_TOKEN: Slack answers invalid_auth."),
        ({"SLACK_APP_TOKEN": None}, "SLACK_APP_TOKEN is not set"),
        ({"SLACK_APP_TOKEN": SecretStr("xapp-wrong")}, "SLACK_APP_TOKEN: Slack answers invalid_auth."),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "Slack cannot be reached"),
        ({"LEADBELL_PUBLIC_URL": "http://leads.example.com"}, "LEADBELL_PUBLIC_URL is http://leads.example.com: without https"),
        ({"TWILIO_AUTH_TOKEN": SecretStr("wrong")}, "Twilio answers status 401."),
        ({"TWILIO_FROM": "+15125550111"}, "+15125550111 is no number of this Twilio account."),
        ({"TWILIO_API_URL": "http://127.0.0.1:9"}, "Twilio cannot be reached"),
    ],
)
async def test_each_thing_that_is_broken_is_told_with_what_mends_it(site: Site, settings: dict[str, Any], told: str) -> None:
    found = missing(await site.check(**settings))
    assert found[0].startswith(told)
    assert "wrong" not in " ".join(found)


async def test_a_fault_of_slack_in_the_middle_is_told_and_the_rest_is_checked(site: Site) -> None:
    await site.do("faults", kind="error_5xx", method="chat.postMessage", times=1)
    findings = await site.check()
    assert missing(findings) == ["#leads: Slack answers nothing useful."]
    assert "#leads-south: a message was posted, redrawn and deleted." in [finding.said for finding in findings]


async def test_a_message_that_cannot_be_redrawn_is_still_deleted(site: Site) -> None:
    await site.do("faults", kind="error_5xx", method="chat.update", times=1)
    assert missing(await site.check()) == ["#leads: Slack answers nothing useful."]
    assert await site.messages("C0LEADS") == []


async def test_an_officer_whom_slack_does_not_know_is_named_by_key_alone(site: Site) -> None:
    [told] = missing(await site.check(WITH_A_GUEST | {"luis@acme.example": "luis.ortega@acme.example"}))
    assert told == "Nobody in Slack has the email of officer luis. Mend it, or give the member id with slack:."


async def test_answers_that_go_elsewhere_are_told_with_the_right_address(site: Site) -> None:
    await site.do("phone", inbound_url="https://old.example.com/sms")
    [told] = missing(await site.check())
    assert f"{site.public_url}/twilio/messages (POST)" in told


async def test_a_messaging_service_is_looked_up_with_its_campaign(site: Site) -> None:
    findings = await site.check(TWILIO_FROM=None, TWILIO_MESSAGING_SERVICE_SID=SERVICE_SID)
    assert missing(findings) == []
    assert "The service's 10DLC campaign is verified." in [finding.said for finding in findings]


OF_TEAMS = WITH_A_GUEST | {"    manager: sam   ": "    numbers: [+15125550182, +15125550183]\n    manager: sam   "}


async def test_each_number_of_a_team_must_be_the_accounts_and_lead_here(site: Site) -> None:
    await site.do("phone", numbers=[NUMBERS[0], "+15125550182"])
    findings = await site.check(OF_TEAMS)
    assert missing(findings) == ["+15125550183 is no number of this Twilio account. Take it out of the team's numbers, or buy it there."]
    assert "+15125550182 texts and calls, and what comes there reaches Leadbell." in [each.said for each in findings if each.mark == "ok"]

    await site.do("phone", numbers=[NUMBERS[0], "+15125550182", "+15125550183"], voice_url="https://old.example.com/voice")
    told = [each.said for each in await site.check(OF_TEAMS) if each.mark == "to do"]
    assert len([said for said in told if f"set {site.public_url}/twilio/calls (POST) for incoming calls" in said]) == 3


async def test_a_number_in_the_service_needs_no_address_of_its_own(site: Site) -> None:
    await site.do("phone", numbers=[NUMBERS[0], "+15125550182", "+15125550183"])
    findings = await site.check(OF_TEAMS, TWILIO_FROM=None, TWILIO_MESSAGING_SERVICE_SID=SERVICE_SID, TWILIO_VOICE_FROM=NUMBERS[0])
    assert missing(findings) == []


async def test_what_the_config_lacks_before_the_first_text_is_to_do(site: Site) -> None:
    changes = WITH_A_GUEST | {"  sender_registered_on: 2026-11-02": "  # not yet"}
    findings = await site.check(changes)
    assert missing(findings) == []
    assert next(finding.said for finding in findings if finding.mark == "to do").startswith("No text leaves yet. Register the sender")


async def test_a_leadbell_that_does_not_run_yet_is_to_do_and_a_proxy_that_leads_nowhere_is_missing(site: Site) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    [waits, *_] = [finding.said for finding in await site.check(LEADBELL_PUBLIC_URL=nowhere) if finding.mark == "to do"]
    assert waits.startswith("Leadbell does not run on this machine yet")
    running = int(site.public_url.rpartition(":")[2])
    told = missing(await site.check(LEADBELL_PUBLIC_URL=nowhere, LEADBELL_PORT=running))
    assert told[0].startswith(f"{nowhere} does not reach Leadbell")


@pytest.mark.parametrize(("changes", "code"), [(WITH_A_GUEST, 0), ({}, 1)])
async def test_the_command_says_each_finding_on_a_line_and_fails_where_something_is_broken(
    site: Site, tmp_path: Path, changes: dict[str, str], code: int
) -> None:
    told = await command(
        "sqlite:///unused.db", "check", "--live", config=config_of(tmp_path, changes),
        SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN, SLACK_API_URL=site.sandbox.api_url,
    )  # fmt: skip
    assert told[0] == code, told[1]
    assert "     ok  Signed in to the Slack workspace Acme Mortgage as leadbell.\n" in told[1]
    assert ("\nmissing  #leads has guests: Gus Guest." in told[1]) is bool(code)


def test_the_sandboxs_token_has_the_scopes_of_the_manifest() -> None:
    manifest = (EXAMPLE.parent / "slack-manifest.yaml").read_text()
    assert all(f"- {scope}\n" in manifest for scope in SCOPES)
    assert set(SCOPES) == set(WITHOUT)


async def test_a_mail_server_is_tried_and_what_the_config_lacks_is_left_to_do(site: Site) -> None:
    unsigned = {**WITH_A_GUEST, "  signed_off_by: Cora Bell          # who approved the emails and what stands below them, and when\n": ""}
    findings = await site.check(unsigned, SMTP_URL=SecretStr((await site.see("emails"))["smtp_url"]))

    assert "The mail server 127.0.0.1 lets Leadbell in." in [finding.said for finding in findings if finding.mark == "ok"]
    assert next(finding.said[:21] for finding in findings if finding.mark == "to do") == "No email leaves yet. "


async def test_a_mail_server_that_is_not_there_is_missing_and_its_password_is_not_told(site: Site) -> None:
    [told] = missing(await site.check(SMTP_URL=SecretStr(f"smtp://maya:s3cret@127.0.0.1:{free_port()}")))

    assert "cannot be reached" in told and "SMTP_URL" in told and "s3cret" not in told


async def test_a_mail_server_that_takes_no_password_is_missing(site: Site) -> None:
    smtp_url = str((await site.see("emails"))["smtp_url"]).replace("//", "//maya:s3cret@")
    [told] = missing(await site.check(SMTP_URL=SecretStr(smtp_url)))

    assert "mail server" in told and "s3cret" not in told


async def test_a_mailbox_is_opened_and_left_as_it_is(site: Site) -> None:
    findings = await site.check(IMAP_URL=SecretStr(site.sandbox.imap_url))

    assert missing(findings) == []
    assert "The mailbox at 127.0.0.1 can be read." in [finding.said for finding in findings if finding.mark == "ok"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (":sandbox@", "The mailbox server 127.0.0.1 refuses the login. Check user and password in IMAP_URL."),
        ("/INBOX", "The mailbox has no folder Leads. IMAP_URL ends with one that it has, such as /INBOX."),
    ],
)
async def test_a_mailbox_that_cannot_be_read_is_missing_and_its_password_is_not_told(site: Site, wrong: str, told: str) -> None:
    instead = {":sandbox@": ":s3cret@", "/INBOX": "/Leads"}[wrong]
    assert missing(await site.check(IMAP_URL=SecretStr(site.sandbox.imap_url.replace(wrong, instead)))) == [told]


async def test_a_mailbox_server_that_is_not_there_is_missing(site: Site) -> None:
    port = free_port()
    [told] = missing(await site.check(IMAP_URL=SecretStr(f"imap://reader:s3cret@127.0.0.1:{port}/INBOX")))

    assert told == f"The mailbox server 127.0.0.1:{port} cannot be reached or trusted (ConnectionRefusedError). Check IMAP_URL."


@pytest.mark.parametrize("token", [ACCESS_TOKEN, "s3cret-of-another-page"])
async def test_metas_forms_are_asked_with_the_token_of_the_page(site: Site, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("META_ACCESS_TOKEN", token)
    async with running_graph() as graph:
        findings = await site.check(WITH_A_GUEST | CHANGES, META_API_URL=graph.url)

    works = f"Meta hands out the leads of form {FORM} of source facebook."
    refused = f"Meta hands out no leads of form {FORM} of source facebook: error 190. Check META_ACCESS_TOKEN and the form's number."
    assert (works in [each.said for each in findings if each.mark == "ok"]) is (token == ACCESS_TOKEN)
    assert missing(findings) == ([] if token == ACCESS_TOKEN else [refused])


async def test_without_a_mail_server_it_is_said_that_email_is_off(site: Site) -> None:
    assert "SMTP_URL is not set, so email is off." in [finding.said for finding in await site.check() if finding.mark == "note"]
