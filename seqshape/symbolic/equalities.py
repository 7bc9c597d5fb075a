"""Which sizes a call may need to be equal: guesses, from what is equal in the spec, for Keras to judge.

Axes that meet, an axis and a number among the arguments, the elements of an input and of a shape. A guess
is an equation solved for one symbol, so that all others can move with it.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations, islice
from math import prod

from seqshape.algebra import Polynomial, Symbol, constant, symbol
from seqshape.algebra.polynomial import Monomial
from seqshape.symbolic.templates import NoPoint, SizedQuestion, SizedTensor, whole

_MOST = 60
"""Guesses that are tried for one call."""
Solved = dict[Symbol, Polynomial]


def guesses(question: SizedQuestion, base: Mapping[Symbol, int], stuck: set[Symbol]) -> Iterator[Solved]:
    """Substitutions after which sizes that are equal with `base` are equal always; the likeliest first."""
    found = (guess for guess in _all(question, base) if guess and _concerns(guess, stuck))
    seen: list[Solved] = []
    for guess in islice(found, 4 * _MOST):
        if guess not in seen:
            seen.append(guess)
            yield guess
        if len(seen) == _MOST:
            return


def _concerns(guess: Solved, stuck: set[Symbol]) -> bool:
    return any(left in stuck or stuck.intersection(right.symbols()) for left, right in guess.items())


def _all(question: SizedQuestion, base: Mapping[Symbol, int]) -> Iterator[Solved]:
    tensors = [
        tensor for call in question.calls for each in call.given for tensor in each.tensors if tensor.shape
    ]
    longest = max((len(tensor.shape) for tensor in tensors), default=0)
    columns = [_column(tensors, back) for back in range(-1, -longest - 1, -1)]
    for column in columns:
        yield _joined(_equal(column, base))
    whole_shapes: Solved = {}
    for column in columns:
        whole_shapes.update(_joined(_equal(column, base), whole_shapes))
    yield whole_shapes
    texts = [text for _, text in question.shared]
    for call in question.calls:
        texts.extend((call.layer, call.keywords))
    lists = [
        tuple(each if isinstance(each, Polynomial) else constant(each) for each in sizes)
        for text in texts
        for sizes in text.lists()
    ]
    elements = [prod(filter(None, tensor.shape[1:]), start=constant(1)) for tensor in tensors]
    products = [prod(sizes, start=constant(1)) for sizes in lists]
    for one in elements:
        for other in products:
            yield _joined(_equal([one, other], base))
    axes = [axis for tensor in tensors for axis in tensor.shape if axis is not None]
    numbers = [size for sizes in lists for size in sizes]
    for pair in combinations(dict.fromkeys((*axes, *numbers)), 2):
        yield _joined(_equal(pair, base))


def _column(tensors: list[SizedTensor], back: int) -> list[Polynomial]:
    """The sizes of one axis, counted from the end, in all tensors that have it."""
    found = (tensor.shape[back] for tensor in tensors if len(tensor.shape) >= -back)
    return [axis for axis in found if axis is not None]


def _equal(
    sizes: list[Polynomial] | tuple[Polynomial, ...], base: Mapping[Symbol, int]
) -> list[Polynomial]:
    """Those of some sizes that are equal in the spec, where they are: all, but for sizes of 1."""
    try:
        values = {whole(size, base) for size in sizes} - {1}
        if len(values) != 1:
            return []
        return [size for size in dict.fromkeys(sizes) if whole(size, base) in values]
    except NoPoint:
        return []


def _joined(sizes: list[Polynomial], before: Solved | None = None) -> Solved:
    """What makes all sizes equal to the first; nothing where no such substitution is seen."""
    found: Solved = dict(before or {})
    for size in sizes[1:]:
        difference = (sizes[0] - size).substitute(found)
        if not difference:
            continue
        solved = _solved(difference)
        if solved is None:
            return {}
        left, right = solved
        found = {each: value.substitute({left: right}) for each, value in found.items()}
        found[left] = right
    return found


def _solved(difference: Polynomial) -> tuple[Symbol, Polynomial] | None:
    """The equation that a difference is 0, solved for the last symbol that is a whole number then."""
    terms = _without_common(difference.terms)
    often: dict[Symbol, int] = {}
    for monomial, _ in terms:
        for each, _ in monomial:
            often[each] = often.get(each, 0) + 1
    for monomial, number in sorted(terms, key=lambda term: _number(term[0]), reverse=True):
        if len(monomial) == 1 and monomial[0][1] == 1 and often[monomial[0][0]] == 1:
            rest = {other: -value / number for other, value in terms if other != monomial}
            if rest and all(value.denominator == 1 for value in rest.values()):
                right = Polynomial.of(rest)
                return (monomial[0][0], right) if right.constant is None else None
    return None


def _without_common(terms: tuple[tuple[Monomial, Fraction], ...]) -> tuple[tuple[Monomial, Fraction], ...]:
    """The terms divided by the symbols that all of them have."""
    common = set(dict(terms[0][0])).intersection(*(dict(monomial) for monomial, _ in terms))
    powers = {each: min(dict(monomial)[each] for monomial, _ in terms) for each in common}
    return tuple(
        (
            tuple(
                (each, exponent - powers.get(each, 0))
                for each, exponent in monomial
                if exponent > powers.get(each, 0)
            ),
            number,
        )
        for monomial, number in terms
    )


def _number(monomial: Monomial) -> tuple[int, str]:
    """Where a symbol came in: the length and text of its name."""
    text = str(symbol(monomial[0][0])) if monomial else ""
    return len(text), text
