"""Short ways from a text to a model in another form, and from there to Keras."""

import json
from collections import Counter
from typing import Any

import keras

from seqshape.convert import Options, target
from seqshape.engine import Engine
from seqshape.judged import judged
from seqshape.pipeline import Report
from seqshape.report import Row


def converted(text: str, name: str, engine: Engine, *, rename: bool = False) -> str:
    found = judged("model.yaml", text.encode(), engine=engine, trace=False)
    assert found.subject is not None, [item.message for item in found.report.diagnostics]
    return target(name).write(found.subject, Options(rename=rename)).text


def report_of(text: str, engine: Engine) -> Report:
    return judged("model.yaml", text.encode(), engine=engine, trace=False).report


def loaded(text: str) -> keras.Model:
    """The model of Keras's JSON; no weight is allocated, but where Keras needs a value."""
    if '"stateful": true' in text:
        return keras.models.model_from_json(text)
    with keras.StatelessScope(initialize_variables=False):
        return keras.models.model_from_json(text)


def run(program: str) -> keras.Model:
    """The model of a program, in names as a fresh process gives them."""
    keras.backend.clear_session(free_memory=False)
    names: dict[str, Any] = {"__name__": "program"}
    code = compile(program, "program.py", "exec")
    if "stateful=True" in program:
        exec(code, names)
    else:
        with keras.StatelessScope(initialize_variables=False):
            exec(code, names)
    model = names["model"]
    assert isinstance(model, keras.Model)
    return model


def outline(text: str) -> list[object]:
    """What Keras's JSON says but for arguments: each layer with its calls, the inputs and the outputs.

    Models in models are said with theirs. All shapes stand in the calls.
    """

    def told(model: Any) -> list[object]:
        layers = [
            [
                layer["class_name"],
                layer["config"]["name"],
                layer.get("inbound_nodes"),
                told(layer["config"]),
            ]
            for layer in model.get("layers", [])
        ]
        return [layers, model.get("input_layers"), model.get("output_layers")]

    return told(json.loads(text)["config"])


def layers_of(model: keras.Model) -> dict[str, keras.Layer]:
    """All layers but those where data comes in, by path; those of a nested model have its path before them."""
    found: dict[str, keras.Layer] = {}
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        if isinstance(layer, keras.Model):
            found.update({f"{layer.name}_{name}": inner for name, inner in layers_of(layer).items()})
        else:
            found[layer.name] = layer
    return found


def facts(kind: str, layer: Any) -> tuple[object, ...]:
    trainable = sum(_elements(weight) for weight in layer.trainable_weights)
    tensors = keras.tree.flatten(layer._inbound_nodes[0].output_tensors)
    shapes = tuple((tuple(tensor.shape), str(tensor.dtype)) for tensor in tensors)
    return kind, sum(map(_elements, layer.weights)), trainable, shapes


def _elements(weight: Any) -> int:
    product = 1
    for axis in weight.shape:
        product *= axis
    return product


def row_facts(row: Row) -> tuple[object, ...]:
    shapes = tuple((output.tensor.shape, output.tensor.dtype) for output in row.outputs)
    return row.type.split(">")[-1], row.params, row.trainable_params, shapes


def compare(report: Report, model: keras.Model) -> None:
    """Each row that makes a layer is a layer of the model, of the same name unless Keras numbers it."""
    rows = [row for row in report.rows if row.shares is None and row.type not in ("Input", "InputLayer")]
    layers = layers_of(model)
    for row in report.rows:
        if row.shares is not None:  # a wrapper of another's layer is a layer, and counts nothing
            layers.pop(row.path, None)
    unnamed: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        if row.type.startswith("ops."):
            continue
        layer = layers.pop(row.path.replace(".", "_"), None)
        if layer is None:
            unnamed[row_facts(row)] += 1
        else:
            assert facts(type(layer).__name__, layer) == row_facts(row), row.path
    assert Counter(facts(type(layer).__name__, layer) for layer in layers.values()) == unnamed
    repeated = [
        row
        for row in rows
        if row.block is not None and any(part[-1:].isdigit() for part in row.block.split("."))
    ]
    assert sum(unnamed.values()) <= len(repeated)
    assert sum(_elements(weight) for weight in model.weights) == report.totals.params
    assert sum(_elements(weight) for weight in model.trainable_weights) == report.totals.trainable_params
