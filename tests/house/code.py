"""The repository's own files, as the tests that watch the house read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.readme import ROOT

NOT_OURS = {".git"} | {line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}


def files() -> list[Path]:
    """Every file of the repository, and none that was made from them."""
    tops = [top for top in ROOT.iterdir() if top.name not in NOT_OURS]
    found = [path for top in tops for path in (top.rglob("*") if top.is_dir() else [top])]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> dict[str, ast.Module]:
    """Every Python file, parsed, by its name in the repository."""
    return {named(path): ast.parse(path.read_text()) for path in files() if path.suffix == ".py"}


def nodes(*kinds: type[ast.AST], under: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every node of these kinds with its place, as file:line."""
    for name, module in modules().items():
        if name.startswith(under):
            for node in ast.walk(module):
                if isinstance(node, kinds):
                    yield f"{name}:{getattr(node, 'lineno', 0)}", node


def imports(node: ast.AST) -> list[str]:
    """The modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
