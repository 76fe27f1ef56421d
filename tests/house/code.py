"""The repository's own files, as the tests that watch the house read them."""

import ast
import gc
from collections import defaultdict
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
    gc.disable()  # millions of nodes stay, and the collector would walk them all again and again
    parsed = {named(path): ast.parse(path.read_text()) for path in files() if path.suffix == ".py"}
    gc.freeze()
    gc.enable()
    return parsed


@cache
def _by_kind() -> dict[type[ast.AST], list[tuple[str, ast.AST]]]:
    """Every node with its file."""
    found: dict[type[ast.AST], list[tuple[str, ast.AST]]] = defaultdict(list)
    for name, module in modules().items():
        for node in ast.walk(module):
            found[type(node)].append((name, node))
    return found


def nodes(*kinds: type[ast.AST], under: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every node of these kinds with its place, as file:line."""
    for kind in kinds:
        for name, node in _by_kind()[kind]:
            if name.startswith(under):
                yield f"{name}:{getattr(node, 'lineno', 0)}", node


def last_name(node: ast.AST) -> str:
    """What stands behind the last dot of a name: to spell out the whole takes long."""
    name: str = getattr(node, "attr", getattr(node, "id", ""))
    return name


def imports(node: ast.AST) -> list[str]:
    """The modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
