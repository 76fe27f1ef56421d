"""Six items make an application: whoever owns the lead, and compliance, hear that the Loan Estimate clock may run."""

from sqlmodel import select

from bot.store.leads import Lead
from tests.doubles.office import Office

REST = {"ssn": "123-45-6789", "annual_income": "$90,000", "property_street": "1 Elm St"}


async def test_owner_and_compliance_are_told_when_the_sixth_item_comes_with_a_second_request(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives("zillow")
    await office.presses("maya", "Claim", lead)
    await office.told("maya", "Yours: #1001")

    await office.lead_arrives("lendingtree", **REST)

    for who in ("maya", "cora"):
        told = await office.is_told(who, "The Loan Estimate clock may run for #1001: an application may have been received on Tuesday")
        assert "Estimate due by Friday" in told and "(3 business days)" in told
    assert "123-45" not in f"{await office.messages('D0CORA')}"


async def test_it_is_told_once_however_often_the_borrower_asks(office: Office) -> None:
    lead = await office.lead_arrives("zillow", **REST)
    await office.is_told("cora", "The Loan Estimate clock may run")
    before = await six_piece_at(office, lead)
    await office.skip(hours=1)

    await office.lead_arrives("lendingtree", **REST)

    await office.thread_says(lead, "asked again")
    await office.until(office.nothing_is_owed, "everything shown")
    assert f"{await office.direct_messages('cora')}".count("Loan Estimate") == 1
    assert await six_piece_at(office, lead) == before is not None


async def test_who_claims_it_later_is_told_then(office: Office) -> None:
    lead = await office.lead_arrives(**REST)
    await office.is_told("cora", "The Loan Estimate clock may run")

    await office.presses("maya", "Claim", lead)

    await office.is_told("maya", "The Loan Estimate clock may run for #1001")
    assert "Loan Estimate" not in f"{await office.direct_messages('luis')}"


async def test_five_items_are_no_application(office: Office) -> None:
    lead = await office.lead_arrives(**{**REST, "ssn": "no"})
    await office.presses("maya", "Claim", lead)
    await office.told("maya", "Yours: #1001")

    await office.until(office.nothing_is_owed, "everything shown")

    assert await office.direct_messages("cora") == []
    assert await six_piece_at(office, lead) is None


async def six_piece_at(office: Office, lead: int) -> object:
    assert office.services is not None
    return await office.services.store.read(lambda session: session.exec(select(Lead.six_piece_at).where(Lead.id == lead)).one())
