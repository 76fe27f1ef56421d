"""`leadbell erase` says how much it takes, and refuses whom it cannot be sure of."""

import pytest
from typer.testing import CliRunner, Result

from bot.capture.source_requests import keep_unread
from bot.cli import app
from bot.oversight.erasing import NobodyFound
from bot.sources.request import LeadRequest
from bot.sources.unreadable import FieldError
from bot.store.contacts import ContactPoint
from bot.store.database import Store
from bot.store.source_requests import SourceRequest
from tests.conftest import NOON
from tests.doubles.branch import Branch

BROKEN = b'{"external_id":"a4","first_name":"Dana","phone":"512-555-0142"'


@pytest.fixture
def branch(company: Store, monkeypatch: pytest.MonkeyPatch) -> Branch:
    monkeypatch.setenv("LEADBELL_DATABASE_URL", company.url.render_as_string(hide_password=False))
    return Branch(company, NOON)


def typed(*words: str, then: str = "") -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, list(words), input=then)


async def unread(branch: Branch) -> None:
    source = branch.services.in_force.sources["website"]
    await keep_unread(branch.services, source, LeadRequest({}, {}, BROKEN), [FieldError("broken", "body", "")])


async def test_it_says_how_many_requests_that_nobody_could_read_go_too(branch: Branch) -> None:
    await unread(branch)
    number = branch.new_lead(first_name="Dana", phone="512-555-0142", email=None)

    done = typed("erase", "--phone", "512-555-0142", then="erase 1\n")

    assert done.exit_code == 0, done.exception
    assert f"in 1 lead: #{number}, and in 1 request of sources that became no lead. Nobody can bring them back." in done.stdout
    assert "the words of 0 messages, 1 request of sources that became no lead." in done.stdout
    assert branch.all(SourceRequest) == []


async def test_who_stands_in_such_a_request_alone_can_be_erased(branch: Branch) -> None:
    await unread(branch)

    done = typed("erase", "--phone", "512-555-0142", then="erase 0\n")

    assert "meant in 0 leads, and in 1 request of sources that became no lead." in done.stdout
    assert branch.all(SourceRequest) == []
    assert isinstance(typed("erase", "--phone", "512-555-0142").exception, NobodyFound)


@pytest.mark.parametrize(
    "phone", ["512 555 0142 or 512 555 0143", "512-555-0142 / x512-555-0143", "512-555-0142 x7", f"5125550142{' ' * 200}5125550143"]
)
def test_what_is_not_one_phone_alone_is_refused(branch: Branch, phone: str) -> None:
    branch.new_lead(phone="512-555-0142")

    refused = typed("erase", "--phone", phone, then="erase 1\n").exception

    assert isinstance(refused, NobodyFound) and "not one phone number alone" in str(refused)
    assert "+15125550142" in {contact.value for contact in branch.all(ContactPoint)}


@pytest.mark.parametrize(
    "email", ["Dana Rowe <dana@example.com>", '"Rowe, Dana" <Dana@Example.com>', " DANA@example.com ", "<dana@example.com>"]
)
def test_an_email_is_understood_as_mail_programs_copy_it(branch: Branch, email: str) -> None:
    branch.new_lead(email="dana@example.com")

    assert typed("erase", "--email", email, then="erase 1\n").exit_code == 0
    assert "dana@example.com" not in {contact.value for contact in branch.all(ContactPoint)}


@pytest.mark.parametrize(
    "email", ["", "dana", "dana@example.com, petra@example.com", "dana rowe@example.com", "Dana <dana@example.com> <petra@example.com>"]
)
@pytest.mark.usefixtures("branch")
def test_what_is_not_one_email_alone_is_refused_with_a_hint(email: str) -> None:
    refused = typed("erase", "--email", email).exception

    assert isinstance(refused, NobodyFound) and "Write it as dana@example.com." in str(refused)
