"""The README and the pages of docs/ as tests read them: their tables, their links and what they tell to type."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
README, *DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text() for page in (README, *DOCS))
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def table(heading: str) -> list[tuple[str, ...]]:
    """The rows of the table under a heading, without the head; cells lose their backticks when they are wholly inside them."""
    [section] = re.findall(rf"^#+ {heading}\n(.*?)(?=^#+ |\Z)", BLOCK.sub("", TEXT), re.MULTILINE | re.DOTALL)
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [tuple(re.sub(r"^`([^`]*)`$", r"\1", cell.strip()) for cell in row.strip("|").split("|")) for row in rows[2:]]


def shell_blocks() -> list[str]:
    """What the pages tell to type, block by block, the README's first."""
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, language, block in BLOCK.findall(TEXT) if language == "sh"]


def links(page: Path) -> list[str]:
    """Where a page leads within the repository: paths from its own folder, each with or without #anchor."""
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", page.read_text())) if "://" not in link]


def anchors(page: Path) -> list[str]:
    """What GitHub calls the page's headings in links."""
    headings = re.findall(r"^#+ (.*)$", BLOCK.sub("", page.read_text()), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
