"""Forms of a config: which sources have one, and which sites may show it."""

from pathlib import Path

import pytest

from bot.config import describe
from tests.config.small import changed, load_text, problems_of

PRICE = "    price: 62\n"


def with_form(lines: str) -> str:
    return changed((PRICE, f"{PRICE}{lines}"))


def with_forms(lines: str) -> str:
    return f"{changed()}forms: {{{lines}}}\n"


def test_a_form_of_a_source_and_the_sites_that_may_show_it_are_read(tmp_path: Path) -> None:
    text = with_form("    form: open house\n    form_title: 12 Oak St\n".replace("open house", "open_house"))
    text += "forms: {sites: [https://www.acme.example, 'http://localhost:3000'], privacy_url: 'https://acme.example/privacy?a=b'}\n"

    config = load_text(tmp_path, text)

    source = next(source for source in config.sources if source.form)
    assert (source.form, source.form_title) == ("open_house", "12 Oak St")
    assert config.forms.sites == ("https://www.acme.example", "http://localhost:3000")
    assert any(table.title == "Forms of ours" for table in describe(config))


def test_who_writes_none_has_none(tmp_path: Path) -> None:
    config = load_text(tmp_path, changed())

    assert config.forms.sites == () and not any(source.form for source in config.sources)
    assert not any(table.title == "Forms of ours" for table in describe(config))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (with_form("    form: survey\n"), '"survey" is not a form.'),
        (with_form("    form_title: 12 Oak St\n"), "form_title stands above a form of ours. Write form too, or leave it out."),
        (with_form("    form: rate_quote\n    bought: true\n"), "Who fills in our own form asks us, and no seller of leads."),
        (with_forms("sites: ['https://www.acme.example/page']"), "Write a site without a path"),
        (with_forms("sites: ['http://www.acme.example']"), "Write a site without a path"),
        (with_forms("sites: ['*']"), "Write a site without a path"),
        (with_forms("sites: [\"https://a.example; script-src *\"]"), "Write a site without a path"),
        (with_forms("privacy_url: 'javascript:alert(1)'"), "Write the whole address"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_form_is_told(tmp_path: Path, text: str, says: str) -> None:
    [problem] = problems_of(tmp_path, text)

    assert says in problem.message
