"""A size in a Reshape is no whole number, and counts as unknown.

Keras does not look at what stands in `target_shape`: a text, as of a dim that nobody declared, or a number with a
fraction is taken for a size that is worked out, as -1 is. The axis is unknown to every layer behind it.

Bad:

    layers:
      - {name: x, type: Input, shape: [24]}
      - {name: steps, type: Reshape, target_shape: [T, 4]}  # SEQ313: `T`

Good:

    dims: {T: 6}
    layers:
      - {name: x, type: Input, shape: [24]}
      - {name: steps, type: Reshape, target_shape: [T, 4]}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.rules.interface import Finding, ModelRule, Words
from seqshape.rules.reshaping import advice, told, unread_sizes, why
from seqshape.tree import Json

_TARGET = "target_shape"


def finds(model: Model) -> Iterator[Finding]:
    """Reshapes, alone or in a wrapper, with such a size; a shared one at its first call."""
    for number, row in model.sound():
        if row.shares is None:
            for target, path in _targets(row.type, model.arguments(number), ()):
                for said, help_ in _said(target):
                    yield Finding(
                        number, Words(said, help=help_, place=model.place(number, *path, _TARGET))
                    )


def _said(target: Json) -> Iterator[tuple[str, str]]:
    """What is wrong with a `target_shape`, and what to do."""
    for item in unread_sizes(target):
        if isinstance(target, list):
            said = f"Reshape takes `{told(item)}` in `{_TARGET}` for an unknown size: {why(item)}"
            yield said, advice(item)
        else:
            said = f"Reshape takes each part of `{_TARGET}: {told(target)}` for an unknown size"
            yield said, f"`{_TARGET}` is a list of sizes"


def _targets(
    type_: str, arguments: dict[str, Json], path: tuple[str, ...]
) -> Iterator[tuple[Json, tuple[str, ...]]]:
    """What Reshapes in an entry are to give, with where they stand."""
    if type_ == "Reshape" and _TARGET in arguments:
        yield arguments[_TARGET], path
    for name, inner in arguments.items():
        if isinstance(inner, dict) and isinstance(inner.get("type"), str):
            yield from _targets(str(inner["type"]), inner, (*path, name))


RULE = ModelRule("SEQ313", "warning", finds)
