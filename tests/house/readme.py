"""The README as tests read it: its tables and its commands."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "README.md").read_text()


def table(heading: str) -> list[tuple[str, ...]]:
    """The rows of the table under a heading, without the head; cells lose their backticks when they are wholly inside them."""
    section = re.split(r"^#+ ", TEXT.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [tuple(re.sub(r"^`([^`]*)`$", r"\1", cell.strip()) for cell in row.strip("|").split("|")) for row in rows[2:]]


def shell_blocks() -> list[str]:
    """What the README tells to type, block by block."""
    blocks = re.findall(r"^( *)```sh\n(.*?)^ *```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in blocks]
