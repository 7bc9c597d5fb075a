"""A layer has not learned from data what it needs, and is not given it either.

Keras builds a StringLookup without its vocabulary, and the shapes are right; when data comes it refuses
them. A Normalization without mean and variance leaves data as they are. In Python `adapt` learns both from
data; in a spec they can be given. Of a model that Keras saved nothing is said: what was learned lies
beside its configuration.

Bad:

    layers:
      - {name: words, type: Input, shape: [12], dtype: string}
      - {name: numbers, type: StringLookup}  # SEQ312: no `vocabulary`

Good:

    layers:
      - {name: words, type: Input, shape: [12], dtype: string}
      - {name: numbers, type: StringLookup, vocabulary: [red, green, blue]}
"""

from collections.abc import Iterator

from seqshape.engine.sample_values import SETTLED
from seqshape.model import Model
from seqshape.rules.interface import Finding, ModelRule, Words
from seqshape.wording import listed

_MEANWHILE = {
    ("vocabulary",): "it is built, and refuses all data until it has one",
    ("mean", "variance"): "data come out as they went in until it has them",
}


def finds(model: Model) -> Iterator[Finding]:
    """Layers that take what `adapt` would learn, and have none of it; a shared one at its first call."""
    if model.saved:
        return
    settled = {type_: _settled(model, type_) for type_ in {row.type for _, row in model.sound()}}
    for number, row in model.sound([type_ for type_, names in settled.items() if names]):
        if row.shares is not None:
            continue
        given = model.arguments(number)
        for names in settled[row.type]:
            if all(given.get(name) is None for name in names):
                meanwhile = _MEANWHILE.get(names, "it is of no use")
                yield Finding(
                    number,
                    Words(
                        f"`{row.title}` has no {listed(names, 'and')}: {meanwhile}",
                        help=f"give it {listed(names, 'and')}, or call `adapt` on the layer in Python",
                    ),
                )


def _settled(model: Model, type_: str) -> list[tuple[str, ...]]:
    """What `adapt` would learn for a layer of a type, and the layer takes."""
    found = model.catalogue.find(type_, None)
    if found is None or type_.startswith("ops."):
        return []
    return [names for names in SETTLED if all(map(found.constructor.takes, names))]


RULE = ModelRule("SEQ312", "note", finds)
