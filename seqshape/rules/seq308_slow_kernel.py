"""A recurrent layer's settings rule out the fast kernel of GPUs.

On a GPU, Keras runs an LSTM or GRU with cuDNN's own kernel, many times faster, where `activation` is tanh,
`recurrent_activation` sigmoid, `recurrent_dropout` 0, `unroll` false, `use_bias` true and, for a GRU,
`reset_after` true: its defaults. (Keras's documentation of the two layers has the list.)

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, recurrent_dropout: 0.2}  # SEQ308: recurrent_dropout: 0.2

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, dropout: 0.2}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.rules.interface import Finding, ModelRule, Words
from seqshape.tree import Json
from seqshape.wording import listed

_NEEDED: dict[str, Json] = {
    "activation": "tanh",
    "recurrent_activation": "sigmoid",
    "recurrent_dropout": 0,
    "unroll": False,
    "use_bias": True,
}
_LAYERS: dict[str, dict[str, Json]] = {"LSTM": _NEEDED, "GRU": {**_NEEDED, "reset_after": True}}


def finds(model: Model) -> Iterator[Finding]:
    """Recurrent layers, alone or in a wrapper, with a setting that the kernel does not take."""
    for number, row in model.sound():
        if row.shares is None:
            for type_, arguments, path in _layers(row.type, model.arguments(number), ()):
                against = [
                    name
                    for name, value in _LAYERS[type_].items()
                    if name in arguments
                    and arguments[name] != value
                    and not isinstance(arguments[name], dict)
                ]
                if against:
                    said = listed((f"{name}: {_written(arguments[name])}" for name in against), "and")
                    yield Finding(
                        number,
                        Words(
                            f"{type_} cannot use cuDNN's fast kernel on a GPU: {said}",
                            help=f"the kernel needs {_needs(type_, against)}",
                            place=model.place(number, *path, against[0]),
                        ),
                    )


def _layers(
    type_: str, arguments: dict[str, Json], path: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Json], tuple[str, ...]]]:
    """The LSTMs and GRUs in an entry, with where they stand."""
    if type_ in _LAYERS and arguments.get("use_cudnn", "auto") is not False:
        yield type_, arguments, path
    for name in ("layer", "backward_layer"):
        inner = arguments.get(name)
        if isinstance(inner, dict):
            yield from _layers(str(inner.get("type")), inner, (*path, name))


def _needs(type_: str, names: list[str]) -> str:
    return listed((f"{name}: {_written(_LAYERS[type_][name])}" for name in names), "and")


def _written(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


RULE = ModelRule("SEQ308", "note", finds)
