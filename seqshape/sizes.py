"""Sizes: whole numbers, unknowns, and expressions over the spec's dims.

`2*H`, `T//2`, `(A + B)*3`: whole numbers, names of dims, `+ - * //` and brackets, nothing else.
Python's own parser reads the expression; its tree is walked here, and nothing is evaluated by Python.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

LONGEST = 500
"""Characters in an expression; bounds the depth of its tree."""
MOST_DIGITS = 300

DIM_NAME = re.compile(r"[A-Z][A-Za-z0-9_]*\Z")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EXPRESSION = re.compile(
    r"(?:[ \t]*(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+(?![A-Za-z0-9_])|//|[-+*/()]))+[ \t]*\Z"
)


class UnknownDim(ValueError):
    """A size was given for a dim that the spec does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        from seqshape.wording import did_you_mean

        self.name = name
        known = tuple(known)
        super().__init__(f"the spec has no dim `{name}`{did_you_mean(name, known)}")


class NoSize(ValueError):
    """Why a text is no size; `word` is the unknown name, where that is the reason."""

    def __init__(self, problem: str, word: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.word = word


@lru_cache(maxsize=4096)  # a spec has few words for sizes, and has them often
def names(text: str) -> tuple[str, ...]:
    """The dims that a text names, in order of appearance; empty where the text is no expression."""
    if len(text) > LONGEST or not _EXPRESSION.match(text):
        return ()
    return tuple(dict.fromkeys(_WORD.findall(text)))


def is_size(text: str, dims: Mapping[str, int | None]) -> bool:
    """Whether a text in an argument means a size: an expression over dims.

    All its names must look like dims. A name alone must be declared (`SAME` is a text, `H` beside
    a dim `H` is a size); a product or quotient says by itself that it is meant as a size, so that
    a slip in its name is seen here.
    """
    words = names(text)
    if not words or not all(DIM_NAME.match(word) for word in words):
        return False
    return all(word in dims for word in words) or "*" in text or "//" in text


def evaluate(text: str, dims: Mapping[str, int | None]) -> int | None:
    """The size that an expression stands for; None (unknown) where a dim in it is unknown.

    Raises:
        NoSize: the text is no expression, names an unknown dim, or has no value.

    """
    return _value(parsed(text), dims)


@lru_cache(maxsize=1024)
def parsed(text: str) -> "ast.expr":
    """An expression as Python's parser reads it.

    Raises:
        NoSize: the text is no expression.

    """
    import ast
    import warnings

    if len(text) > LONGEST:
        raise NoSize(f"it is longer than {LONGEST} characters")
    if not _EXPRESSION.match(text):
        raise NoSize("only whole numbers, dims, `+ - * //` and brackets can stand in a size")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise NoSize("it is no complete expression") from error


def _value(node: object, dims: Mapping[str, int | None]) -> int | None:
    import ast

    match node:
        case ast.Constant(value=int() as number) if not isinstance(number, bool):
            return _bounded(number)
        case ast.Name(id=name):
            if name not in dims:
                raise NoSize(f"there is no dim `{name}`", name)
            return dims[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _value(operand, dims)
            return None if value is None else -value
        case ast.BinOp(left=left, op=operator, right=right):
            return _combine(operator, _value(left, dims), _value(right, dims))
    raise NoSize("only whole numbers, dims, `+ - * //` and brackets can stand in a size")


def _combine(operator: object, left: int | None, right: int | None) -> int | None:
    import ast

    if isinstance(operator, ast.FloorDiv) and right == 0:
        raise NoSize("it divides by zero")
    if not isinstance(operator, ast.Add | ast.Sub | ast.Mult | ast.FloorDiv):
        raise NoSize("only `+ - * //` can stand in a size")
    if left is None or right is None:
        return None
    match operator:
        case ast.Add():
            value = left + right
        case ast.Sub():
            value = left - right
        case ast.Mult():
            value = left * right
        case _:
            value = left // right
    return _bounded(value)


def _bounded(value: int) -> int:
    if abs(value) >= 10**MOST_DIGITS:
        raise NoSize(f"its value has more than {MOST_DIGITS} digits")
    return value
