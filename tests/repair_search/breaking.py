"""Sound sequence specs with one thing broken at random, as text that a user could have written."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import yaml
from hypothesis import strategies as st

Entry = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

_WIDTHS = st.sampled_from((4, 6, 8))


@dataclass
class Model:
    """A sound model: its entries, and what flows out of the last of them."""

    entries: list[Entry] = field(default_factory=list)
    steps: int = 0
    width: int = 0

    def add(self, **entry: Any) -> str:
        """One entry more; its name."""
        name = f"e{len(self.entries)}"
        self.entries.append({"name": name, **entry})
        return name


def sound(draw: Draw) -> list[Entry]:
    """A model of sequences with one to three parts, each of a kind that users build, and a head."""
    model = Model(steps=draw(st.sampled_from((9, 12, 16))), width=draw(_WIDTHS))
    if draw(st.booleans()):
        model.add(type="Input", shape=[model.steps], dtype="int32")
        model.add(type="Embedding", input_dim=50, output_dim=model.width)
    else:
        model.add(type="Input", shape=[model.steps, model.width])
    for part in draw(st.lists(st.sampled_from(PARTS), min_size=1, max_size=3)):
        part(draw, model)
    draw(st.sampled_from(HEADS))(draw, model)
    return model.entries


def _recurrent(draw: Draw, model: Model) -> None:
    model.width = draw(_WIDTHS)
    kind = draw(st.sampled_from(("GRU", "LSTM", "SimpleRNN")))
    layer = {"type": kind, "units": model.width, "return_sequences": True}
    if draw(st.booleans()):
        model.add(type="Bidirectional", layer=layer)
        model.width *= 2
    else:
        model.add(**layer)


def _convolved(draw: Draw, model: Model) -> None:
    model.width = draw(_WIDTHS)
    model.add(type="Conv1D", filters=model.width, kernel_size=3, padding="same")
    if model.steps > 8 and draw(st.booleans()):
        model.steps //= 2
        model.add(type="MaxPooling1D", pool_size=2)


def _residual(draw: Draw, model: Model) -> None:
    before = model.entries[-1]["name"]
    if draw(st.booleans()):
        branch = model.add(type="Conv1D", filters=model.width, kernel_size=3, padding="same")
    else:
        branch = model.add(type="GRU", units=model.width, return_sequences=True)
    model.add(type="Add", inputs=[before, branch])


def _joined(draw: Draw, model: Model) -> None:
    before = model.entries[-1]["name"]
    one = model.add(type="Conv1D", filters=model.width, kernel_size=3, padding="same", inputs=before)
    other = model.add(type="Conv1D", filters=draw(_WIDTHS), kernel_size=5, padding="same", inputs=before)
    model.width += model.entries[-1]["filters"]
    model.add(type="Concatenate", inputs=[one, other])


def _attended(draw: Draw, model: Model) -> None:
    before = model.entries[-1]["name"]
    heads = model.add(
        type="MultiHeadAttention", num_heads=2, key_dim=4, inputs={"query": before, "value": before}
    )
    model.add(type="Add", inputs=[before, heads])
    model.add(type="LayerNormalization")


def _encoded(draw: Draw, model: Model) -> None:
    before, units = model.entries[-1]["name"], draw(_WIDTHS)
    if draw(st.booleans()):
        encoder = model.add(type="GRU", units=units, return_state=True)
        states: Any = f"{encoder}.state"
    else:
        encoder = model.add(type="LSTM", units=units, return_state=True)
        states = [f"{encoder}.state_h", f"{encoder}.state_c"]
    model.add(
        type=model.entries[-1]["type"],
        units=units,
        return_sequences=True,
        inputs={"sequences": before, "initial_state": states},
    )
    model.width = units


def _stacked(draw: Draw, model: Model) -> None:
    inner = [
        {"name": "steps", "type": "GRU", "units": model.width, "return_sequences": True},
        {"name": "sum", "type": "Add", "inputs": ["input", "steps"]},
        {"name": "norm", "type": "LayerNormalization"},
    ]
    model.add(repeat=draw(st.integers(1, 3)), layers=inner)


PARTS = (_recurrent, _convolved, _residual, _joined, _attended, _encoded, _stacked)


def _label(draw: Draw, model: Model) -> None:
    model.add(type="GRU", units=draw(_WIDTHS))
    model.add(type="Dense", units=3, expect={"shape": ["batch", 3]})


def _flattened(draw: Draw, model: Model) -> None:
    model.add(type="Flatten")
    model.add(type="Dense", units=draw(_WIDTHS))
    model.add(type="Dense", units=3, expect={"shape": ["batch", 3]})


def _tags(draw: Draw, model: Model) -> None:
    model.add(type="Dense", units=5, expect={"shape": ["batch", model.steps, 5]})


def _decoded(draw: Draw, model: Model) -> None:
    model.add(type="GRU", units=draw(_WIDTHS))
    model.add(type="RepeatVector", n=model.steps)
    model.add(type="LSTM", units=draw(_WIDTHS), return_sequences=True)
    model.add(type="Reshape", target_shape=[model.steps * model.entries[-1]["units"]])
    model.add(type="Dense", units=2, expect={"shape": ["batch", 2]})


HEADS = (_label, _flattened, _tags, _decoded)


# What goes wrong: each gives broken entries for the entry at a place, where that can be.


def _owner(entry: Entry) -> Entry:
    """The mapping that has the arguments of the layer that works: of a block that of its first entry."""
    if "layers" in entry:
        entry = entry["layers"][0]
    return entry.get("layer", entry)


def _turned(entries: list[Entry], at: int) -> None:
    layer = _owner(entries[at])
    if layer["type"] in ("GRU", "LSTM", "SimpleRNN") and not layer.pop("return_sequences", False):
        layer["return_sequences"] = True


def _stateless(entries: list[Entry], at: int) -> None:
    entries[at].pop("return_state", None)


def _outputless(entries: list[Entry], at: int) -> None:
    inputs = entries[at].get("inputs")
    if isinstance(inputs, dict) and "initial_state" in inputs:
        first = inputs["initial_state"]
        inputs["initial_state"] = (first if isinstance(first, str) else first[0]).partition(".")[0]


def _resized(entries: list[Entry], at: int) -> None:
    layer = _owner(entries[at])
    for name in ("units", "filters", "output_dim"):
        if name in layer:
            layer[name] += 1


def _reshaped(entries: list[Entry], at: int) -> None:
    if "target_shape" in entries[at]:
        entries[at]["target_shape"] = [entries[at]["target_shape"][0] - 1]


def _axis_lost(entries: list[Entry], at: int) -> None:
    if entries[at].get("type") == "Input" and len(entries[at]["shape"]) > 1:
        entries[at]["shape"].pop()


def _swapped(entries: list[Entry], at: int) -> None:
    inputs = entries[at].get("inputs")
    if isinstance(inputs, list):
        inputs[0] = entries[0]["name"]


def _removed(entries: list[Entry], at: int) -> None:
    if entries[at].get("type") in ("Flatten", "RepeatVector", "Reshape"):
        del entries[at]


def _unpadded(entries: list[Entry], at: int) -> None:
    entries[at].pop("padding", None)


def _strided(entries: list[Entry], at: int) -> None:
    if entries[at].get("type") == "Conv1D":
        entries[at]["strides"] = 2


BREAKS = (
    _turned,
    _stateless,
    _outputless,
    _resized,
    _reshaped,
    _axis_lost,
    _swapped,
    _removed,
    _unpadded,
    _strided,
)


def breaks(entries: list[Entry]) -> Iterator[list[Entry]]:
    """The entries with one thing changed, in each way and at each place where that changes anything."""
    for change in BREAKS:
        for at in range(len(entries)):
            changed = deepcopy(entries)
            change(changed, at)
            if changed != entries:
                yield changed


def written(draw: Draw, entries: list[Entry]) -> str:
    """The entries as YAML, in braces or in blocks, with comments."""
    if draw(st.booleans()):
        rows = [f"  - {_flow(entry)}  # {entry['name']}" for entry in entries]
        return "\n".join(("# a model", "layers:", *rows, ""))
    dumped = yaml.safe_dump(
        {"layers": entries}, sort_keys=False, default_flow_style=draw(st.sampled_from((False, None)))
    )
    return f"# a model\n{dumped}"


def _flow(entry: Entry) -> str:
    return yaml.safe_dump(entry, sort_keys=False, default_flow_style=True, width=10_000).strip()
