"""Leads of every shape, for property tests of what is drawn."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.distribution.passing import REASONS
from bot.rules.calling import CalledNumber
from bot.rules.scoring import DEFAULT_POINTS, OWN, QUIET, Reason
from bot.rules.segments import BUILT_IN
from bot.store.leads import ENDED_STAGES
from bot.store.views import Drawing, EventView, LeadView, Link, Spot
from tests.doubles.hostile import HOSTILE

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
TEXTS = st.text(max_size=200) | st.sampled_from(HOSTILE) | st.sampled_from(["Dana", "Rowe", "Austin", "this month", "740+"])
AMOUNTS = st.integers(0, 2**63 - 1)
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("property_city", "time_frame", "credit_band", "property_use", "property_type", "language", "comments"), TEXTS),
        **{f"{name}_{end}": AMOUNTS for name in ("loan_amount", "purchase_price", "property_value") for end in ("low", "high")},
        "property_zip": st.sampled_from(["78704", "97914", "00000"]),
        "mailing_state": st.sampled_from(["CA", "PR", "AZ"]),
    },
)

REASONS_FOUND = st.builds(Reason, st.sampled_from([*DEFAULT_POINTS, QUIET]), st.integers(-100, 100)) | st.builds(
    Reason, st.just(OWN), st.integers(-100, 100), TEXTS.filter(bool)
)


@st.composite
def leads(draw: st.DrawFn) -> LeadView:
    """Fresh, owned and ended ones."""
    owned = draw(st.booleans())
    arrived_at = draw(MOMENTS)
    phones = tuple(draw(st.lists(st.sampled_from(["+15125550100", "+16195550100", "+17875550100"]), max_size=2, unique=True)))
    return LeadView(
        number=draw(st.integers(1001, 2**31)),
        team_id=1,
        team_name=draw(TEXTS),
        time_zone=draw(st.sampled_from(["America/Chicago", "America/Denver", "Pacific/Honolulu"])),
        language="en",
        masked=draw(st.booleans()),
        source=draw(TEXTS),
        price=draw(st.none() | AMOUNTS),
        stage=draw(st.sampled_from(["new", "contacted", *ENDED_STAGES])),
        purpose=draw(st.sampled_from([None, "purchase", "cash_out", "other"])),
        state=draw(st.sampled_from([None, "TX", "NY", "AK", "PR"])),
        score=draw(st.integers(0, 100)),
        grade=draw(st.sampled_from("ABCD")),
        reasons=tuple(draw(st.lists(REASONS_FOUND, max_size=12))),
        segments=draw(st.dictionaries(st.sampled_from([each.key for each in BUILT_IN]), st.none() | TEXTS, max_size=9)),
        route=None,
        arrived_at=arrived_at,
        rang_at=None,
        details=draw(DETAILS),
        first_name=draw(st.none() | TEXTS),
        last_name=draw(st.none() | TEXTS),
        phones=phones,
        numbers=tuple(CalledNumber(each, asked_at=draw(st.none() | st.just(arrived_at))) for each in phones),
        touches=(),
        silenced=draw(st.booleans()),
        emails=tuple(draw(st.lists(st.sampled_from(["dana.rowe@example.com", f"{'x' * 60}@{'y' * 180}.example"]), max_size=1))),
        owner_id=7 if owned else None,
        cover_id=None,
        owner_name=draw(TEXTS) if owned else None,
        claimed_at=arrived_at + timedelta(seconds=draw(st.integers(0, 10**7))) if owned else None,
        waits_since=draw(st.none() | MOMENTS) if owned else None,
        passes=tuple(draw(st.lists(st.tuples(TEXTS, st.sampled_from(REASONS)), max_size=40))),
        arrivals=1,
        link=draw(
            st.none() | st.builds(Link, st.just(1001), st.sampled_from(["asked", "same_request", "two_people"]), TEXTS, TEXTS, TEXTS)
        ),
        drip=draw(st.none() | st.just("new_lead")) if owned else None,
        next_touch=draw(st.none() | MOMENTS) if owned else None,
        booked_for=draw(st.none() | MOMENTS),
        booked_by=8,
        booker=draw(TEXTS),
    )


@st.composite
def drawings(draw: st.DrawFn, kind: str, topic: str) -> Drawing:
    """A line or a notice about any lead."""
    lead = draw(leads())
    at = lead.claimed_at or lead.arrived_at
    return Drawing(
        posting_id=1,
        kind=kind,
        topic=topic,
        event_seq=2,
        message_id=None,
        card_message_id="1.000001",
        wanted_version=1,
        shown_version=0,
        shown_digest=None,
        attempts=1,
        created_at=at,
        spot=Spot(1, "slack", "person", "maya@acme.example", "U0MAYA", None, 7, False),
        about=lead,
        event=EventView("claimed", at, {}),
        officer=(draw(TEXTS), "en"),
        clocks={},
        reminder=None,
        text=None,
        owner_address=None,
    )
