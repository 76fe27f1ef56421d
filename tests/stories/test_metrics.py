"""How Leadbell does, in numbers: /metrics for machines, /pipeline speed for people."""

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.doubles.office import Office


async def numbers(office: Office, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"{office.url}/metrics", headers=headers) as answer:
        return answer.status, await answer.text()


async def at_work(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.told("maya", "callable till")
    await office.until(office.nothing_is_owed, "everything shown")
    return lead


@pytest.mark.fault(79)
async def test_metrics_count_steps_cards_and_leads_and_name_nobody(any_office: Office) -> None:
    await at_work(any_office)

    status, text = await numbers(any_office)

    assert status == 200
    samples = {
        (sample.name, *sample.labels.values()): sample.value for each in text_string_to_metric_families(text) for sample in each.samples
    }
    assert samples["leadbell_step_lateness_seconds_count", "ring_best"] == 1
    assert samples["leadbell_step_lateness_seconds_bucket", "+Inf", "ring_best"] == 1
    assert samples["leadbell_leads", "new"] == 1
    assert samples["leadbell_card_shown_seconds_bucket", "+Inf"] == 1
    assert samples["leadbell_audit_findings", "leads_alone"] == 0
    seconds = ("oldest_step", "oldest_message", "overdue", "unsealed")
    assert {(f"leadbell_{each}_seconds",) for each in seconds} | {("leadbell_troubles",)} < samples.keys()
    assert not any(word in text for word in ("Dana", "Rowe", "512", "maya", "example.com"))


async def test_who_comes_through_a_proxy_gets_no_metrics(office: Office) -> None:
    assert await numbers(office, **{"X-Forwarded-For": "203.0.113.9"}) == (403, "")


async def test_pipeline_speed_says_how_late_each_kind_of_step_was(office: Office) -> None:
    await at_work(office)

    await office.types("sam", "/pipeline speed today")

    told = await office.hears("sam", "How late our steps were", "Ringing the best:")
    assert "(1 time)" in told
