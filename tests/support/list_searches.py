"""Where the code asks again and again whether something is `in` a list, which no profiler sees: by its text."""

import ast
from collections.abc import Iterator
from pathlib import Path

LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SEQUENCES = ("list", "Sequence", "tuple")


def list_searches(path: Path) -> Iterator[str]:
    """`function: expression` for each list that is searched within a loop of a function."""
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            lists = set(_lists_in(function))
            for loop in ast.walk(function):
                if isinstance(loop, LOOPS):
                    yield from (f"{function.name}: {ast.unparse(found)}" for found in _searches(loop, lists))


def _searches(loop: ast.AST, lists: set[str]) -> Iterator[ast.Compare]:
    for node in ast.walk(loop):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            searched = node.comparators[0]
            if isinstance(searched, ast.List | ast.ListComp) or _name(searched) in lists:
                yield node


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _lists_in(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The names that stand for a list: parameters and variables of that type, and what a list is assigned to."""
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.annotation is not None and _is_sequence(argument.annotation):
            yield argument.arg
    for node in ast.walk(function):
        if isinstance(node, ast.AnnAssign) and _is_sequence(node.annotation):
            yield _name(node.target)
        elif isinstance(node, ast.Assign) and _makes_list(node.value):
            yield from map(_name, node.targets)


def _is_sequence(annotation: ast.AST) -> bool:
    return isinstance(annotation, ast.Subscript) and _name(annotation.value) in SEQUENCES


def _makes_list(value: ast.AST) -> bool:
    if isinstance(value, ast.Call):
        made = value.func.value if isinstance(value.func, ast.Subscript) else value.func
        if isinstance(made, ast.Attribute):
            return made.attr in ("get", "setdefault") and any(map(_makes_list, value.args[1:]))
        return _name(made) in ("list", "sorted", "tuple")
    return isinstance(value, ast.ListComp | ast.List)
