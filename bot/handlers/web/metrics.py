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
from bot.oversight.auditor import Auditor
from bot.services import SHOWN_WITHIN, Services
from bot.store.audits import Kind
from bot.store.measures import Measures, measures

KINDS: tuple[Kind, ...] = ("steps_late", "reminders_late", "drips_late", "texts_late", "leases_over", "messages_behind", "leads_alone")


class Metrics:
    def __init__(self, services: Services, auditor: Auditor) -> None:
        self._services = services
        self._auditor = auditor

    async def answer(self, request: Request) -> Response:
        if is_from_outside(request):
            return Response(status_code=403)
        try:
            found = await self._services.store.read(measures, self._services.clock.now().date())
        except StoreUnavailable:
            return Response(status_code=503)
        registry = CollectorRegistry()
        registry.register(_Now(list(self._families(found))))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    def _families(self, found: Measures) -> Iterator[Metric]:
        late = GaugeMetricFamily(
            "leadbell_step_lateness_seconds",
            "Seconds after their time at which today's (UTC) escalation steps were decided; quantile 1 is the worst.",
            labels=["step", "quantile"],
        )
        steps = GaugeMetricFamily("leadbell_steps_today", "Escalation steps decided today (UTC).", labels=["step"])
        for one in found.late:
            for quantile, seconds in (("0.5", one.half), ("0.95", one.most), ("1", one.worst)):
                late.add_metric([one.kind, quantile], seconds)
            steps.add_metric([one.kind], one.steps)
        yield late
        yield steps
        yield self._cards()
        yield _gauge("leadbell_owed", "What is not shown or sent yet.", "what", found.owed)
        yield GaugeMetricFamily(
            "leadbell_overdue_seconds", "How long ago the most overdue message in chat should have been shown.", value=found.overdue
        )
        yield GaugeMetricFamily(
            "leadbell_unsealed_seconds", "How long ago all that grew of the timelines was sealed last.", value=found.unsealed
        )
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
