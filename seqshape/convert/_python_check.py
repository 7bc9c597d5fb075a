"""Reads a written program again: whether each name was given a value first, and no value is lost at once.

What is checked is the text, by Python's own parser; nothing of it runs.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator

_KNOWN = frozenset(("__name__", *dir(builtins)))


def problem_of(source: str) -> str | None:
    """What is wrong with a program; None where nothing is."""
    tree = ast.parse(source)
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    return next(
        (
            problem
            for body, known in [
                (tree.body, set(_KNOWN)),
                *(
                    (each.body, {*_KNOWN, *_top(tree), *(one.arg for one in each.args.args)})
                    for each in functions
                ),
            ]
            for problem in _problems(body, known)
        ),
        None,
    )


def _top(tree: ast.Module) -> set[str]:
    """The functions and modules that every function sees."""
    found = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    return found.union(*(_imported(each) for each in tree.body))


def _imported(statement: ast.stmt) -> set[str]:
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return set()
    return {(each.asname or each.name).split(".")[0] for each in statement.names}


def _problems(body: Iterable[ast.stmt], known: set[str]) -> Iterator[str]:
    """Reads statements in order; `known` grows by what they assign."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            known.add(statement.name)
            continue
        known |= _imported(statement)
        if isinstance(statement, ast.For):
            yield from _unknown(statement.iter, known)
            known |= set(_stored(statement.target))
            yield from _problems(statement.body, known)
            continue
        yield from _unknown(statement, known)
        stored = [name for name in _stored(statement) if name != "_"]
        yield from (f"`{name}` is assigned twice at once" for name in stored if stored.count(name) > 1)
        known |= set(stored)


def _unknown(node: ast.AST, known: set[str]) -> Iterator[str]:
    for name in _names(node, ast.Load):
        if name not in known:
            yield f"`{name}` is read before it is assigned"


def _stored(node: ast.AST) -> list[str]:
    return list(_names(node, ast.Store))


def _names(node: ast.AST, context: type[ast.expr_context]) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, context):
            yield each.id
