"""The public codes of every refusal, found in the source; `python -m tests.support.error_codes` rewrites their table.

A code stands where a refusal or a fault is made, in a tuple before its sentence, or as the key of one.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app import errors
from app.domain.figures import NUMBER_AMBIGUOUS
from app.domain.validation_faults import OTHER

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = ROOT / "docs" / "errors.md"
EVERY = sorted((ROOT / "app").rglob("*.py"))
HEAD = "| code | status | what is said |\n|---|---|---|\n"
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")
STATUSES = {
    name: kind.status
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.AppError)
}
COMPOSED = {"number_ambiguous": NUMBER_AMBIGUOUS.en, "value_invalid": OTHER.en}
"""What is said where the source does not show it beside the code, or shows one sentence of several."""

MAKERS = {
    *STATUSES,
    "Fault",
    "Findings",
    "fault",
    "_fault",
    "_Bad",
    "_BadLine",
    "_malformed",
    "_refuse",
    "_refused",
    "_unknown",
    "needs",
}
"""Functions and classes whose first argument is a public code."""


@dataclass(frozen=True, order=True)
class Found:
    """A code at one place: with the status of the problem that carries it, or 0 in `errors[]`, and what is said."""

    code: str
    status: int
    said: str


def texts_of(scope: ast.Module | ast.FunctionDef, known: dict[str, str]) -> dict[str, str]:
    """The English sentences that a module or a function gives names to."""
    nodes = ast.walk(scope) if isinstance(scope, ast.FunctionDef) else scope.body
    assigned = [node for node in nodes if isinstance(node, ast.Assign | ast.AnnAssign)]
    named = [(node.targets[0] if isinstance(node, ast.Assign) else node.target, node.value) for node in assigned]
    return {
        target.id: said for target, value in named if isinstance(target, ast.Name) and (said := english(value, known))
    }


def english(node: ast.AST | None, known: dict[str, str]) -> str:
    """The English of `Text("…", …)` or of a name that holds one, else nothing."""
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text" and node.args:
        return written(node.args[0], known)
    return ""


def written(node: ast.AST, known: dict[str, str]) -> str:
    """A sentence as far as the source shows it: text, joined or formatted text, or the template it is made from."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.BinOp):
        return written(node.left, known)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    names = [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)]
    return next((known[name] for name in names if name in known), "")


def code_in(node: ast.AST | None) -> str:
    """The code that a constant is, else nothing."""
    is_code = isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    return str(node.value) if is_code and isinstance(node, ast.Constant) else ""


def in_call(node: ast.Call, known: dict[str, str]) -> Iterator[Found]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in MAKERS and node.args and (code := code_in(node.args[0])):
        said = english(node.args[1], known) if len(node.args) > 1 else ""
        yield Found(code, STATUSES.get(name, 0), said)


def in_node(node: ast.AST, known: dict[str, str]) -> Iterator[Found]:
    if isinstance(node, ast.Call):
        yield from in_call(node, known)
    elif isinstance(node, ast.Tuple) and len(node.elts) > 1:
        code, said = code_in(node.elts[0]), english(node.elts[1], known)
        if code and said:
            yield Found(code, 0, said)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if (code := code_in(key)) and (said := english(value, known)):
                yield Found(code, 0, said)


def in_module(tree: ast.Module, known: dict[str, str]) -> Iterator[Found]:
    for node in ast.walk(tree):
        yield from in_node(node, known)
        if isinstance(node, ast.FunctionDef) and (own := texts_of(node, known)):
            for inner in ast.walk(node):
                yield from in_node(inner, known | own)


def found_in(paths: Iterable[Path]) -> list[Found]:
    """Every code of these modules."""
    everywhere = {name: said for path in EVERY for name, said in texts_of(parsed(path), {}).items()}
    trees = map(parsed, paths)
    return [each for tree in trees for each in in_module(tree, everywhere | texts_of(tree, {}))]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def codes() -> dict[str, tuple[set[int], str]]:
    """Every code with the statuses it is answered with and one of its sentences."""
    found = found_in(EVERY)
    gathered: dict[str, tuple[set[int], str]] = {}
    for each in sorted(found):
        statuses, said = gathered.get(each.code, (set(), ""))
        gathered[each.code] = (statuses | ({each.status} - {0}), said or each.said)
    return {code: (statuses, COMPOSED.get(code, said)) for code, (statuses, said) in gathered.items()}


def rows() -> list[str]:
    """The lines of the table."""
    lines = []
    for code, (statuses, said) in sorted(codes().items()):
        shown = ", ".join(map(str, sorted(statuses))) or "in `errors`"
        lines.append(f"| `{code}` | {shown} | {said.replace('|', chr(92) + '|')} |")
    return lines


if __name__ == "__main__":
    before = DOCUMENT.read_text("utf-8").partition(HEAD)[0]
    DOCUMENT.write_text(before + HEAD + "\n".join(rows()) + "\n", "utf-8")
