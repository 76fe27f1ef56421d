"""Calculators beside a form: the visitor's own figures answered in words, no rate of ours, and nothing kept."""

import html
from urllib.parse import urlencode

import pytest

from bot.store.leads import Arrival
from tests.doubles.hostile import HOSTILE
from tests.doubles.office import Office
from tests.stories.test_forms import Browser

HOME = {"price": "$400k", "down": "20%", "rate": "6.5", "years": "30", "taxes": "4800", "insurance": "1200"}
PAGES = ("payment", "refinance", "affordability", "closing-costs")


async def asked(office: Office, kind: str, **typed: str) -> Browser:
    browser = Browser(office, f"/forms/website/{kind}?{urlencode(typed)}")
    browser.page = html.unescape(await browser.opens())
    return browser


async def test_a_home_costs_so_much_a_month_in_words(office: Office) -> None:
    page = (await asked(office, "payment", **HOME)).page

    assert "$2,523 a month" in page
    assert (
        "You would borrow $320,000. $2,023 a month pay it back with its interest, and $500 more are for taxes, insurance and dues." in page
    )
    assert "Over 30 years, the interest alone comes to $408,143." in page


async def test_a_new_loan_pays_for_itself_after_so_many_months(office: Office) -> None:
    typed = {"balance": "300000", "rate_now": "7.5%", "years_left": "28", "rate": "6", "years": "30", "costs": "6000"}
    page = (await asked(office, "refinance", **typed)).page

    assert "It pays for itself after 18 months" in page
    assert "Your payment would go from $2,139 to $1,799, which is $340 less each month." in page

    dearer = (await asked(office, "refinance", **{**typed, "rate": "9"})).page
    assert "No lower payment" in dearer and "more each month. A shorter loan can still be worth it." in dearer

    never = (await asked(office, "refinance", **{**typed, "costs": "900000"})).page
    assert "The costs are not saved" in never


async def test_an_income_that_carries_nothing_by_the_rule_of_thumb_gets_no_no(office: Office) -> None:
    typed = {"income": "120000", "debts": "500", "savings": "50000", "rate": "6.5", "years": "30", "taxes": "4800", "insurance": "1200"}
    page = (await asked(office, "affordability", **typed)).page
    assert (
        "By this rule $2,300 a month are left for the loan itself" in page and "With your savings that makes a home of about $413," in page
    )

    page = (await asked(office, "affordability", **{**typed, "debts": "9000"})).page
    assert "Let us look at it together" in page and "a loan officer goes through them with you" in page


async def test_a_closing_takes_so_much(office: Office) -> None:
    page = (await asked(office, "closing-costs", price="400000", down="20%", taxes="4800", insurance="1200")).page

    assert "between $6,400 and $16,000: 2 to 5 percent of it." in page and "paid ahead: $2,600." in page
    assert "With your down payment that makes $89,000 to $98,600." in page


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
async def test_no_rate_stands_there_and_the_disclosure_does(office: Office, kind: str, language: str) -> None:
    browser = await asked(office, kind, lang=language)

    assert browser.status == 200 and f'<html lang="{language}">' in browser.page
    assert 'id="rate" name="rate"' not in browser.page or 'autocomplete="off" value="" required>' in browser.page
    says = {"en": "This is arithmetic with the figures that you typed.", "es": "Esto es aritmética con las cifras que usted escribió."}
    assert says[language] in browser.page
    assert ("APR" in browser.page) == (kind != "closing-costs")
    assert 'role="status"' not in browser.page and 'class="wrong"' not in browser.page


async def test_what_is_no_figure_is_said_beside_it_and_stays(office: Office) -> None:
    page = (await asked(office, "payment", **{**HOME, "rate": "cheap", "years": "99", "price": ""})).page

    assert 'value="cheap" required aria-invalid="true" aria-describedby="rate-wrong"' in page
    assert '<p class="wrong" id="years-wrong">Please write whole years, from 1 to 50.</p>' in page
    assert '<p class="wrong" id="price-wrong">Please write a figure here.</p>' in page
    assert 'value="4800"' in page and 'role="status"' not in page


async def test_the_switch_keeps_the_figures_and_the_link_to_the_form_keeps_where_they_came_from(office: Office) -> None:
    page = (await asked(office, "payment", **HOME, utm_source="google", partner="keller")).page

    assert "lang=es&utm_source=google&partner=keller&price=%24400k" in page
    assert 'href="../website?lang=en&utm_source=google&partner=keller"' in page


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
async def test_hostile_figures_stay_text(office: Office, text: str) -> None:
    browser = Browser(office, f"/forms/website/payment?{urlencode({**HOME, 'price': text, 'partner': text})}")

    page = await browser.opens()

    assert browser.status == 200 and page.count("<script") == 1 and page.count("<img") == page.count("<b>") == 0


async def test_huge_figures_are_refused_and_nothing_is_kept(office: Office) -> None:
    for text in ("9" * 400, "1e400", "-5", "NaN", "99999999999", "½"):
        assert "one amount in dollars" in (await asked(office, "payment", **{**HOME, "price": text})).page
    assert office.all(Arrival) == []


async def test_there_is_none_where_there_is_no_form(office: Office) -> None:
    for path in ("/forms/zillow/payment", "/forms/website/horoscope", "/forms/nobody/payment"):
        browser = Browser(office, path)
        await browser.opens()
        assert browser.status == 404
