"""Whatever comes to a door with the right key is answered in its vendor's shape, never with an accident of ours, and is never lost."""

import asyncio
import base64
import hmac
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.handlers.web.app import Doors
from bot.handlers.web.description import document
from bot.handlers.web.leads import Leads
from bot.handlers.web.pinging import PingDoor
from bot.rules.pinging import Bid, Terms
from bot.rules.text import clean
from bot.sources.field_names import OUR_FIELDS, known_header
from bot.sources.private import without_private_fields
from bot.sources.request import LeadRequest
from bot.sources.unreadable import Unreadable
from bot.sources.vendors_test import VendorsTest
from bot.store.source_requests import SourceRequest
from tests.conftest import COMPANY, NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store
from tests.sources.goldens import GOLDENS, Golden

DESCRIBED = orjson.loads(document())
SCHEMAS = DESCRIBED["components"]["schemas"]
KEY = "hush-hush-hush"
SLOW = 5.0
"""Seconds of this process's own work, however busy the machine is."""
KINDS = ["application/json", "application/xml", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
TYPES = st.sampled_from(KINDS)
PIECES = st.sampled_from(
    [b"\x00", b"\xff\xfe", b'"', b"}", b"]", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<![CDATA[", b"null", b"1e999", b"[" * 50, b"%zz"]
) | st.binary(max_size=6)


@st.composite
def damaged(draw: st.DrawFn, golden: Golden) -> bytes:
    """A request of this vendor, cut and with pieces of others in it; or anything at all."""
    body = golden.body
    if draw(st.integers(0, 5)) == 0:
        return draw(st.binary(max_size=300))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body)))
        until = draw(st.integers(at, min(len(body), at + 40)))
        body = body[:at] + draw(PIECES) + body[until:]
    return body[: draw(st.integers(0, len(body)))] if draw(st.booleans()) else body


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Branch]:
    """The company with a source for each vendor; all of them take pings."""
    store = fresh_store("sqlite", Path(tmp_path_factory.mktemp("doors")), COMPANY)
    opened = Branch(store, NOON)
    services = opened.services
    services.ping_book.fresh_until = math.inf
    base = replace(services.in_force.sources["zillow"], secrets=(KEY,), max_per_minute=10**9, ping=None)
    sources = {}
    for golden in GOLDENS:
        spoken, names = golden.spoken()
        sources[golden.vendor] = replace(base, key=golden.vendor, format=spoken, map=names, format_name=golden.vendor)
    services.in_force = replace(services.in_force, sources=sources)
    yield opened
    store.close()


def doors(branch: Branch) -> Doors:
    opened = Doors(Leads(branch.services))
    opened.add_route("/leads/{source}/ping", PingDoor(branch.services).answer, methods=["POST"])
    return opened


def send(app: Doors, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
    """Status, media type and body of the answer to a POST."""
    answered: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def answer(message: Any) -> None:
        answered.append(dict(message))

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": path, "raw_path": path.encode(),
        "query_string": f"key={KEY}".encode(), "root_path": "", "scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, answer))
    kind = dict(answered[0]["headers"]).get(b"content-type", b"").decode()
    return answered[0]["status"], kind, b"".join(each.get("body", b"") for each in answered[1:])


def proof(golden: Golden, body: bytes) -> dict[str, str]:
    if golden.vendor != "typeform":
        return {}  # the key of the address counts at every other door
    digest = hmac.new(KEY.encode(), body, "sha256").digest()
    return {"Typeform-Signature": f"sha256={base64.b64encode(digest).decode()}"}


def is_of_its_kind(kind: str, body: bytes) -> bool:
    return isinstance(orjson.loads(body), dict) if "json" in kind else "xml" in kind and body.startswith(b"<")


def is_understood(branch: Branch, golden: Golden, asked: LeadRequest) -> bool:
    source = branch.services.in_force.sources[golden.vendor]
    try:
        source.format.read(asked, source.map)
    except VendorsTest:
        return True
    except Unreadable:
        return False
    return True


def waits(branch: Branch, body: bytes) -> bool:
    """Whether this request waits for a person, without what a name in it says is private."""
    text = clean(body.decode("utf-8", "replace"))
    left = without_private_fields(text)
    kept = body if left == text else left.encode()
    return any(request.body == kept and request.state == "unread" for request in branch.all(SourceRequest))


@pytest.mark.parametrize("vendor", sorted({golden.vendor for golden in GOLDENS}))
def test_any_damage_is_answered_and_what_nobody_understands_waits(branch: Branch, vendor: str) -> None:
    several = [golden for golden in GOLDENS if golden.vendor == vendor]
    app = doors(branch)

    @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def whatever_comes(data: st.DataObject) -> None:
        golden = data.draw(st.sampled_from(several))
        body = data.draw(damaged(golden))
        chosen = data.draw(st.just(golden.content_type) | TYPES)

        before = time.process_time()
        status, kind, said = send(app, f"/leads/{vendor}", body, {"Content-Type": chosen, **proof(golden, body)})

        assert status in (200, 409, 413, 415, 422), said
        assert is_of_its_kind(kind, said)
        assert time.process_time() - before < SLOW
        if not is_understood(branch, golden, LeadRequest({"content-type": chosen}, {}, body)):
            assert waits(branch, body)

    whatever_comes()


@pytest.mark.parametrize("vendor", ["generic", "leadconduit", "leadexec", "leadspedia"])
def test_any_ping_is_answered_with_a_bid_or_a_reason(branch: Branch, vendor: str) -> None:
    several = [golden for golden in GOLDENS if golden.vendor == vendor]
    sources = branch.services.in_force.sources
    asking = {vendor: replace(sources[vendor], ping=Terms((Bid(30),)))}
    branch.services.in_force = replace(branch.services.in_force, sources={**sources, **asking})
    app = doors(branch)

    @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def whatever_is_asked(data: st.DataObject) -> None:
        body = data.draw(damaged(data.draw(st.sampled_from(several))))
        headers = {"Content-Type": data.draw(TYPES), "Accept": data.draw(st.sampled_from(["application/json", "application/xml"]))}

        status, kind, said = send(app, f"/leads/{vendor}/ping", body, headers)

        assert status == 200, said
        assert is_of_its_kind(kind, said)

    whatever_is_asked()
    branch.services.in_force = replace(branch.services.in_force, sources=sources)


NAMES = [name for name, said in SCHEMAS["Lead"]["properties"].items() if "properties" not in said]
PARTS = {name: said["properties"] for name, said in SCHEMAS["Lead"]["properties"].items() if "properties" in said}
WORDS = (
    st.sampled_from(["(512) 555-0142", "dana@example.com", "TX", "310000", "yes", "78704"])
    | st.text(max_size=20)
    | st.integers(-(2**40), 2**40)
    | st.none()
)
NESTED = st.fixed_dictionaries({}, optional={name: st.dictionaries(st.sampled_from(sorted(PARTS[name])), WORDS) for name in PARTS})


def test_what_the_description_names_is_understood_by_that_name() -> None:
    described = [*NAMES, *(f"{group}.{part}" for group, parts in PARTS.items() for part in parts)]

    assert {name: known_header(name) for name in described} == {name: name for name in OUR_FIELDS}


def test_the_generic_door_answers_as_it_is_described(branch: Branch) -> None:
    app, responses = doors(branch), DESCRIBED["paths"]["/leads/{source}"]["post"]["responses"]

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=12), NESTED, st.sampled_from(["generic", "nobody"]))
    def whatever_a_program_sends(fields: dict[str, Any], nested: dict[str, Any], source: str) -> None:
        body = orjson.dumps({**fields, **nested})

        status, kind, said = send(app, f"/leads/{source}", body, {"Content-Type": "application/json"})

        [described] = responses[str(status)]["content"]
        schema = responses[str(status)]["content"][described]["schema"]
        ways = [SCHEMAS[one["$ref"].rpartition("/")[2]] for one in schema.get("anyOf", [schema])]
        answer = orjson.loads(said)
        assert kind == described
        assert any({*wanted["required"]} <= answer.keys() <= wanted["properties"].keys() for wanted in ways)
        assert all(error.keys() == {"type", "field", "message"} for error in answer.get("errors", []))

    whatever_a_program_sends()
