"""What each vendor sends is understood as it is written down beside it, and the vendor hears what it expects."""

import orjson
import pytest

from bot.config.mapping import names_of_formats, speaks
from bot.sources.request import Kept
from tests.sources.goldens import GOLDENS, Golden


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_it_is_understood_and_answered_as_is_written_beside_it(golden: Golden) -> None:
    assert golden.read() == orjson.loads(golden.beside.read_bytes())


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_no_social_security_number_birth_date_or_key_is_kept(golden: Golden) -> None:
    understood = orjson.dumps(golden.read()).decode()

    assert not [secret for secret in ("123-45-6789", "1984", "hush-hush-hush") if secret in understood]


def test_every_format_has_its_requests() -> None:
    assert {golden.vendor for golden in GOLDENS} == set(names_of_formats()) - {"meta"}  # which sends no leads, only their numbers


def test_zillow_hears_where_its_borrower_can_begin_an_application() -> None:
    spoken, _ = speaks("zillow", None, "https://www.acme.example/apply")

    reply = orjson.loads(spoken.reply([Kept(1042, duplicate=True)]).body)

    assert reply == {"externalContactReference": "1042", "applicationURL": "https://www.acme.example/apply"}


@pytest.mark.parametrize("vendor", ["google_ads", "typeform", "lendingtree", "leadexec", "leadconduit", "leadspedia", "zapier"])
def test_a_vendor_that_stops_at_a_refusal_hears_none(vendor: str) -> None:
    spoken, _ = speaks(vendor, None)

    assert spoken.not_understood is not None
    assert spoken.not_understood.status == 200
