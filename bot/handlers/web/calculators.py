"""GET /forms/{source}/{calculator}: arithmetic about a loan with the visitor's own figures, in words. Nothing is kept of it."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, assert_never
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.web.pages import carried, language_of, page
from bot.rendering import LANGUAGES
from bot.rules.calculators import (
    CALCULATORS,
    ENTRIES,
    CalculatorKind,
    affordability,
    closing_costs,
    payment,
    read_entries,
    refinance,
)
from bot.rules.text import clean, one_line
from bot.services import Services

LONGEST = 40


class Calculators:
    """The doors of the calculators beside a form."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, request: Request) -> Response:
        """The calculator, empty or with its answer beside what was typed."""
        config, language = self._services.in_force.config, language_of(request)
        source = self._services.in_force.sources.get(request.path_params["source"])
        kind = next((each for each in CALCULATORS if address_of(each) == request.path_params["calculator"]), None)
        if source is None or source.form is None or kind is None:
            return page("gone", language, config, status=404, switches={})
        asked = request.query_params
        typed = {entry.name: one_line(clean(asked.get(entry.name, "")), LONGEST) for entry in ENTRIES[kind]}
        figures, problems = read_entries(kind, typed)
        began = any(typed.values())
        found = _answer(kind, figures) if began and not problems else None
        known = {name: text for name, text in typed.items() if text}
        return page(
            "calculator",
            language,
            config,
            framed_by=config.forms.sites,
            kind=kind,
            entries=ENTRIES[kind],
            typed=typed if began else {entry.name: entry.usual for entry in ENTRIES[kind]},
            problems=problems if began else {},
            found=found,
            longest=LONGEST,
            carries={"lang": language, **carried(request)},
            form=f"../{source.key}?{urlencode({'lang': language, **carried(request)})}",
            form_kind=source.form,
            others=links(request, language, but=kind),
            switches={each: f"?{urlencode({'lang': each, **carried(request), **known})}" for each in LANGUAGES if each != language},
        )


def address_of(kind: CalculatorKind) -> str:
    """The end of its address."""
    return kind.replace("_", "-")


def links(request: Request, language: str, *, but: CalculatorKind | None = None) -> dict[str, str]:
    """The addresses of the calculators beside a form by kind, as seen from one of them."""
    query = urlencode({"lang": language, **carried(request)})
    return {kind: f"{address_of(kind)}?{query}" for kind in CALCULATORS if kind != but}


def _answer(kind: CalculatorKind, figures: Mapping[str, int]) -> dict[str, Any]:
    """What the words of the answer are made of. Amounts are written as dollars."""
    match kind:
        case "payment":
            month = payment(**figures)
            return {
                "loan": _dollars(month.loan),
                "principal_and_interest": _dollars(month.principal_and_interest),
                "beside": _dollars(month.beside) if month.beside else None,
                "a_month": _dollars(month.a_month),
                "interest": _dollars(month.interest),
                "years": figures["years"],
            }
        case "refinance":
            new = refinance(**figures)
            return {
                "payment_now": _dollars(new.payment_now),
                "payment_new": _dollars(new.payment_new),
                "difference": _dollars(abs(new.saves)),
                "cheaper": new.saves > 0,
                "months": new.pays_after,
                "costs": _dollars(figures["costs"]),
                "total_now": _dollars(new.total_now),
                "total_new": _dollars(new.total_new),
                "more_in_all": new.total_new > new.total_now,
            }
        case "affordability":
            most = affordability(**figures)
            return {"room": _dollars(most.room), "loan": _dollars(most.loan), "price": _dollars(most.price), "left": bool(most.loan)}
        case "closing_costs":
            costs = closing_costs(**figures)
            return {
                "loan": _dollars(costs.loan),
                "low": _dollars(costs.low),
                "high": _dollars(costs.high),
                "ahead": _dollars(costs.ahead) if costs.ahead else None,
                "bring_low": _dollars(costs.bring_low),
                "bring_high": _dollars(costs.bring_high),
            }
        case _:
            assert_never(kind)


def _dollars(amount: Decimal | int) -> str:
    return f"${Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP):,}"
