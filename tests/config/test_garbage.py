"""Whatever stands in the file, loading gives a config or a ConfigError, never another exception."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.config import Channel, Company, Config, ConfigError, License, Officer, Retired, Source, Team, canonical_text
from tests.config.small import SMALL, load_text

MARKS = st.sampled_from(
    [*":-#&*!|>'\"%@`{}[],?~\t\n \\", "\n  ", ": ", "- ", "<<: ", "--- ", "...\n", "\\u", "\\UFFFFFFFF", "\ud800", "\u2028", "\x85"]
)
KEYS = st.sampled_from(
    ["mon-fri", *(key for entry in (Config, Company, License, Team, Channel, Officer, Source, Retired) for key in entry.model_fields)]
)
WORDS = KEYS | st.sampled_from(["austin", "TX", "2027-12-31", "9-17", "null", "true", "0x1F", "1e99"])
YAML_LIKE = st.lists(MARKS | WORDS | st.text(max_size=5), max_size=40).map("".join)

SCALARS = (
    st.sampled_from(["austin", "maya", "TX", "2027-12-31", "9-5", "8am-8pm", "team", "manager", "", "0", "-1", "1" * 30])
    | st.none()
    | st.text(max_size=8)
)
ANY_SHAPE = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=6), max_leaves=30
)

often = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)


def _config_or_error(folder: Path, text: str | bytes) -> None:
    outcome: Config | ConfigError
    try:
        outcome = load_text(folder, text)
    except ConfigError as error:
        outcome = error
    match outcome:
        case ConfigError():
            assert outcome.problems
            assert all(problem.message for problem in outcome.problems)
            str(outcome).encode()  # an operator's terminal can print it
        case Config():
            assert Config.model_validate_json(canonical_text(outcome)) == outcome


@often
@given(text=YAML_LIKE | st.text(max_size=200))
def test_any_text_is_a_config_or_a_config_error(text: str, tmp_path: Path) -> None:
    _config_or_error(tmp_path, text)


@often
@given(content=st.binary(max_size=200))
def test_any_bytes_are_a_config_or_a_config_error(content: bytes, tmp_path: Path) -> None:
    _config_or_error(tmp_path, content)


@often
@given(place=st.integers(0, len(SMALL)), length=st.integers(0, 30), inserted=YAML_LIKE)
def test_any_damage_to_a_good_config_is_a_config_or_a_config_error(place: int, length: int, inserted: str, tmp_path: Path) -> None:
    _config_or_error(tmp_path, SMALL[:place] + inserted + SMALL[place + length :])


@often
@given(data=st.dictionaries(KEYS, ANY_SHAPE, max_size=6))
def test_any_shape_of_values_is_a_config_or_a_config_error(data: dict[str, object], tmp_path: Path) -> None:
    file = tmp_path / "shape.yaml"
    with file.open("wb") as stream:
        YAML(typ="safe", pure=True).dump(data, stream)

    _config_or_error(tmp_path, file.read_bytes())
