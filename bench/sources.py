"""`python -m bench.sources`: reading each vendor's requests, answering pings, and 300 signed requests of several vendors a second."""

import argparse
import asyncio
import base64
import hashlib
import hmac
import itertools
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import uvloop

from bench import company
from bench.load import Load, open_loop
from bench.stand_in import stand_in
from bench.subjects import Kind, subject
from bot.sources.request import LeadRequest
from tests.sources.goldens import GOLDENS, Golden

REPEATS = 300
FORMATS = ("generic", "zillow", "google_ads", "typeform", "lendingtree", "freerateupdate")
_SOURCE = "  - {{key: {key}, label: {name}, secret_env: LEADBELL_KEY_WEBSITE, team: austin, max_per_minute: 100000, format: {name}}}\n"
SOURCES = "".join(_SOURCE.format(key=name.replace("_", "-"), name=name) for name in FORMATS)
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")


def microseconds(golden: Golden) -> float:
    """What one request takes to be read, at the median."""
    spoken, names = golden.spoken()
    request = LeadRequest({"content-type": golden.content_type}, {}, golden.body)
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        spoken.read(request, names)
        took.append((time.perf_counter() - began) * 1e6)
    return statistics.median(took)


def parse_only(golden: Golden) -> float:
    """The floor of a JSON request: orjson alone."""
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        orjson.loads(golden.body)
        took.append((time.perf_counter() - began) * 1e6)
    return statistics.median(took)


def request_of(format_name: str, number: int) -> tuple[bytes, Mapping[str, str]]:
    """One borrower's request as this vendor sends it, signed or with its key, and nobody's repeat."""
    phone, mail, key = f"512{200_0000 + number:07}", f"dana{number}@example.com", company.KEY
    bearer = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    match format_name:
        case "zillow":
            sender = {"firstName": "Dana", "lastName": "Rowe", "emailAddress": mail, "phoneNumber": phone}
            details = {"stateAbbreviation": "TX", "loanPurpose": "Purchase"}
            said: dict[str, Any] = {"id": f"LC-{number}", "type": "quote", "price": 62.5, "sender": sender, "details": details}
            return orjson.dumps(said), bearer
        case "google_ads":
            columns = [("FULL_NAME", "Dana Rowe"), ("EMAIL", mail), ("PHONE_NUMBER", f"+1{phone}"), ("POSTAL_CODE", "78704")]
            told = [{"column_id": name, "string_value": value} for name, value in columns]
            return orjson.dumps({"lead_id": f"g-{number}", "user_column_data": told, "google_key": key, "is_test": False}), {
                "Content-Type": "application/json"
            }
        case "typeform":
            answers = [
                {"type": "phone_number", "field": {"ref": "phone"}, "phone_number": f"+1{phone}"},
                {"type": "email", "field": {"ref": "email"}, "email": mail},
                {"type": "text", "field": {"ref": "first_name"}, "text": "Dana"},
            ]
            form = {"form_id": "f", "token": f"t-{number}", "answers": answers}
            body = orjson.dumps({"event_id": str(number), "event_type": "form_response", "form_response": form})
            signed = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()
            return body, {"Typeform-Signature": f"sha256={signed}", "Content-Type": "application/json"}
        case "lendingtree":
            named = {
                "TrackingNumber": number,
                "FirstName": "Dana",
                "LastName": "Rowe",
                "Email": mail,
                "Phone": phone,
                "PropertyState": "TX",
            }
            return orjson.dumps(named), bearer
        case _:
            return orjson.dumps({"lead_id": f"{format_name}-{number}", "first_name": "Dana", "phone": phone, "email": mail}), bearer


async def mixed(kind: Kind, rate: float, count: int) -> Load:
    """So many requests a second of all these vendors in turn: from the scheduled instant to the answer that the lead is kept."""
    with tempfile.TemporaryDirectory() as folder:
        async with stand_in() as slack, subject(kind, Path(folder), slack) as server, aiohttp.ClientSession() as session:
            ended: dict[int, float] = {}

            async def send(position: int) -> None:
                name = FORMATS[position % len(FORMATS)]
                body, headers = request_of(name, position)
                async with session.post(f"{server.urls[0]}/leads/{name.replace('_', '-')}", data=body, headers=headers) as answer:
                    if answer.status == 200:
                        await answer.read()
                        ended[position] = time.perf_counter()

            before = server.processor_seconds()
            scheduled = await open_loop(rate, count, send)
            spent = server.processor_seconds() - before
            took = tuple((ended[position] - scheduled[position]) * 1000 for position in sorted(ended))
            return Load(took, count - len(took), spent / count * 1000)


PINGS = (
    "  - {key: exchange, label: Exchange, secret_env: LEADBELL_KEY_WEBSITE, team: austin, max_per_minute: 100000, format: leadspedia,"
    " mapping: {auth: {header: X-Key}}, ping: {bids: [{bid: 30}]}}\n"
)


async def pings(rate: float, count: int) -> Load:
    """So many pings a second about so many borrowers: from the scheduled instant to the bid. They ask no store, so one kind says it."""
    with tempfile.TemporaryDirectory() as folder:
        headers = {"X-Key": company.KEY, "Content-Type": "application/x-www-form-urlencoded"}
        async with stand_in() as slack, subject("sqlite", Path(folder), slack) as server, aiohttp.ClientSession(headers=headers) as session:
            ended: dict[int, float] = {}

            async def ask(position: int) -> bool:
                digest = hashlib.sha256(f"+1512{200_0000 + position:07}".encode()).hexdigest()
                body = f"state=TX&loan_purpose=purchase&credit_rating=good&zip=78704&phone_hash={digest}"
                async with session.post(f"{server.urls[0]}/leads/exchange/ping", data=body) as answer:
                    return bool((await answer.json())["accepted"])

            async def timed(position: int) -> None:
                if await ask(position):
                    ended[position] = time.perf_counter()

            while not await ask(0):  # nothing is bid before the books were looked through once
                await asyncio.sleep(0.1)
            before = server.processor_seconds()
            scheduled = await open_loop(rate, count, timed)
            spent = server.processor_seconds() - before
            took = tuple((ended[position] - scheduled[position]) * 1000 for position in sorted(ended))
            return Load(took, count - len(took), spent / count * 1000)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.sources", description="What a vendor's request takes.")
    options.add_argument("--rate", type=float, default=300, help="requests a second")
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--sqlite", action="store_true", help="only SQLite")
    chosen = options.parse_args()
    print("| read | microseconds | orjson alone |\n|---|---|---|")
    for _, several in itertools.groupby(GOLDENS, key=lambda golden: golden.vendor):
        golden = next(several)
        floor = f"{parse_only(golden):.1f}" if golden.path.suffix == ".json" else ""
        print(f"| {golden.name}, {len(golden.body):,} bytes | {microseconds(golden):.0f} | {floor} |", flush=True)
    company.OF_TEN_BRANCHES += SOURCES + PINGS
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        bids = runner.run(pings(chosen.rate, int(chosen.rate * chosen.seconds)))
    print(
        f"pings: {chosen.rate:g}/s: {bids.percentile(0.5):.1f} ms, p95 {bids.percentile(0.95):.1f} ms, {bids.lost} without a bid",
        flush=True,
    )
    for kind in KINDS[:1] if chosen.sqlite else KINDS:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            load = runner.run(mixed(kind, chosen.rate, int(chosen.rate * chosen.seconds)))
        p50, p99 = load.percentile(0.5), load.percentile(0.99)
        told = f"{p50:.1f} ms, p99 {p99:.1f} ms, {load.lost} lost, {load.processor:.2f} ms of processor each"
        print(f"{kind}: {chosen.rate:g}/s of {len(FORMATS)} vendors in turn: {told}", flush=True)


if __name__ == "__main__":
    main()
