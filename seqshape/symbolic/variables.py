"""The sizes of a spec that vary: its dims, or the whole numbers in its arguments where it has none.

Tells what a scalar of an argument is as a formula over them. A dim that is worked out from others is no
variable; a dim of unknown size is one, with a size made up for it.
"""

import ast
from collections.abc import Collection
from collections.abc import Mapping as Map
from itertools import count

from seqshape import sizes
from seqshape.algebra import Polynomial, constant, symbol
from seqshape.graph import Graph
from seqshape.places import Place
from seqshape.spec import Spec
from seqshape.tree import Scalar
from seqshape.unknowns import sizes_in

_NICE = 960
"""What a made-up size is a multiple of: nothing fails for a remainder."""
_FIRST = 7


class Variables:
    """Names, sizes and formulas. `values` are the sizes, `shown` the same with None for unknown dims.

    Where `only` is given, other dims are the numbers that they are, but for those of unknown size.
    """

    def __init__(self, spec: Spec, graph: Graph, only: Collection[str] | None = None) -> None:
        self.values: dict[str, int] = {}
        self.shown: dict[str, int | None] = {}
        self.by_dims = bool(spec.dims)
        self._dims: dict[str, Polynomial] = {}
        self._named: dict[Place, str] = {}
        self._dropped: set[str] = set()
        taken = sizes_in(graph) | {size for size in spec.dims.values() if size is not None}
        # one for all of them: those that must be equal for a call to fit are told apart by moving them
        invented = next(_NICE * factor for factor in count(_FIRST) if _NICE * factor not in taken)
        for name, size in spec.dims.items():
            if name in spec.dim_texts and (found := self._over_dims(spec.dim_texts[name])) is not None:
                self._dims[name] = found
                continue
            if size is not None and only is not None and name not in only:
                self._dims[name] = constant(size)
                continue
            self._dims[name] = symbol(name)
            self.shown[name] = size
            self.values[name] = invented if size is None else size

    def formula(self, scalar: Scalar, name: str) -> Polynomial | None:
        """What a scalar is over the variables; None where it is no size that varies.

        `name` is what it is called where it is a variable itself.
        """
        size = scalar.value
        if isinstance(size, bool) or not (size is None or isinstance(size, int)):
            return None
        if self.by_dims:
            found = self._over_dims(scalar.text)
            return None if found is None or found.constant is not None else found
        if size is None:
            return None
        if scalar.place not in self._named:
            while name in self.values:
                name += "'"
            self._named[scalar.place] = name
            self.shown[name] = self.values[name] = size
        name = self._named[scalar.place]
        return None if name in self._dropped else symbol(name)

    def drop(self, name: str) -> None:
        """Takes a variable as the number that it is: it is no size, or none that formulas can have."""
        self._dropped.add(name)
        self.shown.pop(name, None)

    def structural(self, graph: Graph) -> tuple[str, ...]:
        """The variables on which the number of layers depends."""
        texts = {copy.block.repeat_text for copy in graph.blocks if copy.block.repeat_text}
        found = (self._over_dims(text) for text in sorted(texts))
        named = {name for formula in found if formula is not None for name in formula.names()}
        return tuple(name for name in self.values if name in named)

    def _over_dims(self, text: str) -> Polynomial | None:
        """An expression over dims as a formula; None where it is none."""
        words = sizes.names(text)
        if not words or not all(word in self._dims for word in words):
            return None
        try:
            return _formula(sizes.parsed(text), self._dims)
        except (sizes.NoSize, ZeroDivisionError):
            return None


def _formula(node: ast.expr, dims: Map[str, Polynomial]) -> Polynomial:
    match node:
        case ast.Constant(value=int() as number):
            return constant(number)
        case ast.Name(id=name):
            return dims[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_formula(operand, dims)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _formula(left, dims) + _formula(right, dims)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _formula(left, dims) - _formula(right, dims)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _formula(left, dims) * _formula(right, dims)
        case ast.BinOp(left=left, op=ast.FloorDiv(), right=right):
            return _formula(left, dims) // _formula(right, dims)
    raise sizes.NoSize("only whole numbers, dims, `+ - * //` and brackets can stand in a size")
