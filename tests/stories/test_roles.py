"""Who works no leads changes none, whatever they type: every command there is, on a lead that is somebody's."""

import pytest
from sqlmodel import col, func, select

from bot.handlers.slack.app import COMMANDS
from bot.store.events import Event
from tests.doubles.office import Office
from tests.doubles.shown import words
from tests.stories.test_working import claimed_by_maya, stage_of

SAID = {
    "find": "dana",
    "log": "connected",
    "text": "see you at noon",
    "stage": "qualified",
    "note": "wants a 15-year",
    "return": "no intent",
    "assign": "to Luis",
    "off": "friday",
    "later": "friday",
    "remind": "friday check docs",
}
"""What stands after a command that would do something with it."""


async def changes(office: Office) -> int:
    """How many events there are but looks at a number, which are kept of whoever may look."""
    assert office.services is not None
    counted = select(func.count(col(Event.id))).where(col(Event.kind) != "call_judged")
    return await office.services.store.read(lambda session: session.exec(counted).one())


@pytest.mark.parametrize(("who", "role"), [("cora", "compliance"), ("sam", "admin")])
async def test_who_works_no_leads_changes_nothing_by_any_command(office: Office, who: str, role: str) -> None:
    lead = await claimed_by_maya(office)
    await office.becomes(who, role)
    await office.until(office.nothing_is_owed, "everything shown")
    before = await changes(office)

    for command in COMMANDS:
        number = f"{lead} " if command.about_a_lead else ""
        answers = len(await office.whispers_to(who))
        await office.types(who, f"/lead {command.name} {number}{SAID.get(command.name, '')}".strip())

        async def answered(answers: int = answers) -> bool:
            return len(await office.whispers_to(who)) > answers

        await office.until(answered, f"an answer to {command.name}")

    assert await changes(office) == before
    assert await stage_of(office, lead) == "new"
    assert "Maya Torres has it" in words(await office.card_of(lead))


async def test_help_names_no_command_that_would_refuse(office: Office) -> None:
    await office.types("cora", "/lead help")

    told = await office.hears("cora", "/lead show 1042")
    assert "/pipeline" in told
    assert [each for each in ("claim 1042", "/log", "/stage", "assign", "/lead off", "return") if each in told] == []
