"""`python -m tests.faults.book` writes docs/faults.md: which tests prove what of the book of faults, by their `@pytest.mark.fault(17)`."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "faults.md"


@dataclass(frozen=True, slots=True)
class Row:
    fault: str
    done: str
    held: str
    not_ours: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    file: str
    test: str


CHAPTERS = {
    1: "Leads coming in, and the store",
    15: "Claims, cards, chat",
    35: "Time and escalation",
    46: "Texts, email, sequences",
    61: "Security",
}

ROWS = {
    int(number): Row(row["fault"], row.get("done", ""), row.get("held", ""), row.get("not_ours"))
    for number, row in tomllib.loads((Path(__file__).with_name("book.toml")).read_text("utf-8")).items()
}


def proofs() -> dict[int, list[Proof]]:
    """The tests of each row, as they say themselves."""
    found: dict[int, list[Proof]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if "mark.fault" in (source := path.read_text("utf-8")):
            for test, number in _marked(ast.parse(source)):
                found.setdefault(number, []).append(Proof(path.relative_to(ROOT).as_posix(), test))
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fault":
                    yield from ((node.name, int(ast.literal_eval(number))) for number in mark.args)


def page() -> str:
    """docs/faults.md."""
    tests = proofs()
    proven = [number for number in ROWS if number in tests]
    lines = [
        "# The book of faults",
        "",
        f"What may go wrong, what the tests do to bring it about, and what held: {len(proven)} of {len(ROWS)}. Where the store matters, on",
        "SQLite and on PostgreSQL. This page is made of the tests: `python -m tests.faults.book` writes it anew.",
    ]
    for number, row in ROWS.items():
        if number in CHAPTERS:
            lines += ["", f"## {CHAPTERS[number]}", "", "| # | Fault | What is done | What held | Proven by |", "|---|---|---|---|---|"]
        if number in tests:
            named = ", ".join(f"`{proof.file}` {proof.test.removeprefix('test_').replace('_', ' ')}" for proof in tests[number])
            lines.append(f"| {number} | {row.fault} | {row.done} | {row.held} | {named} |")
    lines += ["", "## Not proven by a test of ours", "", "| # | Fault | |", "|---|---|---|"]
    lines += [f"| {number} | {row.fault} | {row.not_ours or 'open'} |" for number, row in ROWS.items() if number not in tests]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
