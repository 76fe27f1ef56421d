"""GET /metrics: how Leadbell does, for Prometheus. Numbers alone, and only for who asks from inside."""

from collections.abc import Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response

from bot.errors import StoreUnavailable
from bot.handlers.web.answers import is_from_outside
from bot.oversight.auditor import Auditor, health_of
from bot.rules.durations import total, within
from bot.services import SHOWN_WITHIN, Services
from bot.store.audits import Kind
from bot.store.measures import Measures, measures

KINDS: tuple[Kind, ...] = ("steps_late", "reminders_late", "drips_late", "texts_late", "leases_over", "messages_behind", "leads_alone")

DECIDED_WITHIN = (1.0, 2.0, 5.0, 12.0, 30.0, 60.0, 300.0, 3600.0)
"""Seconds by which escalation steps are counted: ends of steps of `rules.durations`."""


class Metrics:
    def __init__(self, services: Services, auditor: Auditor) -> None:
        self._services = services
        self._auditor = auditor

    async def answer(self, request: Request) -> Response:
        if is_from_outside(request):
            return Response(status_code=403)
        try:
            found = await self._services.store.read(measures, self._services.clock.now())
        except StoreUnavailable:
            return Response(status_code=503)
        health = await health_of(self._services, self._auditor)
        registry = CollectorRegistry()
        registry.register(_Now([*self._families(found), _troubles(len(health.reasons))]))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    def _families(self, found: Measures) -> Iterator[Metric]:
        late = HistogramMetricFamily(
            "leadbell_step_lateness_seconds",
            "Seconds after their time at which escalation steps were decided, by all processes; begins anew each day (UTC).",
            labels=["step"],
        )
        for kind, counts in sorted(found.late.items()):
            buckets = [(f"{edge:g}", float(within(counts, edge))) for edge in DECIDED_WITHIN]
            late.add_metric([kind], [*buckets, ("+Inf", float(sum(counts.values())))], total(counts))
        yield late
        yield self._cards()
        yield _gauge("leadbell_owed", "What is not shown or sent yet.", "what", found.owed)
        for name, meaning, seconds in (
            ("leadbell_oldest_step_seconds", "How long the escalation step that waits longest has been due.", found.undecided),
            ("leadbell_oldest_message_seconds", "How long ago what is not in chat yet, and waits longest, came up.", found.unshown),
            ("leadbell_overdue_seconds", "How long ago the most overdue message in chat should have been tried.", found.overdue),
            ("leadbell_unsealed_seconds", "How long ago all that grew of the timelines was sealed last.", found.unsealed),
        ):
            yield GaugeMetricFamily(name, meaning, value=seconds)
        yield _gauge("leadbell_leads", "Leads by stage.", "stage", found.leads)
        yield _gauge("leadbell_newest_texts", "The newest texts of ours, by where they stand.", "status", found.texts)
        audited = {str(kind): self._auditor.found.get(kind, 0) for kind in KINDS}
        yield _gauge("leadbell_audit_findings", "What the last audit found that must not be.", "finding", audited)

    def _cards(self) -> Metric:
        """How long after its lead each first card of this process stood."""
        shown = self._services.cards_shown
        buckets = [(f"{edge:g}", float(sum(shown.counts[: place + 1]))) for place, edge in enumerate(SHOWN_WITHIN)]
        family = HistogramMetricFamily("leadbell_card_shown_seconds", "Seconds from a lead's commit to its card, in this process.")
        family.add_metric([], [*buckets, ("+Inf", float(sum(shown.counts)))], shown.seconds)
        return family


def _troubles(many: int) -> Metric:
    return GaugeMetricFamily("leadbell_troubles", "How much is wrong: the reasons that /readyz names.", value=many)


def _gauge(name: str, meaning: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, many in sorted(values.items()):
        family.add_metric([value], many)
    return family


class _Now:
    """What was just measured, as Prometheus' library asks for it."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families
